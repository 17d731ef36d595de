"""What a tax return says: the movement of tax accounts over a period, by country and rate. Pure."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from entrepot.invoicing.policy import next_month
from entrepot.kit.money import Money, divide_half_up, split_pro_rata, to_minor

# Schemes whose later changes are declared as corrections of the period they belong to (art. 369g, 369t); else they are netted.
CORRECTED: Final = frozenset({"ioss", "oss"})


@dataclass(frozen=True, slots=True)
class Rated:
    """Net and VAT at one rate."""

    rate_bp: int
    net_minor: int
    vat_minor: int


@dataclass(frozen=True, slots=True)
class Owed:
    """One posting on a tax account: what it owes more (or less), for sales where, and how its document splits it.

    `split` is empty when nothing explains it. `supplied_on` is the day of the sale it belongs to.
    """

    external_id: str
    subject: str
    country: str
    minor: int
    on: date
    supplied_on: date | None
    split: tuple[Rated, ...]
    what: str  # goods or services


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """Supplies to one country at one rate. Minor units."""

    country: str
    what: str
    rate_bp: int
    net_minor: int
    vat_minor: int


@dataclass(frozen=True, slots=True)
class Correction:
    """VAT of an earlier period that changed in this one."""

    country: str
    period: str
    vat_minor: int


@dataclass(frozen=True, slots=True)
class ReturnContent:
    """A return: `vat_minor` is the sum of lines, corrections and what is unexplained, and the movement of the accounts."""

    authority: str
    scheme: str
    currency: str
    period: str
    period_from: date
    period_to: date
    due_on: date
    lines: tuple[ReturnLine, ...]
    corrections: tuple[Correction, ...]
    unexplained: tuple[str, ...]  # external ids of postings without a document
    vat_minor: int


def period_start(on: date, months: int) -> date:
    """First day of the period of so many months (1, 3 …) that holds a day."""
    return date(on.year, (on.month - 1) // months * months + 1, 1)


def after_months(first_on: date, months: int) -> date:
    """The first day that many months later."""
    for _ in range(months):
        first_on = next_month(first_on)
    return first_on


def period_name(first_on: date, months: int) -> str:
    """`2026-11` or `2026-Q4`."""
    return f"{first_on.year}-Q{(first_on.month + 2) // 3}" if months == 3 else f"{first_on:%Y-%m}"


def due_day(first_on: date, months: int, offset: int, day: int) -> date:
    """The last day to file: a day of the month so many months after the period (its end where the month is shorter)."""
    month = after_months(first_on, months + offset - 1)
    return month.replace(day=min(day, calendar.monthrange(month.year, month.month)[1]))


def split_of(minor: int, taxes: Sequence[Rated]) -> tuple[Rated, ...]:
    """A posting split over the rates of its sale like the sale's VAT, with the net that belongs to it."""
    taxed = [tax for tax in taxes if tax.vat_minor > 0]
    if not taxed:
        return ()
    vats = split_pro_rata(minor, [tax.vat_minor for tax in taxed])
    return tuple(
        Rated(tax.rate_bp, divide_half_up(tax.net_minor * vat, tax.vat_minor), vat)
        for tax, vat in zip(taxed, vats, strict=True)
    )


def decide_return(
    postings: Iterable[Owed],
    *,
    authority: str,
    scheme: str,
    currency: str,
    first_on: date,
    months: int,
    offset: int,
    day: int,
) -> ReturnContent:
    """The return of one office, scheme, currency and period. Nothing is left out: what no document explains is named."""
    lines: dict[tuple[str, str, int], list[int]] = defaultdict(lambda: [0, 0])
    corrections: dict[tuple[str, str], int] = defaultdict(int)
    unexplained, total = [], 0
    for posting in postings:
        total += posting.minor
        sold_on = posting.supplied_on
        if scheme in CORRECTED and posting.minor < 0 and sold_on is not None and sold_on < first_on:
            corrections[posting.country, period_name(period_start(sold_on, months), months)] += posting.minor
            continue
        if sum(part.vat_minor for part in posting.split) != posting.minor:
            unexplained.append(posting.external_id)
            continue
        for part in posting.split:
            row = lines[posting.country, posting.what, part.rate_bp]
            row[0] += part.net_minor
            row[1] += part.vat_minor
    return ReturnContent(
        authority,
        scheme,
        currency,
        period_name(first_on, months),
        first_on,
        date.fromordinal(after_months(first_on, months).toordinal() - 1),
        due_day(first_on, months, offset, day),
        tuple(ReturnLine(*key, *sums) for key, sums in sorted(lines.items()) if any(sums)),
        tuple(Correction(*key, vat) for key, vat in sorted(corrections.items()) if vat),
        tuple(unexplained),
        total,
    )


def in_currency(minor: int, frm: str, to: str, rate: Decimal) -> int:
    """An amount in another currency, to its smallest unit, half up: returns are not rounded to whole euro."""
    return to_minor(Money(minor, frm).as_decimal() * rate, to)


def decide_declaration(
    contents: Iterable[ReturnContent], *, to: str, rates: Mapping[tuple[str, date], Decimal], months: int
) -> tuple[tuple[ReturnLine, ...], tuple[Correction, ...]]:
    """The supplies and corrections of a period in every currency, together in one.

    `rates` by currency and the last day of the period they belong to: a correction takes the rate of the period it corrects.
    """
    lines: dict[tuple[str, str, int], list[int]] = defaultdict(lambda: [0, 0])
    corrections: dict[tuple[str, str], int] = defaultdict(int)
    for content in contents:
        frm = content.currency
        for line in content.lines:
            row, rate = lines[line.country, line.what, line.rate_bp], rates[frm, content.period_to]
            row[0] += in_currency(line.net_minor, frm, to, rate)
            row[1] += in_currency(line.vat_minor, frm, to, rate)
        for one in content.corrections:
            rate = rates[frm, period_end(one.period, months)]
            corrections[one.country, one.period] += in_currency(one.vat_minor, frm, to, rate)
    return (
        tuple(ReturnLine(*key, *sums) for key, sums in sorted(lines.items())),
        tuple(Correction(*key, vat) for key, vat in sorted(corrections.items())),
    )


def period_end(period: str, months: int) -> date:
    """The last day of `2026-11` or `2026-Q4`."""
    year, _, part = period.partition("-")
    month = (int(part[1:]) - 1) * 3 + 1 if part.startswith("Q") else int(part)
    return date.fromordinal(after_months(date(int(year), month, 1), months).toordinal() - 1)


def return_rows(content: ReturnContent) -> list[tuple[object, ...]]:
    """The return as rows of a file: kind, country, what, rate, net, VAT in minor units."""
    rows: list[tuple[object, ...]] = [
        ("supply", line.country, line.what, line.rate_bp, line.net_minor, line.vat_minor)
        for line in content.lines
    ]
    rows += [("correction", one.country, one.period, "", "", one.vat_minor) for one in content.corrections]
    rows += [("unexplained", "", name, "", "", "") for name in content.unexplained]
    return [*rows, ("total", "", content.period, "", "", content.vat_minor)]


RETURN_COLUMNS: Final = ("kind", "country", "what_or_period", "rate_bp", "net_minor", "vat_minor")
