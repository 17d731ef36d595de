"""The prior price is the lowest of the 30 days before the reduction; the history only grows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from entrepot.catalog.queries import variants_by_id
from entrepot.kit.errors import NotFound
from entrepot.offers.commands import (
    OfferDraft,
    block_product,
    change_price,
    publish_offer,
    release_product,
    withdraw_offer,
)
from entrepot.offers.errors import CurrencyOfAnotherMarket, OfferBlocked, PriceOutOfRange, UnknownCondition
from entrepot.offers.policy import PriceSince, prior_price, unit_price
from entrepot.offers.queries import offers_by_id, offers_for_products, price_history, prior_prices
from entrepot.offers.queries import unit_price as unit_price_of
from tests import make

START = datetime(2026, 1, 1, tzinfo=UTC)


def history(*steps: tuple[int, int]) -> list[PriceSince]:
    return [PriceSince(START + timedelta(days=day), price) for day, price in steps]


@pytest.mark.parametrize(
    ("steps", "day", "prior"),
    [
        ([(0, 100)], 5, None),
        ([(0, 100), (40, 80)], 41, 100),
        ([(0, 80), (40, 100), (50, 90)], 51, 80),
        ([(0, 80), (10, 100), (50, 90)], 51, 100),  # 80 ended forty days before
        ([(0, 80), (20, 100), (50, 90)], 51, 100),  # 80 ended exactly when the window opens: it is outside
        ([(0, 80), (21, 100), (50, 90)], 51, 80),
        ([(0, 100), (40, 120)], 41, None),  # a raise is no reduction
        ([(0, 100), (40, 90), (45, 80)], 46, 90),  # the second step's own thirty days
        ([(0, 100), (40, 80), (41, 100)], 42, None),
        ([(0, 100), (40, 80), (40, 100), (40, 90)], 41, 100),  # at one instant only the last counts
        ([(0, 100), (40, 80)], 39, None),  # not yet
        ([(0, 100), (10, 100), (40, 80), (41, 80)], 60, 100),  # the same price again is no step
    ],
)
def test_prior_price(steps: list[tuple[int, int]], day: int, prior: int | None) -> None:
    assert prior_price(history(*steps), START + timedelta(days=day)) == prior


def test_a_market_may_keep_the_first_step() -> None:
    steps = history((0, 100), (40, 90), (45, 80))
    assert prior_price(steps, START + timedelta(days=46), keeps_first=True) == 100


@given(
    st.lists(st.tuples(st.integers(0, 120), st.integers(1, 200)), min_size=1, max_size=12),
    st.integers(0, 130),
)
def test_prior_price_is_the_lowest_of_each_day(changes: list[tuple[int, int]], day: int) -> None:
    """Against a plain day-by-day count. Within a day the last price counts; changes are at midnight."""
    steps = sorted(changes, key=lambda change: change[0])
    at = START + timedelta(days=day)
    price_on: dict[int, int] = {}
    for when, price in steps:
        price_on[when] = price
    days: list[int | None] = []
    current: int | None = None
    for one in range(day + 1):
        current = price_on.get(one, current)
        days.append(current)
    began = next((one for one in range(day, 0, -1) if days[one] != days[one - 1]), None)
    wanted = None
    if began is not None and days[began - 1] is not None and days[began] < days[began - 1]:  # type: ignore[operator]
        wanted = min(price for price in days[max(0, began - 30) : began] if price is not None)
    assert prior_price(history(*steps), at) == wanted


@pytest.mark.parametrize(
    ("price", "amount", "unit", "minor", "shown"),
    [
        (990, 500, "ml", 1980, "l"),
        (250, 1000, "g", 250, "kg"),
        (999, 6, "piece", 167, "ud."),
        (1000, 3, "m", 333, "m"),
    ],
)
def test_unit_price(price: int, amount: int, unit: str, minor: int, shown: str) -> None:
    found = unit_price(price, "EUR", amount, unit)
    assert found is not None
    assert (found.minor, found.unit) == (minor, shown)
    assert unit_price(price, "EUR", 0, unit) is None
    assert unit_price(price, "EUR", amount, "furlong") is None


@pytest.mark.django_db
def test_an_offer_remembers_every_price_and_nobody_rewrites_them() -> None:
    seller = make.seller()
    offer = offers_for_products("ES", [product := make.product(seller, price_minor=8000)])[product][0]
    for days, price in ((35, 10_000), (50, 9_000), (51, 9_000)):
        change_price(
            make.staff(seller, at=make.NOW + timedelta(days=days)), offer_id=offer.id, price_minor=price
        )
    at = make.NOW + timedelta(days=52)
    assert [entry.price_minor for entry in price_history(offer.id)] == [8000, 10_000, 9_000]
    with CaptureQueriesContext(connection) as queries:
        assert prior_prices([offer.id], at) == {offer.id: 8000}
    assert len(queries) == 1
    for statement in ("UPDATE offers_pricechange SET price_minor = 1", "DELETE FROM offers_pricechange"):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


@pytest.mark.django_db
def test_refusals_change_nothing() -> None:
    mine, other = make.seller(), make.seller()
    offer = offers_for_products("ES", [product := make.product(mine)])[product][0]
    ctx = make.staff(mine)

    def draft(**values: object) -> OfferDraft:
        return OfferDraft(mine, offer.variant_id, product, "ES", **values)  # type: ignore[arg-type]

    for price in (0, -1, 2**31):
        with pytest.raises(PriceOutOfRange):
            change_price(ctx, offer_id=offer.id, price_minor=price)
    with pytest.raises(CurrencyOfAnotherMarket):
        publish_offer(ctx, draft=draft(price_minor=1, currency="GBP"))
    with pytest.raises(UnknownCondition):
        publish_offer(ctx, draft=draft(price_minor=1, currency="EUR", condition="broken"))
    with pytest.raises(NotFound):
        change_price(make.staff(other), offer_id=offer.id, price_minor=100)
    with pytest.raises(NotFound):
        publish_offer(make.staff(other), draft=draft(price_minor=1, currency="EUR"))
    assert block_product(make.operator(), product_id=offer.product_id, reason="A recall") == 1
    with pytest.raises(OfferBlocked):
        publish_offer(ctx, draft=draft(state="active"))
    withdrawn = offers_by_id([offer.id])[offer.id]
    assert (withdrawn.price_minor, withdrawn.state) == (1990, "blocked")
    assert withdrawn.price_version == offer.price_version + 1
    with pytest.raises(OfferBlocked):  # nor as another offer of the same product
        publish_offer(ctx, draft=draft(price_minor=1990, currency="EUR", condition="used_good"))
    assert release_product(make.operator(), product_id=offer.product_id, reason="It was another one") == 1
    assert offers_by_id([offer.id])[offer.id].state == "active"


@pytest.mark.django_db
def test_a_withdrawn_offer_is_on_no_shelf() -> None:
    seller = make.seller()
    offer = offers_for_products("ES", [product := make.product(seller)])[product][0]
    variant = variants_by_id([offer.variant_id])[offer.variant_id]
    assert unit_price_of(offer, variant) is None
    withdraw_offer(make.staff(seller), offer_id=offer.id)
    assert offers_for_products("ES", [product]) == {}
