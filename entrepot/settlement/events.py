"""Facts of settlement. Amounts are whole minor units of `currency`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class OrderReleased:
    """An order's money left escrow: `seller_minor` is the seller's."""

    order_id: int
    seller_id: UUID
    seller_minor: int
    commission_minor: int
    currency: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PayoutPrepared:
    """A payout was cut. `state`: ready, or waiting for two people."""

    payout_id: UUID
    seller_id: UUID
    amount_minor: int
    currency: str
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PayoutPaid:
    """The bank has paid the seller."""

    payout_id: UUID
    seller_id: UUID
    amount_minor: int
    currency: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PayoutReturned:
    """The bank sent the money back; it is the seller's again."""

    payout_id: UUID
    seller_id: UUID
    amount_minor: int
    currency: str
    reason: str
    at: datetime
