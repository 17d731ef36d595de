"""What people type: amounts and counts, read strictly and refused in words."""

from __future__ import annotations

import re
from decimal import Decimal

from entrepot.kit.errors import Invalid, Sentence
from entrepot.kit.money import exponent_of, to_minor


def read_price(text: str, currency: str, field: str = "price") -> int:
    """`12,50` or `12.50` in minor units; no thousands separators, no signs. Refuses: Invalid."""
    digits = exponent_of(currency)
    typed = text.strip().replace("€", "").strip()
    if not re.fullmatch(rf"[0-9]{{1,8}}([.,][0-9]{{1,{max(digits, 1)}}})?", typed, re.ASCII):
        raise Invalid(
            field=field, reason=Sentence("“{text}” is not an amount.", text=text[:20]), hint="Example: 12,50"
        )
    minor = to_minor(Decimal(typed.replace(",", ".")), currency)
    if minor <= 0:
        raise Invalid(field=field, reason="must be more than zero.", hint="Example: 12,50")
    return minor


def read_count(text: str, field: str, most: int = 100_000_000) -> int:
    """A whole number of zero or more in ASCII digits. Refuses: Invalid."""
    typed = text.strip()
    if not re.fullmatch(r"[0-9]{1,19}", typed, re.ASCII) or int(typed) > most:
        raise Invalid(
            field=field,
            reason=Sentence("“{text}” is not a whole number from 0 to {most}.", text=text[:20], most=most),
            hint="Example: 12",
        )
    return int(typed)
