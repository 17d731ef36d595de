"""Still-lifes for the house: lamps, seats, cloth, light and soap."""

from __future__ import annotations

from entrepot.catalog.illustrations.pen import LIGHT, SHADE, Pen, tone
from entrepot.catalog.illustrations.stage import motif

WOODS = "#B07B4A #7D5230 #D6AD7A #4A3A30 #9E6A42"
SOFT = "#C4663F #35818A #E8D3A4 #6B3A5E #A9B08A #2F4374 #CF9B34 #DE8C6C #F3E6CC"


def _weave(pen: Pen, size: float = 40) -> str:
    kind = pen.luck.pick(
        ["stripe", "deck", "check", "zig", "star", "leaf", "plaid", "herring", "azulejo", "wave"]
    )
    return pen.cloth(
        kind,
        pen.main,
        pen.luck.pick([pen.second, tone(pen.main, 0.5), tone(pen.main, -0.3)]),
        size=size,
        third=pen.third,
    )


def _glow(pen: Pen, x: float, y: float, r: float) -> None:
    pen.disc(x, y, r, "#FFE9B0", op=0.16)
    pen.disc(x, y, r * 0.66, "#FFE9B0", op=0.2)


@motif("home", size=(240, 380), colours="#C4663F #35818A #F3E6CC #2F4374 #A9B08A #6B3A5E #CF9B34", company=2)
def table_lamp(pen: Pen) -> None:
    """A table lamp: turned foot, cloth or metal shade."""
    _glow(pen, 0, -280, 190)
    shade = pen.luck.pick(["cream", "manila", "paper", pen.second])
    foot = pen.variant % 4
    if foot == 0:
        pen.turned([(-200, 9), (-180, 22), (-120, 66), (-60, 74), (-14, 50), (0, 54)], pen.main).lit()
    elif foot == 1:
        pen.turned([(-16, 70), (0, 74)], tone(pen.main, -0.1)).lit()
        pen.turned([(-220, 8), (-16, 8)], "brass").lit()
    elif foot == 2:
        f = pen.turned([(-200, 20), (-150, 44), (0, 50)], pen.main)
        for i in range(5):
            f.hoop(-160 + i * 34, tone(pen.main, -0.25), 4)
        f.lit()
    else:
        pen.turned([(-12, 66), (0, 68)], "walnut").lit()
        for i in range(3):
            pen.turned(
                [(-64 - i * 58, 12), (-40 - i * 58, 30 - i * 4), (-14 - i * 58, 12)],
                [pen.main, pen.second, pen.main][i],
            ).lit()
    prof = [(-360, 58), (-206, 122)] if pen.variant % 3 else [(-350, 104), (-210, 116)]
    f = pen.turned(prof, shade)
    if pen.variant % 3 == 2:
        f.sheet(pen.cloth("rib", shade, tone(shade, -0.2), size=22))
    f.band(-250, -206, "#FFE2A0", 0.55)
    f.lit(gloss=0.3, shade=0.13)
    pen.oval(0, prof[0][0], prof[0][1], prof[0][1] * pen.tilt, "#FFF0C4")


@motif("home", size=(300, 380), colours="#22303A #B98A2F #35818A #C4663F #F3E6CC #7A7F3A", company=1)
def desk_lamp(pen: Pen) -> None:
    """A lamp with a jointed arm."""
    pen.turned([(-20, 74), (0, 78)], pen.main).lit()
    pen.line("M0-20L-78-180", "brass", 11)
    pen.line("M-78-180L60-312", "brass", 11)
    pen.disc(-78, -180, 15, tone(pen.main, 0.2))
    pen.poly([(70, -262), (200, -30), (20, -30)], "#FFE9B0", 0.25)
    with pen.at(66, -312, turn=-28):
        pen.turned([(-36, 22), (-16, 36), (44, 84)], pen.main).lit()
        pen.oval(0, 48, 80, 16, "#FFF0C4")
    pen.disc(60, -312, 11, "brass")


@motif(
    "home",
    size=(330, 360),
    colours="#C4663F #35818A #DDBF7E #F3E6CC #22303A #7A7F3A #6B3A5E",
    stance="hang",
    company=3,
    focus=(0, 260),
)
def pendant_lamp(pen: Pen) -> None:
    """A hanging lamp: dome, globe or woven."""
    _glow(pen, 0, 260, 180)
    pen.line("M0 0v150", "ink", 5)
    pen.turned([(140, 12), (166, 16)], "brass").lit()
    kind = pen.variant % 3
    with pen.at(0, 0):
        if kind == 0:
            f = pen.turned([(166, 22), (184, 76), (240, 136), (286, 150)], pen.main)
            f.lit()
            pen.oval(0, 286, 150, 150 * pen.tilt, tone(pen.main, -0.3))
            pen.oval(0, 288, 128, 124 * pen.tilt, "#FFF0C4")
        elif kind == 1:
            f = pen.turned([(166, 20), (190, 92), (250, 130), (310, 92), (334, 22)], "#F6EEDC")
            for y in range(186, 330, 18):
                f.hoop(y, tone("#F6EEDC", -0.2), 2.5)
            f.lit(shade=0.12)
        else:
            f = pen.turned([(166, 24), (210, 96), (290, 128), (330, 104)], pen.main)
            f.sheet(
                pen.cloth(
                    "weave", tone(pen.main, 0.1), tone(pen.main, 0.35), size=22, third=tone(pen.main, -0.3)
                )
            )
            f.lit(gloss=0.2)
            pen.oval(0, 330, 104, 104 * pen.tilt, "#FFE9B0")


@motif("home", size=(250, 400), colours=WOODS, stance="floor", company=2)
def chair(pen: Pen) -> None:
    """A chair with a rush or cloth seat."""
    w = pen.main
    back = tone(w, -0.25)
    pen.line("M-58-30V-190M84-30V-190", back, 13)
    pen.line("M-58-90H84", back, 8)
    pen.line("M-86-180L-96 0M62-180L70 0M-58-200L-78-392M84-200l-6-192", w, 16)
    style = pen.variant % 3
    if style == 0:
        pen.line("M-76-372H80M-72-322H80M-66-272H82", w, 17)
    elif style == 1:
        pen.path("M-80-396q80-24 160 0l2 60q-80-22-158 0z", w)
        pen.line("M-40-344l8 136M4-348v140M48-344l-4 136", w, 9)
    else:
        pen.path(
            "M-78-388q80-20 158 0l4 130q-80-14-152 0z",
            pen.luck.pick(["tide", "terracotta", "mustard", "sage", "plum"]),
        )
        pen.path("M30-396q30 2 50 8l4 130q-30-6-54-6z", SHADE, 0.2)
    pen.line("M-92-80H66", w, 9)
    seat = pen.luck.pick(["straw", "straw", "tide", "terracotta", "plum"])
    pen.poly(
        [(-104, -178), (-64, -216), (96, -216), (76, -178)],
        pen.cloth("weave", seat, tone(seat, 0.2), size=14, third=tone(seat, -0.2)),
    )
    pen.path("M-104-178H76v14H-102z", tone(seat, -0.35))


@motif("home", size=(230, 300), colours=WOODS, stance="floor", company=2)
def stool(pen: Pen) -> None:
    """A stool."""
    w = pen.main
    pen.line("M-30-220L-50-20M44-220l24 200", tone(w, -0.3), 14)
    pen.line("M-70-230L-96 0M74-230L96 0", w, 17)
    pen.line("M-84-100H84", w, 11)
    pen.line("M-46-70H56", tone(w, -0.3), 8)
    kept, pen.tilt = pen.tilt, max(pen.tilt, 0.22)
    top = pen.luck.pick([w, "straw", "terracotta", "tide", "mustard", "cream"])
    f = pen.turned([(-258, 108), (-232, 106)], top)
    f.lit(gloss=0)
    pen.oval(
        0,
        -258,
        108,
        108 * pen.tilt,
        pen.cloth("weave", tone(top, 0.2), tone(top, 0.35), size=16, third=tone(top, -0.1))
        if top == "straw"
        else tone(top, 0.25),
    )
    pen.tilt = kept


@motif("home", size=(390, 290), colours=WOODS, stance="floor", company=1)
def side_table(pen: Pen) -> None:
    """A table: round, or with a drawer."""
    w = pen.main
    if pen.variant % 2:
        pen.line("M-96-200L-140-20M110-200l46 180", tone(w, -0.35), 13)
        kept, pen.tilt = pen.tilt, max(pen.tilt, 0.2)
        pen.line("M-60-210L-92 0M60-210L92 0", w, 16)
        f = pen.turned([(-240, 180), (-218, 178)], w)
        f.lit(gloss=0)
        pen.oval(0, -240, 180, 180 * pen.tilt, pen.cloth("wood", tone(w, 0.18), tone(w, -0.2), size=60))
        pen.tilt = kept
    else:
        pen.rect(-120, -180, 15, 150, tone(w, -0.4))
        pen.rect(150, -180, 15, 160, tone(w, -0.4))
        pen.poly(
            [(-176, -220), (-130, -262), (186, -262), (166, -220)],
            pen.cloth("wood", tone(w, 0.2), tone(w, -0.2), size=56),
        )
        pen.rect(-176, -220, 342, 20, tone(w, 0.05))
        pen.rect(-160, -200, 312, 62, tone(w, -0.16))
        pen.rect(-110, -190, 210, 44, tone(w, 0.02), r=3)
        pen.disc(-5, -168, 9, "brass")
        pen.rect(-162, -200, 20, 200, w)
        pen.rect(132, -200, 20, 200, tone(w, -0.12))
    if pen.luck.odds(0.6):
        with pen.at(40, -246):
            pen.turned([(-64, 16), (-40, 34), (0, 24)], pen.luck.pick(["terracotta", "teal", "cream"])).lit()
            pen.line("M0-62q-10-50-40-70M2-62q8-60 34-84", "leaf", 5)
            pen.oval(-42, -134, 12, 22, "leaf", turn=-40)
            pen.oval(38, -148, 12, 24, "sage", turn=28)


@motif("home", size=(440, 300), colours=SOFT, stance="lie", company=1)
def rug(pen: Pen) -> None:
    """A rug from above, with its fringe."""
    cloth = _weave(pen, pen.luck.pick([52, 70, 90]))
    border = pen.luck.pick([pen.second, tone(pen.main, -0.35), pen.third])
    pen.rect(-198, -128, 412, 276, SHADE, op=0.2)
    pen.line(
        "M-216-132h0" + "".join(f"M{x}-{y}h-20" for x in (-206,) for y in range(-130, 131, 20) if y >= 0),
        "cream",
        5,
    )
    for side in (-1, 1):
        d = "".join(f"M{side * 204} {y}h{side * 24}" for y in range(-130, 132, 13))
        pen.line(d, "cream", 4)
    pen.rect(-208, -138, 416, 276, border)
    pen.rect(-188, -118, 376, 236, tone(border, 0.5))
    pen.rect(-178, -108, 356, 216, cloth)
    if pen.variant % 3 == 0:
        pen.path("M0-92L150 0 0 92-150 0z", border, 0.85)
        pen.path("M0-62L100 0 0 62-100 0z", pen.main)
        pen.path("M0-34L54 0 0 34-54 0z", pen.third)


@motif("home", size=(320, 290), colours=SOFT, company=2)
def cushion(pen: Pen) -> None:
    """A plump cushion."""
    d = "M-146-252q20-22 60-8 86 16 172 0 40-14 58 8 12 20-4 58-12 66 0 130 14 40-4 56-20 18-58 6-80-14-160 0-44 12-62-8-14-18 0-56 14-64 0-128-14-38-2-58z"
    pen.path(d, _weave(pen, pen.luck.pick([36, 54, 72])))
    pen.path(
        "M86-260q40-14 58 8 12 20-4 58-12 66 0 130 14 40-4 56-20 18-58 6-40-8-80-8 120-60 88-250z",
        SHADE,
        0.22,
    )
    pen.path("M-120-240q40 30 28 96-30-30-28-96zM110-30q-40-10-70-40 50 0 70 40z", SHADE, 0.15)
    pen.path("M-100-236q60 14 130 6-80 24-120 90-20-60-10-96z", LIGHT, 0.2)
    if pen.variant % 3 == 0:
        for x, y in ((-146, -250), (144, -250), (-144, -6), (140, -6)):
            pen.disc(x, y, 12, pen.second)
            pen.line(f"M{x} {y}l{-8 if x < 0 else 8} 34M{x} {y}l{-18 if x < 0 else 18} 26", pen.second, 6)


@motif("home", size=(340, 250), colours=SOFT, company=1)
def blanket(pen: Pen) -> None:
    """Blankets folded in a pile."""
    rise = 0.0
    hues = [pen.main, pen.second, pen.third]
    for i in range(3 if pen.variant % 2 else 2):
        h = 84 if i == 0 else 68
        hue = hues[i]
        kind = pen.luck.pick(["plaid", "stripe", "herring", "knit", "check", "zig"])
        cloth = pen.cloth(kind, hue, tone(hue, 0.4), size=34, third=tone(hue, -0.3))
        x = -160 + i * 8
        pen.path(f"M{x} {-rise:.0f}q-18-{h / 2:.0f} 0-{h}h300q26 {h / 2:.0f} 0 {h}z", cloth)
        pen.path(f"M{x + 250} {-rise:.0f}h50q26-{h / 2:.0f} 0-{h}h-60q16 {h / 2:.0f} 10 {h}z", SHADE, 0.22)
        pen.line(f"M{x - 4} {-rise - h / 2:.0f}q150 10 312 0", tone(hue, -0.4), 4, op=0.6)
        pen.line(f"M{x} {-rise - 3:.0f}h304", SHADE, 5, op=0.3)
        if i == 0:
            pen.line("".join(f"M{x + 8 + j * 15} {-rise - 2:.0f}v22" for j in range(20)), tone(hue, 0.3), 4)
        rise += h


@motif("home", size=(300, 250), colours="#F3E6CC #35818A #A9B08A #DE8C6C #2F4374 #E8D3A4 #A77B98", company=1)
def towel(pen: Pen) -> None:
    """Towels rolled and folded."""
    hues = [pen.main, pen.second, pen.main]
    for i, (x, y) in enumerate(((-70, -52), (78, -52), (4, -142))):
        hue = hues[i]
        with pen.at(x, y):
            pen.disc(0, 0, 62 if i < 2 else 56, tone(hue, -0.12))
            r = 62 if i < 2 else 56
            pen.path(f"M0-{r}h70q30 {r} 0 {2 * r}H0z", tone(hue, -0.26))
            pen.line(f"M50-{r}q30 {r} 0 {2 * r}", tone(hue, 0.45), 8)
            pen.disc(0, 0, r, hue)
            pen.line("M6 0a10 10 0 1 1-12-10 24 24 0 1 1-20 28 40 40 0 1 1 62-8", tone(hue, -0.3), 5)
            pen.ring(0, 0, r - 5, r - 5, tone(hue, 0.4), 5, op=0.6)


@motif("home", size=(190, 230), colours="#E8D3A4 #C4663F #35818A #6B3A5E #F3E6CC #22303A #A9B08A")
def candle(pen: Pen) -> None:
    """A candle in a glass or a pot."""
    _glow(pen, 0, -216, 110)
    f = pen.turned([(-168, 78), (-8, 78), (0, 72)], pen.main)
    if pen.variant % 3 == 0:
        f.band(-150, -18, pen.cloth("star", pen.main, tone(pen.main, 0.4), size=36, third=pen.second))
    else:
        f.band(-120, -38, "cream", k=0.7)
        pen.label(0, -114, 92, 76, "cream", "ink", pen.second)
    f.lit(gloss=0.42)
    pen.oval(0, -168, 78, 78 * pen.tilt, tone(pen.main, 0.3))
    pen.oval(0, -166, 70, 66 * pen.tilt, "#F6E7C4")
    pen.line("M0-166v-18", "#3A2A24", 4)
    pen.path("M0-228q20 26 2 46-22-16-2-46z", "#E8A03C")
    pen.path("M1-208q9 14 1 24-10-8-1-24z", "#FFF3C8")


@motif("home", size=(300, 170), colours="#A9B08A #EBC4AE #E8D3A4 #C9A0A8 #8FB0AE #F3E6CC #6F8A6A", company=1)
def soap(pen: Pen) -> None:
    """Bars of soap, stamped and banded."""
    band = pen.luck.pick(["paper", "manila", "tide", "plum"])
    with pen.at(-26, 0):
        pen.block(0, 0, 200, 70, 80, pen.main)
        pen.rect(-40, -70, 80, 70, band)
        dx, dy = 80 * (0.25 + pen.yaw), 80 * (0.12 + pen.tilt * 1.6)
        pen.poly([(-40, -70), (40, -70), (40 + dx, -70 - dy), (-40 + dx, -70 - dy)], tone(band, 0.25))
        pen.emblem(0, -36, 19, "ink" if band in ("paper", "manila") else "cream")
        with pen.at(dx * 0.3, -70 - dy * 0.3):
            pen.block(6, 0, 180, 62, 66, pen.second)
            pen.rect(-66, -46, 124, 30, tone(pen.second, -0.14), r=15)
            pen.bars(-4, -30, 84, 1, tone(pen.second, 0.4), h=9)
    for x, y, r in ((118, -14, 15), (140, -2, 9), (112, 8, 7)):
        pen.disc(x, y, r, "#F6F4EC", op=0.75)
        pen.ring(x, y, r, r, "foam", 2)


@motif("home", size=(220, 260), colours="#C9822B #A9B08A #EBC4AE #35818A #F3E6CC #6B3A5E #22303A")
def cream(pen: Pen) -> None:
    """Cosmetics: a jar, a dropper or a pump."""
    kind = pen.variant % 3
    if kind == 0:
        f = pen.turned([(-110, 94), (-8, 94), (0, 84)], pen.main)
        f.band(-90, -24, "cream", k=0.74)
        pen.label(0, -86, 116, 62, "cream", "ink", pen.second)
        f.lit(gloss=0.45)
        lid = pen.luck.pick(["wood", "black", "white", "brass"])
        pen.turned([(-162, 96), (-112, 98)], lid).lit()
        pen.oval(0, -162, 96, 96 * pen.tilt, tone(lid, 0.35))
    elif kind == 1:
        f = pen.turned([(-160, 20), (-140, 60), (-120, 66, 1), (-6, 66), (0, 60)], pen.main)
        f.band(-104, -24, "cream", k=0.76)
        pen.label(0, -98, 84, 74, "cream", "ink", pen.second)
        f.lit(gloss=0.5)
        pen.turned([(-196, 22), (-158, 23)], "black").lit()
        pen.turned([(-250, 8), (-236, 15), (-196, 14)], "#3A3A3E").lit()
    else:
        f = pen.turned([(-190, 58), (-8, 58), (0, 52)], pen.main)
        f.band(-158, -40, "cream", k=0.78)
        pen.label(0, -152, 76, 106, "cream", "ink", pen.second)
        f.lit(gloss=0.45)
        pen.turned([(-212, 28), (-190, 34)], "black").lit()
        pen.line("M0-212v-24", "black", 9)
        pen.path("M-16-252h40q40 2 44 20l-14 2q-8-8-34-6h-36z", "black")
    if pen.luck.odds(0.4):
        for i in range(3):
            pen.oval(112 + i * 15, -6 - i % 2 * 12, 15, 6, "leaf", turn=-40 + i * 40)


@motif("home", size=(230, 350), colours="#C4663F #35818A #F3E6CC #4A5157 #A9B08A #CF9B34 #6B3A5E", company=2)
def plant_pot(pen: Pen) -> None:
    """A pot with something growing in it."""
    kind, leaf = pen.variant % 3, pen.luck.pick(["#5C7A48", "#6F8A5E", "#3F6650", "#7A8F54"])
    if kind == 0:
        for i in range(7):
            turn = -66 + i * 22
            with pen.at(0, -140, turn=turn):
                pen.path("M0 10q-24-80 0-180 24 100 0 180z", tone(leaf, [-0.2, 0.1, 0][i % 3]))
                pen.line("M0 0v-150", tone(leaf, 0.35), 2.5)
    elif kind == 1:
        for i in range(6):
            a = -75 + i * 30
            pen.line(f"M0-130Q{a * 0.4:.0f}-220 {a * 1.3:.0f}-{270 - abs(a) * 0.8:.0f}", tone(leaf, -0.2), 5)
            with pen.at(a * 1.3, -270 + abs(a) * 0.8, turn=a * 0.9):
                pen.path(
                    "M0 26q-44-10-40-52 20-10 40 6 20-16 40-6 4 42-40 52z", tone(leaf, 0.14 * (i % 3) - 0.1)
                )
    else:
        for i in range(5):
            x = -56 + i * 28
            pen.line(f"M{x * 0.4:.0f}-130Q{x * 0.7:.0f}-200 {x}-{250 + i % 2 * 34}", leaf, 5)
            for j in range(3):
                y = -170 - j * 36
                pen.oval(x * (0.6 + 0.13 * j) - 15, y, 17, 8, tone(leaf, 0.1), turn=26)
                pen.oval(x * (0.6 + 0.13 * j) + 15, y - 12, 17, 8, tone(leaf, -0.14), turn=-26)
            pen.disc(x, -256 - i % 2 * 34, 11, pen.luck.pick(["#DE8C6C", "#A83A32", "#E8D3A4"]))
    f = pen.turned(
        [(-150, 98), (-118, 94, 1), (-117, 88, 1), (0, 64)], pen.main, open_top=True, inner="#4A3426"
    )
    if pen.luck.odds(0.5):
        f.band(
            -92,
            -42,
            pen.cloth(
                pen.luck.pick(["zig", "wave", "azulejo", "dot"]), pen.main, pen.second, size=28, third="cream"
            ),
        )
    f.lit()


@motif("home", size=(320, 200), colours=SOFT, company=1)
def bed_linen(pen: Pen) -> None:
    """A set of bed linen, folded with its ribbon."""
    cloth = _weave(pen, 30)
    pen.path("M-150 0q-22-34 0-70h296q24 36 0 70z", cloth)
    pen.path("M-140-70q-20-28 0-58h280q20 30 0 58z", tone(pen.main, 0.3))
    pen.path("M-128-128q-40-40 20-58 110-16 216 0 56 20 22 58z", cloth)
    pen.path("M80 0h66q24-34 0-70h-6q20-28 0-58 30-40-32-58-20-4-40-6 50 90 12 192z", SHADE, 0.17)
    pen.line("M-158-36q154 10 312 0M-146-98q146 8 290 0", tone(pen.main, -0.35), 3, op=0.6)
    ribbon = pen.luck.pick(["walnut", "tide", "plum", "rust"])
    pen.path("M-16-190h26V0h-26z", ribbon)
    pen.path("M-4-186q-50-50-60-14 10 22 60 14zm4 0q50-50 60-14-10 22-60 14z", tone(ribbon, 0.15))


@motif(
    "home",
    size=(260, 330),
    colours="#B07B4A #22303A #B98A2F #35818A #C4663F #F3E6CC",
    stance="hang",
    company=1,
    focus=(0, 170),
)
def mirror(pen: Pen) -> None:
    """A mirror, or a print in its frame."""
    pen.line("M-40 66L0 4l40 62", "straw", 5)
    if pen.variant % 2:
        pen.disc(10, 196, 136, SHADE, op=0.2)
        pen.disc(0, 186, 136, pen.main)
        pen.disc(0, 186, 116, "#C9D6D6")
        pen.path("M-70 278L60 88q40 20 52 66L-20 300q-30-4-50-22z", LIGHT, 0.5)
        pen.ring(0, 186, 128, 128, tone(pen.main, 0.35), 4)
    else:
        pen.rect(-100, 68, 220, 280, SHADE, op=0.2)
        pen.rect(-112, 56, 224, 280, pen.main)
        pen.rect(-98, 70, 196, 252, "paper")
        hues = [pen.second, pen.third, "mustard", "tide"]
        pen.disc(20, 160, 44, hues[0])
        pen.path("M-72 296v-70q40-50 80-10t64-20v100z", hues[1])
        pen.path("M-72 296v-30q60-30 144 0v30z", hues[3])
        pen.path("M98 70v252H-98l14-14H84V84z", SHADE, 0.12)


@motif(
    "home",
    size=(280, 330),
    colours="#C4663F #E8D3A4 #35818A #2C2C30 #A9B08A",
    stance="hang",
    company=1,
    focus=(0, 180),
)
def wall_clock(pen: Pen) -> None:
    """A wall clock."""
    pen.disc(12, 192, 140, SHADE, op=0.2)
    pen.disc(0, 180, 140, pen.luck.pick(["wood", "walnut", "brass", pen.second]))
    pen.disc(0, 180, 122, pen.main)
    ink = "cream" if pen.main in ("#2C2C30", "#35818A", "#C4663F") else "ink"
    pen.ring(0, 180, 102, 102, ink, 16, dash="5 48.4")
    pen.line("M0 180l-44-40", ink, 10)
    pen.line("M0 180l30-80", ink, 7)
    pen.disc(0, 180, 9, "terracotta" if pen.main != "#C4663F" else "cream")
    pen.path("M86 266A122 122 0 0 0 86 94q60 86 0 172z", SHADE, 0.16)
