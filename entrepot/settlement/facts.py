"""What queries answer about a seller's account, and statements are written from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class EntryView:
    """A line of a statement. `minor` is what the seller's account rose by; `shares` what the same transfer moved."""

    at: datetime
    kind: str
    order_id: int | None
    external_id: str
    minor: int
    currency: str
    shares: Mapping[str, int]
    payout_id: UUID | None


@dataclass(frozen=True, slots=True)
class PayoutView:
    """A payout. `state`: waiting (for two people), ready, sent, paid, returned."""

    payout_id: UUID
    seller_id: UUID
    amount_minor: int
    currency: str
    state: str
    iban_masked: str
    holder: str
    bank_ref: str
    return_reason: str
    prepared_at: datetime
    sent_at: datetime | None
    paid_at: datetime | None
    returned_at: datetime | None
    entry_count: int
    approved_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A seller's account over a stretch of time: opening + entries − payouts = closing, in minor units."""

    seller_id: UUID
    seller_name: str
    currency: str
    since_at: datetime
    until_at: datetime
    opening_minor: int
    closing_minor: int
    entries: tuple[EntryView, ...]
    payouts: tuple[PayoutView, ...]


@dataclass(frozen=True, slots=True)
class TaxTerms:
    """How an order is taxed, frozen when it was placed: what its invoice must agree with."""

    order_id: int
    supply: str  # policy.supply_of
    is_tax_ours: bool
    tax_owner: str
    vat_minor: int
    duty_minor: int
    total_minor: int


@dataclass(frozen=True, slots=True)
class TaxCalendar:
    """When a scheme's returns are due: they cover `months`, until `due_day` of the month `due_month_offset` after."""

    scheme: str
    months: int
    due_month_offset: int
    due_day: int
    source: str


@dataclass(frozen=True, slots=True)
class Sold:
    """What a seller was credited for sales in a quarter (1 to 4), after fees and taxes; minor units of `currency`."""

    seller_id: UUID
    currency: str
    quarter: int
    activities: int
    credited_minor: int
    fees_minor: int
    taxes_minor: int


@dataclass(frozen=True, slots=True)
class FeeEntry:
    """Our fee on one movement of a seller's account; below zero it was given back. Minor units of `currency`."""

    seller_id: UUID
    order_id: int
    external_id: str
    kind: str
    at: datetime
    currency: str
    fee_minor: int
    vat_minor: int
    treatment: str  # domestic, oss, reverse_charge, outside
    country: str  # whose VAT it is; empty for none
    rate_bp: int
    tax_owner: str


@dataclass(frozen=True, slots=True)
class Platform:
    """Our own legal person, as invoices, returns and reports name it."""

    legal_name: str
    address: str
    postcode: str
    city: str
    country: str
    register_no: str
    vat_no: str
    ioss_no: str
    identification_country: str
    email: str
    iban: str
