"""A purchase to be paid, and a buyer's browser at the sandbox."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client

from entrepot.kit import clock
from entrepot.kit.context import Context, system_context
from entrepot.kit.ids import new_id
from entrepot.kit.models import OutboxFact
from entrepot.kit.money import Money
from entrepot.payments.commands import Part, PaymentStart, start_payment

SELLER_A, SELLER_B = UUID(int=0xA), UUID(int=0xB)


def ctx(at: datetime | None = None) -> Context:
    return system_context(at=at or clock.now(), cause="test")


class Shop:
    """One purchase over two orders, 40.00 and 60.00 EUR."""

    def __init__(self) -> None:
        self.purchase_id = new_id()
        self.orders = (new_id().int % 2**40, new_id().int % 2**40 + 2**41)
        self.browser = Client()

    def start(self, method: str = "card", *, minor: int = 10_000, **more: object) -> PaymentStart:
        return start_payment(
            ctx(),
            purchase_id=self.purchase_id,
            amount=Money(minor, "EUR"),
            parts=[Part(self.orders[0], SELLER_A, 4000), Part(self.orders[1], SELLER_B, minor - 4000)],
            method=method,
            return_url=f"{settings.BASE_URL}/es-es/checkout/done?x=1",
            language="en",
            **more,  # type: ignore[arg-type]
        )

    def pay(self, start: PaymentStart, **form: str) -> str:
        """Send the sandbox's form; where it sends the browser."""
        values = {"number": "4242 4242 4242 4242", "expiry": "12/39", "cvc": "123"} | form
        answer = self.browser.post(start.redirect_url, values)
        assert answer.status_code == 302, answer.content.decode()
        return str(answer["Location"])

    def come_back(self, url: str) -> str:
        """Follow the way back to the shop; the state it says."""
        answer = self.browser.get(url)
        assert answer.status_code == 302
        where = urlsplit(answer["Location"])
        assert where.path == "/es-es/checkout/done"
        assert parse_qs(where.query)["x"] == ["1"]
        return parse_qs(where.query)["payment"][0]


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def facts() -> Callable[[], list[str]]:
    """The kinds of facts announced so far, in order."""
    return lambda: list(OutboxFact.objects.order_by("id").values_list("kind", flat=True))


@pytest.fixture
def clock_file(tmp_path, monkeypatch):  # type: ignore[no-untyped-def]
    """A clock of our own to move."""
    monkeypatch.setenv("ENTREPOT_CLOCK_FILE", str(tmp_path / "offset"))
    clock._cache.update(read_at=-1e9, offset_s=0.0)
    yield clock
    clock._cache.update(read_at=-1e9, offset_s=0.0)
