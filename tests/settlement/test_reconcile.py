"""What banks and providers say against the books: differences wait with an owner until they have a cause."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from entrepot.kit.errors import Invalid, NotAllowed, NotFound
from entrepot.kit.ids import new_id
from entrepot.ledger.queries import AccountRef, balance_of
from entrepot.payments.adapters.sandbox.models import SandboxCheckout, SandboxRefund
from entrepot.payments.commands import read_bank_statement, read_provider_report
from entrepot.payments.models import Payment
from entrepot.payments.queries import provider_report
from entrepot.settlement.commands.reconcile import assign_item, close_day, find_differences, take_item
from entrepot.settlement.errors import CauseUnfit, ItemClosed
from entrepot.settlement.queries import books_checked, day_closes, ledger_transfer, open_items
from tests import make
from tests.payments.outside import OUR_IBAN, statement
from tests.payments.test_reports import stripe_csv
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


def test_a_report_of_stripe_is_booked_once_and_held_against_our_payments(world: World, settings: Any) -> None:
    """Its fees are our cost, its payout stands at our bank and explains the bank's line; what differs waits."""
    settings.PROVIDER_SETTINGS = {"ENTREPOT_BANK_IBAN": OUR_IBAN}
    paid = [Payment.objects.get(id=payment_id) for payment_id in world.payments.values()]
    Payment.objects.filter(id__in=[one.id for one in paid]).update(provider="stripe")
    SandboxRefund.objects.all().delete()
    SandboxCheckout.objects.all().delete()
    day = world.at - timedelta(days=1)
    rows = [
        line
        for number, one in enumerate(paid)
        for line in (
            (f"txn_c{number}", "charge", f"{one.captured_minor / 100:.2f}", "0.30", one.id),
            (f"txn_r{number}", "refund", "-2.50", "0", one.id),
        )
    ]
    left = sum(one.captured_minor - 250 for one in paid)
    body = stripe_csv(
        *rows, ("txn_p", "payout", f"-{(left - 60) / 100:.2f}", "0", ""), day=day.date().isoformat()
    )
    came = statement("S9", [{"minor": left - 60, "text": "STRIPE PAYMENTS po_1", "day": day.date()}])
    assert read_bank_statement(world.ctx(), body=came).matched == 0
    world.at += timedelta(days=1)
    assert find_differences(world.ctx()) == 1  # the bank's line: nothing explains it yet
    read = read_provider_report(world.ctx(), provider="stripe", body=body)
    assert (read.lines, read.fresh) == (5, 5)
    for again in (body, body + b"\n"):
        assert read_provider_report(world.ctx(), provider="stripe", body=again).fresh == 0
    assert find_differences(world.ctx()) == 0
    assert open_items(world.ctx()) == []
    assert balance_of(AccountRef("provider_fee", "stripe", "EUR")) == 60
    assert balance_of(AccountRef("bank", OUR_IBAN, "EUR")) == left - 60
    # A later report: less than we hold of one payment, a movement nobody knows, and a transfer that no payout made.
    later = (world.at - timedelta(days=1)).date().isoformat()
    odd = stripe_csv(
        ("txn_x", "refund", "-1.00", "0", paid[0].id), ("txn_y", "contribution", "-0.50", "0", ""),
        ("txn_z", "transfer", "-7.00", "0", ""), day=later,
    )  # fmt: skip
    read_provider_report(world.ctx(), provider="stripe", body=odd)
    world.at += timedelta(days=1)
    assert find_differences(world.ctx()) == 3
    assert sorted((one.reason, one.minor) for one in open_items(world.ctx())) == [
        ("other_amount", -100), ("unknown_line", -700), ("unknown_line", -50),
    ]  # fmt: skip


def test_a_payment_the_provider_never_told_of_is_found(world: World) -> None:
    SandboxRefund.objects.all().delete()
    SandboxCheckout.objects.all().delete()
    assert find_differences(world.ctx()) == 2
    assert {one.reason for one in open_items(world.ctx())} == {"missing_line"}


def test_the_page_counts_nothing_anew(world: World) -> None:
    from entrepot.settlement.commands.reconcile import check_books

    before = books_checked(world.ctx())
    assert (before.checked_at, before.faults) == (None, ())
    assert check_books(world.ctx()) == []
    overcharge(world, 77)
    find_differences(world.ctx())
    after = books_checked(world.ctx())
    assert (after.checked_at, after.compared_at, after.items) == (world.at, world.at, (("EUR", 1, 77),))
    first = open_items(world.ctx())[0]
    assert open_items(world.ctx(), after=first.item_id) == []
