"""The control tower: where parcels are between places, how they flow, and one parcel from all sides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import BooleanField, Case, Count, F, Q, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, TruncDate

from entrepot.kit.context import Context
from entrepot.kit.errors import NotAllowed
from entrepot.logistics import policy, tables
from entrepot.logistics.errors import NoSuchParcel
from entrepot.logistics.models import CustomsFile, FloorParcel, Parcel, ParcelEvent
from entrepot.logistics.network import Lane
from entrepot.logistics.queries.parcels import EventView, ParcelView, parcel_view

ON_THE_MAP = ("gateway", "customs", "hub")  # places of other kinds are drawn while parcels go there


@dataclass(frozen=True, slots=True)
class LaneLoad:
    """Parcels on one connection between two places now; places that are no hub stand for their hub's surroundings."""

    lane: str
    start: str
    end: str
    start_name: str
    end_name: str
    mode: str
    parcels: int
    late: int


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the map, in millionths of a degree."""

    code: str
    name: str
    kind: str
    latitude_e6: int
    longitude_e6: int


@dataclass(frozen=True, slots=True)
class Flow:
    """Parcels that went the same way: origin country, first and last hub, and how it ended so far.

    outcome: on_time | late | on_way | at_risk | trouble.
    """

    origin: str
    first_hub: str
    last_hub: str
    outcome: str
    parcels: int


@dataclass(frozen=True, slots=True)
class TowerView:
    """Parcels in flight by lane, flows of a period, and the places they touch."""

    in_flight: int
    trouble: int
    lanes: tuple[LaneLoad, ...]
    spots: tuple[Spot, ...]
    flows: tuple[Flow, ...]


@dataclass(frozen=True, slots=True)
class FloorStop:
    """A hub a parcel passes, and what the floor says of it."""

    hub: str
    place: str
    direction: str
    due_at: datetime
    departs_at: datetime
    state: str
    cage: str


@dataclass(frozen=True, slots=True)
class ParcelSheet:
    """One parcel from all sides. Without anybody's name or street."""

    parcel: ParcelView
    origin_country: str
    destination_country: str
    destination_postcode: str
    service: str
    events: tuple[EventView, ...]
    stops: tuple[FloorStop, ...]
    route: tuple[tuple[str, str], ...]  # (code, name) of every place on its way
    customs_state: str


def _see(ctx: Context) -> None:
    if not ctx.may("logistics:read"):
        raise NotAllowed(scope="logistics:read")


def _lanes(route: str) -> list[Lane]:
    """The lanes of a stored route; none where it names one that is no more."""
    known = {lane.code: lane for lane in tables.network().lanes}
    codes = route.split()
    return [known[code] for code in codes] if all(code in known for code in codes) else []


def _lane_now(place: str, lanes: list[Lane]) -> Lane | None:
    """The connection a parcel is on: the one after the last place it was told of."""
    nodes = tables.nodes()
    here = next((lane for lane in lanes if nodes[lane.start].name == place), None)
    return here or (lanes[0] if lanes else None)


def tower(ctx: Context, *, days: int = 30, market: str = "") -> TowerView:
    """Every parcel handed over in a period, counted by the database (one SQL statement). Refuses: NotAllowed."""
    _see(ctx)
    nodes, today = tables.nodes(), ctx.at.date()
    rows = Parcel.objects.of(ctx).filter(handed_over_at__gte=ctx.at - timedelta(days=days))
    if market:
        rows = rows.filter(consignment__market=market)
    is_open = Q(delivered_at=None) & ~Q(state__in=["returned", "lost"])
    groups = (
        rows.annotate(
            origin_country=KeyTextTransform("country", "consignment__origin"),
            is_open=Case(When(is_open, then=True), default=False, output_field=BooleanField()),
            done_on=TruncDate(Coalesce("delivered_at", Value(ctx.at)), tzinfo=UTC),
            due_on=Coalesce("expected_on", Value(today)),
        )
        .annotate(
            outcome=Case(
                When(state__in=policy.TROUBLE, then=Value("trouble")),
                When(done_on__gt=F("promised_to"), then=Value("late")),
                When(~is_open, then=Value("on_time")),
                When(due_on__gt=F("promised_to"), then=Value("at_risk")),
                default=Value("on_way"),
            )
        )
        .values_list("origin_country", "route", "place", "outcome", "is_open")
        .annotate(count=Count("id"))
    )
    lanes: dict[str, list[int]] = {}
    lane_of: dict[str, Lane] = {}
    flows: dict[tuple[str, str, str, str], int] = {}
    in_flight = trouble = 0
    for origin, route, place, outcome, still_open, count in groups.order_by():
        way = _lanes(route)
        hubs = [lane.end for lane in way[:-1]]
        key = (origin, nodes[hubs[0]].name if hubs else "—", nodes[hubs[-1]].name if hubs else "—", outcome)
        flows[key] = flows.get(key, 0) + count
        if not still_open:
            continue
        in_flight += count
        trouble += count if outcome == "trouble" else 0
        lane = _lane_now(place, way)
        if lane is not None:
            lane_of[lane.code] = lane
            load = lanes.setdefault(lane.code, [0, 0])
            load[0] += count
            load[1] += count if outcome in ("late", "at_risk", "trouble") else 0
    loads = [
        LaneLoad(
            code, lane_of[code].start, lane_of[code].end, nodes[lane_of[code].start].name,
            nodes[lane_of[code].end].name, lane_of[code].mode, count, late,
        )
        for code, (count, late) in lanes.items()
    ]  # fmt: skip
    touched = {code for lane in lane_of.values() for code in (lane.start, lane.end)}
    spots = [
        Spot(node.code, node.name, node.kind, _e6(node.latitude), _e6(node.longitude))
        for node in nodes.values()
        if node.latitude and (node.kind in ON_THE_MAP or node.code in touched)
    ]
    return TowerView(
        in_flight,
        trouble,
        tuple(sorted(loads, key=lambda load: (-load.parcels, load.lane))),
        tuple(spots),
        tuple(
            Flow(*key, count) for key, count in sorted(flows.items(), key=lambda pair: (-pair[1], pair[0]))
        ),
    )


def _e6(degrees: str) -> int:
    return round(float(degrees) * 1_000_000)


def parcel_sheet(ctx: Context, tracking_no: str) -> ParcelSheet:
    """One parcel with its events, its hubs and its customs (four SQL statements). Refuses: NotAllowed, NoSuchParcel."""
    _see(ctx)
    row = Parcel.objects.of(ctx).select_related("consignment").filter(tracking_no=tracking_no).first()
    if row is None:
        raise NoSuchParcel(what="parcel")
    customs = CustomsFile.objects.of(ctx).filter(order_id=row.order_id).first()
    return _sheet(row, customs.state if customs else "")


def _sheet(row: Parcel, customs_state: str) -> ParcelSheet:
    nodes = tables.nodes()
    lanes = _lanes(row.route)
    places = [lanes[0].start, *(lane.end for lane in lanes)] if lanes else []
    destination = row.consignment.destination
    stops = FloorParcel.objects.filter(parcel=row).select_related("cage").order_by("due_at")
    events = ParcelEvent.objects.filter(parcel=row).order_by("at", "id")
    return ParcelSheet(
        parcel=parcel_view(row),
        origin_country=row.consignment.origin["country"],
        destination_country=destination["country"],
        destination_postcode=destination["postcode"],
        service=row.consignment.service,
        events=tuple(EventView(event.code, event.at, event.place) for event in events),
        stops=tuple(
            FloorStop(
                stop.hub, nodes[stop.hub].name if stop.hub in nodes else stop.hub,
                nodes[stop.direction].name if stop.direction in nodes else stop.direction, stop.due_at,
                stop.departs_at, stop.state, stop.cage.code if stop.cage else "",
            )
            for stop in stops
        ),
        route=tuple((code, nodes[code].name) for code in places),
        customs_state=customs_state,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PublicTrack:
    """What anybody with the number on the label may see: no name, no street, no postcode, no order, no seller."""

    tracking_no: str
    state: str
    language: str
    time_zone: str
    route: tuple[tuple[str, str, bool], ...]  # (code, name, is the parcel past or at it)
    events: tuple[EventView, ...]
    promised_to: str
    expected_on: str
    delivered_at: datetime | None


def public_track(tracking_no: str) -> PublicTrack:
    """Where a parcel is, for whoever holds its label (three SQL statements). Refuses: NoSuchParcel."""
    if not policy.is_tracking_no(tracking_no):
        raise NoSuchParcel(what="parcel")
    # The number on the label is the key to this row, as a purchase's link is to an order; nothing personal leaves here.
    rows = Parcel._base_manager.select_related("consignment").order_by("id")
    row = rows.filter(tracking_no=tracking_no).first() or rows.filter(joined_no=tracking_no).first()
    if row is None:
        raise NoSuchParcel(what="parcel")
    sheet, nodes = _sheet(row, ""), tables.nodes()
    told = {event.place for event in sheet.events}
    last = max((number for number, (_, name) in enumerate(sheet.route) if name in told), default=0)
    is_done = row.delivered_at is not None
    route = []
    for number, (code, name) in enumerate(sheet.route):
        is_zone = nodes[code].kind == "zone"  # a door: only its country is told
        shown = nodes[code].country if is_zone else code
        route.append((shown, name, is_done or number <= last))
    end = nodes[sheet.route[-1][0]] if sheet.route else None
    return PublicTrack(
        tracking_no=tracking_no,
        state=row.state,
        language=row.consignment.language,
        time_zone=end.time_zone if end else "UTC",
        route=tuple(route),
        events=sheet.events,
        promised_to=row.promised_to.isoformat() if row.promised_to else "",
        expected_on=row.expected_on.isoformat() if row.expected_on else "",
        delivered_at=row.delivered_at,
    )
