"""The intake under one scheduler, in virtual time, with faults: a seed is a history, and replays to the byte.

    python -m tests.intake.simulation --seeds 2000          from seed 0
    python -m tests.intake.simulation --from 1234 --seeds 1  one history again
    python -m tests.intake.simulation --forever             `make simulate`

The real Writer, Shard, kernel, chain, `settle` and replay run here; what is simulated is time, the network, the disk and fate:
a writer killed before, during or after an append, an append that lands late or whose answer is lost, answers lost or repeated,
two writers at once, clocks that jump back, a projector that dies in the middle of a group, flipped bits in the journal. Then the
faults stop, everyone must get an answer (liveness), and the whole history is held against the journal.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import heapq
import logging
import random
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from entrepot.intake import layout, replay, status, upkeep, wire
from entrepot.intake.book import Sizes
from entrepot.intake.journal import Fenced, MemoryJournal, OutcomeUnknown
from entrepot.intake.layout import Block
from entrepot.intake.queries import projected
from entrepot.intake.shard import Shard
from entrepot.intake.writer import Writer
from entrepot.kit.ids import uuid7_at

START_MS = 1_800_000_000_000
TINY = Sizes(offers=64, counters=64, pages=1 << 10, directory=1 << 10)
OFFERS = 6


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose time jumps to the next thing to do."""

    virtual = 0.0

    def time(self) -> float:
        return self.virtual

    def _run_once(self) -> None:
        if not self._ready:  # type: ignore[attr-defined]
            while self._scheduled and self._scheduled[0]._cancelled:  # type: ignore[attr-defined]
                handle = heapq.heappop(self._scheduled)  # type: ignore[attr-defined]
                handle._scheduled = False
                self._timer_cancelled_count -= 1  # type: ignore[attr-defined]
            if not self._scheduled:  # type: ignore[attr-defined]
                raise AssertionError("everybody waits and nothing will happen")
            self.virtual = max(self.virtual, self._scheduled[0]._when)  # type: ignore[attr-defined]
        super()._run_once()  # type: ignore[misc]


@dataclass(slots=True)
class Faults:
    """How often what goes wrong, drawn for each history (swarm testing: some histories have no kill, some no loss)."""

    kill: float
    second_writer: float
    lost_append: float
    lost_outcome: float
    late_append: float
    lost_answer: float
    repeat: float
    clock_jump: float
    projector_crash: float
    flip: float
    snapshot: float

    @classmethod
    def drawn(cls, luck: random.Random) -> Faults:
        def rate(most: float) -> float:
            return luck.choice([0.0, most / 4, most])

        return cls(
            kill=rate(0.12), second_writer=rate(0.1), lost_append=rate(0.2), lost_outcome=rate(0.2),
            late_append=rate(0.2), lost_answer=rate(0.3), repeat=rate(0.5), clock_jump=rate(0.1),
            projector_crash=rate(0.5), flip=luck.choice([0.0, 0.0, 0.3]), snapshot=luck.choice([0.0, 0.0, 0.5]),
        )  # fmt: skip


class World:
    """One history."""

    def __init__(self, seed: int, loop: VirtualLoop, folder: Path):
        self.luck = random.Random(seed)
        self.loop = loop
        self.folder = folder
        self.store = MemoryJournal()
        self.faults = Faults.drawn(self.luck)
        self.is_stormy = True
        self.writers: list[SimWriter] = []
        self.tasks: set[asyncio.Task[Any]] = set()
        self.history: list[Sent] = []
        self.tables = Tables()
        self.counts = {"kills": 0, "fenced": 0, "flips": 0, "faulty_appends": 0, "projector_crashes": 0}
        self.keys = 0

    def happens(self, rate: float) -> bool:
        return self.is_stormy and self.luck.random() < rate

    def start(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = self.loop.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    def now_ms(self) -> int:
        return START_MS + int(self.loop.time() * 1000)

    def key(self) -> tuple[int, int]:
        self.keys += 1
        key = uuid7_at(self.now_ms(), self.luck.getrandbits(74)).int
        return key >> 64, key & (1 << 64) - 1


class SimJournal:
    """A writer's way to the one store; things go wrong on it."""

    def __init__(self, world: World):
        self.world = world

    def append(self, shard: int, expected_seq: int, batch: bytes) -> None:
        world = self.world
        if world.happens(world.faults.lost_append):
            world.counts["faulty_appends"] += 1
            raise OutcomeUnknown("the connection died before")
        if world.happens(world.faults.late_append):
            world.counts["faulty_appends"] += 1
            delay = world.luck.random() * 3

            def land() -> None:
                with contextlib.suppress(Fenced):
                    world.store.append(shard, expected_seq, batch)

            world.loop.call_later(delay, land)
            raise OutcomeUnknown("the connection died in the middle")
        world.store.append(shard, expected_seq, batch)
        if world.happens(world.faults.lost_outcome):
            world.counts["faulty_appends"] += 1
            raise OutcomeUnknown("the connection died after")

    def read(self, shard: int, from_seq: int, limit: int = 0) -> Any:
        if self.world.happens(self.world.faults.lost_append / 4):
            raise OutcomeUnknown("the connection died while reading")
        return self.world.store.read(shard, from_seq, limit)

    def head(self, shard: int) -> int:
        return self.world.store.head(shard)

    def close(self) -> None:
        pass


class SimWriter(Writer):
    """The real writer on virtual time. `kill` is kill -9: what it was doing never goes on."""

    def __init__(self, world: World, shard: Shard, journal: SimJournal):
        super().__init__(shard, journal, Path("nowhere"))
        self.world = world
        self.is_dead = False
        self.own: list[asyncio.Task[Any]] = []

    async def _blocking(self, where: Any, function: Callable[..., Any], *words: Any) -> Any:
        world = self.world
        await asyncio.sleep(
            world.luck.choice([0.0002, 0.001, 0.001, 0.3 if world.is_stormy else 0.001]) * world.luck.random()
        )
        if self.is_dead:
            await asyncio.sleep(10**9)
        result = function(*words)
        await asyncio.sleep(world.luck.random() * 0.002)
        if self.is_dead:
            await asyncio.sleep(10**9)
        return result

    def run(self) -> None:
        async def live() -> None:
            watch = self.world.loop.create_task(self._watch())
            self.own.append(watch)
            await self._run()
            watch.cancel()
            self.is_dead = True
            if self.exit_code:
                self.world.counts["fenced"] += 1

        self.own.append(self.world.loop.create_task(live()))

    def kill(self) -> None:
        self.is_dead = True
        for task in self.own:
            task.cancel()
        if self._appending is not None:
            self._appending.cancel()


class SimConnection:
    """A client's end; answers may be lost on the way, or come twice."""

    def __init__(self, world: World):
        self.world = world
        self.answers: asyncio.Queue[bytes] = asyncio.Queue()

    def send(self, data: bytes) -> None:
        world = self.world
        for _ in range(2 if world.happens(world.faults.repeat / 4) else 1):
            if not world.happens(world.faults.lost_answer):
                world.loop.call_later(world.luck.random() * 0.01, self.answers.put_nowait, data)


@dataclass(slots=True)
class Sent:
    """A command of a client, when it was first sent, when first answered, and every answer it got."""

    key: tuple[int, int]
    kind: int
    sent_at: float
    acked_at: float = -1.0
    answers: list[tuple[int, int]] = field(default_factory=list)  # code, order
    lines: int = 0


@dataclass(slots=True)
class Tables:
    """What the projector keeps: rows and the sequence, in one transaction."""

    seq: int = -1
    orders: dict[int, int] = field(default_factory=dict)
    released: set[int] = field(default_factory=set)
    counters: dict[int, int] = field(default_factory=dict)

    def copy(self) -> Tables:
        return Tables(self.seq, dict(self.orders), set(self.released), dict(self.counters))


async def keep_writers(world: World) -> None:
    """The supervisor: start a writer when none lives, sometimes two; kill them when fate says so."""
    while True:
        await asyncio.sleep(0.05 + world.luck.random() * 0.3)
        for writer in world.writers:
            if not writer.is_dead and world.happens(world.faults.kill):
                world.counts["kills"] += 1
                writer.kill()
        if world.happens(world.faults.flip):
            check_that_a_flip_is_found(world)
        living = [writer for writer in world.writers if not writer.is_dead]
        if not living or (len(living) == 1 and world.happens(world.faults.second_writer)):
            start_writer(world)


def start_writer(world: World) -> None:
    journal = SimJournal(world)
    snapshots = world.folder if world.faults.snapshot else None
    try:
        book = replay.open_book(journal, 0, snapshots, TINY, salt=world.luck.getrandbits(64))
    except OutcomeUnknown:
        return  # the supervisor tries again
    if snapshots is not None and book.seq >= 0 and world.happens(world.faults.snapshot):
        book.write_snapshot(snapshots)
    skew = [0]

    def now_ms() -> int:
        if world.happens(world.faults.clock_jump):
            skew[0] = world.luck.choice([0, -600_000, -5_000, 5_000, 600_000])
        return world.now_ms() + skew[0]

    writer = SimWriter(world, Shard(book, now_ms), journal)
    world.writers = [*(one for one in world.writers if not one.is_dead), writer]
    writer.run()


def check_that_a_flip_is_found(world: World) -> None:
    """Flip a bit of the journal: whoever reads it must stop. Then give the bit back."""
    held = world.store.batches.get(0, [])
    if not held:
        return
    world.counts["flips"] += 1
    seq = world.luck.randrange(len(held))
    whole, body = held[seq], bytearray(held[seq])
    body[world.luck.randrange(len(body))] ^= 1 << world.luck.randrange(8)
    held[seq] = bytes(body)
    try:
        replay.open_book(world.store, 0, None, TINY)
    except layout.Corrupt:
        pass
    else:
        raise AssertionError(f"a flipped bit in batch {seq} went unseen")
    finally:
        held[seq] = whole


def drawn_block(world: World, orders: list[int]) -> tuple[Block, list[Sent]]:
    """A few commands of a client: mostly orders on hot stock, some releases and restocks."""
    luck = world.luck
    heads, rows = [], []
    sent = []
    for _ in range(luck.choice([1, 1, 1, 2, 5])):
        draw = luck.random()
        high, low = world.key()
        if draw < 0.15 and orders:
            heads.append((high, low, luck.choice(orders), 0, status.RELEASE, 0))
            kind, count = status.RELEASE, 0
        elif draw < 0.25:
            heads.append((high, low, 0, 0, status.ADJUST, 1))
            rows.append((luck.choice([-2, 1, 5]), luck.randrange(OFFERS), 0, 0))
            kind, count = status.ADJUST, 0
        else:
            count = luck.randint(1, 3)
            heads.append((high, low, 1, luck.randrange(8), status.PLACE, count))
            rows += [(100, offer, luck.randint(1, 2), 0) for offer in luck.sample(range(OFFERS), count)]
            kind = status.PLACE
        sent.append(Sent((high, low), kind, world.loop.time(), lines=count))
    counts = (len(heads), len(rows), 0)
    block = Block(*counts, counts=counts)
    for i, head in enumerate(heads):
        for name, value in zip(("key_hi", "key_lo", "ref", "party", "kind", "rows"), head, strict=True):
            block[name][i] = value
    for i, row in enumerate(rows):
        for name, value in zip(("price", "target", "quantity", "flags"), row, strict=True):
            block[name][i] = value
    block["counter"][:] = -1
    return block, sent


async def ask(
    world: World, counts: tuple[int, int, int], body: bytes, patience: float = 2.0
) -> layout.Answers:
    """Send the same bytes again and again, to any writer, until there is an answer."""
    while True:
        living = [writer for writer in world.writers if not writer.is_dead]
        if not living:
            await asyncio.sleep(0.1)
            continue
        writer = world.luck.choice(living)
        connection = SimConnection(world)
        writer.receive(connection, 1, wire.DECIDE, counts, memoryview(body))  # type: ignore[arg-type]
        try:
            data = await asyncio.wait_for(connection.answers.get(), patience)
        except TimeoutError:
            continue
        _, _, state, count = wire.ANSWER.unpack_from(data)
        assert state != wire.MALFORMED
        if state == wire.OK:
            return wire.unpack_answers(data[wire.ANSWER.size :], count)
        await asyncio.sleep(0.2)


async def be_a_client(world: World, requests: int) -> None:
    orders: list[int] = []
    for _ in range(requests):
        await asyncio.sleep(world.luck.random() * 0.2)
        block, sent = drawn_block(world, orders)
        world.history += sent
        counts = (block.counts[0], block.counts[1], block.counts[2])
        body = block.body()
        for again in (False, True):
            if again and not world.happens(world.faults.repeat):
                break
            answers = await ask(world, counts, body)
            for i, one in enumerate(sent):
                one.answers.append((int(answers.code[i]), int(answers.order[i])))
                if one.acked_at < 0:
                    one.acked_at = world.loop.time()
                if not again and answers.order[i] >= 0:
                    orders.append(int(answers.order[i]))


async def project(world: World) -> None:
    """Fold the journal into the tables; die in the middle now and then."""
    while True:
        await asyncio.sleep(0.02 + world.luck.random() * 0.3)
        tables = world.tables.copy()
        batches = list(
            layout.check_chain(
                world.store.read(0, tables.seq + 1, world.luck.randint(1, 5)), 0, tables.seq + 1, None
            )
        )
        if not batches:
            continue
        group = projected(batches)
        for order, ref in zip(group.order_id.tolist(), group.checkout_ref.tolist(), strict=True):
            assert order not in tables.orders, "an order came twice"
            tables.orders[order] = ref
        for order in group.released_order_id.tolist():
            assert order not in tables.released, "an order was released twice"
            tables.released.add(order)
        if world.happens(world.faults.projector_crash):
            world.counts["projector_crashes"] += 1
            continue  # the transaction is rolled back
        for counter, change in zip(group.counter.tolist(), group.available_change.tolist(), strict=True):
            tables.counters[counter] = tables.counters.get(counter, 0) + change
        tables.seq = group.last_seq
        world.tables = tables


async def play(world: World) -> None:
    """Storm, then calm, then judgement."""
    world.start(keep_writers(world))
    world.start(project(world))
    counters = [("open", c, 8) for c in range(OFFERS)]
    block = Block(2 * OFFERS, OFFERS, OFFERS, counts=(2 * OFFERS, OFFERS, OFFERS))
    for i, (_, c, amount) in enumerate(counters):
        block["kind"][i], block["rows"][i] = status.OPEN_COUNTER, 1
        block["target"][i], block["price"][i], block["counter"][i] = c, amount, -1
        block["kind"][OFFERS + i], block["rows"][OFFERS + i] = status.SET_OFFER, 1
        block["set_offer"][i] = block["set_counter"][i] = c
        block["set_price"][i], block["closes_ms"][i], block["set_version"][i] = 100, 1 << 60, 1
        block["set_limit"][i] = 3 if c % 2 else 0
    await ask(world, (2 * OFFERS, OFFERS, OFFERS), block.body())
    clients = [
        world.start(be_a_client(world, world.luck.randint(3, 12))) for _ in range(world.luck.randint(2, 8))
    ]
    await asyncio.wait(clients, timeout=world.luck.choice([3.0, 10.0, 30.0]))
    world.is_stormy = False
    done, waiting = await asyncio.wait(clients, timeout=60.0)
    for task in done:
        task.result()
    assert not waiting, "someone never got an answer though the faults have stopped"
    until = world.loop.time() + 30
    while world.tables.seq < world.store.head(0):
        assert world.loop.time() < until, "the tables never caught up"
        await asyncio.sleep(0.1)
    for task in world.tasks:
        if task.done() and not task.cancelled():
            task.result()
    judge(world)


def judge(world: World) -> None:
    """Hold the whole history against the journal."""
    verdict = upkeep.verify(world.store, 0, tables=world.tables.counters, tables_seq=world.tables.seq)
    assert verdict.faults == [], verdict.faults
    first: dict[tuple[int, int], tuple[int, int, int]] = {}  # key → code, order, seq
    orders: set[int] = set()
    stamped = 0
    for batch in layout.check_chain(world.store.read(0, 0), 0, 0, layout.NO_HASH):
        assert batch.stamped_ms >= stamped
        stamped = batch.stamped_ms
        block = batch.block
        for i in np.flatnonzero(block["kind"] <= status.ADJUST).tolist():
            key = (int(block["key_hi"][i]), int(block["key_lo"][i]))
            code = int(block["code"][i])
            accepted = code == status.ACCEPTED and block["kind"][i] == status.PLACE
            order = layout.order_id(0, batch.seq, i) if accepted else -1
            if accepted:
                orders.add(order)
            if key in first:
                assert code & status.REPEATED, "a key was decided twice"
                assert code & status.CODE_MASK == first[key][0]
            else:
                assert not code & status.REPEATED, "a key was known before it came"
                first[key] = (code, order, batch.seq)
    assert set(world.tables.orders) == orders
    for one in world.history:
        assert one.answers, "somebody was never answered"
        code, order, _ = first[one.key]
        for told, number in one.answers:
            assert told & status.CODE_MASK == code, "an answer differs from the journal"
            assert number == order, "an order number differs from the journal"
    acked = sorted((one.acked_at, first[one.key][2]) for one in world.history)
    highest, at = -1, 0
    for one in sorted(world.history, key=lambda sent: sent.sent_at):
        while at < len(acked) and acked[at][0] < one.sent_at:
            highest = max(highest, acked[at][1])
            at += 1
        assert first[one.key][2] > highest, "what was sent after an answer was decided before it"


def history_of(seed: int) -> tuple[dict[str, int], str]:
    """Play one seed; returns what went wrong in it, and the fingerprint of its journal. Raises on a violation."""
    loop = VirtualLoop()
    level = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with tempfile.TemporaryDirectory(prefix="entrepot-sim-") as folder:
            world = World(seed, loop, Path(folder))
            asyncio.set_event_loop(loop)
            loop.run_until_complete(play(world))
            told = world.counts | {
                "batches": world.store.head(0) + 1,
                "answers": sum(len(one.answers) for one in world.history),
            }
            for writer in world.writers:
                writer.kill()
            rest = [*asyncio.all_tasks(loop)]
            for task in rest:
                task.cancel()
            loop.run_until_complete(asyncio.gather(*rest, return_exceptions=True))
            return told, world.store.batches[0][-1][48:80].hex()
    finally:
        asyncio.set_event_loop(None)
        loop.close()
        logging.disable(level)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--from", dest="first", type=int, default=0)
    parser.add_argument("--seeds", type=int, default=2000)
    parser.add_argument("--forever", action="store_true")
    options = parser.parse_args()
    totals: dict[str, int] = {}
    began = time.perf_counter()
    seed = options.first
    while options.forever or seed < options.first + options.seeds:
        try:
            told, _ = history_of(seed)
        except BaseException as error:
            print(f"seed {seed}: {type(error).__name__}: {error}", file=sys.stderr)
            print(f"again: python -m tests.intake.simulation --from {seed} --seeds 1", file=sys.stderr)
            raise
        for name, count in told.items():
            totals[name] = totals.get(name, 0) + count
        seed += 1
        if (seed - options.first) % 500 == 0:
            print(
                f"{seed - options.first} histories, {time.perf_counter() - began:.0f} s, {totals}", flush=True
            )
    print(f"{seed - options.first} histories from seed {options.first}: no violation. {totals}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
