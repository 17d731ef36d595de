"""The audit trail: every change a person makes, with the values before and after."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from django.db import models

from entrepot.kit.command import running_command
from entrepot.kit.context import Context
from entrepot.kit.models import AuditEntry


def subject_of(row: models.Model) -> str:
    """`catalog.Product:0192…`: how the trail names a row."""
    return f"{row._meta.label}:{row.pk}"


def change(ctx: Context, row: models.Model, **values: Any) -> bool:
    """Set fields of a row, save only those that differ, and record before → after. True when something changed."""
    before = {name: getattr(row, name) for name in values}
    after = {name: value for name, value in values.items() if before[name] != value}
    if not after:
        return False
    for name, value in after.items():
        setattr(row, name, value)
    row.save(update_fields=list(after))
    record(ctx, subject_of(row), {name: before[name] for name in after}, after)
    return True


def record(ctx: Context, subject: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Append an entry to the trail inside the running command. Values become JSON; keep secrets out."""
    AuditEntry.objects.create(
        at=ctx.at,
        actor_kind=ctx.actor.kind,
        actor_label=ctx.actor.label,
        user_id=ctx.actor.user_id,
        seller_id=ctx.actor.seller_id,
        command=running_command.get(),
        subject=subject[:120],
        before=msgspec.to_builtins(before, enc_hook=str),
        after=msgspec.to_builtins(after, enc_hook=str),
        cause=ctx.cause,
    )


def record_many(ctx: Context, entries: Iterable[tuple[str, dict[str, Any], dict[str, Any]]]) -> None:
    """Append many entries (subject, before, after) with one statement: for bulk commands."""
    AuditEntry.objects.bulk_create(
        AuditEntry(
            at=ctx.at,
            actor_kind=ctx.actor.kind,
            actor_label=ctx.actor.label,
            user_id=ctx.actor.user_id,
            seller_id=ctx.actor.seller_id,
            command=running_command.get(),
            subject=subject[:120],
            before=msgspec.to_builtins(before, enc_hook=str),
            after=msgspec.to_builtins(after, enc_hook=str),
            cause=ctx.cause,
        )
        for subject, before, after in entries
    )
