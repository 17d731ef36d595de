"""Facts announced by the parties room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AccountCreated:
    user_id: int
    party_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class SellerRegistered:
    seller_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class SellerApproved:
    seller_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class SellerSuspended:
    seller_id: UUID
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SellerChanged:
    seller_id: UUID
    fields: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class SellerIbanChanged:
    """`old_email` is where the owner could be reached before, so that a hijacked account is noticed."""

    seller_id: UUID
    old_email: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StaffAdded:
    seller_id: UUID
    user_id: int
    role: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StaffRemoved:
    seller_id: UUID
    user_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class EmailVerified:
    """The person has shown that the mailbox is theirs."""

    user_id: int
    party_id: UUID
    email: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ErasureAsked:
    """Somebody wants their data erased: each room forgets what no law makes it keep. The e-mail is blanked with it."""

    user_id: int
    party_id: UUID
    email: str
    at: datetime
