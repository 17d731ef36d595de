"""The one table of what may happen to an order's money: each arrow is one kind of ledger transfer. Pure.

An order's money is `placed` (the buyer owes it), `held` (ours to keep for it), `frozen` (a dispute), then `released` to
whom it belongs or `cancelled`. What is released is *earned*; a payout takes it `under_way` to a bank until it is `paid`.
ARCHITECTURE.md prints this table, and a test holds it to that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

State = Literal["new", "placed", "held", "frozen", "released", "cancelled", "earned", "under_way", "paid"]


@dataclass(frozen=True, slots=True)
class Arrow:
    """From any of these states to `to` (empty: it stays), by one transfer of this kind, debits → credits."""

    sources: tuple[State, ...]
    to: State | Literal[""]
    kind: str
    debits: tuple[str, ...]
    credits: tuple[str, ...]


_SHARES = (
    "seller_payable",
    "platform_commission",
    "tax_owed",
    "duty_owed",
    "carrier_payable",
    "tax_in_escrow",
)
_STILL_HELD: tuple[State, ...] = (
    "placed",
    "held",
    "frozen",
    "cancelled",
)  # placed: paid, and not yet noted here
_ESCROW = ("escrow", "escrow_frozen")

ARROWS: Final[dict[str, Arrow]] = {
    "reserve": Arrow(("new",), "placed", "reserve", ("buyer_due",), ("reserved",)),
    "lapse": Arrow(("placed",), "cancelled", "lapse", ("reserved",), ("buyer_due",)),
    "hold": Arrow(
        ("placed",), "held", "capture", ("provider_clearing", "reserved"), ("escrow", "buyer_due")
    ),
    "freeze": Arrow(("held",), "frozen", "freeze", ("escrow",), ("escrow_frozen",)),
    "thaw": Arrow(("frozen",), "held", "thaw", ("escrow_frozen",), ("escrow",)),
    "refund": Arrow(_STILL_HELD, "", "refund", _ESCROW, ("refund_due",)),
    "charge_back": Arrow(_STILL_HELD, "", "chargeback", _ESCROW, ("refund_due",)),
    "cancel": Arrow(("placed", "held", "frozen"), "cancelled", "refund", _ESCROW, ("refund_due",)),
    "release": Arrow(("held",), "released", "release", ("escrow",), _SHARES),
    "refund_late": Arrow(("released",), "", "refund", ("refund_advance",), ("refund_due",)),
    "charge_back_late": Arrow(("released",), "", "chargeback", ("refund_advance",), ("refund_due",)),
    "recover": Arrow(("released",), "", "refund_recovery", _SHARES, ("refund_advance",)),
    "recover_charge_back": Arrow(("released",), "", "chargeback_recovery", _SHARES, ("refund_advance",)),
    "send_back": Arrow((*_STILL_HELD, "released"), "", "refund_sent", ("refund_due",), ("provider_clearing",)),
    "pay_out": Arrow(("earned",), "under_way", "payout", ("seller_payable",), ("payout_transit",)),
    "arrive": Arrow(("under_way",), "paid", "payout_paid", ("payout_transit",), ("bank", "provider_clearing")),
    "come_back": Arrow(
        ("under_way", "paid"),
        "earned",
        "payout_returned",
        ("payout_transit", "bank", "provider_clearing"),
        ("seller_payable",),
    ),
}  # fmt: skip


def may(verb: str, state: str) -> bool:
    """Whether this may happen to money in this state."""
    return state in ARROWS[verb].sources


def state_after(verb: str, state: str) -> str:
    """Where it leads; call it where `may` said yes."""
    assert may(verb, state), f"{verb} from {state}"
    return ARROWS[verb].to or state


def kind_of(verb: str) -> str:
    """The kind of the ledger transfer that is this arrow."""
    return ARROWS[verb].kind
