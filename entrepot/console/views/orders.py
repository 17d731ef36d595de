"""Orders of every seller: find them, see everything about one, cancel or give money back."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from entrepot.console.desk import desk, show, take_away, where_of
from entrepot.console.views.money import account_href, owner_names, subject_href
from entrepot.console.words import (
    CANCEL_REASONS,
    EXCEPTIONS,
    INVOICE_KINDS,
    ORDER_STATES,
    account_words,
    actor_words,
    plain,
    timeline_words,
)
from entrepot.invoicing.queries import invoices_of_orders
from entrepot.kit.desk import audit_entries
from entrepot.kit.errors import Invalid, NotFound
from entrepot.kit.ids import read_number
from entrepot.kit.money import exponent_of, to_minor
from entrepot.ledger.queries import transfers_by_subject
from entrepot.orders.commands import cancel_order, refund_order
from entrepot.orders.queries.figures import orders_by_state
from entrepot.orders.queries.orders import OrderPage, OrderView, order_view, orders_of
from entrepot.orders.queries.timelines import timeline
from entrepot.parties.queries import approved_sellers, emails_by_user
from entrepot.payments.queries import payments_by_order
from entrepot.storefront.web import attempt, context_of

_AMOUNT = re.compile(r"\d{1,9}([.,]\d{1,2})?")
_FILE_PAGES = 20


def _day(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None


def _seller(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _read(request: HttpRequest, *, cursor: str, limit: int) -> OrderPage:
    asked = request.GET
    until = _day(asked.get("until", ""))
    return orders_of(
        context_of(request),
        state=asked.get("state", ""),
        market=where_of(request).code,
        seller_id=_seller(asked.get("seller", "")),
        text=asked.get("q", "").strip()[:120],
        exception=asked.get("exception", ""),
        since=_day(asked.get("since", "")),
        until=until + timedelta(days=1) if until else None,
        cursor=cursor,
        limit=limit,
    )


@desk(scope="orders:read")
def order_list(request: HttpRequest) -> HttpResponse:
    """Orders, newest first; every filter and the place in the list stand in the address."""
    ctx, where = context_of(request), where_of(request)
    found = _read(request, cursor=request.GET.get("cursor", ""), limit=50)
    rest = request.GET.copy()
    rest["cursor"] = found.next_cursor
    first = request.GET.copy()
    first.pop("cursor", None)
    data = {
        "where": where,
        "orders": found.orders,
        "next_url": f"{request.path}?{rest.urlencode()}" if found.next_cursor else "",
        "first": first,
        "asked": request.GET,
        "counts": orders_by_state(ctx, market=where.code),
        "states": ORDER_STATES,
        "exceptions": EXCEPTIONS,
        "sellers": approved_sellers(),
    }
    return show(request, "orders.jinja", data)


@desk(scope="orders:read")
def orders_csv(request: HttpRequest) -> HttpResponse:
    """Exactly this view as a file, at most 2,000 orders; no name, address or e-mail of a buyer in it."""
    columns = (
        "number", "placed_at", "state", "market", "seller", "pieces", "currency", "goods_minor", "shipping_minor",
        "vat_minor", "duty_minor", "total_minor", "refund_minor", "paid_at", "shipped_at", "delivered_at",
    )  # fmt: skip
    rows: list[tuple[object, ...]] = []
    cursor = ""
    for _ in range(_FILE_PAGES):
        found = _read(request, cursor=cursor, limit=100)
        rows += [
            (o.number, o.placed_at.isoformat(), o.state, o.market, o.seller.display_name if o.seller else "", o.quantity,
             o.currency, o.goods_minor, o.shipping_minor, o.vat_minor, o.duty_minor, o.total_minor, o.refund_minor,
             *(at.isoformat() if at else "" for at in (o.paid_at, o.shipped_at, o.delivered_at)))
            for o in found.orders
        ]  # fmt: skip
        cursor = found.next_cursor
        if not cursor:
            break
    return take_away("orders", columns, rows, context_of(request).at)


def _order_id(number: str) -> int:
    """The id behind a number in an address: the one people read, or the plain one of a ledger subject."""
    if number.isascii() and number.isdigit() and len(number) <= 19:
        return int(number)
    try:
        return read_number(number)
    except Invalid:
        raise NotFound(what="order") from None


def _order_page(request: HttpRequest, order_id: int, why: str = "") -> HttpResponse:
    ctx = context_of(request)
    order = order_view(ctx, order_id=order_id)
    subject = f"order:{order.id}"
    transfers = transfers_by_subject(subject) if ctx.may("ledger:read") else []
    entries = audit_entries(ctx, subject=f"orders.Order:{order.id}").entries if ctx.may("audit:read") else ()
    data = {
        "o": order,
        "steps": [step for step in timeline(ctx, order_id=order.id) if step.room != "ledger"],
        "timeline_words": timeline_words,
        "actor_words": actor_words,
        "states": ORDER_STATES,
        "title": subject,
        "transfers": transfers,
        "invoices": invoices_of_orders(ctx, [order.id])[order.id] if ctx.may("ledger:read") else [],
        "invoice_kinds": INVOICE_KINDS,
        "names": owner_names({posting.account.owner for row in transfers for posting in row.postings}),
        "account_words": account_words,
        "account_href": account_href,
        "subject_href": subject_href,
        "payments": payments_by_order(order.id) if ctx.may("orders:refund") else [],
        "entries": entries,
        "emails": emails_by_user(ctx, [entry.user_id for entry in entries if entry.user_id]),
        "plain": plain,
        "cancel_reasons": CANCEL_REASONS,
        "left_minor": order.total_minor - order.refund_minor,
        "typed": request.POST,
        "why": why,
    }
    return show(request, "order.jinja", data)


@desk(scope="orders:read")
def order_page(request: HttpRequest, number: str) -> HttpResponse:
    """One order: summary, timeline, money, who changed what."""
    return _order_page(request, _order_id(number))


@desk(scope="orders:cancel", methods="POST")
def order_cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Cancel before dispatch; what was paid goes back."""
    order_id = _order_id(number)
    return attempt(
        lambda: cancel_order(context_of(request), order_id=order_id, reason=request.POST.get("reason", "")),
        then=f"/console/orders/{number}/",
        done="order_cancelled",
        again=lambda why: _order_page(request, order_id, why),
    )


def _amount(text: str, order: OrderView) -> int:
    """`12,50` in minor units. Refuses: Invalid."""
    text = text.strip()
    if not _AMOUNT.fullmatch(text) or (exponent_of(order.currency) == 0 and len(re.split("[.,]", text)) > 1):
        raise Invalid(field="amount", reason="is not an amount of money.", hint="Example: 12,50")
    return to_minor(Decimal(text.replace(",", ".")), order.currency)


@desk(scope="orders:refund", methods="POST")
def order_refund(request: HttpRequest, number: str) -> HttpResponse:
    """Give an amount back by decision."""
    ctx, order_id = context_of(request), _order_id(number)

    def run() -> None:
        order = order_view(ctx, order_id=order_id)
        minor = _amount(request.POST.get("amount", ""), order)
        refund_order(ctx, order_id=order_id, minor=minor, reason=request.POST.get("reason", ""))

    return attempt(
        run,
        then=f"/console/orders/{number}/",
        done="order_refunded",
        again=lambda why: _order_page(request, order_id, why),
    )
