"""The OpenAPI 3.1 file, made from the operations themselves."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

from entrepot import __version__
from entrepot.api.operation import (
    GUARDED_PLACE,
    KEY_PATTERN,
    MALFORMED,
    OPERATIONS,
    PICTURES,
    UNFIT,
    KeyRequired,
    NotAPicture,
    NotAuthenticated,
    NulCharacter,
    Operation,
    TooLarge,
    WrongMediaType,
    describe,
)
from entrepot.api.problem import Problem
from entrepot.kit.errors import Busy, Invalid, KeyReused, NotAllowed, NotFound, Refusal
from entrepot.parties.errors import KeyRefused, TooManyTries

REF = "#/components/schemas/{name}"


def refusals_of(found: Operation) -> dict[int, list[type[Refusal]]]:
    """Every documented refusal of an operation by status: its own, and those any such request can meet."""
    kinds: list[type[Refusal]] = [Invalid, Busy, NotAuthenticated, KeyRefused, NotAllowed, *found.refusals]
    if found.places:
        kinds.append(NotFound)
    if GUARDED_PLACE in found.places:
        kinds.append(TooManyTries)
    if found.body is not None:
        kinds += [TooLarge, WrongMediaType, NulCharacter]
    if found.takes_image:
        kinds += [TooLarge, NotAPicture]
    if found.key:
        kinds += [KeyRequired, KeyReused]
    by_status: dict[int, list[type[Refusal]]] = {}
    for kind in dict.fromkeys(kinds):
        unfit = kind.status == MALFORMED and kind is not Invalid and kind is not KeyRequired
        by_status.setdefault(UNFIT if unfit else kind.status, []).append(kind)
    by_status.setdefault(UNFIT, []).append(Invalid)
    return by_status


def _parameters(found: Operation, components: dict[str, Any]) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", "minLength": 1, "maxLength": 120},
        }
        for name in found.places
    ]
    if found.query is not None:
        schema = components[found.query.__name__]
        made += [
            {
                "name": name,
                "in": "query",
                "required": name in schema.get("required", ()),
                "schema": part,
                **({"description": part["description"]} if "description" in part else {}),
            }
            for name, part in schema["properties"].items()
        ]
    if found.key:
        made.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": True,
                "description": "New for each purpose; a retry with the same key and body gives the first answer.",
                "schema": {"type": "string", "pattern": KEY_PATTERN, "minLength": 8, "maxLength": 200},
            }
        )
    return made


def _operation(found: Operation, components: dict[str, Any], answer: dict[str, Any] | None) -> dict[str, Any]:
    summary, description = describe(found.function)
    responses: dict[str, Any] = {}
    headers = {
        "X-Request-Id": {"schema": {"type": "string"}, "description": "Name it when you ask for help."}
    }
    if answer is None:
        responses["204"] = {"description": "Done.", "headers": headers}
    else:
        content = {"application/json": {"schema": answer}}
        responses[str(found.status)] = {"description": "Done.", "headers": headers, "content": content}
    for status, kinds in sorted(refusals_of(found).items()):
        responses[str(status)] = {
            "description": " · ".join(f"`{kind.code}`" for kind in kinds),
            "content": {"application/problem+json": {"schema": {"$ref": REF.format(name="Problem")}}},
        }
    made: dict[str, Any] = {
        "operationId": found.name,
        "tags": [found.tag],
        "summary": summary,
        "description": description,
        "parameters": _parameters(found, components),
        "responses": responses,
        "security": [{"key": []}, {}] if found.is_public else [{"key": []}],
        "x-scope": found.scope,
    }
    if found.body is not None:
        schema = {"$ref": REF.format(name=found.body.__name__)}
        made["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    if found.takes_image:
        photo = {"schema": {"type": "string", "format": "binary"}}
        made["requestBody"] = {"required": True, "content": dict.fromkeys(PICTURES, photo)}
    return made


@cache
def document() -> dict[str, Any]:
    """The whole document as plain values."""
    import entrepot.api.routes  # noqa: F401 - fills OPERATIONS

    answers = [found.answer for found in OPERATIONS if found.answer not in (None, type(None))]
    inputs = [kind for found in OPERATIONS for kind in (found.query, found.body) if kind is not None]
    kinds = list(dict.fromkeys([Problem, *inputs, *answers]))
    schemas, components = msgspec.json.schema_components(kinds, ref_template=REF)
    schema_of = dict(zip(kinds, schemas, strict=True))
    paths: dict[str, Any] = {}
    for found in OPERATIONS:
        answer = None if found.answer in (None, type(None)) else schema_of[found.answer]
        paths.setdefault(found.path, {})[found.method.lower()] = _operation(found, components, answer)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Entrepot API",
            "version": f"1 ({__version__})",
            "description": "One catalogue, price and order state over pages and programs. Money is whole minor units plus currency; "
            "time is UTC; lists go on by cursor; every no is problem+json with a code and a next step.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": tag} for tag in dict.fromkeys(found.tag for found in OPERATIONS)],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(components.items())),
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "An API key with scopes."}
            },
        },
    }
