"""Disputes that buyer and seller did not settle: a person decides, with reasons both read."""

from __future__ import annotations

import re
from decimal import Decimal
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from entrepot.care.commands import decide_dispute
from entrepot.care.queries import dispute_photo, disputes_of
from entrepot.console.desk import desk, show
from entrepot.kit.errors import Invalid, NotFound
from entrepot.kit.ids import show_number
from entrepot.kit.money import to_minor
from entrepot.parties.queries import sellers_by_id
from entrepot.storefront.web import attempt, context_of, jpeg

_AMOUNT = re.compile(r"[0-9]{1,9}([.,][0-9]{1,2})?")


def _dispute_list(request: HttpRequest, why: str = "") -> HttpResponse:
    found = disputes_of(context_of(request))
    names = sellers_by_id({one.seller_id for one in found})
    data = {"disputes": found, "names": names, "why": why, "show_number": show_number}
    return show(request, "disputes.jinja", data, 422 if why else 200)


@desk(scope="disputes:write")
def dispute_list(request: HttpRequest) -> HttpResponse:
    """What waits first, then the newest that ended."""
    return _dispute_list(request)


@desk(scope="disputes:write")
def dispute_picture(request: HttpRequest, photo: UUID) -> HttpResponse:
    """A photo either side has shown."""
    return jpeg(dispute_photo(context_of(request), photo))


@desk(scope="disputes:write", methods="POST")
def dispute_decide(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    """How much goes back, and why."""
    ctx = context_of(request)

    def run() -> None:
        one = next((each for each in disputes_of(ctx, limit=10_000) if each.id == dispute_id), None)
        if one is None:
            raise NotFound(what="dispute")
        typed = request.POST.get("amount", "").strip()
        if not _AMOUNT.fullmatch(typed):
            raise Invalid(field="amount", reason="is not an amount of money.", hint="Example: 12,50")
        minor = to_minor(Decimal(typed.replace(",", ".")), one.currency)
        decide_dispute(ctx, dispute_id=dispute_id, refund_minor=minor, text=request.POST.get("text", ""))

    return attempt(
        run,
        then="/console/disputes/",
        done="dispute_decided",
        again=lambda why: _dispute_list(request, why),
    )
