"""The waiting room's page in the languages of the interface.

From the same catalogues as every other page, read by the standard library: the edge runs without Django's translations.
"""

from __future__ import annotations

import gettext
import html
import re
from functools import cache
from pathlib import Path
from typing import Final

from entrepot.intake.waiting import Place

CATALOGUES: Final = Path(__file__).parents[1] / "locale"


def _(message: str) -> str:
    """Marks a word for the catalogues."""
    return message


_HEADINGS: Final = {
    "early": _("The sale has not begun"), "waiting": _("You are in the queue"), "gone": _("Everything is gone"),
    "over": _("The sale is over"),
}  # fmt: skip


@cache
def languages() -> dict[str, Path]:
    """Catalogue by language tag, lower case: `es`, `zh-hans`; English stands in the code."""
    return {
        path.parents[1].name.lower().replace("_", "-"): path
        for path in CATALOGUES.glob("*/LC_MESSAGES/django.mo")
    }


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    path = languages().get(language)
    if path is None:
        return gettext.NullTranslations()
    with path.open("rb") as file:
        return gettext.GNUTranslations(file)


def language_for(place: str, accepts: str, url: str) -> str:
    """The language of the shop the browser was in (`place`: `es-fr`), else what it asks for, else that of the sale's address."""
    asked = [tag.strip().partition(";")[0].lower() for tag in accepts[:200].split(",")]
    of_url = re.match(r"/[a-z]{2}-([a-z-]+)/", url)
    for tag in (place[3:].lower(), *asked, of_url[1] if of_url else ""):
        for known in (tag, tag.split("-")[0], "zh-hans" if tag.startswith("zh") else ""):
            if known == "en" or (known and known in languages()):
                return known
    return "en"


def _wait(seconds: int, language: str) -> str:
    """An honest estimate in words: no seconds that nobody can promise."""
    say = _catalogue(language).gettext
    if seconds < 60:
        return say(_("less than a minute"))
    count = -(-seconds // 60)
    return say(_("about %(count)s min")) % {"count": count} if count > 1 else say(_("about a minute"))


def room_page(title: str, place: Place, language: str) -> str:
    """The page of a place in the queue; the edge refreshes it and keeps the place in a cookie."""

    def say(message: str) -> str:
        return html.escape(_catalogue(language).gettext(message))

    rows = ""
    if place.state in ("waiting", "early"):
        rows = (
            f"<dl><dt>{say(_('Your number'))}<dd>{place.position}<dt>{say(_('Ahead of you'))}<dd>{place.ahead}"
            f"<dt>{say(_('Wait'))}<dd>{html.escape(_wait(place.wait_s, language))}</dl>"
            f"<p>{say(_('You may reload or close this page: your place is kept in this browser.'))}</p>"
        )
    return (
        f"<!doctype html><html lang={language}><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f"<title>{html.escape(title)}</title>"
        "<style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1rem;color:#1b1b1b;"
        "background:#fbfaf7}h1{font-size:1.6rem}dl{display:grid;grid-template-columns:auto auto;gap:.3rem 1.5rem}"
        "dd{margin:0;font-weight:600;font-variant-numeric:tabular-nums}@media(prefers-color-scheme:dark){body{color:#eee;"
        "background:#161616}}</style>"
        f"<main><p>{html.escape(title)}</p><h1>{say(_HEADINGS[place.state])}</h1><div role=status>{rows}</div></main></html>"
    )
