"""Figures over many orders, counted in the order rows themselves: what insight and the console show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from entrepot.kit.context import Context
from entrepot.orders.models import Order, OrderLine, Return

# A state and every state after it: an order counted as delivered was shipped, packed and paid too.
_REACHED = {
    "placed": Q(),
    "paid": Q(paid_at__isnull=False),
    "shipped": Q(shipped_at__isnull=False),
    "delivered": Q(delivered_at__isnull=False),
    "kept": Q(state="completed", refund_minor=0),
}


@dataclass(frozen=True, slots=True)
class DayOfSales:
    """Orders paid on one day of the market's calendar; `gmv_minor` is what buyers paid, refunds not deducted."""

    on: date
    currency: str
    orders: int
    gmv_minor: int
    refund_minor: int


@dataclass(frozen=True, slots=True)
class BoughtLine:
    """What a review needs to know of an order line."""

    order_id: int
    position: int
    product_id: UUID
    seller_id: UUID
    buyer_id: UUID
    market: str
    delivered_at: datetime | None


def sales_by_day(
    ctx: Context, *, since_at: datetime, until_at: datetime, market: str = "", time_zone: str = "UTC"
) -> list[DayOfSales]:
    """Paid orders by day and currency, from `since_at` to `until_at` (exclusive), oldest first; empty days absent."""
    rows = (
        _orders(ctx, market)
        .filter(paid_at__gte=since_at, paid_at__lt=until_at)
        .annotate(on=TruncDate("paid_at", tzinfo=ZoneInfo(time_zone)))
        .values("on", "currency")
        .annotate(orders=Count("id"), gmv=Sum("total_minor"), refund=Sum("refund_minor"))
        .order_by("on", "currency")
    )
    return [DayOfSales(row["on"], row["currency"], row["orders"], row["gmv"], row["refund"]) for row in rows]


def sales_by_seller(
    ctx: Context, *, since_at: datetime, until_at: datetime, market: str = "", limit: int = 10
) -> list[tuple[UUID, str, int, int]]:
    """(seller, currency, orders, GMV in minor units) of paid orders, the largest first."""
    rows = (
        _orders(ctx, market)
        .filter(paid_at__gte=since_at, paid_at__lt=until_at, seller_id__isnull=False)
        .values("seller_id", "currency")
        .annotate(orders=Count("id"), gmv=Sum("total_minor"))
        .order_by("-gmv", "seller_id")[:limit]
    )
    found: list[Any] = list(rows.values_list("seller_id", "currency", "orders", "gmv"))
    return found


def sold_by_product(ctx: Context, *, since_at: datetime) -> dict[UUID, int]:
    """Pieces of paid orders since then that were not given back, by product (one SQL statement)."""
    kept = F("quantity") - F("given_back")
    rows = (
        OrderLine.objects.of(ctx)
        .filter(order__paid_at__gte=since_at)
        .exclude(order__state="cancelled")
        .values("product_id")
        .annotate(kept=Sum(kept))
    )
    return {row["product_id"]: row["kept"] for row in rows if row["kept"] > 0}


def purchases_reaching(
    ctx: Context, *, since_at: datetime, until_at: datetime, market: str = "", channel: str
) -> dict[str, int]:
    """Of the purchases placed in the period through a door (web or api): how many have an order that was placed, paid,
    shipped, delivered and kept so far.
    """
    rows = _orders(ctx, market).filter(
        placed_at__gte=since_at, placed_at__lt=until_at, purchase__channel=channel
    )
    return dict(
        rows.aggregate(
            **{step: Count("purchase_id", filter=test, distinct=True) for step, test in _REACHED.items()}
        )
    )


def orders_by_state(ctx: Context, *, market: str = "") -> dict[str, int]:
    """How many orders stand in each state now."""
    rows = _orders(ctx, market).values("state").annotate(count=Count("id"))
    return {row["state"]: row["count"] for row in rows.order_by("state")}


def exceptions_by_reason(
    ctx: Context, *, since_at: datetime, until_at: datetime, market: str = ""
) -> list[tuple[str, int]]:
    """What did not go as promised among the orders placed in the period, as (reason, orders).

    Reasons: `cancelled:<why>`, `late_dispatch` (not handed over by the day promised), `late_delivery`,
    `return:<why>`.
    """
    placed = Q(placed_at__gte=since_at, placed_at__lt=until_at)
    orders = _orders(ctx, market).filter(placed)
    cancelled = orders.filter(state="cancelled").values("cancel_reason").annotate(count=Count("id"))
    found = [(f"cancelled:{row['cancel_reason'] or 'unknown'}", row["count"]) for row in cancelled]
    today = ctx.at.date()
    late = orders.aggregate(
        dispatch=Count(
            "id",
            filter=Q(shipped_at__isnull=True, state__in=["paid", "packed"], ship_by__lt=today)
            | Q(shipped_at__date__gt=F("ship_by")),
        ),
        delivery=Count(
            "id",
            filter=Q(delivered_at__date__gt=F("promise_to"))
            | Q(delivered_at__isnull=True, state="shipped", promise_to__lt=today),
        ),
    )
    found += [("late_dispatch", late["dispatch"]), ("late_delivery", late["delivery"])]
    returns = Return.objects.of(ctx).filter(order__placed_at__gte=since_at, order__placed_at__lt=until_at)
    if market:
        returns = returns.filter(order__market=market)
    found += [
        (f"return:{row['reason']}", row["count"])
        for row in returns.values("reason").annotate(count=Count("order_id", distinct=True))
    ]
    return [(reason, count) for reason, count in found if count]


def bought_lines(ctx: Context, order_ids: Iterable[int]) -> dict[tuple[int, int], BoughtLine]:
    """Lines of orders the asker may see, by (order id, position); lines of an unknown product are absent."""
    rows: Iterable[Any] = (
        OrderLine.objects.of(ctx)
        .filter(order_id__in=set(order_ids), product_id__isnull=False, order__seller_id__isnull=False)
        .values_list(
            "order_id", "position", "product_id", "order__seller_id", "order__buyer_id", "order__market",
            "order__delivered_at",
        )
    )  # fmt: skip
    return {(row[0], row[1]): BoughtLine(*row) for row in rows}


def _orders(ctx: Context, market: str) -> QuerySet[Order]:
    rows = Order.objects.of(ctx)
    return rows.filter(market=market) if market else rows
