"""The network in memory: places, lanes with their timetables, and the earliest arrival through them.

Pure: the same network and instants give the same answer. Time is counted in minutes since 1970 UTC. A later start
never arrives earlier (departures are waited for, journeys last a fixed time), so Dijkstra's search is exact.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from heapq import heappop, heappush
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST_WAIT_DAYS = 21
DAY_MINUTES = 1440
BLOCK_DAYS = 7
BLOCK_MINUTES = BLOCK_DAYS * DAY_MINUTES
LONGEST_WAIT = LONGEST_WAIT_DAYS * DAY_MINUTES
MIDNIGHT = time(0)
# A way to a place in one number: arrival, then hops, then the lane's rank among all lanes by code.
RANK_BITS, HOP_BITS = 24, 10
WAY_BITS, MOST_HOPS = RANK_BITS + HOP_BITS, (1 << HOP_BITS) - 1
FAR = 1 << 100  # later than anything
# Customs releases and doors open at these local times of a working day; whatever comes earlier waits for them.
RELEASE_OPENS = time(6)
DOOR_OPENS = time(9)


def minute_of(at: datetime) -> int:
    """Whole minutes since 1970, rounded up, so that nothing starts before it is ready."""
    return -((EPOCH - at) // MINUTE)


def instant(minute: int) -> datetime:
    """The instant of a minute, in UTC."""
    return EPOCH + minute * MINUTE


@dataclass(frozen=True, slots=True)
class Node:
    """A place of the network; `kind` says what it does.

    warehouse (a seller's) | consolidation | bonded | overseas (a foreign seller's stock in the buyers' country) |
    gateway (an airport or port parcels leave from) | customs (an airport hub that clears) | hub | sorting |
    locker | zone (doors: the addresses where journeys begin and end).
    """

    code: str
    kind: str
    name: str
    country: str
    region: str
    time_zone: str
    latitude: str = ""
    longitude: str = ""

    @property
    def is_end(self) -> bool:
        """Whether parcels go no further from here: doors and lockers."""
        return self.kind in ("zone", "locker")

    @property
    def has_floor(self) -> bool:
        """Whether parcels are sorted here."""
        return self.kind in ("gateway", "customs", "hub", "sorting", "consolidation")


@dataclass(frozen=True, slots=True)
class Lane:
    """A timetabled connection. Hours count door to door, handling included; `min` is a good day, `max` a slow one."""

    code: str
    start: str
    end: str
    mode: str
    operator: str
    service: str  # standard | express
    days: frozenset[int]  # ISO weekdays of departure, 1 = Monday
    departs_at: time  # local time at the start: the cut-off
    minutes_min: int
    minutes_max: int
    clears_customs: bool = False
    release_minutes_min: int = 0
    release_minutes_max: int = 0
    rests_on_holidays: bool = True
    distance_km: int = 0
    base_minor: int = 0
    per_500g_minor: int = 0
    currency: str = "EUR"
    good_bp: int = 7_000  # share of journeys that take no longer than `minutes_min`
    late_bp: int = 0  # share that takes longer than `minutes_max`, by up to `late_minutes_max`
    late_minutes_max: int = 1_440
    capacity_parcels: int = 1_000_000  # of one departure
    co2_g_per_tonne_km: int = 0


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked at a place: two questions a lane asks."""

    is_working_day: Callable[[date], bool]
    is_holiday: Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Hop:
    """One lane as travelled: minutes of departure and arrival (after customs release)."""

    lane: Lane
    departs: int
    arrives: int


Board = list[tuple[list[int], list[int], int, int]]  # departures, arrivals, number of the end, lane's rank


@dataclass(frozen=True, slots=True)
class Tree:
    """How places are reached from one origin: by the number of a place its way."""

    network: Network
    origin: str
    minute: int
    ways: Mapping[int, int]

    def arrival(self, destination: str) -> int | None:
        """When a place is reached; None when no way leads there."""
        way = self.ways.get(self.network.numbers[destination])
        return None if way is None else way >> WAY_BITS

    def lane_to(self, destination: str) -> Lane:
        """The last lane on the way to a place that is reached."""
        return self.network.by_rank[self.ways[self.network.numbers[destination]] & (1 << RANK_BITS) - 1]

    def departure(self, lane: Lane) -> int:
        """When a lane of the tree leaves on slow days."""
        ready = self.minute if lane.start == self.origin else self.arrival(lane.start)
        assert ready is not None
        departs = self.network.next_departure(lane, ready)
        assert departs is not None
        return departs

    def hops(self, destination: str) -> list[Hop] | None:
        """The lanes to a place with their departures; None when no way leads there."""
        if self.network.numbers[destination] not in self.ways:
            return None
        found: list[Hop] = []
        here = destination
        while not found or here != self.origin:
            lane = self.lane_to(here)
            arrives = self.ways[self.network.numbers[here]] >> WAY_BITS
            found.append(Hop(lane, self.departure(lane), arrives))
            here = lane.start
        return found[::-1]


@dataclass
class Network:
    """Nodes and lanes with their calendars."""

    nodes: Mapping[str, Node]
    lanes: Iterable[Lane]
    calendar_of: Callable[[Node], Calendar]
    closed: Mapping[str, Sequence[tuple[int, int]]] = field(
        default_factory=dict
    )  # by lane: minutes without departures
    _timetable: dict[tuple[str, int], tuple[list[int], list[int]]] = field(default_factory=dict)
    _bounds: dict[tuple[str, frozenset[str]], list[int]] = field(default_factory=dict)
    _board: dict[tuple[int, int, frozenset[str]], Board] = field(default_factory=dict)
    _minutes: dict[tuple[str, int, time], int] = field(default_factory=dict)
    _working: dict[tuple[str, int], bool] = field(default_factory=dict)
    _holidays: dict[tuple[str, int], bool] = field(default_factory=dict)

    @cached_property
    def leaving(self) -> dict[str, list[Lane]]:
        """Lanes by the node they leave."""
        found: dict[str, list[Lane]] = {code: [] for code in self.nodes}
        for lane in self.lanes:
            found[lane.start].append(lane)
        return found

    @cached_property
    def _zones(self) -> dict[str, ZoneInfo]:
        return {code: ZoneInfo(node.time_zone) for code, node in self.nodes.items()}

    @cached_property
    def _calendars(self) -> dict[str, Calendar]:
        return {code: self.calendar_of(node) for code, node in self.nodes.items()}

    def local_day(self, code: str, minute: int) -> date:
        """The date at a place."""
        return date.fromordinal(self.local_ordinal(code, minute))

    def next_departure(self, lane: Lane, minute: int) -> int | None:
        """The first departure at or after a minute; None when none comes within three weeks."""
        departures, _ = self._times(lane, minute // BLOCK_MINUTES)
        departs = departures[bisect_left(departures, minute)]
        return departs if departs <= minute + LONGEST_WAIT else None

    def departures(self, lane: Lane, block: int) -> list[int]:
        """A lane's departures of a week (`minute // BLOCK_MINUTES`) and of the longest wait after it."""
        return self._times(lane, block)[0][:-1]

    def _times(self, lane: Lane, block: int) -> tuple[list[int], list[int]]:
        """A lane's departures over a week and the longest wait after them, when each arrives on slow days; then FAR."""
        found = self._timetable.get((lane.code, block))
        if found is None:
            first = self.local_ordinal(lane.start, block * BLOCK_MINUTES)
            days = range(first, first + BLOCK_DAYS + LONGEST_WAIT_DAYS + 2)
            departures = [self.departs_on(lane, ordinal) for ordinal in days if self.runs_on(lane, ordinal)]
            for since, until in self.closed.get(lane.code, ()):
                departures = [departs for departs in departures if not since <= departs < until]
            arrivals = [self.arrival(lane, departs, slow=True) for departs in departures]
            found = self._timetable[lane.code, block] = [*departures, FAR], [*arrivals, FAR]
        return found

    def runs_on(self, lane: Lane, ordinal: int) -> bool:
        """Whether a lane leaves on a local date (`date.toordinal`)."""
        if (ordinal - 1) % 7 + 1 not in lane.days:
            return False
        return not (lane.rests_on_holidays and self._is_holiday(lane.start, ordinal))

    def departs_on(self, lane: Lane, ordinal: int) -> int:
        """The minute at which a lane leaves on a local date on which it runs."""
        return self._minute_at(lane.start, ordinal, lane.departs_at)

    def _minute_at(self, code: str, ordinal: int, at: time) -> int:
        """The minute of a local time at a place; its time zone is asked once for each day and time."""
        key = (self.nodes[code].time_zone, ordinal, at)
        found = self._minutes.get(key)
        if found is None:
            local = datetime.combine(date.fromordinal(ordinal), at, self._zones[code])
            found = self._minutes[key] = minute_of(local)
        return found

    def arrival(self, lane: Lane, departs: int, *, slow: bool) -> int:
        """When goods that left at `departs` can go on from the lane's end, on a slow or a good day.

        Customs releases and doors are served on working days of the place only.
        """
        minute = departs + (lane.minutes_max if slow else lane.minutes_min)
        if lane.clears_customs:
            minute += lane.release_minutes_max if slow else lane.release_minutes_min
            minute = self._on_working_day(lane.end, minute, RELEASE_OPENS)
        if self.nodes[lane.end].kind == "zone":
            minute = self._on_working_day(lane.end, minute, DOOR_OPENS)
        return minute

    def _on_working_day(self, code: str, minute: int, opens: time) -> int:
        ordinal = self.local_ordinal(code, minute)
        while not self._is_working_day(code, ordinal):
            ordinal += 1
        return max(minute, self._minute_at(code, ordinal, opens))

    def local_ordinal(self, code: str, minute: int) -> int:
        """The date at a place as a number (`date.fromordinal`)."""
        ordinal = minute // DAY_MINUTES + EPOCH.toordinal()
        while self._minute_at(code, ordinal, MIDNIGHT) > minute:
            ordinal -= 1
        while self._minute_at(code, ordinal + 1, MIDNIGHT) <= minute:
            ordinal += 1
        return ordinal

    def _is_working_day(self, code: str, ordinal: int) -> bool:
        found = self._working.get((code, ordinal))
        if found is None:
            found = self._calendars[code].is_working_day(date.fromordinal(ordinal))
            self._working[code, ordinal] = found
        return found

    def _is_holiday(self, code: str, ordinal: int) -> bool:
        found = self._holidays.get((code, ordinal))
        if found is None:
            found = self._holidays[code, ordinal] = self._calendars[code].is_holiday(
                date.fromordinal(ordinal)
            )
        return found

    def earliest(
        self, origin: str, destination: str, minute: int, services: frozenset[str]
    ) -> list[Hop] | None:
        """The hops that arrive first even on slow days; None when no way leads there.

        A zone is only ever the first or the last place. Equal arrivals: the fewest hops, then the lane code.
        """
        return self.tree(origin, minute, services, until=destination).hops(destination)

    def tree(self, origin: str, minute: int, services: frozenset[str], until: str = "") -> Tree:
        """How every place is reached first; with `until`, only the places looked at on the way there.

        Towards one place the search is led by the time the rest would take without waiting (it never overestimates),
        and finds the same hops: of equal guesses the earlier place is settled first. A way is one whole number, so that
        comparing ways is comparing numbers: arrival, hops, lane (by code), from high to low.
        """
        number, zones = self.numbers, self._is_zone
        rest = self._least_minutes(until, services) if until else self._no_rest
        target = number[until] if until else -1
        settled = bytearray(least < 0 for least in rest)
        best = [FAR] * len(number)
        heap: list[tuple[int, int, int]] = []
        here, now, hops, limit = number[origin], minute, 0, FAR
        ways: dict[int, int] = {}
        while True:
            if hops == 0 or not zones[here]:
                hops += 1
                low = hops << RANK_BITS
                latest = now + LONGEST_WAIT
                for departures, arrivals, end, rank in self._board_of(here, now // BLOCK_MINUTES, services):
                    if settled[end] or now + rest[end] > limit:
                        continue
                    place = bisect_left(departures, now)
                    if departures[place] > latest:
                        continue
                    arrives = arrivals[place]
                    way = arrives << WAY_BITS | low | rank
                    if way < best[end]:
                        guess = arrives + rest[end]
                        if guess <= limit:
                            best[end] = way
                            if end == target:
                                limit = arrives
                            heappush(heap, (guess, way, end))
            while heap:
                _, way, here = heappop(heap)
                if not settled[here]:
                    break
            else:
                break
            settled[here] = 1
            ways[here] = way
            if here == target:
                break
            now, hops = way >> WAY_BITS, way >> RANK_BITS & MOST_HOPS
        return Tree(self, origin, minute, ways)

    def _least_minutes(self, destination: str, services: frozenset[str]) -> list[int]:
        """By place: the minutes to a destination on slow days without any waiting; −1 where no way leads there."""
        key = (destination, services)
        found = self._bounds.get(key)
        if found is None:
            least: dict[str, int] = {}
            heap = [(0, destination)]
            while heap:
                minutes, here = heappop(heap)
                if here in least:
                    continue
                least[here] = minutes
                for lane in self._arriving[here]:
                    if lane.service in services and lane.start not in least:
                        most = lane.minutes_max + (lane.release_minutes_max if lane.clears_customs else 0)
                        heappush(heap, (minutes + most, lane.start))
            found = self._bounds[key] = [least.get(code, -1) for code in self.nodes]
        return found

    @cached_property
    def _no_rest(self) -> list[int]:
        return [0] * len(self.nodes)

    @cached_property
    def _arriving(self) -> dict[str, list[Lane]]:
        found: dict[str, list[Lane]] = {code: [] for code in self.nodes}
        for lane in self.lanes:
            found[lane.end].append(lane)
        return found

    @cached_property
    def numbers(self) -> dict[str, int]:
        return {code: number for number, code in enumerate(self.nodes)}

    @cached_property
    def _is_zone(self) -> list[bool]:
        return [node.kind == "zone" for node in self.nodes.values()]

    @cached_property
    def by_rank(self) -> list[Lane]:
        return sorted(self.lanes, key=lambda lane: lane.code)

    @cached_property
    def _leaving_by_rank(self) -> list[list[int]]:
        found: list[list[int]] = [[] for _ in self.nodes]
        for rank, lane in enumerate(self.by_rank):
            found[self.numbers[lane.start]].append(rank)
        return found

    def _board_of(self, here: int, block: int, services: frozenset[str]) -> Board:
        """The departure board of a place for a week: departures and arrivals (both end far away), end, lane."""
        key = (here, block, services)
        found = self._board.get(key)
        if found is None:
            found = self._board[key] = [
                (*self._times(lane, block), self.numbers[lane.end], rank)
                for rank in self._leaving_by_rank[here]
                if (lane := self.by_rank[rank]).service in services
            ]
        return found

    def least(
        self,
        origin: str,
        destination: str,
        minute: int,
        services: frozenset[str],
        price: Callable[[Lane], int],
    ) -> list[Hop] | None:
        """The hops of the least price on slow days, and of those that arrive first; None when no way leads there.

        Ways leave the heap by price, then arrival: a place is looked at again only by a way that is dearer but earlier.
        """
        count = 0  # settles ties without comparing hops
        heap: list[tuple[int, int, int, str, int, tuple[Hop, ...]]] = [(0, minute, 0, origin, 0, ())]
        soonest: dict[str, int] = {}
        while heap:
            paid, now, hops, here, _, way = heappop(heap)
            if here == destination and way:
                return list(way)
            if way:
                if now >= soonest.get(here, FAR):
                    continue
                soonest[here] = now
                if self.nodes[here].kind == "zone":
                    continue
            for lane in self.leaving[here]:
                if lane.service not in services:
                    continue
                departs = self.next_departure(lane, now)
                if departs is not None:
                    arrives = self.arrival(lane, departs, slow=True)
                    if arrives < soonest.get(lane.end, FAR):
                        further = (*way, Hop(lane, departs, arrives))
                        count += 1
                        heappush(heap, (paid + price(lane), arrives, hops + 1, lane.end, count, further))
        return None

    def on_good_days(self, hops: list[Hop], minute: int) -> list[Hop]:
        """The same lanes when every one of them has a good day: the early end of the promise."""
        found = []
        for hop in hops:
            departs = self.next_departure(hop.lane, minute)
            departs = hop.departs if departs is None else departs
            minute = self.arrival(hop.lane, departs, slow=False)
            found.append(Hop(hop.lane, departs, minute))
        return found
