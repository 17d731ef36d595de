"""Many promises at once: one search for each origin and first departure, the rest over arrays.

Whoever is ready between two departures of an origin leaves with the later one, so requests fall into few groups.
The answers are those of a single promise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entrepot.logistics.network import BLOCK_MINUTES, Lane, Network, Tree
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
    # One number for (origin, first departure), from 1 on; 0 has no departure. One for that and the destination.
    source_of = np.zeros(len(origin_of), dtype=np.int64)
    sources: list[tuple[str, int]] = [("", NOWHERE)]
    for number, origin in enumerate(origins):
        mine = np.flatnonzero(origin_of == number)
        if mine.size:
            timetable = _departures(network, origin, ready_minute[mine])
            place = np.searchsorted(timetable, ready_minute[mine], side="left")
            source_of[mine] = np.where(place < len(timetable), place + len(sources), 0)
            sources += [(origin, int(minute)) for minute in timetable]
    group_of = source_of * len(destinations) + destination_of
    is_asked = np.zeros(len(sources) * len(destinations), dtype=bool)
    is_asked[group_of] = True
    groups = np.flatnonzero(is_asked)
    answers = np.full((len(is_asked), 4), NOWHERE, dtype=np.int64)  # from, to, base, per band
    searches, last = 0, 0
    tree = Tree(network, "", 0, {})
    known: dict[str, Reached] = {}
    for group in groups.tolist():
        source, destination = divmod(group, len(destinations))
        if source == 0:
            continue
        if source != last:
            origin, minute = sources[source]
            tree, last, searches = network.tree(origin, minute, services), source, searches + 1
            known = {origin: (minute, 0, 0)}
        end = destinations[destination]
        arrives = tree.arrival(end)
        if arrives is not None:
            good, base, per_band = _reached(network, tree, known, end)
            answers[group] = (
                network.local_ordinal(end, good),
                network.local_ordinal(end, arrives),
                base,
                per_band,
            )
    found = answers[group_of]
    bands = np.maximum(1, -(-weight_g // BAND_G))
    cost = np.where(found[:, 0] == NOWHERE, NOWHERE, found[:, 2] + found[:, 3] * bands)
    return BulkPromises(found[:, 0], found[:, 1], cost, searches, len(groups))


def _reached(network: Network, tree: Tree, known: dict[str, Reached], end: str) -> Reached:
    """Good-day arrival and cost of a place in a tree; each place once, as its routes share their beginnings."""
    path: list[Lane] = []
    here = end
    while here not in known or (here == end and not path):
        path.append(tree.lane_to(here))
        here = path[-1].start
    minute, base, per_band = known[here]
    for lane in reversed(path):
        departs = network.next_departure(lane, minute)
        if departs is None:  # it waits longer than anybody would: it leaves as on slow days
            departs = tree.departure(lane)
        minute = network.arrival(lane, departs, slow=False)
        base, per_band = base + lane.base_minor, per_band + lane.per_500g_minor
        if lane.end not in known:
            known[lane.end] = minute, base, per_band
    return minute, base, per_band


def _departures(network: Network, origin: str, minutes: Column) -> Column:
    """Every departure of any lane of an origin that someone ready at one of these minutes may take, in order."""
    found: set[int] = set()
    for block in range(int(minutes.min()) // BLOCK_MINUTES, int(minutes.max()) // BLOCK_MINUTES + 1):
        for lane in network.leaving[origin]:
            found.update(network.departures(lane, block))
    return np.array(sorted(found), dtype=np.int64)
