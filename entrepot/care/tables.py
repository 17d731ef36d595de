"""The room's dated data, read once a process: how long decisions may take, and words a recall may not use."""

from __future__ import annotations

import csv
from datetime import date
from functools import cache
from pathlib import Path

from entrepot.care.policy import add_months, add_working_days
from entrepot.kit.errors import NotFound
from entrepot.markets.queries import working_days

RULES = Path(__file__).parent / "rules"


@cache
def _rows(name: str) -> list[dict[str, str]]:
    with (RULES / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _in_force(name: str, on: date) -> list[dict[str, str]]:
    day = on.isoformat()
    return [
        row
        for row in _rows(name)
        if row["valid_from"] <= day and (not row["valid_to"] or day <= row["valid_to"])
    ]


def last_day(period: str, since: date, market: str) -> date:
    """The last day of a period that begins on a day, by the calendar of a market. Refuses: NotFound, UnknownMarket."""
    for row in _in_force("periods.csv", since):
        if row["period"] == period:
            amount = int(row["amount"])
            if row["unit"] == "months":
                return add_months(since, amount)
            return add_working_days(since, amount, working_days(market))
    raise NotFound(what="rule")


def first_day_of_buyers(on: date) -> date:
    """Since when buyers of unlawful goods are told, on the day it is found out. Refuses: NotFound."""
    for row in _in_force("periods.csv", on):
        if row["period"] == "illegal_product_buyers":
            return add_months(on, -int(row["amount"]))
    raise NotFound(what="rule")


def soothing_words(on: date) -> dict[str, list[str]]:
    """Words a recall may not use, by language, lower case."""
    found: dict[str, list[str]] = {}
    for row in _in_force("soothing_words.csv", on):
        found.setdefault(row["language"], []).append(row["word"])
    return found
