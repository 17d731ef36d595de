"""Prices in columns asked piece by piece, for tests that compare them with single quotes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from entrepot.landedcost.queries import DUTY_WORDS, Kind, carried_prices, unpacked_prices
from entrepot.markets.queries import pack


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What one piece leaves its seller at an all-in price, net, and what is due at a border.

    `duty`: none (no border), inside (the price), later (on arrival), unknown (the rules do not answer; kept is None).
    """

    kept_minor: int | None
    duty: str


def unpack_prices(pieces: Sequence[tuple[Kind, int]], *, market: str, on: date) -> list[Unpacked]:
    """All-in prices for one piece in a market's currency, taken apart by the rules of the day.

    Refuses: UnknownMarket.
    """
    kinds, kind_of = _numbered([kind for kind, _ in pieces])
    gross = np.array([minor for _, minor in pieces], dtype=np.int64)
    kept, due = unpacked_prices(kinds, kind_of, gross, market=market, on=on)
    return [
        Unpacked(left if left >= 0 else None, DUTY_WORDS[place])
        for left, place in zip(kept.tolist(), due.tolist(), strict=True)
    ]


def _numbered(several: Sequence[Kind]) -> tuple[list[Kind], np.ndarray]:
    kinds = list(dict.fromkeys(several))
    number = {kind: place for place, kind in enumerate(kinds)}
    return kinds, np.array([number[kind] for kind in several], dtype=np.int64)


def prices_with_same_proceeds(
    pieces: Sequence[tuple[Kind, int]], *, from_market: str, to_markets: Sequence[str], on: date
) -> dict[str, list[int | None]]:
    """All-in prices in other markets at which sellers keep what they keep in one, in each market's minor units.

    `pieces` are kinds of goods with their all-in price for one piece in `from_market`'s currency. None where either
    market's rules refuse. A price is taken apart there and built up again here by the rules of the day; money is
    changed at the rate of the first day of the month, so that a price does not dance with the exchange.
    Refuses: UnknownMarket. A market whose currency has no rate gets None throughout.
    """
    here = pack(from_market)
    kinds, kind_of = _numbered([kind for kind, _ in pieces])
    gross = np.array([minor for _, minor in pieces], dtype=np.int64)
    kept, _ = unpacked_prices(kinds, kind_of, gross, market=here.code, on=on)
    return {
        market: [
            total if total > 0 else None
            for total in carried_prices(
                kinds, kind_of, kept, from_market=here.code, to_market=market, on=on
            ).tolist()
        ]
        for market in to_markets
    }
