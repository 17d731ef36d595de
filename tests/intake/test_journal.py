"""One contract for every journal: in sequence, without a gap, fenced, byte for byte."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator

import psycopg
import pytest

from entrepot.intake.adapters.postgres import PostgresJournal
from entrepot.intake.journal import Fenced, Journal, MemoryJournal, OutcomeUnknown, settle

_shards = itertools.count(500)


@pytest.fixture
def shard() -> int:
    """Each test its own shard: what a journal holds is never deleted."""
    return next(_shards)


@pytest.fixture(params=["memory", "postgres"])
def journal(request: pytest.FixtureRequest, db: None) -> Iterator[Journal]:
    made: Journal = (
        MemoryJournal() if request.param == "memory" else PostgresJournal(os.environ["ENTREPOT_TEST_DSN"])
    )
    yield made
    made.close()


def test_what_is_appended_is_read_in_order(journal: Journal, shard: int) -> None:
    bodies = [bytes([i]) * (1 + 997 * i) for i in range(40)]
    assert journal.head(shard) == -1
    for seq, body in enumerate(bodies):
        journal.append(shard, seq, body)
    assert journal.head(shard) == 39
    assert list(journal.read(shard, 0)) == list(enumerate(bodies))
    assert list(journal.read(shard, 17, 20)) == list(enumerate(bodies))[17:37]
    assert list(journal.read(shard, 40)) == []


def test_a_sequence_is_taken_once(journal: Journal, shard: int) -> None:
    journal.append(shard, 0, b"first")
    with pytest.raises(Fenced):
        journal.append(shard, 0, b"second")
    assert list(journal.read(shard, 0)) == [(0, b"first")]


def test_there_is_never_a_gap(journal: Journal, shard: int) -> None:
    journal.append(shard, 0, b"first")
    with pytest.raises(Fenced):
        journal.append(shard, 2, b"third")
    assert journal.head(shard) == 0


def test_shards_do_not_meet(journal: Journal, shard: int) -> None:
    other = next(_shards)
    journal.append(shard, 0, b"mine")
    journal.append(other, 0, b"other")
    assert list(journal.read(shard, 0)) == [(0, b"mine")]


def test_an_unknown_outcome_is_settled_by_reading(journal: Journal, shard: int) -> None:
    journal.append(shard, 0, b"ours")
    settle(journal, shard, 0, b"ours")  # it had landed
    settle(journal, shard, 1, b"next")  # it had not
    assert list(journal.read(shard, 0)) == [(0, b"ours"), (1, b"next")]
    with pytest.raises(Fenced):
        settle(journal, shard, 1, b"another writer's")


def test_postgres_refuses_to_change_the_past(db: None, shard: int) -> None:
    journal = PostgresJournal(os.environ["ENTREPOT_TEST_DSN"])
    journal.append(shard, 0, b"first")
    with psycopg.connect(os.environ["ENTREPOT_TEST_DSN"], autocommit=True) as connection:
        for change in ("UPDATE intake_journal SET body = ''", "DELETE FROM intake_journal"):
            with pytest.raises(psycopg.errors.RestrictViolation):
                connection.execute(change)
        row = connection.execute(
            "SELECT attstorage FROM pg_attribute WHERE attrelid = 'intake_journal'::regclass AND attname = 'body'"
        ).fetchone()
        assert row == ("e",)
    assert list(journal.read(shard, 0)) == [(0, b"first")]
    journal.close()


def test_a_dead_connection_is_an_unknown_outcome_and_heals(db: None, shard: int) -> None:
    journal = PostgresJournal(os.environ["ENTREPOT_TEST_DSN"])
    journal.append(shard, 0, b"first")
    with psycopg.connect(os.environ["ENTREPOT_TEST_DSN"], autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'intake append'"
        )
    with pytest.raises(OutcomeUnknown):
        journal.append(shard, 1, b"second")
    settle(journal, shard, 1, b"second")
    assert [body for _, body in journal.read(shard, 0)] == [b"first", b"second"]
    journal.close()
