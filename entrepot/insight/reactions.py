"""Prices follow: the offers they are made from, the goods, and the law of the day."""

from __future__ import annotations

from entrepot.catalog.events import ProductChanged
from entrepot.insight.commands import requote_page, requote_products, score_products
from entrepot.kit.context import Context
from entrepot.kit.reaction import every, on
from entrepot.offers.events import OfferChanged, OfferPublished


@on(OfferPublished)
def price_new_offers(ctx: Context, fact: OfferPublished) -> None:
    """What is offered in one country appears in those that take its offers."""
    if not fact.is_carried:
        requote_products(ctx, product_ids=list(fact.product_ids), are_goods_new=False)


@on(OfferChanged)
def follow_changed_offers(ctx: Context, fact: OfferChanged) -> None:
    """A seller's new price, and what is withdrawn."""
    if not fact.is_carried:
        requote_products(ctx, product_ids=list(fact.product_ids), are_goods_new=False)


@on(ProductChanged)
def follow_changed_goods(ctx: Context, fact: ProductChanged) -> None:
    """Another HS code or kind of goods is another duty or VAT rate."""
    requote_products(ctx, product_ids=list(fact.product_ids))


@every(seconds=1800)
def rank_by_what_is_bought(ctx: Context) -> None:
    """The orders “most bought” and “best rated”, and that of categories."""
    score_products(ctx)


@every(seconds=30)
def follow_the_law(ctx: Context) -> None:
    """Every day once, page by page: rates that begin today, the month's rate of exchange."""
    requote_page(ctx)
