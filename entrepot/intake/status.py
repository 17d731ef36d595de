"""What a command can be, what it can be answered, and which answer wins.

Codes are numbered by precedence: of several reasons to refuse an order, the lowest code is given, at the first line
that has it. A code is journaled in four bits, so there are at most sixteen.
"""

from __future__ import annotations

from typing import Final, Literal

# Kinds of command (column `kind`).
PLACE: Final = 1
RELEASE: Final = 2
ADJUST: Final = 3
SET_OFFER: Final = 4
OPEN_COUNTER: Final = 5

# Answers (column `code`), by precedence.
ACCEPTED: Final = 0
STALE_KEY: Final = 1  # the key is older than 24 hours of journal time (or an hour ahead of it)
KEY_REUSED: Final = 2  # the key was used for another command
UNKNOWN_OFFER: Final = 3
UNKNOWN_COUNTER: Final = 4
UNKNOWN_ORDER: Final = 5  # release of something that is no accepted order
ALREADY_RELEASED: Final = 6
NOT_OPEN: Final = 7
CLOSED: Final = 8
PRICE_CHANGED: Final = 9
LIMIT_REACHED: Final = 10
SOLD_OUT: Final = 11
BUDGET_EXHAUSTED: Final = 12

Code = Literal[
    "accepted",
    "stale_key",
    "key_reused",
    "unknown_offer",
    "unknown_counter",
    "unknown_order",
    "already_released",
    "not_open",
    "closed",
    "price_changed",
    "limit_reached",
    "sold_out",
    "budget_exhausted",
]
CODES: Final[tuple[Code, ...]] = (
    "accepted",
    "stale_key",
    "key_reused",
    "unknown_offer",
    "unknown_counter",
    "unknown_order",
    "already_released",
    "not_open",
    "closed",
    "price_changed",
    "limit_reached",
    "sold_out",
    "budget_exhausted",
)

# Bits of the column `code`: the low four are the code; a repeated key answers its first decision and does nothing.
CODE_MASK: Final = 0x0F
REPEATED: Final = 0x80

# Kinds of counter. Those from COUPON on hold money or uses of a promotion: they are exhausted, not sold out.
CounterKind = Literal["stock", "presale", "slot", "coupon", "subsidy", "budget"]
COUNTER_KINDS: Final[tuple[CounterKind, ...]] = ("stock", "presale", "slot", "coupon", "subsidy", "budget")
FIRST_BUDGET_KIND: Final = 3

# Bits of a take's `flags`.
PLAIN: Final = 1  # a take of `price` units straight from counter `target`, not a line on an offer
LIMITED: Final = 2  # counted towards the buyer's limit; set by the kernel, given back by the release

NO_LINE: Final = 127
NO_ORDER: Final = -1
NOTHING_LEFT_TO_SAY: Final = -1  # the answer carries no amount

KEY_LIFE_MS: Final = 24 * 3600 * 1000
KEY_AHEAD_MS: Final = 3600 * 1000
WHOLE_LIMIT: Final = (
    1 << 53
)  # no amount, price or sum passes it: exact in every language that reads the journal
MAX_LINES: Final = 64
MAX_TAKES: Final = 100
MAX_BATCH: Final = 8192
