"""The rooms' commands at the command line: name → click command."""

from __future__ import annotations

import click

COMMANDS: dict[str, click.Command] = {}
