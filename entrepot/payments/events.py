"""Facts of payments. Amounts are whole minor units of `currency`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PartPaid:
    """What of it belongs to one order."""

    order_id: int
    seller_id: UUID
    minor: int


@dataclass(frozen=True, slots=True)
class PaymentCaptured:
    """The purchase is paid; the money of each order is in escrow. Once per purchase."""

    payment_id: UUID
    purchase_id: UUID
    provider: str
    method: str
    amount_minor: int
    currency: str
    parts: tuple[PartPaid, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class PaymentFailed:
    """The provider refused (`reason`: insufficient_funds, authentication_failed, cancelled_by_buyer …)."""

    payment_id: UUID
    purchase_id: UUID
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PaymentTooLate:
    """Money arrived for a purchase that was closed or paid otherwise; it goes back by itself."""

    payment_id: UUID
    purchase_id: UUID
    amount_minor: int
    currency: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PartRefunded:
    """What went back of one order; `advanced_minor` of it came from us, as the escrow had been released."""

    order_id: int
    seller_id: UUID
    minor: int
    advanced_minor: int


@dataclass(frozen=True, slots=True)
class RefundPromised:
    """A refund stands in the ledger and will be sent. What was advanced is to be recovered from the seller."""

    refund_id: UUID
    payment_id: UUID
    purchase_id: UUID
    external_id: str
    kind: str
    parts: tuple[PartRefunded, ...]
    minor: int
    currency: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PaymentRefunded:
    """The provider has sent the money back. `kind`: asked, late, chargeback."""

    refund_id: UUID
    payment_id: UUID
    purchase_id: UUID
    external_id: str
    kind: str
    parts: tuple[PartRefunded, ...]
    minor: int
    currency: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RefundStuck:
    """The provider cannot give it back, or did not answer many times: a person must look."""

    refund_id: UUID
    payment_id: UUID
    minor: int
    currency: str
    at: datetime
