"""Small writes that several commands share: a step on the timeline, a mail owed, money promised back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from entrepot.inventory.commands import adjust_stock
from entrepot.inventory.queries import counters_for_offer, stock_of_variants
from entrepot.kit import audit
from entrepot.kit.context import EVERY_SCOPE, Actor, Context, system_context
from entrepot.logistics.queries import consignments_of_orders
from entrepot.offers.queries import offers_by_id
from entrepot.orders.errors import WrongState
from entrepot.orders.models import Notice, Order, OrderEvent, OrderLine, Purchase, Withdrawal
from entrepot.orders.policy import decide_refund
from entrepot.payments.commands import RefundPart, refund_payment

_CARRIERS_NEWS = system_context(at=datetime(1970, 1, 1, tzinfo=UTC), cause="what the carrier has of an order")


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
    if named:
        audit.record(ctx, audit.subject_of(order), {}, {"step": kind} | detail)


def _is_on_its_way(order: Order) -> bool:
    """Whether the carrier has all of it already, though its news may not have come here yet."""
    if order.consignment_id is None:
        return False
    found = consignments_of_orders(_CARRIERS_NEWS, [order.id]).get(order.id)
    return found is not None and found.state not in {"open", "cancelled"}


def _restock(ctx: Context, lines: Iterable[OrderLine], quantities: Mapping[int, int]) -> None:
    """Pieces that never left, or came back whole, can be sold again: where they were fetched."""
    house = replace(ctx, actor=Actor("system", "Entrepot"), scopes=EVERY_SCOPE)
    back = {line.variant_id: line for line in lines if quantities.get(line.position)}
    offers = offers_by_id([line.offer_id for line in back.values()])
    shelves = stock_of_variants(house, back)
    for variant_id, line in back.items():
        offer = offers[line.offer_id]
        counter = counters_for_offer(variant_id, offer.ships_from_country, offer.ships_from_postcode)
        mine = shelves.get(variant_id, [])
        fetched = next((each for each in mine if each.location_id == line.location_id), None)
        shelf = fetched or next((each for each in mine if each.counter == counter), None)
        if shelf is not None:
            adjust_stock(
                house,
                variant_id=variant_id,
                location_id=shelf.location_id,
                delta=quantities[line.position],
                reason="given_back",
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
