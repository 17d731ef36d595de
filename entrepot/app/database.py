"""Bring a database up for a command: use the running one, or start the embedded one for as long as it is needed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from entrepot.app.config import Config
from entrepot.app.failure import RETRY, Failure
from entrepot.app.postgres import Cluster, DatabaseError

DISK_NEEDED_MB = 400


def cluster_of(config: Config) -> Cluster:
    """The embedded cluster of this data directory."""
    return Cluster(home=config.home, sockets=config.sockets, password=config.database_password)


def check_disk(path: Path) -> None:
    """Refuse to begin on a nearly full disk. Raises Failure."""
    free_mb = shutil.disk_usage(path).free // 1_048_576
    if free_mb < DISK_NEEDED_MB:
        raise Failure(
            f"Only {free_mb} MB are free on the disk of {path}; Entrepot needs {DISK_NEEDED_MB} MB to start. "
            "Free some space, or set ENTREPOT_HOME to a directory on another disk."
        )


def check_server(config: Config) -> None:
    """Make sure that the server named by DATABASE_URL answers. Raises Failure."""
    entry = config.database()
    words = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    arguments = {name: str(entry[key]) for name, key in words.items() if entry[key]}
    try:
        psycopg.connect(connect_timeout=5, **arguments).close()  # type: ignore[arg-type]
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[0].rsplit("failed: ", 1)[-1]
        raise Failure(
            f"The database of DATABASE_URL does not answer: {reason}. Start it or correct DATABASE_URL; "
            "unset it to use the embedded PostgreSQL.",
            RETRY,
        ) from error


@contextmanager
def database(config: Config) -> Iterator[Cluster | None]:
    """A reachable database for the length of the block; stops only what it started. Raises Failure."""
    if config.database_url:
        check_server(config)
        yield None
        return
    cluster = cluster_of(config)
    if cluster.is_running():
        yield None
        return
    check_disk(config.home)
    try:
        cluster.start()
        cluster.make_database("entrepot")
    except DatabaseError as error:
        raise Failure(str(error)) from error
    try:
        yield cluster
    finally:
        cluster.stop()


def forget(config: Config) -> None:
    """Delete everything in the data directory that Entrepot made, and nothing else."""
    cluster = cluster_of(config)
    known = (
        "postgres",
        "postgres-binaries",
        "static",
        "media",
        "search",
        "run",
        "logs",
        "mail",
        "numba",
        "snapshots",
        "imports",
    )
    files = (
        "secrets.json",
        "clock-offset",
        "up.lock",
        "postgres.log",
        "static.version",
        "prepared.version",
        "running.json",
    )
    for place in {config.home, cluster.data.parent, config.sockets}:
        for name in known:
            shutil.rmtree(place / name, ignore_errors=True)
        for name in files:
            (place / name).unlink(missing_ok=True)
    if config.sockets.name.startswith("entrepot-"):
        shutil.rmtree(config.sockets, ignore_errors=True)
    for place in (cluster.data.parent, config.home):
        if place.exists() and not os.listdir(place):
            place.rmdir()
