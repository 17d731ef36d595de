"""A writer in this process: for tests, the pilot's loader and the command line. Same decisions, same journal."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from entrepot.intake import status
from entrepot.intake.book import Sizes, flaw_in
from entrepot.intake.journal import Fenced, Journal, MemoryJournal, OutcomeUnknown, settle
from entrepot.intake.layout import Answers, Block
from entrepot.intake.replay import open_book
from entrepot.intake.shard import Orders, Shard
from entrepot.kit import clock as kit_clock
from entrepot.kit.errors import Busy

SMALL = Sizes(offers=1 << 20, counters=1 << 20, pages=1 << 16, directory=1 << 18)


class InProcess:
    """Decides, journals, answers; one caller at a time.

    `clock` says the time (aware datetime); journal time never runs back, so load the past first. `journal` None: one in
    memory. `after` runs when a batch is in the journal (a projector's `run_once`).
    """

    def __init__(
        self,
        clock: Callable[[], datetime] = kit_clock.now,
        *,
        journal: Journal | None = None,
        shard: int = 0,
        after: Callable[[], Any] | None = None,
        snapshots: Path | None = None,
        sizes: Sizes = SMALL,
    ):
        self.clock = clock
        self.journal: Journal = MemoryJournal() if journal is None else journal
        self.after = after
        self.shard = Shard(open_book(self.journal, shard, snapshots, sizes), self._now_ms)
        self._orders = Orders(self.journal, shard)
        self._lock = threading.Lock()
        self._lost = False

    @property
    def book(self) -> Any:
        return self.shard.book

    def _now_ms(self) -> int:
        return int(self.clock().timestamp() * 1000)

    def ask(self, block: Block) -> Answers:
        with self._lock:
            if self._lost:
                raise Fenced("this writer lost its shard: open a new one")
            if flaw_in(block) >= 0:
                raise ValueError("the writer could not read the commands")
            if not self.shard.book.has_room(block):
                raise Busy(seconds=60)
            if (block["kind"] == status.RELEASE).any():
                block = self._orders.with_releases(block)
            sealed = self.shard.seal(block)
            number = self.shard.book.shard
            self._lost = True  # until the journal has it: a Book ahead of its journal must not go on
            try:
                self.journal.append(number, sealed.seq, sealed.body)
            except (OutcomeUnknown, Fenced):
                settle(
                    self.journal, number, sealed.seq, sealed.body
                )  # raises Fenced unless it is ours after all
            self._lost = False
        if self.after is not None:
            self.after()
        return sealed.answers

    def left_of_counters(self, counters: Sequence[int]) -> list[int]:
        return self.shard.book.left(np.array(counters, np.int64)).tolist()

    def left_of_offers(self, offers: Sequence[int]) -> list[int]:
        book = self.shard.book
        return book.left(book.counters_of_offers(np.array(offers, np.int64))).tolist()
