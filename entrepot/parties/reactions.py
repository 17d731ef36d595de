"""What the parties room does on its own: forget what has run out, and who asked to be forgotten."""

from __future__ import annotations

from entrepot.kit.context import Context
from entrepot.kit.reaction import every, on
from entrepot.parties.commands import erase_account, sweep_tries
from entrepot.parties.events import ErasureAsked


@every(seconds=3600)
def sweep(ctx: Context) -> None:
    sweep_tries(ctx)


@on(ErasureAsked)
def forget_the_person(ctx: Context, fact: ErasureAsked) -> None:
    """The account itself goes."""
    erase_account(ctx, user_id=fact.user_id)
