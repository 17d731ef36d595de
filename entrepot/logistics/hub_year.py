"""A year of the hub in counts: what arrives, waits, is released and leaves, quarter of an hour by quarter of an hour.

The abstraction. Parcels are counted, not drawn one by one. Flights are single: each has its gateway, its load and its
delay, drawn from the seed. Behind them stand four queues in a row, each first in, first out, each a cumulative curve:

    docks → sorters (which break down and are mended) → customs (three channels) → one queue for each destination,
    emptied by waves of lorries

A queue with arrivals A and capacity C (both cumulative) has let through D(t) = min over s ≤ t of A(s) + C(t) − C(s), so a
year is a few passes over arrays; where a curve of a queue reaches a count says when that parcel left, so times
through the hub are exact for first in, first out. Parcels of one flight are alike; a destination gets its share of every
flight; queues have room without end (their longest length is the answer to how much is needed).

A parcel is late when its lorry leaves after the one the network's promise counts on: touchdown as planned, the slow customs
time of its flight's lane, then the next departure of the destination's lane.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entrepot.logistics.network import EPOCH, MINUTE, Lane, Network

Counts = NDArray[np.int64]
SLOT_MINUTES = 15
SLOTS_A_DAY = 24 * 60 // SLOT_MINUTES
RUN_OFF_DAYS = 21  # after the year, so that everything has left
FOR_EVER = 1 << 60
MOST_LORRIES = 10_000  # in one wave to one place: as good as without end


@dataclass(frozen=True, slots=True)
class Rates:
    """What one of each thing does, and what it costs (rules/hub.csv). Money in cents of euro."""

    parcel_weight_g: int
    parcels_a_flight: int
    unloading_minutes: int
    parcels_an_hour_a_dock: int
    parcels_an_hour_a_sorter: int
    sorter_hours_between_faults: int
    sorter_minutes_to_mend: int
    releases_an_hour_a_line: int
    document_share_bp: int
    inspection_share_bp: int
    documents_an_hour_an_officer: int
    inspections_an_hour_an_officer: int
    parcels_a_lorry: int
    waves_a_day: int
    flight_delay_minutes_median: int
    flight_disrupted_bp: int
    flight_disrupted_hours_max: int
    festival_factor_pct: int
    holiday_factor_pct: int
    dock_cost_an_hour: int
    sorter_cost_an_hour: int
    officer_cost_an_hour: int
    line_cost_an_hour: int
    handling_cost_a_thousand: int
    lorry_cost: int
    lorry_cost_a_km: int
    dock_wait_minutes_most: int
    sorter_wait_minutes_most: int
    release_wait_minutes_most: int
    document_wait_minutes_most: int
    inspection_wait_minutes_most: int


@dataclass(frozen=True, slots=True)
class Capacity:
    """How many of each: `lorries` is the most a destination gets in one wave."""

    docks: int
    sorters: int
    release_lines: int
    document_officers: int
    inspection_officers: int
    lorries: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Demand:
    """Flights of a year, in slots from its first midnight UTC, and the shares of the destinations."""

    first: date
    planned: Counts  # slot of the planned touchdown
    touchdown: Counts
    parcels: Counts
    lanes: tuple[Lane, ...]  # by gateway
    gateway_of: Counts  # index into lanes
    destinations: tuple[Lane, ...]  # the lane that leaves for each
    shares_bp: tuple[int, ...]
    slots: int

    @property
    def inflow(self) -> Counts:
        """Parcels that touch down, by slot."""
        return np.bincount(self.touchdown, self.parcels, self.slots).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue over the year: what came, what it let through, both cumulative at the end of each slot."""

    name: str
    came: Counts
    left: Counts

    @property
    def waiting(self) -> Counts:
        """Parcels that wait, by slot."""
        return self.came - self.left

    def exits(self) -> Counts:
        """By slot of arrival: the slot in which the middle one of those who came then leaves."""
        before = np.concatenate(([0], self.came[:-1]))
        middle = before + (self.came - before + 1) // 2
        return np.searchsorted(self.left, middle, side="left").astype(np.int64)

    def wait_minutes(self, share_bp: int) -> int:
        """The wait that this share of all who came did not pass, in minutes."""
        inflow = np.diff(self.came, prepend=0)
        busy = np.flatnonzero(inflow)
        if not busy.size:
            return 0
        waits = self.exits()[busy] - busy
        order = np.argsort(waits, kind="stable")
        reached = np.cumsum(inflow[busy][order])
        place = np.searchsorted(reached * 10_000, reached[-1] * share_bp, side="left")
        return int(waits[order][place]) * SLOT_MINUTES


@dataclass(frozen=True, slots=True)
class DestinationYear:
    """A destination's share of the year."""

    lane: str
    place: str
    parcels: int
    lorries: int
    late_bp: int
    cost_minor: int
    co2_kg: int
    most_lorries_a_wave: int


@dataclass(frozen=True, slots=True)
class Year:
    """What a year came to. Everything that touched down has left (`parcels_in` = `parcels_out`)."""

    parcels_in: int
    parcels_out: int
    flights: int
    late_bp: int
    late_by_day_bp: tuple[int, ...]
    in_by_day: tuple[int, ...]
    out_by_day: tuple[int, ...]
    most_waiting: Mapping[str, int]
    wait_minutes_p99: Mapping[str, int]
    waiting_by_day: Mapping[str, tuple[int, ...]]
    hours_through: tuple[int, ...]  # parcels by whole hours from touchdown to departure
    destinations: tuple[DestinationYear, ...]
    capacity: Capacity
    hub_cost_minor: int
    road_cost_minor: int
    air_co2_kg: int
    road_co2_kg: int

    def hours_within(self, share_bp: int) -> int:
        """The hours within which this share went through the hub."""
        reached = np.cumsum(np.array(self.hours_through, dtype=np.int64))
        return int(np.searchsorted(reached * 10_000, reached[-1] * share_bp, side="left"))


def let_through(came: Counts, capacity: Counts) -> Counts:
    """What a first-in-first-out queue has let through, from what came and what it could (both cumulative)."""
    found: Counts = capacity + np.minimum.accumulate(np.minimum(came - capacity, 0))
    return found


def shared(came: Counts, shares: Sequence[int], whole: int = 10_000) -> list[Counts]:
    """Split a cumulative count by shares that add up to `whole`, in whole parcels: none ever goes back, none is lost."""
    found, rest, left = [], came, whole
    for share in shares:
        part = rest * share // left if left else rest
        found.append(part)
        rest, left = rest - part, left - share
    return found


def draw_demand(
    luck: np.random.Generator,
    *,
    year: int,
    parcels: int,
    rates: Rates,
    gateways: Sequence[tuple[Lane, int]],
    destinations: Sequence[tuple[Lane, int]],
    festivals: Sequence[tuple[date, int]],
    is_quiet: Mapping[str, frozenset[int]],
) -> Demand:
    """Flights of a year that carry exactly so many parcels.

    `gateways` and `destinations` come with their shares in basis points; `festivals` are days of orders with their weight
    in per cent of the festival factor; `is_quiet` names, by gateway, the ordinals on which its country rests.
    """
    first = date(year, 1, 1)
    days = (date(year + 1, 1, 1) - first).days
    weights = _day_weights(first, days, rates, festivals)
    planned, touchdown, loads, gateway_of = [], [], [], []
    wanted = _apportion(parcels, [share for _, share in gateways])
    for number, (lane, _) in enumerate(gateways):
        quiet = np.array([first.toordinal() + day in is_quiet[lane.start] for day in range(days)])
        by_day = _apportion(
            wanted[number], (weights * np.where(quiet, rates.holiday_factor_pct / 100, 1)).tolist()
        )
        for day, count in enumerate(by_day):
            flights = -(-count // rates.parcels_a_flight)
            if not flights:
                continue
            spread = luck.normal(1, 0.08, flights).clip(0.7, 1.3)
            at = _landings(lane, flights, day, number)
            late = luck.lognormal(np.log(rates.flight_delay_minutes_median), 0.7, flights)
            hit = luck.uniform(0, 10_000, flights) < rates.flight_disrupted_bp
            late = np.where(
                hit, late + luck.uniform(120, rates.flight_disrupted_hours_max * 60, flights), late
            )
            early = luck.uniform(0, 40, flights)
            planned.append(at // SLOT_MINUTES)
            touchdown.append(np.maximum(0, at + late - early).astype(np.int64) // SLOT_MINUTES)
            loads.append(np.array(_apportion(count, spread.tolist()), dtype=np.int64))
            gateway_of.append(np.full(flights, number, dtype=np.int64))
    return Demand(
        first, np.concatenate(planned), np.concatenate(touchdown), np.concatenate(loads),
        tuple(lane for lane, _ in gateways), np.concatenate(gateway_of), tuple(lane for lane, _ in destinations),
        tuple(share for _, share in destinations), (days + RUN_OFF_DAYS) * SLOTS_A_DAY,
    )  # fmt: skip


def run_year(
    demand: Demand, rates: Rates, capacity: Capacity, luck: np.random.Generator, network: Network
) -> Year:
    """Let a year's flights through the hub with so many docks, sorters, officers and lorries."""
    queues, exits, shares_of_channel = _hub(demand, rates, capacity, luck)
    released = queues["release"].left + queues["documents"].left + queues["inspection"].left
    rows: list[DestinationYear] = []
    flown = np.flatnonzero(demand.parcels)
    late_by_day = np.zeros(demand.slots // SLOTS_A_DAY)
    late_total, through = 0.0, np.zeros(24 * RUN_OFF_DAYS)
    out = np.zeros(demand.slots, dtype=np.int64)
    waiting = np.zeros(demand.slots, dtype=np.int64)
    km_weight = 0
    for lane, came in zip(demand.destinations, shared(released, demand.shares_bp), strict=True):
        waves = _waves(lane, demand, rates, capacity.lorries[lane.end], network)
        queue = Queue("lorries", came, let_through(came, waves))
        left = np.diff(queue.left, prepend=0)
        lorries_by_slot = -(-left // rates.parcels_a_lorry)
        lorries, parcels = int(lorries_by_slot.sum()), int(left.sum())
        leaves = queue.exits()
        due = _due_slots(demand, lane, network)
        late = 0.0
        for channel_exit, share in zip(exits, shares_of_channel, strict=True):
            # By flight: when its parcels of this channel leave for this destination.
            gone = leaves[channel_exit[demand.touchdown[flown]]]
            load = demand.parcels[flown] * share * (demand.shares_bp[len(rows)] / 10_000)
            is_late = gone > due[flown]
            late += float((load * is_late).sum())
            np.add.at(late_by_day, demand.touchdown[flown] // SLOTS_A_DAY, load * is_late)
            hours = np.minimum((gone - demand.touchdown[flown]) * SLOT_MINUTES // 60, len(through) - 1)
            np.add.at(through, hours, load)
        late_total += late
        out += left
        waiting += queue.waiting
        cost = lorries * (rates.lorry_cost + rates.lorry_cost_a_km * lane.distance_km)
        co2_kg = parcels * rates.parcel_weight_g * lane.distance_km * lane.co2_g_per_tonne_km // 10**9
        km_weight += co2_kg
        rows.append(
            DestinationYear(
                lane.code, network.nodes[lane.end].name, parcels, lorries, _bp(late, parcels), cost, co2_kg,
                int(lorries_by_slot.max()),
            )
        )  # fmt: skip
    inflow = demand.inflow
    days = demand.slots // SLOTS_A_DAY
    waits = {name: queue.waiting for name, queue in queues.items()} | {"lorries": waiting}
    year_days = days - RUN_OFF_DAYS
    by_day = inflow.reshape(days, SLOTS_A_DAY).sum(axis=1)
    return Year(
        parcels_in=int(inflow.sum()),
        parcels_out=int(out.sum()),
        flights=len(demand.parcels),
        late_bp=_bp(late_total, int(inflow.sum())),
        late_by_day_bp=tuple(_bp(float(late), int(count)) for late, count in zip(late_by_day, by_day, strict=True))[
            :year_days
        ],
        in_by_day=tuple(by_day.tolist())[:year_days],
        out_by_day=tuple(out.reshape(days, SLOTS_A_DAY).sum(axis=1).tolist())[:year_days],
        most_waiting={name: int(each.max()) for name, each in waits.items()},
        wait_minutes_p99={name: queue.wait_minutes(9_900) for name, queue in queues.items()},
        waiting_by_day={
            name: tuple(each.reshape(days, SLOTS_A_DAY).max(axis=1).tolist())[:year_days]
            for name, each in waits.items()
        },
        hours_through=tuple(np.trim_zeros(np.rint(through).astype(np.int64), "b").tolist()),
        destinations=tuple(rows),
        capacity=capacity,
        hub_cost_minor=_hub_cost(rates, capacity, int(inflow.sum()), year_days),
        road_cost_minor=sum(row.cost_minor for row in rows),
        air_co2_kg=sum(
            int(demand.parcels[demand.gateway_of == number].sum())
            * rates.parcel_weight_g * lane.distance_km * lane.co2_g_per_tonne_km // 10**9
            for number, lane in enumerate(demand.lanes)
        ),
        road_co2_kg=km_weight,
    )  # fmt: skip


def find_capacity(
    demand: Demand, rates: Rates, seed: int, network: Network, given: Capacity | None = None
) -> Capacity:
    """The least of each thing with which 99 % of parcels wait no longer than allowed, queue after queue.

    Queues have room without end, so what stands before one never depends on what stands behind it: the docks are found
    first, then the sorters behind those docks, and so on. Each search is a bisection, as more never lets less through.
    The draws of faults come from the same seed at every try. Of what is `given` only the lorries are found.
    """
    if given is not None:
        return _with_lorries(demand, rates, seed, network, given)
    found = Capacity(docks=1, sorters=1, release_lines=1, document_officers=1, inspection_officers=1)
    for name, queue, most in (
        ("docks", "docks", rates.dock_wait_minutes_most),
        ("sorters", "sorters", rates.sorter_wait_minutes_most),
        ("release_lines", "release", rates.release_wait_minutes_most),
        ("document_officers", "documents", rates.document_wait_minutes_most),
        ("inspection_officers", "inspection", rates.inspection_wait_minutes_most),
    ):

        def holds(
            count: int, before: Capacity = found, name: str = name, queue: str = queue, most: int = most
        ) -> bool:
            tried = _with(before, name, count)
            queues, _, _ = _hub(demand, rates, tried, np.random.default_rng(seed), until=queue)
            through = queues[queue]
            return through.left[-1] == through.came[-1] and through.wait_minutes(9_900) <= most

        found = _with(found, name, _least(holds))
    return _with_lorries(demand, rates, seed, network, found)


def _with(capacity: Capacity, name: str, count: int) -> Capacity:
    changes: dict[str, Any] = {name: count}
    return replace(capacity, **changes)


def _with_lorries(demand: Demand, rates: Rates, seed: int, network: Network, found: Capacity) -> Capacity:
    """The least lorries a wave for each destination behind a hub of this size."""
    queues, _, _ = _hub(demand, rates, found, np.random.default_rng(seed))
    released = queues["release"].left + queues["documents"].left + queues["inspection"].left
    lorries = {}
    for lane, came in zip(demand.destinations, shared(released, demand.shares_bp), strict=True):

        def wait(count: int, lane: Lane = lane, came: Counts = came) -> int:
            queue = Queue("lorries", came, let_through(came, _waves(lane, demand, rates, count, network)))
            return queue.wait_minutes(9_900) if queue.left[-1] == came[-1] else FOR_EVER

        # Over weekends parcels wait for any number of lorries; more than one wave longer they should not.
        allowed = wait(MOST_LORRIES) + 24 * 60 // rates.waves_a_day

        def leaves(count: int, wait: Callable[[int], int] = wait, allowed: int = allowed) -> bool:
            return wait(count) <= allowed

        lorries[lane.end] = _least(leaves)
    return replace(found, lorries=lorries)


def _hub(
    demand: Demand, rates: Rates, capacity: Capacity, luck: np.random.Generator, until: str = ""
) -> tuple[dict[str, Queue], list[Counts], list[float]]:
    """The queues of the hub itself; by customs channel the slot of release of each slot of touchdown, and its share."""
    slots = demand.slots
    per_slot = SLOT_MINUTES / 60
    unloaded = _unloaded(demand, rates)
    found: dict[str, Queue] = {}

    def queue(name: str, came: Counts, can: Counts) -> Queue:
        found[name] = Queue(name, came, let_through(came, can))
        return found[name]

    docks = queue("docks", unloaded, _steady(capacity.docks * rates.parcels_an_hour_a_dock * per_slot, slots))
    if until == "docks":
        return found, [], []
    working = _working_sorters(capacity.sorters, rates, slots, luck)
    sorters = queue(
        "sorters", docks.left, np.cumsum(working * int(rates.parcels_an_hour_a_sorter * per_slot))
    )
    if until == "sorters":
        return found, [], []
    paper, look = rates.document_share_bp, rates.inspection_share_bp
    shares = [10_000 - paper - look, paper, look]
    by_channel = shared(sorters.left, shares)
    hours = np.arange(slots) % SLOTS_A_DAY // 4
    weekday = (np.arange(slots) // SLOTS_A_DAY + demand.first.weekday()) % 7
    on_duty = (hours >= 5) & (hours < 21)  # 06:00 to 22:00 in Liège, winter time
    looks = (hours >= 6) & (hours < 18) & (weekday < 5)
    everywhere = np.ones(slots, dtype=bool)
    channels = (
        ("release", capacity.release_lines * rates.releases_an_hour_a_line, everywhere),
        ("documents", capacity.document_officers * rates.documents_an_hour_an_officer, on_duty),
        ("inspection", capacity.inspection_officers * rates.inspections_an_hour_an_officer, looks),
    )
    sorted_at = sorters.exits()[np.minimum(docks.exits(), slots - 1)]
    landed_at = np.minimum(np.arange(slots) + rates.unloading_minutes // SLOT_MINUTES // 2, slots - 1)
    sorted_at = np.minimum(sorted_at[landed_at], slots - 1)
    exits = []
    for (name, an_hour, open_at), came in zip(channels, by_channel, strict=True):
        channel = queue(name, came, np.floor(np.cumsum(open_at * (an_hour * per_slot))).astype(np.int64))
        exits.append(np.minimum(channel.exits()[sorted_at], slots - 1))
        if until == name:
            break
    return found, exits, [share / 10_000 for share in shares]


def _unloaded(demand: Demand, rates: Rates) -> Counts:
    """Parcels that stand at the docks, cumulative: each flight comes off evenly over its unloading."""
    parts = max(1, rates.unloading_minutes // SLOT_MINUTES)
    inflow = demand.inflow
    total = np.cumsum(inflow)
    spread = np.zeros(demand.slots, dtype=np.int64)
    for part in range(parts):
        shifted = np.concatenate((np.zeros(part, dtype=np.int64), total[: demand.slots - part]))
        spread += shifted * (part + 1) // parts - shifted * part // parts
    return np.maximum.accumulate(spread)


def _working_sorters(sorters: int, rates: Rates, slots: int, luck: np.random.Generator) -> Counts:
    """Sorters that run, by slot: each breaks down after a while and is mended, on its own."""
    running = np.full(slots, sorters, dtype=np.int64)
    minutes = slots * SLOT_MINUTES
    tries = 3 + 2 * minutes // (rates.sorter_hours_between_faults * 60)
    for _ in range(sorters):
        ups = luck.exponential(rates.sorter_hours_between_faults * 60, tries)
        downs = luck.exponential(rates.sorter_minutes_to_mend, tries)
        stops = np.cumsum(ups + downs) - downs
        for stop, down in zip(stops[stops < minutes], downs[stops < minutes], strict=True):
            start = int(stop) // SLOT_MINUTES
            running[start : start + max(1, round(down / SLOT_MINUTES))] -= 1
    return running


def _waves(lane: Lane, demand: Demand, rates: Rates, lorries: int, network: Network) -> Counts:
    """What the lorries of a destination could take, cumulative: at its lane's hour and evenly between, when the lane runs."""
    can = np.zeros(demand.slots, dtype=np.int64)
    day = demand.first
    for number in range(demand.slots // SLOTS_A_DAY):
        if network.runs_on(lane, day.toordinal() + number):
            leaves = network.departs_on(lane, day.toordinal() + number) - _minute_of_day(demand.first)
            for wave in range(rates.waves_a_day):
                slot = leaves // SLOT_MINUTES - wave * SLOTS_A_DAY // rates.waves_a_day
                if 0 <= slot < demand.slots:
                    can[slot] += lorries * rates.parcels_a_lorry
    return np.cumsum(can)


def _due_slots(demand: Demand, lane: Lane, network: Network) -> Counts:
    """By flight, the slot of the lorry that the promise counts on."""
    begins = _minute_of_day(demand.first)
    slow = np.array([each.release_minutes_max for each in demand.lanes], dtype=np.int64)
    ready = begins + demand.planned * SLOT_MINUTES + slow[demand.gateway_of]
    departs = np.array(
        [
            network.departs_on(lane, ordinal)
            for ordinal in range(
                demand.first.toordinal(), demand.first.toordinal() + demand.slots // SLOTS_A_DAY + 14
            )
            if network.runs_on(lane, ordinal)
        ],
        dtype=np.int64,
    )
    return (departs[np.searchsorted(departs, ready)] - begins) // SLOT_MINUTES


def _minute_of_day(day: date) -> int:
    return (datetime(day.year, day.month, day.day, tzinfo=UTC) - EPOCH) // MINUTE


def _landings(lane: Lane, flights: int, day: int, number: int) -> Counts:
    """Minutes of planned landings on a day: the lane's own first, the others evenly after it."""
    hour = lane.departs_at.hour * 60 + lane.departs_at.minute + lane.minutes_min + 37 * number
    every = 24 * 60 // flights
    return np.array([day * 24 * 60 + (hour + every * flight) % (24 * 60) for flight in range(flights)])


def _day_weights(
    first: date, days: int, rates: Rates, festivals: Sequence[tuple[date, int]]
) -> NDArray[np.float64]:
    """How much comes on each day: a slow wave over the year, Mondays and Tuesdays strong, and the days after festivals.

    What is ordered on a day of a festival reaches the hub over the following ten days, most of it on the fourth.
    """
    number = np.arange(days)
    season = 1 + 0.12 * np.sin(2 * np.pi * (number - 250) / 365)
    week = np.array([1.10, 1.12, 1.04, 1.0, 0.98, 0.92, 0.84])[(number + first.weekday()) % 7]
    weights: NDArray[np.float64] = season * week
    arrives = np.array([0, 0.05, 0.11, 0.16, 0.18, 0.16, 0.13, 0.10, 0.07, 0.04])
    for day, strength_pct in festivals:
        at = (day - first).days
        extra = (rates.festival_factor_pct / 100 - 1) * strength_pct / 100 * 5.5 * arrives
        for offset, share in enumerate(extra):
            if 0 <= at + offset < days:
                weights[at + offset] += share
    return weights


def _apportion(total: int, weights: Sequence[float]) -> list[int]:
    """Split a whole number by weights, exactly: what rounding leaves goes to the largest remainders."""
    scale = sum(weights)
    exact = [total * weight / scale for weight in weights]
    found = [int(each) for each in exact]
    rest = sorted(range(len(exact)), key=lambda place: found[place] - exact[place])
    for place in rest[: total - sum(found)]:
        found[place] += 1
    return found


def _steady(per_slot: float, slots: int) -> Counts:
    found: Counts = np.floor(np.arange(1, slots + 1) * per_slot).astype(np.int64)
    return found


def _hub_cost(rates: Rates, capacity: Capacity, parcels: int, days: int) -> int:
    hourly = (
        capacity.docks * rates.dock_cost_an_hour
        + capacity.sorters * rates.sorter_cost_an_hour
        + capacity.release_lines * rates.line_cost_an_hour
    )
    officers = capacity.document_officers * 16 + capacity.inspection_officers * 12 * 5 // 7
    return (
        hourly * 24 * days
        + officers * rates.officer_cost_an_hour * days
        + (parcels * rates.handling_cost_a_thousand // 1_000)
    )


def _least(holds: Callable[[int], bool]) -> int:
    """The least count for which something holds that holds for all larger ones."""
    high = 1
    while not holds(high):
        high *= 2
        if high > 1 << 20:
            raise ValueError("no capacity is enough")
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def _bp(part: float, whole: int) -> int:
    return round(part * 10_000 / whole) if whole else 0
