"""A year of the hub: nothing is lost, the curves are those of a queue of single parcels, more never makes it worse."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.cli.simulate import simulate
from entrepot.kit.errors import Invalid
from entrepot.logistics.hub_year import Capacity, Queue, Year, let_through, shared
from entrepot.logistics.queries.simulations import hub_rates, simulate_hub

SMALL = 3_000_000
slots = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 6)), min_size=1, max_size=60)


@pytest.fixture(scope="module")
def year() -> Year:
    return simulate_hub(year=2026, parcels=SMALL, seed=3)


def one_by_one(came: list[int], can: list[int]) -> tuple[list[int], dict[int, list[int]]]:
    """The slow twin: single parcels in a line; what left by slot, and by slot of arrival the slots in which they left."""
    line: deque[int] = deque()
    left, exits = [], {}  # type: ignore[var-annotated]
    for slot, (inflow, most) in enumerate(zip(came, can, strict=True)):
        line.extend([slot] * inflow)
        gone = min(most, len(line))
        for _ in range(gone):
            exits.setdefault(line.popleft(), []).append(slot)
        left.append(gone)
    return left, exits


@given(slots)
@settings(max_examples=300)
def test_a_queue_of_counts_is_a_queue_of_parcels(drawn: list[tuple[int, int]]) -> None:
    came, can = [pair[0] for pair in drawn], [pair[1] for pair in drawn]
    can[-1] += sum(came)  # everything leaves in the end
    queue = Queue("q", np.cumsum(came), let_through(np.cumsum(came), np.cumsum(can)))
    left, exits = one_by_one(came, can)
    assert np.diff(queue.left, prepend=0).tolist() == left
    for slot, gone in exits.items():
        assert queue.exits()[slot] == gone[(len(gone) + 1) // 2 - 1]
    assert queue.waiting[-1] == 0


@given(slots)
def test_more_capacity_lets_no_less_through(drawn: list[tuple[int, int]]) -> None:
    came, can = np.cumsum([pair[0] for pair in drawn]), np.cumsum([pair[1] for pair in drawn])
    assert (let_through(came, can + np.arange(len(can))) >= let_through(came, can)).all()


@given(
    st.lists(st.integers(0, 1_000), min_size=1, max_size=30),
    st.lists(st.integers(1, 9), min_size=1, max_size=9),
)
def test_shares_add_up_in_every_slot(inflow: list[int], parts: list[int]) -> None:
    came = np.cumsum(inflow)
    split = shared(came, parts, sum(parts))
    assert sum(split).tolist() == came.tolist()  # type: ignore[union-attr]
    assert all((np.diff(each, prepend=0) >= 0).all() for each in split)


def test_every_parcel_leaves_and_every_figure_adds_up(year: Year) -> None:
    assert year.parcels_in == year.parcels_out == SMALL
    assert sum(row.parcels for row in year.destinations) == SMALL
    assert abs(sum(year.hours_through) - SMALL) <= len(year.hours_through)
    assert sum(year.in_by_day) <= SMALL
    assert year.late_bp < 500
    assert year.road_cost_minor == sum(row.cost_minor for row in year.destinations)
    assert year.hours_within(5_000) <= year.hours_within(9_900)


def test_the_seed_repeats_the_year_and_another_does_not(year: Year) -> None:
    assert simulate_hub(year=2026, parcels=SMALL, seed=3) == year
    assert simulate_hub(year=2026, parcels=SMALL, seed=4) != year


def test_the_found_capacity_is_enough_and_one_less_is_not() -> None:
    parcels = 60_000_000
    rates = hub_rates()
    found = simulate_hub(year=2026, parcels=parcels, seed=3)
    assert found.wait_minutes_p99["docks"] <= rates.dock_wait_minutes_most
    assert found.wait_minutes_p99["inspection"] <= rates.inspection_wait_minutes_most
    less = replace(found.capacity, docks=found.capacity.docks - 1)
    tried = simulate_hub(year=2026, parcels=parcels, seed=3, capacity=less)
    assert tried.wait_minutes_p99["docks"] > rates.dock_wait_minutes_most


def test_a_hub_sized_for_ordinary_days_drowns_in_a_festival(year: Year) -> None:
    parcels = 60_000_000
    ordinary = simulate_hub(year=2026, parcels=parcels, seed=3, with_festivals=False).capacity
    lean = simulate_hub(year=2026, parcels=parcels, seed=3, capacity=ordinary)
    assert lean.late_bp > 4 * simulate_hub(year=2026, parcels=parcels, seed=3).late_bp


@pytest.mark.parametrize(
    ("words", "field"),
    [({"year": 1900, "parcels": 5}, "year"), ({"year": 2026, "parcels": 0}, "parcels"),
     ({"year": 2026, "parcels": 5, "capacity": Capacity(0, 1, 1, 1, 1)}, "capacity")],
)  # fmt: skip
def test_a_year_that_cannot_be(words: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        simulate_hub(seed=1, **words)  # type: ignore[arg-type]
    assert caught.value.facts["field"] == field


def test_the_command_prints_and_writes_a_report(tmp_path: object) -> None:
    words = ["hub", "--year", "--parcels", "2e6", "--out", str(tmp_path)]
    done = CliRunner().invoke(simulate, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert "2,000,000 parcels" in done.stdout
    page = (tmp_path / "report.html").read_text()  # type: ignore[operator]
    assert page.count("<svg") >= 6
    assert "Warszawa" in page
    bad = CliRunner().invoke(simulate, ["hub", "--parcels", "lots"])
    assert bad.exit_code == 2
    assert "450e6" in bad.output
