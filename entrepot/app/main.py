"""The `entrepot` command."""

from __future__ import annotations

import os

import click


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="entrepot", prog_name="entrepot")
def entrepot() -> None:
    """Run a cross-border marketplace: start it, fill it, look after it."""


def main() -> None:
    """Entry point: settings first, then the command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "entrepot.app.settings")
    entrepot()
