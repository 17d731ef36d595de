"""Promises in bulk are the promises one by one."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.logistics.network import instant, minute_of
from entrepot.logistics.queries import Place, promise, promises_in_bulk
from entrepot.markets.queries import all_codes

ORIGINS = [Place("CN", "310000"), Place("ES", "46001"), Place("ES", "28001"), Place("GB"), Place("PL")]
DOORS = [Place(code) for code in all_codes()] + [Place("ES", "08001"), Place("ES", "07001")]
FIRST = minute_of(datetime(2026, 11, 1, tzinfo=UTC))


@given(
    st.lists(
        st.tuples(
            st.integers(0, len(ORIGINS) - 1),
            st.integers(0, len(DOORS) - 1),
            st.integers(FIRST, FIRST + 60 * 24 * 90),
            st.integers(1, 30_000),
        ),
        min_size=1,
        max_size=12,
    ),
    st.sampled_from(["standard", "express"]),
)
@settings(max_examples=60, deadline=None)
def test_the_same_answer_one_by_one_and_in_bulk(asked: list[tuple[int, int, int, int]], service: str) -> None:
    columns = [np.array(column, dtype=np.int64) for column in zip(*asked, strict=True)]
    found = promises_in_bulk(ORIGINS, DOORS, *columns, service=service)
    for row, (origin, door, minute, weight) in enumerate(asked):
        single = promise(ORIGINS[origin], DOORS[door], instant(minute), weight, service)
        assert date.fromordinal(int(found.from_day[row])) == single.from_on
        assert date.fromordinal(int(found.to_day[row])) == single.to_on
        assert found.cost_minor[row] == single.cost_minor
