"""The real writer, in memory: answers only after the append, bounded queue, fencing, unknown outcomes, its own status."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from entrepot.intake import layout, replay, status, upkeep, wire
from entrepot.intake.book import Book
from entrepot.intake.client import SocketClient
from entrepot.intake.commands import (
    OpenCounter,
    Place,
    PlaceLine,
    Release,
    SetOffer,
    _block_of,
    _prepare,
    mint_key,
    submit,
    use,
)
from entrepot.intake.inprocess import SMALL, InProcess
from entrepot.intake.journal import Fenced, MemoryJournal, OutcomeUnknown
from entrepot.intake.shard import Shard
from entrepot.intake.writer import EXIT_FENCED, QUEUE_COMMANDS, Writer, clock_ms
from entrepot.kit.errors import Busy


class Gate(MemoryJournal):
    """A journal whose appends wait to be let through, or fail as told."""

    def __init__(self) -> None:
        super().__init__()
        self.open = threading.Event()
        self.open.set()
        self.failures: list[str] = []

    def append(self, shard: int, expected_seq: int, batch: bytes) -> None:
        assert self.open.wait(10)
        how = self.failures.pop(0) if self.failures else ""
        if how != "before":
            super().append(shard, expected_seq, batch)
        if how:
            raise OutcomeUnknown(how)


class Ear:
    """A client's end."""

    def __init__(self) -> None:
        self.heard: list[tuple[int, int, layout.Answers | None]] = []

    def send(self, data: bytes) -> None:
        _, ident, state, count = wire.ANSWER.unpack_from(data)
        body = data[wire.ANSWER.size :]
        self.heard.append((ident, state, wire.unpack_answers(body, count) if state == wire.OK else None))


def opening() -> layout.Block:
    return _block_of([_prepare(OpenCounter(1, "stock", 10_000)), _prepare(SetOffer(7, 1, 500, 1))])


def orders(count: int = 1) -> layout.Block:
    place = [Place(mint_key(datetime.now(UTC)), 5, i, (PlaceLine(7, 1, 500),)) for i in range(count)]
    return _block_of([_prepare(one) for one in place])


def send(writer: Writer, ear: Ear, block: layout.Block, ident: int = 1) -> None:
    counts = (block.counts[0], block.counts[1], block.counts[2])
    writer.receive(ear, ident, wire.DECIDE, counts, memoryview(block.body()))  # type: ignore[arg-type]


def play(journal: MemoryJournal, folder: Path, story: Callable[[Writer, Ear], Awaitable[None]]) -> int:
    async def run() -> int:
        book = replay.open_book(journal, 0, sizes=SMALL)
        writer = Writer(Shard(book, clock_ms), journal, folder / "s", snapshots=folder / "snapshots")
        serving = asyncio.create_task(writer.serve())
        await asyncio.sleep(0.01)
        await story(writer, Ear())
        writer.stop()
        return await serving

    return asyncio.run(run())


async def until(what: Callable[[], Any]) -> None:
    for _ in range(2000):
        if what():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it never happened")


def test_an_answer_leaves_only_after_the_append(tmp_path: Path) -> None:
    journal = Gate()

    async def story(writer: Writer, ear: Ear) -> None:
        journal.open.clear()
        send(writer, ear, opening(), 1)
        await asyncio.sleep(0.15)
        assert ear.heard == []
        send(writer, ear, orders(), 2)
        await asyncio.sleep(0.05)
        assert ear.heard == []
        journal.open.set()
        await until(lambda: len(ear.heard) == 2)
        assert [ident for ident, _, _ in ear.heard] == [1, 2]
        assert journal.head(0) == 1

    assert play(journal, tmp_path, story) == 0
    assert replay.snapshots(tmp_path / "snapshots", 0)  # a clean end leaves one


def test_what_waits_together_is_one_batch(tmp_path: Path) -> None:
    journal = Gate()

    async def story(writer: Writer, ear: Ear) -> None:
        send(writer, ear, opening())
        await until(lambda: ear.heard)
        journal.open.clear()
        for ident in range(50):
            send(writer, ear, orders(2), ident)
        await asyncio.sleep(0.05)
        journal.open.set()
        await until(lambda: len(ear.heard) == 51)
        assert journal.head(0) <= 3

    play(journal, tmp_path, story)


def test_the_queue_is_bounded_and_says_so_at_once(tmp_path: Path) -> None:
    journal = Gate()

    async def story(writer: Writer, ear: Ear) -> None:
        journal.open.clear()
        send(writer, ear, opening(), 0)
        await asyncio.sleep(0.02)
        block = orders(4096)
        for ident in range(1, 2 + QUEUE_COMMANDS // 4096 + 4):
            send(writer, ear, block, ident)
        busy = [ident for ident, state, _ in ear.heard if state == wire.BUSY]
        assert 1 <= len(busy) <= 6
        journal.open.set()
        await until(lambda: len(ear.heard) == 2 + QUEUE_COMMANDS // 4096 + 4)

    play(journal, tmp_path, story)
    assert upkeep.verify(journal, 0).faults == []


@pytest.mark.parametrize("how", ["before", "after"])
def test_an_unknown_outcome_is_resolved_and_answered_once(tmp_path: Path, how: str) -> None:
    journal = Gate()
    journal.failures = ["", how]

    async def story(writer: Writer, ear: Ear) -> None:
        send(writer, ear, opening(), 1)
        await until(lambda: ear.heard)
        send(writer, ear, orders(3), 2)
        await until(lambda: len(ear.heard) == 2)
        answers = ear.heard[1][2]
        assert answers is not None
        assert (answers.code == status.ACCEPTED).all()

    assert play(journal, tmp_path, story) == 0
    assert journal.head(0) == 1
    assert upkeep.verify(journal, 0).orders == 3


def test_of_two_writers_one_stops_within_a_second(tmp_path: Path) -> None:
    journal = MemoryJournal()

    async def story(writer: Writer, ear: Ear) -> None:
        send(writer, ear, opening())
        await until(lambda: ear.heard)
        other = InProcess(journal=journal)
        other.ask(orders())
        began = asyncio.get_running_loop().time()
        await until(lambda: writer.exit_code)
        assert asyncio.get_running_loop().time() - began < 1.0

    assert play(journal, tmp_path, story) == EXIT_FENCED


def test_a_fenced_writer_answers_nobody(tmp_path: Path) -> None:
    journal = MemoryJournal()

    async def story(writer: Writer, ear: Ear) -> None:
        send(writer, ear, opening())
        await until(lambda: ear.heard)
        InProcess(journal=journal).ask(orders())
        send(writer, ear, orders(), 2)
        await until(lambda: writer.exit_code)
        assert [ident for ident, state, _ in ear.heard if state == wire.OK] == [1]

    assert play(journal, tmp_path, story) == EXIT_FENCED
    assert upkeep.verify(journal, 0).faults == []


def test_a_fenced_writer_ends_by_itself(tmp_path: Path) -> None:
    """Even when the append it lost was the last thing anybody asked of it."""
    journal = MemoryJournal()

    async def run() -> int:
        writer = Writer(Shard(replay.open_book(journal, 0, sizes=SMALL), clock_ms), journal, tmp_path / "s")
        serving = asyncio.create_task(writer.serve())
        await asyncio.sleep(0.01)
        InProcess(journal=journal).ask(opening())
        send(writer, Ear(), opening())
        return await asyncio.wait_for(serving, 1.0)

    assert asyncio.run(run()) == EXIT_FENCED


def test_an_in_process_writer_that_lost_its_shard_stops() -> None:
    journal = MemoryJournal()
    first = InProcess(journal=journal)
    first.ask(opening())
    second = InProcess(journal=journal)
    second.ask(orders())
    for _ in range(2):
        with pytest.raises(Fenced):
            first.ask(orders())
    assert upkeep.verify(journal, 0).orders == 1


@pytest.mark.parametrize("field", ["kind", "rows", "quantity", "target", "price", "flags"])
def test_a_malformed_block_is_refused_whole(tmp_path: Path, field: str) -> None:
    journal = MemoryJournal()

    async def story(writer: Writer, ear: Ear) -> None:
        send(writer, ear, opening())
        await until(lambda: ear.heard)
        block = orders(3)
        block[field][1] = {"kind": 9, "rows": 3, "quantity": 0, "target": -1, "price": -1, "flags": 2}[field]
        send(writer, ear, block, 2)
        block = orders(3)
        writer.receive(ear, 3, wire.DECIDE, (3, 4, 0), memoryview(block.body()))  # type: ignore[arg-type]
        release = _block_of([_prepare(Release(1, mint_key(datetime.now(UTC))))])
        forged = layout.Block(1, 1, 0, counts=(1, 1, 0))
        for name in ("key_hi", "key_lo", "ref", "kind"):
            forged[name][:] = release[name]
        forged["rows"][:], forged["quantity"][:] = 1, 99  # "give back 99 pieces"
        send(writer, ear, forged, 4)
        assert [state for _, state, _ in ear.heard[1:]] == [wire.MALFORMED] * 3

    play(journal, tmp_path, story)
    assert journal.head(0) == 0


def test_the_blocking_client_speaks_with_it_from_many_threads(tmp_path: Path) -> None:
    journal = MemoryJournal()

    async def story(writer: Writer, ear: Ear) -> None:
        client = SocketClient(tmp_path / "s")

        def talk() -> None:
            with use(client):
                submit([OpenCounter(1, "stock", 150), SetOffer(7, 1, 500, 1)])
                codes: list[str] = []

                def shop(buyer: int) -> None:
                    for _ in range(10):
                        place = Place(mint_key(datetime.now(UTC)), 5, buyer, (PlaceLine(7, 1, 500),))
                        codes.append(submit([place])[0].code)
                    client.close()

                threads = [threading.Thread(target=shop, args=(i,)) for i in range(20)]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
                assert codes.count("accepted") == 150
                assert codes.count("sold_out") == 50
                assert client.left_of_offers([7, 8]) == [0, -1]
                told = client.status()
                assert (told["orders"], told["offers"], told["stalled"]) == (150, 1, False)
                assert "entrepot_intake_append_seconds" in told["metrics"]
                client.close()

        await asyncio.get_running_loop().run_in_executor(None, talk)

    play(journal, tmp_path, story)
    assert upkeep.verify(journal, 0).orders == 150


def test_a_writer_that_is_away_is_busy(tmp_path: Path) -> None:
    with use(SocketClient(tmp_path / "nobody", patience_s=0.1)), pytest.raises(Busy):
        submit([OpenCounter(1, "stock", 1)])


def test_a_full_book_turns_away_instead_of_breaking() -> None:
    from entrepot.intake.book import Sizes

    shard = Shard(Book(0, 1, Sizes(offers=8, counters=8, pages=64, directory=64)), clock_ms)
    assert shard.book.has_room(orders(20))
    assert not shard.book.has_room(orders(40))


def test_sums_stay_whole_numbers() -> None:
    """No float on the way: amounts near 2^53 come back exact."""
    intake = InProcess(lambda: datetime.now(UTC))
    with use(intake):
        submit([OpenCounter(1, "budget", (1 << 53) - 1)])
        assert intake.left_of_counters([1]) == [(1 << 53) - 1]
        assert np.array(intake.left_of_counters([1])).dtype == np.int64


def test_snapshots_are_written_beside_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A forked child writes the Book as it was; the writer goes on, and a restart from it replays the rest."""
    from entrepot.intake import writer as module

    monkeypatch.setattr(module, "SNAPSHOT_BATCHES", 3)
    monkeypatch.setattr(module, "WATCH_S", 0.05)
    journal = MemoryJournal()

    async def story(writer: Writer, ear: Ear) -> None:
        send(writer, ear, opening())
        for ident in range(12):
            await until(lambda ident=ident: len(ear.heard) == ident + 1)  # type: ignore[misc]
            await asyncio.sleep(0.02)
            send(writer, ear, orders(5), ident)
        await until(lambda: len(ear.heard) == 13)
        await until(lambda: replay.snapshots(tmp_path / "snapshots", 0))
        await until(lambda: writer._snapshot_child == 0)
        path = replay.snapshots(tmp_path / "snapshots", 0)[-1]
        assert 3 <= Book.load(path, SMALL).seq < 12

    assert play(journal, tmp_path, story) == 0
    assert len(replay.snapshots(tmp_path / "snapshots", 0)) <= 2
    opened = replay.open_book(journal, 0, tmp_path / "snapshots", SMALL)
    assert opened.fingerprint() == upkeep.replayed(journal, 0).fingerprint()
