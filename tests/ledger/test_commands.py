"""The books: balanced, once, append-only, never below zero, never into a closed period."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import Error, connection, transaction

from entrepot.kit.context import Context, system_context
from entrepot.ledger.commands import (
    AccountRef,
    TransferDraft,
    close_period,
    credit,
    debit,
    post_transfer,
    post_transfers,
)
from entrepot.ledger.errors import (
    AccountShort,
    CloseNotPossible,
    ExternalIdReused,
    PeriodClosed,
    TransferWrong,
)
from entrepot.ledger.queries import (
    balance_of,
    statement_of_account,
    transfers_by_subject,
    trial_balance,
    unbalanced_transfers,
)

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
CLEARING = AccountRef("provider_clearing", "sandbox", "EUR")
ESCROW = AccountRef("escrow", "order:1", "EUR")
SELLER = AccountRef("seller_payable", "seller:1", "EUR")


def ctx(at: datetime = AT) -> Context:
    return system_context(at=at, cause="test")


def draft(name: str, *legs, at: datetime = AT, subject: str = "order:1") -> TransferDraft:  # type: ignore[no-untyped-def]
    return TransferDraft(name, "test", subject, at, legs)


def capture(name: str = "capture:1", minor: int = 4000, at: datetime = AT) -> TransferDraft:
    return draft(name, debit(CLEARING, minor), credit(ESCROW, minor), at=at)


def rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM ledger_transfer) + (SELECT count(*) FROM ledger_posting)"
        )
        return cursor.fetchone()[0]


def test_a_capture_and_its_release() -> None:
    post_transfer(ctx(), draft=capture())
    post_transfer(ctx(), draft=draft("release:1", debit(ESCROW, 4000), credit(SELLER, 4000)))
    assert (balance_of(CLEARING), balance_of(ESCROW), balance_of(SELLER)) == (4000, 0, 4000)
    lines = trial_balance()
    assert sum(line.debit_minor for line in lines) == sum(line.credit_minor for line in lines) == 4000
    assert [transfer.external_id for transfer in transfers_by_subject("order:1")] == [
        "capture:1",
        "release:1",
    ]
    assert unbalanced_transfers() == []


def test_once() -> None:
    first = post_transfer(ctx(), draft=capture())
    again = post_transfer(ctx(AT + timedelta(days=1)), draft=capture(at=AT + timedelta(days=1)))
    assert again.transfer_id == first.transfer_id
    assert (first.is_new, again.is_new) == (True, False)
    assert balance_of(CLEARING) == 4000
    with pytest.raises(ExternalIdReused):
        post_transfer(ctx(), draft=capture(minor=4001))
    assert balance_of(CLEARING) == 4000


def test_repeats_inside_one_bulk_call() -> None:
    posted = post_transfers(ctx(), drafts=[capture(), capture(), capture("capture:2", 1)])
    assert [one.is_new for one in posted] == [True, False, True]
    assert balance_of(ESCROW) == 4001


@pytest.mark.parametrize(
    ("legs", "why"),
    [
        ([], "moves nothing"),
        ([debit(CLEARING, 1)], "moves nothing"),
        ([debit(CLEARING, 0), credit(ESCROW, 0)], "moves nothing"),
        ([debit(CLEARING, 2), credit(ESCROW, 1)], "1 EUR"),
        ([debit(CLEARING, 1), credit(AccountRef("escrow", "order:1", "GBP"), 1)], "1 EUR, -1 GBP"),
        ([debit(AccountRef("pocket", "x", "EUR"), 1), credit(ESCROW, 1)], "no account kind"),
        ([debit(AccountRef("escrow", "", "EUR"), 1), credit(ESCROW, 1)], "not an account's name"),
        ([debit(CLEARING, 1.0), credit(ESCROW, 1.0)], "not a whole amount"),  # type: ignore[arg-type]
        ([debit(CLEARING, 1 << 60), credit(ESCROW, 1 << 60)], "not a whole amount"),
    ],
)
def test_bad_transfers_are_refused_and_named(legs: list, why: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(TransferWrong, match=why):
        post_transfers(ctx(), drafts=[capture(), draft("bad", *legs)])
    assert rows() == 0


def test_a_guarded_account_never_goes_below_zero() -> None:
    post_transfer(ctx(), draft=capture())
    before = rows()
    with pytest.raises(AccountShort, match="escrow"):
        post_transfers(
            ctx(),
            drafts=[
                draft("ok", debit(ESCROW, 4000), credit(SELLER, 4000)),
                draft("too much", debit(ESCROW, 1), credit(SELLER, 1)),
            ],
        )
    assert rows() == before
    assert balance_of(ESCROW) == 4000


def test_two_currencies_meet_through_fx_only() -> None:
    pounds = AccountRef("seller_payable", "seller:uk", "GBP")
    post_transfer(ctx(), draft=capture())
    post_transfer(
        ctx(),
        draft=draft(
            "fx",
            debit(ESCROW, 4000),
            credit(AccountRef("fx", "EUR/GBP", "EUR"), 4000),
            debit(AccountRef("fx", "EUR/GBP", "GBP"), 3400),
            credit(pounds, 3400),
        ),
    )
    sums: dict[str, int] = {}
    for line in trial_balance():
        sums[line.account.currency] = sums.get(line.account.currency, 0) + line.minor * line.sign
    assert sums == {"EUR": 0, "GBP": 0}


def test_balances_at_a_moment_and_the_close() -> None:
    for day in range(5):
        post_transfer(ctx(), draft=capture(f"capture:{day}", 100, AT + timedelta(days=day)))
    later = ctx(AT + timedelta(days=10))
    assert balance_of(ESCROW, at=AT + timedelta(days=2)) == 300
    kept = close_period(later, until_at=AT + timedelta(days=2))
    assert kept == 2
    close_period(later, until_at=AT + timedelta(days=3))
    for moment, minor in [(1, 200), (2, 300), (3, 400), (9, 500)]:
        assert balance_of(ESCROW, at=AT + timedelta(days=moment)) == minor
        assert {line.account: line.minor for line in trial_balance(at=AT + timedelta(days=moment))} == {
            CLEARING: minor,
            ESCROW: minor,
        }
    before = rows()
    with pytest.raises(PeriodClosed, match="2026-03-05"):
        post_transfer(later, draft=capture("late", 1, AT + timedelta(days=2, hours=23)))
    assert rows() == before
    with pytest.raises(CloseNotPossible):
        close_period(later, until_at=AT + timedelta(days=3))
    with pytest.raises(CloseNotPossible):
        close_period(later, until_at=AT + timedelta(days=11))


def test_a_statement_runs() -> None:
    for day in range(4):
        post_transfer(ctx(), draft=capture(f"capture:{day}", 100 + day, AT + timedelta(days=day)))
    lines = statement_of_account(ESCROW, since_at=AT + timedelta(days=1), until_at=AT + timedelta(days=3))
    assert [(line.minor, line.balance_minor) for line in lines] == [(101, 201), (102, 303)]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ledger_posting SET minor = minor + 1",
        "DELETE FROM ledger_posting",
        "UPDATE ledger_transfer SET note = 'x'",
        "DELETE FROM ledger_transfer",
        "UPDATE ledger_account SET balance_minor = 9",
        "UPDATE ledger_account SET sign = 1",
        "DELETE FROM ledger_account",
        # a leg more on a posted transfer; an unknown account; another currency; an unknown transfer
        "INSERT INTO ledger_posting SELECT transfer_id, 2, account_id, at, 1, currency FROM ledger_posting LIMIT 1",
        "INSERT INTO ledger_posting SELECT transfer_id, 0, account_id, at, 1, currency FROM ledger_posting LIMIT 1",
        "INSERT INTO ledger_posting SELECT 999999, 0, account_id, at, 1, currency FROM ledger_posting LIMIT 1",
        # transfers that do not add up, or lack their legs, found at the commit
        "INSERT INTO ledger_transfer (external_id, kind, subject, at, legs, fingerprint, cause, note)"
        " VALUES ('lone', 'x', 'x', now(), 2, '', '', '')",
        "WITH t AS (INSERT INTO ledger_transfer (external_id, kind, subject, at, legs, fingerprint, cause, note)"
        " VALUES ('off', 'x', 'x', now(), 2, '', '', '') RETURNING id, at)"
        " INSERT INTO ledger_posting SELECT t.id, n, (SELECT min(id) FROM ledger_account), t.at, 5, 'EUR'"
        " FROM t, generate_series(0, 1) n",
    ],
)
def test_the_database_keeps_the_books_too(sql: str) -> None:
    post_transfer(ctx(), draft=capture())
    before = rows()

    def try_it() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(Error):
        try_it()
    assert rows() == before
    assert balance_of(ESCROW) == 4000


def test_a_guarded_balance_is_the_sum_of_its_postings() -> None:
    post_transfers(ctx(), drafts=[capture(f"c:{n}", n + 1) for n in range(50)])
    post_transfers(
        ctx(), drafts=[draft(f"r:{n}", debit(ESCROW, n + 1), credit(SELLER, n + 1)) for n in range(0, 50, 2)]
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT balance_minor FROM ledger_account WHERE kind = 'escrow'")
        assert cursor.fetchone()[0] == balance_of(ESCROW) == sum(range(2, 51, 2))
