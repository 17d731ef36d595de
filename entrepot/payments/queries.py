"""Reading payments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Sum

from entrepot.kit.context import Context
from entrepot.kit.errors import NotFound
from entrepot.markets.queries import market_by_code
from entrepot.payments.adapters.registry import providers
from entrepot.payments.models import Payment, PaymentPart, Refund


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


def payment_methods(market: str) -> tuple[str, ...]:
    """The methods a buyer of this market can pay with here, in the market's order."""
    offered = {method for provider in providers().values() for method in provider.methods}
    return tuple(method for method in market_by_code(market).payment_methods if method in offered)


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
