"""Who carries payouts: our bank by SEPA file, Stripe Connect, and a test bank for a pilot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from django.conf import settings

from entrepot.kit.context import system_context
from entrepot.kit.money import Money
from entrepot.payments.commands import ask_stripe_payout, order_bank_transfer, send_stripe_payout
from entrepot.payments.queries import PayoutState, bank_transfers_by_key, own_iban, providers_here


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

    state: PayoutState
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
        self.account: tuple[str, str] = ("bank", own_iban())

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
    """Stripe Connect: to the seller's connected account (`iban` holds `acct_…`), and from there to their bank."""

    account: tuple[str, str] = ("provider_clearing", "stripe")

    def send(self, order: BankOrder, *, now: datetime) -> str:
        return send_stripe_payout(
            system_context(at=now, cause="payout"),
            payout_id=order.payout_id,
            account=order.iban,
            amount=Money(order.amount_minor, order.currency),
        )

    def ask(self, order: BankOrder, *, sent_at: datetime, now: datetime) -> BankAnswer:
        state, reason = ask_stripe_payout(
            system_context(at=now, cause="payout"),
            payout_id=order.payout_id,
            account=order.iban,
            amount_minor=order.amount_minor,
            ref=order.bank_ref,
        )
        return BankAnswer(state, reason)

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
        return StripeBank() if "stripe" in providers_here() else None
    if "sepa" in providers_here():
        return SepaBank()
    return PilotBank() if settings.IS_PILOT else None


def _key(order: BankOrder) -> str:
    return f"payout:{order.payout_id}"
