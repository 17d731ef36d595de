"""What every payment provider can do. Each call is safe to repeat: it carries a key or our own id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol
from uuid import UUID

from entrepot.payments.tables import Method

ProviderState = Literal["pending", "authorised", "captured", "failed", "cancelled"]


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """What we ask the provider to collect. `reference` is our payment's id."""

    reference: UUID
    amount_minor: int
    currency: str
    method: str
    return_url: str
    webhook_url: str
    language: str
    description: str
    pay_by_on: date | None = None  # the last day, when its money may take days


@dataclass(frozen=True, slots=True)
class Started:
    """The provider's own reference, and where the buyer goes."""

    provider_ref: str
    redirect_url: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What the provider says about a payment now."""

    provider_ref: str
    reference: str
    state: ProviderState
    amount_minor: int
    currency: str
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A verified webhook. `provider_ref` may be empty: then `reference` says which payment it is about.

    `taken_minor`: what a chargeback took, when it is not all that was left.
    """

    event_id: str
    kind: str
    provider_ref: str
    reference: str
    amount_minor: int
    currency: str
    taken_minor: int = 0


class Provider(Protocol):
    """One payment provider. Raises ProviderUnavailable when it does not answer, SignatureWrong on a forged message."""

    code: str
    thanks: bytes  # the body a webhook is answered with; empty: 204

    def carries(self, method: Method) -> bool:
        """Whether it takes money by this method."""
        ...

    def start(self, order: PaymentOrder) -> Started:
        """Open a payment; the same reference again gives the same one."""
        ...

    def fetch(self, provider_ref: str) -> Seen:
        """Ask for its state."""
        ...

    def capture(self, provider_ref: str, *, amount_minor: int, key: str) -> Seen:
        """Take authorised money, once per key."""
        ...

    def cancel(self, provider_ref: str) -> Seen:
        """Give up an authorisation that was not captured."""
        ...

    def refund(self, provider_ref: str, *, minor: int, key: str) -> str:
        """Send money back, once per key; the provider's reference of the refund. Empty when it is refused for good."""
        ...

    def read_message(self, body: bytes, headers: Mapping[str, str], *, now: datetime) -> Message | None:
        """Verify the signature over the raw bytes, then read; None when it says nothing that concerns us."""
        ...
