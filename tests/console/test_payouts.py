"""Two people let a large payout go, through the console's door."""

from __future__ import annotations

import pytest
from django.test import Client

from entrepot.kit.models import AuditEntry
from entrepot.parties.models import User
from entrepot.settlement.commands.payouts import cut_payouts
from entrepot.settlement.queries import payout_by_id
from tests import make
from tests.settlement.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def desk(role: str) -> Client:
    """A browser in which an operator of this role has signed in."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.get(pk=make.operator(role).actor.user_id or 0))
    return client


def test_two_people_let_it_go() -> None:
    world = World()
    order = world.order(goods=900_000)
    world.pay(order)
    world.complete(order)
    [payout_id] = cut_payouts(world.ctx())
    first, second = desk("finance"), desk("manager")
    page = first.get("/console/payouts/").content.decode()
    assert "0 of 2 approvals" in page
    assert "€7,911.00" in page
    assert "ES91 … 1332" in page
    there = f"/console/payouts/{payout_id}/approve"
    assert first.post(there).status_code == 303
    again = first.post(there)
    assert again.status_code == 403
    assert payout_by_id(world.ctx(), payout_id)[0].state == "waiting"
    assert "1 of 2 approvals" in second.get("/console/payouts/").content.decode()
    assert second.post(there).status_code == 303
    assert payout_by_id(world.ctx(), payout_id)[0].state == "ready"
    assert second.post(there).status_code == 409
    assert "Nothing waits." in second.get("/console/payouts/").content.decode()
    assert AuditEntry.objects.filter(command="settlement.approve_payout").count() >= 2
