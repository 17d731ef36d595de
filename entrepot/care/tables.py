"""The room's dated data, read once a process: how long decisions may take and stay open to complaints."""

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
def _rows() -> list[dict[str, str]]:
    with (RULES / "periods.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def last_day(period: str, since: date, market: str) -> date:
    """The last day of a period that begins on a day, by the calendar of a market. Refuses: NotFound, UnknownMarket."""
    for row in _rows():
        is_over = row["valid_to"] and row["valid_to"] < since.isoformat()
        if row["period"] == period and row["valid_from"] <= since.isoformat() and not is_over:
            amount = int(row["amount"])
            if row["unit"] == "months":
                return add_months(since, amount)
            return add_working_days(since, amount, working_days(market))
    raise NotFound(what="rule")
