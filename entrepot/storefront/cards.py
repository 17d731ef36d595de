"""Cards as HTML: rendered once for the same facts, whatever page shows them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.template import engines
from django.utils.functional import SimpleLazyObject
from markupsafe import Markup

from entrepot.storefront.facts import Card


def _module() -> Any:
    engine: Any = engines["jinja2"]
    return engine.env.get_template("storefront/cards.jinja").module


_parts: Any = SimpleLazyObject(_module)


@lru_cache(8192)
def card_html(card: Card, language: str, theme: str, is_eager: bool, level: int) -> Markup:
    """One card. The language is that of the thread; it is named here because it tells remembered cards apart."""
    html: Markup = _parts.card(card, theme, is_eager, level)
    return html


def cards_html(
    cards: Iterable[Card], language: str, theme: str = "", *, eager: int = 0, level: int = 3
) -> Markup:
    """The cards one after the other, the first `eager` with pictures that load at once."""
    shown = theme if theme in ("light", "dark") else ""
    return Markup("").join(
        card_html(card, language, shown, place < eager, level) for place, card in enumerate(cards)
    )
