"""`entrepot doctor`: what is configured, and whether it can work."""

from __future__ import annotations

import os
import shutil
import socket
from dataclasses import dataclass

import psycopg

from entrepot.app.config import Config
from entrepot.app.database import DISK_NEEDED_MB, check_server, cluster_of
from entrepot.app.failure import Failure
from entrepot.app.postgres import DatabaseError, wheel_binaries


@dataclass(slots=False)
class Row:
    """One line of the report."""

    name: str
    good: bool
    value: str
    remedy: str = ""


def examine(config: Config) -> list[Row]:
    """Check each thing by itself; no check changes anything."""
    rows = [
        Row("mode", True, config.mode),
        Row("data directory", os.access(config.home, os.W_OK), str(config.home), ""),
        Row("address", True, config.base_url),
        Row("web workers", True, str(config.web_workers)),
    ]
    free_mb = shutil.disk_usage(config.home).free // 1_048_576
    enough = free_mb >= DISK_NEEDED_MB
    rows.append(
        Row("free disk", enough, f"{free_mb} MB", "" if enough else "Free some space or move ENTREPOT_HOME.")
    )
    rows.append(_database(config))
    for port in (config.port, config.edge_port):
        with socket.socket() as probe:
            busy = probe.connect_ex(("127.0.0.1", port)) == 0
        rows.append(
            Row(f"port {port}", True, "in use (the market runs, or another program)" if busy else "free")
        )
    return rows


def _database(config: Config) -> Row:
    if config.database_url:
        try:
            check_server(config)
        except Failure as error:
            return Row("database", False, "DATABASE_URL", str(error))
        return Row("database", True, "DATABASE_URL answers")
    try:
        binaries = wheel_binaries()
    except DatabaseError as error:
        return Row("database", False, "embedded", str(error))
    cluster = cluster_of(config)
    if not cluster.is_running():
        return Row("database", True, f"embedded, stopped ({cluster.data}; binaries {binaries})")
    with psycopg.connect(cluster.dsn) as connection:
        version = connection.execute("SHOW server_version").fetchone()
    return Row(
        "database", True, f"embedded PostgreSQL {version[0] if version else '?'} answers ({cluster.data})"
    )
