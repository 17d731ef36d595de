"""What the market's law says, in figures a page can show: read from the dated rules, never written here."""

from __future__ import annotations

from functools import lru_cache

from entrepot.markets.errors import RuleMissing
from entrepot.markets.queries import consumer_rule

EU_MINIMUM_YEARS = "GU-01"


@lru_cache(64)
def guarantee_years(market: str) -> int:
    """Years of legal guarantee on goods: the country's own rule where it names a number, else the EU's minimum of two."""
    try:
        figure = consumer_rule(f"GU-02-{market}").validation.strip()
    except RuleMissing:
        figure = ""
    consumer_rule(EU_MINIMUM_YEARS)
    return int(figure) if figure.isdigit() else 2
