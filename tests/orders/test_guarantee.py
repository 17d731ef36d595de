"""A guaranteed day that passes brings the buyer's money back without asking: from the date on the page to the ledger."""

from __future__ import annotations

import pytest
from django.core import mail

from entrepot.ledger.queries import AccountRef, balance_of
from entrepot.logistics.commands import settle_guarantees
from entrepot.logistics.queries import consignments_of_orders
from entrepot.orders.commands import compensate_missed_promise, send_notices
from entrepot.orders.models import Order
from entrepot.orders.queries import order_view
from entrepot.payments.commands import send_refunds
from tests import make
from tests.orders.conftest import Clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("spain")]


def guaranteed_order(clock: Clock) -> tuple[int, int]:
    """An order whose two days can be kept (same province); (its id, its seller's order total)."""
    seller = make.seller()
    offer = make.offer(seller, price_minor=2_500, quantity=5)
    [order] = make.paid(make.buyer(at=clock()), {offer.id: 2}, postcode="28013").orders
    return order.order_id, order.total_minor


def test_a_missed_guarantee_pays_itself_back_once(clock: Clock) -> None:
    order_id, total = guaranteed_order(clock)
    view = order_view(make.system(at=clock()), order_id=order_id)
    promise = view.promise
    assert promise["guaranteed_by"] == str(view.promise_to)
    owed = promise["guarantee_minor"]
    assert owed == max(500, promise["cost_minor"])
    consignment = consignments_of_orders(make.system(at=clock()), [order_id])[order_id]
    assert consignment.promised_to == view.promise_to

    assert settle_guarantees(make.system(at=clock())) == 0
    clock.move(days=5)
    assert settle_guarantees(make.system(at=clock())) == 1
    make.relay()
    send_refunds(make.system(at=clock()))
    make.relay()
    order = Order.objects.get(id=order_id)
    assert (order.refund_minor, order.refunded_minor) == (owed, owed)
    assert balance_of(AccountRef("escrow", f"order:{order_id}", "EUR")) == total - owed
    send_notices(make.system(at=clock()))
    assert any("garantiz" in message.subject for message in mail.outbox)

    clock.move(days=1)
    assert settle_guarantees(make.system(at=clock())) == 0
    make.relay()
    assert Order.objects.get(id=order_id).refund_minor == owed


def test_no_more_comes_back_than_the_order_holds(clock: Clock) -> None:
    order_id, total = guaranteed_order(clock)
    assert compensate_missed_promise(make.system(at=clock()), order_id=order_id, minor=10**9) == total
    assert Order.objects.get(id=order_id).refund_minor == total
