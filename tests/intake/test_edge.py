"""The edge over real sockets, with a real writer behind it: orders, refusals by field, streams, the waiting room."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from entrepot.intake.book import Book
from entrepot.intake.commands import mint_key
from entrepot.intake.edge import Connection, Edge
from entrepot.intake.gateway import MAX_WAITING, Gateway
from entrepot.intake.inprocess import SMALL
from entrepot.intake.journal import MemoryJournal, OutcomeUnknown
from entrepot.intake.room_page import language_for, languages, room_page
from entrepot.intake.shard import Shard
from entrepot.intake.tokens import make_token, read_token
from entrepot.intake.waiting import Place, Room, Sale
from entrepot.intake.writer import Writer, clock_ms

SECRET = "a secret of the tests"


class Http:
    """A connection, as a browser would hold it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        self.reader, self.writer = reader, writer

    async def ask(
        self, method: str, path: str, body: bytes = b"", *headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        more = "".join(f"{header}\r\n" for header in headers)
        self.writer.write(
            f"{method} {path} HTTP/1.1\r\nhost: x\r\n{more}content-length: {len(body)}\r\n\r\n".encode()
            + body
        )
        return await self.answer()

    async def answer(self) -> tuple[int, dict[str, str], bytes]:
        head = (await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), 5)).decode().split("\r\n")
        fields = dict(line.lower().split(": ", 1) for line in head[1:] if line)
        body = await self.reader.readexactly(int(fields.get("content-length", "0")))
        return int(head[0].split()[1]), fields, body


class House:
    """A writer, an edge, and what is needed to speak with them."""

    def __init__(self, folder: Path, journal: MemoryJournal):
        self.path = folder / "s"
        self.writer = Writer(Shard(Book(0, 5, SMALL), clock_ms), journal, self.path)
        self.edge = Edge(Gateway(self.path), SECRET, folder, "", "http://127.0.0.1")
        self.port = 0

    async def http(self) -> Http:
        return Http(*await asyncio.open_connection("127.0.0.1", self.port))

    def order(self, quantity: object = 1, **more: object) -> bytes:
        ticket = make_token(self.edge.ticket_secret, int(datetime.now(UTC).timestamp()) + 60, 77, 5)
        order: dict[str, Any] = {"key": str(mint_key(datetime.now(UTC))), "ticket": ticket}
        order |= {"lines": [{"offer": 7, "quantity": quantity, "price_minor": 500}]} | more
        return json.dumps(order).encode()


@asynccontextmanager
async def house(folder: Path, journal: MemoryJournal | None = None) -> AsyncIterator[House]:
    made = House(folder, journal or MemoryJournal())
    loop = asyncio.get_running_loop()
    writing = asyncio.create_task(made.writer.serve())
    gating = asyncio.create_task(made.edge.gateway.run())
    server = await loop.create_server(lambda: Connection(made.edge), "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    while not made.edge.gateway.is_up:
        await asyncio.sleep(0.01)
    stock(made)
    streaming = asyncio.create_task(made.edge.feed_streams())
    try:
        yield made
    finally:
        streaming.cancel()
        gating.cancel()
        server.close()
        for connection in list(made.edge.connections):
            connection.close_now()
        made.writer.stop()
        await writing


def stock(made: House) -> None:
    from entrepot.intake.commands import OpenCounter, SetOffer, _block_of, _prepare

    block = _block_of([_prepare(OpenCounter(1, "stock", 10)), _prepare(SetOffer(7, 1, 500, 1))])
    sealed = made.writer.shard.seal(block)
    made.writer.journal.append(0, sealed.seq, sealed.body)


def run(
    folder: Path, story: Callable[[House], Awaitable[None]], journal: MemoryJournal | None = None
) -> None:
    async def tell() -> None:
        async with house(folder, journal) as made:
            await story(made)

    asyncio.run(tell())


def test_an_order_is_answered_when_it_is_in_the_journal(tmp_path: Path) -> None:
    async def story(made: House) -> None:
        http = await made.http()
        body = made.order(3)
        code, _, told = await http.ask("POST", "/orders", body)
        assert code == 201
        order = int(json.loads(told)["order_id"])
        assert made.writer.durable_seq == order >> 13
        again = await http.ask("POST", "/orders", body)
        assert (again[0], again[2]) == (201, told)
        code, fields, told = await http.ask("POST", "/orders", made.order(8))
        assert (code, fields["content-type"]) == (409, "application/problem+json")
        assert json.loads(told) | {"title": ""} == {
            "type": "urn:entrepot:sold_out", "title": "", "status": 409, "code": "sold_out",
            "detail": "There is not enough left.", "line": 0, "left": 7,
        }  # fmt: skip

    run(tmp_path, story)


@pytest.mark.parametrize(
    ("quantity", "field"),
    [(value, "lines[0].quantity") for value in (-1, 0, 2**31, 2**63, 1.5, "1e9", "１２", True, None)]
    + [(float("nan"), "body")],
)
def test_a_bad_quantity_is_refused_with_its_field(tmp_path: Path, quantity: object, field: str) -> None:
    async def story(made: House) -> None:
        code, _, told = await (await made.http()).ask("POST", "/orders", made.order(quantity))
        assert code == 400
        assert json.loads(told)["field"] == field
        assert made.writer.shard.book.seq == 0

    run(tmp_path, story)


def test_other_bad_orders_are_refused_with_their_field(tmp_path: Path) -> None:
    line = {"offer": 7, "quantity": 1, "price_minor": 500}
    bad: list[tuple[dict[str, object], int, str]] = [
        ({"lines": []}, 400, "lines"),
        ({"lines": [line | {"offer": i} for i in range(65)]}, 400, "lines"),
        ({"lines": [line | {"colour": 1}]}, 400, "lines[0]"),
        ({"lines": [line, line | {"price_minor": 1}]}, 400, "lines[1].price_minor"),
        ({"lines": [line | {"quantity": 2, "price_minor": 1 << 53}]}, 400, "lines"),
        ({"colour": 1}, 400, "body"),
        ({"key": "7"}, 400, "key"),
        ({"key": "01234567-89ab-4def-8123-456789abcdef"}, 400, "key"),
        ({"ticket": "forged"}, 403, ""),
        ({"ticket": make_token(b"another secret", 1 << 40, 77, 5)}, 403, ""),
    ]

    async def story(made: House) -> None:
        http = await made.http()
        for change, code, field in bad:
            got, _, told = await http.ask("POST", "/orders", made.order(1, **change))
            assert (got, json.loads(told).get("field", "")) == (code, field), change
        for garbage in (b"", b"{", b"[]", b"\xff"):
            assert (await http.ask("POST", "/orders", garbage))[0] == 400
        assert made.writer.shard.book.seq == 0

    run(tmp_path, story)


def test_an_offer_in_two_lines_is_merged(tmp_path: Path) -> None:
    async def story(made: House) -> None:
        line = {"offer": 7, "quantity": 6, "price_minor": 500}
        code, _, told = await (await made.http()).ask("POST", "/orders", made.order(lines=[line, line]))
        assert (code, json.loads(told)["left"]) == (409, 10)

    run(tmp_path, story)


def test_pipelined_requests_are_answered_in_order(tmp_path: Path) -> None:
    async def story(made: House) -> None:
        http = await made.http()
        for quantity in (2, 0, 3):
            body = made.order(quantity)
            http.writer.write(b"POST /orders HTTP/1.1\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body))
        http.writer.write(b"GET /nothing HTTP/1.1\r\n\r\n")
        assert [(await http.answer())[0] for _ in range(4)] == [201, 400, 201, 404]

    run(tmp_path, story)


def test_hostile_requests_end_the_connection_and_nothing_else(tmp_path: Path) -> None:
    async def story(made: House) -> None:
        for hostile in (
            b"\x16\x03\x01\r\n\r\n",
            b"POST /orders HTTP/1.1\r\ncontent-length: 99999\r\n\r\n" + b"x" * 90_000,
        ):
            http = await made.http()
            http.writer.write(hostile)
            assert (await http.answer())[0] in (400, 413)
            assert await http.reader.read() == b""
        assert (await (await made.http()).ask("POST", "/orders", made.order()))[0] == 201

    run(tmp_path, story)


def test_a_dead_journal_is_503_at_once_and_heals(tmp_path: Path) -> None:
    class Dying(MemoryJournal):
        is_dead = False

        def append(self, shard: int, expected_seq: int, batch: bytes) -> None:
            if self.is_dead:
                raise OutcomeUnknown("disk full")
            super().append(shard, expected_seq, batch)

    journal = Dying()

    async def story(made: House) -> None:
        first, second = await made.http(), await made.http()
        journal.is_dead = True
        waiting = made.order(2)
        asked = asyncio.create_task(first.ask("POST", "/orders", waiting))
        while not made.writer.stalled:
            await asyncio.sleep(0.01)
        code, fields, _ = await second.ask("POST", "/orders", made.order())
        assert (code, fields["retry-after"]) == (503, "1")
        assert not asked.done()
        journal.is_dead = False
        code, _, told = await asked
        assert code == 201
        assert (await second.ask("POST", "/orders", waiting))[2] == told
        assert made.writer.shard.book.left_list([1]) == [8]

    run(tmp_path, story, journal)


def test_a_stream_tells_what_is_left(tmp_path: Path) -> None:
    async def story(made: House) -> None:
        stream = await made.http()
        code, fields, _ = await stream.ask("GET", "/stream?offers=7,8")
        assert (code, fields["content-type"]) == (200, "text/event-stream")

        async def event() -> object:
            while True:
                line = await asyncio.wait_for(stream.reader.readline(), 5)
                if line.startswith(b"data: "):
                    return json.loads(line[6:])

        assert await event() == [{"offer": 7, "left": 10}]
        assert (await (await made.http()).ask("POST", "/orders", made.order(4)))[0] == 201
        assert await event() == [{"offer": 7, "left": 6}]
        for bad in ("", "?offers=", "?offers=x", "?offers=-1", "?offers=" + ",".join(["1"] * 101)):
            assert (await (await made.http()).ask("GET", f"/stream{bad}"))[0] == 400

    run(tmp_path, story)


def test_the_waiting_room_keeps_places_and_lets_in_by_turn(tmp_path: Path) -> None:
    async def story(made: House) -> None:
        edge = made.edge
        sale = Sale(3, "Festival <3>", frozenset({7}), 1, 0.0, edge.now_s + 3600, "/es-es/p/sale")
        room = Room(sale, edge.room_secret, tmp_path)
        edge.rooms, edge.room_of_offer = {3: room}, {7: room}
        room.tick(edge.now_s, left=10, is_overloaded=False)
        code, _, told = await (await made.http()).ask("POST", "/orders", made.order())
        assert (code, json.loads(told)["room"]) == (403, "/room/3")

        one, two = await made.http(), await made.http()
        _, fields, told = await one.ask("GET", "/room/3.json")
        mine = "cookie: " + fields["set-cookie"].split(";")[0]
        # Cookie values are case-sensitive: ask again without lowering them.
        first = room.place("", edge.now_s)
        second = room.place("", edge.now_s)
        assert (json.loads(told)["position"], first.position, second.position) == (1, 2, 3)
        assert mine.startswith("cookie: room-3=")
        assert room.place(second.token, edge.now_s).position == 3
        code, fields, page = await two.ask("GET", "/room/3", b"", f"Cookie: room-3={second.token}")
        assert (code, fields["refresh"]) == (200, "5")
        assert b"Festival &lt;3&gt;" in page
        assert b">3<" in page
        for second_of in range(1, 4):
            room.tick(edge.now_s + second_of, left=10, is_overloaded=False)
        code, fields, _ = await two.ask("GET", "/room/3", b"", f"Cookie: room-3={second.token}")
        assert code == 303
        assert fields["location"].startswith("http://127.0.0.1/es-es/p/sale?passport=")
        passport = room.place(second.token, edge.now_s).passport
        code, _, _ = await (await made.http()).ask("POST", "/orders", made.order(passport=passport))
        assert code == 201
        room.tick(edge.now_s + 4, left=0, is_overloaded=False)
        code, fields, page = await two.ask("GET", "/room/3", b"", f"Cookie: room-3={second.token}")
        assert "Se ha agotado" in page.decode()
        assert "refresh" not in fields
        assert (await two.ask("GET", "/room/99"))[0] == 404

    run(tmp_path, story)


@pytest.mark.parametrize(
    ("place", "accepts", "url", "expected"),
    [
        ("de-de", "fr-FR", "/es-es/p/x", "de"), ("", "fr-CA,fr;q=0.9", "/es-es/p/x", "fr"), ("", "zh-CN", "/es-es/", "zh-hans"),
        ("", "tlh", "/pl-pl/p/x", "pl"), ("", "", "https://elsewhere.example/", "en"), ("<b>", "\x00,,;", "/", "en"),
        ("es-en", "es", "/es-es/", "en"), ("es-../..", "../../es", "/", "en"),
    ],
)  # fmt: skip
def test_the_room_speaks_the_language_of_the_shop_or_the_browser(
    place: str, accepts: str, url: str, expected: str
) -> None:
    assert language_for(place, accepts, url) == expected


def test_the_room_is_told_in_every_language_of_the_interface() -> None:
    told = {
        language: room_page("<x>", Place("waiting", position=7, wait_s=130), language)
        for language in languages()
    }
    assert len(told) == 14
    for language, page in told.items():
        assert f"lang={language}" in page
        assert "You are in the queue" not in page
        assert "&lt;x&gt;" in page
        assert "<dd>7<" in page
    assert len(set(told.values())) == 14


def test_a_room_never_gives_a_position_twice(tmp_path: Path) -> None:
    sale = Sale(1, "Sale", frozenset({1}), 10, 100.0, 1000.0, "http://x")
    room = Room(sale, b"secret", tmp_path)
    before = [room.place("", 50.0) for _ in range(3)]
    assert [place.state for place in before] == ["early"] * 3
    again = Room(sale, b"secret", tmp_path)  # the edge was killed and came back
    assert again.place(before[2].token, 51.0).position == 3
    assert again.place("", 51.0).position > 3
    again.tick(100.0, left=5, is_overloaded=False)
    again.tick(101.0, left=5, is_overloaded=True)
    assert (
        again.place(before[2].token, 101.0).state == "waiting"
    )  # nobody is let in while orders are turned away
    again.tick(102.0, left=5, is_overloaded=False)
    place = again.place(before[2].token, 102.0)
    assert place.state == "admitted"
    assert again.admits(place.passport, 102.0)
    assert not again.admits(place.passport, 102.0 + 601)
    assert not again.admits(place.token, 102.0)
    assert again.place("", 1000.0).state == "over"


def test_tokens_are_ours_whole_and_in_time() -> None:
    token = make_token(b"secret", 100, 1, 2)
    assert read_token(b"secret", token, 2, 99.9) == (1, 2)
    assert read_token(b"secret", token, 2, 100.0) is None
    assert read_token(b"other", token, 2, 99.0) is None
    assert read_token(b"secret", token, 1, 99.0) is None
    for i in range(len(token)):
        flipped = token[:i] + ("A" if token[i] != "A" else "B") + token[i + 1 :]
        assert read_token(b"secret", flipped, 2, 99.0) is None, i
    for garbage in ("", "=", "ñ", "a" * 1000):
        assert read_token(b"secret", garbage, 2, 0.0) is None


def test_a_room_opens_before_everything_while_more_comes_than_can_be_taken(tmp_path: Path) -> None:
    async def story(made: House) -> None:
        edge, gateway = made.edge, made.edge.gateway
        shopper = await made.http()
        code, fields, _ = await shopper.ask("GET", "/room/0")
        assert (code, fields["location"]) == (303, "http://127.0.0.1/"), "nobody waits while it is calm"
        gateway.turn_away()
        edge.watch_the_crowd(99.0)
        assert not edge.is_crowded, "an outage is no crowd: waiting in a room would not help"
        gateway.waiting += MAX_WAITING
        assert (await shopper.ask("POST", "/orders", made.order()))[0] == 503
        gateway.waiting -= MAX_WAITING
        edge.watch_the_crowd(100.0)
        code, _, told = await shopper.ask("POST", "/orders", made.order())
        assert (code, json.loads(told)["room"]) == (403, "/room/0")
        _, _, told = await shopper.ask("GET", "/room/0.json")
        first = json.loads(told)
        assert (first["state"], first["position"]) == ("waiting", 1)
        edge.watch_the_crowd(101.0)
        edge.now_s += 1
        gateway.turned_away_s -= 3  # nobody was turned away for three seconds
        gateway.full_s -= 3
        edge.watch_the_crowd(102.0)
        place = edge.everything.place("", edge.now_s)
        assert place.state == "admitted"
        code, _, _ = await shopper.ask("POST", "/orders", made.order(passport=place.passport))
        assert code == 201
        edge.now_s += 1
        edge.watch_the_crowd(103.0)
        assert edge.is_crowded, "it stays open until it was calm for a while"
        edge.now_s += 10
        edge.watch_the_crowd(120.0)
        assert not edge.is_crowded
        assert (await shopper.ask("POST", "/orders", made.order()))[0] == 201

    run(tmp_path, story)
