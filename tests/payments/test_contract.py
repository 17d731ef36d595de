"""What every provider must do, asked of each in the same words: start, agree, capture, refund, tell, fall silent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from django.conf import settings as django_settings
from django.test import Client

from entrepot.kit import clock
from entrepot.kit.ids import new_id
from entrepot.kit.money import Money
from entrepot.ledger.queries import AccountRef, balance_of, unbalanced_transfers
from entrepot.payments.adapters.provider import PaymentOrder, Provider
from entrepot.payments.adapters.registry import providers
from entrepot.payments.adapters.sandbox import commands as sandbox
from entrepot.payments.adapters.sandbox.cases import CARDS
from entrepot.payments.adapters.sandbox.models import SandboxCheckout
from entrepot.payments.adapters.signature import sign
from entrepot.payments.commands import (
    Part,
    RefundPart,
    confirm_payment,
    make_bank_file,
    read_bank_statement,
    refund_payment,
    send_refunds,
    start_payment,
)
from entrepot.payments.errors import PaymentMismatch, ProviderUnavailable, SignatureWrong
from entrepot.payments.models import AwaitedTransfer, BankTransfer, Payment
from tests.payments.conftest import ctx
from tests.payments.outside import OUR_IBAN, AlipayTwin, StripeTwin, localstripe, served, statement

pytestmark = pytest.mark.django_db(transaction=True)


class Outside:
    """One provider's world: its buyer, its messages."""

    code = ""
    method = ""
    currency = "EUR"
    captures_later = False
    has_messages = True

    def agree(self, provider_ref: str, url: str) -> None:
        """The buyer pays on the provider's page."""
        raise NotImplementedError

    def message(self, reference: str, provider_ref: str, **other: Any) -> tuple[bytes, dict[str, str]]:
        """A true message that it is paid; `other`: amount, about, at."""
        raise NotImplementedError

    def silence(self) -> None:
        """From here on nobody answers."""
        raise NotImplementedError


class SandboxWorld(Outside):
    code, method, captures_later = "sandbox", "card", True

    def agree(self, provider_ref: str, url: str) -> None:
        token = SandboxCheckout.objects.get(id=provider_ref).token
        sandbox.enter_case(
            token, CARDS["4242424242424242"], last4="4242", at=clock.now() - timedelta(seconds=1)
        )

    def message(self, reference: str, provider_ref: str, **other: Any) -> tuple[bytes, dict[str, str]]:
        body = (
            f'{{"kind":"payment.authorised","provider_ref":"{provider_ref}","reference":"{other.get("about", reference)}",'
            f'"amount_minor":{other.get("amount", 10_000)},"currency":"EUR"}}'
        ).encode()
        at = other.get("at") or clock.now()
        return body, sign(django_settings.PROVIDER_SECRET, event_id=f"evt_{new_id()}", at=at, body=body)

    def silence(self) -> None:
        SandboxCheckout.objects.all().delete()


class StripeWorld(Outside):
    code, method, captures_later = "stripe", "card", True

    def __init__(self, twin: StripeTwin, settings: Any) -> None:
        self.twin, self.settings = twin, settings
        twin.answers.clear()

    def agree(self, provider_ref: str, url: str) -> None:
        assert url.startswith("https://checkout.stripe.com/")
        self.twin.pay(provider_ref)

    def message(self, reference: str, provider_ref: str, **other: Any) -> tuple[bytes, dict[str, str]]:
        thing = {
            "id": "pi_1", "object": "payment_intent", "amount": other.get("amount", 10_000), "currency": "eur",
            "metadata": {"reference": other.get("about", reference)},
        }  # fmt: skip
        return self.twin.event("payment_intent.amount_capturable_updated", thing, at=other.get("at"))

    def silence(self) -> None:
        self.settings.PROVIDER_SETTINGS = self.settings.PROVIDER_SETTINGS | {
            "ENTREPOT_STRIPE_URL": "http://127.0.0.1:9"
        }


class AlipayWorld(Outside):
    code, method, currency = "alipay", "alipay", "CNY"

    def __init__(self, twin: AlipayTwin, settings: Any) -> None:
        self.twin, self.settings = twin, settings

    def agree(self, provider_ref: str, url: str) -> None:
        self.twin.open_page(url)
        self.twin.trades[provider_ref]["trade_status"] = "TRADE_SUCCESS"

    def message(self, reference: str, provider_ref: str, **other: Any) -> tuple[bytes, dict[str, str]]:
        fields = {}
        if "amount" in other:
            fields["total_amount"] = f"{other['amount'] / 100:.2f}"
        if "about" in other:
            fields["out_trade_no"] = UUID(other["about"]).hex
        return self.twin.notice(provider_ref, at=other.get("at"), **fields), {}

    def silence(self) -> None:
        self.settings.PROVIDER_SETTINGS = self.settings.PROVIDER_SETTINGS | {
            "ENTREPOT_ALIPAY_URL": "http://127.0.0.1:9"
        }


class SepaWorld(Outside):
    code, method, has_messages = "sepa", "bank_transfer", False

    def agree(self, provider_ref: str, url: str) -> None:
        row = AwaitedTransfer.objects.get(reference=provider_ref)
        line = {"minor": row.amount_minor, "text": f"Pago {row.code[:8]} {row.code[8:]} gracias"}
        read_bank_statement(ctx(), body=statement(f"S{new_id().hex[:20]}", [line]))

    def silence(self) -> None:
        AwaitedTransfer.objects.all().delete()


@pytest.fixture(scope="module")
def stripe_twin() -> Iterator[tuple[StripeTwin, str]]:
    with localstripe() as behind:
        twin = StripeTwin(behind)
        with served(twin.answer) as url:
            yield twin, url


@pytest.fixture(params=["sandbox", "stripe", "alipay", "sepa"])
def outside(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> Iterator[Outside]:
    name = request.param
    settings.PAYMENT_PROVIDERS = (name,)
    if name == "sandbox":
        yield SandboxWorld()
    elif name == "stripe":
        twin, url = request.getfixturevalue("stripe_twin")
        settings.PROVIDER_SETTINGS = {
            "ENTREPOT_STRIPE_KEY": twin.key,
            "ENTREPOT_STRIPE_WEBHOOK_SECRET": twin.secret,
            "ENTREPOT_STRIPE_URL": url,
        }
        yield StripeWorld(twin, settings)
    elif name == "alipay":
        alipay = AlipayTwin(tmp_path)
        with served(alipay.answer) as url:
            settings.PROVIDER_SETTINGS = {
                "ENTREPOT_ALIPAY_APP_ID": alipay.app_id,
                "ENTREPOT_ALIPAY_KEY_FILE": str(alipay.key_file),
                "ENTREPOT_ALIPAY_PUBLIC_KEY_FILE": str(alipay.public_file),
                "ENTREPOT_ALIPAY_URL": url,
            }
            yield AlipayWorld(alipay, settings)
    else:
        settings.PROVIDER_SETTINGS = {
            "ENTREPOT_BANK_IBAN": OUR_IBAN,
            "ENTREPOT_BANK_HOLDER": "Entrepot Market SL",
            "ENTREPOT_BANK_BIC": "CAIXESBBXXX",
        }
        yield SepaWorld()


@pytest.fixture
def provider(outside: Outside) -> Provider:
    return providers()[outside.code]


def order(outside: Outside, reference: UUID | None = None) -> PaymentOrder:
    return PaymentOrder(
        reference=reference or new_id(),
        amount_minor=10_000,
        currency=outside.currency,
        method=outside.method,
        return_url="http://127.0.0.1:8000/payments/return/pay_x/",
        webhook_url="http://127.0.0.1:8000/payments/webhooks/x/",
        language="es-ES",
        description="Entrepot 1234",
    )


class Paying:
    """A payment of two orders through the room, at this provider."""

    def __init__(self, outside: Outside) -> None:
        self.outside = outside
        self.orders = (new_id().int % 2**40, new_id().int % 2**40 + 2**41)
        self.start = start_payment(
            ctx(),
            purchase_id=new_id(),
            amount=Money(10_000, outside.currency),
            parts=[Part(self.orders[0], new_id(), 4000), Part(self.orders[1], new_id(), 6000)],
            method=outside.method,
            return_url=f"{django_settings.BASE_URL}/es-es/",
            language="es",
        )
        self.payment = Payment.objects.get(id=self.start.payment_id)

    def agree(self) -> None:
        self.outside.agree(self.payment.provider_ref or "", self.start.redirect_url)

    def post(self, **other: Any) -> int:
        body, headers = self.outside.message(str(self.payment.id), self.payment.provider_ref or "", **other)
        return send(self.outside.code, body, headers)

    def held(self) -> list[int]:
        currency = self.outside.currency
        return [balance_of(AccountRef("escrow", f"order:{order}", currency)) for order in self.orders]


def send(provider: str, body: bytes, headers: dict[str, str]) -> int:
    kind = "application/x-www-form-urlencoded" if provider == "alipay" else "application/json"
    answer = Client().post(f"/payments/webhooks/{provider}/", body, content_type=kind, headers=headers)
    if provider == "alipay" and answer.status_code == 200:
        assert answer.content == b"success"
        return 204
    return answer.status_code


def test_the_same_start_is_the_same_payment(outside: Outside, provider: Provider) -> None:
    wanted = order(outside)
    first, again = provider.start(wanted), provider.start(wanted)
    assert first.provider_ref == again.provider_ref
    assert first.redirect_url.startswith("http")
    assert 0 < len(first.provider_ref) <= 120
    assert len(first.redirect_url) <= 4000
    assert provider.start(order(outside)).provider_ref != first.provider_ref


def test_authorise_capture_refund(outside: Outside, provider: Provider) -> None:
    wanted = order(outside)
    if outside.code == "sepa":  # money is only awaited for payments that exist
        paying = Paying(outside)
        wanted = order(outside, paying.payment.id)
    started = provider.start(wanted)
    ref = started.provider_ref
    assert provider.fetch(ref).state == "pending"
    outside.agree(ref, started.redirect_url)
    seen = provider.fetch(ref)
    assert seen.state == ("authorised" if outside.captures_later else "captured")
    for _ in range(2):
        seen = provider.capture(ref, amount_minor=10_000, key=f"capture:{wanted.reference}")
    assert (seen.state, seen.amount_minor, seen.currency) == ("captured", 10_000, outside.currency)
    assert UUID(seen.reference) == wanted.reference
    first = provider.refund(ref, minor=3000, key="refund:1")
    assert first
    assert provider.refund(ref, minor=3000, key="refund:1") == first
    assert provider.refund(ref, minor=7000, key="refund:2") not in ("", first)
    if outside.code != "sepa":  # a bank would send more; the room does not ask for it
        assert provider.refund(ref, minor=1, key="refund:3") == ""


def test_an_authorisation_is_given_up(outside: Outside, provider: Provider) -> None:
    if not outside.captures_later:
        pytest.skip("takes the money at once")
    started = provider.start(order(outside))
    outside.agree(started.provider_ref, started.redirect_url)
    assert provider.cancel(started.provider_ref).state == "cancelled"
    assert provider.capture(started.provider_ref, amount_minor=10_000, key="late").state == "cancelled"


def test_silence_is_a_refusal_and_changes_nothing(outside: Outside) -> None:
    paying = Paying(outside)
    outside.silence()
    with pytest.raises(ProviderUnavailable):
        confirm_payment(ctx(), payment_id=paying.payment.id)
    assert paying.held() == [0, 0]


def test_the_whole_way_through_the_room(outside: Outside) -> None:
    paying = Paying(outside)
    assert not confirm_payment(ctx(), payment_id=paying.payment.id).is_applied
    paying.agree()
    for _ in range(2):
        assert confirm_payment(ctx(), payment_id=paying.payment.id).is_applied
    assert paying.held() == [4000, 6000]
    refund_payment(
        ctx(),
        payment_id=paying.payment.id,
        parts=[RefundPart(paying.orders[0], 1000)],
        reason="test",
        external_id=str(new_id()),
    )
    assert [send_refunds(ctx()), send_refunds(ctx())] == [1, 0]
    assert paying.held() == [3000, 6000]
    clearing = balance_of(AccountRef("provider_clearing", outside.code, outside.currency))
    bank = balance_of(AccountRef("bank", OUR_IBAN, outside.currency))
    assert clearing + bank == 9000
    if outside.code == "sepa":  # the refund leaves by file; the bank's statement books it
        assert make_bank_file(ctx()) is not None
        sent = BankTransfer.objects.get()
        body = statement("OUT", [{"minor": -1000, "end_to_end": sent.id.hex}])
        assert read_bank_statement(ctx(), body=body).matched == 1
        assert balance_of(AccountRef("provider_clearing", "sepa", "EUR")) == 0
        assert balance_of(AccountRef("bank", OUR_IBAN, "EUR")) == 9000
    assert unbalanced_transfers() == []


def test_a_true_message_pays_once_however_often_it_comes(outside: Outside) -> None:
    if not outside.has_messages:
        pytest.skip("sends no messages")
    paying = Paying(outside)
    paying.agree()
    body, headers = outside.message(str(paying.payment.id), paying.payment.provider_ref or "")
    assert [send(outside.code, body, headers) for _ in range(3)] == [204, 204, 204]
    assert paying.held() == [4000, 6000]
    confirm_payment(ctx(), payment_id=paying.payment.id)  # the browser comes late
    assert paying.held() == [4000, 6000]


@pytest.mark.parametrize("fault", ["forged", "cut", "stale", "unsigned"])
def test_a_forged_or_stale_message_is_refused(outside: Outside, fault: str) -> None:
    if not outside.has_messages:
        with pytest.raises(SignatureWrong):
            providers()[outside.code].read_message(b"", {}, now=clock.now())
        return
    paying = Paying(outside)
    paying.agree()
    at = clock.now() - timedelta(hours=27) if fault == "stale" else None
    body, headers = outside.message(str(paying.payment.id), paying.payment.provider_ref or "", at=at)
    if fault == "forged":
        for old, new in ((b"100.00", b"100.01"), (b"10000", b"10001")):
            body = body.replace(old, new, 1)
    elif fault == "cut":
        body = body[:-1]
    elif fault == "unsigned":
        headers = {}
        body = body.split(b"&sign=")[0]
    assert send(outside.code, body, headers) == 401
    assert paying.held() == [0, 0]


@pytest.mark.parametrize("other", [{"amount": 9_999}, {"amount": 1}, {"about": str(UUID(int=7))}])
def test_a_true_signature_over_another_payment_or_amount(outside: Outside, other: dict[str, Any]) -> None:
    if not outside.has_messages:
        pytest.skip("sends no messages")
    paying = Paying(outside)
    paying.agree()
    assert paying.post(**other) in (404, 409)
    assert paying.held() == [0, 0]


def test_another_amount_than_ours_at_the_provider(outside: Outside) -> None:
    paying = Paying(outside)
    if outside.code == "sepa":  # a transfer of another amount is nobody's: it waits for a person
        row = AwaitedTransfer.objects.get(reference=paying.payment.id)
        line = {"minor": row.amount_minor - 1, "text": row.code}
        assert read_bank_statement(ctx(), body=statement("LESS", [line])).matched == 0
        assert not confirm_payment(ctx(), payment_id=paying.payment.id).is_applied
        return
    paying.agree()
    Payment.objects.filter(id=paying.payment.id).update(amount_minor=10_001)
    with pytest.raises(PaymentMismatch):
        confirm_payment(ctx(), payment_id=paying.payment.id)
    assert paying.held() == [0, 0]


def test_stripe_sends_its_own_message(stripe_twin: Any, settings: Any, live_server: Any) -> None:
    """localstripe signs and delivers `payment_intent.succeeded` itself, over HTTP, after the capture."""
    twin, url = stripe_twin
    settings.PAYMENT_PROVIDERS = ("stripe",)
    settings.PROVIDER_SETTINGS = {
        "ENTREPOT_STRIPE_KEY": twin.key,
        "ENTREPOT_STRIPE_WEBHOOK_SECRET": twin.secret,
        "ENTREPOT_STRIPE_URL": url,
    }
    outside = StripeWorld(twin, settings)
    outside.method = "bizum"  # taken at once: nobody has to capture
    paying = Paying(outside)
    twin.behind.post(
        "/_config/webhooks/ours",
        data={"url": f"{live_server.url}/payments/webhooks/stripe/", "secret": twin.secret},
    ).raise_for_status()
    paying.agree()
    wait_for(lambda: paying.held() == [4000, 6000])


def test_a_stripe_dispute_takes_only_what_it_says(stripe_twin: Any, settings: Any) -> None:
    twin, url = stripe_twin
    settings.PAYMENT_PROVIDERS = ("stripe",)
    settings.PROVIDER_SETTINGS = {
        "ENTREPOT_STRIPE_KEY": twin.key,
        "ENTREPOT_STRIPE_WEBHOOK_SECRET": twin.secret,
        "ENTREPOT_STRIPE_URL": url,
    }
    paying = Paying(StripeWorld(twin, settings))
    intent = twin.pay(paying.payment.provider_ref)
    confirm_payment(ctx(), payment_id=paying.payment.id)
    dispute = {"id": "dp_1", "object": "dispute", "amount": 5000, "currency": "eur", "payment_intent": intent}
    body, headers = twin.event("charge.dispute.funds_withdrawn", dispute)
    assert [send("stripe", body, headers) for _ in range(2)] == [204, 204]
    assert paying.held() == [2000, 3000]
    assert balance_of(AccountRef("provider_clearing", "stripe", "EUR")) == 5000
    assert send("stripe", *twin.event("customer.created", {"id": "cus_1", "object": "customer"})) == 204


def test_an_answer_of_alipay_that_was_changed_on_the_way(settings: Any, tmp_path: Path) -> None:
    twin = AlipayTwin(tmp_path)
    settings.PAYMENT_PROVIDERS = ("alipay",)
    with served(twin.answer) as url:
        settings.PROVIDER_SETTINGS = {
            "ENTREPOT_ALIPAY_APP_ID": twin.app_id,
            "ENTREPOT_ALIPAY_KEY_FILE": str(twin.key_file),
            "ENTREPOT_ALIPAY_PUBLIC_KEY_FILE": str(twin.public_file),
            "ENTREPOT_ALIPAY_URL": url,
        }
        paying = Paying(AlipayWorld(twin, settings))
        twin.open_page(paying.start.redirect_url)
        twin.tamper = True
        with pytest.raises(ProviderUnavailable):
            confirm_payment(ctx(), payment_id=paying.payment.id)
    assert paying.held() == [0, 0]


def wait_for(is_so: Callable[[], bool]) -> None:
    import time

    for _ in range(100):
        if is_so():
            return
        time.sleep(0.1)
    raise AssertionError("it did not come true within ten seconds")


def test_no_twin_is_left_open() -> None:
    with served(lambda *_: (200, b"{}")) as url:
        assert httpx.get(url).status_code == 200
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)
