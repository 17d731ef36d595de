"""Money as whole minor units plus currency; the only place where amounts are rounded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

# ISO 4217 minor units that differ from 2, for the currencies of our markets.
_EXPONENT = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0}


def exponent_of(currency: str) -> int:
    """Digits after the decimal point in payment calls (ISO 4217)."""
    return _EXPONENT.get(currency, 2)


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount: `minor` whole minor units (cents) of `currency` (ISO 4217 code)."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"Money takes whole minor units, not {self.minor!r}")

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} never meet without a stored rate")

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def times(self, quantity: int) -> Money:
        return Money(self.minor * quantity, self.currency)

    def share_bp(self, rate_bp: int) -> Money:
        """`rate_bp` basis points of this amount, half up."""
        return Money(divide_half_up(self.minor * rate_bp, 10_000), self.currency)

    def as_decimal(self) -> Decimal:
        return Decimal(self.minor).scaleb(-exponent_of(self.currency))


def total(amounts: Iterable[Money], currency: str) -> Money:
    """Sum of amounts of one currency; zero when there are none."""
    whole = Money(0, currency)
    for amount in amounts:
        whole = whole + amount
    return whole


def divide_half_up(number: int, by: int) -> int:
    """Whole-number division, half away from zero. `by` > 0."""
    sign = -1 if number < 0 else 1
    return sign * ((2 * abs(number) + by) // (2 * by))


def vat_inside(gross_minor: int, rate_bp: int) -> int:
    """The VAT contained in a gross amount: gross × r / (1 + r), half up."""
    return divide_half_up(gross_minor * rate_bp, 10_000 + rate_bp)


def to_minor(amount: Decimal, currency: str) -> int:
    """Round a decimal amount half up to whole minor units."""
    return int(amount.scaleb(exponent_of(currency)).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def split_pro_rata(whole: int, weights: Sequence[int]) -> list[int]:
    """Share `whole` over `weights` so that the parts sum to it: largest remainder, ties to the first.

    All-zero weights share evenly. Raises ValueError without weights or with a negative one.
    """
    if not weights or min(weights) < 0:
        raise ValueError("split_pro_rata needs weights of zero or more")
    scale = sum(weights)
    if scale == 0:
        weights, scale = [1] * len(weights), len(weights)
    sign, rest = (-1, -whole) if whole < 0 else (1, whole)
    parts = [rest * weight // scale for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(rest * weights[i] % scale), i))
    for i in order[: rest - sum(parts)]:
        parts[i] += 1
    return [sign * part for part in parts]
