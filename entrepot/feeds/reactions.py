"""Imports run as jobs: watched, cancelled, and honest about files that cannot be read."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from entrepot.feeds.commands import apply_part, cancel_import, check_import, fail_import, forget_old_files
from entrepot.kit.context import Context
from entrepot.kit.errors import Refusal
from entrepot.kit.jobs import JobCancelled, Progress, job
from entrepot.kit.reaction import every


@job("feeds.check")
def check_feed(ctx: Context, progress: Progress, params: dict[str, Any]) -> dict[str, Any]:
    """Dry run of a file."""
    run_id = UUID(params["run"])

    def tell(done: int, total: int) -> None:
        progress.total = total
        progress.step(done - progress.done)

    try:
        check_import(ctx, run_id=run_id, tell=tell)
    except JobCancelled:
        cancel_import(ctx, run_id=run_id)
        raise
    except Refusal as refusal:
        fail_import(ctx, run_id=run_id, sentence=refusal.sentence)
        return {"run": str(run_id), "error": refusal.code}
    return {"run": str(run_id)}


@job("feeds.apply")
def apply_feed(ctx: Context, progress: Progress, params: dict[str, Any]) -> dict[str, Any]:
    """Import a checked file, 500 products at a time."""
    run_id = UUID(params["run"])
    try:
        while True:
            part = apply_part(ctx, run_id=run_id)
            progress.total = part.total
            progress.step(part.done - progress.done)
            if part.is_last:
                return {"run": str(run_id)}
    except JobCancelled:
        cancel_import(ctx, run_id=run_id)
        raise
    except Refusal as refusal:
        fail_import(ctx, run_id=run_id, sentence=refusal.sentence)
        return {"run": str(run_id), "error": refusal.code}


@every(seconds=3600)
def clear_old_imports(ctx: Context) -> None:
    """Files of imports that nobody needs any more."""
    forget_old_files(ctx)
