"""The rooms' commands at the command line: name → click command."""

from __future__ import annotations

import click

from entrepot.cli.feeds import export_feed, import_feed
from entrepot.cli.intake import bench, intake
from entrepot.cli.ledger import fees, ledger
from entrepot.cli.markets import market, quote, rates, requote, rules
from entrepot.cli.parcels import parcels
from entrepot.cli.simulate import simulate

COMMANDS: dict[str, click.Command] = {
    "bench": bench,
    "intake": intake,
    "fees": fees,
    "ledger": ledger,
    "market": market,
    "parcels": parcels,
    "quote": quote,
    "rates": rates,
    "requote": requote,
    "rules": rules,
    "simulate": simulate,
    "export": export_feed,
    "import": import_feed,
}
