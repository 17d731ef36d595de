"""What banks and providers say against what the books say: differences are items with an owner, until a cause is found."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from uuid import UUID

from entrepot.kit import audit
from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid, NotFound
from entrepot.kit.locks import hold
from entrepot.ledger.commands import AccountRef, TransferDraft, credit, debit, post_transfer
from entrepot.payments.queries import (
    payments_moved,
    payments_reported,
    provider_lines_unknown,
    provider_sums,
    provider_transfers,
    reported_until,
    settled_by_payment,
    statement_lines,
    told_since,
)
from entrepot.settlement.errors import CauseUnfit, ItemClosed
from entrepot.settlement.models import BooksCheck, DayClose, OpenItem, Payout
from entrepot.settlement.policy import CAUSES
from entrepot.settlement.queries import ledger_faults

Differences = dict[tuple[str, str], dict[str, object]]
SETTLED_AFTER = timedelta(
    hours=12
)  # news may be on its way this long, and days end elsewhere at another hour
REPORT_DAYS = 120
OVERLAP = timedelta(days=2)  # what was too young at the last comparison is looked at again
ITSELF = "settled_itself"


@command(scope="payouts:run")
def find_differences(ctx: Context) -> int:
    """Compare the bank's statements and the providers' reports with our books; how many new items were opened.

    What did not move since the last comparison is not looked at again. A difference that has gone by itself closes its item.
    """
    hold("find-differences")
    check, _ = BooksCheck.objects.get_or_create(id=1)
    since = (check.compared_at or ctx.at - timedelta(days=REPORT_DAYS)) - OVERLAP
    found = _bank_differences() | _provider_differences(ctx, since)
    BooksCheck.objects.filter(id=1).update(compared_at=ctx.at)
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
def check_books(ctx: Context) -> list[str]:
    """Hold the whole ledger against itself and our tables; what does not add up, in words. It reads every transfer."""
    faults = ledger_faults(ctx)
    BooksCheck.objects.update_or_create(id=1, defaults={"checked_at": ctx.at, "faults": faults[:100]})
    return faults


@command(scope="payouts:run")
def close_day(ctx: Context) -> None:
    """Write down how the books stood when yesterday ended (UTC): what is unexplained, by currency, and what does not add up.

    Once a day; the days nobody closed while the house stood still are not made up.
    """
    day = ctx.at.date() - timedelta(days=1)
    if DayClose.objects.filter(day=day).exists():
        return
    find_differences(ctx)
    faults = check_books(ctx)
    sums: dict[str, int] = defaultdict(int)
    items = list(OpenItem.objects.filter(closed_at=None))
    for item in items:
        sums[item.currency] += abs(item.minor)
    DayClose.objects.create(day=day, at=ctx.at, unexplained=dict(sums), items=len(items), faults=faults[:100])


def _bank_differences() -> Differences:
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


def _provider_differences(ctx: Context, since: datetime) -> Differences:
    """What providers hold of our payments and we do not, or the other way round; and what they told that nothing explains.

    Only payments that moved since then, on either side, are looked at, and those that have an open item.
    """
    found: Differences = {}
    for provider, until in reported_until(at=ctx.at).items():
        settled = until - SETTLED_AFTER
        moved = payments_moved(provider, since=min(since, told_since(provider, since) or since), until=until)
        young = payments_moved(provider, since=settled, until=until + SETTLED_AFTER)
        touched = payments_reported(provider, since=since, until=until) | moved | _open_payments(provider)
        theirs = provider_sums(provider, touched, until=until)
        ours = settled_by_payment(provider, touched, until=until)
        for payment_id in touched:
            line = theirs.get(payment_id)
            minor, (held, currency) = line.minor if line else 0, ours.get(payment_id, (0, ""))
            if minor == held or payment_id in young or (line and line.booked_on > settled.date()):
                continue
            found[provider, f"payment:{payment_id}:{minor}"] = {
                "booked_on": line.booked_on if line else settled.date(),
                "minor": minor - held,
                "currency": line.currency if line else currency,
                "text": line.text[:300] if line else "",
                "reason": "missing_line"
                if line is None
                else "other_amount"
                if currency
                else "unknown_payment",
            }
    known = {
        ref.partition("/")[2]
        for ref in Payout.objects.of(ctx)
        .filter(route="stripe")
        .exclude(bank_ref="")
        .values_list("bank_ref", flat=True)
    }
    strangers = [line for line in provider_transfers("stripe") if line.bank_ref not in known]
    for line in [*provider_lines_unknown(), *strangers]:
        found[line.source, line.line_id] = {
            "booked_on": line.booked_on,
            "minor": line.minor,
            "currency": line.currency,
            "text": line.text[:300],
            "reason": "unknown_line",
        }
    return found


def _open_payments(provider: str) -> set[UUID]:
    """The payments of a provider's open items: they are looked at until they are explained."""
    rows = OpenItem.objects.filter(source=provider, closed_at=None, line_id__startswith="payment:")
    return {UUID(line_id.split(":")[1]) for line_id in rows.values_list("line_id", flat=True)}


def _locked(item_id: UUID) -> OpenItem:
    row = OpenItem.objects.select_for_update().filter(id=item_id).first()
    if row is None:
        raise NotFound(what="item")
    if row.closed_at is not None:
        raise ItemClosed()
    return row
