"""What people who look after the machine see and do: parked facts, jobs, the audit trail, a pilot's clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from entrepot.kit import audit, clock
from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid, NotAllowed, NotFound, Refusal
from entrepot.kit.models import AuditEntry, Job, OutboxFact
from entrepot.kit.outbox import CHANNEL

LONGEST_STEP = timedelta(days=60)


class ClockFixed(Refusal):
    code = "clock_fixed"
    status = 409
    template = "Only a pilot's clock moves."


@dataclass(frozen=True, slots=True)
class OutboxState:
    """How the outbox stands: facts waiting, waiting for another try, and parked for a person."""

    open: int
    retrying: int
    parked: int
    oldest_at: datetime | None


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Entries of the trail, newest first; `next_id` is 0 on the last page."""

    entries: tuple[AuditEntry, ...]
    next_id: int


def outbox_state() -> OutboxState:
    """Counts of the outbox in one SQL statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(*) FILTER (WHERE NOT parked), count(*) FILTER (WHERE NOT parked AND attempts > 0),
                      count(*) FILTER (WHERE parked), min(at) FILTER (WHERE NOT parked)
               FROM kit_outboxfact WHERE done_at IS NULL"""
        )
        return OutboxState(*cursor.fetchone())


def facts_for_desk(ctx: Context, *, only_parked: bool = True, limit: int = 100) -> list[OutboxFact]:
    """Facts whose reactions fail, newest first: parked ones, or also those being tried again. Needs jobs:read."""
    _need(ctx, "jobs:read")
    rows = OutboxFact.objects.filter(done_at=None, attempts__gt=0)
    return list((rows.filter(parked=True) if only_parked else rows).order_by("-id")[:limit])


def jobs_for_desk(ctx: Context, *, state: str = "", limit: int = 50) -> list[Job]:
    """Jobs, newest first. Needs jobs:read."""
    _need(ctx, "jobs:read")
    rows = Job.objects.order_by("-created_at")
    return list((rows.filter(state=state) if state else rows)[:limit])


def job_progress(ctx: Context, job_id: UUID) -> Job | None:
    """A job of the asker's own seller (any, for operators and the system), to show how far it is; None for others."""
    rows = Job.objects.filter(pk=job_id)
    if ctx.actor.kind not in ("operator", "system"):
        rows = rows.filter(seller_id=ctx.actor.seller_id, seller_id__isnull=False)
    return rows.first()


def audit_entries(
    ctx: Context,
    *,
    who: str = "",
    command_name: str = "",
    subject: str = "",
    since_at: datetime | None = None,
    until_at: datetime | None = None,
    before_id: int = 0,
    limit: int = 50,
) -> AuditPage:
    """The trail, newest first, narrowed by the actor's label, the command, the subject and the time. Needs audit:read."""
    _need(ctx, "audit:read")
    rows: QuerySet[AuditEntry] = AuditEntry.objects.order_by("-id")
    if who:
        rows = rows.filter(Q(actor_label__icontains=who) | Q(actor_kind=who))
    if command_name:
        rows = rows.filter(command=command_name)
    if subject:
        rows = rows.filter(subject__startswith=subject)
    if since_at:
        rows = rows.filter(at__gte=since_at)
    if until_at:
        rows = rows.filter(at__lt=until_at)
    if before_id:
        rows = rows.filter(id__lt=before_id)
    found = list(rows[: limit + 1])
    return AuditPage(tuple(found[:limit]), found[limit - 1].pk if len(found) > limit else 0)


def audited_commands(ctx: Context) -> list[str]:
    """Names of the commands that stand in the trail. Needs audit:read."""
    _need(ctx, "audit:read")
    return list(AuditEntry.objects.order_by("command").values_list("command", flat=True).distinct())


@command(scope="jobs:write")
def retry_fact(ctx: Context, *, fact_id: int) -> None:
    """Try a parked or failing fact again, from the first try. Reactions that ran before do not run again.

    Refuses: NotFound (also for a fact that is done).
    """
    fact = OutboxFact.objects.select_for_update().filter(pk=fact_id, done_at=None).first()
    if fact is None:
        raise NotFound(what="open fact")
    audit.change(ctx, fact, parked=False, attempts=0, next_try_at=None)
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")


@command(scope="jobs:write")
def cancel_job(ctx: Context, *, job_id: UUID) -> None:
    """Ask a job to stop at its next step; one that waits does not start. Refuses: NotFound (also when it is over)."""
    job = Job.objects.select_for_update().filter(pk=job_id, state__in=["waiting", "running"]).first()
    if job is None:
        raise NotFound(what="running job")
    values: dict[str, Any] = {"cancel_asked": True}
    if job.state == "waiting":
        values |= {"state": "cancelled", "finished_at": ctx.at}
    audit.change(ctx, job, **values)


@command(scope="clock:advance")
def advance_clock(ctx: Context, *, by: timedelta) -> datetime:
    """Move a pilot's clock forward, at most 60 days at once. Returns the new time.

    Refuses: ClockFixed outside a pilot, Invalid (backwards, or too far).
    """
    if not timedelta(0) < by <= LONGEST_STEP:
        raise Invalid(field="by", reason="lies between one second and 60 days.")
    before = clock.offset_seconds()
    try:
        clock.advance(by)
    except RuntimeError:
        raise ClockFixed from None
    audit.record(ctx, "kit.clock", {"offset_s": int(before)}, {"offset_s": int(before + by.total_seconds())})
    return clock.now()


def _need(ctx: Context, scope: str) -> None:
    if not ctx.may(scope):
        raise NotAllowed(scope=scope)
