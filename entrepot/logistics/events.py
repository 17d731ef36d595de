"""Facts the logistics room announces."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ParcelPacked:
    """A parcel of an order has a label."""

    order_id: int
    seller_id: UUID
    parcel_id: UUID
    tracking_no: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ParcelHandedOver:
    """A parcel is with the carrier. `all_handed_over`: it was the last one of its consignment."""

    order_id: int
    seller_id: UUID
    parcel_id: UUID
    tracking_no: str
    at: datetime
    all_handed_over: bool


@dataclass(frozen=True, slots=True)
class ParcelDelivered:
    """A parcel reached its door. `all_delivered`: it was the last one of its consignment.

    `at` is the instant of delivery (a right to withdraw counts from the last parcel's).
    """

    order_id: int
    seller_id: UUID
    parcel_id: UUID
    tracking_no: str
    at: datetime
    all_delivered: bool


@dataclass(frozen=True, slots=True)
class ParcelMoved:
    """A parcel's state changed on its way (not handed over, not delivered)."""

    order_id: int
    seller_id: UUID
    parcel_id: UUID
    tracking_no: str
    state: str
    place: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ParcelInTrouble:
    """A parcel is held, damaged, lost or could not be delivered: somebody must act."""

    order_id: int
    seller_id: UUID
    parcel_id: UUID
    tracking_no: str
    state: str
    place: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PromiseMissed:
    """A guaranteed day passed without the parcels: `compensation_minor` of `currency` is owed to the buyer."""

    order_id: int
    seller_id: UUID
    guaranteed_by: date
    delivered_on: date | None
    compensation_minor: int
    currency: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReturnHandedIn:
    """Goods that go back were handed in at a counter or locker: the code of the return was scanned there."""

    return_id: UUID
    code: str
    hub: str
    at: datetime
