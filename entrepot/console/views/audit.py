"""The audit trail: who changed what, when, from what to what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.http import HttpRequest, HttpResponse

from entrepot.console.desk import desk, show, take_away, whole_number
from entrepot.console.words import plain
from entrepot.kit.desk import AuditPage, audit_entries, audited_commands
from entrepot.parties.queries import emails_by_user
from entrepot.storefront.web import context_of


def _day(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None


def _read(request: HttpRequest, *, limit: int) -> AuditPage:
    asked = request.GET
    until = _day(asked.get("until", ""))
    return audit_entries(
        context_of(request),
        who=asked.get("who", "").strip()[:100],
        command_name=asked.get("command", "")[:120],
        subject=asked.get("subject", "").strip()[:120],
        since_at=_day(asked.get("since", "")),
        until_at=until + timedelta(days=1) if until else None,
        before_id=whole_number(asked.get("before", ""), 0),
        limit=limit,
    )


@desk(scope="audit:read")
def trail(request: HttpRequest) -> HttpResponse:
    """The trail, newest first; every filter stands in the address."""
    ctx = context_of(request)
    found = _read(request, limit=50)
    rest = request.GET.copy()
    rest["before"] = str(found.next_id)
    data = {
        "entries": found.entries,
        "next_url": f"{request.path}?{rest.urlencode()}" if found.next_id else "",
        "commands": audited_commands(ctx),
        "emails": emails_by_user(ctx, [entry.user_id for entry in found.entries if entry.user_id]),
        "plain": plain,
        "asked": request.GET,
    }
    return show(request, "audit.jinja", data)


@desk(scope="audit:read")
def trail_csv(request: HttpRequest) -> HttpResponse:
    """The filtered trail as a file, at most 10,000 entries."""
    ctx = context_of(request)
    entries = _read(request, limit=10_000).entries
    emails = emails_by_user(ctx, [entry.user_id for entry in entries if entry.user_id])
    columns = ("at", "who", "email", "role", "command", "subject", "before", "after")
    rows = [
        (entry.at.isoformat(), entry.actor_label, emails.get(entry.user_id or 0, ""), entry.actor_kind, entry.command,
         entry.subject, entry.before, entry.after)
        for entry in entries
    ]  # fmt: skip
    return take_away("audit", columns, rows, ctx.at)
