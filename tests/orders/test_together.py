"""Many at once: the last units, one checkout pressed many times, paying against releasing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from entrepot.intake.queries import left_of_offers
from entrepot.inventory.queries import available
from entrepot.kit.errors import Refusal
from entrepot.kit.models import OutboxFact
from entrepot.ledger.queries import AccountRef, balance_of
from entrepot.orders.commands import pay_purchase, place_purchase, release_unpaid
from entrepot.orders.models import Order, OrderLine, Purchase
from tests import make
from tests.orders.conftest import Clock
from tests.orders.test_giving_back import finish, settings_base, settle

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("spain")]
CROWD = 16


def all_at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """Run every call in a thread of its own, let go together; answers and refusals in the order of the calls."""
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            barrier.wait(timeout=20)
            return call()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_the_last_ten_go_to_ten(clock: Clock) -> None:
    offer = make.offer(make.seller(), quantity=10)
    guests = [make.visitor(at=clock()) for _ in range(CROWD)]
    refs = [make.checkout(guest, {offer.id: 1}) for guest in guests]
    answers = all_at_once(
        [
            lambda guest=guest, ref=ref: place_purchase(guest, checkout_id=ref.id, token=ref.token)
            for guest, ref in zip(guests, refs, strict=True)
        ]
    )
    placed = [answer for answer in answers if not isinstance(answer, Refusal)]
    assert len(placed) == 10
    assert {answer.code for answer in answers if isinstance(answer, Refusal)} <= {
        "nothing_accepted", "checkout_not_ready",
    }  # fmt: skip
    assert (
        Order.objects.count()
        == OrderLine.objects.count()
        == Purchase.objects.filter(state="placed").count()
        == 10
    )
    assert left_of_offers([offer.number]) == {offer.number: 0}
    assert available([offer.variant_id]) == {offer.variant_id: 0}
    assert OutboxFact.objects.filter(kind="orders.OrderPlaced").count() == 10


def test_one_checkout_pressed_by_many_fingers(clock: Clock) -> None:
    offers = [make.offer(make.seller(), quantity=100) for _ in range(3)]
    guest = make.visitor(at=clock())
    ref = make.checkout(guest, {offer.id: 2 for offer in offers})
    answers = all_at_once([lambda: place_purchase(guest, checkout_id=ref.id, token=ref.token)] * CROWD)
    assert all(answer == answers[0] for answer in answers)
    assert len(answers[0].orders) == Order.objects.count() == 3
    assert left_of_offers([offer.number for offer in offers]) == {offer.number: 98 for offer in offers}
    assert OutboxFact.objects.filter(kind="orders.PurchasePlaced").count() == 1


@pytest.mark.parametrize("round_", range(3))
def test_paying_against_releasing(round_: int, clock: Clock) -> None:
    offer, guest = make.offer(make.seller(), quantity=5), make.visitor(at=clock())
    answer = make.placed(guest, {offer.id: 1})
    started = pay_purchase(
        guest, purchase_id=answer.purchase_id, token=answer.token, method="card",
        return_url=f"{settings_base()}/es-es/purchase/{answer.token}",
    )  # fmt: skip
    late = make.system(at=clock.move(minutes=31))
    all_at_once([lambda: finish(started), lambda: release_unpaid(late)])
    settle(clock)
    release_unpaid(make.system(at=clock()))
    settle(clock)
    order = Order.objects.get()
    escrow = balance_of(AccountRef("escrow", f"order:{order.id}", "EUR"))
    left = left_of_offers([offer.number])[offer.number]
    assert (order.state, escrow, left) in {("paid", order.total_minor, 4), ("cancelled", 0, 5)}
