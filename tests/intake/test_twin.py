"""The kernel against its plain twin: any commands, in any batches, the same answers; and what must always hold.

`ENTREPOT_DEPTH=20 pytest tests/intake/test_twin.py` looks twenty times as long.
"""

from __future__ import annotations

import os
import random
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from entrepot.intake import layout, replay, status, upkeep
from entrepot.intake.book import Book, Sizes, flaw_in
from entrepot.intake.journal import MemoryJournal
from entrepot.intake.layout import Block
from entrepot.intake.model import Plain, Row, Told
from entrepot.intake.shard import Orders, Shard
from entrepot.kit.ids import uuid7_at

DEPTH = int(os.environ.get("ENTREPOT_DEPTH", "1"))
TINY = Sizes(offers=64, counters=64, pages=1 << 12, directory=1 << 12)
START = 1_800_000_000_000
HOUR = 3_600_000


class Twins:
    """Kernel and twin side by side: the same commands go to both, and every answer is compared."""

    def __init__(self, salt: int = 99):
        self.now = START
        self.journal = MemoryJournal()
        self.shard = Shard(Book(0, salt, TINY), lambda: self.now)
        self.orders = Orders(self.journal, 0)
        self.plain = Plain()
        self.placed: list[int] = []
        self.keys: list[int] = []
        self.sent: list[tuple[Any, ...]] = []
        self.used = 0

    def key(self, age_ms: int = 0) -> int:
        self.used += 1
        key = uuid7_at(self.now - age_ms, random.Random(self.used).getrandbits(74)).int
        self.keys.append(key)
        return key

    def decide(self, commands: list[tuple[Any, ...]]) -> list[Told]:
        """Have a batch decided by both; returns the answers they agree on."""
        rows: list[tuple[int, int, int, int]] = []
        offers: list[tuple[int, ...]] = []
        heads = []
        for command in commands:
            kind, *words = command
            if kind == "place":
                key, ref, buyer, takes = words
                heads.append((key, ref, buyer, status.PLACE, len(takes)))
                rows += [(row.price, row.target, row.quantity, int(row.plain)) for row in takes]
            elif kind == "release":
                heads.append((words[0], words[1], 0, status.RELEASE, 0))
            elif kind == "adjust":
                heads.append((words[0], 0, 0, status.ADJUST, 1))
                rows.append((words[2], words[1], 0, 0))
            elif kind == "open":
                heads.append((0, 0, 0, status.OPEN_COUNTER, 1))
                rows.append((words[2], words[0], words[1], 0))
            else:
                heads.append((0, 0, 0, status.SET_OFFER, 1))
                offers.append(tuple(words))
        counts = (len(heads), len(rows), len(offers))
        block = Block(*counts, counts=counts)
        for i, (key, ref, buyer, code, count) in enumerate(heads):
            block["key_hi"][i], block["key_lo"][i] = key >> 64, key & (1 << 64) - 1
            block["ref"][i], block["party"][i], block["kind"][i], block["rows"][i] = ref, buyer, code, count
        for i, row in enumerate(rows):
            block["price"][i], block["target"][i], block["quantity"][i], block["flags"][i] = row
        for i, offer in enumerate(offers):
            names = (
                "set_offer",
                "set_counter",
                "set_price",
                "opens_ms",
                "closes_ms",
                "set_limit",
                "set_version",
            )
            for name, value in zip(names, offer, strict=True):
                block[name][i] = value
        assert flaw_in(block) == -1
        block = self.orders.with_releases(block)
        stamped = max(self.now, self.shard.book.stamped_ms)
        sealed = self.shard.seal(block)
        self.journal.append(0, sealed.seq, sealed.body)
        plain = [self._plainly(stamped, sealed.seq, i, command) for i, command in enumerate(commands)]
        a = sealed.answers
        for i, told in enumerate(plain):
            got = Told(
                int(a.code[i]),
                None if a.order[i] < 0 else int(a.order[i]),
                None if a.line[i] == status.NO_LINE else int(a.line[i]),
                None if a.left[i] < 0 else int(a.left[i]),
            )
            assert got == told, (commands[i], got, told)
        self.sent += commands
        self.placed += [told.order for told in plain if told.order is not None]
        return plain

    def _plainly(self, now: int, seq: int, index: int, command: tuple[Any, ...]) -> Told:
        kind, *words = command
        if kind == "place":
            return self.plain.place(now, seq, index, *words)
        if kind == "release":
            return self.plain.release(now, *words)
        if kind == "adjust":
            return self.plain.adjust(now, *words)
        if kind == "open":
            return self.plain.open_counter(words[0], words[1], words[2])
        return self.plain.set_offer(words[0], words[1], words[2], words[3], words[4], words[5], words[6])

    def check(self) -> None:
        """What always holds: the same counters, never negative, conserved, limits kept."""
        numbers = sorted(self.plain.available)
        assert self.shard.book.left_list(numbers) == [self.plain.available[c] for c in numbers]
        outstanding: dict[int, int] = dict.fromkeys(numbers, 0)
        for order, (_, takes) in self.plain.orders.items():
            if order not in self.plain.released:
                for counter, amount, _ in takes:
                    outstanding[counter] += amount
        for c in numbers:
            assert self.plain.available[c] >= 0
            assert self.plain.received[c] - outstanding[c] == self.plain.available[c]

    def check_replay(self) -> None:
        """The journal alone rebuilds the same bytes."""
        assert upkeep.verify(self.journal, 0).faults == []
        again = Book(0, 0, TINY)
        replay.catch_up(again, self.journal)
        assert again.fingerprint() == self.shard.book.fingerprint()


small = st.integers(0, 5)
amounts = st.one_of(st.integers(1, 4), st.sampled_from([1, 2, 7, 50, (1 << 31) - 1]))
prices = st.sampled_from([0, 1, 100, 100, 100, 200, 1 << 20])


@st.composite
def takes(draw: st.DrawFn) -> list[Row]:
    lines = [Row(draw(prices), draw(small), draw(amounts)) for _ in range(draw(st.integers(0, 4)))] + [
        Row(draw(st.integers(1, 60)), draw(small), 0, True) for _ in range(draw(st.integers(0, 2)))
    ]
    return lines or [Row(100, draw(small), 1)]


class Machine(RuleBasedStateMachine):
    """Any sequence of commands, batches, waits and clock jumps."""

    def __init__(self) -> None:
        super().__init__()
        self.twins = Twins()
        self.batch: list[tuple[Any, ...]] = []

    @initialize(stocked=st.sampled_from([0, 3, 30, 30]), limit=st.sampled_from([0, 0, 4]))
    def stock_the_shop(self, stocked: int, limit: int) -> None:
        """Most histories begin with a shop that sells, so that steps are spent on what can happen in one."""
        if stocked:
            self.batch += [("open", c, c, stocked) for c in range(6)]
            self.batch += [("set", c, c, 100, 0, 1 << 60, limit, 1) for c in range(6)]

    @rule(counter=small, kind=st.integers(0, 5), amount=st.sampled_from([0, 1, 3, 10, 100, 1 << 53]))
    def open(self, counter: int, kind: int, amount: int) -> None:
        self.batch.append(("open", counter, kind, amount))

    @rule(
        offer=small, counter=small, price=prices, opens=st.sampled_from([0, 0, START, START + HOUR]),
        length=st.sampled_from([1, HOUR, 100 * HOUR]), limit=st.sampled_from([0, 0, 1, 3, 8]), version=st.integers(0, 9),
    )  # fmt: skip
    def set(
        self, offer: int, counter: int, price: int, opens: int, length: int, limit: int, version: int
    ) -> None:
        closes = (opens or START) + length
        self.batch.append(("set", offer, counter, price, opens, closes, limit, version))

    @rule(
        rows=takes(),
        buyer=st.integers(0, 2),
        age=st.sampled_from([0, 0, 0, 1, 24 * HOUR, 24 * HOUR + 1, -HOUR, -HOUR - 1]),
    )
    def place(self, rows: list[Row], buyer: int, age: int) -> None:
        self.batch.append(("place", self.twins.key(age), 1, buyer, rows))

    @rule(pick=st.integers(0, 10_000), buyer=st.integers(0, 2), rows=takes())
    def reuse_a_key(self, pick: int, buyer: int, rows: list[Row]) -> None:
        if self.twins.keys:
            self.batch.append(("place", self.twins.keys[pick % len(self.twins.keys)], 1, buyer, rows))

    @rule(pick=st.integers(0, 10_000))
    def repeat(self, pick: int) -> None:
        if self.twins.sent:
            self.batch.append(self.twins.sent[pick % len(self.twins.sent)])

    @rule(pick=st.integers(0, 10_000), wrong=st.sampled_from([0, 0, 0, 1, 1 << 40, (1 << 63) - 1]))
    def release(self, pick: int, wrong: int) -> None:
        placed = self.twins.placed
        order = wrong or (placed[pick % len(placed)] if placed else 12_345)
        self.batch.append(("release", self.twins.key(), order))

    @rule(counter=small, delta=st.sampled_from([-5, -1, 0, 1, 7, 100, 1 << 53, -(1 << 53)]))
    def adjust(self, counter: int, delta: int) -> None:
        self.batch.append(("adjust", self.twins.key(), counter, delta))

    @rule(step=st.sampled_from([0, 1, 1000, HOUR, 12 * HOUR, 25 * HOUR, -HOUR]))
    def wait(self, step: int) -> None:
        self.twins.now += step

    @rule()
    def decide(self) -> None:
        batch, self.batch = self.batch, []
        if batch:
            self.twins.decide(batch)

    @invariant()
    def holds(self) -> None:
        self.twins.check()

    def teardown(self) -> None:
        self.decide()
        self.twins.check()
        if self.twins.journal.head(0) >= 0:
            self.twins.check_replay()


def test_any_commands_in_any_batches_are_decided_as_by_the_twin() -> None:
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=150 * DEPTH,
            stateful_step_count=60,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )


@pytest.mark.parametrize("seed", range(4 * DEPTH))
def test_a_long_crowded_day_is_decided_as_by_the_twin(seed: int) -> None:
    """30,000 commands over two days of journal time: pages of the table fill, split, and drop what expired."""
    luck = random.Random(seed)
    twins = Twins(salt=luck.getrandbits(64))
    twins.decide(
        [("open", c, luck.randrange(6), luck.choice([50, 500, 5000])) for c in range(20)]
        + [("set", c, c, 100, 0, 1 << 60, luck.choice([0, 0, 3]), 1) for c in range(20)]
    )
    for _ in range(120):
        twins.now += luck.choice([1, 1000, HOUR // 2])
        batch: list[tuple[Any, ...]] = []
        for _ in range(luck.randint(1, 120)):
            draw = luck.random()
            if draw < 0.75 or not twins.placed:
                rows = [
                    Row(luck.choice([100] * 38 + [99, 101]), luck.randrange(21), luck.randint(1, 3))
                    for _ in range(luck.randint(1, 4))
                ]
                batch.append(
                    (
                        "place",
                        twins.key(luck.choice([0, 0, 0, 23 * HOUR, 24 * HOUR + 1])),
                        1,
                        luck.randrange(200),
                        rows,
                    )
                )
            elif draw < 0.85:
                batch.append(luck.choice(twins.sent))
            elif draw < 0.93:
                batch.append(("release", twins.key(), luck.choice(twins.placed)))
            else:
                batch.append(("adjust", twins.key(), luck.randrange(21), luck.randint(-20, 40)))
        twins.decide(batch)
    twins.check()
    twins.check_replay()
    pages = int(twins.shard.book.state[3])
    assert pages > 1


def test_the_table_forgets_what_expired_and_stays_small() -> None:
    """Ten days of keys take the room of one or two: memory is bounded by 24 hours."""
    book = Book(0, 3, TINY)
    now, sizes = START, []
    shard = Shard(book, lambda: now)
    luck = random.Random(5)
    for _day in range(10):
        for _ in range(8):
            block = Block(1024, 1024, 0, counts=(1024, 1024, 0))
            for i in range(1024):
                key = uuid7_at(now, luck.getrandbits(74)).int
                block["key_hi"][i], block["key_lo"][i] = key >> 64, key & (1 << 64) - 1
            block["kind"][:], block["rows"][:], block["quantity"][:] = status.PLACE, 1, 1
            assert (shard.seal(block).answers.code == status.UNKNOWN_OFFER).all()
            now += 3 * HOUR
        sizes.append(int(book.state[3]))
    assert sizes[-1] <= 2 * sizes[0]
    assert sizes[-1] <= 1.2 * sizes[4]


def test_a_colliding_flood_of_keys_is_decided_right() -> None:
    """Keys that differ only in their last bits, limits and releases beside them: nothing is lost in the table."""
    twins = Twins()
    twins.decide([("open", 0, 0, 10**9), ("set", 0, 0, 1, 0, 1 << 60, 10**6, 1)])
    base = twins.now << 80 | 7 << 76 | 2 << 62
    for start in range(0, 3000, 500):
        twins.decide([("place", base | i, 1, i % 7, [Row(1, 0, 1)]) for i in range(start, start + 500)])
    answers = twins.decide([("place", base | i, 1, i % 7, [Row(1, 0, 1)]) for i in range(3000)])
    assert all(answer.code == status.REPEATED for answer in answers)
    twins.check_replay()


def test_every_byte_of_the_layout_is_named() -> None:
    assert layout.HEADER.itemsize == 80
    offset = 0
    for name in layout.HEADER.names or ():
        kind, at = layout.HEADER.fields[name][:2]  # type: ignore[index]
        assert at == offset, name
        offset += kind.itemsize
    assert offset == 80
    block = Block(3, 5, 2, counts=(3, 5, 2))
    luck = np.random.default_rng(1)
    for name, _, _ in layout.COLUMNS:
        block[name][:] = luck.integers(0, 100, len(block[name]))
    body = layout.encode(3, 4, 5, 6, b"h" * 32, block)
    assert len(body) == 80 + layout.size_of(3, 5, 2)
    read = layout.decode(body)
    assert (read.shard, read.seq, read.stamped_ms, read.salt, read.before) == (3, 4, 5, 6, b"h" * 32)
    assert layout.encode(3, 4, 5, 6, b"h" * 32, read.block) == body


@pytest.mark.parametrize(("shard", "seq", "index"), [(0, 0, 0), (1023, (1 << 40) - 1, 8191), (5, 77, 13)])
def test_an_order_id_is_an_address(shard: int, seq: int, index: int) -> None:
    order = layout.order_id(shard, seq, index)
    assert 0 <= order < 1 << 63
    assert layout.address_of(order) == (shard, seq, index)
