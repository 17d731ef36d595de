"""What banks and providers say against what the books say: differences are items with an owner, until a cause is found."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from entrepot.kit import audit
from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid, NotFound
from entrepot.ledger.commands import AccountRef, TransferDraft, credit, debit, post_transfer
from entrepot.payments.queries import provider_report, settled_by_payment, statement_lines
from entrepot.settlement.errors import CauseUnfit, ItemClosed
from entrepot.settlement.models import DayClose, OpenItem
from entrepot.settlement.policy import CAUSES
from entrepot.settlement.queries import ledger_faults

SANDBOX = "sandbox"
SETTLED_AFTER = timedelta(hours=6)  # news of a payment may be on its way this long
REPORT_DAYS = 120
ITSELF = "settled_itself"


@command(scope="payouts:run")
def find_differences(ctx: Context) -> int:
    """Compare the bank's statements and the provider's report with our books; how many new items were opened.

    A difference that has gone by itself closes its item.
    """
    found = _bank_differences() | _provider_differences(ctx)
    known = {
        (row.source, row.line_id): row
        for row in OpenItem.objects.filter(source__in={key[0] for key in found})
    }
    fresh = [
        OpenItem(source=source, line_id=line_id, found_at=ctx.at, **values)
        for (source, line_id), values in sorted(found.items())
        if (source, line_id) not in known
    ]
    OpenItem.objects.bulk_create(fresh)
    for key, row in known.items():
        if key in found and row.cause == ITSELF:
            audit.change(ctx, row, cause="", closed_at=None)
    for row in OpenItem.objects.filter(closed_at=None):
        if (row.source, row.line_id) not in found:
            audit.change(ctx, row, cause=ITSELF, closed_at=ctx.at)
    return len(fresh)


@command(scope="payouts:run")
def take_item(ctx: Context, *, item_id: UUID) -> None:
    """Make an open item one's own, so that two do not look for the same cause. Refuses: NotFound, ItemClosed."""
    row = _locked(item_id)
    audit.change(ctx, row, owner=ctx.actor.label[:200])


@command(scope="payouts:run")
def assign_item(ctx: Context, *, item_id: UUID, cause: str, note: str) -> None:
    """Say what an item was; the books follow where the cause has an account. Once.

    Refuses: NotFound, ItemClosed, CauseUnfit (unknown, or not for money in this direction), Invalid (no note).
    """
    row = _locked(item_id)
    known = CAUSES.get(cause)
    if known is None or (known.sign and known.sign * row.minor < 0):
        raise CauseUnfit(cause=cause[:30])
    if not note.strip():
        raise Invalid(field="note", reason="is empty.", hint="Say how you know.")
    transfer = ""
    if known.account:
        transfer = f"reconcile:{row.id}"
        source, _, owner = row.source.partition(":")
        ours = AccountRef("bank" if source == "bank" else "provider_clearing", owner or source, row.currency)
        other = AccountRef(known.account, known.owner or owner or source, row.currency)
        legs = [debit(ours, row.minor), credit(other, row.minor)]
        draft = TransferDraft(transfer, "reconciliation", f"item:{row.id}", ctx.at, legs, note=note)
        post_transfer(ctx, draft=draft)
    audit.change(
        ctx, row, cause=cause, note=note.strip()[:500], transfer=transfer, owner=row.owner or ctx.actor.label[:200],
        closed_at=ctx.at,
    )  # fmt: skip


@command(scope="payouts:run")
def close_day(ctx: Context) -> None:
    """Write down how the books stood when yesterday ended (UTC): what is unexplained, by currency, and what does not add up.

    Once a day; the days nobody closed while the house stood still are not made up.
    """
    day = ctx.at.date() - timedelta(days=1)
    if DayClose.objects.filter(day=day).exists():
        return
    find_differences(ctx)
    sums: dict[str, int] = defaultdict(int)
    items = list(OpenItem.objects.filter(closed_at=None))
    for item in items:
        sums[item.currency] += abs(item.minor)
    DayClose.objects.create(
        day=day, at=ctx.at, unexplained=dict(sums), items=len(items), faults=ledger_faults(ctx)[:100]
    )


def _bank_differences() -> dict[tuple[str, str], dict[str, object]]:
    """Lines of bank statements that nothing of ours explains."""
    return {
        (line.source, line.line_id): {
            "booked_on": line.booked_on,
            "minor": line.minor,
            "currency": line.currency,
            "text": " · ".join(part for part in (line.counterparty, line.text, line.end_to_end) if part)[
                :300
            ],
            "reason": "unknown_line",
        }
        for line in statement_lines(is_unmatched=True)
    }


def _provider_differences(ctx: Context) -> dict[tuple[str, str], dict[str, object]]:
    """Payments of which the provider holds another amount than our books say."""
    until = ctx.at - SETTLED_AFTER
    since = datetime.combine(until.date() - timedelta(days=REPORT_DAYS), time(), UTC)
    sums: dict[UUID, int] = defaultdict(int)
    lines = {}
    for line in provider_report(SANDBOX, since=since, until=ctx.at):
        payment_id = UUID(line.about.removeprefix("payment:"))
        sums[payment_id] += line.minor
        lines[payment_id] = line
    ours = settled_by_payment(SANDBOX, sums)
    return {
        (SANDBOX, f"payment:{payment_id}:{minor}"): {
            "booked_on": lines[payment_id].booked_on,
            "minor": minor - ours.get(payment_id, (0, ""))[0],
            "currency": lines[payment_id].currency,
            "text": lines[payment_id].text[:300],
            "reason": "other_amount" if payment_id in ours else "unknown_payment",
        }
        for payment_id, minor in sums.items()
        if lines[payment_id].booked_on <= until.date() and minor != ours.get(payment_id, (0, ""))[0]
    }


def _locked(item_id: UUID) -> OpenItem:
    row = OpenItem.objects.select_for_update().filter(id=item_id).first()
    if row is None:
        raise NotFound(what="item")
    if row.closed_at is not None:
        raise ItemClosed()
    return row
