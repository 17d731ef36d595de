"""What a set of wishes costs now, by seller: offers, stock, delivery promises and the quote, read from the rooms below.

The cart page, the checkout and the frozen draft all come from `price_wishes`, so they cannot differ.
A fixed number of SQL statements, whatever the number of lines and sellers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from entrepot.catalog.queries import MediaView, ProductView, VariantView, products_by_id
from entrepot.inventory.queries import available
from entrepot.kit.errors import Refusal
from entrepot.landedcost.queries import GoodsLine, Quote, QuotePart, quote
from entrepot.logistics.queries import Place, Promise, in_money_of, promise_options, ready_after
from entrepot.markets.queries import MarketPack, customs_area, pack, region_behind
from entrepot.offers.queries import OfferView, offers_by_id
from entrepot.orders.models import Purchase
from entrepot.orders.policy import decide_sum
from entrepot.parties.queries import SellerView, sellers_by_id

ADDED = ("duty", "vat", "fee")  # kinds of a quote's parts that come on top of a net price


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line or a parcel cannot be ordered as it stands. `left` is what there still is, where that matters.

    `why` is the refusal behind it, for doors that say it in other languages.
    """

    code: str
    sentence: str
    next_step: str
    left: int | None = None
    blocks: bool = True
    why: Refusal | None = None


@dataclass(frozen=True, slots=True)
class PricedLine:
    """One offer wished for. Prices are minor units for one, as its market shows them; `title` holds all languages."""

    offer_id: UUID
    offer_number: int
    product_id: UUID | None
    variant_id: UUID | None
    category_id: UUID | None
    address: str  # the last part of the product page's address
    sku: str
    title: Mapping[str, Any]
    options: Mapping[str, Any]
    motif: str
    motif_seed: int
    media: MediaView | None
    quantity: int
    price_minor: int
    noted_price_minor: int | None  # what it cost when it was put into the cart
    total_minor: int
    available: int
    vat_goods: str
    vat_rate_bp: int
    vat_minor: int
    duty_minor: int
    hs6: str
    customs_code: str  # the destination's own, longer code; without one the HS code
    origin_country: str
    weight_g: int
    withdrawal_exclusion: str
    problem: Problem | None = None

    @property
    def counts(self) -> bool:
        """Whether it is in the sums: not when it cannot be had."""
        return self.problem is None or not self.problem.blocks


@dataclass(frozen=True, slots=True)
class SellerGroup:
    """What one seller sends, in one parcel: one order when it is placed."""

    seller_id: UUID
    seller: SellerView | None
    lines: tuple[PricedLine, ...]
    options: tuple[Promise, ...]  # the ways it can be delivered, by price
    promise: Promise | None  # the chosen one
    goods_minor: int
    shipping_minor: int
    standard_shipping_minor: int
    vat_minor: int
    duty_minor: int
    duty_items: int  # how many tariff lines a flat duty counts; 0: the duty is no flat one
    total_minor: int
    parts: tuple[QuotePart, ...]
    rule_ids: tuple[str, ...]
    incoterm: str
    is_deemed_supplier: bool
    warnings: tuple[Any, ...]
    on_arrival: tuple[QuotePart, ...]  # asked for at the door, outside the total
    ready_at: datetime
    problem: Problem | None = None

    @property
    def pieces(self) -> int:
        """How many pieces of it can be ordered."""
        return sum(line.quantity for line in self.lines if line.counts)

    @property
    def counts(self) -> bool:
        """Whether anything of it can be ordered."""
        return self.problem is None and any(line.counts for line in self.lines)


@dataclass(frozen=True, slots=True)
class Priced:
    """All groups with their sums, in minor units of `currency`. VAT and duty are contained in the total.

    `before_tax`: the market adds a tax by the place of delivery, which is not known yet.
    """

    market: str
    currency: str
    before_tax: bool
    groups: tuple[SellerGroup, ...]
    goods_minor: int
    shipping_minor: int
    vat_minor: int
    duty_minor: int
    total_minor: int

    @property
    def lines(self) -> list[PricedLine]:
        """Every line of every group."""
        return [line for group in self.groups for line in group.lines]

    @property
    def problems(self) -> list[Problem]:
        """What stands in the way, groups first."""
        found = [group.problem for group in self.groups if group.problem]
        return found + [line.problem for line in self.lines if line.problem and line.problem.blocks]


@dataclass(frozen=True, slots=True)
class Wish:
    """One offer and how many. `noted_price_minor` is what the cart remembers."""

    offer_id: UUID
    quantity: int
    noted_price_minor: int | None = None


def price_wishes(
    wishes: Sequence[Wish],
    *,
    market: str,
    at: datetime,
    postcode: str = "",
    region: str = "",
    delivery: Mapping[str, str] | None = None,
) -> Priced:
    """Price wishes for a place (no postcode: the market's usual one) and chosen services by seller id.

    Where prices are shown without tax, that of the `region` (by the postcode, where that tells it) is looked up.

    Nothing is refused: what cannot be had carries its problem and stays out of the sums.
    Refuses: MixedCurrencies, SumTooLarge.
    """
    place = pack(market)
    region = (region or region_behind(place.code, postcode)) if _shows_net(place) else ""
    offers = offers_by_id(wish.offer_id for wish in wishes)
    products = products_by_id({offer.product_id for offer in offers.values()})
    left = available({offer.variant_id for offer in offers.values()})
    sellers = sellers_by_id({offer.seller_id for offer in offers.values()})
    on = at.astimezone(ZoneInfo(place.time_zone)).date()
    by_seller: dict[UUID | None, list[PricedLine]] = {}
    for wish in wishes:
        offer = offers.get(wish.offer_id)
        product = products.get(offer.product_id) if offer else None
        line = _line(wish, offer, product, left, sellers, place, at)
        by_seller.setdefault(offer.seller_id if offer else None, []).append(line)
    groups = [
        _group(
            seller_id, sellers.get(seller_id), lines, offers, place, at, on, postcode, region, delivery or {}
        )
        for seller_id, lines in by_seller.items()
        if seller_id is not None
    ]
    if None in by_seller:
        groups.append(_empty_group(UUID(int=0), None, by_seller[None], at))
    decide_sum(
        (line.total_minor, offers[line.offer_id].currency)
        for group in groups
        for line in group.lines
        if line.counts
    )
    counted = [group for group in groups if group.counts]
    decide_sum((group.total_minor, place.currency) for group in counted)
    return Priced(
        market=place.code,
        currency=place.currency,
        before_tax=_shows_net(place) and not region,
        groups=tuple(groups),
        goods_minor=sum(group.goods_minor for group in counted),
        shipping_minor=sum(group.shipping_minor for group in counted),
        vat_minor=sum(group.vat_minor for group in counted),
        duty_minor=sum(group.duty_minor for group in counted),
        total_minor=sum(group.total_minor for group in counted),
    )


def price_purchase(purchase: Purchase, at: datetime) -> Priced:
    """Price what is being checked out, for its address and chosen services."""
    return price_wishes(
        [Wish(UUID(wish["offer_id"]), wish["quantity"]) for wish in purchase.wishes],
        market=purchase.market,
        at=at,
        postcode=purchase.address.get("postcode", ""),
        region=purchase.address.get("region", ""),
        delivery=purchase.delivery,
    )


def _line(
    wish: Wish,
    offer: OfferView | None,
    product: ProductView | None,
    left: Mapping[UUID, int],
    sellers: Mapping[UUID, SellerView],
    place: MarketPack,
    at: datetime,
) -> PricedLine:
    variant: VariantView | None = None
    if offer and product:
        variant = next((each for each in product.variants if each.id == offer.variant_id), None)
    has = left.get(offer.variant_id, 0) if offer else 0
    price_minor = offer.price_minor if offer else 0
    vat_goods = product.vat_goods if product else "general"
    return PricedLine(
        offer_id=wish.offer_id,
        offer_number=offer.number if offer else 0,
        product_id=product.id if product else None,
        variant_id=offer.variant_id if offer else None,
        category_id=product.category.id if product else None,
        address=product.address if product else "",
        sku=variant.sku if variant else "",
        title=product.title if product else {},
        options=variant.options if variant else {},
        motif=product.motif if product else "",
        motif_seed=product.motif_seed if product else 0,
        media=next(iter(product.media), None) if product else None,
        quantity=wish.quantity,
        price_minor=price_minor,
        noted_price_minor=wish.noted_price_minor,
        total_minor=price_minor * wish.quantity,
        available=has,
        vat_goods=vat_goods,
        vat_rate_bp=0,
        vat_minor=0,
        duty_minor=0,
        hs6=product.hs6 if product else "",
        customs_code=product.code_in(customs_area(place.code)) if product else "",
        origin_country=product.origin_country if product else "",
        weight_g=variant.weight_g if variant else 0,
        withdrawal_exclusion=str(product.attributes.get("withdrawal_exclusion", "")) if product else "",
        problem=_problem_of(wish, offer, product, variant, has, sellers, place, at),
    )


def _problem_of(
    wish: Wish,
    offer: OfferView | None,
    product: ProductView | None,
    variant: VariantView | None,
    has: int,
    sellers: Mapping[UUID, SellerView],
    place: MarketPack,
    at: datetime,
) -> Problem | None:
    """What stands in the way of a line, the most final first."""
    if offer is None or product is None or variant is None or offer.market != place.code:
        return Problem("offer_not_sold", "This is not sold here any more.", "remove_the_line")
    seller = sellers.get(offer.seller_id)
    if offer.state != "active" or product.state != "active" or not variant.is_active or seller is None:
        return Problem("offer_not_sold", "This is not sold any more.", "remove_the_line")
    if seller.state != "approved":
        return Problem("seller_paused", "This seller does not take orders now.", "remove_the_line")
    if offer.opens_at and at < offer.opens_at:
        return Problem("not_open", "The sale has not begun yet.", "come_back_later")
    if offer.closes_at and at >= offer.closes_at:
        return Problem("closed", "The sale is over.", "remove_the_line")
    if has <= 0:
        return Problem("sold_out", "Sold out.", "remove_the_line", left=0)
    if has < wish.quantity:
        return Problem("stock_short", "Fewer are left than you want.", "lower_quantity", left=has)
    if offer.limit_per_buyer and wish.quantity > offer.limit_per_buyer:
        return Problem(
            "limit_reached", "There is a limit for each buyer.", "lower_quantity", left=offer.limit_per_buyer
        )
    if wish.noted_price_minor is not None and wish.noted_price_minor != offer.price_minor:
        return Problem("price_changed", "The price has changed.", "look_again", blocks=False)
    return None


def _group(
    seller_id: UUID,
    seller: SellerView | None,
    lines: list[PricedLine],
    offers: Mapping[UUID, OfferView],
    place: MarketPack,
    at: datetime,
    on: date,
    postcode: str,
    region: str,
    delivery: Mapping[str, str],
) -> SellerGroup:
    """One seller's lines as one consignment: its promise, then its quote."""
    counted = [line for line in lines if line.counts]
    if not counted or seller is None:
        return _empty_group(seller_id, seller, lines, at)
    first = offers[counted[0].offer_id]
    origin = ships_from(first, seller)
    handling_days = max(offers[line.offer_id].handling_days for line in counted)
    try:
        ready_at = ready_after(at, handling_days, origin)
        options = tuple(
            in_money_of(option, place.code, on)
            for option in promise_options(
                origin,
                Place(place.code, postcode),
                ready_at=ready_at,
                weight_g=sum(line.weight_g * line.quantity for line in counted),
                ordered_on=on,
            )
        )
    except Refusal as refusal:
        return _empty_group(
            seller_id,
            seller,
            lines,
            at,
            Problem(refusal.code, refusal.sentence, "change_the_address", why=refusal),
        )
    if not options:
        return _empty_group(
            seller_id, seller, lines, at,
            Problem("not_delivered_there", "This seller cannot deliver to that place.", "change_the_address"),
        )  # fmt: skip
    standard = next((each for each in options if each.service == "standard"), options[0])
    promise = next((each for each in options if each.service == delivery.get(str(seller_id))), standard)
    try:
        found = quote(
            [
                GoodsLine(str(line.offer_id), line.customs_code, line.vat_goods, line.quantity, line.price_minor, line.weight_g)
                for line in counted
            ],
            origin=origin.country,
            destination=place.code,
            on=on,
            seller_country=seller.country,
            currency=place.currency,
            shipping_minor=promise.cost_minor,
            price_mode=place.price_display,
            postcode=postcode,
            region=region,
            before_tax=_shows_net(place) and not region,
        )  # fmt: skip
    except Refusal as refusal:
        return _empty_group(
            seller_id,
            seller,
            lines,
            at,
            Problem(refusal.code, refusal.sentence, "change_the_address", why=refusal),
        )
    return _quoted_group(seller, lines, options, promise, standard, found, ready_at)


def _shows_net(place: MarketPack) -> bool:
    return place.price_display == "net"


def ships_from(offer: OfferView, seller: SellerView) -> Place:
    """Where an offer's goods start: as the offer says, else as its seller does."""
    if offer.ships_from_country:
        return Place(offer.ships_from_country, offer.ships_from_postcode)
    return Place(
        seller.ships_from_country or seller.country, seller.ships_from_postcode, seller.ships_from_city
    )


def _quoted_group(
    seller: SellerView,
    lines: list[PricedLine],
    options: tuple[Promise, ...],
    promise: Promise,
    standard: Promise,
    found: Quote,
    ready_at: datetime,
) -> SellerGroup:
    """The group with what the quote found.

    What a carrier asks for at the door on top of a net price is not in the sums, and neither is anything else: where a
    tax is added to net prices the quote refuses every place but those that ask for none.
    """
    shares = {line.ref: line for line in found.lines}
    goods_minor = sum(line.total_minor for line in lines if line.counts)
    is_inside = found.price_mode == "gross"
    on_arrival = () if is_inside else tuple(part for part in found.parts if part.minor and part.kind in ADDED)
    assert all(part.collected_by == "carrier" for part in on_arrival), (
        "a tax for us to add, and no way to add it"
    )
    return SellerGroup(
        seller_id=seller.id,
        seller=seller,
        lines=tuple(
            replace(
                line,
                vat_rate_bp=shares[str(line.offer_id)].vat_rate_bp,
                vat_minor=shares[str(line.offer_id)].vat_minor if is_inside else 0,
                duty_minor=shares[str(line.offer_id)].duty_minor if is_inside else 0,
            )
            if line.counts
            else line
            for line in lines
        ),
        options=options,
        promise=promise,
        goods_minor=goods_minor,
        shipping_minor=promise.cost_minor,
        standard_shipping_minor=min(standard.cost_minor, promise.cost_minor),
        vat_minor=found.vat_minor if is_inside else 0,
        duty_minor=found.duty_minor if is_inside else 0,
        duty_items=found.duty_items,
        total_minor=goods_minor + promise.cost_minor,
        parts=found.parts,
        rule_ids=found.rule_ids,
        incoterm=found.incoterm,
        is_deemed_supplier=found.deemed_supplier,
        warnings=found.warnings,
        on_arrival=on_arrival,
        ready_at=ready_at,
    )


def _empty_group(
    seller_id: UUID,
    seller: SellerView | None,
    lines: list[PricedLine],
    at: datetime,
    problem: Problem | None = None,
) -> SellerGroup:
    """A group of which nothing can be ordered."""
    return SellerGroup(
        seller_id=seller_id,
        seller=seller,
        lines=tuple(lines),
        options=(),
        promise=None,
        goods_minor=0,
        shipping_minor=0,
        standard_shipping_minor=0,
        vat_minor=0,
        duty_minor=0,
        duty_items=0,
        total_minor=0,
        parts=(),
        rule_ids=(),
        incoterm="",
        is_deemed_supplier=False,
        warnings=(),
        on_arrival=(),
        ready_at=at,
        problem=problem,
    )
