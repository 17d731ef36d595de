"""Words of the floor for codes of the house."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TASKS: dict[str, tuple[Promise, str]] = {
    "receive": (_("Receive"), "box"), "sort": (_("Sort"), "filter"), "load": (_("Load"), "truck"),
    "exception": (_("Problem"), "warn"),
}  # fmt: skip

REASONS: dict[str, Promise] = {
    "damaged": _("Damaged"), "no_label": _("Label unreadable"), "too_big": _("Too big or too heavy"),
    "not_found": _("Not found"), "other": _("Something else"), "wrong_cage": _("Wrong cage"),
    "customs_hold": _("Held by customs"), "cage_closed": _("Put in after the cage was closed"),
    "no_such_cage": _("No such cage"),
}  # fmt: skip

OUTCOMES: dict[str, Promise] = {
    "ok": _("Recorded"), "return": _("Return taken in"), "unknown_parcel": _("Unknown parcel"), "not_understood": _("Not understood"),
    "no_way_on": _("No way on from here"), "wrong_cage": _("Wrong cage"), "customs_hold": _("Held by customs"),
    "no_such_cage": _("No such cage"), "cage_closed": _("Put in after the cage was closed"),
}  # fmt: skip

STATES: dict[str, tuple[Promise, str]] = {
    "open": (_("Open"), "info"), "closed": (_("Closed"), "wait"), "loaded": (_("Loaded"), "ok"),
    "departed": (_("Departed"), "ok"), "expected": (_("Expected"), "wait"), "received": (_("Received"), "info"),
    "sorted": (_("Sorted"), "ok"), "exception": (_("Set aside"), "bad"),
}  # fmt: skip


def reason_words(reason: str) -> str:
    return str(REASONS.get(reason, reason))


def outcome_words(outcome: str) -> str:
    return str(OUTCOMES.get(outcome, outcome))


def state_badge(state: str) -> tuple[str, str]:
    words, kind = STATES.get(state, (state, ""))
    return str(words), kind
