"""Facts the offers announce. Each names at most 1,000 offers and their markets (none: not said, any).

`is_carried`: a requote decided so. Prices and duties in every market are then right already, as of that day.
"""

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
    markets: tuple[str, ...] = ()
    is_carried: bool = False


@dataclass(frozen=True, slots=True)
class OfferChanged:
    """Price, window, limit, state or delivery terms of these offers changed."""

    offer_ids: tuple[UUID, ...]
    product_ids: tuple[UUID, ...]
    at: datetime
    markets: tuple[str, ...] = ()
    is_carried: bool = False
