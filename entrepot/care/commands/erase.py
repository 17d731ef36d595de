"""Somebody asks to be erased: what is in the way is said, and what was written here is forgotten."""

from __future__ import annotations

from uuid import UUID

from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from entrepot.care.errors import NotYetErased
from entrepot.care.models import Dispute, DisputeNote, DisputePhoto, RecallLetter, Report, Review
from entrepot.care.policy import ENDED
from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.kit.errors import NotFound
from entrepot.kit.ids import show_number
from entrepot.orders.queries import order_ids_of_buyer, unfinished_orders
from entrepot.parties.commands import request_erasure

MOST_NAMED = 5


@command(scope="account:write")
def ask_erasure(ctx: Context) -> None:
    """Close one's own account and have one's data erased: by the rooms, right after this.

    Refuses: NotYetErased (an order, a return, a refund or a dispute is open), OnATeam, NotFound (no account asks).
    """
    if ctx.actor.kind != "buyer" or ctx.actor.party_id is None:
        raise NotFound(what="account")
    disputed = Dispute.objects.of(ctx).exclude(state__in=ENDED).values_list("order_id", flat=True)
    open_orders = sorted({*unfinished_orders(ctx, party_id=ctx.actor.party_id), *disputed})
    if open_orders:
        raise NotYetErased(orders=", ".join(show_number(order) for order in open_orders[:MOST_NAMED]))
    request_erasure(ctx)


@command(scope="account:erase")
def erase_words(ctx: Context, *, party_id: UUID) -> None:
    """Reviews and reports lose their author's name, recalls the mailbox they wrote to, disputes what was written and shown in them. Doing it twice changes nothing."""
    Review.objects.filter(buyer_id=party_id).update(author="")
    disputes = list(Dispute.objects.of(ctx).filter(buyer_id=party_id).values_list("id", flat=True))
    # What a report says of a product is the ground of a decision and stays; who said it does not.
    written = RecallLetter.objects.filter(order_id__in=order_ids_of_buyer(ctx, party_id=party_id))
    written.update(email=Concat(Value("erased:"), Cast("order_id", CharField())))
    Report.objects.of(ctx).filter(party_id=party_id).update(name="", email="")
    notes = DisputeNote.objects.filter(dispute_id__in=disputes)
    DisputePhoto.objects.filter(note__in=notes).delete()
    notes.update(text="")
    notes.filter(actor_kind="buyer").update(actor_label="")
