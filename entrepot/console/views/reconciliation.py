"""Reconciliation: what banks and providers say that the books do not explain, and how each day ended."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from entrepot.console.desk import desk, show, take_away
from entrepot.console.words import ITEM_CAUSES, ITEM_REASONS
from entrepot.kit.errors import NotFound
from entrepot.payments.commands import read_provider_report
from entrepot.payments.errors import ProviderReportWrong
from entrepot.payments.queries import REPORT_MAX, provider_report, provider_reports
from entrepot.settlement.commands.reconcile import assign_item, check_books, find_differences, take_item
from entrepot.settlement.queries import books_checked, day_closes, open_items
from entrepot.storefront.web import attempt, context_of, with_key

ITEMS_SHOWN = 50
PROVIDERS = (("stripe", "Stripe"), ("alipay", "Alipay"))


def _page(request: HttpRequest, why: str = "") -> HttpResponse:
    ctx = context_of(request)
    try:
        after = UUID(request.GET["after"]) if "after" in request.GET else None
    except ValueError:
        raise NotFound(what="page") from None
    found = open_items(ctx, after=after, limit=ITEMS_SHOWN + 1)
    items = found[:ITEMS_SHOWN]
    data = {
        "items": items,
        "next_url": f"?after={items[-1].item_id}" if len(found) > ITEMS_SHOWN else "",
        "books": books_checked(ctx),
        "closed": open_items(ctx, is_open=False, limit=20),
        "days": day_closes(ctx),
        "reports": provider_reports(ctx),
        "providers": PROVIDERS,
        "causes": ITEM_CAUSES,
        "reasons": ITEM_REASONS,
        "why": why,
    }
    return show(request, "reconciliation.jinja", data, 422 if why else 200)


@desk(scope="payouts:run", methods="POST")
def report_read(request: HttpRequest) -> HttpResponse:
    """A provider's report taken in: its fees and payouts are booked, the rest is compared at once."""
    ctx, upload = context_of(request), request.FILES.get("report")

    def run() -> None:
        if upload is None or (upload.size or 0) > REPORT_MAX:
            raise ProviderReportWrong(reason="choose a file of at most 50 MB.")
        read_provider_report(ctx, provider=request.POST.get("provider", ""), body=upload.read())
        find_differences(with_key(ctx, "compare"))

    return attempt(
        run,
        then="/console/reconciliation/",
        done="report_read",
        again=lambda why: _page(request, why),
    )


@desk(scope="payouts:run", methods="POST")
def books_check(request: HttpRequest) -> HttpResponse:
    """Hold the books against themselves now."""
    ctx = context_of(request)
    return attempt(
        lambda: check_books(ctx),
        then="/console/reconciliation/",
        done="books_checked",
        again=lambda why: _page(request, why),
    )


@desk(scope="ledger:read")
def reconciliation(request: HttpRequest) -> HttpResponse:
    """The work queue, and the days; `?file=csv` to keep the queue."""
    if request.GET.get("file") == "csv":
        columns = ("source", "line", "booked_on", "minor", "currency", "reason", "owner", "text")
        rows = [
            (item.source, item.line_id, item.booked_on.isoformat(), item.minor, item.currency, item.reason, item.owner, item.text)
            for item in open_items(context_of(request), limit=10_000)
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
        run,
        then="/console/reconciliation/",
        done="item_taken" if is_taken else "item_explained",
        again=lambda why: _page(request, why),
    )
