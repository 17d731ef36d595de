"""SEPA bank transfers as the room sees them: pay into our account under a reference, refunds by file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from entrepot.kit import clock
from entrepot.payments.adapters.provider import Message, PaymentOrder, ProviderState, Seen, Started
from entrepot.payments.adapters.sepa import commands
from entrepot.payments.adapters.sepa.models import AwaitedTransfer, BankTransfer
from entrepot.payments.errors import ProviderUnavailable, SignatureWrong
from entrepot.payments.tables import Method

STATES: dict[str, ProviderState] = {
    "awaited": "pending",
    "received": "captured",
    "given_up": "cancelled",
}


class Sepa:
    """Settings: ENTREPOT_BANK_IBAN, ENTREPOT_BANK_HOLDER, ENTREPOT_BANK_BIC (may be empty)."""

    code: str = "sepa"
    thanks: bytes = b""

    def carries(self, method: Method) -> bool:
        return "sepa" in method.carried_by

    def start(self, order: PaymentOrder) -> Started:
        if order.currency != "EUR":
            raise ProviderUnavailable()
        row = commands.await_transfer(order, at=clock.now())
        return Started(str(row.reference), f"{settings.BASE_URL}{reverse('sepa_transfer', args=[row.token])}")

    def fetch(self, provider_ref: str) -> Seen:
        try:
            return _seen(AwaitedTransfer.objects.get(reference=UUID(provider_ref)))
        except (ValueError, AwaitedTransfer.DoesNotExist) as error:
            raise ProviderUnavailable() from error

    def capture(self, provider_ref: str, *, amount_minor: int, key: str) -> Seen:
        return self.fetch(provider_ref)

    def cancel(self, provider_ref: str) -> Seen:
        return _seen(commands.give_up(UUID(provider_ref)))

    def refund(self, provider_ref: str, *, minor: int, key: str) -> str:
        """A transfer back to the account it came from, in the next file. Empty when that account is not known."""
        row = AwaitedTransfer.objects.filter(reference=UUID(provider_ref), state="received").first()
        if (
            row is None
            or not row.payer_iban
            or BankTransfer.objects.filter(key=key).exclude(minor=minor).exists()
        ):
            return ""
        return commands.queue_transfer(
            key=key,
            kind="refund",
            iban=row.payer_iban,
            holder=row.payer_name or row.payer_iban,
            minor=minor,
            currency=row.currency,
            text=row.code,
            at=clock.now(),
        ).id.hex

    def read_message(self, body: bytes, headers: Mapping[str, str], *, now: datetime) -> Message | None:
        raise SignatureWrong()  # a bank sends statements, not messages


def _seen(row: AwaitedTransfer) -> Seen:
    state = STATES[row.state]
    failure = "given_up" if state == "cancelled" else ""
    return Seen(str(row.reference), str(row.reference), state, row.amount_minor, row.currency, failure)
