"""A world to order in: Spain is open, the intake decides in this process, a clock that tests move."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests import make


class Clock:
    """The instant of the test; the intake reads it too."""

    def __init__(self) -> None:
        self.at = make.NOW

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def spain(db: None, clock: Clock) -> Iterator[Any]:
    with make.intake(clock) as intake:
        make.open_market("ES")
        yield intake
