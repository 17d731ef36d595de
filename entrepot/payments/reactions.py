"""What payments do without a person: send refunds, ask about silent payments, let the sandbox deliver its webhooks."""

from __future__ import annotations

from django.conf import settings

from entrepot.kit.context import Context
from entrepot.kit.reaction import every
from entrepot.payments.adapters.sandbox.provider import deliver_webhooks
from entrepot.payments.commands import ask_open_payments, send_refunds


@every(seconds=2)
def send_promised_refunds(ctx: Context) -> None:
    send_refunds(ctx)


@every(seconds=60)
def ask_about_open_payments(ctx: Context) -> None:
    ask_open_payments(ctx)


@every(seconds=1)
def let_sandbox_deliver(ctx: Context) -> None:
    """The sandbox provider's own heartbeat; silent in production, where it does not exist."""
    if settings.IS_PILOT:
        deliver_webhooks()
