"""One timeline an order: what this room knows, what carriers told, what the payment did, and each ledger entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from entrepot.kit.context import Context
from entrepot.kit.errors import NotFound
from entrepot.ledger.queries import transfers_by_subject
from entrepot.logistics.queries import events_of_order
from entrepot.orders.models import Order, OrderEvent
from entrepot.payments.queries import payments_by_order


@dataclass(frozen=True, slots=True)
class TimelineStep:
    """One step: when, what (`room.kind`), who, and its facts. `is_public`: the buyer sees it.

    `actor_kind` is the role that did it; `actor_label` the person, where the reader may know the name.
    """

    at: datetime
    room: str  # orders | logistics | payments | ledger
    kind: str
    actor_kind: str
    actor_label: str
    detail: Mapping[str, Any]
    is_public: bool


def timeline(ctx: Context, *, order_id: int, token: str = "") -> list[TimelineStep]:
    """Every step of an order, oldest first; at most seven SQL statements.

    A buyer sees the public steps; a seller those and its own work; operators payments' tries and ledger entries too.
    Names stay in the house: a seller reads those of its own people, a buyer none, both the role.
    Refuses: NotFound.
    """
    order = Order.objects.of(ctx, token).filter(id=order_id).first()
    if not isinstance(order, Order):
        raise NotFound(what="order")
    steps = [_own(event) for event in order.events.order_by("at", "id")]
    steps += [
        TimelineStep(
            event.at,
            "logistics",
            event.code,
            "carrier",
            "",
            {"tracking_no": tracking_no, "place": event.place},
            True,
        )
        for tracking_no, event in events_of_order(order_id)
    ]
    if ctx.actor.kind != "seller":
        steps += _payment_steps(order_id)
    is_house = ctx.actor.kind in {"operator", "system"}
    if is_house:
        steps += _ledger_steps(order_id)
    if ctx.actor.kind not in {"seller", "operator", "system"}:
        steps = [step for step in steps if step.is_public]
    known = {"seller"} if ctx.actor.kind == "seller" else set()
    if not is_house:
        steps = [step if step.actor_kind in known else replace(step, actor_label="") for step in steps]
    return sorted(steps, key=lambda step: step.at)


def _own(event: OrderEvent) -> TimelineStep:
    return TimelineStep(
        event.at, "orders", event.kind, event.actor_kind, event.actor_label, event.detail, event.is_public
    )


def _payment_steps(order_id: int) -> list[TimelineStep]:
    steps = []
    for payment in payments_by_order(order_id):
        facts = {"method": payment.method, "amount_minor": payment.amount_minor, "currency": payment.currency}
        steps.append(TimelineStep(payment.started_at, "payments", "started", "buyer", "", facts, False))
        if payment.captured_at:
            steps.append(
                TimelineStep(payment.captured_at, "payments", "captured", "provider", "", facts, False)
            )
        for refund in payment.refunds:
            detail = {"minor": refund.minor, "currency": payment.currency, "reason": refund.reason}
            steps.append(
                TimelineStep(refund.asked_at, "payments", "refund_asked", "system", "", detail, False)
            )
            if refund.done_at:
                steps.append(
                    TimelineStep(refund.done_at, "payments", "refund_sent", "provider", "", detail, False)
                )
    return steps


def _ledger_steps(order_id: int) -> list[TimelineStep]:
    return [
        TimelineStep(
            transfer.at,
            "ledger",
            transfer.kind,
            "system",
            "",
            {
                "external_id": transfer.external_id,
                "postings": [
                    {
                        "account": f"{each.account.kind} {each.account.owner}".strip(),
                        "minor": each.minor,
                        "currency": each.account.currency,
                    }
                    for each in transfer.postings
                ],
            },
            False,
        )
        for transfer in transfers_by_subject(f"order:{order_id}")
    ]
