"""Many promises at once: one search for each origin and first departure, the rest over arrays.

Whoever is ready between two departures of an origin leaves with the later one, so requests fall into few groups.
The answers are those of a single promise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entrepot.logistics.network import BLOCK_MINUTES, Hop, Network
from entrepot.logistics.policy import BAND_G

Column = NDArray[np.int64]
NOWHERE = -1
Reached = tuple[int, int, int]  # good-day arrival, base cost, cost per band


@dataclass(frozen=True, slots=True)
class BulkPromises:
    """By request: first and last day as proleptic ordinals (`date.fromordinal`), carriage in minor units; −1: no route."""

    from_day: Column
    to_day: Column
    cost_minor: Column
    searches: int
    routes: int


def bulk_promises(
    network: Network,
    origins: Sequence[str],
    destinations: Sequence[str],
    origin_of: Column,
    destination_of: Column,
    ready_minute: Column,
    weight_g: Column,
    services: frozenset[str],
) -> BulkPromises:
    """Promises for arrays of requests. `origin_of` and `destination_of` index the zones given."""
    start = np.empty(len(origin_of), dtype=np.int64)
    for number, origin in enumerate(origins):
        mine = np.flatnonzero(origin_of == number)
        if mine.size:
            start[mine] = _first_departure(network, origin, ready_minute[mine])
    # One number for (origin, first departure), one for that and the destination.
    instants, instant_of = np.unique(start, return_inverse=True)
    group = (origin_of * len(instants) + instant_of) * len(destinations) + destination_of
    groups, group_of = np.unique(group, return_inverse=True)
    answers = np.full((len(groups), 4), NOWHERE, dtype=np.int64)  # from, to, base, per band
    searches, last = 0, -1
    tree: dict[str, Hop] = {}
    known: dict[str, Reached] = {}
    for place, code in enumerate(groups.tolist()):
        source, destination = divmod(code, len(destinations))
        origin_number, instant_number = divmod(source, len(instants))
        minute = int(instants[instant_number])
        if minute < 0:
            continue
        origin = origins[origin_number]
        if source != last:
            tree, last, searches = network.tree(origin, minute, services), source, searches + 1
            known = {origin: (minute, 0, 0)}
        end = destinations[destination]
        if end in tree:
            good, base, per_band = _reached(network, tree, known, end)
            answers[place] = (
                network.local_day(end, good).toordinal(),
                network.local_day(end, tree[end].arrives).toordinal(),
                base,
                per_band,
            )
    found = answers[group_of]
    bands = np.maximum(1, -(-weight_g // BAND_G))
    cost = np.where(found[:, 0] == NOWHERE, NOWHERE, found[:, 2] + found[:, 3] * bands)
    return BulkPromises(found[:, 0], found[:, 1], cost, searches, len(groups))


def _reached(network: Network, tree: dict[str, Hop], known: dict[str, Reached], end: str) -> Reached:
    """Good-day arrival and cost of a place in a tree; each place once, as its routes share their beginnings."""
    path: list[Hop] = []
    here = end
    while here not in known or (here == end and not path):
        path.append(tree[here])
        here = path[-1].lane.start
    minute, base, per_band = known[here]
    for hop in reversed(path):
        departs = network.next_departure(hop.lane, minute)
        minute = network.arrival(hop.lane, hop.departs if departs is None else departs, slow=False)
        base, per_band = base + hop.lane.base_minor, per_band + hop.lane.per_500g_minor
        if hop.lane.end not in known:
            known[hop.lane.end] = minute, base, per_band
    return minute, base, per_band


def _first_departure(network: Network, origin: str, minutes: Column) -> Column:
    """The first departure of any lane of an origin at or after each minute; −1 past the timetable."""
    departures: set[int] = set()
    for block in range(int(minutes.min()) // BLOCK_MINUTES, int(minutes.max()) // BLOCK_MINUTES + 1):
        for lane in network.leaving[origin]:
            departures.update(network.departures(lane, block))
    timetable = np.array(sorted(departures), dtype=np.int64)
    place = np.searchsorted(timetable, minutes, side="left")
    return np.where(
        place < len(timetable), np.append(timetable, NOWHERE)[np.minimum(place, len(timetable))], NOWHERE
    )
