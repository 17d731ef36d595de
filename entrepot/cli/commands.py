"""The rooms' commands at the command line: name → click command."""

from __future__ import annotations

import click

from entrepot.cli.intake import bench, intake

COMMANDS: dict[str, click.Command] = {"bench": bench, "intake": intake}
