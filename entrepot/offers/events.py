"""Facts the offers announce. Each names at most 1,000 offers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class OfferPublished:
    """These offers exist now."""

    offer_ids: tuple[UUID, ...]
    product_ids: tuple[UUID, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class OfferChanged:
    """Price, window, limit, state or delivery terms of these offers changed."""

    offer_ids: tuple[UUID, ...]
    product_ids: tuple[UUID, ...]
    at: datetime
