"""Prices of many goods in many markets at once: the same terms, the same rounding, whole numbers in NumPy.

One piece, no shipping. Net price in: what the buyer pays in each market; all-in price in: what the seller keeps. The terms of each kind of goods come from the
same rules as a single quote (`schemes.resolve`); only the last step runs over arrays. Rates are parts per million,
amounts 64-bit integers, halves round up: the answer equals the single quote's to the cent, and a test holds it to that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from entrepot.kit.errors import Refusal
from entrepot.kit.money import exponent_of
from entrepot.landedcost.policy import Terms
from entrepot.landedcost.schemes import Goods, Resolved, Route, resolve
from entrepot.markets.errors import CurrencyUnknown
from entrepot.markets.queries import customs_area, fx_rate, pack

PPM = 1_000_000
REFUSED = -1
SHOWN = "shown"  # beside net and gross: the price before tax of a market that shows net prices
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

    `ends[band][kind]` is the last net price of a band; a number stands at `band × kinds + kind`. Of an all-in price the
    parts `outer` and `inner` (by kind) are taken out before it is held against the ends.
    """

    ends: list[Column]
    outer: Column
    inner: Column
    flat: Column
    duty_ppm: Column
    fees: Column
    vat_ppm: Column
    on_duty: Column  # 0 or 1
    later: Column  # 0 or 1: what is due at the border is paid on arrival
    known: Column  # 0 or 1


@dataclass(frozen=True, slots=True)
class _Band:
    """Terms of one kind of goods in one market up to a net price (None: any); `numbers` None: refused, `why`."""

    end: int | None
    numbers: tuple[int, ...] | None
    taken_out: tuple[int, ...]
    why: str = ""


def bulk_prices(
    kinds: Sequence[Kind],
    kind_of: Column,
    net_minor: Column,
    destinations: Sequence[str],
    *,
    currency: str,
    on: date,
    rate_on: date | None = None,
    as_shown: bool = False,
) -> BulkPrices:
    """What one piece costs in each market. `net_minor` in `currency`, `kind_of` indexes `kinds`.

    Goods are converted once at the reference rate of the day (or of `rate_on`). What a single quote would refuse is −1 here.
    `as_shown`: where prices are shown without tax, that price.
    Refuses: UnknownMarket, CurrencyUnknown.
    """
    totals = np.empty((len(net_minor), len(destinations)), dtype=np.int64)
    refused: dict[tuple[int, str], str] = {}
    for column, destination in enumerate(destinations):
        there = pack(destination)
        rate = fx_rate(currency, there.currency, rate_on or on).rate
        part = Fraction(rate) * Fraction(10) ** (exponent_of(there.currency) - exponent_of(currency))
        mode = SHOWN if as_shown and there.price_display == "net" else "net"
        rules = _columns(kinds, destination, there.currency, on, refused, mode=mode)
        for start in range(0, len(net_minor), CHUNK):
            rows = slice(start, start + CHUNK)
            price = _converted(net_minor[rows], part)
            if mode == SHOWN:
                known = rules.known[_band_of(rules, kind_of[rows], price)]
                totals[rows, column] = np.where(known == 1, price, REFUSED)
            else:
                totals[rows, column] = _priced(rules, kind_of[rows], price)
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


def _inside(gross: Column, ppm: Column) -> Column:
    """The part inside a gross amount that is `ppm` millionths of the rest, halves up."""
    whole = PPM + ppm
    return (2 * gross * ppm + whole) // (2 * whole)


def _band_of(rules: _Columns, kind: Column, net: Column) -> Column:
    at = kind
    for ends in rules.ends:
        at = at + (net > ends[kind]) * len(ends)
    return at


def _priced(rules: _Columns, kind: Column, price: Column) -> Column:
    at = _band_of(rules, kind, price)
    duty = rules.flat[at] + _share(price, rules.duty_ppm[at])
    fees = rules.fees[at]
    vat = _share(price + fees + duty * rules.on_duty[at], rules.vat_ppm[at])
    return np.where(rules.known[at] == 1, price + duty + fees + vat, REFUSED)


NO_BORDER, INSIDE, LATER, UNKNOWN = range(4)


def bulk_unpacked(
    kinds: Sequence[Kind], kind_of: Column, gross_minor: Column, destination: str, *, on: date
) -> tuple[Column, Column]:
    """What one piece leaves its seller at the price shown, net, in the market's currency, and what is due at a border.

    The second column: 0 no border, 1 inside the price, 2 on arrival, 3 the rules do not answer (the first is then −1).
    Equal to a single gross quote; where prices are shown without tax, to a net one before tax. Refuses: UnknownMarket.
    """
    there = pack(destination)
    is_net = there.price_display == "net"
    rules = _columns(kinds, there.code, there.currency, on, {}, mode=SHOWN if is_net else "gross")
    area = customs_area(there.code)
    border = np.array([customs_area(kind.origin) != area for kind in kinds], dtype=np.int64)
    kept, due = np.empty_like(gross_minor), np.empty_like(gross_minor)
    for start in range(0, len(gross_minor), CHUNK):
        rows = slice(start, start + CHUNK)
        kind, gross = kind_of[rows], gross_minor[rows]
        looked_at = gross - _inside(gross, rules.outer[kind])
        looked_at = looked_at - _inside(looked_at, rules.inner[kind])
        at = _band_of(rules, kind, looked_at)
        net = gross - _inside(gross, rules.vat_ppm[at])
        left = net if is_net else net - rules.flat[at] - _inside(net, rules.duty_ppm[at]) - rules.fees[at]
        known = (rules.known[at] == 1) & (left >= 0)
        kept[rows] = np.where(known, left, REFUSED)
        due[rows] = np.where(known, border[kind] * (INSIDE + rules.later[at]), UNKNOWN)
    return kept, due


def _columns(
    kinds: Sequence[Kind], destination: str, currency: str, on: date, refused: dict[tuple[int, str], str],
    *, mode: str = "net",
) -> _Columns:  # fmt: skip
    """The bands of all kinds side by side."""
    try:
        to_euro = fx_rate(currency, "EUR", on).rate
    except CurrencyUnknown:
        to_euro = Decimal(0)
    bands = [_bands(kind, destination, currency, on, mode, to_euro) for kind in kinds]
    depth = max((len(each) for each in bands), default=1)
    ends = [np.full(len(kinds), np.iinfo(np.int64).max, dtype=np.int64) for _ in range(depth - 1)]
    taken = np.zeros((2, len(kinds)), dtype=np.int64)
    rows = np.zeros((7, depth * len(kinds)), dtype=np.int64)
    for number, several in enumerate(bands):
        for place, band in enumerate(several):
            if band.end is not None and place < depth - 1:
                ends[place][number] = band.end
            if band.numbers is None:
                refused[number, destination] = band.why
                continue
            rows[:, place * len(kinds) + number] = band.numbers
            taken[: len(band.taken_out), number] = band.taken_out
    return _Columns(ends, *taken, *rows)


@lru_cache(200_000)
def _bands(
    kind: Kind, destination: str, currency: str, on: date, mode: str, to_euro: Decimal
) -> tuple[_Band, ...]:
    """Ask the rules once per price band: from nothing up to the first limit, then from there on.

    `to_euro` is the day's rate, by which limits are converted: another rate is another answer.
    """
    made: list[_Band] = []
    lowest = 0
    while True:
        found = _asked(kind, destination, currency, on, lowest, SHOWN if mode == SHOWN else "net")
        end = found.facts.get("up_to_minor") if isinstance(found, Refusal) else found.holds_up_to_minor
        if isinstance(found, Resolved) and mode == "gross":
            found = _asked(kind, destination, currency, on, _gross_of(lowest, _taken_out(found)), mode)
        if isinstance(found, Refusal):
            made.append(_Band(end, None, (), found.sentence))
        else:
            made.append(_Band(end, _numbers(found), _taken_out(found)))
        if end is None:
            return tuple(made)
        lowest = end + 1


def _taken_out(found: Resolved) -> tuple[int, ...]:
    """Parts of an all-in price, in millionths, that its scheme's limit does not look at, outermost first."""
    rates = found.limit_without if found.limit_without is not None else (found.lines[0].vat_pct,)
    return tuple(int(rate * 10_000) for rate in rates)


def _gross_of(net: int, taken_out: tuple[int, ...]) -> int:
    """The lowest all-in price whose limit looks at least at this net price."""
    gross = net
    for ppm in reversed(taken_out):
        gross = gross * (PPM + ppm) // PPM

    def looked_at(price: int) -> int:
        for ppm in taken_out:
            price -= (2 * price * ppm + PPM + ppm) // (2 * (PPM + ppm))
        return price

    while looked_at(gross) < net:
        gross += 1
    while gross and looked_at(gross - 1) >= net:
        gross -= 1
    return gross


def _asked(
    kind: Kind, destination: str, currency: str, on: date, minor: int, mode: str = "net"
) -> Resolved | Refusal:
    route = Route(
        origin=kind.origin, destination=destination, region="", on=on, currency=currency,
        seller_country=kind.seller_country, via="ioss", price_mode="net" if mode == SHOWN else mode, duty_payer="buyer",
        shipping_minor=0, parcels=1, attested=frozenset(), before_tax=mode == SHOWN,
    )  # fmt: skip
    code = dict(kind.codes).get(customs_area(destination), "")
    try:
        return resolve(route, [Goods("1", kind.hs6, kind.vat_goods, 1, minor, code)])
    except Refusal as refusal:
        return refusal


def _numbers(found: Resolved) -> tuple[int, ...]:
    """Flat duty, duty, fees, VAT, whether VAT is on duty, whether duty comes later, and that it is known."""
    terms: Terms = found.terms
    line = found.lines[0]
    rate = (line.duty_pct or Decimal(0)) + terms.surcharge_pct
    return (
        terms.flat_duty_minor or 0,
        0 if terms.flat_duty_minor is not None else int(rate * 10_000),
        sum(fee.each_minor for fee in terms.fees),
        int(line.vat_pct * terms.vat_factor * 10_000),
        int(terms.vat_on_duty),
        int(found.incoterm != "DDP"),
        1,
    )
