"""`entrepot parcels` at the command line."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner

from entrepot.cli.parcels import parcels
from entrepot.kit import clock
from entrepot.kit.ids import new_id
from entrepot.logistics.commands import (
    CarrierEvent,
    create_consignment,
    hand_over_parcels,
    pack_parcel,
    record_parcel_events,
)
from entrepot.logistics.queries import Address
from tests.make import system

pytestmark = pytest.mark.django_db

HERE, THERE = Address("A", "B 1", "46001", "Valencia", "ES"), Address("C", "D 2", "28013", "Madrid", "ES")


def test_late_kept_and_odd_parcels_are_told() -> None:
    now = clock.now()
    start = now - timedelta(days=9)
    numbers = []
    for order_id in (1, 2):
        create_consignment(
            system(at=start), order_id=order_id, seller_id=new_id(), purchase_ref="X", market="ES", language="es",
            origin=HERE, destination=THERE, goods=[], promised_to=(now - timedelta(days=5)).date(),
        )  # fmt: skip
        box = pack_parcel(system(at=start), order_id=order_id, weight_g=500)
        hand_over_parcels(system(at=start), parcel_ids=[box.id])
        numbers.append(box.tracking_no)
    door = now - timedelta(days=6)
    told = [
        CarrierEvent(numbers[0], "delivered", door, "Madrid", "a"),
        CarrierEvent("EP99", "arrived", door, "?", "b"),
    ]
    record_parcel_events(system(at=now), source="c", events=told)

    def run(*words: str) -> str:
        done = CliRunner().invoke(parcels, list(words), catch_exceptions=False)
        assert done.exit_code == 0
        return done.stdout

    assert [row["parcel"]["tracking_no"] for row in json.loads(run("late", "--json"))] == [numbers[1]]
    assert numbers[1] in run("late")
    assert json.loads(run("promises", "--json"))["on_time"] == 1
    assert "1 delivered, 1 on time (100.0 %)" in run("promises")
    assert json.loads(run("quarantine", "--json"))[0]["reason"] == "unknown_parcel"
    assert "EP99" in run("quarantine")
