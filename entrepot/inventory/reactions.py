"""The order intake hears of offers and stock. Each fact is counted once: the keys of its commands follow from it."""

from __future__ import annotations

from uuid import UUID

from entrepot.inventory.commands import count_in_intake, tell_offers
from entrepot.inventory.events import StockAdjusted
from entrepot.kit.context import Context
from entrepot.kit.reaction import on
from entrepot.offers.events import OfferChanged, OfferPublished
from entrepot.offers.queries import offers_for_variants


@on(StockAdjusted)
def count_adjusted_stock(ctx: Context, fact: StockAdjusted) -> None:
    """Quantities that were set or corrected."""
    count_in_intake(ctx, changes=list(fact.changes), at=fact.at)


@on(StockAdjusted)
def tell_offers_of_new_stock(ctx: Context, fact: StockAdjusted) -> None:
    """Offers of variants that have a counter only now."""
    if any(change.opens for change in fact.changes):
        found: list[UUID] = [
            offer.id for offers in offers_for_variants(fact.variant_ids).values() for offer in offers
        ]
        tell_offers(ctx, offer_ids=found)


@on(OfferPublished)
def tell_published_offers(ctx: Context, fact: OfferPublished) -> None:
    """What can be ordered from now on."""
    tell_offers(ctx, offer_ids=list(fact.offer_ids))


@on(OfferChanged)
def tell_changed_offers(ctx: Context, fact: OfferChanged) -> None:
    """Prices, windows, limits, and what cannot be ordered any more."""
    tell_offers(ctx, offer_ids=list(fact.offer_ids))
