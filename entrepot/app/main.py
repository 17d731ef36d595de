"""The `entrepot` command: start the market, fill it, look after it.

Data goes to stdout, messages and progress to stderr. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not found,
4 conflict (already running, port taken), 5 refused, 75 try again later.
"""

from __future__ import annotations

import importlib
import json
import os
import platform
import sys
from typing import Any

import click

from entrepot import __version__
from entrepot.app.config import Config, ConfigError, load
from entrepot.app.failure import CONFLICT, NOT_FOUND, RETRY, USAGE, VALIDATION, Failure

OWN = {"up", "prepare", "migrate", "seed", "reset", "doctor"}


class Entrepot(click.Group):
    """Own commands start light; the rooms' commands (`entrepot.cli`) are imported with Django when one is asked for."""

    def _rooms(self) -> dict[str, click.Command]:
        import django

        django.setup()
        return dict(importlib.import_module("entrepot.cli.commands").COMMANDS)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *self._rooms()})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name in OWN:
            return super().get_command(ctx, name)
        found = self._rooms().get(name)
        return None if found is None else _with_database(found)


def _with_database(command: click.Command) -> click.Command:
    """Run a room's command with a reachable database: the running one, or one started for it."""
    if getattr(command, "needs_no_database", False):
        return command
    inner = command.invoke

    def invoke(ctx: click.Context) -> Any:
        from entrepot.app.database import database

        if ctx.parent is not None and "--help" in sys.argv:
            return inner(ctx)
        with database(load()):
            return inner(ctx)

    command.invoke = invoke  # type: ignore[method-assign]
    return command


@click.group(
    cls=Entrepot,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=(__doc__ or "").split("\n\n")[1],
)
@click.version_option(__version__, prog_name="entrepot")
def entrepot() -> None:
    """Run a cross-border marketplace: start it, fill it, look after it."""


@entrepot.command()
def up() -> None:
    """Set up what is missing, load the pilot the first time, and serve the market until Ctrl-C.

    PORT moves the web address (the edge listens on PORT + 1), ENTREPOT_HOME the data directory, DATABASE_URL names
    another PostgreSQL than the embedded one.
    """
    from entrepot.app.supervisor import Supervisor, take_lock

    config = load()
    click.echo(f"Entrepot {__version__}, data in {config.home}", err=True)
    lock = take_lock(config)
    try:
        Supervisor(config).run()
    finally:
        os.close(lock)


@entrepot.command(hidden=True)
def prepare() -> None:
    """Tables, static files and the compiled intake; `up` runs it before it serves."""
    config = load()
    _django()
    from entrepot.app import prepare as steps

    steps.prepare(config)


@entrepot.command()
def migrate() -> None:
    """Bring the tables of the database up to date."""
    from entrepot.app.database import database

    config = load()
    with database(config):
        _django()
        from entrepot.app import prepare as steps

        count = steps.migrate()
    click.echo(f"{count} migrations applied" if count else "the tables are up to date", err=True)


@entrepot.command()
def seed() -> None:
    """Load the Spain pilot's sellers, products, people and orders. Running it again changes nothing."""
    from entrepot.app.database import database

    config = load()
    if not config.is_pilot:
        raise Failure(
            "The pilot's data is for a pilot only; this installation runs in production mode.", VALIDATION
        )
    with database(config):
        _django()
        from entrepot.app import prepare as steps

        steps.migrate()
        steps.seed()


@entrepot.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
def reset(yes: bool) -> None:
    """Delete this market's data: database, pictures, search index, mail, logs."""
    from entrepot.app.database import forget
    from entrepot.app.supervisor import take_lock

    config = load()
    if config.database_url:
        raise Failure(
            "reset deletes the embedded database only; DATABASE_URL names another. Drop that one yourself.",
            USAGE,
        )
    lock = take_lock(config)
    try:
        if not yes:
            if not sys.stdin.isatty():
                raise Failure(
                    "Nothing deleted: reset asks first, and there is no terminal. Say --yes.", USAGE
                )
            if not click.confirm(f"Delete all data of the market in {config.home}?", err=True):
                click.echo("Nothing deleted.", err=True)
                return
        forget(config)
    finally:
        os.close(lock)
    click.echo(f"Deleted. The next start begins afresh in {config.home}.", err=True)


@entrepot.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(as_json: bool) -> None:
    """Show the configuration in force and check what the market needs."""
    from entrepot.app.doctor import examine

    rows = examine(load())
    if as_json:
        click.echo(json.dumps([row.__dict__ for row in rows], indent=1))
    else:
        click.echo(f"Entrepot {__version__} · Python {platform.python_version()} · {platform.platform()}")
        for row in rows:
            click.echo(
                f"{'✓' if row.good else '✗'} {row.name:18} {row.value}"
                + (f"\n  → {row.remedy}" if row.remedy else "")
            )
    if not all(row.good for row in rows):
        sys.exit(1)


def _django() -> None:
    import django

    django.setup()


def _say(sentence: str, code: int) -> None:
    click.echo(f"entrepot: {sentence}", err=True)
    sys.exit(code)


def main() -> None:
    """Entry point: every expected failure is a sentence and an exit code, never a trace."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "entrepot.app.settings")
    try:
        config: Config = load()
        os.environ.setdefault("NUMBA_CACHE_DIR", str(config.home / "numba"))
        entrepot(standalone_mode=False)
    except (Failure, ConfigError) as error:
        _say(str(error), getattr(error, "code", VALIDATION))
    except click.ClickException as error:
        error.show()
        sys.exit(USAGE)
    except click.Abort:
        _say("stopped", 130)
    except OSError as error:
        if error.errno == 28:  # ENOSPC
            _say("The disk is full. Free some space and run the same command again; nothing is half done.", 1)
        raise
    except Exception as error:
        refusal = _refusal_of(error)
        if refusal is None:
            raise
        _say(*refusal)


def _refusal_of(error: Exception) -> tuple[str, int] | None:
    """A room's refusal as sentence and exit code; a database that went away as “try again”."""
    from django.db import OperationalError

    from entrepot.kit.errors import Refusal

    if isinstance(error, Refusal):
        code = {404: NOT_FOUND, 409: CONFLICT, 503: RETRY}.get(error.status, VALIDATION)
        named = f"{error.field}: " if error.field else ""
        return f"{named}{error.sentence} [{error.code}]", code
    if isinstance(error, OperationalError):
        return f"The database does not answer: {str(error).strip().splitlines()[0]}", RETRY
    return None
