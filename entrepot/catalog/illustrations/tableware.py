"""Still-lifes for table and kitchen: clay, glaze, steel and wood."""

from __future__ import annotations

from entrepot.catalog.illustrations.pen import LIGHT, SHADE, Form, Pen, light_of, tone
from entrepot.catalog.illustrations.stage import motif

GLAZES = "#35818A #F3E6CC #C4663F #2F4374 #A9B08A #E8D3A4 #6B3A5E #A9C4C2"


def _glaze(pen: Pen, form: Form, top: float, low: float) -> None:
    """One of the potter's ways: dipped, banded, painted, speckled, tiled."""
    way, other = pen.variant % 6, pen.second
    span = low - top
    if way == 0:
        form.band(top + span * 0.5, low, tone("#C99A6B", 0.1))
        form.hoop(top + span * 0.5, tone(pen.main, -0.3), 5)
    elif way == 1:
        for i in range(3):
            form.hoop(top + span * (0.2 + 0.22 * i), other, 9)
    elif way == 2:
        form.band(
            top + span * 0.22,
            top + span * 0.66,
            pen.cloth("azulejo", "white", "indigo", size=30, third="mustard"),
        )
        form.hoop(top + span * 0.2, "indigo", 4)
        form.hoop(top + span * 0.68, "indigo", 4)
    elif way == 3:
        form.sheet(pen.cloth("terrazzo", pen.main, tone(pen.main, -0.3), size=30, third=tone(pen.main, 0.45)))
    elif way == 4:
        form.band(
            top + span * 0.16,
            top + span * 0.62,
            pen.cloth("leaf", pen.main, other, size=32, third=tone(pen.main, -0.2)),
        )
    else:
        form.band(top, top + span * 0.3, tone(pen.main, -0.28))
        form.hoop(top + span * 0.3, tone(pen.main, 0.4), 4)


@motif("table", size=(300, 160), colours=GLAZES)
def bowl(pen: Pen) -> None:
    """A bowl, glazed inside."""
    kept, pen.tilt = pen.tilt, max(pen.tilt, 0.22)
    pen.turned([(-14, 56), (0, 54)], tone("#C99A6B", -0.1)).lit()
    f = pen.turned([(-136, 146), (-90, 134), (-46, 104), (-12, 60)], pen.main)
    _glaze(pen, f, -128, -12)
    f.lit()
    f.mouth(-136, 146, tone(pen.main, -0.22), 0.94)
    t = pen.tilt
    pen.path(
        f"M-136-136a136 {136 * t:.0f} 0 0 0 272 0q-20 {136 * t * 0.5:.0f}-136 {136 * t * 0.5:.0f}t-136-{136 * t * 0.5:.0f}z",
        LIGHT,
        0.22,
    )
    pen.ring(0, -132, 90, 90 * t * 0.9, tone(pen.main, 0.3), 4, op=0.7)
    pen.tilt = kept


@motif("table", size=(210, 180), colours=GLAZES)
def cup(pen: Pen) -> None:
    """A cup, with or without its saucer."""
    kept, pen.tilt = pen.tilt, max(pen.tilt, 0.2)
    if pen.variant % 2 == 0:
        pen.oval(0, -2, 128, 128 * pen.tilt, tone(pen.main, -0.3))
        pen.oval(0, -8, 128, 126 * pen.tilt, pen.main)
        pen.ring(0, -10, 92, 90 * pen.tilt, tone(pen.main, -0.22), 5)
    pen.ring(86, -88, 36, 40, tone(pen.main, -0.18), 17)
    prof = (
        [(-156, 84), (-90, 82), (-34, 70), (-10, 50)]
        if pen.variant % 3
        else [(-150, 78), (-20, 78), (-8, 70)]
    )
    f = pen.turned(prof, pen.main)
    _glaze(pen, f, -150, -14)
    f.lit()
    y, r = prof[0][:2]
    f.mouth(y, r, pen.luck.pick(["#4A2A1C", "#4A2A1C", "#7A5A2C", tone(pen.main, -0.3)]), 0.91)
    if pen.luck.odds(0.35):
        pen.line(f"M-18 {y - 26}q-12-22 2-40t0-38M20 {y - 26}q-12-22 2-40t0-38", LIGHT, 6, op=0.5)
    pen.tilt = kept


@motif("table", size=(320, 240), colours=GLAZES, company=1)
def plate(pen: Pen) -> None:
    """A plate standing on edge, its painting towards us; others stacked before it."""
    with pen.at(0, -140):
        pen.disc(8, 6, 140, SHADE, op=0.25)
        pen.disc(0, 0, 140, pen.main)
        rim = pen.variant % 4
        if rim == 0:
            pen.ring(0, 0, 116, 116, pen.second, 26, dash="13 10")
        elif rim == 1:
            pen.disc(0, 0, 130, pen.cloth("azulejo", "white", "indigo", size=46, third="mustard"))
        elif rim == 2:
            pen.ring(0, 0, 122, 122, pen.second, 9)
            pen.ring(0, 0, 106, 106, pen.third, 4)
        else:
            pen.disc(0, 0, 132, pen.cloth("leaf", pen.main, pen.second, size=44, third=pen.third))
        pen.disc(0, 0, 88, tone(pen.main, 0.24))
        pen.ring(0, 0, 88, 88, tone(pen.main, -0.25), 3, op=0.6)
        mark = (
            pen.second
            if abs(light_of(pen.second) - light_of(pen.main)) > 0.25
            else tone(pen.main, -0.55 if light_of(pen.main) > 0.5 else 0.8)
        )
        pen.emblem(0, 0, 46, mark)
        pen.path("M99 99A140 140 0 0 0 99-99q50 100 0 198z", SHADE, 0.22)
        pen.gleam("M-108-66A126 126 0 0 1-60-110", 9, 0.5)
    if pen.variant % 2:
        for i in range(3):
            pen.oval(70, 14 - i * 11, 120, 24, tone(pen.main, -0.3))
            pen.oval(70, 8 - i * 11, 120, 24, [pen.second, pen.main, pen.third][i])
        pen.oval(70, -15, 84, 14, tone(pen.third, 0.25))


@motif("table", size=(300, 300), colours="#35818A #2F4374 #C4663F #7A7F3A #6B3A5E #CF9B34", company=1)
def tile(pen: Pen) -> None:
    """Hand-painted tiles, one leaning on a set."""
    kind = pen.luck.pick(["azulejo", "star", "scale", "flower"])
    with pen.at(-6, 0):
        pen.poly([(-140, -4), (-120, -272), (148, -284), (152, -8)], SHADE, 0.2)
        face = pen.cloth(kind, "white", pen.main, size=134, third=pen.second)
        with pen.at(-134, -272):
            pen.rect(0, 0, 268, 268, tone("white", -0.2), r=4)
            pen.rect(0, 0, 262, 262, face, r=4)
            pen.line("M131 0v262M0 131h262", tone("white", -0.3), 3, op=0.7)
            pen.poly([(0, 0), (120, 0), (0, 200)], LIGHT, 0.25)
    for i in range(3):
        pen.block(96, 18 - i * 18, 120, 16, 56, [pen.main, pen.second, "white"][i])


@motif("table", size=(190, 320), colours=GLAZES)
def vase(pen: Pen) -> None:
    """A vase or a water jug."""
    way = pen.variant % 4
    if way == 0:
        prof = [(-230, 34), (-206, 28), (-150, 78), (-84, 96), (-24, 66), (0, 50)]
    elif way == 1:
        prof = [(-250, 44), (-216, 30), (-180, 34), (-110, 74), (-40, 70), (0, 54)]
    elif way == 2:
        prof = [(-216, 26), (-196, 24), (-176, 66), (-100, 88), (-30, 78), (0, 62)]
        pen.ring(66, -166, 34, 44, tone(pen.main, -0.15), 15)
    else:
        prof = [(-236, 58), (-120, 66), (-24, 60), (0, 50)]
    top, mouth = prof[0][:2]
    for i in range(3 if way != 2 else 0):
        bend = -46 + i * 46
        pen.line(
            f"M0 {top}Q{bend * 0.3:.0f} {top - 50} {bend} {top - 86 + abs(bend) * 0.4:.0f}", "#6B7448", 4
        )
        pen.oval(
            bend, top - 92 + abs(bend) * 0.4, 12, 22, ["#B5552F", "#D8A05A", "#8A9464"][i], turn=bend * 0.7
        )
    f = pen.turned(prof, pen.main)
    _glaze(pen, f, top + 30, -6)
    f.lit()
    pen.oval(0, top, mouth, mouth * pen.tilt, tone(pen.main, 0.3))
    pen.oval(0, top, mouth * 0.84, mouth * pen.tilt * 0.8, tone(pen.main, -0.5))
    if way in (0, 2) and pen.luck.odds(0.4):
        pen.line(f"M-{mouth - 4} {top + 8}q-70 20-52 100", tone(pen.main, -0.1), 15)


@motif("table", size=(330, 90), colours="#7D5230 #22303A #B07B4A #9E4A2C #0B5563", stance="lie", company=2)
def knife(pen: Pen) -> None:
    """A kitchen knife on a board."""
    with pen.at(0, 0, turn=-34):
        if pen.variant % 2:
            pen.rect(-150, -104, 316, 216, SHADE, r=16, op=0.22)
            pen.rect(-158, -112, 316, 216, "#C8955E", r=16)
            pen.rect(-158, -112, 316, 216, pen.cloth("wood", "#C8955E", "#8C5A3A", size=54), r=16)
            pen.disc(132, -84, 11, "#8C5A3A")
        pen.path("M-196 6L40-34v62q-150 20-236-22z", SHADE, 0.25)
        pen.path("M-200-4Q-120-42 40-44V18Q-110 30-200-4z", "steel")
        pen.path("M-200-4Q-110 4 40 0V18Q-110 30-200-4z", tone("steel", 0.55))
        if pen.variant % 3 == 0:
            pen.line("M-160-12q60-16 190-16", tone("steel", -0.25), 3, dash="22 6 9 6", cap="")
        pen.path("M40-44h12v62H40z", "brass")
        pen.path("M52-42q60 6 120-4 26 0 28 26 0 24-20 32-30-8-128 6z", pen.main)
        pen.path("M52-2q70 2 146-12-2 18-18 26-30-8-128 6z", SHADE, 0.3)
        for i in range(3):
            pen.disc(84 + i * 40, -14, 6, "brass")


@motif("table", size=(440, 170), colours="#2C2C30 #A83A32 #35818A #4A5157 #C07A4E", company=1)
def pan(pen: Pen) -> None:
    """A frying pan or a casserole."""
    kept, pen.tilt = pen.tilt, max(pen.tilt, 0.24)
    if pen.variant % 2:
        for side in (-1, 1):
            pen.ring(side * 138, -84, 26, 15, tone(pen.main, -0.2), 13)
        f = pen.turned([(-106, 134), (-14, 130), (0, 118)], pen.main)
        f.lit()
        pen.oval(0, -106, 138, 138 * pen.tilt, tone(pen.main, 0.25))
        g = pen.turned([(-142, 40), (-124, 108), (-108, 132)], pen.main)
        g.lit(gloss=0.3)
        pen.turned([(-176, 20), (-164, 24), (-146, 12)], pen.luck.pick(["brass", "steel", "walnut"])).lit()
    else:
        with pen.at(-74):
            grip = pen.luck.pick(["walnut", "black", "wood"])
            pen.path("M104-50l170-40q18-2 18 12 0 10-14 14L110-26z", grip)
            pen.path("M108-34l172-38q8-2 12-6 0 10-14 14L110-26z", SHADE, 0.3)
            f = pen.turned([(-62, 136), (-16, 122), (0, 104)], pen.main)
            f.lit()
            f.mouth(-62, 136, tone(pen.main, -0.3), 0.93)
            pen.oval(0, -50, 112, 112 * pen.tilt, tone(pen.main, -0.15))
            pen.path(f"M-100-50a100 {100 * pen.tilt:.0f} 0 0 1 80-20q-60 6-80 20z", LIGHT, 0.25)
    pen.tilt = kept


@motif("table", size=(360, 360), colours="#3A3D40 #2C2C30 #8A9196", stance="lie", company=1)
def paella_pan(pen: Pen) -> None:
    """A paella pan from above, sometimes with supper in it."""
    for side in (-1, 1):
        pen.line(
            f"M{side * 152}-46q{side * 60} 46 0 92", pen.luck.pick(["#A83A32", "#A83A32", "#B98A2F"]), 15
        )
    pen.disc(12, 14, 172, SHADE, op=0.28)
    pen.disc(0, 0, 172, tone(pen.main, 0.22))
    pen.disc(0, 0, 160, tone(pen.main, -0.1))
    if pen.variant % 3:
        pen.disc(0, 0, 148, "#DDA73E")
        pen.disc(0, 0, 148, pen.cloth("terrazzo", "#DDA73E", "#F0CE7C", size=26, third="#B97F28"))
        for i in range(6):
            with pen.at(turn=i * 60 + pen.variant * 7):
                if i % 2:
                    pen.path("M30-92q34-30 62-4-30 6-46 30-16-8-16-26z", "#22303A")
                    pen.path("M40-90q24-18 42-2-22 6-34 20z", "#E8A05C")
                else:
                    pen.line("M40-80q40-30 66 10", "#D9704A", 15)
                    pen.line("M102-68l14-6M104-64l12 6", "#D9704A", 4)
                pen.line("M12-40l42-14", "#A83A32", 9)
                pen.oval(70, 10, 9, 6, "#6B8A4A")
                pen.oval(104, 40, 8, 6, "#6B8A4A")
        pen.path("M-10-24a26 26 0 0 1 40 30z", "#F0D65C")
        pen.path("M-6-18a18 18 0 0 1 30 22z", "#FBF1B8")
    else:
        pen.disc(0, 0, 148, pen.cloth("dot", tone(pen.main, 0.08), tone(pen.main, -0.2), size=22))
        pen.path("M-104-104A147 147 0 0 1 60-134Q-60-100-104-104z", LIGHT, 0.4)
    pen.ring(0, 0, 166, 166, tone(pen.main, 0.5), 4)


@motif("table", size=(260, 260), colours="#35818A #A83A32 #E8D3A4 #BCC5C9 #2C2C30 #C07A4E #7A7F3A", company=1)
def kettle(pen: Pen) -> None:
    """A kettle."""
    pen.path("M84-110q50-20 66-76l22-8-2 22q-8 70-66 104z", tone(pen.main, -0.15))
    f = pen.turned([(-170, 58), (-140, 86), (-60, 112), (-14, 110), (0, 98)], pen.main)
    if pen.variant % 3 == 0:
        f.band(-110, -40, pen.cloth("flower", pen.main, "cream", size=46, third="mustard"), k=0.8)
    else:
        f.hoop(-36, tone(pen.main, -0.3), 5)
    f.lit(gloss=0.42)
    pen.turned([(-190, 34), (-172, 60)], tone(pen.main, -0.12)).lit()
    pen.turned([(-212, 12), (-202, 15), (-190, 8)], "black").lit()
    grip = pen.luck.pick(["black", "walnut", "wood"])
    pen.line("M-84-140Q-90-256 0-258T84-140", "iron", 8)
    pen.line("M-58-232Q-30-260 0-259T58-232", grip, 20)
    pen.gleam("M-50-236Q-26-258 0-258", 4, 0.4)


@motif("table", size=(290, 300), colours="#BCC5C9 #C4663F #22303A #35818A #E8D3A4 #A83A32")
def moka_pot(pen: Pen) -> None:
    """A moka pot, faceted."""

    def facet(top: float, low: float, a: float, b: float, colour: str) -> None:
        cuts = (-1, -0.42, 0.36, 1)
        for i, by in enumerate((0.25, 0.0, -0.24)):
            pen.poly(
                [(cuts[i] * a, top), (cuts[i + 1] * a, top), (cuts[i + 1] * b, low), (cuts[i] * b, low)],
                tone(colour, by),
            )

    pen.path("M74-252h52q16 0 14 18l-14 92q-4 18-22 16l-4-18 20-90H78z", "black")
    facet(-108, 0, 54, 84, "steel" if pen.variant % 2 else pen.main)
    facet(-128, -106, 62, 62, "steel")
    facet(-252, -128, 78, 56, pen.main)
    pen.poly([(-78, -252), (-104, -256), (-70, -206)], tone(pen.main, 0.2))
    pen.poly([(-80, -252), (80, -252), (40, -282), (-40, -282)], tone(pen.main, 0.12))
    pen.poly([(16, -252), (80, -252), (40, -282), (12, -282)], SHADE, 0.25)
    pen.turned([(-306, 9), (-296, 14), (-282, 8)], "black").lit()
    pen.disc(-10, -58, 9, "brass")
    pen.gleam("M-62-236l8 92M-52-96l-16 84", 6, 0.55)


@motif("table", size=(120, 330), colours="#35818A #C4663F #22303A #A9B08A #6B3A5E #CF9B34 #BCC5C9")
def flask(pen: Pen) -> None:
    """A flask or a drinking bottle."""
    f = pen.turned([(-270, 34), (-240, 50), (-8, 52), (0, 46)], pen.main)
    if pen.variant % 3 == 0:
        f.band(
            -150,
            -40,
            pen.cloth(
                pen.luck.pick(["wave", "zig", "scale", "leaf"]),
                pen.main,
                tone(pen.main, 0.35),
                size=34,
                third=tone(pen.main, -0.25),
            ),
        )
    elif pen.variant % 3 == 1:
        f.band(-90, 0, tone(pen.main, -0.35))
    pen.emblem(0, -176, 22, tone(pen.main, 0.75))
    f.lit(gloss=0.4)
    lid = pen.luck.pick(["black", "steel", "wood", "cream"])
    pen.ring(0, -312, 24, 20, tone(lid, -0.1), 9) if pen.variant % 2 else None
    pen.turned([(-308, 36), (-270, 37)], lid).lit()


@motif("table", size=(240, 260), colours="#CFE0DC #A9C4C2 #DDB45A #C9A0A8 #8FB0AE")
def glasses(pen: Pen) -> None:
    """Drinking glasses, blown by hand."""
    for place, (x, y, s) in enumerate(((58, -22, 0.86), (-46, 0, 1.0))):
        with pen.at(x, y, scale=s):
            hue = pen.main if place else pen.second
            prof = (
                [(-170, 58), (-90, 56), (-10, 44), (0, 38)]
                if pen.variant % 2
                else [(-200, 44), (-150, 58), (-96, 40), (-84, 7), (-14, 7), (-6, 46, 1), (0, 48)]
            )
            f = pen.turned(prof, hue)
            low = prof[-1][0] if pen.variant % 2 else -92
            f.band(-120, low - 6, pen.luck.pick(["#8E2F3A", "#C9822B", "#F3E6CC", hue]), 0.75, k=0.92)
            f.lit(gloss=0.7, shade=0.1)
            y0, r0 = prof[0][:2]
            pen.oval(0, y0, r0, r0 * pen.tilt, tone(hue, 0.7))
            pen.oval(0, y0, r0 * 0.88, r0 * pen.tilt * 0.85, tone(hue, -0.12))


@motif("table", size=(320, 220), colours="#B07B4A #C8955E #7D5230 #D6AD7A", company=1)
def board(pen: Pen) -> None:
    """A cutting board with bread or herbs."""
    pen.poly(
        [(-160, -26), (-110, -92), (150, -92), (164, -26)],
        pen.cloth("wood", pen.main, tone(pen.main, -0.3), size=46),
    )
    pen.rect(-160, -27, 324, 22, tone(pen.main, -0.28), r=4)
    pen.poly([(60, -92), (150, -92), (164, -26), (84, -26)], SHADE, 0.12)
    pen.oval(-104, -76, 14, 6, tone(pen.main, -0.55))
    with pen.at(20, -44):
        pen.shadow(80)
        pen.path("M-100 0q-20-64 40-82 76-16 130 14 34 26 14 68z", "#B97A3E")
        pen.path("M50-78q44 14 40 78h-40q24-40 0-78z", "#EBD3A2")
        pen.line("M-62-70q20 18 16 46M-24-80q18 18 14 52M14-80q16 18 12 50", "#E5C48E", 9)
        pen.path("M-100 0q-8-22-2-42 60 30 160 20v22z", SHADE, 0.2)
