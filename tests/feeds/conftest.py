"""Files, runs and the shared feeds for the tests of imports."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PIL import Image

from entrepot.feeds.commands import apply_part, check_import, confirm_import, start_import
from entrepot.feeds.queries import RunView, import_run
from entrepot.kit.context import Context
from entrepot.kit.models import OutboxFact
from tests import make

CHECKOUT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("ENTREPOT_SHARED") or CHECKOUT.parent / "shared") / "data"


@pytest.fixture
def shared() -> Callable[[str], list[Path]]:
    """Files of a shared data set by a pattern; the test is skipped where the set is not there."""

    def find(pattern: str) -> list[Path]:
        found = sorted(SHARED.glob(pattern))
        if not found:
            pytest.skip(f"{SHARED / pattern} is not there")
        return found

    return find


def photo(colour: str = "teal") -> bytes:
    """A small PNG."""
    out = io.BytesIO()
    Image.new("RGB", (32, 24), colour).save(out, "PNG")
    return out.getvalue()


def check(
    ctx: Context, seller_id: UUID, content: bytes | str, *, name: str = "goods.csv", beside: Any = None,
    mapping: Any = None, **options: Any,
) -> RunView:  # fmt: skip
    """Start and check a run; nothing is imported."""
    body = content.encode() if isinstance(content, str) else content
    started = start_import(
        ctx,
        seller_id=seller_id,
        filename=name,
        content=body,
        beside={"photo.png": photo()} if beside is None and b"photo.png" in body else beside,
        mapping=mapping,
        options={"market": "ES", "defaults": {"maker": "self"}} | options,
        in_background=False,
    )
    check_import(ctx, run_id=started.run_id)
    return import_run(ctx, started.run_id)


def apply(ctx: Context, run_id: UUID, *, all_or_nothing: bool = False) -> RunView:
    """Import a checked run."""
    confirm_import(ctx, run_id=run_id, all_or_nothing=all_or_nothing, in_background=False)
    while not apply_part(ctx, run_id=run_id).is_last:
        pass
    return import_run(ctx, run_id)


def load(ctx: Context, seller_id: UUID, content: bytes | str, **said: Any) -> RunView:
    """Check and import."""
    return apply(ctx, check(ctx, seller_id, content, **said).id)


def counts(run: RunView) -> dict[str, int]:
    """The counts that are not zero, without the totals."""
    names = ("new", "changed", "same", "error", "skipped")
    return {name: run.counts[name] for name in names if run.counts[name]}


@pytest.fixture
def seller() -> UUID:
    make.shelf_of_goods()
    return make.seller()


def facts_stored() -> int:
    """How many facts about goods were ever announced."""
    return OutboxFact.objects.exclude(kind="catalog.CategoriesChanged").count()
