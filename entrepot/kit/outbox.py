"""The outbox: facts go up. Stored in the transaction that made them true; each reaction runs exactly once.

A reaction's command runs under the key `fact id : reaction`, so a relay that died half-way repeats harmlessly.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

import msgspec
from django.db import connection, transaction

from entrepot.kit import clock
from entrepot.kit.context import Context, system_context
from entrepot.kit.models import OutboxFact

log = logging.getLogger(__name__)
CHANNEL = "entrepot_outbox"
MAX_ATTEMPTS = 10

Reaction = Callable[[Context, Any], None]


def kind_of(fact_type: type) -> str:
    """`orders.OrderPlaced` for entrepot.orders.events.OrderPlaced."""
    return f"{fact_type.__module__.split('.')[1]}.{fact_type.__name__}"


def store_facts(ctx: Context, facts: Iterable[object]) -> None:
    """Write facts to the outbox inside the running transaction and wake the relay when it commits."""
    rows = [
        OutboxFact(kind=kind_of(type(fact)), at=ctx.at, cause=ctx.cause, body=msgspec.to_builtins(fact))
        for fact in facts
    ]
    if rows:
        OutboxFact.objects.bulk_create(rows)
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {CHANNEL}")


def relay(reactions: Mapping[str, list[tuple[str, type, Reaction]]], *, limit: int = 100) -> int:
    """Run the reactions of up to `limit` open facts, oldest first; returns how many facts were closed.

    `reactions` maps a fact kind to (reaction name, fact type, function). Several relays may run at once.
    A failing fact is tried again after 2, 4, 8 … seconds and parked after ten tries, for a person to look at.
    """
    closed = 0
    for _ in range(limit):
        with transaction.atomic():
            fact = (
                OutboxFact.objects.select_for_update(skip_locked=True)
                .filter(done_at=None, parked=False)
                .exclude(next_try_at__gt=clock.now())
                .order_by("id")
                .first()
            )
            if fact is None:
                return closed
            try:
                with transaction.atomic():
                    _react(fact, reactions.get(fact.kind, []))
            except Exception as error:
                fact.attempts += 1
                fact.parked = fact.attempts >= MAX_ATTEMPTS
                fact.next_try_at = clock.now() + timedelta(seconds=2**fact.attempts)
                fact.last_error = f"{type(error).__name__}: {error}"[:2000]
                log.exception(
                    "reaction failed", extra={"fact": fact.pk, "kind": fact.kind, "parked": fact.parked}
                )
                fact.save(update_fields=["attempts", "parked", "next_try_at", "last_error"])
                continue
            fact.done_at = clock.now()
            fact.save(update_fields=["done_at"])
            closed += 1
    return closed


def _react(fact: OutboxFact, reactions: list[tuple[str, type, Reaction]]) -> None:
    for name, fact_type, function in reactions:
        ctx = system_context(
            at=max(fact.at, clock.now()), cause=f"fact:{fact.pk}", key=f"fact:{fact.pk}:{name}"
        )
        function(ctx, msgspec.convert(fact.body, fact_type))
