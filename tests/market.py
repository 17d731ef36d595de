"""A whole market in a directory of its own, started by `entrepot up`: for start tests, journeys, benchmarks and screenshots."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[1]
LOGINS = json.loads((ROOT / "pilot" / "logins.json").read_text())


def free_port() -> int:
    """An even port whose neighbour is free too; two runs at once look in different places first."""
    first = 21_000 + os.getpid() * 14 % 10_000
    for port in (21_000 + (first - 21_000 + step) % 11_000 for step in range(0, 11_000, 2)):
        with socket.socket() as one, socket.socket() as two:
            try:
                one.bind(("127.0.0.1", port))
                two.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
    raise RuntimeError("no free port")


def run(home: Path, port: int, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    env = environment(home, port) | more
    return subprocess.run(
        [sys.executable, "-m", "entrepot", *words],
        env=env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def environment(home: Path, port: int, workers: int = 1) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ENTREPOT_", "PYTEST_", "DJANGO_"))
    }
    return kept | {"ENTREPOT_HOME": str(home), "PORT": str(port), "ENTREPOT_WEB_WORKERS": str(workers)}


class Market:
    """A market started by `entrepot up` in a directory of its own."""

    def __init__(self, home: Path, port: int, *, workers: int = 3) -> None:
        self.home, self.port, self.workers = home, port, workers
        self.start()

    def start(self) -> None:
        """Start its processes; what they say begins anew."""
        self.said = (self.home.parent / "said.txt").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "entrepot", "up"], env=environment(self.home, self.port, self.workers),
            cwd=ROOT, stdout=self.said, stderr=self.said, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def text(self) -> str:
        return Path(self.said.name).read_text()

    def wait_ready(self, seconds: float) -> float:
        began = time.monotonic()
        while "Stop with Ctrl-C" not in self.text():
            assert self.process.poll() is None, self.text()
            assert time.monotonic() - began < seconds, self.text()
            time.sleep(0.1)
        return time.monotonic() - began

    def get(self, path: str) -> tuple[int, str]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(60)
        self.said.close()
        return code


class Running(Market):
    """A market somebody else has started."""

    def __init__(self, url: str) -> None:
        self.port = int(url.rsplit(":", 1)[1])


def pids(market: Market) -> list[int]:
    """Every process that still lives in this market's data directory."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            env, line = (entry / "environ").read_bytes(), (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if f"ENTREPOT_HOME={market.home}\0".encode() in env or str(market.home).encode() in line:
            found.append(int(entry.name))
    return found


@contextmanager
def running(*, workers: int = 3) -> Iterator[Market]:
    """A fresh market with the pilot's data, gone afterwards."""
    scratch = Path(tempfile.mkdtemp(prefix="entrepot-market-"))
    scratch.chmod(0o755)
    market = Market(scratch / "home", free_port(), workers=workers)
    try:
        market.wait_ready(240)
        yield market
    finally:
        if market.process.poll() is None:
            market.stop()
        shutil.rmtree(scratch, ignore_errors=True)


def signed_in(market: Market, role: str) -> httpx.Client:
    """A program that signs in with the form, as the person of this role in the pilot."""
    person = next(each for each in LOGINS["people"] if each["role"] == role)
    client = httpx.Client(base_url=market.url, timeout=30, headers={"Origin": market.url})
    form = client.get("/accounts/login/").text
    fields = {"login": person["email"], "password": LOGINS["password"], **hidden(form)}
    answer = client.post("/accounts/login/", data=fields)
    assert answer.status_code in (302, 303), answer.text
    return client


def hidden(page: str) -> dict[str, str]:
    """The values of a page's hidden fields; of several with one name, the first."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", page):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            found.setdefault(name[1], value[1] if value else "")
    return found


def seller_key(market: Market, role: str = "Developer") -> str:
    """A new API key with every scope a seller may give, made on the seller centre's page for developers."""
    with closing(signed_in(market, role)) as client:
        page = client.get("/seller/developers").text
        scopes = re.findall(r'name="scope" value="([a-z:]+)"', page)
        assert scopes, page
        token = hidden(page)["csrfmiddlewaretoken"]
        made = client.post(
            "/seller/developers",
            data={"csrfmiddlewaretoken": token, "name": "conformance", "scope": scopes},
        )
        secret = re.search(r"data-secret>([^<]+)<", made.text)
        assert secret, made.text
        return secret[1]
