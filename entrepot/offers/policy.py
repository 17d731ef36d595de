"""Pure decisions on prices: the prior price of a reduction, the unit price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from entrepot.kit.money import divide_half_up

HIGHEST_MINOR = 2**31 - 1  # the intake keeps prices in 32 bits
PRIOR_DAYS = 30  # Directive 98/6/EC Art. 6a; rule PR-02

# Unit of content → (unit the price is shown for, how many of the first make one of the second).
UNITS: dict[str, tuple[str, int]] = {
    "g": ("kg", 1_000),
    "kg": ("kg", 1),
    "ml": ("l", 1_000),
    "cl": ("l", 100),
    "l": ("l", 1),
    "mm": ("m", 1_000),
    "cm": ("m", 100),
    "m": ("m", 1),
    "cm2": ("m²", 10_000),
    "m2": ("m²", 1),
    "piece": ("ud.", 1),
}


@dataclass(frozen=True, slots=True)
class PriceSince:
    """A price in minor units and the instant from which it held."""

    at: datetime
    price_minor: int


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """Gross minor units for one `unit` (kg, l, m, m², ud.)."""

    minor: int
    currency: str
    unit: str


def prior_price(history: Sequence[PriceSince], at: datetime, *, keeps_first: bool = False) -> int | None:
    """The lowest price of the 30 days before the reduction in force at `at` began, in minor units.

    `history` is in the order of time; entries after `at` do not count. None when the price in force did not come
    by a reduction, or nothing was charged in those 30 days before it. The answer may lie at or below the price in
    force (80 → 100 → 90 gives 80): then there is no reduction to announce.
    `keeps_first`: a market may let a reduction that deepens step by step keep the prior price of its first step.
    """
    past = [entry for entry in history if entry.at <= at]
    steps: list[PriceSince] = []
    for entry in past:
        if steps and steps[-1].at == entry.at:  # several changes at one instant: the last is the price
            steps.pop()
        if not steps or steps[-1].price_minor != entry.price_minor:
            steps.append(entry)
    if len(steps) < 2 or steps[-1].price_minor > steps[-2].price_minor:
        return None
    start = len(steps) - 1
    while keeps_first and start >= 2 and steps[start - 1].price_minor < steps[start - 2].price_minor:
        start -= 1
    began = steps[start].at
    opened = began - timedelta(days=PRIOR_DAYS)
    charged = [steps[i].price_minor for i in range(start) if steps[i + 1].at > opened]
    return min(charged) if charged else None


def unit_price(price_minor: int, currency: str, content_amount: int, content_unit: str) -> UnitPrice | None:
    """The price of one kilogram, litre, metre …, half up; None where the content is unknown.

    500 ml at 9.90 € are 19.80 €/l.
    """
    known = UNITS.get(content_unit)
    if known is None or content_amount <= 0:
        return None
    unit, factor = known
    return UnitPrice(divide_half_up(price_minor * factor, content_amount), currency, unit)
