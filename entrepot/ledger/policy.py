"""The chart of accounts, and what a transfer must look like. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

MAX_MINOR = 1 << 53  # an amount that every program can hold exactly


@dataclass(frozen=True, slots=True)
class AccountKind:
    """A line of the chart: the sign of a debit, whether it may go negative, and what it is for."""

    sign: int
    is_guarded: bool
    owner: str
    purpose: str


ASSET, OWED = 1, -1
# The chart of accounts. `owner` says whose reference stands in Account.owner.
CHART: Final[dict[str, AccountKind]] = {
    "provider_clearing": AccountKind(
        ASSET, False, "provider", "Paid to a payment provider, not yet in our bank"
    ),
    "bank": AccountKind(ASSET, False, "bank account", "Money in our bank"),
    "buyer_due": AccountKind(ASSET, False, "order", "A buyer owes it for an order that is placed, not paid"),
    "refund_advance": AccountKind(
        ASSET, False, "order", "Given back to a buyer after release, to be recovered from the seller"
    ),
    "fx": AccountKind(
        ASSET, False, "currency pair", "The other side of a conversion; the rate stands in the note"
    ),
    "tax_in_escrow": AccountKind(
        ASSET, False, "order", "VAT owed since the buyer paid, its money still in escrow"
    ),
    "provider_fee": AccountKind(ASSET, False, "provider", "What payment providers keep (cost)"),
    "write_off": AccountKind(ASSET, False, "reason", "Losses we bear (cost)"),
    "escrow": AccountKind(OWED, True, "order", "A buyer's money, held for one order"),
    "reserved": AccountKind(
        OWED, False, "order", "Awaited for an order: the other side of what its buyer owes"
    ),
    "escrow_frozen": AccountKind(
        OWED, True, "order", "Escrow of an order in dispute: nothing can release it"
    ),
    "refund_due": AccountKind(OWED, True, "payment", "Promised to a buyer, not yet sent by the provider"),
    "unapplied": AccountKind(OWED, True, "payment", "Received without an open order; goes back"),
    "seller_payable": AccountKind(
        OWED, False, "seller", "Earned by a seller, not yet paid out; below zero the seller owes us"
    ),
    "payout_transit": AccountKind(OWED, True, "payout", "On its way to a seller's bank"),
    "carrier_payable": AccountKind(OWED, False, "carrier", "Owed to a carrier"),
    "tax_owed": AccountKind(OWED, False, "authority", "VAT owed to a tax authority"),
    "duty_owed": AccountKind(OWED, False, "authority", "Customs duty owed to an authority"),
    "platform_commission": AccountKind(OWED, False, "market", "Our commission (income)"),
    "platform_fee": AccountKind(OWED, False, "kind of fee", "Other fees we earn (income)"),
    "membership": AccountKind(OWED, False, "plan", "Membership fees received"),
    "ad_credit": AccountKind(OWED, True, "seller", "Advertising paid in advance"),
}


class AccountRef(NamedTuple):
    """Names an account: kind (of the chart), owner (`order:123`), currency (ISO 4217)."""

    kind: str
    owner: str
    currency: str


class Leg(NamedTuple):
    """A posting to be: `minor` is positive for a debit, negative for a credit."""

    account: AccountRef
    minor: int


def debit(account: AccountRef, minor: int) -> Leg:
    """`minor` to the debit side: more of what we have, less of what we owe."""
    return Leg(account, minor)


def credit(account: AccountRef, minor: int) -> Leg:
    """`minor` to the credit side: more of what we owe, less of what we have."""
    return Leg(account, -minor)


@dataclass(frozen=True, slots=True)
class TransferDraft:
    """A transfer to be posted. Legs of zero are left out; `at` is when it happened (UTC)."""

    external_id: str
    kind: str
    subject: str
    at: datetime
    legs: Sequence[Leg]
    note: str = ""


def month_to_close(at: datetime, grace_days: int) -> datetime:
    """The end of the last month that ended at least `grace_days` before `at` (UTC)."""
    return (at - timedelta(days=grace_days)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def legs_of(draft: TransferDraft) -> list[Leg]:
    """The legs that carry money."""
    return [leg for leg in draft.legs if leg[1] != 0]


@lru_cache(maxsize=65_536)
def fault_of_account(account: AccountRef) -> str:
    """Why this is no account: an unknown kind, no printable owner of 80 characters, not three capital letters."""
    kind, owner, currency = account
    if kind not in CHART:
        return f"there is no account kind “{kind}”."
    is_currency = len(currency) == 3 and currency.isascii() and currency.isalpha() and currency.isupper()
    if not (0 < len(owner) <= 80 and owner.isprintable() and is_currency):
        return f"“{':'.join(account)}” is not an account's name."
    return ""


def fault_of(draft: TransferDraft, legs: Sequence[Leg]) -> str:
    """Why this transfer cannot be posted; empty when it can."""
    if not draft.external_id or len(draft.external_id) > 120:
        return "it needs an external id of at most 120 characters."
    if not (draft.external_id + draft.kind + draft.subject).isprintable():
        return "its texts must be printable."
    if len(legs) < 2:
        return "it moves nothing: two postings that are not zero are the least."
    sums: dict[str, int] = {}
    for account, minor in legs:
        fault = fault_of_account(account)
        if fault:
            return fault
        if type(minor) is not int or not -MAX_MINOR <= minor <= MAX_MINOR:
            return f"“{minor}” is not a whole amount below 2^53."
        currency = account[2]
        sums[currency] = sums.get(currency, 0) + minor
    if not any(sums.values()):
        return ""
    off = {currency: minor for currency, minor in sums.items() if minor}
    return "it does not sum to zero: " + ", ".join(f"{minor} {currency}" for currency, minor in off.items())


def fingerprint_of(draft: TransferDraft, legs: Sequence[Leg]) -> bytes:
    """Sixteen bytes that tell this transfer's content (not its time) from another's."""
    body = "\n".join([draft.kind, draft.subject, *[f"{a[0]}\t{a[1]}\t{a[2]}\t{minor}" for a, minor in legs]])
    return hashlib.blake2b(body.encode(), digest_size=16).digest()
