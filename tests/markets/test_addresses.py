"""The forms of addresses: every country can be written to, and a province is what its post knows."""

from __future__ import annotations

import pytest

from entrepot.markets.addresses import areas
from entrepot.markets.queries import (
    address_form,
    address_lines,
    all_codes,
    lies_in,
    pack,
    region_behind,
    region_of,
)


@pytest.mark.parametrize("code", all_codes())
def test_every_required_part_has_its_field_or_is_told_by_the_postcode(code: str) -> None:
    form = address_form(code)
    asked = {field for line in form.lines for field in line}
    assert form.required - asked <= {"region"}
    if "region" in form.required - asked:
        assert all(region_behind(code, f"{start:02}001") for start in range(1, 53))
    assert bool(form.choices) == ("region" in asked)
    assert "postcode" in asked or not pack(code).postal_regex
    for kept, _ in form.choices:
        assert region_of(code, kept) == kept
    whole = {"line1": "Street 1", "line2": "Door 2", "postcode": "P0", "city": "Town", "region": "Area"}
    written = " ".join(address_lines(code, whole))
    assert all(part in written for field, part in whole.items() if field in asked), written
    assert address_lines(code, {"line1": "Street 1"}) == ["Street 1"]


@pytest.mark.parametrize("code", ["ES", "IT", "US"])
def test_a_postcode_lies_in_the_province_it_tells(code: str) -> None:
    for number in range(0, 100_000, 97):
        postcode = f"{number:05}"
        region = region_behind(code, postcode)
        if region:
            assert lies_in(code, postcode, region)
            assert region_of(code, region) == region


def test_provinces_as_people_say_them() -> None:
    assert region_of("IT", " milano ") == region_of("IT", "MI") == "MI"
    assert region_of("US", "oregon") == "OR"
    assert region_of("HK", "kowloon") == region_of("HK", "九龍")
    assert region_of("ES", "Oregon") == ""
    assert (region_behind("ES", "26127"), region_behind("ES", "26001")) == ("Soria", "La Rioja")
    assert region_behind("US", "97201") == "OR"
    assert not lies_in("US", "97201", "CA")
    assert not {area.code for area in areas("CN")} & {"香港", "澳门"}, "markets of their own"


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("ES", ["Calle 1", "2 B", "41001 Sevilla Sevilla"]),
        ("US", ["Calle 1", "2 B", "Sevilla, Sevilla 41001"]),
        ("HU", ["Sevilla", "Calle 1", "2 B", "41001"]),
        ("SG", ["Calle 1", "2 B", "SINGAPORE 41001"]),
        ("TR", ["Calle 1", "2 B", "41001 Sevilla Sevilla"]),
    ],
)
def test_an_address_as_the_country_writes_it(code: str, lines: list[str]) -> None:
    parts = {"line1": "Calle 1", "line2": "2 B", "postcode": "41001", "city": "Sevilla", "region": "Sevilla"}
    assert address_lines(code, parts) == lines


def test_a_number_pad_only_where_postcodes_are_digits() -> None:
    pads = {code for code in all_codes() if pack(code).has_digit_postcodes}
    assert {"ES", "IT", "CZ", "SG"} <= pads
    assert not pads & {"GB", "IE", "NL", "PL", "PT", "HK", "MT", "LV"}
