"""Orders as buyers, sellers and operators see them. Many in, frozen views out, a fixed number of SQL statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, QuerySet, Sum

from entrepot.kit.context import Context, system_context
from entrepot.kit.errors import Invalid, NotFound, Sentence
from entrepot.kit.ids import read_number, show_number
from entrepot.markets.queries import pack
from entrepot.orders.models import Order, OrderLine, Return, Withdrawal
from entrepot.orders.policy import ORDER_STATES
from entrepot.parties.queries import SellerView, sellers_by_id

LIMIT_MAX = 200
FINISHED = ("completed", "cancelled", "refunded")
# Who knows both an order's number and its e-mail is not known otherwise: this context reads the one row that fits.
_NOBODY_YET = system_context(at=datetime(1970, 1, 1, tzinfo=UTC), cause="an order number and its e-mail")
EXCEPTIONS = ("late_dispatch", "late_delivery", "return_asked", "refund_open", "cancelled_after_payment")


@dataclass(frozen=True, slots=True)
class OrderLineView:
    """One line as it was ordered. Prices are gross minor units; `left` is what the buyer still has of it."""

    position: int
    offer_id: UUID
    product_id: UUID
    variant_id: UUID
    category_id: UUID
    sku: str
    title: Mapping[str, str]
    options: Mapping[str, Any]
    quantity: int
    left: int
    price_minor: int
    total_minor: int
    vat_rate_bp: int
    vat_minor: int
    duty_minor: int
    hs6: str
    origin_country: str
    weight_g: int
    withdrawal_exclusion: str


@dataclass(frozen=True, slots=True)
class Consignee:
    """Who receives it, and where: for the buyer, the operator, and the seller who sends it."""

    name: str
    phone: str
    line1: str
    line2: str
    postcode: str
    city: str
    region: str
    country: str
    email: str  # empty for sellers


@dataclass(frozen=True, slots=True)
class ReturnView:
    """Goods on their way back: asked, awaited, sent, received, refused or lapsed."""

    id: UUID
    order_id: int
    reason: str
    note: str
    quantities: Mapping[int, int]
    state: str
    refund_minor: int
    asked_at: datetime
    send_back_by: date | None
    tracking_no: str
    sent_at: datetime | None
    received_at: datetime | None
    answer: str
    locker: str
    is_withdrawal: bool


@dataclass(frozen=True, slots=True)
class WithdrawalView:
    """A declared withdrawal."""

    id: UUID
    quantities: Mapping[int, int]
    declared_at: datetime
    refund_minor: int
    refund_due_on: date
    send_back_by: date | None


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order. Amounts in minor units of `currency`; VAT and duty are contained in the total.

    `parts` explains the total ("de los cuales"): dicts with kind, label_key, minor, rate_bp, rule_id, source.
    """

    id: int
    number: str
    purchase_id: UUID
    purchase_number: int
    state: str
    market: str
    language: str  # of the purchase
    currency: str
    buyer_id: UUID
    seller_id: UUID
    seller: SellerView | None
    lines: tuple[OrderLineView, ...]
    goods_minor: int
    shipping_minor: int
    vat_minor: int
    duty_minor: int
    total_minor: int
    refund_minor: int
    refunded_minor: int
    parts: tuple[Mapping[str, Any], ...]
    rule_ids: tuple[str, ...]
    incoterm: str
    is_deemed_supplier: bool
    promise: Mapping[str, Any]  # as logistics gave it: service, legs, co2_g, cost_minor …
    promise_from: date | None
    promise_to: date | None
    ship_by: date | None
    consignment_id: UUID | None
    payment_id: UUID | None
    cancel_reason: str
    placed_at: datetime
    paid_at: datetime | None
    packed_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    withdraw_until: date | None
    completes_at: datetime | None
    completed_at: datetime | None
    cancelled_at: datetime | None
    consignee: Consignee | None
    returns: tuple[ReturnView, ...]
    withdrawals: tuple[WithdrawalView, ...]
    can_cancel: bool
    can_withdraw: bool

    @property
    def quantity(self) -> int:
        """How many pieces."""
        return sum(line.quantity for line in self.lines)


@dataclass(frozen=True, slots=True)
class OrderPage:
    """Orders, newest first; `next_cursor` asks for the ones after them, empty at the end."""

    orders: tuple[OrderView, ...]
    next_cursor: str


@dataclass(frozen=True, slots=True)
class TodayCounts:
    """What waits for a seller now. `to_ship`: paid or packed; `late`: of these, past their day; amounts in minor units."""

    to_ship: int
    late: int
    due_today: int
    on_the_way: int
    returns_to_answer: int
    returns_to_receive: int
    new_today: int
    sales_today_minor: int


def order_view(ctx: Context, *, order_id: int, token: str = "") -> OrderView:
    """One order the asker may see, or of the purchase behind a token. Refuses: NotFound."""
    found = _views(ctx, list(_rows(ctx, token).filter(id=order_id)), token)
    if not found:
        raise NotFound(what="order")
    return found[0]


def orders_by_id(ctx: Context, order_ids: Iterable[int]) -> dict[int, OrderView]:
    """Those of these orders that the asker may see. Six SQL statements."""
    return {view.id: view for view in _views(ctx, list(_rows(ctx).filter(id__in=list(order_ids))))}


def orders_of_purchase(ctx: Context, purchase_id: UUID, token: str = "") -> list[OrderView]:
    """The orders of a purchase, oldest first."""
    return _views(ctx, list(_rows(ctx, token).filter(purchase_id=purchase_id).order_by("id")), token)


def orders_of(
    ctx: Context,
    *,
    state: str = "",
    states: Sequence[str] = (),
    market: str = "",
    seller_id: UUID | None = None,
    text: str = "",
    exception: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    cursor: str = "",
    limit: int = 50,
) -> OrderPage:
    """The asker's orders, newest first: a buyer's, a seller's, or all of them for operators. Six SQL statements.

    `text` is an order number, a SKU, or a part of a title; for operators also a buyer's e-mail. `exception` is one of EXCEPTIONS.
    Refuses: Invalid (state, exception, cursor).
    """
    rows = _rows(ctx)
    wanted = [*states, *([state] if state else [])]
    if set(wanted) - ORDER_STATES:
        raise Invalid(
            field="state", reason="This is not a state of an order.", hint=", ".join(sorted(ORDER_STATES))
        )
    if wanted:
        rows = rows.filter(state__in=wanted)
    if ctx.actor.kind == "seller" and not wanted:
        rows = rows.exclude(state="placed")  # not paid yet: nothing to do
    if market:
        rows = rows.filter(market=market.upper())
    if seller_id is not None:
        rows = rows.filter(seller_id=seller_id)
    if since is not None:
        rows = rows.filter(placed_at__gte=since)
    if until is not None:
        rows = rows.filter(placed_at__lt=until)
    if text.strip():
        rows = rows.filter(_text_filter(ctx, text.strip()))
    if exception:
        rows = rows.filter(_exception_filter(ctx, exception))
    if cursor:
        rows = rows.filter(id__lt=_read_cursor(cursor))
    count = max(1, min(limit, LIMIT_MAX))
    found = list(rows.order_by("-id")[: count + 1])
    views = _views(ctx, found[:count])
    return OrderPage(tuple(views), show_number(views[-1].id) if len(found) > count else "")


def order_by_number(ctx: Context, *, number: str, email: str) -> tuple[int, str]:
    """Order id and purchase token for somebody who knows an order's number and the e-mail it was placed with.

    So a guest reaches the withdrawal function without the link. Doors limit how often it may be asked.
    Refuses: NotFound, for a wrong number as for a wrong e-mail; Invalid (a mistyped number).
    """
    order_id, address = read_number(number), email.strip()
    rows = Order.objects.of(_NOBODY_YET).select_related("purchase")
    row = rows.filter(id=order_id, purchase__email__iexact=address).first() if address else None
    if row is None:
        raise NotFound(what="order with this number and e-mail")
    return order_id, row.purchase.token


def today_counts(ctx: Context, *, seller_id: UUID | None = None) -> TodayCounts:
    """What waits now, for the asker's seller (operators: for one seller or all). Two SQL statements."""
    rows = Order.objects.of(ctx)
    returns = Return.objects.of(ctx)
    if seller_id is not None:
        rows, returns = rows.filter(seller_id=seller_id), returns.filter(order__seller_id=seller_id)
    today = ctx.at.date()
    waits = Q(state__in=["paid", "packed"])
    counted = rows.aggregate(
        to_ship=Count("id", filter=waits),
        late=Count("id", filter=waits & Q(ship_by__lt=today)),
        due_today=Count("id", filter=waits & Q(ship_by=today)),
        on_the_way=Count("id", filter=Q(state="shipped")),
        new_today=Count("id", filter=Q(paid_at__date=today)),
        sales_today_minor=Sum("total_minor", filter=Q(paid_at__date=today), default=0),
    )
    open_returns = returns.aggregate(
        returns_to_answer=Count("id", filter=Q(state="asked")),
        returns_to_receive=Count("id", filter=Q(state__in=["awaited", "sent"])),
    )
    return TodayCounts(**counted, **open_returns)


def returns_of(ctx: Context, *, state: str = "", limit: int = 100) -> list[ReturnView]:
    """The asker's returns, the longest waiting first. One SQL statement."""
    rows = Return.objects.of(ctx)
    if state:
        rows = rows.filter(state=state)
    return [_return(row) for row in rows.order_by("asked_at", "id")[: min(limit, LIMIT_MAX)]]


def _rows(ctx: Context, token: str = "") -> QuerySet[Any]:
    rows: QuerySet[Any] = Order.objects.of(ctx, token).select_related("purchase")
    return rows


def _read_cursor(cursor: str) -> int:
    try:
        return read_number(cursor)
    except Invalid:
        raise Invalid(
            field="cursor", reason="This is not a place in the list.", hint="Start without it."
        ) from None


def _text_filter(ctx: Context, text: str) -> Q:
    try:
        return Q(id=read_number(text))
    except Invalid:
        pass
    if text.isascii() and text.isdigit() and len(text) < 18:
        return Q(purchase__number=int(text))
    if "@" in text and ctx.actor.kind in ("operator", "system"):
        return Q(purchase__email__iexact=text)
    lines = OrderLine.objects.of(ctx).filter(Q(sku__iexact=text) | Q(title__icontains=text[:100]))
    return Q(id__in=lines.values("order_id"))


def _exception_filter(ctx: Context, exception: str) -> Q:
    today = ctx.at.date()
    if exception == "late_dispatch":
        return Q(state__in=["paid", "packed"], ship_by__lt=today)
    if exception == "late_delivery":
        return Q(state="shipped", promise_to__lt=today)
    if exception == "return_asked":
        return Q(id__in=Return.objects.of(ctx).filter(state="asked").values("order_id"))
    if exception == "refund_open":
        return Q(refund_minor__gt=F("refunded_minor"))
    if exception == "cancelled_after_payment":
        return Q(state="cancelled", paid_at__isnull=False)
    raise Invalid(
        field="exception",
        reason="There is no such filter.",
        hint=Sentence("One of: {known}.", known=", ".join(EXCEPTIONS)),
    )


def _views(ctx: Context, orders: Sequence[Order], token: str = "") -> list[OrderView]:
    if not orders:
        return []
    ids = [order.id for order in orders]
    lines: dict[int, list[OrderLine]] = {}
    for line in OrderLine.objects.of(ctx, token).filter(order_id__in=ids).order_by("order_id", "position"):
        lines.setdefault(line.order_id, []).append(line)
    returns: dict[int, list[Return]] = {}
    for back in Return.objects.of(ctx, token).filter(order_id__in=ids).order_by("asked_at", "id"):
        returns.setdefault(back.order_id, []).append(back)
    withdrawals: dict[int, list[Withdrawal]] = {}
    for declared in Withdrawal.objects.of(ctx, token).filter(order_id__in=ids).order_by("declared_at", "id"):
        withdrawals.setdefault(declared.order_id, []).append(declared)
    sellers = sellers_by_id({order.seller_id for order in orders})
    return [
        _view(
            ctx, order, lines.get(order.id, []), sellers.get(order.seller_id), returns.get(order.id, []),
            withdrawals.get(order.id, []),
        )
        for order in orders
    ]  # fmt: skip


def _view(
    ctx: Context,
    order: Order,
    lines: Sequence[OrderLine],
    seller: SellerView | None,
    returns: Sequence[Return],
    withdrawals: Sequence[Withdrawal],
) -> OrderView:
    quote: Mapping[str, Any] = order.quote
    today = ctx.at.astimezone(ZoneInfo(pack(order.market).time_zone)).date()
    in_time = order.withdraw_until is None or today <= order.withdraw_until
    has_left = any(line.quantity > line.given_back and not line.withdrawal_exclusion for line in lines)
    return OrderView(
        id=order.id,
        number=show_number(order.id),
        purchase_id=order.purchase_id,
        purchase_number=order.purchase.number or 0,
        state=order.state,
        market=order.market,
        language=order.purchase.language,
        currency=order.currency,
        buyer_id=order.buyer_id,
        seller_id=order.seller_id,
        seller=seller,
        lines=tuple(_line(line) for line in lines),
        goods_minor=order.goods_minor,
        shipping_minor=order.shipping_minor,
        vat_minor=order.vat_minor,
        duty_minor=order.duty_minor,
        total_minor=order.total_minor,
        refund_minor=order.refund_minor,
        refunded_minor=order.refunded_minor,
        parts=tuple(quote.get("parts", ())),
        rule_ids=tuple(quote.get("rule_ids", ())),
        incoterm=quote.get("incoterm", ""),
        is_deemed_supplier=order.is_deemed_supplier,
        promise=quote.get("promise") or {},
        promise_from=order.promise_from,
        promise_to=order.promise_to,
        ship_by=order.ship_by,
        consignment_id=order.consignment_id,
        payment_id=order.payment_id,
        cancel_reason=order.cancel_reason,
        placed_at=order.placed_at,
        paid_at=order.paid_at,
        packed_at=order.packed_at,
        shipped_at=order.shipped_at,
        delivered_at=order.delivered_at,
        withdraw_until=order.withdraw_until,
        completes_at=order.completes_at,
        completed_at=order.completed_at,
        cancelled_at=order.cancelled_at,
        consignee=_consignee(ctx, order),
        returns=tuple(_return(back) for back in returns),
        withdrawals=tuple(
            WithdrawalView(
                each.id,
                {int(position): count for position, count in each.quantities.items()},
                each.declared_at,
                each.refund_minor,
                each.refund_due_on,
                each.send_back_by,
            )
            for each in withdrawals
        ),
        can_cancel=order.state in {"placed", "paid", "packed"},
        can_withdraw=order.state in {"shipped", "delivered", "completed"} and in_time and has_left,
    )


def order_ids_of_buyer(ctx: Context, *, party_id: UUID) -> list[int]:
    """The ids of every order of a buyer."""
    return list(Order.objects.of(ctx).filter(buyer_id=party_id).order_by("id").values_list("id", flat=True))


def unfinished_orders(ctx: Context, *, party_id: UUID) -> list[int]:
    """The orders of a buyer that still go somewhere: not complete, a return on its way, or money not yet sent back."""
    rows = Order.objects.of(ctx).filter(buyer_id=party_id)
    waits = rows.exclude(state__in=FINISHED) | rows.filter(refunded_minor__lt=F("refund_minor"))
    coming_back = Return.objects.of(ctx).filter(order__in=rows, state__in=("asked", "awaited", "sent"))
    return sorted({*waits.values_list("id", flat=True), *coming_back.values_list("order_id", flat=True)})


def _consignee(ctx: Context, order: Order) -> Consignee | None:
    """A seller sees where to send from payment to completion, and never the e-mail address."""
    is_seller = ctx.actor.kind == "seller"
    if is_seller and order.state in {"placed", "cancelled", "completed", "refunded"}:
        return None
    purchase = order.purchase
    parts = ("line1", "line2", "postcode", "city", "region", "country")
    return Consignee(
        name=purchase.name,
        phone=purchase.phone,
        email="" if is_seller else purchase.email,
        **{part: purchase.address.get(part, "") for part in parts},
    )


def _line(line: OrderLine) -> OrderLineView:
    return OrderLineView(
        position=line.position,
        offer_id=line.offer_id,
        product_id=line.product_id,
        variant_id=line.variant_id,
        category_id=line.category_id,
        sku=line.sku,
        title=line.title,
        options=line.options,
        quantity=line.quantity,
        left=line.quantity - line.given_back,
        price_minor=line.price_minor,
        total_minor=line.price_minor * line.quantity,
        vat_rate_bp=line.vat_rate_bp,
        vat_minor=line.vat_minor,
        duty_minor=line.duty_minor,
        hs6=line.hs6,
        origin_country=line.origin_country,
        weight_g=line.weight_g,
        withdrawal_exclusion=line.withdrawal_exclusion,
    )


def _return(row: Return) -> ReturnView:
    return ReturnView(
        id=row.id,
        order_id=row.order_id,
        reason=row.reason,
        note=row.note,
        quantities={int(position): count for position, count in row.quantities.items()},
        state=row.state,
        refund_minor=row.refund_minor,
        asked_at=row.asked_at,
        send_back_by=row.send_back_by,
        tracking_no=row.tracking_no,
        sent_at=row.sent_at,
        received_at=row.received_at,
        answer=row.answer,
        locker=row.locker,
        is_withdrawal=row.withdrawal_id is not None,
    )
