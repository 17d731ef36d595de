"""One purchase over a Spanish and a Chinese seller, from the card to the bank: every cent is explained."""

from __future__ import annotations

import pytest

from entrepot.kit.ids import show_number
from entrepot.ledger.queries import AccountRef, balance_of
from entrepot.orders.commands import complete_inspected, mark_delivered, mark_shipped
from entrepot.parties.commands import change_seller
from entrepot.settlement.commands.payouts import cut_payouts, send_payouts
from entrepot.settlement.queries import (
    ledger_faults,
    ledger_of_order,
    money_overview,
    payouts_of_seller,
    seller_balances,
    statement_by_seller,
    what_you_receive,
)
from entrepot.settlement.statement import statement_csv
from tests import make
from tests.orders.conftest import Clock, clock, spain  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("spain")]


def test_from_two_carts_to_two_banks(clock: Clock) -> None:  # noqa: F811
    home, china = make.seller(), make.seller(country="CN")
    change_seller(
        make.system(),
        seller_id=china,
        values={"ships_from_postcode": "310000", "ships_from_city": "Hangzhou"},
    )
    near = make.offer(home, price_minor=4000, quantity=5)
    far = make.offer(china, price_minor=2900, quantity=5, hs6="940540", origin_country="CN")
    buyer = make.buyer(at=clock())
    answer = make.paid(buyer, {near.id: 1, far.id: 2})
    by_seller = {order.seller_id: order for order in answer.orders}
    ctx = make.system(at=clock())
    for seller in (home, china):
        held = seller_balances(ctx, seller)[0]
        view = what_you_receive(ctx, by_seller[seller].order_id)
        assert view.state == "held"
        assert held.held_minor == view.receive_minor == sum(line.minor for line in view.lines) > 0
    overview = money_overview(ctx)[0]
    assert overview.escrow_minor == sum(order.total_minor for order in answer.orders)
    for order in answer.orders:
        mark_shipped(make.system(at=clock()), order_id=order.order_id)
    arrived = clock.move(days=6)
    for order in answer.orders:
        mark_delivered(make.system(at=arrived), order_id=order.order_id, delivered_at=arrived)
    make.relay()
    later = clock.move(days=20)
    assert complete_inspected(make.system(at=later)) == 2
    make.relay()
    ctx = make.system(at=clock())
    receive = {seller: what_you_receive(ctx, by_seller[seller].order_id) for seller in (home, china)}
    for seller, view in receive.items():
        assert view.state == "released"
        assert balance_of(AccountRef("seller_payable", f"seller:{seller}", "EUR")) == view.receive_minor
        kinds = [one.kind for one in ledger_of_order(ctx, by_seller[seller].order_id)]
        assert kinds == (
            ["reserve", "capture", "release"]
            if seller == home
            else ["reserve", "capture", "tax_due", "release"]
        )
    at_home = {line.key: line.minor for line in receive[home].lines}
    abroad = {line.key: line.minor for line in receive[china].lines}
    assert at_home["commission"] == -400
    assert "tax" not in at_home
    assert "duty" not in at_home
    assert abroad["tax"] < 0  # the marketplace owes the VAT of a sale from outside the EU
    assert abroad["commission"] == -580
    assert "commission_vat" not in abroad
    overview = money_overview(ctx)[0]
    assert overview.escrow_minor == 0
    assert overview.is_balanced
    assert sum(line.minor for line in overview.tax) == -abroad["tax"] - at_home["commission_vat"]
    assert len(cut_payouts(ctx)) == 2
    send_payouts(ctx)
    later = clock.move(hours=2)
    send_payouts(make.system(at=later))
    ctx = make.system(at=clock())
    for seller, view in receive.items():
        [payout] = payouts_of_seller(ctx, seller)
        assert (payout.state, payout.amount_minor) == ("paid", view.receive_minor)
        statement = statement_by_seller(
            ctx, seller, currency="EUR", since_at=make.NOW, until_at=clock.move(days=1)
        )
        assert (statement.opening_minor, statement.closing_minor) == (0, 0)
        assert show_number(by_seller[seller].order_id) in statement_csv(statement)
    assert ledger_faults(ctx) == []
