"""`entrepot bench intake`: how many orders a second this machine accepts for good, layer by layer.

Everything runs on one machine: the load, the writer and PostgreSQL share its cores. Each figure names its layer:

    kernel       decide() on prepared batches, nothing stored
    durable      the writer's pipeline: blocks in memory → decide → seal (CRC, hash chain) → PostgreSQL journal (fsync) → answers
    socket       the same, but another process sends the blocks over the unix socket and waits for every answer
    hot          the pipeline on one offer with 500 pieces
    projected    the projector: journal → orders and lines with their indexes; against COPY alone of the same rows into the same tables
    restart      a new process: from the journal alone, and from a snapshot

Orders have 1 to 4 lines, half of them on 100 hot offers of a million; prices, windows, limits (every tenth offer), coupons
(every tenth order) and idempotency keys are checked. Only accepted orders count.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import subprocess
import sys
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bench.scratch import RESULTS, at_percent, fsync_ms, machine, say, scratch_product

OFFERS = 1_000_000


def now_ms() -> int:
    return time.time_ns() // 1_000_000


class Pipeline:
    """The writer's own steps, fed from memory: decide the next batch while the last is being made durable."""

    def __init__(self, dsn: str, number: int, sizes: Any) -> None:
        from entrepot.intake.adapters.postgres import PostgresJournal
        from entrepot.intake.book import Book
        from entrepot.intake.shard import Shard

        self.journal = PostgresJournal(dsn)
        self.shard = Shard(Book(number, 0x5EED, sizes), now_ms)
        self._thread = ThreadPoolExecutor(1)
        self._appending: Future[None] | None = None
        self.append_ms: list[float] = []

    def _append(self, sealed: Any) -> None:
        began = time.perf_counter()
        self.journal.append(self.shard.book.shard, sealed.seq, sealed.body)
        self.append_ms.append((time.perf_counter() - began) * 1000)

    def take(self, block: Any) -> int:
        """Decide a block and send it on its way; returns how many of its orders were accepted (once `finish` returns)."""
        sealed = self.shard.seal(block)
        self.finish()
        self._appending = self._thread.submit(self._append, sealed)
        return int((sealed.answers.code == 0).sum())

    def finish(self) -> None:
        if self._appending is not None:
            self._appending.result()
            self._appending = None


def fresh(block: Any, luck: Any) -> None:
    """Give the orders of a block new keys, and take back what deciding wrote into it."""
    from bench.intake_load import stamp_keys
    from entrepot.intake.book import flaw_in

    stamp_keys(block.columns["key_hi"], block.columns["key_lo"], len(block), now_ms(), luck)
    block["flags"][:] &= 1
    assert flaw_in(block) == -1  # as the writer does with every block


def measure_kernel(blocks: list[Any], seconds: float) -> float:
    import numpy as np

    from bench.intake_load import open_million
    from entrepot.intake.book import Book, Sizes

    book = Book(9, 1, Sizes(pages=1 << 18))
    for block in open_million(book, OFFERS, np.random.default_rng(1)):
        book.decide(block, now_ms())
    luck = np.array([1234567], np.uint64)
    accepted, spent, i = 0, 0.0, 0
    while spent < seconds and book.has_room(blocks[0]):
        block = blocks[i % len(blocks)]
        fresh(block, luck)
        began = time.perf_counter()
        answers = book.decide(block, now_ms())
        spent += time.perf_counter() - began
        accepted += int((answers.code == 0).sum())
        i += 1
    return accepted / spent


def measure_durable(dsn: str, blocks: list[Any], seconds: float) -> tuple[dict[str, Any], Pipeline]:
    import numpy as np

    from bench.intake_load import open_million
    from entrepot.intake.book import Sizes
    from entrepot.intake.writer import rss_bytes

    pipeline = Pipeline(dsn, 0, Sizes(pages=1 << 20, directory=1 << 23))
    for block in open_million(pipeline.shard.book, OFFERS, np.random.default_rng(1)):
        pipeline.take(block)
    pipeline.finish()
    pipeline.append_ms.clear()
    luck = np.array([987654321], np.uint64)
    accepted, i, low = 0, 0, float("inf")
    began = second = time.perf_counter()
    in_second = 0
    while time.perf_counter() - began < seconds:
        block = blocks[i % len(blocks)]
        fresh(block, luck)
        got = pipeline.take(block)
        accepted += got
        in_second += got
        i += 1
        if time.perf_counter() - second >= 1.0:
            low = min(low, in_second / (time.perf_counter() - second))
            second, in_second = time.perf_counter(), 0
    pipeline.finish()
    spent = time.perf_counter() - began
    times = sorted(pipeline.append_ms)
    return {
        "durable_orders_per_s": round(accepted / spent),
        "durable_orders": accepted,
        "durable_seconds": round(spent, 2),
        "durable_slowest_second": round(low) if low < float("inf") else None,
        "append_ms_p50": round(at_percent(times, 50), 2),
        "append_ms_p99": round(at_percent(times, 99), 2),
        "rss_after_durable_mb": round(rss_bytes() / 1e6),
        "keys_kept": pipeline.shard.book.totals()["commands"] - 2 * OFFERS,
        "book_mb": round(pipeline.shard.book.used_bytes() / 1e6),
    }, pipeline


def measure_hot(dsn: str) -> dict[str, Any]:
    """One offer, 500 pieces, a million attempts."""
    import numpy as np

    from bench.intake_load import hot_block
    from entrepot.intake.book import Sizes
    from entrepot.intake.commands import OpenCounter, SetOffer, _block_of, _prepare

    pipeline = Pipeline(dsn, 1, Sizes(pages=1 << 16))
    pipeline.take(_block_of([_prepare(OpenCounter(7, "stock", 500)), _prepare(SetOffer(7, 7, 1900, 1))]))
    luck = np.array([5], np.uint64)
    blocks = [hot_block(7, 1900, np.random.default_rng(i)) for i in range(8)]
    attempts = accepted = i = 0
    began = time.perf_counter()
    while attempts < 1_000_000:
        block = blocks[i % 8]
        if attempts + len(block) > 1_000_000:
            block = hot_block(7, 1900, np.random.default_rng(9), 1_000_000 - attempts)
        fresh(block, luck)
        accepted += pipeline.take(block)
        attempts += len(block)
        i += 1
    pipeline.finish()
    spent = time.perf_counter() - began
    assert pipeline.shard.book.left_list([7]) == [0]
    pipeline.journal.close()
    return {"hot_orders_per_s": round(attempts / spent), "hot_accepted": accepted, "hot_attempts": attempts}


def measure_projector(dsn: str, blocks: list[Any], orders: int) -> dict[str, Any]:
    """Orders and lines into tables with their indexes, sequence and all; and the same rows by COPY alone."""
    import numpy as np
    import psycopg
    from django.db import connection, transaction

    from bench.intake_load import open_million
    from entrepot.intake.book import Sizes
    from entrepot.intake.projector import Projector
    from entrepot.intake.queries import ProjectedBatch
    from entrepot.kit.bulk import copy_rows, timestamps

    tables = """
        CREATE TABLE {0}_orders (id bigint {1}, checkout_ref bigint NOT NULL, buyer bigint NOT NULL, placed_at timestamptz NOT NULL);
        CREATE TABLE {0}_lines (order_id bigint NOT NULL, position smallint NOT NULL, offer bigint NOT NULL,
            quantity integer NOT NULL, price_minor bigint NOT NULL{2});
    """
    with psycopg.connect(dsn, autocommit=True) as plain:
        for name in ("full", "same"):
            plain.execute(tables.format(name, "PRIMARY KEY", ", PRIMARY KEY (order_id, position)"))
            plain.execute(f"CREATE INDEX ON {name}_orders (checkout_ref)")
            plain.execute(f"CREATE INDEX ON {name}_orders (buyer, id)")
        plain.execute(tables.format("bare", "NOT NULL", ""))

    def write(cursor: Any, batch: ProjectedBatch, prefix: str) -> None:
        copy_rows(
            cursor,
            f"{prefix}_orders",
            {
                "id": batch.order_id,
                "checkout_ref": batch.checkout_ref,
                "buyer": batch.buyer,
                "placed_at": timestamps(batch.placed_ms),
            },
        )
        copy_rows(
            cursor,
            f"{prefix}_lines",
            {
                "order_id": batch.line_order_id,
                "position": batch.position.astype(np.int16),
                "offer": batch.offer,
                "quantity": batch.quantity.astype(np.int32),
                "price_minor": batch.price_minor,
            },
        )

    kept: list[ProjectedBatch] = []

    def sink(cursor: Any, batch: ProjectedBatch) -> None:
        write(cursor, batch, "full")
        kept.append(batch)

    pipeline = Pipeline(dsn, 2, Sizes(pages=1 << 16))
    for block in open_million(pipeline.shard.book, OFFERS, np.random.default_rng(1)):
        pipeline.take(block)
    pipeline.finish()
    Projector([], shard=2, journal=pipeline.journal).run_once()  # the opening is not what is measured
    luck = np.array([77], np.uint64)
    accepted = i = 0
    while accepted < orders:
        fresh(blocks[i % len(blocks)], luck)
        accepted += pipeline.take(blocks[i % len(blocks)])
        i += 1
    pipeline.finish()
    began = time.perf_counter()
    Projector([sink], shard=2, journal=pipeline.journal).run_once()
    full_s = time.perf_counter() - began
    spent = {}
    for prefix in ("same", "bare"):
        began = time.perf_counter()
        for batch in kept:  # the same rows in the same transactions, and nothing else
            with transaction.atomic(), connection.cursor() as cursor:
                write(cursor, batch, prefix)
        spent[prefix] = time.perf_counter() - began
    lines = sum(len(batch.line_order_id) for batch in kept)
    pipeline.journal.close()
    return {
        "projected_orders_per_s": round(accepted / full_s),
        "copy_orders_per_s": round(accepted / spent["same"]),
        "copy_without_indexes_orders_per_s": round(accepted / spent["bare"]),
        "projected_ratio": round(spent["same"] / full_s, 3),
        "projected_rows_per_s": round((accepted + lines) / full_s),
        "projected_orders": accepted,
    }


_RESTART = """
import sys, time, json
began = time.perf_counter()
from entrepot.intake import replay
from entrepot.intake.adapters.postgres import PostgresJournal
from entrepot.intake.book import Sizes
from entrepot.intake.writer import rss_bytes
from pathlib import Path
imported = time.perf_counter()
folder = Path(sys.argv[3]) if sys.argv[3] else None
book = replay.open_book(PostgresJournal(sys.argv[1]), int(sys.argv[2]), folder, Sizes(pages=1 << 20))
print(json.dumps({"seconds": time.perf_counter() - imported, "imports": imported - began,
    "orders": book.totals()["orders"], "rss": rss_bytes(), "seq": book.seq}))
"""


def restart(dsn: str, number: int, folder: Path | None) -> dict[str, Any]:
    """Open a shard in a process of its own."""
    run = subprocess.run(
        [sys.executable, "-c", _RESTART, dsn, str(number), str(folder or "")],
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(json.loads(run.stdout))


def measure_restart(dsn: str, home: Path, blocks: list[Any], orders: int) -> dict[str, Any]:
    import numpy as np

    from bench.intake_load import open_million
    from entrepot.intake.book import Sizes

    pipeline = Pipeline(dsn, 3, Sizes(pages=1 << 18))
    for block in open_million(pipeline.shard.book, OFFERS, np.random.default_rng(1)):
        pipeline.take(block)
    pipeline.finish()
    empty = restart(dsn, 3, None)
    luck = np.array([31], np.uint64)
    accepted = i = 0
    while accepted < orders:
        fresh(blocks[i % len(blocks)], luck)
        accepted += pipeline.take(blocks[i % len(blocks)])
        i += 1
        if accepted > orders * 0.98 and not (home / "snapshots").exists():
            pipeline.finish()
            pipeline.shard.book.write_snapshot(home / "snapshots")
    pipeline.finish()
    pipeline.journal.close()
    alone = restart(dsn, 3, None)
    quick = restart(dsn, 3, home / "snapshots")
    assert alone["orders"] == quick["orders"] == accepted
    return {
        "restart_s": round(quick["seconds"], 2),
        "restart_journal_only_s": round(alone["seconds"], 2),
        "restart_orders": accepted,
        "restart_imports_s": round(quick["imports"], 2),
        "writer_rss_mb": round(empty["rss"] / 1e6),
        "writer_rss_with_keys_mb": round(alone["rss"] / 1e6),
    }


def _send_blocks(path: str, seconds: float, seed: int, told: Any) -> None:
    """Another process: blocks of 2,048 orders over the unix socket, two on their way at a time."""
    import numpy as np

    from bench.intake_load import order_blocks, stamp_keys
    from entrepot.intake.client import SocketClient

    blocks = order_blocks(16, OFFERS, np.random.default_rng(seed), size=2048)
    accepted = [0, 0]
    until = time.perf_counter() + seconds

    def run(which: int) -> None:
        client, luck = SocketClient(Path(path)), np.array([seed * 7 + which + 1], np.uint64)
        i = which
        while time.perf_counter() < until:
            block = blocks[i % 16]
            stamp_keys(block.columns["key_hi"], block.columns["key_lo"], len(block), now_ms(), luck)
            accepted[which] += int((client.ask(block).code == 0).sum())
            i += 2

    threads = [threading.Thread(target=run, args=(which,)) for which in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told.put(sum(accepted))


def measure_socket(dsn: str, home: Path, seconds: float) -> dict[str, Any]:
    """The real writer process, fed by another process over its socket."""
    import os

    import numpy as np

    from bench.intake_load import open_million
    from entrepot.app.config import load
    from entrepot.intake.book import Book
    from entrepot.intake.client import SOCKET_NAME, SocketClient

    path = load().sockets / SOCKET_NAME
    code = "import sys; from entrepot.intake.writer import run_writer; sys.exit(run_writer(4))"
    writer = subprocess.Popen([sys.executable, "-c", code], env=os.environ)
    try:
        client = SocketClient(path, patience_s=60)
        for block in open_million(Book(4), OFFERS, np.random.default_rng(1)):
            client.ask(block)
        told: Any = multiprocessing.get_context("spawn").Queue()
        sender = multiprocessing.get_context("spawn").Process(
            target=_send_blocks, args=(str(path), seconds, 3, told)
        )
        sender.start()
        accepted = told.get(timeout=seconds + 60)
        sender.join()
        return {"socket_orders_per_s": round(accepted / seconds)}
    finally:
        writer.terminate()
        writer.wait(60)


GOALS = {  # must, aim
    "durable_orders_per_s": (583_000, 2_000_000),
    "projected_ratio": (0.5, 0.8),
    "hot_ratio": (0.8, 1.0),
    "restart_s": (10, 2),
    "writer_rss_mb": (600, 300),
}
AT_MOST = {"restart_s", "writer_rss_mb"}


def reached(name: str, value: float) -> str:
    """Whether a figure reaches what the design asks of it."""
    if name not in GOALS:
        return ""
    must, aim = GOALS[name]
    good = (value <= must, value <= aim) if name in AT_MOST else (value >= must, value >= aim)
    return f"  must {must:,} {'reached' if good[0] else 'MISSED'}, aim {aim:,} {'reached' if good[1] else 'missed'}"


def table(result: dict[str, Any]) -> str:
    """The figures as people read them."""
    rows = [
        ("kernel: decisions, nothing stored", "kernel_orders_per_s", "orders/s"),
        ("durable: decide + journal with fsync", "durable_orders_per_s", "orders/s"),
        ("  slowest second of it", "durable_slowest_second", "orders/s"),
        ("socket: the same from another process", "socket_orders_per_s", "orders/s"),
        ("hot: one offer, 500 pieces", "hot_orders_per_s", "attempts/s"),
        ("  accepted", "hot_accepted", "of 1,000,000"),
        ("  against the mixed load", "hot_ratio", "×"),
        ("projected: orders and lines, with indexes", "projected_orders_per_s", "orders/s"),
        ("  COPY alone, same rows, same indexes", "copy_orders_per_s", "orders/s"),
        ("  COPY alone, same rows, no indexes", "copy_without_indexes_orders_per_s", "orders/s"),
        ("  projected against COPY with indexes", "projected_ratio", "×"),
        ("restart: snapshot and rest of the journal", "restart_s", "s"),
        ("  journal alone", "restart_journal_only_s", "s"),
        ("memory: a million offers", "writer_rss_mb", "MB"),
        ("  and the keys of the orders of the restart", "writer_rss_with_keys_mb", "MB"),
        ("append p50 / 8,192 orders", "append_ms_p50", "ms"),
        ("append p99", "append_ms_p99", "ms"),
        ("fsync of 8 KB, p50", "fsync_ms_p50", "ms"),
        ("fsync of 8 KB, p99", "fsync_ms_p99", "ms"),
    ]
    return "\n".join(
        f"{label:45} {result[name]:>14,} {unit}{reached(name, result[name])}"
        for label, name, unit in rows
        if result.get(name) is not None
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--restart-orders", type=int, default=10_000_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    result: dict[str, Any] = {"machine": machine()}
    with scratch_product() as (home, dsn):
        import numpy as np

        from bench.intake_load import order_blocks

        fsyncs = fsync_ms(home)
        result |= {
            "fsync_ms_p50": round(at_percent(fsyncs, 50), 3),
            "fsync_ms_p99": round(at_percent(fsyncs, 99), 3),
        }
        blocks = order_blocks(64, OFFERS, np.random.default_rng(2))
        say("kernel …")
        result["kernel_orders_per_s"] = round(measure_kernel(blocks, min(5.0, options.seconds)))
        say("one hot offer …")
        result |= measure_hot(dsn)
        say("projector …")
        result |= measure_projector(dsn, blocks, 500_000)
        say(f"restart with {options.restart_orders:,} orders …")
        result |= measure_restart(dsn, home, blocks, options.restart_orders)
        say("over the socket …")
        result |= measure_socket(dsn, home, min(10.0, options.seconds))
        say(f"durable, {options.seconds:.0f} s …")
        figures, pipeline = measure_durable(dsn, blocks, options.seconds)
        result |= figures
        result["hot_ratio"] = round(result["hot_orders_per_s"] / result["durable_orders_per_s"], 3)
        pipeline.journal.close()
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "intake.json").write_text(json.dumps(result, indent=2) + "\n")
    if options.json:
        print(json.dumps(result))
    else:
        print(table(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
