"""A hub's floor: what a device needs to answer by itself, waves and their cages, and how a shift goes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, Sum

from entrepot.kit.context import Context
from entrepot.kit.errors import NotAllowed, NotFound
from entrepot.logistics import floor, tables
from entrepot.logistics.errors import NoSuchCage, NoSuchHub, NoSuchLoad
from entrepot.logistics.floor import TOLD_REASONS as TOLD_REASONS
from entrepot.logistics.models import Bundle, Cage, Consignment, FloorParcel, FloorScan, Load, Parcel
from entrepot.logistics.network import Node, instant, minute_of
from entrepot.logistics.queries.parcels import Address, label_lines

GONE = ("departed", "passed")
LOOK_AHEAD = timedelta(hours=48)
MOST_PARCELS = 20_000


@dataclass(frozen=True, slots=True)
class HubView:
    """A hub: its code, name, country and time zone, and how many parcels are due or on its floor."""

    code: str
    name: str
    country: str
    time_zone: str
    expected: int = 0
    on_floor: int = 0


@dataclass(frozen=True, slots=True)
class ChuteView:
    """One line of the sort plan: a chute, where its lane leads, and when that leaves next."""

    chute: str
    lane: str
    direction: str
    place: str
    mode: str
    departs_at: datetime | None


@dataclass(frozen=True, slots=True)
class CageView:
    """A cage: its code, its chute and where it goes. state: open | closed | loaded | departed."""

    id: UUID
    code: str
    hub: str
    chute: str
    number: int
    lane: str
    direction: str
    place: str
    departs_at: datetime
    state: str
    parcels: int = 0
    load_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class FloorParcelView:
    """A parcel at a hub, as a device holds it."""

    tracking_no: str
    sscc: str
    chute: str
    direction: str
    place: str
    lane: str
    state: str
    reason: str
    cage: str
    is_held: bool
    due_at: datetime
    departs_at: datetime
    weight_g: int


@dataclass(frozen=True, slots=True)
class FloorSnapshot:
    """Everything a device needs to answer without a network."""

    hub: HubView
    at: datetime
    chutes: tuple[ChuteView, ...]
    cages: tuple[CageView, ...]
    parcels: tuple[FloorParcelView, ...]


@dataclass(frozen=True, slots=True)
class WaveView:
    """One departure and what it waits for: parcels by state, cages by state."""

    lane: str
    chute: str
    direction: str
    place: str
    mode: str
    departs_at: datetime
    expected: int
    received: int
    sorted: int
    loaded: int
    departed: int
    exceptions: int
    cages: int
    load_id: UUID | None
    has_left: bool

    @property
    def all(self) -> int:
        return self.expected + self.received + self.sorted + self.loaded + self.departed + self.exceptions


@dataclass(frozen=True, slots=True)
class ScanView:
    """A scan somebody has to look at, or a line of the log."""

    id: UUID
    kind: str
    code: str
    outcome: str
    reason: str
    at: datetime
    worker: str
    device: str
    clock: str
    skew_s: int
    sent_by: str = ""


@dataclass(frozen=True, slots=True)
class ShiftView:
    """How a shift goes: scans by kind, by hour and by worker, and what stands on the floor now."""

    starts_at: datetime
    ends_at: datetime
    by_kind: dict[str, int]
    by_hour: tuple[tuple[datetime, int], ...]
    by_worker: tuple[tuple[str, int], ...]
    on_floor: dict[str, int]
    to_look_at: tuple[ScanView, ...]
    late_synced: int
    skewed: int


def _may_see(ctx: Context) -> None:
    if not (ctx.may("hub:scan") or ctx.may("logistics:read")):
        raise NotAllowed(scope="hub:scan")


def _node(code: str) -> Node:
    node = tables.nodes().get(code)
    if node is None or not node.has_floor or not tables.network().leaving.get(code):
        raise NoSuchHub(hub=code[:12])
    return node


def hub_of(code: str) -> HubView:
    """A hub by its code. No SQL. Refuses: NoSuchHub."""
    node = _node(code)
    return HubView(node.code, node.name, node.country, node.time_zone)


def hubs_of_floor(ctx: Context) -> list[HubView]:
    """Every place where parcels are sorted, busiest first (one SQL statement). Refuses: NotAllowed."""
    _may_see(ctx)
    counts = {
        row["hub"]: (row["expected"], row["here"])
        for row in FloorParcel.objects.exclude(state__in=GONE)
        .filter(parcel__delivered_at=None)
        .values("hub")
        .annotate(
            expected=Count("id", filter=Q(state="expected")), here=Count("id", filter=~Q(state="expected"))
        )
    }
    nodes = [node for node in tables.nodes().values() if node.has_floor]
    found = [
        HubView(
            node.code, node.name, node.country, node.time_zone,
            counts[node.code][0] if node.code in counts else 0, counts[node.code][1] if node.code in counts else 0,
        )
        for node in nodes
        if tables.network().leaving.get(node.code)
    ]  # fmt: skip
    return sorted(found, key=lambda hub: (-hub.expected - hub.on_floor, hub.name))


def _plan(hub: str) -> dict[str, str]:
    return floor.chutes([lane.code for lane in tables.network().leaving[hub]]) | {
        floor.TOGETHER: floor.TOGETHER_CHUTE
    }


def sort_plan(hub: str, at: datetime) -> list[ChuteView]:
    """The chutes of a hub, each with its lane and next departure. No SQL. Refuses: NoSuchHub."""
    _node(hub)
    network, plan = tables.network(), _plan(hub)
    found = []
    for lane in network.leaving[hub]:
        departs = network.next_departure(lane, minute_of(at))
        found.append(
            ChuteView(
                plan[lane.code], lane.code, lane.end, network.nodes[lane.end].name, lane.mode,
                instant(departs) if departs is not None else None,
            )
        )  # fmt: skip
    return sorted(found, key=lambda chute: (chute.chute[0], int(chute.chute[1:])))


def cage_view(row: Cage, parcels: int = 0) -> CageView:
    """The frozen facts of a cage row."""
    has_left = row.load is not None and row.load.departed_at is not None
    return CageView(
        id=row.id,
        code=row.code,
        hub=row.hub,
        chute=_plan(row.hub).get(row.lane, "?"),
        number=row.number,
        lane=row.lane,
        direction=row.direction,
        place=_name(row.direction),
        departs_at=row.departs_at,
        state="departed" if has_left else "loaded" if row.load_id else "closed" if row.closed_at else "open",
        parcels=parcels,
        load_id=row.load_id,
    )


def _name(code: str) -> str:
    node = tables.nodes().get(code)
    return node.name if node else code


def cages_of_hub(ctx: Context, hub: str) -> list[CageView]:
    """Cages that have not left, by chute and departure, and those that left in the last day (one SQL statement).

    Refuses: NotAllowed, NoSuchHub.
    """
    _may_see(ctx)
    _node(hub)
    rows = (
        Cage.objects.filter(hub=hub)
        .filter(
            Q(closed_at=None) | Q(load__departed_at=None, parcels__isnull=False)
            | Q(load__departed_at__gte=ctx.at - timedelta(days=1))
        )
        .select_related("load")
        .annotate(count=Count("parcels", distinct=True))
        .order_by("departs_at", "lane", "number")
    )  # fmt: skip
    return [cage_view(row, row.count) for row in rows.distinct()]


def cage_label(ctx: Context, hub: str, code: str) -> bytes:
    """A cage's label, A6: its code to scan, its chute to read from afar. Refuses: NotAllowed, NoSuchCage."""
    from entrepot.logistics import paper

    _may_see(ctx)
    row = Cage.objects.select_related("load").filter(hub=hub, code=code).first()
    if row is None:
        raise NoSuchCage(code=code[:40])
    view = cage_view(row)
    local = view.departs_at.astimezone(ZoneInfo(_node(hub).time_zone))
    return paper.cage_pdf(
        view.code, f"{view.chute}·{view.number}", view.place, f"{hub} › {view.direction}", local
    )


def load_paper(ctx: Context, hub: str, load_id: UUID, *, language: str = "en") -> bytes:
    """What a vehicle takes from a hub: its cages with their parcels, and room to sign, A4 (two SQL statements).

    Refuses: NotAllowed, NoSuchLoad.
    """
    from entrepot.logistics import paper

    _may_see(ctx)
    load = Load.objects.filter(hub=hub, id=load_id).first()
    if load is None:
        raise NoSuchLoad(what="load")
    rows = load.cages.annotate(count=Count("parcels"), grams=Sum("parcels__parcel__weight_g"))
    plan, zone = _plan(hub), ZoneInfo(_node(hub).time_zone)
    cages = [
        (row.code, f"{plan.get(row.lane, '?')}·{row.number}", row.count, row.grams or 0)
        for row in rows.order_by("number", "code")
    ]
    signed = (load.signed_by, load.departed_at.astimezone(zone)) if load.departed_at else None
    way = f"{hub} › {load.direction} {_name(load.direction)}"
    return paper.load_pdf(way, load.departs_at.astimezone(zone), cages, language, signed)


def floor_snapshot(ctx: Context, hub: str) -> FloorSnapshot:
    """What a device holds to answer by itself: parcels due or here, cages, the sort plan (two SQL statements).

    Refuses: NotAllowed, NoSuchHub.
    """
    _may_see(ctx)
    node, plan = hub_of(hub), _plan(hub)
    rows = (
        FloorParcel.objects.filter(hub=hub)
        .exclude(state="passed")
        .filter(
            Q(parcel__delivered_at=None, due_at__lte=ctx.at + LOOK_AHEAD)
            | Q(state_at__gte=ctx.at - timedelta(hours=12))
        )
        .select_related("parcel__bundle", "cage")
        .order_by("departs_at", "id")[:MOST_PARCELS]
    )  # fmt: skip
    parcels = tuple(
        FloorParcelView(
            tracking_no=row.parcel.joined_no or row.parcel.tracking_no,
            sscc=_whole(row.parcel).sscc,
            chute=plan.get(row.lane, "?"),
            direction=row.direction,
            place=_name(row.direction),
            lane=row.lane,
            state=row.state,
            reason=row.reason,
            cage=row.cage.code if row.cage else "",
            is_held=row.parcel.state == "held",
            due_at=row.due_at,
            departs_at=row.departs_at,
            weight_g=_whole(row.parcel).weight_g,
        )
        for row in _joined_once(rows)
    )
    return FloorSnapshot(node, ctx.at, tuple(sort_plan(hub, ctx.at)), tuple(cages_of_hub(ctx, hub)), parcels)


def _whole(row: Parcel) -> Parcel | Bundle:
    return row.bundle if row.joined_no and row.bundle is not None else row


def _joined_once(rows: Iterable[FloorParcel]) -> list[FloorParcel]:
    """Parcels that were joined stand once, under the number of the whole."""
    return list({row.parcel.joined_no or row.parcel.tracking_no: row for row in rows}.values())


@dataclass(frozen=True, slots=True)
class BundleView:
    """Parcels that are brought together: the parts with their state on the floor; its numbers once it is joined.

    state: planned | joined.
    """

    id: UUID
    state: str
    tracking_no: str
    sscc: str
    place: str
    chute: str
    due_at: datetime
    departs_at: datetime
    promised_to: date | None
    weight_g: int
    parts: tuple[tuple[str, str], ...]


def bundles_of_hub(ctx: Context, hub: str) -> list[BundleView]:
    """What is brought together at a hub now and in the last day, by departure (two SQL statements).

    Refuses: NotAllowed, NoSuchHub.
    """
    _may_see(ctx)
    _node(hub)
    lanes = {lane.code: lane for lane in tables.network().lanes}
    rows = list(
        Bundle.objects.filter(hub=hub)
        .filter(Q(state="planned") | Q(state="joined", joined_at__gte=ctx.at - timedelta(days=1)))
        .order_by("departs_at", "id")[:200]
    )
    parts: dict[UUID, list[tuple[str, str]]] = {row.id: [] for row in rows}
    for stop in (
        FloorParcel.objects.filter(hub=hub, parcel__bundle__in=rows)
        .select_related("parcel")
        .order_by("parcel_id")
    ):
        assert stop.parcel.bundle_id is not None
        parts[stop.parcel.bundle_id].append((stop.parcel.tracking_no, stop.state))
    return [
        BundleView(
            row.id, row.state, row.tracking_no, row.sscc, _name(lanes[row.lane].end) if row.lane in lanes else row.lane,
            _plan(hub).get(row.lane, "?"), row.due_at, row.departs_at, row.promised_to, row.weight_g, tuple(parts[row.id]),
        )
        for row in rows
    ]  # fmt: skip


def bundle_label(ctx: Context, hub: str, bundle_id: UUID) -> bytes:
    """The label of what was joined, A6: one number and one SSCC for all parts. Refuses: NotAllowed, NotFound."""
    from entrepot.logistics import paper

    _may_see(ctx)
    row = Bundle.objects.filter(hub=hub, id=bundle_id, state="joined").first()
    if row is None:
        raise NotFound(what="bundle")
    [sent, *_others] = Consignment.objects.of(ctx).filter(parcels__bundle=row).order_by("id")
    node = _node(hub)
    receiver, sender = (
        Address(**sent.destination),
        Address("Entrepot", node.name, "", node.code, node.country),
    )
    facts = paper.LabelFacts(
        sender=label_lines(sender),
        consignee=label_lines(receiver),
        tracking_no=row.tracking_no,
        sscc=row.sscc,
        order_number=sent.purchase_ref,
        weight_g=row.weight_g,
        number=1,
        of=1,
        route=(hub, receiver.postcode or receiver.country),
        deliver_by=row.promised_to,
        service=sent.service,
    )
    return paper.label_pdf([facts], sent.language)


def waves_of_hub(ctx: Context, hub: str) -> list[WaveView]:
    """Departures with parcels, those of the last six hours too, soonest first (three SQL statements).

    Refuses: NotAllowed, NoSuchHub.
    """
    _may_see(ctx)
    _node(hub)
    plan, lanes = _plan(hub), {lane.code: lane for lane in tables.network().lanes}
    since = ctx.at - timedelta(hours=6)
    rows = (
        FloorParcel.objects.filter(hub=hub, departs_at__gte=since)
        .exclude(state="passed")
        .values("lane", "direction", "departs_at", "state")
        .annotate(count=Count("id"))
    )
    cages = (
        Cage.objects.filter(hub=hub, departs_at__gte=since)
        .values("lane", "departs_at")
        .annotate(count=Count("id"))
    )
    cage_counts = {(row["lane"], row["departs_at"]): row["count"] for row in cages}
    loads = {(row.lane, row.departs_at): row for row in Load.objects.filter(hub=hub, departs_at__gte=since)}
    counts: dict[tuple[datetime, str, str], dict[str, int]] = {}
    for row in rows:
        counts.setdefault((row["departs_at"], row["lane"], row["direction"]), {})[row["state"]] = row["count"]
    found = []
    for (departs_at, lane, direction), states in sorted(counts.items()):
        load = loads.get((lane, departs_at))
        found.append(
            WaveView(
                lane=lane, chute=plan.get(lane, "?"), direction=direction, place=_name(direction),
                mode=lanes[lane].mode if lane in lanes else "", departs_at=departs_at,
                expected=states.get("expected", 0), received=states.get("received", 0),
                sorted=states.get("sorted", 0), loaded=states.get("loaded", 0), departed=states.get("departed", 0),
                exceptions=states.get("exception", 0), cages=cage_counts.get((lane, departs_at), 0),
                load_id=load.id if load else None, has_left=bool(load and load.departed_at),
            )
        )  # fmt: skip
    return found


def shift_of_hub(ctx: Context, hub: str) -> ShiftView:
    """The present shift of a hub, by its own clock (five SQL statements). Refuses: NotAllowed, NoSuchHub."""
    _may_see(ctx)
    zone = ZoneInfo(_node(hub).time_zone)
    starts, ends = floor.shift_of(ctx.at.astimezone(zone))
    scans = FloorScan.objects.filter(hub=hub, at__gte=starts, at__lt=ends)
    by_hour: dict[datetime, int] = {starts + timedelta(hours=hour): 0 for hour in range(floor.SHIFT_HOURS)}
    for at in scans.values_list("at", flat=True):
        by_hour[starts + timedelta(hours=int((at - starts).total_seconds() // 3600))] += 1
    return ShiftView(
        starts_at=starts,
        ends_at=ends,
        by_kind=dict(scans.values_list("kind").annotate(count=Count("id"))),
        by_hour=tuple(by_hour.items()),
        by_worker=tuple(
            scans.values_list("worker").annotate(count=Count("id")).order_by("-count", "worker")[:12]
        ),
        on_floor=dict(
            FloorParcel.objects.filter(hub=hub)
            .exclude(state__in=GONE)
            .filter(parcel__delivered_at=None)
            .values_list("state")
            .annotate(count=Count("id"))
        ),
        to_look_at=tuple(scans_to_look_at(ctx, hub)),
        late_synced=sum(
            (received - at) > timedelta(minutes=5) for at, received in scans.values_list("at", "received_at")
        ),
        skewed=scans.exclude(clock="").count(),
    )


def scans_to_look_at(ctx: Context, hub: str, *, limit: int = 100) -> Sequence[ScanView]:
    """What workers set aside and what could not be used, newest first (one SQL statement). Refuses: NotAllowed."""
    _may_see(ctx)
    rows = FloorScan.objects.filter(hub=hub, settled_at=None).filter(
        ~Q(outcome__in=["ok", "return"]) | Q(kind="exception")
    )
    return [
        ScanView(
            row.id,
            row.kind,
            row.code,
            row.outcome,
            row.reason,
            row.at,
            row.worker,
            row.device,
            row.clock,
            row.skew_s,
            row.sent_by,
        )
        for row in rows.order_by("-at", "-id")[:limit]
    ]
