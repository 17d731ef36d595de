"""Who carries payouts: our bank by SEPA file, Stripe Connect, and a test bank for a pilot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal, Protocol
from uuid import UUID

import stripe
from django.conf import settings

from entrepot.kit.context import system_context
from entrepot.kit.money import Money
from entrepot.payments.commands import order_bank_transfer
from entrepot.payments.errors import ProviderUnavailable
from entrepot.payments.queries import bank_transfers_by_key


@dataclass(frozen=True, slots=True)
class BankOrder:
    """A payout to carry: to an IBAN, or to a connected Stripe account. `payout_id` makes it happen once."""

    payout_id: UUID
    amount_minor: int
    currency: str
    iban: str
    holder: str
    bank_ref: str = ""


@dataclass(frozen=True, slots=True)
class BankAnswer:
    """What became of a transfer."""

    state: Literal["sent", "paid", "returned"]
    reason: str = ""


class Bank(Protocol):
    """Sends credit transfers and says what became of them. Raises ProviderUnavailable when it does not answer."""

    account: tuple[str, str]  # kind and owner of the ledger account the money leaves

    def send(self, order: BankOrder, *, now: datetime) -> str:
        """Hand it in, once per payout; the bank's reference."""
        ...

    def ask(self, order: BankOrder, *, sent_at: datetime, now: datetime) -> BankAnswer:
        """What became of it."""
        ...

    def returned(self, orders: Iterable[BankOrder], *, now: datetime) -> dict[UUID, str]:
        """Which of these, paid before, have come back since, and why."""
        ...


class PilotBank:
    """A test bank: a transfer arrives within an hour of the pilot's clock; accounts ending in 0000 are closed."""

    account: tuple[str, str] = ("bank", "pilot_bank")

    def send(self, order: BankOrder, *, now: datetime) -> str:
        return f"PB-{order.payout_id.hex[:20].upper()}"

    def ask(self, order: BankOrder, *, sent_at: datetime, now: datetime) -> BankAnswer:
        if now < sent_at + timedelta(hours=1):
            return BankAnswer("sent")
        return (
            BankAnswer("returned", "AC04 account closed")
            if order.iban.endswith("0000")
            else BankAnswer("paid")
        )

    def returned(self, orders: Iterable[BankOrder], *, now: datetime) -> dict[UUID, str]:
        return {}


class SepaBank:
    """Our own bank: payouts leave in the next pain.001 file; its camt.053 statements say what became of them."""

    def __init__(self) -> None:
        self.account: tuple[str, str] = ("bank", settings.PROVIDER_SETTINGS["ENTREPOT_BANK_IBAN"])

    def send(self, order: BankOrder, *, now: datetime) -> str:
        return order_bank_transfer(
            system_context(at=now, cause="payout"),
            key=_key(order),
            kind="payout",
            iban=order.iban,
            holder=order.holder,
            amount=Money(order.amount_minor, order.currency),
            text=f"Entrepot payout {order.payout_id.hex[:12]}",
        )

    def ask(self, order: BankOrder, *, sent_at: datetime, now: datetime) -> BankAnswer:
        found = bank_transfers_by_key([_key(order)]).get(_key(order))
        if found is None or found.state in ("queued", "filed"):
            return BankAnswer("sent")
        return BankAnswer("paid") if found.state == "booked" else BankAnswer("returned", found.return_reason)

    def returned(self, orders: Iterable[BankOrder], *, now: datetime) -> dict[UUID, str]:
        keys = {_key(order): order.payout_id for order in orders}
        return {
            keys[key]: found.return_reason or "returned"
            for key, found in bank_transfers_by_key(keys).items()
            if found.state == "returned"
        }


class StripeBank:
    """Stripe Connect: a transfer to the seller's connected account (`iban` holds `acct_…`), then a payout to their bank.

    Both carry our payout's id as idempotency key and metadata. A payout that failed is reversed, so the money is ours again.
    """

    account: tuple[str, str] = ("provider_clearing", "stripe")

    def send(self, order: BankOrder, *, now: datetime) -> str:
        currency, metadata = order.currency.lower(), {"payout": str(order.payout_id)}
        try:
            transfer = _stripe().v1.transfers.create(
                {
                    "amount": order.amount_minor,
                    "currency": currency,
                    "destination": order.iban,
                    "transfer_group": str(order.payout_id),
                    "metadata": metadata,
                },
                {"idempotency_key": f"transfer:{order.payout_id}"},
            )
            payout = _stripe().v1.payouts.create(
                {
                    "amount": order.amount_minor,
                    "currency": currency,
                    "metadata": metadata | {"transfer": transfer.id},
                },
                {"idempotency_key": f"payout:{order.payout_id}", "stripe_account": order.iban},
            )
        except stripe.StripeError as error:
            raise ProviderUnavailable() from error
        return f"{payout.id}/{transfer.id}"

    def ask(self, order: BankOrder, *, sent_at: datetime, now: datetime) -> BankAnswer:
        number, _, transfer = order.bank_ref.partition("/")
        try:
            payout = _stripe().v1.payouts.retrieve(number, options={"stripe_account": order.iban})
            if payout.status not in ("failed", "canceled"):
                return BankAnswer("paid" if payout.status == "paid" else "sent")
            _stripe().v1.transfers.reversals.create(
                transfer, {"amount": order.amount_minor}, {"idempotency_key": f"reversal:{order.payout_id}"}
            )
        except stripe.StripeError as error:
            raise ProviderUnavailable() from error
        return BankAnswer("returned", payout.failure_code or payout.status)

    def returned(self, orders: Iterable[BankOrder], *, now: datetime) -> dict[UUID, str]:
        """Stripe says `paid` first and `failed` up to five working days later."""
        found = {}
        for order in orders:
            answer = self.ask(order, sent_at=now, now=now)
            if answer.state == "returned":
                found[order.payout_id] = answer.reason
        return found


def bank(route: str = "bank") -> Bank | None:
    """Who carries payouts by this route here; None when nobody does."""
    if route == "stripe":
        return StripeBank() if "stripe" in settings.PAYMENT_PROVIDERS else None
    if "sepa" in settings.PAYMENT_PROVIDERS:
        return SepaBank()
    return PilotBank() if settings.IS_PILOT else None


def _key(order: BankOrder) -> str:
    return f"payout:{order.payout_id}"


def _stripe() -> stripe.StripeClient:
    known = settings.PROVIDER_SETTINGS
    return _client(known["ENTREPOT_STRIPE_KEY"], known.get("ENTREPOT_STRIPE_URL", ""))


@lru_cache(maxsize=4)
def _client(key: str, url: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        base_addresses={"api": url} if url else None,
        http_client=stripe.RequestsClient(timeout=15),
        max_network_retries=2,
    )
