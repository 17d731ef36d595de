"""What a worker's device asks over HTTP: whose a scan is, whoever is signed in when it comes home."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from entrepot.kit import clock
from entrepot.kit.ids import new_id
from entrepot.logistics.models import FloorScan
from entrepot.parties.models import User
from tests import make

pytestmark = pytest.mark.django_db


def test_a_queued_scan_stays_its_workers_whoever_sends_it() -> None:
    ana, iker = make.operator("hub", at=clock.now()), make.operator("hub", at=clock.now())
    User.objects.filter(pk=iker.actor.user_id).update(name="Iker")
    phone = Client()
    phone.force_login(User.objects.get(pk=ana.actor.user_id))
    told = phone.get("/hub/MAD/state").json()
    phone.force_login(
        User.objects.get(pk=iker.actor.user_id)
    )  # the next shift signs in before the phone had a network

    def scan(worker: str) -> dict[str, Any]:
        return {"id": str(new_id()), "kind": "receive", "code": "EP1", "at": clock.now().isoformat(), "seq": 1,
                "worker": worker}  # fmt: skip

    forged = told["pass"][:-2] + ("aa" if not told["pass"].endswith("aa") else "bb")
    scans = [scan(told["pass"]), scan(""), scan(forged)]
    body = {"device": "phone-1", "sent_at": clock.now().isoformat(), "scans": scans}
    assert phone.post("/hub/MAD/sync", json.dumps(body), content_type="application/json").status_code == 200
    kept = {str(row.id): (row.worker, row.sent_by) for row in FloorScan.objects.all()}
    assert [kept[each["id"]] for each in scans] == [("Hub", "Iker"), ("Iker", ""), ("?", "Iker")]
    assert "sent by Iker" in phone.get("/hub/MAD/shift", headers={"accept-language": "en"}).content.decode()
