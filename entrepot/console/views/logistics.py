"""The control tower: parcels between places, flows, promises against what happened, and who needs somebody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from entrepot.console import maps
from entrepot.console.desk import Where, desk, show, take_away, where_of, whole_number
from entrepot.console.words import (
    carrier_words,
    floor_state_words,
    mode_words,
    parcel_state_words,
    timeline_words,
)
from entrepot.insight.queries import charts
from entrepot.kit.ids import show_number
from entrepot.logistics.queries import (
    LateParcel,
    PromiseRecord,
    TowerView,
    count_late_and_at_risk,
    late_and_at_risk,
    parcel_sheet,
    promise_record,
    quarantine_counts,
    tower,
)
from entrepot.parties.queries import sellers_by_id
from entrepot.storefront import environment as say
from entrepot.storefront.web import context_of

DAYS = (7, 30, 90)
MOST_LATE, MOST_IN_FILE = 200, 100_000
OUTCOMES = {
    "on_time": gettext_noop("On time"), "late": gettext_noop("Late"), "on_way": gettext_noop("On its way"),
    "at_risk": gettext_noop("At risk"), "trouble": gettext_noop("In trouble"), "held": gettext_noop("Held at customs"),
    "delivery_failed": gettext_noop("Delivery failed"), "damaged": gettext_noop("Damaged"), "lost": gettext_noop("Lost"),
}  # fmt: skip
Read = tuple[Where, int, TowerView, PromiseRecord, list[LateParcel], int]


def outcome_words(outcome: str) -> str:
    return _(OUTCOMES[outcome]) if outcome in OUTCOMES else outcome


def _read(request: HttpRequest, most: int = MOST_LATE) -> Read:
    ctx, where = context_of(request), where_of(request)
    days = whole_number(request.GET.get("days", ""), 30, least=1, most=400)
    today = ctx.at.astimezone(ZoneInfo(where.time_zone)).date()
    return (
        where, days, tower(ctx, days=days, market=where.code), promise_record(ctx, ctx.at - timedelta(days=days), ctx.at),
        late_and_at_risk(ctx, today, limit=most), count_late_and_at_risk(ctx, today),
    )  # fmt: skip


def _bars(record: PromiseRecord) -> list[charts.Bar]:
    if not record.days_late:
        return []
    span = range(min(record.days_late), max(record.days_late) + 1)
    return [
        charts.Bar(
            f"{late:+d}" if late else "0",
            record.days_late.get(late, 0),
            say.number(record.days_late.get(late, 0)),
            fill="bad" if late > 0 else "f1",
        )
        for late in span
    ]


@desk(scope="logistics:read")
def tower_page(request: HttpRequest) -> HttpResponse:
    """Map, Sankey, promise against actual, and the late list."""
    if wish := request.GET.get("q", "").strip().upper().replace(" ", ""):
        return redirect(f"/console/logistics/parcels/{wish[:40]}/")
    where, days, found, record, late, late_count = _read(request)
    view = request.GET.get("view", "") if request.GET.get("view") in maps.VIEWS else "world"
    bars = _bars(record)
    top = charts.axis_top([bar.value for bar in bars])
    names = sellers_by_id([each.parcel.seller_id for each in late])
    land = say.asset("console/land.svg")
    data: dict[str, Any] = {
        "where": where,
        "days": days,
        "spans": DAYS,
        "view": view,
        "t": found,
        "record": record,
        "on_time_bp": record.on_time * 10_000 // record.delivered if record.delivered else None,
        "late": late,
        "late_count": late_count,
        "names": names,
        "odd": sum(quarantine_counts().values()),
        "map": maps.lane_map(_("Parcels on their way"), land, found.spots, found.lanes, view),
        "sankey": maps.sankey(_("Flow of parcels"), found.flows, outcome_words),
        "histogram": charts.columns(_("Promise against actual"), bars, top_said=say.number(top), every=1 if len(bars) < 20 else 3),
        "bars": bars,
        "outcome_words": outcome_words,
        "mode_words": mode_words,
        "show_number": show_number,
    }  # fmt: skip
    return show(request, "logistics.jinja", data)


@desk(scope="logistics:read")
def tower_csv(request: HttpRequest, chart: str) -> HttpResponse:
    """The numbers of one chart as a file."""
    _where, _days, found, record, late, _count = _read(request, MOST_IN_FILE)
    files: dict[str, tuple[Sequence[str], list[Sequence[object]]]] = {
        "lanes": (
            ("lane", "from", "to", "mode", "parcels", "late_or_at_risk"),
            [(lane.lane, lane.start, lane.end, lane.mode, lane.parcels, lane.late) for lane in found.lanes],
        ),
        "flows": (
            ("origin", "first_hub", "last_hub", "outcome", "parcels"),
            [(flow.origin, flow.first_hub, flow.last_hub, flow.outcome, flow.parcels) for flow in found.flows],
        ),
        "promise": (("days_late", "parcels"), list(record.days_late.items())),
        "late": (
            ("tracking_no", "why", "days_late", "state", "place", "promised_to", "expected_on"),
            [
                (each.parcel.tracking_no, each.why, each.days_late, each.parcel.state, each.parcel.place,
                 each.parcel.promised_to, each.parcel.expected_on)
                for each in late
            ],
        ),
    }  # fmt: skip
    columns, rows = files[chart]
    return take_away(f"logistics-{chart}", columns, rows, context_of(request).at)


@desk(scope="logistics:read")
def parcel_page(request: HttpRequest, number: str) -> HttpResponse:
    """One parcel: its way, its events, its hubs."""
    found = parcel_sheet(context_of(request), number)
    data = {
        "p": found,
        "order_number": show_number(found.parcel.order_id),
        "words_of": timeline_words,
        "parcel_state_words": parcel_state_words,
        "carrier_words": carrier_words,
        "floor_state_words": floor_state_words,
        "customs_state": found.customs_state,
    }
    return show(request, "parcel.jinja", data)
