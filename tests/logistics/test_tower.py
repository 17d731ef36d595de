"""The control tower and the public page of a parcel."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from entrepot.kit.errors import NotAllowed
from entrepot.logistics.errors import NoSuchParcel
from entrepot.logistics.models import Parcel
from entrepot.logistics.queries import (
    count_late_and_at_risk,
    late_and_at_risk,
    parcel_sheet,
    promise_record,
    public_track,
    tower,
)
from tests.logistics.test_floor import AT, parcels
from tests.make import operator, system, visitor

pytestmark = pytest.mark.django_db


def test_every_parcel_in_flight_is_on_one_lane_and_in_one_flow() -> None:
    found = parcels(4)
    ctx = operator("support", at=AT + timedelta(hours=1))
    view = tower(ctx)
    assert (
        view.in_flight
        == sum(lane.parcels for lane in view.lanes)
        == sum(flow.parcels for flow in view.flows)
        == 4
    )
    Parcel.objects.of(ctx).filter(id=found[0].id).update(state="held")
    Parcel.objects.of(ctx).filter(id=found[1].id).update(state="delivered", delivered_at=AT)
    view = tower(ctx)
    assert (view.in_flight, view.trouble) == (3, 1)
    assert {flow.outcome for flow in view.flows} == {"trouble", "on_time", "on_way"}
    assert tower(ctx, market="FR").in_flight == 0


def test_promises_are_counted_by_the_calendar_of_the_door_and_the_worst_come_first() -> None:
    found = parcels(4)
    ctx = operator("support", at=AT + timedelta(days=9))
    rows, day = Parcel.objects.of(ctx), AT.date()
    midnight = datetime(2026, 11, 26, 23, 30, tzinfo=UTC)  # the 27th in Madrid
    rows.filter(id=found[0].id).update(promised_to=day + timedelta(days=3), delivered_at=midnight)
    rows.filter(id=found[1].id).update(promised_to=day + timedelta(days=5), delivered_at=midnight)
    record = promise_record(ctx, AT, ctx.at)
    assert (record.delivered, record.on_time, record.days_late) == (2, 1, {-1: 1, 1: 1})
    rows.filter(id=found[2].id).update(
        promised_to=day + timedelta(days=4), expected_on=day + timedelta(days=1)
    )
    rows.filter(id=found[3].id).update(state="held", promised_to=None)
    late = late_and_at_risk(ctx, ctx.at.date())
    assert [(each.parcel.id, each.why, each.days_late) for each in late] == [
        (found[2].id, "late", 5), (found[3].id, "held", 0),
    ]  # fmt: skip
    assert len(late_and_at_risk(ctx, ctx.at.date(), limit=1)) == 1
    assert count_late_and_at_risk(ctx, ctx.at.date()) == 2


def test_a_parcel_from_all_sides() -> None:
    [one] = parcels(1)
    sheet = parcel_sheet(operator("manager", at=AT), one.tracking_no)
    assert [stop.hub for stop in sheet.stops] == ["BCN", "MAD"]
    assert sheet.route[0][0] == "ES-CT"
    assert sheet.customs_state == "not_needed"


def test_who_may_not_look_sees_nothing() -> None:
    [one] = parcels(1)
    for ctx in (visitor(at=AT), operator("hub", at=AT), operator("finance", at=AT)):
        with pytest.raises(NotAllowed):
            tower(ctx)
        with pytest.raises(NotAllowed):
            parcel_sheet(ctx, one.tracking_no)
    with pytest.raises(NoSuchParcel):
        parcel_sheet(system(at=AT), "EP1")


def test_the_public_page_tells_no_personal_data() -> None:
    [one] = parcels(1)
    told = str(asdict(public_track(one.tracking_no)))
    page = Client().get(f"/t/{one.tracking_no}")
    assert page.status_code == 200
    assert '<html lang="es"' in page.content.decode()
    for text in (told, page.content.decode()):
        assert one.tracking_no in text
        for secret in (
            "Ana",
            "García",
            "Alcalá",
            "28013",
            "08001",
            "Casa Roca",
            "600 000",
            "AAAA-BBBBB",
            str(one.seller_id),
            str(one.order_id),
        ):
            assert secret not in text, secret
    for wrong in ("EP1", one.tracking_no[:-1] + "0", "x" * 200, "EP0000000000099"):
        if wrong != one.tracking_no:
            with pytest.raises(NoSuchParcel):
                public_track(wrong)
    assert Client().get("/t/EP1").status_code == 404


def test_guessing_numbers_is_stopped() -> None:
    guesser = Client()
    answers = [guesser.get(f"/t/EP{number:013d}").status_code for number in range(32)]
    assert answers[0] == 404
    assert answers[-1] == 429
