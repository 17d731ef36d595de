"""Pictures for products that have no photograph yet: still-lifes drawn by code, varied from the product's id.

They never pose as photographs. `draw("olive_oil", "prd_01…", title="Aceite …")` is the same on every machine.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from html import escape

from entrepot.catalog.illustrations import gear, home, pantry, tableware, wear  # noqa: F401  (they register)
from entrepot.catalog.illustrations.pen import INKS, Luck, Pen
from entrepot.catalog.illustrations.stage import MOTIFS_BY_NAME, compose

MOTIFS: list[str] = sorted(MOTIFS_BY_NAME)
VIEWS = 4
_ROOM_FOR = 6_000  # bytes; a group too rich for it loses a member


# Names of colours, the longer before the shorter, and the ink that shows them.
COLOURS = (
    ("azul marino", "indigo"), ("navy", "indigo"), ("azul noche", "indigo"), ("night blue", "indigo"), ("verde salvia", "sage"),
    ("sage", "sage"), ("verde oliva", "olive"), ("olive", "olive"), ("verde botella", "pine"), ("bottle green", "pine"),
    ("gris piedra", "stone"), ("stone grey", "stone"), ("rosa palo", "blush"), ("dusty pink", "blush"), ("marron oscuro", "walnut"),
    ("dark brown", "walnut"), ("blanco hueso", "bone"), ("bone", "bone"), ("negr", "black"), ("black", "black"),
    ("blanc", "white"), ("white", "white"), ("terracot", "terracotta"), ("mosta", "mustard"), ("mustard", "mustard"),
    ("ciruela", "plum"), ("plum", "plum"), ("crudo", "cream"), ("ecru", "cream"), ("cream", "cream"), ("cuero", "wood"),
    ("tan", "wood"), ("burdeos", "red"), ("burgundy", "red"), ("dorado", "gold"), ("gold", "gold"), ("plata", "steel"),
    ("plateado", "steel"), ("silver", "steel"), ("cobre", "copper"), ("copper", "copper"), ("turquesa", "teal"),
    ("turquoise", "teal"), ("azul", "denim"), ("blue", "denim"), ("rojo", "red"), ("red", "red"), ("verde", "leaf"),
    ("green", "leaf"), ("amarill", "gold"), ("yellow", "gold"), ("naranja", "coral"), ("orange", "coral"), ("morad", "plum"),
    ("purple", "plum"), ("rosa", "blush"), ("pink", "blush"), ("marron", "cocoa"), ("brown", "cocoa"), ("beige", "sand"),
    ("gris", "slate"), ("grey", "slate"), ("gray", "slate"),
)  # fmt: skip


def _no_ink(name: str) -> str:
    raise KeyError(name)


@lru_cache(maxsize=4096)
def _body(asked: str, seed: str, view: int, dark: bool) -> str:
    motif, _, ink = asked.partition("-")
    subject = MOTIFS_BY_NAME[motif]
    if ink:
        rest = tuple(colour for colour in subject.colours if colour != ink)
        subject = replace(subject, colours=(ink if ink in INKS else _no_ink(ink), *rest))
    uid = "i" + sha256(f"{motif}/{seed}/{view}/{dark}".encode()).hexdigest()[:5]
    wish = Luck(f"{seed}/{motif}/{view}/company")
    members = 1
    if view in (0, 3):
        roll = wish.span(0, 1)
        members = 1 if roll < 0.5 else 2 if roll < 0.76 else 3
        if view == 3:
            members = 3 if members == 1 else members
    body = ""
    while members:
        pen = Pen(Luck(f"{seed}/{motif}"), uid, dark=dark)
        compose(pen, subject, view, members, main=ink)
        body = "".join(pen.out)
        if len(body) <= _ROOM_FOR:
            break
        members -= 1
    return body


def ink_of(colour: str) -> str:
    """The ink nearest to a colour's name in Spanish or English (“azul marino”, “Sage green”); empty when none is meant."""
    words = "".join(
        char for char in unicodedata.normalize("NFKD", colour.lower()) if not unicodedata.combining(char)
    )
    return next((ink for name, ink in COLOURS if re.search(rf"\b{name}", words)), "")


def draw(motif: str, seed: str, *, title: str, view: int = 0, dark: bool = False) -> str:
    """The picture as SVG text (640 × 640), the same for the same motif, seed and view.

    `view` 0 is the shop window, 1 close, 2 elsewhere from higher up, 3 in company. `dark` is the same scene by
    night, for dark pages. `cushion-denim` is the motif in that ink. Raises KeyError for a motif not in MOTIFS.
    """
    body = _body(motif, seed, view % VIEWS, dark)
    name = escape("".join(char for char in title if char.isprintable()), quote=True)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 640" role="img" aria-label="{name}">{body}</svg>'
