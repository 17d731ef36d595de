"""The life of an order: paid, packed, handed over, delivered, inspected, completed; every step on one timeline."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core import mail

from entrepot.kit.errors import Invalid, NotFound
from entrepot.ledger.queries import AccountRef, balance_of
from entrepot.orders.commands import (
    complete_inspected,
    complete_order,
    mark_delivered,
    mark_packed,
    mark_shipped,
    pay_purchase,
    send_notices,
)
from entrepot.orders.errors import NothingToPay, WrongState
from entrepot.orders.models import Notice, Order
from entrepot.orders.queries import order_view, purchase_by_token, timeline, today_counts
from tests import make
from tests.orders.conftest import Clock

# The provider is asked between two transactions of payments' own, so these tests commit.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("spain")]


def state_of(order_id: int) -> str:
    return str(Order.objects.get(id=order_id).state)


def escrow(order_id: int) -> int:
    return balance_of(AccountRef("escrow", f"order:{order_id}", "EUR"))


def test_from_the_card_to_the_seller(clock: Clock) -> None:
    seller = make.seller()
    offer = make.offer(seller, price_minor=2_500, quantity=5)
    buyer = make.buyer(at=clock())
    answer = make.paid(buyer, {offer.id: 2})
    [order] = answer.orders
    staff = make.staff(seller, at=clock())
    assert state_of(order.order_id) == "paid"
    assert escrow(order.order_id) == order.total_minor
    assert today_counts(staff).to_ship == 1
    seen = order_view(staff, order_id=order.order_id)
    assert seen.consignee is not None
    assert (seen.consignee.line1, seen.consignee.email) == ("Calle Mayor 1", "")
    assert seen.consignment_id is not None  # its slip and label can be printed

    parcel = mark_packed(staff, order_id=order.order_id)
    assert parcel.tracking_no
    assert state_of(order.order_id) == "packed"
    assert mark_shipped(staff, order_id=order.order_id) == "shipped"
    make.relay()

    arrived = clock.move(days=3)
    mark_delivered(make.system(at=arrived), order_id=order.order_id, delivered_at=arrived)
    row = Order.objects.get(id=order.order_id)
    assert (row.state, row.delivered_at) == ("delivered", arrived)
    assert row.withdraw_until is not None
    assert (row.withdraw_until - arrived.date()).days >= 14
    assert complete_inspected(make.system(at=arrived)) == 0
    with pytest.raises(Invalid):
        complete_order(make.system(at=arrived), order_id=order.order_id)

    later = clock.move(days=20)
    assert complete_inspected(make.system(at=later)) == 1
    assert complete_inspected(make.system(at=later)) == 0
    make.relay()
    assert state_of(order.order_id) == "completed"
    assert escrow(order.order_id) == 0  # settlement has divided it
    kinds = [step.kind for step in timeline(buyer, order_id=order.order_id) if step.room == "orders"]
    assert kinds == ["placed", "paid", "packed", "shipped", "delivered", "completed"]
    rooms = {step.room for step in timeline(make.operator(at=later), order_id=order.order_id)}
    assert rooms == {"orders", "logistics", "payments", "ledger"}
    assert not any(step.room in {"payments", "ledger"} for step in timeline(staff, order_id=order.order_id))


def test_the_carrier_alone_moves_the_order(clock: Clock) -> None:
    """Logistics tells of the hand-over and the delivery; the order follows."""
    from entrepot.logistics.commands import hand_over_parcels, move_simulated_parcels
    from entrepot.logistics.queries import consignments_of_orders

    offer = make.offer(make.seller())
    answer = make.paid(make.visitor(at=clock()), {offer.id: 1})
    order_id = answer.orders[0].order_id
    mark_packed(make.system(at=clock()), order_id=order_id)
    parcels = consignments_of_orders(make.system(at=clock()), [order_id])[order_id].parcels
    hand_over_parcels(make.system(at=clock()), parcel_ids=[parcel.id for parcel in parcels])
    make.relay()
    assert state_of(order_id) == "shipped"
    clock.move(days=12)
    move_simulated_parcels(make.system(at=clock()))
    make.relay()
    assert state_of(order_id) == "delivered"
    [parcel] = consignments_of_orders(make.system(at=clock()), [order_id])[order_id].parcels
    assert Order.objects.get(id=order_id).delivered_at == parcel.delivered_at


@pytest.mark.parametrize("step", ["packed", "shipped", "delivered"])
def test_no_step_before_the_money(step: str, clock: Clock) -> None:
    answer = make.placed(make.visitor(at=clock()), {make.offer(make.seller()).id: 1})
    order_id = answer.orders[0].order_id
    system = make.system(at=clock())
    steps = {
        "packed": lambda: mark_packed(system, order_id=order_id),
        "shipped": lambda: mark_shipped(system, order_id=order_id),
        "delivered": lambda: mark_delivered(system, order_id=order_id, delivered_at=clock()),
    }
    with pytest.raises(WrongState):
        steps[step]()
    assert state_of(order_id) == "placed"


def test_another_shop_ships_nothing_of_ours(clock: Clock) -> None:
    answer = make.paid(make.visitor(at=clock()), {make.offer(make.seller()).id: 1})
    stranger = make.staff(make.seller(), at=clock())
    for command in (mark_packed, mark_shipped):
        with pytest.raises(NotFound):
            command(stranger, order_id=answer.orders[0].order_id)
    assert state_of(answer.orders[0].order_id) == "paid"


def test_paying_twice_is_refused(clock: Clock) -> None:
    guest = make.visitor(at=clock())
    answer = make.paid(guest, {make.offer(make.seller()).id: 1})
    with pytest.raises(NothingToPay):
        pay_purchase(guest, purchase_id=answer.purchase_id, token=answer.token, method="card", return_url="/")
    with pytest.raises(NotFound):
        pay_purchase(guest, purchase_id=answer.purchase_id, method="card", return_url="/")
    assert purchase_by_token(guest, answer.token).to_pay_minor == 0


@pytest.mark.parametrize(
    "language,words", [("es", "Derecho de desistimiento"), ("en", "Right of withdrawal")]
)
def test_the_confirmation_holds_what_law_wants(language: str, words: str, clock: Clock) -> None:
    from entrepot.orders.commands import add_to_cart, place_purchase, set_checkout_address, start_checkout
    from entrepot.storefront.assets import compile_translations

    compile_translations()
    guest = make.visitor(at=clock())
    offer = make.offer(make.seller("casa-sol"), price_minor=2_450)
    cart = add_to_cart(guest, market="ES", offer_id=offer.id, language=language)
    ref = start_checkout(guest, token=cart.token)
    set_checkout_address(
        guest, checkout_id=ref.id, token=ref.token, email="ana@example.es", name="{{7*7}} O'Hara & <b>Ana</b>",
        phone="612345678", line1="Calle Mayor 1", postcode="28013", city="Madrid",
    )  # fmt: skip
    answer = place_purchase(guest, checkout_id=ref.id, token=ref.token)
    make.relay()
    make.pay(guest, answer)
    assert send_notices(make.system(at=clock())) == 1
    assert send_notices(make.system(at=clock())) == 0
    [message] = mail.outbox
    assert message.to == ["ana@example.es"]
    assert str(answer.number) in message.subject
    for expected in (
        words,
        "casa-sol S.L.",
        answer.orders[0].number,
        answer.token,
        "{{7*7}} O'Hara & <b>Ana</b>",
    ):
        assert expected in message.body
    assert "14" in message.body
    assert Notice.objects.get().body == message.body  # kept as proof


def test_a_mail_server_that_refuses_is_asked_again(clock: Clock, settings: object) -> None:
    make.paid(make.visitor(at=clock()), {make.offer(make.seller()).id: 1})
    settings.EMAIL_BACKEND = "tests.orders.test_life.DeafBackend"  # type: ignore[attr-defined]
    assert send_notices(make.system(at=clock())) == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"  # type: ignore[attr-defined]
    assert send_notices(make.system(at=clock())) == 0  # not at once
    assert send_notices(make.system(at=clock.move(minutes=2))) == 1
    assert len(mail.outbox) == 1


class DeafBackend:
    """A mail server that is down."""

    def __init__(self, **options: object) -> None:
        self.options = options

    def send_messages(self, messages: list[object]) -> int:
        raise OSError("connection refused")


def test_a_later_time_of_delivery_moves_the_window(clock: Clock) -> None:
    answer = make.shipped(make.visitor(at=clock()), {make.offer(make.seller()).id: 1})
    order_id = answer.orders[0].order_id
    first, second = clock.move(days=2), clock.move(days=1)

    def told(at: datetime) -> Order:
        mark_delivered(make.system(at=second), order_id=order_id, delivered_at=at)
        return Order.objects.get(id=order_id)

    before = told(first)
    assert told(first).completes_at == before.completes_at
    after = told(second)
    assert after.delivered_at == second
    assert after.completes_at is not None
    assert before.completes_at is not None
    assert after.completes_at >= before.completes_at
