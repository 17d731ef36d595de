"""Where a parcel is, for whoever holds its label: no name, no address, no order; in the buyer's language."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from entrepot.kit.errors import NotFound
from entrepot.logistics.queries import public_track
from entrepot.markets.queries import language_of
from entrepot.storefront import show, steps
from entrepot.storefront.web import door, limit, page

MISSES, MISSES_WITHIN_S = 30, 600


@door(methods="GET")
def track(request: HttpRequest, number: str) -> HttpResponse:
    """The public page of a parcel. Guessing numbers is stopped after thirty misses."""
    try:
        found = public_track(number.strip().upper().replace(" ", ""))
    except NotFound:
        limit(request, "tracking", most=MISSES, per_s=MISSES_WITHIN_S)
        raise
    language = request.GET.get("lang", "") or found.language
    with translation.override(
        language if translation.check_for_language(language) else language_of(found.language)
    ):
        rows = [
            {
                "words": steps.event_words(event.code),
                "at": show.moment(event.at, found.time_zone, translation.get_language() or language),
                "at_iso": event.at.isoformat(),
                "note": event.place,
                "state": "bad" if event.code in steps.BAD else "done",
            }
            for event in found.events
            if event.code != "label_created"
        ]
        if rows and rows[-1]["state"] == "done":
            rows[-1]["state"] = "now"
        legs = [
            {"code": code, "place": name, "note": "", "state": "done" if is_past else ""}
            for code, name, is_past in found.route
        ]
        last = max((place for place, leg in enumerate(legs) if leg["state"]), default=0)
        if legs and found.delivered_at is None:
            legs[last]["state"] = "now"
        data = {
            "track": found,
            "rows": rows,
            "legs": legs,
            "promised": date.fromisoformat(found.promised_to) if found.promised_to else None,
            "expected": date.fromisoformat(found.expected_on) if found.expected_on else None,
        }
        return page(request, "storefront/track.jinja", data, headers={"Cache-Control": "private, no-store"})
