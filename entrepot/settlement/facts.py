"""What queries answer about a seller's account, and statements are written from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class EntryView:
    """A line of a statement. `minor` is what the seller's account rose by; `shares` what the same transfer moved."""

    at: datetime
    kind: str
    order_id: int | None
    external_id: str
    minor: int
    currency: str
    shares: Mapping[str, int]
    payout_id: UUID | None


@dataclass(frozen=True, slots=True)
class PayoutView:
    """A payout. `state`: waiting (for two people), ready, sent, paid, returned."""

    payout_id: UUID
    seller_id: UUID
    amount_minor: int
    currency: str
    state: str
    iban_masked: str
    holder: str
    bank_ref: str
    return_reason: str
    prepared_at: datetime
    sent_at: datetime | None
    paid_at: datetime | None
    returned_at: datetime | None
    entry_count: int
    approved_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A seller's account over a stretch of time: opening + entries − payouts = closing, in minor units."""

    seller_id: UUID
    seller_name: str
    currency: str
    since_at: datetime
    until_at: datetime
    opening_minor: int
    closing_minor: int
    entries: tuple[EntryView, ...]
    payouts: tuple[PayoutView, ...]
