"""The ways to pay as dated data, read once: what each is called, how it is proved, and which provider carries it."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Literal

RULES = Path(__file__).parent / "rules"

Kind = Literal["card", "phone", "code", "bank", "wallet", "later", "voucher", "transfer"]


@dataclass(frozen=True, slots=True)
class Method:
    """A way to pay. `label` is a brand's own name (empty: the shop has words for it); `sca` who proves the payer.

    `captures_later`: the money is authorised first. `wait`: how long an order is held for it. `currencies` empty: all.
    `carried_by`: the name each provider has for it.
    """

    code: str
    label: str
    kind: Kind
    sca: str
    captures_later: bool
    wait: timedelta
    currencies: tuple[str, ...]
    carried_by: dict[str, str]

    def takes(self, currency: str) -> bool:
        """Whether it pays in this currency."""
        return not self.currencies or currency in self.currencies


@cache
def _rows() -> list[tuple[str, str, Method]]:
    found = []
    with (RULES / "methods.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            method = Method(
                code=row["method"],
                label=row["label"],
                kind=row["kind"],  # type: ignore[arg-type]
                sca=row["sca"],
                captures_later=row["capture"] == "later",
                wait=timedelta(minutes=int(row["wait_minutes"])),
                currencies=tuple(filter(None, row["currencies"].split("|"))),
                carried_by={name: row[name] for name in ("stripe", "alipay", "sepa") if row[name]},
            )
            found.append((row["valid_from"], row["valid_to"], method))
    return found


@cache
def methods(on: date) -> dict[str, Method]:
    """Every way to pay in force on a day, by its code."""
    day = on.isoformat()
    return {
        method.code: method
        for since, until, method in _rows()
        if since <= day and (not until or day <= until)
    }
