"""What happens inside the sandbox provider. Each function is one transaction of its own tables."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from entrepot.kit.ids import new_token
from entrepot.payments.adapters.provider import PaymentOrder
from entrepot.payments.adapters.sandbox.cases import Case
from entrepot.payments.adapters.sandbox.models import SandboxCheckout, SandboxRefund, SandboxWebhook
from entrepot.payments.tables import methods

TRIES_MAX = 5


@transaction.atomic
def open_checkout(order: PaymentOrder, *, at: datetime) -> SandboxCheckout:
    """A payment to be made on our page; the same reference again gives the same one."""
    row, _ = SandboxCheckout.objects.get_or_create(
        reference=order.reference,
        defaults={
            "token": new_token(),
            "method": order.method,
            "amount_minor": order.amount_minor,
            "currency": order.currency,
            "description": order.description[:200],
            "language": order.language,
            "return_url": order.return_url,
            "webhook_url": order.webhook_url,
            "created_at": at,
        },
    )
    return row


@transaction.atomic
def enter_case(token: str, case: Case, *, last4: str, at: datetime) -> SandboxCheckout:
    """The buyer sent the form: on to 3-D Secure, or to the outcome."""
    row = SandboxCheckout.objects.select_for_update().get(token=token)
    if row.state != "open":
        return row
    row.case, row.last4 = case.code, last4
    if case.secure:
        row.state = "secure"
        row.save()
        return row
    return _settle(row, case, at)


@transaction.atomic
def answer_secure(token: str, case: Case, *, is_right: bool, at: datetime) -> SandboxCheckout:
    """The buyer typed the code of the bank. Five wrong ones fail the payment."""
    row = SandboxCheckout.objects.select_for_update().get(token=token)
    if row.state != "secure":
        return row
    if not is_right:
        row.tries += 1
        if row.tries < TRIES_MAX:
            row.save()
            return row
        case = Case(case.code, case.story, "declined", failure="authentication_failed")
    return _settle(row, case, at)


@transaction.atomic
def cancel_checkout(token: str, *, at: datetime, failure: str = "cancelled_by_buyer") -> SandboxCheckout:
    """The buyer turned back, or the shop gave the authorisation up."""
    row = SandboxCheckout.objects.select_for_update().get(token=token)
    if row.state in ("open", "secure", "authorised"):
        row.state, row.failure, row.ready_at = "cancelled", failure, at
        row.save()
        _tell(row, "payment.cancelled", at, 1)
    return row


@transaction.atomic
def capture_checkout(checkout_id: UUID) -> SandboxCheckout:
    """Take authorised money. Again: nothing more happens."""
    row = SandboxCheckout.objects.select_for_update().get(id=checkout_id)
    if row.state == "authorised":
        row.state = "captured"
        row.save()
    return row


@transaction.atomic
def refund_checkout(checkout_id: UUID, *, minor: int, key: str, at: datetime) -> SandboxRefund | None:
    """Give money back, once per key; None when more is asked than was taken."""
    row = SandboxCheckout.objects.select_for_update().get(id=checkout_id)
    known = SandboxRefund.objects.filter(key=key).first()
    if known is not None:
        return known
    if row.state != "captured" or row.refunded_minor + minor > row.amount_minor:
        return None
    row.refunded_minor += minor
    row.save()
    return SandboxRefund.objects.create(checkout=row, key=key, minor=minor, at=at)


@transaction.atomic
def note_delivery(webhook_id: UUID, status: int, *, at: datetime) -> None:
    """Remember how the shop answered; wait longer after each failure, give up after twelve."""
    row = SandboxWebhook.objects.select_for_update().get(id=webhook_id)
    row.attempts += 1
    row.last_status = status
    if 200 <= status < 300:
        row.delivered += 1
    elif row.attempts >= 12 or status in (409, 410):
        row.delivered = row.copies
    else:
        row.due_at = at + timedelta(seconds=2**row.attempts)
    row.save()


def _settle(row: SandboxCheckout, case: Case, at: datetime) -> SandboxCheckout:
    ready = at + case.delay
    if case.outcome == "silent":
        row.state, row.ready_at = "authorised", None  # the bank knows, we never hear of it
    elif case.outcome == "declined":
        row.state, row.failure, row.ready_at = "failed", case.failure, ready
        _tell(row, "payment.failed", ready, case.copies)
    else:
        method = methods(at.date()).get(row.method)
        row.state = "authorised" if method is None or method.captures_later else "captured"
        row.ready_at = ready
        _tell(row, f"payment.{row.state}", ready, case.copies)
        if case.chargeback_after is not None:
            _tell(row, "payment.charged_back", ready + case.chargeback_after, 1)
    row.save()
    return row


def _tell(row: SandboxCheckout, kind: str, due_at: datetime, copies: int) -> None:
    SandboxWebhook.objects.create(checkout=row, kind=kind, due_at=due_at, copies=copies)
