"""Which refusals an operation can meet: those raised by the functions it calls, and by the functions these call."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from functools import cache
from types import FunctionType
from typing import Any

from entrepot.kit.errors import Refusal


def refusals_reached(function: Callable[..., Any]) -> dict[type[Refusal], str]:
    """Refusals by static reading, each with the function that raises it.

    Follows names in a function's module, also dotted ones (`policy.check`); not methods of values, which raise none of their own here.
    """
    found: dict[type[Refusal], str] = {}
    seen: set[Any] = set()
    waiting: list[Any] = [function]
    while waiting:
        each = inspect.unwrap(waiting.pop())
        if each in seen:
            continue
        seen.add(each)
        raised, called = _read(each)
        for kind in raised:
            found.setdefault(kind, f"{each.__module__}.{each.__qualname__}")
        waiting += called
    return found


@cache
def _read(function: FunctionType) -> tuple[tuple[type[Refusal], ...], tuple[FunctionType, ...]]:
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return (), ()
    scope = function.__globals__
    raised, called = [], []
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and node.exc is not None:
            value = _value(node.exc.func if isinstance(node.exc, ast.Call) else node.exc, scope)
            if isinstance(value, type) and issubclass(value, Refusal):
                raised.append(value)
        if isinstance(node, (ast.Name, ast.Attribute)):
            value = _value(node, scope)
            value = getattr(value, "__wrapped__", value)
            if isinstance(value, FunctionType) and value.__module__.startswith("entrepot."):
                called.append(value)
    return tuple(raised), tuple(called)


def _value(node: ast.AST, scope: dict[str, Any]) -> Any:
    if isinstance(node, ast.Name):
        return scope.get(node.id)
    if isinstance(node, ast.Attribute) and inspect.ismodule(owner := _value(node.value, scope)):
        return getattr(owner, node.attr, None)
    return None
