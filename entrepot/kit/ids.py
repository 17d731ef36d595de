"""Ids: UUIDv7 everywhere, shown with a prefix; short numbers for people without look-alikes."""

from __future__ import annotations

import secrets
import time
from uuid import UUID

from entrepot.kit.errors import Invalid, Sentence

# Crockford base 32: no I, L, O, U.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ = {char: value for value, char in enumerate(_ALPHABET)} | {"O": 0, "I": 1, "L": 1}


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, then 74 random bits."""
    millis = time.time_ns() // 1_000_000
    return uuid7_at(millis, secrets.randbits(74))


def uuid7_at(millis: int, luck: int) -> UUID:
    """The UUIDv7 of a Unix time in milliseconds and 74 bits of luck."""
    high, low = luck >> 62, luck & ((1 << 62) - 1)
    return UUID(int=(millis & ((1 << 48) - 1)) << 80 | 0x7 << 76 | (high & 0xFFF) << 64 | 0b10 << 62 | low)


def new_token() -> str:
    """An unguessable token for links (128 bits, URL-safe)."""
    return secrets.token_urlsafe(16)


def show_id(prefix: str, value: UUID) -> str:
    """`prd_01h…`: prefix plus 26 Crockford characters, lower case."""
    number, chars = value.int, []
    for _ in range(26):
        number, digit = divmod(number, 32)
        chars.append(_ALPHABET[digit])
    return f"{prefix}_{''.join(reversed(chars)).lower()}"


def read_id(prefix: str, text: str) -> UUID:
    """The UUID behind a shown id. Raises Invalid when it is not one of this kind."""
    head, _, tail = text.partition("_")
    number = 0
    if head != prefix or len(tail) != 26:
        raise Invalid(
            field="id",
            reason=Sentence("“{text}” is not an id of the form {prefix}_….", text=text[:60], prefix=prefix),
        )
    for char in tail.upper():
        if char not in _READ:
            raise Invalid(
                field="id",
                reason=Sentence("“{text}” holds the character “{char}”.", text=text[:60], char=char),
            )
        number = number * 32 + _READ[char]
    if number >= 1 << 128:
        raise Invalid(field="id", reason=Sentence("“{text}” is too large.", text=text[:60]))
    return UUID(int=number)


def _check_of(digits: list[int]) -> int:
    """A check digit over the field of 32 elements (x^5 + x^2 + 1): finds every wrong digit and every swap of two."""
    check = 0
    for digit in digits:
        check ^= digit
        check = check << 1 ^ (0b100101 if check & 16 else 0)
    return check


# Pairs of digits, and what a pair at each of seven places does to the check digit: the check is linear, so
# that the effects of the places are simply combined by XOR.
_PAIRS = [one + two for one in _ALPHABET for two in _ALPHABET]
_PAIR_CHECKS = [
    [_check_of([pair >> 5, pair & 31, *[0] * (2 * place)]) for pair in range(1024)] for place in range(7)
]


def show_number(value: int) -> str:
    """A 63-bit number for people: 13 Crockford characters and a check character, `XXXX-XXXXX-XXXXX`."""
    if not 0 <= value < 1 << 63:
        raise ValueError(f"{value} is not a 63-bit number")
    text, check = "", 0
    for place, effects in enumerate(_PAIR_CHECKS):
        pair = value >> 10 * place & 1023
        text = _PAIRS[pair] + text
        check ^= effects[pair]
    return f"{text[1:5]}-{text[5:10]}-{text[10:]}{_ALPHABET[check]}"


def read_number(text: str) -> int:
    """The number a person typed; forgives case, spaces, dashes, O for 0 and I or L for 1.

    Raises Invalid when a character or the check does not fit.
    """
    chars = [char for char in text.upper() if char not in "- "]
    if len(chars) != 14 or any(char not in _READ for char in chars):
        raise Invalid(
            field="number",
            reason=Sentence("“{text}” is not an order number.", text=text[:40]),
            hint="It has 14 characters.",
        )
    digits = [_READ[char] for char in chars[:13]]
    value = sum(digit << 5 * place for place, digit in enumerate(reversed(digits)))
    if value >= 1 << 63 or _READ[chars[13]] != _check_of(digits):
        raise Invalid(
            field="number",
            reason=Sentence("“{text}” has a typing mistake.", text=text[:40]),
            hint="Check each character.",
        )
    return value
