"""Writes of the logistics room: consignments, parcels, and what carriers tell of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection

from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid, NotFound
from entrepot.logistics import policy, tables
from entrepot.logistics.adapters import simulated
from entrepot.logistics.commands.customs import _check_customs, _open_file
from entrepot.logistics.errors import ConsignmentClosed, NoRoute, NoSuchParcel, ParcelNotReady, TooHeavy
from entrepot.logistics.events import (
    ParcelDelivered,
    ParcelHandedOver,
    ParcelInTrouble,
    ParcelMoved,
    ParcelPacked,
)
from entrepot.logistics.models import Consignment, Parcel, ParcelEvent, ParcelSerial, QuarantinedEvent
from entrepot.logistics.policy import Happened, ParcelState
from entrepot.logistics.queries import Address, GoodsItem, ParcelView, expected_on, hops_from, parcel_view

CLOCK_SKEW = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class CarrierEvent:
    """One event as a carrier told it. `event_id` is the carrier's own and names the event once."""

    tracking_no: str
    code: str
    at: datetime
    place: str
    event_id: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of told events: new ones kept, repetitions, and those put into quarantine."""

    kept: int
    repeated: int
    quarantined: int


@command(scope="orders:fulfil")
def create_consignment(
    ctx: Context,
    *,
    order_id: int,
    seller_id: UUID,
    purchase_ref: str,
    market: str,
    language: str,
    origin: Address,
    destination: Address,
    goods: Sequence[GoodsItem],
    buyer_id: UUID | None = None,
    service: str = "standard",
    incoterm: str = "DDP",
    promised_from: date | None = None,
    promised_to: date | None = None,
    guaranteed_by: date | None = None,
    guarantee_minor: int = 0,
    guarantee_currency: str = "",
) -> UUID:
    """Open the consignment of a paid order; its id. Asked again for the same order it answers the first one."""
    row = Consignment.objects.of(ctx).filter(order_id=order_id).first()
    if row is None:
        row = Consignment.objects.create(
            order_id=order_id,
            seller_id=seller_id,
            buyer_id=buyer_id,
            purchase_ref=purchase_ref,
            market=market,
            language=language,
            origin=asdict(origin),
            destination=asdict(destination),
            goods=[asdict(item) for item in goods],
            service=service,
            incoterm=incoterm,
            promised_from=promised_from,
            promised_to=promised_to,
            promise_model=tables.MODEL if promised_to else "",
            guaranteed_by=guaranteed_by,
            guarantee_minor=guarantee_minor,
            guarantee_currency=guarantee_currency,
            guarantee_state="open" if guaranteed_by else "",
            created_at=ctx.at,
        )
        _open_file(ctx, row)
    return row.id


@command(scope="orders:fulfil")
def cancel_consignment(ctx: Context, *, order_id: int) -> bool:
    """Cancel an order's consignment while nothing was handed over; False when it has none or it is on its way."""
    row = Consignment.objects.of(ctx).select_for_update().filter(order_id=order_id).first()
    if row is None or row.state != "open":
        return False
    row.state = "cancelled"
    row.save(update_fields=["state"])
    return True


@command(scope="orders:fulfil")
def pack_parcel(
    ctx: Context, *, order_id: int, weight_g: int, contents: Sequence[GoodsItem] = ()
) -> ParcelView:
    """Close a box of an order and give it its tracking number and SSCC. Without contents it holds all goods.

    Refuses: NotFound, ConsignmentClosed, Invalid (weight_g), TooHeavy.
    """
    row = Consignment.objects.of(ctx).select_for_update().filter(order_id=order_id).first()
    if row is None:
        raise NotFound(what="consignment")
    if row.state != "open":
        raise ConsignmentClosed(state=row.state)
    if weight_g <= 0:
        raise Invalid(field="weight_g", reason="A parcel weighs more than nothing.")
    if weight_g > policy.MOST_WEIGHT_G:
        raise TooHeavy(most_g=policy.MOST_WEIGHT_G, weight_g=weight_g)
    serial = ParcelSerial.objects.create().pk
    parcel = Parcel.objects.create(
        consignment=row,
        seller_id=row.seller_id,
        buyer_id=row.buyer_id,
        order_id=row.order_id,
        tracking_no=policy.tracking_of(serial),
        sscc=policy.sscc_of(serial),
        carrier=simulated.NAME,
        weight_g=weight_g,
        contents=[asdict(item) for item in contents] or row.goods,
        state_at=ctx.at,
        packed_at=ctx.at,
        promised_to=row.promised_to,
    )
    ctx.announce(ParcelPacked(row.order_id, row.seller_id, parcel.id, parcel.tracking_no, ctx.at))
    return parcel_view(parcel)


@command(scope="orders:fulfil")
def hand_over_parcels(ctx: Context, *, parcel_ids: Sequence[UUID]) -> list[ParcelView]:
    """Give packed parcels to the carrier, all or none.

    Refuses: NoSuchParcel, ParcelNotReady, CustomsIncomplete, NoRoute, PlaceNotServed.
    """
    rows = list(
        Parcel.objects.of(ctx)
        .select_for_update(of=("self",))
        .select_related("consignment")
        .filter(id__in=parcel_ids)
        .order_by("id")
    )
    if len(rows) != len(set(parcel_ids)):
        raise NoSuchParcel(what="parcel")
    journeys = []
    for row in rows:
        if row.state != "packed":
            raise ParcelNotReady(tracking_no=row.tracking_no, state=row.state)
        consignment = row.consignment
        start, end = Address(**consignment.origin), Address(**consignment.destination)
        hops = hops_from(start.place, end.place, ctx.at, consignment.service, row.weight_g)
        if not hops:
            raise NoRoute(origin=start.country, destination=end.country)
        _check_customs(ctx, consignment)
        journeys.append(simulated.journey(tables.network(), hops, row.tracking_no, ctx.at))
    # From here on it must succeed: the carrier has the parcels.
    for row, told in zip(rows, journeys, strict=True):
        if settings.IS_PILOT:
            row.journey = [[at.isoformat(), code, place] for at, code, place in told]
            row.next_event_at = told[1][0]
        row.expected_on = expected_on(row.consignment, ctx.at)
        row.save(update_fields=["journey", "next_event_at", "expected_on"])
    _record(
        ctx,
        "house",
        [
            CarrierEvent(row.tracking_no, "handed_over", ctx.at, told[0][2], f"{row.tracking_no}:handed_over")
            for row, told in zip(rows, journeys, strict=True)
        ],
    )
    return [parcel_view(row) for row in Parcel.objects.of(ctx).filter(id__in=parcel_ids).order_by("id")]


@command(scope="parcels:write")
def record_parcel_events(ctx: Context, *, source: str, events: Sequence[CarrierEvent]) -> Recorded:
    """Keep what a carrier told, in any order and however often; states follow from all events of a parcel.

    Events of unknown parcels, with unknown codes or from the future go into quarantine, never away.
    """
    return _record(ctx, source, events)


def _record(ctx: Context, source: str, events: Iterable[CarrierEvent]) -> Recorded:
    told = list({event.event_id: event for event in events}.values())
    parcels = {
        row.tracking_no: row
        for row in Parcel.objects.of(ctx)
        .select_for_update(of=("self",))
        .select_related("consignment")
        .filter(tracking_no__in={event.tracking_no for event in told})
        .order_by("id")
    }
    good: list[tuple[CarrierEvent, str]] = []
    odd: list[tuple[CarrierEvent, str]] = []
    for event in told:
        reason = (
            "unknown_parcel"
            if event.tracking_no not in parcels
            else "unknown_code"
            if event.code not in policy.STATES
            else "from_the_future"
            if event.at > ctx.at + CLOCK_SKEW
            else ""
        )
        (odd if reason else good).append((event, reason))
    QuarantinedEvent.objects.bulk_create(
        [
            QuarantinedEvent(
                source=source, event_id=event.event_id, tracking_no=event.tracking_no[:40], code=event.code[:40],
                at=event.at, place=event.place[:80], reason=reason, received_at=ctx.at,
            )
            for event, reason in odd
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    fresh = _kept(ctx, source, [event for event, _ in good], parcels)
    if fresh:
        _settle(ctx, [parcels[number] for number in {event.tracking_no for event in fresh}])
    return Recorded(len(fresh), len(good) - len(fresh), len(odd))


def _kept(
    ctx: Context, source: str, events: Sequence[CarrierEvent], parcels: Mapping[str, Parcel]
) -> list[CarrierEvent]:
    """Store events in one statement and return those that were new."""
    if not events:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO logistics_parcelevent (parcel_id, source, event_id, code, at, place, received_at)
               SELECT parcel_id, %s, event_id, code, at, place, %s
               FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::timestamptz[], %s::text[])
                    AS told(parcel_id, event_id, code, at, place)
               ON CONFLICT (source, event_id) DO NOTHING RETURNING event_id""",
            [
                source,
                ctx.at,
                [parcels[event.tracking_no].id for event in events],
                [event.event_id for event in events],
                [event.code for event in events],
                [event.at for event in events],
                [event.place[:80] for event in events],
            ],
        )
        fresh = {row[0] for row in cursor.fetchall()}
    return [event for event in events if event.event_id in fresh]


def _settle(ctx: Context, parcels: Sequence[Parcel]) -> None:
    """Work out the state of parcels from all their events, save what changed and announce it."""
    happened: dict[UUID, list[Happened]] = {row.id: [] for row in parcels}
    told = ParcelEvent.objects.filter(parcel_id__in=list(happened))
    columns = told.values_list("parcel_id", "code", "at", "place", "source", "event_id")
    for parcel_id, code, at, place, source, event_id in columns:
        happened[parcel_id].append(Happened(code, at, place, source, event_id))
    changed: list[tuple[Parcel, ParcelState, str]] = []
    moved: list[Parcel] = []
    for row in parcels:
        found, before = policy.decide_state(happened[row.id]), row.state
        was_delivered = row.delivered_at is not None
        if found != ParcelState(row.state, row.state_at, row.place, row.handed_over_at, row.delivered_at):
            moved.append(row)
        row.state, row.state_at, row.place = found.state, found.at, found.place
        row.handed_over_at, row.delivered_at = found.handed_over_at, found.delivered_at
        if found.state != before or (found.delivered_at is not None) != was_delivered:
            changed.append((row, found, before))
    if moved:
        _save_states(moved)
    if changed:
        _announce(ctx, changed)


def _save_states(rows: Sequence[Parcel]) -> None:
    """Save the states of many parcels in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE logistics_parcel SET state = new.state, state_at = new.state_at, place = new.place,
                      handed_over_at = new.handed_over_at, delivered_at = new.delivered_at
               FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[], %s::text[], %s::timestamptz[],
                           %s::timestamptz[])
                    AS new(id, state, state_at, place, handed_over_at, delivered_at)
               WHERE logistics_parcel.id = new.id""",
            [
                [row.id for row in rows],
                [row.state for row in rows],
                [row.state_at for row in rows],
                [row.place for row in rows],
                [row.handed_over_at for row in rows],
                [row.delivered_at for row in rows],
            ],
        )


def _announce(ctx: Context, changed: Sequence[tuple[Parcel, ParcelState, str]]) -> None:
    consignments = {row.consignment_id: row.consignment for row, _, _ in changed}
    siblings: dict[UUID, list[Parcel]] = {key: [] for key in consignments}
    for row in Parcel.objects.of(ctx).filter(consignment_id__in=list(consignments)):
        siblings[row.consignment_id].append(row)
    for row, found, before in changed:
        boxes = siblings[row.consignment_id]
        told = (row.order_id, row.seller_id, row.id, row.tracking_no)
        if before == "packed" and found.handed_over_at is not None:
            whole = all(box.handed_over_at is not None for box in boxes)
            ctx.announce(ParcelHandedOver(*told, found.handed_over_at, whole))
        if found.state == "delivered" and found.delivered_at is not None:
            whole = all(box.delivered_at is not None for box in boxes)
            ctx.announce(ParcelDelivered(*told, found.delivered_at, whole))
        elif found.state in policy.TROUBLE:
            ctx.announce(ParcelInTrouble(*told, found.state, found.place, found.at or ctx.at))
        elif found.state not in ("handed_over", before):
            ctx.announce(ParcelMoved(*told, found.state, found.place, found.at or ctx.at))
    for key, consignment in consignments.items():
        boxes = siblings[key]
        delivered = [box.delivered_at for box in boxes if box.delivered_at is not None]
        if len(delivered) == len(boxes):
            state, delivered_at = "delivered", max(delivered)
        elif all(box.handed_over_at is not None for box in boxes):
            state, delivered_at = "handed_over", None
        else:
            continue
        if consignment.state not in ("cancelled", state):
            consignment.state, consignment.delivered_at = state, delivered_at
            consignment.save(update_fields=["state", "delivered_at"])


@command(scope="parcels:write")
def move_simulated_parcels(ctx: Context, *, limit: int = 500) -> int:
    """Let the pilot's carrier tell everything that is due by the clock; how many parcels it told of."""
    rows = list(
        Parcel.objects.of(ctx)
        .select_for_update(skip_locked=True, of=("self",))
        .filter(next_event_at__lte=ctx.at)
        .order_by("next_event_at")[:limit]
    )
    events = []
    for row in rows:
        steps = [(datetime.fromisoformat(at), code, place) for at, code, place in row.journey]
        due = [step for step in steps if step[0] <= ctx.at]
        row.next_event_at = next((step[0] for step in steps if step[0] > ctx.at), None)
        events += [
            CarrierEvent(row.tracking_no, code, at, place, f"{row.tracking_no}:{number}:{code}")
            for number, (at, code, place) in enumerate(due)
            if code != "handed_over"  # the hand-over itself was told by the house
        ]
    if rows:
        Parcel.objects.of(ctx).bulk_update(rows, ["next_event_at"])
        _record(ctx, simulated.NAME, events)
    return len(rows)
