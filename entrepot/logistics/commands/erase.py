"""Who a parcel went to is forgotten; where it went stays."""

from __future__ import annotations

from collections.abc import Iterable

from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.logistics.models import Consignment

OF_A_PERSON = ("name", "street", "phone", "extra")


@command(scope="account:erase")
def erase_destinations(ctx: Context, *, order_ids: Iterable[int]) -> int:
    """Take name, street and telephone out of the consignments of orders; town, postcode and country stay. How many."""
    rows = list(
        Consignment.objects.of(ctx).select_for_update().filter(order_id__in=list(order_ids)).order_by("id")
    )
    for row in rows:
        row.destination = {
            name: "" if name in OF_A_PERSON else value for name, value in row.destination.items()
        }
        row.save(update_fields=["destination"])
    return len(rows)
