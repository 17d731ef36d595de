"""What happens to awaited transfers. Each function is one transaction of this provider's own tables."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from stdnum.iso7064 import mod_97_10

from entrepot.kit.ids import new_token
from entrepot.payments.adapters.provider import PaymentOrder
from entrepot.payments.adapters.sepa.models import AwaitedTransfer, BankTransfer

DIGITS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that look alike


@transaction.atomic
def await_transfer(order: PaymentOrder, *, at: datetime) -> AwaitedTransfer:
    """Wait for a transfer; the same reference again gives the same one."""
    row, _ = AwaitedTransfer.objects.get_or_create(
        reference=order.reference,
        defaults={
            "token": new_token(),
            "code": creditor_reference(order.reference),
            "amount_minor": order.amount_minor,
            "currency": order.currency,
            "return_url": order.return_url,
            "language": order.language,
            "asked_at": at,
            "pay_by_on": order.pay_by_on,
        },
    )
    return row


@transaction.atomic
def give_up(reference: UUID) -> AwaitedTransfer:
    """Wait no longer, unless it has come."""
    AwaitedTransfer.objects.filter(reference=reference, state="awaited").update(state="given_up")
    return AwaitedTransfer.objects.get(reference=reference)


@transaction.atomic
def note_received(code: str, *, iban: str, name: str, at: datetime) -> None:
    """The money came; who sent it is where a refund goes."""
    AwaitedTransfer.objects.filter(code=code).exclude(state="received").update(
        state="received", payer_iban=iban, payer_name=name[:140], received_at=at
    )


def creditor_reference(payment_id: UUID) -> str:
    """A structured creditor reference (ISO 11649): RF, two check digits, sixteen characters of the payment's id."""
    number, text = payment_id.int, ""
    for _ in range(16):
        number, digit = divmod(number, len(DIGITS))
        text += DIGITS[digit]
    return f"RF{mod_97_10.calc_check_digits(text + 'RF')}{text}"


@transaction.atomic
def queue_transfer(
    *, key: str, kind: str, iban: str, holder: str, minor: int, currency: str, text: str, at: datetime
) -> BankTransfer:
    """A credit transfer for the next file, once per key."""
    row, _ = BankTransfer.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "iban": iban,
            "holder": holder[:140],
            "minor": minor,
            "currency": currency,
            "text": text[:140],
            "asked_at": at,
        },
    )
    return row
