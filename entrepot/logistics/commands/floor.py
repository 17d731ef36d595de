"""A hub's floor: parcels expected there, cages, loads, and the scans of its workers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db.models import Max, Q

from entrepot.kit import audit
from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid, Sentence
from entrepot.kit.ids import read_id
from entrepot.logistics import floor, tables
from entrepot.logistics.commands.parcels import CarrierEvent, _record
from entrepot.logistics.commands.together import _join_complete, _plan_together
from entrepot.logistics.errors import LoadEmpty, NoSuchCage, NoSuchLoad, NoSuchScan
from entrepot.logistics.events import ReturnHandedIn
from entrepot.logistics.floor import Counted, FloorTold, check_signature
from entrepot.logistics.floor import Worker as Worker
from entrepot.logistics.models import (
    Bundle,
    Cage,
    CageSerial,
    FloorParcel,
    FloorScan,
    Load,
    Parcel,
    ParcelEvent,
)
from entrepot.logistics.network import Hop, instant, minute_of
from entrepot.logistics.queries import SERVICES, Address, hops_from, zone_of
from entrepot.logistics.queries.floor import CageView, cage_view, hub_of

MOST_SCANS = 500
WAVE_AHEAD = timedelta(hours=36)
SOURCE = "hub"


@dataclass(frozen=True, slots=True)
class ScanAnswer:
    """What became of one scan. `repeated`: it was known already. Codes of outcomes are those of `FloorScan`."""

    id: str
    outcome: str
    state: str
    repeated: bool


@dataclass(frozen=True, slots=True)
class FloorSynced:
    """The answer to a device: the hub's time, how far the device's clock is off (whole seconds), and each scan."""

    now: datetime
    skew_s: int
    answers: tuple[ScanAnswer, ...]


@command(scope="parcels:write")
def expect_parcels(ctx: Context, *, parcel_ids: Sequence[UUID]) -> int:
    """Tell the hubs on their way of parcels that were handed over; returns how many (parcel, hub) are new."""
    rows = Parcel.objects.of(ctx).select_related("consignment").filter(id__in=parcel_ids)
    stops: list[FloorParcel] = []
    for parcel in rows:
        hops = _hops(parcel)
        if hops and not parcel.route:
            parcel.route = " ".join(hop.lane.code for hop in hops)
            parcel.save(update_fields=["route"])
        for before, after in pairwise(hops):
            stops.append(
                FloorParcel(
                    parcel=parcel, hub=before.lane.end, lane=after.lane.code, direction=after.lane.end,
                    due_at=instant(before.arrives), departs_at=instant(after.departs),
                )
            )  # fmt: skip
    known = FloorParcel.objects.filter(parcel_id__in=parcel_ids).count()
    FloorParcel.objects.bulk_create(stops, ignore_conflicts=True)
    _plan_together(ctx, rows)
    return FloorParcel.objects.filter(parcel_id__in=parcel_ids).count() - known


def _hops(parcel: Parcel) -> Sequence[Hop]:
    """The lanes a parcel takes from the moment it was handed over."""
    consignment = parcel.consignment
    start, end = Address(**consignment.origin).place, Address(**consignment.destination).place
    if parcel.handed_over_at is None:
        return ()
    return hops_from(start, end, parcel.handed_over_at, consignment.service, parcel.weight_g)


@command(scope="hub:scan")
def record_floor_scans(
    ctx: Context, *, hub: str, device: str, sent_at: datetime, scans: Sequence[FloorTold]
) -> FloorSynced:
    """Keep what a device scanned, offline or not: each scan once, in any order, none lost.

    `sent_at` is the device's clock at sending: times are corrected by its skew, which is named. What cannot be used
    (unknown code, wrong or closed cage, not understood) is kept with its outcome for a person.
    Refuses: NoSuchHub, Invalid (device, scans).
    """
    hub_of(hub)
    if not device or len(device) > 40 or not device.isprintable():
        raise Invalid(field="device", reason="A device has a name of 1 to 40 characters.")
    if len(scans) > MOST_SCANS:
        raise Invalid(
            field="scans",
            reason=Sentence("At most {most} scans at once.", most=MOST_SCANS),
            hint="Send the rest after.",
        )
    skew_s = max(-(2**31), min(2**31 - 1, floor.skew_of(sent_at, ctx.at)))
    told = list({scan.id: scan for scan in scans}.values())
    every = _of_all_parts(ctx, told, skew_s)
    known = set(FloorScan.objects.filter(id__in=[scan.id for scan in every]).values_list("id", flat=True))
    fresh = [scan for scan in every if UUID(scan.id) not in known]
    codes = {scan.id: floor.clean_code(scan.code)[: floor.MOST_CODE] for scan in fresh}
    parcels = _parcels_by_code(ctx, codes.values())
    cages = {
        row.code: row
        for row in Cage.objects.select_for_update()
        .filter(hub=hub, code__in={*codes.values(), *(floor.clean_code(scan.cage) for scan in fresh)})
        .order_by("id")
    }
    stops = _stops(ctx, hub, {row.id: row for row in parcels.values()})
    rows = [
        _judged(ctx, hub, device, skew_s, scan, codes[scan.id], parcels, cages, stops) for scan in fresh
    ]  # fmt: skip
    FloorScan.objects.bulk_create(rows, ignore_conflicts=True)
    # From here on it must succeed: the scans are kept.
    moved = {row.parcel_id for row in rows if row.parcel_id}
    moved |= _close_loaded(ctx, hub, rows)
    _settle_floor(hub, moved)
    _join_complete(ctx, hub, moved)
    _tell_tracking(ctx, hub, rows, parcels)
    return FloorSynced(ctx.at, skew_s, _answers(hub, told, known))


def _of_all_parts(ctx: Context, told: Sequence[FloorTold], skew_s: int) -> list[FloorTold]:
    """The scans, and for parcels that were joined one for each part: whoever scans the whole or a part scans them all."""
    codes = {floor.clean_code(scan.code) for scan in told}
    numbers = dict(
        Bundle.objects.filter(state="joined")
        .filter(Q(tracking_no__in=codes) | Q(sscc__in=codes))
        .values_list("sscc", "tracking_no")
    )
    scanned = (
        Parcel.objects.of(ctx).exclude(joined_no="").filter(Q(tracking_no__in=codes) | Q(sscc__in=codes))
    )
    mine = {code: row for row in scanned for code in (row.tracking_no, row.sscc)}
    if not numbers and not mine:
        return list(told)
    wholes: dict[str, list[Parcel]] = {}
    joined = {*numbers.values(), *(row.joined_no for row in mine.values())}
    for part in Parcel.objects.of(ctx).filter(joined_no__in=joined).order_by("id"):
        wholes.setdefault(part.joined_no, []).append(part)
    every = []
    for scan in told:
        code = floor.clean_code(scan.code)
        row = mine.get(code)
        whole = wholes.get(row.joined_no if row else numbers.get(code, code), [])
        if row is not None and row.joined_at and floor.our_time(scan.at, skew_s, ctx.at).at < row.joined_at:
            whole = []
        first = row.tracking_no if row else whole[0].tracking_no if whole else scan.code
        every.append(replace(scan, code=first))
        every += [
            replace(scan, id=str(uuid5(UUID(scan.id), part.tracking_no)), code=part.tracking_no)
            for part in whole
            if part.tracking_no != first
        ]
    return every


def _parcels_by_code(ctx: Context, codes: Iterable[str]) -> dict[str, Parcel]:
    """Parcels by whatever of their codes was scanned: tracking number or SSCC. Their rows are locked."""
    wanted = set(codes)
    found: dict[str, Parcel] = {}
    rows = Parcel.objects.of(ctx).select_for_update(of=("self",)).select_related("consignment")
    for column in ("tracking_no", "sscc"):
        for row in rows.filter(**{f"{column}__in": wanted}).order_by("id"):
            found[getattr(row, column)] = row
    return found


def _stops(ctx: Context, hub: str, parcels: Mapping[UUID, Parcel]) -> dict[UUID, FloorParcel]:
    """The parcels' rows at this hub; one that nobody expected here gets the way on from here."""
    found = {row.parcel_id: row for row in FloorParcel.objects.filter(hub=hub, parcel_id__in=list(parcels))}
    for parcel_id, parcel in parcels.items():
        if parcel_id in found:
            continue
        end = zone_of(Address(**parcel.consignment.destination).place)
        hops = tables.network().earliest(hub, end, minute_of(ctx.at), SERVICES[parcel.consignment.service])
        if hops:
            found[parcel_id], _ = FloorParcel.objects.get_or_create(
                parcel=parcel,
                hub=hub,
                defaults={
                    "lane": hops[0].lane.code,
                    "direction": hops[0].lane.end,
                    "due_at": ctx.at,
                    "departs_at": instant(hops[0].departs),
                },
            )
    return found


def _judged(
    ctx: Context,
    hub: str,
    device: str,
    skew_s: int,
    scan: FloorTold,
    code: str,
    parcels: Mapping[str, Parcel],
    cages: Mapping[str, Cage],
    stops: Mapping[UUID, FloorParcel],
) -> FloorScan:
    """One scan as it is kept: whose it is, when it was, and what came of it."""
    time = floor.our_time(scan.at, skew_s, ctx.at)
    sender = Worker(ctx.actor.label, ctx.actor.party_id)
    worker = scan.worker or sender
    parcel, cage = parcels.get(code), cages.get(floor.clean_code(scan.cage))
    kind, reason, outcome = scan.kind, scan.reason, "ok"
    if kind not in floor.KINDS or not code:
        kind, outcome = kind[:12], "not_understood"
    elif kind == "load":
        cage, parcel = cages.get(code), None
        outcome = "ok" if cage and cage.lane != floor.TOGETHER else "no_such_cage"
    elif kind == "receive" and floor.is_return_code(code):
        outcome = "return"
        ctx.announce(ReturnHandedIn(read_id("rt", code.lower()), code, hub, time.at))
    elif parcel is None:
        outcome = "unknown_parcel"
    elif parcel.id not in stops:
        outcome = "no_way_on"
    elif kind == "exception":
        reason = reason if reason in floor.TOLD_REASONS else "other"
    elif kind == "sort":
        wrong = (
            "no_such_cage" if cage is None
            else "customs_hold" if parcel.state == "held"
            else "wrong_cage" if cage.lane != stops[parcel.id].lane
            else ""
        )  # fmt: skip
        if wrong:
            kind, reason, outcome = "exception", wrong, wrong
    return FloorScan(
        id=UUID(scan.id), hub=hub, device=device, seq=scan.seq, kind=kind, code=code or scan.code[: floor.MOST_CODE],
        cage_code=floor.clean_code(scan.cage)[:13], reason=reason[:24], at=time.at, told_at=scan.at,
        received_at=ctx.at, skew_s=skew_s, clock=time.odd, outcome=outcome, worker=worker.name[:200],
        worker_id=worker.party_id, sent_by="" if worker == sender else sender.name[:200], parcel=parcel, cage=cage,
    )  # fmt: skip


def _close_loaded(ctx: Context, hub: str, rows: Sequence[FloorScan]) -> set[UUID]:
    """A cage scanned at the vehicle is closed, by the earliest such scan, and in its load; the parcels this touches."""
    touched: set[UUID] = set()
    for row in rows:
        if row.kind != "load" or row.cage is None or row.outcome != "ok":
            continue
        cage = row.cage
        if cage.closed_at is None or (row.at < cage.closed_at and cage.load_id is not None):
            cage.closed_at = row.at
        if cage.load_id is None:
            cage.load, _ = Load.objects.get_or_create(
                hub=hub, lane=cage.lane, departs_at=cage.departs_at, defaults={"direction": cage.direction}
            )
        cage.save(update_fields=["closed_at", "load"])
        scans = FloorScan.objects.filter(cage=cage, kind="sort").exclude(parcel=None)
        touched |= set(scans.values_list("parcel_id", flat=True))
    return touched


def _settle_floor(hub: str, parcel_ids: Iterable[UUID]) -> None:
    """Work out where parcels are from all their scans at this hub."""
    rows = list(
        FloorParcel.objects.select_for_update().filter(hub=hub, parcel_id__in=list(parcel_ids)).order_by("id")
    )
    counted: dict[UUID, list[Counted]] = {row.parcel_id: [] for row in rows}
    lane_of = {row.parcel_id: row.lane for row in rows}
    cages: dict[str, Cage] = {}
    scans = FloorScan.objects.filter(hub=hub, parcel_id__in=list(counted)).select_related("cage__load")
    for scan in scans:
        if scan.parcel_id is None:
            continue
        if scan.cage is not None:
            cages[scan.cage.code] = scan.cage
        has_gone_on = scan.cage is not None and scan.cage.lane == floor.TOGETHER != lane_of[scan.parcel_id]
        counted[scan.parcel_id].append(
            Counted(
                "receive" if has_gone_on else scan.kind, scan.at, scan.device, scan.seq, str(scan.id), scan.cage.code if scan.cage else "",
                scan.reason, scan.cage.closed_at if scan.cage else None,
            )
        )  # fmt: skip
    for row in rows:
        found = floor.decide_floor(counted[row.parcel_id])
        row.state, row.state_at, row.reason = found.state, found.at, found.reason
        row.cage = cages.get(found.cage)
        if row.cage is not None and row.cage.load is not None:
            row.state = "loaded" if row.cage.load.departed_at is None else "departed"
    FloorParcel.objects.bulk_update(rows, ["state", "state_at", "reason", "cage"])


def _tell_tracking(ctx: Context, hub: str, rows: Sequence[FloorScan], parcels: Mapping[str, Parcel]) -> None:
    """What a buyer follows: received at the hub, unless the carrier said so already; damage."""
    name = tables.nodes()[hub].name
    ids = {row.parcel_id for row in rows if row.parcel_id}
    told = set(
        ParcelEvent.objects.filter(parcel_id__in=ids, place=name)
        .values_list("parcel_id", flat=True)
        .distinct()
    )
    events = []
    for row in rows:
        if row.parcel is None or row.outcome != "ok":
            continue
        if row.kind == "receive" and row.parcel.id not in told:
            told.add(row.parcel.id)
            events.append(CarrierEvent(row.parcel.tracking_no, "arrived", row.at, name, str(row.id)))
        elif row.kind == "exception" and row.reason == "damaged":
            events.append(CarrierEvent(row.parcel.tracking_no, "damaged", row.at, name, str(row.id)))
    if events:
        _record(ctx, SOURCE, events)


def _answers(hub: str, told: Sequence[FloorTold], known: set[UUID]) -> tuple[ScanAnswer, ...]:
    rows = {row.id: row for row in FloorScan.objects.filter(id__in=[scan.id for scan in told])}
    states = {
        row.parcel_id: row
        for row in FloorParcel.objects.filter(
            hub=hub, parcel_id__in=[row.parcel_id for row in rows.values() if row.parcel_id]
        )
    }
    answers = []
    for scan in told:
        row = rows[UUID(scan.id)]
        stop = states.get(row.parcel_id) if row.parcel_id else None
        outcome = row.outcome
        if outcome == "ok" and row.kind == "sort" and stop is not None and stop.reason == "cage_closed":
            outcome = "cage_closed"
        answers.append(ScanAnswer(scan.id, outcome, stop.state if stop else "", row.id in known))
    return tuple(answers)


@command(scope="hub:scan")
def open_cage(ctx: Context, *, hub: str, lane: str) -> CageView:
    """Open a further cage for the next departure of a lane. Refuses: NoSuchHub, Invalid (lane)."""
    hub_of(hub)
    network = tables.network()
    found = next((each for each in network.leaving[hub] if each.code == lane), None)
    departs = network.next_departure(found, minute_of(ctx.at)) if found else None
    if found is None or departs is None:
        raise Invalid(
            field="lane", reason="No such lane leaves this hub.", hint="Choose one of the sort plan."
        )
    return cage_view(_opened(ctx, hub, lane, found.end, instant(departs)))


@command(scope="parcels:write")
def open_due_cages(ctx: Context) -> int:
    """A cage for every wave that parcels are expected for and that has none open; returns how many were opened."""
    waves = (
        FloorParcel.objects.filter(departs_at__gt=ctx.at, departs_at__lte=ctx.at + WAVE_AHEAD)
        .exclude(state__in=["departed", "passed"])
        .values_list("hub", "lane", "direction", "departs_at")
        .distinct()
    )
    has = set(Cage.objects.filter(closed_at=None).values_list("hub", "lane", "departs_at"))
    opened = 0
    for hub, lane, direction, departs_at in waves.order_by("hub", "departs_at", "lane"):
        if (hub, lane, departs_at) not in has:
            _opened(ctx, hub, lane, direction, departs_at)
            opened += 1
    return opened


def _opened(ctx: Context, hub: str, lane: str, direction: str, departs_at: datetime) -> Cage:
    mine = Cage.objects.filter(hub=hub, lane=lane, departs_at=departs_at)
    last: int = mine.aggregate(last=Max("number"))["last"] or 0
    return Cage.objects.create(
        code=floor.cage_code(CageSerial.objects.create().pk),
        hub=hub,
        lane=lane,
        direction=direction,
        departs_at=departs_at,
        number=last + 1,
        opened_at=ctx.at,
    )


@command(scope="hub:scan")
def close_cage(ctx: Context, *, hub: str, code: str) -> CageView:
    """Close a full cage: what is scanned to it later is not in it. Again: the first closing counts. Refuses: NoSuchCage."""
    row = Cage.objects.select_for_update().filter(hub=hub, code=floor.clean_code(code)).first()
    if row is None:
        raise NoSuchCage(code=code[:40])
    if row.closed_at is None:
        row.closed_at = ctx.at
        row.save(update_fields=["closed_at"])
    return cage_view(row)


@command(scope="hub:scan")
def depart_load(ctx: Context, *, hub: str, load_id: UUID, signed_by: str) -> int:
    """The vehicle has left: its cages' parcels are on their way, and tracking says so. Returns how many parcels.

    `signed_by` is the driver's name. Again: the first departure counts. Refuses: NoSuchLoad, LoadEmpty, Invalid (signed_by).
    """
    load = Load.objects.select_for_update().filter(hub=hub, id=load_id).first()
    if load is None:
        raise NoSuchLoad(what="load")
    rows = list(FloorParcel.objects.select_related("parcel").filter(hub=hub, cage__load=load).order_by("id"))
    if load.departed_at is not None:
        return len(rows)
    if not rows:
        raise LoadEmpty(direction=load.direction)
    audit.change(ctx, load, signed_by=check_signature(signed_by))
    _leave(ctx, load, rows, ctx.at)
    return len(rows)


def _leave(ctx: Context, load: Load, rows: Sequence[FloorParcel], at: datetime) -> None:
    """The load is gone since `at`; tracking hears of it, unless the carrier said so already."""
    load.departed_at = at
    load.save(update_fields=["departed_at"])
    FloorParcel.objects.filter(id__in=[row.id for row in rows]).update(state="departed", state_at=at)
    name = tables.nodes()[load.hub].name
    told = set(
        ParcelEvent.objects.filter(
            parcel_id__in=[row.parcel_id for row in rows],
            place=name,
            code__in=["departed", "out_for_delivery"],
        ).values_list("parcel_id", flat=True)
    )
    first_of = {row.parcel.joined_no or row.parcel.tracking_no: row for row in reversed(rows)}
    events = [
        CarrierEvent(number, "departed", at, name, f"{load.id}:{row.parcel_id}")
        for number, row in first_of.items()
        if row.parcel_id not in told
    ]
    if events:
        _record(ctx, SOURCE, events)


@command(scope="hub:scan")
def settle_scan(ctx: Context, *, hub: str, scan_id: UUID) -> bool:
    """Somebody has looked at a scan that went wrong. False when it was settled before. Refuses: NoSuchScan."""
    row = FloorScan.objects.select_for_update().filter(hub=hub, id=scan_id).first()
    if row is None:
        raise NoSuchScan(what="scan")
    if row.settled_at is not None:
        return False
    row.settled_at = ctx.at
    row.save(update_fields=["settled_at"])
    return True


@command(scope="parcels:write")
def roll_waves(ctx: Context) -> int:
    """Move what missed its departure to the next one; forget what passed a hub without a scan. Returns how many moved."""
    gone = FloorParcel.objects.filter(parcel__delivered_at__isnull=False).exclude(
        state__in=["departed", "passed"]
    )
    FloorParcel.objects.filter(id__in=gone.values("id")).update(state="passed", state_at=ctx.at)
    network = tables.network()
    lanes = {lane.code: lane for lane in network.lanes}
    moved = 0
    for cage in Cage.objects.select_for_update().filter(departs_at__lt=ctx.at, load=None).order_by("id"):
        if not cage.parcels.exists():
            if cage.closed_at is None:
                cage.closed_at = ctx.at
                cage.save(update_fields=["closed_at"])
            continue
        departs = network.next_departure(lanes[cage.lane], minute_of(ctx.at)) if cage.lane in lanes else None
        if departs is None:
            continue
        later = Cage.objects.filter(hub=cage.hub, lane=cage.lane, departs_at=instant(departs))
        cage.number = (later.aggregate(last=Max("number"))["last"] or 0) + 1
        cage.departs_at = instant(departs)
        cage.save(update_fields=["number", "departs_at"])
    open_states = ["received", "sorted", "exception"]
    late = FloorParcel.objects.select_for_update(of=("self",)).filter(
        departs_at__lt=ctx.at, state__in=open_states
    )
    rows = list(late.exclude(cage__load__isnull=False).order_by("id"))
    for row in rows:
        departs = network.next_departure(lanes[row.lane], minute_of(ctx.at)) if row.lane in lanes else None
        if departs is not None:
            row.departs_at = instant(departs)
            moved += 1
    FloorParcel.objects.bulk_update(rows, ["departs_at"])
    return moved


MACHINE = "machine"
PEOPLE_FIRST = timedelta(hours=1)


@command(scope="hub:scan")
def run_simulated_sorter(ctx: Context, *, limit: int = 500) -> int:
    """Let the pilot's sorting machine scan what nobody scanned an hour after it was due, and let full loads leave.

    Returns how many scans it made. Times are those of the timetable; running it again adds nothing.
    """
    due = (
        FloorParcel.objects.select_related("parcel")
        .filter(state__in=["expected", "received"], due_at__lte=ctx.at - PEOPLE_FIRST)
        .exclude(parcel__state="held")
        .order_by("due_at", "id")[:limit]
    )
    by_hub: dict[str, list[FloorTold]] = {}
    for row in due:
        cage = Cage.objects.filter(
            hub=row.hub, lane=row.lane, departs_at=row.departs_at, closed_at=None
        ).first() or _opened(ctx, row.hub, row.lane, row.direction, row.departs_at)
        wait = 5 + row.parcel.order_id % 35
        for kind, minutes in (("receive", wait), ("sort", wait + 15)):
            at = min(row.due_at + timedelta(minutes=minutes), ctx.at)
            by_hub.setdefault(row.hub, []).append(
                _by_machine(kind, row.parcel.tracking_no, at, cage.code if kind == "sort" else "")
            )
    made = _told_by_machine(ctx, by_hub)
    leaving = Cage.objects.filter(departs_at__lte=ctx.at, load=None, parcels__isnull=False).exclude(
        lane=floor.TOGETHER
    )
    loads: dict[str, list[FloorTold]] = {}
    for cage in leaving.distinct().order_by("id"):
        at = min(cage.departs_at - timedelta(minutes=5), ctx.at)
        loads.setdefault(cage.hub, []).append(_by_machine("load", cage.code, at, ""))
    made += _told_by_machine(ctx, loads)
    for load in Load.objects.filter(departed_at=None, departs_at__lte=ctx.at).order_by("id"):
        rows = list(FloorParcel.objects.select_related("parcel").filter(cage__load=load).order_by("id"))
        if rows:
            _leave(ctx, load, rows, load.departs_at)
    return made


def _by_machine(kind: str, code: str, at: datetime, cage: str) -> FloorTold:
    return FloorTold(str(uuid5(NAMESPACE_URL, f"{kind}:{code}:{cage}")), kind, code, at, 0, cage)


def _told_by_machine(ctx: Context, by_hub: Mapping[str, Sequence[FloorTold]]) -> int:
    for hub, scans in by_hub.items():
        for start in range(0, len(scans), MOST_SCANS):
            record_floor_scans(
                ctx, hub=hub, device=MACHINE, sent_at=ctx.at, scans=scans[start : start + MOST_SCANS]
            )
    return sum(len(scans) for scans in by_hub.values())
