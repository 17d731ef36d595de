"""The projector: folds the journal into the tables people read, each batch exactly once.

A sink is `(cursor, batch: queries.ProjectedBatch) -> None`. All sinks of a group of batches and the sequence they bring the
tables to are one transaction; a crash anywhere repeats or keeps it whole.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final

import psycopg
from django.db import Error, connection, transaction

from entrepot.intake import layout, metrics
from entrepot.intake.adapters.postgres import CHANNEL, PostgresJournal
from entrepot.intake.journal import Journal, OutcomeUnknown
from entrepot.intake.queries import ProjectedBatch, borrowed_journal, database_dsn, projected
from entrepot.kit import clock

log = logging.getLogger(__name__)

Sink = Callable[[Any, ProjectedBatch], None]
GROUP_COMMANDS: Final = 65_536
GROUP_BATCHES: Final = 64
IDLE_S: Final = 1.0


class Projector:
    """Projects one shard. `journal` None: the in-process writer's, else the database's."""

    def __init__(self, sinks: Sequence[Sink], *, shard: int = 0, journal: Journal | None = None):
        self._sinks = list(sinks)
        self._shard = shard
        self._journal = journal
        self._before: tuple[int, bytes] | None = None  # (sequence, hash) of the last batch projected here

    def run_once(self) -> int:
        """Project what is new in the journal; returns how many batches. Raises layout.Corrupt, OutcomeUnknown."""
        done = 0
        with borrowed_journal(self._journal) as journal:
            while count := self._project_group(journal):
                done += count
        return done

    def _project_group(self, journal: Journal) -> int:
        """Project the next group of batches in one transaction."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO intake_projection (shard, seq, projected_at) VALUES (%s, -1, %s) ON CONFLICT DO NOTHING",
                [self._shard, clock.now()],
            )
            cursor.execute("SELECT seq FROM intake_projection WHERE shard = %s FOR UPDATE", [self._shard])
            seq = int(cursor.fetchone()[0])
            before = self._before[1] if self._before is not None and self._before[0] == seq else None
            batches: list[layout.Batch] = []
            commands = 0
            stored = journal.read(self._shard, seq + 1, GROUP_BATCHES)
            for batch in layout.check_chain(stored, self._shard, seq + 1, before):
                batches.append(batch)
                commands += len(batch.block)
                if commands >= GROUP_COMMANDS:
                    break
            if not batches:
                return 0
            group = projected(batches)
            for sink in self._sinks:
                sink(cursor, group)
            cursor.execute(
                "UPDATE intake_projection SET seq = %s, projected_at = %s WHERE shard = %s",
                [group.last_seq, clock.now(), self._shard],
            )
        self._before = (group.last_seq, batches[-1].hash)
        metrics.PROJECTED_BATCHES.inc(len(batches))
        metrics.PROJECTED_ORDERS.inc(len(group.order_id))
        metrics.PROJECTOR_LAG_S.set(max(0.0, clock.now().timestamp() - group.stamped_ms / 1000))
        return len(batches)

    def run_forever(self, stop: threading.Event) -> None:
        """Project as the journal grows, until `stop` is set. Survives a restart of the database; stops on corruption."""
        if self._journal is None:
            self._journal = PostgresJournal(database_dsn())
        ears: psycopg.Connection[Any] | None = None
        trouble = ""
        while not stop.is_set():
            try:
                if ears is None or ears.closed:
                    ears = psycopg.connect(
                        database_dsn(), autocommit=True, application_name="intake projector"
                    )
                    ears.execute(f"LISTEN {CHANNEL}")
                self.run_once()
                if trouble:
                    log.warning("the projector works again")
                    trouble = ""
                for _ in ears.notifies(timeout=IDLE_S, stop_after=1):
                    pass
            except layout.Corrupt:
                log.critical("the journal is corrupt: the projector stops", exc_info=True)
                raise
            except (Error, psycopg.Error, OutcomeUnknown) as error:
                said = (str(error).strip().splitlines() or [""])[0]
                if said != trouble:
                    log.error("the projector cannot go on, it tries again: %s", said)
                    trouble = said
                self._before = None
                with suppress(Exception):
                    connection.close()
                if ears is not None:
                    ears.close()
                    ears = None
                stop.wait(0.5)
        if ears is not None:
            ears.close()
