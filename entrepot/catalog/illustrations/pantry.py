"""Still-lifes for the larder: oil, ham, cheese, wine, honey, tins, coffee."""

from __future__ import annotations

from entrepot.catalog.illustrations.pen import LIGHT, SHADE, Pen, light_of, mix, tone
from entrepot.catalog.illustrations.stage import motif


def _print_on(colour: str) -> str:
    """An ink that reads on the colour."""
    return "ink" if light_of(colour) > 0.5 else "cream"


@motif("pantry", size=(150, 400), colours="#4A5A2A #6F7A2E #A88A2C #3B3A22 #22303A")
def olive_oil(pen: Pen) -> None:
    """A bottle of olive oil; some square-shouldered, some with a spout."""
    if pen.variant % 3 == 0:
        prof = [(-330, 17), (-262, 18), (-222, 62), (-190, 70, 1), (-8, 70), (0, 64)]
    elif pen.variant % 3 == 1:
        prof = [(-345, 16), (-290, 18), (-240, 34), (-180, 58), (-110, 64), (-10, 60), (0, 54)]
    else:
        prof = [(-320, 18), (-258, 20), (-236, 74, 1), (-220, 76, 1), (-6, 76), (0, 70)]
    f = pen.turned(prof, pen.main)
    f.band(-205, -8, mix(pen.main, "#D8B53A", 0.28), 0.6)
    paper = pen.luck.pick(["cream", "white", "manila", "#E4D3B0"])
    f.band(-176, -52, paper, k=0.86)
    pen.label(
        0,
        -166,
        92,
        106,
        paper,
        pen.luck.pick(["ink", "pine", "plum"]),
        pen.luck.pick(["olive", "brass", "terracotta", "tide"]),
    )
    f.lit(gloss=0.38)
    cap = pen.luck.pick(["brass", "black", "walnut", "steel"])
    top = prof[0][0]
    if pen.luck.odds(0.25):
        pen.path(f"M-8 {top}l-4-44 20-12 6 8-10 10v38z", "steel")
    else:
        pen.turned([(top - 40, 20), (top + 2, 21)], cap).lit()


@motif("pantry", size=(220, 330), colours="#7A7F3A #B98A2F #A83A32 #0B5563 #E8D3A4 #2F4F3F")
def oil_tin(pen: Pen) -> None:
    """A square tin of oil with a printed front."""
    ground = pen.main
    pen.block(0, 0, 190, 260, 90, ground)
    edge = mix(ground, "#F6EEDC", 0.75)
    pen.rect(-82, -246, 164, 232, edge, r=6)
    pen.rect(-74, -238, 148, 216, ground, r=4)
    with pen.at(0, -150):
        style = pen.variant % 3
        if style == 0:
            pen.disc(0, 0, 60, edge)
            pen.emblem(0, 0, 40, ground, "olive")
        elif style == 1:
            pen.path("M-74 60q40-70 74-30t74-20v62h-148z", mix(ground, "#2F4F3F", 0.5))
            pen.disc(30, -30, 26, "gold")
            pen.line("M-40 60v-60M-40 8q-30-10-26-36M-40-2q26-14 22-38M-40 10q34 0 40-20", "#3B3A22", 6)
        else:
            pen.rect(
                -74, -62, 148, 124, pen.cloth("azulejo", edge, tone(ground, -0.2), size=37, third="brass")
            )
            pen.oval(0, 0, 50, 34, edge)
            pen.emblem(0, 0, 22, ground)
    pen.bars(0, -62, 120, 1, edge, h=14)
    pen.bars(0, -40, 90, 2, edge, h=5, gap=10)
    pen.rect(-95, -260, 22, 260, LIGHT, op=0.22)
    dy = 90 * (0.12 + pen.tilt * 1.6)
    with pen.at(-20, -260 - dy / 2):
        pen.oval(0, 0, 20, 8, tone(ground, -0.4))
        pen.rect(-14, -26, 28, 28, "brass")
        pen.oval(0, -26, 14, 5, "gold")
        pen.line("M40-2q10-26 44-22t44 14", "iron", 7)


@motif("pantry", size=(330, 300), colours="#8C2F2A #A5483C #7A2E2A", company=2)
def ham(pen: Pen) -> None:
    """A whole leg on its stand, or sliced on a board."""
    if pen.variant % 2:
        pen.path("M-170 0l12-26h300l24 26z", "wood")
        pen.rect(-170, 0, 336, 18, tone("wood", -0.3), r=4)
        for i in range(9):
            x, y = -112 + (i % 5) * 56 + (i // 5) * 26, -34 - (i // 5) * 40
            with pen.at(x, y, turn=-14 + i * 9 % 30):
                pen.path(
                    "M-44 4q-4-30 34-34 40-2 50 22 2 18-26 22-44 4-58-10z", tone(pen.main, 0.08 * (i % 3))
                )
                pen.line("M-40 6q30 14 62 4 18-6 17-18", "#EAC9A8", 9)
                pen.line("M-22-10q20-10 40-6M-12 0q16-6 30-2", "#D99C86", 3)
        return
    pen.rect(-170, -14, 340, 22, "walnut", r=6)
    pen.rect(-170, -14, 340, 7, "wood", r=3)
    pen.line("M120-14v-196", "walnut", 15)
    pen.line("M104-206h46", "iron", 12)
    pen.line("M-110-14v-70", "walnut", 12)
    with pen.at(0, -104, turn=-17):
        pen.path(
            "M-176 12q-12-78 66-94 60-10 110 20 34 18 92 20l72-6q22 4 20 20-2 12-22 14l-78 12q-60 14-110 46-52 28-104 18-42-12-46-50z",
            "#A66B3D",
        )
        pen.path("M-164 10q-8-60 58-74 56-8 100 18 8 40-52 66-62 30-92 18-12-8-14-28z", pen.main)
        pen.path("M-150 4q0-40 48-52 44-6 76 10 2 26-44 46-52 20-70 14-8-6-10-18z", tone(pen.main, 0.16))
        pen.line("M-130-8q34-26 74-22M-120 12q40-6 66-28M-104 24q30-4 48-18", "#E2B49E", 3)
        pen.line("M-166 14q-8-64 58-80 56-8 104 18", "#EBD0A8", 12)
        pen.path(
            "M-130 64q60 10 130-34 60-40 180-44-10 20-68 22-60 14-110 46-52 28-104 18-18-4-28-8z", SHADE, 0.25
        )
        pen.rect(104, -52, 22, 34, "cream")


@motif("pantry", size=(310, 230), colours="#E5C777 #E9D9A8 #D9A94E #F0E6CC")
def cheese(pen: Pen) -> None:
    """A wheel with a wedge cut out, rind patterned like esparto."""
    rind = pen.luck.pick(["#8A6B3E", "#3F3A35", "#C79A4B", "#7D5230"])
    r, t, h = 140, max(pen.tilt, 0.2) * 1.6, 116
    d = f"M-{r}-{h}A{r} {r * t:.0f} 0 0 1 {r}-{h}V0A{r} {r * t:.0f} 0 0 1-{r} 0z"
    pen.path(
        d,
        pen.cloth(
            pen.luck.pick(["herring", "weave", "zig"]), rind, tone(rind, 0.2), size=26, third=tone(rind, -0.2)
        ),
    )
    pen.path(f"M40 {r * t * 0.96:.0f}A{r} {r * t:.0f} 0 0 0 {r} 0V-{h}H40z", SHADE, 0.25)
    pen.oval(0, -h, r, r * t, tone(rind, 0.25))
    pen.oval(0, -h - 2, r * 0.93, r * t * 0.9, pen.main)
    ex, ey = r * 0.42, -h + r * t * 0.9
    lx, ly = -r * 0.5, -h + r * t * 0.86
    pen.poly([(0, -h), (ex, ey), (ex, ey + h), (0, -h + h * 0.96)], tone(pen.main, -0.1))
    pen.poly([(0, -h), (lx, ly), (lx, ly + h), (0, -h + h * 0.96)], tone(pen.main, 0.28))
    pen.poly([(0, -h + h * 0.96), (lx, ly + h), (ex, ey + h)], tone(pen.main, -0.34))
    for i in range(7):
        x = -8 - i * 8.6
        pen.oval(x, -h + 34 + (i * 37) % 52, 4 + i % 3 * 2, 3 + i % 2 * 2, tone(pen.main, -0.2))
    with pen.at(-8, -h - r * t * 0.4):
        pen.oval(0, 0, 46, 46 * t * 0.8, pen.luck.pick(["plum", "tide", "red", "olive"]), op=0.9)
        pen.oval(0, 0, 34, 34 * t * 0.8, "cream")
    with pen.at(104, 26):  # the wedge
        pen.poly([(-64, -8), (34, -44), (66, -6), (66, 40), (-64, 8)], pen.main)
        pen.poly([(-64, -8), (34, -44), (66, -6)], tone(pen.main, 0.3))
        pen.poly([(66, -6), (66, 40), (54, 44), (54, -4)], rind)
        for i in range(4):
            pen.oval(-14 + i * 18, 8 + i % 2 * 10, 5, 4, tone(pen.main, -0.2))


@motif("pantry", size=(120, 420), colours="#3A2430 #2F4F3F #C9A24A #6B2F3A #22303A")
def wine(pen: Pen) -> None:
    """A bottle of wine, Bordeaux or Burgundy shoulders."""
    if pen.variant % 2:
        prof = [(-380, 16), (-286, 18), (-246, 50), (-226, 55, 1), (-6, 55), (0, 50)]
    else:
        prof = [(-380, 15), (-300, 18), (-220, 42), (-160, 60), (-6, 60), (0, 55)]
    f = pen.turned(prof, pen.main)
    paper = pen.luck.pick(["white", "cream", "manila", "#2C2C30", "#EBC4AE"])
    f.band(-172, -46, paper, k=0.88)
    pen.label(
        0,
        -162,
        82,
        108,
        paper,
        _print_on(paper),
        pen.luck.pick(["brass", "terracotta", "tide", "plum", "leaf"]),
    )
    f.lit(gloss=0.36)
    foil = pen.luck.pick(["plum", "brass", "black", "red", "tide", "cream"])
    g = pen.turned([(-392, 19), (-380, 19), (-378, 17, 1), (-306, 19.5)], foil)
    g.lit()


@motif("pantry", size=(200, 240), colours="#D08E28 #B36A1E #E3B553 #8A4B1C")
def honey(pen: Pen) -> None:
    """A jar of honey under a cloth or a lid."""
    six = pen.variant % 3
    prof = (
        [(-176, 74), (-160, 88), (-30, 90), (-8, 86), (0, 78)]
        if six
        else [(-180, 76), (-150, 96), (-90, 104), (-34, 96), (0, 72)]
    )
    f = pen.turned(prof, pen.main)
    f.band(-176, -130, tone(pen.main, 0.4), 0.5)
    f.band(-118, -34, "cream", k=0.8)
    pen.label(0, -110, 104, 76, "cream", "cocoa", pen.luck.pick(["brass", "olive", "terracotta"]))
    f.lit(gloss=0.5, shade=0.16)
    if six == 1:
        cloth = pen.cloth(
            pen.luck.pick(["check", "dot", "plaid"]),
            "cream",
            pen.luck.pick(["red", "denim", "olive"]),
            size=22,
        )
        pen.path(
            "M-84-210q84-34 168 0l24 46q-22 14-34 2-16 14-34 2-18 12-40 2-20 12-40 0-16 12-34-2-14 12-32-4z",
            cloth,
        )
        pen.path("M40-222l44 12 24 46q-22 14-34 2-14 12-26 6z", SHADE, 0.2)
        pen.line("M-78-186q80 24 156 0", "straw", 6)
    else:
        lid = pen.luck.pick(["brass", "black", "walnut", "cream"])
        pen.turned([(-214, 78), (-178, 80)], lid, open_top=False).lit()
        pen.oval(0, -214, 78, 78 * pen.tilt, tone(lid, 0.3))
    if pen.luck.odds(0.5):
        with pen.at(120, -6, turn=-62):
            pen.line("M0 0v-150", "wood", 9)
            pen.path("M-20-10q-10 20 0 42 20 16 40 0 10-22 0-42z", tone("wood", -0.1))
            pen.line("M-22 0h44M-24 12h48M-20 24h40", tone("wood", -0.4), 4)


@motif("pantry", size=(150, 190), colours="#B5402A #C9682C #8E2F2A #CF9B34")
def saffron(pen: Pen) -> None:
    """A small glass of saffron threads with a cork."""
    f = pen.turned([(-130, 44), (-112, 62), (-14, 64), (0, 56)], "#E3EAE2")
    f.band(-86, -4, pen.main, 0.92)
    for i in range(9):
        x = -48 + i * 12
        pen.line(f"M{x}-{20 + i * 29 % 46}q12-14 6-30t10-18", tone(pen.main, 0.3 if i % 2 else -0.3), 3.5)
    f.band(-68, -24, "cream", k=0.66)
    pen.bars(0, -56, 62, 2, "plum", h=7, gap=16)
    f.lit(gloss=0.7, shade=0.12)
    pen.turned([(-166, 40), (-126, 36)], "#C79A66").lit(gloss=0.2)
    pen.oval(0, -166, 40, 40 * pen.tilt, "#DDB684")
    with pen.at(96, 6):
        pen.oval(-8, 0, 7, 24, "#8A6BA8", turn=-38)
        pen.oval(8, -4, 8, 26, "#A184BB", turn=12)
        pen.oval(24, 4, 7, 22, "#8A6BA8", turn=58)
        pen.line("M8 8l-6-34M8 8l10-32", pen.main, 4)


@motif("pantry", size=(280, 160), colours="#A83A32 #2F4374 #DDB45A #35818A #C4663F #E8D3A4", company=3)
def tinned_fish(pen: Pen) -> None:
    """A tin of fish, stacked or rolled half open."""

    def can(colour: str) -> None:
        pen.rect(-130, -66, 260, 66, tone("steel", -0.1), r=28)
        pen.rect(-130, -62, 260, 52, colour, r=22)
        pen.rect(40, -66, 90, 66, SHADE, r=24, op=0.22)
        pen.bars(-20, -44, 150, 2, tone(colour, 0.75), h=9, gap=18)
        pen.gleam("M-112-50v30", 7, 0.5)

    stacked = pen.variant % 3 == 0
    can(pen.main)
    lift = -66.0
    if stacked:
        with pen.at(8, -62):
            can(pen.second)
        lift = -128
    dx = 8 if stacked else 0
    with pen.at(dx, lift):
        pen.oval(0, 0, 130, 30, "steel")
        pen.oval(0, -2, 118, 24, tone("steel", 0.45))
        if pen.variant % 3 == 1:
            pen.oval(0, -1, 112, 21, "#8E7A3C")
            for i in range(4):
                pen.oval(-62 + i * 40, -4 + (i % 2) * 5, 32, 8, "#9DA7AB", turn=-8)
                pen.oval(-62 + i * 40, -6 + (i % 2) * 5, 24, 3, "#E3E8E6", turn=-8)
            pen.path("M-116-6q60-66 200-30l14 22q-120-40-190 14z", tone("steel", 0.2))
        else:
            pen.oval(0, -3, 106, 20, pen.third if stacked else tone(pen.main, 0.15))
            pen.path("M-60-4q40-16 84 0l22-9v18l-22-8q-44 14-84-1z", tone(pen.main, 0.8))
            pen.ring(88, -3, 13, 5, "steel", 4)


@motif("pantry", size=(270, 170), colours="#B98A2F #A83A32 #0B5563 #6B3A5E #E8D3A4", company=2)
def turron(pen: Pen) -> None:
    """A bar of turrón: a broken piece before its box."""
    with pen.at(-10, -36):
        pen.block(0, 0, 230, 84, 60, pen.main)
        pen.rect(-102, -74, 204, 64, tone(pen.main, 0.7))
        pen.rect(-98, -70, 196, 56, pen.main, op=0.9)
        pen.bars(0, -50, 150, 1, tone(pen.main, 0.75), h=15)
        pen.bars(0, -28, 110, 1, tone(pen.main, 0.75), h=6)
    with pen.at(30, 24):
        nut = pen.luck.pick(["#EAD7AC", "#C99A5E", "#6A4028"])
        pen.block(0, 0, 190, 40, 56, nut)
        for i in range(7):
            pen.oval(-80 + i * 26, -14 - i % 2 * 12, 11, 7, tone("#F3E3C0", -0.12 * (i % 2)), turn=i * 33)
        pen.poly([(-95, -40), (-95, 0), (-106, -8), (-100, -20), (-110, -30)], tone(nut, 0.15))


@motif("pantry", size=(190, 310), colours="#22303A #C4663F #E8D3A4 #35818A #6B3A5E #9E4A2C #A9B08A")
def coffee(pen: Pen) -> None:
    """A bag of coffee with a folded top."""
    d = "M-84-250L-90-14Q0 10 90-14L84-250z"
    pen.path(d, pen.main)
    pen.path("M34-250l10 254q30-4 46-18L84-250z", SHADE, 0.22)
    pen.path("M-84-250l-6 236 20 6 6-242z", LIGHT, 0.16)
    pen.poly([(-84, -250), (84, -250), (78, -290), (-78, -290)], tone(pen.main, -0.18))
    pen.poly([(-78, -290), (78, -290), (76, -302), (-76, -302)], tone(pen.main, 0.2))
    pen.line("M-92-252h184", "straw", 7)
    paper = pen.luck.pick(["cream", "manila", "white"])
    if pen.variant % 3 == 0:
        pen.rect(-90, -196, 180, 60, paper)
        pen.bars(0, -172, 130, 2, "ink", h=10, gap=20)
    else:
        pen.label(0, -200, 112, 134, paper, "cocoa", pen.second)
    pen.disc(0, -226, 6, tone(pen.main, -0.4))
    for i in range(4):
        with pen.at(-96 + i * 30 + (i // 2) * 76, 14 + i % 2 * 8, turn=i * 50):
            pen.oval(0, 0, 15, 10, "#5A3726")
            pen.line("M-12 0q12-6 24 0", "#2E1B12", 2.5)


@motif("pantry", size=(170, 250), colours="#2F4F3F #B98A2F #A83A32 #0B5563 #E8D3A4 #6B3A5E")
def tea(pen: Pen) -> None:
    """A tea caddy, painted."""
    f = pen.turned([(-176, 78), (0, 78)], pen.main)
    mark = tone(pen.main, 0.55)
    f.sheet(
        pen.cloth(
            pen.luck.pick(["leaf", "scale", "wave", "flower", "star"]),
            pen.main,
            tone(pen.main, 0.22),
            size=38,
            third=tone(pen.main, -0.2),
        )
    )
    f.band(-140, -34, pen.luck.pick(["cream", "manila"]), k=0.7)
    pen.label(0, -132, 92, 92, "cream", "ink", pen.main)
    f.hoop(-168, "gold", 6)
    f.hoop(-6, "gold", 6)
    f.lit()
    g = pen.turned([(-222, 70), (-216, 80, 1), (-176, 80)], tone(pen.main, -0.15))
    g.lit()
    pen.oval(0, -222, 70, 70 * pen.tilt, mark)
    pen.turned([(-246, 10), (-240, 15), (-224, 9)], "gold").lit()


@motif("pantry", size=(270, 200), colours="#5A3726 #3E2A24 #8A5A3A #C9A071", company=2)
def chocolate(pen: Pen) -> None:
    """A bar half out of its wrapper."""
    wrap = pen.luck.pick(["tide", "terracotta", "plum", "mustard", "sage", "blush", "indigo"])
    with pen.at(0, -12, turn=-12):
        for row in range(3):
            for col in range(5):
                x, y = -132 + col * 38, -118 + row * 38
                pen.rect(x, y, 36, 36, pen.main, r=3)
                pen.poly(
                    [
                        (x + 36, y),
                        (x + 36, y + 36),
                        (x, y + 36),
                        (x + 7, y + 29),
                        (x + 29, y + 29),
                        (x + 29, y + 7),
                    ],
                    SHADE,
                    0.35,
                )
                pen.gleam(f"M{x + 5} {y + 28}V{y + 6}h22", 3, 0.3)
        pen.path("M-8-126l14 8 8-8 10 8 10-10 10 8H140v128H-4l8-16-10-14 10-20-10-16 12-20-14-18z", "steel")
        pen.path("M16-122H140V6H18l6-30-10-20 10-22-10-20z", wrap)
        pen.label(80, -108, 86, 100, tone(wrap, 0.75), "ink", wrap)
        pen.rect(16, -8, 124, 14, SHADE, op=0.25)


@motif("pantry", size=(180, 220), colours="#A83A32 #C9822B #6B3A5E #8A9464 #C4663F")
def preserve(pen: Pen) -> None:
    """A preserving jar: jam, peppers, olives."""
    f = pen.turned([(-168, 62), (-146, 80), (-20, 82), (0, 72)], tone(pen.main, 0.12))
    f.band(-132, -4, pen.main, 0.9)
    for i in range(10):
        pen.oval(
            -60 + i * 31 % 124,
            -20 - i * 23 % 108,
            13,
            10,
            tone(pen.main, [0.2, -0.15, 0.3][i % 3]),
            turn=i * 40,
        )
    f.band(-108, -44, "cream", k=0.7)
    pen.label(0, -100, 92, 60, "cream", "ink", pen.main)
    f.lit(gloss=0.6, shade=0.14)
    lid = pen.luck.pick(["brass", "steel", "cream", "red", "black"])
    pen.turned([(-204, 66), (-170, 68)], lid).lit()
    pen.oval(0, -204, 66, 66 * pen.tilt, tone(lid, 0.35))
    if pen.luck.odds(0.5):
        pen.line("M-70-176q-18 30-6 60", "iron", 4)


@motif("pantry", size=(170, 260), colours="#B5402A #CF9B34 #8E2F2A #7A7F3A #C9822B")
def spice(pen: Pen) -> None:
    """A tin of paprika, the kind every kitchen keeps."""
    pen.block(0, 0, 140, 186, 54, pen.main)
    light = tone(pen.main, 0.78)
    pen.rect(-62, -176, 124, 166, light)
    pen.rect(-56, -170, 112, 154, pen.main)
    pen.disc(0, -112, 42, light)
    pen.path("M-22-104q6-34 40-30-4 40-40 50-6-8 0-20z", tone(pen.main, -0.15))
    pen.line("M18-134q8-8 6-18", "olive", 5)
    pen.bars(0, -48, 90, 2, light, h=8, gap=15)
    pen.rect(-70, -186, 14, 186, LIGHT, op=0.22)
    dy = 54 * (0.12 + pen.tilt * 1.6)
    pen.block(6, -186 - dy * 0.3, 116, 16, 36, "brass")
    pen.path("M-110 14q26-34 60-6 14 12 8 14-40 4-68-8z", tone(pen.main, 0.06))


@motif("pantry", size=(200, 300), colours="#E8D3A4 #C9B98E #D9BF94 #F3E6CC")
def rice_sack(pen: Pen) -> None:
    """A cloth sack of rice or pulses, tied."""
    d = "M-70-196q-30 40-30 110 0 70 16 84 84 18 168 0 16-14 16-84 0-70-30-110 10-30 26-50-40-22-90-22t-92 22q16 20 16 50z"
    pen.path(d, pen.cloth("weave", pen.main, tone(pen.main, 0.14), size=9, third=tone(pen.main, -0.1)))
    pen.path(
        "M36-190q34 60 22 194 20-2 26-6 16-14 16-84 0-70-30-110 10-30 26-50-14-8-30-12-16 30-30 68z",
        SHADE,
        0.2,
    )
    pen.line("M-72-196q72 20 144 0", pen.second if pen.second != pen.main else "red", 9)
    pen.line("M10-190q20 30 6 54M14-190q34 16 36 46", pen.second, 5)
    accent = pen.luck.pick(["red", "tide", "leaf", "indigo"])
    pen.emblem(0, -112, 32, accent)
    pen.bars(0, -56, 110, 2, accent, h=10, gap=20)
    pen.path("M-10-246q-24 12-40 46M20-248q-4 20-2 44", "none")
    pen.line("M-30-246q6 24 2 46M24-246q-10 22-6 48", tone(pen.main, -0.35), 3, op=0.6)


@motif("pantry", size=(300, 170), colours="#D9A566 #C98B4A #E5C38C #B8763E")
def biscuits(pen: Pen) -> None:
    """Polvorones, biscuits and ensaimadas on paper."""
    pen.path("M-150-4l40-44 220-6 44 40-60 32H-92z", "paper")
    pen.path("M-150-4l58 22H94l60-32-50 20z", SHADE, 0.12)
    for i, (x, y) in enumerate([(-78, -30), (0, -40), (78, -32), (-40, -14), (42, -12), (2, -66)]):
        with pen.at(x, y):
            pen.oval(0, 6, 44, 19, tone(pen.main, -0.35))
            pen.oval(0, -3, 44, 19, tone(pen.main, [0.1, -0.06, 0.2][i % 3]))
            pen.oval(-3, -6, 34, 13, tone(pen.main, 0.34), op=0.7)
            if pen.variant % 2:
                pen.line("M-24-6h4M-4-12h4M14-4h4M0 0h3", "#7D5230", 5)
            else:
                pen.line("M-20-4q10-10 20-2t18-4", "#F6EEDC", 4)


@motif("pantry", size=(340, 190), colours="#8C2F2A #A5483C #6E2A26 #B5603F", company=1)
def sausage(pen: Pen) -> None:
    """A cured sausage, tied, with slices cut on the slant."""
    pen.path("M-176-6l18-34h300l34 34z", "wood")
    pen.rect(-176, -6, 352, 18, tone("wood", -0.3), r=5)
    for place in (1, 0) if pen.variant % 3 else (0,):
        with pen.at(14 * place, -38 - 44 * place):
            hue = tone(pen.main, -0.14 * place)
            pen.path("M-150-14q-8-34 34-40 90-12 180 0 40 4 40 28 0 24-40 30-92 10-176 2-34-4-38-20z", hue)
            pen.path("M-146-8q60 22 244 2-6 20-34 26-92 10-176 2-28-4-34-30z", SHADE, 0.28)
            pen.path("M-130-40q90-18 190-6-90-2-184 18z", LIGHT, 0.22)
            pen.line(
                "M-112-36l8 4M-60-30l6 6M-6-40l8 2M44-30l6 4M-84-14l8 2M-30-12l8-2M24-16l8 4",
                "#F1E0CC",
                5,
                op=0.6,
            )
            pen.line("M-150-16l-26-12M-146-22l-30 8M104-14l24-10q20-6 22 12", "straw", 6)
            pen.line("M-104-54q-8 40 2 60M-20-58q-8 44 2 66M56-54q-6 40 2 60", "straw", 3, op=0.8)
    for i in range(4):
        with pen.at(-118 + i * 54, 4 - (i % 2) * 6):
            pen.oval(4, 4, 32, 22, SHADE, op=0.25)
            pen.oval(0, 0, 32, 22, tone(pen.main, -0.3))
            pen.oval(0, -2, 29, 19, tone(pen.main, 0.12))
            pen.line("M-16-8h5M-2 4h6M8-8h5M-12 4h4M14 4h3M0-12h3", "#F1D8C4", 6)
