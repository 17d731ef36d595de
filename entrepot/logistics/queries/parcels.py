"""Reads of the logistics room: the delivery promise, its options, parcels and their route."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import (
    Case,
    Count,
    DateField,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    Func,
    Q,
    TextField,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Greatest

from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid, NotFound, Sentence
from entrepot.kit.money import Money, to_minor
from entrepot.kit.tenancy import TenantQuerySet
from entrepot.logistics import bulk, policy, tables
from entrepot.logistics.errors import NoRoute, PlaceNotServed, TooHeavy
from entrepot.logistics.models import Bundle, Consignment, Parcel, ParcelEvent
from entrepot.logistics.network import Hop, instant, minute_of
from entrepot.markets.queries import address_lines, fx_rate, pack, working_days

if TYPE_CHECKING:
    from entrepot.logistics import paper

SERVICES = {  # by service: the lanes it may take
    "standard": frozenset({"standard"}),
    "express": frozenset({"standard", "express"}),
    "saver": frozenset({"standard", "economy"}),
    "green": frozenset({"standard", "economy"}),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where goods start or end. Without a postcode the country's usual zone stands in (Madrid in Spain).

    With `node` it is that place of the network itself: a warehouse goods leave from, a locker they go to.
    """

    country: str
    postcode: str = ""
    city: str = ""
    node: str = ""


@dataclass(frozen=True, slots=True)
class Leg:
    """One stop of the route strip: its code, its name and when the parcel should be there at the latest."""

    code: str  # HGH, LGG, a postcode
    place: str
    kind: str  # origin | gateway | customs | hub | door | locker
    country: str
    mode: str  # how it came here; empty at the origin
    arrives_at: datetime


@dataclass(frozen=True, slots=True)
class Promise:
    """Dates at the door (local), what carriage costs, and how it goes there.

    `to_on` holds when every lane has a slow day; `confidence_pct` is the share of journeys for which that is so.
    `ready_by` is the last instant at which goods may be ready for the same dates. `best_for` says what it is best for
    among the options it was given with. With `guaranteed_by`, `guarantee_minor` comes back should it arrive later.
    """

    from_on: date
    to_on: date
    cost_minor: int
    currency: str
    service: str
    co2_g: int
    legs: tuple[Leg, ...]
    ready_by: datetime
    confidence_pct: int
    distance_km: int
    model: str
    lanes: tuple[str, ...]
    best_for: tuple[str, ...] = ()  # price | time | climate
    guaranteed_by: date | None = None
    guarantee_minor: int = 0


@dataclass(frozen=True, slots=True)
class _Plan:
    """A route for one first departure: what does not depend on the weight or the exact address."""

    slow: tuple[Hop, ...]
    good: tuple[Hop, ...]
    from_on: date
    to_on: date


def zone_of(place: Place) -> str:
    """The delivery zone of a place, or the node it names. Refuses: PlaceNotServed."""
    if place.node:
        if place.node not in tables.nodes():
            raise PlaceNotServed(place=place.node[:40])
        return place.node
    country = place.country.upper()
    digits = re.sub(r"[^0-9A-Z]", "", place.postcode.upper())
    if not digits:
        zone = tables.zone_without_postcode().get(country)
        if zone is not None:
            return zone
    else:
        for prefix, zone in tables.zones_by_prefix().get(country, []):
            if digits.startswith(prefix):
                return zone
    raise PlaceNotServed(place=" ".join(part for part in (country, place.postcode, place.city) if part))


@dataclass(frozen=True, slots=True)
class LockerView:
    """A locker: where it stands, the local hours it opens by ISO weekday (`1-6 09:00-21:30`), its compartments by size."""

    code: str
    name: str
    street: str
    postcode: str
    city: str
    country: str
    hours: str
    small: int
    medium: int
    large: int


def lockers_near(place: Place) -> list[LockerView]:
    """The lockers of a place's delivery zone, those with its postcode's first digits first. No SQL. Refuses: PlaceNotServed."""
    zone = zone_of(place)
    found = [
        LockerView(
            row["locker"], row["name"], row["street"], row["postcode"], row["city"], row["country"], row["hours"],
            int(row["small"]), int(row["medium"]), int(row["large"]),
        )
        for row in tables.lockers()
        if zone_of(Place(row["country"], row["postcode"])) == zone
    ]  # fmt: skip
    return sorted(found, key=lambda each: (-_alike(each.postcode, place.postcode), each.code))


def _alike(one: str, other: str) -> int:
    """With how many characters two postcodes begin alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def promise(
    origin: Place,
    destination: Place,
    ready_at: datetime,
    weight_g: int,
    service: str = "standard",
    ordered_on: date | None = None,
) -> Promise:
    """When a parcel that is ready at an instant reaches a door, for what cost and CO2.

    Counting slow days, cut-offs, weekends and holidays, `standard` and `express` are the earliest arrival through their
    lanes, `saver` the least carriage and `green` the least CO2 through those lanes and the slow ones by sea and rail; of
    equals the earliest. With the day of the order the promise says whether it is guaranteed. No SQL.
    Refuses: Invalid (weight_g, service), TooHeavy, PlaceNotServed, NoRoute.
    """
    if service not in SERVICES:
        raise Invalid(
            field="service",
            reason=Sentence(
                "“{service}” is not one of {known}.", service=service[:20], known=", ".join(SERVICES)
            ),
        )
    if weight_g < 0:
        raise Invalid(field="weight_g", reason="A weight is not negative.")
    if weight_g > policy.MOST_WEIGHT_G:
        raise TooHeavy(most_g=policy.MOST_WEIGHT_G, weight_g=weight_g)
    start, end = zone_of(origin), zone_of(destination)
    first = _first_departures(start, minute_of(ready_at))
    plan = _plan(start, end, first, service, policy.bands(weight_g)) if first else None
    if plan is None:
        raise NoRoute(origin=_named(origin), destination=_named(destination))
    confidence_pct = policy.confidence_pct(plan.slow)
    guarantee = None
    if ordered_on is not None:
        guarantee = _guarantee(end, ordered_on, plan.to_on, confidence_pct)
    cost_minor = policy.cost_of(plan.slow, weight_g)
    return Promise(
        from_on=plan.from_on,
        to_on=plan.to_on,
        cost_minor=cost_minor,
        currency=plan.slow[0].lane.currency,
        service=service,
        co2_g=policy.co2_of(plan.slow, weight_g),
        legs=_legs(origin, destination, plan.slow),
        ready_by=instant(plan.slow[0].departs),
        confidence_pct=confidence_pct,
        distance_km=sum(hop.lane.distance_km for hop in plan.slow),
        model=tables.MODEL,
        lanes=tuple(hop.lane.code for hop in plan.slow),
        guaranteed_by=plan.to_on if guarantee else None,
        guarantee_minor=max(cost_minor, guarantee.least_minor) if guarantee else 0,
    )


def _guarantee(zone: str, ordered_on: date, to_on: date, confidence_pct: int) -> policy.Guarantee | None:
    """The terms under which an arrival is guaranteed, if it is."""
    place = tables.nodes()[zone]
    terms = tables.guarantee(place.country, ordered_on)
    if terms is None or confidence_pct < terms.least_confidence_pct:
        return None
    days = working_days(place.country, place.region)
    return terms if to_on <= days.add_working_days(ordered_on, terms.working_days) else None


def promise_options(
    origin: Place, destination: Place, ready_at: datetime, weight_g: int, ordered_on: date | None = None
) -> list[Promise]:
    """The services worth choosing between, each with what it is best for: standard first, then those that are faster,
    cheaper or of less CO2 than all before them.

    Refuses as `promise` does.
    """
    found = [promise(origin, destination, ready_at, weight_g, "standard", ordered_on)]
    for service, merit in (
        ("express", lambda each: (each.to_on, each.from_on)),
        ("saver", lambda each: each.cost_minor),
        ("green", lambda each: each.co2_g),
    ):
        option = promise(origin, destination, ready_at, weight_g, service, ordered_on)
        if merit(option) < min(merit(each) for each in found):
            found.append(option)
    return policy.with_merits(found)


def in_money_of(found: Promise, market: str, on: date) -> Promise:
    """The same promise with carriage and guarantee in a market's currency, as its shoppers see and pay them.

    Changed at the rate of the first day of the month, as carried prices are, so that it does not dance with the exchange.
    Refuses: UnknownMarket, CurrencyUnknown.
    """
    currency = pack(market).currency
    if currency == found.currency:
        return found
    rate = fx_rate(found.currency, currency, on.replace(day=1)).rate

    def there(minor: int) -> int:
        return to_minor(Money(minor, found.currency).as_decimal() * rate, currency)

    return replace(
        found,
        cost_minor=there(found.cost_minor),
        guarantee_minor=there(found.guarantee_minor),
        currency=currency,
    )


def promises_in_bulk(
    origins: Sequence[Place],
    destinations: Sequence[Place],
    origin_of: bulk.Column,
    destination_of: bulk.Column,
    ready_minute: bulk.Column,
    weight_g: bulk.Column,
    service: str = "standard",
) -> bulk.BulkPromises:
    """Dates and carriage for arrays of requests, equal to `promise` one by one: hundreds of thousands a second.

    `origin_of` and `destination_of` index the places given; `ready_minute` counts minutes since 1970 UTC. No route: −1.
    Refuses: PlaceNotServed, Invalid (a service that does not go by the earliest arrival).
    """
    if service not in ("standard", "express"):
        raise Invalid(field="service", reason="Many promises at once are made for standard and express.")
    return bulk.bulk_promises(
        tables.network(), [zone_of(place) for place in origins], [zone_of(place) for place in destinations],
        origin_of, destination_of, ready_minute, weight_g, SERVICES[service],
    )  # fmt: skip


def ready_after(ordered_at: datetime, handling_days: int, origin: Place) -> datetime:
    """When goods are ready: the order's instant, or the start of the working day `handling_days` later.

    Working days are those of the seller's zone. Refuses: PlaceNotServed.
    """
    if handling_days <= 0:
        return ordered_at
    zone = tables.nodes()[zone_of(origin)]
    place = ZoneInfo(zone.time_zone)
    local = ordered_at.astimezone(place)
    days = working_days(zone.country, zone.region)
    ready_on = days.add_working_days(local.date(), handling_days)
    return datetime.combine(ready_on, datetime.min.time(), place)


def _named(place: Place) -> str:
    return " ".join(part for part in (place.postcode, place.city, place.country) if part)


def _first_departures(zone: str, minute: int) -> tuple[int, ...]:
    """When goods ready at this minute leave their zone, lane by lane: what the rest of the journey depends on."""
    network = tables.network()
    found = [network.next_departure(lane, minute) for lane in network.leaving[zone]]
    return tuple(departs for departs in found if departs is not None)


def _plan(start: str, end: str, first: tuple[int, ...], service: str, bands: int) -> _Plan | None:
    """The route of a service; only the cheapest one depends on the weight."""
    return _planned(start, end, first, service, bands if service == "saver" else 0)


@lru_cache(maxsize=100_000)
def _planned(start: str, end: str, first: tuple[int, ...], service: str, bands: int) -> _Plan | None:
    network, lanes = tables.network(), SERVICES[service]
    if service == "saver":
        slow = network.least(start, end, min(first), lanes, lambda lane: policy.carriage(lane, bands))
    elif service == "green":
        slow = network.least(
            start, end, min(first), lanes, lambda lane: lane.distance_km * lane.co2_g_per_tonne_km
        )
    else:
        slow = network.earliest(start, end, min(first), lanes)
    if slow is None:
        return None
    good = network.on_good_days(slow, min(first))
    return _Plan(
        tuple(slow),
        tuple(good),
        network.local_day(end, good[-1].arrives),
        network.local_day(end, slow[-1].arrives),
    )


def _legs(origin: Place, destination: Place, hops: Iterable[Hop]) -> tuple[Leg, ...]:
    """The stops a shopper sees. Abroad the journey starts at the gateway; at home at the seller's town."""
    nodes = tables.nodes()
    legs: list[Leg] = []
    for place, hop in enumerate(hops):
        start, end = nodes[hop.lane.start], nodes[hop.lane.end]
        if place == 0 and end.kind != "gateway":
            legs.append(
                Leg(
                    origin.postcode or start.code, origin.city or start.name, "origin", start.country, "",
                    instant(hop.departs),
                )
            )  # fmt: skip
        if end.kind == "zone":
            code, name, kind = destination.postcode or end.code, destination.city or end.name, "door"
        elif end.kind == "locker":
            code, name, kind = end.code, end.name, "locker"
        else:
            kind = "origin" if not legs else "customs" if hop.lane.clears_customs else _plain(end.kind)
            code, name = end.code, end.name
        legs.append(Leg(code, name, kind, end.country, hop.lane.mode if legs else "", instant(hop.arrives)))
    return tuple(legs)


def _plain(kind: str) -> str:
    return kind if kind == "gateway" else "hub"


@dataclass(frozen=True, slots=True)
class Address:
    """A sender's or consignee's address as it stands on the label."""

    name: str
    street: str
    postcode: str
    city: str
    country: str
    phone: str = ""
    extra: str = ""  # company, floor, door
    region: str = ""  # province or state, where the country writes it

    @property
    def place(self) -> Place:
        """The address as a place of the network."""
        return Place(self.country, self.postcode, self.city)


@dataclass(frozen=True, slots=True)
class GoodsItem:
    """Goods in a consignment: what the packing slip and customs need.

    `weight_g` of one piece; `value_minor` of all pieces together, in `currency` minor units, without VAT and duty.
    """

    sku: str
    title: str
    quantity: int
    weight_g: int = 0
    value_minor: int = 0
    currency: str = "EUR"
    hs6: str = ""
    origin_country: str = ""
    options: str = ""
    code: str = ""  # the destination's own, longer customs code, where one is kept
    place: str = ""  # where it is fetched, if that is not the seller's usual place


@dataclass(frozen=True, slots=True)
class EventView:
    """One event of a parcel's timeline."""

    code: str
    at: datetime
    place: str


@dataclass(frozen=True, slots=True)
class ParcelView:
    """A parcel with its numbers and where it is."""

    id: UUID
    order_id: int
    seller_id: UUID
    consignment_id: UUID
    tracking_no: str
    sscc: str
    carrier: str
    weight_g: int
    state: str
    state_at: datetime | None
    place: str
    packed_at: datetime
    handed_over_at: datetime | None
    delivered_at: datetime | None
    promised_to: date | None
    expected_on: date | None
    carton: str = ""
    contents: tuple[tuple[str, int], ...] = ()  # pieces by SKU
    joined_no: str = ""  # of the whole, once it was joined with others of its purchase
    is_waiting_for_others: bool = False


@dataclass(frozen=True, slots=True)
class ConsignmentView:
    """A consignment with its parcels and the stops of its route."""

    id: UUID
    order_id: int
    seller_id: UUID
    purchase_ref: str
    market: str
    language: str
    origin: Address
    destination: Address
    goods: tuple[GoodsItem, ...]
    service: str
    incoterm: str
    state: str
    promised_from: date | None
    promised_to: date | None
    created_at: datetime
    delivered_at: datetime | None
    parcels: tuple[ParcelView, ...]


@dataclass(frozen=True, slots=True)
class LateParcel:
    """A parcel that will miss its promise, has missed it, or is in trouble."""

    parcel: ParcelView
    why: str  # late | at_risk | held | delivery_failed | damaged | lost
    days_late: int


@dataclass(frozen=True, slots=True)
class PromiseRecord:
    """Promises kept in a period: delivered parcels, how many on time, days late by count (negative: early)."""

    delivered: int
    on_time: int
    days_late: dict[int, int]


def hops_from(
    origin: Place, destination: Place, at: datetime, service: str, weight_g: int = 0
) -> tuple[Hop, ...]:
    """The lanes a parcel ready at an instant takes. Refuses: PlaceNotServed."""
    start, end = zone_of(origin), zone_of(destination)
    first = _first_departures(start, minute_of(at))
    plan = _plan(start, end, first, service, policy.bands(weight_g)) if first else None
    return plan.slow if plan else ()


def expected_on(consignment: Consignment, at: datetime) -> date | None:
    """The latest day a parcel handed over now is expected at its door."""
    start, end = Address(**consignment.origin).place, Address(**consignment.destination).place
    hops = hops_from(start, end, at, consignment.service)
    return tables.network().local_day(hops[-1].lane.end, hops[-1].arrives) if hops else None


def parcel_view(row: Parcel) -> ParcelView:
    """The frozen facts of a parcel row."""
    return ParcelView(
        id=row.id,
        order_id=row.order_id,
        seller_id=row.seller_id,
        consignment_id=row.consignment_id,
        tracking_no=row.tracking_no,
        sscc=row.sscc,
        carrier=row.carrier,
        weight_g=row.weight_g,
        state=row.state,
        state_at=row.state_at,
        place=row.place,
        packed_at=row.packed_at,
        handed_over_at=row.handed_over_at,
        delivered_at=row.delivered_at,
        promised_to=row.promised_to,
        expected_on=row.expected_on,
        carton=row.carton,
        contents=tuple((item["sku"], item["quantity"]) for item in row.contents),
        joined_no=row.joined_no,
        is_waiting_for_others=row.bundle_id is not None and not row.joined_no,
    )


def consignments_of_orders(ctx: Context, order_ids: Iterable[int]) -> dict[int, ConsignmentView]:
    """Consignments with their parcels by order (two SQL statements). A seller sees their own only."""
    rows = list(Consignment.objects.of(ctx).filter(order_id__in=list(order_ids)).prefetch_related("parcels"))
    return {row.order_id: _consignment_view(row) for row in rows}


def _consignment_view(row: Consignment) -> ConsignmentView:
    return ConsignmentView(
        id=row.id,
        order_id=row.order_id,
        seller_id=row.seller_id,
        purchase_ref=row.purchase_ref,
        market=row.market,
        language=row.language,
        origin=Address(**row.origin),
        destination=Address(**row.destination),
        goods=tuple(GoodsItem(**item) for item in row.goods),
        service=row.service,
        incoterm=row.incoterm,
        state=row.state,
        promised_from=row.promised_from,
        promised_to=row.promised_to,
        created_at=row.created_at,
        delivered_at=row.delivered_at,
        parcels=tuple(parcel_view(parcel) for parcel in sorted(row.parcels.all(), key=lambda each: each.id)),
    )


def parcels_by_tracking_no(ctx: Context, tracking_nos: Iterable[str]) -> dict[str, ParcelView]:
    """Parcels by tracking number (one SQL statement). A seller sees their own only."""
    rows = Parcel.objects.of(ctx).filter(tracking_no__in=list(tracking_nos))
    return {row.tracking_no: parcel_view(row) for row in rows}


def events_of_parcels(ctx: Context, parcel_ids: Iterable[UUID]) -> dict[UUID, list[EventView]]:
    """Every parcel's events, oldest first (two SQL statements). Parcels the actor may not see are absent."""
    own = list(Parcel.objects.of(ctx).filter(id__in=list(parcel_ids)).values_list("id", flat=True))
    found: dict[UUID, list[EventView]] = {parcel_id: [] for parcel_id in own}
    for event in ParcelEvent.objects.filter(parcel_id__in=own).order_by("at", "id"):
        found[event.parcel_id].append(EventView(event.code, event.at, event.place))
    return found


def events_of_order(order_id: int) -> list[tuple[str, EventView]]:
    """(tracking number, event) of all parcels of an order, oldest first (one SQL statement).

    For pages that have already decided who may see the order.
    """
    rows = ParcelEvent.objects.filter(parcel__order_id=order_id).select_related("parcel").order_by("at", "id")
    return [(row.parcel.tracking_no, EventView(row.code, row.at, row.place)) for row in rows]


def _worrying(ctx: Context, on: date) -> TenantQuerySet:
    rows = Parcel.objects.of(ctx).filter(delivered_at=None).exclude(state__in=["returned", "announced"])
    return rows.filter(
        Q(state__in=policy.TROUBLE) | Q(promised_to__lt=on) | Q(promised_to__lt=F("expected_on"))
    )


@dataclass(frozen=True, slots=True)
class OneDelivery:
    """Orders whose parcels are brought together: its tracking number once they were, and the day it is expected."""

    tracking_no: str
    order_ids: tuple[int, ...]
    expected_on: date | None


def one_deliveries(order_ids: Iterable[int]) -> list[OneDelivery]:
    """What comes together of these orders, oldest first (one SQL statement).

    For pages that have already decided who may see the orders.
    """
    rows = (
        Bundle.objects.filter(parcels__order_id__in=list(order_ids))
        .exclude(state="given_up")
        .order_by("planned_at", "id", "parcels__order_id")
        .values_list("id", "tracking_no", "parcels__order_id", "parcels__expected_on")
    )
    found: dict[UUID, list[tuple[str, int, date | None]]] = {}
    for bundle_id, number, order_id, day in rows:
        found.setdefault(bundle_id, []).append((number, order_id, day))
    return [
        OneDelivery(
            parts[0][0],
            tuple(dict.fromkeys(order_id for _number, order_id, _day in parts)),
            max((day for *_rest, day in parts if day is not None), default=None),
        )
        for parts in found.values()
    ]


def late_and_at_risk(ctx: Context, on: date, *, limit: int = 200) -> list[LateParcel]:
    """Open parcels that need somebody, worst first: in trouble, past their promise, or expected after it (one SQL statement)."""
    there_on = Greatest(Value(on, DateField()), Coalesce("expected_on", Value(on, DateField())))
    rows = _worrying(ctx, on).annotate(
        lateness=Greatest(
            ExpressionWrapper(there_on - F("promised_to"), DurationField()),
            Value(timedelta(0), DurationField()),
        )
    )
    return [
        LateParcel(
            parcel_view(row),
            row.state
            if row.state in policy.TROUBLE
            else "late"
            if row.promised_to is not None and on > row.promised_to
            else "at_risk",
            row.lateness.days,
        )
        for row in rows.order_by("-lateness", "tracking_no")[:limit]
    ]


def count_late_and_at_risk(ctx: Context, on: date) -> int:
    """How many parcels `late_and_at_risk` would list without its limit (one SQL statement)."""
    return _worrying(ctx, on).count()


def promise_record(ctx: Context, since: datetime, until: datetime) -> PromiseRecord:
    """How delivered parcels of a period compare with their promise, by the calendar of each door (two SQL statements)."""
    rows = Parcel.objects.of(ctx).filter(
        delivered_at__gte=since, delivered_at__lt=until, promised_to__isnull=False
    )
    country = KeyTextTransform("country", "consignment__destination")
    zones = {
        each: pack(each).time_zone
        for each in rows.annotate(door=country).values_list("door", flat=True).distinct().order_by()
    }
    local_zone = Case(
        *(When(door=each, then=Value(zone)) for each, zone in zones.items()),
        default=Value("UTC"),
        output_field=TextField(),
    )
    here = Func(local_zone, F("delivered_at"), function="timezone", output_field=DateTimeField())
    counts = (
        rows.annotate(door=country)
        .annotate(
            late=ExpressionWrapper(
                Func(here, template="(%(expressions)s)::date", output_field=DateField()) - F("promised_to"),
                DurationField(),
            )
        )
        .values_list("late")
        .annotate(count=Count("id"))
        .order_by("late")
    )
    days = {late.days: count for late, count in counts}
    return PromiseRecord(
        delivered=sum(days.values()),
        on_time=sum(count for late, count in days.items() if late <= 0),
        days_late=days,
    )


def labels_of_orders(ctx: Context, order_ids: Iterable[int], *, language: str = "") -> bytes:
    """The labels of all packed parcels of orders, A6, one a page, in one PDF (two SQL statements).

    Without `language` it is the consignment's own.
    Refuses: NotFound when none of the orders has a parcel the actor may see.
    """
    from entrepot.logistics import paper

    found = consignments_of_orders(ctx, order_ids)
    labels = []
    for view in found.values():
        for number, parcel in enumerate(view.parcels, start=1):
            at = parcel.handed_over_at or parcel.packed_at
            hops = hops_from(view.origin.place, view.destination.place, at, view.service, parcel.weight_g)
            legs = _legs(view.origin.place, view.destination.place, hops)
            labels.append(
                paper.LabelFacts(
                    sender=label_lines(view.origin),
                    consignee=label_lines(view.destination),
                    tracking_no=parcel.tracking_no,
                    sscc=parcel.sscc,
                    order_number=view.purchase_ref,
                    weight_g=parcel.weight_g,
                    number=number,
                    of=len(view.parcels),
                    route=tuple(leg.code for leg in legs),
                    deliver_by=view.promised_to,
                    service=view.service,
                )
            )
    if not labels:
        raise NotFound(what="parcel")
    return paper.label_pdf(labels, language or next(iter(found.values())).language)


def packing_slip(ctx: Context, order_id: int, *, language: str = "") -> bytes:
    """The packing slip of an order, A4 (two SQL statements). Refuses: NotFound."""
    from entrepot.logistics import paper

    view = consignments_of_orders(ctx, [order_id]).get(order_id)
    if view is None:
        raise NotFound(what="consignment")
    return paper.slip_pdf(
        sender=label_lines(view.origin),
        consignee=label_lines(view.destination),
        order_number=view.purchase_ref,
        items=[paper.SlipItem(item.sku, item.title, fetched_as(item), item.quantity) for item in view.goods],
        tracking_nos=[parcel.tracking_no for parcel in view.parcels],
        language=language or view.language,
    )


def fetched_as(item: GoodsItem) -> str:
    """What stands below a piece on lists: its options, and the place to fetch it from."""
    return " · ".join(part for part in (item.options, item.place) if part)


def label_lines(address: Address) -> paper.Lines:
    """An address as its country writes it on paper."""
    from entrepot.logistics import paper

    parts = {
        "line1": address.street, "line2": address.extra, "postcode": address.postcode, "city": address.city,
        "region": address.region,
    }  # fmt: skip
    country = pack(address.country).name.upper()
    return paper.Lines(address.name, (*address_lines(address.country, parts), country))
