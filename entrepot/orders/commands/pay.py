"""Paying: exactly one of paying and cancelling wins, and money that came too late goes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.kit.errors import NotFound, Refusal
from entrepot.kit.money import Money
from entrepot.logistics.queries import Place, in_money_of, promise, ready_after
from entrepot.markets.queries import pack
from entrepot.offers.queries import offers_by_id
from entrepot.orders.commands._steps import _note, _owe_notice
from entrepot.orders.commands.allocate import _plan_allocation
from entrepot.orders.commands.cancel import _cancel_locked
from entrepot.orders.errors import NothingToPay
from entrepot.orders.events import OrderPaid
from entrepot.orders.models import Order, OrderLine, Purchase
from entrepot.orders.policy import PAY_WITHIN, OrderDue, decide_capture
from entrepot.orders.pricing import ships_from
from entrepot.parties.queries import sellers_by_id
from entrepot.payments.commands import (
    Part,
    PaymentStart,
    RefundPart,
    close_due,
    refund_payment,
    start_payment,
)
from entrepot.payments.errors import MethodUnknown, PurchasePaid
from entrepot.payments.queries import payment_methods, time_to_pay

RELEASES_A_RUN = 200


@command(scope="orders:pay", atomic=False)
def pay_purchase(
    ctx: Context,
    *,
    purchase_id: UUID,
    method: str,
    return_url: str,
    token: str = "",
    tried_by: Sequence[str] = (),
) -> PaymentStart:
    """Start to pay every accepted order of a purchase; the answer says where the buyer goes.

    A method whose money takes days (a bank transfer) holds the goods as long as its dated row says, counted from the
    placing: choosing it again does not hold them longer. The buyer is told the day by mail.
    Refuses: NotFound, NothingToPay (paid, cancelled, or its time is over), MethodUnknown (not offered in this market),
    and as start_payment does.
    """
    purchase = Purchase.objects.of(ctx, token).filter(id=purchase_id).first()
    if purchase is None:
        raise NotFound(what="purchase")
    waiting = list(
        Order.objects.of(ctx, token).filter(purchase_id=purchase_id, state="placed").order_by("id")
    )
    if not waiting or purchase.state != "placed" or (purchase.pay_before and ctx.at >= purchase.pay_before):
        raise NothingToPay(state=purchase.state if purchase.state != "placed" else "released")
    on = ctx.at.date()
    if method not in payment_methods(purchase.market, on=on):
        raise MethodUnknown(method=method)
    wait = time_to_pay(method, on=on)
    until = max(order.placed_at for order in waiting) + wait if wait > PAY_WITHIN else None
    started = start_payment(
        ctx,
        purchase_id=purchase_id,
        amount=Money(sum(order.total_minor for order in waiting), purchase.currency),
        parts=[Part(order.id, order.seller_id, order.total_minor) for order in waiting],
        method=method,
        return_url=return_url,
        language=purchase.language,
        description=f"Entrepot {purchase.number}",
        tried_by=list(tried_by),
        pay_by_on=until.astimezone(ZoneInfo(pack(purchase.market).time_zone)).date() if until else None,
    )
    _note_payment(
        replace(ctx, key=""),
        purchase_id=purchase_id,
        token=token,
        payment_id=started.payment_id,
        method=method,
        until=until,
    )
    return started


@command(scope="orders:pay")
def _note_payment(
    ctx: Context, *, purchase_id: UUID, token: str, payment_id: UUID, method: str, until: datetime | None
) -> None:
    """Which payment was started last; with `until`, its money may take that long and the goods are held."""
    purchase = Purchase.objects.of(ctx, token).select_for_update().get(id=purchase_id)
    if purchase.state != "placed":
        return  # paid, or released, while the provider was asked
    purchase.payment_id, purchase.updated_at = payment_id, ctx.at
    is_longer = until is not None and (purchase.pay_before is None or until > purchase.pay_before)
    if is_longer:
        purchase.pay_before = until
    purchase.save(update_fields=["payment_id", "updated_at", "pay_before"])
    if is_longer and until is not None:
        for order in Order.objects.of(ctx, token).filter(purchase=purchase, state="placed").order_by("id"):
            _note(ctx, order, "payment_awaited", method=method, until=until.isoformat())
        _owe_notice(ctx, purchase, "payment_awaited")


@command(scope="orders:record")
def mark_purchase_paid(
    ctx: Context, *, purchase_id: UUID, payment_id: UUID, parts: Mapping[int, int]
) -> list[int]:
    """A payment was captured: its orders are paid; what it paid for cancelled ones goes straight back.

    `parts` are minor units by order id. Told twice, the second time changes nothing. Returns the orders now paid.
    Refuses: NotFound.
    """
    purchase = Purchase.objects.of(ctx).select_for_update().filter(id=purchase_id).first()
    if purchase is None:
        raise NotFound(what="purchase")
    orders = {
        order.id: order
        for order in Order.objects.of(ctx).select_for_update().filter(purchase_id=purchase_id).order_by("id")
    }
    outcome = decide_capture(
        [OrderDue(each.id, each.state, each.total_minor, each.payment_id) for each in orders.values()],
        parts,
        payment_id,
    )
    # From here on it must succeed.
    for order_id in outcome.paid:
        order = orders[order_id]
        order.state, order.paid_at, order.payment_id = "paid", ctx.at, payment_id
        order.save(update_fields=["state", "paid_at", "payment_id"])
        if ctx.at - order.placed_at > PAY_WITHIN:
            _promise_anew(ctx, purchase, order)
        _plan_allocation(ctx, order)
        _note(ctx, order, "paid", total_minor=order.total_minor, currency=order.currency)
        ctx.announce(
            OrderPaid(
                order_id=order.id,
                purchase_id=purchase.id,
                seller_id=order.seller_id,
                payment_id=payment_id,
                total_minor=order.total_minor,
                currency=order.currency,
                market=order.market,
                at=ctx.at,
            )
        )
    for order_id, minor in outcome.back:
        refund_payment(
            ctx,
            payment_id=payment_id,
            parts=[RefundPart(order_id, minor)],
            reason="came_too_late",
            external_id=f"late:{payment_id}:{order_id}",
        )
        if order_id in orders:
            _note(ctx, orders[order_id], "late_payment_returned", minor=minor, currency=purchase.currency)
    if outcome.paid:
        purchase.state, purchase.paid_at, purchase.payment_id = "paid", purchase.paid_at or ctx.at, payment_id
        purchase.save(update_fields=["state", "paid_at", "payment_id"])
        _owe_notice(ctx, purchase, "confirmation")
    return list(outcome.paid)


def _promise_anew(ctx: Context, purchase: Purchase, order: Order) -> None:
    """The days of arrival count from the money, when it took longer than a card: same service, same price.

    Where no way leads any more, the first promise stands.
    """
    lines = list(OrderLine.objects.of(ctx).filter(order=order))
    offers = offers_by_id([line.offer_id for line in lines])
    seller = sellers_by_id([order.seller_id]).get(order.seller_id)
    if seller is None or len(offers) < len({line.offer_id for line in lines}):
        return
    first, address, zone = offers[lines[0].offer_id], purchase.address, ZoneInfo(pack(order.market).time_zone)
    origin = ships_from(first, seller)
    try:
        ready_at = ready_after(ctx.at, max(offer.handling_days for offer in offers.values()), origin)
        found = promise(
            origin,
            Place(address["country"], address["postcode"]),
            ready_at,
            sum(line.weight_g * line.quantity for line in lines),
            order.quote["promise"]["service"],
            ctx.at.astimezone(zone).date(),
        )
    except Refusal:
        return
    found = in_money_of(found, order.market, ctx.at.astimezone(zone).date())
    found = replace(found, cost_minor=order.quote["promise"]["cost_minor"])
    order.promise_from, order.promise_to = found.from_on, found.to_on
    order.ship_by = ready_at.astimezone(zone).date()
    order.quote |= {"promise": msgspec.to_builtins(found, enc_hook=str)}
    order.save(update_fields=["promise_from", "promise_to", "ship_by", "quote"])


@command(scope="orders:record")
def release_unpaid(ctx: Context) -> int:
    """Cancel orders nobody paid in time; their goods are free again. Returns how many.

    The time is the purchase's `pay_before`: 30 minutes after the last of its orders was placed, or as long as the
    way to pay that was chosen takes. A purchase being paid at this very moment is left alone: payments knows who was
    first.
    """
    late = Order.objects.of(ctx).filter(state="placed", purchase__pay_before__lte=ctx.at)
    purchase_ids = list(
        late.order_by("purchase__pay_before").values_list("purchase_id", flat=True)[:RELEASES_A_RUN]
    )
    released = 0
    rows = Purchase.objects.of(ctx).select_for_update(skip_locked=True).filter(id__in=purchase_ids)
    for purchase in rows.order_by("id"):
        if purchase.pay_before is None or purchase.pay_before > ctx.at:
            continue  # a transfer was chosen, or one of its orders placed again, a moment ago
        orders = list(Order.objects.of(ctx).select_for_update().filter(purchase=purchase).order_by("id"))
        waiting = [order for order in orders if order.state == "placed"]
        if purchase.state == "placed":
            try:
                close_due(ctx, purchase_id=purchase.id)
            except PurchasePaid:
                continue  # captured a moment ago: its fact is on the way
        for order in waiting:
            _cancel_locked(ctx, purchase, order, reason="unpaid")
            released += 1
    return released
