"""How the market does: figures, charts with their tables, files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entrepot.console.desk import Where, desk, show, take_away, where_of, whole_number
from entrepot.console.words import exception_words, step_words
from entrepot.insight.queries import charts
from entrepot.insight.queries.overview import Overview, overview, period_of
from entrepot.kit import desk as machine
from entrepot.parties.queries import sellers_by_id
from entrepot.storefront import environment as say
from entrepot.storefront.web import context_of

DAYS = (7, 28, 90)


def _read(request: HttpRequest) -> tuple[Where, int, Overview]:
    where = where_of(request)
    days = whole_number(request.GET.get("days", ""), 28, least=1, most=400)
    ctx = context_of(request)
    period = period_of(ctx, days=days, time_zone=where.time_zone)
    return where, days, overview(ctx, period=period, currency=where.currency, market=where.code)


@desk()
def home(request: HttpRequest) -> HttpResponse:
    """The overview, or the first page of those who may not see figures."""
    ctx = context_of(request)
    if not ctx.may("insight:read"):
        return redirect("/console/orders/")
    where, days, found = _read(request)

    def money(minor: int) -> str:
        return say.money(minor, found.currency)

    day_bars = [
        charts.Bar(
            say.day(day.on),
            day.gmv_minor,
            f"{money(day.gmv_minor)} · {day.orders}",
            before=day.gmv_before_minor,
        )
        for day in found.days
    ]
    top = charts.axis_top([value for bar in day_bars for value in (bar.value, bar.before)])
    names = sellers_by_id([row.seller_id for row in found.sellers])
    data: dict[str, Any] = {
        "where": where,
        "days": days,
        "spans": DAYS,
        "o": found,
        "day_chart": charts.columns(
            _("GMV by day"), day_bars, top_said=money(top), every=1 if days <= 8 else 7 if days <= 40 else 14
        ),
        "funnel_chart": charts.rows(
            _("Funnel"),
            [
                charts.Bar(
                    step_words(step.step),
                    step.count,
                    say.number(step.count),
                    f"· {say.percent(step.of_previous_bp // 10 * 10)}" if number else "",
                    fill="f1" if number < 4 else "f2",
                )
                for number, step in enumerate(found.funnel)
            ],
        ),
        "exception_chart": charts.rows(
            _("Exceptions by reason"),
            [
                charts.Bar(
                    exception_words(row.reason),
                    row.count,
                    say.number(row.count),
                    f"· Σ {say.percent(row.cumulated_bp // 100 * 100)}",
                    fill="bad",
                )
                for row in found.exceptions
            ],
        ),
        "sellers": [(names.get(row.seller_id), row) for row in found.sellers],
        "states": dict(found.states),
        "step_words": step_words,
        "exception_words": exception_words,
        "outbox": machine.outbox_state(),
    }
    return show(request, "overview.jinja", data)


def _days(found: Overview) -> tuple[Sequence[str], list[Sequence[object]]]:
    columns = ("day", "orders", "gmv_minor", "gmv_before_minor", "currency")
    return columns, [
        (day.on.isoformat(), day.orders, day.gmv_minor, day.gmv_before_minor, found.currency)
        for day in found.days
    ]


def _funnel(found: Overview) -> tuple[Sequence[str], list[Sequence[object]]]:
    columns = ("step", "count", "of_first_bp", "of_previous_bp")
    return columns, [(row.step, row.count, row.of_first_bp, row.of_previous_bp) for row in found.funnel]


def _exceptions(found: Overview) -> tuple[Sequence[str], list[Sequence[object]]]:
    return ("reason", "orders", "cumulated_bp"), [
        (r.reason, r.count, r.cumulated_bp) for r in found.exceptions
    ]


def _sellers(found: Overview) -> tuple[Sequence[str], list[Sequence[object]]]:
    names = sellers_by_id([row.seller_id for row in found.sellers])
    return ("seller", "orders", "gmv_minor", "currency"), [
        (names[row.seller_id].display_name if row.seller_id in names else row.seller_id, row.orders, row.gmv_minor,
         found.currency)
        for row in found.sellers
    ]  # fmt: skip


_FILES: dict[str, Callable[[Overview], tuple[Sequence[str], list[Sequence[object]]]]] = {
    "days": _days, "funnel": _funnel, "exceptions": _exceptions, "sellers": _sellers,
}  # fmt: skip


@desk(scope="insight:read")
def home_csv(request: HttpRequest, chart: str) -> HttpResponse:
    """The numbers of one chart as a file."""
    _where, _span, found = _read(request)
    columns, rows = _FILES[chart](found)
    return take_away(f"overview-{chart}", columns, rows, context_of(request).at)
