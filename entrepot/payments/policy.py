"""What may happen to a payment. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

PAYMENT_STATES: Final = {"created", "redirected", "captured", "failed", "cancelled"}
OPEN_STATES: Final = frozenset({"created", "redirected"})

# Tries to pay under one mark: refused from the tenth within ten minutes (security.md, attack 49).
TRIES_MAX: Final = 10
TRIES_WITHIN: Final = timedelta(minutes=10)
TRIES_KEPT: Final = timedelta(days=1)
# A started payment is offered again to the same buyer for this long (a double click, a second tab).
REUSE_WITHIN: Final = timedelta(minutes=25)
# When we ask the provider of ourselves, because neither browser nor webhook came back.
ASK_AFTER: Final = timedelta(minutes=2)
ASK_FOR: Final = timedelta(days=4)  # longer than the slowest way to pay
REFUND_TRIES_MAX: Final = 12


def fault_of_parts(amount_minor: int, parts: Sequence[tuple[int, int]]) -> str:
    """Why a payment of this amount cannot have these (order id, minor) parts; empty when it can."""
    if amount_minor <= 0:
        return "the amount must be more than zero."
    if not parts or any(minor <= 0 for _, minor in parts):
        return "each order's part must be more than zero."
    if len({order_id for order_id, _ in parts}) != len(parts):
        return "an order stands in it twice."
    if sum(minor for _, minor in parts) != amount_minor:
        return "the parts do not sum to the amount."
    return ""


def decide_outcome(*, state: str, due: str, is_same_payment: bool) -> str:
    """What money that arrived becomes: `nothing` (known already), `escrow`, or `give_back`.

    `state` is the payment's, `due` its purchase's. Money for a purchase that is closed or paid otherwise goes back.
    """
    if state == "captured":
        return "nothing"
    if due == "open" or (due == "paid" and is_same_payment):
        return "escrow"
    return "give_back"


def fault_of_refund(
    asked: Mapping[int, int], refundable: Mapping[int, int], *, is_captured: bool
) -> tuple[str, dict[str, int]]:
    """Why these amounts by order cannot go back: `not_captured`, `nothing`, `unknown_order`, `too_much`; or empty."""
    if not is_captured:
        return "not_captured", {}
    if not asked or any(minor <= 0 for minor in asked.values()):
        return "nothing", {}
    for order_id, minor in asked.items():
        if order_id not in refundable:
            return "unknown_order", {"order_id": order_id}
        if minor > refundable[order_id]:
            return "too_much", {"left_minor": refundable[order_id], "asked_minor": minor}
    return "", {}


def next_refund_try(attempts: int) -> timedelta:
    """How long to wait after so many failed tries: 10 s, doubling, at most six hours."""
    return min(timedelta(seconds=10 * 2 ** min(attempts, 12)), timedelta(hours=6))
