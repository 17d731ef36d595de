"""The network in memory: places, lanes with their timetables, and the earliest arrival through them.

Pure: the same network and instants give the same answer. Time is counted in minutes since 1970 UTC. A later start
never arrives earlier (departures are waited for, journeys last a fixed time), so Dijkstra's search is exact.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
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
    """A place: a hub, gateway or customs point, or a `zone` of addresses where journeys begin and end."""

    code: str
    kind: str  # gateway | customs | hub | zone
    name: str
    country: str
    region: str
    time_zone: str
    latitude: str = ""
    longitude: str = ""


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
    late_bp: int = 0
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


@dataclass
class Network:
    """Nodes and lanes with their calendars."""

    nodes: Mapping[str, Node]
    lanes: Iterable[Lane]
    calendar_of: Callable[[Node], Calendar]
    _timetable: dict[tuple[str, int], tuple[list[int], list[int]]] = field(default_factory=dict)

    _bounds: dict[tuple[str, frozenset[str]], dict[str, int]] = field(default_factory=dict)
    _board: dict[tuple[str, int, frozenset[str]], list[tuple[Lane, str, str, list[int], list[int]]]] = field(
        default_factory=dict
    )

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
        return instant(minute).astimezone(self._zones[code]).date()

    def next_departure(self, lane: Lane, minute: int) -> int | None:
        """The first departure at or after a minute; None when none comes within three weeks."""
        departures, _ = self._times(lane, minute // BLOCK_MINUTES)
        place = bisect_left(departures, minute)
        if place == len(departures) or departures[place] > minute + LONGEST_WAIT_DAYS * DAY_MINUTES:
            return None
        return departures[place]

    def departures(self, lane: Lane, block: int) -> list[int]:
        """A lane's departures of a week (`minute // BLOCK_MINUTES`) and of the longest wait after it."""
        return self._times(lane, block)[0]

    def _times(self, lane: Lane, block: int) -> tuple[list[int], list[int]]:
        """A lane's departures over a week and the longest wait after them, and when each arrives on slow days."""
        found = self._timetable.get((lane.code, block))
        if found is None:
            first = self.local_day(lane.start, block * BLOCK_MINUTES).toordinal()
            days = range(first, first + BLOCK_DAYS + LONGEST_WAIT_DAYS + 2)
            departures = [
                departs for ordinal in days if (departs := self._departure_on(lane, ordinal)) is not None
            ]
            found = departures, [self.arrival(lane, departs, slow=True) for departs in departures]
            self._timetable[lane.code, block] = found
        return found

    def _departure_on(self, lane: Lane, ordinal: int) -> int | None:
        day = date.fromordinal(ordinal)
        runs = day.isoweekday() in lane.days and not (
            lane.rests_on_holidays and self._calendars[lane.start].is_holiday(day)
        )
        if not runs:
            return None
        return minute_of(datetime.combine(day, lane.departs_at, self._zones[lane.start]))

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
        day, calendar = self.local_day(code, minute), self._calendars[code]
        while not calendar.is_working_day(day):
            day += timedelta(days=1)
        return max(minute, minute_of(datetime.combine(day, opens, self._zones[code])))

    def earliest(
        self, origin: str, destination: str, minute: int, services: frozenset[str]
    ) -> list[Hop] | None:
        """The hops that arrive first even on slow days; None when no way leads there.

        A zone is only ever the first or the last place. Equal arrivals: the fewest hops, then the lane code.
        """
        tree = self.tree(origin, minute, services, until=destination)
        return self.walk(tree, origin, destination)

    def tree(self, origin: str, minute: int, services: frozenset[str], until: str = "") -> dict[str, Hop]:
        """The last hop to every place that can be reached; with `until`, to the places looked at on the way there.

        Towards one place the search is led by the time the rest would take without waiting (it never overestimates),
        and finds the same hops: of equal guesses the earlier place is settled first.
        """
        bounds = self._least_minutes(until, services) if until else None
        zones, longest = self._zone_codes, LONGEST_WAIT_DAYS * DAY_MINUTES
        heap: list[tuple[int, int, int, str, str, int, Lane]] = []
        best: dict[str, tuple[int, int, str]] = {}
        came_by: dict[str, Hop] = {}

        def relax(here: str, now: int, hops: int) -> None:
            for lane, end, code, departures, arrivals in self._boards(here, now // BLOCK_MINUTES, services):
                if end in came_by:
                    continue
                rest = 0
                if bounds is not None:
                    if end not in bounds:
                        continue
                    rest = bounds[end]
                place = bisect_left(departures, now)
                if place == len(departures) or departures[place] > now + longest:
                    continue
                arrives = arrivals[place]
                known = best.get(end)
                if known is None or arrives < known[0] or (arrives, hops, code) < known:
                    best[end] = (arrives, hops, code)
                    heappush(heap, (arrives + rest, arrives, hops, code, end, departures[place], lane))

        relax(origin, minute, 1)
        while heap:
            _, now, hops, _, here, departs, lane = heappop(heap)
            if here in came_by:
                continue
            came_by[here] = Hop(lane, departs, now)
            if here == until:
                break
            if here not in zones:
                relax(here, now, hops + 1)
        return came_by

    def _least_minutes(self, destination: str, services: frozenset[str]) -> dict[str, int]:
        """By place: the minutes to a destination on slow days without any waiting; places from which no way leads are absent."""
        key = (destination, services)
        found = self._bounds.get(key)
        if found is None:
            found = {}
            heap = [(0, destination)]
            while heap:
                minutes, here = heappop(heap)
                if here in found:
                    continue
                found[here] = minutes
                for lane in self._arriving[here]:
                    if lane.service in services and lane.start not in found:
                        least = lane.minutes_max + (lane.release_minutes_max if lane.clears_customs else 0)
                        heappush(heap, (minutes + least, lane.start))
            self._bounds[key] = found
        return found

    @cached_property
    def _arriving(self) -> dict[str, list[Lane]]:
        found: dict[str, list[Lane]] = {code: [] for code in self.nodes}
        for lane in self.lanes:
            found[lane.end].append(lane)
        return found

    @cached_property
    def _zone_codes(self) -> frozenset[str]:
        return frozenset(code for code, node in self.nodes.items() if node.kind == "zone")

    def _boards(
        self, here: str, block: int, services: frozenset[str]
    ) -> list[tuple[Lane, str, str, list[int], list[int]]]:
        """The departure board of a place for a week: lane, end, code, departures, arrivals."""
        key = (here, block, services)
        found = self._board.get(key)
        if found is None:
            found = [
                (lane, lane.end, lane.code, *self._times(lane, block))
                for lane in self.leaving[here]
                if lane.service in services
            ]
            self._board[key] = found
        return found

    def walk(self, tree: Mapping[str, Hop], origin: str, destination: str) -> list[Hop] | None:
        """The hops of a tree to one place; None when it is not in the tree."""
        if destination not in tree:
            return None
        hops = [tree[destination]]
        while hops[-1].lane.start != origin:
            hops.append(tree[hops[-1].lane.start])
        return hops[::-1]

    def on_good_days(self, hops: list[Hop], minute: int) -> list[Hop]:
        """The same lanes when every one of them has a good day: the early end of the promise."""
        found = []
        for hop in hops:
            departs = self.next_departure(hop.lane, minute)
            departs = hop.departs if departs is None else departs
            minute = self.arrival(hop.lane, departs, slow=False)
            found.append(Hop(hop.lane, departs, minute))
        return found
