"""Attributes that a rule of law asks certain goods to show: each has a form, and what does not fit it is refused.

rules/fields.csv names them, with the consumer rule that asks. Any other attribute is the seller's own and free.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from entrepot.catalog.errors import FieldWrong
from entrepot.kit.errors import Sentence

RULES = Path(__file__).parent / "rules"


@dataclass(frozen=True, slots=True)
class Field:
    """A declared attribute. `form`: `link`, `letter` (A to `most`), `whole` (0 to `most`), `code` or `text` (by language)."""

    name: str
    form: str
    most: str
    rule_id: str


@cache
def fields() -> dict[str, Field]:
    """Every declared attribute by its name, in the order they are shown."""
    with (RULES / "fields.csv").open(newline="", encoding="utf-8") as file:
        return {
            row["name"]: Field(row["name"], row["form"], row["most"], row["rule_id"])
            for row in csv.DictReader(file)
        }


def read_fields(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes with declared ones in their one way of writing; None and an empty text take one away.

    Refuses: FieldWrong.
    """
    known = fields()
    return {name: _read(known[name], value) if name in known else value for name, value in attributes.items()}


def _read(field: Field, value: Any) -> Any:
    if value is None or value == "":
        return None
    if field.form == "text" and isinstance(value, Mapping):
        return {code: _read(field, text) for code, text in value.items()}
    text = " ".join(value.split()) if isinstance(value, str) else str(value)
    found, reason = _FORMS[field.form](text, field.most)
    if reason:
        raise FieldWrong(field=field.name, value=text[:60], reason=reason)
    return found


def _link(text: str, most: str) -> tuple[str, str]:
    try:
        parts = urlsplit(text)
        fits = parts.scheme == "https" and "." in (parts.hostname or "") and not parts.username
    except ValueError:
        fits = False
    if fits and len(text) <= int(most) and re.fullmatch(r"[A-Za-z0-9._~:/?#\[\]@!$&()*+,;=%-]+", text):
        return text, ""
    return "", Sentence(
        "a link begins with https:// and has at most {most} characters, none of them a space.", most=most
    )


def _letter(text: str, most: str) -> tuple[str, str]:
    if re.fullmatch(f"[A-{most}]", text.upper()):
        return text.upper(), ""
    return "", Sentence("give one letter from A to {most}.", most=most)


def _whole(text: str, most: str) -> tuple[str, str]:
    if re.fullmatch(r"[0-9]{1,4}", text) and int(text) <= int(most):
        return str(int(text)), ""
    return "", Sentence("give a whole number from 0 to {most}.", most=most)


def _text(text: str, most: str) -> tuple[str, str]:
    if text and len(text) <= int(most) and text.isprintable():
        return text, ""
    return "", Sentence("give 1 to {most} characters that can be read.", most=most)


_FORMS = {"link": _link, "letter": _letter, "whole": _whole, "code": _text, "text": _text}
