"""Payouts by SEPA file and by Stripe Connect: sent once, paid, returned the same day or days later."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest

from entrepot.kit.ids import new_id
from entrepot.ledger.queries import unbalanced_transfers
from entrepot.payments.commands import make_bank_file, read_bank_statement
from entrepot.payments.models import BankFile, BankTransfer
from entrepot.payments.queries import statement_lines
from entrepot.settlement.commands.payouts import choose_route, cut_payouts, send_payouts
from entrepot.settlement.errors import RouteWrong
from entrepot.settlement.queries import ledger_faults, payout_by_id
from tests.payments.outside import OUR_IBAN, served, statement
from tests.settlement.test_payouts import sold
from tests.settlement.world import World, balance

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sepa(settings: Any) -> None:
    settings.PAYMENT_PROVIDERS = ("sandbox", "sepa")
    settings.PROVIDER_SETTINGS = {
        "ENTREPOT_BANK_IBAN": OUR_IBAN,
        "ENTREPOT_BANK_HOLDER": "Entrepot Market SL",
    }


def take(world: World, *entries: dict[str, Any]) -> Any:
    return read_bank_statement(world.ctx(), body=statement(f"S{new_id().hex[:24]}", list(entries)))


def test_a_payout_by_file_is_paid_and_days_later_comes_back(sepa: None) -> None:
    world = World()
    sold(world)
    seller = f"seller:{world.sellers[0]}"
    (payout_id,) = cut_payouts(world.ctx())
    minor = payout_by_id(world.ctx(), payout_id)[0].amount_minor
    assert [send_payouts(world.ctx()), send_payouts(world.ctx())] == [1, 0]
    assert make_bank_file(world.ctx()) is not None
    assert make_bank_file(world.ctx()) is None  # no transfer is in two files
    transfer = BankTransfer.objects.get()
    body = bytes(BankFile.objects.get().body)
    assert f'<InstdAmt Ccy="EUR">{minor / 100:.2f}</InstdAmt>'.encode() in body
    assert transfer.id.hex.encode() in body
    assert b"pain.001.001.09" in body
    take(world, {"minor": -minor, "end_to_end": transfer.id.hex})
    assert [send_payouts(world.ctx()), send_payouts(world.ctx())] == [1, 0]
    assert payout_by_id(world.ctx(), payout_id)[0].state == "paid"
    assert (balance("bank", OUR_IBAN), balance("payout_transit", f"payout:{payout_id}")) == (-minor, 0)
    world.at += timedelta(days=3)
    take(world, {"minor": minor, "end_to_end": transfer.id.hex, "reason": "AC04"})
    assert [send_payouts(world.ctx()), send_payouts(world.ctx())] == [1, 0]
    view = payout_by_id(world.ctx(), payout_id)[0]
    assert (view.state, view.return_reason) == ("returned", "AC04")
    assert (balance("bank", OUR_IBAN), balance("seller_payable", seller)) == (0, minor)
    assert ledger_faults(world.ctx()) == []
    assert unbalanced_transfers() == []


def test_a_statement_read_twice_changes_nothing_and_strangers_wait(sepa: None) -> None:
    world = World()
    body = statement(
        "S1", [{"minor": 1234, "text": "hello"}, {"minor": 500, "text": "pending", "status": "PDNG"}]
    )
    first = read_bank_statement(world.ctx(), body=body)
    again = read_bank_statement(world.ctx(), body=body)
    assert (first.lines, first.matched, first.is_new, again.is_new) == (1, 0, True, False)
    assert [(line.minor, line.text, line.about) for line in statement_lines(is_unmatched=True)] == [
        (1234, "hello", "")
    ]
    old = statement("S2", [{"minor": -700, "text": "fees"}], version="camt.053.001.02")
    assert read_bank_statement(world.ctx(), body=old).lines == 1


class Connect:
    """Stripe's transfers and payouts of connected accounts, in the shape of its reference; idempotent by key."""

    def __init__(self) -> None:
        self.made: dict[str, dict[str, Any]] = {}
        self.calls: list[tuple[str, str, dict[str, str], str]] = []
        self.status = "pending"

    def answer(self, method: str, path: str, headers: Any, body: bytes) -> tuple[int, bytes]:
        form, key = dict(parse_qsl(body.decode())), headers.get("idempotency-key", "")
        account = headers.get("stripe-account", "")
        if method == "POST":
            assert key
            if key not in self.made:
                self.calls.append((path, key, form, account))
                number = {"/v1/transfers": "tr", "/v1/payouts": "po"}.get(
                    path, "trr"
                ) + f"_{len(self.made):024d}"
                self.made[key] = {
                    "id": number,
                    "object": "x",
                    "amount": int(form["amount"]),
                    "status": "pending",
                }
            return 200, json.dumps(self.made[key]).encode()
        assert account == "acct_1Seller0000"
        found = next(one for one in self.made.values() if one["id"] == path.rsplit("/", 1)[1])
        code = "account_closed" if self.status == "failed" else None
        return 200, json.dumps(found | {"status": self.status, "failure_code": code}).encode()


@pytest.fixture
def connect(settings: Any) -> Iterator[Connect]:
    twin = Connect()
    with served(twin.answer) as url:
        settings.PAYMENT_PROVIDERS = ("sandbox", "stripe")
        settings.PROVIDER_SETTINGS = {
            "ENTREPOT_STRIPE_KEY": "sk_test_x", "ENTREPOT_STRIPE_WEBHOOK_SECRET": "whsec_x", "ENTREPOT_STRIPE_URL": url,
        }  # fmt: skip
        yield twin


def test_a_payout_by_stripe(connect: Connect) -> None:
    world = World()
    sold(world)
    seller = world.sellers[0]
    choose_route(world.ctx(), seller_id=seller, route="stripe", stripe_account="acct_1Seller0000")
    assert cut_payouts(world.ctx()) == []  # held for 72 hours: the way changed
    world.at += timedelta(hours=73)
    (payout_id,) = cut_payouts(world.ctx())
    minor = payout_by_id(world.ctx(), payout_id)[0].amount_minor
    assert [send_payouts(world.ctx()), send_payouts(world.ctx())] == [1, 0]
    (first, second) = connect.calls
    assert (first[0], first[2]["destination"], int(first[2]["amount"])) == (
        "/v1/transfers",
        "acct_1Seller0000",
        minor,
    )
    assert (second[0], second[3], int(second[2]["amount"])) == ("/v1/payouts", "acct_1Seller0000", minor)
    connect.status = "paid"
    before = balance("provider_clearing", "stripe")
    assert send_payouts(world.ctx()) == 1
    assert balance("provider_clearing", "stripe") == before - minor
    connect.status = "failed"
    assert [send_payouts(world.ctx()), send_payouts(world.ctx())] == [1, 0]
    view = payout_by_id(world.ctx(), payout_id)[0]
    assert (view.state, view.return_reason) == ("returned", "account_closed")
    assert connect.calls[-1][0].endswith("/reversals")
    assert balance("provider_clearing", "stripe") == before
    assert ledger_faults(world.ctx()) == []


def test_stripe_killed_between_transfer_and_payout(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was sent before the process died is not sent again."""
    from entrepot.settlement.commands import payouts

    world = World()
    sold(world)
    choose_route(world.ctx(), seller_id=world.sellers[0], route="stripe", stripe_account="acct_1Seller0000")
    world.at += timedelta(hours=73)
    cut_payouts(world.ctx())

    class Killed(BaseException):
        pass

    def die(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(payouts, "_note_sent", die)
        with pytest.raises(Killed):
            send_payouts(world.ctx())
    assert send_payouts(world.ctx()) == 1
    assert len(connect.calls) == 2


@pytest.mark.parametrize(
    ("route", "account", "field"),
    [("crypto", "", "route"), ("stripe", "", "stripe_account"), ("stripe", "acct_;", "stripe_account")],
)
def test_a_way_that_cannot_be(connect: Connect, route: str, account: str, field: str) -> None:
    world = World()
    with pytest.raises(RouteWrong) as no:
        choose_route(world.ctx(), seller_id=world.sellers[0], route=route, stripe_account=account)
    assert field in no.value.sentence
