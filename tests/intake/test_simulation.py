"""Seeded histories with faults; `python -m tests.intake.simulation` plays more of them, `make simulate` all night."""

from __future__ import annotations

import os

import pytest

from tests.intake.simulation import history_of

DEPTH = int(os.environ.get("ENTREPOT_DEPTH", "1"))
EACH = 25


@pytest.mark.parametrize("start", range(0, 200 * DEPTH, EACH))
def test_no_history_violates_what_was_promised(start: int) -> None:
    totals: dict[str, int] = {}
    for seed in range(start, start + EACH):
        try:
            told, _ = history_of(seed)
        except BaseException as error:
            raise AssertionError(
                f"seed {seed}: python -m tests.intake.simulation --from {seed} --seeds 1"
            ) from error
        for name, count in told.items():
            totals[name] = totals.get(name, 0) + count
    # The faults did happen: a simulation that injects nothing proves nothing.
    assert min(totals["kills"], totals["fenced"], totals["faulty_appends"], totals["projector_crashes"]) > 0


@pytest.mark.parametrize("seed", [3, 14, 77])
def test_a_seed_is_a_history_to_the_byte(seed: int) -> None:
    assert history_of(seed) == history_of(seed)
