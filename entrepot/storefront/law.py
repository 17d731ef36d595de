"""What the market's law says, in figures a page can show: read from the dated rules, never written here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from entrepot.markets.errors import RuleMissing
from entrepot.markets.queries import consumer_rule, pack

EU_MINIMUM_YEARS = "GU-01"
YOUR_EUROPE = "https://europa.eu/youreurope/citizens/consumers/shopping/guarantees/index_{language}.htm"


@lru_cache(64)
def guarantee_years(market: str) -> int:
    """Years of legal guarantee on goods: the country's own rule where it names a number, else the EU's minimum of two."""
    try:
        figure = consumer_rule(f"GU-02-{market}").validation.strip()
    except RuleMissing:
        figure = ""
    consumer_rule(EU_MINIMUM_YEARS)
    return int(figure) if figure.isdigit() else 2


@lru_cache(64)
def burden_years(market: str) -> int:
    """Years from delivery in which a defect counts as there from the start (GU-03); 0 outside the Union.

    The country's own row says when it is longer than the Union's one year.
    """
    if not pack(market).eu_member:
        return 0
    consumer_rule("GU-03")
    try:
        said = re.search(r"burden\D*(\d+) year", consumer_rule(f"GU-02-{market}").note)
    except RuleMissing:
        said = None
    return int(said[1]) if said else 1


@dataclass(frozen=True, slots=True)
class GuaranteeNotice:
    """What the notice on the legal guarantee says here: the years, the Union's least, where to read on."""

    years: int
    least_years: int
    burden_months: int  # in which the buyer need not prove that a defect was there; 0: not said
    url: str
    qr: str  # address of the link as a QR code
    official: str  # address of the Commission's own picture in this language, where the operator has put it; else empty


def guarantee_notice(market: str, language: str) -> GuaranteeNotice:
    """The notice for a market in a language (rule GU-04).

    The regulation's own picture may not be rebuilt: an operator lays the Commission's file under
    ENTREPOT_HOME/notices/guarantee-<language>.png, and it is shown as it is, instead of ours.
    """
    name = f"/notices/guarantee-{language}"
    official = f"{name}.png" if official_notice(language).is_file() else ""
    return GuaranteeNotice(
        guarantee_years(market),
        2,
        12 * burden_years(market),
        YOUR_EUROPE.format(language=language),
        f"{name}.svg",
        official,
    )


def official_notice(language: str) -> Path:
    """Where an operator lays the Commission's picture."""
    return Path(settings.ENTREPOT_HOME) / "notices" / f"guarantee-{language}.png"


@lru_cache(64)
def guarantee_qr(language: str) -> str:
    """The link to Your Europe as a QR code: SVG text, black on white whatever the theme, with its quiet zone."""
    from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(YOUR_EUROPE.format(language=language))
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
