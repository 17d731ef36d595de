"""`entrepot bench http`: orders over HTTP, one a request, answered when the journal has them.

The real writer and the real edge run as processes of their own, PostgreSQL with fsync on, and the load on the same cores.
The highest rate is found with 256 connections that each wait for their answer; then the load is driven by the clock (open loop) at
half of that rate: a request is sent when it is due, whether or not earlier ones are answered, and its time counts from then.
The same server's bare POST echo (same protocol, no order) is measured for comparison.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import secrets
import socket
import subprocess
import sys
import time
from collections import deque
from typing import Any

from bench.scratch import RESULTS, at_percent, fsync_ms, machine, say, scratch_product

CONNECTIONS = 256
OFFERS = 10_000
MOST_PER_S = 60_000  # requests prepared for a load that goes as fast as answers come


class Load(asyncio.Protocol):
    """A connection that sends requests and times answers."""

    def __init__(self, shared: Shared):
        self.shared = shared
        self.waiting: deque[float] = deque()
        self.data = b""
        self.transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def send(self, due: float) -> None:
        self.waiting.append(due)
        self.transport.write(self.shared.request())

    def data_received(self, data: bytes) -> None:
        data = self.data + data if self.data else data
        while True:
            end = data.find(b"\r\n\r\n")
            if end < 0:
                break
            at = data.index(b"content-length: ") + 16
            size = end + 4 + int(data[at : data.index(b"\r", at)])
            if len(data) < size:
                break
            self.shared.answered(data[9:12], self.waiting.popleft(), self)
            data = data[size:]
        self.data = data


class Shared:
    """What the connections of one measurement share."""

    def __init__(self, path: str, ticket: str, *, is_closed: bool):
        self.head = f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ".encode()
        self.ticket = ticket
        self.is_closed = is_closed
        self.counted = False
        self.ending = False
        self.took: list[float] = []
        self.codes: dict[bytes, int] = {}
        self.rng = secrets.randbits(62)
        self.prepared: list[bytes] = []

    def prepare(self, count: int) -> None:
        """Write requests beforehand, so that the load takes less of the cores it shares with what it measures."""
        self.prepared = [self.request() for _ in range(count)]

    def request(self) -> bytes:
        """The next prepared request, or a fresh one."""
        if self.prepared:
            return self.prepared.pop()
        self.rng = self.rng * 6364136223846793005 + 1442695040888963407 & (1 << 64) - 1
        r = self.rng
        key = f"{time.time_ns() // 1_000_000:012x}7{r >> 52:03x}{8 | r & 3:x}{r >> 4 & (1 << 60) - 1:015x}"
        offer = r >> 8 & 0x1FFF if r & 1 else r >> 8 & 63
        body = (
            f'{{"key":"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}","ticket":"{self.ticket}",'
            f'"lines":[{{"offer":{offer},"quantity":1,"price_minor":1900}},{{"offer":{offer + 1},"quantity":2,"price_minor":1900}}]}}'
        ).encode()
        return b"%s%d\r\n\r\n%s" % (self.head, len(body), body)

    def answered(self, code: bytes, due: float, connection: Load) -> None:
        if self.counted:
            self.codes[code] = self.codes.get(code, 0) + 1
            self.took.append(time.perf_counter() - due)
        if self.is_closed and not self.ending:
            connection.send(time.perf_counter())


async def drive(port: int, path: str, ticket: str, rate: float, seconds: float) -> dict[str, Any]:
    """Load one server; `rate` 0: as fast as answers come (closed loop)."""
    loop = asyncio.get_running_loop()
    shared = Shared(path, ticket, is_closed=rate == 0)
    shared.prepare(int((rate or MOST_PER_S) * (seconds + 2)))
    links: list[Load] = []
    for _ in range(CONNECTIONS):
        _, link = await loop.create_connection(lambda: Load(shared), "127.0.0.1", port)
        links.append(link)
    if rate == 0:
        for link in links:
            link.send(time.perf_counter())
        await asyncio.sleep(1.5)
        shared.counted, began = True, time.perf_counter()
        await asyncio.sleep(seconds)
    else:
        start = time.perf_counter()
        began, count, warm = start + 1.5, 0, 1.5
        while (now := time.perf_counter()) - start < seconds + warm:
            if not shared.counted and now >= began:
                shared.counted = True
            due = int((now - start) * rate)
            while count < due:
                links[count % CONNECTIONS].send(start + count / rate)
                count += 1
            await asyncio.sleep(0.0005)
    shared.ending = True
    spent = time.perf_counter() - began
    good = shared.codes.get(b"201", 0) + shared.codes.get(b"200", 0)
    took = sorted(shared.took)
    await asyncio.sleep(0.5)
    unanswered = sum(len(link.waiting) for link in links)
    for link in links:
        link.transport.abort()
    return {
        "rate": good / spent,
        "p50": at_percent(took, 50) * 1000,
        "p99": at_percent(took, 99) * 1000,
        "p999": at_percent(took, 99.9) * 1000,
        "codes": {code.decode(): times for code, times in shared.codes.items()},
        "unanswered": unanswered,
    }


def _drive(told: Any, *words: Any) -> None:
    import uvloop

    told.put(uvloop.run(drive(*words)))


def loaded(*words: Any) -> dict[str, Any]:
    """Run a load in a process of its own."""
    context = multiprocessing.get_context("spawn")
    told: Any = context.Queue()
    process = context.Process(target=_drive, args=(told, *words))
    process.start()
    result = dict(told.get(timeout=words[-1] + 60))
    process.join()
    return result


_ECHO = """
import asyncio, sys, uvloop
from pathlib import Path
from entrepot.intake.edge import Connection, Edge, answer
from entrepot.intake.gateway import Gateway

class Echo(Connection):
    def _route(self, slot, method, url):
        self.fill(slot, 200, answer(200, self._body))

async def main():
    edge = Edge(Gateway(Path("nowhere")), "", Path("."), "", "")
    server = await asyncio.get_running_loop().create_server(lambda: Echo(edge), "127.0.0.1", int(sys.argv[1]), backlog=4096)
    await server.serve_forever()

uvloop.run(main())
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"nothing listens on port {port}")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    result: dict[str, Any] = {"machine": machine(), "connections": CONNECTIONS}
    port = free_port()
    os.environ["PORT"] = str(max(1024, min(port, 64_999)))
    with scratch_product() as (home, _):
        from django.conf import settings

        from entrepot.intake.client import SOCKET_NAME, SocketClient
        from entrepot.intake.commands import OpenCounter, SetOffer, order_ticket, submit, use
        from entrepot.kit import clock

        fsyncs = fsync_ms(home)
        result |= {
            "fsync_ms_p50": round(at_percent(fsyncs, 50), 3),
            "fsync_ms_p99": round(at_percent(fsyncs, 99), 3),
        }
        processes = [
            subprocess.Popen([sys.executable, "-m", f"entrepot.intake.{name}"], env=os.environ)
            for name in ("writer", "edge")
        ]
        edge_port, echo_port = settings.CONFIG.edge_port, free_port()
        processes.append(subprocess.Popen([sys.executable, "-c", _ECHO, str(echo_port)], env=os.environ))
        try:
            with use(SocketClient(settings.SOCKETS / SOCKET_NAME, patience_s=60)):
                submit([OpenCounter(i, "stock", 1 << 40) for i in range(OFFERS)])
                submit([SetOffer(i, i, 1900, 1) for i in range(OFFERS)])
            wait_for(edge_port)
            wait_for(echo_port)
            from datetime import timedelta

            ticket = order_ticket(checkout_ref=1, buyer=2, expires_at=clock.now() + timedelta(hours=1))
            say("bare POST echo …")
            echo = loaded(echo_port, "/", ticket, 0, options.seconds)
            say("orders, as fast as answers come …")
            peak = loaded(edge_port, "/orders", ticket, 0, options.seconds)
            half = round(peak["rate"] / 2)
            say(f"orders, {half} a second by the clock …")
            steady = loaded(edge_port, "/orders", ticket, half, options.seconds)
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(30)
    result |= {
        "http_orders_per_s": round(peak["rate"]),
        "http_peak_p50_ms": round(peak["p50"], 2),
        "http_peak_p99_ms": round(peak["p99"], 2),
        "echo_per_s": round(echo["rate"]),
        "http_to_echo": round(peak["rate"] / echo["rate"], 3),
        "half_rate_per_s": half,
        "half_rate_reached_per_s": round(steady["rate"]),
        "half_p50_ms": round(steady["p50"], 2),
        "half_p99_ms": round(steady["p99"], 2),
        "half_p999_ms": round(steady["p999"], 2),
        "answers": peak["codes"],
        "half_answers": steady["codes"],
        "half_unanswered": steady["unanswered"],
    }
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "intake_http.json").write_text(json.dumps(result, indent=2) + "\n")
    if options.json:
        print(json.dumps(result))
    else:
        print(f"orders over HTTP, one a request      {result['http_orders_per_s']:>10,} orders/s")
        print(
            f"  at that rate: p50 / p99            {result['http_peak_p50_ms']:>10} / {result['http_peak_p99_ms']} ms"
        )
        print(
            f"bare POST echo of the same server    {result['echo_per_s']:>10,} requests/s  (ratio {result['http_to_echo']})"
        )
        print(f"open loop at half of the rate        {half:>10,} orders/s")
        print(
            f"  p50 / p99 / p99.9                  {result['half_p50_ms']:>10} / {result['half_p99_ms']} / {result['half_p999_ms']} ms"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
