"""Days without some lanes: parcels travel with and without them, and find other ways when the news is out. Pure.

Each parcel is drawn: origin, destination, when it is ready, and for every lane how long it takes on that journey (a good day,
a slow one, or later still, by the lane's shares). The same parcel has the same luck in every world, so that worlds
differ by the outage alone. A departure takes as many as it holds; who finds it full waits for the next. One drawn parcel
stands for `stands_for` real ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

import numpy as np

from entrepot.logistics.network import Hop, Lane, Network


@dataclass(frozen=True, slots=True)
class Drawn:
    """One parcel that asks to travel; `seed` draws its luck on each lane."""

    origin: str
    destination: str
    ready: int
    seed: int


@dataclass(frozen=True, slots=True)
class World:
    """How the parcels fared in one world. Days late count from the promise made without the outage."""

    name: str
    parcels: int
    delivered: int
    on_time: int
    days_late: dict[int, int]
    mean_hours: int
    cost_minor: int
    co2_g: int
    found_full: int
    busiest: tuple[tuple[str, int], ...]  # lane, drawn parcels

    @property
    def on_time_bp(self) -> int:
        """Share of all parcels that kept their promise."""
        return round(self.on_time * 10_000 / self.parcels) if self.parcels else 0


def travelled(
    name: str,
    parcels: Sequence[Drawn],
    promised: Sequence[int | None],
    network: Network,
    plain: Network,
    *,
    services: frozenset[str],
    news_at: int,
    finds_other_ways: bool,
    weight_g: int,
    stands_for: int,
) -> World:
    """Let all parcels travel in time order. Before `news_at`, and where nobody looks for other ways, they keep to the plan
    of the `plain` network and wait where its lane does not leave."""
    loads: dict[tuple[str, int], int] = {}
    used: dict[str, int] = {}
    plans: dict[int, list[Hop]] = {}
    arrived: dict[int, int] = {}
    full = cost = co2 = 0
    events = [(parcel.ready, number, parcel.origin) for number, parcel in enumerate(parcels)]
    heapify(events)
    while events:
        now, number, here = heappop(events)
        parcel = parcels[number]
        if here == parcel.destination and now > parcel.ready:
            arrived[number] = now
            continue
        knows = finds_other_ways and now >= news_at
        lane = _next_lane(plans, number, here, now, parcel, network if knows else plain, services, knows)
        if lane is None:
            continue  # nothing leads there: it stays
        departs = network.next_departure(lane, now)
        while departs is not None and loads.get((lane.code, departs), 0) + stands_for > lane.capacity_parcels:
            full += 1
            departs = network.next_departure(lane, departs + 1)
        if departs is None:
            continue
        loads[lane.code, departs] = loads.get((lane.code, departs), 0) + stands_for
        used[lane.code] = used.get(lane.code, 0) + 1
        cost += lane.base_minor + lane.per_500g_minor * max(1, -(-weight_g // 500))
        co2 += lane.distance_km * lane.co2_g_per_tonne_km * weight_g // 1_000_000
        heappush(events, (_arrival(network, lane, departs, parcel.seed), number, lane.end))
    late: dict[int, int] = {}
    for number, at in arrived.items():
        last = promised[number]
        if last is not None:
            days = network.local_ordinal(parcels[number].destination, at) - last
            late[days] = late.get(days, 0) + 1
    hours = sum(at - parcels[number].ready for number, at in arrived.items()) // 60
    return World(
        name, len(parcels), len(arrived), sum(count for days, count in late.items() if days <= 0),
        dict(sorted(late.items())), hours // max(1, len(arrived)), cost, co2, full,
        tuple(sorted(used.items(), key=lambda pair: (-pair[1], pair[0]))[:12]),
    )  # fmt: skip


def _next_lane(
    plans: dict[int, list[Hop]], number: int, here: str, now: int, parcel: Drawn, network: Network,
    services: frozenset[str], looks_again: bool,
) -> Lane | None:  # fmt: skip
    """The lane a parcel takes next: as planned while it is in time, else the first way from here."""
    plan = plans.get(number)
    if plan is not None and not looks_again:
        for hop in plan:
            if hop.lane.start == here and (now <= hop.departs or network.next_departure(hop.lane, now)):
                return hop.lane
    found = network.earliest(here, parcel.destination, now, services)
    if found is None:
        return None
    plans[number] = found
    return found[0].lane


def _arrival(network: Network, lane: Lane, departs: int, seed: int) -> int:
    """When a parcel gets there: its luck on this lane says whether the day is good, slow or worse."""
    luck = np.random.default_rng([seed, *lane.code.encode()]).integers(0, 10_000, 2)
    if luck[0] < lane.good_bp:
        return network.arrival(lane, departs, slow=False)
    late = network.arrival(lane, departs, slow=True)
    if luck[0] >= 10_000 - lane.late_bp:
        late += 1 + int(luck[1]) * lane.late_minutes_max // 10_000
    return late
