"""`entrepot up` as its user meets it: starts, refuses clearly, survives kills, ends cleanly, keeps its data."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.market import ROOT, Market, free_port, pids, run

# They meet the market that the journeys walk afterwards, on its first day.
with_the_market = pytest.mark.xdist_group("market")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    scratch = Path(tempfile.mkdtemp(prefix="entrepot-up-"))
    scratch.chmod(0o755)
    yield scratch
    shutil.rmtree(scratch, ignore_errors=True)


@pytest.fixture
def own(market: Market) -> Market:
    """The run's market, if the run has started it itself."""
    if "MARKET_URL" in os.environ:
        pytest.skip("the market was started by somebody else")
    return market


@with_the_market
def test_it_says_where_everything_is_and_who_can_sign_in(own: Market) -> None:
    text = own.text()
    assert len(re.findall(r"http://127\.0\.0\.1:\d+/", text)) >= 5
    logins = json.loads((ROOT / "pilot" / "logins.json").read_text())["people"]
    assert len(logins) == 5
    assert all(person["email"] in text for person in logins)


@with_the_market
def test_the_shop_answers(own: Market) -> None:
    assert own.get("/readyz")[0] == 200
    status, page = own.get("/es-es/")
    assert status == 200
    assert '<html lang="es' in page


@with_the_market
def test_a_second_start_is_refused_with_a_sentence(own: Market) -> None:
    again = run(own.home, own.port, "up")
    assert again.returncode == 4
    assert "already runs" in again.stderr
    assert "ENTREPOT_HOME" in again.stderr
    assert own.get("/readyz")[0] == 200


@with_the_market
def test_a_taken_port_is_refused_before_anything_is_made(own: Market, place: Path) -> None:
    other = place / "other"
    refused = run(other, own.port, "up")
    assert refused.returncode == 4
    assert f"Port {own.port}" in refused.stderr
    assert not (other / "postgres").exists()


@with_the_market
def test_reset_refuses_while_it_runs(own: Market) -> None:
    refused = run(own.home, own.port, "reset", "--yes")
    assert refused.returncode == 4
    assert own.get("/readyz")[0] == 200


@with_the_market
@pytest.mark.parametrize("name", ["entrepot.intake.writer", "entrepot.app.worker", "granian"])
def test_a_killed_process_is_started_again(own: Market, name: str) -> None:
    victims = [pid for pid in pids(own) if name in Path(f"/proc/{pid}/cmdline").read_text()]
    assert victims
    os.kill(min(victims), signal.SIGKILL)
    deadline = time.monotonic() + 40
    while time.monotonic() < deadline:
        time.sleep(0.3)
        try:
            if own.get("/readyz")[0] == 200 and not set(victims) & set(pids(own)):
                return
        except OSError:
            continue
    pytest.fail(f"{name} did not come back: {own.text()}")


@with_the_market
def test_ctrl_c_ends_everything_and_a_new_start_is_quick_and_keeps_the_data(own: Market) -> None:
    before = own.get("/es-es/")[1]
    names = re.findall(r'href="(/es-es/c/[^"]+)"', before)
    assert own.stop() == 0
    assert pids(own) == []
    own.start()
    spent = own.wait_ready(60)
    assert names == re.findall(r'href="(/es-es/c/[^"]+)"', own.get("/es-es/")[1])
    assert "tables" not in own.text()
    assert spent < 30  # the figure for people (10 s on a quiet machine) is printed by the start itself


@pytest.mark.parametrize(
    ("variables", "code", "words"),
    [
        ({"PORT": "http"}, 5, "PORT"),
        ({"DATABASE_URL": "postgresql://a:b@127.0.0.1:1/x"}, 75, "DATABASE_URL"),
        ({"DATABASE_URL": "mysql://x"}, 5, "DATABASE_URL"),
        ({"ENTREPOT_HOME": "/proc/nowhere"}, 5, "ENTREPOT_HOME"),
        ({"ENTREPOT_MODE": "party"}, 5, "ENTREPOT_MODE"),
        ({"ENTREPOT_MODE": "production"}, 5, "https://"),
    ],
)
def test_what_cannot_work_is_said_in_a_sentence(
    place: Path, variables: dict[str, str], code: int, words: str
) -> None:
    refused = run(place / "wrong", free_port(), "up", **variables)
    assert refused.returncode == code, refused.stderr
    assert words in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_full_disk_is_a_sentence(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from entrepot.app import database
    from entrepot.app.failure import Failure

    monkeypatch.setattr(database, "DISK_NEEDED_MB", 10**9)
    with pytest.raises(Failure, match="free on the disk"):
        database.check_disk(place)
