"""Pure decisions about carts, orders, withdrawals and refunds: facts in, an answer or a refusal out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Protocol
from uuid import UUID

from entrepot.kit.errors import Invalid
from entrepot.orders.errors import (
    CartTooLong,
    MixedCurrencies,
    NothingToWithdraw,
    NotWithdrawable,
    RefundTooLarge,
    SumTooLarge,
    WithdrawalClosed,
    WrongState,
)

PURCHASE_STATES = frozenset({"open", "placing", "placed", "paid", "cancelled"})
ORDER_STATES = frozenset(
    {"placed", "paid", "packed", "shipped", "delivered", "completed", "cancelled", "refunded"}
)

MAX_LINES = 64
MAX_QUANTITY = 9_999
MAX_SUM = 1 << 53  # the largest whole number every program on the way reads exactly
PAY_WITHIN = timedelta(minutes=30)
CARTS_KEPT_FOR = timedelta(days=60)

# step → the states it may start from, and the state it leads to.
STEPS: dict[str, tuple[frozenset[str], str]] = {
    "paid": (frozenset({"placed"}), "paid"),
    "packed": (frozenset({"paid"}), "packed"),
    "shipped": (frozenset({"paid", "packed"}), "shipped"),
    "delivered": (frozenset({"shipped"}), "delivered"),
    "completed": (frozenset({"delivered"}), "completed"),
    "cancelled": (frozenset({"placed", "paid", "packed"}), "cancelled"),
    "refunded": (frozenset({"paid", "packed", "shipped", "delivered", "completed"}), "refunded"),
}


class WorkingDays(Protocol):
    """The calendar of the buyer's country."""

    def is_working_day(self, day: date) -> bool:
        """Neither Saturday, Sunday nor a public holiday."""


def decide_step(state: str, step: str) -> str:
    """The state after `step`. Refuses: WrongState when the step is out of turn."""
    starts, then = STEPS[step]
    if state not in starts:
        raise WrongState(state=state, step=step)
    return then


def read_quantity(value: object, *, field: str = "quantity") -> int:
    """A quantity from 1 to 9,999, given as a whole number or as plain ASCII digits.

    Refuses: Invalid for anything else: negative, zero, 1.5, "1e9", NaN, full-width digits, true, 2^31.
    """
    number: int | None = None
    if isinstance(value, int) and not isinstance(value, bool):
        number = value
    elif isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 10:
        number = int(value)
    if number is None:
        raise Invalid(
            field=field, reason=f"“{str(value)[:40]}” is not a whole number.", hint="Use digits only, like 2."
        )
    if not 1 <= number <= MAX_QUANTITY:
        raise Invalid(
            field=field,
            reason=f"{str(number)[:40]} is out of range.",
            hint=f"From 1 to {MAX_QUANTITY} of one offer.",
        )
    return number


def merge_wishes(wishes: Iterable[tuple[UUID, int]]) -> dict[UUID, int]:
    """Offers in the order they first came, the same offer's quantities added.

    Refuses: CartTooLong past 64 offers, Invalid past 9,999 of one.
    """
    merged: dict[UUID, int] = {}
    for offer_id, quantity in wishes:
        merged[offer_id] = read_quantity(merged.get(offer_id, 0) + read_quantity(quantity))
    if len(merged) > MAX_LINES:
        raise CartTooLong(most=MAX_LINES)
    return merged


def decide_sum(amounts: Iterable[tuple[int, str]]) -> tuple[int, str]:
    """The sum of (minor units, currency) pairs and their one currency.

    Refuses: MixedCurrencies, SumTooLarge past 2^53.
    """
    pairs = list(amounts)
    currencies = sorted({currency for _, currency in pairs})
    if len(currencies) > 1:
        raise MixedCurrencies(currencies=", ".join(currencies))
    whole = sum(minor for minor, _ in pairs)
    if whole > MAX_SUM:
        raise SumTooLarge()
    return whole, currencies[0] if currencies else ""


# -- withdrawal ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Terms:
    """Periods of law and custom in force on a day, with the rules that say so. Lengths in days."""

    withdrawal_days: int
    refund_days: int
    send_back_days: int
    inspection_days: int
    rule_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LineLeft:
    """A line as withdrawal sees it: `left` is what the buyer still has of it, `price_minor` gross for one."""

    position: int
    title: str
    price_minor: int
    quantity: int
    left: int
    exclusion: str = ""


@dataclass(frozen=True, slots=True)
class WithdrawalTerms:
    """What a withdrawal gives: goods and outbound delivery back, and by when."""

    quantities: dict[int, int]
    goods_minor: int
    shipping_minor: int
    refund_due_on: date
    send_back_by: date | None
    is_everything: bool

    @property
    def refund_minor(self) -> int:
        """All that goes back, in minor units."""
        return self.goods_minor + self.shipping_minor


def last_day_to_withdraw(delivered_on: date, terms: Terms, days: WorkingDays) -> date:
    """The last day, counted from the day after the last delivery; one that is no working day moves to the next."""
    day = delivered_on + timedelta(days=terms.withdrawal_days)
    while not days.is_working_day(day):
        day += timedelta(days=1)
    return day


def end_of_day(day: date, zone: tzinfo) -> datetime:
    """The instant at which a day is over in a time zone."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)


def decide_window(
    delivered_at: datetime, terms: Terms, days: WorkingDays, zone: tzinfo
) -> tuple[date, datetime]:
    """The last day to withdraw and the end of the inspection window, which never ends before it."""
    delivered_on = delivered_at.astimezone(zone).date()
    withdraw_until = last_day_to_withdraw(delivered_on, terms, days)
    inspected = end_of_day(delivered_on + timedelta(days=terms.inspection_days), zone)
    return withdraw_until, max(inspected, end_of_day(withdraw_until, zone))


def decide_withdrawal(
    lines: Sequence[LineLeft],
    wanted: Mapping[int, int],
    *,
    state: str,
    withdraw_until: date | None,
    standard_shipping_minor: int,
    at: datetime,
    zone: tzinfo,
    terms: Terms,
) -> WithdrawalTerms:
    """What the buyer's declaration at `at` gives; no `withdraw_until` means that nothing was delivered yet.

    Outbound delivery (at the standard price) goes back when nothing of the order is kept (WD-10).
    Refuses: WrongState (never paid, cancelled, refunded), WithdrawalClosed, NothingToWithdraw, NotWithdrawable.
    """
    if state not in {"paid", "packed", "shipped", "delivered", "completed"}:
        raise WrongState(state=state, step="withdrawn from")
    today = at.astimezone(zone).date()
    if withdraw_until is not None and today > withdraw_until:
        raise WithdrawalClosed(closed_on=withdraw_until.isoformat())
    by_position = {line.position: line for line in lines}
    chosen = {position: count for position, count in wanted.items() if count != 0}
    if not chosen or any(
        position not in by_position or not 0 < count <= by_position[position].left
        for position, count in chosen.items()
    ):
        raise NothingToWithdraw()
    for position in chosen:
        line = by_position[position]
        if line.exclusion:
            raise NotWithdrawable(title=line.title, exclusion=line.exclusion)
    is_everything = all(line.left == chosen.get(line.position, 0) for line in lines)
    was_sent = state in {"shipped", "delivered", "completed"}
    return WithdrawalTerms(
        quantities=chosen,
        goods_minor=sum(by_position[position].price_minor * count for position, count in chosen.items()),
        shipping_minor=standard_shipping_minor if is_everything else 0,
        refund_due_on=today + timedelta(days=terms.refund_days),
        send_back_by=today + timedelta(days=terms.send_back_days) if was_sent else None,
        is_everything=is_everything,
    )


# -- money -----------------------------------------------------------------------------------------------------


def decide_refund(*, total_minor: int, refund_minor: int, asked_minor: int, currency: str) -> int:
    """What is promised back in all after `asked_minor` more.

    Refuses: RefundTooLarge when more would go back than came in; Invalid for nothing or less.
    """
    if asked_minor <= 0:
        raise Invalid(field="amount", reason="A refund is more than zero.")
    if refund_minor + asked_minor > total_minor:
        raise RefundTooLarge(left_minor=total_minor - refund_minor, currency=currency)
    return refund_minor + asked_minor


@dataclass(frozen=True, slots=True)
class OrderDue:
    """An order as a captured payment finds it."""

    order_id: int
    state: str
    total_minor: int
    payment_id: UUID | None


@dataclass(frozen=True, slots=True)
class CaptureOutcome:
    """Which orders a captured payment pays, and what of it goes straight back: (order id, minor units)."""

    paid: tuple[int, ...]
    back: tuple[tuple[int, int], ...]


def decide_capture(orders: Sequence[OrderDue], parts: Mapping[int, int], payment_id: UUID) -> CaptureOutcome:
    """Pay each order that still waits and whose part is its total; give every other part back.

    A cancelled or released order, one paid by another payment, an unknown one: its money returns. Told twice of the
    same payment, the second time changes nothing.
    """
    known = {order.order_id: order for order in orders}
    paid, back = [], []
    for order_id, minor in parts.items():
        order = known.get(order_id)
        if order is not None and order.payment_id == payment_id:
            continue
        if order is not None and order.state == "placed" and order.total_minor == minor:
            paid.append(order_id)
        else:
            back.append((order_id, minor))
    return CaptureOutcome(tuple(paid), tuple(back))


# -- checkout --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing a checkout lacks: the field, a sentence, and what to do."""

    field: str
    code: str
    sentence: str
    next_step: str


REQUIRED = (
    ("email", "email", "We need an e-mail address to send the confirmation to."),
    ("name", "name", "We need the name of the person who receives the parcels."),
    ("phone", "phone", "The carrier needs a phone number to announce the parcel."),
)


def missing_contact(email: str, name: str, phone: str) -> list[Missing]:
    """What is missing of the person."""
    given = {"email": email, "name": name, "phone": phone}
    return [
        Missing(field, f"{code}_missing", sentence, "fill_in_the_field")
        for field, code, sentence in REQUIRED
        if not given[field].strip()
    ]


def missing_address(address: Mapping[str, str], required: Iterable[str]) -> list[Missing]:
    """What is missing of the address, by the market's list of required fields."""
    return [
        Missing(f"address.{field}", "address_incomplete", f"The address lacks: {field}.", "fill_in_the_field")
        for field in required
        if not str(address.get(field, "")).strip()
    ]
