"""Money and ids keep their invariants for any input."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.kit.errors import Invalid
from entrepot.kit.ids import new_id, read_id, read_number, show_id, show_number
from entrepot.kit.money import Money, divide_half_up, split_pro_rata, vat_inside


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 10**9), min_size=1, max_size=30))
def test_shares_sum_to_the_whole(whole: int, weights: list[int]) -> None:
    parts = split_pro_rata(whole, weights)
    assert sum(parts) == whole
    scale = sum(weights)
    if scale:
        assert all(
            abs(part * scale - whole * weight) < scale for part, weight in zip(parts, weights, strict=True)
        )


@given(st.integers(-(10**15), 10**15), st.integers(1, 10**6))
def test_half_up(number: int, by: int) -> None:
    rounded = divide_half_up(number, by)
    assert 2 * abs(rounded * by - number) <= by


def test_vat_of_the_worked_example() -> None:
    assert vat_inside(4000, 2100) == 694  # 40.00 × 21/121 = 6.942…


def test_currencies_never_meet() -> None:
    with pytest.raises(ValueError, match="stored rate"):
        Money(1, "EUR") + Money(1, "GBP")


@given(st.integers(0, 2**63 - 1))
def test_numbers_for_people_read_back(value: int) -> None:
    shown = show_number(value)
    assert read_number(shown) == value
    assert read_number(shown.lower().replace("0", "o").replace("1", "l")) == value


@given(st.integers(0, 2**63 - 1), st.integers(0, 13), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_one_wrong_character_is_noticed(value: int, place: int, char: str) -> None:
    chars = [c for c in show_number(value) if c != "-"]
    if chars[place] == char:
        return
    chars[place] = char
    with pytest.raises(Invalid):
        read_number("".join(chars))


def test_shown_ids_read_back_and_sort_by_time() -> None:
    first, second = new_id(), new_id()
    assert read_id("prd", show_id("prd", first)) == first
    assert first.version == 7
    assert first.int >> 80 <= second.int >> 80
    with pytest.raises(Invalid):
        read_id("ofr", show_id("prd", first))


@given(st.integers(0, 2**63 - 1), st.integers(0, 12))
def test_two_swapped_characters_are_noticed(value: int, place: int) -> None:
    chars = [c for c in show_number(value) if c != "-"]
    if chars[place] == chars[place + 1]:
        return
    chars[place], chars[place + 1] = chars[place + 1], chars[place]
    with pytest.raises(Invalid):
        read_number("".join(chars))
