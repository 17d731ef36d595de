"""Pure text work: words, their forms in a language, how far a typing mistake may go, cursors."""

from __future__ import annotations

import base64
import binascii
import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import tantivy

from entrepot.kit.errors import Invalid

STEMMERS = {
    "ar": "Arabic", "da": "Danish", "nl": "Dutch", "en": "English", "fi": "Finnish", "fr": "French", "de": "German",
    "el": "Greek", "hu": "Hungarian", "it": "Italian", "no": "Norwegian", "pt": "Portuguese", "ro": "Romanian",
    "ru": "Russian", "es": "Spanish", "sv": "Swedish", "ta": "Tamil", "tr": "Turkish",
}  # fmt: skip
# What the index's own stemmers lack, by the newer Snowball algorithms.
SNOWBALL = {"ca": "catalan", "cs": "czech", "pl": "polish"}
# Bulgarian has no Snowball algorithm. After Savoy's light stemmer: the article behind the word, the plural, the last
# vowel; in each step the first ending that fits a word of at least so many letters goes.
BULGARIAN: tuple[tuple[tuple[int, str, str], ...], ...] = (
    ((6, "ища", ""), (7, "ият", ""), (6, "ът", ""), (6, "то", ""), (6, "те", ""), (6, "та", ""), (6, "ия", ""), (5, "ят", "")),
    ((7, "овци", "о"), (7, "ове", ""), (7, "еве", "й"), (6, "ища", ""), (6, "ци", "к"), (6, "зи", "г"), (5, "си", "х"), (4, "и", "")),
    ((4, "я", ""), (4, "а", ""), (4, "о", ""), (4, "е", "")),
    ((5, "ен", "н"), (5, "ец", "ц"), (5, "ер", "р")),
)  # fmt: skip
# Plurals whose stem by Snowball is not that of their singular: what ends so is also looked for by these endings.
SINGULARS: dict[str, tuple[tuple[str, str], ...]] = {
    "ca": (("ques", "ca"), ("gues", "ga"), ("ges", "ja"), ("ces", "ça"), ("es", "a"), ("es", "e")),
    "es": (("ces", "z"),),
    "pt": (("ns", "m"),),
}
STEMMED = frozenset({*STEMMERS, *SNOWBALL, "bg"})
STOP_WORDS = {
    "es": frozenset(
        [
            "a",
            "al",
            "con",
            "de",
            "del",
            "el",
            "en",
            "la",
            "las",
            "los",
            "o",
            "para",
            "por",
            "sin",
            "su",
            "un",
            "una",
            "y",
        ]
    ),
    "en": frozenset(
        ["a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"]
    ),
    "fr": frozenset(
        [
            "à",
            "au",
            "aux",
            "avec",
            "de",
            "des",
            "du",
            "en",
            "et",
            "la",
            "le",
            "les",
            "ou",
            "par",
            "pour",
            "sans",
            "un",
            "une",
        ]
    ),
    "de": frozenset(
        [
            "am",
            "an",
            "auf",
            "aus",
            "das",
            "der",
            "die",
            "ein",
            "eine",
            "für",
            "im",
            "in",
            "mit",
            "oder",
            "und",
            "von",
            "zu",
        ]
    ),
}
ALL_STOP_WORDS = frozenset().union(*STOP_WORDS.values())
MAX_WORDS = 12
LEAST_PLURAL = 4
_WORD = re.compile(r"[^\W_]+")
_CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


def fold(text: str) -> str:
    """Lower case without accents: `Lámpara` → `lampara`. ñ becomes n: people on foreign keyboards type it so."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def words(text: str) -> list[str]:
    """The words of a text in lower case, in order; Chinese is cut by its dictionary."""
    found: list[str] = []
    for run in _WORD.findall(unicodedata.normalize("NFKC", text).casefold()):
        if _CJK.search(run):
            import rjieba  # its dictionary takes memory: only where Chinese is met

            found += [piece for piece in rjieba.cut_for_search(run) if piece.strip()]
        else:
            found.append(run[:40])
    return found


def pieces(word: str) -> list[str]:
    """The characters of a Chinese word, so that a compound is found by its last one; none of other words."""
    return list(word) if len(word) > 1 and _CJK.search(word) else []


@lru_cache(maxsize=100_000)
def forms(word: str, language: str) -> tuple[str, ...]:
    """The stems of a word, folded: with its accents and without them, so that either way of typing finds it."""
    stem = _stemmer(language.split("-")[0])
    plain = fold(word)
    if stem is None:
        return (plain,)
    made = [fold(piece) for source in (word, *_singulars(word, language), plain) for piece in stem(source)]
    return tuple(dict.fromkeys(made)) or (plain,)


def _singulars(word: str, language: str) -> list[str]:
    """What a plural may be the plural of, where its stem is another; too many rather than too few."""
    endings = SINGULARS.get(language.split("-")[0], ()) if len(word) > LEAST_PLURAL else ()
    return [word.removesuffix(ending) + instead for ending, instead in endings if word.endswith(ending)]


@lru_cache(maxsize=64)
def _stemmer(language: str) -> Callable[[str], list[str]] | None:
    """Stems of a word in a language; None where there is no stemmer."""
    if language in STEMMERS:
        raw = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw())
        return raw.filter(tantivy.Filter.stemmer(STEMMERS[language])).build().analyze
    if language in SNOWBALL:
        import snowballstemmer  # every process imports this file; few meet these languages

        made = snowballstemmer.stemmer(SNOWBALL[language])
        return lambda word: [made.stemWord(word)]
    return (lambda word: [_bulgarian(word)]) if language == "bg" else None


def _bulgarian(word: str) -> str:
    for step in BULGARIAN:
        for least, ending, instead in step:
            if len(word) >= least and word.endswith(ending):
                word = word.removesuffix(ending) + instead
                break
    return word


def query_words(text: str) -> list[str]:
    """What a shopper's text asks for: at most 12 words, without the small ones unless there is nothing else."""
    asked = list(dict.fromkeys(words(text[:200])))
    telling = [word for word in asked if word not in ALL_STOP_WORDS]
    return (telling or asked)[:MAX_WORDS]


def head_of(title: Sequence[str]) -> list[str]:
    """The first telling word of a title: in Romance languages, and in most titles of shops, the thing itself."""
    return [word for word in title if word not in ALL_STOP_WORDS][:1]


def allowed_mistakes(word: str) -> int:
    """How many letters may be wrong: none in short words and codes, one from four letters, two from eight."""
    if len(word) < 4 or any(char.isdigit() for char in word) or _CJK.search(word):
        return 0
    return 1 if len(word) < 8 else 2


def distance(one: str, other: str, *, limit: int) -> int:
    """Letters to change, add, drop or swap (neighbours); more than `limit` is answered with limit + 1."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, right in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return row[-1]


def write_cursor(sort: str, place: list[Any]) -> str:
    """Where a page ended, as text for an address."""
    return base64.urlsafe_b64encode(json.dumps([sort, *place]).encode()).decode().rstrip("=")


def read_cursor(cursor: str, sort: str) -> list[Any]:
    """The place behind a cursor. Raises Invalid when it is damaged or belongs to another order."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        found = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
        kept, *place = found
        if kept != sort or not all(type(part) in (int, float) for part in place) or not 1 <= len(place) <= 2:
            raise ValueError(kept)
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise Invalid(
            field="cursor", reason="does not belong to this list.", hint="Start from the first page."
        ) from error
    return list(place)
