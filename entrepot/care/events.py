"""Facts announced by the care room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ReviewWritten:
    review_id: UUID
    product_id: UUID
    seller_id: UUID
    stars: int
    at: datetime


@dataclass(frozen=True, slots=True)
class ReviewHidden:
    """The author is told the reason and can object."""

    review_id: UUID
    product_id: UUID
    buyer_id: UUID
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DisputeOpened:
    """The buyer asks `asked_minor` back; the seller has 72 hours."""

    dispute_id: UUID
    order_id: int
    seller_id: UUID
    reason: str
    asked_minor: int
    currency: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DisputeClosed:
    """It ended: settled (both agreed), decided (by the house) or withdrawn; `refund_minor` goes back."""

    dispute_id: UUID
    order_id: int
    seller_id: UUID
    state: str
    refund_minor: int
    currency: str
    at: datetime
