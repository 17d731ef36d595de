"""Payouts: what is held, earned and on its way; each entry, each payout, statements as PDF and CSV."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid, NotFound, Sentence
from entrepot.seller_centre.forms import read_count, read_price
from entrepot.seller_centre.frame import back, seller_of, work_page
from entrepot.seller_centre.words import entry_words, money_words
from entrepot.settlement.commands.payouts import choose_rhythm, choose_route
from entrepot.settlement.errors import RouteWrong
from entrepot.settlement.queries import (
    entries_of_seller,
    payout_by_id,
    payout_way,
    payouts_of_seller,
    seller_balances,
    statement_by_seller,
    statement_file,
)
from entrepot.storefront.web import context_of, door, said


@door(role="seller", methods="GET POST", scope="payouts:read", writes="payouts:write")
def payout_list(request: HttpRequest) -> HttpResponse:
    """Balances, the next payout, and every entry behind them; where payouts go and how often."""
    ctx = context_of(request)
    seller_id = seller_of(ctx)
    if request.method == "POST" and request.POST.get("do") == "route":
        route, account = request.POST.get("route", ""), request.POST.get("stripe_account", "").strip()
        try:
            choose_route(ctx, seller_id=seller_id, route=route, stripe_account=account)
        except RouteWrong as refusal:
            return _page(request, why=said(refusal), typed=(route, account))
        return back("/seller/payouts", "route")
    if request.method == "POST":
        minimum = request.POST.get("minimum", "").strip()
        choose_rhythm(
            ctx,
            seller_id=seller_id,
            rhythm=request.POST.get("rhythm", ""),
            minimum_minor=read_price(minimum, "EUR", "minimum") if minimum not in ("", "0") else 0,
        )
        return back("/seller/payouts", "saved")
    return _page(request)


def _page(request: HttpRequest, *, why: str = "", typed: tuple[str, str] = ("", "")) -> HttpResponse:
    ctx = context_of(request)
    seller_id = seller_of(ctx)
    before = request.GET.get("before", "")
    entries, older = entries_of_seller(
        ctx, seller_id, before=read_count(before, "before", 2**62) if before else None, limit=50
    )
    data = {
        "balances": seller_balances(ctx, seller_id),
        "payouts": payouts_of_seller(ctx, seller_id, limit=20),
        "entries": entries,
        "older": older,
        "entry_words": entry_words(),
        "months": _months(ctx.at),
        "way": payout_way(ctx, seller_id),
        "why": why,
        "typed": typed,
        "rhythms": [("daily", _("Daily")), ("weekly", _("Weekly")), ("monthly", _("Every four weeks"))],
    }
    return work_page(request, "payouts.jinja", data, 422 if why else 200)


@door(role="seller", methods="GET", scope="payouts:read")
def payout_page(request: HttpRequest, payout: str) -> HttpResponse:
    """One payout: its lines sum to the amount at the bank."""
    ctx = context_of(request)
    try:
        view, entries = payout_by_id(ctx, UUID(payout))
    except ValueError as error:
        raise NotFound(what="payout") from error
    data = {"payout": view, "entries": entries, "entry_words": entry_words(), "money_words": money_words()}
    return work_page(request, "payout.jinja", data)


@door(role="seller", methods="GET", scope="payouts:read")
def statement(request: HttpRequest, month: str, kind: str) -> HttpResponse:
    """A month's statement as PDF or CSV."""
    ctx = context_of(request)
    since, until = _month(month)
    currency = request.GET.get("currency", "EUR")
    found = statement_by_seller(ctx, _seller(ctx), currency=currency, since_at=since, until_at=until)
    name = f"statement-{month}-{currency}.{kind}"
    mime = "text/csv; charset=utf-8" if kind == "csv" else "application/pdf"
    content = statement_file(found, kind=kind, language=get_language() or "en")
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=mime, headers=headers)


def _seller(ctx: Context) -> UUID:
    if not ctx.may("payouts:read"):
        raise NotFound(what="statement")
    return seller_of(ctx)


def _months(at: datetime) -> list[str]:
    """This month and the five before, as `2026-11`."""
    first = at.replace(day=1)
    names: list[str] = []
    while len(names) < 6:
        names.append(f"{first:%Y-%m}")
        first = (first - timedelta(days=1)).replace(day=1)
    return names


def _month(text: str) -> tuple[datetime, datetime]:
    """The first instant of a month and of the next one, UTC. Refuses: Invalid."""
    try:
        since = datetime.strptime(text, "%Y-%m").replace(tzinfo=UTC)
    except ValueError as error:
        raise Invalid(
            field="month",
            reason=Sentence("“{text}” is not a month.", text=text[:20]),
            hint="Example: 2026-11",
        ) from error
    return since, (since + timedelta(days=32)).replace(day=1)
