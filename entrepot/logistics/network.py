"""The network in memory: places, lanes with their timetables, and the earliest arrival through them.

Pure: the same network and instants give the same answer. Time is counted in minutes since 1970 UTC. A later start
never arrives earlier (departures are waited for, journeys last a fixed time), so Dijkstra's search is exact.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST_WAIT_DAYS = 21
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
    _departures: dict[tuple[str, int], int | None] = field(default_factory=dict)

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
        first = self.local_day(lane.start, minute).toordinal()
        for ordinal in range(first, first + LONGEST_WAIT_DAYS):
            departs = self._departure_on(lane, ordinal)
            if departs is not None and departs >= minute:
                return departs
        return None

    def _departure_on(self, lane: Lane, ordinal: int) -> int | None:
        key = (lane.code, ordinal)
        if key in self._departures:
            return self._departures[key]
        day = date.fromordinal(ordinal)
        runs = day.isoweekday() in lane.days and not (
            lane.rests_on_holidays and self._calendars[lane.start].is_holiday(day)
        )
        departs = None
        if runs:
            departs = minute_of(datetime.combine(day, lane.departs_at, self._zones[lane.start]))
        self._departures[key] = departs
        return departs

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
        heap: list[tuple[int, int, str, str, Hop | None]] = [(minute, 0, "", origin, None)]
        settled: dict[str, Hop | None] = {}
        while heap:
            now, hops, _, here, came_by = heapq.heappop(heap)
            if here in settled:
                continue
            settled[here] = came_by
            if here == destination and came_by is not None:
                return self._walk_back(settled, destination, origin)
            if here != origin and self.nodes[here].kind == "zone":
                continue
            for lane in self.leaving[here]:
                if lane.service in services and (lane.end == destination or lane.end not in settled):
                    departs = self.next_departure(lane, now)
                    if departs is not None:
                        arrives = self.arrival(lane, departs, slow=True)
                        hop = Hop(lane, departs, arrives)
                        heapq.heappush(heap, (arrives, hops + 1, lane.code, lane.end, hop))
            if here == origin == destination:
                del settled[here]  # a parcel within one zone still goes through its hub
        return None

    def _walk_back(self, settled: Mapping[str, Hop | None], last: str, origin: str) -> list[Hop]:
        hops: list[Hop] = []
        here = last
        while True:
            hop = settled[here]
            if hop is None:
                break
            hops.append(hop)
            here = hop.lane.start
            if here == origin:
                break
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
