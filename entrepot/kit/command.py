"""A command: one permission, one transaction, and the facts it announced.

    @command(scope="orders:withdraw")
    def withdraw_from_order(ctx: Context, *, order_id: int) -> WithdrawalTerms: ...

Called by another command it joins that one: same transaction, same permission.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextvars import ContextVar
from functools import cache, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, get_type_hints

import msgspec
from django.db import IntegrityError, connection, transaction

from entrepot.kit.context import Context
from entrepot.kit.errors import Busy, KeyReused, NotAllowed
from entrepot.kit.models import IdempotentAnswer
from entrepot.kit.outbox import store_facts

P = ParamSpec("P")
R = TypeVar("R")
Verb = Callable[Concatenate[Context, P], R]

running_command: ContextVar[str] = ContextVar("running_command", default="")

# Set when the last command of this context answered a repeated key with its stored answer.
was_replayed: ContextVar[bool] = ContextVar("was_replayed", default=False)

LOCK_TIMEOUT_MS = 3_000


def command(*, scope: str, atomic: bool = True) -> Callable[[Verb[P, R]], Verb[P, R]]:
    """Make a verb a command that needs `scope`.

    The transaction has a lock limit of 3 s (`Busy` past it). With `ctx.key` set, the first answer is stored
    and given again to a retry; the same key with other arguments is refused (`KeyReused`).
    `atomic=False` is for the one command whose transaction is a journal append (placing an order), and for
    those that call a provider between two transactions of their own; they keep their own idempotency.
    """

    def wrap(verb: Verb[P, R]) -> Verb[P, R]:
        name = f"{verb.__module__.split('.')[1]}.{verb.__name__}"

        @wraps(verb)
        def run(ctx: Context, /, *args: P.args, **kwargs: P.kwargs) -> R:
            if running_command.get() and connection.in_atomic_block:
                return verb(ctx, *args, **kwargs)
            if scope not in ctx.scopes:
                raise NotAllowed(scope=scope)
            token = running_command.set(name)
            mark = len(ctx.facts)
            try:
                if not atomic:
                    return verb(ctx, *args, **kwargs)
                with transaction.atomic():
                    with connection.cursor() as cursor:
                        cursor.execute(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}")
                    if ctx.key:
                        return _once(ctx, name, verb, args, kwargs, mark)
                    result = verb(ctx, *args, **kwargs)
                    store_facts(ctx, ctx.facts[mark:])
                return result
            finally:
                del ctx.facts[mark:]
                running_command.reset(token)

        run.scope = scope  # type: ignore[attr-defined]
        run.command_name = name  # type: ignore[attr-defined]
        return run

    return wrap


def _once(ctx: Context, name: str, verb: Callable[..., Any], args: Any, kwargs: Any, mark: int) -> Any:
    """Run the verb under its key, or give the stored answer of the first run."""
    who = f"{ctx.actor.kind}:{ctx.actor.party_id or ctx.actor.user_id or ''}"
    asked = msgspec.to_builtins([name, args, kwargs], str_keys=True)
    fingerprint = hashlib.sha256(msgspec.json.encode(asked, order="sorted")).digest()
    row, is_first = IdempotentAnswer.objects.get_or_create(
        who=who,
        key=ctx.key,
        defaults={"command": name, "fingerprint": fingerprint, "at": ctx.at},
    )
    if not is_first:
        if bytes(row.fingerprint) != fingerprint:
            raise KeyReused(key=ctx.key)
        was_replayed.set(True)
        return msgspec.json.decode(bytes(row.answer or b"null"), type=_return_type(verb))
    result = verb(ctx, *args, **kwargs)
    row.answer = msgspec.json.encode(result)
    row.save(update_fields=["answer"])
    store_facts(ctx, ctx.facts[mark:])
    return result


@cache
def _return_type(verb: Callable[..., Any]) -> Any:
    return get_type_hints(verb)["return"]


def busy_from(error: Exception) -> Busy | None:
    """The refusal behind a lock time-out or a deadlock, or None. Doors turn it into 503 with Retry-After."""
    cause = error.__cause__
    if getattr(cause, "sqlstate", "") in {"55P03", "40P01", "40001"} and not isinstance(
        error, IntegrityError
    ):
        return Busy(seconds=2)
    return None
