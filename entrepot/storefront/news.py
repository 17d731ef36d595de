"""What this process remembers of the rooms below, kept true by their own news.

Web processes remember products, offers and sellers. The outbox tells what changed: once a second at most, and only
while somebody asks for pages, its new facts are read and what they name is forgotten. A change is therefore seen
within about a second; whatever a fact may have slipped past is forgotten after a minute anyway.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import connection

from entrepot.kit.models import OutboxFact

K = TypeVar("K")
V = TypeVar("V")

EVERY_S = 1.0
LOOK_BACK = 100  # a transaction that began earlier may commit later: its facts have smaller numbers
AT_ONCE = 500
MOST_KEPT = 4_000


class Kept(Generic[K, V]):
    """Facts by id, read together when they are missing or older than `seconds`; always read inside a transaction.

    `told_by` names the facts that change them: fact kind → the field of its body that holds the ids (empty: all).
    """

    everything: list[Kept[Any, Any]] = []

    def __init__(
        self, seconds: float, read: Callable[..., Mapping[K, V]], told_by: Mapping[str, str] | None = None
    ) -> None:
        self.seconds, self.read, self.told_by = seconds, read, told_by or {}
        self.rows: dict[K, dict[Any, tuple[float, V | None]]] = {}
        Kept.everything.append(self)

    def of(self, ids: Iterable[K], *more: Any, **extra: Any) -> dict[K, V]:
        """The facts of these ids, in their order; one read for those missing or too old.

        `more` tells facts of one id apart (a market); `extra` only goes to the read (the instant).
        """
        wanted = list(dict.fromkeys(ids))
        if connection.in_atomic_block:
            found = self.read(wanted, *more, **extra) if wanted else {}
            return {name: found[name] for name in wanted if name in found}
        listen()
        tick = time.monotonic()
        # Other threads forget rows at any moment: what is answered is taken once and held here.
        held = {name: row for name in wanted if (row := self._fresh(name, more, tick)) is not None}
        old = [name for name in wanted if name not in held]
        if old:
            if len(self.rows) > MOST_KEPT:
                self.rows.clear()
            found = self.read(old, *more, **extra)
            for name in old:
                held[name] = (tick, found.get(name))
                self.rows.setdefault(name, {})[more] = held[name]
        return {name: value for name in wanted if (value := held[name][1]) is not None}

    def _fresh(self, name: K, more: tuple[Any, ...], tick: float) -> tuple[float, V | None] | None:
        row = self.rows.get(name, {}).get(more)
        return row if row is not None and tick - row[0] <= self.seconds else None

    def hear(self, kind: str, body: Mapping[str, Any]) -> None:
        """Forget what a fact named."""
        if kind not in self.told_by:
            return
        field = self.told_by[kind]
        if not field:
            self.rows.clear()
            return
        named = body.get(field) or []
        for text in [named] if isinstance(named, str) else named:
            self.rows.pop(UUID(text), None)  # type: ignore[arg-type]


class _Ear:
    """How far this process has read the outbox."""

    heard_at = -1e9
    last = 0
    seen: set[int] = set()


def listen() -> None:
    """Read the outbox's new facts, at most once a second, and forget what they name."""
    tick = time.monotonic()
    if tick - _Ear.heard_at < EVERY_S:
        return
    first = _Ear.last == 0
    _Ear.heard_at = tick
    if first:
        _Ear.last = OutboxFact.objects.order_by("-id").values_list("id", flat=True).first() or 1
        return
    kinds = {kind for kept in Kept.everything for kind in kept.told_by}
    rows = list(
        OutboxFact.objects.filter(id__gt=_Ear.last - LOOK_BACK, kind__in=kinds)
        .exclude(id__in=_Ear.seen)
        .order_by("id")
        .values_list("id", "kind", "body")[:AT_ONCE]
    )
    for number, kind, body in rows:
        for kept in Kept.everything:
            kept.hear(kind, body)
        _Ear.seen.add(number)
        _Ear.last = max(_Ear.last, number)
    _Ear.seen = {number for number in _Ear.seen if number > _Ear.last - LOOK_BACK}
