"""Any order of steps that people and time can take: states stay legal, stock and money are conserved."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from entrepot.intake.queries import left_of_offers
from entrepot.kit.context import Context
from entrepot.kit.errors import Refusal
from entrepot.ledger.queries import AccountRef, balance_of, unbalanced_transfers
from entrepot.orders.commands import (
    cancel_order,
    complete_inspected,
    mark_delivered,
    mark_shipped,
    receive_return,
    refund_order,
    release_unpaid,
    withdraw_from_order,
)
from entrepot.orders.models import Order, OrderLine, Return
from entrepot.orders.policy import STEPS
from tests import make
from tests.orders.conftest import Clock
from tests.orders.test_giving_back import settle

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("spain")]
PICK = st.integers(0, 5)


class Life(RuleBasedStateMachine):
    """Some purchases of one offer. A refusal is an answer; what it leaves behind must still add up."""

    clock: Clock
    seen: ClassVar[set[str]] = set()

    @initialize(stage=st.sampled_from([0, 2, 4, 5]))
    def begin(self, stage: int) -> None:
        """So many natural steps of a first purchase lie behind us."""
        self.stock = 500
        self.offer = make.offer(make.seller(), price_minor=1_500, quantity=self.stock, at=self.clock())
        self.purchases: list[Any] = []
        self.states: dict[int, str] = {}
        for _ in range(stage):
            self.go_on(0, 2, True)
            self.every_step_was_legal()

    def guest(self) -> Context:
        return make.visitor(at=self.clock())

    def system(self) -> Context:
        return make.system(at=self.clock())

    def pick(self, number: int) -> tuple[int, str]:
        """One of the orders, and the token of its purchase; an unknown one when there is none yet."""
        if not self.purchases:
            return 1, ""
        purchase = self.purchases[number % len(self.purchases)]
        return purchase.orders[0].order_id, purchase.token

    def trying(self, call: Any) -> None:
        with suppress(Refusal):
            call()
        settle(self.clock)

    @rule(quantity=st.integers(1, 3))
    def place(self, quantity: int) -> None:
        self.trying(lambda: self.purchases.append(make.placed(self.guest(), {self.offer.id: quantity})))

    @rule(number=PICK)
    def pay(self, number: int) -> None:
        if self.purchases:
            purchase = self.purchases[number % len(self.purchases)]
            self.trying(lambda: make.pay(self.guest(), purchase))

    @rule(number=PICK, quantity=st.integers(1, 3), keeps=st.booleans())
    def go_on(self, number: int, quantity: int, keeps: bool) -> None:
        """The way most orders go: whatever comes next."""
        order_id, _ = self.pick(number)
        state = self.states.get(order_id, "")
        if state == "placed":
            self.pay(number)
        elif state in {"paid", "packed"}:
            self.ship(number)
        elif state == "shipped":
            self.deliver(number)
        elif state == "delivered" and Return.objects.filter(order_id=order_id, state="awaited").exists():
            self.receive(number)
        elif state == "delivered" and keeps:
            self.wait(20)
        elif state == "delivered":
            self.withdraw(number, 0)
        else:
            self.place(quantity)

    @rule(number=PICK)
    def cancel(self, number: int) -> None:
        order_id, token = self.pick(number)
        self.trying(lambda: cancel_order(self.guest(), order_id=order_id, token=token))

    @rule(number=PICK)
    def ship(self, number: int) -> None:
        self.trying(lambda: mark_shipped(self.system(), order_id=self.pick(number)[0]))

    @rule(number=PICK)
    def deliver(self, number: int) -> None:
        at = self.clock()
        self.trying(lambda: mark_delivered(self.system(), order_id=self.pick(number)[0], delivered_at=at))

    @rule(number=PICK, count=st.integers(0, 2))
    def withdraw(self, number: int, count: int) -> None:
        """From some pieces; 0: from everything left."""
        order_id, token = self.pick(number)
        wanted = {0: count} if count else None
        self.trying(
            lambda: withdraw_from_order(self.guest(), order_id=order_id, quantities=wanted, token=token)
        )

    @rule(number=PICK)
    def receive(self, number: int) -> None:
        ids = list(
            Return.objects.filter(order_id__in=self.states).order_by("id").values_list("id", flat=True)
        )
        if ids:
            self.trying(lambda: receive_return(self.system(), return_id=ids[number % len(ids)]))

    @rule(number=PICK, minor=st.integers(1, 4_000))
    def refund(self, number: int, minor: int) -> None:
        self.trying(
            lambda: refund_order(self.system(), order_id=self.pick(number)[0], minor=minor, reason="goodwill")
        )

    @rule(days=st.sampled_from([0, 1, 20]))
    def wait(self, days: int) -> None:
        self.clock.move(days=days, minutes=31)
        release_unpaid(self.system())
        complete_inspected(self.system())
        settle(self.clock)

    def orders(self) -> list[Order]:
        purchases = getattr(self, "purchases", [])
        return list(Order.objects.filter(id__in=[purchase.orders[0].order_id for purchase in purchases]))

    @invariant()
    def every_step_was_legal(self) -> None:
        reachable = {state: {state} for state in ("placed", *(then for _, then in STEPS.values()))}
        for _ in STEPS:
            for starts, then in STEPS.values():
                for found in reachable.values():
                    if found & starts:
                        found.add(then)
        for order in self.orders():
            assert order.state in reachable[self.states.get(order.id, "placed")]
            self.states[order.id] = order.state
            self.seen.add(order.state)

    @invariant()
    def stock_is_conserved(self) -> None:
        if not hasattr(self, "stock"):
            return
        held = sum(
            line.quantity
            for line in OrderLine.objects.filter(order_id__in=self.states).select_related("order")
            if line.order.state != "cancelled"
        )
        assert left_of_offers([self.offer.number])[self.offer.number] == self.stock - held

    @invariant()
    def money_is_conserved(self) -> None:
        assert unbalanced_transfers() == []
        for order in self.orders():
            assert 0 <= order.refunded_minor == order.refund_minor <= order.total_minor
            escrow = balance_of(AccountRef("escrow", f"order:{order.id}", "EUR"))
            if order.paid_at is None or order.state in {"completed", "refunded"}:
                assert escrow == 0
            elif order.completed_at is None:
                assert escrow == order.total_minor - order.refund_minor


@pytest.mark.slow
def test_the_life_of_orders(clock: Clock) -> None:
    Life.clock = clock
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=12,
            stateful_step_count=10,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Life.seen >= {"placed", "paid", "shipped", "delivered", "completed", "cancelled", "refunded"}
