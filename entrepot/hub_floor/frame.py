"""What the pages of a hub share: its rail, and the sentence after a change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from entrepot.hub_floor import words
from entrepot.logistics.queries import HubView
from entrepot.storefront.web import door, page

SAID = {
    "opened": gettext_noop("The cage is open. Print its label."),
    "closed": gettext_noop("The cage is closed."),
    "departed": gettext_noop("The load has left; its parcels are on their way."),
    "settled": gettext_noop("Looked at."),
    "kept": gettext_noop("The scan is kept."),
}
SCOPE = "hub:scan"


def floor_door(
    *, methods: str = "GET"
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """A door for those who work on the floor."""
    return door(role="operator", scope=SCOPE, methods=methods)


def show(
    request: HttpRequest,
    template: str,
    hub: HubView | None,
    data: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render `hub_floor/<template>` inside the work shell."""
    rail: list[tuple[str, list[tuple[str, str, str, int, bool]]]] = []
    if hub is not None:
        base = f"/hub/{hub.code}/"
        rail = [
            (
                "",
                [
                    (f"{base}scan", _("Scan"), "box", 0, False),
                    (f"{base}shift", _("Shift"), "chart", 0, False),
                    (f"{base}cages", _("Cages and loads"), "truck", 0, False),
                    (f"{base}together", _("Brought together"), "box", 0, False),
                    ("/hub/", _("Other hub"), "pin", 0, False),
                ],
            )
        ]
    done = SAID.get(request.GET.get("done", ""), "")
    shared = {
        "hub": hub,
        "rail": rail,
        "here": request.path,
        "why": "",
        "done": _(done) if done else "",
        "reason_words": words.reason_words,
        "outcome_words": words.outcome_words,
        "state_badge": words.state_badge,
    }
    return page(request, f"hub_floor/{template}", shared | dict(data or {}), status)
