"""Every write to the books."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
import psycopg
from django.db import DatabaseError, connection, transaction

from entrepot.kit.bulk import copy_rows, instants, without_cycle_search
from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.kit.errors import Sentence
from entrepot.ledger.errors import (
    AccountShort,
    CloseNotPossible,
    ExternalIdReused,
    PeriodClosed,
    TransferWrong,
)
from entrepot.ledger.models import Close
from entrepot.ledger.policy import (
    CHART,
    AccountRef,
    Leg,
    TransferDraft,
    credit,
    debit,
    fault_of,
    fingerprint_of,
    legs_of,
    month_to_close,
)
from entrepot.ledger.queries import closed_until, first_moment
from entrepot.ledger.tables import grace_days

__all__ = [
    "AccountRef",
    "Leg",
    "Posted",
    "TransferDraft",
    "close_ended_months",
    "close_period",
    "credit",
    "debit",
    "post_transfer",
    "post_transfers",
]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Posted:
    """A transfer in the books. `is_new` is False when it had been posted before: nothing happened again."""

    transfer_id: int
    external_id: str
    is_new: bool


@command(scope="ledger:write")
def post_transfer(ctx: Context, *, draft: TransferDraft) -> Posted:
    """Post one transfer, once: the same external id again gives the first transfer's id.

    Refuses: TransferWrong, ExternalIdReused, AccountShort, PeriodClosed.
    """
    return _post(ctx, [draft])[0]


@command(scope="ledger:write")
def post_transfers(ctx: Context, *, drafts: Sequence[TransferDraft]) -> list[Posted]:
    """Post many transfers in a handful of statements, all or none; answers stand in the order of the drafts.

    Repeats (also inside one call) are posted once. Refuses: TransferWrong, ExternalIdReused, AccountShort, PeriodClosed.
    """
    with without_cycle_search():
        return _post(ctx, drafts)


@command(scope="ledger:close")
def close_period(ctx: Context, *, until_at: datetime) -> int:
    """Close the books before `until_at` (exclusive) and keep each account's balance at that moment.

    Returns how many balances were kept. Refuses: CloseNotPossible (in the future, or not after the last close).
    """
    return _close(ctx, until_at)


@command(scope="ledger:close")
def close_ended_months(ctx: Context) -> datetime | None:
    """Close the books to the end of the last month that ended long enough ago (rules/closing.csv); when they closed now.

    A month stays open for the days of grace, so that what happened on its last evening is still booked on its day.
    """
    first, closed = first_moment(), closed_until()
    until = month_to_close(ctx.at, grace_days(ctx.at.date()))
    if first is None or first >= until or (closed is not None and closed >= until):
        return None
    _close(ctx, until)
    return until


def _close(ctx: Context, until_at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE ledger_close IN SHARE ROW EXCLUSIVE MODE")
    last = Close.objects.order_by("-until_at").first()
    if until_at > ctx.at:
        raise CloseNotPossible(reason="that moment has not come yet.")
    if last is not None and until_at <= last.until_at:
        raise CloseNotPossible(
            reason=Sentence("the books are closed until {until} already.", until=last.until_at.isoformat())
        )
    close = Close.objects.create(until_at=until_at, closed_at=ctx.at, closed_by=ctx.actor.label[:200])
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO ledger_checkpoint (close_id, account_id, minor)
            SELECT %(close)s, account_id, sum(minor) FROM (
                SELECT account_id, minor FROM ledger_posting WHERE at < %(until)s AND at >= %(since)s
                UNION ALL
                SELECT account_id, minor FROM ledger_checkpoint WHERE close_id = %(last)s
            ) known GROUP BY account_id
            """,
            {
                "close": close.pk,
                "until": until_at,
                "since": last.until_at if last else _EPOCH,
                "last": last.pk if last else None,
            },
        )
        return int(cursor.rowcount)


def _post(ctx: Context, drafts: Sequence[TransferDraft]) -> list[Posted]:
    wanted: dict[str, tuple[TransferDraft, list[Leg], bytes]] = {}
    for draft in drafts:
        legs = legs_of(draft)
        fault = fault_of(draft, legs)
        if fault:
            raise TransferWrong(external_id=draft.external_id, reason=fault)
        print_ = fingerprint_of(draft, legs)
        known = wanted.setdefault(draft.external_id, (draft, legs, print_))
        if known[2] != print_:
            raise ExternalIdReused(external_id=draft.external_id)
    if not wanted:
        return []
    try:
        with transaction.atomic():
            ids = _insert(ctx, wanted)
    except (DatabaseError, psycopg.Error) as error:  # COPY's errors come straight from the driver
        raise _refusal(error) or error from error
    fresh = {name for name, (_, is_new) in ids.items() if is_new}
    posted = []
    for draft in drafts:
        posted.append(Posted(ids[draft.external_id][0], draft.external_id, draft.external_id in fresh))
        fresh.discard(draft.external_id)
    return posted


def _insert(
    ctx: Context, wanted: dict[str, tuple[TransferDraft, list[Leg], bytes]]
) -> dict[str, tuple[int, bool]]:
    """Write transfers and postings; external id → (transfer id, whether it is new)."""
    drafts = [draft for draft, _, _ in wanted.values()]
    cause = ctx.cause[:120] if ctx.cause.isprintable() else ""
    with connection.cursor() as cursor:
        # One joined string a column: much cheaper to send than arrays. Printable texts hold no separator.
        cursor.execute(
            """
            INSERT INTO ledger_transfer (external_id, kind, subject, at, legs, fingerprint, cause, note)
            SELECT external_id, kind, subject, at::timestamptz, legs::smallint, decode(fingerprint, 'hex'), %s, note
            FROM unnest(string_to_array(%s, E'\\x1f'), string_to_array(%s, E'\\x1f'), string_to_array(%s, E'\\x1f'),
                        string_to_array(%s, E'\\x1f'), string_to_array(%s, E'\\x1f'), string_to_array(%s, E'\\x1f'),
                        string_to_array(%s || E'\\x1f', E'\\x1f'))
              WITH ORDINALITY AS fresh (external_id, kind, subject, at, legs, fingerprint, note, place)
            WHERE place <= %s
            ON CONFLICT (external_id) DO NOTHING RETURNING external_id, id
            """,
            [
                cause,
                "\x1f".join(wanted),
                "\x1f".join([draft.kind for draft in drafts]),
                "\x1f".join([draft.subject for draft in drafts]),
                "\x1f".join([draft.at.isoformat() for draft in drafts]),
                "\x1f".join([str(len(legs)) for _, legs, _ in wanted.values()]),
                "\x1f".join([print_.hex() for _, _, print_ in wanted.values()]),
                "\x1f".join([" ".join(draft.note.split())[:200] for draft in drafts]),
                len(drafts),
            ],
        )
        ids: dict[str, tuple[int, bool]] = {name: (number, True) for name, number in cursor.fetchall()}
        if len(ids) < len(wanted):
            missing = [name for name in wanted if name not in ids]
            cursor.execute(
                "SELECT external_id, id, fingerprint FROM ledger_transfer WHERE external_id = ANY(%s)",
                [missing],
            )
            for name, number, print_ in cursor.fetchall():
                if bytes(print_) != wanted[name][2]:
                    raise ExternalIdReused(external_id=name)
                ids[name] = (number, False)
        fresh = [(ids[name][0], draft.at, legs) for name, (draft, legs, _) in wanted.items() if ids[name][1]]
        if fresh:
            _copy_postings(cursor, fresh)
    return ids


def _copy_postings(cursor: Any, fresh: Sequence[tuple[int, datetime, list[Leg]]]) -> None:
    """Every leg of these new transfers in one COPY."""
    legs = [leg for _, _, legs in fresh for leg in legs]
    names = [leg[0] for leg in legs]
    accounts = _account_ids(cursor, set(names))
    counts = np.array([len(legs) for _, _, legs in fresh])
    ends = np.cumsum(counts)
    copy_rows(
        cursor,
        "ledger_posting",
        {
            "transfer_id": np.repeat(np.array([number for number, _, _ in fresh], "i8"), counts),
            "position": (np.arange(ends[-1]) - np.repeat(ends - counts, counts)).astype("i2"),
            "account_id": np.fromiter(map(accounts.__getitem__, names), "i8", len(names)),
            "at": instants(np.repeat(np.array([_micros(at) for _, at, _ in fresh], "i8"), counts)),
            "minor": np.fromiter((leg[1] for leg in legs), "i8", len(legs)),
            "currency": np.array([name[2] for name in names], "S3"),
        },
    )


@lru_cache(maxsize=1024)
def _micros(at: datetime) -> int:
    """Whole microseconds since 1970; exact."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def _account_ids(cursor: Any, names: set[AccountRef]) -> dict[AccountRef, int]:
    """The ids of these accounts; those that are missing are opened."""
    ids = _known_accounts(cursor, names)
    missing = sorted(names - ids.keys())
    if missing:
        cursor.execute(
            """
            INSERT INTO ledger_account (kind, owner, currency, sign, is_guarded, balance_minor)
            SELECT kind, owner, currency, sign, guarded, 0
            FROM unnest(%s::text[], %s::text[], %s::text[], %s::smallint[], %s::boolean[])
              AS fresh (kind, owner, currency, sign, guarded)
            ON CONFLICT DO NOTHING
            """,
            [
                *([*column] for column in zip(*missing, strict=True)),
                [CHART[name.kind].sign for name in missing],
                [CHART[name.kind].is_guarded for name in missing],
            ],
        )
        ids |= _known_accounts(cursor, set(missing))
    return ids


def _known_accounts(cursor: Any, names: set[AccountRef]) -> dict[AccountRef, int]:
    kinds, owners, currencies = ("\x1f".join(column) for column in zip(*names, strict=True))
    cursor.execute(
        """
        SELECT wanted.kind, wanted.owner, wanted.currency, a.id
        FROM unnest(string_to_array(%s, E'\\x1f'), string_to_array(%s, E'\\x1f'), string_to_array(%s, E'\\x1f'))
          AS wanted (kind, owner, currency)
        CROSS JOIN LATERAL (
          SELECT id FROM ledger_account
          WHERE (kind, owner, currency) = (wanted.kind, wanted.owner, wanted.currency) OFFSET 0) a
        """,
        [kinds, owners, currencies],
    )
    return {AccountRef(kind, owner, currency): number for kind, owner, currency, number in cursor.fetchall()}


def _refusal(error: Exception) -> Exception | None:
    """The refusal behind a trigger's or constraint's no."""
    diag = getattr(error if isinstance(error, psycopg.Error) else error.__cause__, "diag", None)
    name, detail = getattr(diag, "constraint_name", None), getattr(diag, "message_detail", None) or ""
    if name == "ledger_account_not_negative":
        # "Failing row contains (8, escrow, order:1, EUR, …)": the account's name, not its balance.
        return AccountShort(detail=" ".join(detail.partition("(")[2].split(", ")[1:4]) + ".")
    if name == "ledger_period_open":
        return PeriodClosed(until_at=detail)
    return None
