"""Every word that people read stands in every language of the interface.

    python -m tests.words                  the msgids that have no Spanish yet
    python -m tests.words fr pl            the same for other languages, and what is wrong in their catalogues
    python -m tests.words --all            every language
    python -m tests.words --same fr        translations that equal the English: suspicious, not wrong
    python -m tests.words --review [fr]    machine-made translations that no person has read yet

Words are found where templates and views mark them: `_("…")`, `gettext`, `ngettext`, `{% trans %}`, and the
sentences of refusals (`template = "…"`).
"""

from __future__ import annotations

import argparse
import ast
import io
import os
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[1]
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
LOCALES = ROOT / "entrepot" / "locale"
SOURCE = "en"  # what stands in the code
# The comment above an entry that a machine wrote; who has read the entry takes the comment away.
MACHINE = "machine-made, to be reviewed"
# The form of address that a catalogue does not use: its readers are told vós, Sie, vous, tu, je and o senhor's third person.
OTHER_ADDRESS = {
    "ca": r"(?i)\b(vosaltres|vostès?)\b", "de": r"\b([Dd]u|[Dd]ein\w*|[Dd]ich|[Dd]ir)\b",
    "es": r"(?i)\b(tus?|tú|te|ti|contigo|puedes|tienes|podrás|has|quieres)\b",
    "fr": r"\b([Tt]u|[Tt]on|[Tt]es|[Tt]oi)\b", "it": r"\b([Ll]ei|Suoi?|Su[ae])\b",
    "nl": r"\b[Uu]w\b|(?<!\d )\b[Uu]\b", "pt": r"(?i)\b(tu|teus?|tuas?|vós)\b",
}  # fmt: skip
OF_LAW = re.compile(r"Uw Europa|Tu Europa|Hierbij deel ik u mede")  # a name and a form that the law words
PLACES = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")


Word = tuple[str | None, str]  # (context, msgid)


def marked() -> Iterator[tuple[Word, str]]:
    """(word, where) of every marked word."""
    for path in sorted((ROOT / "entrepot").rglob("*")):
        if path.suffix not in (".py", ".jinja", ".html") or "migrations" in path.parts:
            continue
        where = str(path.relative_to(ROOT))
        if path.suffix == ".html":
            from django.utils.translation.template import templatize

            source = templatize(path.read_text(), origin=where).encode()
            found = extract("python", io.BytesIO(source), keywords=KEYWORDS)
        elif path.suffix == ".jinja":
            options = {
                "extensions": "jinja2.ext.i18n,jinja2.ext.do",
                "newstyle_gettext": "true",
                "trimmed": "false",
                "silent": "false",
            }
            found = extract(
                "jinja2.ext:babel_extract", io.BytesIO(path.read_bytes()), keywords=KEYWORDS, options=options
            )
        else:
            found = extract("python", io.BytesIO(path.read_bytes()), keywords=KEYWORDS)
        for line, message, _, context in found:
            for text in message if isinstance(message, tuple | list) else [message]:
                if text and text != context:
                    yield (context, text), f"{where}:{line}"


def sentences() -> Iterator[tuple[Word, str]]:
    """(template, where) of every refusal: doors translate it."""
    for path in sorted((ROOT / "entrepot").rglob("errors.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Assign)
                and getattr(node.targets[0], "id", "") == "template"
                and isinstance(node.value, ast.Constant)
            ):
                yield (None, str(node.value.value)), f"{path.relative_to(ROOT)}:{node.lineno}"


def languages() -> list[str]:
    """Every language of the interface but the source, by its tag."""
    return sorted(po.parts[-3].replace("_", "-").lower() for po in LOCALES.glob("*/LC_MESSAGES/django.po"))


@cache
def catalogue(language: str) -> Catalog:
    """The catalogue of a language."""
    folder = next(path for path in LOCALES.iterdir() if path.name.replace("_", "-").lower() == language)
    with (folder / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file)


def said(message: Message) -> tuple[str, ...]:
    """The forms of a translation."""
    return tuple(message.string) if isinstance(message.string, list | tuple) else (str(message.string),)


def asked(message: Message) -> tuple[str, ...]:
    """The English forms: one, or one and many."""
    return tuple(message.id) if isinstance(message.id, list | tuple) else (str(message.id),)


# Words inside refusals and gaps: the call, and which of its arguments are words.
SPOKEN = ("reason", "hint", "what", "fix", "sentence")  # as doors say them: storefront/web.py
SPEAKING = {"Sentence": (0,), "Gap": (1, 3), "_missing": (2, 4), "_register": (3,)}


@cache
def calls() -> tuple[tuple[Path, ast.Call, str], ...]:
    """Every call of a name in the code: (file, call, name)."""
    return tuple(
        (path, node, node.func.id)
        for path in sorted((ROOT / "entrepot").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    )


def causes() -> Iterator[tuple[Word, str]]:
    """(words, where) of what publish gates say and of sentences that remember their facts."""
    for path, call, name in calls():
        for place in SPEAKING.get(name, ()):
            words = call.args[place] if place < len(call.args) else None
            if isinstance(words, ast.Constant) and isinstance(words.value, str):
                yield (None, words.value), f"{path.relative_to(ROOT)}:{call.lineno}"


def reasons() -> Iterator[tuple[Word, str]]:
    """(words, where) of what refusals say of their cause: `Invalid(field=…, reason="…", hint="…")`, `NotFound(what="…")`."""
    for path, call, name in calls():
        if path.parts[-2] in ("api", "cli"):
            continue  # programs and the command line are answered in English
        if not name[0].isupper():
            continue
        for word in call.keywords:
            if word.arg in SPOKEN:
                yield from (
                    ((None, text), f"{path.relative_to(ROOT)}:{call.lineno}")
                    for text in _texts(word.value)
                    if re.search(r"[a-z]{3}", text) and (word.arg == "what" or " " in text)
                )


def _texts(node: ast.expr) -> Iterator[str]:
    """The texts an argument may be: a constant, or either branch of a choice."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)


@cache
def words() -> tuple[tuple[Word, str], ...]:
    """(word, where) of everything that people read."""
    return (*marked(), *sentences(), *causes(), *reasons())


def missing(language: str = "es") -> list[tuple[str, str]]:
    """Words without a translation, first place of each."""
    known = {
        (message.context, text)
        for message in catalogue(language)
        if all(said(message))
        for text in asked(message)
    }
    found: dict[Word, str] = {}
    for word, where in words():
        if word not in known:
            found.setdefault(word, where)
    return sorted(((text, where) for (_, text), where in found.items()), key=lambda item: item[1])


def faults(language: str) -> list[str]:
    """What is wrong in a catalogue: its plural rule, the number of plural forms, a lost or invented place, another form of
    address."""
    found = []
    rule = get_plural(language.replace("-", "_"))
    catalog = catalogue(language)
    if catalog.num_plurals != rule.num_plurals or catalog.plural_expr != rule.plural_expr:
        found.append(f"Plural-Forms should be {rule.plural_forms}")
    for message in catalog:
        if not message.id:
            continue
        forms = said(message)
        if len(asked(message)) > 1 and len(forms) != rule.num_plurals:
            found.append(f"{message.id!r}: {len(forms)} plural forms, not {rule.num_plurals}")
        places = sorted(PLACES.findall(asked(message)[-1]))
        found += [
            f"{message.id!r}: {form!r} has other places"
            for form in forms
            if form and sorted(PLACES.findall(form)) != places
        ]
        found += [
            f"{message.id!r}: {form!r} addresses its reader otherwise than the other words do"
            for form in forms
            if re.search(OTHER_ADDRESS.get(language, "(?!)"), OF_LAW.sub("", form))
        ]
        if "fuzzy" in message.flags:
            found.append(f"{message.id!r} is fuzzy: gettext would not show it")
    return found


def same_as_english(language: str) -> list[str]:
    """Translations that equal their English, when it holds a word of four letters or more."""
    return [
        asked(message)[0]
        for message in catalogue(language)
        if message.id
        and said(message)[0] == asked(message)[0]
        and re.search(r"[A-Za-z]{4}", PLACES.sub("", said(message)[0]))
    ]


def unread(language: str) -> list[Message]:
    """Machine-made entries that no person has read."""
    return [message for message in catalogue(language) if message.id and MACHINE in message.auto_comments]


def main() -> int:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "entrepot.app.settings")
    django.setup()
    parser = argparse.ArgumentParser(prog="python -m tests.words")
    parser.add_argument("language", nargs="*")
    for option in ("--all", "--same", "--review"):
        parser.add_argument(option, action="store_true")
    wish = parser.parse_args()
    chosen = wish.language or (languages() if wish.all or wish.review or wish.same else ["es"])
    bad = 0
    for language in chosen:
        if wish.review:
            entries = unread(language)
            print(
                f"{language}\t{len(entries)} of {len(catalogue(language))} entries are machine-made and unread"
            )
            for message in entries if wish.language else []:
                print(f"  {message.lineno}\t{asked(message)[0]!r}\t{said(message)[0]!r}")
        elif wish.same:
            print(*(f"{language}\t{text!r}" for text in same_as_english(language)), sep="\n")
        else:
            lines = [f"{where}\t{text!r}" for text, where in missing(language)] + faults(language)
            print(*(f"{language}\t{line}" for line in lines), sep="\n", end="\n" if lines else "")
            bad += len(lines)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
