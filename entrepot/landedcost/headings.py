"""Which HS heading a text speaks of: words of the tariff in fifteen languages, compared with the words of a title.

A guess for a person to confirm, never a classification. Rare words weigh more; a word also counts when only its ending
differs (camiseta, camisetas). Headings that are not on file cannot be found.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache
from math import log

from entrepot.landedcost import tables

LANGUAGES = ("es", "en", "zh", "fr", "de", "it", "pt", "ca", "nl", "pl", "sv", "el", "bg", "ro", "cs")
LETTERS = r"[^\W_\u4e00-\u9fff]"  # Latin, Greek and Cyrillic ones, and digits
LEAST_STEM = 4
SURE_BP = 10_000


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with how well it fits: 10,000 when every weighty word of the text speaks for it alone."""

    hs6: str
    product: str
    fit_bp: int


def words_of(text: str) -> list[str]:
    """Lower-case words without accents; Chinese letters stay joined in pairs."""
    plain = "".join(
        char for char in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(char)
    )
    found = re.findall(rf"{LETTERS}+(?:-{LETTERS}+)*", plain.replace("\N{MIDDLE DOT}", ""))
    for run in re.findall(r"[\u4e00-\u9fff]+", plain):
        found += [run] if len(run) == 1 else [run[place : place + 2] for place in range(len(run) - 1)]
    return found


def _stem(word: str) -> str:
    return word[:-2] if word.endswith("es") and len(word) > LEAST_STEM + 1 else word.rstrip("s") or word


@cache
def _index() -> tuple[dict[str, frozenset[str]], dict[str, float]]:
    """Stems by heading, and the weight of each stem: the rarer the heavier."""
    by_heading = {}
    with (tables.RULES / "headings.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            words = [word for language in LANGUAGES for word in words_of(row[language])]
            by_heading[row["hs6"]] = frozenset(_stem(word) for word in words)
    counts = Counter(stem for stems in by_heading.values() for stem in stems)
    weights = {stem: log(1 + len(by_heading) / count) for stem, count in counts.items()}
    return by_heading, weights


@cache
def _products() -> dict[str, str]:
    return {row["hs6"]: row["product"] for row in tables.rows()}


def headings_for(text: str, *, limit: int = 5) -> list[Heading]:
    """Headings whose words a text uses, best first; nothing when it uses none."""
    by_heading, weights = _index()
    stems = {_stem(word) for word in words_of(text)} & set(weights)
    if not stems:
        return []
    whole = sum(weights[stem] for stem in stems)
    found = []
    for hs6, own in by_heading.items():
        shared = sum(weights[stem] for stem in stems & own)
        if shared:
            found.append(Heading(hs6, _products()[hs6], int(SURE_BP * shared / whole)))
    found.sort(key=lambda heading: (-heading.fit_bp, heading.hs6))
    return found[:limit]
