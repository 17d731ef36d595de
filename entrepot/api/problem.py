"""Errors as problem+json (RFC 9457). `type` is a link to a page about that error."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpResponse

from entrepot.kit.errors import Refusal


class FieldError(msgspec.Struct, frozen=True):
    """One thing in the way: a JSON Pointer, parameter, field or offer; why, as a sentence or code; and what helps."""

    pointer: str
    detail: str
    hint: str = ""


class Problem(msgspec.Struct, frozen=True):
    """Why the answer is no. Programs read `code`; `next_step` names what helps."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    next_step: str = ""
    errors: tuple[FieldError, ...] = ()


def problem(
    code: str,
    status: int,
    detail: str,
    request_id: str,
    *,
    next_step: str = "",
    errors: Sequence[dict[str, Any]] = (),
) -> HttpResponse:
    """Render a problem; its type resolves to /problems/<code>."""
    body = Problem(
        type=f"{settings.BASE_URL}/problems/{code}",
        title=code.replace("_", " ").capitalize(),
        status=status,
        detail=detail,
        code=code,
        request_id=request_id,
        next_step=next_step,
        errors=tuple(FieldError(**error) for error in errors),
    )
    headers = {"Cache-Control": "no-store", "X-Request-Id": request_id}
    return HttpResponse(
        msgspec.json.encode(body), content_type="application/problem+json", status=status, headers=headers
    )


def all_refusals() -> dict[str, type[Refusal]]:
    """Every refusal of every room by its code."""
    found: dict[str, type[Refusal]] = {}
    open_classes = [Refusal]
    while open_classes:
        kind = open_classes.pop()
        open_classes += kind.__subclasses__()
        found[kind.code] = kind
    return dict(sorted(found.items()))
