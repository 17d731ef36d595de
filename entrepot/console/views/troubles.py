"""Exceptions with an owner and a clock, and carriers' events that fit no parcel."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from entrepot.console.desk import desk, show, where_of, whole_number
from entrepot.console.views.logistics import outcome_words
from entrepot.console.words import advice_words, carrier_words, note_words, quarantine_words, timeline_words
from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid
from entrepot.kit.ids import show_number
from entrepot.logistics.commands import Repair, assign_trouble, repair_quarantined_events, settle_trouble
from entrepot.logistics.queries import (
    EVENT_CODES,
    TROUBLE_KINDS,
    TroubleView,
    open_troubles,
    quarantine_counts,
    quarantined_events,
    settled_troubles,
    trouble_counts,
    trouble_hands,
)
from entrepot.parties.queries import sellers_by_id
from entrepot.storefront.web import attempt, context_of

SHOWN = ("open", "mine", "free", "overdue", "settled")
TROUBLES, QUARANTINE = "/console/exceptions/", "/console/quarantine/"


def _shown(ctx: Context, which: str, kind: str) -> list[TroubleView]:
    if which == "settled":
        return settled_troubles(ctx, ctx.at, kind=kind)
    return open_troubles(
        ctx,
        ctx.at,
        kind=kind,
        owner_user_id=ctx.actor.user_id if which == "mine" else None,
        is_unowned=which == "free",
        is_overdue=which == "overdue",
    )


def _clock(row: TroubleView, at: datetime) -> tuple[str, str]:
    """What is left of its time, or by how much it is over; and the kind of badge."""
    left = row.due_at - at
    words = _hours(abs(left))
    if left < timedelta(0):
        return _("%(time)s late") % {"time": words}, "bad"
    return _("%(time)s left") % {"time": words}, "warn" if left < timedelta(hours=4) else "info"


def _hours(length: timedelta) -> str:
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    return f"{hours // 24} d {hours % 24} h" if hours >= 48 else f"{hours}:{minutes:02d} h"


def _trouble_page(request: HttpRequest, why: str = "") -> HttpResponse:
    ctx = context_of(request)
    which = request.GET.get("show", "") if request.GET.get("show") in SHOWN else "open"
    kind = request.GET.get("kind", "") if request.GET.get("kind") in TROUBLE_KINDS else ""
    rows = _shown(ctx, which, kind)
    counts = trouble_counts(ctx, ctx.at)
    data = {
        "why": why,
        "which": which,
        "kind": kind,
        "kinds": TROUBLE_KINDS,
        "rows": [(row, _clock(row, ctx.at)) for row in rows],
        "counts": counts,
        "mine": len(open_troubles(ctx, ctx.at, owner_user_id=ctx.actor.user_id)),
        "hands": trouble_hands(ctx),
        "names": sellers_by_id([row.seller_id for row in rows]),
        "kind_words": outcome_words,
        "advice_words": advice_words,
        "note_words": note_words,
        "show_number": show_number,
        "typed": request.POST,
    }
    return show(request, "troubles.jinja", data)


@desk(scope="logistics:read")
def trouble_list(request: HttpRequest) -> HttpResponse:
    """Parcels in trouble, the most urgent first: whose they are, and by when."""
    return _trouble_page(request)


@desk(scope="parcels:repair", methods="POST")
def trouble_assign(request: HttpRequest, trouble_id: UUID) -> HttpResponse:
    """Take one, or give it to a colleague."""
    ctx = context_of(request)
    user_id = whole_number(request.POST.get("owner", ""), 0) or ctx.actor.user_id or 0
    return attempt(
        lambda: assign_trouble(ctx, trouble_id=trouble_id, user_id=user_id),
        then=TROUBLES,
        done="trouble_assigned",
        again=lambda why: _trouble_page(request, why),
    )


@desk(scope="parcels:repair", methods="POST")
def trouble_settle(request: HttpRequest, trouble_id: UUID) -> HttpResponse:
    """Resolved, with what was done."""
    return attempt(
        lambda: settle_trouble(context_of(request), trouble_id=trouble_id, note=request.POST.get("note", "")),
        then=TROUBLES,
        done="trouble_settled",
        again=lambda why: _trouble_page(request, why),
    )


def _quarantine_page(request: HttpRequest, why: str = "") -> HttpResponse:
    counts = quarantine_counts()
    reason = request.GET.get("reason", "") if request.GET.get("reason") in counts else ""
    text = request.GET.get("q", "").strip()[:40]
    data = {
        "why": why,
        "counts": counts,
        "reason": reason,
        "text": text,
        "events": quarantined_events(reason=reason, text=text, limit=100),
        "tab_rows": [
            (f"?reason={name}", quarantine_words(name), count, name == reason)
            for name, count in sorted(counts.items())
        ],
        "codes": [(code, timeline_words("logistics", code)) for code in EVENT_CODES],
        "reason_words": quarantine_words,
        "carrier_words": carrier_words,
        "words_of": timeline_words,
        "typed": request.POST,
    }
    return show(request, "quarantine.jinja", data)


@desk(scope="logistics:read")
def quarantine_list(request: HttpRequest) -> HttpResponse:
    """What carriers told that fits no parcel or cannot be true."""
    return _quarantine_page(request)


def _repair_of(request: HttpRequest) -> Repair:
    """What was typed as a repair. Refuses: Invalid (at)."""
    sent = request.POST
    typed, at = sent.get("at", "").strip(), None
    if typed:
        try:
            at = datetime.fromisoformat(typed)
        except ValueError as error:
            raise Invalid(
                field="at", reason="is not a date and time.", hint="Example: 2026-11-24 14:30"
            ) from error
        at = at.replace(tzinfo=at.tzinfo or ZoneInfo(where_of(request).time_zone))
    return Repair(
        sent.get("source", ""),
        sent.get("event", ""),
        tracking_no=sent.get("tracking_no", "").strip().upper().replace(" ", "")[:40],
        code=sent.get("code", ""),
        at=at,
        dismiss=sent.get("do") == "dismiss",
    )


@desk(scope="parcels:repair", methods="POST")
def quarantine_repair(request: HttpRequest) -> HttpResponse:
    """Correct an event and tell it again, or keep it out for good."""

    def run() -> None:
        repair = _repair_of(request)
        done = repair_quarantined_events(context_of(request), repairs=[repair])
        if done.quarantined:
            raise Invalid(
                field="tracking_no",
                reason="The event still fits no parcel.",
                hint="Correct the number, what happened or when; or dismiss it.",
            )

    return attempt(
        run,
        then=QUARANTINE,
        done="event_dismissed" if request.POST.get("do") == "dismiss" else "event_repaired",
        again=lambda why: _quarantine_page(request, why),
    )
