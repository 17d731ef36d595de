"""The gateway: checks what a shopper sends, groups what waits, takes it to the writer, and never waits without bound.

It holds one connection to the writer. A group whose answer was lost with the connection is sent again: the keys in it make
that safe.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Annotated, Final

import msgspec
import numpy as np

from entrepot.intake import status, wire
from entrepot.intake.layout import Answers, Block

MAX_WAITING: Final = 20_000
MAX_GROUP: Final = 4_096
IN_FLIGHT: Final = 2
PATIENCE_S: Final = 8.0
_INT31: Final = (1 << 31) - 1
_INT53: Final = 1 << 53


class OrderLine(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """A line as sent: pieces of an offer at the price seen (minor units, per piece)."""

    offer: Annotated[int, msgspec.Meta(ge=0, le=_INT31)]
    quantity: Annotated[int, msgspec.Meta(ge=1, le=_INT31)]
    price_minor: Annotated[int, msgspec.Meta(ge=0, le=_INT53)]


class OrderRequest(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """An order as sent: the key of this attempt, the checkout's signed ticket, the lines; in a sale, its passport."""

    key: str
    ticket: str
    lines: Annotated[list[OrderLine], msgspec.Meta(min_length=1, max_length=status.MAX_LINES)]
    passport: str = ""


class Bad(Exception):
    """A request no shop could mean: which field, and why."""

    def __init__(self, field: str, reason: str):
        super().__init__(f"{field}: {reason}")
        self.field, self.reason = field, reason


read_order = msgspec.json.Decoder(OrderRequest).decode


def read_key(text: str) -> tuple[int, int]:
    """The two words of a UUIDv7 in its usual form. Raises Bad."""
    digits = text.replace("-", "")
    if len(text) == 36 and len(digits) == 32 and digits.isascii():
        with suppress(ValueError):
            high, low = int(digits[:16], 16), int(digits[16:], 16)
            if high >> 12 & 15 == 7 and "_" not in digits and "+" not in digits:
                return high, low
    raise Bad("key", f"“{text[:60]}” is not a UUIDv7")


def merged(lines: list[OrderLine]) -> list[OrderLine]:
    """Lines with each offer once. Raises Bad when they contradict each other or pass 2^53."""
    total = 0
    seen: dict[int, OrderLine] = {}
    for i, line in enumerate(lines):
        known = seen.get(line.offer)
        if known is None:
            seen[line.offer] = line
        elif known.price_minor != line.price_minor:
            raise Bad(f"lines[{i}].price_minor", f"offer {line.offer} stands in two lines at two prices")
        elif known.quantity + line.quantity > _INT31:
            raise Bad(f"lines[{i}].quantity", "too many pieces")
        else:
            seen[line.offer] = OrderLine(line.offer, known.quantity + line.quantity, line.price_minor)
        total += line.quantity * line.price_minor
    if total > _INT53:
        raise Bad("lines", "the sum passes 2^53 minor units")
    return list(seen.values()) if len(seen) != len(lines) else lines


# What is told of an order: code, order id or -1, line, left.
Told = Callable[[int, int, int, int], None]


class Group:
    """Orders on their way together, as lists of numbers."""

    __slots__ = ("began", "commands", "takes", "told")

    def __init__(self) -> None:
        self.commands: list[tuple[int, int, int, int, int]] = []  # key_hi, key_lo, ref, party, rows
        self.takes: list[tuple[int, int, int]] = []  # price, offer, quantity
        self.told: list[Told] = []
        self.began = time.monotonic()

    def block(self) -> Block:
        counts = (len(self.commands), len(self.takes), 0)
        block = Block(*counts, counts=counts)
        high, low, ref, party, rows = zip(*self.commands, strict=True)
        block["key_hi"][:], block["key_lo"][:] = np.array(high, np.uint64), np.array(low, np.uint64)
        block["ref"][:], block["party"][:], block["rows"][:] = ref, party, rows
        block["kind"][:] = status.PLACE
        price, offer, quantity = zip(*self.takes, strict=True)
        block["price"][:], block["target"][:], block["quantity"][:] = price, offer, quantity
        block["counter"][:] = -1
        return block


class Gateway:
    """Groups orders and speaks with the writer."""

    def __init__(self, socket_path: Path):
        self._path = socket_path
        self._waiting = Group()
        self._flights: dict[int, Group] = {}
        self._ident = 0
        self._link: _Link | None = None
        self._asked: dict[int, asyncio.Future[tuple[int, int, bytes]]] = {}
        self._scheduled = False
        self.waiting = 0
        self.taken = 0  # orders decided so far
        self.turned_away = 0
        self.turned_away_s = 0.0
        self.full_s = 0.0
        self.is_up = False

    @property
    def is_overloaded(self) -> bool:
        """Whether anybody was turned away in the last two seconds."""
        return time.monotonic() - self.turned_away_s < 2.0

    @property
    def is_full(self) -> bool:
        """Whether more came in the last two seconds than may wait: a crowd, not an outage."""
        return time.monotonic() - self.full_s < 2.0

    def turn_away(self) -> None:
        """Count somebody told to come back later."""
        self.turned_away += 1
        self.turned_away_s = time.monotonic()

    def offer(self, key: tuple[int, int], ref: int, party: int, lines: list[OrderLine], told: Told) -> bool:
        """Queue an order; False, at once, when the queue is full or the writer away."""
        if self.waiting >= MAX_WAITING or not self.is_up:
            self.turn_away()
            if self.is_up:
                self.full_s = self.turned_away_s
            return False
        self.waiting += 1
        group = self._waiting
        if not group.commands:
            group.began = time.monotonic()
        group.commands.append((key[0], key[1], ref, party, len(lines)))
        for line in lines:
            group.takes.append((line.price_minor, line.offer, line.quantity))
        group.told.append(told)
        if not self._scheduled:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._send)
        return True

    def _send(self) -> None:
        """Send what waits, unless enough is on its way."""
        self._scheduled = False
        if not self._waiting.commands or self._link is None:
            return
        if len(self._flights) >= IN_FLIGHT and len(self._waiting.commands) < MAX_GROUP:
            return
        group, self._waiting = self._waiting, Group()
        self._ident = self._ident + 1 & 0x7FFFFFFF
        self._flights[self._ident] = group
        self._link.send(wire.decide_request(self._ident, group.block()))

    async def ask(self, what: int, numbers: list[int]) -> bytes | None:
        """A question without a batch; None when the writer is away."""
        if self._link is None:
            return None
        self._ident = self._ident + 1 & 0x7FFFFFFF
        answer: asyncio.Future[tuple[int, int, bytes]] = asyncio.get_running_loop().create_future()
        self._asked[self._ident] = answer
        self._link.send(
            wire.request(self._ident, what, (len(numbers), 0, 0), np.array(numbers, "<i8").tobytes())
        )
        try:
            return (await asyncio.wait_for(answer, 2.0))[2]
        except (TimeoutError, ConnectionError):
            return None
        finally:
            self._asked.pop(self._ident, None)

    async def left_of(self, offers: list[int]) -> dict[int, int] | None:
        """What is left of offers the writer knows; None when it is away."""
        body = await self.ask(wire.LEFT_OF_OFFERS, offers) if offers else b""
        if body is None:
            return None
        left = np.frombuffer(body, "<i8").tolist()
        return {offer: amount for offer, amount in zip(offers, left, strict=False) if amount >= 0}

    def answered(self, ident: int, state: int, count: int, body: bytes) -> None:
        """An answer arrived."""
        asked = self._asked.get(ident)
        if asked is not None:
            if not asked.done():
                asked.set_result((state, count, body))
            return
        group = self._flights.pop(ident, None)
        if group is None:
            return
        if state == wire.OK:
            self._tell(group, wire.unpack_answers(body, count))
        else:
            self._give_up(group)
        self._send()

    def _tell(self, group: Group, answers: Answers) -> None:
        self.waiting -= len(group.told)
        self.taken += len(group.told)
        for told, code, order, line, left in zip(
            group.told,
            answers.code.tolist(),
            answers.order.tolist(),
            answers.line.tolist(),
            answers.left.tolist(),
            strict=True,
        ):
            told(code, order, line, left)

    def _give_up(self, group: Group) -> None:
        """Tell a whole group to come back: with the same keys, so that nothing happens twice."""
        self.waiting -= len(group.told)
        for told in group.told:
            self.turn_away()
            told(-1, -1, 0, -1)

    async def run(self) -> None:
        """Keep a connection to the writer; after a break send again what was on its way."""
        loop = asyncio.get_running_loop()
        pause = 0.02
        while True:
            lost = loop.create_future()
            try:
                _, link = await loop.create_unix_connection(partial(_Link, self, lost), str(self._path))
            except OSError:
                self._expire()
                await asyncio.sleep(pause)
                pause = min(pause * 2, 0.5)
                continue
            pause = 0.02
            self._link, self.is_up = link, True
            again, self._flights = list(self._flights.values()), {}
            for group in again:
                self._ident = self._ident + 1 & 0x7FFFFFFF
                self._flights[self._ident] = group
                link.send(wire.decide_request(self._ident, group.block()))
            self._send()
            while not (await asyncio.wait({lost}, timeout=1.0))[0]:
                self._expire()
            self._link = None
            for asked in self._asked.values():
                if not asked.done():
                    asked.set_exception(ConnectionError("the writer went away"))
            self._expire()

    def _expire(self) -> None:
        """Nobody waits longer than PATIENCE_S for a writer that is away; after that newcomers are turned away at once."""
        now = time.monotonic()
        for ident, group in list(self._flights.items()):
            if now - group.began > PATIENCE_S:
                del self._flights[ident]
                self._give_up(group)
        if self._waiting.commands and now - self._waiting.began > PATIENCE_S:
            group, self._waiting = self._waiting, Group()
            self._give_up(group)
        if self._link is None:
            self.is_up = False


class _Link(asyncio.Protocol):
    """The connection to the writer."""

    def __init__(self, gateway: Gateway, lost: asyncio.Future[None]):
        self._gateway, self._lost = gateway, lost
        self._data = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._lost.done():
            self._lost.set_result(None)

    def data_received(self, data: bytes) -> None:
        self._data += data
        while len(self._data) >= wire.ANSWER.size:
            length, ident, state, count = wire.ANSWER.unpack_from(self._data)
            size = length + 4
            if len(self._data) < size:
                return
            body = bytes(self._data[wire.ANSWER.size : size])
            del self._data[:size]
            self._gateway.answered(ident, state, count, body)

    def send(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)
