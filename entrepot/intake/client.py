"""The client in use, and the blocking one of the writer's socket: one connection a thread, reconnects, resolves unknown
outcomes. The writer and the edge come here too, so it knows no tables.

When a connection dies after a request went out, the same commands are sent again: keys make that safe.
"""

from __future__ import annotations

import itertools
import json
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np

from entrepot.intake import wire
from entrepot.intake.layout import Answers, Block
from entrepot.kit.errors import Busy

SOCKET_NAME: Final = "intake.sock"
PATIENCE_S: Final = 5.0
ANSWER_WITHIN_S: Final = 10.0


class Client(Protocol):
    """Whoever takes blocks to a writer: the socket, or the writer in this process."""

    def ask(self, block: Block) -> Answers:
        """The answers to a block of at most MAX_BATCH commands. Raises Busy."""

    def left_of_counters(self, counters: Sequence[int]) -> list[int]:
        """What each counter holds; -1: never opened. Raises Busy."""

    def left_of_offers(self, offers: Sequence[int]) -> list[int]:
        """What the counter behind each offer holds; -1: unknown. Raises Busy."""


class SocketClient:
    """Talks to the writer at `path` (default: the product's). Raises Busy when it stays down or is full."""

    def __init__(self, path: Path | None = None, *, patience_s: float = PATIENCE_S):
        self._path = path
        self._patience_s = patience_s
        self._local = threading.local()
        self._ids = itertools.count(1)

    def _where(self) -> str:
        if self._path is None:
            from django.conf import settings

            self._path = settings.SOCKETS / SOCKET_NAME
        return str(self._path)

    def _connection(self) -> socket.socket:
        held: socket.socket | None = getattr(self._local, "socket", None)
        if held is None:
            held = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            held.settimeout(ANSWER_WITHIN_S)
            try:
                held.connect(self._where())
            except OSError:
                held.close()
                raise
            self._local.socket = held
        return held

    def close(self) -> None:
        """Close this thread's connection."""
        held = getattr(self._local, "socket", None)
        if held is not None:
            held.close()
            self._local.socket = None

    def _call(self, what: int, counts: tuple[int, int, int], body: bytes) -> tuple[int, int, bytes]:
        """(state, count, body) of the answer; tries again while the writer is away."""
        ident = next(self._ids) & 0xFFFFFFFF
        data = wire.request(ident, what, counts, body)
        until = time.monotonic() + self._patience_s
        pause = 0.01
        while True:
            try:
                connection = self._connection()
                connection.sendall(data)
                while True:
                    length, got, state, count = wire.ANSWER.unpack(_exactly(connection, wire.ANSWER.size))
                    answer = _exactly(connection, length + 4 - wire.ANSWER.size)
                    if got == ident:
                        return state, count, answer
            except OSError as error:
                self.close()
                if time.monotonic() + pause > until:
                    raise Busy(seconds=2) from error
            time.sleep(pause)
            pause = min(pause * 2, 0.5)

    def ask(self, block: Block) -> Answers:
        state, count, body = self._call(
            wire.DECIDE, (block.counts[0], block.counts[1], block.counts[2]), block.body()
        )
        if state == wire.BUSY:
            raise Busy(seconds=2)
        if state != wire.OK:
            raise ValueError("the writer could not read the commands")
        return wire.unpack_answers(body, count)

    def _numbers(self, what: int, numbers: Sequence[int]) -> list[int]:
        state, count, body = self._call(what, (len(numbers), 0, 0), np.array(numbers, "<i8").tobytes())
        if state != wire.OK:
            raise Busy(seconds=2)
        return np.frombuffer(body, "<i8", count).tolist()

    def left_of_counters(self, counters: Sequence[int]) -> list[int]:
        return self._numbers(wire.LEFT_OF_COUNTERS, counters)

    def left_of_offers(self, offers: Sequence[int]) -> list[int]:
        return self._numbers(wire.LEFT_OF_OFFERS, offers)

    def status(self) -> dict[str, Any]:
        """What the writer says about itself: see writer.Writer.status."""
        _, _, body = self._call(wire.STATUS, (0, 0, 0), b"")
        return dict(json.loads(body))


def _exactly(connection: socket.socket, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        piece = connection.recv(min(size - len(parts), 1 << 20))
        if not piece:
            raise ConnectionError("the writer closed the connection")
        parts += piece
    return bytes(parts)


@contextmanager
def use(client: Client) -> Iterator[Client]:
    """Talk to this client instead of the writer process: `with use(InProcess(clock=…)):`."""
    global _client
    before, _client = _client, client
    try:
        yield client
    finally:
        _client = before


def current_client() -> Client:
    """The client in use; the writer's socket when none was chosen."""
    global _client
    if _client is None:
        _client = SocketClient()
    return _client


_client: Client | None = None
