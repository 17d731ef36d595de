"""Every write of the feeds: start, check, apply, undo. The goods themselves are written by the commands of their rooms."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from entrepot.catalog.commands import CategoryDraft, ProductDraft, add_media, save_categories, save_products
from entrepot.catalog.errors import PictureRefused
from entrepot.catalog.queries import categories, products_by_handle
from entrepot.feeds import policy, results
from entrepot.feeds.bundle import is_bundle, unpack_bundle
from entrepot.feeds.errors import CurrencyUnclear, ImportHasErrors, RunInState, UndoTooLate
from entrepot.feeds.models import LastSaid, Remembered, RowResult, Run, Undo
from entrepot.feeds.parse import Line, Style, parse_row
from entrepot.feeds.plan import UNSORTED, Item, Terms, plan_part
from entrepot.feeds.rows import FeedFile, SourceRow
from entrepot.feeds.store import digest_of, forget_files, keep_files, kept_runs
from entrepot.feeds.work import Tell, Work, forget_work, run_key, terms_of, work_of
from entrepot.inventory.commands import StockDraft, open_location, save_stock
from entrepot.inventory.queries import stock_of_variants
from entrepot.kit import locks
from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid, NotFound, Refusal, Sentence
from entrepot.kit.jobs import start_job
from entrepot.markets.queries import all_markets
from entrepot.offers.commands import OfferDraft, SavedOffer, save_offers
from entrepot.offers.queries import compare_offers, offers_for_variants
from entrepot.parties.queries import sellers_by_id

UNDO_HOURS = 24
KEEP_DAYS = 30  # the files of an import, and its result file
PLAIN_STYLE = Style(mark=".", language="en", html=False)
SAMPLES = 5
MAKER = "maker"  # “self”: the seller makes the goods that name no maker
DEFAULTS = (
    "hs6", "origin_country", "brand", "vat_goods", "manufacturer:name", "manufacturer:address", "manufacturer:email",
    "manufacturer:country", MAKER,
)  # fmt: skip
OPTIONS = (
    "defaults",
    "market",
    "currency",
    "language",
    "decimal",
    "category",
    "categories",
    "location",
    "set_stock",
)


@dataclass(frozen=True, slots=True)
class ImportStarted:
    """The run, and the job that checks it (None when the caller checks it itself)."""

    run_id: UUID
    job_id: UUID | None


@dataclass(frozen=True, slots=True)
class PartApplied:
    """How far applying is: products done of all, and whether that was the last part."""

    done: int
    total: int
    is_last: bool


@command(scope="feeds:import")
def start_import(
    ctx: Context,
    *,
    seller_id: UUID,
    filename: str,
    content: bytes,
    beside: Mapping[str, bytes] | None = None,
    mapping: Mapping[str, str] | None = None,
    options: Mapping[str, Any] | None = None,
    in_background: bool = True,
) -> ImportStarted:
    """Take a file and have it checked: nothing is imported before `confirm_import`.

    `beside`: photos, translations, further months, by name. `mapping`: their column → ours (as remembered or guessed
    when absent). `options`: market (the first open one), currency of prices without one (the market's), language of texts
    without one (guessed), decimal (“.” or “,”; guessed), category (slug for goods whose category we do not know),
    categories (theirs → slug), location (code), set_stock (take quantities as they stand, even if unchanged), defaults (hs6,
    origin_country, brand, vat_goods, manufacturer:name … of goods that do not say; maker “self”: the seller makes them).
    A ZIP is a feed with its photos and further sheets.
    Refuses: NotFound (another seller), Invalid, FileRefused (a ZIP that is none, or a bomb). What else is wrong with the
    file is said by the check.
    """
    seller = sellers_by_id([seller_id]).get(seller_id)
    if seller is None or (ctx.actor.kind == "seller" and ctx.actor.seller_id != seller_id):
        raise NotFound(what="seller")
    wanted = dict(options or {})
    unknown = set(wanted) - set(OPTIONS)
    if unknown:
        raise Invalid(
            field="options",
            reason=Sentence("“{unknown}” is no option.", unknown=sorted(unknown)[0][:40]),
            hint=Sentence("Use {known}.", known=", ".join(OPTIONS)),
        )
    if wanted.get("decimal") not in (None, "", ".", ","):
        raise Invalid(field="decimal", reason="must be “.” or “,”.")
    wanted["market"] = wanted.get("market") or _first_market()
    wanted["defaults"] = _checked_defaults(wanted.get("defaults") or {})
    if UNSORTED not in categories().by_slug:
        names = {
            "en": "Unsorted", "es": "Sin clasificar", "fr": "Non classé", "de": "Nicht einsortiert", "it": "Da classificare",
            "pt": "Por classificar", "nl": "Niet ingedeeld", "pl": "Nieposortowane", "ca": "Sense classificar", "sv": "Osorterat",
            "ro": "Neclasificate", "cs": "Nezařazené", "bg": "Некласифицирани", "el": "Χωρίς κατηγορία", "zh-hans": "未分类",
        }  # fmt: skip
        save_categories(ctx, drafts=[CategoryDraft(UNSORTED, names, position=9_999)])
    files = unpack_bundle(filename, content) if is_bundle(content) else [FeedFile(filename, content)]
    files += [FeedFile(name, body) for name, body in (beside or {}).items()]
    digest = digest_of(files)
    # The same file again is converted at the same rates, so that importing it twice changes nothing.
    before = (
        Run.objects.of(ctx).filter(seller_id=seller_id, digest=digest, state="done").order_by("id").last()
    )
    wanted["rates_on"] = before.options["rates_on"] if before is not None else ctx.at.date().isoformat()
    run = Run.objects.create(
        seller_id=seller_id,
        actor_label=ctx.actor.label[:200],
        filename=policy.clean_text(filename.rsplit("/", 1)[-1])[:200],
        digest=digest,
        options=wanted,
        mapping=dict(mapping or {}),
        created_at=ctx.at,
    )
    keep_files(run.id, files)
    if in_background:
        run.job_id = start_job(ctx, "feeds.check", f"Check {run.filename}", {"run": str(run.id)})
        run.save(update_fields=["job_id"])
    return ImportStarted(run.id, run.job_id)


@command(scope="feeds:import")
def check_import(ctx: Context, *, run_id: UUID, tell: Tell | None = None) -> None:
    """Dry run: store what would become of every row. Only the run's own rows are written.

    Refuses: NotFound, RunInState, FileRefused, ColumnsUnknown (`fail_import` then keeps the sentence).
    """
    run = _own_run(ctx, run_id)
    if run.state not in ("waiting", "checked"):
        raise RunInState(state=run.state, what="a check", wanted="new")
    work = _recall_mapping(ctx, run)
    run.format, run.columns = work.feed.format, work.feed.columns
    if work.feed.mapping:
        run.mapping = work.feed.mapping
    terms = terms_of(ctx, run, work)
    if not terms.own_currency and any(
        "" in line.facts.prices for group in work.groups for line in group.lines
    ):
        raise CurrencyUnclear(filename=run.filename, own=terms.seller_currency, market=terms.currency)
    items: list[Item] = []
    for number in range(work.parts):
        items += plan_part(ctx, work.part(number), terms)
        if tell is not None:
            tell(min((number + 1) * 500, len(work.groups)), len(work.groups))
    lines = _all_lines(work)
    RowResult.objects.filter(run=run).delete()
    RowResult.objects.bulk_create((_row_result(run, line) for line in lines), batch_size=5_000)
    _sum_up(run, work, terms, lines, products=len(items))
    run.state, run.checked_at = "checked", ctx.at
    run.save()
    results.write_result_file(run.id, work, lines)


@command(scope="feeds:import")
def fail_import(ctx: Context, *, run_id: UUID, sentence: str) -> None:
    """Keep why a file could not be imported. Refuses: NotFound."""
    run = _own_run(ctx, run_id)
    run.state, run.message = "failed", sentence[:500]
    run.save(update_fields=["state", "message"])


@command(scope="feeds:import")
def map_columns(
    ctx: Context, *, run_id: UUID, mapping: Mapping[str, str], categories: Mapping[str, str] | None = None
) -> None:
    """Say what their columns (and categories) mean and check anew; remembered for the next file with these columns.

    Refuses: NotFound, RunInState, Invalid (a column of ours that does not exist).
    """
    run = _own_run(ctx, run_id)
    if run.state not in ("waiting", "checked", "failed"):
        raise RunInState(state=run.state, what="mapping", wanted="not yet imported")
    for theirs, ours in mapping.items():
        if ours and policy.guess_column(ours) == "":
            raise Invalid(
                field=theirs[:60], reason=Sentence("“{ours}” is none of our columns.", ours=ours[:60])
            )
    run.mapping = run.mapping | dict(mapping)
    run.options = run.options | {"categories": (run.options.get("categories") or {}) | dict(categories or {})}
    run.state = "waiting"
    run.job_id = start_job(ctx, "feeds.check", f"Check {run.filename}", {"run": str(run.id)})
    run.save()


@command(scope="feeds:import")
def confirm_import(
    ctx: Context, *, run_id: UUID, all_or_nothing: bool = False, in_background: bool = True
) -> UUID | None:
    """Import a checked file: all good rows, or all rows or nothing. Returns the job (None: the caller applies the parts).

    Refuses: NotFound, RunInState, ImportHasErrors.
    """
    run = _own_run(ctx, run_id)
    if run.state != "checked":
        raise RunInState(state=run.state, what="importing", wanted="checked")
    if all_or_nothing and run.counts.get("error"):
        raise ImportHasErrors(errors=run.counts["error"])
    run.state, run.next_part = "applying", 0
    run.options = run.options | {"all_or_nothing": all_or_nothing}
    if in_background:
        run.job_id = start_job(ctx, "feeds.apply", f"Import {run.filename}", {"run": str(run.id)})
    run.save()
    _remember(ctx, run)
    return run.job_id if in_background else None


@command(scope="feeds:import")
def apply_part(ctx: Context, *, run_id: UUID) -> PartApplied:
    """Import the next 500 products in one transaction (all or nothing: all of them). Safe to run again after a crash.

    Refuses: NotFound, RunInState, ImportHasErrors (all or nothing, and the goods changed since the check).
    """
    locks.hold(run_key(run_id))
    run = _own_run(ctx, run_id)
    if run.state != "applying":
        raise RunInState(state=run.state, what="importing", wanted="confirmed")
    work = work_of(run)
    terms = terms_of(ctx, run, work)
    whole = bool(run.options.get("all_or_nothing"))
    numbers = range(work.parts) if whole else range(run.next_part, run.next_part + 1)
    for number in numbers:
        items = plan_part(ctx, work.part(number), terms)
        lines = [line for group in work.part(number) for line in group.lines]
        errors = sum(1 for line in lines if line.problems)
        if whole and errors:
            raise ImportHasErrors(errors=errors)
        _apply_items(ctx, run, items, terms, work)
        RowResult.objects.filter(run=run, number__in=[line.row.number for line in lines]).exclude(
            status="skipped"
        ).delete()
        RowResult.objects.bulk_create((_row_result(run, line) for line in lines), batch_size=5_000)
    run.next_part = numbers[-1] + 1
    is_last = run.next_part >= work.parts
    if is_last:
        lines = _all_lines(work)
        if all(line.status or line.problems for line in lines):
            _sum_up(run, work, terms, lines, products=run.counts.get("products", 0))
        run.state, run.applied_at = "done", ctx.at
        results.write_result_file(run.id, work, lines)
        forget_work()
    run.save()
    return PartApplied(min(run.next_part * 500, len(work.groups)), len(work.groups), is_last)


@command(scope="feeds:import")
def cancel_import(ctx: Context, *, run_id: UUID) -> None:
    """Stop before the next part; what was imported stays until it is undone. Refuses: NotFound, RunInState."""
    run = _own_run(ctx, run_id)
    if run.state not in ("waiting", "checked", "applying"):
        raise RunInState(state=run.state, what="cancelling", wanted="not finished")
    if run.state == "applying":
        run.applied_at = ctx.at
    run.state = "cancelled"
    run.save(update_fields=["state", "applied_at"])


@command(scope="feeds:import")
def undo_import(ctx: Context, *, run_id: UUID) -> dict[str, int]:
    """Take an import back within 24 hours: new products leave the shop, changed values return.

    What somebody changed since stays as it is. Returns counts: removed, restored, kept.
    Refuses: NotFound, RunInState, UndoTooLate.
    """
    locks.hold(run_key(run_id))
    run = _own_run(ctx, run_id)
    if run.state not in ("done", "cancelled") or run.applied_at is None:
        raise RunInState(state=run.state, what="undoing", wanted="done")
    if ctx.at - run.applied_at > timedelta(hours=UNDO_HOURS):
        raise UndoTooLate(hours=UNDO_HOURS)
    counts: Counter[str] = Counter(removed=0, restored=0, kept=0)
    undos = list(Undo.objects.filter(run=run).order_by("id"))
    for start in range(0, len(undos), 500):
        _undo_some(ctx, run, undos[start : start + 500], counts)
    run.state, run.undone_at = "undone", ctx.at
    run.save(update_fields=["state", "undone_at"])
    return dict(counts)


@command(scope="feeds:import")
def forget_old_files(ctx: Context) -> int:
    """Clear away the files of imports older than KEEP_DAYS; their counts, rows and undo stay. How many imports it was.

    One that was never confirmed is cancelled. Refuses: nothing.
    """
    kept = kept_runs()
    old = list(
        Run.objects.of(ctx)
        .select_for_update()
        .filter(id__in=kept, created_at__lt=ctx.at - timedelta(days=KEEP_DAYS))
        .exclude(state="applying")
    )
    for run in old:
        if run.state in ("waiting", "checked"):
            run.state = "cancelled"
            run.message = f"Its files were cleared away after {KEEP_DAYS} days."
            run.save(update_fields=["state", "message"])
        forget_files(run.id)
    return len(old)


# ---- inside ---------------------------------------------------------------------------------------------


def _checked_defaults(said: Mapping[str, str]) -> dict[str, Any]:
    """Defaults read like cells. Refuses: Invalid."""
    line = parse_row(
        SourceRow(
            0, {str(name): str(value) for name, value in said.items() if name != MAKER}, role="skipped"
        ),
        PLAIN_STYLE,
    )
    wrong = next((name for name in said if name not in DEFAULTS), "")
    if wrong:
        raise Invalid(
            field="defaults",
            reason=Sentence("“{wrong}” has no default.", wrong=wrong[:40]),
            hint=Sentence("Use {known}.", known=", ".join(DEFAULTS)),
        )
    for problem in line.problems:
        told = policy.told(problem)
        raise Invalid(field=told["column"], reason=told["rule"], hint=told["hint"])
    if said.get(MAKER) not in (None, "self"):
        raise Invalid(
            field=MAKER, reason="is “self” or left out.", hint="Name another maker by manufacturer:name."
        )
    return dict(line.facts.product) | ({MAKER: "self"} if MAKER in said else {})


def _first_market() -> str:
    markets = all_markets()
    chosen = next((market for market in markets if market.is_open), None)
    if chosen is None:
        raise Invalid(field="market", reason="is missing: no market is open yet.", hint="Name one.")
    return chosen.code


def _own_run(ctx: Context, run_id: UUID) -> Run:
    run = Run.objects.of(ctx).select_for_update().filter(pk=run_id).first()
    if run is None:
        raise NotFound(what="import")
    return run


def _recall_mapping(ctx: Context, run: Run) -> Work:
    """The file, read with what this seller said of the same columns before, where nothing else was said now."""
    work = work_of(run, fresh=True)
    run.signature = hashlib.sha256("\n".join(sorted(work.feed.columns)).encode()).hexdigest()
    known = Remembered.objects.of(ctx).filter(seller_id=run.seller_id, signature=run.signature).first()
    if known is not None and work.feed.mapping and known.mapping | run.mapping != work.feed.mapping:
        run.mapping = known.mapping | run.mapping
        work = work_of(run, fresh=True)
    return work


def _remember(ctx: Context, run: Run) -> None:
    known = Remembered.objects.of(ctx).filter(seller_id=run.seller_id, signature=run.signature).first()
    row = known or Remembered(seller_id=run.seller_id, signature=run.signature)
    row.mapping, row.changed_at = run.mapping, ctx.at
    row.categories = row.categories | dict(run.options.get("categories") or {})
    row.save()


def _all_lines(work: Work) -> list[Line]:
    lines = [line for group in work.groups for line in group.lines] + work.loose
    for line in work.loose:
        line.status = "skipped" if line.row.role == "skipped" else line.status
    return sorted(lines, key=lambda line: line.row.number)


def _status(line: Line) -> str:
    return "skipped" if line.row.role == "skipped" else "error" if line.problems else line.status or "same"


def _row_result(run: Run, line: Line) -> RowResult:
    problems = [policy.told(problem) for problem in line.problems]
    return RowResult(
        run=run,
        number=line.row.number,
        status=_status(line),
        handle=line.facts.handle[:200],
        sku=line.facts.sku[:100],
        code=problems[0]["code"] if problems else "",
        problems=problems,
        notes=line.notes[:20],
        changes={name: [_plain(pair[0]), _plain(pair[1])] for name, pair in line.changes.items()},
    )


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | bool | None.__class__) else str(value)


def _sum_up(run: Run, work: Work, terms: Terms, lines: list[Line], *, products: int) -> None:
    counts = Counter(_status(line) for line in lines)
    run.counts = {name: counts.get(name, 0) for name in ("new", "changed", "same", "error", "skipped")} | {
        "rows": work.feed.lines or len(lines),
        "products": products,
        "duplicate": work.feed.duplicates,
    }
    run.counts["same"] += work.feed.duplicates
    samples: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        kept = samples.setdefault(_status(line), [])
        if len(kept) < SAMPLES:
            row = _row_result(run, line)
            title = next(iter((line.facts.product.get("title") or {"": ""}).values()))
            kept.append(
                {
                    "row": row.number,
                    "sku": row.sku,
                    "title": title,
                    "changes": row.changes,
                    "problems": row.problems,
                }
            )
    run.samples = samples
    run.rates = {
        currency: [f"{rate:.6f}", on, source]
        for currency, (rate, on, source) in terms.rates.items()
        if currency != terms.currency
    }
    told = (
        [f"Texts without a language were taken as “{work.language}”."]
        if not run.options.get("language")
        else []
    )
    if any("" in line.facts.prices for line in lines):
        told.append(f"Prices without a currency were taken as {terms.own_currency}.")
    run.notes = [*work.feed.notes, *told]


def _apply_items(ctx: Context, run: Run, items: list[Item], terms: Terms, work: Work) -> None:
    """Save products, then their offers, stock and photos; and write down how to take it back."""
    saved = save_products(ctx, drafts=[item.draft for item in items])
    ids = {item.group.handle: answer.variant_ids for item, answer in zip(items, saved, strict=True)}
    products = {item.group.handle: answer for item, answer in zip(items, saved, strict=True)}
    keys, drafts = [], []
    for item in items:
        for sku, draft in item.offers.items():
            keys.append((item.group.handle, sku))
            drafts.append(
                replace(
                    draft,
                    variant_id=ids[item.group.handle][sku],
                    product_id=products[item.group.handle].product_id,
                )
            )
    for item, answer in zip(items, saved, strict=True):
        _apply_pictures(ctx, item, answer.product_id, answer.variant_ids, work)
    offers = _apply_offers(ctx, items, keys, drafts)
    stock = _apply_stock(ctx, run, items, ids, terms)
    Undo.objects.bulk_create(
        Undo(
            run=run,
            handle=item.group.handle,
            product_id=answer.product_id,
            was_new=answer.outcome == "new" or item.revived,
            body={
                "changes": {name: [_plain(a), _plain(b)] for name, (a, b) in answer.changes.items()},
                "offers": {
                    sku: {
                        "new": offers[item.group.handle, sku].outcome == "new",
                        "condition": item.offers[sku].condition,
                        "changes": {
                            n: [_plain(a), _plain(b)]
                            for n, (a, b) in offers[item.group.handle, sku].changes.items()
                        },
                    }
                    for sku in item.offers
                    if offers[item.group.handle, sku].outcome != "same"
                },
                "stock": {sku: stock[sku] for sku in item.quantities if sku in stock},
                "skus": {sku: str(variant_id) for sku, variant_id in answer.variant_ids.items()},
            },
        )
        for item, answer in zip(items, saved, strict=True)
        if answer.outcome != "same"
        or item.revived
        or any(offers[item.group.handle, sku].outcome != "same" for sku in item.offers)
        or any(stock.get(sku, 0) for sku in item.quantities)
    )


def _apply_offers(
    ctx: Context, items: list[Item], keys: list[tuple[str, str]], drafts: list[OfferDraft]
) -> dict[tuple[str, str], SavedOffer]:
    """Save the offers. What a gate holds back only now (its photo could not be read) is left out and said on its row."""
    by_handle = {item.group.handle: item for item in items}
    held = {
        key: verdict
        for key, verdict in zip(keys, compare_offers(ctx, drafts, with_gates=True), strict=True)
        if isinstance(verdict, Refusal)
    }
    for (handle, sku), refusal in held.items():
        item = by_handle[handle]
        del item.offers[sku]
        item.lines[sku].notes.append(f"Stored, but not on sale: {refusal.sentence}")
    wanted = [(key, draft) for key, draft in zip(keys, drafts, strict=True) if key not in held]
    if not wanted:
        return {}
    saved = save_offers(ctx, drafts=[draft for _, draft in wanted])
    return {key: answer for (key, _), answer in zip(wanted, saved, strict=True)}


def _apply_stock(
    ctx: Context, run: Run, items: list[Item], ids: dict[str, dict[str, UUID]], terms: Terms
) -> dict[str, int]:
    """Set quantities at the run's location (opened when the seller has none); returns what was added by SKU."""
    wanted = [
        (sku, ids[item.group.handle][sku], quantity)
        for item in items
        for sku, quantity in item.quantities.items()
    ]
    if not wanted:
        return {}
    if terms.location_id is None:
        terms.location_id = _open_first_location(ctx, run)
    saved = save_stock(
        ctx,
        drafts=[
            StockDraft(run.seller_id, variant_id, terms.location_id, quantity=q)
            for _, variant_id, q in wanted
        ],
        reason="import",
    )
    LastSaid.objects.bulk_create(
        [LastSaid(variant_id=variant_id, seller_id=run.seller_id, quantity=q) for _, variant_id, q in wanted],
        update_conflicts=True,
        unique_fields=["variant_id"],
        update_fields=["quantity"],
    )
    return {sku: answer.after - answer.before for (sku, _, _), answer in zip(wanted, saved, strict=True)}


def _open_first_location(ctx: Context, run: Run) -> UUID:
    seller = sellers_by_id([run.seller_id])[run.seller_id]
    return open_location(
        ctx,
        seller_id=run.seller_id,
        code=run.options.get("location") or "MAIN",
        name=seller.ships_from_city or seller.city or seller.display_name,
        country=seller.ships_from_country,
        postcode=seller.ships_from_postcode,
    )


def _apply_pictures(ctx: Context, item: Item, product_id: UUID, ids: dict[str, UUID], work: Work) -> None:
    """Hang the photos that lie beside the feed on the product; one that is none is said on its row."""
    for name, sku in item.pictures:
        content = work.pictures[name]
        line = item.lines.get(sku) or item.group.first
        try:
            add_media(
                ctx,
                product_id=product_id,
                content=content,
                alt={work.language: line.facts.alt} if line.facts.alt else None,
                variant_id=ids.get(sku) if len(ids) > 1 else None,
            )
        except PictureRefused as refusal:
            line.notes.append(f"The photo {name[:200]}: {refusal.sentence}")


def _undo_some(ctx: Context, run: Run, undos: list[Undo], counts: Counter[str]) -> None:
    """Take back up to 500 products: drafts that say the values from before, where the run's own still stand."""
    there = products_by_handle(ctx, run.seller_id, [undo.handle for undo in undos])
    variant_ids = [UUID(value) for undo in undos for value in undo.body["skus"].values()]
    offers = {
        (offer.variant_id, offer.condition): offer
        for found in offers_for_variants(variant_ids).values()
        for offer in found
        if offer.market == run.options["market"]
    }
    products, promises = [], []
    for undo in undos:
        view = there.get(undo.handle)
        if view is None:
            continue
        if undo.was_new:
            products.append(ProductDraft(run.seller_id, undo.handle, state="draft"))
            counts["removed"] += 1
        else:
            draft, kept = results.reverse_draft(run.seller_id, view, undo.body["changes"])
            products.append(draft)
            counts["restored"] += 1
            counts["kept"] += kept
        for sku, said in undo.body["offers"].items():
            offer = offers.get((UUID(undo.body["skus"][sku]), said["condition"]))
            if offer is None:
                continue
            values: dict[str, Any] = {"state": "withdrawn"} if said["new"] else {}
            for name, (before, after) in said["changes"].items():
                if getattr(offer, name) == after and before is not None:
                    values[name] = before
                else:
                    counts["kept"] += 1
            promises.append(
                OfferDraft(
                    run.seller_id,
                    offer.variant_id,
                    offer.product_id,
                    offer.market,
                    condition=offer.condition,
                    **values,
                )
            )
    save_products(ctx, drafts=products)
    if promises:
        save_offers(ctx, drafts=promises)
    _undo_stock(ctx, run, undos)


def _undo_stock(ctx: Context, run: Run, undos: list[Undo]) -> None:
    """Take away what the run added (never more than there is), give back what it took."""
    deltas = {
        UUID(undo.body["skus"][sku]): -delta
        for undo in undos
        for sku, delta in undo.body["stock"].items()
        if delta
    }
    shelves = stock_of_variants(ctx, deltas)
    drafts = []
    for variant_id, delta in deltas.items():
        for shelf in shelves.get(variant_id, [])[:1]:
            there = shelf.on_hand + shelf.pending
            drafts.append(StockDraft(run.seller_id, variant_id, shelf.location_id, delta=max(delta, -there)))
    if drafts:
        save_stock(ctx, drafts=drafts, reason="import undone")
    LastSaid.objects.of(ctx).filter(variant_id__in=list(deltas)).delete()
