"""What must be there before the market is served: tables, static files, and in a pilot its goods and people."""

from __future__ import annotations

import hashlib
import importlib
import sys
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from entrepot.app.config import CHECKOUT, Config
from entrepot.app.progress import step

STAMP = "prepared.version"  # in the data directory: what was prepared last


def prepared_version(config: Config) -> str:
    """A hash of everything that preparing reads: migrations, the pilot's files, and what static files are made of."""
    digest = hashlib.sha256(static_version().encode())
    for path in sorted(CHECKOUT.glob("entrepot/**/migrations/*.py")) + sorted(CHECKOUT.glob("pilot/**/*")):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(f"{path.relative_to(CHECKOUT)} {path.stat().st_size}".encode())
    digest.update(str(config.is_pilot).encode())
    return digest.hexdigest()


def prepare(config: Config) -> None:
    """Tables, static files and the intake's machine code, side by side: the first start has two cores and a minute."""
    import django

    with ProcessPoolExecutor(2, mp_context=get_context("spawn"), initializer=django.setup) as others:
        static = others.submit(build_static, config)
        kernel = others.submit(compile_kernel)
        migrate()
        for name, work in (("fonts and styles", static), ("the order intake's machine code", kernel)):
            with nullcontext() if work.done() else step(name):
                work.result()


def migrate() -> int:
    """Apply open migrations; returns how many."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return 0
    with step("tables") as show:
        done = 0

        def tell(action: str, migration: Any = None, fake: bool = False) -> None:
            nonlocal done
            if action == "apply_success":
                done += 1
                show(done, len(plan))

        executor.progress_callback = tell  # type: ignore[assignment]
        executor.migrate(executor.loader.graph.leaf_nodes(), plan)
        show(len(plan), note=f"{len(plan)} migrations")
    return len(plan)


def static_version() -> str:
    """A hash of everything that static files are made of: names, sizes and times of sources, and the lock file."""
    digest = hashlib.sha256((CHECKOUT / "requirements" / "core.txt").read_bytes())
    for path in sorted((CHECKOUT / "entrepot").glob("*/static/**/*")) + [
        CHECKOUT / "entrepot/storefront/assets.py"
    ]:
        if path.is_file():
            digest.update(str(path.relative_to(CHECKOUT)).encode() + path.read_bytes())
    return digest.hexdigest()


def build_static(config: Config) -> bool:
    """Subset the font, collect and compress static files unless nothing changed; True when built."""
    from django.core.management import call_command

    from entrepot.storefront.assets import build_assets

    stamp: Path = config.home / "static.version"
    version = static_version()
    if (
        stamp.exists()
        and stamp.read_text() == version
        and (config.home / "static" / "staticfiles.json").exists()
    ):
        return False
    build_assets()
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(version)
    return True


def compile_kernel() -> None:
    """Leave the intake's kernel as machine code in NUMBA_CACHE_DIR, where every process finds it."""
    importlib.import_module("entrepot.intake.kernel")


def seed() -> None:
    """Load the Spain pilot: its sellers, products, people and 90 days of orders. Running it again changes nothing."""
    if str(CHECKOUT) not in sys.path:
        sys.path.insert(0, str(CHECKOUT))
    from entrepot.kit.bulk import without_cycle_search

    with without_cycle_search():
        importlib.import_module("pilot.load").load(step)
