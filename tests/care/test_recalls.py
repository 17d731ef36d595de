"""Recalls: off sale at once, every buyer written to exactly once however often and wherever the writing stops."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entrepot.care import commands, queries
from entrepot.care.errors import RecallStarted
from entrepot.care.models import Recall, RecallLetter
from entrepot.care.policy import RECALL_SETTLES
from entrepot.catalog.queries import products_by_id
from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid, NotAllowed, NotFound
from entrepot.kit.ids import new_id
from entrepot.offers.commands import OfferDraft, publish_offer
from entrepot.offers.errors import OfferBlocked
from entrepot.offers.queries import offers_for_products
from entrepot.orders.commands import send_notices
from entrepot.orders.models import Notice, Purchase
from entrepot.parties.models import User
from tests import make
from tests.order_rows import order

pytestmark = pytest.mark.django_db
SAID: dict[str, Any] = {
    "kind": "recall",
    "hazard": "cut",
    "details": {
        "es": "El asa se rompe y corta la mano. Deje de usarla; otras tazas que compraron no se retiran.",
        "en": "The handle breaks and cuts the hand.",
    },
    "remedies": ["refund", "replacement"],
    "clause": "Regulation (EU) 2023/988, Art. 35",
    "email": "seguridad@entrepot.example",
    "phone": "+34 900 000 000",
}


@pytest.fixture
def goods() -> tuple[UUID, UUID, Context]:
    make.open_market("ES")
    seller_id = make.seller()
    return seller_id, make.product(seller_id), make.operator("compliance")


def bought(goods: tuple[UUID, UUID, Context], email: str, *, days: int = 3, state: str = "delivered") -> int:
    at = make.NOW - timedelta(days=days)
    row = order(seller_id=goods[0], buyer_id=new_id(), at=at, state=state, product_id=goods[1])
    Purchase.objects.filter(pk=row.purchase_id).update(email=email)
    return row.id


purchases = st.tuples(
    st.sampled_from(["ana@example.es", "Ana@example.es", "eva@example.es", "joan@example.cat", ""]),
    st.integers(0, 400),
    st.sampled_from(["placed", "paid", "delivered", "refunded", "cancelled"]),
)


@given(
    st.lists(purchases, max_size=7),
    st.sampled_from(["recall", "unlawful"]),
    st.none() | st.integers(0, 400),
    st.integers(1, 4),
    purchases,
)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_exactly_those_who_bought_it_are_written_to_once(
    goods: tuple[UUID, UUID, Context], before: list[Any], kind: str, since: int | None, step: int, late: Any
) -> None:
    with transaction.atomic():
        for email, days, state in before:
            bought(goods, email, days=days, state=state)
        first = None if since is None else make.NOW.date() - timedelta(days=since)
        recall_id = commands.start_recall(
            goods[2], product_id=goods[1], **SAID | {"kind": kind, "sold_from": first}
        )
        for _ in range(12):
            commands.write_recall_letters(make.system(), recall_id=recall_id, limit=step)
        assert Recall.objects.get().told_at is None  # orders accepted a moment before may still arrive
        bought(goods, late[0], days=late[1], state=late[2])
        for hours in range(12):
            at = make.NOW + RECALL_SETTLES + timedelta(hours=hours)
            commands.write_recall_letters(make.system(at=at), recall_id=recall_id, limit=step)
        oldest = date(2026, 5, 20) if kind == "unlawful" else first or date.min
        expected = {
            email.lower()
            for email, days, state in [*before, late]
            if email and state != "cancelled" and make.NOW.date() - timedelta(days=days) >= oldest
        }
        written = [
            to.lower() for to in Notice.objects.filter(subject__contains="Cosa").values_list("to", flat=True)
        ]
        assert sorted(written) == sorted(expected)
        assert RecallLetter.objects.count() == len(expected)
        assert Recall.objects.get().told_at is not None
        transaction.set_rollback(True)


def test_from_the_console_to_the_buyers_letter_and_the_public_page(goods: tuple[UUID, UUID, Context]) -> None:
    seller_id, product_id, _ = goods
    bought(goods, "ana@example.es")
    on_its_way = bought(goods, "eva@example.es", state="paid")
    view = products_by_id([product_id])[product_id]
    desk, shopper = Client(headers={"accept-language": "en"}), Client()
    desk.force_login(User.objects.get(pk=goods[2].actor.user_id))
    address = f"https://shop.example/es-es/p/{view.address}?v=1"
    seen = desk.get("/console/recalls/", {"product": address}).content.decode()
    assert "Buyers to write to: 2" in seen
    assert 'name="details-es"' in seen
    from entrepot.kit.ids import show_number

    assert show_number(on_its_way) in seen
    sent = {"product": address, "details-es": SAID["details"]["es"]} | {
        name: SAID[name] for name in ("kind", "hazard", "remedies", "clause", "email", "phone")
    }
    refused = desk.post(
        "/console/recalls/start", sent | {"details-es": "Una medida de precaución, nada más."}
    )
    assert refused.status_code == 400
    assert "plays down the risk" in refused.content.decode()
    assert offers_for_products("ES", [product_id])
    assert desk.post("/console/recalls/start", sent).status_code == 303
    assert desk.post("/console/recalls/start", sent).status_code == 409
    assert offers_for_products("ES", [product_id]) == {}
    (recall,) = queries.recalls()
    commands.write_recall_letters(make.system(), recall_id=recall.id)
    mail.outbox.clear()
    send_notices(make.system(at=make.NOW + timedelta(days=1)))
    letters = {each.to[0]: each for each in mail.outbox if f"/recalls/{recall.id}" in each.body}
    assert set(letters) == {"ana@example.es", "eva@example.es"}
    letter = letters["ana@example.es"]
    assert letter.subject.startswith("Retirada por seguridad del producto")
    for part in (
        view.title["es"],
        SAID["details"]["es"],
        "Deje de usar",
        "900 000 000",
        "S.L.",
        view.variants[0].sku,
    ):
        assert part in letter.body
    public = shopper.get(f"/es-es/recalls/{recall.id}").content.decode()
    assert SAID["details"]["es"] in public
    assert "<img" in public
    assert view.title["es"] in shopper.get("/es-es/recalls").content.decode()
    assert f"/es-es/recalls/{recall.id}" in shopper.get(f"/es-es/p/{view.address}").content.decode()
    owner = make.staff(seller_id)
    assert queries.restrictions_of(owner)[0].clause == SAID["clause"]
    draft = OfferDraft(seller_id, view.variants[0].id, product_id, "ES", price_minor=100, currency="EUR", condition="used_good")  # fmt: skip
    with pytest.raises(OfferBlocked):
        publish_offer(owner, draft=draft)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "warning"},
        {"hazard": "boredom"},
        {"remedies": ["refund"]},
        {"remedies": []},
        {"details": {}},
        {"details": {"en": "Only in English, which she does not read"}},
        {"details": {"es": "Por precaución, devuélvala"}},
        {"details": {"es": "x" * 2001}},
        {"details": {"xx": "In no language at all"}},
        {"clause": ""},
        {"email": "nobody"},
        {"phone": ""},
        {"batches": "x" * 301},
        {"sold_from": date(2026, 2, 1), "sold_to": date(2026, 1, 1)},
    ],
)
def test_what_is_no_recall_is_refused_and_leaves_the_product_on_sale(
    goods: tuple[UUID, UUID, Context], wrong: dict[str, Any]
) -> None:
    bought(goods, "ana@example.es")
    with pytest.raises(Invalid):
        commands.start_recall(goods[2], product_id=goods[1], **SAID | wrong)
    assert not Recall.objects.exists()
    assert offers_for_products("ES", [goods[1]])


def test_who_may_recall_what(goods: tuple[UUID, UUID, Context]) -> None:
    for ctx in (make.visitor(), make.buyer(), make.staff(goods[0]), make.operator("support")):
        with pytest.raises(NotAllowed):
            commands.start_recall(ctx, product_id=goods[1], **SAID)
        found = queries.buyers_to_tell(ctx, goods[1], "recall", None, None)
        assert ctx.actor.kind == "operator" or found.count == 0
    with pytest.raises(NotFound):
        commands.start_recall(goods[2], product_id=new_id(), **SAID)
    commands.start_recall(goods[2], product_id=goods[1], **SAID)
    with pytest.raises(RecallStarted):
        commands.start_recall(goods[2], product_id=goods[1], **SAID)
    commands.start_recall(
        goods[2], product_id=goods[1], **SAID | {"batches": "L-7"}
    )  # others of the same goods
