"""Parcels of one purchase for one door are brought together at the last hub they share: one label, one delivery."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Q

from entrepot.kit import locks
from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.logistics import policy, tables
from entrepot.logistics.adapters import simulated
from entrepot.logistics.commands.parcels import CarrierEvent, _record
from entrepot.logistics.floor import TOGETHER
from entrepot.logistics.models import Bundle, Consignment, FloorParcel, Parcel, ParcelSerial
from entrepot.logistics.network import Lane, instant, minute_of
from entrepot.logistics.queries import SERVICES

SOURCE = "hub"
MINUTES_TO_JOIN = 120
LEAVING = frozenset({"departed", "out_for_delivery"})


def _plan_together(ctx: Context, parcels: Iterable[Parcel]) -> None:
    """Plan to bring parcels together with others of their purchase that are still on their way to the same hub."""
    refs = {row.consignment.purchase_ref for row in parcels}
    locks.hold(*(f"together:{ref}" for ref in refs))
    stops = (
        FloorParcel.objects.select_for_update(of=("self",))
        .select_related("parcel__consignment", "parcel__bundle")
        .filter(
            parcel__consignment__purchase_ref__in=refs,
            parcel__delivered_at=None,
            parcel__joined_at=None,
            state__in=["expected", "received"],
        )
        .order_by("id")
    )
    lanes, nodes = {lane.code: lane for lane in tables.network().lanes}, tables.nodes()
    groups: dict[tuple[object, ...], list[FloorParcel]] = {}
    for stop in stops:
        bundle = stop.parcel.bundle
        lane = bundle.lane if stop.lane == TOGETHER and bundle else stop.lane
        if lane not in lanes or not nodes[lanes[lane].end].is_end or stop.departs_at <= ctx.at:
            continue
        sent = stop.parcel.consignment
        groups.setdefault((sent.purchase_ref, stop.hub, lane, _door(sent), sent.buyer_id), []).append(stop)
    for (_ref, hub, code, *_rest), found in groups.items():
        if len({stop.parcel.consignment_id for stop in found}) > 1:
            _plan_bundle(ctx, str(hub), lanes[str(code)], found)


def _door(row: Consignment) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(row.destination.items()))


def _plan_bundle(ctx: Context, hub: str, lane: Lane, stops: Sequence[FloorParcel]) -> None:
    """One departure for all of them, if nobody's promise suffers."""
    network = tables.network()
    due_at = max(stop.due_at for stop in stops)
    departs = network.next_departure(lane, minute_of(due_at) + MINUTES_TO_JOIN)
    if departs is None:
        return
    arrives_on = network.local_day(lane.end, network.arrival(lane, departs, slow=True))
    wanted = [_wanted_on(stop.parcel) for stop in stops]
    weight_g = sum(stop.parcel.weight_g for stop in stops)
    if weight_g > policy.MOST_WEIGHT_G or not policy.may_wait_for_others(arrives_on, wanted):
        return
    bundle = next((stop.parcel.bundle for stop in stops if stop.parcel.bundle is not None), None) or Bundle(
        hub=hub, lane=lane.code, planned_at=ctx.at
    )
    bundle.due_at, bundle.departs_at, bundle.weight_g = due_at, instant(departs), weight_g
    bundle.promised_to = min((day for day in wanted if day is not None), default=None)
    bundle.save()
    for stop in stops:
        row = stop.parcel
        row.bundle, row.expected_on = bundle, arrives_on
        _wait_at(row, tables.nodes()[hub].name)
        row.save(update_fields=["bundle", "expected_on", "journey", "next_event_at"])
        stop.lane, stop.departs_at = TOGETHER, bundle.departs_at
        stop.save(update_fields=["lane", "departs_at"])


def _wanted_on(row: Parcel) -> date | None:
    """The day a parcel must not miss: its promise, else what it is expected on by itself."""
    return row.promised_to or row.expected_on


def _wait_at(row: Parcel, place: str) -> None:
    """The pilot's carrier tells of a parcel up to a hub only; from there it goes on with others."""
    for number, (_at, code, where) in enumerate(row.journey):
        if where == place and code in LEAVING:
            if row.next_event_at is not None and row.next_event_at >= datetime.fromisoformat(
                row.journey[number][0]
            ):
                row.next_event_at = None
            row.journey = row.journey[:number]
            return


def _join_complete(ctx: Context, hub: str, parcel_ids: Collection[object]) -> list[Bundle]:
    """Join every planned bundle whose last part lies in its cage now: one number, one label, one way on."""
    touched = Parcel.objects.of(ctx).filter(id__in=list(parcel_ids), joined_at=None).exclude(bundle=None)
    ids = set(touched.values_list("bundle_id", flat=True))
    joined = []
    for bundle in (
        Bundle.objects.select_for_update().filter(id__in=ids, state="planned", hub=hub).order_by("id")
    ):
        stops = list(
            FloorParcel.objects.select_for_update(of=("self",))
            .select_related("parcel__consignment", "cage")
            .filter(hub=hub, parcel__bundle=bundle)
            .order_by("parcel_id")
        )
        there = [
            stop for stop in stops if stop.state == "sorted" and stop.cage and stop.cage.lane == TOGETHER
        ]
        if len(there) == len(stops) > 1 and all(stop.parcel.delivered_at is None for stop in stops):
            _join(ctx, bundle, stops)
            joined.append(bundle)
    return joined


def _join(ctx: Context, bundle: Bundle, stops: Sequence[FloorParcel]) -> None:
    at = max(stop.state_at for stop in stops if stop.state_at is not None)
    network, place = tables.network(), tables.nodes()[bundle.hub].name
    lane = next(each for each in network.lanes if each.code == bundle.lane)
    serial = ParcelSerial.objects.create().pk
    bundle.tracking_no, bundle.sscc = policy.tracking_of(serial), policy.sscc_of(serial)
    bundle.state, bundle.joined_at = "joined", at
    departs = network.next_departure(lane, minute_of(at))
    bundle.departs_at = instant(departs) if departs is not None else bundle.departs_at
    bundle.save()
    parts = [stop.parcel for stop in stops]
    _record(
        ctx,
        SOURCE,
        [
            CarrierEvent(part.tracking_no, "joined", at, place, f"{bundle.id}:{part.tracking_no}")
            for part in parts
        ],
    )
    for part in parts:
        part.joined_no, part.joined_at = bundle.tracking_no, at
    Parcel.objects.of(ctx).bulk_update(parts, ["joined_no", "joined_at"])
    FloorParcel.objects.filter(id__in=[stop.id for stop in stops]).update(
        lane=bundle.lane, departs_at=bundle.departs_at, state="received", state_at=at, cage=None
    )
    _go_on_from(ctx, parts[0], bundle.hub, at, bundle.tracking_no)


def _go_on_from(ctx: Context, row: Parcel, hub: str, at: datetime, number: str) -> None:
    """What the pilot's carrier will tell from a hub on; of joined parts it tells by the first of them."""
    network, consignment = tables.network(), row.consignment
    if not settings.IS_PILOT or not row.journey:
        return
    lane = (
        next((each for each in network.lanes if each.code == row.route.split()[-1]), None)
        if row.route
        else None
    )
    if lane is None:
        return
    hops = network.earliest(hub, lane.end, minute_of(at), SERVICES[consignment.service])
    if hops is None:
        return
    told = simulated.journey(network, hops, number, at)[1:]
    row.journey += [[when.isoformat(), code, place] for when, code, place in told]
    row.next_event_at = row.next_event_at or told[0][0]
    row.save(update_fields=["journey", "next_event_at"])


@command(scope="parcels:write")
def give_up_bundles(ctx: Context) -> int:
    """Let the parts go on alone whose others did not come before their departure; how many bundles that were."""
    rows = Bundle.objects.select_for_update(skip_locked=True).filter(
        Q(departs_at__lte=ctx.at), state="planned"
    )
    network = tables.network()
    lanes = {lane.code: lane for lane in network.lanes}
    given_up = 0
    for bundle in rows.order_by("id"):
        stops = FloorParcel.objects.select_for_update(of=("self",)).select_related("parcel__consignment")
        for stop in stops.filter(hub=bundle.hub, parcel__bundle=bundle).order_by("id"):
            row, since = stop.parcel, max(bundle.departs_at, stop.due_at)
            departs = (
                network.next_departure(lanes[bundle.lane], minute_of(since)) if bundle.lane in lanes else None
            )
            stop.lane, stop.departs_at = bundle.lane, instant(departs) if departs is not None else since
            stop.state, stop.cage = "received" if stop.state == "sorted" else stop.state, None
            stop.save(update_fields=["lane", "departs_at", "state", "cage"])
            row.bundle = None
            row.save(update_fields=["bundle"])
            last = datetime.fromisoformat(row.journey[-1][0]) if row.journey else since
            _go_on_from(ctx, row, bundle.hub, max(since, last + timedelta(minutes=1)), row.tracking_no)
        bundle.state = "given_up"
        bundle.save(update_fields=["state"])
        given_up += 1
    return given_up
