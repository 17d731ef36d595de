"""The authority's word on what it holds. In a pilot a simulated one gives it by the clock; every word is recorded."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import Q

from entrepot.kit import audit
from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid
from entrepot.logistics import tables
from entrepot.logistics.adapters import simulated
from entrepot.logistics.commands.customs import _gaps_that_block, _lock_file
from entrepot.logistics.commands.parcels import CarrierEvent, _record
from entrepot.logistics.errors import CustomsClosed, CustomsIncomplete
from entrepot.logistics.models import CustomsFile, Parcel
from entrepot.logistics.network import minute_of
from entrepot.logistics.queries import SERVICES, Address, zone_of

SOURCE = "customs"
ANSWER_READ_AFTER, INSPECTED_AFTER = timedelta(hours=4), timedelta(hours=72)
A_RUN = 100


@command(scope="customs:release")
def release_customs_hold(ctx: Context, *, order_id: int, note: str) -> str:
    """Record that the authority lets a held consignment go, who said so and why; its parcels go on. Returns the state.

    Refuses: NotFound, CustomsClosed (not held), CustomsIncomplete (nothing is released with gaps), Invalid (note).
    """
    file = _lock_file(ctx, order_id)
    if file.state not in ("held", "answered"):
        raise CustomsClosed(state=file.state)
    gaps = _gaps_that_block(file)
    if gaps:
        raise CustomsIncomplete(gaps=", ".join(gaps))
    if not note.strip():
        raise Invalid(field="note", reason="Say what the authority decided.", hint="At most 400 characters.")
    rows = list(
        Parcel.objects.of(ctx)
        .select_for_update(of=("self",))
        .select_related("consignment")
        .filter(order_id=order_id, state="held")
        .order_by("id")
    )
    # From here on it must succeed: the goods are free.
    before = {"state": file.state}
    file.state, file.changed_at = "released", ctx.at
    file.decision, file.decided_at, file.decided_by = note.strip()[:400], ctx.at, ctx.actor.label[:200]
    file.save(update_fields=["state", "changed_at", "decision", "decided_at", "decided_by"])
    audit.record(ctx, audit.subject_of(file), before, {"state": file.state, "decision": file.decision})
    for row in rows:
        if settings.IS_PILOT and row.journey:
            _go_on(ctx, row)
    _record(
        ctx,
        SOURCE,
        [
            CarrierEvent(
                row.tracking_no,
                "customs_released",
                ctx.at,
                row.place,
                f"{row.tracking_no}:released:{row.state_at}",
            )
            for row in rows
        ],
    )
    return file.state


def _go_on(ctx: Context, row: Parcel) -> None:
    """What the pilot's carrier will tell of a parcel from the place where it was held."""
    network, consignment = tables.network(), row.consignment
    here = next(
        (node.code for node in network.nodes.values() if node.name == row.place and not node.is_end), None
    )
    end = zone_of(Address(**consignment.destination).place)
    hops = (
        network.earliest(here, end, minute_of(ctx.at), SERVICES[consignment.service])
        if here is not None
        else None
    )
    if hops is None:
        return
    told = simulated.journey(network, hops, row.tracking_no, ctx.at)[1:]
    row.journey += [[at.isoformat(), code, place] for at, code, place in told]
    row.next_event_at = told[0][0]
    row.expected_on = network.local_day(end, hops[-1].arrives)
    row.save(update_fields=["journey", "next_event_at", "expected_on"])


@command(scope="customs:record")
def run_simulated_authority(ctx: Context) -> int:
    """Decide, as a pilot's customs, on what is held and whose data are whole; how many consignments go on.

    An answer is read after 4 hours; what nobody answered is opened and looked at, which takes 72. What has gaps stays.
    """
    rows = CustomsFile.objects.of(ctx).filter(
        Q(state="answered", changed_at__lte=ctx.at - ANSWER_READ_AFTER)
        | Q(state="held", held_at__lte=ctx.at - INSPECTED_AFTER)
    )
    released = 0
    for row in rows.order_by("changed_at", "order_id")[:A_RUN]:
        if not _gaps_that_block(row):
            note = (
                "The answer was accepted."
                if row.state == "answered"
                else "Opened: the goods are as declared."
            )
            release_customs_hold(ctx, order_id=row.order_id, note=note)
            released += 1
    return released
