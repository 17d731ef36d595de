"""Orders of a guest become a person's once the mailbox they were placed with is shown to be theirs."""

from __future__ import annotations

from uuid import UUID

from entrepot.kit import audit
from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.orders.models import Order, Purchase


@command(scope="orders:record")
def claim_purchases(ctx: Context, *, party_id: UUID, email: str) -> int:
    """Hand a guest's purchases over to the account whose verified e-mail they carry; returns how many.

    Purchases of another account stay there, whatever e-mail they name. Doing it twice changes nothing.
    """
    rows = Purchase.objects.of(ctx).select_for_update().filter(is_guest=True, email__iexact=email)
    ids = list(rows.order_by("id").values_list("id", flat=True))
    if not ids:
        return 0
    Order.objects.of(ctx).filter(purchase_id__in=ids).update(buyer_id=party_id)
    Purchase.objects.of(ctx).filter(id__in=ids).update(buyer_id=party_id, is_guest=False)
    audit.record(ctx, f"parties.Party:{party_id}", {}, {"claimed": [str(one) for one in ids]})
    return len(ids)
