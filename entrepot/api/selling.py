"""For sellers' programs: their products, prices, stock and orders. A key acts for one seller and sees its own only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from django.conf import settings

from entrepot.api.catalogue import Country, Cursor, Language, Limit, Money
from entrepot.api.operation import Page, operation
from entrepot.catalog.commands import ProductDraft, VariantDraft, add_media, remove_media
from entrepot.catalog.errors import (
    CustomsCodeWrong,
    FieldWrong,
    HeadingUnknown,
    PictureRefused,
    ProductIncomplete,
    SkuTaken,
    UnknownCategory,
)
from entrepot.catalog.queries import (
    ProductView,
    products_by_handle,
    products_of_seller,
    variants_by_sku,
)
from entrepot.compliance.queries import gaps_of_views
from entrepot.inventory.commands import StockDraft, save_stock
from entrepot.inventory.errors import QuantityOutOfRange, StockShort
from entrepot.inventory.queries import locations_of, stock_of_seller, stock_of_variants
from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid, NotFound, Refusal
from entrepot.kit.ids import read_id, read_number, show_id
from entrepot.logistics.errors import (
    ConsignmentClosed,
    CustomsIncomplete,
    NoRoute,
    NoSuchParcel,
    ParcelNotReady,
    PlaceNotServed,
    TooHeavy,
)
from entrepot.markets.errors import UnknownMarket
from entrepot.offers.commands import offer_product
from entrepot.offers.errors import CurrencyOfAnotherMarket, OfferHeldBack, PriceOutOfRange
from entrepot.offers.queries import own_offers_for_products
from entrepot.orders.commands import mark_packed, mark_shipped
from entrepot.orders.errors import WrongState
from entrepot.orders.queries.orders import OrderView, order_view, orders_of

Sku = Annotated[
    str, msgspec.Meta(min_length=1, max_length=60, pattern=r"^[\x21-\x7e]+$", examples=["ACEITE-500"])
]
Handle = Annotated[
    str, msgspec.Meta(min_length=1, max_length=80, pattern="^[a-z0-9][a-z0-9-]*$", examples=["aceite-picual"])
]
OptionName = Annotated[str, msgspec.Meta(min_length=1, max_length=40, examples=["colour"])]
AttributeText = Annotated[str, msgspec.Meta(max_length=1000, examples=["algodón"])]
OptionText = Annotated[str, msgspec.Meta(max_length=80, examples=["azul"])]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=10_000)]


class OnlySellers(Refusal):
    code = "only_sellers"
    status = 403
    template = "This key does not act for a seller."
    next_step = "use_a_seller_key"


class VariantIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One buyable form with its price; left-out fields stay as they are.

    An option reads the same in every language (`"size": "M"`) or has a text for each (`"colour": {"es": "azul", "en": "blue"}`).
    """

    sku: Sku
    gtin: Annotated[str, msgspec.Meta(pattern="^([0-9]{8}|[0-9]{12,14})?$")] | None = None
    options: dict[OptionName, OptionText | dict[Language, OptionText]] | None = None
    weight_g: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] | None = None
    price_minor: Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000)] | None = None


class MakerIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who makes it, as product safety law wants it said. Left-out fields stay as they are."""

    name: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    address: Annotated[str, msgspec.Meta(max_length=300)] | None = None
    email: Annotated[str, msgspec.Meta(max_length=254)] | None = None
    url: Annotated[str, msgspec.Meta(max_length=300)] | None = None
    country: Country | None = None


HsCode = Annotated[str, msgspec.Meta(pattern="^([0-9]{8,10})?$", examples=["6109100010"])]


class ProductIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A product by its handle; texts by language. Left-out fields stay as they are.

    `hs_codes`: the longer codes of customs areas, by `EU` or country; an empty one is taken away. Attributes that a rule
    of law asks for have a form (`repair_info`, `product_passport` … a link, `energy_class` a letter,
    `software_update_years` a number); what does not fit is `field_wrong`.
    """

    title: dict[Language, Text] | None = None
    description: dict[Language, Text] | None = None
    category: Annotated[str, msgspec.Meta(max_length=80)] | None = None
    brand: Annotated[str, msgspec.Meta(max_length=120)] | None = None
    attributes: dict[OptionName, AttributeText | dict[Language, AttributeText]] | None = None
    safety: dict[Language, Text] | None = None
    ingredients: dict[Language, Text] | None = None
    manufacturer: MakerIn | None = None
    hs6: Annotated[str, msgspec.Meta(pattern="^([0-9]{6})?$")] | None = None
    hs_codes: dict[Country, HsCode] | None = None
    origin_country: Country | None = None
    state: Literal["draft", "active", "archived"] | None = None
    market: Country = "ES"
    currency: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")] = "EUR"
    variants: Annotated[list[VariantIn], msgspec.Meta(max_length=250)] = msgspec.field(default_factory=list)


class OwnVariant(msgspec.Struct, frozen=True):
    """A variant with its price in the market and what is left."""

    id: str
    sku: str
    gtin: str
    options: dict[str, str | dict[str, str]]
    weight_g: int
    left: int
    offer_id: str | None = None
    price: Money | None = None
    offer_state: str | None = None


class PhotoOut(msgspec.Struct, frozen=True):
    """A photo of a product. `url` is its largest size; `sku` is empty when it shows every variant."""

    id: str
    url: str
    width: int
    height: int
    sku: str = ""


class PhotoQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the photo shows: the variant with this SKU; left out, the product."""

    sku: Annotated[str, msgspec.Meta(max_length=60)] = ""


class GapOut(msgspec.Struct, frozen=True):
    """What the law asks before sale and is missing: the rule, the field, why, and what closes it."""

    rule: str
    field: str
    detail: str
    fix: str
    blocks: bool


class OwnProduct(msgspec.Struct, frozen=True):
    """A product as its seller sees it."""

    id: str
    handle: str
    state: str
    title: dict[str, str]
    category: str
    hs6: str
    hs_codes: dict[str, str]
    origin_country: str
    variants: list[OwnVariant]
    photos: list[PhotoOut]
    gaps: list[GapOut]


class OwnProducts(msgspec.Struct, frozen=True):
    """A page of the seller's products."""

    data: list[OwnProduct]
    page: Page


class OwnProductsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which of the seller's products."""

    market: Country = "ES"
    state: Literal["", "draft", "active", "archived"] = ""
    limit: Limit = 50
    cursor: Cursor = ""


class SavedOut(msgspec.Struct, frozen=True):
    """What became of it: `new`, `changed` or `same`."""

    product: OwnProduct
    outcome: str


class StockRow(msgspec.Struct, frozen=True):
    """Stock of a variant at a location; `pending` is announced and not yet counted by the intake."""

    variant_id: str
    location: str
    on_hand: int
    pending: int


class StockRows(msgspec.Struct, frozen=True):
    """A page of stock."""

    data: list[StockRow]
    page: Page


class StockQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where to go on."""

    limit: Limit = 100
    cursor: Cursor = ""


class StockIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Say how many there are (`quantity`) or how many more (`delta`); exactly one of the two."""

    quantity: Annotated[int, msgspec.Meta(ge=0, le=100_000_000)] | None = None
    delta: Annotated[int, msgspec.Meta(ge=-100_000_000, le=100_000_000)] | None = None
    location: Annotated[str, msgspec.Meta(max_length=40)] = ""


class StockOut(msgspec.Struct, frozen=True):
    """How many there were and will be once the intake has counted."""

    sku: str
    before: int
    after: int
    outcome: str


def seller_of(ctx: Context) -> UUID:
    """The seller this key acts for. Refuses: OnlySellers."""
    if ctx.actor.seller_id is None:
        raise OnlySellers()
    return ctx.actor.seller_id


def _own(ctx: Context, views: list[ProductView], market: str) -> list[OwnProduct]:
    """Products with their offers in the market, their stock, and what keeps them from sale."""
    offers = own_offers_for_products(ctx, market, [view.id for view in views])
    left = stock_of_variants(ctx, [variant.id for view in views for variant in view.variants])
    gaps = gaps_of_views(views, market, on=ctx.at.date())
    made = []
    for view in views:
        by_variant = {offer.variant_id: offer for offer in offers.get(view.id, [])}
        variants = []
        for variant in view.variants:
            offer = by_variant.get(variant.id)
            variants.append(
                OwnVariant(
                    id=show_id("var", variant.id),
                    sku=variant.sku,
                    gtin=variant.gtin,
                    options={name: _worded(value) for name, value in variant.options.items()},
                    weight_g=variant.weight_g,
                    left=sum(row.on_hand for row in left.get(variant.id, [])),
                    offer_id=show_id("ofr", offer.id) if offer else None,
                    price=Money(offer.price_minor, offer.currency) if offer else None,
                    offer_state=offer.state if offer else None,
                )
            )
        title = {str(name): str(value) for name, value in view.title.items()}
        made.append(
            OwnProduct(
                show_id("prd", view.id), view.handle, view.state, title, view.category.slug, view.hs6,
                dict(view.codes), view.origin_country, variants, _photos(view),
                [GapOut(gap.code, gap.field, str(gap.sentence), gap.fix, gap.blocks) for gap in gaps[view.id]],
            )
        )  # fmt: skip
    return made


def _photos(view: ProductView) -> list[PhotoOut]:
    skus = {variant.id: variant.sku for variant in view.variants}
    return [
        PhotoOut(
            show_id("pic", photo.id),
            f"{settings.BASE_URL}{settings.MEDIA_URL}{photo.path(photo.width, 'jpg')}",
            photo.width,
            photo.height,
            skus.get(photo.variant_id, "") if photo.variant_id else "",
        )
        for photo in view.media
    ]


def _worded(value: object) -> str | dict[str, str]:
    """An option as it was given: one text, or a text by language."""
    return {str(k): str(v) for k, v in value.items()} if isinstance(value, Mapping) else str(value)


@operation(
    "GET", "/v1/seller/products", tag="Selling", scope="catalog:write", refusals=(OnlySellers, UnknownMarket)
)
def list_own_products(ctx: Context, *, query: OwnProductsQuery) -> OwnProducts:
    """The seller's products, newest first."""
    seller_id = seller_of(ctx)
    after = read_id("prd", query.cursor) if query.cursor else None
    views = products_of_seller(
        ctx, seller_id=seller_id, state=query.state, after=after, limit=query.limit + 1
    )
    more = len(views) > query.limit
    shown = views[: query.limit]
    page = Page(more, show_id("prd", shown[-1].id) if more else None)
    return OwnProducts(_own(ctx, shown, query.market), page)


@operation(
    "PUT",
    "/v1/seller/products/{handle}",
    tag="Selling",
    scope="catalog:write",
    refusals=(
        OnlySellers,
        NotFound,
        UnknownMarket,
        OfferHeldBack,
        PriceOutOfRange,
        CurrencyOfAnotherMarket,
        SkuTaken,
        UnknownCategory,
        ProductIncomplete,
        CustomsCodeWrong,
        FieldWrong,
        HeadingUnknown,
    ),
)
def save_own_product(ctx: Context, *, handle: Handle, body: ProductIn) -> SavedOut:
    """Create or change a product, its variants and their prices: all of it, or nothing.

    Doing it twice changes nothing. Left-out fields and variants stay as they are. A price puts a variant on sale; where
    something the law asks for is missing the answer is `offer_held_back`, with each rule, field and way out in `errors`.
    Without prices the product is stored, and `gaps` says what is missing.
    """
    seller_id = seller_of(ctx)
    draft = ProductDraft(
        seller_id, handle, category=body.category, brand=body.brand, title=body.title, description=body.description,
        attributes=body.attributes, safety=body.safety, ingredients=body.ingredients, manufacturer=_maker(body),
        hs6=body.hs6, hs_codes={place: code or None for place, code in (body.hs_codes or {}).items()},
        origin_country=body.origin_country, state=body.state,
        variants=tuple(VariantDraft(v.sku, gtin=v.gtin, options=v.options, weight_g=v.weight_g) for v in body.variants),
    )  # fmt: skip
    prices = {v.sku: v.price_minor for v in body.variants if v.price_minor is not None}
    saved = offer_product(ctx, draft=draft, market=body.market, currency=body.currency, prices_minor=prices)
    view = products_by_handle(ctx, seller_id, [handle])[handle]
    return SavedOut(_own(ctx, [view], body.market)[0], saved.outcome)


def _maker(body: ProductIn) -> dict[str, str] | None:
    maker = body.manufacturer
    said = (
        {name: getattr(maker, name) for name in ("name", "address", "email", "url", "country")}
        if maker
        else {}
    )
    return {name: value for name, value in said.items() if value is not None} if maker else None


@operation(
    "POST", "/v1/seller/products/{handle}/photos", tag="Selling", scope="catalog:write", key=True, status=201,
    refusals=(OnlySellers, NotFound, PictureRefused),
)  # fmt: skip
def add_own_photo(ctx: Context, *, handle: str, query: PhotoQuery, image: bytes) -> PhotoOut:
    """Hang a photo on a product: the body is the file (JPEG, PNG or WebP, at most 20 MB and 40 million pixels).

    It is taken apart and made anew in our own sizes; nothing else of the file is kept. The same photo hangs once.
    """
    view = _own_view(ctx, handle)
    variant = next((each for each in view.variants if each.sku == query.sku), None)
    if query.sku and variant is None:
        raise NotFound(what="variant with this SKU")
    made = add_media(ctx, product_id=view.id, content=image, variant_id=variant.id if variant else None)
    shown = _photos(_own_view(ctx, handle))
    return next(photo for photo in shown if photo.id == show_id("pic", made))


@operation("DELETE", "/v1/seller/products/{handle}/photos/{photo}", tag="Selling", scope="catalog:write",
           refusals=(OnlySellers, NotFound))  # fmt: skip
def remove_own_photo(ctx: Context, *, handle: str, photo: str) -> None:
    """Take a photo off a product."""
    found = next((each for each in _own_view(ctx, handle).media if show_id("pic", each.id) == photo), None)
    if found is None:
        raise NotFound(what="photo")
    remove_media(ctx, media_id=found.id)


def _own_view(ctx: Context, handle: str) -> ProductView:
    view = products_by_handle(ctx, seller_of(ctx), [handle]).get(handle)
    if view is None:
        raise NotFound(what="product")
    return view


@operation("GET", "/v1/seller/stock", tag="Selling", scope="stock:write", refusals=(OnlySellers,))
def list_stock(ctx: Context, *, query: StockQuery) -> StockRows:
    """What the seller has, by variant and location."""
    seller_id = seller_of(ctx)
    after = read_id("stk", query.cursor) if query.cursor else None
    rows = stock_of_seller(ctx, seller_id=seller_id, after=after, limit=query.limit + 1)
    more = len(rows) > query.limit
    shown = rows[: query.limit]
    page = Page(more, show_id("stk", shown[-1].id) if more else None)
    return StockRows(
        [StockRow(show_id("var", r.variant_id), r.location_code, r.on_hand, r.pending) for r in shown], page
    )


@operation(
    "POST",
    "/v1/seller/stock/{sku}",
    tag="Selling",
    scope="stock:write",
    key=True,
    refusals=(OnlySellers, NotFound, QuantityOutOfRange, StockShort),
)
def correct_stock(ctx: Context, *, sku: str, body: StockIn) -> StockOut:
    """Set or correct how many of a variant there are.

    The change is announced with this answer and counted by the order intake a moment later.
    """
    seller_id = seller_of(ctx)
    if (body.quantity is None) == (body.delta is None):
        raise Invalid(field="/quantity", reason="Give quantity or delta, one of the two.")
    variant = variants_by_sku(ctx, seller_id, [sku]).get(sku)
    places = {place.code: place for place in locations_of(ctx, seller_id)}
    place = places.get(body.location) if body.location else next(iter(places.values()), None)
    if variant is None:
        raise NotFound(what="variant with this SKU")
    if place is None:
        raise NotFound(what="location")
    draft = StockDraft(seller_id, variant.id, place.id, quantity=body.quantity, delta=body.delta)
    saved = save_stock(ctx, drafts=[draft], reason="api")[0]
    return StockOut(sku, saved.before, saved.after, saved.outcome)


class OwnOrdersQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which of the seller's orders."""

    state: Literal["", "paid", "packed", "shipped", "delivered", "completed", "cancelled", "refunded"] = ""
    limit: Limit = 50
    cursor: Cursor = ""


class ConsigneeOut(msgspec.Struct, frozen=True):
    """Who receives it. No e-mail: the seller does not need it for the parcel."""

    name: str
    phone: str
    line1: str
    line2: str
    postcode: str
    city: str
    region: str
    country: str


class OwnOrderLine(msgspec.Struct, frozen=True):
    """A line to pack."""

    sku: str
    title: dict[str, str]
    quantity: int
    price: Money


class OwnOrder(msgspec.Struct, frozen=True):
    """An order as its seller sees it."""

    number: str
    state: str
    lines: list[OwnOrderLine]
    total: Money
    ship_by: date | None
    placed_at: datetime
    consignee: ConsigneeOut | None


class OwnOrders(msgspec.Struct, frozen=True):
    """A page of the seller's orders."""

    data: list[OwnOrder]
    page: Page


class PackIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The weight of the closed box; left out, that of goods and carton counts.

    `carton` is the code of one of our cartons, `contents` the pieces in the box by SKU; left out, all that is in no box yet.
    """

    weight_g: Annotated[int, msgspec.Meta(ge=1, le=70_000)] | None = None
    carton: Annotated[str, msgspec.Meta(max_length=12)] = ""
    contents: dict[str, Annotated[int, msgspec.Meta(ge=1, le=500)]] | None = None


class PackedOut(msgspec.Struct, frozen=True):
    """A closed box and its tracking number."""

    number: str
    state: str
    tracking_no: str


class ShippedOut(msgspec.Struct, frozen=True):
    """The order after hand-over."""

    number: str
    state: str


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An empty object."""


def _own_order(view: OrderView) -> OwnOrder:
    who = view.consignee
    return OwnOrder(
        number=view.number,
        state=view.state,
        lines=[
            OwnOrderLine(line.sku, dict(line.title), line.quantity, Money(line.price_minor, view.currency))
            for line in view.lines
        ],
        total=Money(view.total_minor, view.currency),
        ship_by=view.ship_by,
        placed_at=view.placed_at,
        consignee=ConsigneeOut(
            who.name, who.phone, who.line1, who.line2, who.postcode, who.city, who.region, who.country
        )
        if who
        else None,
    )


@operation("GET", "/v1/seller/orders", tag="Selling", scope="orders:fulfil", refusals=(OnlySellers,))
def list_own_orders(ctx: Context, *, query: OwnOrdersQuery) -> OwnOrders:
    """The seller's orders, newest first."""
    seller_of(ctx)
    found = orders_of(ctx, state=query.state, cursor=query.cursor, limit=query.limit)
    page = Page(bool(found.next_cursor), found.next_cursor or None)
    return OwnOrders([_own_order(view) for view in found.orders], page)


@operation("GET", "/v1/seller/orders/{number}", tag="Selling", scope="orders:fulfil", refusals=(OnlySellers,))
def read_own_order(ctx: Context, *, number: str) -> OwnOrder:
    """One order with its consignee."""
    seller_of(ctx)
    return _own_order(order_view(ctx, order_id=read_number(number)))


@operation("POST", "/v1/seller/orders/{number}/pack", tag="Selling", scope="orders:fulfil", key=True, status=201,
           refusals=(OnlySellers, WrongState, ConsignmentClosed, TooHeavy))  # fmt: skip
def pack_own_order(ctx: Context, *, number: str, body: PackIn) -> PackedOut:
    """Close a box of a paid order and give it its label; again: one more box."""
    seller_of(ctx)
    packed = mark_packed(
        ctx,
        order_id=read_number(number),
        weight_g=body.weight_g,
        carton=body.carton,
        contents=body.contents,
    )
    return PackedOut(number, packed.state, packed.tracking_no)


@operation("POST", "/v1/seller/orders/{number}/ship", tag="Selling", scope="orders:fulfil", key=True,
           refusals=(OnlySellers, WrongState, ConsignmentClosed, ParcelNotReady, CustomsIncomplete, NoSuchParcel, TooHeavy, NoRoute, PlaceNotServed))  # fmt: skip
def ship_own_order(ctx: Context, *, number: str, body: Nothing) -> ShippedOut:
    """Hand every box of an order to the carrier."""
    seller_of(ctx)
    return ShippedOut(number, mark_shipped(ctx, order_id=read_number(number)))
