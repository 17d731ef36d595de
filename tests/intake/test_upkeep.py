"""Verification finds every flipped, missing, swapped or torn byte; exports say what the journal says."""

from __future__ import annotations

import random
import struct
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from entrepot.intake import layout, replay, upkeep
from entrepot.intake.commands import (
    Adjust,
    OpenCounter,
    Place,
    PlaceLine,
    Release,
    SetOffer,
    Take,
    mint_key,
    submit,
    use,
)
from entrepot.intake.inprocess import SMALL, InProcess
from entrepot.intake.journal import MemoryJournal
from entrepot.intake.parquet import ParquetFile

NOON = datetime(2026, 11, 11, 12, tzinfo=UTC)


@pytest.fixture
def journal() -> MemoryJournal:
    """A day's worth of everything: orders, refusals, repeats, releases, restocks."""
    luck = random.Random(7)
    intake = InProcess(lambda: NOON)
    with use(intake):
        submit([OpenCounter(c, "stock", 30) for c in range(5)] + [OpenCounter(9, "coupon", 40)])
        submit([SetOffer(c, c, 100 + c, 1, limit_per_buyer=4 if c == 2 else 0) for c in range(5)])
        placed = []
        for _ in range(12):
            orders = [
                Place(
                    mint_key(NOON), i, luck.randrange(9),
                    tuple(PlaceLine(offer, luck.randint(1, 3), 100 + offer) for offer in luck.sample(range(5), 2)),
                    (Take(9, 1),) if luck.random() < 0.3 else (),
                )
                for i in range(8)
            ]  # fmt: skip
            placed += [
                answer.order_id for answer in submit([*orders, orders[0]]) if answer.order_id is not None
            ]
            submit(
                [Release(luck.choice(placed), mint_key(NOON)), Adjust(luck.randrange(5), 3, mint_key(NOON))]
            )
    assert isinstance(intake.journal, MemoryJournal)
    return intake.journal


def test_a_sound_journal_verifies_and_replays_to_the_same_bytes(
    journal: MemoryJournal, tmp_path: Path
) -> None:
    verdict = upkeep.verify(journal, 0)
    assert verdict.faults == []
    assert verdict.orders > 40
    assert replay.open_book(journal, 0, sizes=SMALL).fingerprint() == verdict.fingerprint
    for seq in range(verdict.batches):  # from a snapshot at each batch
        book = upkeep.replayed(journal, 0, seq)
        path = book.write_snapshot(tmp_path)
        loaded = type(book).load(path)
        assert loaded.fingerprint() == book.fingerprint()
        replay.catch_up(loaded, journal)
        assert loaded.fingerprint() == verdict.fingerprint


def test_tables_that_differ_are_named(journal: MemoryJournal) -> None:
    book = upkeep.replayed(journal, 0)
    tables = {c: int(book.left_list([c])[0]) for c in range(5)}
    assert upkeep.verify(journal, 0, tables=tables, tables_seq=book.seq).faults == []
    tables[3] += 1
    [fault] = upkeep.verify(journal, 0, tables=tables, tables_seq=book.seq).faults
    assert "counter 3" in fault
    assert upkeep.verify(journal, 0, tables=tables, tables_seq=book.seq + 1).faults


def test_every_flipped_bit_is_found(journal: MemoryJournal) -> None:
    luck = random.Random(11)
    held = journal.batches[0]
    for _ in range(300):
        seq = luck.randrange(len(held))
        whole = held[seq]
        body = bytearray(whole)
        body[luck.randrange(len(body))] ^= 1 << luck.randrange(8)
        held[seq] = bytes(body)
        assert upkeep.verify(journal, 0).faults, seq
        held[seq] = whole
    assert upkeep.verify(journal, 0).faults == []


@pytest.mark.parametrize("how", ["torn", "longer", "missing", "swapped", "repeated", "forged"])
def test_every_damage_is_found(journal: MemoryJournal, how: str) -> None:
    luck = random.Random(13)
    held = journal.batches[0]
    for _ in range(20):
        seq = luck.randrange(len(held) - 1)
        whole = list(held)
        if how == "torn":
            held[seq] = held[seq][: luck.randrange(len(held[seq]))]
        elif how == "longer":
            held[seq] += b"\0" * 8
        elif how == "missing":
            del held[seq]
        elif how == "swapped":
            held[seq], held[seq + 1] = held[seq + 1], held[seq]
        elif how == "repeated":
            held.insert(seq, held[seq])
        else:  # a batch changed and sealed anew: its checksum fits, the chain or the answers do not
            batch = layout.decode(held[seq])
            batch.block["party"][0] += 1
            held[seq] = layout.encode(0, seq, batch.stamped_ms, batch.salt, batch.before, batch.block)
        assert upkeep.verify(journal, 0).faults, (how, seq)
        held[:] = whole


def test_a_forged_answer_is_found_even_with_a_good_chain(journal: MemoryJournal) -> None:
    """Whoever rewrites the whole chain still has to answer as the kernel does."""
    held = journal.batches[0]
    before = layout.NO_HASH
    for seq, body in enumerate(held):
        batch = layout.decode(body)
        if seq == 4:
            refused = np.flatnonzero((batch.block["code"] & 15) == 0)
            batch.block["code"][refused[0]] = 11
        held[seq] = layout.encode(0, seq, batch.stamped_ms, batch.salt, before, batch.block)
        before = layout.hash_of(held[seq])
    [fault] = upkeep.verify(journal, 0).faults
    assert "replay says" in fault


def test_every_damage_to_a_snapshot_is_found_and_the_journal_wins(
    journal: MemoryJournal, tmp_path: Path
) -> None:
    luck = random.Random(17)
    book = upkeep.replayed(journal, 0)
    path = book.write_snapshot(tmp_path)
    whole = path.read_bytes()
    for i in range(200):
        body = bytearray(whole)
        if i % 2:
            body[luck.randrange(len(body))] ^= 1 << luck.randrange(8)
        else:
            del body[luck.randrange(len(body)) :]
        path.write_bytes(body)
        with pytest.raises(layout.Corrupt):
            type(book).load(path)
    assert replay.open_book(journal, 0, tmp_path).fingerprint() == book.fingerprint()


def test_a_snapshot_of_another_journal_is_left_aside(journal: MemoryJournal, tmp_path: Path) -> None:
    other = InProcess(lambda: NOON)
    with use(other):
        submit([OpenCounter(1, "stock", 999)])
    other.book.write_snapshot(tmp_path)
    assert replay.open_book(journal, 0, tmp_path).fingerprint() == upkeep.replayed(journal, 0).fingerprint()


def test_exports_hold_what_the_journal_holds(journal: MemoryJournal, tmp_path: Path) -> None:
    rows = upkeep.export(journal, 0, tmp_path)
    verdict = upkeep.verify(journal, 0)
    assert rows["orders.parquet"] == verdict.orders
    assert rows["lines.parquet"] > verdict.orders
    body = (tmp_path / "orders.parquet").read_bytes()
    assert body[:4] == body[-4:] == b"PAR1"
    size = struct.unpack("<I", body[-8:-4])[0]
    for name in (b"order_id", b"checkout_ref", b"buyer", b"placed_ms"):
        assert name in body[-8 - size :]


def test_parquet_columns_must_be_as_long_as_each_other(tmp_path: Path) -> None:
    file = ParquetFile(tmp_path / "x", ("a", "b"))
    with pytest.raises(ValueError, match="column b"):
        file.write({"a": np.arange(3), "b": np.arange(2)})
    file.close()
