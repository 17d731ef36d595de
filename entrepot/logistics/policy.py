"""Pure decisions: what a route costs, what numbers a parcel carries, what its events add up to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol, TypeVar

from entrepot.logistics.network import Hop, Lane

MOST_WEIGHT_G = 30_000
BAND_G = 500
# GS1 keeps the prefix 952 for demonstrations; a running marketplace puts its own company prefix here.
GS1_COMPANY_PREFIX = "9521234"
SSCC_EXTENSION = "3"

# What a parcel event means, weakest first: at the same instant the stronger word decides.
STATES = {
    "label_created": "packed",
    "handed_over": "handed_over",
    "departed": "in_transit",
    "arrived": "in_transit",
    "joined": "in_transit",
    "customs_presented": "in_customs",
    "customs_held": "held",
    "customs_released": "in_transit",
    "delayed": "in_transit",
    "out_for_delivery": "out_for_delivery",
    "delivery_failed": "delivery_failed",
    "at_pickup_point": "at_pickup_point",
    "damaged": "damaged",
    "lost": "lost",
    "delivered": "delivered",
    "return_started": "returning",
    "returned": "returned",
}
RANK = {code: rank for rank, code in enumerate(STATES)}
# After a delivery only a return changes the state; a late scan from the road does not.
AFTER_DELIVERY = frozenset({"return_started", "returned"})
# What can only be true of the whole once parcels were joined: it is not told of a part for a time before that.
AT_THE_DOOR = frozenset(
    {"out_for_delivery", "delivery_failed", "at_pickup_point", "delivered", "return_started", "returned"}
)
OPEN_STATES = frozenset(
    {
        "handed_over",
        "in_transit",
        "in_customs",
        "held",
        "out_for_delivery",
        "delivery_failed",
        "at_pickup_point",
    }
)
TROUBLE = frozenset({"held", "delivery_failed", "damaged", "lost"})


def bands(weight_g: int) -> int:
    """Started half kilograms, at least one."""
    return max(1, -(-weight_g // BAND_G))


def carriage(lane: Lane, count: int) -> int:
    """What a lane costs for so many started half kilograms, in minor units."""
    return lane.base_minor + lane.per_500g_minor * count


def cost_of(hops: Iterable[Hop], weight_g: int) -> int:
    """Carriage of a route in minor units: each lane's base and its price per started 500 g."""
    count = bands(weight_g)
    return sum(carriage(hop.lane, count) for hop in hops)


def co2_of(hops: Iterable[Hop], weight_g: int) -> int:
    """Grams of CO2, rounded up."""
    milli = sum(hop.lane.distance_km * hop.lane.co2_g_per_tonne_km * weight_g for hop in hops)
    return -(-milli // 1_000_000)


def confidence_pct(hops: Iterable[Hop]) -> int:
    """The share of journeys that keep every lane's slow time, in whole per cent, rounded down."""
    share, scale = 1, 1
    for hop in hops:
        share *= 10_000 - hop.lane.late_bp
        scale *= 10_000
    return share * 100 // scale


@dataclass(frozen=True, slots=True)
class Guarantee:
    """Our own terms: what arrives within so many working days of the order is guaranteed, if its lanes hold often enough."""

    working_days: int
    least_confidence_pct: int
    least_minor: int  # comes back when it is missed, or the carriage where that is more


@dataclass(frozen=True, slots=True)
class TroubleTerms:
    """Who has to act on an exception and within how many hours, and what usually helps."""

    owner_role: str
    hours: int
    advice: str


def decide_guarantee(
    *, guaranteed_by: date, today: date, delivered_on: date | None, tried_on: date | None
) -> str:
    """`kept`, `missed` or `open`. A door nobody opened on the day counts as an arrival: we were there."""
    there_on = min((day for day in (delivered_on, tried_on) if day is not None), default=None)
    if there_on is not None and there_on <= guaranteed_by:
        return "kept"
    return "missed" if today > guaranteed_by else "open"


class Merits(Protocol):
    """What options are compared by."""

    @property
    def to_on(self) -> date: ...
    @property
    def from_on(self) -> date: ...
    @property
    def cost_minor(self) -> int: ...
    @property
    def co2_g(self) -> int: ...


Option = TypeVar("Option", bound=Merits)


def with_merits(options: Sequence[Option]) -> list[Option]:
    """The options with what each is best for; one option alone is best for nothing."""
    if len(options) < 2:
        return list(options)
    price = min(each.cost_minor for each in options)
    soon = min((each.to_on, each.from_on) for each in options)
    climate = min(each.co2_g for each in options)
    return [
        replace(
            each,  # type: ignore[type-var]
            best_for=tuple(
                name
                for name, is_best in (
                    ("price", each.cost_minor == price),
                    ("time", (each.to_on, each.from_on) == soon),
                    ("climate", each.co2_g == climate),
                )
                if is_best
            ),
        )
        for each in options
    ]


def gs1_check_digit(digits: str) -> str:
    """The GS1 check digit (modulo 10, weights 3 and 1 from the right)."""
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return str(-weighted % 10)


def sscc_of(serial: int) -> str:
    """The 18-digit Serial Shipping Container Code of a parcel. Raises ValueError past the room of the prefix."""
    width = 17 - len(SSCC_EXTENSION) - len(GS1_COMPANY_PREFIX)
    if not 0 <= serial < 10**width:
        raise ValueError(f"{serial} does not fit in {width} digits")
    body = f"{SSCC_EXTENSION}{GS1_COMPANY_PREFIX}{serial:0{width}d}"
    return body + gs1_check_digit(body)


def tracking_of(serial: int) -> str:
    """`EP`, eleven digits and two check digits (ISO 7064 MOD 97-10): finds every swapped or wrong digit."""
    if not 0 <= serial < 10**11:
        raise ValueError(f"{serial} does not fit in 11 digits")
    return f"EP{serial:011d}{98 - serial * 100 % 97:02d}"


def is_tracking_no(text: str) -> bool:
    """Whether a text is one of our tracking numbers, its check digits right."""
    digits = text[2:]
    return (
        len(text) == 15
        and text.startswith("EP")
        and digits.isascii()
        and digits.isdigit()
        and int(digits) % 97 == 1
    )


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of a parcel as the carrier told it."""

    code: str
    at: datetime
    place: str
    source: str
    event_id: str


@dataclass(frozen=True, slots=True)
class ParcelState:
    """What all events of a parcel add up to."""

    state: str
    at: datetime | None
    place: str
    handed_over_at: datetime | None
    delivered_at: datetime | None


NOTHING_TOLD = ParcelState("announced", None, "", None, None)


def decide_state(events: Iterable[Happened], before: ParcelState = NOTHING_TOLD) -> ParcelState:
    """The state of a parcel from its events, whatever order they came in and however often.

    The latest event decides; at the same instant the stronger one. Delivered stays delivered, but for a return.
    `before` is what older events added up to.
    """
    ordered = sorted(
        set(events), key=lambda event: (event.at, RANK[event.code], event.source, event.event_id)
    )
    state, at, place = before.state, before.at, before.place
    delivered_at, handed_over_at = before.delivered_at, before.handed_over_at
    for event in ordered:
        if event.code == "delivered" and delivered_at is None:
            delivered_at = event.at
        if handed_over_at is None and RANK[event.code] >= RANK["handed_over"]:
            handed_over_at = event.at
        if delivered_at is not None and event.code != "delivered" and event.code not in AFTER_DELIVERY:
            continue
        state, at, place = STATES[event.code], event.at, event.place
    return ParcelState(state, at, place, handed_over_at, delivered_at)


def state_after(before: ParcelState, fresh: Sequence[Happened]) -> ParcelState | None:
    """What further events make of a known state without its older events; None when those have to be looked at.

    Most events can be judged so: they are newer than all before, or older and not a delivery.
    """
    if before.at is None or before.handed_over_at is None or before.delivered_at is not None:
        return None
    last = before.at
    if any(event.at == last or (event.at < last and event.code == "delivered") for event in fresh):
        return None
    moving = [event.at for event in fresh if RANK[event.code] >= RANK["handed_over"]]
    found = decide_state((event for event in fresh if event.at > last), before)
    return replace(
        found, handed_over_at=min(before.handed_over_at, *moving) if moving else found.handed_over_at
    )


def may_wait_for_others(arrives_on: date, wanted_on: Sequence[date | None]) -> bool:
    """Whether parcels that go on together on their last way all keep their day; who has no day keeps nobody waiting."""
    days = [day for day in wanted_on if day is not None]
    return len(wanted_on) > 1 and bool(days) and arrives_on <= min(days)


def days_that_hold(days: Sequence[int], confidence_pct: int) -> int:
    """The fewest days within which at least this share of past journeys arrived. Raises ValueError without journeys."""
    if not days or not 0 < confidence_pct <= 100:
        raise ValueError("days_that_hold needs journeys and a share of 1 to 100 per cent")
    ordered = sorted(days)
    return ordered[-(-len(ordered) * confidence_pct // 100) - 1]
