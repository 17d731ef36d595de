"""Cages and loads: open, print the label, close, and let the vehicle leave."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from entrepot.hub_floor.frame import floor_door, show
from entrepot.logistics.commands import close_cage, depart_load, open_cage
from entrepot.logistics.queries import cage_label, cages_of_hub, hub_of, load_paper, sort_plan, waves_of_hub
from entrepot.storefront.web import attempt, context_of


def _page(request: HttpRequest, hub: str, why: str = "") -> HttpResponse:
    ctx, node = context_of(request), hub_of(hub)
    rows = cages_of_hub(ctx, hub)
    loads = {row.load_id: row for row in rows if row.state == "loaded"}
    data = {
        "why": why,
        "plan": sort_plan(hub, ctx.at),
        "cages": rows,
        "loads": [
            (load_id, cage, [row for row in rows if row.load_id == load_id])
            for load_id, cage in loads.items()
        ],
        "typed": request.POST,
        "waves": waves_of_hub(ctx, hub),
    }
    return show(request, "cages.jinja", node, data)


@floor_door()
def cages(request: HttpRequest, hub: str) -> HttpResponse:
    """The sort plan with its cages, and the loads that fill."""
    return _page(request, hub)


@floor_door(methods="POST")
def open_one(request: HttpRequest, hub: str) -> HttpResponse:
    """One more cage for a chute."""
    return attempt(
        lambda: open_cage(context_of(request), hub=hub, lane=request.POST.get("lane", "")[:60]),
        then=f"/hub/{hub}/cages",
        done="opened",
        again=lambda why: _page(request, hub, why),
    )


@floor_door(methods="POST")
def close_one(request: HttpRequest, hub: str, code: str) -> HttpResponse:
    """A full cage."""
    return attempt(
        lambda: close_cage(context_of(request), hub=hub, code=code),
        then=f"/hub/{hub}/cages",
        done="closed",
        again=lambda why: _page(request, hub, why),
    )


@floor_door(methods="POST")
def depart(request: HttpRequest, hub: str, load_id: UUID) -> HttpResponse:
    """The vehicle leaves."""
    return attempt(
        lambda: depart_load(
            context_of(request), hub=hub, load_id=load_id, signed_by=request.POST.get("signed_by", "")
        ),
        then=f"/hub/{hub}/cages",
        done="departed",
        again=lambda why: _page(request, hub, why),
    )


@floor_door()
def label(request: HttpRequest, hub: str, code: str) -> HttpResponse:
    """The cage's label: its code to scan and its chute to read from afar."""
    return _pdf(cage_label(context_of(request), hub, code), f"cage-{code}.pdf")


@floor_door()
def load_list(request: HttpRequest, hub: str, load_id: UUID) -> HttpResponse:
    """What the vehicle takes along, to print and to sign."""
    made = load_paper(context_of(request), hub, load_id, language=get_language() or "en")
    return _pdf(made, f"load-{load_id}.pdf")


def _pdf(made: bytes, name: str) -> HttpResponse:
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
