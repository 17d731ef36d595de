"""The rooms' commands at the command line: name → click command."""

from __future__ import annotations

import click

from entrepot.cli.intake import bench, intake
from entrepot.cli.markets import market, quote, rules

COMMANDS: dict[str, click.Command] = {
    "bench": bench,
    "intake": intake,
    "market": market,
    "quote": quote,
    "rules": rules,
}
