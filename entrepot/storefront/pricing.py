"""What a price is made of, as the page explains it: one quote, remembered for the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from entrepot.catalog.queries import ProductView
from entrepot.kit.errors import Refusal
from entrepot.landedcost.queries import GoodsLine, Quote, quote
from entrepot.markets.queries import customs_area
from entrepot.offers.queries import OfferView
from entrepot.parties.queries import SellerView
from entrepot.storefront.places import Place


@dataclass(frozen=True, slots=True)
class Inside:
    """The breakdown of the price shown for one article, or why there is none (`refusal`, a sentence).

    Where prices are shown without tax, what comes on top before the tax of the place of delivery.
    """

    quote: Quote | None
    is_import: bool
    refusal: str


@lru_cache(8192)
def _quoted(
    hs6: str, vat_goods: str, price_minor: int, origin: str, destination: str, on: date, seller_country: str, currency: str,
    price_mode: str,
) -> Quote | str:  # fmt: skip
    try:
        return quote(
            [GoodsLine("1", hs6, vat_goods, 1, price_minor)],
            origin=origin,
            destination=destination,
            on=on,
            seller_country=seller_country,
            currency=currency,
            price_mode=price_mode,
            before_tax=price_mode == "net",
        )
    except Refusal as refusal:
        return refusal.sentence


def inside(place: Place, product: ProductView, offer: OfferView, seller: SellerView, on: date) -> Inside:
    """What the price of one article holds: goods, duty, VAT, each with its rule."""
    origin = offer.ships_from_country or seller.ships_from_country
    found = _quoted(
        product.code_in(customs_area(place.market.code)),
        product.vat_goods,
        offer.price_minor,
        origin,
        place.market.code,
        on,
        seller.country,
        offer.currency,
        place.market.price_display,
    )
    is_import = customs_area(origin) != customs_area(place.market.code)
    return Inside(None, is_import, found) if isinstance(found, str) else Inside(found, is_import, "")
