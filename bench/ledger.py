"""`make bench-ledger`: how fast the books are kept on this machine, on a scratch PostgreSQL with its usual durability.

A settlement is one transfer of seven postings out of an order's escrow (guarded: its balance is kept and checked), posted
through `ledger.commands.post_transfers` with every check on. Load and database share the machine.

    python -m bench.ledger [--settlements 100000] [--json]
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import shutil
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

AT = datetime(2026, 11, 11, tzinfo=UTC)
PASSWORD = "bench"
BATCH = 5_000
CLIENTS = 2


def connect(home: Path) -> None:
    """Django on the scratch cluster's database."""
    os.environ["ENTREPOT_HOME"] = str(home / "home")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "entrepot.app.settings")
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from django.db import connection

    entry = {"HOST": str(home / "s"), "PASSWORD": PASSWORD, "NAME": "bench", "CONN_MAX_AGE": None}
    connection.settings_dict.update(entry)


def captures(first: int, count: int) -> list[Any]:
    from entrepot.ledger.commands import AccountRef, TransferDraft, credit, debit

    clearing = AccountRef("provider_clearing", "sandbox", "EUR")
    return [
        TransferDraft(
            f"capture:{n}",
            "capture",
            f"order:{n}",
            AT,
            [debit(clearing, 4237), credit(AccountRef("escrow", f"order:{n}", "EUR"), 4237)],
        )
        for n in range(first, first + count)
    ]


def settlements(first: int, count: int) -> list[Any]:
    """Seven postings each; a thousand sellers."""
    from entrepot.ledger.commands import AccountRef, TransferDraft, credit, debit

    shared = [
        credit(AccountRef("platform_commission", "ES", "EUR"), 400),
        credit(AccountRef("tax_owed", "ES:vat:ES", "EUR"), 84),
        credit(AccountRef("tax_owed", "ES:ioss:ES", "EUR"), 694),
        credit(AccountRef("duty_owed", "ES:customs", "EUR"), 111),
        credit(AccountRef("carrier_payable", "ES:carriers", "EUR"), 248),
    ]
    return [
        TransferDraft(
            f"release:{n}",
            "release",
            f"order:{n}",
            AT,
            [
                debit(AccountRef("escrow", f"order:{n}", "EUR"), 4237),
                credit(AccountRef("seller_payable", f"seller:{n % 1000}", "EUR"), 2700),
                *shared,
            ],
        )
        for n in range(first, first + count)
    ]


def client(home: str, first: int, count: int, kind: str, begin: Any, out: Any) -> None:
    """One process: post its share in batches, say how long each took."""
    connect(Path(home))
    from django.db import connection

    from entrepot.kit.bulk import without_cycle_search
    from entrepot.kit.context import system_context
    from entrepot.ledger.commands import post_transfers

    ctx = system_context(at=AT, cause="bench")
    make = captures if kind == "captures" else settlements
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        server = cursor.fetchone()[0]
    begin.wait()
    began, before = time.perf_counter(), (time.process_time(), cpu_s(server))
    for start in range(first, first + count, BATCH):
        with without_cycle_search():
            post_transfers(ctx, drafts=make(start, min(BATCH, first + count - start)))
    out.put((began, time.perf_counter(), time.process_time() - before[0], cpu_s(server) - before[1]))


def cpu_s(pid: int) -> float:
    """Seconds of processor time a process has used (Linux; 0.0 where that cannot be seen)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def together(home: Path, count: int, kind: str, base: int = 0) -> tuple[float, float, float]:
    """Seconds from the first client's start to the last one's end; processor seconds of the clients, and of their backends."""
    spawned = multiprocessing.get_context("spawn")  # a forked child would share our connection
    begin, out = spawned.Barrier(CLIENTS), spawned.Queue()
    share = count // CLIENTS
    workers = [
        spawned.Process(target=client, args=(str(home), base + n * share, share, kind, begin, out))
        for n in range(CLIENTS)
    ]
    for worker in workers:
        worker.start()
    times = [out.get(timeout=300) for _ in workers]
    for worker in workers:
        worker.join()
    starts, ends, ours, servers = zip(*times, strict=True)
    return max(ends) - min(starts), sum(ours), sum(servers)


def bare_copy(rows: int, *, indexed: bool) -> float:
    """Rows a second of one binary COPY of the same posting rows into a plain table, nothing checked: the yardstick."""
    from django.db import connection

    from entrepot.kit.bulk import copy_rows, instants

    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bare")
        cursor.execute("CREATE TABLE bare (LIKE ledger_posting)")
        if indexed:
            cursor.execute("ALTER TABLE bare ADD PRIMARY KEY (transfer_id, position)")
            cursor.execute("CREATE INDEX ON bare (account_id, at) INCLUDE (minor)")
        cursor.execute(
            "SELECT transfer_id, position, account_id, at, minor, currency FROM ledger_posting LIMIT %s",
            [rows],
        )
        columns = list(zip(*cursor.fetchall(), strict=True))
        arrays = {
            "transfer_id": np.array(columns[0], "i8"),
            "position": np.array(columns[1], "i2"),
            "account_id": np.array(columns[2], "i8"),
            "at": instants(np.array([round(at.timestamp() * 1e6) for at in columns[3]], "i8")),
            "minor": np.array(columns[4], "i8"),
            "currency": np.array(columns[5], "S3"),
        }
        began = time.perf_counter()
        copy_rows(cursor, "bare", arrays)
        return len(columns[0]) / (time.perf_counter() - began)


def singles(first: int, count: int) -> list[float]:
    """Milliseconds of single settlements, each its own durable transaction."""
    from entrepot.kit.context import system_context
    from entrepot.ledger.commands import post_transfer, post_transfers

    ctx = system_context(at=AT, cause="bench")
    post_transfers(ctx, drafts=captures(first, count))
    took = []
    for draft in settlements(first, count):
        began = time.perf_counter()
        post_transfer(ctx, draft=draft)
        took.append((time.perf_counter() - began) * 1000)
    return took


def fsync_ms(home: Path) -> float:
    """The median of a hundred 8 kB appends with fdatasync on the same disk."""
    took, path = [], home / "fsync"
    with path.open("wb") as file:
        for _ in range(100):
            began = time.perf_counter()
            file.write(b"x" * 8192)
            file.flush()
            os.fdatasync(file.fileno())
            took.append((time.perf_counter() - began) * 1000)
    path.unlink()
    return statistics.median(took)


def run(count: int) -> dict[str, Any]:
    """All figures."""
    home = Path(tempfile.mkdtemp(prefix="entrepot-bench-ledger-"))
    home.chmod(0o755)
    from entrepot.app.postgres import Cluster

    cluster = Cluster(home=home / "pg", sockets=home / "s", password=PASSWORD)
    load = os.getloadavg()[0]
    cluster.start()
    try:
        cluster.make_database("bench")
        connect(home)
        from django.core.management import call_command
        from django.db import connection

        from entrepot.ledger.queries import trial_balance, unbalanced_transfers

        call_command("migrate", verbosity=0)
        together(home, 2 * BATCH, "captures")  # opens the shared accounts, warms the server
        together(home, 2 * BATCH, "settlements")
        base = 10**9
        capture_s, _, _ = together(home, count, "captures", base)
        settle_s, client_s, server_s = together(home, count, "settlements", base)
        took = sorted(singles(2 * 10**9, 2_000))
        began = time.perf_counter()
        lines = trial_balance()
        trial_ms = (time.perf_counter() - began) * 1000
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM ledger_posting")
            postings = cursor.fetchone()[0]
        copy_rows, copy_indexed = bare_copy(count * 7, indexed=False), bare_copy(count * 7, indexed=True)
        debits, credits = sum(line.debit_minor for line in lines), sum(line.credit_minor for line in lines)
        connection.close()
        return {
            "settlements_per_s": round(count / settle_s),
            "postings_per_s": round(7 * count / settle_s),
            # Processor time of one settlement, whatever else the machine does: what it costs us, and its backend.
            "client_cpu_us": round(client_s / count * 1e6, 1),
            "server_cpu_us": round(server_s / count * 1e6, 1),
            "captures_per_s": round(count / capture_s),
            "single_p50_ms": round(took[len(took) // 2], 2),
            "single_p99_ms": round(took[len(took) * 99 // 100], 2),
            "copy_rows_per_s": round(copy_rows),
            "copy_indexed_rows_per_s": round(copy_indexed),
            "share_of_indexed_copy": round(7 * count / settle_s / copy_indexed, 2),
            "trial_balance": {
                "ms": round(trial_ms, 1),
                "postings": postings,
                "accounts": len(lines),
                "debit_minor": debits,
                "credit_minor": credits,
                "is_balanced": debits == credits and not unbalanced_transfers(),
            },
            "fsync_ms": round(fsync_ms(home), 2),
            "settlements": count,
            "clients": CLIENTS,
            "batch": BATCH,
            "cores": os.cpu_count(),
            "load": round(load, 2),
        }
    finally:
        cluster.stop()
        shutil.rmtree(home, ignore_errors=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--settlements", type=int, default=100_000)
    parser.add_argument("--json", action="store_true", help="print only the JSON object")
    words = parser.parse_args()
    print(json.dumps(run(words.settlements), indent=None if words.json else 2))


if __name__ == "__main__":
    main()
