"""The rules of this room as dated data, read once."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.conf import settings

from entrepot.settlement.errors import NoTaxScheme, PlatformUnknown
from entrepot.settlement.facts import Platform
from entrepot.settlement.policy import CommissionRule

RULES = Path(__file__).parent / "rules"


@dataclass(frozen=True, slots=True)
class PayoutRule:
    """Limits of payouts in one currency, in its minor units and in hours."""

    currency: str
    minimum_minor: int
    two_people_above_minor: int
    hold_hours: int


@dataclass(frozen=True, slots=True)
class TaxScheme:
    """How a tax is declared: `authority` is who keeps the return (identification, destination, home).

    A return covers `return_months` and is due on `due_day` of the month that is `due_month_offset` after it.
    """

    scheme: str
    authority: str
    return_months: int
    due_month_offset: int
    due_day: int
    source: str


@cache
def _rows(name: str) -> list[dict[str, str]]:
    return _read(RULES / f"{name}.csv")


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _in_force(name: str, on: date) -> list[dict[str, str]]:
    day = on.isoformat()
    return [
        row
        for row in _rows(name)
        if row["valid_from"] <= day and (not row["valid_to"] or day <= row["valid_to"])
    ]


@cache
def house_rules() -> tuple[CommissionRule, ...]:
    """The list a new installation begins with, in its order, of all days; the operator's editions follow it."""
    return tuple(
        CommissionRule(
            rule_id=row["rule_id"],
            rate_bp=int(row["rate_bp"]),
            market=row["market"],
            category=row["category"],
            programme=row["programme"],
            channel=row["channel"],
            trader_type=row["trader_type"],
            fixed_minor=int(row["fixed_minor"]),
            currency=row["currency"],
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            source=row["source"],
        )
        for row in sorted(_rows("commission"), key=lambda row: int(row["position"]))
    )


def tax_scheme(area: str, supply: str, on: date) -> TaxScheme:
    """How the tax of such a supply into an area is declared. Refuses: NoTaxScheme."""
    for wanted in (area, ""):
        for row in _in_force("tax_schemes", on):
            if row["area"] == wanted and row["supply"] == supply:
                return TaxScheme(
                    row["scheme"],
                    row["authority"],
                    int(row["return_months"]),
                    int(row["due_month_offset"]),
                    int(row["due_day"]),
                    row["source"],
                )
    raise NoTaxScheme(supply=supply, area=area or "anywhere", on=on.isoformat())


def scheme_terms(scheme: str, on: date) -> TaxScheme | None:
    """The returns of a scheme that are due alike everywhere (ioss, oss …), by its first row; None for an unknown one."""
    for row in _in_force("tax_schemes", on):
        if row["scheme"] == scheme:
            return tax_scheme(row["area"], row["supply"], on)
    return None


def platform(on: date) -> Platform:
    """Who we are to the law on a day. A production market writes its own `platform.csv` into ENTREPOT_HOME.

    Refuses: PlatformUnknown.
    """
    own = Path(settings.ENTREPOT_HOME) / "platform.csv"
    rows = _read(own) if own.is_file() else _in_force("platform", on) if settings.IS_PILOT else []
    for row in rows:
        if row["valid_from"] <= on.isoformat() and (not row["valid_to"] or on.isoformat() <= row["valid_to"]):
            return Platform(**{field: row[field] for field in Platform.__slots__})
    raise PlatformUnknown(on=on.isoformat())


def max_hold_hours(on: date) -> int:
    """How long a changed account holds payouts in any currency."""
    return max((int(row["hold_hours"]) for row in _in_force("payouts", on)), default=0)


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
