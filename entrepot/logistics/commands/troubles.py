"""What went wrong: exceptions with an owner and a clock, and events in quarantine that a person or time repairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef

from entrepot.kit import audit
from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid, NotFound, Sentence
from entrepot.logistics import tables
from entrepot.logistics.commands.parcels import CarrierEvent, Recorded, _outcomes
from entrepot.logistics.models import Parcel, ParcelTrouble, QuarantinedEvent
from entrepot.logistics.policy import STATES
from entrepot.logistics.queries.troubles import WENT_ON, trouble_hands

A_RUN = 500
MOST_NOTE = 400


@command(scope="parcels:write")
def open_trouble(ctx: Context, *, parcel_id: UUID, kind: str, at: datetime) -> UUID | None:
    """Give an exception of a parcel its owner and its clock; told again, the same one. None once the parcel is past it."""
    terms = tables.troubles()[kind]
    parcel = Parcel.objects.of(ctx).select_for_update().filter(id=parcel_id).first()
    if parcel is None or parcel.state != kind:
        return None
    row = ParcelTrouble.objects.of(ctx).filter(parcel=parcel, kind=kind, settled_at=None).first()
    if row is None:
        row = ParcelTrouble.objects.create(
            parcel=parcel,
            kind=kind,
            owner_role=terms.owner_role,
            opened_at=at,
            due_at=at + timedelta(hours=terms.hours),
        )
    return row.id


@command(scope="parcels:repair")
def assign_trouble(ctx: Context, *, trouble_id: UUID, user_id: int) -> str:
    """Give an exception to one of our own people (its owner from now on); their name. Refuses: NotFound, Invalid (owner)."""
    row = _open(ctx, trouble_id)
    name = trouble_hands(ctx).get(user_id)
    if name is None:
        raise Invalid(
            field="owner", reason="works on no exceptions.", hint="Choose somebody of the support team."
        )
    audit.change(ctx, row, owner=name[:200], owner_user_id=user_id)
    return row.owner


@command(scope="parcels:repair")
def settle_trouble(ctx: Context, *, trouble_id: UUID, note: str) -> bool:
    """Close an exception with what was done about it. Refuses: NotFound, Invalid (note)."""
    note = note.strip()
    if not note:
        raise Invalid(field="note", reason="Say what was done about it.")
    if len(note) > MOST_NOTE:
        raise Invalid(
            field="note", reason="is too long.", hint=Sentence("At most {most} characters.", most=MOST_NOTE)
        )
    row = _open(ctx, trouble_id)
    audit.change(ctx, row, settled_at=ctx.at, settled_by=ctx.actor.label[:200], note=note)
    return True


@command(scope="parcels:write")
def close_passed_troubles(ctx: Context) -> int:
    """Settle every exception whose parcel has gone on by itself; how many."""
    rows = (
        ParcelTrouble.objects.of(ctx)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("parcel")
        .filter(settled_at=None)
        .order_by("due_at")[:A_RUN]
    )
    passed = [row for row in rows if row.parcel.state != row.kind]
    for row in passed:
        row.settled_at, row.settled_by, row.note = ctx.at, "Entrepot", f"{WENT_ON}{row.parcel.state}"
        row.save(update_fields=["settled_at", "settled_by", "note"])
    return len(passed)


@dataclass(frozen=True, slots=True)
class Repair:
    """How a quarantined event is mended: what is given replaces what the carrier told; `dismiss` keeps it out for good."""

    source: str
    event_id: str
    tracking_no: str = ""
    code: str = ""
    at: datetime | None = None
    dismiss: bool = False


@command(scope="parcels:repair")
def repair_quarantined_events(ctx: Context, *, repairs: Sequence[Repair]) -> Recorded:
    """Mend events in quarantine and tell them again; what still fits nowhere stays. Never twice, never lost.

    Refuses: NotFound (no such open event), Invalid (code).
    """
    told: dict[str, list[CarrierEvent]] = {}
    rows: dict[tuple[str, str], QuarantinedEvent] = {}
    for repair in repairs:
        if repair.code and repair.code not in STATES:
            raise Invalid(
                field="code",
                reason=Sentence(
                    "“{code}” is not one of {codes}.", code=repair.code[:40], codes=", ".join(STATES)
                ),
            )
        row = (
            QuarantinedEvent.objects.select_for_update()
            .filter(source=repair.source, event_id=repair.event_id, settled_at=None)
            .first()
        )
        if row is None:
            raise NotFound(what="event in quarantine")
        rows[repair.source, repair.event_id] = row
        told_as = {"tracking_no": row.tracking_no, "code": row.code, "at": row.at}
        if repair.dismiss:
            _settle(ctx, row, "dismissed")
            audit.record(ctx, audit.subject_of(row), told_as, {"outcome": "dismissed"})
            continue
        event = CarrierEvent(
            repair.tracking_no or row.tracking_no,
            repair.code or row.code,
            repair.at or row.at,
            row.place,
            row.event_id,
        )
        mended = {"tracking_no": event.tracking_no, "code": event.code, "at": event.at}
        audit.record(ctx, audit.subject_of(row), told_as, mended)
        told.setdefault(row.source, []).append(event)
    return _tell(ctx, told, rows)


@command(scope="parcels:write")
def retry_quarantined_events(ctx: Context) -> int:
    """Tell again what came before its parcel was known or its hour had struck; how many found their parcel.

    Only what fits by now is looked at, so that events nobody can ever use do not stand in the way of others.
    """
    rows = (
        QuarantinedEvent.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(
            Exists(Parcel.objects.of(ctx).filter(tracking_no=OuterRef("tracking_no"))),
            settled_at=None,
            reason__in=["unknown_parcel", "from_the_future"],
            code__in=list(STATES),
            at__lte=ctx.at,
        )
        .order_by("received_at", "id")[:A_RUN]
    )
    told: dict[str, list[CarrierEvent]] = {}
    for row in rows:
        told.setdefault(row.source, []).append(
            CarrierEvent(row.tracking_no, row.code, row.at, row.place, row.event_id)
        )
    return _tell(ctx, told, {(row.source, row.event_id): row for row in rows}).kept


def _tell(
    ctx: Context, told: dict[str, list[CarrierEvent]], rows: dict[tuple[str, str], QuarantinedEvent]
) -> Recorded:
    counts = {"kept": 0, "repeated": 0, "quarantined": 0}
    for source, events in told.items():
        for event_id, outcome in _outcomes(ctx, source, events).items():
            counts[outcome] += 1
            row = rows.get((source, event_id))
            if row is not None and outcome != "quarantined":
                _settle(ctx, row, outcome)
    return Recorded(**counts)


def _settle(ctx: Context, row: QuarantinedEvent, outcome: str) -> None:
    row.settled_at, row.settled_by, row.outcome = ctx.at, ctx.actor.label[:200], outcome
    row.save(update_fields=["settled_at", "settled_by", "outcome"])


def _open(ctx: Context, trouble_id: UUID) -> ParcelTrouble:
    row = ParcelTrouble.objects.of(ctx).select_for_update().filter(id=trouble_id, settled_at=None).first()
    if row is None:
        raise NotFound(what="open exception")
    return row
