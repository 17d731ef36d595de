"""Exceptions of parcels: who has to act, and by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from entrepot.kit.context import Context
from entrepot.logistics import tables
from entrepot.logistics.models import ParcelTrouble


@dataclass(frozen=True, slots=True)
class TroubleView:
    """An open exception. `advice` says the way out; `is_overdue` that its clock has run down."""

    id: UUID
    tracking_no: str
    order_id: int
    kind: str
    place: str
    owner_role: str
    owner: str
    opened_at: datetime
    due_at: datetime
    is_overdue: bool
    advice: str


def open_troubles(ctx: Context, at: datetime, *, limit: int = 200) -> list[TroubleView]:
    """Open exceptions, the most urgent first (one SQL statement). A seller sees their own only."""
    rows = ParcelTrouble.objects.of(ctx).filter(settled_at=None).select_related("parcel")
    return [
        TroubleView(
            row.id, row.parcel.tracking_no, row.parcel.order_id, row.kind, row.parcel.place, row.owner_role, row.owner,
            row.opened_at, row.due_at, at > row.due_at, tables.troubles()[row.kind].advice,
        )
        for row in rows.order_by("due_at", "id")[:limit]
    ]  # fmt: skip
