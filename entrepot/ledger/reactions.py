"""What the books do without a person."""

from __future__ import annotations

from entrepot.kit.context import Context
from entrepot.kit.reaction import every
from entrepot.ledger.commands import close_ended_months


@every(seconds=3600)
def close_months(ctx: Context) -> None:
    close_ended_months(ctx)
