"""A cart over three sellers becomes one purchase of three orders, each accepted or refused by the intake."""

from __future__ import annotations

import pytest

from entrepot.orders.commands import place_purchase
from entrepot.orders.models import Order, OrderLine, Purchase
from tests import make

pytestmark = pytest.mark.usefixtures("spain")


def test_three_sellers_one_purchase() -> None:
    offers = [make.offer(make.seller(), price_minor=price, quantity=5) for price in (1_000, 2_000, 3_000)]
    guest = make.visitor()
    ref = make.checkout(guest, {offer.id: number for number, offer in enumerate(offers, 1)})
    placed = place_purchase(guest, checkout_id=ref.id, token=ref.token)
    assert placed.state == "placed"
    assert {order.seller_id for order in placed.orders} == {offer.seller_id for offer in offers}
    rows = list(Order.objects.filter(purchase_id=ref.id).order_by("id"))
    assert [row.id for row in rows] == sorted(order.order_id for order in placed.orders)
    assert sum(row.goods_minor for row in rows) == 1_000 + 2 * 2_000 + 3 * 3_000
    assert placed.total_minor == sum(row.total_minor for row in rows) == Purchase.objects.get().total_minor
    assert OrderLine.objects.count() == 3
    again = place_purchase(guest, checkout_id=ref.id, token=ref.token)
    assert again == placed
    assert Order.objects.count() == 3
