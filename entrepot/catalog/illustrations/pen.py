"""The pen: seeded luck, the paper world's colours, and forms with a lit side and a shaded side, written as SVG."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from typing import TypeVar

T = TypeVar("T")

# Object colours: warm, printed on paper, nothing neon.
INKS = {
    "paper": "#F6EEDC", "cream": "#F3E6CC", "manila": "#E8D3A4", "sand": "#D9BF94", "white": "#FBF7EE",
    "tide": "#0B5563", "teal": "#35818A", "foam": "#A9CFC8", "brass": "#B98A2F", "gold": "#DDB45A",
    "mustard": "#CF9B34", "olive": "#7A7F3A", "sage": "#A9B08A", "leaf": "#5C7A48", "pine": "#2F4F3F",
    "terracotta": "#C4663F", "rust": "#9E4A2C", "coral": "#DE8C6C", "blush": "#EBC4AE", "red": "#A83A32",
    "plum": "#6B3A5E", "mauve": "#A77B98", "indigo": "#2F4374", "denim": "#5673A3", "sky": "#B9CFE0",
    "ink": "#22303A", "slate": "#5A6873", "stone": "#BDB4A4", "black": "#2C2C30", "steel": "#BCC5C9",
    "iron": "#4A5157", "copper": "#C07A4E", "wood": "#B07B4A", "walnut": "#7D5230", "pinewood": "#D6AD7A",
    "straw": "#DDBF7E", "cocoa": "#5A3726", "amber": "#C9822B", "glass": "#CFE0DC", "bone": "#E9DFC8",
}  # fmt: skip
SHADE = "#2A1B2B"  # shadows lean to plum, as gouache does
LIGHT = "#FFF8E6"
NIGHT = "#141D24"


class Luck:
    """Reproducible choices from a text (splitmix64 over its SHA-256)."""

    def __init__(self, text: str) -> None:
        self.state = int.from_bytes(sha256(text.encode()).digest()[:8], "big")

    def bits(self) -> int:
        """64 bits."""
        self.state = (self.state + 0x9E3779B97F4A7C15) & (1 << 64) - 1
        mixed = self.state
        mixed = ((mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9) & (1 << 64) - 1
        mixed = ((mixed ^ mixed >> 27) * 0x94D049BB133111EB) & (1 << 64) - 1
        return mixed ^ mixed >> 31

    def pick(self, items: Sequence[T]) -> T:
        """One of the items."""
        return items[self.bits() % len(items)]

    def span(self, low: float, high: float) -> float:
        """A number between low and high."""
        return low + (high - low) * (self.bits() >> 11) / (1 << 53)

    def odds(self, share: float) -> bool:
        """True in that share of cases."""
        return self.span(0, 1) < share

    def order(self, items: Sequence[T]) -> list[T]:
        """The items in another order."""
        left, drawn = list(items), []
        while left:
            drawn.append(left.pop(self.bits() % len(left)))
        return drawn


def rgb(colour: str) -> tuple[int, int, int]:
    """The three channels of `#RRGGBB` or of an ink's name."""
    text = INKS.get(colour, colour)
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def mix(one: str, other: str, share: float) -> str:
    """`one` with a share of `other` stirred in."""
    parts = (round(a + (b - a) * share) for a, b in zip(rgb(one), rgb(other), strict=True))
    return "#" + "".join(f"{part:02X}" for part in parts)


def tone(colour: str, by: float) -> str:
    """Darker (by < 0, towards plum) or lighter (by > 0, towards lamplight)."""
    return mix(colour, SHADE, -by) if by < 0 else mix(colour, LIGHT, by)


def distance(one: str, other: str) -> float:
    """How far apart two colours look, roughly: weighted RGB, 0..765."""
    (r, g, b), (u, v, w) = rgb(one), rgb(other)
    return math.sqrt(2 * (r - u) ** 2 + 4 * (g - v) ** 2 + 3 * (b - w) ** 2)


def light_of(colour: str) -> float:
    """Lightness 0..1."""
    r, g, b = rgb(colour)
    return (0.3 * r + 0.59 * g + 0.11 * b) / 255


def num(value: float) -> str:
    """A coordinate in as few characters as it needs."""
    if abs(value) < 9.95:
        text = f"{value:.1f}"
        return text[:-2] if text.endswith(".0") else text
    return f"{value:.0f}"


def coords(*values: float) -> str:
    """Coordinates for a path."""
    return " ".join(num(value) for value in values)


class Pen:
    """Writes one drawing. `tilt` is how far the eye stands above (ellipse height ÷ width); `yaw` shows a side face."""

    def __init__(
        self, luck: Luck, uid: str, *, tilt: float = 0.14, yaw: float = 0.35, dark: bool = False
    ) -> None:
        self.luck, self.uid, self.tilt, self.yaw, self.dark = luck, uid, tilt, yaw, dark
        self.out: list[str] = []
        self.made = 0
        self.main = "tide"
        self.second = "manila"
        self.third = "terracotta"
        self.backdrop = False
        self.variant = 0

    # -- plumbing -------------------------------------------------------------------------------
    def ink(self, colour: str) -> str:
        """The colour as written: dimmed at night, the backdrop far more than the goods."""
        if colour.startswith("url") or colour == "none":
            return colour
        whole = INKS.get(colour, colour)
        if self.dark:
            whole = (
                mix(mix(whole, "#000000", 0.56), NIGHT, 0.22) if self.backdrop else mix(whole, NIGHT, 0.06)
            )
        if whole[1] == whole[2] and whole[3] == whole[4] and whole[5] == whole[6]:
            return "#" + whole[1] + whole[3] + whole[5]
        return whole

    def name(self) -> str:
        """A new id, unique on a page that shows many drawings."""
        self.made += 1
        return f"{self.uid}{self.made}"

    def raw(self, text: str) -> None:
        """Write as is."""
        self.out.append(text)

    @contextmanager
    def at(
        self,
        x: float = 0,
        y: float = 0,
        *,
        turn: float = 0,
        scale: float = 1,
        flip: bool = False,
        skew: float = 0,
    ) -> Iterator[None]:
        """Everything inside is moved, turned (degrees), scaled, mirrored."""
        words = []
        if x or y:
            words.append(f"translate({coords(x, y)})")
        if turn:
            words.append(f"rotate({num(turn)})")
        if skew:
            words.append(f"skewX({num(skew)})")
        if scale != 1 or flip:
            sx = f"{-scale if flip else scale:.2f}"
            words.append(f"scale({sx} {scale:.2f})" if flip else f"scale({sx})")
        self.raw(f'<g transform="{" ".join(words)}">' if words else "<g>")
        yield
        self.raw("</g>")

    @contextmanager
    def inside(self, d: str) -> Iterator[None]:
        """Everything inside is cut to the path."""
        key = self.name()
        self.raw(f'<clipPath id="{key}"><path d="{d}"/></clipPath><g clip-path="url(#{key})">')
        yield
        self.raw("</g>")

    # -- marks ----------------------------------------------------------------------------------
    def path(self, d: str, fill: str, op: float = 1) -> None:
        """A filled path."""
        more = f' opacity="{op:.2g}"' if op < 1 else ""
        self.raw(f'<path d="{d}" fill="{self.ink(fill)}"{more}/>')

    def line(
        self, d: str, colour: str, width: float = 4, *, op: float = 1, dash: str = "", cap: str = "round"
    ) -> None:
        """A stroked path."""
        more = f' opacity="{op:.2g}"' if op < 1 else ""
        more += f' stroke-dasharray="{dash}"' if dash else ""
        more += f' stroke-linecap="{cap}"' if cap else ""
        self.raw(
            f'<path d="{d}" fill="none" stroke="{self.ink(colour)}" stroke-width="{num(width)}" stroke-linejoin="round"{more}/>'
        )

    def rect(self, x: float, y: float, w: float, h: float, fill: str, *, r: float = 0, op: float = 1) -> None:
        """A rectangle from its upper left corner."""
        more = f' rx="{num(r)}"' if r else ""
        more += f' opacity="{op:.2g}"' if op < 1 else ""
        self.raw(
            f'<rect x="{num(x)}" y="{num(y)}" width="{num(w)}" height="{num(h)}" fill="{self.ink(fill)}"{more}/>'
        )

    def oval(
        self, x: float, y: float, rx: float, ry: float, fill: str, *, op: float = 1, turn: float = 0
    ) -> None:
        """An ellipse."""
        more = f' opacity="{op:.2g}"' if op < 1 else ""
        more += f' transform="rotate({coords(turn, x, y)})"' if turn else ""
        self.raw(
            f'<ellipse cx="{num(x)}" cy="{num(y)}" rx="{num(rx)}" ry="{num(ry)}" fill="{self.ink(fill)}"{more}/>'
        )

    def disc(self, x: float, y: float, r: float, fill: str, *, op: float = 1) -> None:
        """A circle."""
        more = f' opacity="{op:.2g}"' if op < 1 else ""
        self.raw(f'<circle cx="{num(x)}" cy="{num(y)}" r="{num(r)}" fill="{self.ink(fill)}"{more}/>')

    def ring(
        self,
        x: float,
        y: float,
        rx: float,
        ry: float,
        colour: str,
        width: float,
        *,
        op: float = 1,
        dash: str = "",
    ) -> None:
        """An ellipse's outline."""
        more = f' opacity="{op:.2g}"' if op < 1 else ""
        more += f' stroke-dasharray="{dash}"' if dash else ""
        self.raw(
            f'<ellipse cx="{num(x)}" cy="{num(y)}" rx="{num(rx)}" ry="{num(ry)}" fill="none" stroke="{self.ink(colour)}" stroke-width="{num(width)}"{more}/>'
        )

    def poly(self, points: Sequence[tuple[float, float]], fill: str, op: float = 1) -> None:
        """A polygon."""
        self.path("M" + "L".join(coords(x, y) for x, y in points) + "Z", fill, op)

    def shadow(
        self, width: float, *, x: float = 0, y: float = 0, reach: float = 0.55, depth: float = 0
    ) -> None:
        """What an object of that half width throws on its table, away from the light."""
        ry = depth or max(8, width * 0.16)
        self.oval(x + width * reach, y + ry * 0.25, width * 1.25, ry * 1.1, SHADE, op=0.13)
        self.oval(x + width * 0.12, y + 1, width * 1.06, ry * 0.8, SHADE, op=0.24)

    # -- surfaces -------------------------------------------------------------------------------
    def cloth(
        self, kind: str, ground: str, mark: str, *, size: float = 24, turn: float = 0, third: str = ""
    ) -> str:
        """A repeating pattern; gives the fill to use."""
        key, s = self.name(), size
        g, m = self.ink(ground), self.ink(mark)
        t = self.ink(third) if third else m
        h, q = num(s / 2), num(s / 4)
        w, full = num(s / 8), num(s)
        body = {
            "stripe": f'<path d="M0 0h{h}v{full}h-{h}z" fill="{m}"/>',
            "pin": f'<path d="M{h} 0v{full}" stroke="{m}" stroke-width="{w}"/>',
            "deck": f'<path d="M0 0h{h}v{full}h-{h}z" fill="{m}"/><path d="M{num(s * 0.66)} 0v{full}" stroke="{t}" stroke-width="{w}"/>',
            "check": f'<g fill="{m}"><path d="M0 0h{h}v{full}h-{h}z" opacity=".5"/><path d="M0 0h{full}v{h}h-{full}z" opacity=".5"/></g>',
            "plaid": f'<path d="M0 {h}h{full}M{h} 0v{full}" stroke="{m}" stroke-width="{q}" opacity=".55"/><path d="M0 {w}h{full}M{w} 0v{full}" stroke="{t}" stroke-width="{num(s / 14)}"/>',
            "dot": f'<g fill="{m}"><circle cx="{q}" cy="{q}" r="{w}"/><circle cx="{num(s * 0.75)}" cy="{num(s * 0.75)}" r="{w}"/></g>',
            "zig": f'<path d="M0 {num(s * 0.7)}L{h} {num(s * 0.2)}L{full} {num(s * 0.7)}" fill="none" stroke="{m}" stroke-width="{num(s / 6)}"/>',
            "herring": f'<path d="M0 0l{h} {h}M0 {h}l{h} {h}M{full} 0l-{h} {h}M{full} {h}l-{h} {h}" stroke="{m}" stroke-width="{num(s / 9)}"/>',
            "weave": f'<path d="M0 {q}h{h}M{h} {num(s * 0.75)}h{h}" stroke="{m}" stroke-width="{num(s * 0.3)}"/><path d="M{num(s * 0.75)} 0v{h}M{q} {h}v{h}" stroke="{t}" stroke-width="{num(s * 0.3)}"/>',
            "scale": f'<path d="M0 0a{h} {h} 0 0 0 {full} 0M-{h} {h}a{h} {h} 0 0 0 {full} 0a{h} {h} 0 0 0 {full} 0" fill="none" stroke="{m}" stroke-width="{num(s / 10)}"/>',
            "azulejo": f'<path d="M{h} 0L{full} {h}L{h} {full}L0 {h}z" fill="{m}"/><circle cx="{h}" cy="{h}" r="{q}" fill="{g}"/><circle cx="{h}" cy="{h}" r="{w}" fill="{t}"/><path d="M0 0h{w}L0 {w}zM{full} 0v{w}l-{w}-{w}zM0 {full}v-{w}l{w} {w}zM{full} {full}h-{w}l{w}-{w}z" fill="{t}"/>',
            "star": f'<path d="M{h} 0l{w} {num(s * 0.375)} {num(s * 0.375)} {w} -{num(s * 0.375)} {w} -{w} {num(s * 0.375)} -{w}-{num(s * 0.375)} -{num(s * 0.375)}-{w} {num(s * 0.375)}-{w}z" fill="{m}"/><circle r="{w}" fill="{t}"/><circle cx="{full}" r="{w}" fill="{t}"/><circle cy="{full}" r="{w}" fill="{t}"/><circle cx="{full}" cy="{full}" r="{w}" fill="{t}"/>',
            "leaf": f'<path d="M{q} {num(s * 0.8)}Q{num(s * 0.1)} {num(s * 0.3)} {h} {num(s * 0.15)}Q{num(s * 0.6)} {num(s * 0.6)} {q} {num(s * 0.8)}z" fill="{m}"/><path d="M{num(s * 0.7)} {num(s * 0.95)}q{num(s * 0.3)}-{num(s * 0.1)} {num(s * 0.2)}-{num(s * 0.4)}q-{num(s * 0.3)} {num(s * 0.1)}-{num(s * 0.2)} {num(s * 0.4)}z" fill="{t}"/>',
            "wave": f'<path d="M0 {h}Q{q} {q} {h} {h}T{full} {h}" fill="none" stroke="{m}" stroke-width="{num(s / 7)}"/>',
            "grid": f'<path d="M0 0h{full}M0 0v{full}" stroke="{m}" stroke-width="{num(s / 10)}"/>',
            "wood": f'<path d="M0 {q}q{h} {w} {full} 0M0 {num(s * 0.7)}q{h}-{q} {full} 0" fill="none" stroke="{m}" stroke-width="1.5" opacity=".5"/>',
            "terrazzo": f'<path d="M2 4l{q}-2 {w} {w}-{q} 4z" fill="{m}"/><path d="M{h} {h}l{q} 2-4 {w}-{q}-3z" fill="{t}"/><path d="M{num(s * 0.75)} 3l{w} 4-{w} 3z" fill="{t}"/><path d="M4 {num(s * 0.7)}l{w} 2 2 {w}-{w}-2z" fill="{m}"/>',
            "rib": f'<path d="M{q} 0v{full}" stroke="{m}" stroke-width="{num(s / 3)}" opacity=".5"/>',
            "knit": f'<path d="M0 0L{h} {h}L{full} 0M0 {h}L{h} {full}L{full} {h}" fill="none" stroke="{m}" stroke-width="{num(s / 7)}"/>',
            "flower": f'<g fill="{m}"><circle cx="{h}" cy="{q}" r="{w}"/><circle cx="{num(s * 0.66)}" cy="{num(s * 0.4)}" r="{w}"/><circle cx="{num(s * 0.34)}" cy="{num(s * 0.4)}" r="{w}"/><circle cx="{num(s * 0.6)}" cy="{num(s * 0.6)}" r="{w}"/><circle cx="{num(s * 0.4)}" cy="{num(s * 0.6)}" r="{w}"/></g><circle cx="{h}" cy="{num(s * 0.45)}" r="{num(s * 0.09)}" fill="{t}"/>',
        }[kind]  # fmt: skip
        spin = f' patternTransform="rotate({num(turn)})"' if turn else ""
        self.raw(
            f'<pattern id="{key}" width="{full}" height="{full}" patternUnits="userSpaceOnUse"{spin}>'
            f'<path d="M0 0h{full}v{full}H0z" fill="{g}"/>{body}</pattern>'
        )
        return f"url(#{key})"

    # -- forms ----------------------------------------------------------------------------------
    def turned(
        self,
        profile: Sequence[tuple[float, ...]],
        colour: str,
        *,
        open_top: bool = False,
        fill: str = "",
        inner: str = "",
    ) -> Form:
        """A body turned on a wheel: (y, radius[, corner]) from the top down. Light it with `.lit()` when dressed."""
        form = Form(self, profile, colour)
        self.path(form.outline(), fill or colour)
        if open_top:
            y, r = form.points[0][:2]
            form.mouth(y, r, inner or tone(colour, -0.35))
        return form

    def block(
        self,
        x: float,
        y: float,
        w: float,
        h: float,
        depth: float,
        colour: str,
        *,
        fill: str = "",
        top: str = "",
    ) -> None:
        """A box: front face with its lower middle at (x, y), a side away from the light, a top."""
        dx, dy = depth * (0.25 + self.yaw), depth * (0.12 + self.tilt * 1.6)
        left, right, up = x - w / 2, x + w / 2, y - h
        if fill:
            self.rect(left, up, w, h, fill)
        else:
            self.rect(left, up, w, h, colour)
        self.poly([(right, up), (right + dx, up - dy), (right + dx, y - dy), (right, y)], tone(colour, -0.3))
        self.poly(
            [(left, up), (left + dx, up - dy), (right + dx, up - dy), (right, up)], top or tone(colour, 0.3)
        )

    def bars(
        self, x: float, y: float, w: float, rows: int, colour: str, *, h: float = 6, gap: float = 13
    ) -> None:
        """Lines that read as lettering from across a shop, centred on x."""
        for row in range(rows):
            half = w / 2 * self.luck.span(0.6, 1)
            dash = " ".join(num(h * self.luck.span(1.2, 4)) if i % 2 == 0 else num(h * 0.7) for i in range(4))
            self.line(f"M{coords(x - half, y + row * gap)}h{num(2 * half)}", colour, h, dash=dash, cap="")

    def emblem(self, x: float, y: float, s: float, colour: str, other: str = "") -> None:
        """A small mark such as labels carry, half size s."""
        luck, other = self.luck, other or colour
        kind = luck.pick(["sun", "sprig", "hills", "star", "wave", "arch", "bird", "diamond"])
        with self.at(x, y, scale=s / 20):
            if kind == "sun":
                self.disc(0, 0, 9, colour)
                self.ring(0, 0, 15, 15, colour, 6, dash="3 4.85")
            elif kind == "sprig":
                self.line("M-16 12Q0 6 14-14", other, 2.5)
                self.path(
                    "M-10 9q-8-4-6-14 10 4 6 14zM0 4q-6-8 0-16 7 8 0 16zM-4 8q8 6 16 1-7-8-16-1zM6-4q10 3 14-3-9-6-14 3z",
                    colour,
                )
            elif kind == "hills":
                self.path("M-20 14L-6-10 2 2 8-5 20 14z", colour)
                self.disc(11, -13, 5, other)
            elif kind == "star":
                self.path("M0-19l5 13 14 0-11 9 4 14-12-8-12 8 4-14-11-9 14 0z", colour)
            elif kind == "wave":
                self.line("M-20-5q5-8 10 0t10 0 10 0 10 0M-20 6q5-8 10 0t10 0 10 0 10 0", colour, 4)
            elif kind == "arch":
                self.path("M-16 16v-16a16 16 0 0 1 32 0v16h-9v-14a7 7 0 0 0-14 0v14z", colour)
            elif kind == "bird":
                self.path("M-20 2q10-14 20-2 8-10 20-6-6 2-9 8-4 12-18 11-9 0-13-11z", colour)
            else:
                self.path("M0-18L14 0 0 18-14 0z", colour)
                self.path("M0-8L6 0 0 8-6 0z", other if other != colour else "white")

    def label(
        self, x: float, y: float, w: float, h: float, paper: str, print_: str, accent: str = ""
    ) -> None:
        """A printed label, upper left at (x - w/2, y): one of several layouts."""
        accent, style = accent or print_, self.luck.bits() % 4
        self.rect(x - w / 2, y, w, h, paper, r=3 if style else 0)
        if style == 0:
            self.rect(x - w / 2, y, w, h * 0.34, accent)
            self.emblem(x, y + h * 0.17, h * 0.13, paper, paper)
            self.bars(x, y + h * 0.52, w * 0.78, 1, print_, h=h * 0.1)
            self.bars(x, y + h * 0.73, w * 0.6, 2, print_, h=h * 0.04, gap=h * 0.11)
        elif style == 1:
            self.emblem(x, y + h * 0.32, min(w, h) * 0.22, accent, print_)
            self.bars(x, y + h * 0.64, w * 0.8, 1, print_, h=h * 0.1)
            self.bars(x, y + h * 0.82, w * 0.55, 1, print_, h=h * 0.045)
        elif style == 2:
            self.rect(x - w / 2 + 5, y + 5, w - 10, h - 10, accent, op=0.25)
            self.bars(x, y + h * 0.26, w * 0.76, 2, print_, h=h * 0.11, gap=h * 0.2)
            self.emblem(x, y + h * 0.76, min(w, h) * 0.14, accent, print_)
        else:
            self.path(
                f"M{coords(x - w / 2, y + h)}v{num(-h * 0.28)}L{coords(x, y + h * 0.55)}L{coords(x + w / 2, y + h * 0.72)}v{num(h * 0.28)}z",
                accent,
            )
            self.bars(x, y + h * 0.2, w * 0.8, 1, print_, h=h * 0.12)
            self.bars(x, y + h * 0.38, w * 0.6, 2, print_, h=h * 0.04, gap=h * 0.1)

    def gleam(self, d: str, width: float = 5, op: float = 0.5) -> None:
        """A bright stroke."""
        self.line(d, LIGHT, width, op=op)


class Form:
    """A body of revolution being dressed."""

    def __init__(self, pen: Pen, profile: Sequence[tuple[float, ...]], colour: str) -> None:
        self.pen, self.points, self.colour = pen, list(profile), colour

    def r(self, y: float) -> float:
        """The radius at a height."""
        for above, below in zip(self.points, self.points[1:], strict=False):
            if above[0] <= y <= below[0]:
                share = (y - above[0]) / ((below[0] - above[0]) or 1)
                return above[1] + (below[1] - above[1]) * share
        return self.points[-1][1] if y > self.points[-1][0] else self.points[0][1]

    def edge(self, k: float, *, up: bool = False, part: tuple[float, float] = (-9e9, 9e9)) -> str:
        """The line at azimuth x = k·r, as path commands through its points (smooth, save at corners)."""
        drop = self.pen.tilt * math.sqrt(max(0.0, 1 - k * k))
        kept = [point for point in self.points if part[0] <= point[0] <= part[1]]
        spots = [(k * point[1], point[0] + drop * point[1], len(point) > 2) for point in kept]
        if up:
            spots.reverse()
        ways: list[tuple[float, float]] = []
        for i, (_, _, corner) in enumerate(spots):
            if corner or i in (0, len(spots) - 1):
                ways.append((0, 0))
            else:
                run, fall = spots[i + 1][0] - spots[i - 1][0], spots[i + 1][1] - spots[i - 1][1]
                far = math.hypot(run, fall) or 1
                ways.append((run / far / 3, fall / far / 3))
        words = [coords(*spots[0][:2])]
        for i in range(1, len(spots)):
            (x0, y0, _), (x1, y1, _) = spots[i - 1], spots[i]
            (a, b), (c, d) = ways[i - 1], ways[i]
            if a == b == c == d == 0:
                words.append(f"L{coords(x1, y1)}")
            else:
                far = math.hypot(x1 - x0, y1 - y0)
                words.append(f"C{coords(x0 + a * far, y0 + b * far, x1 - c * far, y1 - d * far, x1, y1)}")
        return "".join(words)

    def outline(self) -> str:
        """The silhouette."""
        t, (y0, r0), (y1, r1) = self.pen.tilt, self.points[0][:2], self.points[-1][:2]
        return (
            f"M{coords(-r0, y0)}A{coords(r0, r0 * t)} 0 0 1 {self.edge(1)}"
            f"A{coords(r1, r1 * t)} 0 0 1 {coords(-r1, y1)}L{self.edge(-1, up=True)}Z"
        )

    def mouth(self, y: float, r: float, colour: str, lip: float = 0.9) -> None:
        """The opening at the top, with a lip around it."""
        self.pen.oval(0, y, r, r * self.pen.tilt, tone(self.colour, 0.35))
        self.pen.oval(0, y, r * lip, r * lip * self.pen.tilt, colour)

    def band(self, y0: float, y1: float, fill: str, op: float = 1, k: float = 1) -> None:
        """A band around the front between two heights, as wide as ±k·r."""
        t, a, b = self.pen.tilt, self.r(y0), self.r(y1)
        drop = math.sqrt(max(0.0, 1 - k * k)) * t
        d = (
            f"M{coords(-k * a, y0 + a * drop)}A{coords(a, a * t)} 0 0 0 {coords(k * a, y0 + a * drop)}"
            f"L{coords(k * b, y1 + b * drop)}A{coords(b, b * t)} 0 0 1 {coords(-k * b, y1 + b * drop)}Z"
        )
        self.pen.path(d, fill, op)

    def hoop(self, y: float, colour: str, width: float = 4, op: float = 1, dash: str = "") -> None:
        """A line around the front."""
        a, t = self.r(y), self.pen.tilt
        self.pen.line(
            f"M{coords(-a, y)}A{coords(a, a * t)} 0 0 0 {coords(a, y)}",
            colour,
            width,
            op=op,
            dash=dash,
            cap="",
        )

    def sheet(self, fill: str) -> None:
        """Dress the whole front in a pattern."""
        self.pen.path(self.outline(), fill)

    def lit(self, *, gloss: float = 0.32, shade: float = 0.2) -> None:
        """The shaded side in two steps, the highlight, following the form."""
        pen, t = self.pen, self.pen.tilt
        y1, r1 = self.points[-1][:2]
        for k, op in ((0.36, shade * 0.75), (0.76, shade)):
            foot = y1 + r1 * t * math.sqrt(1 - k * k)
            pen.path(
                f"M{self.edge(1)}A{coords(r1, r1 * t)} 0 0 1 {coords(k * r1, foot)}L{self.edge(k, up=True)}Z",
                SHADE,
                op,
            )
        if gloss:
            top, low = self.points[0][0], self.points[-1][0]
            part = (top + (low - top) * 0.04, low - (low - top) * 0.08)
            inner = [point for point in self.points if part[0] <= point[0] <= part[1]]
            if len(inner) < 2:
                a, b = top + (low - top) * 0.1, low - (low - top) * 0.12
                ra, rb = self.r(a), self.r(b)
                da = t * 0.75
                pen.poly(
                    [(-0.78 * ra, a + da * ra), (-0.6 * ra, a + da * ra), (-0.6 * rb, b + da * rb), (-0.78 * rb, b + da * rb)],
                    LIGHT, gloss,
                )  # fmt: skip
            else:
                pen.path(
                    f"M{self.edge(-0.8, part=part)}L{self.edge(-0.62, up=True, part=part)}Z", LIGHT, gloss
                )
