"""The journal alone is enough: what no web process could write down, the projector does, once."""

from __future__ import annotations

from typing import Any

import pytest

from entrepot.intake.commands import Place, PlaceLine, mint_key, submit, use
from entrepot.intake.inprocess import InProcess
from entrepot.intake.projector import Projector
from entrepot.intake.queries import read_journal
from entrepot.inventory.projection import project_stock
from entrepot.kit.models import OutboxFact
from entrepot.orders.commands import place_purchase
from entrepot.orders.models import Draft, LooseOrder, Order, OrderEvent, OrderLine, Purchase
from entrepot.orders.projection import project_orders
from tests import make
from tests.orders.conftest import Clock

pytestmark = pytest.mark.django_db


def columns(model: Any, *names: str) -> list[Any]:
    return list(model.objects.order_by(*names[:2]).values_list(*names))


def test_a_web_process_that_died_after_the_journal(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    from entrepot.orders.commands import place as story

    projector = Projector([project_stock, project_orders])
    with use(InProcess(clock)):
        make.open_market("ES")
        product = make.product(make.seller(), quantity=5)
        make.relay()
        projector.run_once()
        offer = make.offer_of(product)
        guest = make.visitor()
        ref = make.checkout(guest, {offer.id: 2}, channel="api")
        monkeypatch.setattr(story, "_settle_drafts", killed)
        with pytest.raises(KeyboardInterrupt):
            place_purchase(guest, checkout_id=ref.id, token=ref.token)
        assert not Order.objects.exists()
        assert Purchase.objects.get().state == "placing"
        projector.run_once()
        order = Order.objects.get()
        purchase = Purchase.objects.get()
        assert (purchase.state, purchase.total_minor, Draft.objects.get().order_id) == (
            "placed", order.total_minor, order.id,
        )  # fmt: skip
        assert OrderLine.objects.get().quantity == 2
        monkeypatch.undo()
        placed = place_purchase(guest, checkout_id=ref.id, token=ref.token)
        assert [each.order_id for each in placed.orders] == [order.id]
        [told] = OutboxFact.objects.filter(kind="orders.OrderPlaced")
        assert told.body["channel"] == "api"  # commissions may differ by the door


def killed(*words: Any) -> Any:
    raise KeyboardInterrupt


def test_read_again_from_the_start_nothing_changes(spain: Any) -> None:
    offer = make.offer(make.seller(), quantity=9)
    for quantity in (1, 2, 3):
        make.placed(make.visitor(), {offer.id: quantity})
    order_columns = ("id", "draft_id", "state", "goods_minor", "total_minor", "vat_minor", "placed_at")
    line_columns = ("order_id", "position", "offer_id", "quantity", "price_minor", "title")
    before = columns(Order, *order_columns), columns(OrderLine, *line_columns)
    facts, steps = OutboxFact.objects.count(), OrderEvent.objects.count()
    from django.db import connection

    with connection.cursor() as cursor:
        for batch in read_journal(0, 0):
            project_orders(cursor, batch)
    assert (columns(Order, *order_columns), columns(OrderLine, *line_columns)) == before
    assert (OutboxFact.objects.count(), OrderEvent.objects.count()) == (facts, steps)
    assert not LooseOrder.objects.exists()


def test_a_sale_at_the_edge_is_kept(spain: Any, clock: Clock) -> None:
    """Nobody's checkout, or somebody's number with other goods: never another buyer's order, never lost."""
    offer = make.offer(make.seller(), quantity=9)
    ref = make.checkout(make.visitor(), {offer.id: 1})
    place_purchase(make.visitor(), checkout_id=ref.id, token=ref.token)
    draft = Draft.objects.get()
    lines = (PlaceLine(offer.number, 2, offer.price_minor),)
    decisions = submit(
        [
            Place(mint_key(clock()), 123_456, 9, lines),
            Place(mint_key(clock()), draft.ref, draft.buyer_number, lines),
        ]
    )
    assert [decision.code for decision in decisions] == ["accepted", "accepted"]
    assert Order.objects.get().id == draft.order_id
    assert set(LooseOrder.objects.values_list("id", flat=True)) == {
        decision.order_id for decision in decisions
    }
    assert {row.goods_minor for row in LooseOrder.objects.all()} == {2 * offer.price_minor}
    assert Order.objects.count() == 1
