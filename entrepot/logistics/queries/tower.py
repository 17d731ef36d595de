"""The control tower: where parcels are between places, how they flow, and one parcel from all sides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from entrepot.kit.context import Context
from entrepot.kit.errors import NotAllowed
from entrepot.logistics import policy, tables
from entrepot.logistics.errors import NoSuchParcel
from entrepot.logistics.models import CustomsFile, FloorParcel, Parcel, ParcelEvent
from entrepot.logistics.network import Hop, minute_of
from entrepot.logistics.queries.parcels import (
    SERVICES,
    Address,
    EventView,
    ParcelView,
    parcel_view,
    zone_of,
)

MOST_PARCELS = 5_000


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
    is_cut: bool


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


def _route(parcel: Parcel) -> list[Hop]:
    consignment = parcel.consignment
    if parcel.handed_over_at is None:
        return []
    start, end = Address(**consignment.origin).place, Address(**consignment.destination).place
    return (
        tables.network().earliest(
            zone_of(start), zone_of(end), minute_of(parcel.handed_over_at), SERVICES[consignment.service]
        )
        or []
    )


def _where(parcel: Parcel, hops: list[Hop]) -> Hop | None:
    """The connection a parcel is on: the one after the last place it was told of."""
    nodes = tables.nodes()
    here = next((hop for hop in hops if nodes[hop.lane.start].name == parcel.place), None)
    return here or (hops[0] if hops else None)


def tower(ctx: Context, *, days: int = 30, market: str = "") -> TowerView:
    """Everything the tower shows, of at most 5,000 parcels of a period (one SQL statement). Refuses: NotAllowed."""
    _see(ctx)
    nodes, today = tables.nodes(), ctx.at.date()
    rows = (
        Parcel.objects.of(ctx)
        .select_related("consignment")
        .filter(handed_over_at__gte=ctx.at - timedelta(days=days))
    )
    if market:
        rows = rows.filter(consignment__market=market)
    found = list(rows.order_by("-handed_over_at")[: MOST_PARCELS + 1])
    lanes: dict[str, list[int]] = {}
    lane_of: dict[str, Hop] = {}
    flows: dict[tuple[str, str, str, str], int] = {}
    in_flight = trouble = 0
    for parcel in found[:MOST_PARCELS]:
        hops = _route(parcel)
        is_open = parcel.delivered_at is None and parcel.state not in ("returned", "lost")
        done_on = (parcel.delivered_at or ctx.at).date()
        is_late = parcel.promised_to is not None and done_on > parcel.promised_to
        at_risk = is_open and parcel.promised_to and (parcel.expected_on or today) > parcel.promised_to
        outcome = (
            "trouble" if parcel.state in policy.TROUBLE else "late" if is_late else "on_time" if not is_open
            else "at_risk" if at_risk else "on_way"
        )  # fmt: skip
        hubs = [hop.lane.end for hop in hops[:-1]]
        key = (
            parcel.consignment.origin["country"],
            nodes[hubs[0]].name if hubs else "—",
            nodes[hubs[-1]].name if hubs else "—",
            outcome,
        )
        flows[key] = flows.get(key, 0) + 1
        if not is_open:
            continue
        in_flight += 1
        trouble += parcel.state in policy.TROUBLE
        hop = _where(parcel, hops)
        if hop is not None:
            lane_of[hop.lane.code] = hop
            count = lanes.setdefault(hop.lane.code, [0, 0])
            count[0] += 1
            count[1] += outcome in ("late", "at_risk", "trouble")
    loads = [
        LaneLoad(
            code, lane_of[code].lane.start, lane_of[code].lane.end, nodes[lane_of[code].lane.start].name,
            nodes[lane_of[code].lane.end].name, lane_of[code].lane.mode, count, late,
        )
        for code, (count, late) in lanes.items()
    ]  # fmt: skip
    spots = [
        Spot(node.code, node.name, node.kind, _e6(node.latitude), _e6(node.longitude))
        for node in nodes.values()
        if node.latitude
    ]
    return TowerView(
        in_flight,
        trouble,
        tuple(sorted(loads, key=lambda load: (-load.parcels, load.lane))),
        tuple(spots),
        tuple(
            Flow(*key, count) for key, count in sorted(flows.items(), key=lambda pair: (-pair[1], pair[0]))
        ),
        len(found) > MOST_PARCELS,
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
    hops = _route(row)
    places = [hops[0].lane.start, *(hop.lane.end for hop in hops)] if hops else []
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
    row = Parcel._base_manager.select_related("consignment").filter(tracking_no=tracking_no).first()
    if row is None:
        raise NoSuchParcel(what="parcel")
    sheet, nodes = _sheet(row, ""), tables.nodes()
    told = {event.place for event in sheet.events}
    last = max((number for number, (_, name) in enumerate(sheet.route) if name in told), default=0)
    is_done = row.delivered_at is not None
    route = []
    for number, (code, name) in enumerate(sheet.route):
        is_zone = nodes[code].kind == "zone"
        shown = nodes[code].country if is_zone else code
        route.append((shown, name, is_done or number <= last))
    end = nodes[sheet.route[-1][0]] if sheet.route else None
    return PublicTrack(
        tracking_no=row.tracking_no,
        state=row.state,
        language=row.consignment.language,
        time_zone=end.time_zone if end else "UTC",
        route=tuple(route),
        events=sheet.events,
        promised_to=row.promised_to.isoformat() if row.promised_to else "",
        expected_on=row.expected_on.isoformat() if row.expected_on else "",
        delivered_at=row.delivered_at,
    )
