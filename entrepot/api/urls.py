"""Addresses of the API: one path each, its methods behind it; the OpenAPI file, its page, and a page for every error."""

from __future__ import annotations

import re
from functools import partial
from itertools import groupby

from django.urls import URLPattern, path, re_path
from django.views.decorators.csrf import csrf_exempt

import entrepot.api.routes  # noqa: F401 - fills OPERATIONS
from entrepot.api import pages
from entrepot.api.operation import OPERATIONS, answer


def _route(template: str) -> str:
    """`/v1/products/{product_id}` as a regular expression of one path segment a place."""
    return "^" + re.sub(r"{(\w+)}", r"(?P<\1>[^/]{1,120})", template.lstrip("/")) + r"\Z"


# Keys, not cookies, say who asks: no session is read, so no cross-site form can act for anybody.
_by_path = groupby(sorted(OPERATIONS, key=lambda found: found.path), key=lambda found: found.path)
urlpatterns: list[URLPattern] = [
    path("openapi.json", pages.openapi, name="openapi"),
    path("docs", pages.docs, name="api_docs"),
    path("problems/<slug:code>", pages.problem_page, name="problem"),
]
for _template, _found in _by_path:
    _operations = {found.method: found for found in _found}
    _view = csrf_exempt(partial(answer, operations=_operations))
    urlpatterns.append(re_path(_route(_template), _view, name="api:" + _template))
urlpatterns.append(re_path(r"^v1(?:/[\s\S]*)?\Z", csrf_exempt(pages.nowhere), name="api:nowhere"))
