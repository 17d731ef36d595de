"""From the checkout to the escrow and back: every story of the sandbox, through its pages and real webhooks."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.test import Client

from entrepot.kit.money import Money
from entrepot.ledger.queries import AccountRef, balance_of, trial_balance, unbalanced_transfers
from entrepot.markets.queries import all_markets
from entrepot.payments.adapters.sandbox.provider import deliver_webhooks
from entrepot.payments.commands import (
    Part,
    RefundPart,
    ask_open_payments,
    close_due,
    confirm_payment,
    refund_payment,
    send_refunds,
    start_payment,
)
from entrepot.payments.errors import (
    MethodUnknown,
    PaymentWrong,
    PurchaseClosed,
    PurchasePaid,
    RefundIdReused,
    RefundTooHigh,
    RefundWrong,
    TooManyTries,
)
from entrepot.payments.models import Payment, PaymentTry, ProviderEvent, SandboxWebhook
from entrepot.payments.queries import (
    method_label,
    payment_by_id,
    payment_methods,
    payments_by_order,
    payments_by_purchase,
    time_to_pay,
)
from entrepot.payments.tables import RULES
from tests.payments.conftest import SELLER_A, Shop, ctx

pytestmark = pytest.mark.django_db(transaction=True)
CLEARING = AccountRef("provider_clearing", "sandbox", "EUR")


def escrow(order_id: int) -> int:
    return balance_of(AccountRef("escrow", f"order:{order_id}", "EUR"))


def money() -> dict[str, int]:
    """Balances by kind of account, but for what settlement reserves; every transfer adds up."""
    assert unbalanced_transfers() == []
    found: dict[str, int] = {}
    for line in trial_balance():
        if line.account.kind in ("reserved", "buyer_due"):
            continue
        found[line.account.kind] = found.get(line.account.kind, 0) + line.minor
    return found


def test_paid_and_in_escrow_by_order(shop: Shop, facts: Callable[[], list[str]]) -> None:
    start = shop.start()
    assert shop.browser.get(start.redirect_url).status_code == 200
    assert shop.come_back(shop.pay(start)) == "captured"
    assert (escrow(shop.orders[0]), escrow(shop.orders[1]), balance_of(CLEARING)) == (4000, 6000, 10_000)
    assert facts() == ["payments.PaymentCaptured"]
    view = payment_by_id(start.payment_id)
    assert (view.state, view.is_applied, view.captured_minor) == ("captured", True, 10_000)
    assert [one.payment_id for one in payments_by_order(shop.orders[0])] == [start.payment_id]
    assert [one.payment_id for one in payments_by_purchase([shop.purchase_id])[shop.purchase_id]] == [
        start.payment_id
    ]


def test_the_webhook_pays_when_the_browser_never_returns(
    shop: Shop,
    live_server,
    settings,
    facts: Callable[[], list[str]],  # type: ignore[no-untyped-def]
) -> None:
    settings.BASE_URL = live_server.url
    settings.ALLOWED_HOSTS = ["*"]
    start = shop.start()
    shop.pay(start, number="4000000000000101")  # tells it three times
    assert deliver_webhooks() == 3
    assert money() == {"provider_clearing": 10_000, "escrow": 10_000}
    assert facts() == ["payments.PaymentCaptured"]
    event = ProviderEvent.objects.get()
    assert (event.times_received, event.kind) == (3, "payment.authorised")
    assert event.handled_at is not None
    assert deliver_webhooks() == 0
    assert shop.come_back(f"/payments/return/{start_shown(start.payment_id)}/") == "captured"
    assert facts() == ["payments.PaymentCaptured"]


def start_shown(payment_id: UUID) -> str:
    from entrepot.kit.ids import show_id

    return show_id("pay", payment_id)


def test_three_d_secure(shop: Shop) -> None:
    start = shop.start()
    bank = shop.pay(start, number="4000 0000 0000 3220")
    assert bank.endswith("/secure/")
    assert shop.browser.get(bank).status_code == 200
    assert shop.browser.post(bank, {"code": "000000"}).status_code == 422
    answer = shop.browser.post(bank, {"code": "123456"})
    assert shop.come_back(answer["Location"]) == "captured"


@pytest.mark.parametrize(
    ("number", "reason"),
    [("4000000000009995", "insufficient_funds"), ("4000000000003097", "authentication_failed")],
)
def test_a_decline_charges_nothing_and_can_be_tried_again(
    shop: Shop, number: str, reason: str, facts: Callable[[], list[str]]
) -> None:
    start = shop.start()
    where = shop.pay(start, number=number)
    if where.endswith("/secure/"):
        where = shop.browser.post(where, {"code": "123456"})["Location"]
    assert shop.come_back(where) == "failed"
    assert payment_by_id(start.payment_id).failure == reason
    assert facts() == ["payments.PaymentFailed"]
    assert money() == {}
    again = shop.start()
    assert again.payment_id != start.payment_id
    assert shop.come_back(shop.pay(again)) == "captured"


def test_five_wrong_codes_fail_it(shop: Shop) -> None:
    bank = shop.pay(shop.start(), number="4000000000003220")
    for _ in range(4):
        assert shop.browser.post(bank, {"code": "1"}).status_code == 422
    assert shop.come_back(shop.browser.post(bank, {"code": "1"})["Location"]) == "failed"


def test_turning_back(shop: Shop) -> None:
    start = shop.start()
    answer = shop.browser.post(start.redirect_url, {"cancel": "1"})
    assert shop.come_back(answer["Location"]) == "cancelled"
    assert money() == {}


def test_the_phone_method_captures_at_once(shop: Shop) -> None:
    start = shop.start("bizum")
    assert b'type="tel"' in shop.browser.get(start.redirect_url).content
    assert shop.browser.post(start.redirect_url, {"phone": "699999999"}).status_code == 422
    assert shop.come_back(shop.pay(start, phone="600 000 000")) == "captured"
    assert money() == {"provider_clearing": 10_000, "escrow": 10_000}


def test_a_bank_that_never_answers(shop: Shop) -> None:
    start = shop.start()
    assert shop.come_back(shop.pay(start, number="4000000000000077")) == "pending"
    assert payment_by_id(start.payment_id).state == "redirected"
    assert SandboxWebhook.objects.count() == 0
    assert ask_open_payments(ctx(ctx().at + timedelta(minutes=5))) == 0
    assert money() == {}


def test_a_late_webhook(shop: Shop, clock_file, live_server, settings) -> None:  # type: ignore[no-untyped-def]
    settings.BASE_URL = live_server.url
    settings.ALLOWED_HOSTS = ["*"]
    start = shop.start()
    assert shop.come_back(shop.pay(start, number="4000000000000093")) == "pending"
    assert deliver_webhooks() == 0
    clock_file.advance(timedelta(seconds=25))
    assert deliver_webhooks() == 1
    assert payment_by_id(start.payment_id).is_applied


def test_asking_finds_what_no_webhook_told(shop: Shop, clock_file) -> None:  # type: ignore[no-untyped-def]
    start = shop.start()
    shop.pay(start)
    clock_file.advance(timedelta(minutes=3))
    assert ask_open_payments(ctx()) == 1
    assert payment_by_id(start.payment_id).is_applied


def test_money_for_a_closed_purchase_goes_back(
    shop: Shop,
    clock_file,
    facts: Callable[[], list[str]],  # type: ignore[no-untyped-def]
) -> None:
    start = shop.start("bizum")
    shop.pay(start, phone="600000002")
    close_due(ctx(), purchase_id=shop.purchase_id)
    clock_file.advance(timedelta(minutes=1))
    assert shop.come_back(f"/payments/return/{start_shown(start.payment_id)}/") == "too_late"
    assert money() == {"provider_clearing": 10_000, "refund_due": 10_000}
    assert send_refunds(ctx()) == 1
    assert send_refunds(ctx()) == 0
    assert money() == {}
    assert facts() == ["payments.PaymentTooLate", "payments.RefundPromised", "payments.PaymentRefunded"]
    with pytest.raises(PurchaseClosed):
        shop.start()


def test_an_authorisation_for_a_closed_purchase_is_given_up(shop: Shop) -> None:
    start = shop.start()
    shop.pay(start)
    close_due(ctx(), purchase_id=shop.purchase_id)
    outcome = confirm_payment(ctx(), payment_id=start.payment_id)
    assert (outcome.state, outcome.failure) == ("cancelled", "given_up")
    assert money() == {}


def test_paying_twice_gives_one_back(shop: Shop) -> None:
    first, second = shop.start("card"), shop.start("bizum")
    shop.pay(first)
    shop.pay(second, phone="600000000")
    assert confirm_payment(ctx(), payment_id=second.payment_id).is_applied
    outcome = confirm_payment(ctx(), payment_id=first.payment_id)
    assert (outcome.state, outcome.is_applied) == ("cancelled", False)
    assert money() == {"provider_clearing": 10_000, "escrow": 10_000}
    with pytest.raises(PurchasePaid):
        shop.start()
    with pytest.raises(PurchasePaid):
        close_due(ctx(), purchase_id=shop.purchase_id)


def test_a_double_click_is_one_payment(shop: Shop) -> None:
    assert shop.start() == shop.start()
    assert Payment.objects.count() == 1


def test_too_many_tries(shop: Shop) -> None:
    for _ in range(10):
        shop.start(tried_by=["ip:192.0.2.0"])
    with pytest.raises(TooManyTries):
        shop.start()
    with pytest.raises(TooManyTries):
        Shop().start(tried_by=["ip:192.0.2.0"])
    Shop().start(tried_by=["ip:192.0.3.0"])
    ask_open_payments(ctx(ctx().at + timedelta(days=2)))
    assert PaymentTry.objects.count() == 0  # who tried is forgotten


def test_refunds_within_what_was_captured(shop: Shop, facts: Callable[[], list[str]]) -> None:
    start = shop.start()
    shop.come_back(shop.pay(start))
    one, two = shop.orders

    def refund(name: str, *parts: tuple[int, int]) -> object:
        return refund_payment(
            ctx(),
            payment_id=start.payment_id,
            parts=[RefundPart(*part) for part in parts],
            reason="test",
            external_id=name,
        )

    first = refund("r1", (one, 1500))
    assert refund("r1", (one, 1500)) == first
    with pytest.raises(RefundIdReused):
        refund("r1", (one, 1501))
    with pytest.raises(RefundTooHigh, match="Only 2500 of the asked 2501"):
        refund("r2", (one, 2501))
    with pytest.raises(RefundTooHigh):
        refund("r2", (two, 1), (one, 2501))
    for wrong in [(one, 0)], [(one, -1)], [], [(77, 1)]:
        with pytest.raises(RefundWrong):
            refund("r3", *wrong)  # type: ignore[arg-type]
    assert money() == {"provider_clearing": 10_000, "escrow": 8500, "refund_due": 1500}
    refund("r4", (one, 2500), (two, 6000))
    assert send_refunds(ctx()) == 2
    assert money() == {}
    view = payment_by_id(start.payment_id)
    assert (view.refund_minor, view.refunded_minor) == (10_000, 10_000)
    assert facts()[1:] == ["payments.RefundPromised"] * 2 + ["payments.PaymentRefunded"] * 2


def test_nothing_to_refund_before_it_is_paid(shop: Shop) -> None:
    start = shop.start()
    with pytest.raises(RefundWrong, match="nothing was captured"):
        refund_payment(
            ctx(),
            payment_id=start.payment_id,
            parts=[RefundPart(shop.orders[0], 1)],
            reason="",
            external_id="r",
        )


@pytest.mark.parametrize(
    ("minor", "parts"),
    [(0, [(1, 0)]), (100, []), (100, [(1, 99)]), (100, [(1, 50), (1, 50)]), (100, [(1, 150), (2, -50)])],
)
def test_bad_amounts_are_refused(shop: Shop, minor: int, parts: list[tuple[int, int]], settings) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(PaymentWrong):
        start_payment(
            ctx(),
            purchase_id=shop.purchase_id,
            amount=Money(minor, "EUR"),
            parts=[Part(order_id, SELLER_A, part) for order_id, part in parts],
            method="card",
            return_url=f"{settings.BASE_URL}/",
        )
    assert Payment.objects.count() == 0


def test_foreign_ways_back_and_unknown_methods_are_refused(shop: Shop) -> None:
    with pytest.raises(MethodUnknown):
        shop.start("cheque")
    with pytest.raises(PaymentWrong, match="page of this market"):
        start_payment(
            ctx(),
            purchase_id=shop.purchase_id,
            amount=Money(5, "EUR"),
            parts=[Part(1, SELLER_A, 5)],
            method="card",
            return_url="https://elsewhere.example/",
        )


def test_a_chargeback_takes_what_was_not_refunded(
    shop: Shop,
    clock_file,
    live_server,
    settings,
    facts: Callable[[], list[str]],  # type: ignore[no-untyped-def]
) -> None:
    settings.BASE_URL = live_server.url
    settings.ALLOWED_HOSTS = ["*"]
    start = shop.start()
    assert shop.come_back(shop.pay(start, number="4000000000000259")) == "captured"
    refund_payment(
        ctx(),
        payment_id=start.payment_id,
        parts=[RefundPart(shop.orders[0], 1000)],
        reason="x",
        external_id="r",
    )
    send_refunds(ctx())
    clock_file.advance(timedelta(minutes=2))
    assert deliver_webhooks() == 2
    assert money() == {}
    view = payment_by_id(start.payment_id)
    assert [(line.kind, line.minor, line.state) for line in view.refunds] == [
        ("asked", 1000, "done"),
        ("chargeback", 9000, "done"),
    ]


def test_the_sandbox_is_a_pilots(shop: Shop, settings) -> None:  # type: ignore[no-untyped-def]
    start = shop.start()
    settings.IS_PILOT = False
    assert shop.browser.get(start.redirect_url).status_code == 404
    assert shop.browser.post(start.redirect_url, {}).status_code == 404
    assert (
        Client().post("/payments/webhooks/sandbox/", b"{}", content_type="application/json").status_code
        == 404
    )
    with pytest.raises(MethodUnknown):
        Shop().start()
    assert payment_methods("ES") == ()


def test_methods_of_a_market(settings) -> None:  # type: ignore[no-untyped-def]
    assert payment_methods("ES")[:2] == ("card", "bizum")
    assert "cod" not in payment_methods("ES")  # no provider carries cash
    assert payment_methods("NL")[0] == "ideal_wero"
    assert payment_methods("PL")[0] == "blik"
    settings.PAYMENT_PROVIDERS = ("alipay",)
    assert payment_methods("CN") == ("alipay",)
    assert payment_methods("ES") == ()
    settings.PAYMENT_PROVIDERS = ("stripe", "sepa")
    assert payment_methods("PT")[:2] == ("mb_way", "multibanco_reference")
    assert payment_methods("BE")[:3] == ("bancontact", "card", "wero")
    assert {"paypal", "bonifico"} <= set(payment_methods("IT"))


def test_a_method_is_called_what_it_was_called_on_the_day() -> None:
    assert method_label("ideal_wero", on=date(2026, 1, 28)) == "iDEAL"
    assert method_label("ideal_wero", on=date(2026, 1, 29)) == "iDEAL | Wero"
    assert "wero" not in payment_methods("BE", on=date(2025, 11, 30))
    assert time_to_pay("bizum") == timedelta(minutes=30)
    assert time_to_pay("bank_transfer") == timedelta(days=3)
    assert (method_label("barter"), time_to_pay("barter")) == ("", timedelta(0))


def test_the_methods_on_file() -> None:
    """Every row has a source, belongs to a market, and no two are in force on one day."""
    with (RULES / "methods.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    listed = {method for pack in all_markets() for method in pack.payment_methods}
    assert {row["method"] for row in rows} <= listed
    for row in rows:
        assert row["source"], row
        assert row["checked_on"], row
        others = [one for one in rows if one["method"] == row["method"] and one is not row]
        assert all(
            one["valid_to"] < row["valid_from"] or (row["valid_to"] and one["valid_from"] > row["valid_to"])
            for one in others
        )


@pytest.mark.parametrize(
    ("method", "form", "state"),
    [
        ("blik", {"code": "777 123"}, "captured"),
        ("blik", {"code": "777000"}, "failed"),
        ("ideal_wero", {"story": "agree"}, "captured"),
        ("ideal_wero", {"story": "refuse"}, "failed"),
        ("klarna", {"story": "agree"}, "captured"),
        ("mb_way", {"phone": "600 000 000"}, "captured"),
    ],
)
def test_every_form_of_the_sandbox(shop: Shop, method: str, form: dict[str, str], state: str) -> None:
    start = shop.start(method)
    assert shop.browser.get(start.redirect_url).status_code == 200
    assert shop.browser.post(start.redirect_url, dict.fromkeys(form, "nonsense")).status_code == 422
    assert shop.come_back(shop.pay(start, **form)) == state
