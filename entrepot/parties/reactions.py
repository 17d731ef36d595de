"""What the parties room does on its own: forget what has run out."""

from __future__ import annotations

from entrepot.kit.context import Context
from entrepot.kit.reaction import every
from entrepot.parties.commands import sweep_tries


@every(seconds=3600)
def sweep(ctx: Context) -> None:
    sweep_tries(ctx)
