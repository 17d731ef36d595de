"""Still-lifes of what people wear and carry."""

from __future__ import annotations

from entrepot.catalog.illustrations.pen import LIGHT, SHADE, Pen, mix, tone
from entrepot.catalog.illustrations.stage import motif

CLOTHS = "#F3E6CC #5673A3 #2F4374 #A9B08A #C4663F #6B3A5E #E8D3A4 #35818A #DE8C6C #4A5157 #CF9B34"
LEATHERS = "#8C5A3A #5A3726 #B07B4A #2C2C30 #9E4A2C #7A7F3A #0B5563"


def _hanger(pen: Pen) -> None:
    pen.line("M0 22q-16-4-12-20t26-4q4 16-14 26v14", "iron", 5)
    pen.line("M-96 76Q0 22 96 76", "wood", 11)


def _fabric(pen: Pen, plain: float = 0.34) -> str:
    """The main colour as plain cloth or woven with the second."""
    if pen.luck.odds(plain):
        return pen.main
    kind = pen.luck.pick(["stripe", "pin", "check", "plaid", "dot", "flower", "deck", "leaf", "herring"])
    mark = pen.luck.pick([tone(pen.main, 0.45), tone(pen.main, -0.25), pen.second])
    return pen.cloth(kind, pen.main, mark, size=pen.luck.pick([22, 28, 38]), third=pen.third)


@motif("wear", size=(330, 400), colours=CLOTHS, stance="hang", company=2, focus=(20, 170))
def shirt(pen: Pen) -> None:
    """A shirt on a hanger, buttoned or a tee."""
    _hanger(pen)
    cloth, tee = _fabric(pen), pen.variant % 3 == 0
    sleeve = 60 if tee else 190
    pen.path(f"M-62 58Q-130 76-150 120l-{18 if tee else 10} {sleeve}q24 18 58 14l30-70z", cloth)
    pen.path(f"M62 58Q130 76 150 120l{18 if tee else 10} {sleeve}q-24 18-58 14l-30-70z", cloth)
    pen.path(f"M62 58Q130 76 150 120l{18 if tee else 10} {sleeve}q-24 18-58 14l-30-70z", SHADE, 0.24)
    body = "M-66 54Q0 84 66 54q44 14 52 60-8 130 0 262-118 24-236 0 8-130 0-262 8-46 52-60z"
    pen.path(body, cloth)
    pen.path("M66 54q44 14 52 60-8 130 0 262-34 8-70 10 26-170 18-332z", SHADE, 0.18)
    pen.path("M-70 120q10 120-6 262l34 4q14-140-8-250zM30 200q8 90-2 188l22-2q4-90-6-186z", SHADE, 0.09)
    if tee:
        pen.line("M-50 58Q0 116 50 58", tone(pen.main, -0.3), 10)
        pen.emblem(0, 190, 44, tone(pen.main, 0.7) if pen.main != "#F3E6CC" else "tide", pen.second)
    else:
        pen.path("M-58 52L0 92 58 52 40 36Q0 60-40 36z", tone(pen.main, 0.25))
        pen.path("M-58 52l36 58L0 90zM58 52L22 110 0 90z", tone(pen.main, 0.35))
        pen.line("M0 92v296", tone(pen.main, -0.3), 2.5)
        pen.line("M0 130v250", tone(pen.main, 0.75), 8, dash="0 46")
        pen.rect(34, 140, 48, 54, tone(pen.main, -0.12), r=4, op=0.6)


@motif("wear", size=(320, 470), colours=CLOTHS, stance="hang", company=2, focus=(10, 180))
def dress(pen: Pen) -> None:
    """A summer dress on a hanger."""
    _hanger(pen)
    cloth = _fabric(pen, 0.2)
    sleeves = pen.variant % 2
    if sleeves:
        pen.path("M-60 60q-60 10-76 66l52 24 20-40zM60 60q60 10 76 66l-52 24-20-40z", cloth)
    else:
        pen.line("M-46 54l-8 40M46 54l8 40", tone(pen.main, -0.2), 12)
    d = "M-58 80Q0 116 58 80l10 40-8 66q30 120 92 244-24 26-60 18-40 14-92 2-52 12-92-2-36 8-60-18 62-124 92-244l-8-66z"
    pen.path(d, cloth)
    pen.path("M58 80l10 40-8 66q30 120 92 244-24 26-60 18-26 10-52 8 20-170-24-266z", SHADE, 0.2)
    pen.path(
        "M-20 200q-40 130-60 250l36-2q10-130 24-248zM26 200q14 130 20 250l26-4q-20-130-46-246z", SHADE, 0.1
    )
    pen.path("M-61 178h121l3 18H-66z", pen.luck.pick([tone(pen.main, -0.35), pen.second]))
    if pen.variant % 3 == 0:
        pen.line("M-134 408q134 40 268 0", tone(pen.main, 0.5), 8, op=0.8)


@motif(
    "wear",
    size=(350, 420),
    colours="#2F4374 #7A7F3A #8C5A3A #22303A #C4663F #6B3A5E #A9B08A #CF9B34",
    stance="hang",
    company=2,
    focus=(20, 180),
)
def jacket(pen: Pen) -> None:
    """A jacket: denim, wool or quilted."""
    _hanger(pen)
    cloth = pen.main
    if pen.variant % 3 == 0:
        cloth = pen.cloth("herring", pen.main, tone(pen.main, 0.14), size=20)
    elif pen.variant % 3 == 1:
        cloth = pen.cloth("scale", pen.main, tone(pen.main, -0.25), size=54)
    pen.path("M-72 60Q-140 80-154 130l-20 220q26 18 62 8l30-190z", cloth)
    pen.path("M72 60Q140 80 154 130l20 220q-26 18-62 8L82 168z", cloth)
    pen.path("M72 60Q140 80 154 130l20 220q-26 18-62 8L82 168z", SHADE, 0.28)
    pen.path("M-74 56Q0 90 74 56q40 16 48 62-6 130 4 262-126 22-252 0 10-132 4-262 8-46 48-62z", cloth)
    pen.path("M74 56q40 16 48 62-6 130 4 262-40 8-74 10 14-140 2-300z", SHADE, 0.2)
    pen.path("M-64 50L0 190l-30 30L-92 84zM64 50L0 190l30 30L92 84z", tone(pen.main, 0.16))
    pen.path("M-50 52Q0 84 50 52L0 170z", pen.luck.pick(["cream", "manila", "sage", "blush"]))
    pen.line("M0 176v212", tone(pen.main, -0.45), 4)
    for y in (226, 286, 346):
        pen.disc(14, y, 8, pen.luck.pick(["brass", "walnut"]))
    pen.line("M-96 300h56M40 300h56", tone(pen.main, -0.4), 7)
    pen.line("M-170 336q24 12 58 6M170 336q-24 12-58 6", tone(pen.main, -0.4), 5)


@motif(
    "wear",
    size=(230, 420),
    colours="#C4663F #6B3A5E #35818A #CF9B34 #2F4374 #A9B08A #A83A32 #E8D3A4",
    stance="hang",
    company=3,
    focus=(0, 220),
)
def scarf(pen: Pen) -> None:
    """A scarf over a peg, with its fringe."""
    kind = pen.luck.pick(["plaid", "stripe", "deck", "zig", "herring", "leaf", "knit"])
    cloth = pen.cloth(
        kind,
        pen.main,
        pen.luck.pick([tone(pen.main, 0.5), pen.second]),
        size=pen.luck.pick([34, 46]),
        third=pen.third,
    )
    pen.disc(0, 20, 13, "walnut")
    pen.path("M8 4q60 6 70 60l16 300q-40 14-84 4L-6 60z", cloth)
    pen.path("M8 4q60 6 70 60l16 300q-40 14-84 4L-6 60z", SHADE, 0.26)
    pen.path("M-14 6q-60 0-66 60l-22 270q50 20 100 4L14 60Q12 8-14 6z", cloth)
    pen.path("M-8 60q-10 150-20 284l26-4L14 60Q12 30 2 14z", SHADE, 0.16)
    pen.path("M-60 40q-16 150-26 300l16 4q8-160 22-300z", LIGHT, 0.18)
    fringe = tone(pen.main, -0.1)
    pen.line("M-98 340l-4 44M-82 346l-2 44M-64 348v46M-46 350l2 44M-28 348l4 44M-12 344l6 44", fringe, 6)
    pen.line("M18 366l-2 40M36 370v40M54 370l2 40M72 368l4 40M88 364l6 40", tone(fringe, -0.25), 6)


@motif("wear", size=(320, 170), colours="#DDBF7E #E9DFC8 #8C5A3A #22303A #C4663F #7A7F3A #2F4374")
def hat(pen: Pen) -> None:
    """A straw or felt hat."""
    kept, pen.tilt = pen.tilt, max(pen.tilt, 0.2)
    straw = pen.variant % 3 != 2
    fill = (
        pen.cloth("weave", pen.main, tone(pen.main, 0.2), size=11, third=tone(pen.main, -0.14))
        if straw
        else pen.main
    )
    pen.oval(0, -14, 156, 156 * pen.tilt, tone(pen.main, -0.35))
    pen.oval(0, -20, 156, 152 * pen.tilt, fill)
    pen.oval(50, -16, 104, 90 * pen.tilt, SHADE, op=0.16)
    f = pen.turned([(-142, 52), (-126, 72), (-70, 80), (-24, 86)], pen.main, fill=fill)
    f.band(-64, -26, pen.luck.pick(["ink", "tide", "plum", "terracotta", "cream"]))
    f.lit(gloss=0.2)
    pen.path("M-46-136q46 20 92 0-46 44-92 0z", SHADE, 0.2)
    pen.tilt = kept


@motif("wear", size=(300, 330), colours=LEATHERS, company=2)
def bag(pen: Pen) -> None:
    """A leather handbag."""
    low = pen.variant % 3
    if low == 0:  # tote
        pen.line("M-66-180Q-60-318 0-318T66-180", tone(pen.main, -0.25), 13)
        pen.path("M-118-190h236l20 174q0 16-16 16H-122q-16 0-16-16z", pen.main)
        pen.path("M40-190h78l20 174q0 16-16 16H50z", SHADE, 0.22)
        pen.line("M-110-178h220M-126-10h252", tone(pen.main, 0.35), 3, dash="9 7")
        pen.rect(-26, -140, 52, 34, tone(pen.main, -0.2), r=4)
        pen.emblem(0, -123, 13, "gold")
    elif low == 1:  # saddle
        pen.line("M-100-150Q-110-330 0-330t100 180", tone(pen.main, -0.3), 12)
        pen.path("M-124-150q0-30 30-30H94q30 0 30 30v104q0 46-46 46H-78q-46 0-46-46z", tone(pen.main, -0.12))
        pen.path("M-128-150q0-34 34-34H94q34 0 34 34v30q-10 76-128 78t-128-78z", pen.main)
        pen.path("M40-184h54q34 0 34 34v30q-10 66-92 76 26-70 4-140z", SHADE, 0.2)
        pen.line("M-114-120q14 62 114 64t114-64", tone(pen.main, 0.35), 3, dash="9 7")
        pen.rect(-16, -70, 32, 40, "brass", r=6)
        pen.rect(-7, -58, 14, 16, tone("brass", -0.4), r=3)
    else:  # bucket
        pen.line("M-80-190Q-70-320 0-320t80 130", tone(pen.main, -0.25), 11)
        f = pen.turned([(-200, 104), (-100, 112), (-10, 96), (0, 88)], pen.main, open_top=True)
        f.hoop(-176, tone(pen.main, -0.4), 6, dash="16 12")
        f.hoop(-30, tone(pen.main, 0.3), 3, dash="9 7")
        f.lit(gloss=0.22)
        pen.line("M0-160q-14 40-30 60M0-160q16 36 22 66", tone(pen.main, -0.4), 6)


@motif("wear", size=(330, 310), colours="#DDBF7E #C9A25A #B98A4A #E3CC96", company=2)
def palm_bag(pen: Pen) -> None:
    """A palm-leaf bag, the market kind."""
    weave = pen.cloth(
        pen.luck.pick(["weave", "herring", "zig"]),
        pen.main,
        tone(pen.main, 0.2),
        size=24,
        third=tone(pen.main, -0.2),
    )
    band = pen.luck.pick(["#8C5A3A", "#5A3726", "#2F4374", "#C4663F", "#7A7F3A"])
    pen.line("M-70-170Q-64-300 0-300t70 130", tone(band, -0.25), 12)
    pen.path("M-150-180Q0-150 150-180 140-60 96-6 0 18-96-6-140-60-150-180z", weave)
    pen.path("M60-168q50-4 90-12Q140-60 96-6q-30 8-56 10 40-60 20-172z", SHADE, 0.22)
    pen.path("M-150-180Q0-150 150-180q-2 16-6 30Q0-120-144-150q-4-14-6-30z", tone(pen.main, -0.16))
    pen.line("M-70-170Q-64-258 0-258t70 88", band, 13)
    pen.line("M-76-176v40M76-176v40", band, 16)
    if pen.variant % 2:
        for i, hue in enumerate(("#A83A32", "#CF9B34", "#35818A")):
            pen.disc(-30 + i * 26, -92 + i % 2 * 10, 15, hue)
            pen.disc(-34 + i * 26, -97 + i % 2 * 10, 5, LIGHT, op=0.5)


@motif("wear", size=(280, 190), colours=LEATHERS, company=2)
def wallet(pen: Pen) -> None:
    """A wallet, closed on another or half open."""
    pen.path(
        "M-118-6l16-120q2-12 14-10l190 18q12 2 10 14L98 4q-2 12-14 10l-190-8q-14-2-12-12z",
        tone(pen.main, -0.3),
    )
    with pen.at(0, -10):
        pen.rect(-104, -150, 60, 40, pen.luck.pick(["cream", "teal", "gold"]), r=5)
        pen.path(
            "M-124-16l20-120q2-12 14-10l184 20q12 2 10 14L86 2q-2 12-14 10l-186-12q-12-2-10-16z", pen.main
        )
        pen.path("M30-134l64 8q12 2 10 14L86 2q-2 12-14 10L0 7z", SHADE, 0.2)
        pen.line("M-108-18l18-112 180 20-18 104z", tone(pen.main, 0.4), 3, dash="9 7")
        pen.emblem(44, -34, 17, tone(pen.main, -0.35))
        pen.path(
            "M-112-50l210 18 3-20-210-20z", pen.luck.pick([pen.main, tone(pen.main, -0.3), pen.second]), 0.8
        )


@motif("wear", size=(300, 300), colours=LEATHERS, stance="lie", company=2)
def belt(pen: Pen) -> None:
    """A belt, coiled."""
    metal = pen.luck.pick(["brass", "steel"])
    pen.disc(10, 14, 132, SHADE, op=0.2)
    for r in (112, 76):
        pen.ring(0, 0, r, r, tone(pen.main, -0.3), 34)
        pen.ring(-3, -4, r, r, pen.main, 26)
        pen.ring(-3, -4, r + 9, r + 9, tone(pen.main, 0.35), 2.5, dash="9 7")
    pen.path("M-3-138h140q30 0 30 20 0 18-30 18H-3z", pen.main)
    pen.path("M-3-106h162q-8 8-22 8H-3z", SHADE, 0.25)
    pen.line("M60-118h60", tone(pen.main, -0.6), 7, dash="0 22")
    pen.rect(-50, -154, 62, 68, metal, r=10)
    pen.rect(-38, -142, 38, 44, tone(pen.main, -0.15), r=5)
    pen.line("M-46-120h56", tone(metal, -0.2), 8)
    pen.gleam("M-46-148h46", 4, 0.7)


@motif("wear", size=(360, 200), colours=LEATHERS, company=2)
def shoes(pen: Pen) -> None:
    """A pair: lace-ups, ankle boots or trainers."""
    kind, sole = pen.variant % 3, pen.luck.pick(["#3A2A24", "#E9DFC8", "#B07B4A"])
    for place in (1, 0):
        with pen.at(44 * place + 6, -30 * place, scale=0.94 if place else 1):
            hue = tone(pen.main, -0.12) if place else pen.main
            if kind == 1:
                d = "M-128-8q-10-60-2-92l-6-106q60 14 122-2l8 86q30 30 104 46 44 10 46 46v22z"
                pen.path(d, hue)
                pen.path("M-128-8q-4-24-4-44 110 26 276 16v28z", SHADE, 0.18)
                pen.path("M-60-196q24 0 46-6l6 60q-28 20-58 10z", tone(hue, -0.45))
                pen.line("M-136-200q60 14 122-2", tone(hue, 0.35), 5)
            elif kind == 0:
                d = "M-134-8q-10-50 4-104 34 14 84-4 28 44 120 60 66 8 72 34v14z"
                pen.path(d, hue)
                pen.path("M-130-112q34 14 84-4l10 14q-44 20-96 10z", tone(hue, -0.5))
                pen.path("M60-52q70 8 86 44H40q-4-30 20-44z", tone(hue, 0.12))
                pen.line("M-40-98l28 44M-18-84l26 36M4-72l26 30", tone(hue, 0.6), 5)
                pen.path("M-134-8q-2-20 0-34 130 34 280 18v16z", SHADE, 0.2)
            else:
                d = "M-136-16q-10-50 0-92 40-8 76-18 30 50 116 66 80 4 86 44z"
                pen.path(d, hue)
                pen.path("M-60-126q30 50 116 66-20 30-60 24-50-20-76-70z", tone(hue, 0.4))
                pen.path("M-110-20q30-50 84-60l22 22q-40 10-58 38z", pen.second)
                pen.line("M-40-104l30-16M-22-88l30-14M0-74l28-14", "cream", 6)
            pen.path("M-140-10H144q6 12-2 16H-132q-10-2-8-16z", sole if kind != 2 else "white")
            if kind < 2:
                pen.path("M-136 4h64v16h-60z", tone(sole, -0.4))
            else:
                pen.rect(-140, 0, 284, 12, sole, r=5)


@motif(
    "wear",
    size=(340, 170),
    colours="#E8D3A4 #2F4374 #C4663F #35818A #A83A32 #A9B08A #22303A #DE8C6C",
    company=2,
)
def espadrilles(pen: Pen) -> None:
    """Espadrilles: canvas over rope."""
    rope = pen.cloth("herring", "straw", tone("straw", -0.3), size=14)
    cloth = _fabric(pen, 0.5)
    ties = pen.variant % 2
    for place in (1, 0):
        with pen.at(40 * place, -40 * place, scale=0.94 if place else 1):
            high = 40 if ties else 0
            pen.path(
                f"M-148-{4 + high}q30-6 80 0 60 {high * 0.6:.0f} 120 {high * 0.7:.0f} 60-4 90-2l4 26H-140z"
                if ties
                else "M-148-2H146q8 16-6 24H-138q-16-4-10-24z",
                rope,
            )
            pen.path(
                f"M-140-{6 + high}q-12-40 10-76 40 10 70 0 40 50 130 62 70 8 74 30-40 4-80 0-100-20-204-16z"
                if ties
                else "M-142-4q-14-44 8-72 40 12 76-6 34 40 120 46 80 6 80 32z",
                cloth,
            )
            pen.path("M-120-76q36 8 62-4 10 16 20 24-40 16-84 2z", tone(pen.main, -0.5))
            pen.path(
                "M-142-4q-4-16-2-30 120 40 280 18 6 6 6 12z"
                if not ties
                else "M60-40q70 8 84 26-40 4-80 0-60-12-100-14 50 2 96-12z",
                SHADE,
                0.18,
            )
            if ties:
                pen.line(
                    "M-112-80q-20-50 14-80M-70-82q30-40-10-84M-124-116q40 22 66-2", tone(pen.main, -0.2), 7
                )


@motif(
    "wear",
    size=(260, 300),
    colours="#C4663F #35818A #CF9B34 #2F4374 #6B3A5E #A9B08A #A83A32 #F3E6CC",
    stance="lie",
    company=2,
)
def socks(pen: Pen) -> None:
    """A pair of socks, folded flat."""
    kind = pen.luck.pick(["stripe", "dot", "zig", "knit", "check", "star"])
    cloth = pen.cloth(
        kind,
        pen.main,
        pen.luck.pick([pen.second, tone(pen.main, 0.5)]),
        size=34,
        turn=90 if kind == "stripe" else 0,
        third=pen.third,
    )
    d = "M-60-140H24V20q60 26 86 60 10 40-36 46-60 0-110-50-24-26-24-70z"
    for place in (1, 0):
        with pen.at(-34 + 50 * place, 18 * place, turn=13 * place):
            pen.path("M-50-132H34V28q60 26 86 60 10 40-36 46-60 0-110-50-24-26-24-70z", SHADE, 0.18)
            pen.path(d, cloth)
            pen.rect(-60, -142, 84, 46, pen.second)
            pen.rect(-60, -142, 84, 46, pen.cloth("rib", pen.second, tone(pen.second, -0.3), size=14))
            pen.path("M46 34q44 24 64 46 10 40-36 46-24 0-46-8-4-50 18-84z", pen.third)
            pen.path("M-36 40q-16 0-24-36v-4q10 60 60 98-20-8-36-22z", pen.third)
            pen.path("M4-140h20V20l10 6-24 10z", SHADE, 0.18)


@motif("wear", size=(300, 130), colours="#5A3726 #22303A #C9822B #6B3A5E #7A7F3A #A83A32", company=2)
def sunglasses(pen: Pen) -> None:
    """Sunglasses, on the table."""
    lens = pen.luck.pick(["#3F4A3A", "#5A4632", "#2F4A54", "#5C3F4E"])
    round_ = pen.variant % 2
    pen.line("M-138-86L-70-130M138-86l66-46", tone(pen.main, -0.2), 11)
    for side in (-1, 1):
        with pen.at(side * 74, -58, flip=side < 0):
            d = (
                "M-56-20q10-34 56-34t60 24q8 84-52 86-60 0-64-76z"
                if not round_
                else "M0-58a58 56 0 1 1-.1 0z"
            )
            pen.path(d, pen.main)
            with pen.at(0, 1, scale=0.8):
                pen.path(d, lens)
    pen.line("M-18-76q18-20 36 0", pen.main, 12)
    for side in (-1, 1):
        pen.path(f"M{side * 74 - 34}-64q10-26 40-28l-26 62q-14-14-14-34z", LIGHT, 0.3)
    pen.gleam("M-126-80q14-24 44-28", 4, 0.5)


@motif("wear", size=(260, 260), colours="#DDB45A #BCC5C9 #C07A4E", company=1)
def ring(pen: Pen) -> None:
    """A ring in its box, or two laid together."""
    box = pen.luck.pick(["plum", "tide", "indigo", "pine", "rust"])
    pen.poly([(-110, -120), (-92, -230), (92, -230), (110, -120)], tone(box, -0.1))
    pen.poly([(-92, -132), (-80, -214), (80, -214), (92, -132)], "cream")
    pen.emblem(0, -176, 16, tone(box, 0.2))
    pen.rect(-116, -128, 232, 128, box, r=6)
    pen.rect(40, -128, 76, 128, SHADE, r=6, op=0.22)
    pen.oval(0, -128, 100, 22, "paper")
    pen.oval(0, -124, 60, 9, tone("paper", -0.25))
    pen.line("M-46-126A46 54 0 1 1 46-126", pen.main, 15)
    pen.gleam("M-44-140A46 54 0 0 1-14-178", 5, 0.8)
    stone = pen.luck.pick(["#35818A", "#A83A32", "#6B3A5E", "#F6EEDC", "#2F4374", "#7A9A6A"])
    if pen.variant % 3:
        pen.poly([(-26, -200), (-14, -216), (14, -216), (26, -200), (0, -174)], stone)
        pen.poly([(-26, -200), (-14, -216), (0, -200), (0, -174)], LIGHT, 0.4)
    else:
        pen.line("M-40-150A46 54 0 0 1 40-150", tone(pen.main, -0.35), 4, dash="4 7")


@motif("wear", size=(260, 330), colours="#DDB45A #BCC5C9 #C07A4E", stance="hang", company=1, focus=(0, 240))
def necklace(pen: Pen) -> None:
    """A necklace on a bust of linen."""
    cloth = pen.luck.pick(["#E9DFC8", "#D9C3AE", "#C9B7A4", "#A9B8B4"])
    pen.path(
        "M-40 14q40-22 80 0-4 60 14 84 58 18 80 66 10 90-24 150-50 34-110 34T-110 314q-34-60-24-150 22-48 80-66 18-24 14-84z",
        cloth,
    )
    pen.path("M20 6q12 2 20 8-4 60 14 84 58 18 80 66 10 90-24 150-34 24-74 31Q90 180 20 6z", SHADE, 0.16)
    pen.rect(-12, 344, 24, 40, "walnut")
    gem = pen.luck.pick(["#35818A", "#A83A32", "#6B3A5E", "#F6EEDC", "#7A9A6A", "#C9822B"])
    if pen.variant % 3 == 0:
        pen.line("M-44 72Q-60 210 0 246T44 72", pen.main, 15, dash="0 17")
        pen.line("M-46 72Q-62 208-2 243", LIGHT, 5, dash="0 17", op=0.6)
    else:
        pen.line("M-44 72Q-60 210 0 246T44 72", pen.main, 5)
        if pen.variant % 3 == 1:
            pen.path("M0 240l20 30-20 36-20-36z", gem)
            pen.path("M0 240l-20 30 20 6z", LIGHT, 0.45)
        else:
            pen.disc(0, 266, 25, pen.main)
            pen.emblem(0, 266, 14, tone(pen.main, -0.5))
    pen.disc(0, 242, 6, tone(pen.main, -0.3))


@motif(
    "wear",
    size=(240, 250),
    colours="#DDB45A #BCC5C9 #35818A #C4663F #6B3A5E #E9DFC8",
    stance="hang",
    company=1,
    focus=(0, 180),
)
def earrings(pen: Pen) -> None:
    """A pair of earrings on a card."""
    card = pen.luck.pick(["#F6EEDC", "#E8D3A4", "#EBC4AE", "#A9C4C2"])
    pen.line("M0 0v40", "iron", 3)
    pen.rect(-104, 40, 216, 250, SHADE, r=8, op=0.15)
    pen.rect(-112, 32, 224, 250, card, r=8)
    pen.disc(0, 52, 8, tone(card, -0.5))
    pen.bars(0, 84, 120, 1, tone(card, -0.6), h=8)
    pen.bars(0, 104, 80, 1, tone(card, -0.5), h=4)
    for x in (-48, 48):
        with pen.at(x, 136):
            pen.disc(4, 5, 8, SHADE, op=0.3)
            pen.disc(0, 0, 8, "gold")
            if pen.variant % 3 == 0:
                pen.ring(4, 56, 36, 42, SHADE, 9, op=0.2)
                pen.ring(0, 50, 36, 42, pen.main, 10)
                pen.gleam("M-32 34Q-24 14-6 10", 4, 0.7)
            elif pen.variant % 3 == 1:
                pen.path("M0 10q36 40 30 72a30 30 0 0 1-60 0q-6-32 30-72z", pen.main)
                pen.path("M6 20q24 34 22 62-4 24-26 28 16-40 4-90z", SHADE, 0.25)
                pen.ring(0, 78, 14, 14, "gold", 4)
            else:
                pen.line("M0 10v26", "gold", 4)
                pen.path("M0 34L30 66 0 112-30 66z", pen.main)
                pen.path("M0 34L30 66H-30z", LIGHT, 0.3)
                pen.line("M-18 108v22M0 114v26M18 108v22", pen.main, 5)


@motif(
    "wear",
    size=(380, 230),
    colours="#A83A32 #22303A #0B5563 #6B3A5E #F3E6CC #CF9B34 #2F4374",
    company=1,
    focus=(0, -150),
)
def fan(pen: Pen) -> None:
    """An abanico, open."""
    wood = pen.luck.pick(["#8C5A3A", "#D6AD7A", "#2C2C30", "#E9DFC8"])
    lace = tone(pen.main, 0.55)
    pen.path("M0 0L-196-92A216 216 0 0 1 196-92z", SHADE, 0.18)
    for i in range(11):
        with pen.at(0, -12, turn=-70 + i * 14):
            pen.path("M-4 0l-8-104h24L4 0z", tone(wood, -0.18 if i % 2 else 0.1))
            pen.path("M-11-96L-26-206q26-14 52 0L11-96z", tone(pen.main, -0.16 if i % 2 else 0.06))
            if pen.variant % 3 == 0:
                pen.disc(0, -164, 9, lace)
            elif pen.variant % 3 == 1:
                pen.line("M-16-140h32M-20-176h40", lace, 4)
    if pen.variant % 3 == 2:
        for i in range(3):
            with pen.at(0, -12, turn=-42 + i * 42):
                pen.oval(0, -160, 17, 17, lace)
                pen.oval(0, -160, 8, 8, "mustard")
                pen.oval(-22, -150, 13, 6, "leaf", turn=-30)
                pen.oval(22, -150, 13, 6, "leaf", turn=30)
    pen.line("M-199-96A216 216 0 0 1 199-96", mix(pen.main, "#F6EEDC", 0.5), 6, dash="10 6")
    pen.disc(0, -12, 10, "brass")
    pen.line("M0-4q14 20 4 40", pen.main, 6)


@motif(
    "wear",
    size=(280, 440),
    colours="#2F4374 #C4663F #7A7F3A #6B3A5E #CF9B34 #A83A32 #22303A #35818A",
    stance="hang",
    company=3,
    focus=(0, 200),
)
def umbrella(pen: Pen) -> None:
    """An umbrella, hung closed by its handle."""
    pen.line("M0 120V44q0-44-36-44t-36 34", pen.luck.pick(["walnut", "wood", "black"]), 17)
    cloth = _fabric(pen, 0.5)
    pen.path("M-30 120Q0 108 30 120L66 300 8 420H-8L-66 300z", cloth)
    pen.path("M10 114q12 2 20 6L66 300 8 420H-2Q50 280 10 114z", SHADE, 0.26)
    pen.path("M-20 118L-52 300-6 420-26 300z", LIGHT, 0.2)
    pen.line("M-58 262Q0 290 58 262", tone(pen.main, -0.35), 9)
    pen.disc(18, 280, 6, "brass")
    pen.line("M0 416v32", "steel", 7)


@motif("wear", size=(220, 320), colours=LEATHERS, company=2, focus=(0, -160))
def watch(pen: Pen) -> None:
    """A wrist watch around its cushion."""
    case = pen.luck.pick(["steel", "gold", "copper", "black"])
    face = pen.luck.pick(["#F6EEDC", "#22303A", "#0B5563", "#E8D3A4", "#6B3A5E"])
    ink = "cream" if face in ("#22303A", "#0B5563", "#6B3A5E") else "ink"
    pen.path("M-44-310Q0-326 44-310L54-230H-54z", pen.main)
    pen.path("M-54-90H54L44-2Q0 14-44-2z", pen.main)
    pen.path("M14-314q20 0 30 4l10 80H20zM22-90h32L44-2Q30 6 14 6z", SHADE, 0.25)
    pen.line("M-36-300l-8 64M36-300l8 64M-44-84l8 74M44-84l-8 74", tone(pen.main, 0.35), 3, dash="8 6")
    pen.rect(86, -174, 20, 26, tone(case, -0.25), r=4)
    pen.disc(0, -160, 96, tone(case, -0.3))
    pen.disc(-3, -163, 92, case)
    pen.disc(0, -160, 78, face)
    pen.ring(0, -160, 66, 66, ink, 9, dash="3 31.5")
    if pen.variant % 2:
        pen.disc(0, -128, 19, tone(face, 0.2))
        pen.ring(0, -128, 19, 19, ink, 2)
    pen.line("M0-160l-26-32", ink, 7)
    pen.line("M0-160l16-52", ink, 5)
    pen.disc(0, -160, 6, "terracotta")
    pen.path("M-66-200A78 78 0 0 1 10-237Q-40-190-66-200z", LIGHT, 0.3)


@motif(
    "wear",
    size=(300, 400),
    colours="#2F4374 #5673A3 #4A5157 #7A7F3A #C9A97A #22303A",
    stance="hang",
    company=2,
    focus=(0, 120),
)
def trousers(pen: Pen) -> None:
    """Trousers, hung by the waist."""
    cloth = pen.main if pen.variant % 2 else pen.cloth("herring", pen.main, tone(pen.main, 0.12), size=16)
    pen.line("M-70 4v22M70 4v22", "iron", 9)
    pen.path(
        "M-96 20H96q10 40 14 80l22 280q-46 14-84 2L8 150h-16L-48 382q-38 12-84-2l22-280q4-40 14-80z", cloth
    )
    pen.path("M30 20h66q10 40 14 80l22 280q-30 10-58 6Q70 200 30 20z", SHADE, 0.2)
    pen.path("M-80 80q-20 160-30 300l26 4q6-160 14-300z", LIGHT, 0.13)
    pen.rect(-96, 20, 192, 24, tone(pen.main, -0.2))
    pen.line("M-84 48q4 40-28 52M84 48q-4 40 28 52M0 44v100", tone(pen.main, 0.4), 3, dash="8 6")
    pen.disc(0, 32, 8, "brass")
