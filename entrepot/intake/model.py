"""The kernel's slow plain twin: dictionaries and a list of sentences. What the kernel must agree with, always.

It decides one command at a time and knows nothing of arrays, batches' bytes or hash tables. Read it to know what is meant.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from entrepot.intake import status
from entrepot.intake.layout import order_id


@dataclass(frozen=True, slots=True)
class Row:
    """A take as sent: of offer `target` at `price`, or (plain) `price` units of counter `target`."""

    price: int
    target: int
    quantity: int
    plain: bool = False


@dataclass(slots=True)
class Told:
    """An answer: code (with REPEATED), order id, refused line, what is left; None where there is nothing to say."""

    code: int
    order: int | None = None
    line: int | None = None
    left: int | None = None


@dataclass(slots=True)
class Offer:
    counter: int
    price: int
    opens_ms: int
    closes_ms: int
    limit: int
    version: int


@dataclass(slots=True)
class Plain:
    """A shard in plain Python."""

    shard: int = 0
    available: dict[int, int] = field(default_factory=dict)
    received: dict[int, int] = field(default_factory=dict)
    kinds: dict[int, int] = field(default_factory=dict)
    offers: dict[int, Offer] = field(default_factory=dict)
    taken: dict[tuple[int, int], int] = field(
        default_factory=lambda: defaultdict(int)
    )  # (counter, buyer) → pieces
    keys: dict[int, tuple[Any, Told, int]] = field(
        default_factory=dict
    )  # key → (body, first answer, when made)
    orders: dict[int, tuple[int, list[tuple[int, int, bool]]]] = field(
        default_factory=dict
    )  # buyer, (counter, amount, limited)
    released: set[int] = field(default_factory=set)

    def open_counter(self, counter: int, kind: int, amount: int) -> Told:
        if counter in self.available:
            return Told(status.ACCEPTED | status.REPEATED)
        self.kinds[counter], self.available[counter], self.received[counter] = kind, amount, amount
        return Told(status.ACCEPTED)

    def set_offer(
        self, offer: int, counter: int, price: int, opens_ms: int, closes_ms: int, limit: int, version: int
    ) -> Told:
        if counter not in self.available:
            return Told(status.UNKNOWN_COUNTER)
        if offer not in self.offers or version >= self.offers[offer].version:
            self.offers[offer] = Offer(counter, price, opens_ms, closes_ms, limit, version)
        return Told(status.ACCEPTED)

    def place(self, now: int, seq: int, index: int, key: int, ref: int, buyer: int, rows: list[Row]) -> Told:
        def fresh() -> Told:
            taking: list[tuple[int, int, bool]] = []
            refusals: list[tuple[int, int, int | None]] = []  # code, line, left
            for line, row in enumerate(rows):
                reason, left, take = self._judge(now, buyer, row, taking)
                if reason != status.ACCEPTED:
                    refusals.append((reason, line, left))
                taking.append(take)
            if refusals:
                code, line, left = min(refusals, key=lambda refusal: refusal[:2])
                return Told(code, None, line, left)
            for counter, amount, limited in taking:
                self.available[counter] -= amount
                if limited:
                    self.taken[counter, buyer] += amount
            order = order_id(self.shard, seq, index)
            self.orders[order] = (buyer, taking)
            return Told(status.ACCEPTED, order)

        return self._once(now, key, ("place", ref, buyer, tuple(rows)), fresh)

    def _judge(
        self, now: int, buyer: int, row: Row, before: list[tuple[int, int, bool]]
    ) -> tuple[int, int | None, tuple[int, int, bool]]:
        """(code, what is left, what it would take: counter, amount, whether it counts towards a limit)."""
        amount, limited = (row.price if row.plain else row.quantity), False
        if row.plain:
            counter = row.target
            if counter not in self.available:
                return status.UNKNOWN_COUNTER, None, (-1, amount, False)
        else:
            offer = self.offers.get(row.target)
            if offer is None:
                return status.UNKNOWN_OFFER, None, (-1, amount, False)
            counter = offer.counter
            if now < offer.opens_ms:
                return status.NOT_OPEN, None, (counter, amount, False)
            if now >= offer.closes_ms:
                return status.CLOSED, None, (counter, amount, False)
            if row.price != offer.price:
                return status.PRICE_CHANGED, None, (counter, amount, False)
            if offer.limit > 0:
                limited = True
                had = self.taken.get((counter, buyer), 0) + sum(
                    a for c, a, counts in before if c == counter and counts
                )
                if had + amount > offer.limit:
                    return status.LIMIT_REACHED, max(0, offer.limit - had), (counter, amount, True)
        have = self.available[counter] - sum(a for c, a, _ in before if c == counter)
        if have < amount:
            return self._short(counter), max(0, have), (counter, amount, limited)
        return status.ACCEPTED, None, (counter, amount, limited)

    def _short(self, counter: int) -> int:
        return status.BUDGET_EXHAUSTED if self.kinds[counter] >= status.FIRST_BUDGET_KIND else status.SOLD_OUT

    def release(self, now: int, key: int, order: int) -> Told:
        def fresh() -> Told:
            if order not in self.orders:
                return Told(status.UNKNOWN_ORDER)
            if order in self.released:
                return Told(status.ALREADY_RELEASED)
            self.released.add(order)
            buyer, takes = self.orders[order]
            for counter, amount, limited in takes:
                self.available[counter] += amount
                if limited:
                    self.taken[counter, buyer] -= amount
            return Told(status.ACCEPTED)

        return self._once(now, key, ("release", order), fresh)

    def adjust(self, now: int, key: int, counter: int, delta: int) -> Told:
        def fresh() -> Told:
            if counter not in self.available:
                return Told(status.UNKNOWN_COUNTER, None, 0)
            have = self.available[counter]
            if have + delta < 0:
                return Told(self._short(counter), None, 0, have)
            if self.received[counter] + delta > status.WHOLE_LIMIT:
                return Told(status.BUDGET_EXHAUSTED, None, 0, have)
            self.available[counter] += delta
            self.received[counter] += delta
            return Told(status.ACCEPTED)

        return self._once(now, key, ("adjust", counter, delta), fresh)

    def _once(self, now: int, key: int, body: Any, fresh: Any) -> Told:
        """The first answer to a key, for 24 hours; afterwards, and from the future, the key is stale."""
        made = key >> 80
        if made < now - status.KEY_LIFE_MS or made > now + status.KEY_AHEAD_MS:
            return Told(status.STALE_KEY)
        if key in self.keys:
            known, told, _ = self.keys[key]
            if known != body:
                return Told(status.KEY_REUSED)
            return Told(told.code | status.REPEATED, told.order, told.line, None)
        told = fresh()
        self.keys[key] = (body, told, made)
        return told
