"""The test cards: each plays one story. No other card number is taken, so that nobody types a real one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final


@dataclass(frozen=True, slots=True)
class Case:
    """`secure`: asks for the 3-D Secure code; `outcome`: paid, declined or silent; `copies` of the webhook."""

    code: str
    story: str
    outcome: str = "paid"
    secure: bool = False
    failure: str = ""
    delay: timedelta = timedelta(0)
    copies: int = 1
    chargeback_after: timedelta | None = None


CARDS: Final[dict[str, Case]] = {
    "4242424242424242": Case("success", "Paid at once"),
    "4000000000003220": Case("secure", "3-D Secure, then paid", secure=True),
    "4000000000003097": Case(
        "secure_fails", "3-D Secure always fails", "declined", secure=True, failure="authentication_failed"
    ),
    "4000000000009995": Case(
        "declined", "Declined: insufficient funds", "declined", failure="insufficient_funds"
    ),
    "4000000000000077": Case("silent", "The bank never answers", "silent"),
    "4000000000000093": Case("late", "Paid, but known 20 seconds later only", delay=timedelta(seconds=20)),
    "4000000000000119": Case(
        "too_late", "Paid, but known after the time to pay has passed", delay=timedelta(hours=2)
    ),
    "4000000000000101": Case("twice", "Paid, and told three times over", copies=3),
    "4000000000000259": Case(
        "chargeback",
        "Paid; the buyer's bank takes it back a minute later",
        chargeback_after=timedelta(minutes=1),
    ),
}
SECURE_CODE: Final = "123456"
PHONE_CASES: Final[dict[str, Case]] = {
    "600000000": Case("success", "Paid at once"),
    "600000001": Case("declined", "Declined in the app", "declined", failure="refused_in_app"),
    "600000002": Case("late", "Confirmed 20 seconds later", delay=timedelta(seconds=20)),
}
# A six-digit code of the bank's app (BLIK and its like).
CODE_CASES: Final[dict[str, Case]] = {
    "777123": Case("success", "Paid at once"),
    "777000": Case("declined", "Declined in the app", "declined", failure="refused_in_app"),
    "777020": Case("late", "Confirmed 20 seconds later", delay=timedelta(seconds=20)),
}
# A bank's or wallet's own page, where the buyer signs in and agrees.
PAGE_CASES: Final[dict[str, Case]] = {
    "agree": Case("success", "Sign in and agree"),
    "refuse": Case("declined", "Sign in and refuse", "declined", failure="refused_by_buyer"),
    "late": Case("late", "Agree; the bank confirms 20 seconds later", delay=timedelta(seconds=20)),
    "silent": Case("silent", "The bank never answers", "silent"),
}


def fault_of_card(number: str, expiry: str, cvc: str, *, year: int, month: int) -> str:
    """The field that is wrong: `number`, `expiry`, `cvc`; empty when the form can be sent."""
    if number not in CARDS:
        return "number"
    digits = [part for part in expiry.replace(" ", "").split("/") if part.isascii() and part.isdigit()]
    if len(digits) != 2 or not 1 <= int(digits[0]) <= 12 or len(digits[1]) not in (2, 4):
        return "expiry"
    full = int(digits[1]) + (2000 if len(digits[1]) == 2 else 0)
    if (full, int(digits[0])) < (year, month) or full > year + 20:
        return "expiry"
    if not (cvc.isascii() and cvc.isdigit() and len(cvc) in (3, 4)):
        return "cvc"
    return ""
