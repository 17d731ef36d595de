"""Pure decisions of the insight room: steps, hours, shares."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

STEPS = ("visit", "product", "cart", "checkout")


def hour_of(at: datetime) -> datetime:
    """The beginning of the hour."""
    return at.replace(minute=0, second=0, microsecond=0)


def share_bp(part: int, whole: int) -> int:
    """`part` of `whole` in basis points, half up; 0 of nothing."""
    return (20_000 * part + whole) // (2 * whole) if whole > 0 else 0


def change_bp(now: int, before: int) -> int | None:
    """By how much `now` is more (or less) than `before`, in basis points; None when there was nothing before."""
    return None if before == 0 else (now - before) * 10_000 // abs(before)


def pareto(counts: Iterable[tuple[str, int]], *, most: int = 8) -> list[tuple[str, int, int]]:
    """(reason, count, cumulated share in basis points), largest first; what is past `most` becomes `other`."""
    rows = sorted(((name, count) for name, count in counts if count > 0), key=lambda row: (-row[1], row[0]))
    if len(rows) > most:
        rows = [*rows[: most - 1], ("other", sum(count for _, count in rows[most - 1 :]))]
    whole, running, found = sum(count for _, count in rows), 0, []
    for name, count in rows:
        running += count
        found.append((name, count, share_bp(running, whole)))
    return found
