"""What starts without a person: marks on functions of a room's `reactions.py`, read by the worker."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


def on(fact_type: type) -> Callable[[F], F]:
    """Run `reaction(ctx, fact)` once for each stored fact of this type. It calls one command."""

    def mark(function: F) -> F:
        function.reacts_to = fact_type  # type: ignore[attr-defined]
        return function

    return mark


def every(*, seconds: int) -> Callable[[F], F]:
    """Run `reaction(ctx)` about every `seconds`, on one worker at a time. It must be safe to run twice."""

    def mark(function: F) -> F:
        function.runs_every_s = seconds  # type: ignore[attr-defined]
        return function

    return mark
