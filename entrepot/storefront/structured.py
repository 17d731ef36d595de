"""schema.org data about a page, with the same price as the page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from markupsafe import Markup

from entrepot.storefront.places import absolute

_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def as_script(*things: dict[str, Any]) -> Markup:
    """JSON for a `<script type="application/ld+json">`: no text in it can end the element."""
    text = msgspec.json.encode({"@context": "https://schema.org", "@graph": list(things)}).decode()
    for char, escaped in _UNSAFE.items():
        text = text.replace(char, escaped)
    return Markup(text)  # noqa: S704 — every character that could end the element is escaped above


def breadcrumbs(path: Iterable[tuple[str, str]], here: str) -> dict[str, Any]:
    """The way from the home page; `path` holds (words, path), the last one maybe without a path."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": words, "item": absolute(href or here)}
            for place, (words, href) in enumerate(path, 1)
        ],
    }


def organization() -> dict[str, Any]:
    """Who runs the marketplace."""
    return {
        "@type": "OnlineStore",
        "@id": absolute("/#organization"),
        "name": "Entrepot",
        "url": absolute("/"),
    }
