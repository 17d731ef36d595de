"""Exceptions have an owner and a clock; what waits in quarantine is mended by people or by time; streams in any order."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from entrepot.kit.errors import Invalid, NotFound
from entrepot.kit.ids import new_id
from entrepot.logistics.commands import (
    CarrierEvent,
    Repair,
    assign_trouble,
    close_passed_troubles,
    create_consignment,
    open_trouble,
    pack_parcel,
    record_parcel_events,
    repair_quarantined_events,
    retry_quarantined_events,
    settle_trouble,
)
from entrepot.logistics.policy import STATES, tracking_of
from entrepot.logistics.queries import (
    Address,
    ParcelView,
    TroubleCounts,
    open_troubles,
    parcels_by_tracking_no,
    quarantined_events,
    settled_troubles,
    trouble_counts,
)
from tests.make import operator, system

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HERE, THERE = Address("A", "B 1", "46001", "Valencia", "ES"), Address("C", "D 2", "28013", "Madrid", "ES")


def parcel(order_id: int) -> ParcelView:
    create_consignment(
        system(at=AT), order_id=order_id, seller_id=new_id(), purchase_ref="X", market="ES", language="es", origin=HERE,
        destination=THERE, goods=[],
    )  # fmt: skip
    return pack_parcel(system(at=AT), order_id=order_id, weight_g=500)


def test_a_thousand_shuffled_and_repeated_streams_give_one_state() -> None:
    luck = random.Random(11)
    codes = [code for code in STATES if code != "label_created"]
    story = [(luck.choice(codes), AT + timedelta(hours=luck.randint(0, 90))) for _ in range(9)]
    first = parcel(1)
    others = [pack_parcel(system(at=AT), order_id=1, weight_g=500) for _ in range(999)]
    numbers = [each.tracking_no for each in [first, *others]]
    told = []
    for number in numbers:
        mine = [CarrierEvent(number, code, at, "X", f"{number}-{n}") for n, (code, at) in enumerate(story)]
        told += mine + luck.sample(mine, 4)
    luck.shuffle(told)
    late = system(at=AT + timedelta(days=30))
    for start in range(0, len(told), 1_000):
        record_parcel_events(late, source="c", events=told[start : start + 1_000])
    views = parcels_by_tracking_no(late, numbers).values()
    assert len(views) == 1_000
    assert len({(view.state, view.state_at, view.delivered_at, view.handed_over_at) for view in views}) == 1


def test_trouble_has_an_owner_and_a_clock_until_it_passes() -> None:
    box = parcel(1)
    record_parcel_events(
        system(at=AT), source="c", events=[CarrierEvent(box.tracking_no, "customs_held", AT, "LGG", "1")]
    )
    first = open_trouble(system(at=AT), parcel_id=box.id, kind="held", at=AT)
    assert open_trouble(system(at=AT), parcel_id=box.id, kind="held", at=AT) == first
    [shown] = open_troubles(system(), AT + timedelta(hours=23))
    assert (shown.owner_role, shown.is_overdue, shown.due_at) == ("support", False, AT + timedelta(hours=24))
    assert open_troubles(system(), AT + timedelta(hours=25))[0].is_overdue
    assert first is not None
    ana = operator("support", at=AT)
    assert assign_trouble(ana, trouble_id=first, user_id=ana.actor.user_id or 0) == "Support"
    with pytest.raises(Invalid):
        assign_trouble(ana, trouble_id=first, user_id=operator("finance").actor.user_id or 0)
    mine = open_troubles(ana, AT, owner_user_id=ana.actor.user_id, kind="held")
    assert [(each.id, each.owner) for each in mine] == [(first, "Support")]
    assert open_troubles(ana, AT, is_unowned=True) == open_troubles(ana, AT, is_overdue=True) == []
    assert trouble_counts(ana, AT + timedelta(hours=25)) == TroubleCounts(1, 1, 0, {"held": 1})
    with pytest.raises(Invalid):
        settle_trouble(ana, trouble_id=first, note="x" * 401)
    with pytest.raises(Invalid):
        settle_trouble(system(at=AT), trouble_id=first, note="  ")
    assert close_passed_troubles(system(at=AT)) == 0
    later = AT + timedelta(hours=3)
    record_parcel_events(
        system(at=later),
        source="c",
        events=[CarrierEvent(box.tracking_no, "customs_released", later, "LGG", "2")],
    )
    assert close_passed_troubles(system(at=later)) == 1
    assert open_troubles(system(), later) == []
    assert [row.note for row in settled_troubles(system(), later)] == ["the parcel is in_transit"]
    assert open_trouble(system(at=later), parcel_id=box.id, kind="held", at=AT) is None
    with pytest.raises(NotFound):
        settle_trouble(system(at=later), trouble_id=first, note="done")


def test_what_came_too_early_finds_its_parcel_by_itself() -> None:
    known = parcel(1)
    serial = int(known.tracking_no[2:13])
    early = tracking_of(serial + 1)  # the next parcel's number, told before we know it
    told = [
        CarrierEvent(early, "departed", AT, "VLC", "a"),
        CarrierEvent(known.tracking_no, "arrived", AT + timedelta(hours=5), "MAD", "b"),
    ]
    assert record_parcel_events(system(at=AT), source="c", events=told).quarantined == 2
    assert retry_quarantined_events(system(at=AT)) == 0
    assert parcel(2).tracking_no == early
    assert retry_quarantined_events(system(at=AT)) == 1
    assert parcels_by_tracking_no(system(), [early])[early].state == "in_transit"
    assert retry_quarantined_events(system(at=AT + timedelta(hours=6))) == 1
    assert quarantined_events() == []
    assert record_parcel_events(system(at=AT), source="c", events=told[:1]).repeated == 1


def test_events_nobody_can_use_do_not_keep_others_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("entrepot.logistics.commands.troubles.A_RUN", 3)
    known = parcel(1)
    early = tracking_of(int(known.tracking_no[2:13]) + 1)
    never = [CarrierEvent("EP404", "departed", AT, "X", f"n{n}") for n in range(4)]
    odd = [CarrierEvent(early, "beamed_up", AT, "X", "o")]
    record_parcel_events(
        system(at=AT), source="c", events=[*never, *odd, CarrierEvent(early, "departed", AT, "X", "a")]
    )
    assert parcel(2).tracking_no == early
    assert retry_quarantined_events(system(at=AT)) == 1
    assert parcels_by_tracking_no(system(), [early])[early].state == "in_transit"
    assert len(quarantined_events()) == 5


def test_a_person_mends_or_dismisses_what_is_wrong() -> None:
    box = parcel(1)
    told = [
        CarrierEvent(box.tracking_no, "beamed_up", AT, "X", "a"),
        CarrierEvent("EP99", "delivered", AT, "X", "b"),
        CarrierEvent("EP98", "lost", AT, "X", "c"),
    ]
    record_parcel_events(system(at=AT), source="c", events=told)
    with pytest.raises(Invalid):
        repair_quarantined_events(system(at=AT), repairs=[Repair("c", "a", code="beamed_up")])
    with pytest.raises(NotFound):
        repair_quarantined_events(system(at=AT), repairs=[Repair("c", "zzz")])
    assert repair_quarantined_events(system(at=AT), repairs=[Repair("c", "b")]).quarantined == 1
    done = repair_quarantined_events(
        system(at=AT),
        repairs=[
            Repair("c", "a", code="departed"),
            Repair("c", "b", tracking_no=box.tracking_no),
            Repair("c", "c", dismiss=True),
        ],
    )
    assert (done.kept, done.quarantined) == (2, 0)
    assert quarantined_events() == []
    assert parcels_by_tracking_no(system(), [box.tracking_no])[box.tracking_no].state == "delivered"
    with pytest.raises(NotFound):
        repair_quarantined_events(system(at=AT), repairs=[Repair("c", "a")])
