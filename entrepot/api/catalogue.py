"""What can be bought: markets, categories, products with their offers, shops, and the full cost of goods."""

from __future__ import annotations

from datetime import date as Day
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from entrepot.api.operation import Page, operation
from entrepot.catalog.queries import (
    ProductView,
    VariantView,
    categories,
    category_by_slug,
    product_by_short_id,
    products_by_id,
    text_in,
    values_in,
)
from entrepot.inventory.queries import available
from entrepot.kit.context import Context
from entrepot.kit.errors import NotFound
from entrepot.kit.ids import read_id, show_id
from entrepot.landedcost.errors import (
    DutyUnknown,
    GoodsBlocked,
    PriceBelowDuties,
    PriceBelowMinimum,
    SalesTaxUnknown,
    SchemeUnknown,
    TerritoryNotServed,
)
from entrepot.landedcost.queries import GoodsLine, WrittenQuote, quote, written
from entrepot.markets.errors import CurrencyUnknown, RateUnknown, RuleMissing, UnknownMarket
from entrepot.markets.queries import market_by_code, open_markets
from entrepot.offers.queries import OfferView, offers_for_products, prior_prices
from entrepot.parties.queries import SellerView, seller_by_slug, sellers_by_id
from entrepot.search.queries import Filters, Sort, search
from entrepot.settlement.errors import NoCommissionRule, PlatformUnknown
from entrepot.settlement.queries import Sale, fee_quote

Country = Annotated[
    str, msgspec.Meta(pattern="^[A-Z]{2}$", description="ISO 3166 country code.", examples=["ES"])
]
Language = Annotated[
    str, msgspec.Meta(pattern="^[a-z]{2}(-[a-z]{2,4})?$", description="Language of texts.", examples=["es"])
]
Limit = Annotated[int, msgspec.Meta(ge=1, le=100, description="How many at most.")]
Cursor = Annotated[str, msgspec.Meta(max_length=300, description="`next_cursor` of the page before.")]
Words = Annotated[str, msgspec.Meta(max_length=200)]
Slug = Annotated[str, msgspec.Meta(max_length=80, pattern="^[a-z0-9-]*$")]


class Money(msgspec.Struct, frozen=True):
    """Whole minor units of a currency: 990 EUR is 9.90 €."""

    minor: int
    currency: str


class MarketOut(msgspec.Struct, frozen=True):
    """A country one can buy in."""

    code: str
    name: str
    currency: str
    languages: list[str]
    state: str
    price_display: Literal["gross", "net"]


class Markets(msgspec.Struct, frozen=True):
    """All open markets."""

    data: list[MarketOut]


class CategoryOut(msgspec.Struct, frozen=True):
    """A node of the category tree; `path` runs from the root to itself."""

    slug: str
    name: str
    parent: str
    path: list[str]
    children: list[str]


class Categories(msgspec.Struct, frozen=True):
    """The whole tree, parents first."""

    data: list[CategoryOut]


class OfferOut(msgspec.Struct, frozen=True):
    """A price to buy at: gross, all taxes and duties inside. `prior_price` only while a reduction is announced."""

    id: str
    variant_id: str
    price: Money
    condition: str
    available: int
    ships_from: str
    handling_days: int
    prior_price: Money | None = None
    limit_per_buyer: int | None = None


class VariantOut(msgspec.Struct, frozen=True):
    """One buyable form of a product."""

    id: str
    sku: str
    gtin: str
    options: dict[str, str]
    weight_g: int


class SellerOut(msgspec.Struct, frozen=True):
    """Who sells."""

    id: str
    slug: str
    name: str
    legal_name: str
    trader_type: str
    country: str


class ProductOut(msgspec.Struct, frozen=True):
    """A product in one market and language. `language` says which language the texts really are in."""

    id: str
    url: str
    title: str
    description: str
    language: str
    brand: str
    category: str
    origin_country: str
    hs6: str
    seller: SellerOut
    variants: list[VariantOut]
    offers: list[OfferOut]


class Products(msgspec.Struct, frozen=True):
    """A page of products."""

    data: list[ProductOut]
    page: Page
    total: int


class TextQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """In which market and language."""

    market: Country = "ES"
    language: Language = "es"


class ProductQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to find, in which market and language."""

    market: Country = "ES"
    language: Language = "es"
    q: Words = ""
    category: Slug = ""
    seller: Slug = ""
    sort: Sort = "best"
    limit: Limit = 24
    cursor: Cursor = ""


class QuoteLineIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Goods to quote; the price is for one."""

    hs6: Annotated[str, msgspec.Meta(pattern="^([0-9]{6,10})?$", examples=["610443"])]
    price_minor: Annotated[int, msgspec.Meta(ge=0, le=10_000_000_00)]
    quantity: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 1
    vat_goods: Annotated[str, msgspec.Meta(pattern="^[a-z_]{2,40}$")] = "general"
    weight_g: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0
    name: Annotated[str, msgspec.Meta(max_length=200)] = ""


class QuoteIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A consignment to quote, from one place to another: what `entrepot quote` takes.

    `date` is the day of the sale, today without it; `currency` is that of all prices; `attested` is what the seller
    vouches for.
    """

    origin: Country
    destination: Country
    lines: Annotated[list[QuoteLineIn], msgspec.Meta(min_length=1, max_length=64)]
    seller_country: Country | None = None
    currency: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")] = "EUR"
    shipping_minor: Annotated[int, msgspec.Meta(ge=0, le=10_000_000)] = 0
    price_mode: Literal["net", "gross"] = "net"
    via: Literal["ioss", "post"] = "ioss"
    date: Day | None = None
    duty_payer: Literal["buyer", "seller"] = "buyer"
    region: Annotated[str, msgspec.Meta(pattern="^[A-Z0-9-]{0,10}$")] = ""
    before_tax: bool = False
    postcode: Annotated[str, msgspec.Meta(max_length=12)] = ""
    parcels: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 1
    attested: list[Literal["below_oss_limit", "cbec_positive_list"]] = []


class FeeQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sale to compute the fee of: the gross price of one article, and who sells it how."""

    price_minor: Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000, examples=[4000])]
    market: Country = "ES"
    category: Slug = ""
    seller_country: Country = "ES"
    kind: Literal["company", "private"] = "company"
    vat_no: Literal["yes", "no"] = "yes"
    programme: Annotated[str, msgspec.Meta(max_length=40)] = ""
    channel: Literal["web", "api"] = "web"


class FeeOut(msgspec.Struct, frozen=True):
    """What a seller receives: price − commission − VAT on it, in minor units of `currency`; `rule` is the one that fitted."""

    currency: str
    price_minor: int
    rule: str
    rate_bp: int
    fixed_minor: int
    commission_minor: int
    commission_vat_minor: int
    vat_treatment: Literal["domestic", "oss", "reverse_charge", "outside"]
    receive_minor: int


def product_out(
    view: ProductView,
    offers: list[OfferView],
    left: dict[UUID, int],
    prior: dict[UUID, int],
    query: ProductQuery | TextQuery,
    seller: SellerOut,
) -> ProductOut:
    """One product as the API shows it."""
    title, language = text_in(view.title, query.language)
    return ProductOut(
        id=show_id("prd", view.id),
        url=f"/{query.market.lower()}-{query.language}/p/{view.address}",
        title=title,
        description=text_in(view.description, query.language)[0],
        language=language,
        brand=view.brand,
        category=view.category.slug,
        origin_country=view.origin_country,
        hs6=view.hs6,
        seller=seller,
        variants=[_variant(variant, query.language) for variant in view.variants if variant.is_active],
        offers=[_offer(offer, left, prior) for offer in offers],
    )


def _variant(view: VariantView, language: str) -> VariantOut:
    options = values_in(view.options, language)
    return VariantOut(show_id("var", view.id), view.sku, view.gtin, options, view.weight_g)


def _offer(view: OfferView, left: dict[UUID, int], prior: dict[UUID, int]) -> OfferOut:
    before = prior.get(view.id)
    return OfferOut(
        id=show_id("ofr", view.id),
        variant_id=show_id("var", view.variant_id),
        price=Money(view.price_minor, view.currency),
        condition=view.condition,
        available=left.get(view.variant_id, 0),
        ships_from=view.ships_from_country,
        handling_days=view.handling_days,
        prior_price=Money(before, view.currency)
        if before is not None and before > view.price_minor
        else None,
        limit_per_buyer=view.limit_per_buyer or None,
    )


def products_out(ctx: Context, ids: list[UUID], query: ProductQuery | TextQuery) -> list[ProductOut]:
    """Products in the given order, each with its offers in the market; a fixed number of SQL statements."""
    views = products_by_id(ids)
    offers = offers_for_products(query.market, ids)
    every = [offer for several in offers.values() for offer in several if offer.is_open(ctx.at)]
    left = available(offer.variant_id for offer in every)
    prior = prior_prices([offer.id for offer in every], ctx.at)
    sellers = sellers_by_id(view.seller_id for view in views.values())
    return [
        product_out(
            views[each],
            [offer for offer in offers.get(each, []) if offer.is_open(ctx.at)],
            left,
            prior,
            query,
            _seller(sellers[views[each].seller_id]),
        )
        for each in ids
        if each in views
    ]


def _seller(view: SellerView) -> SellerOut:
    return SellerOut(
        id=show_id("sel", view.id),
        slug=view.slug,
        name=view.display_name,
        legal_name=view.legal_name,
        trader_type=view.trader_type,
        country=view.country,
    )


def _open_market(code: str) -> None:
    if not market_by_code(code).is_public:
        raise NotFound(what="open market")


@operation("GET", "/v1/markets", tag="Catalogue", scope="catalog:read")
def list_markets(ctx: Context) -> Markets:
    """The markets that are open.

    A market is a country with its language, currency and law.
    """
    return Markets(
        [
            MarketOut(p.code, p.name, p.currency, list(p.languages), p.state, p.price_display)
            for p in open_markets()
            if p.is_public
        ]
    )


@operation("GET", "/v1/categories", tag="Catalogue", scope="catalog:read")
def list_categories(ctx: Context, *, query: TextQuery) -> Categories:
    """The category tree, parents first."""
    tree = categories()
    ordered = sorted(tree.by_slug.values(), key=lambda view: (len(view.path), view.position, view.slug))
    return Categories(
        [
            CategoryOut(v.slug, text_in(v.names, query.language)[0], v.parent, list(v.path), list(v.children))
            for v in ordered
        ]
    )


@operation("GET", "/v1/products", tag="Catalogue", scope="catalog:read", refusals=(NotFound, UnknownMarket))
def list_products(ctx: Context, *, query: ProductQuery) -> Products:
    """Find products by words, category or shop.

    The same index, order and prices as the shop's pages. Words may hold typing mistakes.
    """
    _open_market(query.market)
    filters = Filters(
        category=query.category,
        sellers=(seller_by_slug(query.seller).id,) if query.seller else (),
    )
    found = search(
        query.market, query.language, text=query.q, filters=filters, sort=query.sort, cursor=query.cursor,
        limit=query.limit, with_facets=False,
    )  # fmt: skip
    page = Page(bool(found.next_cursor), found.next_cursor or None)
    return Products(products_out(ctx, list(found.product_ids), query), page, found.total)


@operation(
    "GET", "/v1/products/{product_id}", tag="Catalogue", scope="catalog:read", refusals=(UnknownMarket,)
)
def read_product(ctx: Context, *, product_id: str, query: TextQuery) -> ProductOut:
    """One product with its variants and open offers.

    `product_id` is `prd_…` or the short id at the end of its page's address.
    """
    _open_market(query.market)
    if product_id.startswith("prd_"):
        found = read_id("prd", product_id)
    else:
        found = product_by_short_id(product_id.rsplit("-", 1)[-1]).id
    products = products_out(ctx, [found], query)
    if not products:
        raise NotFound(what="product")
    return products[0]


@operation("GET", "/v1/shops/{slug}", tag="Catalogue", scope="catalog:read", refusals=(NotFound,))
def read_shop(ctx: Context, *, slug: str) -> SellerOut:
    """Who sells: legal name, place, professional or private."""
    view = seller_by_slug(slug)
    if view.state != "approved":
        raise NotFound(what="shop")
    return _seller(view)


@operation(
    "GET",
    "/v1/fees",
    tag="Catalogue",
    scope="catalog:read",
    refusals=(UnknownMarket, NotFound, NoCommissionRule, PlatformUnknown),
)
def read_fee(ctx: Context, *, query: FeeQuery) -> FeeOut:
    """What a seller would receive for a sale today.

    By the operator's list of commissions as it stands: the first rule that fits. An order keeps the rule of the moment it
    was placed. Taxes of the sale itself, delivery and duties are not in it.
    """
    market = market_by_code(query.market)
    market_by_code(query.seller_country)
    sale = Sale(
        on=ctx.at.date(),
        market=market.code,
        currency=market.currency,
        category_path=category_by_slug(query.category).path if query.category else (),
        programme=query.programme,
        channel=query.channel,
        trader_type=query.kind,
    )
    made = fee_quote(
        sale,
        price_minor=query.price_minor,
        seller_country=query.seller_country,
        has_vat_no=query.vat_no == "yes",
        at=ctx.at,
    )
    price, commission, vat = (line.minor for line in made.lines)
    return FeeOut(
        made.currency,
        price,
        made.rule.rule_id,
        made.rule.rate_bp,
        made.rule.fixed_minor,
        -commission,
        -vat,
        made.vat_treatment,
        made.receive_minor,
    )


@operation("POST", "/v1/quotes", tag="Catalogue", scope="catalog:read",
           refusals=(UnknownMarket, DutyUnknown, GoodsBlocked, PriceBelowDuties, PriceBelowMinimum, SchemeUnknown,
                     SalesTaxUnknown, TerritoryNotServed, CurrencyUnknown, RateUnknown, RuleMissing))  # fmt: skip
def make_quote(ctx: Context, *, body: QuoteIn) -> WrittenQuote:
    """The full cost of goods from one country to another, with the arithmetic.

    Every part names its rule and source. What the tables do not know is refused with the reason, never guessed.
    Prices are for one piece; in `gross` mode they already hold VAT and duty. Stores nothing. The answer is what
    `entrepot quote --json` prints: amounts as whole minor units and as decimal text.
    """
    lines = [
        GoodsLine(
            line.name or str(index + 1),
            line.hs6,
            line.vat_goods,
            line.quantity,
            line.price_minor,
            line.weight_g,
        )
        for index, line in enumerate(body.lines)
    ]
    made = quote(
        lines,
        origin=body.origin,
        destination=body.destination,
        on=body.date or ctx.at.date(),
        seller_country=body.seller_country or body.origin,
        via=body.via,
        shipping_minor=body.shipping_minor,
        currency=body.currency,
        price_mode=body.price_mode,
        duty_payer=body.duty_payer,
        region=body.region,
        postcode=body.postcode,
        parcels=body.parcels,
        attested=frozenset(body.attested),
        before_tax=body.before_tax,
    )
    return written(made)
