"""What orders do without a person: follow payments and parcels, let time pass, and tell the intake what is free again."""

from __future__ import annotations

from dataclasses import replace

from entrepot.intake.commands import Release, key_for, submit
from entrepot.kit.context import Context
from entrepot.kit.reaction import every, on
from entrepot.logistics.events import ParcelDelivered, ParcelHandedOver, PromiseMissed, ReturnHandedIn
from entrepot.logistics.queries import consignments_of_orders
from entrepot.orders.commands import (
    claim_purchases,
    compensate_missed_promise,
    complete_inspected,
    erase_buyer,
    fetch_allocated,
    forget_old_carts,
    give_back_allocation,
    mark_delivered,
    mark_purchase_paid,
    note_handed_over,
    note_return_handed_in,
    prepare_consignment,
    record_refund,
    release_unpaid,
    send_notices,
    settle_returns,
)
from entrepot.orders.events import OrderCancelled, OrderPaid
from entrepot.parties.events import EmailVerified, ErasureAsked
from entrepot.payments.events import PaymentCaptured, PaymentRefunded


@on(PaymentCaptured)
def pay_orders_of_captured_payment(ctx: Context, fact: PaymentCaptured) -> None:
    """The money is in escrow: its orders are paid."""
    mark_purchase_paid(
        ctx,
        purchase_id=fact.purchase_id,
        payment_id=fact.payment_id,
        parts={part.order_id: part.minor for part in fact.parts},
    )


@on(PaymentRefunded)
def count_refunded_money(ctx: Context, fact: PaymentRefunded) -> None:
    """The provider has sent it back. What came too late never was an order's money."""
    for part in fact.parts:
        if fact.kind != "late" and not fact.external_id.startswith("late:"):
            record_refund(
                replace(ctx, key=f"{ctx.key}:{part.order_id}", facts=[]),
                order_id=part.order_id,
                minor=part.minor,
                kind=fact.kind,
                source=f"refund:{fact.refund_id}:{part.order_id}",
            )


@on(OrderPaid)
def open_consignment_of_paid_order(ctx: Context, fact: OrderPaid) -> None:
    """What lies elsewhere is fetched; then the seller can print its slip and label at once."""
    fetch_allocated(replace(ctx, key="", facts=[]), order_id=fact.order_id)
    prepare_consignment(ctx, order_id=fact.order_id)


@on(OrderCancelled)
def release_goods_of_cancelled_order(ctx: Context, fact: OrderCancelled) -> None:
    """What the intake reserved is free again; it gives an order's takes back once, whoever asks how often."""
    submit([Release(fact.order_id, key_for(f"cancel:{fact.order_id}", ctx.at))])
    give_back_allocation(replace(ctx, key="", facts=[]), order_id=fact.order_id)


@on(ParcelHandedOver)
def ship_order_of_last_parcel(ctx: Context, fact: ParcelHandedOver) -> None:
    """The last box is with the carrier."""
    if fact.all_handed_over:
        note_handed_over(ctx, order_id=fact.order_id, at=fact.at)


@on(ParcelDelivered)
def deliver_order_of_last_parcel(ctx: Context, fact: ParcelDelivered) -> None:
    """The last box arrived; the latest of their times counts, in whatever order they were told."""
    if fact.all_delivered:
        consignment = consignments_of_orders(ctx, [fact.order_id]).get(fact.order_id)
        last = consignment.delivered_at if consignment and consignment.delivered_at else fact.at
        mark_delivered(ctx, order_id=fact.order_id, delivered_at=last)


@on(PromiseMissed)
def compensate_for_a_missed_promise(ctx: Context, fact: PromiseMissed) -> None:
    """A guaranteed day passed: the buyer gets what was promised for that, without asking."""
    compensate_missed_promise(ctx, order_id=fact.order_id, minor=fact.compensation_minor)


@on(ReturnHandedIn)
def send_back_scanned_return(ctx: Context, fact: ReturnHandedIn) -> None:
    """The buyer showed the code; the goods are on their way back. A code that is no return's changes nothing."""
    note_return_handed_in(ctx, return_id=fact.return_id, code=fact.code)


@every(seconds=5)
def send_owed_mail(ctx: Context) -> None:
    """Receipts and confirmations."""
    send_notices(ctx)


@every(seconds=30)
def release_unpaid_orders(ctx: Context) -> None:
    """The time to pay is over: the goods are free again."""
    release_unpaid(ctx)


@every(seconds=60)
def complete_inspected_orders(ctx: Context) -> None:
    """The inspection window is over."""
    complete_inspected(ctx)


@every(seconds=600)
def let_time_settle_returns(ctx: Context) -> None:
    """Proven returns are refunded when due; those never sent lapse."""
    settle_returns(ctx)


@every(seconds=3600)
def forget_untouched_carts(ctx: Context) -> None:
    """Carts nobody came back to."""
    forget_old_carts(ctx)


@on(ErasureAsked)
def forget_the_buyer(ctx: Context, fact: ErasureAsked) -> None:
    """The orders stay without the person."""
    erase_buyer(ctx, party_id=fact.party_id, email=fact.email)


@on(EmailVerified)
def hand_over_what_a_guest_ordered(ctx: Context, fact: EmailVerified) -> None:
    """The mailbox is theirs, and so are the orders placed with it."""
    claim_purchases(ctx, party_id=fact.party_id, email=fact.email)
