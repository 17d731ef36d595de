"""Small writes that several commands share: a step on the timeline, a mail owed, money promised back."""

from __future__ import annotations

from typing import Any

from entrepot.kit.context import Context
from entrepot.orders.errors import WrongState
from entrepot.orders.models import Notice, Order, OrderEvent, Purchase, Withdrawal
from entrepot.orders.policy import decide_refund
from entrepot.payments.commands import RefundPart, refund_payment


def _note(ctx: Context, order: Order, kind: str, *, is_public: bool = True, **detail: Any) -> None:
    """A step on the order's timeline. People of the house and of shops are named; buyers are called buyer."""
    named = ctx.actor.kind in {"seller", "operator"}
    OrderEvent.objects.create(
        order=order,
        at=ctx.at,
        kind=kind,
        actor_kind=ctx.actor.kind,
        actor_label=ctx.actor.label if named else "",
        detail=detail,
        is_public=is_public,
    )


def _owe_notice(
    ctx: Context,
    purchase: Purchase,
    kind: str,
    order: Order | None = None,
    withdrawal: Withdrawal | None = None,
) -> None:
    """A mail to the buyer: written with the change it tells of, sent within seconds after the commit."""
    if purchase is not None:
        Notice.objects.create(
            purchase=purchase,
            order=order,
            withdrawal=withdrawal,
            kind=kind,
            created_at=ctx.at,
            next_try_at=ctx.at,
        )


def _refund(ctx: Context, order: Order, minor: int, *, reason: str, external_id: str) -> None:
    """Promise money of a paid order back, once per `external_id`; the caller holds the order's row and saves nothing.

    Refuses: WrongState (never paid), RefundTooLarge, Invalid (nothing).
    """
    if order.payment_id is None:
        raise WrongState(state=order.state, step="refunded")
    order.refund_minor = decide_refund(
        total_minor=order.total_minor,
        refund_minor=order.refund_minor,
        asked_minor=minor,
        currency=order.currency,
    )
    refund_payment(
        ctx,
        payment_id=order.payment_id,
        parts=[RefundPart(order.id, minor)],
        reason=reason,
        external_id=external_id,
    )
    order.save(update_fields=["refund_minor"])
    _note(ctx, order, "refund_promised", minor=minor, currency=order.currency, reason=reason)
