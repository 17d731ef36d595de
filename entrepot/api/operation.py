"""One HTTP operation: a typed function becomes a route, its checks, and its entry in the OpenAPI file.

    @operation("GET", "/v1/products/{product_id}", tag="Catalogue", scope="catalog:read")
    def read_product(ctx: Context, *, product_id: str, query: ProductQuery) -> Product:
        \"\"\"One product with its variants and offers.\"\"\"

Path places are keyword arguments; `query` and `body` are msgspec structs; the return type is the answer's schema; the
docstring's first line is the summary. Everything a caller can do wrong is answered with problem+json (RFC 9457).
"""

from __future__ import annotations

import hashlib
import inspect
import json
import re
import typing
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, get_type_hints
from uuid import UUID

import msgspec
from allauth.core.internal.httpkit import get_client_ip
from django.http import HttpRequest, HttpResponse

from entrepot.api.problem import problem
from entrepot.catalog.queries import MAX_PHOTO_BYTES
from entrepot.kit import clock
from entrepot.kit.command import busy_from, was_replayed
from entrepot.kit.context import Actor, Context
from entrepot.kit.errors import Invalid, KeyReused, NotAllowed, Refusal
from entrepot.kit.ids import new_id, show_id
from entrepot.offers.errors import OfferHeldBack
from entrepot.orders.errors import NothingAccepted, NotReady
from entrepot.parties.commands import count_try
from entrepot.parties.queries import actor_for_key, guest

F = TypeVar("F", bound=Callable[..., Any])
MAX_BODY_BYTES = 262_144
PICTURES = (
    "image/jpeg",
    "image/png",
    "image/webp",
)  # the bodies of an operation with the argument `image: bytes`
KEY_PATTERN = r"^[\x21-\x7e]{8,200}$"
# The place in a path that is itself the key to a cart, checkout or purchase; who guesses them is stopped.
GUARDED_PLACE = "token"
MISSES, MISSES_WITHIN_S = 20, 600
# 400: the request does not fit the document. 422: it fits, and says something that cannot be.
MALFORMED, UNFIT = 400, 422


class KeyRequired(Refusal):
    code = "idempotency_key_required"
    status = 400
    template = "This request needs the header Idempotency-Key: 8 to 200 visible ASCII characters, new for each purpose."
    next_step = "send_idempotency_key"


class NotAuthenticated(Refusal):
    code = "not_authenticated"
    status = 401
    template = "This request needs an API key: send Authorization: Bearer with a key that is valid now."
    next_step = "send_api_key"


class TooLarge(Refusal):
    code = "body_too_large"
    status = 413
    template = "The body is larger than {limit} bytes."
    next_step = "send_less"


class NotAPicture(Refusal):
    code = "wrong_media_type"
    status = 415
    template = "The body must be a photo: send Content-Type: image/jpeg, image/png or image/webp."
    next_step = "send_a_photo"


class WrongMediaType(Refusal):
    code = "wrong_media_type"
    status = 415
    template = "The body must be JSON: send Content-Type: application/json."
    next_step = "send_json"


class NulCharacter(Refusal):
    code = "nul_character"
    status = 422
    template = "The body holds a NUL character, which no text here may hold."
    next_step = "correct_the_field"


class MethodNotAllowed(Refusal):
    code = "method_not_allowed"
    status = 405
    template = "Use one of {allowed}."
    next_step = "use_another_method"


class Page(msgspec.Struct, frozen=True):
    """Where a list goes on: hand `next_cursor` back as `cursor` while `has_next_page`."""

    has_next_page: bool
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """A documented route."""

    method: str
    path: str
    function: Callable[..., Any]
    tag: str
    scope: str
    key: bool
    status: int
    refusals: tuple[type[Refusal], ...]
    query: type[msgspec.Struct] | None
    body: type[msgspec.Struct] | None
    answer: Any
    takes_image: bool = False
    places: tuple[str, ...] = field(default=())

    @property
    def name(self) -> str:
        return self.function.__name__

    @property
    def is_public(self) -> bool:
        """Whether a guest may ask: the guest's scopes hold this one."""
        return self.scope in guest()[1]


OPERATIONS: list[Operation] = []


def operation(
    method: str,
    path: str,
    *,
    tag: str,
    scope: str,
    key: bool = False,
    status: int = 200,
    refusals: tuple[type[Refusal], ...] = (),
) -> Callable[[F], F]:
    """Register a route. `key=True`: the request must carry an Idempotency-Key, which becomes the context's key."""

    def mark(function: F) -> F:
        hints = get_type_hints(function, include_extras=True)
        OPERATIONS.append(
            Operation(
                method, path, function, tag, scope, key, status, refusals,
                query=hints.get("query"), body=hints.get("body"), answer=hints["return"], takes_image="image" in hints,
                places=tuple(re.findall(r"{(\w+)}", path)),
            )
        )  # fmt: skip
        return function

    return mark


def answer(request: HttpRequest, operations: dict[str, Operation], **places: str) -> HttpResponse:
    """Answer a request to one path: find the method's operation, check, call, render."""
    request_id = str(new_id())
    try:
        found = operations.get(request.method or "")
        if found is None:
            allowed = sorted({*operations, "OPTIONS"})
            if request.method == "OPTIONS":
                return HttpResponse(
                    status=204, headers={"Allow": ", ".join(allowed), "X-Request-Id": request_id}
                )
            refused = problem_of(MethodNotAllowed(allowed=", ".join(allowed)), request_id)
            refused["Allow"] = ", ".join(allowed)
            return refused
        return _run(request, found, places, request_id)
    except Refusal as refusal:
        return problem_of(refusal, request_id)
    except Exception as error:
        busy = busy_from(error)
        if busy is None:
            raise
        return problem_of(busy, request_id)


def statuses_of(kind: type[Refusal]) -> tuple[int, ...]:
    """What this API answers for a kind of refusal: a request that was read and does not fit is UNFIT, never MALFORMED."""
    if kind is Invalid:
        return MALFORMED, UNFIT
    if kind.status == MALFORMED and kind.__module__ != __name__:
        return (UNFIT,)
    return (kind.status,)


def problem_of(refusal: Refusal, request_id: str, *, status: int = 0) -> HttpResponse:
    """A refusal as problem+json, with its own status or the given one."""
    errors = []
    if isinstance(refusal, Invalid):
        errors = [_error(refusal.facts["field"], refusal.facts["reason"], refusal.facts["hint"])]
    elif refusal.field:
        errors = [_error(refusal.field, refusal.sentence, "")]
    if isinstance(refusal, OfferHeldBack):
        errors = [_error(gap.field, f"{gap.code}: {gap.sentence}", gap.fix) for gap in refusal.facts["gaps"]]
    if isinstance(refusal, NotReady):
        errors = [_error(gap.field, gap.code, gap.told) for gap in refusal.facts["missing"]]
    if isinstance(refusal, NothingAccepted):
        for line in refusal.facts["refused"]:
            left = "" if line.left is None else f"{line.left} left."
            errors.append(_error(show_id("ofr", line.offer_id) if line.offer_id else "", line.code, left))
    response = problem(
        refusal.code,
        status or refusal.status,
        refusal.sentence,
        request_id,
        next_step=refusal.next_step,
        errors=errors,
    )
    if refusal.status in (429, 503):
        response["Retry-After"] = str(refusal.facts.get("seconds", 2))
    if refusal.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


def _error(pointer: str, detail: str, hint: str) -> dict[str, str]:
    return {"pointer": str(pointer), "detail": str(detail), "hint": str(hint)}


def _run(request: HttpRequest, found: Operation, places: dict[str, str], request_id: str) -> HttpResponse:
    actor, scopes = _who(request)
    if found.scope not in scopes:
        raise NotAuthenticated() if actor.kind == "guest" else NotAllowed(scope=found.scope)
    key = _key(request, found)
    ctx = Context(actor=actor, at=clock.now(), scopes=scopes, key=key, cause=f"request:{request_id}")
    arguments: dict[str, Any] = dict(places)
    if found.query is not None:
        arguments["query"] = _query(request, found.query)
    elif request.GET:
        raise Invalid(field=sorted(request.GET)[0], reason="is not a parameter of this request.")
    if found.body is not None:
        arguments["body"] = _body(request, found.body)
    if found.takes_image:
        arguments["image"] = _image(request)
    if key and actor.kind == "guest":
        secret = places.get(GUARDED_PLACE) or getattr(arguments.get("body"), "cart", "")
        ctx = replace(ctx, key=_guest_key(key, secret or f"ip:{get_client_ip(request) or 'unknown'}"))
    was_replayed.set(False)
    try:
        result = found.function(ctx, **arguments)
    except KeyReused as refusal:
        raise KeyReused(key=key) from refusal
    except Refusal as refusal:
        if refusal.status == 404 and GUARDED_PLACE in places:
            _count_miss(request, ctx)
        if refusal.status == MALFORMED:
            return problem_of(refusal, request_id, status=UNFIT)
        raise
    headers = {"X-Request-Id": request_id, "Cache-Control": "no-store"}
    if was_replayed.get():
        headers["Idempotent-Replayed"] = "true"
    if result is None:
        return HttpResponse(status=204, headers=headers)
    return HttpResponse(
        msgspec.json.encode(result), content_type="application/json", status=found.status, headers=headers
    )


def _who(request: HttpRequest) -> tuple[Actor, typing.AbstractSet[str]]:
    """The actor behind the Authorization header; a guest without one. Refuses: NotAuthenticated, KeyRefused."""
    header = request.headers.get("Authorization", "")
    if not header:
        return guest()
    word, _, secret = header.partition(" ")
    if word.lower() != "bearer" or not secret.isascii() or not 8 <= len(secret) <= 200:
        raise NotAuthenticated()
    return actor_for_key(secret)


def _key(request: HttpRequest, found: Operation) -> str:
    value = request.headers.get("Idempotency-Key", "")
    if found.key and not re.fullmatch(KEY_PATTERN, value):
        raise KeyRequired()
    return value if found.key else ""


def _guest_key(key: str, secret: str) -> str:
    """A guest's key within the reach of a secret only its owner has, or of a network address.

    All guests are one asker to the store of answers: without this one could be given another's.
    """
    return "guest:" + hashlib.sha256(f"{secret}\n{key}".encode()).hexdigest()


def _count_miss(request: HttpRequest, ctx: Context) -> None:
    """Count a token that leads nowhere. Refuses: TooManyTries past twenty in ten minutes from one network address."""
    who = f"ip:{get_client_ip(request) or 'unknown'}"
    count_try(replace(ctx, key=""), what="secret token", who=who, most=MISSES, per_s=MISSES_WITHIN_S)


def _query(request: HttpRequest, schema: type[msgspec.Struct]) -> msgspec.Struct:
    names = {item.encode_name for item in msgspec.structs.fields(schema)}
    values: dict[str, Any] = {}
    for name, several in request.GET.lists():
        if name not in names:
            raise Invalid(
                field=name,
                reason="is not a parameter of this request.",
                hint=f"Known: {', '.join(sorted(names))}.",
            )
        if len(several) > 1:
            raise Invalid(field=name, reason="is given more than once.")
        if "\x00" in several[0]:
            raise Invalid(field=name, reason="holds a NUL character.")
        values[name] = several[0]
    return _convert(values, schema, strict=False)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Build an object, refusing a name that is given twice."""
    made = dict(pairs)
    if len(made) != len(pairs):
        raise Invalid(field="body", reason="names a field twice.")
    return made


def _number(text: str) -> Any:
    raise Invalid(field="body", reason=f"holds {text}, which is not a JSON number.")


def _fraction(text: str) -> float | int:
    """A number with a point or an exponent: whole ones (`990.0`, `1e3`) are integers in JSON Schema, and here."""
    value = float(text)
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def _body(request: HttpRequest, schema: type[msgspec.Struct]) -> msgspec.Struct:
    if request.content_type != "application/json":
        raise WrongMediaType()
    if int(request.headers.get("Content-Length") or 0) > MAX_BODY_BYTES:
        raise TooLarge(limit=MAX_BODY_BYTES)
    raw = request.read(MAX_BODY_BYTES + 1)
    if len(raw) > MAX_BODY_BYTES:
        raise TooLarge(limit=MAX_BODY_BYTES)
    try:
        values = json.loads(
            raw.decode("utf-8"), object_pairs_hook=_once, parse_constant=_number, parse_float=_fraction
        )
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise Invalid(field="body", reason="is not valid JSON.", hint=str(error)) from error
    except (RecursionError, ValueError) as error:
        raise Invalid(
            field="body", reason="is nested too deep or holds a number that is too long."
        ) from error
    if b"\\u0000" in raw:
        raise NulCharacter()
    return _convert(values, schema, strict=True)


def _image(request: HttpRequest) -> bytes:
    """The file that was sent as the body; whether it is one, the catalog finds out by taking it apart."""
    if request.content_type not in PICTURES:
        raise NotAPicture()
    if int(request.headers.get("Content-Length") or 0) > MAX_PHOTO_BYTES:
        raise TooLarge(limit=MAX_PHOTO_BYTES)
    raw = request.read(MAX_PHOTO_BYTES + 1)
    if len(raw) > MAX_PHOTO_BYTES:
        raise TooLarge(limit=MAX_PHOTO_BYTES)
    return raw


def _convert(values: Any, schema: type[msgspec.Struct], *, strict: bool) -> msgspec.Struct:
    """Values into the schema; msgspec's sentence and path become our `Invalid`."""
    try:
        return msgspec.convert(values, schema, strict=strict)
    except msgspec.ValidationError as error:
        sentence, _, where = str(error).partition(" - at `$")
        pointer = "/" + re.sub(
            r"\.|\[(\d+|\.\.\.)\]", lambda m: "/" + (m[1] or "") if m[1] else "/", where.rstrip("`")
        ).strip("/")
        raise Invalid(field=pointer, reason=f"{sentence}.") from error


def describe(function: Callable[..., Any]) -> tuple[str, str]:
    """Summary and description from the docstring."""
    text = inspect.getdoc(function) or ""
    first, _, rest = text.partition("\n")
    return first.rstrip("."), rest.strip()


def uuid_text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
