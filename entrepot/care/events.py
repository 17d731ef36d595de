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
