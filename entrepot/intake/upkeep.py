"""Looking after a shard: walk the journal, replay it, compare it with the tables, write snapshots."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from entrepot.intake import kernel, layout, replay, status
from entrepot.intake.book import Book
from entrepot.intake.journal import Journal
from entrepot.intake.parquet import ParquetFile
from entrepot.intake.queries import projected
from entrepot.intake.shard import Orders


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a walk through a journal found. `faults` is empty when all is well."""

    batches: int
    commands: int
    orders: int
    bytes: int
    seconds: float
    fingerprint: str
    faults: list[str]


def verify(
    journal: Journal, shard: int, *, tables: Mapping[int, int] | None = None, tables_seq: int | None = None
) -> Verdict:
    """Walk CRC and hash chain from batch 0, replay every answer, hold releases to their orders, compare counters.

    `tables`: what the projected tables say each counter holds, as of batch `tables_seq`.
    """
    began = time.perf_counter()
    book = Book(shard)
    orders = Orders(journal, shard)
    faults: list[str] = []
    size = commands = 0
    compared = tables is None

    def sized() -> replay.Stored:
        nonlocal size
        for seq, body in journal.read(shard, 0):
            size += len(body)
            yield seq, body

    try:
        if not compared and tables_seq == -1:
            faults += differences(book, tables or {})
            compared = True
        for batch in layout.check_chain(sized(), shard, 0, layout.NO_HASH):
            replay.apply(book, batch)
            commands += len(batch.block)
            faults += _wrong_releases(batch, orders)
            if not compared and batch.seq == tables_seq:
                faults += differences(book, tables or {})
                compared = True
        faults += unbalanced(book)
        if not compared:
            faults.append(f"the tables are at batch {tables_seq}, which the journal does not hold")
    except layout.Corrupt as error:
        faults.append(str(error))
    return Verdict(
        batches=book.seq + 1,
        commands=commands,
        orders=int(book.state[kernel.S_ACCEPTED]),
        bytes=size,
        seconds=time.perf_counter() - began,
        fingerprint=book.fingerprint(),
        faults=faults,
    )


def _wrong_releases(batch: layout.Batch, orders: Orders) -> list[str]:
    """Accepted releases whose takes are not those of their order."""
    block = batch.block
    found = np.flatnonzero((block["kind"] == status.RELEASE) & (block["code"] == status.ACCEPTED))
    if not len(found):
        return []
    takes = np.where(block["kind"] == status.SET_OFFER, 0, block["rows"]).astype(np.int64)
    starts = np.cumsum(takes) - takes
    faults = []
    for i in found.tolist():
        mine = slice(int(starts[i]), int(starts[i] + takes[i]))
        order = orders.rows_of(int(block["ref"][i]))
        if order is None or not all(
            np.array_equal(block[name][mine], order[1][name][order[2]])
            for name in ("price", "target", "counter", "quantity", "flags")
        ):
            faults.append(
                f"batch {batch.seq}: release {i} does not give back what order {block['ref'][i]} took"
            )
    return faults


def unbalanced(book: Book) -> list[str]:
    """Counters below zero, or holding more than they ever received."""
    rows = book.counters[: int(book.state[kernel.S_COUNTERS])]
    available, received = rows[:, kernel.AVAILABLE], rows[:, kernel.RECEIVED]
    wrong = np.flatnonzero((available < 0) | (available > received))
    return [f"counter {c} holds {available[c]} of {received[c]} received" for c in wrong[:20].tolist()]


def differences(book: Book, tables: Mapping[int, int]) -> list[str]:
    """Counters of which the tables say something else than the Book."""
    numbers = sorted(tables)
    held = book.left(np.array(numbers, np.int64)).tolist()
    wrong = [(c, amount, tables[c]) for c, amount in zip(numbers, held, strict=True) if amount != tables[c]]
    return [
        f"counter {c}: the journal says {amount}, the table says {told}" for c, amount, told in wrong[:20]
    ]


def replayed(journal: Journal, shard: int, to_seq: int | None = None) -> Book:
    """The Book as of a batch, from batch 0, without any snapshot. Raises layout.Corrupt."""
    book = Book(shard)
    replay.catch_up(book, journal, to_seq=to_seq)
    return book


def take_snapshot(journal: Journal, shard: int, folder: Path) -> Path:
    """Write a snapshot of the journal's end, beside a running writer if there is one."""
    path = replay.open_book(journal, shard, folder).write_snapshot(folder)
    replay.prune_snapshots(folder, shard)
    return path


EXPORTS: Final = {
    "orders.parquet": ("order_id", "checkout_ref", "buyer", "placed_ms"),
    "lines.parquet": ("line_order_id", "position", "offer", "line_counter", "quantity", "price_minor"),
    "takes.parquet": ("take_order_id", "take_counter", "amount"),
    "releases.parquet": ("released_order_id", "released_ms"),
    "counters.parquet": ("seq", "counter", "available_change", "received_change"),
}


def export(journal: Journal, shard: int, folder: Path) -> dict[str, int]:
    """Write the accepted decisions of a journal as Parquet files (columns as in queries.ProjectedBatch).

    Returns rows by file name. Raises layout.Corrupt; files appear only when all is written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    scratch = {name: folder / f".{name}.new" for name in EXPORTS}
    files = {name: ParquetFile(scratch[name], columns) for name, columns in EXPORTS.items()}
    group: list[layout.Batch] = []

    def flush() -> None:
        if group:
            whole = projected(group)
            for name, columns in EXPORTS.items():
                if name != "counters.parquet":
                    files[name].write({column: getattr(whole, column) for column in columns})
            moves = [projected([batch]) for batch in group]
            seqs = [np.full(len(move.counter), move.last_seq, np.int64) for move in moves]
            files["counters.parquet"].write(
                {"seq": np.concatenate(seqs)}
                | {
                    column: np.concatenate([getattr(move, column) for move in moves])
                    for column in EXPORTS["counters.parquet"][1:]
                }
            )
            group.clear()

    for batch in layout.check_chain(journal.read(shard, 0), shard, 0, layout.NO_HASH):
        group.append(batch)
        if sum(len(one.block) for one in group) >= 65_536 or len(group) >= 1_024:
            flush()
    flush()
    for name, file in files.items():
        file.close()
        scratch[name].replace(folder / name)
    return {name: file.rows for name, file in files.items()}
