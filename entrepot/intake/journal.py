"""The journal: where a batch becomes durable. One protocol; adapters for PostgreSQL and, for tests, memory.

`append` returns only when the batch would survive a power cut. An append whose outcome is unknown (the connection died) is
resolved by reading that sequence (`settle`), never by a blind retry.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol


class Fenced(Exception):
    """Another writer appended this sequence first. Drop the Book and stop."""


class OutcomeUnknown(Exception):
    """The batch may or may not be in the journal; or the journal is down or full. `settle` finds out."""


class Journal(Protocol):
    """Batches of each shard, in sequence, append-only."""

    def append(self, shard: int, expected_seq: int, batch: bytes) -> None:
        """Make the batch durable as `expected_seq`. Raises Fenced, or OutcomeUnknown."""

    def read(self, shard: int, from_seq: int, limit: int = 0) -> Iterator[tuple[int, bytes]]:
        """(sequence, bytes) from `from_seq` on, in order; at most `limit` of them (0: to the end). Raises OutcomeUnknown."""

    def head(self, shard: int) -> int:
        """The last sequence; -1 when there is none. Raises OutcomeUnknown."""

    def close(self) -> None:
        """Let go of connections."""


def settle(journal: Journal, shard: int, seq: int, batch: bytes) -> None:
    """Find out what became of an append and finish it. Raises Fenced, or OutcomeUnknown (ask again later).

    When the sequence is not there, appending again is safe: the sequence can be taken only once, so a late first append
    and this one cannot both land, and what lands is ours.
    """
    for _ in range(2):
        for _, found in journal.read(shard, seq, 1):
            if found == batch:
                return
            raise Fenced(f"shard {shard}: sequence {seq} is another writer's")
        try:
            journal.append(shard, seq, batch)
            return
        except Fenced:
            continue  # perhaps our own first append, landing late: read again
    raise Fenced(f"shard {shard}: sequence {seq} is taken")


class MemoryJournal:
    """The honest twin for tests: keeps to the protocol, forgets with the process."""

    def __init__(self) -> None:
        self.batches: dict[int, list[bytes]] = {}

    def append(self, shard: int, expected_seq: int, batch: bytes) -> None:
        held = self.batches.setdefault(shard, [])
        if len(held) != expected_seq:
            raise Fenced(f"shard {shard}: sequence {expected_seq} is taken or leaves a gap")
        held.append(bytes(batch))

    def read(self, shard: int, from_seq: int, limit: int = 0) -> Iterator[tuple[int, bytes]]:
        held = self.batches.get(shard, [])
        until = len(held) if limit == 0 else min(len(held), from_seq + limit)
        for seq in range(from_seq, until):
            yield seq, held[seq]

    def head(self, shard: int) -> int:
        return len(self.batches.get(shard, [])) - 1

    def close(self) -> None:
        pass
