"""The projector on real tables: each batch once, sequence and rows in one transaction, repeats and refusals left out."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from django.db import connection

from entrepot.intake import layout
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
from entrepot.intake.inprocess import InProcess
from entrepot.intake.projector import Projector
from entrepot.intake.queries import (
    ProjectedBatch,
    await_projected,
    order_by_id,
    projected_seq,
    read_journal,
)
from entrepot.kit.bulk import copy_rows, timestamps

NOON = datetime(2026, 11, 11, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


class Sink:
    """Writes orders and stock into scratch tables; dies when told."""

    def __init__(self) -> None:
        self.dies = 0
        self.groups: list[ProjectedBatch] = []
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMP TABLE sink_orders (id bigint PRIMARY KEY, buyer bigint, placed_at timestamptz)"
            )
            cursor.execute("CREATE TEMP TABLE sink_stock (counter bigint PRIMARY KEY, on_hand bigint)")

    def __call__(self, cursor: Any, batch: ProjectedBatch) -> None:
        placed = timestamps(batch.placed_ms)
        copy_rows(cursor, "sink_orders", {"id": batch.order_id, "buyer": batch.buyer, "placed_at": placed})
        if self.dies:
            self.dies -= 1
            raise RuntimeError("killed in the middle")
        for counter, change in zip(batch.counter.tolist(), batch.available_change.tolist(), strict=True):
            cursor.execute("INSERT INTO sink_stock VALUES (%s, 0) ON CONFLICT DO NOTHING", [counter])
            cursor.execute(
                "UPDATE sink_stock SET on_hand = on_hand + %s WHERE counter = %s", [change, counter]
            )
        self.groups.append(batch)

    def rows(self, what: str) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(what)
            return list(cursor.fetchall())


@pytest.fixture
def sink() -> Sink:
    return Sink()


@pytest.fixture
def intake() -> Iterator[InProcess]:
    with use(InProcess(lambda: NOON)) as client:
        submit([OpenCounter(1, "stock", 100), OpenCounter(2, "coupon", 9), SetOffer(7, 1, 500, 1)])
        yield client  # type: ignore[misc]


def place(quantity: int = 1, **more: Any) -> Place:
    return Place(mint_key(NOON), 5, 6, (PlaceLine(7, quantity, 500),), **more)


def test_the_tables_hold_what_the_journal_accepted_once(intake: InProcess, sink: Sink) -> None:
    projector = Projector([sink])
    one = place(3, takes=(Take(2, 1),))
    [first, refused, again] = submit([one, place(1000), one])
    assert projector.run_once() == 2
    assert projector.run_once() == 0
    assert (refused.code, again.repeated) == ("sold_out", True)
    assert sink.rows("SELECT id, buyer, placed_at FROM sink_orders") == [(first.order_id, 6, NOON)]
    submit([one])
    assert first.order_id is not None
    submit(
        [
            Release(first.order_id, mint_key(NOON)),
            Adjust(1, 11, mint_key(NOON)),
            Release(first.order_id, mint_key(NOON)),
        ]
    )
    assert projector.run_once() == 2
    assert sink.rows("SELECT * FROM sink_stock ORDER BY counter") == [(1, 111), (2, 9)]
    assert sink.rows("SELECT count(*) FROM sink_orders") == [(1,)]
    assert [group.released_order_id.tolist() for group in sink.groups] == [[], [first.order_id]]
    assert projected_seq() == intake.book.seq
    assert await_projected([first.order_id])
    assert not await_projected(seq=99, timeout=0.01)


def test_a_projector_that_dies_in_the_middle_repeats_nothing(intake: InProcess, sink: Sink) -> None:
    projector = Projector([sink])
    submit([place(1) for _ in range(10)])
    sink.dies = 2
    for _ in range(2):
        with pytest.raises(RuntimeError):
            projector.run_once()
        assert projected_seq() == -1
        assert sink.rows("SELECT count(*) FROM sink_orders") == [(0,)]
    projector.run_once()
    Projector([sink]).run_once()  # and a new one begins where it ended
    assert sink.rows("SELECT count(*) FROM sink_orders") == [(10,)]
    assert sink.rows("SELECT on_hand FROM sink_stock WHERE counter = 1") == [(90,)]


def test_a_corrupt_journal_stops_the_projector(intake: InProcess, sink: Sink) -> None:
    submit([place()])
    held = intake.journal.batches[0]  # type: ignore[attr-defined]
    held[1] = held[1][:-1] + bytes([held[1][-1] ^ 1])
    with pytest.raises(layout.Corrupt):
        Projector([sink], journal=intake.journal).run_forever(threading.Event())
    assert sink.rows("SELECT count(*) FROM sink_orders") == [(0,)]


def test_an_order_is_read_back_before_it_is_projected(intake: InProcess) -> None:
    [decision] = submit([place(2, takes=(Take(2, 3),))])
    assert decision.order_id is not None
    order = order_by_id(decision.order_id)
    assert order is not None
    assert (order.offer.tolist(), order.quantity.tolist(), order.amount.tolist()) == ([7], [2], [3])
    assert order_by_id(decision.order_id + 1) is None
    assert order_by_id(1 << 40) is None


def test_the_journal_reads_as_batches(intake: InProcess) -> None:
    submit([place(2), place(3)])
    batches = list(read_journal())
    assert [(batch.first_seq, len(batch.order_id)) for batch in batches] == [(0, 0), (1, 2)]
    assert (batches[1].counter.tolist(), batches[1].available_change.tolist()) == ([1], [-5])
    assert (batches[0].received_change.tolist()) == [100, 9]


def test_copied_columns_arrive_as_they_were(sink: Sink) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE every_kind (a bigint, b integer, c smallint, d boolean, e uuid, f timestamptz)"
        )
        count = copy_rows(
            cursor,
            "every_kind",
            {
                "a": np.array([-(1 << 63), (1 << 63) - 1]),
                "b": np.array([-5, 1 << 30], np.int32),
                "c": np.array([-32768, 32767], np.int16),
                "d": np.array([True, False]),
                "e": np.array([bytes(range(16)), b"\xff" * 16], "V16"),
                "f": timestamps(np.array([0, int(NOON.timestamp() * 1000)])),
            },
        )
        assert count == 2
        cursor.execute("SELECT a, b, c, d, e::text, f FROM every_kind ORDER BY a")
        assert list(cursor.fetchall()) == [
            (
                -(1 << 63),
                -5,
                -32768,
                True,
                "00010203-0405-0607-0809-0a0b0c0d0e0f",
                datetime(1970, 1, 1, tzinfo=UTC),
            ),
            ((1 << 63) - 1, 1 << 30, 32767, False, "f" * 8 + "-ffff-ffff-ffff-" + "f" * 12, NOON),
        ]
        with pytest.raises(TypeError, match="column a"):
            copy_rows(cursor, "every_kind", {"a": np.array([1.5])})
        with pytest.raises(ValueError, match="column b"):
            copy_rows(cursor, "every_kind", {"a": np.array([1]), "b": np.array([1, 2])})
