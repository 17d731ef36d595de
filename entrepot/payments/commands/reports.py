"""Providers' reports taken in: their fees and their payments into our bank are booked, the rest is compared."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings

from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.kit.locks import hold
from entrepot.ledger.commands import AccountRef, TransferDraft, credit, debit, post_transfers
from entrepot.payments.adapters.reports import ReportLine, read_report
from entrepot.payments.adapters.sepa.models import BankLine
from entrepot.payments.models import ProviderLine, ProviderReport

ARRIVES_WITHIN = timedelta(days=10)  # from the day a provider says it paid us to the bank's statement


@dataclass(frozen=True, slots=True)
class ReportRead:
    """A report taken in: of its `lines`, `fresh` were not known before."""

    report_id: UUID
    lines: int
    fresh: int


@command(scope="payouts:run")
def read_provider_report(ctx: Context, *, provider: str, body: bytes) -> ReportRead:
    """Take in a provider's report (`stripe`, `alipay`), each of its lines once, whichever file tells of it.

    Fees leave its clearing account for our cost; what it paid out stands at our bank. Reports may overlap. The same file
    again changes nothing. Refuses: ProviderReportWrong.
    """
    lines = read_report(provider, body)
    hold(f"provider-report:{provider}")
    digest = hashlib.sha256(body).hexdigest()
    known = ProviderReport.objects.filter(provider=provider, digest=digest).first()
    if known is not None:
        return ReportRead(known.id, known.line_count, 0)
    seen = set(
        ProviderLine.objects.filter(
            provider=provider, line_id__in=[line.line_id for line in lines]
        ).values_list("line_id", flat=True)
    )
    fresh = [line for line in lines if line.line_id not in seen]
    # From here on it must succeed.
    report = ProviderReport.objects.create(
        provider=provider,
        digest=digest,
        body=body,
        line_count=len(lines),
        first_on=min(line.booked_on for line in lines),
        last_on=max(line.booked_on for line in lines),
        read_at=ctx.at,
        read_by=ctx.actor.label[:200],
    )
    ProviderLine.objects.bulk_create(
        ProviderLine(
            report=report,
            provider=provider,
            line_id=line.line_id,
            kind=line.kind,
            booked_on=line.booked_on,
            minor=line.minor,
            fee_minor=line.fee_minor,
            currency=line.currency,
            payment_id=line.payment_id,
            source_id=line.source_id,
            text=line.text,
        )
        for line in fresh
    )
    post_transfers(ctx, drafts=_drafts(ctx, provider, fresh))
    _match_provider_payouts()
    return ReportRead(report.id, len(lines), len(fresh))


def _match_provider_payouts() -> int:
    """Lines of the bank in which a provider's payout arrived: the same amount, its name or number, within ten days.

    Called by whoever reads a file of either side, inside that command; how many were found.
    """
    waiting = ProviderLine.objects.filter(kind="payout", about="").order_by("booked_on", "id")
    found = 0
    for payout in list(waiting.select_for_update()[:1000]):
        lines = BankLine.objects.select_related("statement").filter(
            about="",
            minor=-payout.minor,
            currency=payout.currency,
            booked_on__gte=payout.booked_on,
            booked_on__lte=payout.booked_on + ARRIVES_WITHIN,
        )
        for line in lines.order_by("booked_on", "position"):
            said = f"{line.counterparty} {line.text} {line.end_to_end}".lower()
            if payout.provider in said or (payout.source_id and payout.source_id.lower() in said):
                BankLine.objects.filter(pk=line.pk).update(about=f"settlement:{payout.line_id}"[:80])
                about = f"bank:{line.statement.iban}:{line.statement.number}/{line.position}"
                ProviderLine.objects.filter(pk=payout.pk).update(about=about[:120])
                found += 1
                break
    return found


def _drafts(ctx: Context, provider: str, lines: Sequence[ReportLine]) -> list[TransferDraft]:
    """A fee of its own, or one kept of another line; and what left for our bank."""
    iban = settings.PROVIDER_SETTINGS.get("ENTREPOT_BANK_IBAN", "") or "pilot_bank"
    drafts = []
    for line in lines:
        clearing = AccountRef("provider_clearing", provider, line.currency)
        fee = line.fee_minor - (line.minor if line.kind == "fee" else 0)
        for name, kind, other, minor in (
            ("provider_fee", "provider_fee", AccountRef("provider_fee", provider, line.currency), fee),
            (
                "provider_settlement",
                "provider_settlement",
                AccountRef("bank", iban, line.currency),
                -line.minor if line.kind == "payout" else 0,
            ),
        ):
            if minor:
                drafts.append(
                    TransferDraft(
                        f"{name}:{provider}:{line.line_id}"[:120],
                        kind,
                        f"provider:{provider}",
                        ctx.at,
                        [debit(other, minor), credit(clearing, minor)],
                        note=line.text,
                    )
                )
    return drafts
