"""Pure decisions of the catalog: what a draft changes, what a name becomes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

TEXT_FIELDS = ("title", "description", "attributes", "safety", "ingredients", "manufacturer")
PLAIN_FIELDS = ("brand", "hs6", "origin_country", "vat_goods", "motif", "motif_seed", "state")
VARIANT_FIELDS = (
    "gtin", "weight_g", "length_mm", "width_mm", "height_mm", "content_amount", "content_unit", "position", "is_active",
)  # fmt: skip

Changes = dict[str, tuple[Any, Any]]
# The attribute that holds the longer customs codes, by customs area; it is no attribute for shoppers.
HS_CODES = "hs_code"

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


def short_id_of(product_id: UUID) -> str:
    """Ten Crockford characters (50 random bits) that stand for a product in addresses."""
    number, chars = product_id.int & ((1 << 50) - 1), []
    for _ in range(10):
        number, digit = divmod(number, 32)
        chars.append(_CROCKFORD[digit])
    return "".join(reversed(chars))


def slug_of(text: str, *, length: int = 80) -> str:
    """A readable address: ASCII letters, digits and dashes; “x” when nothing is left (Chinese titles)."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss")).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.lower())
    slug = ""
    for word in words:
        if slug and len(slug) + len(word) + 1 > length:
            break
        slug = f"{slug}-{word}" if slug else word[:length]
    return slug or "x"


def is_hs_code(code: str, headings: Collection[str]) -> bool:
    """Whether a code has six digits and begins with a known heading."""
    return bool(re.fullmatch("[0-9]{6}", code)) and code[:4] in headings


def code_in(hs6: str, codes: Mapping[str, str], area: str) -> str:
    """The customs code of an area: its own longer one while it begins with the heading, else the heading."""
    code = codes.get(area, "")
    return code if hs6 and code.startswith(hs6) else hs6


def fitting_codes(hs6: str, codes: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The longer customs codes that fit the heading, by customs area."""
    return tuple((area, code) for area, code in sorted(codes.items()) if code_in(hs6, codes, area) == code)


def wrong_code(hs6: str, codes: Mapping[str, Any]) -> tuple[str, str] | None:
    """The first (area, code) that is not 8 to 10 digits beginning with the heading; None when all are."""
    for area, code in codes.items():
        if code is not None and not (
            isinstance(code, str) and hs6 and re.fullmatch(rf"{hs6}[0-9]{{2,4}}", code)
        ):
            return area, str(code)[:20] or "-"
    return None


def merge_texts(before: Mapping[str, Any], draft: Mapping[str, Any] | None) -> dict[str, Any]:
    """Lay the draft's keys over what is there: a key with None goes away, an absent key stays.

    A value by language is laid over the value by language that is there, in the same way.
    """
    merged = dict(before)
    for name, value in (draft or {}).items():
        if value is None:
            merged.pop(name, None)
        elif isinstance(value, Mapping):
            there = merged.pop(name, None)
            if inside := merge_texts(there if isinstance(there, Mapping) else {}, value):
                merged[name] = inside
        else:
            merged[name] = value
    return merged


def diff_texts(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Changes:
    """`{"title.es": ("Botella", "Botella azul")}`; None stands for absent."""
    return {
        f"{name}.{key}": (before.get(key), after.get(key))
        for key in sorted({*before, *after})
        if before.get(key) != after.get(key)
    }


@dataclass(frozen=True, slots=True)
class Merge:
    """What a draft does to a row: the new values of the columns that differ, and the same for people."""

    values: dict[str, Any] = field(default_factory=dict)
    changes: Changes = field(default_factory=dict)


def merge_row(before: Any, draft: Any, *, texts: tuple[str, ...], plain: tuple[str, ...]) -> Merge:
    """Compare a row with a draft. None in the draft means: leave as it is."""
    merge = Merge()
    for name in texts:
        old = getattr(before, name)
        new = merge_texts(old, getattr(draft, name))
        if new != old:
            merge.values[name] = new
            merge.changes.update(diff_texts(name, old, new))
    for name in plain:
        old, new = getattr(before, name), getattr(draft, name)
        if new is not None and new != old:
            merge.values[name] = new
            merge.changes[name] = (old, new)
    return merge


def decide_outcome(*, is_new: bool, has_changes: bool) -> str:
    """`new`, `changed` or `same`."""
    return "new" if is_new else "changed" if has_changes else "same"


def value_in(value: Any, language: str) -> str:
    """A value of an option or attribute as it is read in a language: a text, a text by language, a list or a number."""
    if isinstance(value, Mapping):
        return text_in(value, language)[0]
    if isinstance(value, list | tuple):
        return ", ".join(value_in(part, language) for part in value)
    return str(value)


def values_in(options: Mapping[str, Any], language: str) -> dict[str, str]:
    """Options of a variant, each value in a language: `{"colour": {"es": "azul", "en": "blue"}}` → `{"colour": "blue"}`."""
    return {str(name): value_in(value, language) for name, value in options.items()}


def text_in(texts: Mapping[str, str], language: str) -> tuple[str, str]:
    """The text and the language it is in: the asked one, else English, else Spanish, else any, else ("", asked)."""
    for candidate in (language, language.split("-")[0], "en", "es", *sorted(texts)):
        if texts.get(candidate):
            return texts[candidate], candidate
    return "", language
