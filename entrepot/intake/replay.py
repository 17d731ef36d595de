"""From journal to Book: load the newest good snapshot, replay the rest, and hold every answer to what was recorded."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from entrepot.intake import layout
from entrepot.intake.book import Book, Sizes, as_sent
from entrepot.intake.journal import Journal

log = logging.getLogger(__name__)
Stored = Iterator[tuple[int, bytes]]
DECISIONS = ("code", "line", "counter", "flags")


def apply(book: Book, batch: layout.Batch) -> None:
    """Decide a journaled batch again. Raises Corrupt when any answer differs from the recorded one."""
    block = batch.block
    if batch.seq == 0 and book.seq == -1:
        book.salt = batch.salt
    if batch.salt != book.salt or batch.shard != book.shard or batch.seq != book.seq + 1:
        raise layout.Corrupt(f"batch {batch.seq} does not belong to this Book")
    if batch.stamped_ms < book.stamped_ms:
        raise layout.Corrupt(f"batch {batch.seq} runs back in time")
    recorded = {name: block[name].copy() for name in DECISIONS}
    as_sent(block)
    book.decide(block, batch.stamped_ms)
    for name, column in recorded.items():
        if not np.array_equal(block[name], column):
            at = int(np.argmax(block[name] != column))
            raise layout.Corrupt(
                f"batch {batch.seq}: {name} {at} was {column[at]}, replay says {block[name][at]}"
            )
    book.hash = batch.hash


def catch_up(book: Book, journal: Journal, *, to_seq: int | None = None) -> int:
    """Apply what the journal holds beyond the Book (up to `to_seq`); returns how many batches. Raises Corrupt."""
    start = book.seq + 1
    limit = 0 if to_seq is None else to_seq - start + 1
    if limit < 0:
        raise ValueError(f"the Book is at {book.seq}, beyond {to_seq}")
    if to_seq is not None and limit == 0:
        return 0
    stored = journal.read(book.shard, start, limit)
    for batch in layout.check_chain(stored, book.shard, start, book.hash):
        apply(book, batch)
    return book.seq + 1 - start


def snapshots(folder: Path, shard: int) -> list[Path]:
    """The snapshots of a shard, newest first."""
    return sorted(folder.glob(f"{shard}-*.book"), reverse=True)


def open_book(
    journal: Journal,
    shard: int,
    folder: Path | None = None,
    sizes: Sizes | None = None,
    *,
    salt: int | None = None,
) -> Book:
    """The Book as of the journal's end. `salt` is for an empty journal (None: drawn by luck).

    A snapshot that is corrupt, or that the journal does not confirm, is left aside; the journal alone decides.
    """
    head = journal.head(shard)
    for path in snapshots(folder, shard) if folder else []:
        try:
            book = Book.load(path, sizes)
        except (layout.Corrupt, OSError) as error:
            log.error("snapshot left aside: %s", error)
            continue
        if book.shard == shard and book.seq <= head and _confirmed(book, journal):
            catch_up(book, journal)
            return book
        log.error("snapshot %s left aside: the journal does not know it", path.name)
    book = Book(shard, secrets.randbits(64) if salt is None else salt, sizes)
    catch_up(book, journal)
    return book


def _confirmed(book: Book, journal: Journal) -> bool:
    return any(layout.hash_of(body) == book.hash for _, body in journal.read(book.shard, book.seq, 1))


def prune_snapshots(folder: Path, shard: int, keep: int = 2) -> None:
    """Delete all but the newest `keep`."""
    for path in snapshots(folder, shard)[keep:]:
        path.unlink(missing_ok=True)
