"""Stock and offers reach the order intake exactly once, and what it decides comes back as stock on hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from entrepot.intake.commands import Place, PlaceLine, Release, mint_key, submit, use
from entrepot.intake.inprocess import InProcess
from entrepot.intake.projector import Projector
from entrepot.intake.queries import left_of_offers
from entrepot.inventory.commands import StockDraft, adjust_stock, open_location, save_stock, set_stock
from entrepot.inventory.errors import QuantityOutOfRange, StockShort
from entrepot.inventory.projection import project_stock
from entrepot.inventory.queries import available, stock_of_variants
from entrepot.kit.errors import NotFound
from entrepot.kit.models import OutboxFact
from entrepot.offers.commands import change_price, withdraw_offer
from entrepot.offers.queries import OfferView, offers_for_products
from tests import make

pytestmark = pytest.mark.django_db


class Clock:
    def __init__(self) -> None:
        self.at = make.NOW

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(autouse=True)
def intake(clock: Clock) -> Iterator[InProcess]:
    projector = Projector([project_stock])
    with use(InProcess(clock, after=projector.run_once)) as client:
        yield client  # type: ignore[misc]


def offer_of(product: UUID) -> OfferView:
    return offers_for_products("ES", [product])[product][0]


def order(offer: OfferView, quantity: int, price: int = 0) -> str:
    place = Place(mint_key(make.NOW), 1, 1, (PlaceLine(offer.number, quantity, price or offer.price_minor),))
    return submit([place])[0].code


def test_what_is_said_is_what_can_be_ordered() -> None:
    seller = make.seller()
    offer = offer_of(make.product(seller, quantity=5))
    assert available([offer.variant_id]) == {offer.variant_id: 0}
    make.relay()
    assert available([offer.variant_id]) == {offer.variant_id: 5}
    assert left_of_offers([offer.number]) == {offer.number: 5}
    assert order(offer, 3) == "accepted"
    assert order(offer, 3) == "sold_out"
    assert available([offer.variant_id]) == {offer.variant_id: 2}


def test_setting_a_quantity_twice_counts_once_and_facts_may_run_twice() -> None:
    seller = make.seller()
    offer = offer_of(make.product(seller, quantity=5))
    ctx = make.staff(seller)
    [shelf] = stock_of_variants(ctx, [offer.variant_id])[offer.variant_id]
    for _ in range(3):
        set_stock(ctx, variant_id=offer.variant_id, location_id=shelf.location_id, quantity=8)
    make.relay()
    assert available([offer.variant_id])[offer.variant_id] == 8
    from entrepot.kit.models import IdempotentAnswer

    IdempotentAnswer.objects.all().delete()  # as if the relay's transaction had been lost after the journal's
    OutboxFact.objects.update(done_at=None)
    make.relay()
    [shelf] = stock_of_variants(ctx, [offer.variant_id])[offer.variant_id]
    assert (shelf.on_hand, shelf.pending) == (8, 0)


def test_counting_less_than_was_sold_meanwhile_leaves_nothing_and_no_remainder() -> None:
    seller = make.seller()
    offer = offer_of(make.product(seller, quantity=5))
    make.relay()
    ctx = make.staff(seller)
    [shelf] = stock_of_variants(ctx, [offer.variant_id])[offer.variant_id]
    set_stock(ctx, variant_id=offer.variant_id, location_id=shelf.location_id, quantity=1)  # 4 fewer
    assert order(offer, 3) == "accepted"  # before the intake heard of it
    make.relay()
    [shelf] = stock_of_variants(ctx, [offer.variant_id])[offer.variant_id]
    assert (shelf.on_hand, shelf.pending) == (0, 0)
    assert order(offer, 1) == "sold_out"


def test_a_new_price_a_withdrawal_and_a_release_reach_the_intake(clock: Clock) -> None:
    seller = make.seller()
    offer = offer_of(make.product(seller, quantity=5, price_minor=2000))
    make.relay()
    ctx = make.staff(seller)
    change_price(ctx, offer_id=offer.id, price_minor=1800)
    make.relay()
    assert order(offer, 1) == "price_changed"
    place = Place(mint_key(make.NOW), 1, 1, (PlaceLine(offer.number, 2, 1800),))
    [placed] = submit([place])
    assert available([offer.variant_id])[offer.variant_id] == 3
    assert placed.order_id is not None
    submit([Release(placed.order_id, mint_key(make.NOW))])
    assert available([offer.variant_id])[offer.variant_id] == 5
    withdraw_offer(ctx, offer_id=offer.id)
    make.relay()
    assert order(offer, 1, 1800) == "closed"
    clock.at += timedelta(days=2)
    assert order(offer, 1, 1800) == "stale_key"


def test_refusals_change_nothing() -> None:
    mine, other = make.seller(), make.seller()
    offer = offer_of(make.product(mine, quantity=5))
    make.relay()
    ctx = make.staff(mine)
    [shelf] = stock_of_variants(ctx, [offer.variant_id])[offer.variant_id]
    with pytest.raises(StockShort):
        adjust_stock(ctx, variant_id=offer.variant_id, location_id=shelf.location_id, delta=-6)
    with pytest.raises(QuantityOutOfRange):
        set_stock(ctx, variant_id=offer.variant_id, location_id=shelf.location_id, quantity=-1)
    with pytest.raises(NotFound):
        set_stock(make.staff(other), variant_id=offer.variant_id, location_id=shelf.location_id, quantity=1)
    elsewhere = open_location(make.staff(other), seller_id=other, code="X", name="X", country="ES")
    with pytest.raises(NotFound):
        save_stock(ctx, drafts=[StockDraft(mine, offer.variant_id, elsewhere, quantity=3)])
    assert stock_of_variants(make.staff(other), [offer.variant_id]) == {}
    [shelf] = stock_of_variants(ctx, [offer.variant_id])[offer.variant_id]
    assert (shelf.on_hand, shelf.pending) == (5, 0)


def test_pieces_in_a_place_the_offer_does_not_take_from_are_not_offered() -> None:
    seller = make.seller()
    offer = offer_of(make.product(seller, quantity=3))
    far = open_location(
        make.system(), seller_id=seller, code="FAR", name="Far", country="PT", postcode="1000-001", position=9
    )
    set_stock(make.system(), variant_id=offer.variant_id, location_id=far, quantity=50)
    make.relay()
    assert available([offer.variant_id]) == {offer.variant_id: 3}
    assert order(offer, 4) == "sold_out"
    assert order(offer, 3) == "accepted"
    assert available([offer.variant_id]) == {offer.variant_id: 0}
