"""For shoppers' programs and agents: cart, checkout, payment, orders. A cart's and a checkout's token is the key to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from django.conf import settings

from entrepot.api.catalogue import (
    Country,
    Language,
    Money,
)
from entrepot.api.operation import operation
from entrepot.catalog.queries import text_in
from entrepot.kit.context import Context
from entrepot.kit.errors import NotFound
from entrepot.kit.ids import read_id, read_number, show_id, show_number
from entrepot.logistics.queries import Promise
from entrepot.markets.errors import UnknownMarket
from entrepot.markets.queries import market_by_code
from entrepot.orders.commands import (
    add_to_cart,
    cancel_order,
    choose_delivery,
    pay_purchase,
    place_purchase,
    remove_from_cart,
    set_cart_quantity,
    set_checkout_address,
    start_checkout,
    withdraw_from_order,
)
from entrepot.orders.errors import (
    CartEmpty,
    CartTooLong,
    CheckoutClosed,
    FieldsInvalid,
    MixedCurrencies,
    NothingAccepted,
    NothingToPay,
    NothingToWithdraw,
    NotReady,
    NotWithdrawable,
    OfferNotSold,
    PaymentUnderWay,
    RefundTooLarge,
    SumTooLarge,
    TotalChanged,
    WaitForTurn,
    WithdrawalClosed,
    WrongState,
)
from entrepot.orders.queries.carts import Problem, SellerGroup, cart_view
from entrepot.orders.queries.checkouts import Missing, checkout_view
from entrepot.orders.queries.orders import OrderView, order_view
from entrepot.orders.queries.purchases import PurchaseView, purchase_by_token, purchase_view
from entrepot.orders.queries.timelines import timeline
from entrepot.payments.errors import (
    MethodUnknown,
    PaymentWrong,
    ProviderUnavailable,
    PurchaseClosed,
    PurchasePaid,
)
from entrepot.payments.errors import TooManyTries as TooManyPayments

Quantity = Annotated[int, msgspec.Meta(ge=1, le=9_999, description="Whole pieces.")]
OfferId = Annotated[
    str, msgspec.Meta(pattern="^ofr_[0-9a-z]{26}$", examples=["ofr_01k0000000000000000000000x"])
]
Name = Annotated[str, msgspec.Meta(max_length=200)]


class CartIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first line of a new cart."""

    offer_id: OfferId
    quantity: Quantity = 1
    market: Country = "ES"
    language: Language = "es"


class LineIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An offer and how many of it."""

    offer_id: OfferId
    quantity: Quantity = 1


class QuantityIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many there shall be; 0 takes the line out."""

    quantity: Annotated[int, msgspec.Meta(ge=0, le=9_999)]


class Trouble(msgspec.Struct, frozen=True):
    """What stands in the way, and what helps."""

    code: str
    sentence: str
    next_step: str
    left: int | None = None


class CartLineOut(msgspec.Struct, frozen=True):
    """A line with its present price; taxes and duties are inside."""

    offer_id: str
    sku: str
    title: str
    quantity: int
    price: Money
    total: Money
    vat: Money
    duty: Money
    available: int
    problem: Trouble | None = None


class DeliveryOut(msgspec.Struct, frozen=True):
    """A way a parcel can come: dates at the door, cost, and the carbon of the way."""

    service: str
    from_on: date
    to_on: date
    cost: Money
    co2_g: int


class ArrivalOut(msgspec.Struct, frozen=True):
    """What the carrier asks for at the door, outside the total."""

    what: str
    amount: Money
    rule_id: str


class ParcelOut(msgspec.Struct, frozen=True):
    """What one seller sends. `tariff_lines`: how often a flat duty counts (goods of one heading once); 0: no flat duty."""

    seller_id: str
    seller: str
    lines: list[CartLineOut]
    goods: Money
    shipping: Money
    duty: Money
    tariff_lines: int
    total: Money
    delivery: DeliveryOut | None
    options: list[DeliveryOut]
    on_arrival: list[ArrivalOut]
    problem: Trouble | None = None


class CartOut(msgspec.Struct, frozen=True):
    """A cart by seller. All sums hold VAT and duty; `duty` and `vat` say how much.

    `before_tax`: this market adds a sales tax by the place of delivery, which is not known yet.
    """

    token: str
    market: str
    quantity: int
    parcels: list[ParcelOut]
    goods: Money
    shipping: Money
    duty: Money
    vat: Money
    total: Money
    before_tax: bool
    is_orderable: bool


class CheckoutIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose cart to check out."""

    cart: Annotated[str, msgspec.Meta(min_length=8, max_length=60, description="The cart's token.")]


class ContactIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who receives it and where. Left-out fields may come later."""

    email: Annotated[str, msgspec.Meta(max_length=254)] = ""
    name: Name = ""
    phone: Annotated[str, msgspec.Meta(max_length=40)] = ""
    line1: Name = ""
    line2: Name = ""
    postcode: Annotated[str, msgspec.Meta(max_length=16)] = ""
    city: Name = ""
    region: Name = ""


class DeliveryIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one seller's parcel comes."""

    seller_id: Annotated[str, msgspec.Meta(pattern="^sel_[0-9a-z]{26}$")]
    service: Annotated[str, msgspec.Meta(pattern="^[a-z_]{2,30}$")]


class MissingOut(msgspec.Struct, frozen=True):
    """One thing a checkout lacks."""

    field: str
    code: str
    sentence: str
    next_step: str


class CheckoutOut(msgspec.Struct, frozen=True):
    """A checkout: `missing` stands in the way of placing, `warnings` do not."""

    token: str
    state: str
    parcels: list[ParcelOut]
    missing: list[MissingOut]
    warnings: list[MissingOut]
    total: Money
    duty: Money
    vat: Money
    before_tax: bool
    payment_methods: list[str]


class PlaceIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The total the buyer agreed to; another one is refused, not charged. `passports`: of the waiting rooms that let the buyer in."""

    total: Money
    passports: Annotated[list[Annotated[str, msgspec.Meta(max_length=200)]], msgspec.Meta(max_length=4)] = []


class PayIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How to pay."""

    method: Annotated[str, msgspec.Meta(pattern="^[a-z_]{2,30}$", examples=["card"])]


class PayOut(msgspec.Struct, frozen=True):
    """Where the buyer goes to pay."""

    payment_id: str
    redirect_url: str


class OrderLineOut(msgspec.Struct, frozen=True):
    """A line as it was ordered."""

    position: int
    sku: str
    title: str
    quantity: int
    left: int
    price: Money
    total: Money


class OrderOut(msgspec.Struct, frozen=True):
    """One contract with one seller."""

    number: str
    state: str
    seller_id: str
    seller: str
    lines: list[OrderLineOut]
    goods: Money
    shipping: Money
    duty: Money
    vat: Money
    total: Money
    refunded: Money
    placed_at: datetime
    arrives_from: date | None
    arrives_to: date | None
    can_cancel: bool
    can_withdraw: bool


class RefusedOut(msgspec.Struct, frozen=True):
    """A seller's order that was not accepted: the line in the way. Nothing is charged for it."""

    seller_id: str
    code: str
    offer_id: str | None
    wanted: int
    left: int | None


class PurchaseOut(msgspec.Struct, frozen=True):
    """What was placed together and is paid together."""

    token: str
    number: str
    state: str
    orders: list[OrderOut]
    refused: list[RefusedOut]
    total: Money
    to_pay: Money
    pay_before: datetime | None


class StepOut(msgspec.Struct, frozen=True):
    """One step of an order's life. `who` is a role: buyer, seller, operator, carrier, provider or system."""

    at: datetime
    what: str
    who: str


class Timeline(msgspec.Struct, frozen=True):
    """Every step, oldest first."""

    data: list[StepOut]


class CancelIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why the buyer ends the order."""

    reason: Literal["changed_mind", "mistake", "too_slow", "other"] = "other"


class WithdrawIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which pieces the buyer withdraws from (position → pieces; empty: all), and where the receipt goes."""

    quantities: dict[Annotated[str, msgspec.Meta(pattern="^[0-9]{1,3}$")], Quantity] = msgspec.field(
        default_factory=dict
    )
    name: Name = ""
    contact: Annotated[str, msgspec.Meta(max_length=254)] = ""


class WithdrawnOut(msgspec.Struct, frozen=True):
    """What is refunded and by when; the receipt goes out by mail."""

    number: str
    declared_at: datetime
    refund: Money
    refund_due_on: date


def _delivery(promise: Promise) -> DeliveryOut:
    cost = Money(promise.cost_minor, promise.currency)
    return DeliveryOut(promise.service, promise.from_on, promise.to_on, cost, promise.co2_g)


def _trouble(found: Problem | None) -> Trouble | None:
    return None if found is None else Trouble(found.code, found.sentence, found.next_step, found.left)


def _parcels(groups: Sequence[SellerGroup], currency: str, language: str) -> list[ParcelOut]:
    """Seller groups of a cart or checkout as parcels."""

    def money(minor: int) -> Money:
        return Money(minor, currency)

    made = []
    for group in groups:
        lines = [
            CartLineOut(
                offer_id=show_id("ofr", line.offer_id),
                sku=line.sku,
                title=text_in(line.title, language)[0],
                quantity=line.quantity,
                price=money(line.price_minor),
                total=money(line.total_minor),
                vat=money(line.vat_minor),
                duty=money(line.duty_minor),
                available=line.available,
                problem=_trouble(line.problem),
            )
            for line in group.lines
        ]
        made.append(
            ParcelOut(
                seller_id=show_id("sel", group.seller_id),
                seller=group.seller.display_name if group.seller else "",
                lines=lines,
                goods=money(group.goods_minor),
                shipping=money(group.shipping_minor),
                duty=money(group.duty_minor),
                tariff_lines=group.duty_items,
                total=money(group.total_minor),
                delivery=_delivery(group.promise) if group.promise else None,
                options=[_delivery(option) for option in group.options],
                on_arrival=[
                    ArrivalOut(part.label_key, money(part.minor), part.rule_id) for part in group.on_arrival
                ],
                problem=_trouble(group.problem),
            )
        )
    return made


def _cart(ctx: Context, token: str) -> CartOut:
    view = cart_view(ctx, token=token)
    if not view.token:
        raise NotFound(what="cart")
    sums = view.priced

    def money(minor: int) -> Money:
        return Money(minor, view.currency)

    return CartOut(
        token=view.token,
        market=view.market,
        quantity=view.quantity,
        parcels=_parcels(view.groups, view.currency, view.language),
        goods=money(sums.goods_minor),
        shipping=money(sums.shipping_minor),
        duty=money(sums.duty_minor),
        vat=money(sums.vat_minor),
        total=money(sums.total_minor),
        before_tax=sums.before_tax,
        is_orderable=view.is_orderable,
    )


def _checkout(ctx: Context, token: str) -> CheckoutOut:
    view = checkout_view(ctx, token=token)
    ready = view.readiness

    def money(minor: int) -> Money:
        return Money(minor, ready.currency)

    def gaps(found: Sequence[Missing]) -> list[MissingOut]:
        return [MissingOut(gap.field, gap.code, gap.told, gap.next_step) for gap in found]

    return CheckoutOut(
        token=view.token,
        state=view.state,
        parcels=_parcels(view.groups, ready.currency, view.language),
        missing=gaps(ready.missing),
        warnings=gaps(ready.warnings),
        total=money(ready.total_minor),
        duty=money(ready.duty_minor),
        vat=money(ready.vat_minor),
        before_tax=view.priced.before_tax,
        payment_methods=list(view.payment_methods),
    )


def _order(view: OrderView, language: str) -> OrderOut:
    def money(minor: int) -> Money:
        return Money(minor, view.currency)

    return OrderOut(
        number=view.number,
        state=view.state,
        seller_id=show_id("sel", view.seller_id),
        seller=view.seller.display_name if view.seller else "",
        lines=[
            OrderLineOut(
                line.position, line.sku, text_in(line.title, language)[0], line.quantity, line.left,
                money(line.price_minor), money(line.total_minor),
            )
            for line in view.lines
        ],
        goods=money(view.goods_minor),
        shipping=money(view.shipping_minor),
        duty=money(view.duty_minor),
        vat=money(view.vat_minor),
        total=money(view.total_minor),
        refunded=money(view.refunded_minor),
        placed_at=view.placed_at,
        arrives_from=view.promise_from,
        arrives_to=view.promise_to,
        can_cancel=view.can_cancel,
        can_withdraw=view.can_withdraw,
    )  # fmt: skip


def _purchase(view: PurchaseView) -> PurchaseOut:
    return PurchaseOut(
        token=view.token,
        number=show_number(view.number),
        state=view.state,
        orders=[_order(order, view.language) for order in view.orders],
        refused=[
            RefusedOut(
                show_id("sel", r.seller_id),
                r.code,
                show_id("ofr", r.offer_id) if r.offer_id else None,
                r.wanted,
                r.left,
            )
            for r in view.refused
        ],
        total=Money(view.total_minor, view.currency),
        to_pay=Money(view.to_pay_minor, view.currency),
        pay_before=view.pay_before,
    )


@operation("POST", "/v1/carts", tag="Shopping", scope="orders:place", key=True, status=201,
           refusals=(NotFound, UnknownMarket, OfferNotSold, MixedCurrencies, CartTooLong, SumTooLarge))  # fmt: skip
def create_cart(ctx: Context, *, body: CartIn) -> CartOut:
    """A new cart with its first line.

    The answer's `token` is the key to the cart: keep it as you would keep a password. A cart holds no stock.
    """
    where = market_by_code(body.market)
    if where.is_open and not where.is_public:  # a pilot lets people in by their browser
        raise NotFound(what="open market")
    made = add_to_cart(
        ctx,
        market=body.market,
        offer_id=read_id("ofr", body.offer_id),
        quantity=body.quantity,
        language=body.language,
    )
    return _cart(ctx, made.token)


@operation("GET", "/v1/carts/{token}", tag="Shopping", scope="orders:place")
def read_cart(ctx: Context, *, token: str) -> CartOut:
    """A cart, priced now."""
    return _cart(ctx, token)


@operation("POST", "/v1/carts/{token}/lines", tag="Shopping", scope="orders:place", key=True,
           refusals=(OfferNotSold, MixedCurrencies, CartTooLong, SumTooLarge))  # fmt: skip
def add_cart_line(ctx: Context, *, token: str, body: LineIn) -> CartOut:
    """Put an offer into a cart; one that is in it already adds up."""
    cart = _cart(ctx, token)
    add_to_cart(
        ctx, market=cart.market, offer_id=read_id("ofr", body.offer_id), quantity=body.quantity, token=token
    )
    return _cart(ctx, token)


@operation(
    "PUT", "/v1/carts/{token}/lines/{offer_id}", tag="Shopping", scope="orders:place", refusals=(SumTooLarge,)
)
def change_cart_line(ctx: Context, *, token: str, offer_id: str, body: QuantityIn) -> CartOut:
    """Set how many of an offer are in a cart; 0 takes it out."""
    found = read_id("ofr", offer_id)
    if body.quantity:
        set_cart_quantity(ctx, offer_id=found, quantity=body.quantity, token=token)
    else:
        remove_from_cart(ctx, offer_id=found, token=token)
    return _cart(ctx, token)


@operation(
    "POST",
    "/v1/checkouts",
    tag="Shopping",
    scope="orders:place",
    key=True,
    status=201,
    refusals=(CartEmpty, NotFound, MixedCurrencies, CartTooLong, SumTooLarge),
)
def create_checkout(ctx: Context, *, body: CheckoutIn) -> CheckoutOut:
    """Begin to check out a cart, or go on with the checkout it already has.

    `missing` names everything that stands in the way, at once.
    """
    made = start_checkout(ctx, token=body.cart, channel="api")
    return _checkout(ctx, made.token)


@operation("GET", "/v1/checkouts/{token}", tag="Shopping", scope="orders:place")
def read_checkout(ctx: Context, *, token: str) -> CheckoutOut:
    """A checkout with its parcels, dates, totals, and what is missing."""
    return _checkout(ctx, token)


@operation(
    "PUT",
    "/v1/checkouts/{token}/contact",
    tag="Shopping",
    scope="orders:place",
    refusals=(CheckoutClosed, FieldsInvalid),
)
def change_checkout_contact(ctx: Context, *, token: str, body: ContactIn) -> CheckoutOut:
    """Who receives the parcels and where."""
    view = checkout_view(ctx, token=token)
    set_checkout_address(ctx, checkout_id=view.id, token=token, **msgspec.structs.asdict(body))
    return _checkout(ctx, token)


@operation(
    "PUT", "/v1/checkouts/{token}/delivery", tag="Shopping", scope="orders:place", refusals=(CheckoutClosed,)
)
def change_checkout_delivery(ctx: Context, *, token: str, body: DeliveryIn) -> CheckoutOut:
    """How one seller's parcel comes."""
    view = checkout_view(ctx, token=token)
    choose_delivery(
        ctx, checkout_id=view.id, seller_id=read_id("sel", body.seller_id), service=body.service, token=token
    )
    return _checkout(ctx, token)


@operation("POST", "/v1/checkouts/{token}/place", tag="Shopping", scope="orders:place", key=True, status=201,
           refusals=(NotReady, WaitForTurn, TotalChanged, NothingAccepted, CheckoutClosed))  # fmt: skip
def place_checkout(ctx: Context, *, token: str, body: PlaceIn) -> PurchaseOut:
    """Place one order a seller: this obliges to pay.

    Each order is accepted or refused whole; a refused one costs nothing. A retry, also in parallel, gives the same answer.
    """
    view = checkout_view(ctx, token=token)
    placed = place_purchase(
        ctx,
        checkout_id=view.id,
        token=token,
        shown_total_minor=body.total.minor,
        passports=body.passports,
    )
    return _purchase(purchase_view(ctx, purchase_id=placed.purchase_id, token=token))


@operation(
    "POST",
    "/v1/purchases/{token}/payments",
    tag="Shopping",
    scope="orders:pay",
    key=True,
    status=201,
    refusals=(
        NothingToPay,
        PurchasePaid,
        PurchaseClosed,
        MethodUnknown,
        PaymentWrong,
        TooManyPayments,
        ProviderUnavailable,
    ),
)
def pay_placed(ctx: Context, *, token: str, body: PayIn) -> PayOut:
    """Start to pay a purchase; send the buyer to `redirect_url`."""
    view = purchase_by_token(ctx, token)
    page = f"{settings.BASE_URL}/{view.market.lower()}-{view.language}/purchase/{view.token}"
    start = pay_purchase(ctx, purchase_id=view.id, method=body.method, return_url=page, token=token)
    return PayOut(show_id("pay", start.payment_id), start.redirect_url)


@operation("GET", "/v1/purchases/{token}", tag="Shopping", scope="orders:read")
def read_purchase(ctx: Context, *, token: str) -> PurchaseOut:
    """A purchase with its orders; the token is that of its checkout."""
    return _purchase(purchase_by_token(ctx, token))


@operation("GET", "/v1/purchases/{token}/orders/{number}", tag="Shopping", scope="orders:read")
def read_order(ctx: Context, *, token: str, number: str) -> OrderOut:
    """One order of a purchase."""
    return _order(
        order_view(ctx, order_id=read_number(number), token=token), purchase_by_token(ctx, token).language
    )


@operation("GET", "/v1/purchases/{token}/orders/{number}/timeline", tag="Shopping", scope="orders:read")
def read_timeline(ctx: Context, *, token: str, number: str) -> Timeline:
    """Everything that happened to an order, oldest first."""
    steps = timeline(ctx, order_id=read_number(number), token=token)
    return Timeline(
        [StepOut(step.at, f"{step.room}.{step.kind}", step.actor_label or step.actor_kind) for step in steps]
    )


@operation(
    "POST",
    "/v1/purchases/{token}/orders/{number}/cancel",
    tag="Shopping",
    scope="orders:cancel",
    key=True,
    refusals=(WrongState, PaymentUnderWay, PurchasePaid, RefundTooLarge),
)
def cancel_placed(ctx: Context, *, token: str, number: str, body: CancelIn) -> OrderOut:
    """End an order before dispatch; what was paid goes back."""
    cancel_order(ctx, order_id=read_number(number), reason=body.reason, token=token)
    return _order(
        order_view(ctx, order_id=read_number(number), token=token), purchase_by_token(ctx, token).language
    )


@operation("POST", "/v1/purchases/{token}/orders/{number}/withdrawals", tag="Shopping", scope="orders:withdraw", key=True, status=201,
           refusals=(WrongState, WithdrawalClosed, NothingToWithdraw, NotWithdrawable, RefundTooLarge))  # fmt: skip
def withdraw(ctx: Context, *, token: str, number: str, body: WithdrawIn) -> WithdrawnOut:
    """Withdraw from the contract within the period; no reason is needed.

    The receipt with date and time goes out by mail.
    """
    order_id = read_number(number)
    done = withdraw_from_order(
        ctx,
        order_id=order_id,
        quantities={int(position): pieces for position, pieces in body.quantities.items()} or None,
        name=body.name,
        contact=body.contact,
        token=token,
    )
    return WithdrawnOut(
        show_number(order_id), done.declared_at, Money(done.refund_minor, done.currency), done.refund_due_on
    )
