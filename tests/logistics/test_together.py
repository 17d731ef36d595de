"""Parcels of one purchase are brought together at the hub: none lost, none doubled, all delivered with the whole."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.kit.errors import NotFound
from entrepot.kit.ids import new_id
from entrepot.kit.models import OutboxFact
from entrepot.logistics.commands import (
    CarrierEvent,
    create_consignment,
    expect_parcels,
    give_up_bundles,
    hand_over_parcels,
    move_simulated_parcels,
    open_due_cages,
    pack_parcel,
    record_parcel_events,
    run_simulated_sorter,
)
from entrepot.logistics.models import Bundle, Cage, FloorParcel, Parcel, ParcelEvent, QuarantinedEvent
from entrepot.logistics.policy import AT_THE_DOOR, STATES, may_wait_for_others
from entrepot.logistics.queries import (
    Address,
    ParcelView,
    bundle_label,
    bundles_of_hub,
    consignments_of_orders,
    floor_snapshot,
    parcels_by_tracking_no,
    public_track,
    quarantined_events,
)
from tests.logistics.test_floor import scan, told
from tests.make import system

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday
BARCELONA = Address("Casa Roca", "Carrer de Mallorca 1", "08001", "Barcelona", "ES")
VALENCIA = Address("Taller Sol", "Calle Mayor 3", "46001", "Valencia", "ES")
MADRID = Address("Ana García", "Calle de Alcalá 1", "28013", "Madrid", "ES", "+34 600 000 000")
BUYER = new_id()


def sent(
    order_id: int,
    origin: Address,
    *,
    days: int = 6,
    ref: str = "PUR-1",
    at: datetime = AT,
    to: Address = MADRID,
) -> ParcelView:
    create_consignment(
        system(at=at), order_id=order_id, seller_id=new_id(), purchase_ref=ref, market="ES", language="es",
        origin=origin, destination=to, goods=[], buyer_id=BUYER, promised_to=AT.date() + timedelta(days=days),
    )  # fmt: skip
    box = pack_parcel(system(at=at), order_id=order_id, weight_g=900)
    [handed] = hand_over_parcels(system(at=at), parcel_ids=[box.id])
    expect_parcels(system(at=at), parcel_ids=[handed.id])
    return handed


def joined() -> tuple[Bundle, list[ParcelView]]:
    """Two parcels of two sellers, brought together in Madrid."""
    parts = [sent(1, BARCELONA), sent(2, VALENCIA)]
    bundle = Bundle.objects.get()
    open_due_cages(system(at=bundle.due_at))
    cage = Cage.objects.get(hub="MAD", lane="TOGETHER")
    scan(
        "MAD",
        [told("sort", part.tracking_no, bundle.due_at, cage=cage.code) for part in parts],
        at=bundle.due_at,
    )
    bundle.refresh_from_db()
    return bundle, parts


def run(days: int) -> None:
    for hours in range(0, days * 24, 12):
        at = AT + timedelta(hours=hours)
        move_simulated_parcels(system(at=at))
        run_simulated_sorter(system(at=at))
        give_up_bundles(system(at=at))


@pytest.mark.parametrize(
    "wanted, may",
    [([3, 4], True), ([3, 2], False), ([3, None], True), ([None, None], False), ([5], False)],
)
def test_nobody_waits_past_their_day(wanted: list[int | None], may: bool) -> None:
    days = [date(2026, 12, day) if day else None for day in wanted]
    assert may_wait_for_others(date(2026, 12, 3), days) == may


def test_two_sellers_parcels_become_one_delivery() -> None:
    parts = [sent(1, BARCELONA), sent(2, VALENCIA)]
    bundle = Bundle.objects.get()
    assert (bundle.hub, bundle.state, bundle.weight_g) == ("MAD", "planned", 1_800)
    stops = FloorParcel.objects.filter(hub="MAD")
    assert {stop.departs_at for stop in stops} == {bundle.departs_at}
    assert all(view.is_waiting_for_others for view in consignments_of_orders(system(), [1])[1].parcels)
    # People put both into the cage where they wait for each other.
    open_due_cages(system(at=bundle.due_at))
    cage = Cage.objects.get(hub="MAD", lane="TOGETHER")
    now = bundle.due_at + timedelta(minutes=5)
    for part in parts:
        scan(
            "MAD",
            [told("receive", part.tracking_no, now), told("sort", part.tracking_no, now, 1, cage=cage.code)],
            at=now,
        )
        bundle.refresh_from_db()
        assert bundle.state == ("joined" if part is parts[-1] else "planned")
    [shown] = bundles_of_hub(system(at=now), "MAD")
    assert (shown.state, shown.tracking_no) == ("joined", bundle.tracking_no)
    assert {number for number, _state in shown.parts} == {part.tracking_no for part in parts}
    assert b"%PDF" in bundle_label(system(at=now), "MAD", bundle.id)[:8]
    with pytest.raises(NotFound):
        bundle_label(system(at=now), "MAD", new_id())
    assert [each.tracking_no for each in floor_snapshot(system(at=now), "MAD").parcels] == [
        bundle.tracking_no
    ]
    # One scan of the whole moves all of it.
    open_due_cages(system(at=now))
    way_on = Cage.objects.get(hub="MAD", lane=bundle.lane, departs_at=bundle.departs_at)
    answer = scan("MAD", [told("sort", f"(00){bundle.sscc}", now, 2, cage=way_on.code)], at=now)
    assert [each.outcome for each in answer.answers] == ["ok"]
    assert set(FloorParcel.objects.filter(hub="MAD").values_list("state", "cage_id")) == {
        ("sorted", way_on.id)
    }
    run(8)
    views = parcels_by_tracking_no(system(), [part.tracking_no for part in parts]).values()
    assert {view.state for view in views} == {"delivered"}
    assert len({view.delivered_at for view in views}) == 1
    assert all(view.delivered_at and view.delivered_at.date() <= bundle.promised_to for view in views)  # type: ignore[operator]
    assert public_track(bundle.tracking_no).state == "delivered"
    done = OutboxFact.objects.filter(kind="logistics.ParcelDelivered")
    assert sorted(fact.body["order_id"] for fact in done) == [1, 2]


def test_parcels_that_would_be_late_or_go_elsewhere_are_not_joined() -> None:
    sent(1, BARCELONA)
    for order_id, origin, more in (
        (2, VALENCIA, {"days": 1}), (3, VALENCIA, {"ref": "PUR-2"}),
        (4, VALENCIA, {"to": Address("Ana García", "Otra 2", "28013", "Madrid", "ES")}),
    ):  # fmt: skip
        sent(order_id, origin, **more)  # type: ignore[arg-type]
    assert not Bundle.objects.exists()


def test_a_part_that_does_not_come_keeps_the_others_no_longer_than_their_departure() -> None:
    parts = [sent(1, BARCELONA), sent(2, VALENCIA)]
    bundle = Bundle.objects.get()
    FloorParcel.objects.filter(parcel_id=parts[1].id).update(due_at=bundle.departs_at + timedelta(days=3))
    for hours in range(0, 120, 6):
        run_simulated_sorter(system(at=AT + timedelta(hours=hours)))
    assert give_up_bundles(system(at=bundle.departs_at - timedelta(minutes=1))) == 0
    assert give_up_bundles(system(at=bundle.departs_at)) == 1
    assert give_up_bundles(system(at=bundle.departs_at)) == 0
    assert bundles_of_hub(system(at=bundle.departs_at), "MAD") == []
    assert not FloorParcel.objects.filter(lane="TOGETHER").exists()
    run(12)
    assert set(Parcel.objects.of(system()).values_list("state", "joined_no")) == {("delivered", "")}


_codes = st.sampled_from([code for code in STATES if code not in ("label_created", "handed_over")])
_story = st.lists(st.tuples(_codes, st.integers(-20, 90), st.integers(0, 2)), min_size=1, max_size=9)


def test_every_part_is_delivered_exactly_when_the_whole_is() -> None:
    bundle, parts = joined()
    joined_at = bundle.joined_at
    assert joined_at is not None
    numbers = [parts[0].tracking_no, parts[1].tracking_no, bundle.tracking_no]
    late = system(at=AT + timedelta(days=60))
    columns = ("state", "state_at", "place", "handed_over_at", "delivered_at")
    start = dict(Parcel.objects.of(late).values(*columns)[0])
    old = list(ParcelEvent.objects.values_list("id", flat=True))

    @given(_story, st.randoms(use_true_random=False))
    @settings(max_examples=40)
    def check(story: list[tuple[str, int, int]], luck: random.Random) -> None:
        Parcel.objects.of(late).update(**start)
        ParcelEvent.objects.exclude(id__in=old).delete()
        QuarantinedEvent.objects.all().delete()
        events = [
            CarrierEvent(numbers[which], code, joined_at + timedelta(hours=hours), "X", f"{n}")
            for n, (code, hours, which) in enumerate(story)
        ]
        told_again = events + luck.sample(events, len(events) // 2)
        luck.shuffle(told_again)
        cut = luck.randint(0, len(told_again))
        for batch in (told_again[:cut], told_again[cut:], events):
            record_parcel_events(late, source="c", events=batch)
        one, other = Parcel.objects.of(late).order_by("id")
        assert one.delivered_at == other.delivered_at
        assert one.state == other.state
        early = [event for event in events if event.at < joined_at]
        impossible = [event for event in early if event.code in AT_THE_DOOR]
        apart = [
            event for event in early if event not in impossible and event.tracking_no != bundle.tracking_no
        ]
        assert {event.event_id for event in quarantined_events()} == {event.event_id for event in impossible}
        kept = ParcelEvent.objects.exclude(id__in=old).count()
        assert kept == 2 * (len(events) - len(impossible)) - len(apart)  # once with each part it is about
        assert (one.joined_no, other.joined_no) == (bundle.tracking_no,) * 2

    check()
