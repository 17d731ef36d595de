"""What carts, checkouts, purchases and orders show, and that the number of SQL statements does not grow with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entrepot.kit.errors import Invalid, NotFound
from entrepot.orders.commands import add_to_cart, place_purchase
from entrepot.orders.queries import (
    cart_quantity,
    cart_view,
    checkout_view,
    order_by_number,
    order_view,
    orders_of,
    purchase_by_token,
    purchases_of,
    timeline,
    today_counts,
)
from tests import make

pytestmark = pytest.mark.usefixtures("spain")


def statements(call: Callable[[], Any]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        call()
    return len(captured)


def cart_of(ctx: Any, offers: list[Any], quantity: int = 1) -> str:
    token = ""
    for offer in offers:
        token = add_to_cart(ctx, market="ES", offer_id=offer.id, quantity=quantity, token=token).token
    return token


def test_a_cart_says_what_it_costs_and_when_it_arrives() -> None:
    offer = make.offer(make.seller(), price_minor=12_100, quantity=5)
    guest = make.visitor()
    cart = cart_view(guest, token=cart_of(guest, [offer], 2))
    [group] = cart.groups
    assert cart.is_orderable
    assert cart_quantity(guest, token=cart.token) == cart.quantity == 2
    assert group.goods_minor == 24_200
    assert group.total_minor == 24_200 + group.shipping_minor == cart.priced.total_minor
    assert group.promise is not None
    assert group.promise.from_on > make.NOW.date()
    assert [part.kind for part in group.parts] == ["goods", "shipping", "vat"]
    assert sum(part.minor for part in group.parts) == group.total_minor
    assert group.vat_minor == group.parts[-1].minor
    assert group.parts[-1].rule_id


def test_the_cart_of_another_stays_theirs() -> None:
    offer = make.offer(make.seller())
    token = cart_of(make.buyer(), [offer])
    assert cart_view(make.visitor(), token=token).quantity == 0
    assert cart_view(make.visitor(), token="guess").quantity == 0
    assert cart_view(make.visitor()).quantity == 0


def test_goods_from_outside_the_union_show_the_duty_inside() -> None:
    offer = make.offer(make.seller(country="CN"), price_minor=2_490, hs6="940540", origin_country="CN")
    guest = make.visitor()
    [group] = cart_view(guest, token=cart_of(guest, [offer])).groups
    assert group.duty_minor > 0
    assert group.total_minor == 2_490 + group.shipping_minor
    assert sum(part.minor for part in group.parts) == group.total_minor


def test_statements_do_not_grow_with_the_cart() -> None:
    guest, sellers = make.visitor(), [make.seller() for _ in range(3)]
    offers = [make.offer(seller, quantity=9) for seller in sellers for _ in range(2)]
    small, large = cart_of(guest, offers[:1]), cart_of(guest, offers)
    assert (
        statements(lambda: cart_view(guest, token=large))
        == statements(lambda: cart_view(guest, token=small))
        <= 12
    )


def test_an_order_is_seen_by_those_it_concerns() -> None:
    seller, other = make.seller(), make.seller()
    buyer = make.buyer()
    answer = make.placed(buyer, {make.offer(seller).id: 1})
    order_id = answer.orders[0].order_id
    assert order_view(buyer, order_id=order_id).consignee.email == "ana@example.es"
    assert order_view(make.operator("support"), order_id=order_id).number == answer.orders[0].number
    assert order_view(make.visitor(), order_id=order_id, token=answer.token).id == order_id
    assert order_view(make.staff(seller), order_id=order_id).consignee is None  # not paid yet: no address
    for stranger in (make.buyer(), make.staff(other), make.visitor()):
        with pytest.raises(NotFound):
            order_view(stranger, order_id=order_id)
        with pytest.raises(NotFound):
            timeline(stranger, order_id=order_id)
        assert orders_of(stranger).orders == ()
    with pytest.raises(NotFound):
        order_view(make.visitor(), order_id=order_id, token="guess")
    assert [step.kind for step in timeline(buyer, order_id=order_id)] == ["placed"]


def test_a_number_and_its_mail_find_the_order() -> None:
    answer = make.placed(make.visitor(), {make.offer(make.seller()).id: 1})
    found = order_by_number(make.visitor(), number=answer.orders[0].number.lower(), email=" ANA@example.es")
    assert found == (answer.orders[0].order_id, answer.token)
    for number, email in ((answer.orders[0].number, "eva@example.es"), (answer.orders[0].number, "")):
        with pytest.raises(NotFound):
            order_by_number(make.visitor(), number=number, email=email)
    with pytest.raises(Invalid):
        order_by_number(make.visitor(), number="1234", email="ana@example.es")


def test_lists_go_on_where_they_stopped() -> None:
    offer = make.offer(make.seller(), quantity=50)
    buyer = make.buyer()
    ids = [make.placed(buyer, {offer.id: 1}).orders[0].order_id for _ in range(5)]
    seen, cursor = [], ""
    while True:
        found = orders_of(buyer, cursor=cursor, limit=2)
        seen += [order.id for order in found.orders]
        cursor = found.next_cursor
        if not cursor:
            break
    assert seen == sorted(ids, reverse=True)
    assert statements(lambda: orders_of(buyer, limit=1)) == statements(lambda: orders_of(buyer, limit=5)) <= 6
    mine = purchases_of(buyer, limit=3)
    assert len(mine.purchases) == 3
    assert len(purchases_of(buyer, cursor=mine.next_cursor).purchases) == 2
    for filters in ({"cursor": "x"}, {"state": "lost"}, {"exception": "odd"}):
        with pytest.raises(Invalid):
            orders_of(buyer, **filters)
    seller = make.staff(offer.seller_id)
    assert orders_of(seller).orders == ()  # nothing paid: nothing to do
    assert len(orders_of(make.operator(), text=offer_sku(ids[0])).orders) == 5
    assert today_counts(seller).to_ship == 0


def offer_sku(order_id: int) -> str:
    return order_view(make.system(), order_id=order_id).lines[0].sku


def test_the_checkout_page_names_what_is_missing() -> None:
    from entrepot.orders.commands import start_checkout

    guest = make.visitor()
    ref = start_checkout(guest, token=cart_of(guest, [make.offer(make.seller())]))
    view = checkout_view(guest, token=ref.token)
    assert not view.readiness.is_ready
    assert {gap.field for gap in view.readiness.missing} == {
        "email", "name", "phone", "line1", "postcode", "city", "region",
    }  # fmt: skip
    assert view.payment_methods
    ready = checkout_view(guest, token=make.checkout(guest, {make.offer(make.seller()).id: 1}).token)
    assert ready.readiness.is_ready
    assert ready.contact.region == "Madrid"


def test_a_purchase_page() -> None:
    guest = make.visitor()
    ref = make.checkout(guest, {make.offer(make.seller()).id: 1, make.offer(make.seller()).id: 2})
    place_purchase(guest, checkout_id=ref.id, token=ref.token)
    view = purchase_by_token(guest, ref.token)
    assert len(view.orders) == 2
    assert view.to_pay_minor == view.total_minor == sum(order.total_minor for order in view.orders)
    assert view.number >= 1001
    with pytest.raises(NotFound):
        purchase_by_token(guest, "")
