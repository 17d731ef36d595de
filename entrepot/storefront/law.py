"""What the market's law says, in figures a page can show: read from the dated rules, never written here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from entrepot.markets.queries import Conformity, conformity, conformity_least, pack

YOUR_EUROPE = "https://europa.eu/youreurope/citizens/consumers/shopping/guarantees/index_{language}.htm"
# The languages of Your Europe, the official ones of the Union; others are led to the English page.
OFFICIAL_LANGUAGES = frozenset(
    [
        "bg",
        "cs",
        "da",
        "de",
        "el",
        "en",
        "es",
        "et",
        "fi",
        "fr",
        "ga",
        "hr",
        "hu",
        "it",
        "lt",
        "lv",
        "mt",
        "nl",
        "pl",
        "pt",
        "ro",
        "sk",
        "sl",
        "sv",
    ]
)


@dataclass(frozen=True, slots=True)
class GuaranteeNotice:
    """What the notice on the legal guarantee says here: the country's rule, the Union's least, where to read on."""

    rule: Conformity | None  # None: no rule of this country is on file
    least_years: int  # what the Union asks for; 0 outside it
    url: str  # Your Europe on guarantees; empty outside the Union
    qr: str  # address of the link as a QR code
    official: str  # address of the Commission's own picture in this language, where the operator has put it; else empty


def guarantee_notice(market: str, language: str, on: date) -> GuaranteeNotice:
    """The notice for a market in a language on a day (rule GU-04).

    The regulation's own picture may not be rebuilt: an operator lays the Commission's file under
    ENTREPOT_HOME/notices/guarantee-<language>.png, and it is shown as it is, instead of ours.
    """
    rule = conformity(market, on)
    if not pack(market).eu_member:
        return GuaranteeNotice(rule, 0, "", "", "")
    name = f"/notices/guarantee-{language}"
    official = f"{name}.png" if official_notice(language).is_file() else ""
    least = conformity_least(on)
    return GuaranteeNotice(rule, least, your_europe(language), f"{name}.svg", official)


def your_europe(language: str) -> str:
    """Your Europe on guarantees and returns, in the language or else in English."""
    return YOUR_EUROPE.format(language=language if language in OFFICIAL_LANGUAGES else "en")


def official_notice(language: str) -> Path:
    """Where an operator lays the Commission's picture."""
    return Path(settings.ENTREPOT_HOME) / "notices" / f"guarantee-{language}.png"


@lru_cache(64)
def guarantee_qr(language: str) -> str:
    """The link to Your Europe as a QR code: SVG text, black on white whatever the theme, with its quiet zone."""
    from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(your_europe(language))
    code.make()
    side = code.getModuleCount()
    squares = "".join(
        f"M{x + 4} {y + 4}h1v1h-1z" for y in range(side) for x in range(side) if code.isDark(y, x)
    )
    box = side + 8
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {box} {box}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{box}v{box}H0z"/><path d="{squares}"/></svg>'
    )
