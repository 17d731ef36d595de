"""What shop pages show, gathered from the rooms below in a fixed number of SQL statements.

What changes by a command is remembered and forgotten again by the news of its change (news.py), so that a page of a
product that nobody has touched costs one statement: what is left of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings

from entrepot.care.queries import RatingView, ratings_by_product
from entrepot.catalog.queries import ProductView, VariantView, motif_in_colour, products_by_id
from entrepot.inventory.queries import available
from entrepot.offers.queries import OfferView, UnitPrice, offers_for_products, prior_prices, unit_price
from entrepot.parties.queries import SellerView, sellers_by_id
from entrepot.storefront import delivery, show
from entrepot.storefront.news import Kept
from entrepot.storefront.places import Place

NO_MOTIF = "gift_box"  # the drawing for goods whose kind nobody named

A_MINUTE = 60.0
OF_SELLERS = {
    "parties.SellerChanged": "seller_id",
    "parties.SellerApproved": "seller_id",
    "parties.SellerSuspended": "seller_id",
}
OF_PRODUCTS = {"catalog.ProductChanged": "product_ids", "catalog.CategoriesChanged": ""}
OF_OFFERS = {"offers.OfferPublished": "product_ids", "offers.OfferChanged": "product_ids"}
OF_REVIEWS = {"care.ReviewWritten": "product_id", "care.ReviewHidden": "product_id"}

sellers: Kept[UUID, SellerView] = Kept(A_MINUTE, sellers_by_id, OF_SELLERS)
products: Kept[UUID, ProductView] = Kept(A_MINUTE, products_by_id, OF_PRODUCTS)
ratings: Kept[UUID, RatingView] = Kept(A_MINUTE, ratings_by_product, OF_REVIEWS)


@dataclass(frozen=True, slots=True)
class Picture:
    """An image by its addresses: `src` for light pages, `dark` for dark ones (empty: the same)."""

    src: str
    dark: str
    alt: str
    is_drawing: bool
    srcset: str = ""
    width: int = 640
    height: int = 640


@dataclass(frozen=True, slots=True)
class Card:
    """One product among others, ready to be shown in one language. Frozen: the same facts give the same HTML."""

    product_id: UUID
    href: str
    title: str
    title_language: str
    picture: Picture
    price_minor: int
    currency: str
    has_more_prices: bool
    unit: UnitPrice | None
    prior_minor: int
    arrives_from: date | None
    arrives_to: date | None
    delivery_minor: int
    is_duty_included: bool
    left: int
    seller_name: str
    is_company: bool
    seller_country: str
    stars_milli: int
    reviews: int


def drawing(motif: str, seed: int, view: int = 0, *, title: str = "", said: str = "") -> Picture:
    """The picture drawn by code for a motif; its address holds all it depends on, so it never changes."""
    name = f"/pictures/{motif}.{seed}.{view}"
    return Picture(f"{name}.svg", f"{name}.d.svg", f"{said}: {title}" if said else title, True)


def pictures_of(
    product: ProductView, language: str, said: str, variant: VariantView | None = None
) -> tuple[Picture, ...]:
    """The seller's photos, those of the variant first, else four drawn views in the variant's colour.

    `said` is the word for a drawing in the page's language.
    """
    title = show.text_in(product.title, language)[0]
    if product.media:
        chosen = variant.id if variant else None
        photos = sorted(product.media, key=lambda photo: photo.variant_id != chosen or chosen is None)
        return tuple(
            Picture(
                src=settings.MEDIA_URL + photo.path(640),
                dark="",
                alt=show.text_in(photo.alt, language)[0] or title,
                is_drawing=False,
                srcset=", ".join(
                    f"{settings.MEDIA_URL}{photo.path(width)} {width}w" for width in sorted(photo.widths)
                ),
                width=photo.width,
                height=photo.height,
            )
            for photo in photos
        )
    motif = motif_in_colour(product.motif or NO_MOTIF, variant.options if variant else {})
    return tuple(drawing(motif, product.motif_seed, view, title=title, said=said) for view in range(4))


@dataclass(frozen=True, slots=True)
class Choice:
    """A variant with the offer that sells it here and what is left of it."""

    variant: VariantView
    offer: OfferView
    left: int


def choices_of(product: ProductView, offers: Iterable[OfferView], left: Mapping[UUID, int]) -> list[Choice]:
    """What can be chosen of a product, in the order of its variants."""
    cheapest: dict[UUID, OfferView] = {}
    for offer in offers:
        cheapest.setdefault(offer.variant_id, offer)
    return [
        Choice(variant, cheapest[variant.id], left.get(variant.id, 0))
        for variant in product.variants
        if variant.is_active and variant.id in cheapest
    ]


def first_choice(choices: list[Choice]) -> Choice:
    """What a card shows: the cheapest that can be had, else the cheapest."""
    return min(choices, key=lambda choice: (choice.left <= 0, choice.offer.price_minor))


def reduction_of(prior: Mapping[UUID, int], offer: OfferView) -> int:
    """The prior price to show beside an offer; 0 where no reduction may be announced."""
    before = prior.get(offer.id, 0)
    return before if before > offer.price_minor else 0


@dataclass(frozen=True, slots=True)
class Shown:
    """A product on sale here with everything fresh that its card says, in no language yet."""

    product: ProductView
    choice: Choice
    has_more_prices: bool
    prior_minor: int


@dataclass(frozen=True, slots=True)
class OnSale:
    """The active offers of a product in a market, and the prior price of each that has one."""

    offers: tuple[OfferView, ...]
    prior: Mapping[UUID, int]


def _on_sale(ids: list[UUID], market: str, at: datetime) -> dict[UUID, OnSale]:
    found = offers_for_products(market, ids)
    prior = prior_prices([offer.id for offers in found.values() for offer in offers], at)
    return {
        product_id: OnSale(
            tuple(offers), {offer.id: prior[offer.id] for offer in offers if offer.id in prior}
        )
        for product_id, offers in found.items()
    }


on_sale: Kept[UUID, OnSale] = Kept(A_MINUTE, _on_sale, OF_OFFERS)


def stock_of(choosable: Iterable[OfferView]) -> dict[UUID, int]:
    """What is left by variant, at most two seconds old; the intake decides when somebody orders."""
    return _stock.of({offer.variant_id for offer in choosable})


_stock: Kept[UUID, int] = Kept(2.0, available)


def _shown(ids: list[UUID], market: str, at: datetime) -> dict[UUID, Shown]:
    """Products, offers with prior prices, stock."""
    views = products.of(ids)
    sold = on_sale.of(ids, market, at=at)
    open_offers = {
        product_id: [offer for offer in found.offers if offer.is_open(at)]
        for product_id, found in sold.items()
    }
    left = stock_of(offer for found in open_offers.values() for offer in found)
    chosen: dict[UUID, tuple[ProductView, Choice, bool]] = {}
    for product_id, found in open_offers.items():
        product = views.get(product_id)
        choices = (
            choices_of(product, found, left) if product is not None and product.state == "active" else []
        )
        if product is not None and choices:
            several = len({choice.offer.price_minor for choice in choices}) > 1
            chosen[product_id] = (product, first_choice(choices), several)
    return {
        product_id: Shown(product, choice, several, reduction_of(sold[product_id].prior, choice.offer))
        for product_id, (product, choice, several) in chosen.items()
    }


window: Kept[UUID, Shown] = Kept(2.0, _shown, OF_PRODUCTS | OF_OFFERS)


def cards(place: Place, ids: Iterable[UUID], at: datetime, postcode: str, said: str) -> list[Card]:
    """The cards of these products in this order; those not on sale here are left out."""
    shown = window.of(ids, place.market.code, at=at)
    known = sellers.of({row.choice.offer.seller_id for row in shown.values()})
    stars = ratings.of(list(shown))
    return [
        _card(place, row, known[row.choice.offer.seller_id], stars.get(product_id), at, postcode, said)
        for product_id, row in shown.items()
        if row.choice.offer.seller_id in known
    ]


def _card(
    place: Place,
    row: Shown,
    seller: SellerView,
    rating: RatingView | None,
    at: datetime,
    postcode: str,
    said: str,
) -> Card:
    product, offer = row.product, row.choice.offer
    arrives = delivery.arrival(place, offer, seller, row.choice.variant.weight_g, at, postcode)
    title, language = show.text_in(product.title, place.language)
    return Card(
        product_id=product.id,
        href=place.to("p", product.address),
        title=title,
        title_language="" if language == place.language else language,
        picture=pictures_of(product, place.language, said, row.choice.variant)[0],
        price_minor=offer.price_minor,
        currency=offer.currency,
        has_more_prices=row.has_more_prices,
        unit=unit_price(offer, row.choice.variant),
        prior_minor=row.prior_minor,
        arrives_from=arrives.from_on if arrives else None,
        arrives_to=arrives.to_on if arrives else None,
        delivery_minor=arrives.cost_minor if arrives else 0,
        is_duty_included=offer.duty == "inside",
        left=row.choice.left,
        seller_name=seller.display_name,
        is_company=seller.trader_type == "company",
        seller_country=seller.country,
        stars_milli=rating.stars_milli if rating else 0,
        reviews=rating.count if rating else 0,
    )
