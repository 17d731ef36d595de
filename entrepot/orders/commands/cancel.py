"""Cancelling: an order ends before dispatch, its goods are free again, its money goes back."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from entrepot.kit.command import command
from entrepot.kit.context import Context, system_context
from entrepot.kit.errors import Invalid, NotFound, Sentence
from entrepot.logistics.commands import cancel_consignment
from entrepot.orders.commands._steps import _is_on_its_way, _note, _owe_notice, _refund
from entrepot.orders.errors import WrongState
from entrepot.orders.events import OrderCancelled
from entrepot.orders.models import Order, Purchase
from entrepot.orders.policy import CANCEL_REASONS, decide_step
from entrepot.payments.commands import close_due

# A purchase holds the orders of several sellers: once the asker's own order is found, its neighbours are read by this.
_EVERYBODY = system_context(
    at=datetime(1970, 1, 1, tzinfo=UTC), cause="the purchase of an order already found"
)


@command(scope="orders:cancel")
def cancel_order(ctx: Context, *, order_id: int, reason: str = "", token: str = "") -> str:
    """End an order before dispatch. Unpaid: nothing more is taken for it. Paid: all of it goes back. Returns the state.

    `reason` is one of the asker's reasons (buyer: changed_mind, mistake, too_slow, other; seller: out_of_stock,
    cannot_ship, pricing_error, other). Refuses: NotFound, WrongState (shipped, over), Invalid (reason), PurchasePaid
    (paid at this very moment: cancel it as a paid one).
    """
    purchase, order = _lock_order(ctx, order_id, token)
    whose = ctx.actor.kind if ctx.actor.kind in CANCEL_REASONS else "buyer"
    reason = reason or CANCEL_REASONS[whose][0]
    if reason not in CANCEL_REASONS[whose]:
        raise Invalid(
            field="reason",
            reason=Sentence("“{reason}” is not a reason.", reason=reason[:40]),
            hint=Sentence("One of: {known}.", known=", ".join(CANCEL_REASONS[whose])),
        )
    decide_step(order.state, "cancelled")
    if _is_on_its_way(order):
        raise WrongState(state="shipped", step="cancelled")
    if order.state == "placed":
        others = Order.objects.of(_EVERYBODY).filter(purchase=purchase, state="placed").exclude(id=order.id)
        if not others.exists():
            close_due(ctx, purchase_id=purchase.id)
    _cancel_locked(ctx, purchase, order, reason=reason)
    return order.state


@command(scope="orders:cancel")
def cancel_purchase(ctx: Context, *, purchase_id: UUID, reason: str = "", token: str = "") -> int:
    """Cancel every order of a purchase that is not dispatched yet; returns how many. Refuses as cancel_order does."""
    purchase = Purchase.objects.of(ctx, token).select_for_update().filter(id=purchase_id).first()
    if purchase is None:
        raise NotFound(what="purchase")
    rows = Order.objects.of(ctx, token).filter(purchase=purchase, state__in=["placed", "paid", "packed"])
    ids = list(rows.order_by("id").values_list("id", flat=True))
    for order_id in ids:
        cancel_order(ctx, order_id=order_id, reason=reason, token=token)
    return len(ids)


def _lock_order(ctx: Context, order_id: int, token: str = "") -> tuple[Purchase, Order]:
    """An order the asker may touch, and its purchase, both locked: the purchase first, as everywhere."""
    seen = Order.objects.of(ctx, token).filter(id=order_id).first()
    if seen is None:
        raise NotFound(what="order")
    purchase = Purchase.objects.of(_EVERYBODY).select_for_update().get(id=seen.purchase_id)
    return purchase, Order.objects.of(_EVERYBODY).select_for_update().get(id=order_id)


def _cancel_locked(ctx: Context, purchase: Purchase, order: Order, *, reason: str) -> None:
    """End a locked order. What the intake reserved is released by a reaction to the fact."""
    was_paid = order.state != "placed"
    back = order.total_minor - order.refund_minor if was_paid else 0
    order.state, order.cancelled_at, order.cancel_reason = (
        decide_step(order.state, "cancelled"),
        ctx.at,
        reason,
    )
    order.save(update_fields=["state", "cancelled_at", "cancel_reason"])
    if back:
        _refund(ctx, order, back, reason="cancelled", external_id=f"cancel:{order.id}")
    if order.consignment_id:
        cancel_consignment(ctx, order_id=order.id)
    _note(ctx, order, "cancelled", reason=reason, refund_minor=back, currency=order.currency)
    ctx.announce(
        OrderCancelled(
            order_id=order.id,
            purchase_id=order.purchase_id,
            seller_id=order.seller_id,
            was_paid=was_paid,
            refund_minor=back,
            currency=order.currency,
            reason=reason,
            at=ctx.at,
        )
    )
    _close_if_over(ctx, purchase)
    if (was_paid or reason == "unpaid") and reason != "withdrawn":
        _owe_notice(ctx, purchase, "cancelled", order)


def _close_if_over(ctx: Context, purchase: Purchase) -> None:
    """A purchase all of whose orders are cancelled is cancelled; its total is that of the others."""
    left = list(
        Order.objects.of(_EVERYBODY)
        .filter(purchase=purchase)
        .exclude(state="cancelled")
        .values_list("total_minor", flat=True)
    )
    purchase.total_minor, purchase.updated_at = sum(left), ctx.at
    if not left:
        purchase.state, purchase.cancelled_at = "cancelled", ctx.at
    purchase.save(update_fields=["total_minor", "updated_at", "state", "cancelled_at"])
