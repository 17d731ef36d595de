"""Prices of many goods in many markets at once: the same terms, the same rounding, whole numbers in NumPy.

One piece, no shipping, net price in: what the buyer pays in each market. The terms of each kind of goods come from the
same rules as a single quote (`schemes.resolve`); only the last step runs over arrays. Rates are parts per million,
amounts 64-bit integers, halves round up: the answer equals the single quote's to the cent, and a test holds it to that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from entrepot.kit.errors import Refusal
from entrepot.kit.money import exponent_of
from entrepot.landedcost.policy import Terms
from entrepot.landedcost.schemes import Goods, Resolved, Route, resolve
from entrepot.markets.queries import customs_area, fx_rate, pack

PPM = 1_000_000
REFUSED = -1
CHUNK = 65_536  # rows at a time: the columns of a chunk stay in the cache
Column = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Kind:
    """Goods that are taxed alike: where they come from, who sells them, heading and kind of goods.

    `codes` are longer customs codes by customs area, where the seller keeps them.
    """

    origin: str
    seller_country: str
    hs6: str
    vat_goods: str
    codes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class BulkPrices:
    """`total_minor[row, market]` in the market's currency; −1 where `refused[kind, market]` says why not."""

    destinations: tuple[str, ...]
    total_minor: Column
    refused: dict[tuple[int, str], str]


@dataclass(slots=True)
class _Columns:
    """The numbers of one market: kinds lie side by side, price bands one behind the other.

    `ends[band][kind]` is the last net price of a band; a number stands at `band × kinds + kind`.
    """

    ends: list[Column]
    flat: Column
    duty_ppm: Column
    fees: Column
    vat_ppm: Column
    on_duty: Column  # 0 or 1
    known: Column  # 0 or 1


def bulk_prices(
    kinds: Sequence[Kind],
    kind_of: Column,
    net_minor: Column,
    destinations: Sequence[str],
    *,
    currency: str,
    on: date,
    rate_on: date | None = None,
) -> BulkPrices:
    """What one piece costs in each market. `net_minor` in `currency`, `kind_of` indexes `kinds`.

    Goods are converted once at the reference rate of the day (or of `rate_on`). What a single quote would refuse is −1 here.
    Refuses: UnknownMarket, CurrencyUnknown.
    """
    totals = np.empty((len(net_minor), len(destinations)), dtype=np.int64)
    refused: dict[tuple[int, str], str] = {}
    for column, destination in enumerate(destinations):
        there = pack(destination)
        rate = fx_rate(currency, there.currency, rate_on or on).rate
        part = Fraction(rate) * Fraction(10) ** (exponent_of(there.currency) - exponent_of(currency))
        rules = _columns(kinds, destination, there.currency, on, refused)
        for start in range(0, len(net_minor), CHUNK):
            rows = slice(start, start + CHUNK)
            totals[rows, column] = _priced(rules, kind_of[rows], _converted(net_minor[rows], part))
    return BulkPrices(tuple(destinations), totals, refused)


def _converted(minor: Column, part: Fraction) -> Column:
    if part == 1:
        return minor
    over, under = part.numerator, part.denominator
    # Keep the product inside 64 bits: past that, Python's own numbers take over.
    most = int(minor.max(initial=0))
    if 2 * most * over + under < 2**63 and 2 * under < 2**63:
        return (2 * minor * over + under) // (2 * under)
    exact = [(2 * int(each) * over + under) // (2 * under) for each in minor]
    return np.array(exact, dtype=np.int64)


def _share(base: Column, ppm: Column) -> Column:
    """`ppm` millionths of a base, halves up."""
    return (2 * base * ppm + PPM) // (2 * PPM)


def _priced(rules: _Columns, kind: Column, price: Column) -> Column:
    at = kind
    for ends in rules.ends:
        at = at + (price > ends[kind]) * len(ends)
    duty = rules.flat[at] + _share(price, rules.duty_ppm[at])
    fees = rules.fees[at]
    vat = _share(price + fees + duty * rules.on_duty[at], rules.vat_ppm[at])
    return np.where(rules.known[at] == 1, price + duty + fees + vat, REFUSED)


def _columns(
    kinds: Sequence[Kind], destination: str, currency: str, on: date, refused: dict[tuple[int, str], str]
) -> _Columns:
    """Ask the rules once per kind and price band: from nothing up to the first limit, then from there on."""
    bands: list[dict[int, Resolved]] = [{}]
    ends: list[Column] = []
    for number, kind in enumerate(kinds):
        band, lowest = 0, 0
        while True:
            found = _asked(kind, destination, currency, on, lowest)
            if isinstance(found, Refusal):
                refused[number, destination] = found.sentence
                end = found.facts.get("up_to_minor")
            else:
                bands[band][number] = found
                end = found.holds_up_to_minor
            if end is None:
                break
            band, lowest = band + 1, end + 1
            if band == len(bands):
                bands.append({})
                ends.append(np.full(len(kinds), np.iinfo(np.int64).max, dtype=np.int64))
            ends[band - 1][number] = end
    rows = np.zeros((6, len(bands) * len(kinds)), dtype=np.int64)
    for band, known in enumerate(bands):
        for number, found in known.items():
            rows[:, band * len(kinds) + number] = _numbers(found)
    return _Columns(ends, *rows)


def _asked(kind: Kind, destination: str, currency: str, on: date, minor: int) -> Resolved | Refusal:
    route = Route(
        origin=kind.origin, destination=destination, region="", on=on, currency=currency,
        seller_country=kind.seller_country, via="ioss", price_mode="net", duty_payer="buyer", shipping_minor=0,
        parcels=1, attested=frozenset(),
    )  # fmt: skip
    try:
        code = dict(kind.codes).get(customs_area(destination), "")
        return resolve(route, [Goods("1", kind.hs6, kind.vat_goods, 1, minor, code)])
    except Refusal as refusal:
        return refusal


def _numbers(found: Resolved) -> tuple[int, ...]:
    """Flat duty, duty, fees, VAT, whether VAT is on duty, and that it is known. Rates in parts per million."""
    terms: Terms = found.terms
    line = found.lines[0]
    rate = (line.duty_pct or Decimal(0)) + terms.surcharge_pct
    return (
        terms.flat_duty_minor or 0,
        0 if terms.flat_duty_minor is not None else int(rate * 10_000),
        sum(fee.each_minor for fee in terms.fees),
        int(line.vat_pct * terms.vat_factor * 10_000),
        int(terms.vat_on_duty),
        1,
    )
