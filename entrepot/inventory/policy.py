"""Pure decisions of the inventory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

HIGHEST = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Shelf:
    """A counter with the place it stands for, as the choice needs it."""

    counter: int
    country: str
    postcode: str
    position: int
    on_hand: int


def decide_delta(quantity: int, *, on_hand: int, pending: int) -> int:
    """What to add so that `quantity` are there once everything announced is counted."""
    return quantity - (on_hand + pending)


def choose_counter(shelves: Sequence[Shelf], *, country: str, postcode: str) -> int | None:
    """The counter an offer takes from: the place it ships from, else the seller's first place. None without one."""
    if not shelves:
        return None
    best = min(
        shelves,
        key=lambda shelf: (
            shelf.country != country if country else False,
            shelf.postcode != postcode if postcode else False,
            shelf.position,
            shelf.counter,
        ),
    )
    return best.counter
