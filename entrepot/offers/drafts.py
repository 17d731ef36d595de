"""What callers hand to the offers' commands, and what they get back. Import these from `offers.commands`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from entrepot.catalog.commands import SavedProduct


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
