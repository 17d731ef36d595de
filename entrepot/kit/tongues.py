"""Languages of the interface: which there are, how CLDR and browsers name them, in which one a program's words stand.

A language is its lower-case tag as in addresses: `es`, `pt`, `zh-hans`.
"""

from __future__ import annotations

from functools import lru_cache

from babel import Locale
from django.conf import settings
from django.utils import translation

# CLDR's plain `en` and `pt` are those of the Americas; markets that speak the others' forms come with their own tag.
_TERRITORIES = {"es": "es_ES", "en": "en_GB", "pt": "pt_PT"}


@lru_cache(64)
def locale_of(language: str) -> Locale:
    """Babel's locale for a language; the European one for English, Spanish and Portuguese."""
    return Locale.parse(_TERRITORIES.get(language) or language.replace("-", "_"))


def spoken(language: str) -> str:
    """The interface language that stands in for a tag: itself, a near one (`zh-cn` → `zh-hans`), else English."""
    try:
        return translation.get_supported_language_variant(language.lower())
    except LookupError:
        return "en"


def is_spoken(language: str) -> bool:
    """Whether the interface has every word in this language."""
    return any(language == code for code, _ in settings.LANGUAGES)
