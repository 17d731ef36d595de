"""Reconciliation: what banks and providers say that the books do not explain, and how each day ended."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from entrepot.console.desk import attempt, desk, show, take_away
from entrepot.console.words import ITEM_CAUSES, ITEM_REASONS
from entrepot.payments.queries import provider_report
from entrepot.settlement.commands.reconcile import assign_item, take_item
from entrepot.settlement.queries import day_closes, ledger_faults, open_items
from entrepot.storefront.web import context_of


def _page(request: HttpRequest, why: str = "") -> HttpResponse:
    ctx = context_of(request)
    items = open_items(ctx)
    sums: dict[str, int] = {}
    for item in items:
        sums[item.currency] = sums.get(item.currency, 0) + abs(item.minor)
    data = {
        "items": items,
        "sums": sums or {"EUR": 0},
        "closed": open_items(ctx, is_open=False, limit=20),
        "days": day_closes(ctx),
        "faults": ledger_faults(ctx),
        "causes": ITEM_CAUSES,
        "reasons": ITEM_REASONS,
        "why": why,
    }
    return show(request, "reconciliation.jinja", data)


@desk(scope="ledger:read")
def reconciliation(request: HttpRequest) -> HttpResponse:
    """The work queue, and the days; `?file=csv` to keep the queue."""
    if request.GET.get("file") == "csv":
        columns = ("source", "line", "booked_on", "minor", "currency", "reason", "owner", "text")
        rows = [
            (item.source, item.line_id, item.booked_on.isoformat(), item.minor, item.currency, item.reason, item.owner, item.text)
            for item in open_items(context_of(request), limit=1000)
        ]  # fmt: skip
        return take_away("unexplained", columns, rows, context_of(request).at)
    return _page(request)


@desk(scope="ledger:read")
def provider_csv(request: HttpRequest) -> HttpResponse:
    """The sandbox's settlement report of the last 31 days, as a real provider would give it."""
    at = context_of(request).at
    since = datetime.combine(at.date() - timedelta(days=31), time(), UTC)
    columns = ("line", "booked_on", "minor", "currency", "about", "text")
    rows = [
        (line.line_id, line.booked_on.isoformat(), line.minor, line.currency, line.about, line.text)
        for line in provider_report("sandbox", since=since, until=at)
    ]
    return take_away("sandbox-settlement", columns, rows, at)


@desk(scope="payouts:run", methods="POST")
def item_decide(request: HttpRequest, item: UUID) -> HttpResponse:
    """Take an item, or say what it was."""
    ctx, is_taken = context_of(request), request.POST.get("do") == "take"

    def run() -> None:
        if is_taken:
            take_item(ctx, item_id=item)
        else:
            assign_item(
                ctx,
                item_id=item,
                cause=request.POST.get("cause", ""),
                note=request.POST.get("note", "")[:500],
            )

    return attempt(
        request,
        run,
        then="/console/reconciliation/",
        done="item_taken" if is_taken else "item_explained",
        again=lambda why: _page(request, why),
    )
