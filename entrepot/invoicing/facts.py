"""What a document says. Amounts are whole minor units of its currency; a credit note's are what goes back, positive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec


@dataclass(frozen=True, slots=True)
class Party:
    """Who issues or receives a document."""

    name: str
    address: str
    postcode: str
    city: str
    country: str
    vat_no: str = ""
    register_no: str = ""
    reference: str = ""  # our own id of them, where the law asks for one and there is no other
    email: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A line. `category` is EN 16931's: S standard, Z zero, AE reverse charge, G export, O outside the scope."""

    name: str
    quantity: int
    net_minor: int
    vat_minor: int
    category: str
    rate_bp: int
    sku: str = ""


@dataclass(frozen=True, slots=True)
class Tax:
    """The VAT of all lines of one category and rate."""

    category: str
    rate_bp: int
    net_minor: int
    vat_minor: int


@dataclass(frozen=True, slots=True)
class Content:
    """Everything a document says, frozen when it got its number."""

    kind: str
    number: str
    issued_on: date
    tax_point_on: date
    currency: str
    language: str
    issuer: Party
    receiver: Party
    items: tuple[Item, ...]
    taxes: tuple[Tax, ...]
    net_minor: int
    vat_minor: int
    gross_minor: int
    notes: tuple[str, ...] = ()  # keys of words.NOTES
    order_number: str = ""
    supply: str = ""
    tax_country: str = ""
    corrects_number: str = ""
    corrects_on: date | None = None
    period_from: date | None = None
    period_to: date | None = None

    @property
    def is_credit(self) -> bool:
        """Whether it takes back instead of asking."""
        return self.kind.endswith("_credit")


def read_content(stored: Mapping[str, Any]) -> Content:
    """What a stored document says."""
    return msgspec.convert(stored, Content)
