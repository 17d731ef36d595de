"""The journal in PostgreSQL: one row a batch, fenced by the primary key (shard, seq).

A row follows only upon the row before it, so there is no gap whatever happens; a trigger refuses changes to what is
there. Every append notifies `entrepot_intake`, which wakes projectors.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import psycopg
from psycopg import pq

from entrepot.intake.journal import Fenced, OutcomeUnknown

CHANNEL: Final = "entrepot_intake"
_APPEND: Final = b"""
WITH added AS (
    INSERT INTO intake_journal (shard, seq, body)
    SELECT $1::int2, $2::int8, $3::bytea
    WHERE $2::int8 = 0 OR EXISTS (SELECT 1 FROM intake_journal WHERE shard = $1::int2 AND seq = $2::int8 - 1)
    RETURNING seq
)
SELECT pg_notify('entrepot_intake', $1::text || ':' || seq::text) FROM added
"""
_UNIQUE: Final = b"23505"


class PostgresJournal:
    """Appends through one connection of its own, reads through another."""

    def __init__(self, dsn: str, *, read_ahead: int = 16):
        self._dsn = dsn
        self._read_ahead = read_ahead
        self._connections: dict[str, psycopg.Connection[Any]] = {}

    def _connection(self, use: str) -> psycopg.Connection[Any]:
        held = self._connections.get(use)
        if held is not None and not held.closed:
            return held
        try:
            made = psycopg.connect(
                self._dsn, autocommit=True, connect_timeout=5, application_name=f"intake {use}"
            )
            made.execute("SET synchronous_commit = on")
            if use == "append":
                prepared = made.pgconn.prepare(b"append", _APPEND)
                if prepared.status != pq.ExecStatus.COMMAND_OK:
                    raise OutcomeUnknown(prepared.error_message.decode(errors="replace").strip())
        except psycopg.Error as error:
            raise OutcomeUnknown(str(error).strip()) from error
        self._connections[use] = made
        return made

    def append(self, shard: int, expected_seq: int, batch: bytes) -> None:
        connection = self._connection("append")
        try:
            result = connection.pgconn.exec_prepared(
                b"append", [b"%d" % shard, b"%d" % expected_seq, batch], param_formats=[0, 0, 1]
            )
        except psycopg.Error as error:
            self._drop("append")
            raise OutcomeUnknown(str(error).strip()) from error
        if result.status == pq.ExecStatus.TUPLES_OK:
            if result.ntuples == 1:
                return
            raise Fenced(f"shard {shard}: there is no sequence {expected_seq - 1} to follow")
        if result.error_field(pq.DiagnosticField.SQLSTATE) == _UNIQUE:
            raise Fenced(f"shard {shard}: sequence {expected_seq} is taken")
        self._drop("append")
        raise OutcomeUnknown(result.error_message.decode(errors="replace").strip())

    def read(self, shard: int, from_seq: int, limit: int = 0) -> Iterator[tuple[int, bytes]]:
        while True:
            take = self._read_ahead if limit == 0 else min(self._read_ahead, limit)
            try:
                rows = self._connection("read").execute(
                    "SELECT seq, body FROM intake_journal WHERE shard = %s AND seq >= %s ORDER BY seq LIMIT %s",
                    [shard, from_seq, take],
                    binary=True,
                ).fetchall()  # fmt: skip
            except psycopg.Error as error:
                self._drop("read")
                raise OutcomeUnknown(str(error).strip()) from error
            for seq, body in rows:
                yield seq, bytes(body)
            if limit:
                limit -= len(rows)
                if limit == 0:
                    return
            if len(rows) < take:
                return
            from_seq = rows[-1][0] + 1

    def head(self, shard: int) -> int:
        try:
            row = self._connection("read").execute(
                "SELECT max(seq) FROM intake_journal WHERE shard = %s", [shard]
            ).fetchone()  # fmt: skip
        except psycopg.Error as error:
            self._drop("read")
            raise OutcomeUnknown(str(error).strip()) from error
        return -1 if row is None or row[0] is None else int(row[0])

    def _drop(self, use: str) -> None:
        held = self._connections.pop(use, None)
        if held is not None:
            held.close()

    def close(self) -> None:
        for use in list(self._connections):
            self._drop(use)
