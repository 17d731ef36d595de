"""The stage: where the goods stand, in what light, alone or in company, and how close the eye is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from entrepot.catalog.illustrations.pen import INKS, LIGHT, SHADE, Luck, Pen, distance, light_of, mix, tone

SIZE = 640


@dataclass(frozen=True, slots=True)
class Motif:
    """One kind of product: how it is drawn (origin at its foot, or its hook) and how it wants to be shown."""

    name: str
    draw: Callable[[Pen], None]
    family: str
    stance: str  # stand (on a table) | floor (in a room) | hang (from a rail) | lie (seen from above)
    width: float
    height: float
    colours: Sequence[str]
    company: int  # how many may stand together
    focus: tuple[float, float]  # where a close view looks, from the origin


MOTIFS_BY_NAME: dict[str, Motif] = {}


def motif(
    family: str,
    *,
    size: tuple[float, float],
    colours: str,
    stance: str = "stand",
    company: int = 3,
    focus: tuple[float, float] | None = None,
) -> Callable[[Callable[[Pen], None]], Callable[[Pen], None]]:
    """Register a drawing under its function's name."""

    def register(draw: Callable[[Pen], None]) -> Callable[[Pen], None]:
        w, h = size
        spot = focus or ((0, h * 0.5) if stance == "hang" else (0, 0) if stance == "lie" else (0, -h * 0.5))
        MOTIFS_BY_NAME[draw.__name__] = Motif(
            draw.__name__, draw, family, stance, w, h, tuple(colours.split()), company, spot
        )
        return draw

    return register


# wall, table, accent: sets that sit well together; the goods then choose one that lets them stand out.
ROOMS = [
    ("#EFE3CB", "#C99A6B", "#B5552F"), ("#F2E9DA", "#D8C3A0", "#0B5563"), ("#DCE6DF", "#B98B5E", "#7A7F3A"),
    ("#E8D3A4", "#A9774A", "#6B3A5E"), ("#CFDDE0", "#E3D4B8", "#C4663F"), ("#E9CDB6", "#8C5A3A", "#2F4374"),
    ("#D9C7CE", "#C7A27C", "#6B3A5E"), ("#C9D2B4", "#E9DDC2", "#C4663F"), ("#A9C4C2", "#DCC59B", "#B98A2F"),
    ("#F4EAD2", "#7F8C84", "#B98A2F"), ("#D7A886", "#F0E2C8", "#0B5563"), ("#B9C6D8", "#C9A679", "#2F4374"),
    ("#E4D9C6", "#5E4638", "#B98A2F"), ("#8FB0AE", "#EADBBB", "#C4663F"), ("#C98F72", "#EBD9BD", "#2F4F3F"),
    ("#E7DDE3", "#A98BA0", "#6B3A5E"), ("#D6CDB8", "#3F6F73", "#CF9B34"), ("#7C8F86", "#D9BF94", "#E8D3A4"),
    ("#4F7479", "#D2AE7E", "#DDB45A"), ("#8A6A80", "#E5D2B5", "#DDB45A"), ("#56688C", "#DCC39A", "#DE8C6C"),
    ("#A65F45", "#E6CFA8", "#A9B08A"),
]  # fmt: skip


def choose_room(luck: Luck, main: str) -> tuple[str, str, str]:
    """A room whose wall lets the main colour stand out, from the seed."""
    rooms = luck.order(ROOMS)
    for wall, table, accent in rooms:
        if distance(wall, main) > 175 and distance(table, main) > 110:
            return wall, table, accent
    return max(rooms, key=lambda room: distance(room[0], main))


def backdrop(pen: Pen, room: tuple[str, str, str], kind: str, level: float) -> None:
    """Wall, light and table (its far edge at `level`)."""
    wall, table, accent = room
    luck = pen.luck
    pen.backdrop = True
    pen.rect(0, 0, SIZE, SIZE, wall)
    if kind == "arch":
        x, w = luck.span(120, 200), luck.span(290, 400)
        x = 320 - w / 2 + luck.span(-50, 50)
        top = luck.span(70, 150)
        niche = tone(wall, -0.16) if luck.odds(0.6) else mix(wall, accent, 0.35)
        d = f"M{x:.0f} {level:.0f}v{top + w / 2 - level:.0f}a{w / 2:.0f} {w / 2:.0f} 0 0 1 {w:.0f} 0v{level - top - w / 2:.0f}z"
        pen.path(d, niche)
        pen.path(
            f"M{x:.0f} {level:.0f}v{top + w / 2 - level:.0f}a{w / 2:.0f} {w / 2:.0f} 0 0 1 {w / 2:.0f} -{w / 2:.0f}q-{w * 0.36:.0f} 20-{w * 0.4:.0f} {w * 0.6:.0f}v{level - top - w * 0.6:.0f}z",
            SHADE,
            0.14,
        )
    elif kind == "window":
        x, w = luck.span(60, 200), luck.span(170, 230)
        for i in range(2):
            for j in range(2):
                left, top = x + i * (w / 2 + 14) - j * 52, 30 + j * 168 + i * 26
                pen.poly(
                    [
                        (left, top),
                        (left + w / 2, top + 24),
                        (left + w / 2 - 47, top + 178),
                        (left - 47, top + 154),
                    ],
                    LIGHT,
                    0.42,
                )
    elif kind == "dado":
        line = luck.span(210, 330)
        pen.rect(0, line, SIZE, SIZE - line, mix(wall, accent, 0.42))
        pen.rect(0, line - 7, SIZE, 9, tone(wall, 0.45))
    elif kind == "tiles":
        fill = pen.cloth(
            luck.pick(["grid", "azulejo", "grid", "scale"]),
            wall,
            tone(wall, -0.13),
            size=luck.pick([64, 80]),
            third=tone(wall, 0.3),
        )
        pen.rect(0, 0, SIZE, level, fill)
    elif kind == "disc":
        r = luck.span(170, 230)
        pen.disc(
            320 + luck.span(-50, 50),
            level - r * luck.span(0.55, 0.85),
            r,
            tone(wall, 0.42) if luck.odds(0.5) else mix(wall, accent, 0.4),
        )
    elif kind == "curtain":
        for i in range(4):
            pen.path(
                f"M{i * 46 - 20} 0h30q14 {level / 2:.0f}-6 {level:.0f}h-32q16-{level / 2:.0f} 8-{level:.0f}z",
                tone(wall, 0.4 if i % 2 else -0.1),
                0.8,
            )
    elif kind == "hills":
        sea = level - luck.span(60, 130)
        pen.disc(luck.span(120, 520), sea - luck.span(40, 150), luck.span(30, 52), LIGHT, op=0.8)
        pen.path(
            f"M0 {sea:.0f}q90-{luck.span(50, 110):.0f} 210-30t200-10 230 20V{level:.0f}H0z",
            mix(wall, accent, 0.35),
        )
        pen.path(f"M0 {sea + 50:.0f}q160-60 330-10t310-20V{level:.0f}H0z", mix(wall, accent, 0.55))
    elif kind == "shelfback":
        pen.rect(0, 60, SIZE, 16, tone(table, 0.1))
        pen.rect(0, 76, SIZE, 22, SHADE, op=0.12)
        x = 40.0
        while x < 600:
            w, h = luck.span(16, 34), luck.span(30, 56)
            if luck.odds(0.72):
                pen.rect(x, 60 - h, w, h, mix(wall, luck.pick([accent, table, "#35818A", "#E8D3A4"]), 0.7))
            x += w + luck.span(2, 9)
    # soft light across the wall
    key = pen.name()
    shade, light = (0.26, 0.1) if pen.dark else (0.16, 0.3)
    pen.raw(
        f'<linearGradient id="{key}" x2="1" y2=".55"><stop stop-color="{LIGHT}" stop-opacity="{light}"/><stop offset=".55" stop-color="{LIGHT}" stop-opacity="0"/>'
        f'<stop offset="1" stop-color="{SHADE}" stop-opacity="{shade}"/></linearGradient><path d="M0 0h640v640H0z" fill="url(#{key})"/>'
    )
    pen.backdrop = False


def table(pen: Pen, room: tuple[str, str, str], kind: str, level: float) -> None:
    """What the goods stand on, from its far edge down."""
    wall, top, accent = room
    luck = pen.luck
    pen.backdrop = True
    if kind == "shelf":
        pen.rect(0, level + 96, SIZE, 26, tone(top, -0.28))
        pen.rect(0, level + 62, SIZE, 36, top)
        pen.rect(0, level + 122, SIZE, 34, SHADE, op=0.18)
        for x in (90.0, 530.0):
            pen.poly([(x, level + 122), (x + 22, level + 122), (x + 22, level + 190)], tone(top, -0.4))
    elif kind == "sweep":
        pen.path(
            f"M0 {level + 10:.0f}Q320 {level - 26:.0f} 640 {level + 10:.0f}V640H0z", tone(wall, 0.2), 0.85
        )
    elif kind == "plinth":
        pen.rect(0, level + 30, SIZE, SIZE, tone(wall, -0.13))
        x, w = 320.0, luck.span(230, 285)
        pen.path(f"M{x - w:.0f} {level + 66:.0f}v300h{2 * w:.0f}v-300z", tone(top, -0.06))
        pen.path(f"M{x + w * 0.3:.0f} {level + 66:.0f}v300h{w * 0.7:.0f}v-300z", SHADE, 0.14)
        pen.oval(x, level + 66, w, w * 0.2, tone(top, 0.28))
    elif kind == "floor":
        pen.rect(
            0, level, SIZE, SIZE, pen.cloth("wood", top, tone(top, -0.3), size=90) if luck.odds(0.5) else top
        )
        pen.rect(0, level - 16, SIZE, 16, tone(wall, 0.5))
        pen.rect(0, level, SIZE, 7, SHADE, op=0.16)
    else:
        grain = luck.odds(0.4)
        pen.rect(
            0, level, SIZE, SIZE - level, pen.cloth("wood", top, tone(top, -0.25), size=76) if grain else top
        )
        pen.rect(0, level, SIZE, 5, tone(top, 0.35))
        if luck.odds(0.5):
            pen.rect(0, 598, SIZE, 42, tone(top, -0.3))
        if kind == "cloth":
            motif_ = luck.pick(["stripe", "check", "plaid", "dot", "deck", "herring"])
            ground = luck.pick(["#F6EEDC", "#EFE0C2", tone(top, 0.55)])
            fill = pen.cloth(motif_, ground, accent, size=luck.pick([26, 36, 48]), third=tone(accent, 0.4))
            x, w = luck.span(60, 180), luck.span(330, 420)
            d = f"M{x:.0f} {level + 34:.0f}h{w:.0f}l{luck.span(40, 80):.0f} 190h-{w + 110:.0f}z"
            pen.path(d, SHADE, 0.12)
            pen.path(f"M{x:.0f} {level + 28:.0f}h{w:.0f}l{luck.span(30, 60):.0f} 190h-{w + 90:.0f}z", fill)
        elif kind == "board":
            pen.oval(330, level + 92, 250, 62, SHADE, op=0.2)
            pen.oval(320, level + 84, 250, 60, tone("#8C5A3A", -0.1))
            pen.oval(320, level + 76, 250, 60, "#C08E5C")
            pen.ring(320, level + 76, 224, 50, "#A9774A", 3)
    pen.backdrop = False


def props(pen: Pen, family: str, room: tuple[str, str, str], side: int, level: float) -> None:
    """A companion on the table that says where we are: fruit in a kitchen, a sprig, books, pebbles."""
    luck, x, y = pen.luck, 320 + side * pen.luck.span(205, 250), level + pen.luck.span(70, 110)
    kinds = {
        "pantry": ["lemon", "sprig", "bowl", "bread", "olives", "glass"],
        "table": ["lemon", "sprig", "glass", "vase", "spoon"],
        "wear": ["vase", "box", "books", "petals"],
        "home": ["vase", "books", "candle", "sprig"],
        "tech": ["books", "mug", "cactus", "pencils"],
        "play": ["blocks", "balls", "books"],
        "out": ["pebbles", "sprig", "mug", "cones"],
    }[family]
    kind, accent = luck.pick(kinds), room[2]
    with pen.at(x, y, flip=side < 0):
        if kind == "lemon":
            pen.shadow(34)
            pen.path("M-40-24q4-26 40-28 34 2 42 22 8 2 8 8-6 6-12 4-12 20-38 20-36-2-40-26z", "#E0B13E")
            pen.path("M8 2q24-4 28-32 8 4 6 12-10 18-34 20z", SHADE, 0.2)
            if luck.odds(0.6):
                pen.oval(56, 6, 26, 10, "#D9A633")
                pen.oval(56, 3, 26, 10, "#F4E3A0")
                pen.line("M36 3h40M46-4l20 14M66-4l-20 14", "#E8C765", 2)
        elif kind == "sprig":
            pen.line("M-60 4Q0-20 70 2", "#6F6A3A", 4)
            for i in range(6):
                lx, ly = -44 + i * 20, -3 - 6 * (1 - abs(i - 2.5) / 2.5)
                pen.oval(
                    lx,
                    ly + (-14 if i % 2 else 13),
                    20,
                    7,
                    ["#7F8C5A", "#5F7148"][i % 2],
                    turn=-28 if i % 2 else 28,
                )
            pen.disc(10, 10, 9, "#4B4A2E")
            pen.disc(36, -12, 8, "#6B6F35")
        elif kind == "bowl":
            f = pen.turned([(-44, 52), (-20, 46), (0, 22)], accent, open_top=True, inner=tone(accent, -0.4))
            f.lit()
        elif kind == "bread":
            pen.shadow(52)
            pen.path("M-64 0q-14-50 30-58 60-8 88 8 26 20 8 50z", "#C2864A")
            pen.line("M-34-44q14 14 10 30M-4-50q14 14 10 32M26-48q12 12 8 30", "#EBCB95", 7)
            pen.path("M-64 0q60 4 126 0 12-24-2-40 6 30-40 32-50 2-86-12z", SHADE, 0.16)
        elif kind == "olives":
            pen.shadow(50)
            f = pen.turned([(-30, 54), (-12, 46), (0, 30)], "#F0E6D2", open_top=True, inner="#D8C9AC")
            f.lit()
            for i in range(6):
                pen.oval(-34 + i * 13, -33 - (i % 2) * 7, 9, 7, ["#6B6F35", "#4B4A2E", "#868A4A"][i % 3])
        elif kind == "glass":
            pen.shadow(26)
            pen.path("M-30-92h60L22 0h-44z", "#E8F0EC", 0.55)
            pen.path("M-27-56h54L22-2h-44z", room[2], 0.5)
            pen.gleam("M-20-84l5 70", 5, 0.7)
        elif kind == "vase":
            pen.shadow(30)
            f = pen.turned(
                [(-86, 12), (-74, 11), (-44, 32), (-14, 28), (0, 20)],
                luck.pick(["#E9DFC8", accent, "#35818A"]),
            )
            f.lit()
            for i in range(4):
                bend = -34 + i * 22
                pen.line(f"M0-88Q{bend * 0.4:.0f}-140 {bend}-{168 - abs(bend) * 0.6:.0f}", "#6B7448", 3)
                pen.oval(
                    bend,
                    -172 + abs(bend) * 0.6,
                    9,
                    15,
                    luck.pick(["#D8A05A", "#B5552F", "#E8D3A4", "#8A9464"]),
                    turn=bend,
                )
        elif kind == "books":
            pen.shadow(56)
            rise = 0.0
            for i in range(luck.pick([2, 3])):
                w, h = luck.span(96, 124), luck.span(18, 26)
                hue = luck.pick(["#6B3A5E", "#35818A", "#B98A2F", "#9E4A2C", "#2F4374", "#7A7F3A"])
                pen.rect(-w / 2 + i * 4, -rise - h, w, h, hue, r=2)
                pen.rect(-w / 2 + i * 4 + 14, -rise - h, 8, h, tone(hue, 0.5))
                pen.rect(w / 2 + i * 4 - 26, -rise - h, 26, h, SHADE, op=0.2)
                rise += h
        elif kind == "box":
            pen.shadow(44)
            pen.block(-8, 0, 76, 56, 40, "#DCC59B")
            pen.rect(-16, -56, 14, 56, accent)
        elif kind == "petals":
            for i in range(5):
                pen.oval(
                    -50 + i * 24,
                    (i % 3) * 9 - 8,
                    12,
                    6,
                    luck.pick(["#DE8C6C", "#E9CDB6", "#A77B98"]),
                    turn=i * 37,
                )
        elif kind == "candle":
            pen.shadow(24)
            pen.turned([(-60, 22), (0, 22)], "#F3E6CC", open_top=True, inner="#EBD3A0").lit()
            pen.path("M0-92q10 16 0 26-10-10 0-26z", "#E8A94A")
        elif kind == "mug":
            pen.shadow(32)
            pen.ring(34, -34, 16, 18, tone(accent, -0.15), 8)
            pen.turned([(-66, 32), (-10, 31), (0, 24)], accent, open_top=True, inner="#5A3726").lit()
        elif kind == "cactus":
            pen.shadow(30)
            pen.path("M-18-36v-60a18 18 0 0 1 36 0v60z", "#6F8A5E")
            pen.line("M-8-100v60M6-100v60", "#A9B98A", 2.5, dash="2 7")
            pen.turned([(-42, 34), (0, 24)], "#B5643F", open_top=True, inner="#5A3726").lit()
        elif kind == "pencils":
            pen.shadow(24)
            for i, hue in enumerate(["#CF9B34", "#35818A", "#A83A32"]):
                pen.line(f"M{-12 + i * 11}-40L{-26 + i * 24}-{104 + i % 2 * 18}", hue, 8)
            pen.turned([(-58, 26), (0, 24)], tone(room[1], 0.3), open_top=True, inner="#3A2E2A").lit()
        elif kind == "blocks":
            pen.shadow(48)
            pen.block(-24, 0, 46, 44, 26, "#C4663F")
            pen.block(34, 0, 46, 44, 26, "#35818A")
            pen.block(0, -48, 46, 44, 26, "#DDB45A")
        elif kind == "balls":
            for bx, hue in ((-26, "#A83A32"), (26, "#DDB45A")):
                pen.shadow(22, x=bx)
                pen.disc(bx, -22, 23, hue)
                pen.path(f"M{bx}-0a23 23 0 0 0 16-39q4 26-16 39z", SHADE, 0.25)
        elif kind == "pebbles":
            pen.shadow(52)
            pen.oval(-26, -14, 38, 18, "#A9A295")
            pen.oval(30, -10, 28, 14, "#7F8288")
            pen.oval(-6, -36, 24, 11, "#CFC6B4")
            pen.path("M-26 4q34 0 38-20 4 16-38 20z", SHADE, 0.2)
        elif kind == "cones":
            for i in range(3):
                pen.oval(-34 + i * 32, -14 + i % 2 * 8, 18, 13, ["#8C5A3A", "#6F4528"][i % 2], turn=i * 25)
        else:
            pen.line("M-54 10L20-8", "#8C5A3A", 8)
            pen.oval(36, -12, 24, 13, "#8C5A3A", turn=-14)
            pen.oval(35, -14, 17, 8, "#6F4528", turn=-14)


WALLS = {
    "pantry": ["arch", "window", "dado", "tiles", "disc", "plain", "curtain", "shelfback"],
    "table": ["arch", "window", "tiles", "disc", "plain", "dado", "shelfback"],
    "wear": ["arch", "window", "dado", "disc", "plain", "curtain"],
    "home": ["arch", "window", "dado", "plain", "disc", "curtain"],
    "tech": ["window", "plain", "disc", "dado", "arch"],
    "play": ["disc", "plain", "window", "dado", "arch", "hills"],
    "out": ["hills", "plain", "window", "disc", "hills"],
}
TABLES = {
    "pantry": ["top", "cloth", "board", "shelf", "top", "sweep", "plinth"],
    "table": ["top", "cloth", "shelf", "sweep", "plinth", "board"],
    "wear": ["plinth", "sweep", "top", "shelf"],
    "home": ["top", "shelf", "sweep", "plinth", "cloth"],
    "tech": ["top", "sweep", "plinth", "shelf"],
    "play": ["top", "sweep", "floor", "plinth"],
    "out": ["top", "sweep", "plinth"],
}
# How many stand together and how: (dx, dy, scale) in shares of the width, back to front.
GROUPS = {
    1: [[(0.0, 0.0, 1.0)]],
    2: [
        [(0.34, -34.0, 0.86), (-0.3, 0.0, 0.98)],
        [(-0.4, -40.0, 0.74), (0.26, 0.0, 1.0)],
        [(0.5, -8.0, 0.8), (-0.42, 0.0, 0.8)],
    ],
    3: [
        [(0.0, -52.0, 0.8), (-0.52, -8.0, 0.76), (0.5, 0.0, 0.78)],
        [(0.55, -40.0, 0.66), (-0.5, -30.0, 0.7), (0.02, 0.0, 0.86)],
    ],
}


def compose(pen: Pen, m: Motif, view: int, members: int, *, main: str = "") -> None:
    """Put the motif on its stage. Views: 0 the shop window, 1 close, 2 elsewhere from higher, 3 in company."""
    luck = pen.luck
    seat = Luck(f"{luck.state}seat")  # the goods look the same from every side
    mains = luck.order(m.colours)
    if main:
        mains = [main, *(colour for colour in mains if colour != main)]
    mirrored = luck.odds(0.45)
    pen.main = mains[0]
    pen.second, pen.third = (mains[1 % len(mains)], mains[2 % len(mains)])
    pen.variant = luck.bits() % 12
    here = luck if view == 0 else Luck(f"{pen.uid}{view}")
    pen.luck = here
    room = choose_room(here, _hex(pen.main))
    pen.tilt = here.pick([0.11, 0.15, 0.2]) if view != 2 else 0.28
    pen.yaw = here.span(0.2, 0.5)
    if mirrored:
        pen.raw('<g transform="translate(640)scale(-1 1)">')
    if m.stance == "hang":
        _hang(pen, m, room, view, members, seat)
    elif m.stance == "lie":
        _lie(pen, m, room, view, members, seat)
    else:
        _stand(pen, m, room, view, members, seat)
    if mirrored:
        pen.raw("</g>")


def _hex(name: str) -> str:
    return INKS.get(name, name)


def _one(pen: Pen, m: Motif, seat: Luck, place: int) -> None:
    """Draw one of a group: the first keeps its colours, its fellows take turns."""
    kept = (pen.main, pen.second, pen.third, pen.luck, pen.variant)
    if place:
        ways = list(m.colours)
        turn = (ways.index(pen.main) + place) % len(ways)
        pen.main, pen.second, pen.third = (
            ways[turn],
            ways[(turn + 1) % len(ways)],
            ways[(turn + 2) % len(ways)],
        )
    pen.luck = Luck(f"{seat.state}{place}")
    m.draw(pen)
    pen.main, pen.second, pen.third, pen.luck, pen.variant = kept


def _stand(pen: Pen, m: Motif, room: tuple[str, str, str], view: int, members: int, seat: Luck) -> None:
    luck = pen.luck
    floor = m.stance == "floor"
    level = luck.span(436, 470) if floor else luck.span(404, 448)
    if view == 2:
        level -= 70
    wall_kind = luck.pick(WALLS[m.family])
    table_kind = "floor" if floor else luck.pick(TABLES[m.family])
    if floor and wall_kind in ("tiles", "shelfback", "hills") and m.family != "out":
        wall_kind = "window"
    fit = min(468 / m.height, 450 / m.width) * luck.span(0.92, 1.02)
    if not floor:
        level -= max(0.0, 300 - m.height * fit) * 0.34
    backdrop(pen, room, wall_kind, level)
    table(pen, room, table_kind, level)
    foot = level + {"shelf": 78, "plinth": 74, "board": 88}.get(table_kind, luck.span(84, 112))
    if table_kind == "shelf":
        fit *= 0.94
    count = min(members, m.company)
    if view == 1:  # close
        scale = fit * luck.span(1.65, 1.95)
        with pen.at(320 - m.focus[0] * scale, 330 - m.focus[1] * scale, scale=scale):
            pen.shadow(m.width / 2)
            _one(pen, m, seat, 0)
        return
    arrangement = luck.pick(GROUPS[count])
    shift = 0.0
    if count == 1 and not floor and luck.odds(0.55):
        side = luck.pick([-1, 1])
        shift = -side * luck.span(34, 62)
        if m.width * fit < 330:
            props(pen, m.family, room, side, level)
    order = list(enumerate(reversed(arrangement)))[::-1]  # the last is the front one and keeps the colours
    spread = m.width * fit
    low = min(dx - scale * 0.5 for dx, _, scale in arrangement)
    high = max(dx + scale * 0.5 for dx, _, scale in arrangement)
    tallest = max(scale for _, _, scale in arrangement) * m.height * fit
    shrink = min(1.0, 575 / (spread * (high - low)))
    if count > 1 and shrink == 1.0:
        shrink = max(1.0, min(1.3, 560 / (spread * (high - low)), 455 / tallest))
    middle = 320 + shift - (low + high) / 2 * spread * shrink
    for place, (dx, dy, scale) in order:
        size = fit * scale * shrink
        with pen.at(
            middle + dx * spread * shrink, foot + dy * 0.8 + (10 if count > 1 and dy == 0 else 0), scale=size
        ):
            pen.shadow(m.width / 2 * 0.92)
            _one(pen, m, seat, place)


def _hang(pen: Pen, m: Motif, room: tuple[str, str, str], view: int, members: int, seat: Luck) -> None:
    luck = pen.luck
    kind = luck.pick(["plain", "window", "dado", "disc", "arch", "curtain"])
    backdrop(pen, room, kind, 660)
    rail = luck.span(64, 96)
    pen.backdrop = True
    wood = luck.pick(["#8C5A3A", "#B07B4A", "#5E4638", "#B98A2F"])
    pen.rect(-10, rail - 9, 660, 14, SHADE, op=0.12)
    pen.rect(-10, rail - 16, 660, 13, wood)
    pen.rect(-10, rail - 16, 660, 4, tone(wood, 0.35))
    pen.backdrop = False
    fit = min(510 / m.height, 470 / m.width) * luck.span(0.94, 1.03)
    if view == 1:
        scale = fit * 1.75
        with pen.at(320 - m.focus[0] * scale, 320 - m.focus[1] * scale, scale=scale):
            _one(pen, m, seat, 0)
        return
    count = min(members, m.company)
    spots = {1: [(0.0, 1.0)], 2: [(0.34, 0.84), (-0.3, 0.92)], 3: [(0.52, 0.74), (-0.5, 0.76), (0.0, 0.84)]}[
        count
    ]
    for place, (dx, scale) in list(enumerate(reversed(spots)))[::-1]:
        size = fit * scale
        x = 320 + dx * min(m.width * fit, 360)
        # the shadow on the wall is the goods' own silhouette's box, softened
        with pen.at(x, rail - 6, scale=size):
            pen.oval(30, m.height * 0.55, m.width * 0.42, m.height * 0.44, SHADE, op=0.1)
            _one(pen, m, seat, place)


def _lie(pen: Pen, m: Motif, room: tuple[str, str, str], view: int, members: int, seat: Luck) -> None:
    """Seen from above, on a table, a cloth or paper."""
    luck = pen.luck
    ground, other, accent = room
    if light_of(other) > 0.45 and luck.odds(0.35) and distance(other, _hex(pen.main)) > 150:
        ground, other = other, ground
    pen.backdrop = True
    grain = luck.bits() % 5
    pen.rect(
        0, 0, SIZE, SIZE, pen.cloth("wood", ground, tone(ground, -0.22), size=88) if grain == 0 else ground
    )
    if grain == 1:
        r = luck.span(230, 290)
        pen.disc(320, 320, r, mix(ground, other, 0.55))
    elif grain == 2:
        fill = pen.cloth(
            luck.pick(["stripe", "check", "plaid", "herring"]),
            tone(other, 0.5),
            accent,
            size=luck.pick([28, 40]),
            third=tone(accent, 0.4),
        )
        with pen.at(320, 320, turn=luck.span(-14, 14)):
            pen.rect(-250, -236, 512, 490, SHADE, op=0.12)
            pen.rect(-256, -244, 512, 490, fill)
    elif grain == 3:
        pen.path(f"M0 0h{luck.span(200, 420):.0f}L{luck.span(120, 380):.0f} 640H0z", mix(ground, other, 0.6))
    # the window's light falls across
    pen.poly([(70, -10), (250, -10), (110, 650), (-70, 650)], LIGHT, 0.22)
    pen.poly([(330, -10), (420, -10), (280, 650), (190, 650)], LIGHT, 0.14)
    pen.backdrop = False
    fit = min(470 / m.height, 500 / m.width) * luck.span(0.94, 1.04)
    if view == 1:
        with pen.at(
            320 - m.focus[0] * fit * 1.7,
            320 - m.focus[1] * fit * 1.7,
            scale=fit * 1.7,
            turn=luck.span(-16, 16),
        ):
            _one(pen, m, seat, 0)
        return
    count = min(members, m.company)
    spots = {
        1: [(0, 0, 1.0)],
        2: [(100, -74, 0.68), (-92, 72, 0.74)],
        3: [(110, -118, 0.56), (-126, -20, 0.6), (84, 128, 0.58)],
    }[count]
    turn = luck.span(-18, 18)
    for place, (dx, dy, scale) in list(enumerate(reversed(spots)))[::-1]:
        with pen.at(320 + dx, 320 + dy, scale=fit * scale, turn=turn + luck.span(-7, 7)):
            _one(pen, m, seat, place)
