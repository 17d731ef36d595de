"""Reports of unlawful content: each gets a receipt, is decided once, and a complaint opens it again at most once."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entrepot.care import commands, queries
from entrepot.care.errors import ComplaintDecided, ContestClosed, NothingToContest, ReportDecided
from entrepot.care.models import Report, Restriction, Review
from entrepot.care.policy import add_months
from entrepot.catalog.commands import VariantDraft
from entrepot.catalog.queries import identical_products, products_by_id
from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid, NotAllowed, NotFound, Refusal
from entrepot.kit.ids import new_id
from entrepot.offers.queries import offers_for_products
from entrepot.orders.commands import send_notices
from entrepot.orders.models import Notice, Purchase
from entrepot.parties.models import User
from entrepot.parties.queries import sellers_by_id
from tests import make
from tests.care.test_reviews import WHAT, delivered

pytestmark = pytest.mark.django_db
SAID: dict[str, Any] = {
    "ground": "counterfeit",
    "place": "/es-es/p/thing",
    "text": "It is a copy of our mug",
    "name": "Ana Prueba",
    "email": "ana@example.es",
    "is_good_faith": True,
    "market": "ES",
    "language": "es",
}
LAW: dict[str, Any] = {
    "basis": "law",
    "clause": "Ley 17/2001 de Marcas, art. 34",
    "reasons": "The mark is not theirs",
}


@pytest.fixture
def goods() -> tuple[UUID, UUID]:
    make.open_market("ES")
    seller_id = make.seller()
    return seller_id, make.product(seller_id)


@pytest.fixture
def world(goods: tuple[UUID, UUID]) -> tuple[UUID, UUID, Context, Context]:
    return *goods, make.staff(goods[0]), make.operator("compliance")


def is_on_sale(product_id: UUID) -> bool:
    return bool(offers_for_products("ES", [product_id]))


def letters() -> list[Any]:
    """What has been written since the last look."""
    mail.outbox.clear()
    send_notices(make.system(at=make.NOW + timedelta(days=400)))
    return list(mail.outbox)


VERBS = ("block", "suspend", "leave", "contest", "contest_restriction", "uphold", "keep", "lift")


@given(st.lists(st.sampled_from(VERBS), max_size=9))
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_done_a_report_has_its_receipt_one_decision_and_one_complaint(
    world: tuple[UUID, UUID, Context, Context], verbs: list[str]
) -> None:
    seller_id, product_id, owner, desk = world
    with transaction.atomic():
        system = make.system()
        made = commands.report_content(make.visitor(), product_id=product_id, **SAID)
        opened, decided = 1, 0
        for verb in verbs:
            held = [each for each in queries.restrictions_of(desk) if not each.lifted_at]
            try:
                with transaction.atomic():
                    if verb in ("block", "suspend", "leave"):
                        measure = {
                            "block": "product_blocked",
                            "suspend": "seller_suspended",
                            "leave": "none",
                        }[verb]
                        commands.decide_report(desk, report_id=made.id, measure=measure, **LAW)
                        decided += 1
                    elif verb == "contest":
                        commands.contest_report(make.visitor(), token=made.token, text="Look at it once more")
                    elif verb == "contest_restriction" and held:
                        commands.contest_restriction(
                            owner, restriction_id=held[0].id, text="It is our own mark"
                        )
                    elif verb in ("uphold", "keep"):
                        for waiting, about in queries.complaints_waiting(desk):
                            commands.decide_complaint(desk, complaint_id=waiting.id, is_upheld=verb == "uphold", answer="So we see it now")  # fmt: skip
                            opened += verb == "uphold" and isinstance(about, queries.ReportView)
                            with pytest.raises(ComplaintDecided):
                                commands.decide_complaint(desk, complaint_id=waiting.id, is_upheld=True, answer="x" * 10)  # fmt: skip
                    elif verb == "lift" and held:
                        commands.lift_restriction(
                            desk, restriction_id=held[0].id, reason="It was our mistake"
                        )
            except (ReportDecided, NothingToContest):
                continue
        report = Report.objects.of(system).get()
        held = [each for each in queries.restrictions_of(desk) if not each.lifted_at]
        written = list(Notice.objects.filter(to="ana@example.es").values_list("subject", flat=True))
        assert sum("recibido su denuncia" in each or "received your report" in each for each in written) == 1
        assert opened <= 2
        assert decided <= opened
        assert (report.decided_at is None) == (decided < opened)
        # What is restricted is restricted, and nothing else is; no two statements say the same.
        assert is_on_sale(product_id) == ("product_blocked" not in {each.measure for each in held})
        is_suspended = sellers_by_id([seller_id])[seller_id].state == "suspended"
        assert is_suspended == ("seller_suspended" in {each.measure for each in held})
        assert len({each.measure for each in held}) == len(held)
        assert all(each.clause and each.reasons for each in held)
        transaction.set_rollback(True)


def test_from_the_form_to_the_complaint_of_the_seller(goods: tuple[UUID, UUID]) -> None:
    """A visitor reports, reads the receipt, a person decides, the shop reads why, complains, and sells again."""
    seller_id, product_id = goods
    view = products_by_id([product_id])[product_id]
    shopper, console, shop = (Client(headers={"accept-language": "en"}) for _ in range(3))
    owner = make.staff(seller_id)
    console.force_login(User.objects.get(pk=make.operator("compliance").actor.user_id))
    shop.force_login(User.objects.get(pk=owner.actor.user_id))
    page, form = f"/es-en/p/{view.address}", f"/es-en/p/{view.address}/report"
    assert form in shopper.get(page).content.decode()
    assert shopper.get(form).status_code == 200
    sent = {"ground": "counterfeit", "text": "It is a copy", "name": "Ana", "email": "ana@example.es"}
    assert shopper.post(form, sent).status_code == 422  # not said in good faith
    answer = shopper.post(form, sent | {"good_faith": "yes", "where": "picture 2"})
    assert answer.status_code == 303
    mine = answer["Location"]
    assert page in shopper.get(mine).content.decode()
    (receipt,) = letters()
    assert (receipt.to, mine in receipt.body) == (["ana@example.es"], True)
    assert "It is a copy" not in receipt.body  # nobody sends strangers words of their own through us
    report = queries.reports_of(make.system())[0]
    assert "picture 2" in report.place
    queue = console.get("/console/reports/").content.decode()
    assert "It is a copy" in queue
    verdict = {"measure": "product_blocked"} | LAW
    assert console.post(f"/console/reports/{report.id}/decide", verdict).status_code == 303
    assert console.post(f"/console/reports/{report.id}/decide", verdict).status_code == 409
    assert not is_on_sale(product_id)
    told = {each.to[0]: each.body for each in letters()}
    assert set(told) == {"ana@example.es", User.objects.get(pk=owner.actor.user_id).email}
    statement = told.pop("ana@example.es") and next(iter(told.values()))
    for part in (LAW["reasons"], LAW["clause"], "no automated means", "/seller/decisions", "court"):
        assert part in statement
    assert "Ana" not in statement  # who reported stays unnamed
    mine_now = shop.get("/seller/decisions").content.decode()
    assert LAW["clause"] in mine_now
    wanted = re.search(r'name="restriction" value="([0-9a-f-]+)"', mine_now)
    assert wanted
    contest = {"restriction": wanted[1], "text": "The mark is ours, see the register"}
    assert shop.post("/seller/decisions", contest).status_code == 302
    ((complaint, _),) = queries.complaints_waiting(make.system())
    sent = {"do": "uphold", "answer": "The register says so, indeed"}
    assert console.post(f"/console/complaints/{complaint.id}/decide", sent).status_code == 303
    assert is_on_sale(product_id)
    page_of_mine = shopper.get(mine).content.decode()
    assert LAW["reasons"] in page_of_mine
    assert shopper.post(mine, {"text": "It is a copy all the same"}).status_code == 303
    assert shopper.post(mine, {"text": "It is a copy all the same"}).status_code == 422
    ((again, about),) = queries.complaints_waiting(make.system())
    assert about.id == report.id
    assert console.get("/console/reports/").content.decode().count(str(again.id)) >= 1


def test_a_review_is_reported_hidden_and_its_author_told(goods: tuple[UUID, UUID]) -> None:
    seller_id, product_id = goods
    eva, desk = make.buyer(), make.operator("compliance")
    review_id = commands.write_review(eva, order_id=delivered(eva, product_id, seller_id), **WHAT)
    commands.write_review(eva, order_id=delivered(eva, product_id, seller_id), **WHAT)
    nameless = SAID | {"ground": "child_abuse", "name": "", "email": ""}
    Purchase.objects.update(email="eva@example.es")
    made = commands.report_content(make.visitor(), product_id=product_id, review_id=review_id, **nameless)
    assert letters() == []  # nobody to write to
    with pytest.raises(Invalid):
        commands.decide_report(desk, report_id=made.id, measure="product_blocked", **LAW)
    commands.decide_report(desk, report_id=made.id, measure="review_hidden", **LAW)
    assert len(queries.reviews_of_product(product_id).reviews) == 1
    with pytest.raises(NotFound):  # it is not there any more
        commands.report_content(make.visitor(), product_id=product_id, review_id=review_id, **SAID)
    (statement,) = letters()
    (mine,) = queries.restrictions_of(eva)
    assert f"/decisions/{mine.token}" in statement.body
    assert queries.restrictions_of(make.buyer()) == queries.restrictions_of(make.staff(seller_id)) == []
    commands.show_review(desk, review_id=review_id)
    assert queries.restrictions_of(eva)[0].lifted_at is not None
    other = Review.objects.exclude(pk=review_id).get()
    commands.hide_review(desk, review_id=other.id, reason="Names a person")  # found by ourselves
    assert {each.report_id for each in queries.restrictions_of(eva)} == {None, made.id}


def test_a_suspension_states_its_reasons_and_approval_lifts_it() -> None:
    from entrepot.parties.commands import approve_seller, suspend_seller

    seller_id, desk = make.seller(), make.operator("compliance")
    suspend_seller(desk, seller_id=seller_id, reason="No papers")
    make.relay()
    (one,) = queries.restrictions_of(make.staff(seller_id))
    assert (one.measure, one.reasons, one.lifted_at) == ("seller_suspended", "No papers", None)
    assert any("No papers" in each.body for each in letters())
    approve_seller(desk, seller_id=seller_id)
    make.relay()
    assert queries.restrictions_of(make.staff(seller_id))[0].lifted_at is not None


def test_clocks_follow_the_ground_and_complaints_end_after_six_months(goods: tuple[UUID, UUID]) -> None:
    _, product_id = goods
    desk, product = make.operator("compliance"), {"product_id": product_id}
    days = {}
    for ground in ("unsafe", "other"):
        commands.report_content(make.visitor(), **product, **SAID | {"ground": ground})
    order = {"authority": "Consumo", "email": "", "reference": "A 1/26", "text": "Take it off sale", "market": "ES", "language": "es"}  # fmt: skip
    made = commands.enter_order(desk, **product, **order)
    days = {
        each.kind + each.ground: (each.due_on - make.NOW.date()).days for each in queries.reports_of(desk)
    }
    # Friday: two, three and seven working days.
    assert days == {"authorityprohibited": 4, "contentunsafe": 5, "contentother": 11}
    commands.decide_report(desk, report_id=made.id, measure="product_blocked", **LAW)
    (held,) = queries.restrictions_of(desk)
    late = make.visitor(at=make.NOW + timedelta(days=182))
    with pytest.raises(ContestClosed):
        commands.contest_restriction(late, token=held.token, text="Too late it is")
    assert queries.restriction_by_token(late, held.token).contest_until is None
    last = make.visitor(at=make.NOW + timedelta(days=181))
    commands.contest_restriction(last, token=held.token, text="On the last day")


def test_an_order_reaches_identical_products_of_other_sellers() -> None:
    make.open_market("ES")
    desk, ids = make.operator("compliance"), []
    for code in ("8412345678905", "8412345678905", ""):
        variant = VariantDraft(sku=f"S{len(ids)}", gtin=code, weight_g=400)
        ids.append(make.product(make.seller(), variants=(variant,)))
    mine, same, other = ids
    assert identical_products(ids) == {mine: [same], same: [mine], other: []}
    made = commands.report_content(make.visitor(), product_id=mine, **SAID)
    with pytest.raises(Invalid):
        commands.decide_report(desk, report_id=made.id, measure="product_blocked", also=[other], **LAW)
    commands.decide_report(desk, report_id=made.id, measure="product_blocked", also=[same], **LAW)
    assert [is_on_sale(each) for each in ids] == [False, False, True]
    assert {each.product_id for each in queries.restrictions_of(desk)} == {mine, same}


@given(st.dates(), st.integers(0, 40))
def test_months_end_where_the_calendar_says(day: Any, months: int) -> None:
    if day.year < 9990:
        then = add_months(day, months)
        assert (then.year * 12 + then.month) - (day.year * 12 + day.month) == months
        assert then.day == day.day or (then + timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"ground": "boredom"},
        {"text": "short"},
        {"text": "x" * 4001},
        {"place": "x" * 301},
        {"name": ""},
        {"name": "x" * 201},
        {"email": ""},
        {"email": "ana@@example.es"},
        {"email": "ana@example.es\nBcc: all@example.es"},
        {"is_good_faith": False},
        {"product_id": new_id()},
        {"review_id": new_id()},
    ],
)
def test_what_is_no_report_is_refused_and_leaves_nothing(
    goods: tuple[UUID, UUID], wrong: dict[str, Any]
) -> None:
    with pytest.raises((Invalid, NotFound)):
        commands.report_content(make.visitor(), **{"product_id": goods[1]} | SAID | wrong)
    assert not Report.objects.of(make.system()).exists()
    assert not Notice.objects.exists()


def test_who_may_decide_and_whose_decision_it_is(goods: tuple[UUID, UUID]) -> None:
    seller_id, product_id = goods
    made = commands.report_content(make.buyer(), product_id=product_id, **SAID)
    for ctx in (make.visitor(), make.buyer(), make.staff(seller_id), make.operator("support")):
        with pytest.raises(NotAllowed):
            commands.decide_report(ctx, report_id=made.id, measure="none", reasons="Nothing wrong here")
        assert [each for each in queries.reports_of(ctx) if ctx.actor.kind != "operator"] == []
        assert queries.complaints_waiting(ctx) == []
    desk = make.operator("compliance")
    with pytest.raises(Invalid):  # a restriction names its ground
        commands.decide_report(
            desk, report_id=made.id, measure="product_blocked", reasons="It is a copy of it"
        )
    assert is_on_sale(product_id)
    commands.decide_report(desk, report_id=made.id, measure="product_blocked", **LAW)
    (held,) = queries.restrictions_of(make.staff(seller_id))
    for ctx in (make.staff(make.seller()), make.buyer(), make.visitor()):
        with pytest.raises(Refusal):
            commands.contest_restriction(ctx, restriction_id=held.id, text="It is not mine at all")
    assert Restriction.objects.of(make.system()).count() == 1
