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


@click.command()
@click.option("--price", required=True, help="Gross price of one article, 40.00, in the market's currency.")
@click.option("--market", default="ES", show_default=True, help="Country it is sold in.")
@click.option("--category", default="", help="Its category's address, as in the shop.")
@click.option("--country", default="ES", show_default=True, help="Where the seller is established.")
@click.option(
    "--private", "is_private", is_flag=True, help="The seller is a private person without a VAT number."
)
@click.option("--programme", default="", help="The programme the seller is in.")
@click.option(
    "--channel", default="web", show_default=True, help="The door the order comes in by: web or api."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def fees(
    price: str, market: str, category: str, country: str, is_private: bool, programme: str, channel: str, as_json: bool
) -> None:  # fmt: skip
    """What a seller receives for a sale today, by the operator's list of commissions."""
    from entrepot.catalog.queries import category_by_slug
    from entrepot.kit.money import Money
    from entrepot.landedcost.queries import minor_of
    from entrepot.markets.queries import market_by_code
    from entrepot.settlement.queries import Sale, fee_quote

    at, where = clock.now(), market_by_code(market.upper())
    made = fee_quote(
        Sale(
            at.date(),
            where.code,
            where.currency,
            category_by_slug(category).path if category else (),
            programme,
            channel,
            "private" if is_private else "company",
        ),
        price_minor=minor_of(price, where.currency, "price"),
        seller_country=market_by_code(country.upper()).code,
        has_vat_no=not is_private,
        at=at,
    )
    if as_json:
        lines = {f"{line.key}_minor": line.minor for line in made.lines}
        facts = {"rule": made.rule.rule_id, "currency": made.currency, "vat_treatment": made.vat_treatment}
        click.echo(json.dumps({**facts, **lines, "receive_minor": made.receive_minor}))
        return
    for line in made.lines:
        click.echo(f"{line.key:16} {Money(line.minor, made.currency).as_decimal():>12} {made.currency}")
    click.echo(f"{'receive':16} {Money(made.receive_minor, made.currency).as_decimal():>12} {made.currency}")
    click.echo(f"rule {made.rule.rule_id}, VAT on the commission: {made.vat_treatment}")


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
