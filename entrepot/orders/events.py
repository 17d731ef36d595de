"""Facts the orders room announces. Amounts are whole minor units of `currency`; `at` is the instant it became true."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """One line of an order as it was placed; `price_minor` is gross, for one."""

    position: int
    offer_id: UUID
    product_id: UUID
    variant_id: UUID
    category_id: UUID
    quantity: int
    price_minor: int
    vat_rate_bp: int
    vat_minor: int
    duty_minor: int


@dataclass(frozen=True, slots=True)
class PurchasePlaced:
    """At least one order of a checkout was accepted."""

    purchase_id: UUID
    market: str
    order_ids: tuple[int, ...]
    total_minor: int
    currency: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OrderPlaced:
    """The intake accepted an order and its rows stand in the tables."""

    order_id: int
    purchase_id: UUID
    seller_id: UUID
    buyer_id: UUID
    market: str
    lines: tuple[PlacedLine, ...]
    goods_minor: int
    shipping_minor: int
    vat_minor: int
    duty_minor: int
    total_minor: int
    is_deemed_supplier: bool
    currency: str
    at: datetime
    channel: str = "web"  # the door its checkout began at: web or api


@dataclass(frozen=True, slots=True)
class OrderPaid:
    """The order's money is captured and in escrow; the seller may start."""

    order_id: int
    purchase_id: UUID
    seller_id: UUID
    payment_id: UUID
    total_minor: int
    currency: str
    market: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OrderCancelled:
    """The order ended before dispatch. `refund_minor` goes back when it was paid."""

    order_id: int
    purchase_id: UUID
    seller_id: UUID
    was_paid: bool
    refund_minor: int
    currency: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OrderPacked:
    """Parcels are closed and labelled."""

    order_id: int
    seller_id: UUID
    consignment_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class OrderShipped:
    """The carrier has it."""

    order_id: int
    purchase_id: UUID
    seller_id: UUID
    consignment_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True)
class OrderDelivered:
    """The last parcel arrived: the inspection window and the time to withdraw begin."""

    order_id: int
    purchase_id: UUID
    seller_id: UUID
    withdraw_until: date
    completes_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class OrderCompleted:
    """The inspection window passed: what was not refunded is the seller's."""

    order_id: int
    purchase_id: UUID
    seller_id: UUID
    market: str
    total_minor: int
    refund_minor: int
    currency: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OrderWithdrawn:
    """The buyer declared withdrawal. `refund_minor` is due by `refund_due_on`."""

    order_id: int
    withdrawal_id: UUID
    seller_id: UUID
    refund_minor: int
    currency: str
    refund_due_on: date
    at: datetime


@dataclass(frozen=True, slots=True)
class ReturnAsked:
    """The buyer wants to send goods back (a defect, a wrong product, goodwill)."""

    order_id: int
    return_id: UUID
    seller_id: UUID
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReturnReceived:
    """The goods are back with the seller."""

    order_id: int
    return_id: UUID
    seller_id: UUID
    refund_minor: int
    currency: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OrderRefunded:
    """Money of this order went back: `minor` now, `refunded_minor` in all."""

    order_id: int
    purchase_id: UUID
    seller_id: UUID
    minor: int
    refunded_minor: int
    currency: str
    at: datetime
