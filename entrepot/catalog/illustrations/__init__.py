"""Pictures for products that have no photograph yet: still-lifes drawn by code, varied from the product's id.

They never pose as photographs. `draw("olive_oil", "prd_01…", title="Aceite …")` is the same on every machine.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from html import escape

from entrepot.catalog.illustrations import gear, home, pantry, tableware, wear  # noqa: F401  (they register)
from entrepot.catalog.illustrations.pen import Luck, Pen
from entrepot.catalog.illustrations.stage import MOTIFS_BY_NAME, compose

MOTIFS: list[str] = sorted(MOTIFS_BY_NAME)
VIEWS = 4
_ROOM_FOR = 6_000  # bytes; a group too rich for it loses a member


@lru_cache(maxsize=4096)
def _body(motif: str, seed: str, view: int, dark: bool) -> str:
    subject = MOTIFS_BY_NAME[motif]
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
        compose(pen, subject, view, members)
        body = "".join(pen.out)
        if len(body) <= _ROOM_FOR:
            break
        members -= 1
    return body


def draw(motif: str, seed: str, *, title: str, view: int = 0, dark: bool = False) -> str:
    """The picture as SVG text (640 × 640), the same for the same motif, seed and view.

    `view` 0 is the shop window, 1 close, 2 elsewhere from higher up, 3 in company. `dark` is the same scene by
    night, for dark pages. Raises KeyError for a motif not in MOTIFS.
    """
    body = _body(motif, seed, view % VIEWS, dark)
    name = escape("".join(char for char in title if char.isprintable()), quote=True)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 640" role="img" aria-label="{name}">{body}</svg>'
