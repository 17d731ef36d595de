"""Tax returns: drawn from the books, filed once, paid from the bank."""

from __future__ import annotations

import hashlib
from datetime import date
from uuid import UUID

import msgspec
from django.db.models import QuerySet

from entrepot.invoicing.errors import ReturnNotReady
from entrepot.invoicing.models import TaxReturn
from entrepot.invoicing.queries.returns import open_return
from entrepot.invoicing.returns import ReturnContent
from entrepot.kit import audit
from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.kit.errors import NotFound, Sentence
from entrepot.ledger.commands import AccountRef, TransferDraft, credit, debit, post_transfer
from entrepot.ledger.queries import closed_until


@command(scope="taxes:file")
def file_return(ctx: Context, *, authority: str, scheme: str, currency: str, first_on: date) -> UUID:
    """File the return of a period, as the closed books say. Once: again gives the first one's id.

    Refuses: NotFound (no such return), ReturnNotReady (the period's books are open, or a posting has no document).
    """
    known = _rows(authority, scheme, currency, first_on).first()
    if known:
        return known.id
    content = open_return(authority=authority, scheme=scheme, currency=currency, first_on=first_on)
    closed = closed_until()
    if closed is None or closed.date() <= content.period_to:
        raise ReturnNotReady(
            scheme=scheme, period=content.period, reason="the books of its last month are not closed yet."
        )
    if content.unexplained:
        raise ReturnNotReady(
            scheme=scheme,
            period=content.period,
            reason=Sentence(
                "{count} postings have no document, {first} first.",
                count=len(content.unexplained),
                first=content.unexplained[0],
            ),
        )
    plain = msgspec.to_builtins(content)
    row = TaxReturn.objects.create(
        authority=authority,
        scheme=scheme,
        currency=currency,
        period_from=content.period_from,
        period_to=content.period_to,
        due_on=content.due_on,
        vat_minor=content.vat_minor,
        content=plain,
        digest=hashlib.sha256(msgspec.json.encode(plain, order="sorted")).hexdigest(),
        filed_at=ctx.at,
        filed_by=ctx.actor.label[:200],
    )
    audit.record(ctx, audit.subject_of(row), {}, {"period": content.period, "vat_minor": content.vat_minor})
    return row.id


@command(scope="taxes:file")
def pay_return(ctx: Context, *, return_id: UUID, bank: str) -> None:
    """Note that a filed return was paid from our bank: each country's account goes down by what the return said. Once.

    Refuses: NotFound, ReturnNotReady (paid already, nothing to pay).
    """
    row = TaxReturn.objects.select_for_update().filter(id=return_id).first()
    if row is None:
        raise NotFound(what="tax return")
    content = msgspec.convert(row.content, ReturnContent)
    if row.paid_at is not None or content.vat_minor == 0:
        reason = "it is paid." if row.paid_at else "it asks for nothing."
        raise ReturnNotReady(scheme=row.scheme, period=content.period, reason=reason)
    sums: dict[str, int] = {}
    parts = [(line.country, line.vat_minor) for line in content.lines]
    for country, minor in parts + [(one.country, one.vat_minor) for one in content.corrections]:
        sums[country] = sums.get(country, 0) + minor
    legs = [
        debit(AccountRef("tax_owed", f"{row.authority}:{row.scheme}:{country}", row.currency), minor)
        for country, minor in sorted(sums.items())
    ]
    legs.append(credit(AccountRef("bank", bank, row.currency), content.vat_minor))
    post_transfer(
        ctx,
        draft=TransferDraft(
            f"tax_return:{row.id}",
            "tax_payment",
            f"return:{row.id}",
            ctx.at,
            legs,
            note=f"{row.scheme} {content.period}",
        ),
    )
    audit.change(ctx, row, paid_at=ctx.at)


def _rows(authority: str, scheme: str, currency: str, first_on: date) -> QuerySet[TaxReturn]:
    return TaxReturn.objects.filter(
        authority=authority, scheme=scheme, currency=currency, period_from=first_on
    )
