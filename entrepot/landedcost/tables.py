"""Duty rates and blocked goods, read once from rules/*.csv."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path

RULES = Path(__file__).parent / "rules"
# The columns of duty_rates.csv that hold an area's rate.
DUTY_COLUMNS = {"EU": "eu", "GB": "uk", "US": "us"}
NO_FIGURE = ("not found",)


@dataclass(frozen=True, slots=True)
class DutyRate:
    """A customs duty of an area on a heading. `pct` is None for specific and compound duties."""

    hs6: str
    product: str
    pct: Decimal | None
    text: str
    code: str
    source: str
    confidence: str
    note: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class PrefixDuty:
    """A customs duty by the beginning of the HS code, for tariffs of which only round figures are known."""

    destination: str
    hs_prefix: str
    pct: Decimal
    valid_from: date
    valid_to: date | None
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class BlockedGoods:
    """Goods that must not be quoted: always on this route, or only when they are imported."""

    destination: str
    origin: str
    hs_prefix: str
    blocks: str
    reason: str
    valid_from: date
    valid_to: date | None

    def hits(self, *, destination: str, origin: str, hs6: str, on: date) -> bool:
        return (
            self.destination == destination
            and self.origin in ("", origin)
            and hs6.startswith(self.hs_prefix)
            and self.valid_from <= on
            and (self.valid_to is None or on <= self.valid_to)
        )


@cache
def rows() -> list[dict[str, str]]:
    with (RULES / "duty_rates.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@lru_cache(256)
def rows_on(column: str, on: date) -> dict[str, dict[str, str]]:
    """By heading, the newest row in force on a day that says something in an area's columns (`eu`, `uk`, `us`, `cn`).

    So a changed rate is one new row with its day; it may leave the columns of other areas empty.
    """
    day, found = on.isoformat(), dict[str, dict[str, str]]()
    # Days as text sort as days, and no day comes first.
    for row in sorted(rows(), key=lambda row: row["valid_from"]):
        is_in_force = row["valid_from"] <= day and (not row["valid_to"] or day <= row["valid_to"])
        if is_in_force and any(text for name, text in row.items() if name.startswith(f"{column}_")):
            found[row["hs6"]] = row
    return found


@lru_cache(256)
def duty_rates(area: str, on: date) -> dict[str, DutyRate]:
    """By heading, as they stand on a day; empty for an area whose tariff is not on file."""
    column = DUTY_COLUMNS.get(area)
    if column is None:
        return {}
    text = "us_general" if column == "us" else f"{column}_duty"
    return {
        row["hs6"]: DutyRate(
            hs6=row["hs6"],
            product=row["product"],
            pct=Decimal(row[f"{column}_ad_valorem_pct"]) if row[f"{column}_ad_valorem_pct"] else None,
            text=row[text],
            code=row[f"{column}_code"],
            source=row[f"{column}_source"],
            confidence=row[f"{column}_confidence"],
            note=row["note"],
            valid_from=date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
            valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        )
        for row in rows_on(column, on).values()
    }


@cache
def blocked_goods() -> list[BlockedGoods]:
    with (RULES / "blocked_goods.csv").open(newline="", encoding="utf-8") as file:
        return [
            BlockedGoods(
                destination=row["destination"],
                origin=row["origin"],
                hs_prefix=row["hs_prefix"],
                blocks=row["blocks"],
                reason=row["reason"],
                valid_from=date.fromisoformat(row["valid_from"]),
                valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            )
            for row in csv.DictReader(file)
        ]


@cache
def prefix_duties() -> list[PrefixDuty]:
    with (RULES / "duty_by_prefix.csv").open(newline="", encoding="utf-8") as file:
        return [
            PrefixDuty(
                destination=row["destination"],
                hs_prefix=row["hs_prefix"],
                pct=Decimal(row["duty_pct"]),
                valid_from=date.fromisoformat(row["valid_from"]),
                valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
                source=row["source"],
                confidence=row["confidence"],
            )
            for row in csv.DictReader(file)
        ]


def prefix_duty(destination: str, hs6: str, on: date) -> PrefixDuty | None:
    """The duty in force of the longest prefix of a heading, or None."""
    found = [
        row
        for row in prefix_duties()
        if row.destination == destination
        and hs6.startswith(row.hs_prefix)
        and row.valid_from <= on
        and (row.valid_to is None or on <= row.valid_to)
    ]
    return max(found, key=lambda row: len(row.hs_prefix), default=None)
