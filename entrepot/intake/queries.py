"""Reading the journal: what was decided, order by order, and how far the tables have come."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import connection

from entrepot.intake import layout, status
from entrepot.intake.client import current_client
from entrepot.intake.journal import Journal
from entrepot.intake.tokens import secret_for
from entrepot.intake.waiting import ROOM, passport_of

Numbers = npt.NDArray[np.int64]
MAX_PASSPORTS = 4  # of how many sales one order is looked for


@dataclass(frozen=True, slots=True)
class ProjectedBatch:
    """Accepted decisions of one or more journal batches, as columns. Repeats and refusals are left out.

    orders    order_id, checkout_ref, buyer, placed_ms (journal time, Unix milliseconds): one row an accepted Place
    lines     line_order_id, position (from 0), offer, line_counter, quantity, price_minor (a piece)
    takes     take_order_id, take_counter, amount: plain takes (coupons, subsidies, slots)
    releases  released_order_id, released_ms
    counters  counter, available_change, received_change, last_seq of the change: one row a counter, summed
    """

    shard: int
    first_seq: int
    last_seq: int
    stamped_ms: int
    order_id: Numbers
    checkout_ref: Numbers
    buyer: Numbers
    placed_ms: Numbers
    line_order_id: Numbers
    position: Numbers
    offer: Numbers
    line_counter: Numbers
    quantity: Numbers
    price_minor: Numbers
    take_order_id: Numbers
    take_counter: Numbers
    amount: Numbers
    released_order_id: Numbers
    released_ms: Numbers
    counter: Numbers
    available_change: Numbers
    received_change: Numbers
    commands: int


def read_journal(
    shard: int = 0, from_seq: int = 0, *, journal: Journal | None = None
) -> Iterator[ProjectedBatch]:
    """Each batch of a shard from `from_seq` on, decoded and held to its chain. Raises layout.Corrupt."""
    with borrowed_journal(journal) as held:
        for batch in layout.check_chain(held.read(shard, from_seq), shard, from_seq, None):
            yield projected([batch])


def projected(batches: Sequence[layout.Batch]) -> ProjectedBatch:
    """What consecutive batches of one shard changed, as one. Raises ValueError when there are none."""
    if not batches:
        raise ValueError("no batches")
    parts = [_columns_of(batch) for batch in batches]
    joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    counter, available, received = _summed(
        joined.pop("c"), joined.pop("c_available"), joined.pop("c_received")
    )
    return ProjectedBatch(
        shard=batches[0].shard,
        first_seq=batches[0].seq,
        last_seq=batches[-1].seq,
        stamped_ms=batches[-1].stamped_ms,
        counter=counter,
        available_change=available,
        received_change=received,
        commands=sum(len(batch.block) for batch in batches),
        **joined,
    )


def _columns_of(batch: layout.Batch) -> dict[str, Numbers]:
    b = batch.block
    kind, rows = b["kind"], np.where(b["kind"] == status.SET_OFFER, 0, b["rows"]).astype(np.int64)
    done = b["code"] == status.ACCEPTED  # exactly: neither refused nor a repeat
    base = batch.shard << 53 | batch.seq << 13
    index = np.arange(len(kind), dtype=np.int64)
    placed, released = done & (kind == status.PLACE), done & (kind == status.RELEASE)
    of = np.repeat(index, rows)  # which command each take belongs to
    position = np.arange(len(of), dtype=np.int64) - np.repeat(np.cumsum(rows) - rows, rows)
    plain = (b["flags"] & status.PLAIN) > 0
    take_placed, take_released = placed[of], released[of]
    is_line, is_take = take_placed & ~plain, take_placed & plain
    adds = done[of] & ((kind[of] == status.ADJUST) | (kind[of] == status.OPEN_COUNTER))
    amount = np.where(plain, b["price"], b["quantity"]).astype(np.int64)
    change = np.where(take_placed, -amount, np.where(take_released, amount, np.where(adds, b["price"], 0)))
    moves = take_placed | take_released | adds
    return {
        "order_id": base | index[placed],
        "checkout_ref": b["ref"][placed],
        "buyer": b["party"][placed],
        "placed_ms": np.full(int(placed.sum()), batch.stamped_ms, np.int64),
        "line_order_id": base | of[is_line],
        "position": position[is_line],
        "offer": b["target"][is_line].astype(np.int64),
        "line_counter": b["counter"][is_line].astype(np.int64),
        "quantity": b["quantity"][is_line].astype(np.int64),
        "price_minor": b["price"][is_line],
        "take_order_id": base | of[is_take],
        "take_counter": b["counter"][is_take].astype(np.int64),
        "amount": b["price"][is_take],
        "released_order_id": b["ref"][released],
        "released_ms": np.full(int(released.sum()), batch.stamped_ms, np.int64),
        "c": b["counter"][moves].astype(np.int64),
        "c_available": change[moves],
        "c_received": np.where(adds, b["price"], 0)[moves],
    }


def _summed(counter: Numbers, available: Numbers, received: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """One row a counter, exact (bincount would round past 2^53)."""
    order = np.argsort(counter, kind="stable")
    counter, available, received = counter[order], available[order], received[order]
    if len(counter) == 0:
        return counter, available, received
    starts = np.flatnonzero(np.r_[True, counter[1:] != counter[:-1]])
    return counter[starts], np.add.reduceat(available, starts), np.add.reduceat(received, starts)


def order_by_id(order_id: int, *, journal: Journal | None = None) -> ProjectedBatch | None:
    """An accepted order, read back from the journal, projected or not: a batch of one order. None: there is none."""
    shard, seq, _ = layout.address_of(order_id)
    with borrowed_journal(journal) as held:
        found = next(iter(held.read(shard, seq, 1)), None)
    if found is None or found[0] != seq:
        return None
    batch = projected([layout.decode(found[1])])
    if order_id not in batch.order_id:
        return None
    mine, lines = batch.order_id == order_id, batch.line_order_id == order_id
    takes = batch.take_order_id == order_id
    none = np.zeros(0, np.int64)
    return ProjectedBatch(
        shard, seq, seq, batch.stamped_ms, batch.order_id[mine], batch.checkout_ref[mine], batch.buyer[mine],
        batch.placed_ms[mine], batch.line_order_id[lines], batch.position[lines], batch.offer[lines],
        batch.line_counter[lines], batch.quantity[lines], batch.price_minor[lines], batch.take_order_id[takes],
        batch.take_counter[takes], batch.amount[takes], none, none, none, none, none, 1,
    )  # fmt: skip


def left_of_counters(counters: Sequence[int]) -> dict[int, int]:
    """What each counter holds this instant, straight from the writer; without those never opened. Raises Busy."""
    left = current_client().left_of_counters(counters)
    return {number: amount for number, amount in zip(counters, left, strict=True) if amount >= 0}


def left_of_offers(offers: Sequence[int]) -> dict[int, int]:
    """What can be bought of each offer this instant, straight from the writer; without unknown ones. Raises Busy."""
    left = current_client().left_of_offers(offers)
    return {number: amount for number, amount in zip(offers, left, strict=True) if amount >= 0}


def projected_seq(shard: int = 0) -> int:
    """The last batch whose rows stand in the tables; -1 before the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM intake_projection WHERE shard = %s", [shard])
        row = cursor.fetchone()
    return -1 if row is None else int(row[0])


def await_projected(
    order_ids: Sequence[int] = (),
    *,
    seq: int = -1,
    shard: int = 0,
    timeout: float = 5.0,
    pause: float = 0.004,
) -> bool:
    """Wait until these orders (or this sequence) stand in the tables; False after `timeout` seconds.

    Outside a transaction only, or the tables would never seem to move (with an in-process writer that projects at once
    it returns at once).
    """
    for order in order_ids:
        seq = max(seq, layout.address_of(order)[1])
    until = time.monotonic() + timeout
    while projected_seq(shard) < seq:
        if time.monotonic() > until:
            return False
        time.sleep(pause)
        pause = min(pause * 1.5, 0.05)
    return True


def database_dsn() -> str:
    """The connection string of Django's database, for connections of the intake's own."""
    from psycopg.conninfo import make_conninfo

    entry = connection.settings_dict
    words: dict[str, Any] = {
        "dbname": entry["NAME"],
        "user": entry["USER"],
        "password": entry["PASSWORD"],
        "host": entry["HOST"],
        "port": entry["PORT"],
    }
    return make_conninfo(**{name: value for name, value in words.items() if value})


@contextmanager
def borrowed_journal(journal: Journal | None = None) -> Iterator[Journal]:
    """This journal, else the in-process writer's, else one in Django's database that is closed afterwards."""
    held: Journal | None = journal or getattr(current_client(), "journal", None)
    if held is not None:
        yield held
        return
    from entrepot.intake.adapters.postgres import PostgresJournal

    made = PostgresJournal(database_dsn())
    try:
        yield made
    finally:
        made.close()


def writer_status() -> dict[str, Any]:
    """What the writer says about itself (see writer.Writer.status). Raises Busy when it is away."""
    from entrepot.intake.client import SocketClient

    return SocketClient(patience_s=0.5).status()


def journal_verdict(shard: int = 0, *, tables: Mapping[int, int] | None = None, tables_seq: int = -1) -> Any:
    """Walk and replay the whole journal (`upkeep.Verdict`); with `tables`, compare counters as of `tables_seq`."""
    from entrepot.intake.upkeep import verify

    with borrowed_journal() as journal:
        return verify(journal, shard, tables=tables, tables_seq=tables_seq)


def replayed_state(shard: int = 0, to_seq: int | None = None) -> dict[str, Any]:
    """The shard's state as of a batch, replayed from the first: fingerprint and totals. Raises layout.Corrupt."""
    from entrepot.intake import upkeep

    with borrowed_journal() as journal:
        book = upkeep.replayed(journal, shard, to_seq)
    return {"seq": book.seq, "stamped_ms": book.stamped_ms, "fingerprint": book.fingerprint()} | book.totals()


def written_snapshot(shard: int = 0) -> str:
    """Write a snapshot of the journal's end; returns its path. The writer need not stop."""
    from django.conf import settings

    from entrepot.intake.upkeep import take_snapshot

    with borrowed_journal() as journal:
        return str(take_snapshot(journal, shard, settings.ENTREPOT_HOME / "intake"))


def exported_journal(folder: Path, shard: int = 0) -> dict[str, int]:
    """Write the accepted decisions as Parquet files; returns rows by file name. Raises layout.Corrupt."""
    from entrepot.intake.upkeep import export

    with borrowed_journal() as journal:
        return export(journal, shard, folder)


@dataclass(frozen=True, slots=True)
class SaleView:
    """A sale with a waiting room. `room_url` is where people take their place, `url` the page of the shop they come to."""

    number: int
    title: str
    offers: frozenset[int]
    admit_per_s: int
    opens_at: datetime
    closes_at: datetime
    url: str
    room_url: str


def sales(at: datetime) -> list[SaleView]:
    """The sales that are not over at `at`, the first to close first."""
    from django.conf import settings

    from entrepot.intake.models import Sale

    return [
        SaleView(
            row.pk,
            row.title,
            frozenset(row.offers),
            row.admit_per_s,
            row.opens_at,
            row.closes_at,
            row.url,
            f"{settings.EDGE_URL}/room/{row.pk}",
        )
        for row in Sale.objects.filter(closes_at__gt=at).order_by("closes_at", "id")
    ]


def sale_to_wait_for(
    running: Sequence[SaleView], offers: Iterable[int], passports: Sequence[str], at: datetime
) -> SaleView | None:
    """The first of these sales that sells one of the offers and has not let a holder of these passports in."""
    from django.conf import settings

    wanted = frozenset(offers)
    secret = secret_for(ROOM, settings.SECRET_KEY)
    admitted = {
        number
        for passport in passports[:MAX_PASSPORTS]
        if (number := passport_of(secret, passport, at.timestamp())) is not None
    }
    return next((sale for sale in running if sale.offers & wanted and sale.number not in admitted), None)
