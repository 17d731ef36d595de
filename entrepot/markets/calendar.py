"""Public holidays: a table of the coming years, written from the `holidays` package, which answers for other years.

Loading the package takes a web process a second and 45 MB; the table takes milliseconds. `entrepot rules holidays`
writes it anew, and a test compares the two.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "rules" / "holidays.csv"
YEARS = range(2025, 2032)
# Regions whose own holidays matter to deliveries, besides the country's.
REGIONS = {
    "ES": ("AN", "AR", "AS", "CB", "CL", "CM", "CN", "CT", "EX", "GA", "IB", "MC", "MD", "NC", "PV", "RI", "VC"),
}  # fmt: skip
COLUMNS = ("country", "region", "day", "name", "source", "checked_on")


@cache
def _table() -> dict[tuple[str, str], dict[date, str]]:
    found: dict[tuple[str, str], dict[date, str]] = defaultdict(dict)
    with FILE.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found[row["country"], row["region"]][date.fromisoformat(row["day"])] = row["name"]
    return dict(found)


def holidays_of_year(country: str, region: str, year: int) -> dict[date, str]:
    """The public holidays of a country, or of one of its regions, in a year."""
    if year in YEARS and (region == "" or region in REGIONS.get(country, ())):
        return {day: name for day, name in _table().get((country, region), {}).items() if day.year == year}
    return from_package(country, region, year)


def from_package(country: str, region: str, year: int) -> dict[date, str]:
    """The same, asked from the `holidays` package."""
    import holidays

    found = holidays.country_holidays(country, subdiv=region or None, years=year)
    return {day: str(name) for day, name in sorted(found.items()) if day.year == year}


def written_anew(countries: Iterable[str], checked_on: date) -> str:
    """The table as the package installed here would have it, as CSV text."""
    import holidays

    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(COLUMNS)
    for country in sorted(countries):
        for region in ("", *REGIONS.get(country, ())):
            for year in YEARS:
                for day, name in from_package(country, region, year).items():
                    out.writerow(
                        [country, region, day, name, f"holidays {holidays.__version__} (MIT)", checked_on]
                    )
    return text.getvalue()
