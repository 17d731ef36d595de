"""The machine room: jobs, facts that wait or are parked, and a pilot's clock."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from entrepot.console.desk import desk, show, whole_number
from entrepot.kit import desk as machine
from entrepot.storefront.web import attempt, back_of, context_of


def _work_page(request: HttpRequest, why: str = "") -> HttpResponse:
    ctx = context_of(request)
    data = {
        "outbox": machine.outbox_state(),
        "facts": machine.facts_for_desk(ctx, only_parked=False),
        "jobs": machine.jobs_for_desk(ctx),
        "why": why,
    }
    return show(request, "work.jinja", data)


@desk(scope="jobs:read")
def work(request: HttpRequest) -> HttpResponse:
    """Jobs and facts."""
    return _work_page(request)


@desk(scope="jobs:write", methods="POST")
def fact_retry(request: HttpRequest, fact_id: int) -> HttpResponse:
    """Try a fact again."""
    return attempt(
        lambda: machine.retry_fact(context_of(request), fact_id=fact_id),
        then="/console/work/",
        done="retried",
        again=lambda why: _work_page(request, why),
    )


@desk(scope="jobs:write", methods="POST")
def job_cancel(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Ask a job to stop."""
    return attempt(
        lambda: machine.cancel_job(context_of(request), job_id=job_id),
        then="/console/work/",
        done="cancelled",
        again=lambda why: _work_page(request, why),
    )


@desk(scope="clock:advance", methods="POST", pilot_only=True)
def clock_advance(request: HttpRequest) -> HttpResponse:
    """Move the pilot's clock forward by whole hours, and go back to the page."""
    hours = whole_number(request.POST.get("hours", ""), 0, most=24 * 60)
    machine.advance_clock(context_of(request), by=timedelta(hours=hours))
    return HttpResponseRedirect(back_of(request, "/console/"), status=303)
