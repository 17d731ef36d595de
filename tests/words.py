"""Every word that people read has its Spanish: `python -m tests.words` prints the msgids that have none yet.

Words are found where templates and views mark them: `_("…")`, `gettext`, `ngettext`, `{% trans %}`, and the
sentences of refusals (`template = "…"`).
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[1]
KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
# Rooms whose Python marks words for people.
LOCALES = ROOT / "entrepot" / "locale"


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


def missing(language: str = "es") -> list[tuple[str, str]]:
    """Marked words without a translation, first place of each."""
    with (LOCALES / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file)
    known = {
        (message.context, text)
        for message in catalogue
        if message.string and all(message.string if isinstance(message.string, tuple) else [message.string])
        for text in (message.id if isinstance(message.id, tuple | list) else [message.id])
    }
    found: dict[Word, str] = {}
    for word, where in [*marked(), *sentences()]:
        if word not in known:
            found.setdefault(word, where)
    return sorted(((text, where) for (_, text), where in found.items()), key=lambda item: item[1])


def main() -> int:
    import django

    django.setup()
    gaps = missing()
    for text, where in gaps:
        print(f"{where}\t{text!r}")
    return 1 if gaps else 0


if __name__ == "__main__":
    sys.exit(main())
