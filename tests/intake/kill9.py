"""kill -9 with real processes: writer, edge, projector and PostgreSQL die at random under load; nothing promised is lost.

    python -m tests.intake.kill9 --rounds 50 [--seed 1]
    python -m tests.intake.kill9 --rounds 3 --full-disk     (as root on Linux: it mounts a small disk in memory)

With `--full-disk` the disk below PostgreSQL is filled instead until orders are answered 503, and freed again.

Every round kills one or two of them in the middle of orders arriving over HTTP, starts them again as the supervisor would, and
waits until orders are accepted again. At the end every order acknowledged to a client must be in the journal and in the tables
exactly once, every repeated request must have been answered alike, and the journal must verify against the tables.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

CLIENTS = 12
OFFERS = 20
STOCK = 1500

_PROJECTOR = """
import signal, threading
import django; django.setup()
from entrepot.intake.projector import Projector
from entrepot.kit.bulk import copy_rows

def orders(cursor, batch):
    copy_rows(cursor, "kill_orders", {"id": batch.order_id, "buyer": batch.buyer})
    copy_rows(cursor, "kill_lines", {"order_id": batch.line_order_id, "position": batch.position, "offer": batch.offer, "quantity": batch.quantity})

def stock(cursor, batch):
    moves = list(zip(batch.available_change.tolist(), batch.counter.tolist()))
    cursor.executemany("INSERT INTO kill_stock VALUES (%s, 0) ON CONFLICT DO NOTHING", [(counter,) for _, counter in moves])
    cursor.executemany("UPDATE kill_stock SET on_hand = on_hand + %s WHERE counter = %s", moves)

stop = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())
Projector([orders, stock]).run_forever(stop)
"""
_TABLES = """
CREATE TABLE kill_orders (id bigint PRIMARY KEY, buyer bigint NOT NULL);
CREATE TABLE kill_lines (order_id bigint, position bigint, offer bigint, quantity bigint, PRIMARY KEY (order_id, position));
CREATE TABLE kill_stock (counter bigint PRIMARY KEY, on_hand bigint NOT NULL CHECK (on_hand >= 0));
"""


class Clients(threading.Thread):
    """Shoppers over HTTP: each sends an order until it is answered, with the same key, and remembers what it was told."""

    def __init__(self, port: int, seed: int):
        super().__init__(daemon=True)
        self.port = port
        self.luck = random.Random(seed)
        self.ending = False
        self.told: dict[UUID, set[tuple[int, str]]] = {}  # key → (status, order number or reason)
        self.answers = self.retries = 0
        self.failure: Exception | None = None

    def run(self) -> None:
        try:
            asyncio.run(self._all())
        except Exception as error:  # noqa: BLE001 - shown by the main thread
            self.failure = error

    async def _all(self) -> None:
        await asyncio.gather(*(self._one(buyer) for buyer in range(CLIENTS)))

    async def _one(self, buyer: int) -> None:
        from entrepot.intake.commands import mint_key, order_ticket
        from entrepot.kit import clock

        ticket = order_ticket(checkout_ref=buyer, buyer=buyer, expires_at=clock.now() + timedelta(hours=5))
        link: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        while not self.ending:
            key = mint_key(clock.now())
            lines = [
                {"offer": offer, "quantity": self.luck.randint(1, 2), "price_minor": 100}
                for offer in self.luck.sample(range(OFFERS), self.luck.randint(1, 3))
            ]
            body = json.dumps({"key": str(key), "ticket": ticket, "lines": lines}).encode()
            for _ in range(2 if self.luck.random() < 0.05 else 1):  # some shoppers press twice
                while True:
                    try:
                        if link is None:
                            link = await asyncio.open_connection("127.0.0.1", self.port)
                        code, told = await asyncio.wait_for(self._ask(link, body), 15)
                    except (OSError, EOFError, TimeoutError):
                        self.retries += 1
                        if link is not None:
                            link[1].close()
                        link = None
                        await asyncio.sleep(0.05)
                        continue
                    if code != 503:
                        break
                    self.retries += 1
                    await asyncio.sleep(0.1)
                answer = (code, told["order_id"] if code == 201 else told["code"])
                self.told.setdefault(key, set()).add(answer)
                self.answers += 1

    async def _ask(
        self, link: tuple[asyncio.StreamReader, asyncio.StreamWriter], body: bytes
    ) -> tuple[int, Any]:
        link[1].write(b"POST /orders HTTP/1.1\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body))
        head = await link[0].readuntil(b"\r\n\r\n")
        size = int(head.split(b"content-length: ")[1].split(b"\r")[0])
        return int(head[9:12]), json.loads(await link[0].readexactly(size))


class House:
    """The processes, and their supervisor."""

    def __init__(self, home: Path):
        from entrepot.app.config import load
        from entrepot.app.postgres import Cluster

        config = load()
        self.config = config
        self.cluster = Cluster(home=home, sockets=config.sockets, password=config.database_password)
        self.words = {
            "writer": [sys.executable, "-m", "entrepot.intake.writer"],
            "edge": [sys.executable, "-m", "entrepot.intake.edge"],
            "projector": [sys.executable, "-c", _PROJECTOR],
        }
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.log_file = home.with_suffix(".log")  # beside the disk that may be full
        self.log = self.log_file.open("ab")

    def start(self, name: str) -> None:
        if name == "postgres":
            self.cluster.start()
        else:
            self.running[name] = subprocess.Popen(
                self.words[name], env=os.environ, stdout=self.log, stderr=self.log
            )

    def kill(self, name: str) -> None:
        if name == "postgres":
            assert self.cluster.process is not None
            os.killpg(self.cluster.process.pid, signal.SIGKILL)
            self.cluster.process.wait()
        else:
            self.running[name].kill()
            self.running[name].wait()

    def stop(self) -> None:
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(15)
            process.kill()
        self.cluster.stop()
        self.log.close()


SAID = b"the journal cannot be written"


def fill_the_disk(house: House, clients: Clients, home: Path) -> None:
    """Leave no byte free until shoppers were turned away for a while; then make room, as an operator would."""
    before, told = clients.retries, house.log_file.read_bytes().count(SAID)
    ballast = home / "ballast"
    try:
        with suppress(OSError), ballast.open("wb", buffering=0) as file:
            while file.write(b"\0" * (1 << 16)):
                pass
        until = time.monotonic() + 60
        while clients.retries < before + 40:
            assert time.monotonic() < until, "a full disk did not stop the intake"
            with suppress(OSError), ballast.open("ab", buffering=0) as file:
                while file.write(b"\0" * 512):  # what a checkpoint freed
                    pass
            time.sleep(0.02)
    finally:
        ballast.unlink()
    lines = house.log_file.read_bytes().count(SAID) - told
    assert lines == 1, f"{lines} log lines say that the journal cannot be written, not one"
    process = house.cluster.process
    if process is None or process.poll() is not None:
        house.start("postgres")  # it gave up; the supervisor starts it again


@contextmanager
def small_disk(home: Path, megabytes: int) -> Iterator[None]:
    """A disk of that size at `home`. Raises CalledProcessError without the right to mount."""
    words = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "entrepot-test", str(home)]
    subprocess.run(words, check=True, capture_output=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(home)], check=True)


def play(
    rounds: int, seed: int, say: Any = lambda text: None, *, is_disk_filled: bool = False
) -> dict[str, int]:
    """Kill (or fill the disk) for `rounds` rounds, then judge. Raises AssertionError when a promise was broken."""
    home = Path(tempfile.mkdtemp(prefix="entrepot-kill-"))
    home.chmod(0o755)
    try:
        with small_disk(home, 400) if is_disk_filled else nullcontext():
            return _play(home, rounds, seed, say, is_disk_filled)
    finally:
        shutil.rmtree(home, ignore_errors=True)
        home.with_suffix(".log").unlink(missing_ok=True)


def _play(home: Path, rounds: int, seed: int, say: Any, is_disk_filled: bool) -> dict[str, int]:
    luck = random.Random(seed)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = min(int(probe.getsockname()[1]), 64_000)
    os.environ.update(ENTREPOT_HOME=str(home), PORT=str(port), DJANGO_SETTINGS_MODULE="entrepot.app.settings")
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    import psycopg
    from django.core.management import call_command
    from django.db import connection

    from entrepot.intake import upkeep
    from entrepot.intake.adapters.postgres import PostgresJournal
    from entrepot.intake.client import SOCKET_NAME, SocketClient
    from entrepot.intake.commands import OpenCounter, SetOffer, submit, use
    from entrepot.intake.queries import database_dsn

    house = House(home)
    house.start("postgres")
    clients = Clients(house.config.edge_port, seed)
    kills: dict[str, int] = {}
    try:
        house.cluster.make_database("entrepot")
        call_command("migrate", "intake", verbosity=0)
        connection.close()
        with psycopg.connect(database_dsn(), autocommit=True) as plain:
            plain.execute(_TABLES)
        for name in house.words:
            house.start(name)
        with use(SocketClient(house.config.sockets / SOCKET_NAME, patience_s=60)):
            submit([OpenCounter(i, "stock", STOCK) for i in range(OFFERS)])
            submit([SetOffer(i, i, 100, 1, limit_per_buyer=600 if i % 4 == 0 else 0) for i in range(OFFERS)])
        clients.start()
        for number in range(rounds):
            before = clients.answers
            until = time.monotonic() + 60
            while clients.answers < before + 40:
                assert clients.failure is None, clients.failure
                assert time.monotonic() < until, "orders were not accepted again within 60 s"
                for name, process in house.running.items():
                    if (
                        process.poll() is not None
                    ):  # e.g. a writer that lost its shard: start it as the supervisor does
                        house.start(name)
                time.sleep(0.02)
            time.sleep(luck.random() * 0.3)
            if is_disk_filled:
                fill_the_disk(house, clients, home)
                say(f"round {number + 1}: disk full; {clients.answers} answers, {clients.retries} retries")
                continue
            targets = luck.sample(
                ["writer", "edge", "projector", "postgres", "writer", "postgres"], luck.choice([1, 1, 2])
            )
            for target in dict.fromkeys(targets):
                house.kill(target)
                kills[target] = kills.get(target, 0) + 1
            time.sleep(luck.random() * 0.2)
            for target in sorted(set(targets), key=lambda name: name != "postgres"):
                house.start(target)
            say(
                f"round {number + 1}: killed {' and '.join(dict.fromkeys(targets))}; {clients.answers} answers, {clients.retries} retries"
            )
        before, until = clients.answers, time.monotonic() + 60
        while clients.answers < before + 40:
            assert time.monotonic() < until, "orders were not accepted again within 60 s"
            time.sleep(0.02)
        clients.ending = True
        clients.join(60)
        assert not clients.is_alive(), "a shopper waits for ever"
        assert clients.failure is None, clients.failure
        return (
            judge(clients, PostgresJournal(database_dsn()), database_dsn(), upkeep)
            | {"rounds": rounds}
            | kills
        )
    except Exception:
        house.log.flush()
        print(house.log_file.read_text(errors="replace")[-6000:], file=sys.stderr)
        raise
    finally:
        clients.ending = True
        house.stop()


def judge(clients: Clients, journal: Any, dsn: str, upkeep: Any) -> dict[str, int]:
    """Hold what shoppers were told against the journal and the tables."""
    import psycopg

    head = journal.head(0)
    until = time.monotonic() + 20
    with psycopg.connect(dsn, autocommit=True) as plain:
        while plain.execute("SELECT seq FROM intake_projection").fetchone() != (head,):
            assert time.monotonic() < until, "the tables never caught up"
            time.sleep(0.05)
        rows = {row[0] for row in plain.execute("SELECT id FROM kill_orders").fetchall()}
        stock = dict(plain.execute("SELECT counter, on_hand FROM kill_stock").fetchall())
        lines = plain.execute(
            "SELECT count(DISTINCT order_id), coalesce(sum(quantity), 0) FROM kill_lines"
        ).fetchone()
    verdict = upkeep.verify(journal, 0, tables=stock, tables_seq=head)
    journal.close()
    assert verdict.faults == [], verdict.faults
    assert verdict.orders == len(rows), "the journal and the tables hold different numbers of orders"
    assert lines == (len(rows), OFFERS * STOCK - sum(stock.values())), (
        "the lines do not add up to the stock that went"
    )
    accepted = set()
    for key, answers in clients.told.items():
        assert len(answers) == 1, f"{key} was answered {answers}"
        [(code, told)] = answers
        assert code in (201, 409), answers
        if code == 201:
            assert int(told) not in accepted, f"two keys were given order {told}"
            accepted.add(int(told))
    lost = accepted - rows
    assert not lost, f"{len(lost)} acknowledged orders are lost"
    return {
        "answers": clients.answers,
        "acknowledged": len(accepted),
        "orders": len(rows),
        "retries": clients.retries,
        "batches": head + 1,
    }


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--full-disk", action="store_true")
    options = parser.parse_args()
    told = play(
        options.rounds,
        options.seed,
        lambda text: print(text, flush=True),
        is_disk_filled=options.full_disk,
    )
    print(json.dumps(told))
    return 0


if __name__ == "__main__":
    sys.exit(main())
