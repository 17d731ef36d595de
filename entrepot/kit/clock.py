"""The clock, read once at each door. UTC, aware.

In a pilot the operator may move the clock forward to see a delivery or an inspection window pass;
the offset lies in a file of the data directory, so that all processes agree. It is zero in production.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

_READ_EVERY_S = 1.0
_told: list[Callable[[], datetime]] = []
_cache = {"read_at": -1e9, "offset_s": 0.0}


def now() -> datetime:
    """This instant in UTC, plus the pilot's offset."""
    if _told:
        return _told[-1]()
    return datetime.now(UTC) + timedelta(seconds=offset_seconds())


@contextmanager
def told_by(teller: Callable[[], datetime]) -> Iterator[None]:
    """Inside, `now()` is what the teller says: how the pilot's loader lives through days that are past."""
    _told.append(teller)
    try:
        yield
    finally:
        _told.pop()


def offset_seconds() -> float:
    """Seconds by which the pilot's clock runs ahead (0 without an offset file)."""
    path = os.environ.get("ENTREPOT_CLOCK_FILE")
    if not path:
        return 0.0
    tick = time.monotonic()
    if tick - _cache["read_at"] > _READ_EVERY_S:
        try:
            _cache["offset_s"] = float(Path(path).read_text())
        except FileNotFoundError:
            _cache["offset_s"] = 0.0
        _cache["read_at"] = tick
    return _cache["offset_s"]


def advance(by: timedelta) -> None:
    """Move the pilot's clock forward. Raises RuntimeError where no clock file is configured (production)."""
    path = os.environ.get("ENTREPOT_CLOCK_FILE")
    if not path or by < timedelta(0):
        raise RuntimeError("Only a pilot's clock moves, and only forward")
    moved = offset_seconds() + by.total_seconds()
    target = Path(path)
    scratch = target.with_suffix(".new")
    scratch.write_text(repr(moved))
    scratch.replace(target)
    _cache["read_at"] = -1e9
