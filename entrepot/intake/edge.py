"""The edge: one process on PORT + 1 for what must be fast or long-lived. A bare asyncio protocol, no framework.

    POST /orders              an order: {"key", "ticket", "lines": [{"offer", "quantity", "price_minor"}], "passport"?}
    GET  /stream?offers=1,2   server-sent events: what is left of these offers, as it changes
    GET  /room/<sale>         the waiting room as a page; /room/<sale>.json for programs; /room/0 is the room before
                              everything, which opens while more orders come than can be taken
    GET  /healthz, /metrics

An order is answered when it is in the journal: 201 with its number, 409 with the reason, or 503 with Retry-After at once when
too much waits. Refusals are problem+json. Limits: 32 KB a request, 10 s to send it, 75 s of silence.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, unquote

import httptools
import msgspec
import psycopg
from prometheus_client import Counter, Gauge, generate_latest

from entrepot.intake import status, wire
from entrepot.intake.client import SOCKET_NAME
from entrepot.intake.gateway import Bad, Gateway, merged, read_key, read_order
from entrepot.intake.room_page import language_for, room_page
from entrepot.intake.tokens import read_token, secret_for
from entrepot.intake.waiting import CALM_S, EVERYTHING, ROOM, Place, Room, Sale
from entrepot.kit import clock
from entrepot.kit.ids import show_number

log = logging.getLogger(__name__)

MAX_REQUEST: Final = 32 * 1024
SLOW_S: Final = 10.0
IDLE_S: Final = 75.0
MAX_STREAMS: Final = 5_000
MAX_STREAM_OFFERS: Final = 100
MAX_CONNECTIONS: Final = 20_000
LEAST_PER_S: Final = 20  # let in a second through the room before everything, however little was taken lately

ANSWERED = Counter("entrepot_edge_answers_total", "HTTP answers of the edge, by status", ["status"])
PROJECTED_SEQ = Gauge("entrepot_intake_projected_seq", "Last batch whose rows stand in the tables")
PROJECTOR_LAG = Gauge("entrepot_intake_projector_lag_batches", "Durable batches not yet in the tables")
STREAMS = Gauge("entrepot_edge_streams", "Open event streams")

_SECURE: Final = (
    b"x-content-type-options: nosniff\r\ncache-control: no-store\r\n"
    b"content-security-policy: default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'\r\n"
    b"referrer-policy: same-origin\r\n"
)
_SENTENCES: Final = {
    "stale_key": "This attempt is more than a day old. Start again with a new key.",
    "key_reused": "This key was used for another order. Use a new key.",
    "unknown_offer": "One of the offers does not exist.",
    "not_open": "The sale of one of the offers has not begun.",
    "closed": "The sale of one of the offers is over.",
    "price_changed": "A price has changed. Look at the new price and order again.",
    "limit_reached": "This is more than one buyer may have.",
    "sold_out": "There is not enough left.",
    "budget_exhausted": "A discount of this order is used up.",
}
_HEADS: Final = {
    int(code): f"HTTP/1.1 {int(code)} {code.phrase}\r\n".encode()
    for code in HTTPStatus
    if int(code) in {200, 201, 303, 400, 403, 404, 405, 409, 413, 415, 422, 503}
}

_COUNTS: Final = {code: ANSWERED.labels(code) for code in _HEADS}


def answer(code: int, body: bytes, kind: bytes = b"application/json", more: bytes = b"") -> bytes:
    """A whole HTTP answer."""
    return b"%scontent-type: %s\r\ncontent-length: %d\r\n%s%s\r\n%s" % (
        _HEADS[code], kind, len(body), _SECURE, more, body,
    )  # fmt: skip


def problem(code: int, reason: str, detail: str, more: bytes = b"", **facts: Any) -> bytes:
    """A refusal as problem+json (RFC 9457)."""
    told = {"type": f"urn:entrepot:{reason}", "title": _HEADS[code][13:-2].decode(), "status": code}
    told |= {"code": reason, "detail": detail} | {
        name: value for name, value in facts.items() if value is not None
    }
    return answer(code, msgspec.json.encode(told), b"application/problem+json", more)


_BUSY: Final = problem(
    503, "busy", "Too many orders at once. Try again in a moment, with the same key.", b"retry-after: 1\r\n"
)


class Edge:
    """What the connections of this process share."""

    def __init__(self, gateway: Gateway, secret: str, folder: Path, dsn: str, origin: str):
        self.gateway = gateway
        self.ticket_secret = secret_for("order ticket", secret)
        self.room_secret = secret_for(ROOM, secret)
        self.folder, self.dsn, self.origin = folder, dsn, origin
        self._database: psycopg.Connection[Any] | None = None
        self._thread = ThreadPoolExecutor(1, "database")
        self.rooms: dict[int, Room] = {}
        self.room_of_offer: dict[int, Room] = {}
        self.everything = self._room_before_everything()
        self.crowded_s = -CALM_S
        self.is_crowded = False  # whether an order needs a passport, whatever it buys
        self.taken_before = 0
        self.connections: set[Connection] = set()
        self.streams: set[Connection] = set()
        self.now_s = clock.now().timestamp()

    def _room_before_everything(self) -> Room:
        sale = Sale(EVERYTHING, "Entrepot", frozenset(), LEAST_PER_S, 0.0, float("inf"), "/")
        return Room(sale, self.room_secret, self.folder)

    def watch_the_crowd(self, tick: float) -> None:
        """Once a second: open the room before everything when more came than may wait, let in as many as were taken
        lately, close it when it is calm and nobody waits."""
        taken, self.taken_before = self.gateway.taken - self.taken_before, self.gateway.taken
        room = self.everything
        if self.gateway.is_full:
            self.crowded_s = tick
        if not self.is_crowded and self.crowded_s == tick:
            log.warning("more orders come than can be taken: the waiting room is open")
            self.is_crowded = True
        if self.is_crowded:
            room.sale = replace(room.sale, per_second=max(LEAST_PER_S, taken))
            room.tick(self.now_s, left=None, is_overloaded=self.gateway.is_overloaded)
            if tick - self.crowded_s >= CALM_S and room.admitted >= room.issued:
                log.warning("the waiting room is closed: everybody was let in")
                self.is_crowded = False
                room.keep()

    async def keep_time(self) -> None:
        """Every second: the clock, slow and silent connections, the rooms."""
        while True:
            self.now_s = clock.now().timestamp()
            tick = time.monotonic()
            for connection in list(self.connections):
                connection.sweep(tick)
            self.watch_the_crowd(tick)
            for room in self.rooms.values():
                left = await self.gateway.left_of(sorted(room.sale.offers))
                total = sum(left.values()) if left is not None else None
                room.tick(self.now_s, left=total, is_overloaded=self.gateway.is_overloaded)
                room.keep()
            await asyncio.sleep(1.0)

    async def keep_sales(self) -> None:
        """Every two seconds: which sales have a waiting room."""
        loop = asyncio.get_running_loop()
        while True:
            with suppress(psycopg.Error):
                sales = await loop.run_in_executor(self._thread, self._read_sales)
                self.rooms = {
                    sale.number: room
                    if (room := self.rooms.get(sale.number)) is not None and room.sale == sale
                    else Room(sale, self.room_secret, self.folder)
                    for sale in sales
                }
                self.room_of_offer = {
                    offer: room for room in self.rooms.values() for offer in room.sale.offers
                }
            await asyncio.sleep(2.0)

    def _read_sales(self) -> list[Sale]:
        rows = self._rows(
            "SELECT id, title, offers, admit_per_s, extract(epoch FROM opens_at), extract(epoch FROM closes_at), url "
            "FROM intake_sale WHERE closes_at > %s",
            [clock.now()],
        )
        return [
            Sale(number, title, frozenset(offers), rate, float(opens), float(closes), url)
            for number, title, offers, rate, opens, closes, url in rows
        ]

    def _projected_seq(self) -> int:
        rows = self._rows("SELECT seq FROM intake_projection WHERE shard = 0", [])
        return int(rows[0][0]) if rows else -1

    def _rows(self, question: str, values: list[Any]) -> list[tuple[Any, ...]]:
        """Ask the database; one connection is kept. Runs in the one thread for it. Raises psycopg.Error."""
        if self._database is None or self._database.closed:
            self._database = psycopg.connect(
                self.dsn, autocommit=True, connect_timeout=2, application_name="edge"
            )
        return self._database.execute(question, values).fetchall()

    async def feed_streams(self) -> None:
        """Twice a second: tell streams what has changed."""
        known: dict[int, int] = {}
        last_beat = time.monotonic()
        while True:
            await asyncio.sleep(0.5)
            STREAMS.set(len(self.streams))
            if not self.streams:
                known = {}
                continue
            wanted = sorted({offer for stream in self.streams for offer in stream.offers})
            left = await self.gateway.left_of(wanted)
            if left is None:
                continue
            changed = {offer: amount for offer, amount in left.items() if known.get(offer) != amount}
            known = left
            beat = time.monotonic() - last_beat > 15
            if beat:
                last_beat = time.monotonic()
            for stream in list(self.streams):
                stream.tell(left if stream.is_new else changed, beat)

    def order(self, connection: Connection, slot: Slot, body: bytes) -> None:
        """Check an order and hand it on."""
        try:
            order = read_order(body)
            key = read_key(order.key)
            lines = merged(order.lines)
        except msgspec.ValidationError as error:
            said, _, field = str(error).partition(" - at `$")
            connection.fill(slot, 400, problem(400, "invalid", said, field=field.strip(".`") or "body"))
            return
        except msgspec.DecodeError as error:
            connection.fill(slot, 400, problem(400, "invalid", str(error), field="body"))
            return
        except Bad as error:
            connection.fill(slot, 400, problem(400, "invalid", error.reason, field=error.field))
            return
        ticket = read_token(self.ticket_secret, order.ticket, 2, self.now_s)
        if ticket is None:
            connection.fill(
                slot,
                403,
                problem(
                    403, "no_ticket", "The ticket is not ours, or has expired. Start the checkout again."
                ),
            )
            return
        if self.room_of_offer or self.is_crowded:
            rooms = [room for line in lines if (room := self.room_of_offer.get(line.offer)) is not None]
            rooms = rooms or ([self.everything] if self.is_crowded else [])
            for room in rooms:
                if not room.admits(order.passport, self.now_s):
                    where = f"/room/{room.sale.number}"
                    connection.fill(
                        slot, 403, problem(403, "waiting_room", "Please wait for your turn.", room=where)
                    )
                    return

        def told(code: int, number: int, line: int, left: int) -> None:
            if code < 0:
                connection.fill(slot, 503, _BUSY)
            elif number >= 0:
                shown = b'{"order_id":"%d","number":"%s"}' % (number, show_number(number).encode())
                connection.fill(slot, 201, answer(201, shown))
            else:
                reason = status.CODES[code & status.CODE_MASK]
                connection.fill(
                    slot,
                    409,
                    problem(
                        409,
                        reason,
                        _SENTENCES.get(reason, "This order is not possible."),
                        line=None if line == status.NO_LINE else line,
                        left=None if left < 0 else left,
                    ),
                )

        if not self.gateway.offer(key, ticket[0], ticket[1], lines, told):
            connection.fill(slot, 503, _BUSY)

    def room(
        self, connection: Connection, slot: Slot, name: str, cookies: dict[str, str], accepts: str
    ) -> None:
        """Where somebody stands in a waiting room: a page in their language (`accepts`: what their browser asks for), or JSON."""
        digits, is_json = (name[:-5], True) if name.endswith(".json") else (name, False)
        number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else -1
        room = self.everything if number == EVERYTHING else self.rooms.get(number)
        if room is None:
            connection.fill(slot, 404, problem(404, "not_found", "There is no such sale."))
            return
        if number == EVERYTHING and not self.is_crowded:
            place = Place("admitted")
        else:
            place = room.place(cookies.get(f"room-{room.sale.number}", ""), self.now_s)
        more = b""
        if place.token:
            more = b"set-cookie: room-%d=%s; Path=/room; HttpOnly; SameSite=Lax; Max-Age=86400%s\r\n" % (
                room.sale.number, place.token.encode(), b"; Secure" if self.origin.startswith("https:") else b"",
            )  # fmt: skip
        if is_json:
            told: dict[str, Any] = {
                "state": place.state,
                "position": place.position,
                "ahead": place.ahead,
                "wait_s": place.wait_s,
            }
            told |= {"passport": place.passport} if place.passport else {}
            connection.fill(slot, 200, answer(200, json.dumps(told).encode(), more=more))
            return
        if place.state == "admitted":
            joint = "&" if "?" in room.sale.url else "?"
            where = quote(room.sale.url, safe="/?&=%~:,;@!$'()*+") + (
                f"{joint}passport={place.passport}" if place.passport else ""
            )
            more += f"location: {self.origin}{where}\r\n".encode("ascii")
            connection.fill(slot, 303, answer(303, b"", b"text/plain", more))
            return
        more += b"refresh: 5\r\n" if place.state in ("waiting", "early") else b""
        language = language_for(cookies.get("place", ""), accepts, room.sale.url)
        page = room_page(room.sale.title, place, language).encode()
        connection.fill(slot, 200, answer(200, page, b"text/html; charset=utf-8", more))

    async def metrics(self, connection: Connection, slot: Slot) -> None:
        """Our figures and the writer's."""
        body = generate_latest()
        theirs = await self.gateway.ask(wire.STATUS, [])
        if theirs:
            told = json.loads(theirs)
            body += told["metrics"].encode()
            with suppress(psycopg.Error):
                seq = await asyncio.get_running_loop().run_in_executor(self._thread, self._projected_seq)
                PROJECTED_SEQ.set(seq)
                PROJECTOR_LAG.set(max(0, told["durable_seq"] - seq))
                body = generate_latest() + told["metrics"].encode()
        connection.fill(slot, 200, answer(200, body, b"text/plain; version=0.0.4"))


class Slot:
    """The place of one answer in a connection's order of answers."""

    __slots__ = ("close", "data")

    def __init__(self) -> None:
        self.data: bytes | None = None
        self.close = False


class Connection(asyncio.Protocol):
    """An HTTP/1.1 connection: keep-alive, pipelining answered in order."""

    __slots__ = (
        "_body", "_edge", "_headers", "_parser", "_read", "_slots", "_started", "_touched", "_transport", "_url",
        "is_new", "offers",
    )  # fmt: skip

    def __init__(self, edge: Edge):
        self._edge = edge
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport | None = None
        self._slots: deque[Slot] = deque()
        self._url = b""
        self._body = b""
        self._headers: dict[bytes, bytes] = {}
        self._read = 0
        self._started = 0.0
        self._touched = time.monotonic()
        self.offers: tuple[int, ...] = ()
        self.is_new = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]
        if len(self._edge.connections) >= MAX_CONNECTIONS:
            transport.write(_BUSY)  # type: ignore[attr-defined]
            transport.close()
            return
        self._edge.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._edge.connections.discard(self)
        self._edge.streams.discard(self)

    def data_received(self, data: bytes) -> None:
        self._touched = time.monotonic()
        self._read += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._close_with(problem(400, "invalid", "No upgrade here.", field="upgrade"))
        except httptools.HttpParserError:
            self._close_with(problem(400, "invalid", "This is not HTTP.", field="request"))
        if self._started and self._read > MAX_REQUEST:
            self._close_with(problem(413, "too_large", "An order is at most 32 KB."))

    # What httptools calls.

    def on_message_begin(self) -> None:
        self._url, self._body, self._headers = b"", b"", {}
        self._started = self._touched

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        name = name.lower()
        if name in (b"cookie", b"accept-language"):
            self._headers[name] = value

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        self._started = 0.0
        self._read = 0
        if self.offers or len(self._slots) > 64:
            return  # a stream takes no more; nobody pipelines so much
        slot = Slot()
        slot.close = not self._parser.should_keep_alive()
        self._slots.append(slot)
        self._route(slot, self._parser.get_method(), self._url)

    def _route(self, slot: Slot, method: bytes, url: bytes) -> None:
        path, _, query = url.partition(b"?")
        edge = self._edge
        if path == b"/orders":
            if method == b"POST":
                edge.order(self, slot, self._body)
            else:
                self.fill(slot, 405, problem(405, "method", "Orders are sent with POST.", b"allow: POST\r\n"))
        elif method != b"GET":
            known = path in (b"/stream", b"/healthz", b"/metrics") or path.startswith(b"/room/")
            code = 405 if known else 404
            self.fill(slot, code, problem(code, "method" if known else "not_found", "Only GET works here."))
        elif path == b"/stream":
            self._open_stream(slot, query)
        elif path.startswith(b"/room/"):
            accepts = self._headers.get(b"accept-language", b"").decode("latin-1")
            edge.room(self, slot, path[6:].decode("latin-1"), self._cookies(), accepts)
        elif path == b"/healthz":
            code = 200 if edge.gateway.is_up else 503
            told = {"status": "ok" if code == 200 else "the writer is away", "waiting": edge.gateway.waiting}
            self.fill(slot, code, answer(code, json.dumps(told).encode()))
        elif path == b"/metrics":
            asyncio.get_running_loop().create_task(edge.metrics(self, slot))
        else:
            self.fill(slot, 404, problem(404, "not_found", "There is nothing here."))

    def _cookies(self) -> dict[str, str]:
        text = self._headers.get(b"cookie", b"").decode("latin-1")
        pairs = (part.strip().partition("=") for part in text.split(";"))
        return {name: value for name, _, value in pairs}

    def _open_stream(self, slot: Slot, query: bytes) -> None:
        values = [
            part[7:] for part in unquote(query.decode("latin-1")).split("&") if part.startswith("offers=")
        ]
        texts = values[0].split(",") if values else []
        if not 0 < len(texts) <= MAX_STREAM_OFFERS or not all(
            text.isascii() and text.isdigit() and len(text) <= 10 and int(text) < 1 << 31 for text in texts
        ):
            detail = f"offers must be 1 to {MAX_STREAM_OFFERS} offer numbers, separated by commas."
            self.fill(slot, 400, problem(400, "invalid", detail, field="offers"))
            return
        if len(self._edge.streams) >= MAX_STREAMS:
            self.fill(slot, 503, _BUSY)
            return
        origin = f"access-control-allow-origin: {self._edge.origin}\r\n".encode()
        self.fill(
            slot,
            200,
            _HEADS[200] + b"content-type: text/event-stream\r\n" + origin + _SECURE + b"\r\nretry: 2000\n\n",
        )
        self.offers = tuple(dict.fromkeys(int(text) for text in texts))
        self._edge.streams.add(self)

    # Answers.

    def fill(self, slot: Slot, code: int, data: bytes) -> None:
        """Answer a request; answers leave in the order of the requests."""
        _COUNTS[code].inc()
        slot.data = data
        transport = self._transport
        slots = self._slots
        while slots and slots[0].data is not None:
            first = slots.popleft()
            if transport is not None:
                transport.write(first.data)  # type: ignore[arg-type]
                if first.close:
                    transport.close()

    def tell(self, left: dict[int, int], beat: bool) -> None:
        """Send a stream what it follows; a client that does not read is cut off."""
        transport = self._transport
        if transport is None:
            return
        self._touched = time.monotonic()
        if transport.get_write_buffer_size() > 65_536:
            transport.abort()
            return
        mine = [{"offer": offer, "left": left[offer]} for offer in self.offers if offer in left]
        self.is_new = False
        if mine:
            transport.write(b"event: stock\ndata: %s\n\n" % json.dumps(mine).encode())
        elif beat:
            transport.write(b": still here\n\n")

    def sweep(self, tick: float) -> None:
        """Close a connection that is too slow or silent."""
        if self._transport is not None and (
            (self._started and tick - self._started > SLOW_S)
            or (not self.offers and not self._slots and tick - self._touched > IDLE_S)
        ):
            self._transport.close()

    def close_now(self) -> None:
        """Close after what was written has left."""
        if self._transport is not None:
            self._transport.close()

    def _close_with(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)
            self._transport.close()


async def serve(edge: Edge, port: int, stop: asyncio.Event) -> None:
    """Serve until `stop` is set."""
    loop = asyncio.get_running_loop()
    tasks = [
        asyncio.create_task(work())
        for work in (edge.gateway.run, edge.keep_time, edge.keep_sales, edge.feed_streams)
    ]
    server = await loop.create_server(lambda: Connection(edge), "127.0.0.1", port, backlog=4096)
    log.info("the edge listens on 127.0.0.1:%d", port)
    ended = asyncio.create_task(stop.wait())
    await asyncio.wait([ended, *tasks], return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        if task.done():
            task.result()  # a bug: show it and let the supervisor start us anew
    server.close()
    until = time.monotonic() + 5
    while edge.gateway.waiting and time.monotonic() < until:
        await asyncio.sleep(0.02)
    for connection in list(edge.connections):
        connection.close_now()
    for task in tasks:
        task.cancel()


def run_edge() -> None:
    """Serve PORT + 1 until SIGTERM."""
    import uvloop
    from django.conf import settings

    from entrepot.intake.queries import database_dsn

    edge = Edge(
        Gateway(settings.SOCKETS / SOCKET_NAME),
        settings.SECRET_KEY,
        settings.ENTREPOT_HOME / "intake",
        database_dsn(),
        settings.BASE_URL,
    )

    async def main() -> None:
        stop = asyncio.Event()
        for sign in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(sign, stop.set)
        await serve(edge, settings.CONFIG.edge_port, stop)

    uvloop.run(main())


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "entrepot.app.settings")
    from django.conf import settings as _settings
    from django.utils.log import configure_logging

    configure_logging(_settings.LOGGING_CONFIG, _settings.LOGGING)  # no apps: the edge stays small
    run_edge()
