"""Writes of the insight room: counting pages without knowing anybody.

Counts gather in the process and are added to the table every few seconds, so that a page costs no write.
"""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime, timedelta

from django.db import connection

from entrepot.insight.policy import STEPS, hour_of
from entrepot.kit.command import command
from entrepot.kit.context import Context

FLUSH_AFTER = timedelta(seconds=10)

_lock = threading.Lock()
_counts: Counter[tuple[datetime, str, str]] = Counter()
_since: list[datetime] = []


@command(scope="catalog:read", atomic=False)
def note_page(ctx: Context, *, market: str, step: str) -> None:
    """Count one page of a kind (visit, product, cart, checkout). Unknown kinds are not counted."""
    if step not in STEPS or len(market) != 2:
        return
    with _lock:
        _counts[hour_of(ctx.at), market, step] += 1
        _since[:] = _since or [ctx.at]
        is_due = ctx.at - _since[0] >= FLUSH_AFTER
    if is_due:
        flush_pages(ctx)


@command(scope="catalog:read")
def flush_pages(ctx: Context) -> int:
    """Add what this process has counted to the table, in one statement. Returns how many pages that were.

    A process that dies loses the pages of its last seconds; orders and money are never counted this way.
    """
    with _lock:
        taken = dict(_counts)
        _counts.clear()
        _since.clear()
    if taken:
        hours, markets, steps = zip(*taken, strict=True)
        with connection.cursor() as cursor:
            cursor.execute(
                """INSERT INTO insight_pagecount (hour_at, market, step, count)
                   SELECT * FROM unnest(%s::timestamptz[], %s::text[], %s::text[], %s::bigint[])
                   ON CONFLICT (hour_at, market, step) DO UPDATE SET count = insight_pagecount.count + excluded.count""",
                [list(hours), list(markets), list(steps), list(taken.values())],
            )
    return sum(taken.values())


@command(scope="insight:write")
def save_page_counts(ctx: Context, *, counts: list[tuple[datetime, str, str, int]]) -> int:
    """Set counts of past hours as (hour, market, step, count); the pilot's loader writes its 90 days so."""
    with connection.cursor() as cursor:
        cursor.executemany(
            """INSERT INTO insight_pagecount (hour_at, market, step, count) VALUES (%s, %s, %s, %s)
               ON CONFLICT (hour_at, market, step) DO UPDATE SET count = excluded.count""",
            [(hour_of(at), market, step, count) for at, market, step, count in counts if step in STEPS],
        )
    return len(counts)
