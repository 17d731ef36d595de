"""A buyer is forgotten: the contracts stay, with numbers and goods; who they were made with does not."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from entrepot.kit import audit
from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.logistics.commands import erase_destinations
from entrepot.orders.models import Cart, Notice, Order, OrderEvent, Purchase, Return, Withdrawal

# What of an address stays with an order: where the tax was owed, and by which rules.
KEPT_OF_ADDRESS = ("country", "region", "postcode", "city")

# What people wrote of a step: a name may stand in it, whoever wrote it.
WORDS_OF_EVENTS = frozenset({"text", "note", "answer"})


@command(scope="account:erase")
def erase_buyer(ctx: Context, *, party_id: UUID, email: str) -> int:
    """Take a person out of their purchases, mails, declarations and carts; returns how many purchases.

    Amounts, goods, days and the buyer's number stay, for the books and the guarantee; what an invoice says stays with
    the invoice. A letter about them, or to their own
    mailbox (`email`, shown to be theirs), keeps that and when it was sent, not its words. Doing it twice changes nothing.
    """
    Cart.objects.of(ctx).filter(buyer_id=party_id).delete()
    purchases = list(Purchase.objects.of(ctx).select_for_update().filter(buyer_id=party_id).order_by("id"))
    for row in purchases:
        row.email = row.name = row.phone = ""
        row.address = {
            name: row.address.get(name, "") if name in KEPT_OF_ADDRESS else "" for name in row.address
        }
        row.save(update_fields=["email", "name", "phone", "address"])
    ids = [row.id for row in purchases]
    orders = list(Order.objects.of(ctx).filter(purchase_id__in=ids).values_list("id", flat=True))
    letters = Notice.objects.filter(Q(purchase_id__in=ids) | Q(to__iexact=email))
    letters.filter(sent_at=None).delete()
    letters.update(to="", subject="", body="")
    Withdrawal.objects.of(ctx).filter(order_id__in=orders).update(name="", contact="")
    Return.objects.of(ctx).filter(order_id__in=orders).update(note="", answer="")
    OrderEvent.objects.filter(order_id__in=orders, actor_kind="buyer").update(actor_label="")
    for event in OrderEvent.objects.filter(order_id__in=orders, detail__has_any_keys=list(WORDS_OF_EVENTS)):
        event.detail = event.detail | dict.fromkeys(WORDS_OF_EVENTS & event.detail.keys(), "")
        event.save(update_fields=["detail"])
    erase_destinations(ctx, order_ids=orders)
    audit.record(ctx, f"parties.Party:{party_id}", {}, {"erased_purchases": len(ids)})
    return len(ids)
