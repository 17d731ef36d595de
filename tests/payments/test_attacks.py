"""Attacks 23, 27-31 of the list: forged, stale, foreign and oversized webhooks; parallel refunds and captures."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from entrepot.kit import clock
from entrepot.kit.errors import Refusal
from entrepot.kit.ids import new_id
from entrepot.ledger.queries import AccountRef, balance_of
from entrepot.payments.adapters.signature import sign
from entrepot.payments.commands import RefundPart, close_due, confirm_payment, refund_payment
from entrepot.payments.models import Payment, ProviderEvent
from entrepot.payments.queries import payment_by_id
from tests.payments.conftest import Shop, ctx

pytestmark = pytest.mark.django_db(transaction=True)
WHERE = "/payments/webhooks/sandbox/"


@pytest.fixture
def paid(shop: Shop) -> tuple[Shop, Payment]:
    """Paid at the provider; neither webhook nor browser told us yet."""
    start = shop.start()
    shop.pay(start)
    return shop, Payment.objects.get(id=start.payment_id)


def body_of(payment: Payment, **other: object) -> bytes:
    said = {
        "kind": "payment.authorised",
        "provider_ref": payment.provider_ref,
        "reference": str(payment.id),
        "amount_minor": payment.amount_minor,
        "currency": payment.currency,
    }
    return json.dumps(said | other).encode()


def send(body: bytes, headers: dict[str, str]) -> int:
    more = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    return Client().post(WHERE, body, content_type="application/json", **more).status_code  # type: ignore[arg-type]


def nothing_happened(payment: Payment) -> bool:
    payment.refresh_from_db()
    return payment.state == "redirected" and not ProviderEvent.objects.exists()


def test_a_true_message_pays(paid: tuple[Shop, Payment], settings) -> None:  # type: ignore[no-untyped-def]
    body = body_of(paid[1])
    headers = sign(settings.PROVIDER_SECRET, event_id="evt_1", at=clock.now(), body=body)
    assert [send(body, headers) for _ in range(3)] == [204, 204, 204]
    assert payment_by_id(paid[1].id).is_applied
    assert balance_of(AccountRef("provider_clearing", "sandbox", "EUR")) == 10_000
    assert ProviderEvent.objects.get().times_received == 3


FORGERIES: dict[str, Callable[[str, bytes], dict[str, str]]] = {
    "no headers": lambda secret, body: {},
    "no signature": lambda secret, body: {
        name: value for name, value in true(secret, body).items() if name != "webhook-signature"
    },
    "empty signature": lambda secret, body: true(secret, body) | {"webhook-signature": ""},
    "wrong secret": lambda secret, body: true("x" * 40, body),
    "other algorithm": lambda secret, body: (
        true(secret, body)
        | {"webhook-signature": true(secret, body)["webhook-signature"].replace("v1,", "v0,")}
    ),
    "other id": lambda secret, body: true(secret, body) | {"webhook-id": "evt_2"},
    "other time": lambda secret, body: true(secret, body) | {"webhook-timestamp": "1"},
    "time is text": lambda secret, body: true(secret, body) | {"webhook-timestamp": "١٢"},
    "stale": lambda secret, body: sign(
        secret, event_id="evt_1", at=clock.now() - timedelta(minutes=6), body=body
    ),
    "from the future": lambda secret, body: sign(
        secret, event_id="evt_1", at=clock.now() + timedelta(minutes=6), body=body
    ),
    "over other bytes": lambda secret, body: true(secret, json.dumps(json.loads(body), indent=1).encode()),
}


def true(secret: str, body: bytes) -> dict[str, str]:
    return sign(secret, event_id="evt_1", at=clock.now(), body=body)


@pytest.mark.parametrize("forgery", FORGERIES)
def test_forged_messages_answer_401(paid: tuple[Shop, Payment], settings, forgery: str) -> None:  # type: ignore[no-untyped-def]
    body = body_of(paid[1])
    assert send(body, FORGERIES[forgery](settings.PROVIDER_SECRET, body)) == 401
    assert nothing_happened(paid[1])


def test_an_empty_secret_signs_nothing() -> None:
    with pytest.raises(ValueError, match="32 characters"):
        sign("", event_id="evt_1", at=clock.now(), body=b"{}")


@pytest.mark.parametrize(
    ("other", "status"),
    [
        ({"amount_minor": 9_999}, 409),
        ({"currency": "GBP"}, 409),
        ({"reference": str(new_id())}, 409),
        ({"provider_ref": str(new_id())}, 404),
        ({"more": 1}, 401),
    ],
)
def test_true_signatures_over_other_facts_pay_nothing(
    paid: tuple[Shop, Payment],
    settings,
    other: dict[str, object],
    status: int,  # type: ignore[no-untyped-def]
) -> None:
    body = body_of(paid[1], **other)
    assert send(body, true(settings.PROVIDER_SECRET, body)) == status
    assert nothing_happened(paid[1])


def test_a_message_about_another_payment_does_not_pay_this_one(
    paid: tuple[Shop, Payment],
    settings,  # type: ignore[no-untyped-def]
) -> None:
    other = Shop()
    start = other.start()
    foreign = Payment.objects.get(id=start.payment_id)
    body = body_of(foreign)
    assert send(body, true(settings.PROVIDER_SECRET, body)) == 204  # true, but the provider says: still open
    assert payment_by_id(foreign.id).state == "redirected"


def test_oversized_and_unknown(paid: tuple[Shop, Payment], settings) -> None:  # type: ignore[no-untyped-def]
    body = b'{"a":"' + b"x" * 70_000 + b'"}'
    assert send(body, true(settings.PROVIDER_SECRET, body)) == 413
    assert (
        Client().post("/payments/webhooks/nobody/", b"{}", content_type="application/json").status_code == 404
    )
    assert Client().get(WHERE).status_code == 405
    assert nothing_happened(paid[1])


def together(count: int, workers: int, work: Callable[[int], object]) -> list[object]:
    """Run `work(n)` on many connections at once; answers, or the refusal's code."""
    begin = threading.Barrier(workers)
    waited = threading.local()

    def one(number: int) -> object:
        if not getattr(waited, "done", False):
            waited.done = True
            begin.wait()
        try:
            return work(number)
        except Refusal as no:
            return no.code

    def close() -> None:
        connection.close()

    with ThreadPoolExecutor(workers) as pool:
        answers = list(pool.map(one, range(count)))
        # each worker closes its own connection, or the database could not be flushed
        gone = threading.Barrier(workers)
        list(pool.map(lambda _: (gone.wait(), close()), range(workers)))
    return answers


def test_a_thousand_parallel_captures_are_one(
    paid: tuple[Shop, Payment], facts: Callable[[], list[str]]
) -> None:
    payment = paid[1]
    answers = together(1000, 8, lambda _: confirm_payment(ctx(), payment_id=payment.id).is_applied)
    assert answers == [True] * 1000
    assert facts() == ["payments.PaymentCaptured"]
    assert balance_of(AccountRef("provider_clearing", "sandbox", "EUR")) == 10_000


def test_of_a_thousand_parallel_refunds_one_wins(paid: tuple[Shop, Payment]) -> None:
    shop, payment = paid
    confirm_payment(ctx(), payment_id=payment.id)

    def refund(number: int) -> object:
        return refund_payment(
            ctx(),
            payment_id=payment.id,
            parts=[RefundPart(shop.orders[0], 4000)],
            reason="race",
            external_id=f"race:{number}",
        ).minor

    answers = together(1000, 8, refund)
    assert answers.count(4000) == 1
    assert answers.count("refund_too_high") == 999
    assert balance_of(AccountRef("escrow", f"order:{shop.orders[0]}", "EUR")) == 0
    assert balance_of(AccountRef("refund_due", f"payment:{payment.id}", "EUR")) == 4000


@pytest.mark.parametrize("round_", range(8))
def test_paying_and_cancelling_race_and_one_wins(paid: tuple[Shop, Payment], round_: int) -> None:
    shop, payment = paid

    def work(number: int) -> object:
        if (number + round_) % 2:
            close_due(ctx(), purchase_id=shop.purchase_id)
            return "closed"
        return confirm_payment(ctx(), payment_id=payment.id).is_applied

    answers = together(2, 2, work)
    view = payment_by_id(payment.id)
    held = balance_of(AccountRef("escrow", f"order:{shop.orders[0]}", "EUR"))
    if view.is_applied:
        assert "purchase_paid" in answers
        assert held == 4000
    else:
        assert "closed" in answers
        assert held == 0
        assert view.captured_minor == view.refund_minor  # captured just before: all of it goes back
