"""Reading payments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, F, Max, Min, Q, Sum

from entrepot.kit import clock
from entrepot.kit.context import Context
from entrepot.kit.errors import NotFound
from entrepot.markets.queries import consumer_rule, is_in_force, market_by_code
from entrepot.payments.adapters.connect import PayoutState
from entrepot.payments.adapters.registry import providers
from entrepot.payments.adapters.reports import BODY_MAX, PAID
from entrepot.payments.adapters.statements import StatementLine
from entrepot.payments.escrow import ARROWS, kind_of, may, state_after
from entrepot.payments.models import (
    BankFile,
    BankLine,
    BankTransfer,
    Payment,
    PaymentPart,
    ProviderLine,
    ProviderReport,
    Refund,
    SandboxCheckout,
    SandboxRefund,
    SandboxWebhook,
)
from entrepot.payments.tables import methods

__all__ = [
    "ARROWS",
    "REPORT_MAX",
    "BankFileView",
    "BankTransferView",
    "PaymentView",
    "PayoutState",
    "RefundLine",
    "StatementLine",
    "bank_file_body",
    "bank_files",
    "bank_transfers_by_key",
    "bank_transfers_queued",
    "kept_by_order",
    "kind_of",
    "may",
    "method_label",
    "own_iban",
    "payment_by_id",
    "payment_methods",
    "payments_by_order",
    "payments_by_purchase",
    "payments_open_to_question",
    "providers_here",
    "state_after",
    "statement_lines",
    "time_to_pay",
]


REPORT_MAX = BODY_MAX


@dataclass(frozen=True, slots=True)
class RefundLine:
    """A refund of a payment, or of one order's part of it. `state`: asked, done, failed."""

    refund_id: UUID
    external_id: str
    kind: str
    minor: int
    reason: str
    state: str
    asked_at: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class PaymentView:
    """A payment. `refund_minor` is promised back, `refunded_minor` of it confirmed by the provider."""

    payment_id: UUID
    purchase_id: UUID
    provider: str
    method: str
    state: str
    failure: str
    is_applied: bool
    amount_minor: int
    captured_minor: int
    refund_minor: int
    refunded_minor: int
    currency: str
    provider_ref: str
    redirect_url: str
    return_url: str
    started_at: datetime
    captured_at: datetime | None
    parts: tuple[tuple[int, int], ...]  # (order id, minor)
    refunds: tuple[RefundLine, ...]


def payment_methods(market: str, *, on: date | None = None) -> tuple[str, ...]:
    """The methods a buyer of this market can pay with here on a day (today), in the market's order."""
    pack, open_ = market_by_code(market), list(providers().values())
    known = methods(on or clock.now().date())
    return tuple(
        code
        for code in pack.payment_methods
        if code in known
        and known[code].takes(pack.currency)
        and (known[code].kind != "later" or is_credit_told(market, on or clock.now().date()))
        and any(provider.carries(known[code]) for provider in open_)
    )


def is_credit_told(market: str, on: date) -> bool:
    """Whether credit may be offered in a market on a day: not where its cost must stand beside it (rule CC-01).

    No provider gives us the rate, the example and the total payable of its credit, so the warning cannot be whole.
    """
    return not (market_by_code(market).eu_member and is_in_force(consumer_rule("CC-01"), on))


def method_label(code: str, *, on: date | None = None) -> str:
    """A brand's own name on a day (today); empty for what every language has its own word for, and for the unknown."""
    method = methods(on or clock.now().date()).get(code)
    return method.label if method else ""


def time_to_pay(code: str, *, on: date | None = None) -> timedelta:
    """How long an order is held for money that comes this way; zero for an unknown method."""
    method = methods(on or clock.now().date()).get(code)
    return method.wait if method else timedelta(0)


def payment_by_id(payment_id: UUID) -> PaymentView:
    """One payment. Raises NotFound."""
    found = _views(Payment.objects.filter(id=payment_id))
    if not found:
        raise NotFound(what="payment")
    return found[0]


def payments_by_purchase(purchase_ids: Iterable[UUID]) -> dict[UUID, list[PaymentView]]:
    """All tries to pay these purchases, oldest first. Three SQL statements."""
    ids = list(purchase_ids)
    found: dict[UUID, list[PaymentView]] = {purchase_id: [] for purchase_id in ids}
    for view in _views(Payment.objects.filter(purchase_id__in=ids)):
        found[view.purchase_id].append(view)
    return found


def payments_by_order(order_id: int) -> list[PaymentView]:
    """All payments with a part for this order, oldest first. Three SQL statements."""
    return _views(Payment.objects.filter(parts__order_id=order_id))


def kept_by_order() -> dict[int, int]:
    """What every order's captured payments hold that was not promised back, in minor units; zeros left out."""
    rows = PaymentPart.objects.filter(payment__is_applied=True, minor__gt=F("refund_minor"))
    return {
        row["order_id"]: row["kept"]
        for row in rows.values("order_id").annotate(kept=Sum(F("minor") - F("refund_minor")))
    }


@dataclass(frozen=True, slots=True)
class BankTransferView:
    """A credit transfer of ours. `state`: queued, filed (the bank has it), booked, returned."""

    key: str
    kind: str
    minor: int
    currency: str
    state: str
    end_to_end: str
    return_reason: str
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class BankFileView:
    """A pain.001 file; `minor` is the sum of its transfers."""

    file_id: UUID
    message_id: str
    transfer_count: int
    minor: int
    currency: str
    made_at: datetime
    made_by: str


def bank_transfers_by_key(keys: Iterable[str]) -> dict[str, BankTransferView]:
    """What became of these transfers; those never ordered are left out. One SQL statement."""
    return {
        row.key: BankTransferView(
            row.key,
            row.kind,
            row.minor,
            row.currency,
            row.state,
            row.id.hex,
            row.return_reason,
            row.settled_at,
        )
        for row in BankTransfer.objects.filter(key__in=list(keys))
    }


def providers_here() -> frozenset[str]:
    """The codes of this installation's payment providers."""
    return frozenset(providers())


def own_iban() -> str:
    """The account our SEPA files are paid from and its statements are read of; empty when there is none."""
    return str(settings.PROVIDER_SETTINGS.get("ENTREPOT_BANK_IBAN", ""))


def bank_files(ctx: Context, *, limit: int = 50) -> list[BankFileView]:
    """The files made for the bank, newest first; operators who may read payouts."""
    if not ctx.may("payouts:run"):
        return []
    return [
        BankFileView(
            row.id, row.message_id, row.transfer_count, row.minor, row.currency, row.made_at, row.made_by
        )
        for row in BankFile.objects.defer("body").order_by("-made_at", "-id")[:limit]
    ]


def bank_file_body(ctx: Context, file_id: UUID) -> bytes:
    """A file's bytes. Refuses: NotFound (also without the right to make one)."""
    row = BankFile.objects.filter(id=file_id).first() if ctx.may("payouts:run") else None
    if row is None:
        raise NotFound(what="bank file")
    return bytes(row.body)


def bank_transfers_queued() -> tuple[int, int]:
    """How many transfers wait for the next file, and their sum in euro cents."""
    found = BankTransfer.objects.filter(state="queued").aggregate(count=Count("id"), minor=Sum("minor"))
    return found["count"], found["minor"] or 0


def statement_lines(
    *, since: date | None = None, until: date | None = None, is_unmatched: bool = False, limit: int = 10_000
) -> list[StatementLine]:
    """Lines of the bank statements that were read, by day; `until` is inclusive; with `is_unmatched` only the unknown."""
    rows = BankLine.objects.select_related("statement").order_by("booked_on", "statement_id", "position")
    if since is not None:
        rows = rows.filter(booked_on__gte=since)
    if until is not None:
        rows = rows.filter(booked_on__lte=until)
    if is_unmatched:
        rows = rows.filter(about="")
    return [
        StatementLine(
            f"bank:{row.statement.iban}",
            f"{row.statement.number}/{row.position}",
            row.booked_on,
            row.minor,
            row.currency,
            row.end_to_end,
            row.text,
            row.counterparty,
            row.counterparty_iban,
            row.bank_ref,
            row.return_reason,
            row.about,
        )
        for row in rows[:limit]
    ]


@dataclass(frozen=True, slots=True)
class ReportView:
    """A provider's report that was read: the days it tells of."""

    provider: str
    line_count: int
    first_on: date
    last_on: date
    read_at: datetime
    read_by: str


def provider_reports(ctx: Context, *, limit: int = 10) -> list[ReportView]:
    """The reports read last; operators who may read the books."""
    if not ctx.may("ledger:read"):
        return []
    rows = ProviderReport.objects.defer("body").order_by("-read_at", "-id")[:limit]
    return [
        ReportView(row.provider, row.line_count, row.first_on, row.last_on, row.read_at, row.read_by)
        for row in rows
    ]


def reported_until(*, at: datetime) -> dict[str, datetime]:
    """Providers that tell us of our payments, and until when all they did is told: the sandbox now, others by their files."""
    read = ProviderReport.objects.values("provider").annotate(last_on=Max("last_on"))
    whole = {
        row["provider"]: datetime.combine(row["last_on"] + timedelta(days=1), time(), UTC) for row in read
    }
    return {"sandbox": at} | whole


def told_since(provider: str, read_since: datetime) -> datetime | None:
    """The first day that the files read since then tell of; None when none was read."""
    rows = ProviderReport.objects.filter(provider=provider, read_at__gte=read_since)
    first_on = rows.aggregate(first_on=Min("first_on"))["first_on"]
    return datetime.combine(first_on, time(), UTC) if first_on else None


def payments_reported(provider: str, *, since: datetime, until: datetime) -> set[UUID]:
    """The payments a provider has told something of in a stretch (of files: in those read since then)."""
    if provider == "sandbox":
        lines = provider_report(provider, since=since, until=until)
        return {UUID(line.about.removeprefix("payment:")) for line in lines}
    rows = ProviderLine.objects.filter(provider=provider, kind__in=PAID, report__read_at__gte=since)
    return {row for row in rows.values_list("payment_id", flat=True).distinct() if row}


def payments_moved(provider: str, *, since: datetime, until: datetime) -> set[UUID]:
    """The payments of which our own tables say that money came or went in a stretch; `until` is exclusive."""
    taken = Payment.objects.filter(provider=provider, captured_at__gte=since, captured_at__lt=until)
    back = Refund.objects.filter(payment__provider=provider, done_at__gte=since, done_at__lt=until)
    return set(taken.values_list("id", flat=True)) | set(back.values_list("payment_id", flat=True))


def provider_sums(
    provider: str, payment_ids: Iterable[UUID], *, until: datetime
) -> dict[UUID, StatementLine]:
    """What a provider holds of each of these payments by all it has told until then; `booked_on` is of the last line."""
    ids = set(payment_ids)
    if provider == "sandbox":
        lines = _sandbox_lines(
            SandboxCheckout.objects.filter(state="captured", ready_at__lt=until, reference__in=ids),
            SandboxRefund.objects.filter(at__lt=until, checkout__reference__in=ids),
            SandboxWebhook.objects.filter(
                kind="payment.charged_back", due_at__lt=until, checkout__reference__in=ids
            ),
        )
    else:
        rows = ProviderLine.objects.filter(provider=provider, kind__in=PAID, payment_id__in=ids)
        lines = [
            StatementLine(
                provider, row.line_id, row.booked_on, row.minor, row.currency, text=row.text,
                about=f"payment:{row.payment_id}",
            )
            for row in rows.order_by("booked_on", "id")
        ]  # fmt: skip
    sums: dict[UUID, StatementLine] = {}
    for line in lines:
        payment_id = UUID(line.about.removeprefix("payment:"))
        before = sums[payment_id].minor if payment_id in sums else 0
        sums[payment_id] = replace(line, minor=before + line.minor)
    return sums


def provider_lines_unknown() -> list[StatementLine]:
    """What providers told and nothing of ours explains: other movements, and payments that are not ours."""
    rows = ProviderLine.objects.filter(Q(kind="other") | Q(kind__in=PAID, payment_id=None), about="")
    return [
        StatementLine(row.provider, row.line_id, row.booked_on, row.minor, row.currency, text=row.text)
        for row in rows.order_by("booked_on", "id")
    ]


def provider_transfers(provider: str) -> list[StatementLine]:
    """Transfers to sellers' accounts that a provider told of; `bank_ref` is its own number of the transfer."""
    rows = ProviderLine.objects.filter(provider=provider, kind="transfer").order_by("booked_on", "id")
    return [
        StatementLine(
            row.provider, row.line_id, row.booked_on, row.minor, row.currency, text=row.text, bank_ref=row.source_id
        )
        for row in rows
    ]  # fmt: skip


def provider_report(provider: str, *, since: datetime, until: datetime) -> list[StatementLine]:
    """What the sandbox says it took and gave back for us, by when it did, as a real provider's settlement report would.

    Each line is about one payment; `until` is exclusive. Other providers report by their own files: empty here.
    """
    if provider != "sandbox":
        return []
    return _sandbox_lines(
        SandboxCheckout.objects.filter(state="captured", ready_at__gte=since, ready_at__lt=until),
        SandboxRefund.objects.filter(at__gte=since, at__lt=until),
        SandboxWebhook.objects.filter(kind="payment.charged_back", due_at__gte=since, due_at__lt=until),
    )


def _sandbox_lines(taken: Any, back: Any, charged_back: Any) -> list[StatementLine]:
    provider = "sandbox"
    lines = [
        StatementLine(
            provider, f"capture:{row.id}", row.ready_at.date(), row.amount_minor, row.currency,
            text=row.description, about=f"payment:{row.reference}",
        )
        for row in taken.order_by("ready_at", "id")
        if row.ready_at
    ]  # fmt: skip
    lines += [
        StatementLine(
            provider, f"refund:{row.id}", row.at.date(), -row.minor, row.checkout.currency,
            text=row.checkout.description, about=f"payment:{row.checkout.reference}",
        )
        for row in back.select_related("checkout").order_by("at", "id")
    ]  # fmt: skip
    # What the buyers' banks took back: all that was left of the payment.
    for told in charged_back.select_related("checkout"):
        row = told.checkout
        given = sum(one.minor for one in SandboxRefund.objects.filter(checkout=row))
        lines.append(
            StatementLine(
                provider, f"chargeback:{row.id}", told.due_at.date(), given - row.amount_minor, row.currency,
                text=row.description, about=f"payment:{row.reference}",
            )
        )  # fmt: skip
    return sorted(lines, key=lambda line: (line.booked_on, line.line_id))


def settled_by_payment(
    provider: str, payment_ids: Iterable[UUID], *, until: datetime
) -> dict[UUID, tuple[int, str]]:
    """What our own tables say a provider held of each payment at an instant: captured less given back, and the currency."""
    rows = Payment.objects.filter(provider=provider, id__in=list(payment_ids))
    back = Refund.objects.filter(payment__in=rows, state="done", done_at__lt=until).values("payment_id")
    given = {row["payment_id"]: row["minor"] for row in back.annotate(minor=Sum("minor"))}
    return {
        row.id: (
            (row.captured_minor if row.captured_at and row.captured_at < until else 0) - given.get(row.id, 0),
            row.currency,
        )
        for row in rows.only("captured_minor", "captured_at", "currency")
    }


def payments_open_to_question(ctx: Context) -> list[PaymentView]:
    """What an operator should look at: refunds that are stuck. Newest first; operators only."""
    if not ctx.may("ledger:read"):
        return []
    stuck = Refund.objects.filter(state="failed").values("payment_id")
    return _views(Payment.objects.filter(id__in=stuck))[::-1]


def _views(rows: object) -> list[PaymentView]:
    payments = rows.order_by("started_at", "id").prefetch_related("parts", "refunds")  # type: ignore[attr-defined]
    return [_view(payment) for payment in payments]


def _view(payment: Payment) -> PaymentView:
    return PaymentView(
        payment_id=payment.id,
        purchase_id=payment.purchase_id,
        provider=payment.provider,
        method=payment.method,
        state=payment.state,
        failure=payment.failure,
        is_applied=payment.is_applied,
        amount_minor=payment.amount_minor,
        captured_minor=payment.captured_minor,
        refund_minor=payment.refund_minor,
        refunded_minor=payment.refunded_minor,
        currency=payment.currency,
        provider_ref=payment.provider_ref or "",
        redirect_url=payment.redirect_url,
        return_url=payment.return_url,
        started_at=payment.started_at,
        captured_at=payment.captured_at,
        parts=tuple((part.order_id, part.minor) for part in payment.parts.all()),
        refunds=tuple(
            RefundLine(
                refund.id,
                refund.external_id,
                refund.kind,
                refund.minor,
                refund.reason,
                refund.state,
                refund.asked_at,
                refund.done_at,
            )
            for refund in sorted(payment.refunds.all(), key=lambda refund: refund.asked_at)
        ),
    )
