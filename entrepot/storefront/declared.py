"""Customs files on pages of more than one door: their words, their form, their papers."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from entrepot.kit.errors import Invalid, NotFound
from entrepot.kit.money import exponent_of
from entrepot.logistics.commands import LineRepair
from entrepot.logistics.queries import (
    CustomsView,
    customs_cn23_pdf,
    customs_invoice_pdf,
    customs_json,
    customs_xml,
)

STATES = {
    "incomplete": (_("Incomplete"), "bad"), "ready": (_("Ready"), "ok"), "presented": (_("At customs"), "info"),
    "held": (_("Held at customs"), "bad"), "answered": (_("Answered, at customs"), "warn"),
    "released": (_("Cleared by customs"), "ok"), "not_needed": (_("Not needed"), ""),
}  # fmt: skip
PAPERS = {
    "json": (customs_json, "application/json", "json"),
    "xml": (customs_xml, "application/xml", "xml"),
    "invoice": (customs_invoice_pdf, "application/pdf", "pdf"),
    "cn23": (customs_cn23_pdf, "application/pdf", "pdf"),
}


def customs_badge(state: str) -> tuple[str, str]:
    """A state in words and the kind of its badge."""
    words, kind = STATES.get(state, (state, ""))
    return gettext(words), kind


def customs_paper(view: CustomsView, number: str, kind: str) -> HttpResponse:
    """A file to take away. Refuses: NotFound (kind)."""
    if kind not in PAPERS:
        raise NotFound(what="paper")
    make, content_type, suffix = PAPERS[kind]
    response = HttpResponse(make(view), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="customs-{kind}-{number}.{suffix}"'
    response["Cache-Control"] = "private, no-store"
    return response


def repairs_of(posted: Mapping[str, Any], view: CustomsView) -> dict[int, LineRepair]:
    """What a form corrects, by line. Refuses: Invalid (value, weight)."""
    scale = 10 ** exponent_of(view.currency)
    found = {}
    for line in view.lines:
        name = f"-{line.position}"
        if f"hs6{name}" not in posted:
            continue
        try:
            value = Decimal(str(posted.get(f"value{name}", "")).strip().replace(",", "."))
            weight = int(str(posted.get(f"weight{name}", "")).strip())
            if not value.is_finite() or abs(value) >= 10**9:
                raise InvalidOperation
        except (InvalidOperation, ValueError) as error:
            raise Invalid(
                field="value",
                reason=gettext("A value or weight is not a number."),
                hint=gettext("Write 12.50 and 400."),
            ) from error
        found[line.position] = LineRepair(
            str(posted.get(f"description{name}", ""))[:600],
            str(posted.get(f"hs6{name}", ""))[:20],
            str(posted.get(f"origin{name}", ""))[:20],
            int(value * scale),
            weight,
        )
    return found
