"""The figures of a market over a period, counted from orders and money; page counts only where nothing else knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Sum

from entrepot.insight.models import PageCount
from entrepot.insight.policy import STEPS, change_bp, pareto, share_bp
from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid, NotAllowed, Sentence
from entrepot.orders.queries import figures

MOST_DAYS = 400


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days of a market's calendar, both ends included."""

    first_on: date
    last_on: date
    time_zone: str

    @property
    def days(self) -> int:
        return (self.last_on - self.first_on).days + 1

    @property
    def since_at(self) -> datetime:
        return datetime.combine(self.first_on, time(), ZoneInfo(self.time_zone))

    @property
    def until_at(self) -> datetime:
        return datetime.combine(self.last_on + timedelta(days=1), time(), ZoneInfo(self.time_zone))

    @property
    def before(self) -> Period:
        """The period of the same length that ends the day before."""
        shift = timedelta(days=self.days)
        return Period(self.first_on - shift, self.last_on - shift, self.time_zone)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure and the same figure in the period before; `change_bp` is None when that was zero."""

    value: int
    before: int

    @property
    def change_bp(self) -> int | None:
        return change_bp(self.value, self.before)


@dataclass(frozen=True, slots=True)
class DayFigure:
    """One day: paid orders and what buyers paid, with the same day of the period before."""

    on: date
    orders: int
    gmv_minor: int
    gmv_before_minor: int


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """`of_first_bp`, `of_previous_bp`: shares in basis points. Steps up to checkout are pages, later ones orders."""

    step: str
    count: int
    of_first_bp: int
    of_previous_bp: int


@dataclass(frozen=True, slots=True)
class ExceptionReason:
    """Why orders did not go as promised, how many, and the share of all up to and with this reason."""

    reason: str
    count: int
    cumulated_bp: int


@dataclass(frozen=True, slots=True)
class SellerFigure:
    """Paid orders of one seller."""

    seller_id: UUID
    orders: int
    gmv_minor: int


@dataclass(frozen=True, slots=True)
class Overview:
    """All amounts in minor units of `currency`; orders in other currencies are counted in `left_out`."""

    period: Period
    currency: str
    gmv_minor: Figure
    orders: Figure
    average_minor: Figure
    refund_minor: Figure
    days: tuple[DayFigure, ...]
    funnel: tuple[FunnelStep, ...]
    exceptions: tuple[ExceptionReason, ...]
    sellers: tuple[SellerFigure, ...]
    states: tuple[tuple[str, int], ...]
    left_out: int


def period_of(ctx: Context, *, days: int, time_zone: str) -> Period:
    """The last `days` days up to today in the market's calendar. Refuses: Invalid (1 to 400)."""
    if not 1 <= days <= MOST_DAYS:
        raise Invalid(field="days", reason=Sentence("lie between 1 and {most}.", most=MOST_DAYS))
    today = ctx.at.astimezone(ZoneInfo(time_zone)).date()
    return Period(today - timedelta(days=days - 1), today, time_zone)


def overview(ctx: Context, *, period: Period, currency: str, market: str = "") -> Overview:
    """The market's figures for people who run it. A fixed number of SQL statements. Refuses: NotAllowed."""
    if not ctx.may("insight:read"):
        raise NotAllowed(scope="insight:read")
    zone = {"market": market, "time_zone": period.time_zone}
    now, before = (
        figures.sales_by_day(ctx, since_at=span.since_at, until_at=span.until_at, **zone)
        for span in (period, period.before)
    )
    ours = {day.on: day for day in now if day.currency == currency}
    theirs = {day.on: day for day in before if day.currency == currency}
    shift = timedelta(days=period.days)
    days = []
    for number in range(period.days):
        on = period.first_on + timedelta(days=number)
        day, then = ours.get(on), theirs.get(on - shift)
        days.append(
            DayFigure(
                on, day.orders if day else 0, day.gmv_minor if day else 0, then.gmv_minor if then else 0
            )
        )
    gmv = Figure(sum(day.gmv_minor for day in ours.values()), sum(day.gmv_minor for day in theirs.values()))
    orders = Figure(sum(day.orders for day in ours.values()), sum(day.orders for day in theirs.values()))
    span_args = {"since_at": period.since_at, "until_at": period.until_at, "market": market}
    return Overview(
        period=period,
        currency=currency,
        gmv_minor=gmv,
        orders=orders,
        average_minor=Figure(
            gmv.value // orders.value if orders.value else 0,
            gmv.before // orders.before if orders.before else 0,
        ),
        refund_minor=Figure(
            sum(day.refund_minor for day in ours.values()), sum(day.refund_minor for day in theirs.values())
        ),
        days=tuple(days),
        funnel=_funnel(ctx, period, market),
        exceptions=tuple(
            ExceptionReason(*row)
            for row in pareto(figures.exceptions_by_reason(ctx, **span_args))  # type: ignore[arg-type]
        ),
        sellers=tuple(
            SellerFigure(seller_id, count, minor)
            for seller_id, code, count, minor in figures.sales_by_seller(ctx, **span_args)  # type: ignore[arg-type]
            if code == currency
        ),
        states=tuple(figures.orders_by_state(ctx, market=market).items()),
        left_out=sum(day.orders for day in now if day.currency != currency),
    )


def page_counts(*, since_at: datetime, until_at: datetime, market: str = "") -> dict[str, int]:
    """Pages by step, from `since_at` to `until_at` (exclusive); every step is there."""
    rows = PageCount.objects.filter(hour_at__gte=since_at, hour_at__lt=until_at)
    if market:
        rows = rows.filter(market=market)
    counts = dict(rows.values_list("step").annotate(Sum("count")))
    return {step: int(counts.get(step, 0)) for step in STEPS}


def _funnel(ctx: Context, period: Period, market: str) -> tuple[FunnelStep, ...]:
    """From a visit to a purchase that is kept. Programs that buy see no pages, so their purchases are not in it."""
    span = {"since_at": period.since_at, "until_at": period.until_at}
    pages = page_counts(**span, market=market)
    reached = figures.purchases_reaching(ctx, **span, market=market, channel="web")
    counts = [
        *pages.items(),
        *((step, reached[step]) for step in ("placed", "paid", "shipped", "delivered", "kept")),
    ]
    first, previous, steps = counts[0][1], counts[0][1], []
    for step, count in counts:
        steps.append(FunnelStep(step, count, share_bp(count, first), share_bp(count, previous)))
        previous = count
    return tuple(steps)
