"""Cancelling, withdrawing, returning, refunding: stock and money stay consistent, and never more goes back than came."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.test import Client

from entrepot.intake.queries import left_of_offers
from entrepot.kit.errors import Invalid, NotFound
from entrepot.ledger.queries import AccountRef, balance_of, unbalanced_transfers
from entrepot.orders.commands import (
    accept_return,
    cancel_order,
    cancel_purchase,
    choose_return_locker,
    complete_inspected,
    mark_purchase_paid,
    mark_shipped,
    pay_purchase,
    receive_return,
    refund_order,
    refuse_return,
    release_unpaid,
    request_return,
    send_back_return,
    send_notices,
    settle_returns,
    withdraw_from_order,
)
from entrepot.orders.errors import (
    NothingToPay,
    NothingToWithdraw,
    RefundTooLarge,
    WithdrawalClosed,
    WrongState,
)
from entrepot.orders.models import Order, OrderLine, Purchase, Return, Withdrawal
from entrepot.orders.queries import (
    order_view,
    orders_of,
    purchase_by_token,
    returns_of,
    timeline,
    today_counts,
)
from entrepot.payments.adapters.sepa import commands as sepa
from entrepot.payments.adapters.sepa.models import AwaitedTransfer, BankTransfer
from entrepot.payments.commands import confirm_payment, send_refunds
from entrepot.payments.errors import MethodUnknown
from entrepot.payments.queries import time_to_pay
from tests import make
from tests.orders.conftest import Clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("spain")]


def order_of(answer: Any) -> Order:
    return Order.objects.get(id=answer.orders[0].order_id)


def left(offer: Any) -> int:
    return left_of_offers([offer.number])[offer.number]


def escrow(order_id: int) -> int:
    assert unbalanced_transfers() == []
    return balance_of(AccountRef("escrow", f"order:{order_id}", "EUR"))


def settle(clock: Clock) -> None:
    """Let the provider send what is promised, and tell everybody."""
    make.relay()
    send_refunds(make.system(at=clock()))
    make.relay()


def test_cancelled_before_paying(clock: Clock) -> None:
    offer, guest = make.offer(make.seller(), quantity=5), make.visitor(at=clock())
    answer = make.placed(guest, {offer.id: 2})
    assert left(offer) == 3
    order_id = answer.orders[0].order_id
    with pytest.raises(NotFound):
        cancel_order(guest, order_id=order_id)
    with pytest.raises(Invalid):
        cancel_order(guest, order_id=order_id, token=answer.token, reason="fraud_suspected")
    assert cancel_order(guest, order_id=order_id, token=answer.token, reason="mistake") == "cancelled"
    make.relay()
    assert left(offer) == 5
    assert Purchase.objects.get(id=answer.purchase_id).state == "cancelled"
    with pytest.raises(WrongState):
        cancel_order(guest, order_id=order_id, token=answer.token)
    with pytest.raises(NothingToPay):
        pay_purchase(
            guest, purchase_id=answer.purchase_id, token=answer.token, method="card", return_url="/es-es/"
        )
    make.relay()
    assert left(offer) == 5  # given back once


def test_cancelled_after_paying_gives_all_back(clock: Clock) -> None:
    offer, buyer = make.offer(make.seller(), quantity=5), make.buyer(at=clock())
    answer = make.paid(buyer, {offer.id: 2})
    order = order_of(answer)
    cancel_order(make.staff(offer.seller_id, at=clock()), order_id=order.id, reason="out_of_stock")
    settle(clock)
    order.refresh_from_db()
    assert (order.state, order.refund_minor, order.refunded_minor) == (
        "cancelled", order.total_minor, order.total_minor,
    )  # fmt: skip
    assert (left(offer), escrow(order.id)) == (5, 0)
    with pytest.raises(WrongState):
        mark_shipped(make.staff(offer.seller_id, at=clock()), order_id=order.id)


def test_one_of_three_is_cancelled_while_the_card_form_is_open(clock: Clock) -> None:
    """Its part of the captured money goes straight back; the others are paid."""
    offers = [make.offer(make.seller(), quantity=5) for _ in range(3)]
    guest = make.visitor(at=clock())
    answer = make.placed(guest, {offer.id: 1 for offer in offers})
    started = pay_purchase(
        guest, purchase_id=answer.purchase_id, token=answer.token, method="card",
        return_url=f"{settings_base()}/es-es/purchase/{answer.token}",
    )  # fmt: skip
    gone = answer.orders[1].order_id
    cancel_order(guest, order_id=gone, token=answer.token)
    finish(started)
    settle(clock)
    states = dict(Order.objects.filter(purchase_id=answer.purchase_id).values_list("id", "state"))
    assert sorted(states.values()) == ["cancelled", "paid", "paid"]
    assert states[gone] == "cancelled"
    assert {escrow(order_id) for order_id in [gone]} == {0}
    cancelled = Order.objects.get(id=gone)
    assert (cancelled.refund_minor, cancelled.refunded_minor) == (0, 0)  # it never was its money
    view = purchase_by_token(guest, answer.token)
    assert (view.state, view.to_pay_minor) == ("paid", 0)
    assert view.total_minor == sum(order.total_minor for order in view.orders if order.state == "paid")
    [offer] = [offer for offer in offers if offer.seller_id == cancelled.seller_id]
    assert left(offer) == 5


def settings_base() -> str:
    from django.conf import settings

    return str(settings.BASE_URL)


def finish(started: Any) -> None:
    from django.test import Client

    browser = Client()
    there = browser.post(
        started.redirect_url, {"number": "4242424242424242", "expiry": "12/39", "cvc": "123"}
    )
    browser.get(there["Location"])


@pytest.mark.parametrize("first", ["pay", "release"])
def test_of_paying_and_releasing_exactly_one_wins(first: str, clock: Clock) -> None:
    offer, guest = make.offer(make.seller(), quantity=5), make.visitor(at=clock())
    answer = make.placed(guest, {offer.id: 1})
    started = pay_purchase(
        guest, purchase_id=answer.purchase_id, token=answer.token, method="card",
        return_url=f"{settings_base()}/es-es/purchase/{answer.token}",
    )  # fmt: skip
    assert release_unpaid(make.system(at=clock.move(minutes=29))) == 0
    clock.move(minutes=2)
    if first == "pay":
        finish(started)  # captured; the news is still on its way
        assert release_unpaid(make.system(at=clock())) == 0
        settle(clock)
        assert (order_of(answer).state, left(offer)) == ("paid", 4)
        assert escrow(answer.orders[0].order_id) == answer.total_minor
    else:
        assert release_unpaid(make.system(at=clock())) == 1
        finish(started)
        settle(clock)
        assert (order_of(answer).state, order_of(answer).cancel_reason, left(offer)) == (
            "cancelled",
            "unpaid",
            5,
        )
        assert escrow(answer.orders[0].order_id) == 0
    assert release_unpaid(make.system(at=clock())) == 0


@pytest.mark.parametrize("comes", ["in time", "too late"])
def test_a_transfer_holds_the_goods_as_long_as_its_row_says(comes: str, clock: Clock, settings: Any) -> None:
    """Not thirty minutes; nor longer by choosing it again. The buyer is told the day, once."""
    settings.PAYMENT_PROVIDERS = ("sandbox", "sepa")
    settings.PROVIDER_SETTINGS = {
        "ENTREPOT_BANK_IBAN": "ES9121000418450200051332",
        "ENTREPOT_BANK_HOLDER": "Casa",
    }
    make.open_market("DE")
    settings.PAYMENT_PROVIDERS = ("sepa",)
    offer, guest = make.offer(make.seller(), market="DE", quantity=5), make.visitor(at=clock())
    answer = make.placed(guest, {offer.id: 1}, market="DE", postcode="10115")
    order_id = answer.orders[0].order_id

    def choose(method: str = "prepayment") -> Any:
        return pay_purchase(
            make.visitor(at=clock()), purchase_id=answer.purchase_id, token=answer.token, method=method,
            return_url=f"{settings_base()}/de-de/purchase/{answer.token}",
        )  # fmt: skip

    with pytest.raises(MethodUnknown):
        choose("bank_transfer")  # another market's
    started, first = choose(), order_of(answer)
    until = order_of(answer).placed_at + time_to_pay("prepayment")
    seen = purchase_by_token(guest, answer.token)
    assert (seen.pay_before, seen.is_awaited) == (until, True)
    assert release_unpaid(make.system(at=clock.move(hours=2))) == 0
    assert choose().payment_id == started.payment_id  # the same reference
    assert purchase_by_token(guest, answer.token).pay_before == until
    assert send_notices(make.system(at=clock())) == 1
    assert started.redirect_url in mail.outbox[0].body
    page = Client().get(urlsplit(started.redirect_url).path).content.decode()
    assert str(until.astimezone(ZoneInfo("Europe/Berlin")).day) in page
    assert left(offer) == 4
    if comes == "in time":
        clock.move(days=2)
    else:
        clock.move(days=3)
        assert release_unpaid(make.system(at=clock())) == 1
        make.relay()
        assert left(offer) == 5
    row = AwaitedTransfer.objects.get()
    sepa.note_received(row.code, iban="DE89370400440532013000", name="Ana", at=clock())
    confirm_payment(make.system(at=clock()), payment_id=started.payment_id)
    settle(clock)
    assert release_unpaid(make.system(at=clock.move(days=4))) == 0
    late = comes == "too late"
    if not late:  # paid in time, but later than a card: the days of arrival count from the money
        again = order_of(answer)
        assert (again.promise_to or date.min) >= (first.promise_to or date.max)
        assert (again.ship_by or date.min) > (first.ship_by or date.max)
        assert again.quote["promise"]["to_on"] == again.promise_to.isoformat()
        assert again.quote["promise"]["cost_minor"] == first.quote["promise"]["cost_minor"]
    assert order_of(answer).state == ("cancelled" if late else "paid")
    assert escrow(order_id) == (0 if late else answer.total_minor)
    assert BankTransfer.objects.filter(kind="refund", minor=answer.total_minor).count() == late


def test_told_twice_of_one_payment(clock: Clock) -> None:
    answer = make.paid(make.visitor(at=clock()), {make.offer(make.seller()).id: 1})
    order = order_of(answer)
    assert order.payment_id is not None
    for _ in range(2):
        paid = mark_purchase_paid(
            make.system(at=clock()), purchase_id=answer.purchase_id, payment_id=order.payment_id,
            parts={order.id: order.total_minor},
        )  # fmt: skip
        assert paid == []
    settle(clock)
    assert escrow(order.id) == order.total_minor


def test_withdrawal_after_delivery(clock: Clock) -> None:
    offer, guest = make.offer(make.seller(), price_minor=2_000, quantity=5), make.visitor(at=clock())
    answer = make.shipped(guest, {offer.id: 3})
    order_id = answer.orders[0].order_id
    arrived = clock.move(days=3)
    from entrepot.orders.commands import mark_delivered

    mark_delivered(make.system(at=arrived), order_id=order_id, delivered_at=arrived)
    make.relay()
    guest = make.visitor(at=clock.move(days=5))
    assert order_view(guest, order_id=order_id, token=answer.token).can_withdraw
    for wanted in ({0: 4}, {0: 0}, {3: 1}, {}):
        with pytest.raises(NothingToWithdraw):
            withdraw_from_order(guest, order_id=order_id, quantities=wanted, token=answer.token)
    with pytest.raises(NotFound):
        withdraw_from_order(guest, order_id=order_id, quantities={0: 1})
    done = withdraw_from_order(
        guest,
        order_id=order_id,
        quantities={0: 1},
        name="Ana P.",
        contact="ana.otra@example.es",
        token=answer.token,
    )
    assert (done.refund_minor, done.declared_at) == (2_000, guest.at)
    assert done.send_back_by is not None
    mail.outbox.clear()
    send_notices(make.system(at=clock()))
    receipts = [message for message in mail.outbox if message.to == ["ana.otra@example.es"]]
    assert len(receipts) == 1
    assert guest.at.strftime("%Y-%m-%d %H:%M:%S UTC") in receipts[0].body
    assert "Ana P." in receipts[0].body

    # The rest too: now nothing is kept, so standard delivery goes back as well.
    rest = withdraw_from_order(guest, order_id=order_id, token=answer.token)
    order = order_of(answer)
    assert rest.refund_minor == 4_000 + order.standard_shipping_minor
    assert not order_view(guest, order_id=order_id, token=answer.token).can_withdraw
    assert (
        complete_inspected(make.system(at=clock.move(days=12))) == 0
    )  # the goods are still on their way back

    staff = make.staff(offer.seller_id, at=clock())
    assert today_counts(staff).returns_to_receive == 2
    for back in returns_of(staff, state="awaited"):
        with pytest.raises(WrongState):
            refuse_return(staff, return_id=back.id, answer="no")
        receive_return(staff, return_id=back.id)
        with pytest.raises(WrongState):
            receive_return(staff, return_id=back.id)
    settle(clock)
    order.refresh_from_db()
    assert (order.state, order.refunded_minor) == ("refunded", order.total_minor)
    assert escrow(order_id) == 0
    kinds = [
        step.kind for step in timeline(guest, order_id=order_id, token=answer.token) if step.room == "orders"
    ]
    assert kinds.count("withdrawn") == 2
    assert kinds.count("refunded") == 2


def test_the_right_ends_with_its_day(clock: Clock) -> None:
    guest = make.visitor(at=clock())
    answer = make.delivered(guest, {make.offer(make.seller()).id: 1}, at=clock())
    order = order_of(answer)
    assert order.withdraw_until is not None
    days = (order.withdraw_until - make.NOW.date()).days
    late = make.visitor(at=clock.move(days=days + 1))
    with pytest.raises(WithdrawalClosed):
        withdraw_from_order(late, order_id=order.id, token=answer.token)
    assert not Withdrawal.objects.exists()
    clock.move(days=-1)
    assert (
        withdraw_from_order(make.visitor(at=clock()), order_id=order.id, token=answer.token).refund_minor > 0
    )


def test_withdrawn_before_dispatch_nothing_is_sent(clock: Clock) -> None:
    offer, guest = make.offer(make.seller(), quantity=5), make.visitor(at=clock())
    answer = make.paid(guest, {offer.id: 2})
    done = withdraw_from_order(guest, order_id=answer.orders[0].order_id, token=answer.token)
    settle(clock)
    order = order_of(answer)
    assert (order.state, order.refunded_minor, done.send_back_by) == ("cancelled", order.total_minor, None)
    assert left(offer) == 5
    assert send_notices(make.system(at=clock())) >= 2
    assert sum("Acuse" in message.subject or "Receipt" in message.subject for message in mail.outbox) == 1


def test_a_return_for_a_reason(clock: Clock) -> None:
    offer, guest = make.offer(make.seller(), price_minor=3_000, quantity=5), make.visitor(at=clock())
    answer = make.delivered(guest, {offer.id: 2}, at=clock())
    order_id = answer.orders[0].order_id
    with pytest.raises(Invalid):
        request_return(guest, order_id=order_id, quantities={0: 1}, reason="ugly", token=answer.token)
    asked = request_return(
        guest, order_id=order_id, quantities={0: 1}, reason="defective", note="It hums", token=answer.token
    )
    staff = make.staff(offer.seller_id, at=clock())
    assert [order.id for order in orders_of(make.operator(at=clock()), exception="return_asked").orders] == [
        order_id
    ]
    with pytest.raises(NotFound):
        accept_return(make.staff(make.seller(), at=clock()), return_id=asked.return_id)
    with pytest.raises(Invalid):
        refuse_return(staff, return_id=asked.return_id, answer=" ")
    refuse_return(staff, return_id=asked.return_id, answer="It is meant to hum")
    assert OrderLine.objects.get(order_id=order_id).given_back == 0
    asked = request_return(
        guest, order_id=order_id, quantities={0: 1}, reason="defective", token=answer.token
    )
    with pytest.raises(WrongState):  # nothing is to be sent back before the seller agrees
        choose_return_locker(guest, return_id=asked.return_id, locker="LK-MAD-1", token=answer.token)
    accept_return(staff, return_id=asked.return_id)
    for far in ("LK-BCN-1", "LK-0", "'; --", "x" * 500):
        with pytest.raises(Invalid):
            choose_return_locker(guest, return_id=asked.return_id, locker=far, token=answer.token)
    with pytest.raises(NotFound):
        choose_return_locker(make.buyer(at=clock()), return_id=asked.return_id, locker="LK-MAD-1")
    assert choose_return_locker(guest, return_id=asked.return_id, locker="LK-MAD-1", token=answer.token)
    assert {row.locker for row in returns_of(staff) if row.id == asked.return_id} == {"LK-MAD-1"}
    send_back_return(guest, return_id=asked.return_id, tracking_no="RR123", token=answer.token)
    receive_return(staff, return_id=asked.return_id)
    settle(clock)
    assert order_of(answer).refunded_minor == 3_000
    assert escrow(order_id) == answer.total_minor - 3_000


def test_time_settles_what_nobody_does(clock: Clock) -> None:
    offer, guest = make.offer(make.seller(), price_minor=3_000, quantity=5), make.visitor(at=clock())
    answer = make.delivered(guest, {offer.id: 2}, at=clock())
    order_id = answer.orders[0].order_id
    proven = withdraw_from_order(guest, order_id=order_id, quantities={0: 1}, token=answer.token)
    never = withdraw_from_order(guest, order_id=order_id, quantities={0: 1}, token=answer.token)
    assert proven.return_id
    assert never.return_id
    send_back_return(guest, return_id=proven.return_id, tracking_no="RR1", token=answer.token)
    assert settle_returns(make.system(at=clock.move(days=10))) == 0
    assert (
        settle_returns(make.system(at=clock.move(days=5))) == 1
    )  # proof and the day: the seller need not nod
    settle(clock)
    assert order_of(answer).refunded_minor == 3_000
    assert complete_inspected(make.system(at=clock.move(days=5))) == 0
    assert settle_returns(make.system(at=clock.move(days=10))) == 1
    assert Return.objects.get(id=never.return_id).state == "lapsed"
    assert complete_inspected(make.system(at=clock())) == 1
    settle(clock)
    assert escrow(order_id) == 0
    receive_return(make.staff(offer.seller_id, at=clock()), return_id=never.return_id)  # late, but it came
    settle(clock)
    assert order_of(answer).refunded_minor == answer.total_minor


def test_refunds_by_decision_stay_below_what_came(clock: Clock) -> None:
    offer = make.offer(make.seller(), price_minor=3_000)
    answer = make.paid(make.visitor(at=clock()), {offer.id: 1})
    order, support = order_of(answer), make.operator("support", at=clock())
    assert refund_order(support, order_id=order.id, minor=1_000, reason="late") == 1_000
    with pytest.raises(RefundTooLarge):
        refund_order(support, order_id=order.id, minor=order.total_minor - 999, reason="again")
    for minor in (0, -1, 1.5, True):
        with pytest.raises(Invalid):
            refund_order(support, order_id=order.id, minor=minor, reason="odd")
    with pytest.raises(NotFound):
        refund_order(make.staff(make.seller(), at=clock()), order_id=order.id, minor=1, reason="mine")
    settle(clock)
    order.refresh_from_db()
    assert (order.state, order.refund_minor, order.refunded_minor) == ("paid", 1_000, 1_000)
    assert escrow(order.id) == order.total_minor - 1_000


def test_a_whole_purchase_is_cancelled_at_once(clock: Clock) -> None:
    offers = [make.offer(make.seller(), quantity=5) for _ in range(2)]
    buyer = make.buyer(at=clock())
    answer = make.paid(buyer, {offer.id: 1 for offer in offers})
    assert cancel_purchase(buyer, purchase_id=answer.purchase_id) == 2
    settle(clock)
    assert [left(offer) for offer in offers] == [5, 5]
    assert Purchase.objects.get(id=answer.purchase_id).state == "cancelled"
    with pytest.raises(NotFound):
        cancel_purchase(make.buyer(at=clock()), purchase_id=answer.purchase_id)


def test_a_part_withdrawn_before_dispatch_stays_out_of_the_box_and_is_sold_again(clock: Clock) -> None:
    from entrepot.logistics.queries import consignments_of_orders
    from entrepot.orders.commands import mark_packed

    offer, guest = make.offer(make.seller(), price_minor=2_000, quantity=5), make.visitor(at=clock())
    answer = make.paid(guest, {offer.id: 3})
    order_id = answer.orders[0].order_id
    done = withdraw_from_order(guest, order_id=order_id, quantities={0: 2}, token=answer.token)
    settle(clock)
    assert (done.send_back_by, order_of(answer).refunded_minor, left(offer)) == (None, 4_000, 4)
    mark_packed(make.staff(offer.seller_id, at=clock()), order_id=order_id)
    [parcel] = consignments_of_orders(make.system(at=clock()), [order_id])[order_id].parcels
    assert parcel.weight_g == 400
    assert escrow(order_id) == answer.total_minor - 4_000


def test_what_the_carrier_has_cannot_be_cancelled_but_withdrawn_from(clock: Clock) -> None:
    """The hand-over is known to logistics; its news has not reached the order yet."""
    from entrepot.logistics.commands import hand_over_parcels
    from entrepot.orders.commands import mark_packed

    guest = make.visitor(at=clock())
    answer = make.paid(guest, {make.offer(make.seller()).id: 1})
    order_id = answer.orders[0].order_id
    parcel = mark_packed(make.system(at=clock()), order_id=order_id)
    hand_over_parcels(make.system(at=clock()), parcel_ids=[parcel.parcel_id])
    assert order_of(answer).state == "packed"
    with pytest.raises(WrongState):
        cancel_order(guest, order_id=order_id, token=answer.token)
    assert withdraw_from_order(guest, order_id=order_id, token=answer.token).send_back_by is not None
    settle(clock)
    assert order_of(answer).state == "shipped"


def test_goods_that_came_back_whole_are_sold_again(clock: Clock) -> None:
    from entrepot.kit.models import AuditEntry

    offer, guest = make.offer(make.seller(), quantity=5), make.visitor(at=clock())
    answer = make.delivered(guest, {offer.id: 2}, at=clock())
    done = withdraw_from_order(guest, order_id=answer.orders[0].order_id, token=answer.token)
    assert done.return_id
    receive_return(make.staff(offer.seller_id, at=clock()), return_id=done.return_id, restock=True)
    settle(clock)
    assert left(offer) == 5
    steps = [row.after.get("step") for row in AuditEntry.objects.filter(seller_id=offer.seller_id)]
    assert "return_received" in steps


def test_a_form_sent_twice_withdraws_once(clock: Clock) -> None:
    from dataclasses import replace

    guest = make.visitor(at=clock())
    answer = make.delivered(guest, {make.offer(make.seller()).id: 2}, at=clock())
    order_id = answer.orders[0].order_id
    asks = replace(guest, key="browser:form-0001")
    first = withdraw_from_order(asks, order_id=order_id, quantities={0: 1}, token=answer.token)
    again = withdraw_from_order(asks, order_id=order_id, quantities={0: 1}, token=answer.token)
    assert again == first
    assert Withdrawal.objects.count() == 1
    assert OrderLine.objects.get(order_id=order_id).given_back == 1
