"""Pure decisions on dated rows: which rate, which rule, which day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol, TypeVar


class Dated(Protocol):
    """A row with a first and a last day of validity (None: open)."""

    @property
    def valid_from(self) -> date | None:
        """First day in force; None is unknown and counts as always."""

    @property
    def valid_to(self) -> date | None:
        """Last day in force; None is open."""


Row = TypeVar("Row", bound=Dated)


def in_force(row: Dated, on: date) -> bool:
    """Whether a dated row applies on a day (both ends included)."""
    return (row.valid_from is None or row.valid_from <= on) and (row.valid_to is None or on <= row.valid_to)


def rows_in_force(rows: Iterable[Row], on: date) -> list[Row]:
    """The rows that apply on a day."""
    return [row for row in rows if in_force(row, on)]


def years_later(on: date, years: int) -> date:
    """The same day some years on; 29 February becomes 28 where there is none."""
    try:
        return on.replace(year=on.year + years)
    except ValueError:
        return on.replace(year=on.year + years, day=28)


def goods_from_narrow_to_broad(goods: str, broader: Mapping[str, str]) -> list[str]:
    """`olive_oil` → [olive_oil, food, general]. Raises KeyError for unknown goods."""
    chain = [goods]
    while broader[chain[-1]]:
        chain.append(broader[chain[-1]])
    return chain


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The days on which people work at a place. Holidays are asked a year at a time and remembered."""

    country: str
    region: str
    weekend: frozenset[int]  # 0 = Monday
    holidays_of_year: Callable[[int], Mapping[date, str]]

    def is_working_day(self, day: date) -> bool:
        """Whether people work on this day: neither weekend nor public holiday."""
        return day.weekday() not in self.weekend and day not in self.holidays_of_year(day.year)

    def holiday_name(self, day: date) -> str:
        """The name of the public holiday, or an empty string."""
        return self.holidays_of_year(day.year).get(day, "")

    def next_working_day(self, day: date) -> date:
        """This day if it is a working day, else the next one that is."""
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """The working day `count` working days after `day` (0: the next working day from `day` on)."""
        if count < 0:
            raise ValueError("add_working_days counts forward")
        day = self.next_working_day(day)
        for _ in range(count):
            day = self.next_working_day(day + timedelta(days=1))
        return day


def decide_blockers(findings: Sequence[tuple[str, bool, str]]) -> list[str]:
    """The sentences of the checklist items that are not ready, in their order: (item, is_ready, sentence)."""
    return [sentence for _, is_ready, sentence in findings if not is_ready]
