"""`entrepot import` and `entrepot export`: the same engine as the seller centre, at the command line."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from django.conf import settings

from entrepot.feeds.commands import apply_part, check_import, confirm_import, fail_import, start_import
from entrepot.feeds.queries import export_goods, import_run, refusals_by_code, result_file_of, run_results
from entrepot.kit import clock
from entrepot.kit.context import system_context
from entrepot.kit.errors import Refusal
from entrepot.markets.queries import pricing_market
from entrepot.parties.queries import seller_by_slug

PICTURES = {".jpg", ".jpeg", ".png", ".webp"}
BESIDE = {".csv", ".json", ".gz", ".tsv"}
SHOWN = 12


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--seller", required=True, help="The seller's short name (slug).")
@click.option(
    "--market", default="", help="Market of the offers, for example ES. Default: the first open one."
)
@click.option(
    "--map",
    "pairs",
    multiple=True,
    metavar="THEIRS=OURS",
    help="What a column means; again for more. THEIRS= leaves it out.",
)
@click.option(
    "--set",
    "defaults",
    multiple=True,
    metavar="NAME=VALUE",
    help="For goods that do not say: hs6, origin_country, brand, vat_goods, manufacturer:name …; maker=self: the seller makes them.",
)
@click.option("--category", default="", help="Our category for goods whose category is unknown.")
@click.option("--currency", default="", help="Currency of prices without one.")
@click.option("--language", default="", help="Language of texts without one; guessed otherwise.")
@click.option(
    "--decimal",
    type=click.Choice([".", ","]),
    default=None,
    help="Decimal mark of prices; guessed otherwise.",
)
@click.option("--location", default="", help="Code of the location whose stock is set.")
@click.option(
    "--set-stock",
    is_flag=True,
    help="Take quantities as they stand, even those that say the same as last time.",
)
@click.option("--dry-run", is_flag=True, help="Say what would happen, and stop.")
@click.option("--all-or-nothing", is_flag=True, help="Import nothing when a row has an error.")
@click.option(
    "--results",
    type=click.Path(path_type=Path),
    help="Write the input with status, error_code and message here.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.option("--quiet", "-q", is_flag=True, help="Print errors only.")
def import_feed(files: tuple[Path, ...], seller: str, pairs: tuple[str, ...], defaults: tuple[str, ...], dry_run: bool, all_or_nothing: bool,
                results: Path | None, as_json: bool, quiet: bool, **said: Any) -> None:  # fmt: skip
    """Import products, prices and stock from FILES.

    The first file is the feed: CSV, TSV, XLSX, Google's XML or JSON, of most shop systems; gzipped ones are unpacked.
    Photos and translations beside it are found by themselves; further files (or a folder) are further months of it.
    A ZIP is a feed with its photos. The files are kept for 30 days.

    \b
    entrepot import autumn.xlsx --seller taller-luna --dry-run
    entrepot import feed.xml --seller taller-luna --category kitchen
    """
    began = time.monotonic()
    bar = _Bar(quiet or as_json)

    def ask() -> Any:
        return system_context(at=clock.now(), cause="cli:import")

    run_id: UUID | None = None
    try:
        seller_id = seller_by_slug(seller).id
        main, beside = _gather(files)
        options = {name: value for name, value in said.items() if value}
        options["defaults"] = dict(pair.partition("=")[::2] for pair in defaults)
        run_id = start_import(
            ask(),
            seller_id=seller_id,
            filename=main.name,
            content=main.read_bytes(),
            beside={path.name: path.read_bytes() for path in beside},
            mapping=dict(pair.partition("=")[::2] for pair in pairs),
            options=options,
            in_background=False,
        ).run_id
        check_import(ask(), run_id=run_id, tell=lambda done, total: bar.show("checking", done, total))
        run = import_run(ask(), run_id)
        if not dry_run and run.can_confirm:
            confirm_import(ask(), run_id=run_id, all_or_nothing=all_or_nothing, in_background=False)
            while True:
                part = apply_part(ask(), run_id=run_id)
                bar.show("importing", part.done, part.total)
                if part.is_last:
                    break
            run = import_run(ask(), run_id)
    except Refusal as refusal:
        bar.end()
        if run_id is not None:
            fail_import(ask(), run_id=run_id, sentence=refusal.sentence)
        click.echo(f"{refusal.sentence}", err=True)
        sys.exit(3 if refusal.status == 404 else 4 if refusal.status == 409 else 5)
    bar.end()
    if results is not None:
        results.write_bytes(result_file_of(ask(), run_id).read_bytes())
    reasons = refusals_by_code(ask(), run_id)
    if as_json:
        _print_json(run, reasons, time.monotonic() - began)
    elif not quiet:
        _print_run(
            run,
            reasons,
            run_results(ask(), run_id, status="error", limit=SHOWN).rows,
            dry_run,
            time.monotonic() - began,
        )
    if run.counts.get("error"):
        sys.exit(0 if run.state == "done" and not all_or_nothing else 5)


def _gather(files: tuple[Path, ...]) -> tuple[Path, list[Path]]:
    """The feed, and what lies beside it: other files named, photos in its folder and in `images`, translations."""
    paths = [path for given in files for path in (sorted(given.iterdir()) if given.is_dir() else [given])]
    feeds = [
        path for path in paths if path.is_file() and path.suffix.lower() not in (*PICTURES, ".md", ".txt", "")
    ]
    if not feeds:
        raise click.UsageError("There is no feed among these files.")
    main = feeds[0]
    beside = [
        path for path in paths if path.is_file() and path != main and path.suffix.lower() in PICTURES | BESIDE
    ]
    for folder in (main.parent, main.parent / "images"):
        if folder.is_dir():
            beside += [path for path in sorted(folder.iterdir()) if path.suffix.lower() in PICTURES]
    beside += [
        path
        for path in sorted(main.parent.iterdir())
        if path != main and (path.stem.endswith("_translations") or path.name.endswith(".category.json"))
    ]
    return main, list(dict.fromkeys(path for path in beside if path.is_file()))


class _Bar:
    """A progress bar on a terminal, a line every ten seconds elsewhere; on stderr."""

    def __init__(self, quiet: bool) -> None:
        self.quiet, self.shown_at, self.began = quiet, 0.0, time.monotonic()

    def show(self, what: str, done: int, total: int) -> None:
        tick = time.monotonic()
        if self.quiet or (not sys.stderr.isatty() and tick - self.shown_at < 10 and done < total):
            return
        self.shown_at = tick
        share = done / total if total else 1.0
        if sys.stderr.isatty():
            filled = int(share * 30)
            click.echo(
                f"\r{what:10} [{'█' * filled}{' ' * (30 - filled)}] {done:,}/{total:,}", nl=False, err=True
            )
        else:
            click.echo(f"{what} {done:,}/{total:,}", err=True)

    def end(self) -> None:
        if not self.quiet and sys.stderr.isatty():
            click.echo("", err=True)


def _print_json(run: Any, reasons: dict[str, int], seconds: float) -> None:
    figures = {
        "run": str(run.id), "format": run.format, "state": run.state, **run.counts, "reasons": reasons,
        "rates": run.rates, "seconds": round(seconds, 2),
    }  # fmt: skip
    click.echo(json.dumps(figures, ensure_ascii=False))


def _print_run(run: Any, reasons: dict[str, int], errors: Any, dry_run: bool, seconds: float) -> None:
    counts = run.counts
    click.echo(
        f"{run.filename}: {run.format}, {counts['rows']:,} rows, {counts['products']:,} products, {seconds:.1f} s"
    )
    for name in ("new", "changed", "same", "error", "skipped"):
        if counts.get(name):
            click.echo(f"  {name:8} {counts[name]:>8,}")
    if counts.get("duplicate"):
        click.echo(f"  (of the same, {counts['duplicate']:,} are exact duplicates in the file)")
    for currency, (rate, on, source) in run.rates.items():
        click.echo(f"  1 {currency} = {rate} on {on} ({source})")
    for note in run.notes:
        click.echo(f"  {note}")
    for code, count in reasons.items():
        click.echo(f"  {count:>8,} × {code}")
    for row in errors:
        problem = row.problems[0]
        click.echo(
            f"  row {row.number}: {problem['column']} “{problem['value'][:40]}”: {problem['rule']} {problem['hint']}"
        )
    more = counts.get("error", 0) - len(errors)
    if more > 0:
        click.echo(f"  … and {more:,} more; --results FILE lists them all.")
    if dry_run:
        click.echo("Nothing was imported (dry run).")
    elif run.state == "done":
        click.echo("Imported. It can be undone for 24 hours.")
    else:
        click.echo("Nothing was imported.")


@click.command("export")
@click.option("--seller", required=True, help="The seller's short name (slug).")
@click.option("--market", default="", help="Market of prices, for example ES. Default: the first open one.")
@click.option(
    "--format",
    "kind",
    type=click.Choice(["csv", "xlsx", "jsonl", "google"]),
    default="csv",
    show_default=True,
)
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), help="Write to this file. Default: standard output."
)
def export_feed(seller: str, market: str, kind: str, output: Path | None) -> None:
    """Write a seller's products, prices and stock as a file; importing it again changes nothing.

    \b
    entrepot export --seller taller-luna --format xlsx -o goods.xlsx
    """
    ctx = system_context(at=clock.now(), cause="cli:export")
    try:
        code = market or pricing_market()
        made = export_goods(
            ctx, seller_id=seller_by_slug(seller).id, market=code, kind=kind, base_url=settings.BASE_URL
        )
    except Refusal as refusal:
        click.echo(refusal.sentence, err=True)
        sys.exit(3 if refusal.status == 404 else 5)
    if output is None:
        if kind == "xlsx" and sys.stdout.isatty():
            raise click.UsageError("A workbook is no text: name a file with -o.")
        sys.stdout.buffer.write(made.content)
    else:
        output.write_bytes(made.content)
        click.echo(f"{made.products:,} products → {output}", err=True)
