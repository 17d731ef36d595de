"""`entrepot ledger`: look at the books, find what does not add up, close a period. `entrepot bench ledger`: measure them."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime

import click

from entrepot.cli.intake import _run_bench, bench
from entrepot.kit import clock
from entrepot.kit.context import Context, system_context


def _ctx() -> Context:
    return system_context(at=clock.now(), cause="command line")


@click.group()
def ledger() -> None:
    """Look at the books, find what does not add up, close a period."""


@ledger.command(name="balance")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--at", "at_text", default="", help="As of this moment (2026-11-30T23:59:59Z); now without it.")
def ledger_balance(as_json: bool, at_text: str) -> None:
    """The trial balance: every account that holds something."""
    from entrepot.settlement.queries import ledger_trial_balance

    lines = ledger_trial_balance(_ctx(), at=_moment(at_text) if at_text else None)
    for line in lines:
        kind, owner, currency = line.account
        if as_json:
            facts = {"kind": kind, "owner": owner, "currency": currency}
            click.echo(
                json.dumps(facts | {"debit_minor": line.debit_minor, "credit_minor": line.credit_minor})
            )
        else:
            click.echo(f"{kind:22} {owner:46} {currency} {line.debit_minor:14} {line.credit_minor:14}")
    if not as_json:
        for currency in sorted({line.account.currency for line in lines}):
            own = [line for line in lines if line.account.currency == currency]
            debits, credits = sum(one.debit_minor for one in own), sum(one.credit_minor for one in own)
            click.echo(f"{'sum':22} {'':46} {currency} {debits:14} {credits:14}")


@ledger.command(name="check")
def ledger_check() -> None:
    """Check every transfer and every table against the books; exit code 1 when something is unexplained."""
    from entrepot.settlement.queries import ledger_faults

    faults = ledger_faults(_ctx())
    for fault in faults:
        click.echo(fault)
    click.echo(f"{len(faults)} unexplained")
    sys.exit(1 if faults else 0)


@ledger.command(name="close")
@click.argument("until")
def ledger_close(until: str) -> None:
    """Close the books before UNTIL (2026-12-01T00:00:00Z): nothing can be posted into that time any more."""
    from entrepot.kit.errors import Refusal
    from entrepot.ledger.commands import close_period

    try:
        kept = close_period(_ctx(), until_at=_moment(until))
    except Refusal as no:
        raise click.ClickException(no.sentence) from no
    click.echo(f"closed until {until}; {kept} balances kept")


@bench.command(name="ledger")
@click.option("--json", "as_json", is_flag=True, help="Print only the JSON object.")
@click.option("--settlements", default=100_000, show_default=True, help="How many to post in bulk.")
def bench_ledger(as_json: bool, settlements: int) -> None:
    """Order settlements a second into the books, beside a bare COPY of the same rows."""
    _run_bench("ledger", ["--settlements", str(settlements)] + (["--json"] if as_json else []))


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.ClickException(f"“{text}” is not a moment like 2026-11-30T23:59:59Z.") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
