"""Killed between any two steps: what is asked again resumes, and nothing is doubled."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from entrepot.ledger.queries import AccountRef, balance_of, unbalanced_transfers
from entrepot.payments.adapters.sandbox.models import SandboxCheckout, SandboxRefund
from entrepot.payments.commands import RefundPart, confirm_payment, refund_payment, send_refunds
from entrepot.payments.commands import pay as commands
from entrepot.payments.models import Payment
from tests.payments.conftest import Shop, ctx

pytestmark = pytest.mark.django_db(transaction=True)


class Killed(BaseException):
    """No `except Exception` of ours sees it, like a process that is gone."""


def kill_before(monkeypatch: pytest.MonkeyPatch, step: str) -> Callable[[], None]:
    """The process dies before this step; call the answer to let it live again."""

    def die(*_: object, **__: object) -> None:
        raise Killed

    with_step = getattr(commands, step)
    monkeypatch.setattr(commands, step, die)
    return lambda: monkeypatch.setattr(commands, step, with_step)


@pytest.mark.parametrize("step", ["_open_payment", "provider_for", "_note_redirect"])
def test_starting(shop: Shop, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    revive = kill_before(monkeypatch, step)
    with pytest.raises(Killed):
        shop.start()
    revive()
    start = shop.start()
    assert shop.come_back(shop.pay(start)) == "captured"
    assert (Payment.objects.count(), SandboxCheckout.objects.count()) == (1, 1)
    assert balance_of(AccountRef("provider_clearing", "sandbox", "EUR")) == 10_000


@pytest.mark.parametrize("step", ["_check_seen", "_due_state", "_book_outcome", "post_transfers", "_outcome"])
def test_capturing(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, step: str, facts: Callable[[], list[str]]
) -> None:
    start = shop.start()
    shop.pay(start)
    revive = kill_before(monkeypatch, step)
    with pytest.raises(Killed):
        confirm_payment(ctx(), payment_id=start.payment_id)
    revive()
    assert balance_of(AccountRef("provider_clearing", "sandbox", "EUR")) == 0
    for _ in range(2):
        assert confirm_payment(ctx(), payment_id=start.payment_id).is_applied
    assert facts() == ["payments.PaymentCaptured"]
    assert balance_of(AccountRef("provider_clearing", "sandbox", "EUR")) == 10_000


@pytest.mark.parametrize("step", ["providers", "_book_refund", "post_transfers"])
def test_refunding(shop: Shop, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    start = shop.start()
    shop.come_back(shop.pay(start))

    def ask() -> None:
        refund_payment(
            ctx(),
            payment_id=start.payment_id,
            parts=[RefundPart(shop.orders[0], 1000)],
            reason="test",
            external_id="once",
        )

    if step == "post_transfers":  # dies while promising: nothing is promised
        revive = kill_before(monkeypatch, step)
        with pytest.raises(Killed):
            ask()
        revive()
        assert send_refunds(ctx()) == 0
    ask()
    revive = kill_before(monkeypatch, step)
    with pytest.raises(Killed):
        send_refunds(ctx())
    revive()
    assert send_refunds(ctx()) == 1
    assert send_refunds(ctx()) == 0
    assert SandboxRefund.objects.count() == 1
    assert SandboxCheckout.objects.get().refunded_minor == 1000
    assert balance_of(AccountRef("provider_clearing", "sandbox", "EUR")) == 9000
    assert balance_of(AccountRef("refund_due", f"payment:{start.payment_id}", "EUR")) == 0
    assert unbalanced_transfers() == []
