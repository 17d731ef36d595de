"""Purchases: what a buyer placed together and pays together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid, NotFound
from entrepot.kit.ids import read_id, show_id, show_number
from entrepot.markets.queries import locale_path, pack
from entrepot.orders.models import Draft, Order, OrderLine, Purchase
from entrepot.orders.policy import PAY_WITHIN, Contact
from entrepot.orders.queries.orders import OrderView, orders_of_purchase
from entrepot.orders.readiness import contact_of
from entrepot.parties.queries import sellers_by_id
from entrepot.payments.queries import PaymentView, payment_methods, payments_by_purchase, time_to_pay


@dataclass(frozen=True, slots=True)
class RefusedView:
    """A seller's order that the intake refused: the line in the way, how many are left, and the other lines."""

    seller_id: UUID
    seller_name: str
    code: str
    offer_id: UUID | None
    title: Mapping[str, str]
    wanted: int
    left: int | None
    others: tuple[
        tuple[UUID, Mapping[str, str], int], ...
    ]  # offer id, title, quantity: they can be placed again


@dataclass(frozen=True, slots=True)
class PurchaseView:
    """A purchase with its orders. `to_pay_minor` is what waits for payment now, in minor units of `currency`."""

    id: UUID
    token: str
    number: int
    state: str
    market: str
    language: str
    currency: str
    is_guest: bool
    contact: Contact
    orders: tuple[OrderView, ...]
    refused: tuple[RefusedView, ...]
    total_minor: int
    to_pay_minor: int
    payment: PaymentView | None  # the last try
    payment_methods: tuple[str, ...]
    created_at: datetime
    placed_at: datetime | None
    pay_before: datetime | None
    is_awaited: bool  # the last try may take days (a bank transfer): the goods are held until `pay_before`
    paid_at: datetime | None
    cancelled_at: datetime | None


@dataclass(frozen=True, slots=True)
class PurchaseSummary:
    """A row of a buyer's list. `states` are those of its orders."""

    id: UUID
    token: str
    number: int
    state: str
    states: tuple[str, ...]
    market: str
    currency: str
    total_minor: int
    placed_at: datetime


@dataclass(frozen=True, slots=True)
class BuyerContact:
    """How to write to an order's buyer. `link` is their own page of it: a secret, for them alone."""

    email: str
    name: str
    language: str
    link: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class PurchasePage:
    """Purchases, newest first; `next_cursor` asks for the ones after them, empty at the end."""

    purchases: tuple[PurchaseSummary, ...]
    next_cursor: str


def purchase_by_token(ctx: Context, token: str) -> PurchaseView:
    """The purchase behind a guest's link. Refuses: NotFound."""
    purchase = Purchase.objects.of(ctx, token).first() if token else None
    if not isinstance(purchase, Purchase):
        raise NotFound(what="purchase")
    return _view(ctx, purchase, token)


def purchase_view(ctx: Context, *, purchase_id: UUID, token: str = "") -> PurchaseView:
    """One of the asker's own purchases, or the one behind a token. Refuses: NotFound."""
    purchase = Purchase.objects.of(ctx, token).filter(id=purchase_id).first()
    if not isinstance(purchase, Purchase):
        raise NotFound(what="purchase")
    return _view(ctx, purchase, token)


def purchases_of(ctx: Context, *, cursor: str = "", limit: int = 20) -> PurchasePage:
    """The asker's placed purchases, newest first. Two SQL statements. Refuses: Invalid (cursor)."""
    rows = Purchase.objects.of(ctx).filter(placed_at__isnull=False)
    if ctx.actor.kind not in {"operator", "system"}:
        rows = rows.filter(buyer_id=ctx.actor.party_id)
    if cursor:
        try:
            rows = rows.filter(id__lt=read_id("pur", cursor))
        except Invalid:
            raise Invalid(field="cursor", reason="This is not a place in the list.") from None
    count = max(1, min(limit, 100))
    found = list(rows.order_by("-id").prefetch_related("orders")[: count + 1])
    summaries = tuple(
        PurchaseSummary(
            id=row.id,
            token=row.token,
            number=row.number or 0,
            state=row.state,
            states=tuple(order.state for order in sorted(row.orders.all(), key=lambda order: order.id)),
            market=row.market,
            currency=row.currency,
            total_minor=row.total_minor,
            placed_at=row.placed_at,
        )
        for row in found[:count]
    )
    return PurchasePage(summaries, show_id("pur", summaries[-1].id) if len(found) > count else "")


def buyer_of_order(ctx: Context, order_id: int) -> BuyerContact:
    """For rooms above that write to the buyer; the system alone may ask. Refuses: NotFound."""
    rows = Order.objects.of(ctx).select_related("purchase").filter(id=order_id)
    order = rows.first() if ctx.actor.kind == "system" else None
    if order is None:
        raise NotFound(what="order")
    bought = order.purchase
    path = f"{locale_path(bought.market, bought.language)}/purchase/{bought.token}/{show_number(order_id)}"
    return BuyerContact(
        bought.email,
        bought.name,
        bought.language,
        f"{settings.BASE_URL}/{path}",
        pack(bought.market).time_zone,
    )


def _view(ctx: Context, purchase: Purchase, token: str) -> PurchaseView:
    orders = orders_of_purchase(ctx, purchase.id, token)
    tries = payments_by_purchase([purchase.id])[purchase.id]
    refused = list(purchase.drafts.filter(state="refused").order_by("ref"))
    names = sellers_by_id({draft.seller_id for draft in refused}) if refused else {}
    return PurchaseView(
        id=purchase.id,
        token=purchase.token,
        number=purchase.number or 0,
        state=purchase.state,
        market=purchase.market,
        language=purchase.language,
        currency=purchase.currency,
        is_guest=purchase.is_guest,
        contact=contact_of(purchase),
        orders=tuple(orders),
        refused=tuple(
            _refused(draft, names[draft.seller_id].display_name if draft.seller_id in names else "")
            for draft in refused
        ),
        total_minor=purchase.total_minor,
        to_pay_minor=sum(order.total_minor for order in orders if order.state == "placed"),
        payment=tries[-1] if tries else None,
        payment_methods=payment_methods(purchase.market),
        created_at=purchase.created_at,
        placed_at=purchase.placed_at,
        pay_before=purchase.pay_before,
        is_awaited=purchase.state == "placed" and bool(tries) and _takes_days(tries[-1]),
        paid_at=purchase.paid_at,
        cancelled_at=purchase.cancelled_at,
    )


def _takes_days(tried: PaymentView) -> bool:
    return tried.state == "redirected" and time_to_pay(tried.method, on=tried.started_at.date()) > PAY_WITHIN


def _refused(draft: Draft, seller_name: str) -> RefusedView:
    offer_id = draft.refusal.get("offer_id")
    line = next((each for each in draft.lines if each["offer_id"] == offer_id), None)
    return RefusedView(
        seller_id=draft.seller_id,
        seller_name=seller_name,
        code=draft.refusal.get("code", ""),
        offer_id=UUID(offer_id) if offer_id else None,
        title=line["title"] if line else {},
        wanted=line["quantity"] if line else 0,
        left=draft.refusal.get("left"),
        others=tuple(
            (UUID(each["offer_id"]), each["title"], each["quantity"])
            for each in draft.lines
            if each["offer_id"] != offer_id
        ),
    )


@dataclass(frozen=True, slots=True)
class ProductBuyer:
    """Who bought a product in one order, and whether it has left yet."""

    order_id: int
    email: str
    language: str
    market: str
    time_zone: str
    is_sent: bool


def buyers_of_product(
    ctx: Context,
    product_id: UUID,
    *,
    since: date | None = None,
    until: date | None = None,
    after: int = 0,
    limit: int = 500,
) -> list[ProductBuyer]:
    """Orders with a product that were not cancelled, placed from one day to another (UTC), by order id after `after`.

    For rooms above that write to the buyers; the system alone may ask, others get none. One SQL statement.
    """
    if ctx.actor.kind != "system":
        return []
    rows = OrderLine.objects.of(ctx).filter(product_id=product_id, order_id__gt=after)
    rows = rows.exclude(order__state="cancelled")
    if since is not None:
        rows = rows.filter(order__placed_at__date__gte=since)
    if until is not None:
        rows = rows.filter(order__placed_at__date__lte=until)
    found: Iterable[Any] = (
        rows.order_by("order_id")
        .values_list(
            "order_id",
            "order__purchase__email",
            "order__purchase__language",
            "order__purchase__market",
            "order__shipped_at",
        )
        .distinct()[:limit]
    )
    return [
        ProductBuyer(number, email, language, market, pack(market).time_zone, shipped_at is not None)
        for number, email, language, market, shipped_at in found
    ]
