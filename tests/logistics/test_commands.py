"""Consignments, parcels and their events, on PostgreSQL."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from entrepot.kit.context import Actor, Context
from entrepot.kit.errors import Invalid, NotAllowed, NotFound
from entrepot.kit.ids import new_id
from entrepot.kit.models import OutboxFact
from entrepot.logistics.commands import (
    CarrierEvent,
    cancel_consignment,
    create_consignment,
    hand_over_parcels,
    move_simulated_parcels,
    pack_parcel,
    record_parcel_events,
    set_ioss_number,
)
from entrepot.logistics.errors import ConsignmentClosed, NoSuchParcel, ParcelNotReady, TooHeavy
from entrepot.logistics.models import Parcel, ParcelEvent
from entrepot.logistics.policy import STATES, is_tracking_no
from entrepot.logistics.queries import (
    Address,
    GoodsItem,
    consignments_of_orders,
    events_of_order,
    late_and_at_risk,
    parcels_by_tracking_no,
    promise_record,
    quarantined_events,
)
from tests.make import system

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday
HANGZHOU = Address("Hangzhou Fine Goods", "88 Wensan Rd", "310000", "Hangzhou", "CN")
VALENCIA = Address("Taller Sol", "Calle Mayor 3", "46001", "Valencia", "ES")
MADRID = Address("Ana García", "Calle de Alcalá 1", "28013", "Madrid", "ES", "+34 600 000 000")


def seller_context(seller_id: UUID, at: datetime = AT) -> Context:
    scopes = frozenset({"orders:fulfil", "orders:read"})
    return Context(Actor("seller", "Taller Sol", seller_id=seller_id), at=at, scopes=scopes)


def open_consignment(seller_id: UUID, order_id: int = 7, *, origin: Address = VALENCIA) -> UUID:
    return create_consignment(
        system(at=AT), order_id=order_id, seller_id=seller_id, purchase_ref="AAAA-BBBBB-CCCCC", market="ES",
        language="es", origin=origin, destination=MADRID,
        goods=[GoodsItem("S-1", "Taza", 2, 400, 1250, "EUR", "691200", "ES")],
        promised_from=AT.date() + timedelta(days=1), promised_to=AT.date() + timedelta(days=3),
    )  # fmt: skip


def facts() -> list[str]:
    return list(OutboxFact.objects.order_by("id").values_list("kind", flat=True))


def run_until(at: datetime, step_hours: int = 6, since: datetime = AT) -> None:
    now = since
    while now <= at:
        move_simulated_parcels(system(at=now))
        now += timedelta(hours=step_hours)


def test_the_same_order_has_one_consignment() -> None:
    seller = new_id()
    assert open_consignment(seller) == open_consignment(seller)


def test_a_parcel_goes_from_the_bench_to_the_door() -> None:
    seller = new_id()
    open_consignment(seller)
    mine = seller_context(seller)
    parcel = pack_parcel(mine, order_id=7, weight_g=900)
    assert is_tracking_no(parcel.tracking_no)
    assert len(parcel.sscc) == 18
    assert parcel.state == "packed"
    [handed] = hand_over_parcels(mine, parcel_ids=[parcel.id])
    assert handed.state == "handed_over"
    assert handed.handed_over_at == AT
    assert handed.expected_on is not None
    run_until(AT + timedelta(days=14))
    shown = consignments_of_orders(mine, [7])[7]
    assert shown.state == "delivered"
    assert shown.parcels[0].state == "delivered"
    assert shown.delivered_at == shown.parcels[0].delivered_at
    told = [event.code for _, event in events_of_order(7)]
    assert told[0] == "handed_over"
    assert told[-1] == "delivered"
    assert facts()[:2] == ["logistics.ParcelPacked", "logistics.ParcelHandedOver"]
    assert facts().count("logistics.ParcelDelivered") == 1
    # The clock moves on; nothing is told twice.
    count = ParcelEvent.objects.count()
    run_until(AT + timedelta(days=20), since=AT + timedelta(days=15))
    assert ParcelEvent.objects.count() == count


def test_the_journey_from_china_passes_customs() -> None:
    seller = new_id()
    open_consignment(seller, origin=HANGZHOU)
    set_ioss_number(system(at=AT), order_id=7, ioss_no="IM7240000000")
    parcel = pack_parcel(system(at=AT), order_id=7, weight_g=900)
    hand_over_parcels(system(at=AT), parcel_ids=[parcel.id])
    run_until(AT + timedelta(days=20))
    told = [(event.code, event.place) for _, event in events_of_order(7)]
    assert ("customs_presented", "Liège") in told
    assert ("customs_released", "Liège") in told
    times = [event.at for _, event in events_of_order(7)]
    assert times == sorted(times)


def test_the_consignment_is_delivered_with_its_last_parcel() -> None:
    seller = new_id()
    open_consignment(seller)
    mine = seller_context(seller)
    boxes = [pack_parcel(mine, order_id=7, weight_g=500) for _ in range(2)]
    hand_over_parcels(mine, parcel_ids=[box.id for box in boxes])
    for number, box in enumerate(boxes):
        at = AT + timedelta(days=number + 1)
        record_parcel_events(
            system(at=at), source="c", events=[CarrierEvent(box.tracking_no, "delivered", at, "Madrid", f"e{number}")]
        )  # fmt: skip
        whole = [
            fact.body["all_delivered"]
            for fact in OutboxFact.objects.filter(kind="logistics.ParcelDelivered").order_by("id")
        ]
        assert whole == [False, True][: number + 1]
    shown = consignments_of_orders(system(), [7])[7]
    assert shown.state == "delivered"
    assert shown.delivered_at == AT + timedelta(days=2)


def test_events_shuffled_and_repeated_give_the_same_parcel() -> None:
    luck = random.Random(7)
    seller = new_id()
    codes = [code for code in STATES if code not in ("label_created",)]
    made = []
    for order_id in range(100, 110):
        open_consignment(seller, order_id)
        made.append(pack_parcel(system(at=AT), order_id=order_id, weight_g=500).tracking_no)
    stories = [
        [CarrierEvent("", luck.choice(codes), AT + timedelta(hours=luck.randint(0, 90)), "X", f"{n}") for n in range(8)]
        for _ in range(5)
    ]  # fmt: skip
    late = system(at=AT + timedelta(days=30))
    for story in stories:
        states = set()
        Parcel.objects.of(late).update(state="packed", delivered_at=None, handed_over_at=None)
        ParcelEvent.objects.all().delete()
        for number in made:
            told = [
                CarrierEvent(number, event.code, event.at, event.place, f"{number}-{event.event_id}")
                for event in story
            ]
            told += luck.sample(told, 4)
            luck.shuffle(told)
            cut = luck.randint(0, len(told))
            record_parcel_events(late, source="c", events=told[:cut])
            record_parcel_events(late, source="c", events=told[cut:])
            record_parcel_events(late, source="c", events=told)
            view = parcels_by_tracking_no(late, [number])[number]
            states.add((view.state, view.state_at, view.delivered_at, view.handed_over_at))
        assert len(states) == 1, story


def test_odd_events_wait_in_quarantine() -> None:
    seller = new_id()
    open_consignment(seller)
    parcel = pack_parcel(system(at=AT), order_id=7, weight_g=500)
    told = [
        CarrierEvent("EP0000000009999", "arrived", AT, "X", "a"),
        CarrierEvent(parcel.tracking_no, "beamed_up", AT, "X", "b"),
        CarrierEvent(parcel.tracking_no, "arrived", AT + timedelta(hours=2), "X", "c"),
        CarrierEvent(parcel.tracking_no, "arrived", AT, "X", "d"),
    ]
    done = record_parcel_events(system(at=AT), source="c", events=told)
    assert (done.kept, done.repeated, done.quarantined) == (1, 0, 3)
    again = record_parcel_events(system(at=AT), source="c", events=told)
    assert (again.kept, again.repeated) == (0, 1)
    assert {event.reason for event in quarantined_events()} == {
        "unknown_parcel", "unknown_code", "from_the_future",
    }  # fmt: skip
    assert len(quarantined_events()) == 3


def test_what_cannot_be_read_stops_no_other_event() -> None:
    open_consignment(new_id())
    parcel = pack_parcel(system(at=AT), order_id=7, weight_g=500)
    number = parcel.tracking_no
    told = [
        CarrierEvent(number, "departed", AT, "X", "e" * 81),
        CarrierEvent(number, "departed", AT, "X", ""),
        CarrierEvent(number, "departed", AT, "a\0b", "nul"),
        CarrierEvent(number, "departed", AT, "\ud800", "half a character"),
        CarrierEvent(number, "departed", AT.replace(tzinfo=None), "X", "no zone"),
        CarrierEvent(number, "departed", datetime.min.replace(tzinfo=UTC), "X", "before time"),
        CarrierEvent("\0" * 50, "?" * 90, datetime.max.replace(tzinfo=UTC), "\0" * 90, "after time"),
        CarrierEvent(number, "departed", AT, "X", "good"),
    ]
    done = record_parcel_events(system(at=AT), source="c", events=told)
    assert (done.kept, done.repeated, done.quarantined) == (1, 0, 7)
    assert record_parcel_events(system(at=AT), source="c", events=told).repeated == 1
    assert [event.reason for event in quarantined_events()] == ["unreadable"] * 7
    assert parcels_by_tracking_no(system(), [number])[number].state == "in_transit"


def test_refusals_change_nothing() -> None:
    seller, other = new_id(), new_id()
    open_consignment(seller)
    mine = seller_context(seller)
    with pytest.raises(NotFound):
        pack_parcel(seller_context(other), order_id=7, weight_g=500)
    with pytest.raises(Invalid):
        pack_parcel(mine, order_id=7, weight_g=0)
    with pytest.raises(TooHeavy):
        pack_parcel(mine, order_id=7, weight_g=40_000)
    with pytest.raises(NotAllowed):
        record_parcel_events(mine, source="c", events=[])
    assert Parcel.objects.of(mine).count() == 0
    parcel = pack_parcel(mine, order_id=7, weight_g=500)
    with pytest.raises(NoSuchParcel):
        hand_over_parcels(seller_context(other), parcel_ids=[parcel.id])
    hand_over_parcels(mine, parcel_ids=[parcel.id])
    with pytest.raises(ParcelNotReady):
        hand_over_parcels(mine, parcel_ids=[parcel.id])
    with pytest.raises(ConsignmentClosed):
        pack_parcel(mine, order_id=7, weight_g=500)
    assert cancel_consignment(mine, order_id=7) is False
    assert parcels_by_tracking_no(seller_context(other), [parcel.tracking_no]) == {}
    assert consignments_of_orders(seller_context(other), [7]) == {}


def test_a_cancelled_consignment_takes_no_parcel() -> None:
    seller = new_id()
    open_consignment(seller)
    assert cancel_consignment(seller_context(seller), order_id=7) is True
    with pytest.raises(ConsignmentClosed):
        pack_parcel(seller_context(seller), order_id=7, weight_g=500)


def test_late_and_troubled_parcels_are_listed_worst_first() -> None:
    seller = new_id()
    for order_id in (1, 2, 3):
        open_consignment(seller, order_id)
        parcel = pack_parcel(system(at=AT), order_id=order_id, weight_g=500)
        hand_over_parcels(system(at=AT), parcel_ids=[parcel.id])
        if order_id == 2:
            record_parcel_events(
                system(at=AT),
                source="c",
                events=[CarrierEvent(parcel.tracking_no, "lost", AT, "Madrid", "x")],
            )
        if order_id == 3:
            done = AT + timedelta(days=2)
            told = [CarrierEvent(parcel.tracking_no, "delivered", done, "Madrid", "y")]
            record_parcel_events(system(at=done), source="c", events=told)
    on_time = late_and_at_risk(system(), AT.date())
    assert [(late.parcel.order_id, late.why) for late in on_time] == [(2, "lost")]
    week = late_and_at_risk(system(), AT.date() + timedelta(days=8))
    assert {(late.parcel.order_id, late.why, late.days_late) for late in week} == {
        (1, "late", 5),
        (2, "lost", 5),
    }
    record = promise_record(system(), AT, AT + timedelta(days=9))
    assert (record.delivered, record.on_time, record.days_late) == (1, 1, {-1: 1})


def test_reading_consignments_takes_two_statements(django_assert_num_queries: object) -> None:
    seller = new_id()
    for order_id in range(5):
        open_consignment(seller, order_id)
        pack_parcel(system(at=AT), order_id=order_id, weight_g=500)
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert len(consignments_of_orders(system(), range(5))) == 5
