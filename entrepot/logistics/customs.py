"""Pure decisions of customs data: which data set, what is missing or cannot be true, and the way out of each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

IOSS_FORM = re.compile(r"IM\d{10}")


@dataclass(frozen=True, slots=True)
class CustomsLine:
    """Goods of one kind: value net of VAT and duty for all pieces, in minor units; weight of all pieces in grams."""

    position: int
    sku: str
    description: str
    quantity: int
    weight_g: int
    value_minor: int
    hs6: str
    origin_country: str
    code: str = ""  # the destination's own code of 8 to 10 digits; counts while it begins with hs6


@dataclass(frozen=True, slots=True)
class Limits:
    """Dated bounds. `low_value_minor` is the intrinsic value up to which the short data set and IOSS serve, in EUR minor."""

    low_value_minor: int | None
    least_piece_minor: int
    most_per_kg_minor: int
    least_letters: int
    subheadings: frozenset[str]
    headings: frozenset[str]
    countries: frozenset[str]
    vague: frozenset[str]


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing customs would stop the parcel for: its code, the field, the line (0: the consignment), a sentence, the way out.

    `blocks`: the parcel does not leave before it is mended; else a person should look.
    """

    code: str
    field: str
    line: int
    sentence: str
    way_out: str
    blocks: bool = True


@dataclass(frozen=True, slots=True)
class CustomsFacts:
    """What is declared of a consignment; `value_eur_minor` is its intrinsic value in EUR minor units."""

    sender: Mapping[str, str]
    receiver: Mapping[str, str]
    lines: Sequence[CustomsLine]
    value_eur_minor: int
    ioss_no: str
    needs_ioss: bool


def data_set(area_has_low_value: bool, value_eur_minor: int, limit_minor: int | None) -> str:
    """`H7` for low value where the area knows it, else the full `H1`."""
    return "H7" if area_has_low_value and limit_minor is not None and value_eur_minor <= limit_minor else "H1"


# code: (field, sentence, way out)
SENTENCES: dict[str, tuple[str, str, str]] = {
    "hs_missing": ("hs6", "The goods have no HS code.", "Enter the six digits of the heading."),
    "hs_unknown": ("hs6", "This HS code is not in the Harmonized System.", "Look the heading up and enter its six digits."),
    "hs_edition": ("hs6", "This HS code is not in the present edition of the Harmonized System.", "Look the heading up and enter its six digits."),
    "hs_unlikely": ("hs6", "The description speaks of another chapter than this HS code.", "Check the code, or make the description clearer."),
    "origin_missing": ("origin_country", "The country of origin is missing.", "Enter the country where the goods were made."),
    "origin_unknown": ("origin_country", "This is not a country code.", "Enter the two letters of the country, for example CN."),
    "value_missing": ("value_minor", "The value is missing or not above zero.", "Enter what was paid, without VAT and duty."),
    "value_low": ("value_minor", "The value for one piece is too low to be true.", "Enter what was paid, without VAT and duty."),
    "value_high": ("value_minor", "The value does not fit the weight.", "Check value and weight."),
    "weight_missing": ("weight_g", "The weight is missing.", "Enter the weight in grams."),
    "quantity_missing": ("quantity", "The quantity is missing.", "Ask support: the order's line is broken."),
    "description_short": ("description", "The description is too short to say what it is.", "Say what it is and what it is made of."),
    "description_vague": ("description", "Customs refuses this description as too vague.", "Say what it is and what it is made of, for example “ceramic mug”."),
    "ioss_missing": ("ioss_no", "VAT was collected at the sale, but the IOSS number is missing.", "The operator enters the marketplace's IOSS number."),
    "ioss_malformed": ("ioss_no", "An IOSS number is IM and ten digits.", "The operator corrects the number."),
    "sender_incomplete": ("sender", "The sender's name or address is incomplete.", "Complete the shop's address."),
    "receiver_incomplete": ("receiver", "The receiver's name or address is incomplete.", "Ask the buyer for the address."),
    "no_goods": ("lines", "Nothing is declared.", "Ask support: the order has no goods left."),
}  # fmt: skip
WARNINGS = frozenset({"hs_edition", "hs_unlikely", "value_high"})


def _gap(code: str, line: int = 0) -> Gap:
    field, sentence, way_out = SENTENCES[code]
    return Gap(code, field, line, sentence, way_out, code not in WARNINGS)


def decide_gaps(facts: CustomsFacts, limits: Limits, likely_chapter: Mapping[int, str]) -> list[Gap]:
    """Everything customs would stop the consignment for, all at once. `likely_chapter`: by line, what its words speak of."""
    found: list[Gap] = []
    for who, address in (("sender", facts.sender), ("receiver", facts.receiver)):
        if not all(str(address.get(name, "")).strip() for name in ("name", "street", "city", "country")):
            found.append(_gap(f"{who}_incomplete"))
    if not facts.lines:
        found.append(_gap("no_goods"))
    for line in facts.lines:
        found += [_gap(code, line.position) for code in _wrong(line, limits, likely_chapter)]
    limit = limits.low_value_minor
    if facts.ioss_no and not IOSS_FORM.fullmatch(facts.ioss_no):
        found.append(_gap("ioss_malformed"))
    elif facts.needs_ioss and not facts.ioss_no and limit is not None and facts.value_eur_minor <= limit:
        found.append(_gap("ioss_missing"))
    return found


FILLERS = frozenset(
    {"a", "an", "and", "for", "of", "the", "with", "x", "y", "e", "de", "para", "con", "pcs", "uds", "new"}
)


def _is_vague(words: str, vague: frozenset[str]) -> bool:
    """Whether a description says nothing but vague words, whatever numbers and small words stand between them."""
    letters = re.findall(r"[^\W\d_]+(?:[-/][^\W\d_]+)*", words)
    telling = [word for word in letters if word not in FILLERS]
    return (
        words in vague
        or " ".join(letters) in vague
        or (bool(telling) and all(word in vague for word in telling))
    )


def _wrong(line: CustomsLine, limits: Limits, likely: Mapping[int, str]) -> list[str]:
    codes = []
    if not line.hs6:
        codes.append("hs_missing")
    elif not re.fullmatch(r"\d{6}", line.hs6) or line.hs6[:4] not in limits.headings:
        codes.append("hs_unknown")
    elif line.hs6 not in limits.subheadings:
        codes.append("hs_edition")  # the heading is right; its subheading is of another edition
    elif likely.get(line.position, line.hs6[:2]) != line.hs6[:2]:
        codes.append("hs_unlikely")
    if not line.origin_country:
        codes.append("origin_missing")
    elif line.origin_country not in limits.countries:
        codes.append("origin_unknown")
    if line.quantity <= 0:
        codes.append("quantity_missing")
    if line.weight_g <= 0:
        codes.append("weight_missing")
    if line.value_minor <= 0:
        codes.append("value_missing")
    elif line.quantity > 0 and line.value_minor < limits.least_piece_minor * line.quantity:
        codes.append("value_low")
    elif line.weight_g > 0 and line.value_minor * 1000 > limits.most_per_kg_minor * line.weight_g:
        codes.append("value_high")
    words = re.sub(r"\s+", " ", line.description).strip().casefold()
    if sum(char.isalpha() for char in words) < limits.least_letters and not any(
        char > "\u2e80" for char in words
    ):
        codes.append("description_short")
    elif _is_vague(words, limits.vague):
        codes.append("description_vague")
    return codes
