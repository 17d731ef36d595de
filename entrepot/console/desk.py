"""What every page of the console shares: who may see it, the rail, the market switch, files to take away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext as _

from entrepot.care.queries import disputes_of, open_reports_count
from entrepot.insight.queries.export import csv_text
from entrepot.kit import desk as machine
from entrepot.kit.errors import NotAllowed
from entrepot.logistics.queries import customs_counts, quarantine_counts, trouble_counts
from entrepot.markets.queries import MarketPack, all_markets
from entrepot.parties.queries import sellers_all
from entrepot.settlement.queries import open_items_count, payouts_waiting
from entrepot.storefront.web import context_of, door, page

FALLBACK_ZONE = "Europe/Madrid"


@dataclass(frozen=True, slots=True)
class Where:
    """The market the operator looks at (None: all of them), and the clock its days follow."""

    market: MarketPack | None
    choices: tuple[MarketPack, ...]

    @property
    def code(self) -> str:
        return self.market.code if self.market else ""

    @property
    def time_zone(self) -> str:
        first = self.market or next(iter(self.choices), None)
        return first.time_zone if first else FALLBACK_ZONE

    @property
    def currency(self) -> str:
        first = self.market or next(iter(self.choices), None)
        return first.currency if first else "EUR"


def desk(
    *, scope: str = "console:read", methods: str = "GET", pilot_only: bool = False
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """A door for operators that hold `scope`; others signed in find no such page."""

    def wrap(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not context_of(request).may(scope):
                raise NotAllowed(scope=scope)
            return view(request, *args, **kwargs)

        guarded = door(role="operator", methods=methods)(run)
        guarded.desk_scope = scope  # type: ignore[attr-defined]
        guarded.is_pilot_only = pilot_only  # type: ignore[attr-defined]
        return guarded

    return wrap


def where_of(request: HttpRequest) -> Where:
    """The market that `?market=` names, if it was ever opened; else all of them together."""
    choices = tuple(market for market in all_markets() if market.state != "draft")
    wish = request.GET.get("market", "").upper()
    return Where(next((market for market in choices if market.code == wish), None), choices)


def show(
    request: HttpRequest, template: str, data: Mapping[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """Render `console/<template>` inside the work shell."""
    where = data["where"] if data and "where" in data else where_of(request)
    shared = {
        "where": where,
        "rail": rail_of(request),
        "here": request.path,
        "query": request.GET,
        "done": request.GET.get("done", ""),
        "zone": where.time_zone,
        "roles": "",
    }
    return page(request, f"console/{template}", shared | dict(data or {}), status)


def rail_of(request: HttpRequest) -> list[tuple[str, list[tuple[str, str, str, int, bool]]]]:
    """The sections this operator may open, by job, with what waits for somebody."""
    ctx = context_of(request)
    parked = machine.outbox_state().parked if ctx.may("jobs:read") else 0
    drafts = len(sellers_all(ctx, "draft")) if ctx.may("sellers:read") else 0
    waiting = len(payouts_waiting(ctx)) if ctx.may("payouts:approve") else 0
    unexplained = open_items_count(ctx) if ctx.may("ledger:read") else 0
    files = customs_counts(ctx) if ctx.may("logistics:read") else {}
    stuck = files.get("incomplete", 0) + files.get("held", 0)
    troubles = trouble_counts(ctx, ctx.at).open if ctx.may("logistics:read") else 0
    odd = sum(quarantine_counts().values()) if ctx.may("logistics:read") else 0
    asked = disputes_of(ctx, is_open=True) if ctx.may("disputes:write") else []
    disputed = sum(one.state == "escalated" for one in asked)
    reported = open_reports_count(ctx) if ctx.may("reports:decide") else 0
    groups = [
        ("", [("insight:read", "/console/", _("Overview"), "chart", 0)]),
        (
            _("Trade"),
            [
                ("console:read", "/console/markets/", _("Markets"), "globe", 0),
                ("orders:read", "/console/orders/", _("Orders"), "box", 0),
                ("markets:write", "/console/sales/", _("Sales"), "clock", 0),
                ("sellers:read", "/console/sellers/", _("Sellers"), "shop", drafts),
                ("disputes:write", "/console/disputes/", _("Disputes"), "warn", disputed),
                ("reports:decide", "/console/reports/", _("Reports"), "shield", reported),
                ("recalls:write", "/console/recalls/", _("Recalls"), "return", 0),
                ("reviews:moderate", "/console/reviews/", _("Reviews"), "star", 0),
            ],
        ),
        (
            _("Logistics"),
            [
                ("logistics:read", "/console/logistics/", _("Control tower"), "truck", 0),
                ("logistics:read", "/console/exceptions/", _("Exceptions"), "warn", troubles),
                ("logistics:read", "/console/quarantine/", _("Quarantine"), "clock", odd),
                ("logistics:read", "/console/customs/", _("Customs inbox"), "customs", stuck),
                ("hub:scan", "/hub/", _("Hub floor"), "box", 0),
            ],
        ),
        (
            _("Money"),
            [
                ("ledger:read", "/console/money/", _("Money"), "money", 0),
                ("ledger:read", "/console/invoices/", _("Invoices"), "list", 0),
                ("ledger:read", "/console/reconciliation/", _("Reconciliation"), "list", unexplained),
                ("ledger:read", "/console/taxes/", _("Taxes"), "list", 0),
                ("payouts:approve", "/console/payouts/", _("Payouts to sellers"), "money", waiting),
                ("ledger:read", "/console/tariff/", _("Commissions"), "tag", 0),
            ],
        ),
        (
            _("House"),
            [
                ("audit:read", "/console/audit/", _("Audit trail"), "list", 0),
                ("jobs:read", "/console/work/", _("Jobs and facts"), "clock", parked),
                ("operators:write", "/console/team/", _("Team"), "person", 0),
                ("console:read", "/console/reference/", _("Reference data"), "gear", 0),
                *([("mail:read", "/console/mail/", _("Mail"), "mail", 0)] if settings.IS_PILOT else []),
            ],
        ),
    ]
    return [
        (
            heading,
            [
                (href, words, glyph, count, count > 0)
                for scope, href, words, glyph, count in items
                if ctx.may(scope)
            ],
        )
        for heading, items in groups
        if any(ctx.may(item[0]) for item in items)
    ]


def back(path: str, done: str = "", **query: str) -> HttpResponseRedirect:
    """303 to a page of the console, with what was done as a word in the address."""
    values = {name: value for name, value in {**query, "done": done}.items() if value}
    return HttpResponseRedirect(f"{path}?{urlencode(values)}" if values else path, status=303)


def take_away(
    name: str, columns: Sequence[str], rows: Iterable[Sequence[object]], at: datetime
) -> HttpResponse:
    """A CSV file to keep; no cell of it is run by a spreadsheet."""
    response = HttpResponse(csv_text(columns, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{at:%Y%m%d-%H%M}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


def whole_number(text: str, fallback: int, *, least: int = 0, most: int = 1 << 62) -> int:
    """A whole number from an address, or the fallback: a typed address is never an error page."""
    ok = text.isascii() and text.isdigit() and len(text) < 20
    return int(text) if ok and least <= int(text) <= most else fallback
