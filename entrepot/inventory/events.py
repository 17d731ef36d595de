"""Facts the inventory announces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CounterChange:
    """A counter of the intake and what to add to it; `opens` when the intake does not know it yet."""

    counter: int
    delta: int
    opens: bool


@dataclass(frozen=True, slots=True)
class StockAdjusted:
    """Quantities were set or corrected: the intake must count them. At most 1,000 changes a fact."""

    changes: tuple[CounterChange, ...]
    variant_ids: tuple[UUID, ...]
    at: datetime
