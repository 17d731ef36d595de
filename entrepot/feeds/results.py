"""Result files, and drafts that take a run back."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from entrepot.catalog.commands import ProductDraft, VariantDraft
from entrepot.catalog.queries import ProductView
from entrepot.feeds import policy
from entrepot.feeds.parse import Line
from entrepot.feeds.store import home_of
from entrepot.feeds.work import Work

EXTRA = ("status", "error_code", "message")


def result_file(run_id: UUID) -> Path:
    """Where a run's result file lies."""
    return home_of(run_id) / "results.csv"


def write_result_file(run_id: UUID, work: Work, lines: Sequence[Line]) -> None:
    """The input with status, error_code and message behind every row; no cell a spreadsheet would run."""
    path = result_file(run_id)
    scratch = path.with_suffix(".new")
    with scratch.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*map(policy.guard_formula, work.feed.columns), *EXTRA])
        for line in lines:
            cells = list(line.row.raw) or [line.row.cells.get("sku", "")]
            cells += [""] * (len(work.feed.columns) - len(cells))
            writer.writerow([*map(policy.guard_formula, cells), *_verdict(line)])
    scratch.replace(path)


def _verdict(line: Line) -> tuple[str, str, str]:
    told = [policy.told(problem) for problem in line.problems]
    status = "skipped" if line.row.role == "skipped" else "error" if told else line.status or "same"
    sentences = [policy.sentence_of(problem) for problem in told] + line.notes
    return status, told[0]["code"] if told else "", policy.guard_formula(" ".join(sentences)[:2000])


def reverse_draft(
    seller_id: UUID, view: ProductView, changes: dict[str, list[Any]]
) -> tuple[ProductDraft, int]:
    """A draft with the values from before, for every value that is still the run's; and how many are not."""
    fields: dict[str, Any] = {}
    variants: dict[str, dict[str, Any]] = {}
    kept = 0
    by_sku = {variant.sku: variant for variant in view.variants}
    for name, (before, after) in changes.items():
        sku, slash, rest = name.rpartition("/")
        if slash:
            if not rest:
                variants.setdefault(sku, {})["is_active"] = False
                continue
            kept += _reverse(by_sku.get(sku), rest, before, after, variants.setdefault(sku, {}))
        else:
            kept += _reverse(view, name, before, after, fields)
    drafts = tuple(VariantDraft(sku=sku, **values) for sku, values in variants.items() if values)
    return ProductDraft(seller_id, view.handle, variants=drafts, **fields), kept


def _reverse(row: Any, name: str, before: Any, after: Any, into: dict[str, Any]) -> int:
    """Put the value from before into a draft's fields; 1 when somebody changed it since."""
    field, _, key = name.partition(".")
    if row is None:
        return 1
    if key:
        if getattr(row, field).get(key) != after:
            return 1
        into.setdefault(field, {})[key] = before
        return 0
    now = (
        row.category.slug
        if field == "category"
        else getattr(row, "own_vat_goods" if field == "vat_goods" else field)
    )
    if now != after:
        return 1
    into[field] = before
    return 0
