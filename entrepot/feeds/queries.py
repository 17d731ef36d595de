"""Every read of the feeds: runs, their rows, and a seller's goods as a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import Count

from entrepot.catalog.queries import own_product_ids, own_products_by_id
from entrepot.feeds import exports, policy, results
from entrepot.feeds.models import RowResult, Run
from entrepot.feeds.policy import PREFIXED, SYNONYMS
from entrepot.inventory.queries import locations_of, stock_of_variants
from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid, NotFound, Sentence
from entrepot.markets.queries import pack
from entrepot.offers.queries import own_offers_for_products
from entrepot.parties.queries import sellers_by_id


@dataclass(frozen=True, slots=True)
class RunView:
    """An import. `counts`: rows, products, new, changed, same, error, skipped, duplicate. `samples`: status → some rows.

    `mapping`: their column → ours; `rates`: currency → [rate, day, source]. `job_id` is the job to watch.
    """

    id: UUID
    seller_id: UUID
    actor_label: str
    filename: str
    format: str
    state: str
    message: str
    options: Mapping[str, Any]
    columns: tuple[str, ...]
    mapping: Mapping[str, str]
    counts: Mapping[str, int]
    samples: Mapping[str, Any]
    notes: tuple[str, ...]
    rates: Mapping[str, Any]
    job_id: UUID | None
    created_at: datetime
    checked_at: datetime | None
    applied_at: datetime | None
    undone_at: datetime | None

    @property
    def can_confirm(self) -> bool:
        return self.state == "checked" and bool(
            self.counts.get("new") or self.counts.get("changed") or self.counts.get("same")
        )


@dataclass(frozen=True, slots=True)
class RowView:
    """What became of a row. `problems`: code, column, value, rule, hint; `changes`: field → [before, after]."""

    id: int
    number: int
    status: str
    handle: str
    sku: str
    code: str
    problems: tuple[Mapping[str, str], ...]
    notes: tuple[str, ...]
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RowPage:
    """Rows of a run in the order of the file; `next_cursor` is empty on the last page."""

    rows: tuple[RowView, ...]
    next_cursor: str


def import_run(ctx: Context, run_id: UUID) -> RunView:
    """One import. Refuses: NotFound (also for another seller's)."""
    run = Run.objects.of(ctx).filter(pk=run_id).first()
    if run is None:
        raise NotFound(what="import")
    return _run(run)


def imports_of(
    ctx: Context, *, seller_id: UUID | None = None, after: UUID | None = None, limit: int = 20
) -> list[RunView]:
    """The asker's imports, newest first."""
    rows = Run.objects.of(ctx)
    if seller_id is not None:
        rows = rows.filter(seller_id=seller_id)
    if after is not None:
        rows = rows.filter(id__lt=after)
    return [_run(row) for row in rows.order_by("-id")[: min(limit, 100)]]


def run_results(
    ctx: Context, run_id: UUID, cursor: str = "", *, status: str = "", limit: int = 100
) -> RowPage:
    """What became of the rows, a page after `cursor`; only those with `status` when given. Refuses: NotFound, Invalid."""
    import_run(ctx, run_id)
    rows = RowResult.objects.filter(run_id=run_id)
    if status:
        rows = rows.filter(status=status)
    if cursor:
        number, _, last = cursor.partition("-")
        if (
            not (number.isascii() and number.isdigit() and last.isascii() and last.isdigit())
            or len(cursor) > 40
        ):
            raise Invalid(
                field="cursor", reason="does not belong to this list.", hint="Start from the first page."
            )
        rows = rows.filter(number__gte=int(number)).exclude(number=int(number), id__lte=int(last))
    limit = max(1, min(limit, 1000))
    found = list(rows.order_by("number", "id")[: limit + 1])
    page = found[:limit]
    following = f"{page[-1].number}-{page[-1].id}" if len(found) > limit else ""
    return RowPage(tuple(_row(row) for row in page), following)


def result_file_of(ctx: Context, run_id: UUID) -> Path:
    """The input with status, error_code and message columns, as CSV. Refuses: NotFound."""
    run = import_run(ctx, run_id)
    path = results.result_file(run.id)
    if not path.exists():
        raise NotFound(what="result file")
    return path


@dataclass(frozen=True, slots=True)
class Exported:
    """A file of a seller's goods."""

    content: bytes
    media_type: str
    filename: str
    products: int


def export_goods(
    ctx: Context, *, seller_id: UUID, market: str, kind: str = "csv", base_url: str = ""
) -> Exported:
    """A seller's goods as csv, xlsx, jsonl or google (XML); importing it again changes nothing.

    Prices are gross in the market's currency; quantities those of the first location. `base_url` is for links.
    Refuses: NotFound (another seller), Invalid (kind), UnknownMarket.
    """
    if kind not in exports.MEDIA_TYPES:
        raise Invalid(
            field="format",
            reason=Sentence("“{kind}” is unknown.", kind=kind[:20]),
            hint=Sentence("Use {known}.", known=", ".join(exports.MEDIA_TYPES)),
        )
    facts = pack(market)
    seller = sellers_by_id([seller_id]).get(seller_id)
    if seller is None or (ctx.actor.kind == "seller" and ctx.actor.seller_id != seller_id):
        raise NotFound(what="seller")
    places = locations_of(ctx, seller_id)
    found = []
    after = None
    while ids := own_product_ids(ctx, seller_id=seller_id, after=after, limit=1000):
        after = ids[-1]
        products = own_products_by_id(ctx, ids)
        offers = own_offers_for_products(ctx, facts.code, ids)
        shelves = stock_of_variants(ctx, [v.id for product in products.values() for v in product.variants])
        for product_id in ids:
            product = products[product_id]
            on_sale = {
                offer.variant_id: offer for offer in offers.get(product_id, []) if offer.state == "active"
            }
            left = {
                variant_id: shelf.on_hand + shelf.pending
                for variant_id, rows in shelves.items()
                for shelf in rows
                if places and shelf.location_id == places[0].id
            }
            found.append((product, exports.rows_of(product, on_sale, left)))
    name = f"{seller.slug}-{facts.code.lower()}"
    if kind == "google":
        language = facts.default_language
        address = f"{base_url}/{facts.code.lower()}-{language}"
        content = exports.write_google(found, language, seller.display_name, address)
        return Exported(content, exports.MEDIA_TYPES[kind], f"{name}.xml", len(found))
    content = exports.WRITERS[kind]([row for _, rows in found for row in rows])
    return Exported(content, exports.MEDIA_TYPES[kind], f"{name}.{kind}", len(found))


def refusals_by_code(ctx: Context, run_id: UUID) -> dict[str, int]:
    """How many rows were refused or left out, by reason. Refuses: NotFound."""
    import_run(ctx, run_id)
    rows = RowResult.objects.filter(run_id=run_id).exclude(code="")
    return dict(rows.values_list("code").annotate(n=Count("id")).order_by("-n", "code"))


def our_columns() -> tuple[str, ...]:
    """Column names a mapping may point to; those of PREFIXED also with `:language` or `:name`."""
    return (*SYNONYMS, *(f"{name}:…" for name in PREFIXED))


def rule_of(code: str) -> tuple[str, str]:
    """(rule, hint) as templates for a problem's code: what doors translate. Refuses: NotFound."""
    if code not in policy.RULES:
        raise NotFound(what="rule")
    return policy.RULES[code]


def _run(row: Run) -> RunView:
    return RunView(
        id=row.id,
        seller_id=row.seller_id,
        actor_label=row.actor_label,
        filename=row.filename,
        format=row.format,
        state=row.state,
        message=row.message,
        options=row.options,
        columns=tuple(row.columns),
        mapping=row.mapping,
        counts=row.counts,
        samples=row.samples,
        notes=tuple(row.notes),
        rates=row.rates,
        job_id=row.job_id,
        created_at=row.created_at,
        checked_at=row.checked_at,
        applied_at=row.applied_at,
        undone_at=row.undone_at,
    )


def _row(row: RowResult) -> RowView:
    return RowView(
        id=row.id,
        number=row.number,
        status=row.status,
        handle=row.handle,
        sku=row.sku,
        code=row.code,
        problems=tuple(row.problems),
        notes=tuple(row.notes),
        changes=row.changes,
    )
