"""Exceptions of parcels: who has to act, and by when; and events in quarantine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from entrepot.kit.context import Context
from entrepot.logistics import tables
from entrepot.logistics.models import ParcelTrouble, QuarantinedEvent
from entrepot.logistics.policy import STATES
from entrepot.parties.queries import operators_with

EVENT_CODES = tuple(STATES)  # what a carrier can tell of a parcel
WENT_ON = "the parcel is "  # begins the note of an exception whose parcel went on by itself
TROUBLE_KINDS = tuple(tables.troubles())


@dataclass(frozen=True, slots=True)
class TroubleView:
    """An exception. `advice` says the way out; `is_overdue` that its clock has run down while it was open."""

    id: UUID
    tracking_no: str
    order_id: int
    seller_id: UUID
    kind: str
    place: str
    owner_role: str
    owner: str
    owner_user_id: int | None
    opened_at: datetime
    due_at: datetime
    is_overdue: bool
    advice: str
    settled_at: datetime | None
    settled_by: str
    note: str


@dataclass(frozen=True, slots=True)
class TroubleCounts:
    """Open exceptions: all of them, those past their clock, those nobody has taken, and how many of each kind."""

    open: int
    overdue: int
    unowned: int
    by_kind: dict[str, int]


@dataclass(frozen=True, slots=True)
class QuarantineView:
    """An event that could not be kept with a parcel."""

    source: str
    event_id: str
    tracking_no: str
    code: str
    at: datetime
    place: str
    reason: str
    received_at: datetime


def open_troubles(
    ctx: Context, at: datetime, *, kind: str = "", owner_user_id: int | None = None, is_unowned: bool = False,
    is_overdue: bool = False, limit: int = 200,
) -> list[TroubleView]:  # fmt: skip
    """Open exceptions, the most urgent first (one SQL statement). A seller sees their own only."""
    rows = ParcelTrouble.objects.of(ctx).filter(settled_at=None).select_related("parcel")
    if kind:
        rows = rows.filter(kind=kind)
    if owner_user_id is not None:
        rows = rows.filter(owner_user_id=owner_user_id)
    if is_unowned:
        rows = rows.filter(owner="")
    if is_overdue:
        rows = rows.filter(due_at__lt=at)
    return _views(rows.order_by("due_at", "id")[:limit], at)


def settled_troubles(ctx: Context, at: datetime, *, kind: str = "", limit: int = 200) -> list[TroubleView]:
    """Exceptions that were resolved, the last first, with what was done (one SQL statement)."""
    rows = ParcelTrouble.objects.of(ctx).exclude(settled_at=None).select_related("parcel")
    if kind:
        rows = rows.filter(kind=kind)
    return _views(rows.order_by("-settled_at", "id")[:limit], at)


def _views(rows: Iterable[ParcelTrouble], at: datetime) -> list[TroubleView]:
    terms = tables.troubles()
    return [
        TroubleView(
            row.id, row.parcel.tracking_no, row.parcel.order_id, row.parcel.seller_id, row.kind, row.parcel.place,
            row.owner_role, row.owner, row.owner_user_id, row.opened_at, row.due_at,
            (row.settled_at or at) > row.due_at, terms[row.kind].advice, row.settled_at, row.settled_by, row.note,
        )
        for row in rows
    ]  # fmt: skip


def trouble_counts(ctx: Context, at: datetime) -> TroubleCounts:
    """How many exceptions are open (one SQL statement)."""
    rows = (
        ParcelTrouble.objects.of(ctx)
        .filter(settled_at=None)
        .values("kind")
        .annotate(
            count=Count("id"), late=Count("id", filter=Q(due_at__lt=at)), free=Count("id", filter=Q(owner=""))
        )
    )
    found = list(rows)
    return TroubleCounts(
        sum(row["count"] for row in found),
        sum(row["late"] for row in found),
        sum(row["free"] for row in found),
        {row["kind"]: row["count"] for row in found},
    )


def trouble_hands(ctx: Context) -> dict[int, str]:
    """Our own people who may own an exception: user → name, for operators and the system (two SQL statements)."""
    return {each.user_id: each.name or each.email for each in operators_with(ctx, "parcels:repair")}


def quarantined_events(*, reason: str = "", text: str = "", limit: int = 200) -> list[QuarantineView]:
    """Events that wait for a person, newest first, by reason or by a part of their number (one SQL statement)."""
    rows = QuarantinedEvent.objects.filter(settled_at=None)
    if reason:
        rows = rows.filter(reason=reason)
    if text:
        rows = rows.filter(tracking_no__icontains=text)
    return [
        QuarantineView(
            row.source,
            row.event_id,
            row.tracking_no,
            row.code,
            row.at,
            row.place,
            row.reason,
            row.received_at,
        )
        for row in rows.order_by("-received_at", "-id")[:limit]
    ]


def quarantine_counts() -> dict[str, int]:
    """How many events wait, by reason (one SQL statement)."""
    rows = QuarantinedEvent.objects.filter(settled_at=None).values_list("reason")
    return dict(rows.annotate(count=Count("id")))
