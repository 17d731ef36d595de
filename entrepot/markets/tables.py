"""The rows of rules/*.csv, read once. Rates become basis points here, amounts in parameters stay Decimal text."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

RULES = Path(__file__).parent / "rules"


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def read(name: str) -> list[dict[str, str]]:
    with (RULES / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True, slots=True)
class VatRow:
    country: str
    region: str
    category: str
    goods: str
    rate_bp: int
    valid_from: date | None
    valid_to: date | None
    source: str
    confidence: str
    note: str

    @property
    def rule_id(self) -> str:
        since = self.valid_from.isoformat() if self.valid_from else "always"
        return f"VAT-{self.region or self.country}-{self.goods}-{since}"


@dataclass(frozen=True, slots=True)
class ImportRule:
    """A threshold, scheme or fee of a destination. Amounts in `params` are text: read them with `amount`."""

    rule_id: str
    destination: str
    topic: str
    rule: str
    params: dict[str, Any]
    valid_from: date | None
    valid_to: date | None
    status: str
    who_collects: str
    source: str
    confidence: str
    note: str

    def amount(self, name: str) -> Decimal:
        return Decimal(str(self.params[name]))


@dataclass(frozen=True, slots=True)
class ConsumerRule:
    """What the software must store, show, check or send, and where."""

    rule_id: str
    area: str
    legal_basis: str
    valid_from: date | None
    valid_to: date | None
    jurisdiction: str
    obliged: str
    enforcement_point: str
    field_or_feature: str
    software_must: str
    validation: str
    source: str
    confidence: str
    note: str


@dataclass(frozen=True, slots=True)
class Territory:
    """Postcodes of a country that lie outside its tax and customs area."""

    country: str
    postcode_from: int
    postcode_to: int
    name: str
    customs: str
    valid_from: date | None
    valid_to: date | None
    source: str


@cache
def market_rows() -> dict[str, dict[str, str]]:
    return {row["iso2"]: row for row in read("markets.csv")}


@cache
def vat_rows() -> dict[tuple[str, str], list[VatRow]]:
    """By (country, region): empty region = main territory. The newest rows first, so that a new one needs no other closed."""
    rows: dict[tuple[str, str], list[VatRow]] = defaultdict(list)
    for row in read("vat_rates.csv"):
        rows[row["country"], row["region"]].append(
            VatRow(
                country=row["country"],
                region=row["region"],
                category=row["category"],
                goods=row["goods"],
                rate_bp=int(Decimal(row["rate"]) * 100),
                valid_from=day(row["valid_from"]),
                valid_to=day(row["valid_to"]),
                source=row["source"],
                confidence=row["confidence"],
                note=row["note"],
            )
        )
    for several in rows.values():
        several.sort(key=lambda row: row.valid_from or date.min, reverse=True)
    return dict(rows)


@cache
def broader_goods() -> dict[str, str]:
    return {row["goods"]: row["broader"] for row in read("vat_goods.csv")}


@cache
def import_rows() -> dict[str, list[ImportRule]]:
    """By destination (`EU` for what every member state shares). The newest rows first, so that a new one needs no other closed."""
    rows: dict[str, list[ImportRule]] = defaultdict(list)
    for row in read("import_rules.csv"):
        rows[row["destination"]].append(
            ImportRule(
                rule_id=row["rule_id"],
                destination=row["destination"],
                topic=row["topic"],
                rule=row["rule"],
                params=json.loads(row["params_json"] or "{}"),
                valid_from=day(row["valid_from"]),
                valid_to=day(row["valid_to"]),
                status=row["status"],
                who_collects=row["who_collects"],
                source=row["source"],
                confidence=row["confidence"],
                note=row["note"],
            )
        )
    for several in rows.values():
        several.sort(key=lambda rule: rule.valid_from or date.min, reverse=True)
    return dict(rows)


@cache
def consumer_rows() -> dict[str, ConsumerRule]:
    fields = [
        "rule_id", "area", "legal_basis", "jurisdiction", "obliged", "enforcement_point", "field_or_feature",
        "software_must", "validation", "source", "confidence", "note",
    ]  # fmt: skip
    return {
        row["rule_id"]: ConsumerRule(
            valid_from=day(row["valid_from"]),
            valid_to=day(row["valid_to"]),
            **{name: row[name] for name in fields},
        )
        for row in read("consumer_rules.csv")
    }


@dataclass(frozen=True, slots=True)
class DualDisplay:
    """A second currency that prices of a market are also shown in, at a fixed rate."""

    market: str
    currency: str
    rate: Decimal
    valid_from: date | None
    valid_to: date | None


@cache
def dual_rows() -> list[DualDisplay]:
    return [
        DualDisplay(
            row["market"], row["currency"], Decimal(row["rate"]), day(row["valid_from"]), day(row["valid_to"])
        )
        for row in read("dual_display.csv")
    ]


@dataclass(frozen=True, slots=True)
class Conformity:
    """How long a country's law lets a buyer turn to the seller for goods that do not conform, counted from delivery.

    `ends` says what the years are: `fixed` (the guarantee), `expected_life` (the least; beyond it as long as one may
    expect of the goods), `lasting` (`long_years` for goods meant to last much longer) or `claims` (a limitation of
    claims; `region_years` in the region of the country that has its own, by ISO 3166-2).
    """

    country: str
    ends: str
    years: int
    long_years: int  # 0: none
    region: str
    region_years: int
    burden_months: int  # in which a defect counts as there from the start; 0: not on file
    rule_id: str
    valid_from: date | None
    valid_to: date | None
    source: str
    confidence: str


@cache
def conformity_rows() -> dict[str, list[Conformity]]:
    """By country (`EU` for the least that every member state gives)."""
    rows: dict[str, list[Conformity]] = defaultdict(list)
    for row in read("conformity.csv"):
        rows[row["country"]].append(
            Conformity(
                country=row["country"],
                ends=row["ends"],
                years=int(row["years"]),
                long_years=int(row["long_years"] or 0),
                region=row["region"],
                region_years=int(row["region_years"] or 0),
                burden_months=int(row["burden_months"] or 0),
                rule_id=row["rule_id"],
                valid_from=day(row["valid_from"]),
                valid_to=day(row["valid_to"]),
                source=row["source"],
                confidence=row["confidence"],
            )
        )
    return dict(rows)


@dataclass(frozen=True, slots=True)
class Retention:
    """How long the law makes us keep something of a person."""

    what: str
    months: int
    rule_id: str
    valid_from: date | None
    valid_to: date | None
    source: str


@cache
def retention_rows() -> list[Retention]:
    return [
        Retention(
            row["what"],
            int(row["months"]),
            row["rule_id"],
            day(row["valid_from"]),
            day(row["valid_to"]),
            row["source"],
        )
        for row in read("retention.csv")
    ]


@dataclass(frozen=True, slots=True)
class VatRegion:
    """A part of a country with VAT rates of its own, by how its postcodes begin."""

    country: str
    region: str
    name: str
    postcode_starts: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None


@cache
def vat_region_rows() -> dict[str, list[VatRegion]]:
    rows: dict[str, list[VatRegion]] = defaultdict(list)
    for row in read("vat_regions.csv"):
        rows[row["country"]].append(
            VatRegion(
                row["country"], row["region"], row["name"], tuple(row["postcode_starts"].split("|")),
                day(row["valid_from"]), day(row["valid_to"]),
            )
        )  # fmt: skip
    return dict(rows)


@cache
def territory_rows() -> dict[str, list[Territory]]:
    rows: dict[str, list[Territory]] = defaultdict(list)
    for row in read("territories.csv"):
        rows[row["country"]].append(
            Territory(
                country=row["country"],
                postcode_from=int(row["postcode_from"]),
                postcode_to=int(row["postcode_to"]),
                name=row["name"],
                customs=row["customs"],
                valid_from=day(row["valid_from"]),
                valid_to=day(row["valid_to"]),
                source=row["source"],
            )
        )
    return dict(rows)
