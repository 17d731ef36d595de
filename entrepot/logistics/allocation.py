"""From which places an order's lines are sent: pure.

In this order: keep the promise, send the fewest parcels, pay duty on the fewest headings (a heading counts once in each
parcel that passes customs, as the flat duty on small parcels does), arrive soonest, carry cheapest. Exact up to twelve
places; of more, the twelve that hold most of what is wanted are looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

MOST_PLACES = 12


@dataclass(frozen=True, slots=True)
class Wanted:
    """One line: how many of what, and the tariff heading duty is counted by."""

    sku: str
    quantity: int
    heading: str


@dataclass(frozen=True, slots=True)
class Source:
    """A place with stock, as the network sees it from the buyer's door."""

    code: str
    stock: Mapping[str, int]
    arrives_on: date
    passes_customs: bool
    carriage_minor: int


@dataclass(frozen=True, slots=True)
class Allocation:
    """By place what it sends, by SKU. `headings` counts duty headings over all parcels that pass customs."""

    parcels: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
    is_late: bool
    headings: int
    arrives_on: date
    carriage_minor: int


def decide_allocation(
    wanted: Sequence[Wanted], sources: Sequence[Source], promised_to: date
) -> Allocation | None:
    """The best way to serve every line; None when the places together do not hold enough."""
    needs: dict[str, int] = {}
    for line in wanted:
        needs[line.sku] = needs.get(line.sku, 0) + line.quantity
    useful = [each for each in sources if any(each.stock.get(sku, 0) > 0 for sku in needs)]
    useful.sort(
        key=lambda each: (-sum(min(each.stock.get(sku, 0), count) for sku, count in needs.items()), each.code)
    )
    useful = sorted(useful[:MOST_PLACES], key=lambda each: each.code)
    headings: dict[str, set[str]] = {}
    for line in wanted:
        headings.setdefault(line.heading, set()).add(line.sku)
    best: tuple[tuple[object, ...], tuple[Source, ...]] | None = None
    for is_late in (False, True):
        timely = [each for each in useful if is_late or each.arrives_on <= promised_to]
        for size in range(1, len(timely) + 1):
            for chosen in combinations(timely, size):
                if not _covers(chosen, needs):
                    continue
                duty = sum(len(_crossing(chosen, skus, needs)) for skus in headings.values())
                arrives_on = max(each.arrives_on for each in chosen)
                carriage = sum(each.carriage_minor for each in chosen)
                rank = (duty, arrives_on, carriage, tuple(each.code for each in chosen))
                if best is None or rank < best[0]:
                    best = rank, chosen
            if best is not None:
                return _allocated(best[1], headings, needs, promised_to)
    return None


def _covers(chosen: Sequence[Source], needs: Mapping[str, int]) -> bool:
    return all(sum(each.stock.get(sku, 0) for each in chosen) >= count for sku, count in needs.items())


def _crossing(chosen: Sequence[Source], skus: set[str], needs: Mapping[str, int]) -> tuple[Source, ...]:
    """The fewest places behind customs that, with all others, hold the SKUs of a heading."""
    home = [each for each in chosen if not each.passes_customs]
    abroad = [each for each in chosen if each.passes_customs]
    mine = {sku: needs[sku] for sku in skus}
    for size in range(len(abroad) + 1):
        for some in combinations(abroad, size):
            if _covers([*home, *some], mine):
                return some
    raise AssertionError("the chosen places cover every need")


def _allocated(
    chosen: Sequence[Source], headings: Mapping[str, set[str]], needs: Mapping[str, int], promised_to: date
) -> Allocation:
    sent: dict[str, dict[str, int]] = {}
    count = 0
    for skus in headings.values():
        abroad = _crossing(chosen, skus, needs)
        count += len(abroad)
        for sku in sorted(skus):
            left = needs[sku]
            for place in [each for each in chosen if not each.passes_customs] + list(abroad):
                taken = min(left, place.stock.get(sku, 0))
                if taken:
                    sent.setdefault(place.code, {})[sku] = taken
                    left -= taken
    used = [each for each in chosen if each.code in sent]
    return Allocation(
        parcels=tuple((code, tuple(sorted(goods.items()))) for code, goods in sorted(sent.items())),
        is_late=any(each.arrives_on > promised_to for each in used),
        headings=count,
        arrives_on=max(each.arrives_on for each in used),
        carriage_minor=sum(each.carriage_minor for each in used),
    )
