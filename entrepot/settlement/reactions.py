"""What settlement does without a person."""

from __future__ import annotations

from django.conf import settings

from entrepot.kit.context import Context
from entrepot.kit.reaction import every, on
from entrepot.logistics.commands import set_ioss_number
from entrepot.orders.events import OrderCancelled, OrderCompleted, OrderPaid, OrderPlaced
from entrepot.payments.events import RefundPromised
from entrepot.settlement.commands.payouts import cut_payouts, send_payouts, sweep_provider_clearing
from entrepot.settlement.commands.reconcile import close_day, find_differences
from entrepot.settlement.commands.release import (
    freeze_terms,
    note_ended,
    note_paid,
    note_refunds,
    release_order,
)
from entrepot.settlement.tables import platform


@on(OrderPlaced)
def freeze_terms_of_order(ctx: Context, fact: OrderPlaced) -> None:
    freeze_terms(ctx, placed=fact)


@on(OrderPaid)
def hold_paid_order(ctx: Context, fact: OrderPaid) -> None:
    note_paid(ctx, order_id=fact.order_id)


@on(OrderPaid)
def tell_customs_of_collected_vat(ctx: Context, fact: OrderPaid) -> None:
    """Who collected the VAT is shown to customs by its IOSS number; orders that cross no border have no use for it."""
    set_ioss_number(ctx, order_id=fact.order_id, ioss_no=platform(ctx.at.date()).ioss_no)


@on(OrderCancelled)
def end_cancelled_order(ctx: Context, fact: OrderCancelled) -> None:
    note_ended(ctx, order_id=fact.order_id, was_paid=fact.was_paid)


@on(OrderCompleted)
def release_completed_order(ctx: Context, fact: OrderCompleted) -> None:
    release_order(ctx, order_id=fact.order_id)


@on(RefundPromised)
def take_back_shares(ctx: Context, fact: RefundPromised) -> None:
    """A refund after release was advanced by us: everybody gives back their part."""
    if fact.parts:
        note_refunds(ctx, refund=fact)


@every(seconds=300)
def cut_due_payouts(ctx: Context) -> None:
    cut_payouts(ctx)


@every(seconds=10)
def move_payouts(ctx: Context) -> None:
    send_payouts(ctx)


@every(seconds=600)
def let_sandbox_settle(ctx: Context) -> None:
    """The sandbox provider pays us once a day; a real one says so itself."""
    if settings.IS_PILOT:
        sweep_provider_clearing(ctx)


@every(seconds=900)
def look_for_differences(ctx: Context) -> None:
    find_differences(ctx)


@every(seconds=3600)
def close_yesterday(ctx: Context) -> None:
    """It also holds the books against themselves, so that the page of the console need not."""
    close_day(ctx)
