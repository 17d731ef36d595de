"""Files to the bank and statements from it. Amounts are whole minor units (euro cents)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from uuid import UUID

from django.conf import settings
from stdnum import iban as iban_number
from stdnum.exceptions import ValidationError

from entrepot.kit import audit
from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.kit.errors import Sentence
from entrepot.kit.ids import new_id
from entrepot.kit.locks import hold
from entrepot.kit.money import Money
from entrepot.ledger.commands import AccountRef, TransferDraft, credit, debit, post_transfers
from entrepot.payments.adapters import connect
from entrepot.payments.adapters.sepa import camt, pain
from entrepot.payments.adapters.sepa import commands as sepa
from entrepot.payments.adapters.sepa.models import (
    AwaitedTransfer,
    BankFile,
    BankLine,
    BankStatement,
    BankTransfer,
)
from entrepot.payments.adapters.statements import StatementLine
from entrepot.payments.commands.pay import confirm_payment
from entrepot.payments.commands.reports import _match_provider_payouts
from entrepot.payments.errors import BankStatementWrong, BankTransferWrong
from entrepot.payments.models import Payment

IN_A_FILE = 5_000
REFERENCE = re.compile(r"RF[0-9]{2}[0-9A-Z]{1,21}")


@dataclass(frozen=True, slots=True)
class StatementRead:
    """A statement taken in. `matched` of its `lines` are known to be ours; the others wait for a person."""

    statement_ids: tuple[UUID, ...]
    lines: int
    matched: int
    is_new: bool


@command(scope="payouts:run")
def order_bank_transfer(
    ctx: Context, *, key: str, kind: str, iban: str, holder: str, amount: Money, text: str
) -> str:
    """Queue a credit transfer for the next file, once per key; its end-to-end id.

    Refuses: BankTransferWrong (an account number that cannot be, another currency than euro, nothing, no name).
    """
    try:
        number = iban_number.validate(iban)
    except ValidationError as error:
        raise BankTransferWrong(field="iban", reason="is not an account number.") from error
    if amount.currency != "EUR":
        raise BankTransferWrong(
            field="currency",
            reason=Sentence("is {currency}; a SEPA transfer is in euro.", currency=amount.currency),
        )
    if amount.minor <= 0:
        raise BankTransferWrong(field="amount", reason="must be more than zero.")
    if not holder.strip():
        raise BankTransferWrong(field="holder", reason="is empty.")
    row = sepa.queue_transfer(
        key=key,
        kind=kind,
        iban=number,
        holder=holder,
        minor=amount.minor,
        currency=amount.currency,
        text=text,
        at=ctx.at,
    )
    if (row.iban, row.minor) != (number, amount.minor):
        raise BankTransferWrong(field="key", reason="was used for another transfer.")
    return row.id.hex


@command(scope="payouts:run", atomic=False)
def send_stripe_payout(ctx: Context, *, payout_id: UUID, account: str, amount: Money) -> str:
    """Hand a payout to Stripe Connect (`account`: `acct_…`), once per payout; its reference there. Refuses: ProviderUnavailable."""
    return connect.send(payout_id, account=account, minor=amount.minor, currency=amount.currency)


@command(scope="payouts:run", atomic=False)
def ask_stripe_payout(
    ctx: Context, *, payout_id: UUID, account: str, amount_minor: int, ref: str
) -> tuple[connect.PayoutState, str]:
    """What became of it: sent, paid, or returned and why; then the money is on our Stripe balance again.

    Refuses: ProviderUnavailable.
    """
    return connect.ask(payout_id, account=account, minor=amount_minor, ref=ref)


@command(scope="payouts:run")
def make_bank_file(ctx: Context) -> UUID | None:
    """Write every queued transfer (at most 5,000) into one pain.001 file for the bank; None when there is none.

    A transfer is in one file only: it is the file that may be handed in twice, and the bank knows its message id.
    """
    hold("bank-file")
    rows = list(
        BankTransfer.objects.select_for_update().filter(state="queued").order_by("asked_at", "id")[:IN_A_FILE]
    )
    if not rows:
        return None
    known = settings.PROVIDER_SETTINGS
    file_id = new_id()
    body = pain.write(
        [pain.Credit(row.id.hex, row.minor, row.iban, row.holder, row.text) for row in rows],
        message_id=file_id.hex,
        at=ctx.at,
        on=ctx.at.date(),
        holder=known["ENTREPOT_BANK_HOLDER"],
        iban=known["ENTREPOT_BANK_IBAN"],
        bic=known.get("ENTREPOT_BANK_BIC", ""),
    )
    file = BankFile.objects.create(
        id=file_id,
        message_id=file_id.hex,
        body=body,
        transfer_count=len(rows),
        minor=sum(row.minor for row in rows),
        currency="EUR",
        made_at=ctx.at,
        made_by=ctx.actor.label[:200],
    )
    BankTransfer.objects.filter(id__in=[row.id for row in rows]).update(state="filed", file=file)
    audit.record(ctx, audit.subject_of(file), {}, {"transfers": len(rows), "minor": file.minor})
    return file.id


@command(scope="payouts:run", atomic=False)
def read_bank_statement(ctx: Context, *, body: bytes) -> StatementRead:
    """Take in a camt.053 statement, once: pay what was awaited, and note what became of our transfers.

    What fits nothing stays with an empty `about`, for a person. The same file again changes nothing.
    Refuses: BankStatementWrong (not by its schema, not adding up, another account's).
    """
    plain = replace(ctx, key="")
    statements = camt.read(body)
    ours = settings.PROVIDER_SETTINGS.get("ENTREPOT_BANK_IBAN", "")
    for statement in statements:
        if statement.iban != ours:
            raise BankStatementWrong(
                reason=Sentence("it is of account {iban}, not ours.", iban=statement.iban)
            )
    ids, count, matched, is_new = [], 0, 0, False
    for statement in statements:
        statement_id, fresh = _take_statement(plain, statement=statement, body=body)
        ids.append(statement_id)
        is_new |= fresh
        count += len(statement.lines)
        matched += BankLine.objects.filter(statement_id=statement_id).exclude(about="").count()
        paid = BankLine.objects.filter(statement_id=statement_id, about__startswith="payment:")
        for about in paid.values_list("about", flat=True):
            confirm_payment(plain, payment_id=UUID(about.removeprefix("payment:")))
    return StatementRead(tuple(ids), count, matched, is_new)


@command(scope="payouts:run")
def _take_statement(ctx: Context, *, statement: camt.Read, body: bytes) -> tuple[UUID, bool]:
    """Store a statement with its lines, each matched to what it is about. (id, whether it is new)."""
    hold(f"bank-statement:{statement.iban}")
    known = BankStatement.objects.filter(iban=statement.iban, number=statement.number).first()
    if known is not None:
        same = (known.opening_minor, known.closing_minor) == (
            statement.opening_minor,
            statement.closing_minor,
        )
        if not same or known.lines.count() != len(statement.lines):
            raise BankStatementWrong(
                reason=Sentence("another statement {number} was read before.", number=statement.number)
            )
        return known.id, False
    row = BankStatement.objects.create(
        iban=statement.iban,
        number=statement.number,
        opening_minor=statement.opening_minor,
        closing_minor=statement.closing_minor,
        currency=statement.currency,
        body=body,
        read_at=ctx.at,
        read_by=ctx.actor.label[:200],
    )
    lines, drafts = [], []
    for position, line in enumerate(statement.lines, 1):
        about, is_ours = _match(ctx, line)
        lines.append(
            BankLine(
                statement=row,
                position=position,
                booked_on=line.booked_on,
                minor=line.minor,
                currency=line.currency,
                end_to_end=line.end_to_end,
                text=line.text,
                counterparty=line.counterparty,
                counterparty_iban=line.counterparty_iban,
                bank_ref=line.bank_ref,
                return_reason=line.return_reason,
                about=about,
            )
        )
        if is_ours:
            drafts.append(_to_bank(ctx, statement.iban, line, about))
    BankLine.objects.bulk_create(lines)
    post_transfers(ctx, drafts=drafts)
    _match_provider_payouts()
    return row.id, True


def _match(ctx: Context, line: StatementLine) -> tuple[str, bool]:
    """What a line is about, and whether it moves the clearing account (a payout is booked by who ordered it)."""
    if line.end_to_end:
        transfer = _transfer_of(line.end_to_end)
        if transfer is not None and transfer.minor == abs(line.minor) and transfer.currency == line.currency:
            came_back = line.minor > 0
            wanted = ("filed", "booked") if came_back else ("filed",)
            if transfer.state in wanted:
                transfer.state = "returned" if came_back else "booked"
                transfer.return_reason, transfer.settled_at = line.return_reason, ctx.at
                transfer.save(update_fields=["state", "return_reason", "settled_at"])
                return f"transfer:{transfer.id}", transfer.kind == "refund"
        if transfer is not None:
            return "", False
    if line.minor > 0:
        said = "".join(f"{line.end_to_end} {line.text}".upper().split())
        for code in REFERENCE.findall(said):
            row = _awaited(code)
            if row is not None and (row.amount_minor, row.currency) == (line.minor, line.currency):
                sepa.note_received(row.code, iban=line.counterparty_iban, name=line.counterparty, at=ctx.at)
                return f"payment:{row.reference}", True
    return "", False


def _transfer_of(end_to_end: str) -> BankTransfer | None:
    try:
        return BankTransfer.objects.select_for_update().filter(id=UUID(hex=end_to_end)).first()
    except ValueError:
        return None


def _awaited(code: str) -> AwaitedTransfer | None:
    """The awaited transfer whose reference this text begins with (what stood after it was glued to it)."""
    rows = AwaitedTransfer.objects.select_for_update().filter(code=code[:20]).exclude(state="received")
    row = rows.first()
    is_known = row is not None and Payment.objects.filter(id=row.reference).exists()
    return row if is_known else None


def _to_bank(ctx: Context, iban: str, line: StatementLine, about: str) -> TransferDraft:
    """From the provider's clearing account into our bank, or back."""
    bank, clearing = (
        AccountRef("bank", iban, line.currency),
        AccountRef("provider_clearing", "sepa", line.currency),
    )
    return TransferDraft(
        f"bank:{iban}:{line.line_id}"[:120],
        "provider_settlement",
        about,
        ctx.at,
        [debit(bank, line.minor), credit(clearing, line.minor)],
        note=line.bank_ref,
    )
