"""The supervisor behind `make up`: one parent, the database and four kinds of children, one clean end.

    postgres · intake writer · worker · edge (PORT + 1) · web (PORT)

It stays small (no Django in it): what needs Django runs in a child. A child that dies is started again, five
times a minute at the most; then everything stops with a sentence. Ctrl-C stops the doors first and the database last.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from entrepot.app.config import CHECKOUT, Config
from entrepot.app.database import check_disk, check_server, cluster_of
from entrepot.app.failure import CONFLICT, Failure
from entrepot.app.postgres import DatabaseError
from entrepot.app.prepare import STAMP, prepared_version
from entrepot.app.progress import step

READY_WITHIN_S = 60
RESTARTS_A_MINUTE = 5
STOP_WITHIN_S = 15


@dataclass(slots=True)
class Child:
    """A process we look after."""

    name: str
    words: list[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    starts: deque[float] = field(default_factory=lambda: deque(maxlen=RESTARTS_A_MINUTE + 1))

    def start(self, env: dict[str, str]) -> None:
        self.end_group()
        self.starts.append(time.monotonic())
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.words, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=CHECKOUT,
                start_new_session=True, preexec_fn=_die_with_parent,
            )  # fmt: skip

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def fails_too_often(self) -> bool:
        return len(self.starts) > RESTARTS_A_MINUTE and time.monotonic() - self.starts[0] < 60

    def end_group(self) -> None:
        """Kill what a dead child left behind: its own children hold the port and would answer for nobody."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def stop(self) -> None:
        """Ask the child's whole group to end; insist after a while."""
        if self.process is None or self.process.poll() is not None:
            self.end_group()
            return
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.end_group()


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def take_lock(config: Config) -> int:
    """One supervisor a data directory. Returns the lock's file descriptor. Raises Failure."""
    path = config.home / "up.lock"
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        running = os.read(handle, 200).decode() or "?"
        os.close(handle)
        raise Failure(
            f"Entrepot already runs from {config.home} ({running}). Stop it there with Ctrl-C, or set PORT and "
            "ENTREPOT_HOME to run a second one beside it.",
            CONFLICT,
        ) from error
    os.ftruncate(handle, 0)
    os.write(handle, f"process {os.getpid()}, {config.base_url}".encode())
    return handle


def check_ports(config: Config) -> None:
    """Both ports must be free before anything is touched. Raises Failure."""
    for port in (config.port, config.edge_port):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                raise Failure(
                    f"Port {port} on 127.0.0.1 is taken by another program. Say PORT=8010 make up to use 8010 and 8011.",
                    CONFLICT,
                ) from error


def children_of(config: Config) -> list[Child]:
    """The processes in the order in which they start."""
    logs = config.home / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    python = sys.executable
    web = [
        python, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(config.port),
        "--workers", str(config.web_workers), "--blocking-threads", "4", "--backlog", "1024", "--no-ws",
        "--respawn-failed-workers", "--log-level", "warning", "entrepot.app.wsgi:application",
    ]  # fmt: skip
    commands = {
        "intake": [python, "-m", "entrepot.intake.writer"],
        "worker": [python, "-m", "entrepot.app.worker"],
        "edge": [python, "-m", "entrepot.intake.edge"],
        "web": web,
    }
    return [Child(name, words, logs / f"{name}.log") for name, words in commands.items()]


def environment(config: Config) -> dict[str, str]:
    """What the children see."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "entrepot.app.settings",
        "ENTREPOT_HOME": str(config.home),
        "PORT": str(config.port),
        "NUMBA_CACHE_DIR": str(config.home / "numba"),
        "PYTHONUNBUFFERED": "1",
        "MALLOC_ARENA_MAX": "2",  # glibc's arenas cost memory in threaded processes
        "OMP_NUM_THREADS": "1",
    }


class Supervisor:
    """Starts, watches and stops the product."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.cluster = None if config.database_url else cluster_of(config)
        self.children = children_of(config)
        self.env = environment(config)
        self.stopping = False

    def run(self) -> None:
        """Everything from nothing to serving, then watch until Ctrl-C. Raises Failure."""
        check_ports(self.config)
        signal.signal(signal.SIGTERM, self._ask_to_stop)
        signal.signal(signal.SIGINT, self._ask_to_stop)
        signal.signal(signal.SIGHUP, self._ask_to_stop)
        try:
            self._start_database()
            self._prepare()
            with step("starting the market"):
                for child in self.children:
                    if child.process is None:
                        child.start(self.env)
                self._wait_until_ready()
            print(welcome(self.config), flush=True)
            self._watch()
        except _Stopped:
            pass
        finally:
            self._stop()

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        if not self.stopping:
            self.stopping = True
            raise _Stopped

    def _start_database(self) -> None:
        if self.cluster is None:
            check_server(self.config)
            return
        check_disk(self.config.home)
        if self.cluster.is_running():
            raise Failure(
                f"A PostgreSQL of an earlier run still holds {self.cluster.data}. Wait for it to end, or stop it with "
                f"kill -INT $(head -1 {self.cluster.data}/postmaster.pid).",
                CONFLICT,
            )
        with step("database") as show:
            try:
                self.cluster.start(
                    waiting=lambda seconds: show(int(seconds), note="recovering") if seconds > 3 else None
                )
                self.cluster.make_database("entrepot")
            except DatabaseError as error:
                raise Failure(str(error)) from error

    def _prepare(self) -> None:
        """Tables, static files and the pilot's data, unless just these were prepared before.

        Pages need no pilot's data, so the web processes load beside it; what takes orders starts when it is there.
        """
        version, stamp = prepared_version(self.config), self.config.home / STAMP
        # Of another server's database nobody knows here whether it is still the one that was prepared.
        if self.cluster is not None and stamp.exists() and stamp.read_text() == version:
            return
        self._run("prepare")
        if self.config.is_pilot:
            self.children[-1].start(self.env)
            self._run("seed")
        stamp.write_text(version)

    def _run(self, command: str) -> None:
        """Run an `entrepot` command in a child that shows its own progress. Raises Failure."""
        done = subprocess.Popen(
            [sys.executable, "-m", "entrepot", command],
            env=self.env,
            cwd=CHECKOUT,
            preexec_fn=_die_with_parent,
        )
        try:
            code = done.wait()
        except _Stopped:
            done.wait(STOP_WITHIN_S)
            raise
        if code != 0:
            raise Failure(
                "Entrepot could not prepare its data; the reason stands above. Nothing is served.", code
            )

    def _wait_until_ready(self) -> None:
        began = time.monotonic()
        url = f"http://127.0.0.1:{self.config.port}/readyz"
        reason = ""
        while time.monotonic() - began < READY_WITHIN_S:
            for child in self.children:
                if not child.is_alive():
                    raise Failure(f"The process “{child.name}” ended at once. Its log is {child.log}.")
            try:
                with urllib.request.urlopen(url, timeout=3) as answer:
                    if answer.status == 200:
                        return
            except urllib.error.HTTPError as error:
                reason = error.read(500).decode(errors="replace")
            except OSError as error:
                reason = str(error)
            time.sleep(0.1)
        raise Failure(
            f"The market did not answer within {READY_WITHIN_S} s ({reason}). Logs: {self.config.home / 'logs'}."
        )

    def _watch(self) -> None:
        while True:
            time.sleep(0.5)
            if (
                self.cluster is not None
                and self.cluster.process is not None
                and self.cluster.process.poll() is not None
            ):
                print("PostgreSQL ended; starting it again.", file=sys.stderr, flush=True)
                self.cluster.start()
            for child in self.children:
                if child.is_alive():
                    continue
                if child.fails_too_often():
                    raise Failure(f"The process “{child.name}” keeps ending. Its log is {child.log}.")
                print(
                    f"“{child.name}” ended; starting it again (log: {child.log}).",
                    file=sys.stderr,
                    flush=True,
                )
                child.start(self.env)

    def _stop(self) -> None:
        self.stopping = True
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        if not any(child.process for child in self.children) and (
            self.cluster is None or self.cluster.process is None
        ):
            return
        with step("stopping"):
            for child in reversed(self.children):
                child.stop()
            if self.cluster is not None:
                self.cluster.stop()


class _Stopped(Exception):
    """Ctrl-C or a signal: end cleanly."""


def welcome(config: Config) -> str:
    """Six links and, in a pilot, five logins."""
    base = config.base_url
    links = {
        "Shop": f"{base}/es-es/",
        "Seller centre": f"{base}/seller/",
        "Console": f"{base}/console/",
        "Hub floor": f"{base}/hub/",
        "API docs": f"{base}/docs",
        "Mail catcher": f"{base}/console/mail/",
    }
    lines = ["", *(f"  {name:14} {link}" for name, link in links.items()), ""]
    if config.is_pilot:
        people = json.loads((CHECKOUT / "pilot" / "logins.json").read_text())
        lines += [
            f"  {person['role']:14} {person['email']:32} {people['password']}" for person in people["people"]
        ]
        lines += [
            "",
            "  Pilot: test money, test cards, no real orders. Stop with Ctrl-C; make reset starts afresh.",
        ]
    return "\n".join(lines)
