"""Hubs, and how the shift of one goes."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from entrepot.hub_floor.frame import floor_door, show
from entrepot.hub_floor.words import state_badge
from entrepot.insight.queries import charts
from entrepot.logistics.commands import settle_scan
from entrepot.logistics.queries import hub_of, hubs_of_floor, shift_of_hub, waves_of_hub
from entrepot.storefront import environment as say
from entrepot.storefront.web import attempt, context_of


@floor_door()
def hubs(request: HttpRequest) -> HttpResponse:
    """Which hub?"""
    return show(request, "hubs.jinja", None, {"hubs": hubs_of_floor(context_of(request))})


@floor_door()
def shift(request: HttpRequest, hub: str) -> HttpResponse:
    """Scans by hour and worker, waves with their clocks, and what somebody has to look at."""
    return _shift_page(request, hub)


def _shift_page(request: HttpRequest, hub: str, why: str = "") -> HttpResponse:
    ctx, node = context_of(request), hub_of(hub)
    found = shift_of_hub(ctx, hub)
    hours = [charts.Bar(f"{at.hour:02d}", count, say.number(count), fill="f1") for at, count in found.by_hour]
    top = charts.axis_top([bar.value for bar in hours])
    floor = [
        charts.Bar(state_badge(state)[0], found.on_floor.get(state, 0), say.number(found.on_floor.get(state, 0)),
                   fill="bad" if state == "exception" else "f1")
        for state in ("expected", "received", "sorted", "loaded", "exception")
    ]  # fmt: skip
    data = {
        "why": why,
        "s": found,
        "waves": waves_of_hub(ctx, hub),
        "total": sum(found.by_kind.values()),
        "hour_chart": charts.columns(_("Scans by hour"), hours, top_said=say.number(top)),
        "floor_chart": charts.rows(_("On the floor now"), floor),
    }
    return show(request, "shift.jinja", node, data)


@floor_door(methods="POST")
def settle(request: HttpRequest, hub: str, scan_id: UUID) -> HttpResponse:
    """Somebody has looked at it."""
    return attempt(
        lambda: settle_scan(context_of(request), hub=hub, scan_id=scan_id),
        then=f"/hub/{hub}/shift",
        done="settled",
        again=lambda why: _shift_page(request, hub, why),
    )
