"""The cheapest, the fastest, the one of least CO2: each against trying every way; and what is guaranteed for two days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.kit.errors import Invalid
from entrepot.kit.ids import new_id
from entrepot.kit.models import OutboxFact
from entrepot.logistics.commands import (
    CarrierEvent,
    cancel_consignment,
    create_consignment,
    hand_over_parcels,
    pack_parcel,
    record_parcel_events,
    settle_guarantees,
)
from entrepot.logistics.network import Lane, Network, minute_of
from entrepot.logistics.policy import decide_guarantee
from entrepot.logistics.queries import Address, Place, promise, promise_options, promises_in_bulk
from tests.logistics.test_network import STANDARD, calendar_of, lanes, nodes
from tests.make import system

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday
HERE, THERE = Address("A", "B 1", "46001", "Valencia", "ES"), Address("C", "D 2", "46002", "Valencia", "ES")


def all_ways(
    network: Network, here: str, end: str, minute: int, paid: int, seen: frozenset[str]
) -> list[tuple[int, int]]:
    """(price, arrival) of every way there is, by trying all."""
    found = []
    for lane in network.leaving[here]:
        if lane.end in seen or (network.nodes[lane.end].kind == "zone" and lane.end != end):
            continue
        departs = network.next_departure(lane, minute)
        if departs is None:
            continue
        arrives, price = network.arrival(lane, departs, slow=True), paid + lane.distance_km
        if lane.end == end:
            found.append((price, arrives))
        else:
            found += all_ways(network, lane.end, end, arrives, price, seen | {lane.end})
    return found


@given(lanes(), st.lists(st.integers(1, 5), min_size=12, max_size=12), st.integers(0, 60 * 24 * 20))
@settings(max_examples=200, deadline=None)
def test_no_way_is_cheaper_or_as_cheap_and_earlier(found: list[Lane], prices: list[int], later: int) -> None:
    from dataclasses import replace

    priced = [replace(lane, distance_km=prices[number]) for number, lane in enumerate(found)]
    network = Network(nodes(), priced, calendar_of)
    minute = minute_of(datetime(2026, 11, 28, tzinfo=UTC)) + later
    hops = network.least("A", "Z", minute, STANDARD, lambda lane: lane.distance_km)
    best = min(all_ways(network, "A", "Z", minute, 0, frozenset({"A"})), default=None)
    if best is None:
        assert hops is None
        return
    assert hops is not None
    assert (sum(hop.lane.distance_km for hop in hops), hops[-1].arrives) == best
    now = minute
    for hop in hops:
        assert hop.departs >= now
        now = hop.arrives


def test_the_choices_are_each_best_for_something() -> None:
    options = promise_options(Place("CN", "310000"), Place("ES", "28013"), AT, 900, AT.date())
    by_service = {option.service: option for option in options}
    assert set(by_service) == {"standard", "express", "saver", "green"}
    assert by_service["express"].best_for == ("time",)
    assert by_service["saver"].best_for == ("price",)
    assert by_service["green"].best_for == ("climate",)
    assert by_service["saver"].cost_minor < by_service["standard"].cost_minor
    assert by_service["green"].co2_g < by_service["standard"].co2_g // 5
    assert "YIW-MAD-rail-eco" in by_service["green"].lanes
    [alone] = promise_options(Place("ES", "46001"), Place("ES", "46002"), AT, 900)
    assert alone.best_for == ()


def test_bulk_promises_go_by_arrival_only() -> None:
    with pytest.raises(Invalid):
        promises_in_bulk([], [], *[None] * 4, service="saver")  # type: ignore[arg-type]


def test_two_days_are_guaranteed_where_they_can_be_kept() -> None:
    near = promise(HERE.place, THERE.place, AT, 900, ordered_on=AT.date())
    assert near.guaranteed_by == near.to_on <= AT.date() + timedelta(days=2)
    assert near.guarantee_minor == 500
    assert promise(HERE.place, THERE.place, AT, 900).guaranteed_by is None  # nobody orders
    friday = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
    weekend = promise(HERE.place, THERE.place, friday, 900, ordered_on=friday.date())
    assert weekend.guaranteed_by == date(2026, 11, 30)  # working days count
    far = promise(Place("CN", "310000"), THERE.place, AT, 900, ordered_on=AT.date())
    assert (far.guaranteed_by, far.guarantee_minor) == (None, 0)
    heavy = promise(HERE.place, THERE.place, AT, 29_000, ordered_on=AT.date())
    assert heavy.guarantee_minor == heavy.cost_minor > 500


@pytest.mark.parametrize(
    ("today", "delivered", "tried", "state"),
    [(24, None, None, "open"), (25, 24, None, "kept"), (25, None, None, "open"), (26, None, None, "missed"),
     (26, 26, None, "missed"), (26, 25, None, "kept"), (27, 27, 25, "kept"), (26, None, 26, "missed")],
)  # fmt: skip
def test_when_a_guarantee_is_missed(today: int, delivered: int | None, tried: int | None, state: str) -> None:
    def day(number: int | None) -> date | None:
        return None if number is None else date(2026, 11, number)

    found = decide_guarantee(
        guaranteed_by=date(2026, 11, 25), today=date(2026, 11, today), delivered_on=day(delivered), tried_on=day(tried)
    )  # fmt: skip
    assert found == state


def guaranteed(order_id: int) -> str:
    create_consignment(
        system(at=AT), order_id=order_id, seller_id=new_id(), purchase_ref="X", market="ES", language="es", origin=HERE,
        destination=THERE, goods=[], promised_to=date(2026, 11, 25), guaranteed_by=date(2026, 11, 25),
        guarantee_minor=500, guarantee_currency="EUR",
    )  # fmt: skip
    box = pack_parcel(system(at=AT), order_id=order_id, weight_g=500)
    hand_over_parcels(system(at=AT), parcel_ids=[box.id])
    return box.tracking_no


@pytest.mark.django_db
def test_a_missed_guarantee_is_announced_once_and_a_kept_one_never() -> None:
    kept, late, tried, lost, stopped = (guaranteed(number) for number in range(1, 6))
    events = [
        CarrierEvent(kept, "delivered", AT + timedelta(days=2), "V", "1"),
        CarrierEvent(late, "delivered", AT + timedelta(days=3), "V", "2"),
        CarrierEvent(tried, "delivery_failed", AT + timedelta(days=2), "V", "3"),
    ]
    record_parcel_events(system(at=AT + timedelta(days=4)), source="c", events=events)
    create_consignment(
        system(at=AT), order_id=6, seller_id=new_id(), purchase_ref="X", market="ES", language="es", origin=HERE,
        destination=THERE, goods=[], guaranteed_by=date(2026, 11, 25), guarantee_minor=500, guarantee_currency="EUR",
    )  # fmt: skip
    cancel_consignment(system(at=AT), order_id=6)
    assert lost
    assert stopped
    assert settle_guarantees(system(at=AT + timedelta(days=1))) == 0
    assert settle_guarantees(system(at=AT + timedelta(days=4))) == 3
    assert settle_guarantees(system(at=AT + timedelta(days=5))) == 0
    told = OutboxFact.objects.filter(kind="logistics.PromiseMissed").order_by("id")
    assert {fact.body["order_id"] for fact in told} == {2, 4, 5}
    assert {fact.body["compensation_minor"] for fact in told} == {500}
