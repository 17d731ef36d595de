"""A shard at work: stamps, decides and seals batches. The one place where Book, clock and chain meet; no I/O of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from entrepot.intake import layout, status
from entrepot.intake.book import Book
from entrepot.intake.journal import Journal
from entrepot.intake.layout import Answers, Block


@dataclass(frozen=True, slots=True)
class Sealed:
    """A decided batch, ready for the journal, and what to answer once it is there."""

    seq: int
    body: bytes
    answers: Answers


class Shard:
    """Decides blocks against a Book. `now_ms` is the wall clock; journal time never runs back when it does."""

    def __init__(self, book: Book, now_ms: Callable[[], int]):
        self.book = book
        self._now_ms = now_ms

    def seal(self, block: Block) -> Sealed:
        """Decide the block as the next batch. It counts only once `body` is in the journal."""
        book = self.book
        stamped = max(self._now_ms(), book.stamped_ms)
        answers = book.decide(block, stamped)
        body = layout.encode(book.shard, book.seq, stamped, book.salt, book.hash, block)
        book.hash = layout.hash_of(body)
        return Sealed(book.seq, body, answers)


class Orders:
    """Reads placed orders back from the journal, to give their takes back. Keeps the last few batches."""

    def __init__(self, journal: Journal, shard: int, keep: int = 32):
        self._journal, self._shard, self._keep = journal, shard, keep
        self._held: dict[int, Block] = {}

    def _block(self, seq: int) -> Block | None:
        block = self._held.pop(seq, None)
        if block is None:
            stored = next(iter(self._journal.read(self._shard, seq, 1)), None)
            if stored is None or stored[0] != seq:
                return None
            block = layout.decode(stored[1]).block
        self._held[seq] = block
        while len(self._held) > self._keep:
            del self._held[next(iter(self._held))]
        return block

    def rows_of(self, order: int) -> tuple[int, Block, slice] | None:
        """(buyer, block, its rows in the takes) of an accepted order; None when there is no such order."""
        shard, seq, index = layout.address_of(order)
        block = self._block(seq) if shard == self._shard else None
        if block is None or index >= len(block):
            return None
        if block["kind"][index] != status.PLACE or block["code"][index] != status.ACCEPTED:
            return None
        takes = np.where(block["kind"][:index] == status.SET_OFFER, 0, block["rows"][:index])
        start = int(takes.sum(dtype=np.int64))
        return int(block["party"][index]), block, slice(start, start + int(block["rows"][index]))

    def with_releases(self, block: Block) -> Block:
        """The block with the takes of the released orders added to their releases."""
        kinds = block["kind"]
        wanted = {int(i): self.rows_of(int(block["ref"][i])) for i in np.flatnonzero(kinds == status.RELEASE)}
        more = sum(rows.stop - rows.start for found in wanted.values() if found for rows in [found[2]])
        counts = (block.counts[0], block.counts[1] + more, block.counts[2])
        made = Block(*counts, counts=counts)
        for name, _, table in layout.COLUMNS:
            if table != 1:
                made[name][:] = block[name]
        takes = np.where(kinds == status.SET_OFFER, 0, block["rows"])
        starts = np.cumsum(takes) - takes
        at = 0
        for i in range(len(block)):
            found = wanted.get(i)
            source, rows = block, slice(int(starts[i]), int(starts[i] + takes[i]))
            if found:
                made["party"][i], source, rows = found
                made["rows"][i] = rows.stop - rows.start
            size = rows.stop - rows.start
            for name in ("price", "target", "counter", "quantity", "flags"):
                made[name][at : at + size] = source[name][rows]
            at += size
        return made
