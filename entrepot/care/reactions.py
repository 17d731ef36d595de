"""What care does without a person."""

from __future__ import annotations

from entrepot.care.commands import escalate_late_disputes
from entrepot.kit.context import Context
from entrepot.kit.reaction import every


@every(seconds=300)
def hand_late_disputes_to_the_house(ctx: Context) -> None:
    escalate_late_disputes(ctx)
