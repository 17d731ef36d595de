"""The rules of this room as dated data, read once."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from entrepot.settlement.policy import CommissionRule

RULES = Path(__file__).parent / "rules"


@dataclass(frozen=True, slots=True)
class PayoutRule:
    """Limits of payouts in one currency, in its minor units and in hours."""

    currency: str
    minimum_minor: int
    two_people_above_minor: int
    hold_hours: int


@cache
def _rows(name: str) -> list[dict[str, str]]:
    with (RULES / f"{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def _in_force(name: str, on: date) -> list[dict[str, str]]:
    day = on.isoformat()
    return [
        row
        for row in _rows(name)
        if row["valid_from"] <= day and (not row["valid_to"] or day <= row["valid_to"])
    ]


def commission_rules(on: date) -> list[CommissionRule]:
    """The operator's list in its order: the first that fits counts."""
    rules = [
        CommissionRule(
            rule_id=row["rule_id"],
            market=row["market"],
            category=row["category"],
            trader_type=row["trader_type"],
            rate_bp=int(row["rate_bp"]),
            fixed_minor=int(row["fixed_minor"]),
            position=int(row["position"]),
        )
        for row in _in_force("commission", on)
    ]
    return sorted(rules, key=lambda rule: rule.position)


def payout_rule(currency: str, on: date) -> PayoutRule | None:
    """The payout rule of a currency; None when we do not pay out in it."""
    for row in _in_force("payouts", on):
        if row["currency"] == currency:
            return PayoutRule(
                currency,
                int(row["minimum_minor"]),
                int(row["two_people_above_minor"]),
                int(row["hold_hours"]),
            )
    return None
