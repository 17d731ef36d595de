"""From which place an order is sent: decided when it is paid, fetched by the intake, given back when it is cancelled."""

from __future__ import annotations

from typing import Any

import pytest

from entrepot.inventory.commands import StockDraft, adjust_stock, open_location, save_stock
from entrepot.inventory.queries import stock_of_variants
from entrepot.kit.errors import NotFound
from entrepot.logistics.queries import consignments_of_orders
from entrepot.offers.commands import OfferDraft, save_offers
from entrepot.orders.commands import cancel_order, fetch_allocated, give_back_allocation
from entrepot.orders.models import OrderLine
from tests import make
from tests.orders.conftest import Clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("spain")]


def two_places() -> tuple[Any, Any, Any]:
    """An offer from Madrid whose goods lie in Valencia too, one from Valencia only; and Valencia."""
    seller = make.seller()
    first = make.offer(seller, quantity=5)
    other = make.offer(seller, quantity=0)
    place = open_location(
        make.system(),
        seller_id=seller,
        code="VLC",
        name="Nave València",
        country="ES",
        postcode="46001",
        position=1,
    )
    save_offers(
        make.system(),
        drafts=[
            OfferDraft(
                seller, other.variant_id, other.product_id, "ES", price_minor=1990, currency="EUR",
                ships_from_country="ES", ships_from_postcode="46001",
            )
        ],
    )  # fmt: skip
    drafts = [StockDraft(seller, each.variant_id, place, quantity=5) for each in (first, other)]
    save_stock(make.system(), drafts=drafts)
    make.relay()
    return first, other, place


def on_hand(offer: Any) -> list[tuple[str, int, int]]:
    shelves = stock_of_variants(make.system(), [offer.variant_id])[offer.variant_id]
    return [(each.location_code, each.on_hand, each.pending) for each in shelves]


def test_one_parcel_from_where_everything_lies_and_back_when_it_is_cancelled(clock: Clock) -> None:
    first, other, place = two_places()
    guest = make.visitor(at=clock())
    answer = make.paid(guest, {first.id: 2, other.id: 1})
    order_id = answer.orders[0].order_id
    assert set(
        OrderLine.objects.filter(order_id=order_id, offer_id=first.id).values_list("location_id", flat=True)
    ) == {place}
    assert on_hand(first) == [("MAIN", 5, 0), ("VLC", 3, 0)]
    sent = consignments_of_orders(make.system(), [order_id])[order_id]
    assert (sent.origin.postcode, {item.sku: item.place for item in sent.goods}[first_sku(first)]) == (
        "46001",
        "Nave València",
    )
    assert (
        fetch_allocated(make.system(at=clock()), order_id=order_id) == 1
    )  # told again, nothing more is moved
    assert on_hand(first) == [("MAIN", 5, 0), ("VLC", 3, 0)]
    cancel_order(make.system(at=clock()), order_id=order_id, reason="other")
    make.relay()
    assert on_hand(first) == [("MAIN", 5, 0), ("VLC", 5, 0)]
    assert give_back_allocation(make.system(at=clock()), order_id=order_id) == 0
    with pytest.raises(NotFound):
        fetch_allocated(make.system(at=clock()), order_id=1)


def first_sku(offer: Any) -> str:
    return str(OrderLine.objects.filter(offer_id=offer.id).first().sku)  # type: ignore[union-attr]


def test_what_was_sold_there_meanwhile_stays_where_its_offer_took_it(clock: Clock) -> None:
    first, other, place = two_places()
    guest = make.visitor(at=clock())
    answer = make.placed(guest, {first.id: 2, other.id: 1})
    order_id = answer.orders[0].order_id
    OrderLine.objects.filter(order_id=order_id, offer_id=first.id).update(location_id=place)
    adjust_stock(make.system(at=clock()), variant_id=first.variant_id, location_id=place, delta=-4)
    make.relay()
    from entrepot.orders.models import Order

    Order.objects.filter(id=order_id).update(state="paid")
    assert fetch_allocated(make.system(at=clock()), order_id=order_id) == 0
    assert not OrderLine.objects.filter(order_id=order_id).exclude(location_id=None).exists()
    assert on_hand(first) == [("MAIN", 3, 0), ("VLC", 1, 0)]


def test_all_from_one_place_moves_nothing(clock: Clock) -> None:
    first, _other, _place = two_places()
    answer = make.paid(make.visitor(at=clock()), {first.id: 2})
    assert not OrderLine.objects.filter(order_id=answer.orders[0].order_id).exclude(location_id=None).exists()
    assert on_hand(first) == [("MAIN", 3, 0), ("VLC", 5, 0)]
