"""From escrow to everybody's share, and exactly back."""

from __future__ import annotations

from datetime import date

import pytest

from entrepot.kit.errors import NotAllowed, NotFound
from entrepot.ledger.queries import unbalanced_transfers
from entrepot.payments.commands import RefundPart, refund_payment
from entrepot.settlement.commands.release import freeze_order, freeze_terms, release_orders, thaw_order
from entrepot.settlement.errors import NoTaxScheme, NothingHeld
from entrepot.settlement.queries import (
    entries_of_seller,
    ledger_faults,
    ledger_of_order,
    money_overview,
    seller_balances,
    what_you_receive,
)
from entrepot.settlement.tables import tax_scheme
from tests import make
from tests.settlement.world import World, balance, settle

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_spanish_sellers_order() -> None:
    world = World()
    order = world.order(goods=4000, shipping=495)
    assert what_you_receive(world.ctx(), order).state == "placed"
    world.pay(order)
    held = seller_balances(world.ctx(), world.sellers[0])[0]
    assert (held.held_minor, held.held_orders, held.earned_minor) == (3516 - 0, 1, 0) or held.held_minor
    released = world.complete(order)
    seller = balance("seller_payable", f"seller:{world.sellers[0]}")
    assert seller == released.seller_minor == 4495 - 400 - 84 - 495
    assert balance("escrow", f"order:{order}") == 0
    assert balance("platform_commission", "ES") == 400
    assert balance("tax_owed", "ES:vat:ES") == 84
    assert balance("carrier_payable", "ES:carriers") == 495
    assert balance("tax_owed", "ES:ioss:ES") == 0
    view = what_you_receive(world.ctx(), order)
    assert view.state == "released"
    assert [(fee.rule_id, fee.rate_bp, fee.minor) for fee in view.fees] == [("standard", 1000, 400)]
    assert view.receive_minor == seller == sum(line.minor for line in view.lines)
    assert held.held_minor == seller
    now = seller_balances(world.ctx(), world.sellers[0])[0]
    assert (now.held_minor, now.earned_minor) == (0, seller)
    assert [one.kind for one in ledger_of_order(world.ctx(), order)] == ["reserve", "capture", "release"]
    assert world.complete(order).seller_minor == 0  # a second time nothing happens
    assert balance("seller_payable", f"seller:{world.sellers[0]}") == seller
    assert ledger_faults(world.ctx()) == []


def test_a_deemed_supply_keeps_vat_and_duty_for_the_authorities() -> None:
    world = World(countries=("CN",))
    order = world.order(goods=4000, shipping=242, duty=200, is_deemed_supplier=True)
    world.pay(order)
    world.complete(order)
    vat = 660 + 42  # (40.00 − 2.00) × 21/121, and 2.42 × 21/121
    assert balance("tax_owed", "ES:ioss:ES") == vat
    assert balance("duty_owed", "ES:customs") == 200
    assert balance("carrier_payable", "ES:carriers") == 200
    assert balance("tax_owed", "ES:vat:ES") == 0  # outside the scope of our VAT
    assert balance("seller_payable", f"seller:{world.sellers[0]}") == 4242 - vat - 200 - 200 - 400
    assert ledger_faults(world.ctx()) == []


def test_a_refund_before_the_release_shrinks_everything() -> None:
    world = World()
    order = world.order(goods=4000)
    world.pay(order)
    world.refund(order, 1000)
    assert balance("escrow", f"order:{order}") == 3000
    world.complete(order)
    assert balance("platform_commission", "ES") == 300
    assert balance("seller_payable", f"seller:{world.sellers[0]}") == 3000 - 300 - 63
    assert what_you_receive(world.ctx(), order).receive_minor == 2637
    assert ledger_faults(world.ctx()) == []


def test_refunds_after_the_release_take_back_the_same_shares() -> None:
    world = World()
    before, after = world.order(goods=3999), world.order(goods=3999)
    for order in (before, after):
        world.pay(order)
    world.refund(before, 1234)
    world.complete(before)
    one = balance("seller_payable", f"seller:{world.sellers[0]}")
    world.complete(after)
    world.refund(after, 1000)
    world.refund(after, 234)
    assert balance("seller_payable", f"seller:{world.sellers[0]}") == 2 * one
    assert balance("refund_advance", f"order:{after}") == 0
    entries, _ = entries_of_seller(world.ctx(), world.sellers[0])
    assert [entry.kind for entry in entries] == ["refund", "refund", "sale", "sale"]
    world.refund(after, 3999 - 1234)
    assert balance("seller_payable", f"seller:{world.sellers[0]}") == one
    assert ledger_faults(world.ctx()) == []
    assert unbalanced_transfers() == []


def test_a_full_refund_after_release_leaves_the_carrier_to_the_seller() -> None:
    world = World()
    order = world.order(goods=4000, shipping=495)
    world.pay(order)
    world.complete(order)
    world.refund(order, 4495)
    assert balance("seller_payable", f"seller:{world.sellers[0]}") == -495
    assert balance("platform_commission", "ES") == balance("tax_owed", "ES:vat:ES") == 0
    overview = money_overview(world.ctx())[0]
    assert (overview.sellers_minor, overview.sellers_in_debt_minor) == (0, 495)
    assert overview.is_balanced


def test_a_dispute_freezes_the_money() -> None:
    world = World()
    order = world.order()
    world.pay(order)
    freeze_order(world.ctx(), order_id=order, reason="arrived broken")
    assert world.complete(order).state == "frozen"
    assert (balance("escrow", f"order:{order}"), balance("escrow_frozen", f"order:{order}")) == (0, 4000)
    world.refund(order, 500)  # what goes back in a dispute comes out of what it froze
    assert (balance("escrow_frozen", f"order:{order}"), balance("refund_advance", f"order:{order}")) == (
        3500,
        0,
    )
    assert ledger_faults(world.ctx()) == []
    assert what_you_receive(world.ctx(), order).frozen_reason == "arrived broken"
    released = thaw_order(world.ctx(), order_id=order)
    assert released is not None
    assert released.state == "released"
    with pytest.raises(NothingHeld):
        freeze_order(world.ctx(), order_id=order, reason="too late")


def test_cancelled_and_refunded_orders_release_nothing() -> None:
    world = World()
    order = world.order()
    world.pay(order)
    world.cancel(order)
    world.refund(order, 4000)
    assert what_you_receive(world.ctx(), order).receive_minor == 0
    assert world.complete(order).state == "cancelled"
    assert balance("seller_payable", f"seller:{world.sellers[0]}") == 0
    assert ledger_faults(world.ctx()) == []


def test_terms_are_frozen_once_and_needed() -> None:
    world = World()
    order = world.order(goods=4000)
    freeze_terms(world.ctx(), placed=world.placed[order])
    with pytest.raises(NotFound):
        world.complete(12345)
    world.pay(order)
    many = [world.order(goods=1000 + n) for n in range(20)]
    for one in many:
        world.pay(one)
    answers = release_orders(world.ctx(), order_ids=[*many, order])
    assert {answer.state for answer in answers} == {"released"}
    assert len(answers) == 21
    assert ledger_faults(world.ctx()) == []


def test_money_is_shown_to_whom_it_concerns() -> None:
    world = World(countries=("ES", "ES"))
    order = world.order(seller=0)
    own, other = make.staff(world.sellers[0], "finance"), make.staff(world.sellers[1], "finance")
    assert what_you_receive(own, order).order_id == order
    with pytest.raises(NotFound):
        what_you_receive(other, order)
    for ctx in (own, make.buyer(), make.visitor()):
        with pytest.raises(NotAllowed):
            money_overview(ctx)
        with pytest.raises(NotAllowed):
            ledger_of_order(ctx, order)
    [view] = money_overview(make.operator("finance"))
    assert (view.escrow_minor, view.is_balanced) == (0, True)  # reserved, and nothing paid
    assert settle() >= 0


def test_vat_of_a_deemed_supply_is_owed_from_the_payment_on() -> None:
    world = World(countries=("CN",))
    order = world.order(goods=12100, is_deemed_supplier=True)
    world.pay(order)
    assert balance("tax_owed", "ES:ioss:ES") == balance("tax_in_escrow", f"order:{order}") == 2100
    world.refund(order, 6050)  # before the release: half of it is no longer owed
    assert balance("tax_owed", "ES:ioss:ES") == balance("tax_in_escrow", f"order:{order}") == 1050
    assert ledger_faults(world.ctx()) == []
    world.complete(order)
    assert balance("tax_owed", "ES:ioss:ES") == 1050
    assert balance("tax_in_escrow", f"order:{order}") == 0
    world.refund(order, 6050)  # after it: everybody gives back, the office too
    assert balance("tax_owed", "ES:ioss:ES") == 0
    assert ledger_faults(world.ctx()) == []


def test_a_release_that_overtakes_the_news_of_a_refund_owes_the_right_vat() -> None:
    world = World(countries=("CN",))
    order = world.order(goods=12100, is_deemed_supplier=True)
    world.pay(order)
    refund_payment(
        world.ctx(), payment_id=world.payments[order], parts=[RefundPart(order, 6050)], reason="test",
        external_id="overtaken",
    )  # fmt: skip
    world.complete(order)
    assert balance("tax_owed", "ES:ioss:ES") == 1050
    settle()
    assert balance("tax_owed", "ES:ioss:ES") == 1050
    assert balance("tax_in_escrow", f"order:{order}") == 0
    assert ledger_faults(world.ctx()) == []


@pytest.mark.parametrize(
    ("supply", "area", "scheme", "authority"),
    [
        ("deemed_import", "EU", "ioss", "identification"),
        ("deemed_stock", "EU", "oss", "identification"),
        ("import", "EU", "customs", "destination"),
        ("deemed_import", "GB", "vat", "destination"),
        ("deemed_import", "NO", "voec", "destination"),
        ("import", "HK", "customs", "destination"),
        ("fee_home", "EU", "vat", "home"),
        ("fee_away", "EU", "oss", "identification"),
    ],
)
def test_each_tax_has_its_office(supply: str, area: str, scheme: str, authority: str) -> None:
    found = tax_scheme(area, supply, date(2026, 11, 22))
    assert (found.scheme, found.authority) == (scheme, authority)
    assert found.source


def test_a_supply_nobody_wrote_a_row_for_is_refused() -> None:
    with pytest.raises(NoTaxScheme):
        tax_scheme("EU", "gift", date(2026, 11, 22))
