"""Disputes: the buyer asks, the seller answers in time, the house decides; the money waits and every cent has its place."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from PIL import Image

from entrepot.care import commands
from entrepot.care.errors import DisputeOpen, DisputeStep, NothingToDispute
from entrepot.care.models import Dispute, DisputePhoto
from entrepot.care.queries import dispute_photo, disputes_of, disputes_of_order
from entrepot.catalog.errors import PictureRefused
from entrepot.kit import clock as house_clock
from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid, NotAllowed, NotFound
from entrepot.ledger.queries import AccountRef, balance_of, unbalanced_transfers
from entrepot.orders.commands import send_notices
from entrepot.orders.models import Order
from entrepot.orders.queries import timeline
from entrepot.parties.queries import operators_with, staff_of_seller
from entrepot.settlement.commands.release import release_order
from entrepot.settlement.queries import ledger_faults
from tests import make
from tests.orders.conftest import clock, spain  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("spain")]


class Case:
    """A paid order of one seller, and everybody concerned."""

    def __init__(self) -> None:
        self.seller_id = make.seller()
        offer = make.offer(seller_id=self.seller_id, price_minor=4000)
        self.buyer = make.buyer()
        answer = make.paid(self.buyer, {offer.id: 1})
        self.order = Order.objects.get(id=answer.orders[0].order_id)
        self.staff = make.staff(self.seller_id)
        self.desk = make.operator("support")

    def open(self, minor: int = 3000, **other: Any) -> Any:
        said: dict[str, Any] = {"reason": "defective", "text": "It broke", "asked_minor": minor} | other
        return commands.open_dispute(self.buyer, order_id=self.order.id, **said)

    def complete(self) -> str:
        return release_order(make.system(at=house_clock.now()), order_id=self.order.id).state

    def held(self) -> int:
        """What escrow holds for the order; all of it is frozen while a dispute is open."""
        free, frozen = (
            balance_of(AccountRef(kind, f"order:{self.order.id}", "EUR"))
            for kind in ("escrow", "escrow_frozen")
        )
        assert not (free and frozen)
        return free + frozen

    def state(self) -> str:
        return str(Dispute.objects.of(make.system(at=house_clock.now())).get().state)


@pytest.fixture
def case() -> Case:
    return Case()


def whole(case: Case) -> None:
    make.relay()
    assert unbalanced_transfers() == []
    assert ledger_faults(make.system(at=house_clock.now())) == []


def test_the_seller_accepts_and_the_rest_goes_its_way(case: Case) -> None:
    number, total = case.open(), case.held()
    assert case.complete() == "frozen"
    assert case.held() == total
    state = commands.answer_dispute(case.staff, dispute_id=number, verb="accept", text="Sorry")
    assert state == "settled"
    assert case.held() == 0  # 30.00 promised back, the rest released: the order had completed
    assert balance_of(AccountRef("refund_due", f"payment:{case.order.payment_id}", "EUR")) == 3000
    whole(case)
    (view,) = disputes_of_order(case.buyer, case.order.id)
    assert [(note.actor_kind, note.verb, note.text) for note in view.notes] == [
        ("buyer", "opened", "It broke"),
        ("seller", "accept", "Sorry"),
    ]
    steps = [step.kind for step in timeline(case.buyer, order_id=case.order.id)]
    assert {"dispute_opened", "dispute_accept"} <= set(steps)


def photo(colour: str = "red", **more: Any) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (2000, 1000), colour).save(made, "JPEG", **more)
    return made.getvalue()


def test_photos_are_made_anew_and_seen_by_the_parties_only(case: Case) -> None:
    exif = Image.Exif()
    exif[0x010F] = "the buyer's telephone"
    number = case.open(photos=[photo(exif=exif), photo("blue")])
    commands.answer_dispute(
        case.staff, dispute_id=number, verb="decline", text="Look", photos=[photo("green")]
    )
    (view,) = disputes_of_order(case.buyer, case.order.id)
    mine, theirs = view.notes[0].photos, view.notes[1].photos
    assert (len(mine), len(theirs)) == (2, 1)
    for ctx in (case.buyer, case.staff, case.desk):
        for photo_id in (*mine, *theirs):
            seen = dispute_photo(ctx, photo_id)
            assert b"telephone" not in seen
            assert Image.open(io.BytesIO(seen)).size == (1600, 800)
    for ctx in (make.buyer(), make.visitor(), make.staff(make.seller()), make.operator("finance")):
        with pytest.raises(NotFound):
            dispute_photo(ctx, mine[0])
    assert {
        step.kind: step.detail["photos"]
        for step in timeline(case.buyer, order_id=case.order.id)
        if "photos" in step.detail
    } == {"dispute_opened": "2", "dispute_decline": "1"}
    with pytest.raises(PictureRefused):
        commands.add_evidence(case.buyer, dispute_id=number, text="x", photos=[b"<svg onload=alert(1)>"])
    with pytest.raises(Invalid):
        commands.add_evidence(case.buyer, dispute_id=number, text="x", photos=[photo()] * 5)
    for _ in range(2):
        commands.add_evidence(case.buyer, dispute_id=number, text="x", photos=[photo()] * 4)
    with pytest.raises(Invalid):  # twelve a side
        commands.add_evidence(case.buyer, dispute_id=number, text="x", photos=[photo()] * 3)
    commands.add_evidence(case.staff, dispute_id=number, text="x", photos=[photo()])
    assert DisputePhoto.objects.count() == 12


def test_everybody_a_turn_concerns_reads_of_it(case: Case) -> None:
    """In their own language, with a link of their own; sent after the commit as all mails are."""
    buyer, seller = "ana@example.es", staff_of_seller(case.staff, case.seller_id)[0].email
    desk = operators_with(make.system(), "disputes:write")[0].email

    def told(**later: int) -> dict[str, str]:
        mail.outbox.clear()
        send_notices(make.system(at=house_clock.now() + timedelta(**later)))
        return {each.to[0]: each.body for each in mail.outbox}

    told()
    number = case.open(text="It broke")
    first = told()
    assert set(first) == {buyer, seller}
    assert "/seller/disputes" in first[seller]
    assert "/purchase/" in first[buyer]
    assert "/purchase/" not in first[seller]  # the buyer's page is a secret
    assert all("It broke" in body for body in first.values())
    commands.add_evidence(case.buyer, dispute_id=number, text="Look")
    assert set(told()) == {seller}
    commands.answer_dispute(case.staff, dispute_id=number, verb="offer", text="Half?", offer_minor=1500)
    assert set(told()) == {buyer}
    commands.close_dispute(case.buyer, dispute_id=number, verb="reject")
    assert set(told()) == {seller, desk}
    commands.decide_dispute(case.desk, dispute_id=number, refund_minor=1200, text="Photos show it")
    last = told()
    assert set(last) == {buyer, seller}
    assert "12" in last[buyer]
    case.open()
    told()
    commands.escalate_late_disputes(make.system(at=house_clock.now() + timedelta(hours=73)))
    assert set(told(hours=74)) == {buyer, seller, desk}


def test_an_offer_is_taken(case: Case) -> None:
    number = case.open()
    commands.answer_dispute(case.staff, dispute_id=number, verb="offer", text="Half?", offer_minor=1500)
    with pytest.raises(DisputeStep):
        commands.answer_dispute(case.staff, dispute_id=number, verb="accept", text="again")
    held = case.held()
    assert commands.close_dispute(case.buyer, dispute_id=number, verb="take") == "settled"
    assert case.held() == held - 1500
    whole(case)


@pytest.mark.parametrize(("refund", "left"), [(0, 0), (1200, 1200), (3000, 3000)])
def test_the_house_decides_what_they_did_not_settle(case: Case, refund: int, left: int) -> None:
    number = case.open()
    commands.answer_dispute(case.staff, dispute_id=number, verb="decline", text="It was whole")
    with pytest.raises(NotAllowed):
        commands.decide_dispute(case.staff, dispute_id=number, refund_minor=0, text="no")
    with pytest.raises(Invalid):
        commands.decide_dispute(case.desk, dispute_id=number, refund_minor=3001, text="too much")
    held = case.held()
    assert (
        commands.decide_dispute(case.desk, dispute_id=number, refund_minor=refund, text="Photos show it")
        == "decided"
    )
    with pytest.raises(DisputeStep):
        commands.decide_dispute(case.desk, dispute_id=number, refund_minor=refund, text="again")
    assert held - case.held() == left
    whole(case)


def test_no_answer_in_72_hours_is_the_houses(case: Case) -> None:
    case.open()
    for hours, moved, state in ((71, 0, "open"), (72, 1, "escalated"), (73, 0, "escalated")):
        at = house_clock.now() + timedelta(hours=hours, minutes=1 if hours == 72 else 0)
        assert commands.escalate_late_disputes(make.system(at=at)) == moved
        assert case.state() == state


def test_the_buyer_withdraws_and_the_money_is_released(case: Case) -> None:
    number = case.open()
    assert case.complete() == "frozen"
    commands.close_dispute(case.buyer, dispute_id=number, verb="withdraw", text="It works now")
    assert case.held() == 0
    whole(case)


def test_a_dispute_after_release_is_recovered_from_the_seller(case: Case) -> None:
    assert case.complete() == "released"
    number = case.open()
    commands.answer_dispute(case.staff, dispute_id=number, verb="accept", text="Sorry")
    whole(case)
    assert balance_of(AccountRef("refund_advance", f"order:{case.order.id}", "EUR")) == 0


def test_who_may_what(case: Case) -> None:
    stranger, other = make.buyer(), make.staff(make.seller())
    with pytest.raises(NotFound):
        commands.open_dispute(stranger, order_id=case.order.id, reason="other", text="x", asked_minor=1)
    number = case.open()
    with pytest.raises(DisputeOpen):
        case.open()
    refused: list[tuple[Context, Any, dict[str, Any]]] = [
        (stranger, commands.close_dispute, {"verb": "withdraw"}),
        (stranger, commands.add_evidence, {"text": "x"}),
        (other, commands.answer_dispute, {"verb": "accept", "text": "x"}),
        (other, commands.add_evidence, {"text": "x"}),
    ]
    for ctx, command, more in refused:
        with pytest.raises((NotFound, NotAllowed)):
            command(ctx, dispute_id=number, **more)
    assert disputes_of(other) == []
    assert [one.id for one in disputes_of(case.staff)] == [number]
    assert case.state() == "open"


@pytest.mark.parametrize(
    "wrong",
    [
        {"minor": 0},
        {"minor": -1},
        {"minor": 10**9},
        {"reason": "boredom"},
        {"text": " "},
        {"text": "x" * 4001},
    ],
)
def test_bad_words_and_amounts(case: Case, wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        case.open(**wrong)
    assert not Dispute.objects.of(make.system(at=house_clock.now())).exists()
    assert case.complete() == "released"  # nothing was frozen


def test_an_unpaid_or_old_order_has_nothing_to_dispute(case: Case) -> None:
    Order.objects.filter(id=case.order.id).update(state="cancelled")
    with pytest.raises(NothingToDispute):
        case.open()
    Order.objects.filter(id=case.order.id).update(
        state="delivered", delivered_at=case.buyer.at - timedelta(days=61)
    )
    with pytest.raises(NothingToDispute):
        case.open()
