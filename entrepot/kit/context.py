"""Who asks, when, with which permissions and under which key."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

ActorKind = Literal["guest", "buyer", "seller", "operator", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `seller_id` is set for seller staff, `party_id` for anyone known; `label` is shown on timelines."""

    kind: ActorKind
    label: str
    party_id: UUID | None = None
    seller_id: UUID | None = None
    user_id: int | None = None


class _Everything(Set[str]):
    """The scopes of the system itself: every one."""

    def __contains__(self, scope: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 1


EVERY_SCOPE: Set[str] = _Everything()


@dataclass(frozen=True, slots=True)
class Context:
    """Made by a door, handed to commands and queries.

    `at` is the instant of asking (UTC), `key` the caller's idempotency key (empty: none), `cause` the id of the
    request, job or fact behind it. `facts` collects what the running command announces.
    """

    actor: Actor
    at: datetime
    scopes: Set[str]
    key: str = ""
    cause: str = ""
    facts: list[Any] = field(default_factory=list)

    def announce(self, fact: object) -> None:
        """Store a fact in the outbox with this transaction; higher rooms react to it."""
        self.facts.append(fact)

    def may(self, scope: str) -> bool:
        return scope in self.scopes


def system_context(*, at: datetime, cause: str, key: str = "") -> Context:
    """The context of a reaction, a job or the pilot's loader: the system acts, with every scope."""
    return Context(actor=Actor("system", "Entrepot"), at=at, scopes=EVERY_SCOPE, key=key, cause=cause)
