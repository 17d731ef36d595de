"""What care does without a person."""

from __future__ import annotations

from entrepot.care.commands import (
    erase_words,
    escalate_late_disputes,
    note_approval,
    note_suspension,
    write_recall_letters,
)
from entrepot.care.queries import recalls_to_tell
from entrepot.kit.context import Context
from entrepot.kit.reaction import every, on
from entrepot.parties.events import ErasureAsked, SellerApproved, SellerSuspended


@every(seconds=300)
def hand_late_disputes_to_the_house(ctx: Context) -> None:
    escalate_late_disputes(ctx)


@every(seconds=15)
def write_to_buyers_of_recalled_goods(ctx: Context) -> None:
    for recall_id in recalls_to_tell():
        write_recall_letters(ctx, recall_id=recall_id)


@on(SellerSuspended)
def state_reasons_of_a_suspension(ctx: Context, fact: SellerSuspended) -> None:
    note_suspension(ctx, seller_id=fact.seller_id, reason=fact.reason)


@on(SellerApproved)
def lift_a_suspension(ctx: Context, fact: SellerApproved) -> None:
    note_approval(ctx, seller_id=fact.seller_id)


@on(ErasureAsked)
def forget_what_was_written(ctx: Context, fact: ErasureAsked) -> None:
    """Reviews stay without a name."""
    erase_words(ctx, party_id=fact.party_id)
