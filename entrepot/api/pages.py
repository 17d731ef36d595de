"""What a developer reads: the OpenAPI file, its page, and a page for every error code."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from entrepot.api.openapi import document
from entrepot.api.operation import problem_of, statuses_of
from entrepot.api.problem import all_refusals
from entrepot.kit.errors import NotFound
from entrepot.kit.ids import new_id
from entrepot.storefront.web import page


@cache
def _openapi_bytes() -> bytes:
    return json.dumps(document(), ensure_ascii=False, separators=(",", ":")).encode()


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI 3.1 file."""
    return HttpResponse(
        _openapi_bytes(), content_type="application/json", headers={"Cache-Control": "max-age=300"}
    )


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The API on one page: every operation with its parameters, answers and a command to try."""
    return page(
        request, "api/docs.jinja", {"document": document(), "groups": _groups(), "base": settings.BASE_URL}
    )


@require_safe
def problem_page(request: HttpRequest, code: str) -> HttpResponse:
    """What an error code means and what helps; the `type` of every problem+json leads here."""
    kind = all_refusals().get(code)
    if kind is None:
        raise Http404
    return page(
        request,
        "api/problem.jinja",
        {"kind": kind, "statuses": statuses_of(kind), "meaning": (kind.__doc__ or "").strip()},
    )


def nowhere(request: HttpRequest) -> HttpResponse:
    """A path under /v1 that is no operation: 404 as a problem, whatever the method."""
    return problem_of(NotFound(what="path in this API"), str(new_id()))


@cache
def _groups() -> list[dict[str, Any]]:
    """Operations by tag, with an example curl for each."""
    spec = document()
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in spec["paths"].items():
        for method, entry in methods.items():
            body = entry.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            groups.setdefault(entry["tags"][0], []).append(
                {
                    "method": method.upper(),
                    "path": path,
                    "entry": entry,
                    "fields": _fields(body, spec) if body else [],
                    "answer": _answer(entry, spec),
                    "curl": _curl(method.upper(), path, entry, spec),
                }
            )
    return [{"tag": tag, "operations": operations} for tag, operations in groups.items()]


def _resolve(schema: dict[str, Any], spec: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = spec["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    return schema


def _fields(schema: dict[str, Any], spec: dict[str, Any]) -> list[dict[str, Any]]:
    """Name, type in words, whether required, description."""
    found = _resolve(schema, spec)
    required = set(found.get("required", ()))
    return [
        {
            "name": name,
            "type": _type(part, spec),
            "required": name in required,
            "description": part.get("description", ""),
        }
        for name, part in found.get("properties", {}).items()
    ]


def _type(part: dict[str, Any], spec: dict[str, Any]) -> str:
    if "$ref" in part:
        return str(part["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in part:
        return " or ".join(_type(each, spec) for each in part["anyOf"])
    if part.get("type") == "array":
        return f"list of {_type(part['items'], spec)}" if isinstance(part.get("items"), dict) else "list"
    if "enum" in part:
        return " | ".join(str(value) for value in part["enum"])
    return " ".join(str(word) for word in (part.get("type", "any"), part.get("format", "")) if word)


def _answer(entry: dict[str, Any], spec: dict[str, Any]) -> list[dict[str, Any]]:
    for status, response in entry["responses"].items():
        if status.startswith("2") and "content" in response:
            return _fields(response["content"]["application/json"]["schema"], spec)
    return []


def _curl(method: str, path: str, entry: dict[str, Any], spec: dict[str, Any]) -> str:
    words = ["curl", settings.BASE_URL + path]
    if method != "GET":
        words.insert(1, f"-X {method}")
    if not any(choice == {} for choice in entry["security"]):
        words.append('-H "Authorization: Bearer $KEY"')
    if any(item["name"] == "Idempotency-Key" for item in entry["parameters"]):
        words.append('-H "Idempotency-Key: $(uuidgen)"')
    if "image/jpeg" in entry.get("requestBody", {}).get("content", ()):
        words += ["-H 'Content-Type: image/jpeg'", "--data-binary @photo.jpg"]
    elif "requestBody" in entry:
        schema = _resolve(entry["requestBody"]["content"]["application/json"]["schema"], spec)
        example = {
            name: _example(part, spec)
            for name, part in schema["properties"].items()
            if name in schema.get("required", ())
        }
        words += ["-H 'Content-Type: application/json'", f"-d '{json.dumps(example)}'"]
    return " \\\n  ".join(words)


def _example(part: dict[str, Any], spec: dict[str, Any]) -> Any:
    part = _resolve(part, spec)
    if "examples" in part:
        return part["examples"][0]
    if "enum" in part:
        return part["enum"][0]
    if part.get("type") == "object":
        return {
            name: _example(each, spec)
            for name, each in part.get("properties", {}).items()
            if name in part.get("required", ())
        }
    if part.get("type") == "array":
        return [_example(part["items"], spec)]
    return {"integer": 1, "boolean": True, "number": 1}.get(part.get("type", ""), "…")
