"""Pure decisions about carts, orders, withdrawals and refunds: facts in, an answer or a refusal out."""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Protocol
from uuid import UUID

from entrepot.kit.errors import Invalid, Refusal, Sentence
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

# Through which door a checkout began: the shop's pages, or a program.
CHANNELS = ("web", "api")
PURCHASE_STATES = frozenset({"open", "placing", "placed", "paid", "cancelled"})
ORDER_STATES = frozenset(
    {"placed", "paid", "packed", "shipped", "delivered", "completed", "cancelled", "refunded"}
)

MAX_LINES = 64
MAX_QUANTITY = 9_999
MAX_SUM = 1 << 53  # the largest whole number every program on the way reads exactly
PAY_WITHIN = timedelta(minutes=30)
CARTS_KEPT_FOR = timedelta(days=60)
RETURN_LAPSES_AFTER = timedelta(days=14)  # past the day to send back, with nothing sent

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

# Who may give which reason for ending an order; the first is what is meant when none is given.
CANCEL_REASONS: dict[str, tuple[str, ...]] = {
    "buyer": ("changed_mind", "mistake", "too_slow", "other"),
    "seller": ("out_of_stock", "cannot_ship", "pricing_error", "other"),
    "operator": ("operator_decision", "fraud_suspected", "safety", "other"),
    "system": ("unpaid", "other"),
}
RETURN_REASONS = (
    "defective",
    "damaged_in_transit",
    "wrong_product",
    "not_as_described",
    "incomplete",
    "other",
)


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
            field=field,
            reason=Sentence("“{value}” is not a whole number.", value=str(value)[:40]),
            hint="Use digits only, like 2.",
        )
    if not 1 <= number <= MAX_QUANTITY:
        raise Invalid(
            field=field,
            reason=Sentence("{number} is out of range.", number=str(number)[:40]),
            hint=Sentence("From 1 to {most} of one offer.", most=MAX_QUANTITY),
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


def decide_return(
    lines: Sequence[LineLeft], wanted: Mapping[int, int], *, standard_shipping_minor: int
) -> int:
    """What goes back for goods returned for a reason, in minor units. Refuses: NothingToWithdraw."""
    left = {line.position: line for line in lines}
    chosen = {position: count for position, count in wanted.items() if count != 0}
    if not chosen or any(
        position not in left or not 0 < count <= left[position].left for position, count in chosen.items()
    ):
        raise NothingToWithdraw()
    goods_minor = sum(left[position].price_minor * count for position, count in chosen.items())
    is_everything = all(line.left == chosen.get(line.position, 0) for line in lines)
    return goods_minor + (standard_shipping_minor if is_everything else 0)


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


# -- mail ------------------------------------------------------------------------------------------------------

MAIL_TRIES_MAX = 12


def next_try(at: datetime, attempts: int) -> datetime:
    """When a mail that was not taken is tried again: after 1, 2, 4 … minutes, at most six hours."""
    return at + min(timedelta(minutes=2 ** min(attempts - 1, 12)), timedelta(hours=6))


# -- checkout --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing a checkout lacks: the field, a sentence, and what to do.

    `title` is the article it is about; `why` the refusal behind it, for doors that say it in other languages.
    """

    field: str
    code: str
    sentence: str
    next_step: str
    title: str = ""
    why: Refusal | None = None

    @property
    def told(self) -> str:
        """The sentence with the article it is about."""
        return f"{self.title}: {self.sentence}" if self.title else self.sentence


@dataclass(frozen=True, slots=True)
class Contact:
    """Who receives the parcels, and where. Empty where not yet known."""

    email: str = ""
    name: str = ""
    phone: str = ""
    line1: str = ""
    line2: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""


LONGEST = {
    "email": 254, "name": 120, "phone": 32, "line1": 200, "line2": 200, "postcode": 16, "city": 120, "region": 120,
}  # fmt: skip
NEEDED_ALWAYS = {
    "email": "We need an e-mail address to send the confirmation to.",
    "name": "We need the name of the person who receives the parcels.",
    "phone": "The carrier needs a phone number to announce the parcel.",
}
# The names of the market packs' required parts of an address, and ours.
NEEDED_OF_ADDRESS = {
    "street_address": ("line1", "We need the street and the number."),
    "postal_code": ("postcode", "We need the postcode."),
    "city": ("city", "We need the town."),
    "country_area": ("region", "We need the province or region."),
}
_EMAIL = re.compile(
    r"[^\s@<>\"(),:;\[\]\\]{1,64}@(?:[^\s@.<>\"(),:;\[\]\\]{1,63}\.)+[^\s@.<>\"(),:;\[\]\\]{2,63}"
)
_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]*")


def missing_of(contact: Contact, required: Iterable[str]) -> list[Missing]:
    """What is still empty, by the market's list of required parts of an address."""
    wanted = NEEDED_ALWAYS | dict(
        NEEDED_OF_ADDRESS[part] for part in NEEDED_OF_ADDRESS if part in set(required)
    )
    return [
        Missing(field, f"{field}_missing", sentence, "fill_in_the_field")
        for field, sentence in wanted.items()
        if not getattr(contact, field)
    ]


def clean_contact(contact: Contact) -> Contact:
    """The same with blanks trimmed and runs of white space made one."""
    return Contact(**{name: " ".join(getattr(contact, name).split()) for name in LONGEST})


def wrong_of(
    contact: Contact, *, postcode_fits: bool, region_fits: bool = True, lies_there: bool = True
) -> dict[str, str]:
    """What is filled in wrongly: field → sentence. Empty fields are not wrong, they are missing.

    `region_fits`: the country has such a province or state; `lies_there`: the postcode may be one of it.
    """
    wrong = {}
    for field, most in LONGEST.items():
        value = getattr(contact, field)
        if len(value) > most:
            wrong[field] = f"This is too long: at most {most} characters."
        elif any(unicodedata.category(char) in {"Cc", "Cf", "Cs"} for char in value):
            wrong[field] = "This holds invisible control characters. Please type it again."
    if contact.email and "email" not in wrong and not _EMAIL.fullmatch(contact.email):
        wrong["email"] = "This is not an e-mail address. It looks like name@example.com."
    digits = sum(char.isdigit() for char in contact.phone)
    if (
        contact.phone
        and "phone" not in wrong
        and (not _PHONE.fullmatch(contact.phone) or not 6 <= digits <= 15)
    ):
        wrong["phone"] = "This is not a phone number. It looks like +34 612 345 678."
    if contact.postcode and "postcode" not in wrong and not postcode_fits:
        wrong["postcode"] = "This is not a postcode of this country."
    if contact.region and "region" not in wrong and not region_fits:
        wrong["region"] = "This is not a province or state of this country."
    elif contact.region and contact.postcode and not wrong.keys() & {"region", "postcode"} and not lies_there:
        wrong["postcode"] = "This postcode is not one of the province or state you chose."
    return wrong


# Providers under whose roof two spellings are one mailbox: dots in the name do not count, and another name of the same domain.
_DOTLESS = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}


def mailbox_of(email: str) -> str:
    """The mailbox an address leads to, as far as its spelling tells: lower case, without `+tag`, one spelling of each."""
    name, _, domain = unicodedata.normalize("NFKC", email).strip().casefold().rpartition("@")
    domain = domain.rstrip(".")
    name = name.partition("+")[0] or name
    if domain in _DOTLESS:
        name, domain = name.replace(".", "") or name, _DOTLESS[domain]
    return f"{name}@{domain}"


def mailbox_id(mailbox: str, *, key: str) -> UUID:
    """An id that is the same for the same mailbox and tells nobody which it is who does not hold the key."""
    return UUID(bytes=hmac.new(f"orders.mailbox:{key}".encode(), mailbox.encode(), "sha256").digest()[:16])
