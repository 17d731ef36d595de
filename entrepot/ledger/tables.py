"""The rules of the books as dated data."""

from __future__ import annotations

import csv
from datetime import date
from functools import cache
from pathlib import Path

RULES = Path(__file__).parent / "rules"


@cache
def _rows() -> list[dict[str, str]]:
    with (RULES / "closing.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def grace_days(on: date) -> int:
    """How many days a month stays open after its end."""
    day = on.isoformat()
    return next(
        int(row["grace_days"])
        for row in _rows()
        if row["valid_from"] <= day and (not row["valid_to"] or day <= row["valid_to"])
    )
