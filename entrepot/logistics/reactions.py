"""What moves without a person: the pilot's carrier follows the clock."""

from __future__ import annotations

from django.conf import settings

from entrepot.kit.context import Context
from entrepot.kit.reaction import every
from entrepot.logistics.commands import move_simulated_parcels

BATCH = 500


@every(seconds=10)
def move_parcels_by_the_clock(ctx: Context) -> None:
    """In a pilot, tell what the simulated carrier has to tell by now."""
    if settings.IS_PILOT:
        while move_simulated_parcels(ctx, limit=BATCH) == BATCH:
            pass
