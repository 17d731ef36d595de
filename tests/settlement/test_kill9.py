"""`kill -9` before every statement and around every commit of a life of money: resumed, nothing lost, nothing doubled.

Here every STRIDE-th of these moments; `python -m tests.settlement.kill9` takes them all.
"""

from __future__ import annotations

import os
import signal
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from entrepot.kit import clock
from entrepot.kit.money import Money
from entrepot.ledger.queries import AccountRef, balance_of, trial_balance, unbalanced_transfers
from entrepot.payments.adapters.sandbox import commands as sandbox
from entrepot.payments.adapters.sandbox.cases import CARDS
from entrepot.payments.adapters.sandbox.models import SandboxCheckout, SandboxRefund
from entrepot.payments.commands import (
    Part,
    RefundPart,
    confirm_payment,
    refund_payment,
    send_refunds,
    start_payment,
)
from entrepot.payments.errors import PurchasePaid
from entrepot.payments.models import Payment, Refund
from entrepot.settlement.commands.payouts import cut_payouts, send_payouts
from entrepot.settlement.commands.release import freeze_terms, note_paid, release_order
from entrepot.settlement.models import Payout
from entrepot.settlement.queries import ledger_faults
from tests.settlement.world import World, settle

pytestmark = pytest.mark.django_db(transaction=True)

STRIDE = int(os.environ.get("KILL_STRIDE", "53"))
TOTAL, BACK, LATE = 4000, 1000, 500
_KEPT: list[Any] = []


class Life:
    """An order from its placing to the bank: paid, partly given back, released, given back again, paid out."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.order = world.order(goods=TOTAL)
        self.placed = world.placed[self.order]

    def live(self) -> None:
        """All of it, as its people and jobs would ask for it again after a crash: every call may have been made before."""
        ctx = self.world.ctx
        freeze_terms(ctx(), placed=self.placed)
        with suppress(PurchasePaid):
            start_payment(
                ctx(),
                purchase_id=self.placed.purchase_id,
                amount=Money(TOTAL, "EUR"),
                parts=[Part(self.order, self.placed.seller_id, TOTAL)],
                method="card",
                return_url=f"{settings.BASE_URL}/",
            )
        payment = Payment.objects.get(purchase_id=self.placed.purchase_id)
        checkout = SandboxCheckout.objects.get(reference=payment.id)
        if checkout.state == "open":
            at = clock.now() - timedelta(seconds=1)
            sandbox.enter_case(checkout.token, CARDS["4242424242424242"], last4="4242", at=at)
        confirm_payment(ctx(), payment_id=payment.id)
        note_paid(ctx(), order_id=self.order)
        self.give_back(payment, BACK, "first")
        release_order(ctx(), order_id=self.order)
        self.give_back(payment, LATE, "late")
        cut_payouts(ctx())
        send_payouts(ctx())
        self.world.at += timedelta(hours=2)
        send_payouts(ctx())
        self.world.at -= timedelta(hours=2)

    def give_back(self, payment: Payment, minor: int, name: str) -> None:
        refund_payment(
            self.world.ctx(),
            payment_id=payment.id,
            parts=[RefundPart(self.order, minor)],
            reason="test",
            external_id=f"{name}:{self.order}",
        )
        settle()
        send_refunds(self.world.ctx())
        settle()

    def check(self) -> None:
        """Nothing is lost and nothing is doubled."""
        kept = TOTAL - BACK - LATE
        [payment] = Payment.objects.filter(purchase_id=self.placed.purchase_id)
        assert (payment.captured_minor, payment.refund_minor, payment.refunded_minor) == (
            TOTAL,
            BACK + LATE,
            BACK + LATE,
        )
        [checkout] = SandboxCheckout.objects.filter(reference=payment.id)
        assert checkout.refunded_minor == BACK + LATE  # what the provider really sent
        assert SandboxRefund.objects.filter(checkout=checkout).count() == 2
        assert set(Refund.objects.filter(payment=payment).values_list("state", flat=True)) == {"done"}
        for kind in ("reserved", "buyer_due", "escrow", "escrow_frozen", "refund_advance", "tax_in_escrow"):
            assert balance_of(AccountRef(kind, f"order:{self.order}", "EUR")) == 0, kind
        [payout] = Payout.objects.of(self.world.ctx()).filter(seller_id=self.placed.seller_id)
        fee = (kept // 10 * 121 + 50) // 100
        assert (payout.state, payout.amount_minor) == ("paid", kept - fee)
        assert unbalanced_transfers() == []
        assert ledger_faults(self.world.ctx()) == []
        assert sum(line.minor * line.sign for line in trial_balance()) == 0


@contextmanager
def dies_at(moment: int) -> Iterator[None]:
    """This process is gone (SIGKILL) at the moment-th step: before a statement, before a commit, or right after one."""
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1
        if steps == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    def watched(execute: Any, *rest: Any) -> Any:
        step()
        return execute(*rest)

    commit = BaseDatabaseWrapper._commit

    def committed(self: Any) -> Any:
        step()
        done = commit(self)
        step()
        return done

    BaseDatabaseWrapper._commit = committed
    with connection.execute_wrapper(watched):
        yield


def killed_at(life: Life, moment: int) -> bool:
    """Live in a process of its own that dies at this moment; False when it lived to the end."""
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # fork beside threads: the child only lives and dies
        child = os.fork()
    if child == 0:  # pragma: no cover - it never comes back
        _KEPT.append(connection.connection)  # closing it would close the parent's
        connection.connection = None
        try:
            with dies_at(moment):
                life.live()
            os._exit(0)
        finally:
            traceback.print_exc()
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 0, "the life itself failed"
    return os.WIFSIGNALED(status)


def kill_and_resume(stride: int) -> int:
    """Every stride-th moment of a life: killed there, resumed, checked. How many kills there were."""
    moment, kills = 1, 0
    while True:
        life = Life(World())
        if not killed_at(life, moment):
            life.check()
            return kills
        life.live()
        life.check()
        life.live()  # and all of it once more changes nothing
        life.check()
        kills, moment = kills + 1, moment + stride


def test_killed_and_resumed() -> None:
    kills = kill_and_resume(STRIDE)
    print(f"{kills} kills")
    assert kills * STRIDE > 200  # a life has that many moments at least
