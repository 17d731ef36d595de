"""The search through the lanes against a slow twin that tries every way, and calendars."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.logistics.network import Calendar, Lane, Network, Node, instant, minute_of

STANDARD = frozenset({"standard"})
PLACES = ["A", "B", "C", "D", "E", "Z"]
HOLIDAY = date(2026, 12, 8)


def calendar_of(node: Node) -> Calendar:
    return Calendar(
        is_working_day=lambda day: day.weekday() < 5 and day != HOLIDAY, is_holiday=lambda day: day == HOLIDAY
    )


def nodes() -> dict[str, Node]:
    zones = ["Europe/Madrid", "Asia/Shanghai", "America/New_York", "UTC", "Europe/London", "Europe/Madrid"]
    return {
        code: Node(code, "zone" if code in "AZ" else "hub", code, "ES", "", zone)
        for code, zone in zip(PLACES, zones, strict=True)
    }


@st.composite
def lanes(draw: st.DrawFn) -> list[Lane]:
    found = []
    for number in range(draw(st.integers(1, 12))):
        start, end = draw(st.permutations(PLACES))[:2]
        good = draw(st.integers(0, 40)) * 30
        found.append(
            Lane(
                code=f"L{number}", start=start, end=end, mode="road", operator="x", service="standard",
                days=frozenset(draw(st.sets(st.integers(1, 7), min_size=1))),
                departs_at=time(draw(st.integers(0, 23)), draw(st.sampled_from([0, 30]))),
                minutes_min=good, minutes_max=good + draw(st.integers(0, 40)) * 30,
                clears_customs=draw(st.booleans()), release_minutes_min=60, release_minutes_max=600,
                rests_on_holidays=draw(st.booleans()),
            )
        )  # fmt: skip
    return found


def every_way(network: Network, here: str, end: str, minute: int, seen: frozenset[str]) -> int | None:
    """The earliest arrival by trying all ways: no queue, no memory."""
    best = None
    for lane in network.leaving[here]:
        if lane.end in seen or (network.nodes[lane.end].kind == "zone" and lane.end != end):
            continue
        departs = network.next_departure(lane, minute)
        if departs is None:
            continue
        arrives = network.arrival(lane, departs, slow=True)
        reached = (
            arrives if lane.end == end else every_way(network, lane.end, end, arrives, seen | {lane.end})
        )
        if reached is not None and (best is None or reached < best):
            best = reached
    return best


@given(lanes(), st.integers(0, 60 * 24 * 20))
@settings(max_examples=200, deadline=None)
def test_the_search_finds_what_trying_everything_finds(found: list[Lane], later: int) -> None:
    network = Network(nodes(), found, calendar_of)
    minute = minute_of(datetime(2026, 11, 28, tzinfo=UTC)) + later
    hops = network.earliest("A", "Z", minute, STANDARD)
    best = every_way(network, "A", "Z", minute, frozenset({"A"}))
    assert (hops[-1].arrives if hops else None) == best
    assert network.tree("A", minute, STANDARD).hops("Z") == hops  # led or not, the same hops
    if hops:
        assert [hop.lane.start for hop in hops] == ["A", *(hop.lane.end for hop in hops[:-1])]
        now = minute
        for hop in hops:
            assert hop.departs >= now
            now = hop.arrives
        good = network.on_good_days(hops, minute)
        assert all(early.arrives <= slow.arrives for early, slow in zip(good, hops, strict=True))
        assert calendar_of(network.nodes["Z"]).is_working_day(network.local_day("Z", good[-1].arrives))
        assert calendar_of(network.nodes["Z"]).is_working_day(network.local_day("Z", hops[-1].arrives))


@given(st.integers(0, 60 * 24 * 400), st.integers(0, 60 * 24 * 20), lanes())
@settings(max_examples=200, deadline=None)
def test_starting_later_never_arrives_earlier(first: int, later: int, found: list[Lane]) -> None:
    network = Network(nodes(), found, calendar_of)
    minute = minute_of(datetime(2026, 1, 1, tzinfo=UTC)) + first
    for lane in found:
        early, late = network.next_departure(lane, minute), network.next_departure(lane, minute + later)
        if early is not None and late is not None:
            assert network.arrival(lane, early, slow=True) <= network.arrival(lane, late, slow=True)


def test_goods_are_never_ready_before_they_are() -> None:
    at = datetime(2026, 11, 20, 10, 0, 1, tzinfo=UTC)
    assert instant(minute_of(at)) >= at
    assert instant(minute_of(at)) - at < timedelta(minutes=1)


def test_a_departure_keeps_its_local_time_when_the_clocks_change() -> None:
    lane = Lane(
        "L", "A", "B", "road", "x", "standard", frozenset(range(1, 8)), time(17), 60, 60,
    )  # fmt: skip
    network = Network(nodes(), [lane], calendar_of)
    summer = network.next_departure(lane, minute_of(datetime(2026, 10, 24, 0, 0, tzinfo=UTC)))
    winter = network.next_departure(lane, minute_of(datetime(2026, 10, 25, 0, 0, tzinfo=UTC)))
    assert summer is not None
    assert winter is not None
    assert (instant(summer).hour, instant(winter).hour) == (15, 16)
