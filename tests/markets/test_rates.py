"""Exchange rates are refreshed from the bank's own file over HTTP; whatever goes wrong, the rates that are here stay."""

from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from currency_converter.currency_converter import CURRENCY_FILE

from entrepot.markets import fx
from entrepot.markets.commands import refresh_rates
from entrepot.markets.queries import fx_rate, rates_in_force
from tests import make

pytestmark = pytest.mark.django_db
NEW_DAY = date(2026, 11, 20)


def bank_file(*, days: str = "", cut: int = 0) -> bytes:
    """The bundled file with a newer day on top, as the bank publishes it."""
    with zipfile.ZipFile(CURRENCY_FILE) as archive:
        text = archive.read(archive.namelist()[0]).decode()
    head, first, *rest = text.splitlines()
    names = [name.strip() for name in head.split(",")]
    newest = dict(zip(names, first.split(","), strict=False)) | {"Date": NEW_DAY.isoformat(), "PLN": "4.5678"}
    lines = [head, days or ",".join(newest.get(name, "") for name in names), first, *rest]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("eurofxref-hist.csv", "\n".join(lines[: len(lines) - cut]))
    return packed.getvalue()


class Bank:
    """A web server that answers what a test tells it to."""

    status, body = 200, b""

    def __init__(self) -> None:
        bank = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(bank.status)
                self.end_headers()
                self.wfile.write(bank.body)

            def log_message(self, *words: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Answer)
        self.address = f"http://127.0.0.1:{self.server.server_port}/eurofxref-hist.zip"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def bank(tmp_path: Path, settings: object) -> Iterator[Bank]:
    settings.ENTREPOT_HOME = tmp_path  # type: ignore[attr-defined]
    served = Bank()
    yield served
    served.server.shutdown()
    served.server.server_close()


def test_newer_rates_are_fetched_and_used(bank: Bank) -> None:
    bank.body = bank_file()
    old = fx_rate("EUR", "PLN", NEW_DAY)
    done = refresh_rates(make.system(), address=bank.address)
    assert (done.is_refreshed, done.last_day) == (True, NEW_DAY)
    new = fx_rate("EUR", "PLN", NEW_DAY)
    assert (new.rate, new.on) == (Decimal("4.5678"), NEW_DAY)
    assert new.source == fx.REFRESHED
    assert old.on < NEW_DAY
    assert fx_rate("EUR", "PLN", old.on).rate == old.rate
    # Bulgaria has the euro: the lev has a past, and no rate of this year.
    assert fx.euro_rate("BGN", NEW_DAY) is None


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (503, b""),
        (200, b"<html>maintenance</html>"),
        (200, b"PK\x05\x06" + b"\0" * 18),
        (200, bank_file(days="2026-11-20,-1.0")),
        (200, bank_file(days="yesterday,1.0")),
        (200, b"0" * 9_000_000),
    ],
    ids=["down", "html", "empty zip", "below zero", "no day", "too large"],
)
def test_a_failing_refresh_keeps_what_is_here_and_says_so(bank: Bank, status: int, body: bytes) -> None:
    before = fx_rate("EUR", "PLN", NEW_DAY)
    bank.status, bank.body = status, body
    done = refresh_rates(make.system(), address=bank.address)
    assert not done.is_refreshed
    assert "stay in force" in done.sentence
    assert before.on.isoformat() in done.sentence
    assert fx_rate("EUR", "PLN", NEW_DAY) == before
    assert rates_in_force().sentence == done.sentence


def test_an_older_file_never_takes_the_place_of_a_newer_one(bank: Bank) -> None:
    bank.body = bank_file()
    refresh_rates(make.system(), address=bank.address)
    bank.body = Path(CURRENCY_FILE).read_bytes()
    assert not refresh_rates(make.system(), address=bank.address).is_refreshed
    assert rates_in_force().last_day == NEW_DAY


def test_nobody_answering_is_a_failure_too(bank: Bank) -> None:
    bank.server.shutdown()
    bank.server.server_close()
    assert "stay in force" in refresh_rates(make.system(), address=bank.address).sentence


def test_bulgaria_pays_in_euro_whatever_a_library_says() -> None:
    from babel.numbers import get_territory_currencies

    from entrepot.markets.queries import pack

    assert pack("BG").currency == "EUR"
    assert get_territory_currencies("BG", date(2026, 11, 20)) in (["BGN"], ["EUR"])
