"""`entrepot intake`: look after the order journal. `entrepot bench`: measure it on this machine."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import click

from entrepot.intake import queries
from entrepot.inventory.queries import stock_by_counter
from entrepot.kit.errors import Busy

TRY_AGAIN = 75


@click.group()
def intake() -> None:
    """The order journal: status, verification, snapshots, replay, export."""


def _say(told: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(told))
        return
    for name, value in told.items():
        click.echo(f"{name:16} {value}")


@intake.command()
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
def status(as_json: bool) -> None:
    """Say how the writer and the projector are doing. Ends with 75 when the writer is away or stalled."""
    told: dict[str, Any] = {"projected_seq": queries.projected_seq()}
    try:
        told = queries.writer_status() | told
    except Busy:
        _say({"writer": "away"} | told, as_json)
        sys.exit(TRY_AGAIN)
    told.pop("metrics")
    told["projector_lag_batches"] = max(0, told["durable_seq"] - told["projected_seq"])
    _say(told, as_json)
    sys.exit(TRY_AGAIN if told["stalled"] else 0)


@intake.command()
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
def verify(as_json: bool) -> None:
    """Walk checksums and hash chain, replay every answer, compare counters with the tables. Ends with 1 on a fault."""
    seq, tables = stock_by_counter(queries.projected_seq)
    verdict = queries.journal_verdict(tables=tables, tables_seq=seq)
    _say(
        {
            "batches": verdict.batches,
            "commands": verdict.commands,
            "orders": verdict.orders,
            "bytes": verdict.bytes,
            "compared": len(tables),
            "seconds": round(verdict.seconds, 3),
            "fingerprint": verdict.fingerprint,
            "faults": verdict.faults if as_json else len(verdict.faults),
        },
        as_json,
    )
    for fault in [] if as_json else verdict.faults:
        click.echo(fault, err=True)
    sys.exit(1 if verdict.faults else 0)


@intake.command()
@click.option("--to", "to_seq", type=int, help="Stop after this batch (default: the last).")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
def replay(to_seq: int | None, as_json: bool) -> None:
    """Rebuild the state as of a batch from the journal alone, and print its fingerprint."""
    _say(queries.replayed_state(to_seq=to_seq), as_json)


@intake.command()
def snapshot() -> None:
    """Write a snapshot, so that the next start replays less. The writer need not stop."""
    click.echo(queries.written_snapshot())


@intake.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def export(folder: Path) -> None:
    """Write orders, lines and counter movements as Parquet files that DuckDB and pandas open."""
    for name, rows in queries.exported_journal(folder).items():
        click.echo(f"{folder / name}  {rows} rows")


@click.group()
def bench() -> None:
    """Measure the order intake on this machine, on a scratch PostgreSQL of its own."""


def _run_bench(module: str, words: list[str]) -> None:
    checkout = Path(__file__).resolve().parents[2]
    if not (checkout / "bench").is_dir():
        raise click.ClickException(
            "The benchmarks are in the repository (bench/), not in the installed package."
        )
    sys.exit(
        subprocess.run(
            [sys.executable, "-m", f"bench.{module}", *words], cwd=checkout, check=False
        ).returncode
    )


@bench.command(name="intake")
@click.option("--json", "as_json", is_flag=True, help="Print only the JSON object.")
@click.option("--seconds", default=60, show_default=True, help="Length of the sustained run.")
def bench_intake(as_json: bool, seconds: int) -> None:
    """Durable orders a second into the PostgreSQL journal, and the figures around it."""
    _run_bench("intake", ["--seconds", str(seconds)] + (["--json"] if as_json else []))


@bench.command(name="http")
@click.option("--json", "as_json", is_flag=True, help="Print only the JSON object.")
@click.option("--seconds", default=10, show_default=True, help="Length of each step.")
def bench_http(as_json: bool, seconds: int) -> None:
    """Orders over HTTP, one a request, at a fixed rate that does not wait for answers."""
    _run_bench("intake_http", ["--seconds", str(seconds)] + (["--json"] if as_json else []))


bench.needs_no_database = True  # type: ignore[attr-defined]
