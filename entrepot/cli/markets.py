"""`entrepot market`, `entrepot quote`, `entrepot rules`: countries, full prices, and the rules behind them."""

from __future__ import annotations

import getpass
import json
import sys
import time
from datetime import date
from pathlib import Path

import click
import msgspec
from django.conf import settings

from entrepot.cli.intake import _run_bench as run_bench
from entrepot.cli.intake import bench
from entrepot.compliance.queries import rule_coverage
from entrepot.insight.commands import extend_offers, open_market, requote_page, review_market
from entrepot.kit import clock
from entrepot.kit.context import Actor, Context
from entrepot.kit.errors import Busy, Invalid
from entrepot.kit.money import Money
from entrepot.landedcost import queries as landedcost
from entrepot.markets import commands, queries

LONGEST_NAME = 200
SCOPES = frozenset({"markets:write", "offers:write"})


def _context() -> Context:
    """The operator at the machine itself."""
    return Context(
        Actor("operator", f"{getpass.getuser()} at the command line"), at=clock.now(), scopes=SCOPES
    )


def _json(value: object) -> str:
    return json.dumps(msgspec.to_builtins(value, enc_hook=str), ensure_ascii=False, indent=1)


@click.group()
def market() -> None:
    """Countries: what their pack says, what stands in their way, open them, close them."""


@market.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_markets(as_json: bool) -> None:
    """Every country with its state."""
    packs = queries.all_markets()
    if as_json:
        click.echo(_json(packs))
        return
    for each in packs:
        click.echo(f"{each.code}  {each.state:6}  {each.currency}  {each.name}  {' '.join(each.languages)}")


@market.command()
@click.argument("code")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(code: str, as_json: bool) -> None:
    """The whole pack of a country."""
    facts = queries.market_by_code(code)
    on = clock.now().date()
    rules = [rule.rule_id for rule in queries.import_rules(facts.code, on)]
    told = msgspec.to_builtins(facts, enc_hook=str) | {"import_rules_in_force": rules}
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for name, value in told.items():
        text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else value
        click.echo(f"{name:22} {text}")


@market.command()
@click.argument("code")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check(code: str, as_json: bool) -> None:
    """The readiness checklist, looked up anew. Ends with 1 while something blocks the launch."""
    review_market(_context(), code=code)
    findings = queries.readiness(code, clock.now().date())
    if as_json:
        click.echo(_json(findings))
    else:
        for item in findings:
            click.echo(
                f"{'✓' if item.is_ready else '✗'} {item.item:12} {item.sentence}"
                + "".join(f"\n  → {way}" for way in (item.fix_command, item.fix_url) if way)
            )
    if not all(item.is_ready for item in findings):
        sys.exit(1)


@market.command()
@click.argument("code")
@click.option("--pilot", is_flag=True, help="As a pilot: of all visitors, or of the share.")
@click.option(
    "--share",
    type=click.IntRange(0, 100),
    default=100,
    help="Per cent of visitors; fewer than 100 is a pilot, 0 only who is invited.",
)
@click.option(
    "--offers-of", default="", help="First offer here what is offered in this country, prices requoted."
)
def launch(code: str, pilot: bool, share: int, offers_of: str) -> None:
    """Open a country. Refused with every blocker of its checklist, which is looked up anew."""
    if offers_of:
        made = extend_offers(_context(), from_market=offers_of, to_market=code)
        click.echo(
            f"{made.offered} offers made; {made.unpriced} without a full price, {made.held} products held by rules",
            err=True,
        )
    facts = open_market(
        _context(),
        code=code,
        state="pilot" if pilot or share < 100 else "live",
        visitor_share_bp=share * 100,
    )
    click.echo(f"{facts.code} is {facts.state}: /{queries.locale_path(facts.code, facts.default_language)}/")


@market.command()
@click.argument("code")
@click.argument("label")
def invite(code: str, label: str) -> None:
    """Print a link that lets somebody into the pilot of a country; LABEL says who it is for."""
    click.echo(settings.BASE_URL + commands.invite_to_market(_context(), code=code, label=label).path)


@market.command()
@click.argument("code")
def close(code: str) -> None:
    """Take no new orders in a country."""
    facts = commands.close_market(_context(), code=code)
    click.echo(f"{facts.code} is {facts.state}")


@click.command()
@click.option("--all", "is_all", is_flag=True, required=True, help="Every offer in every open country.")
@click.option("--restart", is_flag=True, help="Begin the day's run anew instead of going on where it ended.")
def requote(is_all: bool, restart: bool) -> None:
    """Price every offer anew by the rules and rates of today. Interrupted, the same command goes on from there."""
    began = time.monotonic()
    told = requote_page(_context(), restart=restart)
    first = told.products
    with click.progressbar(
        length=max(told.whole, 1), label="Products", file=sys.stderr, show_pos=True
    ) as bar:
        bar.update(told.products)
        while not told.is_done:
            before = told.products
            try:
                told = requote_page(_context())
            except Busy as busy:  # the worker is at the same run
                time.sleep(busy.facts["seconds"])
            bar.update(told.products - before)
    seconds = time.monotonic() - began
    click.echo(
        f"{told.products} products are priced for today; {told.changed} offers are new or differ"
        f" ({told.products - first} now, in {seconds:.1f} s)"
    )


def _line(number: int, text: str, currency: str) -> landedcost.GoodsLine:
    """`hs=610443,price=40.00,qty=1,name=dress,vat=general,weight=300`."""
    given = {}
    for part in text.split(","):
        name, sign, value = part.partition("=")
        if not sign or name.strip() not in ("hs", "price", "qty", "name", "vat", "weight"):
            raise Invalid(
                field="line", reason=f"“{part[:40]}” is not one of hs=, price=, qty=, name=, vat=, weight=."
            )
        if name.strip() in given:
            raise Invalid(field="line", reason=f"{name.strip()}= stands there twice.")
        given[name.strip()] = value.strip()
    if "price" not in given:
        raise Invalid(field="line", reason="A line needs a price.", hint="For instance price=40.00.")
    try:
        quantity, weight = int(given.get("qty", "1")), int(given.get("weight", "0"))
    except ValueError:
        raise Invalid(field="line", reason="qty and weight are whole numbers.") from None
    return landedcost.GoodsLine(
        ref=given.get("name", "")[:LONGEST_NAME] or str(number),
        hs6=given.get("hs", ""),
        vat_goods=given.get("vat", "general"),
        quantity=quantity,
        unit_price_minor=landedcost.minor_of(given["price"], currency, "price"),
        weight_g=weight,
    )


@click.command()
@click.option("--from", "origin", required=True, help="Country the goods come from.")
@click.option("--to", "destination", required=True, help="Country they go to.")
@click.option(
    "--line", "lines", multiple=True, required=True, help="hs=610443,price=40.00,qty=1,name=dress[,vat=food]"
)
@click.option("--currency", default="", help="Currency of the prices; the destination's without it.")
@click.option("--date", "on", default="", help="Day of the sale, 2026-11-21; today without it.")
@click.option("--shipping", default="0", help="Shipping charged to the buyer.")
@click.option(
    "--via", type=click.Choice(["ioss", "post"]), default="ioss", help="How VAT is paid into the EU."
)
@click.option("--seller-country", default="", help="Where the seller is established; --from without it.")
@click.option(
    "--price-mode",
    type=click.Choice(["net", "gross"]),
    default="net",
    help="net: tax is added. gross: it is inside.",
)
@click.option(
    "--duty-payer", type=click.Choice(["buyer", "seller"]), default="buyer", help="Who bears the duty."
)
@click.option("--postcode", default="", help="Of the delivery, to notice special territories.")
@click.option("--region", default="", help="Part of the country with rates of its own, for instance OR.")
@click.option(
    "--before-tax", is_flag=True, help="As shown before the place is known, where tax is added by place: US."
)
@click.option("--parcels", type=int, default=1, help="Parcels of the consignment.")
@click.option("--attest", multiple=True, help="below_oss_limit, cbec_positive_list")
@click.option("--json", "as_json", is_flag=True, help="Print the whole quote as JSON.")
def quote(
    origin: str, destination: str, lines: tuple[str, ...], currency: str, on: str, shipping: str, via: str,
    seller_country: str, price_mode: str, duty_payer: str, postcode: str, region: str, before_tax: bool, parcels: int,
    attest: tuple[str, ...], as_json: bool,
) -> None:  # fmt: skip
    """What a consignment costs its buyer, each part with its rule. Unknown duties are refused, never guessed."""
    currency = (currency or queries.pack(destination).currency).upper()
    try:
        day = date.fromisoformat(on) if on else clock.now().date()
    except ValueError:
        raise Invalid(field="date", reason=f"“{on[:20]}” is not a day.", hint="Write 2026-11-21.") from None
    made = landedcost.quote(
        [_line(number, text, currency) for number, text in enumerate(lines, start=1)],
        origin=origin,
        destination=destination,
        on=day,
        seller_country=seller_country or origin,
        via=via,
        shipping_minor=landedcost.minor_of(shipping, currency, "shipping"),
        currency=currency,
        price_mode=price_mode,
        duty_payer=duty_payer,
        postcode=postcode,
        region=region.upper(),
        parcels=parcels,
        attested=frozenset(attest),
        before_tax=before_tax,
    )
    if as_json:
        click.echo(_json(landedcost.written(made)))
        return
    click.echo(
        f"{made.origin} → {made.destination} · {made.scheme} · {made.incoterm} · {made.on.isoformat()}"
    )
    for part in made.parts:
        rate = "" if part.rate_bp is None else f"{part.rate_bp / 100:g} %"
        click.echo(f"{part.label_key:22} {_decimal(part.minor, currency):>12} {rate:>7}  {part.rule_id}")
    click.echo(f"{'Total':22} {_decimal(made.total_minor, currency):>12} {currency}")
    for part in made.absorbed:
        click.echo(f"  the seller bears {part.label_key.lower()}: {_decimal(part.minor, currency)}")
    for warning in made.warnings:
        click.echo(f"! {warning.sentence}", err=True)


def _decimal(minor: int, currency: str) -> str:
    return str(Money(minor, currency).as_decimal())


@click.group()
def rules() -> None:
    """The rules in the tables: check worked examples, count what is kept."""


@rules.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify(file: Path, as_json: bool) -> None:
    """Run worked examples (landed_cost_vectors.json) through the quote. Ends with 1 when one disagrees."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, UnicodeDecodeError) as problem:
        raise Invalid(field="file", reason=f"{file} is not JSON: {problem}") from None
    checked = landedcost.verify_vectors(data)
    if as_json:
        click.echo(_json(checked))
    else:
        for miss in checked.mismatches:
            click.echo(f"{miss.vector}: {miss.field} is {miss.got}, expected {miss.expected}")
        for group, count in sorted(checked.by_confidence.items()):
            click.echo(f"{count} examples {group}")
        click.echo(f"{checked.checks} checks, {len(checked.mismatches)} mismatches")
    if checked.mismatches:
        sys.exit(1)


@rules.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def coverage(as_json: bool) -> None:
    """Which consumer rules the house keeps, where, and which not yet."""
    found = rule_coverage(clock.now().date())
    if as_json:
        click.echo(_json(found))
        return
    for each in found:
        mark = "✓" if each.kept_by else " " if each.in_force else "·"
        told = each.kept_by or f"not yet, it needs {each.needs}: {each.reason}"
        click.echo(f"{mark} {each.rule_id:24} {each.enforcement_point:34.34} {told}")
    kept = sum(1 for each in found if each.kept_by)
    in_force = sum(1 for each in found if each.in_force)
    click.echo(f"{kept} of {len(found)} rules are kept ({in_force} in force; · not in force yet or any more)")


@click.command()
@click.option("--address", default="", help="Another place of the file eurofxref-hist.zip.")
def rates(address: str) -> None:
    """Fetch the European Central Bank's exchange rates. Ends with 1 when that fails; the rates that are here stay."""
    found = commands.refresh_rates(_context(), **({"address": address} if address else {}))
    click.echo(found.sentence)
    if not found.is_refreshed:
        sys.exit(1)


@rules.command()
@click.option("--checked-on", default="", help="The day written beside each row; today without it.")
def holidays(checked_on: str) -> None:
    """Print the table of public holidays as the installed package has it (entrepot/markets/rules/holidays.csv)."""
    day = date.fromisoformat(checked_on) if checked_on else clock.now().date()
    click.echo(queries.holidays_table(day), nl=False)


@rules.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def headings(words: tuple[str, ...], as_json: bool) -> None:
    """HS headings on file that some words (in any language of the interface) speak of. Ends with 1 when none does."""
    found = landedcost.headings_by_words(" ".join(words))
    if as_json:
        click.echo(_json(found))
    else:
        for each in found:
            click.echo(f"{each.hs6}  {each.fit_bp / 100:5.1f} %  {each.product}")
    if not found:
        sys.exit(1)


@bench.command(name="logistics")
@click.option("--json", "as_json", is_flag=True, help="Print only the JSON object.")
def bench_logistics(as_json: bool) -> None:
    """Promises a second on 500 nodes and 5,000 lanes, a single promise, tracking events a second."""
    run_bench("logistics", ["--json"] if as_json else [])


@bench.command(name="quotes")
@click.option("--json", "as_json", is_flag=True, help="Print only the JSON object.")
def bench_quotes(as_json: bool) -> None:
    """A single quote, and offer-market prices a second in bulk."""
    run_bench("quotes", ["--json"] if as_json else [])


for command in (quote, rules):
    command.needs_no_database = True  # type: ignore[attr-defined]
