"""Long work: stored with the transaction that asked for it, run by the worker, watched and cancelled by people.

A room's `reactions.py` marks the function that does it:

    @job("feeds.import")
    def run_import(ctx: Context, progress: Progress, params: dict) -> dict: ...
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, transaction

from entrepot.kit import clock
from entrepot.kit.context import Context
from entrepot.kit.models import Job

log = logging.getLogger(__name__)
F = TypeVar("F", bound=Callable[..., Any])


class JobCancelled(Exception):
    """Raised inside a job when a person asked to cancel it; what was committed stays."""


@dataclass(slots=True)
class Progress:
    """Tells watchers how far a job is. `step` writes at most about once a second and notices a cancel."""

    job_id: UUID
    total: int | None = None
    done: int = 0
    _written_at: float = 0.0

    def step(self, count: int = 1, message: str = "") -> None:
        self.done += count
        tick = time.monotonic()
        if tick - self._written_at < 0.5 and self.done != self.total:
            return
        self._written_at = tick
        values: dict[str, Any] = {"done": self.done, "total": self.total}
        if message:
            values["message"] = message
        Job.objects.filter(pk=self.job_id).update(**values)
        if Job.objects.filter(pk=self.job_id, cancel_asked=True).exists():
            raise JobCancelled


def job(kind: str) -> Callable[[F], F]:
    """Mark the function that runs jobs of this kind: `(ctx, progress, params) -> result dict`."""

    def mark(function: F) -> F:
        function.runs_job = kind  # type: ignore[attr-defined]
        return function

    return mark


def start_job(ctx: Context, kind: str, title: str, params: dict[str, Any]) -> UUID:
    """Ask for a job inside a command; a worker runs it after the commit. Returns the job's id."""
    row = Job.objects.create(
        kind=kind,
        title=title,
        params=params,
        user_id=ctx.actor.user_id,
        seller_id=ctx.actor.seller_id,
        created_at=ctx.at,
    )
    return row.id


def _lock_number(job_id: UUID) -> int:
    """The session lock that a running job's worker holds, so that an orphan is told from a running job."""
    return (job_id.int & ((1 << 63) - 1)) - (1 << 62)


def requeue_orphans() -> int:
    """Put back jobs whose worker died (nobody holds their lock); returns how many. Jobs are safe to repeat."""
    found = 0
    for row in Job.objects.filter(state="running"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_lock_number(row.id)])
            free = cursor.fetchone()
            if free and free[0]:
                found += Job.objects.filter(pk=row.pk, state="running").update(state="waiting", done=0)
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_lock_number(row.id)])
    return found


def run_next_job(runners: dict[str, Callable[..., Any]], make_context: Callable[[Job], Context]) -> bool:
    """Take the oldest waiting job of a known kind and run it; False when there is none."""
    with transaction.atomic():
        row = (
            Job.objects.select_for_update(skip_locked=True)
            .filter(state="waiting", kind__in=list(runners))
            .order_by("created_at", "id")
            .first()
        )
        if row is None:
            return False
        row.state, row.started_at = "running", clock.now()
        row.save(update_fields=["state", "started_at"])
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_lock_number(row.id)])
    values: dict[str, Any]
    try:
        result = runners[row.kind](make_context(row), Progress(row.id), row.params)
        values = {"state": "done", "result": result or {}}
    except JobCancelled:
        values = {"state": "cancelled"}
    except Exception as error:
        values = {"state": "failed", "message": f"{type(error).__name__}: {error}"[:2000]}
        log.exception("job failed", extra={"job": str(row.id), "kind": row.kind})
    Job.objects.filter(pk=row.pk).update(finished_at=clock.now(), **values)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [_lock_number(row.id)])
    return True
