"""Numbers with check digits, and what a parcel's events add up to."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import ean
from stdnum.iso7064 import mod_97_10

from entrepot.logistics.policy import (
    STATES,
    Happened,
    bands,
    days_that_hold,
    decide_state,
    is_tracking_no,
    sscc_of,
    state_after,
    tracking_of,
)

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


@given(st.integers(0, 10**9 - 1))
def test_sscc_carries_a_gs1_check_digit(serial: int) -> None:
    sscc = sscc_of(serial)
    assert len(sscc) == 18
    # The GS1 check digit is the same sum for every length: python-stdnum knows it from the GTIN.
    assert ean.calc_check_digit(sscc[:-1].zfill(17)[-17:]) == sscc[-1]


def test_sscc_has_no_room_past_its_prefix() -> None:
    with pytest.raises(ValueError, match="digits"):
        sscc_of(10**9)


@given(st.integers(0, 10**11 - 1), st.integers(2, 14), st.integers(1, 9))
def test_a_wrong_digit_in_a_tracking_number_is_seen(serial: int, place: int, by: int) -> None:
    number = tracking_of(serial)
    assert is_tracking_no(number)
    assert mod_97_10.checksum(number[2:]) == 1
    wrong = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]
    assert not is_tracking_no(wrong)


@pytest.mark.parametrize("text", ["", "EP", "EP0000000000000", "XX0000000000197", "EP00000000001９7"])
def test_what_is_not_a_tracking_number(text: str) -> None:
    assert not is_tracking_no(text)


@pytest.mark.parametrize(("weight_g", "count"), [(0, 1), (1, 1), (500, 1), (501, 2), (30_000, 60)])
def test_bands_start_every_half_kilogram(weight_g: int, count: int) -> None:
    assert bands(weight_g) == count


def event(code: str, hours: float, number: int = 0) -> Happened:
    return Happened(code, START + timedelta(hours=hours), "Madrid", "test", f"{code}{hours}{number}")


events = st.lists(
    st.builds(event, st.sampled_from(sorted(STATES)), st.integers(0, 30), st.integers(0, 3)), max_size=14
)


@given(events, st.randoms(use_true_random=False))
@settings(max_examples=1_000)
def test_shuffled_and_repeated_events_give_the_same_state(told: list[Happened], luck: random.Random) -> None:
    again = told + luck.sample(told, luck.randint(0, len(told)))
    luck.shuffle(again)
    assert decide_state(again) == decide_state(told)


@given(events, events)
@settings(max_examples=1_000)
def test_what_follows_from_a_known_state_is_what_all_events_say(
    older: list[Happened], fresh: list[Happened]
) -> None:
    found = state_after(decide_state(older), fresh)
    assert found is None or found == decide_state([*older, *fresh])


def test_an_ordinary_scan_is_judged_without_older_events() -> None:
    before = decide_state([event("handed_over", 0), event("arrived", 5)])
    assert state_after(
        before, [event("departed", 6), event("departed", 3), event("delivered", 9)]
    ) == decide_state(
        [event("handed_over", 0), event("arrived", 5), event("departed", 6), event("delivered", 9)]
    )


@pytest.mark.parametrize(
    ("codes", "state"),
    [
        ([], "announced"),
        ([("handed_over", 0)], "handed_over"),
        ([("handed_over", 0), ("departed", 1), ("arrived", 2)], "in_transit"),
        ([("arrived", 2), ("customs_presented", 3), ("customs_held", 4)], "held"),
        ([("customs_held", 4), ("customs_released", 9)], "in_transit"),
        ([("delivered", 10), ("arrived", 11)], "delivered"),
        ([("delivered", 10), ("delivery_failed", 12)], "delivered"),
        ([("delivered", 10), ("return_started", 30)], "returning"),
        ([("delivered", 10), ("return_started", 30), ("returned", 50)], "returned"),
        ([("out_for_delivery", 9), ("delivered", 9)], "delivered"),
    ],
)
def test_states_by_what_happened(codes: list[tuple[str, float]], state: str) -> None:
    assert decide_state([event(code, hours) for code, hours in codes]).state == state


def test_a_late_scan_does_not_move_the_day_of_delivery() -> None:
    found = decide_state([event("delivered", 10), event("arrived", 20), event("delivered", 30)])
    assert found.delivered_at == START + timedelta(hours=10)


@given(st.lists(st.integers(0, 60), min_size=1), st.integers(1, 100))
def test_the_promised_days_hold_for_the_share_and_no_day_less_does(
    days: list[int], confidence_pct: int
) -> None:
    found = days_that_hold(days, confidence_pct)
    assert sum(day <= found for day in days) * 100 >= confidence_pct * len(days)
    assert sum(day < found for day in days) * 100 < confidence_pct * len(days)


def test_no_promise_without_journeys() -> None:
    for days, share in (([], 90), ([1], 0), ([1], 101)):
        with pytest.raises(ValueError, match="days_that_hold"):
            days_that_hold(days, share)
