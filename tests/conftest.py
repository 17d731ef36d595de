"""Every test talks to a real PostgreSQL: one embedded cluster a run, one database a worker, cloned from a template."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.scratch import IS_OWNER, RUN, WORKER

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.market import Market

PASSWORD = "test"
_cluster = None


def _start_cluster() -> None:
    global _cluster
    from entrepot.app.postgres import Cluster

    _cluster = Cluster(home=RUN / "pg", sockets=RUN / "s", password=PASSWORD)
    # A test run need not survive a power cut; what must is proven by the tests that kill their own servers.
    _cluster.start(settings={"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"})


def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings

    # Slow hashes are for attackers (the tests that measure them set their own); static files need no collecting.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    if IS_OWNER and not config.option.collectonly:
        _start_cluster()


def pytest_unconfigure(config: pytest.Config) -> None:
    if IS_OWNER:
        if _cluster is not None:
            _cluster.stop()
        shutil.rmtree(RUN, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureRequest) -> None:
    """Migrate a template database once a run, then clone it for this worker."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections

    from entrepot.app.postgres import Cluster

    cluster = Cluster(home=RUN / "pg", sockets=RUN / "s", password=PASSWORD)
    entry = settings.DATABASES["default"]
    entry.update(HOST=str(RUN / "s"), PASSWORD=PASSWORD, CONN_MAX_AGE=0)
    connection = connections["default"]
    connection.settings_dict.update(entry)
    with (RUN / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if cluster.make_database("template_entrepot"):
            connection.settings_dict["NAME"] = "template_entrepot"
            with django_db_blocker.unblock():  # type: ignore[attr-defined]
                call_command("migrate", verbosity=0)
                connection.close()
        cluster.make_database(f"test_{WORKER}", template="template_entrepot")
    connection.settings_dict["NAME"] = f"test_{WORKER}"
    os.environ["ENTREPOT_TEST_DSN"] = (
        f"host={RUN / 's'} port=5432 user=entrepot password={PASSWORD} dbname=test_{WORKER}"
    )


# Tests against a whole running market: they share one, in one worker, in order.
HERE = Path(__file__).parent
WITH_MARKET = (HERE / "journeys", HERE / "conformance", HERE / "concurrency")


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if any(folder in item.path.parents for folder in WITH_MARKET):
            item.add_marker(pytest.mark.xdist_group("market"))
            item.add_marker(pytest.mark.slow)
            if HERE / "journeys" in item.path.parents:
                item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def market() -> Iterator[Market]:
    """A fresh market with the pilot's data, served by real processes; `MARKET_URL` names one that runs already."""
    from tests.market import Running, running

    there = os.environ.get("MARKET_URL")
    with nullcontext(Running(there)) if there else running(workers=2) as market:
        yield market


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium a module: Playwright's event loop must be gone before the next tests use the database."""
    from tests.browser import chromium

    with chromium() as browser:
        yield browser
