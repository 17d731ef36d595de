"""Payouts: due, held, approved by two, sent, paid, returned; lines sum to the bank amount."""

from __future__ import annotations

from datetime import timedelta

import pytest

from entrepot.kit.errors import NotAllowed, NotFound
from entrepot.parties.commands import change_iban
from entrepot.settlement.commands.payouts import (
    approve_payout,
    choose_rhythm,
    cut_payouts,
    record_provider_settlement,
    send_payouts,
    sweep_provider_clearing,
)
from entrepot.settlement.errors import PayoutNotWaiting, RhythmUnknown, SecondPersonNeeded
from entrepot.settlement.queries import (
    ledger_faults,
    payout_by_id,
    payouts_of_seller,
    payouts_open,
    seller_balances,
    statement_by_seller,
)
from entrepot.settlement.statement import statement_csv, statement_pdf
from tests import make
from tests.settlement.world import World, balance

pytestmark = pytest.mark.django_db(transaction=True)


def sold(world: World, *, goods: int = 4000, seller: int = 0) -> int:
    order = world.order(goods=goods, seller=seller)
    world.pay(order)
    world.complete(order)
    return order


def test_earned_then_on_its_way_then_paid() -> None:
    world = World()
    sold(world)
    sold(world, goods=3000)
    seller = world.sellers[0]
    earned = balance("seller_payable", f"seller:{seller}")
    (payout_id,) = cut_payouts(world.ctx())
    assert cut_payouts(world.ctx()) == []
    view, entries = payout_by_id(world.ctx(), payout_id)
    assert view.amount_minor == earned == sum(entry.minor for entry in entries)
    assert (view.state, view.entry_count, view.iban_masked) == ("ready", 2, "ES91 … 1332")
    assert balance("seller_payable", f"seller:{seller}") == 0
    assert balance("payout_transit", f"payout:{payout_id}") == earned
    assert send_payouts(world.ctx()) == 1
    assert send_payouts(world.ctx()) == 0  # the bank needs an hour
    world.at += timedelta(hours=1)
    assert send_payouts(world.ctx()) == 1
    assert balance("payout_transit", f"payout:{payout_id}") == 0
    assert balance("bank", "pilot_bank") == -earned
    record_provider_settlement(world.ctx(), provider="sandbox", minor=7000, currency="EUR", external_id="1")
    record_provider_settlement(world.ctx(), provider="sandbox", minor=7000, currency="EUR", external_id="1")
    assert balance("bank", "pilot_bank") == 7000 - earned
    one = seller_balances(world.ctx(), seller)[0]
    assert (one.earned_minor, one.on_its_way_minor, one.paid_minor) == (0, 0, earned)
    assert [payout.state for payout in payouts_of_seller(world.ctx(), seller)] == ["paid"]
    assert ledger_faults(world.ctx()) == []


def test_the_pilots_provider_settles_once_a_day() -> None:
    world = World()
    sold(world)
    assert sweep_provider_clearing(world.ctx()) == 1
    sold(world)
    assert sweep_provider_clearing(world.ctx()) == 0
    assert (balance("bank", "pilot_bank"), balance("provider_clearing", "sandbox")) == (4000, 4000)
    world.at += timedelta(days=1)
    assert sweep_provider_clearing(world.ctx()) == 1
    assert balance("bank", "pilot_bank") == 8000


def test_a_hole_in_the_tables_is_explained() -> None:
    """The check is itself checked: an entry that nobody posted is found and named."""
    from entrepot.settlement.models import SellerEntry

    world = World()
    sold(world)
    world.pay(world.order())
    assert ledger_faults(world.ctx()) == []
    SellerEntry.objects.of(world.ctx()).update(minor=1)
    [fault] = ledger_faults(world.ctx())
    assert f"seller_payable seller:{world.sellers[0]} EUR: the ledger says 3516, our tables 1" == fault


def test_weekly_unless_chosen_otherwise() -> None:
    world = World()
    seller = world.sellers[0]
    sold(world)
    assert len(cut_payouts(world.ctx())) == 1
    sold(world)
    world.at += timedelta(days=6)
    assert cut_payouts(world.ctx()) == []
    world.at += timedelta(days=1)
    assert len(cut_payouts(world.ctx())) == 1
    staff = make.staff(seller, "owner")
    choose_rhythm(staff, seller_id=seller, rhythm="daily", minimum_minor=5000)
    with pytest.raises(RhythmUnknown):
        choose_rhythm(staff, seller_id=seller, rhythm="hourly")
    with pytest.raises(NotFound):
        choose_rhythm(staff, seller_id=World().sellers[0], rhythm="daily")
    sold(world)
    world.at += timedelta(days=8)
    assert cut_payouts(world.ctx()) == []  # less than the seller's own minimum
    sold(world)
    assert len(cut_payouts(world.ctx())) == 1


def test_a_changed_bank_account_waits_72_hours() -> None:
    world = World()
    sold(world)
    change_iban(world.ctx(), seller_id=world.sellers[0], iban="ES7921000813610123456789")
    assert cut_payouts(world.ctx()) == []
    world.at += timedelta(hours=71)
    assert cut_payouts(world.ctx()) == []
    world.at += timedelta(hours=1)
    assert len(cut_payouts(world.ctx())) == 1


def test_two_people_for_a_large_one() -> None:
    world = World()
    sold(world, goods=900_000)
    (payout_id,) = cut_payouts(world.ctx())
    assert [payout.state for payout in payouts_open(world.ctx())] == ["waiting"]
    assert send_payouts(world.ctx()) == 0
    first, second = make.operator("finance"), make.operator("manager")
    assert approve_payout(first, payout_id=payout_id) == "waiting"
    with pytest.raises(SecondPersonNeeded):
        approve_payout(first, payout_id=payout_id)
    with pytest.raises(SecondPersonNeeded):
        approve_payout(world.ctx(), payout_id=payout_id)  # the system is nobody
    for ctx in (make.staff(world.sellers[0], "owner"), make.operator("support"), make.buyer()):
        with pytest.raises(NotAllowed):
            approve_payout(ctx, payout_id=payout_id)
    assert approve_payout(second, payout_id=payout_id) == "ready"
    with pytest.raises(PayoutNotWaiting):
        approve_payout(make.operator("finance"), payout_id=payout_id)
    assert send_payouts(world.ctx()) == 1
    assert len(payouts_open(world.ctx())[0].approved_by) == 2


def test_a_returned_payout_is_the_sellers_again() -> None:
    world = World()
    sold(world)
    seller = world.sellers[0]
    earned = balance("seller_payable", f"seller:{seller}")
    change_iban(world.ctx(), seller_id=seller, iban="DE75500105170000010000")
    world.at += timedelta(hours=73)
    (payout_id,) = cut_payouts(world.ctx())
    send_payouts(world.ctx())
    world.at += timedelta(hours=2)
    send_payouts(world.ctx())
    view, _ = payout_by_id(world.ctx(), payout_id)
    assert (view.state, view.return_reason) == ("returned", "AC04 account closed")
    assert balance("seller_payable", f"seller:{seller}") == earned
    assert balance("bank", "pilot_bank") == 0
    assert ledger_faults(world.ctx()) == []
    world.at += timedelta(days=7)
    (again,) = cut_payouts(world.ctx())
    assert payout_by_id(world.ctx(), again)[0].amount_minor == earned


def test_a_debt_is_taken_from_the_next_payout() -> None:
    world = World()
    first = sold(world)
    cut_payouts(world.ctx())
    world.refund(first, 4000)
    seller = world.sellers[0]
    debt = balance("seller_payable", f"seller:{seller}")
    assert debt == -3516
    world.at += timedelta(days=7)
    assert cut_payouts(world.ctx()) == []
    sold(world, goods=9000)
    (payout_id,) = cut_payouts(world.ctx())
    view, entries = payout_by_id(world.ctx(), payout_id)
    assert view.amount_minor == sum(entry.minor for entry in entries)
    assert [entry.minor for entry in entries] == [-3516, 9000 - 900 - 189]
    assert ledger_faults(world.ctx()) == []


def test_suspended_sellers_wait() -> None:
    from entrepot.parties.commands import suspend_seller

    world = World()
    sold(world)
    suspend_seller(world.ctx(), seller_id=world.sellers[0], reason="a test")
    assert cut_payouts(world.ctx()) == []


def test_the_statement_opens_and_closes() -> None:
    world = World()
    began = world.at - timedelta(hours=1)
    sold(world)
    world.at += timedelta(days=1)
    order = sold(world, goods=2000)
    cut_payouts(world.ctx())
    world.at += timedelta(days=1)
    world.refund(order, 500)
    seller = world.sellers[0]
    middle = statement_by_seller(
        make.staff(seller, "finance"),
        seller,
        currency="EUR",
        since_at=began + timedelta(days=1),
        until_at=world.at + timedelta(seconds=1),
    )
    moved = sum(entry.minor for entry in middle.entries) - sum(one.amount_minor for one in middle.payouts)
    assert middle.opening_minor + moved == middle.closing_minor
    assert middle.opening_minor == 3516
    assert middle.closing_minor == balance("seller_payable", f"seller:{seller}")
    with pytest.raises(NotFound):
        statement_by_seller(
            make.staff(World().sellers[0], "finance"),
            seller,
            currency="EUR",
            since_at=began,
            until_at=world.at,
        )
    text = statement_csv(middle)
    assert (
        text.splitlines()[0]
        == "date,kind,order,reference,gross,commission,commission_vat,tax,duty,carrier,amount,balance"
    )
    assert text.splitlines()[-1].endswith(f"{middle.closing_minor / 100:.2f}")
    pdf = statement_pdf(middle, language="es")
    assert pdf.startswith(b"%PDF")


def test_the_statement_pdf_reads() -> None:
    import io

    from pypdf import PdfReader

    world = World()
    sold(world)
    cut_payouts(world.ctx())
    statement = statement_by_seller(
        world.ctx(),
        world.sellers[0],
        currency="EUR",
        since_at=world.at - timedelta(days=1),
        until_at=world.at + timedelta(days=1),
    )
    for language, words in (
        ("es", ["Extracto", "35,16", "Comisión"]),
        ("en", ["Statement", "35.16", "Commission"]),
    ):
        text = "".join(
            page.extract_text()
            for page in PdfReader(io.BytesIO(statement_pdf(statement, language=language))).pages
        )
        for word in words:
            assert word in text, text
