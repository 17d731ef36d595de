"""A world to order in: Spain is open, the intake decides in this process, and the clock of everything is the test's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from entrepot.catalog.queries import forget_categories
from entrepot.kit import clock as kit_clock
from tests import make


class Clock:
    """The pilot's clock, set to the test's day; `move` lets time pass for every room."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.offset = make.NOW - datetime.now(UTC)
        self._write()

    def _write(self) -> None:
        self.file.write_text(repr(self.offset.total_seconds()))
        kit_clock._cache.update(read_at=-1e9)

    def __call__(self) -> datetime:
        return kit_clock.now()

    def move(self, **by: float) -> datetime:
        """Let time pass, and run what it brings."""
        self.offset += timedelta(**by)
        self._write()
        return self()


@pytest.fixture
def clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    monkeypatch.setenv("ENTREPOT_CLOCK_FILE", str(tmp_path / "offset"))
    yield Clock(tmp_path / "offset")
    kit_clock._cache.update(read_at=-1e9, offset_s=0.0)


@pytest.fixture
def spain(db: None, clock: Clock) -> Iterator[Any]:
    forget_categories()  # the last test's are gone with its database
    with make.intake(clock) as intake:
        make.open_market("ES")
        yield intake
