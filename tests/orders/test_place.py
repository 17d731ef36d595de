"""A cart over three sellers becomes one purchase of three orders, each accepted or refused by the intake."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings

from entrepot.intake.commands import open_sale
from entrepot.intake.tokens import make_token, secret_for
from entrepot.intake.waiting import ROOM
from entrepot.kit.context import system_context
from entrepot.orders.commands import place_purchase
from entrepot.orders.errors import WaitForTurn
from entrepot.orders.models import Order, OrderLine, Purchase
from tests import make
from tests.orders.conftest import Clock

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


def test_a_sale_takes_orders_only_from_those_its_room_let_in(clock: Clock) -> None:
    offer = make.offer(make.seller(), price_minor=1_000, quantity=5)
    at = clock()
    number = open_sale(
        system_context(at=at, cause="festival"),
        title="Noche de luces",
        offers=[offer.number],
        admit_per_s=1,
        opens_at=at,
        closes_at=at + timedelta(hours=1),
        path="/es-es/",
    )
    guest = make.visitor()
    ref = make.checkout(guest, {offer.id: 1})
    with pytest.raises(WaitForTurn) as refused:
        place_purchase(guest, checkout_id=ref.id, token=ref.token, passports=["forged"])
    assert refused.value.facts["room"].endswith(f"/room/{number}")
    assert Purchase.objects.get().state == "open", "nothing is lost: the checkout waits"
    passport = make_token(secret_for(ROOM, settings.SECRET_KEY), int(at.timestamp()) + 600, number, 1, 1)
    placed = place_purchase(guest, checkout_id=ref.id, token=ref.token, passports=[passport])
    assert placed.state == "placed"
