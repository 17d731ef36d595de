"""Reading the books: balances at any moment, statements, the trial balance, an order's postings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from entrepot.kit.errors import NotFound
from entrepot.ledger.policy import CHART, AccountRef

__all__ = [
    "AccountRef",
    "BalanceLine",
    "Movement",
    "PostingView",
    "StatementLine",
    "TransferView",
    "balance_of",
    "balances_by_account",
    "balances_by_kind",
    "closed_until",
    "first_moment",
    "held_for_update",
    "movements_of_kind",
    "statement_of_account",
    "transfer_by_external_id",
    "transfers_by_external_ids",
    "transfers_by_subject",
    "trial_balance",
    "unbalanced_transfers",
]


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """An account and its balance: positive on its normal side (`sign` +1: debit, -1: credit)."""

    account: AccountRef
    minor: int
    sign: int

    @property
    def debit_minor(self) -> int:
        return max(self.minor * self.sign, 0)

    @property
    def credit_minor(self) -> int:
        return max(-self.minor * self.sign, 0)


@dataclass(frozen=True, slots=True)
class PostingView:
    """A posting: `minor` positive is a debit."""

    account: AccountRef
    minor: int


@dataclass(frozen=True, slots=True)
class TransferView:
    """A transfer with its postings in order."""

    transfer_id: int
    external_id: str
    kind: str
    subject: str
    at: datetime
    cause: str
    note: str
    postings: tuple[PostingView, ...]


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One posting on an account, seen from it: `minor` is what the balance rose by, `balance_minor` what it became."""

    transfer_id: int
    external_id: str
    kind: str
    subject: str
    at: datetime
    note: str
    minor: int
    balance_minor: int


def balance_of(account: AccountRef, *, at: datetime | None = None) -> int:
    """The balance of one account, positive on its normal side; zero for an account nobody has used."""
    return balances_by_account([account], at=at)[account]


def balances_by_account(
    accounts: Iterable[AccountRef], *, at: datetime | None = None
) -> dict[AccountRef, int]:
    """Balances of many accounts in one statement. With `at`: everything that happened up to and including it."""
    names = list(dict.fromkeys(accounts))
    found = dict.fromkeys(names, 0)
    if names:
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                SELECT a.kind, a.owner, a.currency, {_BALANCE} FROM ledger_account a
                JOIN unnest(%(kinds)s::text[], %(owners)s::text[], %(currencies)s::text[])
                  AS wanted (kind, owner, currency) USING (kind, owner, currency)
                """,  # noqa: S608  (a constant)
                _moment(at)
                | {
                    "kinds": [name.kind for name in names],
                    "owners": [name.owner for name in names],
                    "currencies": [name.currency for name in names],
                },
            )
            found |= {
                AccountRef(kind, owner, currency): int(minor)
                for kind, owner, currency, minor in cursor.fetchall()
            }
    return found


def held_for_update(accounts: Iterable[AccountRef]) -> dict[AccountRef, int]:
    """Balances of guarded accounts, locked until the transaction ends; zero for one that nobody has used.

    For who decides by a balance and then moves it. One statement, locks in id order. Call it inside a command.
    """
    names = list(dict.fromkeys(accounts))
    found = dict.fromkeys(names, 0)
    if names:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT kind, owner, currency, balance_minor FROM ledger_account WHERE is_guarded AND id IN (
                    SELECT a.id FROM ledger_account a
                    JOIN unnest(%s::text[], %s::text[], %s::text[]) AS wanted (kind, owner, currency)
                      USING (kind, owner, currency))
                ORDER BY id FOR NO KEY UPDATE
                """,
                [[*column] for column in zip(*names, strict=True)],
            )
            found |= {AccountRef(*name): minor for *name, minor in cursor.fetchall()}
    return found


def balances_by_kind(kinds: Sequence[str], *, at: datetime | None = None) -> list[BalanceLine]:
    """Every account of these kinds whose balance is not zero, by kind, owner and currency."""
    return _lines("a.kind = ANY(%(kinds)s)", {"kinds": list(kinds)}, at)


def trial_balance(*, at: datetime | None = None) -> list[BalanceLine]:
    """Every account whose balance is not zero. Per currency, debits equal credits."""
    return _lines("TRUE", {}, at)


def transfers_by_subject(subject: str, *, limit: int = 500) -> list[TransferView]:
    """All transfers about one thing (`order:123`), oldest first, with their postings. Two SQL statements at most."""
    return _transfers("t.subject = %(value)s", subject, limit)


def transfer_by_external_id(external_id: str) -> TransferView:
    """One transfer with its postings. Raises NotFound."""
    found = _transfers("t.external_id = %(value)s", external_id, 1)
    if not found:
        raise NotFound(what="transfer")
    return found[0]


def transfers_by_external_ids(external_ids: Sequence[str]) -> dict[str, TransferView]:
    """Those of these transfers that were posted."""
    found = _transfers("t.external_id = ANY(%(value)s)", list(external_ids), len(external_ids))
    return {transfer.external_id: transfer for transfer in found}


def statement_of_account(
    account: AccountRef, *, since_at: datetime, until_at: datetime, limit: int = 10_000
) -> list[StatementLine]:
    """Postings of one account from `since_at` (inclusive) to `until_at` (exclusive), oldest first, with running balance."""
    sign = CHART[account.kind].sign
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT t.id, t.external_id, t.kind, t.subject, p.at, t.note, p.minor, p.opening
            FROM (
                SELECT p.*, coalesce((SELECT sum(minor) FROM ledger_posting o
                                      WHERE o.account_id = a.id AND o.at < %(since)s), 0) AS opening
                FROM ledger_account a JOIN ledger_posting p ON p.account_id = a.id
                WHERE (a.kind, a.owner, a.currency) = (%(kind)s, %(owner)s, %(currency)s)
                  AND p.at >= %(since)s AND p.at < %(until)s
            ) p JOIN ledger_transfer t ON t.id = p.transfer_id
            ORDER BY p.at, p.transfer_id, p.position LIMIT %(limit)s
            """,
            {**account._asdict(), "since": since_at, "until": until_at, "limit": limit},
        )
        rows = cursor.fetchall()
    lines, running = [], 0
    for index, (number, external_id, kind, subject, at, note, minor, opening) in enumerate(rows):
        running = (int(opening) if index == 0 else running) + minor
        lines.append(
            StatementLine(number, external_id, kind, subject, at, note, minor * sign, running * sign)
        )
    return lines


def unbalanced_transfers(*, limit: int = 100) -> list[str]:
    """External ids of transfers that do not sum to zero per currency or miss a posting. Empty, always."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT t.external_id FROM ledger_transfer t LEFT JOIN (
                SELECT transfer_id, sum(legs) AS legs, bool_or(off <> 0) AS is_off FROM (
                    SELECT transfer_id, count(*) AS legs, sum(minor) AS off FROM ledger_posting GROUP BY transfer_id, currency
                ) by_currency GROUP BY transfer_id
            ) p ON p.transfer_id = t.id
            WHERE p.legs IS DISTINCT FROM t.legs OR p.is_off LIMIT %s
            """,
            [limit],
        )
        return [name for (name,) in cursor.fetchall()]


# The balance of account `a`: its last checkpoint at or before the moment, and what was posted since.
_BALANCE = """
    a.sign * (
      coalesce((SELECT c.minor FROM ledger_checkpoint c WHERE c.account_id = a.id AND c.close_id = %(close)s), 0)
      + coalesce((SELECT sum(p.minor) FROM ledger_posting p
                  WHERE p.account_id = a.id AND p.at >= %(since)s AND p.at <= %(until)s), 0))
"""


def _moment(at: datetime | None) -> dict[str, Any]:
    """The last close before `at` and the stretch after it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, until_at FROM ledger_close WHERE %(at)s::timestamptz IS NULL OR until_at <= %(at)s"
            " ORDER BY until_at DESC LIMIT 1",
            {"at": at},
        )
        close, since = cursor.fetchone() or (None, "-infinity")
    return {"close": close, "since": since, "until": at or "infinity"}


def _lines(condition: str, values: dict[str, Any], at: datetime | None) -> list[BalanceLine]:
    """Balances of all accounts that fit, by one pass over the postings since the last close."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT a.kind, a.owner, a.currency, a.sign, sum(known.minor) * a.sign FROM (
                SELECT account_id, minor FROM ledger_checkpoint WHERE close_id = %(close)s
                UNION ALL
                SELECT account_id, sum(minor) FROM ledger_posting
                WHERE at >= %(since)s AND at <= %(until)s GROUP BY account_id
            ) known JOIN ledger_account a ON a.id = known.account_id
            WHERE {condition}
            GROUP BY a.id HAVING sum(known.minor) <> 0 ORDER BY a.kind, a.owner, a.currency
            """,  # noqa: S608  (our own conditions)
            _moment(at) | values,
        )
        return [
            BalanceLine(AccountRef(kind, owner, currency), int(minor), sign)
            for kind, owner, currency, sign, minor in cursor.fetchall()
        ]


def _transfers(condition: str, value: str | list[str], limit: int) -> list[TransferView]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT t.id, t.external_id, t.kind, t.subject, t.at, t.cause, t.note,
                   array_agg(ARRAY[a.kind, a.owner, a.currency, p.minor::text] ORDER BY p.position)
            FROM (SELECT * FROM ledger_transfer t WHERE {condition} ORDER BY at, id LIMIT %(limit)s) t
            JOIN ledger_posting p ON p.transfer_id = t.id JOIN ledger_account a ON a.id = p.account_id
            GROUP BY t.id, t.external_id, t.kind, t.subject, t.at, t.cause, t.note ORDER BY t.at, t.id
            """,  # noqa: S608  (our own conditions)
            {"value": value, "limit": limit},
        )
        return [
            TransferView(number, external_id, about, subject, at, cause, note, _postings(legs))
            for number, external_id, about, subject, at, cause, note, legs in cursor.fetchall()
        ]


def _postings(legs: list[list[str]]) -> tuple[PostingView, ...]:
    return tuple(
        PostingView(AccountRef(kind, owner, currency), int(minor)) for kind, owner, currency, minor in legs
    )


@dataclass(frozen=True, slots=True)
class Movement:
    """One posting of an account over a stretch: `minor` is what the balance rose by."""

    account: AccountRef
    external_id: str
    kind: str
    subject: str
    at: datetime
    minor: int


def movements_of_kind(kind: str, *, since_at: datetime, until_at: datetime) -> list[Movement]:
    """Every posting on accounts of a kind from `since_at` (inclusive) to `until_at` (exclusive), oldest first. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT a.kind, a.owner, a.currency, t.external_id, t.kind, t.subject, p.at, p.minor * a.sign
            FROM ledger_account a JOIN ledger_posting p ON p.account_id = a.id
            JOIN ledger_transfer t ON t.id = p.transfer_id
            WHERE a.kind = %s AND p.at >= %s AND p.at < %s ORDER BY p.at, p.transfer_id, p.position
            """,
            [kind, since_at, until_at],
        )
        return [
            Movement(AccountRef(name, owner, currency), external_id, moved, subject, at, minor)
            for name, owner, currency, external_id, moved, subject, at, minor in cursor.fetchall()
        ]


def closed_until() -> datetime | None:
    """The moment up to which the books are closed; None when they never were."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(until_at) FROM ledger_close")
        row = cursor.fetchone()
    return row[0] if row else None


def first_moment() -> datetime | None:
    """When the first transfer happened; None for empty books."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(at) FROM ledger_transfer")
        row = cursor.fetchone()
    return row[0] if row else None
