"""What banks and providers say against the books: differences wait with an owner until they have a cause."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from entrepot.kit.errors import Invalid, NotAllowed, NotFound
from entrepot.kit.ids import new_id
from entrepot.ledger.queries import AccountRef, balance_of
from entrepot.payments.adapters.sandbox.models import SandboxCheckout
from entrepot.payments.queries import provider_report
from entrepot.settlement.commands.reconcile import assign_item, close_day, find_differences, take_item
from entrepot.settlement.errors import CauseUnfit, ItemClosed
from entrepot.settlement.queries import day_closes, ledger_transfer, open_items
from tests import make
from tests.settlement.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> World:
    """Orders paid and partly refunded long enough ago to be settled."""
    world = World()
    for goods in (4000, 1250):
        order = world.order(goods=goods)
        world.pay(order)
        world.refund(order, 250)
    world.at += timedelta(days=1)
    return world


def overcharge(world: World, minor: int) -> Any:
    """The provider says it took more for the last payment than we know of."""
    row = SandboxCheckout.objects.get(reference=list(world.payments.values())[-1])
    row.amount_minor += minor
    row.save()
    return row


def test_a_day_on_which_everything_is_explained(world: World) -> None:
    report = provider_report("sandbox", since=world.at - timedelta(days=9), until=world.at)
    assert sum(line.minor for line in report) == balance_of(AccountRef("provider_clearing", "sandbox", "EUR"))
    assert find_differences(world.ctx()) == 0
    close_day(world.ctx())
    close_day(world.ctx())
    days = day_closes(world.ctx())
    assert [(one.is_clean, one.unexplained) for one in days] == [(True, ())]


def test_a_difference_waits_until_somebody_says_what_it_was(world: World) -> None:
    overcharge(world, 77)
    assert find_differences(world.ctx()) == 1
    assert find_differences(world.ctx()) == 0
    close_day(world.ctx())
    assert [(one.is_clean, one.unexplained) for one in day_closes(world.ctx())] == [(False, (("EUR", 77),))]
    item = open_items(world.ctx())[0]
    assert (item.minor, item.currency, item.reason) == (77, "EUR", "other_amount")
    person = make.operator("finance", at=world.at)
    take_item(person, item_id=item.item_id)
    assert open_items(world.ctx())[0].owner == person.actor.label
    clearing = AccountRef("provider_clearing", "sandbox", "EUR")
    before = balance_of(clearing)
    with pytest.raises(CauseUnfit):
        assign_item(person, item_id=item.item_id, cause="provider_fee", note="money that came is no fee")
    with pytest.raises(CauseUnfit):
        assign_item(person, item_id=item.item_id, cause="nonsense", note="x")
    with pytest.raises(Invalid):
        assign_item(person, item_id=item.item_id, cause="gift", note=" ")
    assert balance_of(clearing) == before
    assign_item(person, item_id=item.item_id, cause="gift", note="the provider says keep it")
    assert balance_of(clearing) == before + 77
    closed = open_items(world.ctx(), is_open=False)[0]
    assert ledger_transfer(world.ctx(), closed.transfer).subject == f"item:{item.item_id}"
    assert open_items(world.ctx()) == []
    with pytest.raises(ItemClosed):
        assign_item(person, item_id=item.item_id, cause="gift", note="again")
    with pytest.raises(NotFound):
        take_item(person, item_id=new_id())
    with pytest.raises(NotAllowed):
        take_item(make.buyer(), item_id=item.item_id)
    with pytest.raises(NotAllowed):
        open_items(make.buyer())
    assert find_differences(world.ctx()) == 0  # explained stays explained


def test_a_difference_that_goes_by_itself_closes(world: World) -> None:
    row = overcharge(world, 5)
    find_differences(world.ctx())
    row.amount_minor -= 5
    row.save()
    find_differences(world.ctx())
    assert open_items(world.ctx()) == []
    assert [one.cause for one in open_items(world.ctx(), is_open=False)] == ["settled_itself"]
