"""The index follows goods, offers, sellers and stock."""

from __future__ import annotations

from entrepot.catalog.events import ProductChanged
from entrepot.kit.context import Context
from entrepot.kit.reaction import every, on
from entrepot.markets.events import MarketLaunched
from entrepot.offers.events import OfferChanged, OfferPublished
from entrepot.parties.events import SellerApproved, SellerChanged, SellerSuspended
from entrepot.search.commands import (
    follow_stock,
    follow_windows,
    index_products,
    index_seller,
    rebuild_index,
    rebuild_missing,
)


@on(ProductChanged)
def show_changed_products(ctx: Context, fact: ProductChanged) -> None:
    """Texts and states."""
    index_products(ctx, product_ids=list(fact.product_ids))


@on(OfferPublished)
def show_published_offers(ctx: Context, fact: OfferPublished) -> None:
    """What can be bought now."""
    index_products(ctx, product_ids=list(fact.product_ids), markets=fact.markets)


@on(OfferChanged)
def show_changed_offers(ctx: Context, fact: OfferChanged) -> None:
    """Prices, and what cannot be bought any more."""
    index_products(ctx, product_ids=list(fact.product_ids), markets=fact.markets)


@on(MarketLaunched)
def show_a_new_market(ctx: Context, fact: MarketLaunched) -> None:
    """A market's index is made when it opens."""
    rebuild_index(ctx, market=fact.code)


@on(SellerApproved)
def show_an_approved_seller(ctx: Context, fact: SellerApproved) -> None:
    """An approved seller's goods appear."""
    index_seller(ctx, seller_id=fact.seller_id)


@on(SellerSuspended)
def hide_a_suspended_seller(ctx: Context, fact: SellerSuspended) -> None:
    """A suspended seller's goods disappear."""
    index_seller(ctx, seller_id=fact.seller_id)


@on(SellerChanged)
def show_a_changed_seller(ctx: Context, fact: SellerChanged) -> None:
    """Where a seller ships from, and what kind of trader it is."""
    index_seller(ctx, seller_id=fact.seller_id)


@every(seconds=15)
def show_stock(ctx: Context) -> None:
    """What is sold out or back."""
    follow_stock(ctx)


@every(seconds=60)
def show_windows(ctx: Context) -> None:
    """Offers that opened or closed by the clock."""
    follow_windows(ctx)


@every(seconds=60)
def make_missing_indexes(ctx: Context) -> None:
    """After an upgrade."""
    rebuild_missing(ctx)
