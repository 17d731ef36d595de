"""The room's dated data, read once a process: periods of withdrawal and inspection."""

from __future__ import annotations

import csv
from datetime import date
from functools import cache
from pathlib import Path

from entrepot.kit.errors import NotFound
from entrepot.orders.policy import Terms

RULES = Path(__file__).parent / "rules"


@cache
def _rows(name: str) -> list[dict[str, str]]:
    with (RULES / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _is_in_force(row: dict[str, str], on: date) -> bool:
    return row["valid_from"] <= on.isoformat() and (not row["valid_to"] or on.isoformat() <= row["valid_to"])


def terms_for(market: str, on: date) -> Terms:
    """The periods in force in a market on a day; a row of its own before the row for all.

    Refuses: NotFound when none is on file.
    """
    rows = [row for row in _rows("terms.csv") if _is_in_force(row, on)]
    for row in sorted(rows, key=lambda row: (row["markets"] == "*", row["valid_from"])):
        if row["markets"] == "*" or market in row["markets"].split():
            return Terms(
                withdrawal_days=int(row["withdrawal_days"]),
                refund_days=int(row["refund_days"]),
                send_back_days=int(row["send_back_days"]),
                inspection_days=int(row["inspection_days"]),
                rule_ids=tuple(row["rule_ids"].split()),
            )
    raise NotFound(what="rule for withdrawals on that day")
