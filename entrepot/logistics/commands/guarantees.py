"""Guarantees: what was promised for a day is compared with what happened, and missed ones are announced."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.logistics.events import PromiseMissed
from entrepot.logistics.models import Consignment, ParcelEvent
from entrepot.logistics.policy import decide_guarantee
from entrepot.logistics.queries import Address, Place, zone_of
from entrepot.logistics.tables import nodes

A_RUN = 500


@command(scope="parcels:write")
def settle_guarantees(ctx: Context) -> int:
    """Close every guarantee whose day has passed or whose parcels have arrived; how many were missed.

    A day ends at midnight of the door. An attempt at a door nobody opened counts as an arrival.
    """
    rows = list(
        Consignment.objects.of(ctx)
        .select_for_update(skip_locked=True)
        .filter(guarantee_state="open", guaranteed_by__lte=(ctx.at + timedelta(days=1)).date())
        .order_by("guaranteed_by", "id")[:A_RUN]
    )
    tried = _first_tries(rows)
    missed = 0
    for row in rows:
        if row.state == "cancelled":
            row.guarantee_state = ""
            row.save(update_fields=["guarantee_state"])
            continue
        assert row.guaranteed_by is not None
        zone = _zone(row)
        delivered_on = row.delivered_at.astimezone(zone).date() if row.delivered_at else None
        state = decide_guarantee(
            guaranteed_by=row.guaranteed_by,
            today=ctx.at.astimezone(zone).date(),
            delivered_on=delivered_on,
            tried_on=tried.get(row.order_id),
        )
        if state == "open":
            continue
        row.guarantee_state = state
        row.save(update_fields=["guarantee_state"])
        if state == "missed":
            missed += 1
            ctx.announce(
                PromiseMissed(
                    row.order_id, row.seller_id, row.guaranteed_by, delivered_on, row.guarantee_minor,
                    row.guarantee_currency, ctx.at,
                )
            )  # fmt: skip
    return missed


def _zone(row: Consignment) -> ZoneInfo:
    place: Place = Address(**row.destination).place
    return ZoneInfo(nodes()[zone_of(place)].time_zone)


def _first_tries(rows: Iterable[Consignment]) -> dict[int, date]:
    """By order, the day by which every one of its parcels had been at the door and found nobody."""
    by_order = {row.order_id: row for row in rows}
    events = ParcelEvent.objects.filter(
        parcel__order_id__in=list(by_order), code__in=["delivery_failed", "delivered"]
    ).values_list("parcel__order_id", "parcel_id", "at")
    first: dict[int, dict[object, date]] = {}
    for order_id, parcel_id, at in events:
        day = at.astimezone(_zone(by_order[order_id])).date()
        known = first.setdefault(order_id, {})
        known[parcel_id] = min(day, known.get(parcel_id, day))
    boxes = {row.order_id: row.parcels.count() for row in by_order.values() if row.order_id in first}
    return {order_id: max(days.values()) for order_id, days in first.items() if len(days) == boxes[order_id]}
