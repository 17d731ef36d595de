"""Writes of the logistics room: consignments, parcels, and what carriers tell of them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Q

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
MOST_EVENT_ID = 80
FIRST_DAY, LAST_DAY = datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
STATE_COLUMNS = (
    "id", "tracking_no", "order_id", "seller_id", "consignment_id", "state", "state_at", "place", "handed_over_at",
    "delivered_at", "joined_no", "joined_at",
)  # fmt: skip


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
    ctx: Context, *, order_id: int, weight_g: int, contents: Sequence[GoodsItem] = (), carton: str = ""
) -> ParcelView:
    """Close a box of an order and give it its tracking number and SSCC. Without contents it holds all goods.

    `carton` is the code of one of our cartons; empty: the seller's own. `weight_g` is that of the whole box.
    Refuses: NotFound, ConsignmentClosed, Invalid (weight_g, carton), TooHeavy.
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
    if carton and carton not in {each.code for each in tables.cartons()}:
        raise Invalid(field="carton", reason="This is none of our cartons.", hint="Choose one of the list.")
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
        carton=carton,
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
        row.route = " ".join(hop.lane.code for hop in hops)
        journeys.append(simulated.journey(tables.network(), hops, row.tracking_no, ctx.at))
    # From here on it must succeed: the carrier has the parcels.
    for row, told in zip(rows, journeys, strict=True):
        if settings.IS_PILOT:
            row.journey = [[at.isoformat(), code, place] for at, code, place in told]
            row.next_event_at = told[1][0]
        row.expected_on = expected_on(row.consignment, ctx.at)
        row.save(update_fields=["route", "journey", "next_event_at", "expected_on"])
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
    outcomes = list(_outcomes(ctx, source, events).values())
    return Recorded(*(outcomes.count(outcome) for outcome in ("kept", "repeated", "quarantined")))


def _outcomes(ctx: Context, source: str, events: Iterable[CarrierEvent]) -> dict[str, str]:
    """Keep events and say by their id what became of each: kept, repeated, quarantined.

    A fixed number of statements for any number of events. Parcels are locked in the order of their ids, so that two
    tellers never wait for each other.
    """
    told: dict[str, CarrierEvent] = {}
    odd: list[tuple[CarrierEvent, str]] = []
    for event in events:
        clean = _readable(event)
        if clean is event:
            told[event.event_id] = event
        else:
            odd.append((clean, "unreadable"))
    parcels, wholes = _lock_told(ctx, {event.tracking_no for event in told.values()})
    good: list[tuple[CarrierEvent, list[Parcel]]] = []
    latest = ctx.at + CLOCK_SKEW
    for event in told.values():
        meant = _meant(event, parcels, wholes)
        reason = (
            "unknown_parcel"
            if not meant
            else "unknown_code"
            if event.code not in policy.STATES
            else "from_the_future"
            if event.at > latest
            else "before_joining"
            if event.code in policy.AT_THE_DOOR and any(not _is_after_joining(event, row) for row in meant)
            else ""
        )
        if reason:
            odd.append((event, reason))
        else:
            good.append((event, meant))
    if odd:
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
    kept = [
        (row, replace(event, event_id=event.event_id if row is meant[0] else _id_for(event, row)))
        for event, meant in good
        for row in meant
    ]
    fresh = _kept(ctx, source, kept)
    if fresh:
        _settle(ctx, source, [(row, event) for row, event in kept if event.event_id in fresh])
    outcomes = {event.event_id: "quarantined" for event, _ in odd}
    return outcomes | {event.event_id: "kept" if event.event_id in fresh else "repeated" for event, _ in good}


def _lock_told(ctx: Context, numbers: Collection[str]) -> tuple[dict[str, Parcel], dict[str, list[Parcel]]]:
    """The parcels that are told of, by number, and the parts of those that were joined, by the number of the whole.

    All their rows are locked in the order of their ids.
    """
    rows = Parcel.objects.of(ctx)
    while True:
        known = dict(rows.filter(tracking_no__in=numbers).values_list("tracking_no", "joined_no"))
        joined = {number for number in known.values() if number} | (set(numbers) - known.keys())
        asked = (
            Q(tracking_no__in=list(known)) | Q(joined_no__in=joined)
            if joined
            else Q(tracking_no__in=list(known))
        )
        found = list(rows.select_for_update().only(*STATE_COLUMNS).filter(asked).order_by("id"))
        if all(row.joined_no in joined for row in found if row.joined_no):
            break  # else they were joined between the two statements
    wholes: dict[str, list[Parcel]] = {}
    for row in found:
        if row.joined_no:
            wholes.setdefault(row.joined_no, []).append(row)
    return {row.tracking_no: row for row in found}, wholes


def _meant(
    event: CarrierEvent, parcels: Mapping[str, Parcel], wholes: Mapping[str, list[Parcel]]
) -> list[Parcel]:
    """Of which parcels an event tells: once they were joined, of all of them, whichever number was scanned."""
    row = parcels.get(event.tracking_no)
    if row is None:
        return wholes.get(event.tracking_no, [])
    if row.joined_no and _is_after_joining(event, row):
        return [row, *(other for other in wholes[row.joined_no] if other is not row)]
    return [row]


def _is_after_joining(event: CarrierEvent, row: Parcel) -> bool:
    return row.joined_at is None or event.at >= row.joined_at


def _id_for(event: CarrierEvent, row: Parcel) -> str:
    """The id under which another part keeps the same event."""
    told = f"{event.event_id}@{row.tracking_no}"
    return told if len(told) <= MOST_EVENT_ID else f"joined:{hashlib.sha256(told.encode()).hexdigest()}"


def _readable(event: CarrierEvent) -> CarrierEvent:
    """The event itself when it can be stored as told; else what can be, under an id made of all it said."""
    words = (event.tracking_no, event.code, event.place, event.event_id)
    if (
        0 < len(event.event_id) <= MOST_EVENT_ID
        and event.at.tzinfo is not None
        and FIRST_DAY <= event.at <= LAST_DAY
        and not any("\0" in word or (not word.isascii() and _is_broken(word)) for word in words)
    ):
        return event
    at = event.at if event.at.tzinfo else event.at.replace(tzinfo=UTC)
    number = hashlib.sha256(repr((words, event.at)).encode("utf-8", "replace")).hexdigest()
    clean = [word.encode("utf-8", "replace").decode().replace("\0", "\ufffd") for word in words]
    return CarrierEvent(
        clean[0], clean[1], min(max(at, FIRST_DAY), LAST_DAY), clean[2], f"unreadable:{number}"
    )


def _is_broken(word: str) -> bool:
    """Whether a text holds half a character, which no database takes."""
    return any("\ud800" <= char <= "\udfff" for char in word)


def _kept(ctx: Context, source: str, told: Sequence[tuple[Parcel, CarrierEvent]]) -> set[str]:
    """Store events in one statement and return the ids of those that were new."""
    if not told:
        return set()
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
                [row.id for row, _ in told],
                [event.event_id for _, event in told],
                [event.code for _, event in told],
                [event.at for _, event in told],
                [event.place[:80] for _, event in told],
            ],
        )
        return {row[0] for row in cursor.fetchall()}


def _settle(ctx: Context, source: str, fresh: Sequence[tuple[Parcel, CarrierEvent]]) -> None:
    """Work out the state of parcels from their events, save what changed and announce it.

    Older events are read only of those parcels whose state does not follow from what it was and the new ones.
    """
    rows = {row.id: row for row, _ in fresh}
    told: dict[UUID, list[Happened]] = {}
    for row, event in fresh:
        told.setdefault(row.id, []).append(
            Happened(event.code, event.at, event.place[:80], source, event.event_id)
        )
    found = {parcel_id: policy.state_after(_state(rows[parcel_id]), new) for parcel_id, new in told.items()}
    found |= _from_all_events([parcel_id for parcel_id, state in found.items() if state is None])
    changed: list[tuple[Parcel, ParcelState, str]] = []
    moved: list[Parcel] = []
    for row in rows.values():
        now, before = found[row.id], row.state
        assert now is not None
        was_delivered = row.delivered_at is not None
        if now != _state(row):
            moved.append(row)
        row.state, row.state_at, row.place = now.state, now.at, now.place
        row.handed_over_at, row.delivered_at = now.handed_over_at, now.delivered_at
        if now.state != before or (now.delivered_at is not None) != was_delivered:
            changed.append((row, now, before))
    if moved:
        _save_states(moved)
    if changed:
        _announce(ctx, changed)


def _state(row: Parcel) -> ParcelState:
    return ParcelState(row.state, row.state_at, row.place, row.handed_over_at, row.delivered_at)


def _from_all_events(parcel_ids: Sequence[UUID]) -> dict[UUID, ParcelState | None]:
    happened: dict[UUID, list[Happened]] = {parcel_id: [] for parcel_id in parcel_ids}
    if happened:
        rows = ParcelEvent.objects.filter(parcel_id__in=parcel_ids)
        columns = rows.values_list("parcel_id", "code", "at", "place", "source", "event_id")
        for parcel_id, code, at, place, source, event_id in columns:
            happened[parcel_id].append(Happened(code, at, place, source, event_id))
    return {parcel_id: policy.decide_state(events) for parcel_id, events in happened.items()}


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
    whole = _settle_consignments(
        {
            row.consignment_id
            for row, found, before in changed
            if before == "packed" or found.delivered_at is not None
        }
    )
    for row, found, before in changed:
        told = (row.order_id, row.seller_id, row.id, row.tracking_no)
        is_handed_over, is_delivered = whole.get(row.consignment_id, (False, False))
        if before == "packed" and found.handed_over_at is not None:
            ctx.announce(ParcelHandedOver(*told, found.handed_over_at, is_handed_over))
        if found.state == "delivered" and found.delivered_at is not None:
            ctx.announce(ParcelDelivered(*told, found.delivered_at, is_delivered))
        elif found.state in policy.TROUBLE:
            ctx.announce(ParcelInTrouble(*told, found.state, found.place, found.at or ctx.at))
        elif found.state not in ("handed_over", before):
            ctx.announce(ParcelMoved(*told, found.state, found.place, found.at or ctx.at))


def _settle_consignments(ids: Collection[UUID]) -> dict[UUID, tuple[bool, bool]]:
    """Bring consignments up to their parcels; by consignment whether all are handed over, and all delivered.

    Their rows are locked first: of two boxes that arrive at the same moment the later one sees the other.
    """
    if not ids:
        return {}
    asked = [sorted(ids)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM logistics_consignment WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", asked
        )
        cursor.execute(
            """WITH boxes AS (
                   SELECT consignment_id, count(*) AS boxes, count(handed_over_at) AS handed_over,
                          count(delivered_at) AS delivered, max(delivered_at) AS delivered_at
                   FROM logistics_parcel WHERE consignment_id = ANY(%s) GROUP BY consignment_id),
               settled AS (
                   SELECT consignment_id, handed_over = boxes AS is_handed_over, delivered = boxes AS is_delivered,
                          CASE WHEN delivered = boxes THEN 'delivered' ELSE 'handed_over' END AS state,
                          CASE WHEN delivered = boxes THEN delivered_at END AS delivered_at
                   FROM boxes),
               saved AS (
                   UPDATE logistics_consignment AS mine SET state = settled.state, delivered_at = settled.delivered_at
                   FROM settled
                   WHERE mine.id = settled.consignment_id AND (is_handed_over OR is_delivered)
                         AND mine.state NOT IN ('cancelled', settled.state))
               SELECT consignment_id, is_handed_over, is_delivered FROM settled""",
            asked,
        )
        return {row[0]: (row[1], row[2]) for row in cursor.fetchall()}


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
        _save_next(rows)
        _record(ctx, simulated.NAME, events)
    return len(rows)


def _save_next(rows: Sequence[Parcel]) -> None:
    """Save when the pilot's carrier speaks next, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE logistics_parcel SET next_event_at = new.at
               FROM unnest(%s::uuid[], %s::timestamptz[]) AS new(id, at) WHERE logistics_parcel.id = new.id""",
            [[row.id for row in rows], [row.next_event_at for row in rows]],
        )
