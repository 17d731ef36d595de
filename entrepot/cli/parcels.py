"""`entrepot parcels`: which parcels need somebody, how promises were kept, what waits in quarantine."""

from __future__ import annotations

import getpass
import json
from dataclasses import replace
from datetime import timedelta

import click
import msgspec

from entrepot.cli.intake import _run_bench as run_bench
from entrepot.cli.intake import bench
from entrepot.kit import clock
from entrepot.kit.context import Actor, Context
from entrepot.kit.errors import Refusal
from entrepot.logistics import queries
from entrepot.logistics.commands import Repair, repair_quarantined_events


def _context() -> Context:
    return Context(
        Actor("operator", f"{getpass.getuser()} at the command line"),
        at=clock.now(),
        scopes=frozenset({"orders:read"}),
    )


def _say_json(value: object) -> None:
    click.echo(
        json.dumps(msgspec.to_builtins(value, enc_hook=str, str_keys=True), ensure_ascii=False, indent=1)
    )


@click.group()
def parcels() -> None:
    """Parcels that need somebody, promises kept, events that wait for a person."""


@parcels.command()
@click.option("--limit", default=50, show_default=True, help="At most so many.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def late(limit: int, as_json: bool) -> None:
    """Open parcels past their promise, expected after it, or in trouble; the worst first."""
    found = queries.late_and_at_risk(_context(), clock.now().date(), limit=limit)
    if as_json:
        _say_json(found)
        return
    for each in found:
        parcel = each.parcel
        click.echo(
            f"{parcel.tracking_no}  {each.why:15} {each.days_late:3} days  promised {parcel.promised_to}  {parcel.place}"
        )
    click.echo(f"{len(found)} parcels need somebody", err=True)


@parcels.command()
@click.option("--days", default=30, show_default=True, help="Deliveries of the last so many days.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def promises(days: int, as_json: bool) -> None:
    """How many deliveries kept their promise, and by how many days they were early or late."""
    now = clock.now()
    record = queries.promise_record(_context(), now - timedelta(days=days), now)
    if as_json:
        _say_json(record)
        return
    share = f"{100 * record.on_time / record.delivered:.1f} %" if record.delivered else "–"
    click.echo(f"{record.delivered} delivered, {record.on_time} on time ({share})")
    for by, count in record.days_late.items():
        click.echo(f"{by:+4} days  {count}")


@parcels.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def quarantine(as_json: bool) -> None:
    """Carrier events that fit no parcel or cannot be true."""
    found = queries.quarantined_events()
    if as_json:
        _say_json(found)
        return
    for each in found:
        click.echo(
            f"{each.at.isoformat()}  {each.tracking_no:20} {each.code:20} {each.reason}  ({each.source})"
        )
    click.echo(f"{len(found)} events wait", err=True)


@parcels.command()
@click.argument("source")
@click.argument("event_id")
@click.option("--tracking-no", default="", help="The parcel it belongs to.")
@click.option("--code", default="", help="What happened, in our words.")
@click.option("--dismiss", is_flag=True, help="Keep it out for good.")
def repair(source: str, event_id: str, tracking_no: str, code: str, dismiss: bool) -> None:
    """Mend an event in quarantine and tell it again, or dismiss it."""
    ctx = replace(_context(), scopes=frozenset({"parcels:repair"}))
    mend = Repair(source, event_id, tracking_no=tracking_no, code=code, dismiss=dismiss)
    try:
        done = repair_quarantined_events(ctx, repairs=[mend])
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None
    click.echo(f"kept {done.kept}, repeated {done.repeated}, still in quarantine {done.quarantined}")


@parcels.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def exceptions(as_json: bool) -> None:
    """Parcels in trouble: whose it is, and by when."""
    found = queries.open_troubles(_context(), clock.now())
    if as_json:
        _say_json(found)
        return
    for each in found:
        late = "OVERDUE" if each.is_overdue else ""
        click.echo(
            f"{each.tracking_no}  {each.kind:16} {each.owner or each.owner_role:20} due {each.due_at.isoformat()} {late}"
        )
    click.echo(f"{len(found)} exceptions are open", err=True)


@bench.command(name="logistics")
@click.option("--json", "as_json", is_flag=True, help="Print only the JSON object.")
@click.option("--seconds", default=10, show_default=True, help="For how long tracking events are told.")
def bench_logistics(as_json: bool, seconds: int) -> None:
    """Promises a second, one promise, tracking events a second, and a year of the hub."""
    run_bench("logistics", ["--seconds", str(seconds)] + (["--json"] if as_json else []))


@bench.command(name="promises")
@click.argument("folder", default="../shared/data/olist-sample")
def bench_promises(folder: str) -> None:
    """Replay real delivery records: how many promises were kept, theirs and ours, and by how many days they were off (JSON)."""
    run_bench("promise_replay", [folder])
