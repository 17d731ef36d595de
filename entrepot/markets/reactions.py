"""What the markets do by themselves: fetch the day's exchange rates."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from entrepot.kit.context import Context
from entrepot.kit.jobs import Progress, job
from entrepot.kit.reaction import every
from entrepot.markets.commands import refresh_rates
from entrepot.markets.queries import rates_in_force

EVERY_S = 6 * 3600


@job("markets.rates")
def fetch_rates(ctx: Context, progress: Progress, params: dict[str, Any]) -> dict[str, Any]:
    """Asked for by an operator."""
    found = refresh_rates(ctx)
    return {
        "last_day": found.last_day.isoformat(),
        "is_refreshed": found.is_refreshed,
        "sentence": found.sentence,
    }


@every(seconds=600)
def keep_rates_fresh(ctx: Context) -> None:
    """Four times a day in production; a pilot fetches nothing by itself."""
    last = rates_in_force().tried_at
    if not settings.IS_PILOT and (last is None or (ctx.at - last).total_seconds() >= EVERY_S):
        refresh_rates(ctx)
