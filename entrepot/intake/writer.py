"""The writer: the one process that decides for a shard.

It listens on a unix socket, gathers what waits into a batch, decides it, makes it durable and only then answers. While a
batch is being made durable the next one is gathered, and decided early when it is full. The queue is bounded: past it a client
is told so at once. When the journal cannot be written (database down, disk full) everyone is told BUSY until it can; when another
writer has taken the shard, this one drops its Book and stops.

    python -m entrepot.intake.writer     run by the supervisor; SIGTERM ends it cleanly
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from prometheus_client import generate_latest

from entrepot.intake import layout, metrics, replay, status, wire
from entrepot.intake.book import flaw_in
from entrepot.intake.client import SOCKET_NAME
from entrepot.intake.inprocess import InProcess as InProcess  # where others look for it
from entrepot.intake.journal import Fenced, Journal, OutcomeUnknown, settle
from entrepot.intake.layout import Block
from entrepot.intake.shard import Orders, Sealed, Shard
from entrepot.kit import clock

log = logging.getLogger(__name__)

QUEUE_COMMANDS: Final = 8 * status.MAX_BATCH
BATCH_TAKES: Final = 65_536
EARLY: Final = status.MAX_BATCH // 2  # decide while the last batch is on its way when so many wait
RETRY_S: Final = 0.5
WATCH_S: Final = 0.5
SNAPSHOT_BATCHES: Final = 20_000
SNAPSHOT_COMMANDS: Final = 4_000_000
EXIT_FENCED: Final = 3
EXIT_CORRUPT: Final = 4


@dataclass(slots=True)
class _Waiting:
    """A request in the queue."""

    client: _Connection
    ident: int
    block: Block


class Writer:
    """Serves one shard. `serve()` runs until `stop()`, and returns the process's exit code."""

    def __init__(self, shard: Shard, journal: Journal, socket_path: Path, *, snapshots: Path | None = None):
        self.shard = shard
        self.journal = journal
        self.socket_path = socket_path
        self.snapshots = snapshots
        self.exit_code = 0
        self.stalled = False
        self.durable_seq = shard.book.seq
        self._orders = Orders(journal, shard.book.shard)
        self._queue: deque[_Waiting] = deque()
        self._queued = 0
        self._work = asyncio.Event()
        self._ending = False
        self._appending: asyncio.Future[None] | None = None
        self._appender = ThreadPoolExecutor(1, "append")
        self._reader = ThreadPoolExecutor(1, "read")
        self._block = Block(status.MAX_BATCH, BATCH_TAKES, status.MAX_BATCH)
        self._since_snapshot = [0, 0]
        self._snapshot_child = 0
        self._began = time.monotonic()
        self._identity = (0, 0)

    # The socket.

    async def serve(self) -> int:
        """Listen, decide, answer. 0 after `stop()`; EXIT_FENCED when another writer took over."""
        loop = asyncio.get_running_loop()
        self.socket_path.parent.mkdir(parents=True, exist_ok=True)
        scratch = self.socket_path.with_suffix(f".{os.getpid()}")
        scratch.unlink(missing_ok=True)
        server = await loop.create_unix_server(lambda: _Connection(self), str(scratch), backlog=512)
        scratch.chmod(0o600)
        scratch.replace(self.socket_path)
        found = self.socket_path.stat()
        self._identity = (found.st_dev, found.st_ino)
        watch = asyncio.create_task(self._watch())
        log.info("intake shard %d ready at batch %d", self.shard.book.shard, self.shard.book.seq)
        try:
            await self._run()
        finally:
            watch.cancel()
            server.close()
            with suppress(OSError):
                found = self.socket_path.stat()
                if (found.st_dev, found.st_ino) == self._identity:  # not a successor's
                    self.socket_path.unlink()
            self._appender.shutdown()
            self._reader.shutdown()
        if self.exit_code == 0 and self.snapshots is not None and self._since_snapshot[0] > 0:
            self.shard.book.write_snapshot(self.snapshots)
            replay.prune_snapshots(self.snapshots, self.shard.book.shard)
        return self.exit_code

    def stop(self) -> None:
        """Finish what is queued, then end."""
        self._ending = True
        self._work.set()

    def receive(
        self, client: _Connection, ident: int, what: int, counts: tuple[int, int, int], body: memoryview
    ) -> None:
        """Take a request from a connection; answers at once what needs no batch."""
        if what == wire.DECIDE:
            self._receive_commands(client, ident, counts, body)
        elif what in (wire.LEFT_OF_COUNTERS, wire.LEFT_OF_OFFERS) and len(body) == 8 * counts[0]:
            numbers = np.frombuffer(body, "<i8")
            if what == wire.LEFT_OF_OFFERS:
                numbers = self.shard.book.counters_of_offers(numbers)
            client.send(wire.answer(ident, wire.OK, len(numbers), self.shard.book.left(numbers).tobytes()))
        elif what == wire.STATUS:
            told = json.dumps(self.status()).encode()
            client.send(wire.answer(ident, wire.OK, len(told), told))
        else:
            client.send(wire.answer(ident, wire.MALFORMED, 0))

    def _receive_commands(
        self, client: _Connection, ident: int, counts: tuple[int, int, int], body: memoryview
    ) -> None:
        if self.stalled or self._ending or self._queued + counts[0] > QUEUE_COMMANDS:
            metrics.REFUSED_BUSY.inc(counts[0])
            client.send(wire.answer(ident, wire.BUSY, 0))
            return
        if (
            not 0 < counts[0] <= status.MAX_BATCH
            or counts[1] > BATCH_TAKES
            or len(body) != layout.size_of(*counts)
        ):
            client.send(wire.answer(ident, wire.MALFORMED, 0))
            return
        block = Block(*counts)
        block.add_bytes(body, counts)
        has_release = bool((block["kind"] == status.RELEASE).any())
        if flaw_in(block) >= 0 or (has_release and block["rows"][block["kind"] == status.RELEASE].any()):
            client.send(wire.answer(ident, wire.MALFORMED, 0))
            return
        self._queued += counts[0]
        waiting = _Waiting(client, ident, block)
        if has_release:
            asyncio.get_running_loop().create_task(self._expand(waiting))
        else:
            self._queue.append(waiting)
            self._work.set()

    async def _expand(self, waiting: _Waiting) -> None:
        """Read the orders to be released from the journal, then queue the request."""
        try:
            made = await self._blocking(self._reader, self._orders.with_releases, waiting.block)
        except (OutcomeUnknown, layout.Corrupt) as error:
            log.error("orders to release cannot be read: %s", error)
            self._queued -= len(waiting.block)
            waiting.client.send(wire.answer(waiting.ident, wire.BUSY, 0))
            return
        waiting.block = made
        self._queue.append(waiting)
        self._work.set()

    async def _blocking(self, where: ThreadPoolExecutor, function: Callable[..., Any], *words: Any) -> Any:
        """Run what waits for the journal in a thread; the simulation runs it in its own time."""
        return await asyncio.get_running_loop().run_in_executor(where, function, *words)

    # Batches.

    async def _run(self) -> None:
        while True:
            if self._appending is not None and self._queued < EARLY:
                await self._appended()
            if self.exit_code:
                return
            if not self._queue:
                if self._appending is not None:
                    await self._appended()
                    continue
                if self._ending:
                    return
                self._work.clear()
                if not self._queue:
                    await self._work.wait()
                continue
            taken = self._gather()
            if not self.shard.book.has_room(self._block):
                self._tell_busy(taken)
                continue
            sealed = self.shard.seal(self._block)
            if self._appending is not None:
                await self._appended()
            if self.exit_code:
                return
            self._appending = asyncio.ensure_future(self._append(sealed, taken))

    def _gather(self) -> list[_Waiting]:
        """Fill the block with whole requests, up to a full batch."""
        self._block.clear()
        taken: list[_Waiting] = []
        while self._queue:
            block = self._queue[0].block
            if not self._block.fits((block.counts[0], block.counts[1], block.counts[2])):
                break
            self._block.add_block(block)
            taken.append(self._queue.popleft())
        self._queued -= len(self._block)
        metrics.QUEUE_COMMANDS.set(self._queued)
        return taken

    async def _appended(self) -> None:
        """Wait for the batch on its way, and take a snapshot when it is time (nothing undecided is in the Book then)."""
        if self._appending is not None:
            await self._appending
            self._appending = None
        if (
            self.snapshots is not None
            and self.durable_seq == self.shard.book.seq
            and (self._since_snapshot[0] >= SNAPSHOT_BATCHES or self._since_snapshot[1] >= SNAPSHOT_COMMANDS)
        ):
            self._snapshot()

    async def _append(self, sealed: Sealed, taken: list[_Waiting]) -> None:
        """Make a batch durable, however long it takes, then answer."""
        number = self.shard.book.shard
        began = time.perf_counter()
        try:
            await self._blocking(self._appender, self.journal.append, number, sealed.seq, sealed.body)
        except (OutcomeUnknown, Fenced) as error:
            if not await self._settle(sealed, error):
                return
        metrics.APPEND_S.observe(time.perf_counter() - began)
        self.durable_seq = sealed.seq
        count = len(sealed.answers.code)
        self._since_snapshot[0] += 1
        self._since_snapshot[1] += count
        at = 0
        for waiting in taken:
            size = len(waiting.block)
            answers = wire.pack_answers(sealed.answers, at, at + size)
            waiting.client.send(wire.answer(waiting.ident, wire.OK, size, answers))
            at += size
        metrics.BATCH_SIZE.observe(count)
        metrics.JOURNAL_SEQ.set(sealed.seq)
        for code, times in enumerate(
            np.bincount(sealed.answers.code & status.CODE_MASK, minlength=1).tolist()
        ):
            if times:
                metrics.DECISIONS.labels(status.CODES[code]).inc(times)

    async def _settle(self, sealed: Sealed, error: Exception) -> bool:
        """Resolve an unknown outcome by reading, again and again; False when the shard is lost."""
        while True:
            try:
                await self._blocking(
                    self._appender, settle, self.journal, self.shard.book.shard, sealed.seq, sealed.body
                )
            except OutcomeUnknown as unknown:
                error = unknown
            except Fenced as fenced:
                log.critical("another writer has this shard: this one stops. %s", fenced)
                self.exit_code = EXIT_FENCED
                self._work.set()
                return False
            else:
                if self.stalled:
                    log.warning("the journal can be written again")
                self.stalled = False
                metrics.STALLED.set(0)
                return True
            if not self.stalled:
                self.stalled = True
                metrics.STALLED.set(1)
                log.error("the journal cannot be written, orders are answered 503 until it can: %s", error)
                self._turn_away()
            if self._ending:
                self.exit_code = 1
                return False
            await asyncio.sleep(RETRY_S)

    def _turn_away(self) -> None:
        """Answer BUSY to everything queued (nothing of it was decided)."""
        waiting = list(self._queue)
        self._queue.clear()
        self._queued -= sum(len(one.block) for one in waiting)
        self._tell_busy(waiting)

    def _tell_busy(self, waiting: list[_Waiting]) -> None:
        for one in waiting:
            metrics.REFUSED_BUSY.inc(len(one.block))
            one.client.send(wire.answer(one.ident, wire.BUSY, 0))

    async def _watch(self) -> None:
        """Stop within a second when another writer appended, even while nobody orders."""
        while True:
            await asyncio.sleep(WATCH_S)
            self._reap()
            before = self.shard.book.seq
            try:
                head = await self._blocking(self._reader, self.journal.head, self.shard.book.shard)
            except OutcomeUnknown:
                continue
            if head > self.shard.book.seq and self.shard.book.seq == before:
                log.critical("another writer has this shard: this one stops at batch %d", before)
                self.exit_code = EXIT_FENCED
                self._ending = True
                self._turn_away()
                self._work.set()
                return

    # Snapshots: a forked child writes the Book as it was, the writer goes on.

    def _snapshot(self) -> None:
        if self._snapshot_child or self.snapshots is None:
            return
        self._since_snapshot = [0, 0]
        child = os.fork()
        if child:
            self._snapshot_child = child
            return
        code = 1
        try:
            self.shard.book.write_snapshot(self.snapshots)
            replay.prune_snapshots(self.snapshots, self.shard.book.shard)
            code = 0
        finally:
            os._exit(code)

    def _reap(self) -> None:
        if self._snapshot_child:
            with suppress(ChildProcessError):
                done, how = os.waitpid(self._snapshot_child, os.WNOHANG)
                if done == 0:
                    return
                if how:
                    log.error("a snapshot failed (status %d); the journal is complete without it", how)
            self._snapshot_child = 0

    def status(self) -> dict[str, Any]:
        """The writer in figures, for `entrepot intake status` and the metrics page."""
        book = self.shard.book
        return {
            "shard": book.shard,
            "seq": book.seq,
            "durable_seq": self.durable_seq,
            "stamped_ms": book.stamped_ms,
            "queued": self._queued,
            "stalled": self.stalled,
            "rss_bytes": rss_bytes(),
            "up_s": round(time.monotonic() - self._began),
            "pid": os.getpid(),
            "metrics": generate_latest().decode(),
        } | book.totals()


class _Connection(asyncio.Protocol):
    """A client's connection: cuts the stream into frames."""

    def __init__(self, writer: Writer):
        self._writer = writer
        self._data = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None

    def data_received(self, data: bytes) -> None:
        self._data += data
        while len(self._data) >= wire.REQUEST.size:
            length, ident, what, commands, takes, offers = wire.REQUEST.unpack_from(self._data)
            size = length + 4
            if size > wire.MAX_FRAME or size < wire.REQUEST.size:
                if self._transport is not None:
                    self._transport.abort()
                return
            if len(self._data) < size:
                return
            frame = bytes(self._data[wire.REQUEST.size : size])
            del self._data[:size]
            self._writer.receive(self, ident, what, (commands, takes, offers), memoryview(frame))

    def send(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)


def rss_bytes() -> int:
    """Resident memory of this process."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def clock_ms() -> int:
    """The product's clock (the pilot's may run ahead), Unix milliseconds."""
    return int(clock.now().timestamp() * 1000)


def run_writer(number: int = 0) -> int:
    """Open the shard and serve it until SIGTERM or SIGINT; returns the exit code. Waits for the database."""
    from django.conf import settings

    from entrepot.intake.adapters.postgres import PostgresJournal
    from entrepot.intake.queries import database_dsn

    snapshots = settings.ENTREPOT_HOME / "intake"
    journal = PostgresJournal(database_dsn())
    told = False
    while True:
        try:
            book = replay.open_book(journal, number, snapshots)
            break
        except OutcomeUnknown as error:
            if not told:
                log.error("the intake waits for its journal: %s", error)
                told = True
            time.sleep(RETRY_S)
        except layout.Corrupt as error:
            log.critical("the journal is corrupt, the intake stays closed: %s", error)
            return EXIT_CORRUPT

    async def serve() -> int:
        writer = Writer(Shard(book, clock_ms), journal, settings.SOCKETS / SOCKET_NAME, snapshots=snapshots)
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(sign, writer.stop)
        return await writer.serve()

    import uvloop

    code = uvloop.run(serve())
    journal.close()
    return code


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "entrepot.app.settings")
    from django.conf import settings as _settings
    from django.utils.log import configure_logging

    configure_logging(_settings.LOGGING_CONFIG, _settings.LOGGING)  # no apps: the writer stays small
    sys.exit(run_writer())
