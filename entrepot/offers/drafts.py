"""What callers hand to the offers' commands, and what they get back. Import these from `offers.commands`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np

from entrepot.catalog.commands import SavedProduct

# An offer that follows another, as it should be; `version` is that which was read, 0 for an offer that is to be made.
# `is_anew`: more than its duty differs. `source` is the offer whose terms it takes now (zero: its terms stay). `state` and `duty` are places in STATES and DUTIES.
CARRIED = np.dtype(
    [(name, "S16") for name in ("id", "source", "product")]
    + [
        ("market", "S2"),
        ("price", "i8"),
        ("version", "i8"),
        ("state", "i2"),
        ("duty", "i2"),
        ("is_anew", "?"),
    ]
)


@dataclass(frozen=True, slots=True)
class OfferDraft:
    """A promise, found again by (seller, variant, market, condition). None leaves what is there.

    price_minor is gross, in minor units of `currency`; a new offer needs both. `state` is active or withdrawn.
    `follows_id` names the offer in another market this price is made from; who sets price or state without it owns the
    offer from then on.
    """

    seller_id: UUID
    variant_id: UUID
    product_id: UUID
    market: str
    price_minor: int | None = None
    currency: str | None = None
    condition: str = "new"
    state: str | None = None
    handling_days: int | None = None
    ships_from_country: str | None = None
    ships_from_postcode: str | None = None
    limit_per_buyer: int | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    published_at: datetime | None = None
    follows_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class SavedOffer:
    """What became of a draft: `new`, `changed` or `same`; and field → [before, after]."""

    offer_id: UUID
    number: int
    variant_id: UUID
    outcome: str
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CarriedOffers:
    """How many offers were made, and how many changed."""

    new: int
    changed: int


@dataclass(frozen=True, slots=True)
class OfferedProduct:
    """A saved product and what became of its prices."""

    product: SavedProduct
    offers: tuple[SavedOffer, ...]

    @property
    def outcome(self) -> str:
        """`new`, `changed` or `same`, of both together."""
        if self.product.outcome == "same" and any(offer.outcome != "same" for offer in self.offers):
            return "changed"
        return self.product.outcome
