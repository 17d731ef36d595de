"""The bank that carries payouts, and a test bank for a pilot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol
from uuid import UUID

from django.conf import settings


@dataclass(frozen=True, slots=True)
class BankOrder:
    """A credit transfer. `payout_id` is the end-to-end reference: the same one again is the same transfer."""

    payout_id: UUID
    amount_minor: int
    currency: str
    iban: str
    holder: str


@dataclass(frozen=True, slots=True)
class BankAnswer:
    """What became of a transfer."""

    state: Literal["sent", "paid", "returned"]
    reason: str = ""


class Bank(Protocol):
    """Sends credit transfers and says what became of them."""

    code: str

    def send(self, order: BankOrder) -> str:
        """Hand it in, once per payout; the bank's reference."""
        ...

    def ask(self, order: BankOrder, *, sent_at: datetime, now: datetime) -> BankAnswer:
        """What became of it."""
        ...


class PilotBank:
    """A test bank: a transfer arrives within an hour of the pilot's clock; accounts ending in 0000 are closed."""

    code: str = "pilot_bank"

    def send(self, order: BankOrder) -> str:
        return f"PB-{order.payout_id.hex[:20].upper()}"

    def ask(self, order: BankOrder, *, sent_at: datetime, now: datetime) -> BankAnswer:
        if now < sent_at + timedelta(hours=1):
            return BankAnswer("sent")
        return (
            BankAnswer("returned", "AC04 account closed")
            if order.iban.endswith("0000")
            else BankAnswer("paid")
        )


def bank() -> Bank | None:
    """The bank of this installation; a production market without one sends nothing."""
    return PilotBank() if settings.IS_PILOT else None
