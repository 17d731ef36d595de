"""What may not be offered any more leaves the shop by itself."""

from __future__ import annotations

from entrepot.catalog.events import ProductChanged
from entrepot.kit.context import Context
from entrepot.kit.reaction import on
from entrepot.offers.commands import withdraw_unfit, withdraw_unfit_of_seller
from entrepot.parties.events import SellerChanged


@on(ProductChanged)
def withdraw_offers_of_changed_products(ctx: Context, fact: ProductChanged) -> None:
    """A text, a code or a maker went away that the law asks for."""
    withdraw_unfit(ctx, product_ids=list(fact.product_ids))


@on(SellerChanged)
def withdraw_offers_of_changed_sellers(ctx: Context, fact: SellerChanged) -> None:
    """The seller can no longer be traced."""
    withdraw_unfit_of_seller(ctx, seller_id=fact.seller_id)
