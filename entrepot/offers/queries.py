"""Every read of the offers: many ids in, frozen views out, a fixed number of SQL statements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

import numpy as np
from django.db import connection
from django.db.models import Q

from entrepot.catalog.queries import VariantView
from entrepot.kit import bulk
from entrepot.kit.context import Context
from entrepot.kit.errors import Refusal
from entrepot.kit.money import Money
from entrepot.offers import policy
from entrepot.offers.drafts import OfferDraft, SavedOffer
from entrepot.offers.models import (
    ACTIVE,
    CONDITIONS,
    DUTIES,
    STATES,
    UNKNOWN,
    Offer,
    PriceChange,
)
from entrepot.offers.plans import hold_back, plan_offers
from entrepot.offers.policy import HIGHEST_MINOR, UnitPrice

__all__ = ["HIGHEST_MINOR", "UnitPrice"]


@dataclass(frozen=True, slots=True)
class OfferView:
    """An offer. price_minor is gross in `currency`; handling_days are working days."""

    id: UUID
    number: int
    seller_id: UUID
    variant_id: UUID
    product_id: UUID
    market: str
    price_minor: int
    currency: str
    price_version: int
    condition: str
    state: str
    handling_days: int
    ships_from_country: str
    ships_from_postcode: str
    limit_per_buyer: int
    opens_at: datetime | None
    closes_at: datetime | None
    published_at: datetime
    follows_id: UUID | None = None  # the offer this price is made from; None: the seller set it here
    duty: str = "none"  # none | inside | later | unknown: what the last requote found in the price

    @property
    def has_full_price(self) -> bool:
        """Whether the market's rules answer what is inside the price."""
        return self.duty != UNKNOWN

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)

    def is_open(self, at: datetime) -> bool:
        """Active and inside its window."""
        return (
            self.state == ACTIVE
            and (self.opens_at is None or self.opens_at <= at)
            and (self.closes_at is None or at < self.closes_at)
        )


def offers_by_id(ids: Iterable[UUID]) -> dict[UUID, OfferView]:
    """Offers of any state."""
    return {row.id: _view(row) for row in Offer.shown.filter(id__in=list(ids))}


def offers_by_number(numbers: Iterable[int]) -> dict[int, OfferView]:
    """Offers of any state by their number in the intake."""
    return {row.number: _view(row) for row in Offer.shown.filter(number__in=list(numbers))}


def offers_for_products(market: str, product_ids: Iterable[UUID]) -> dict[UUID, list[OfferView]]:
    """Active offers in a market by product, the cheapest first. A product without one is absent."""
    found: dict[UUID, list[OfferView]] = {}
    rows = Offer.shown.filter(market=market, product_id__in=list(product_ids), state=ACTIVE)
    for row in rows.order_by("price_minor", "id"):
        found.setdefault(row.product_id, []).append(_view(row))
    return found


def offers_of_products(product_ids: Iterable[UUID], markets: Iterable[str]) -> list[OfferView]:
    """Offers of any state for these products in these markets, in the order of their ids."""
    rows = Offer.shown.filter(product_id__in=list(product_ids), market__in=list(markets))
    return [_view(row) for row in rows.order_by("id")]


PRICE_ROW = np.dtype(
    [(name, "S16") for name in ("id", "product", "variant", "follows")]
    + [(name, "S2") for name in ("market", "ships")]
    + [(name, ">i8") for name in ("price", "version", "terms")]
    + [(name, ">i2") for name in ("condition", "state", "duty")]
)


def price_columns(product_ids: Iterable[UUID], markets: Iterable[str]) -> bulk.Array:
    """Offers of any state for these products in these markets as one array of PRICE_ROW, without an object for each.

    `condition`, `state` and `duty` are places in CONDITIONS, STATES and DUTIES; `follows` is zero where the seller set the
    price; `terms` is one number for handling, place of dispatch, limit and window. One SQL statement.
    """
    with connection.cursor() as cursor:
        # One value for all rows: a message a row costs more than all the arithmetic.
        cursor.execute(
            """SELECT string_agg(
                   uuid_send(id) || uuid_send(product_id) || uuid_send(variant_id)
                   || uuid_send(coalesce(follows_id, '00000000-0000-0000-0000-000000000000'))
                   || textsend(rpad(market, 2)) || textsend(rpad(ships_from_country, 2))
                   || int8send(price_minor) || int8send(price_version)
                   || int8send(hashtextextended(concat_ws('|', handling_days, ships_from_country, ships_from_postcode,
                       limit_per_buyer, coalesce(extract(epoch FROM opens_at), 0),
                       coalesce(extract(epoch FROM closes_at), 0)), 0))
                   || int2send((array_position(%s::text[], condition::text) - 1)::int2)
                   || int2send((array_position(%s::text[], state::text) - 1)::int2)
                   || int2send((array_position(%s::text[], duty::text) - 1)::int2), '')
               FROM offers_offer WHERE product_id = ANY(%s) AND market = ANY(%s)""",
            [list(CONDITIONS), list(STATES), list(DUTIES), list(product_ids), list(markets)],
        )
        [found] = cursor.fetchone()
    return np.frombuffer(found or b"", PRICE_ROW)


def offers_for_variants(variant_ids: Iterable[UUID]) -> dict[UUID, list[OfferView]]:
    """Offers of any state and market by variant."""
    found: dict[UUID, list[OfferView]] = {}
    for row in Offer.shown.filter(variant_id__in=list(variant_ids)).order_by("market", "id"):
        found.setdefault(row.variant_id, []).append(_view(row))
    return found


def offers_of_seller(
    ctx: Context, *, market: str = "", state: str = "", after: UUID | None = None, limit: int = 100
) -> list[OfferView]:
    """The asker's offers, newest first."""
    rows = Offer.objects.of(ctx)
    for name, value in (("market", market), ("state", state)):
        if value:
            rows = rows.filter(**{name: value})
    if after is not None:
        rows = rows.filter(id__lt=after)
    return [_view(row) for row in rows.order_by("-id")[: min(limit, 1000)]]


def own_offers_for_products(
    ctx: Context, market: str, product_ids: Iterable[UUID]
) -> dict[UUID, list[OfferView]]:
    """The asker's offers of any state in a market, by product."""
    found: dict[UUID, list[OfferView]] = {}
    for row in Offer.objects.of(ctx).filter(market=market, product_id__in=list(product_ids)).order_by("id"):
        found.setdefault(row.product_id, []).append(_view(row))
    return found


def price_history(offer_id: UUID) -> list[policy.PriceSince]:
    """Every price the offer had, in the order of time."""
    rows = PriceChange.objects.filter(offer_id=offer_id).order_by("at", "id")
    return [policy.PriceSince(row.at, row.price_minor) for row in rows]


def prior_prices(offer_ids: Iterable[UUID], at: datetime, *, keeps_first: bool = False) -> dict[UUID, int]:
    """The lowest price of the 30 days before the reduction in force began, in minor units (rule PR-02).

    An offer whose price did not come by a reduction is absent. The value may lie at or below today's price
    (80 → 100 → 90 gives 80): then no reduction may be announced. One SQL statement.
    """
    ids = list(offer_ids)
    rows = PriceChange.objects.filter(offer_id__in=ids, at__lte=at).order_by("offer_id", "at", "id")
    found = {}
    for offer_id, changes in groupby(rows, key=lambda row: row.offer_id):
        history = [policy.PriceSince(row.at, row.price_minor) for row in changes]
        prior = policy.prior_price(history, at, keeps_first=keeps_first)
        if prior is not None:
            found[offer_id] = prior
    return found


def unit_price(offer: OfferView, variant: VariantView) -> UnitPrice | None:
    """The price of a kilogram, litre, metre …; None where the variant does not say its content."""
    return policy.unit_price(offer.price_minor, offer.currency, variant.content_amount, variant.content_unit)


def windows_ending(after: datetime, until: datetime) -> list[UUID]:
    """Products whose offers open or close within (after, until]: their place in the index changes."""
    rows = Offer.shown.filter(
        Q(opens_at__gt=after, opens_at__lte=until) | Q(closes_at__gt=after, closes_at__lte=until)
    )
    return list(rows.values_list("product_id", flat=True).distinct())


def compare_offers(
    ctx: Context, drafts: list[OfferDraft], *, with_gates: bool = False
) -> list[SavedOffer | Refusal]:
    """What `save_offers` would answer for each draft, without storing: a SavedOffer, or the refusal in the way.

    The publish gates are asked only `with_gates`: they look at products as they are stored.
    """
    plans = plan_offers(ctx, drafts)
    if with_gates:
        hold_back(ctx, plans)
    return [plan.refusal or plan.saved() for plan in plans]


def _view(row: Offer) -> OfferView:
    return OfferView(
        id=row.id,
        number=row.number,
        seller_id=row.seller_id,
        variant_id=row.variant_id,
        product_id=row.product_id,
        market=row.market,
        price_minor=row.price_minor,
        currency=row.currency,
        price_version=row.price_version,
        condition=row.condition,
        state=row.state,
        handling_days=row.handling_days,
        ships_from_country=row.ships_from_country,
        ships_from_postcode=row.ships_from_postcode,
        limit_per_buyer=row.limit_per_buyer,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        published_at=row.published_at,
        follows_id=row.follows_id,
        duty=row.duty,
    )
