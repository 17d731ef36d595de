"""Still-lifes of electronics, play, outdoors, paper and music."""

from __future__ import annotations

from entrepot.catalog.illustrations.pen import LIGHT, SHADE, Pen, tone
from entrepot.catalog.illustrations.stage import motif

CASES = "#22303A #35818A #E8D3A4 #C4663F #BCC5C9 #A9B08A #6B3A5E #2F4374"
TOYS = "#C4663F #35818A #CF9B34 #A83A32 #5C7A48 #5673A3 #DE8C6C"
TREKS = "#7A7F3A #C4663F #35818A #2F4374 #CF9B34 #22303A #A83A32"


@motif("tech", size=(220, 330), colours=CASES)
def speaker(pen: Pen) -> None:
    """A loudspeaker: boxed in wood, or a cloth drum."""
    if pen.variant % 2:
        cloth = pen.cloth("dot", pen.main, tone(pen.main, -0.3), size=13)
        f = pen.turned([(-206, 74), (-196, 80, 1), (-12, 80), (0, 72)], pen.main, fill=cloth)
        f.band(-24, -4, tone(pen.main, -0.4))
        f.lit()
        pen.oval(0, -206, 74, 74 * pen.tilt, tone(pen.main, -0.25))
        pen.oval(0, -206, 60, 60 * pen.tilt, tone(pen.main, 0.25))
        pen.line("M-14-206h28M0-210v8", tone(pen.main, -0.4), 4)
        pen.line("M70-170q40 20 26 70", "walnut", 9)
    else:
        wood = pen.luck.pick(["#B07B4A", "#7D5230", "#D6AD7A"])
        pen.block(0, 0, 184, 290, 80, wood)
        pen.rect(-80, -278, 160, 266, pen.main, r=6)
        for y, r in ((-210, 36), (-98, 66)):
            pen.disc(0, y, r + 6, tone(pen.main, -0.35))
            pen.disc(0, y, r, tone(pen.main, 0.12))
            pen.disc(0, y, r * 0.72, tone(pen.main, -0.2))
            pen.disc(-2, y - 3, r * 0.3, tone(pen.main, 0.3))
            pen.line(
                f"M-{r * 0.6:.0f} {y - r * 0.35:.0f}A{r * 0.7:.0f} {r * 0.7:.0f} 0 0 1 0 {y - r * 0.7:.0f}",
                LIGHT,
                4,
                op=0.5,
            )


@motif("tech", size=(270, 310), colours=CASES, company=1)
def headphones(pen: Pen) -> None:
    """Headphones on a stand."""
    if pen.variant % 2:
        pen.turned([(-16, 66), (0, 70)], "wood").lit()
        pen.line("M0-16v-250", "wood", 13)
    pen.line("M-104-130Q-116-300 0-300t104 170", tone(pen.main, -0.3), 24)
    pen.line("M-100-150Q-106-296 0-298t100 148", pen.main, 15)
    pen.line("M-78-240Q-50-290 0-291", LIGHT, 5, op=0.5)
    for side in (-1, 1):
        with pen.at(side * 104, -102, flip=side < 0):
            pen.line("M0-50v-30", "steel", 9)
            pen.rect(-46, -56, 44, 112, "#3A2E2A", r=22)
            pen.rect(-16, -62, 44, 124, pen.main, r=22)
            pen.rect(8, -62, 20, 124, SHADE, r=10, op=0.25)
            pen.ring(6, 0, 9, 30, tone(pen.main, 0.45), 4)


@motif("tech", size=(180, 270), colours=CASES)
def power_bank(pen: Pen) -> None:
    """A power bank, upright, with its lights."""
    pen.block(0, 0, 140, 246, 40, pen.main)
    if pen.variant % 3 == 0:
        pen.rect(-70, -246, 140, 246, pen.cloth("rib", pen.main, tone(pen.main, -0.2), size=20))
    elif pen.variant % 3 == 1:
        pen.rect(-70, -90, 140, 90, tone(pen.main, -0.3))
    pen.emblem(0, -150, 26, tone(pen.main, 0.6))
    pen.line("M-24-40h54", "#DDE6B8", 9, dash="0 17")
    pen.bars(0, -22, 80, 1, tone(pen.main, 0.5), h=4)
    pen.rect(-70, -246, 12, 246, LIGHT, op=0.25)
    dx, dy = 40 * (0.25 + pen.yaw), 40 * (0.12 + pen.tilt * 1.6)
    pen.oval(dx / 2 - 24, -246 - dy / 2, 15, 4, "#22262A")
    pen.oval(dx / 2 + 24, -246 - dy / 2, 11, 4, "#22262A")


@motif(
    "tech",
    size=(300, 300),
    colours="#35818A #C4663F #22303A #E8D3A4 #6B3A5E #CF9B34 #F3E6CC",
    stance="lie",
    company=2,
)
def cable(pen: Pen) -> None:
    """A braided cable, coiled and strapped."""

    def coil(colour: str, w: float, dash: str = "") -> None:
        for r in (104, 84, 64):
            pen.ring(0, 0, r, r * 0.92, colour, w, dash=dash)
        pen.line("M104 0q10 70 60 96M-64 0q-20 70-86 100", colour, w, dash=dash, cap="")

    with pen.at(7, 9):
        for r in (104, 84, 64):
            pen.ring(0, 0, r, r * 0.92, SHADE, 15, op=0.16)
    coil(tone(pen.main, -0.25), 15)
    coil(pen.main, 11)
    coil(tone(pen.main, 0.45), 4, "3 6")
    for x, y, turn in ((164, 96, -34), (-150, 100, 124)):
        with pen.at(x, y, turn=turn):
            pen.rect(-10, -14, 54, 28, tone(pen.main, -0.4), r=6)
            pen.rect(44, -9, 26, 18, "steel", r=5)
    strap = pen.second
    pen.rect(-24, -122, 46, 74, strap, r=8)
    pen.emblem(0, -86, 13, tone(strap, 0.6))


@motif("tech", size=(420, 190), colours=CASES, stance="lie", company=1, focus=(-60, 0))
def keyboard(pen: Pen) -> None:
    """A keyboard from above."""
    pen.rect(-192, -70, 408, 172, SHADE, r=18, op=0.22)
    pen.rect(-204, -84, 408, 172, tone(pen.main, -0.2), r=16)
    pen.rect(-204, -88, 408, 168, pen.main, r=16)
    light = tone(pen.main, 0.55)
    rows = [13, 13, 12, 11]
    for row, count in enumerate(rows):
        y, w = -72 + row * 30, 376 / count
        keys = "".join(f"M{-188 + i * w + 3:.0f} {y}h{w - 6:.0f}v23h-{w - 6:.0f}z" for i in range(count))
        pen.path(keys, tone(light, -0.3))
        keys = "".join(f"M{-188 + i * w + 5:.0f} {y}h{w - 10:.0f}v18h-{w - 10:.0f}z" for i in range(count))
        pen.path(keys, light)
    pen.path("M-188 48h50v22h-50zM-132 48h40v22h-40zM92 48h40v22H92zM138 48h50v22h-50z", pen.second)
    pen.path("M-86 48H86v22H-86z", light)
    pen.path("M-185-72h22v18h-22z", "terracotta")
    pen.path("M150-12h36v18h-36z", pen.third)


@motif("tech", size=(170, 320), colours="#C4663F #35818A #E8D3A4 #6B3A5E #22303A #A9B08A #DE8C6C #2F4374")
def phone_case(pen: Pen) -> None:
    """A phone case, its back to us."""
    kind = pen.luck.pick(["plain", "terrazzo", "wave", "flower", "leaf", "zig", "star", "check"])
    cloth = (
        pen.main
        if kind == "plain"
        else pen.cloth(
            kind, pen.main, pen.luck.pick([tone(pen.main, 0.5), pen.second]), size=44, third=pen.third
        )
    )
    pen.rect(-66, -304, 150, 304, tone(pen.main, -0.4), r=26)
    pen.rect(-76, -306, 150, 306, cloth, r=26)
    pen.rect(-60, -290, 62, 84, tone(pen.main, -0.28), r=18)
    for x, y in ((-44, -268), (-44, -230), (-14, -249)):
        pen.disc(x, y, 13, "#1E2428")
        pen.disc(x - 3, y - 3, 5, "#7C9AA6")
    pen.path("M-50-306h30L-76-120v-60z", LIGHT, 0.16)
    pen.path("M74-280v254q0 26-26 26H10q50-120 64-280z", SHADE, 0.15)


@motif("tech", size=(380, 190), colours="#BCC5C9 #22303A #F3E6CC #C4663F #7A7F3A", company=1)
def drone(pen: Pen) -> None:
    """A small drone with its camera."""
    for x, y in ((-150, -120), (150, -120), (-176, -84), (176, -84)):
        pen.line(f"M0-90L{x} {y}", tone(pen.main, -0.25), 15)
        pen.rect(x - 11, y - 22, 22, 30, tone(pen.main, -0.35), r=5)
        pen.oval(x, y - 26, 74, 11, "steel", op=0.45)
        pen.line(f"M{x - 66} {y - 24}q66-10 132-2", tone(pen.main, 0.1), 5)
    pen.path("M-84-96q10-46 84-48t84 48q4 34-24 44H-60q-28-10-24-44z", pen.main)
    pen.path("M24-142q52 6 60 46 4 34-24 44H20q34-40 4-90z", SHADE, 0.22)
    pen.path("M-60-122q30-16 84-16-40 14-84 16z", LIGHT, 0.5)
    pen.line("M-60-50l-20 50M60-50l20 50M-96 0h34M62 0h34", tone(pen.main, -0.35), 9)
    pen.rect(-30, -60, 60, 44, "#2A3036", r=12)
    pen.disc(0, -38, 18, "#11161A")
    pen.disc(0, -38, 10, "#35607A")
    pen.disc(-5, -43, 4, "#CFE0E4")
    pen.disc(52, -98, 5, "terracotta")


@motif("play", size=(230, 310), colours=TOYS)
def robot_toy(pen: Pen) -> None:
    """A toy robot, tin and friendly."""
    pen.line("M-84-130q-40 20-34 74M84-130q40 20 34 74", "steel", 15)
    pen.disc(-118, -50, 17, pen.second)
    pen.disc(118, -50, 17, tone(pen.second, -0.2))
    for x in (-40, 42):
        pen.rect(x - 22, -56, 44, 40, "steel")
        pen.rect(x - 32, -20, 64, 22, tone(pen.second, -0.1 if x < 0 else -0.3), r=8)
    pen.block(0, -52, 150, 120, 44, pen.main)
    pen.rect(-54, -148, 108, 62, "cream", r=8)
    pen.disc(-28, -118, 15, "red")
    pen.disc(10, -118, 15, "mustard")
    pen.line("M34-130v26M44-124v20", "tide", 5)
    pen.rect(-24, -196, 56, 26, "steel")
    pen.block(0, -190, 120, 86, 40, pen.third)
    for x in (-28, 28):
        pen.disc(x, -238, 17, "cream")
        pen.disc(x + 3, -236, 9, "ink")
    pen.line("M-26-206h52", "ink", 6, dash="6 5", cap="")
    pen.line("M12-290v-24", "steel", 5)
    pen.disc(12, -318, 9, "red")


@motif("play", size=(320, 240), colours=TOYS, company=2)
def wooden_toy(pen: Pen) -> None:
    """Wooden toys: a train, a stacking tower, an animal on wheels."""
    kind = pen.variant % 3
    if kind == 0:
        pen.block(-30, -34, 190, 62, 44, pen.main)
        pen.block(54, -88, 90, 78, 40, pen.second)
        pen.rect(34, -148, 40, 36, "cream", r=4)
        pen.turned([(-160, 22), (-126, 17), (-104, 15)], pen.third).lit()
        for x, r in ((-92, 32), (-14, 32), (68, 40)):
            pen.disc(x + 5, -r + 2, r, SHADE, op=0.3)
            pen.disc(x, -r, r, "pinewood")
            pen.ring(x, -r, r * 0.72, r * 0.72, tone("pinewood", -0.3), 4)
            pen.disc(x, -r, r * 0.25, "walnut")
    elif kind == 1:
        hues = [pen.main, pen.second, pen.third, "mustard", "teal"]
        pen.turned([(-20, 110), (0, 112)], "pinewood").lit()
        for i, hue in enumerate(hues):
            r, y = 98 - i * 15, -22 - i * 38
            pen.turned([(y - 38, r - 10), (y - 19, r), (y, r - 10)], hue).lit()
        pen.turned([(-262, 14), (-238, 26), (-214, 14)], "cream").lit()
    else:
        pen.rect(-130, -44, 260, 18, "pinewood", r=9)
        pen.path(
            "M-116-60q-10-70 50-80h84q10-60 60-64 40 6 38 46-10 14-36 10 4 50-6 88h-34v-30h-90v30z", pen.main
        )
        pen.path("M84-154q4 50-6 94H44v-30h-60q60-20 100-64z", SHADE, 0.2)
        pen.disc(84, -176, 6, "ink")
        pen.path("M-112-130q-40 10-36 54 16-10 22-30z", pen.second)
        pen.line("M-50-138q40 24 84 0", pen.third, 12)
        for x in (-84, 84):
            pen.disc(x, -28, 28, pen.second)
            pen.disc(x, -28, 10, "cream")
        pen.line("M126-36q50 0 70 26", "straw", 5)
        pen.disc(200, -6, 9, "red")


@motif("play", size=(320, 300), colours=TOYS, stance="lie", company=1)
def puzzle(pen: Pen) -> None:
    """A jigsaw, nearly done."""
    w = 84
    sky, hill = pen.luck.pick(["sky", "blush", "foam"]), pen.main
    d = "M-168-126H168V42H84V126H-168z"
    with pen.at(6, 9):
        pen.path(d, SHADE, 0.25)
    with pen.inside(d):
        pen.rect(-170, -130, 340, 260, sky)
        pen.disc(70, -60, 40, "gold")
        pen.path("M-170 60Q-90-50 0 20t170-30v140h-340z", hill)
        pen.path("M-170 90q120-60 340 0v50h-340z", pen.second)
        pen.poly([(-96, 60), (-96, 4), (-62, -24), (-28, 4), (-28, 60)], "cream")
        pen.poly([(-106, 6), (-62, -34), (-18, 6)], "terracotta")
        lines = ""
        for i in range(1, 4):
            lines += f"M{-168 + i * w}-126v26q20 0 20 16t-20 16v52q-20 0-20 16t20 16v52q20 0 20 16t-20 16v40"
        for j in range(1, 3):
            lines += f"M-168 {-126 + j * w}h30q0-18 14-18t14 18h56q0 18 14 18t14-18h56q0-18 14-18t14 18h130"
        pen.line(lines, "ink", 2.5, op=0.5)
    with pen.at(140, 96, turn=16):
        pen.path("M-36-36h24q0-18 14-18t14 18h24v72h-76v-26q-20 0-20-16t20-16z", SHADE, 0.2)
        pen.path("M-40-42h24q0-18 14-18t14 18h24v72h-76V4q-20 0-20-16t20-16z", pen.second)


@motif("play", size=(260, 260), colours=TOYS, company=2)
def ball(pen: Pen) -> None:
    """A ball, for the beach or the yard."""
    kind = pen.variant % 3
    d = "M0-252a126 126 0 1 1-.1 0z"
    with pen.inside(d):
        pen.rect(-130, -256, 260, 260, "cream" if kind != 1 else pen.main)
        if kind == 0:
            for i, hue in enumerate((pen.main, pen.second, pen.third)):
                pen.path(
                    f"M-30-200Q{-150 + i * 110}-120 {-90 + i * 80} 20H{-40 + i * 80}Q{-70 + i * 110}-120-30-200z",
                    hue,
                )
            pen.oval(-30, -200, 20, 14, "cream")
        elif kind == 1:
            pen.line(
                "M-126-126q126-70 252 0M0-256q-60 130 0 260M-100-220q80 90 0 190M100-220q-80 90 0 190",
                "ink",
                6,
            )
        else:
            pen.poly([(0, -168), (40, -138), (25, -90), (-25, -90), (-40, -138)], pen.main)
            for i in range(5):
                with pen.at(0, -126, turn=i * 72):
                    pen.line("M0-42v-46", "slate", 4)
                    pen.poly([(-26, -128), (26, -128), (32, -102), (0, -86), (-32, -102)], pen.main)
        pen.path("M40-254q120 40 90 150-30 110-170 106Q100-60 40-254z", SHADE, 0.22)
        pen.oval(-52, -186, 34, 22, LIGHT, op=0.35, turn=-40)


@motif("out", size=(240, 220), colours="#22303A #A83A32 #35818A #C4663F #BCC5C9", company=2)
def bike_light(pen: Pen) -> None:
    """A bicycle light, lit."""
    pen.poly([(-60, -150), (-330, -300), (-330, 20), (-60, -60)], "#FFE9B0", 0.2)
    pen.rect(10, -60, 40, 60, "#2C2C30", r=8)
    pen.line("M-6-20q36 30 72 0", "#2C2C30", 15)
    pen.rect(-60, -170, 180, 124, pen.main, r=34)
    pen.path("M20-46h66q34 0 34-34v-56q0-34-34-34-10 80-66 124z", SHADE, 0.25)
    pen.oval(-58, -108, 34, 66, "steel")
    pen.oval(-60, -108, 27, 56, "#FFF0C4")
    pen.oval(-60, -108, 14, 32, "#FFFBEA")
    pen.rect(20, -160, 46, 15, "terracotta" if pen.main != "#C4663F" else "cream", r=7)
    pen.line("M-4-94h90M-4-78h90", tone(pen.main, -0.4), 5)


@motif("out", size=(310, 230), colours="#F3E6CC #22303A #C4663F #35818A #CF9B34 #A9B08A #A83A32", company=2)
def helmet(pen: Pen) -> None:
    """A cycling helmet."""
    pen.line("M-90-60Q-70 40-6 22 60 10 84-60", "#2C2C30", 9)
    pen.rect(-22, 10, 40, 20, "#3A3A3E", r=6)
    pen.path("M-152-60q-6-148 148-156 152 6 156 130 0 40-24 40H-130q-20 0-22-14z", pen.main)
    pen.path("M40-212q108 20 112 126 0 40-24 40H50q70-60-10-166z", SHADE, 0.22)
    for i, (x, y) in enumerate(((-104, -92), (-48, -118), (12, -124), (70, -112))):
        pen.path(f"M{x - 20} {y + 32}q-4-44 22-{62 - i * 4} 26 26 14 62z", tone(pen.main, -0.55))
    pen.path("M-120-140q30-60 110-64-60 20-92 70z", LIGHT, 0.4)
    pen.path("M-154-58H150q0 20-24 20H-134q-18-2-20-20z", pen.second)


@motif("out", size=(330, 190), colours="#6B3A5E #35818A #C4663F #A9B08A #2F4374 #DE8C6C", company=2)
def yoga_mat(pen: Pen) -> None:
    """A mat, rolled and strapped."""
    cloth = pen.cloth("dot", pen.main, tone(pen.main, -0.16), size=12)
    pen.path("M-100-130H130q30 60 0 124H-100z", cloth)
    pen.path("M-100-40H144q-4 22-14 34H-100z", SHADE, 0.26)
    pen.path("M-100-128H132l6 20H-100z", LIGHT, 0.2)
    pen.path("M-100-6q140 10 250 6l40-8q-30-20-60-20z", tone(pen.main, 0.15))
    pen.disc(-100, -68, 62, tone(pen.main, 0.28))
    pen.line(
        "M-96-68a12 12 0 1 1-14-10 26 26 0 1 1-22 28 42 42 0 1 1 66-10 58 58 0 1 1-2-40",
        tone(pen.main, -0.3),
        5,
    )
    for x in (0, 80):
        pen.path(f"M{x}-131h20q26 62 0 126h-20q26-62 0-126z", pen.second)
    pen.line("M20-128q40-70 80 0", pen.second, 11)


@motif("out", size=(420, 280), colours=TREKS, stance="floor", company=1)
def tent(pen: Pen) -> None:
    """A tent, pitched."""
    pen.line("M-204 4l44-60M204 4l-30-60", "straw", 4)
    pen.path("M-180 0Q-130-160-20-250 110-170 190-4z", pen.main)
    pen.path("M-20-250Q110-170 190-4L70 0Q60-130-20-250z", SHADE, 0.25)
    pen.path("M-180 0Q-130-160-20-250-70-120-84 0z", LIGHT, 0.16)
    pen.path("M-84 0Q-70-120-20-250 60-130 70 0z", tone(pen.main, -0.12))
    pen.path("M-60 0Q-44-110-12-200 30-110 44 0z", "#2A2628")
    pen.path("M-60 0Q-44-110-12-200-20-100-10 0z", pen.second)
    pen.path("M-14 0h58Q30-80 14-130-4-60-14 0z", "#FFE2A0", 0.3)
    pen.line("M-180 0Q-130-160-20-250 110-170 190-4", tone(pen.main, -0.4), 5)


@motif("out", size=(260, 360), colours=TREKS, company=2)
def backpack(pen: Pen) -> None:
    """A rucksack."""
    pen.line("M-30-318q30-36 60 0", tone(pen.main, -0.35), 13)
    pen.path("M-116-30q-20-230 40-282 76-22 152 0 60 52 40 282-6 30-36 30H-80q-30 0-36-30z", pen.main)
    pen.path("M40-318q20 2 36 6 60 52 40 282-6 30-36 30H20q80-120 20-318z", SHADE, 0.2)
    pen.path(
        "M-104-210q104 30 208 0l2-30q-10-50-30-72-76-22-152 0-20 22-30 72z",
        pen.luck.pick([tone(pen.main, -0.2), pen.second]),
    )
    leather = pen.luck.pick(["#8C5A3A", "#5A3726", "#B07B4A"])
    for x in (-52, 52):
        pen.rect(x - 10, -226, 20, 106, leather, r=5)
        pen.rect(x - 15, -176, 30, 26, "brass", r=4)
        pen.rect(x - 8, -169, 16, 12, leather)
    pen.rect(-86, -124, 172, 108, tone(pen.main, 0.1), r=18)
    pen.rect(24, -124, 62, 108, SHADE, r=18, op=0.16)
    pen.line("M-76-92h152", tone(pen.main, -0.4), 4, dash="9 6")
    pen.rect(-26, -72, 52, 34, leather, r=4)
    pen.emblem(0, -55, 12, "gold")


@motif(
    "out",
    size=(250, 370),
    colours="#35818A #C4663F #22303A #E8D3A4 #6B3A5E #7A7F3A #CF9B34 #8C5A3A",
    company=2,
)
def suitcase(pen: Pen) -> None:
    """A suitcase: shell on wheels or old leather."""
    if pen.variant % 3:
        pen.line("M-44-290v-76h88v76", "steel", 9)
        pen.line("M-48-366h96", "black", 15)
        pen.rect(-110, -296, 220, 284, pen.main, r=28)
        pen.rect(-110, -296, 220, 284, pen.cloth("rib", pen.main, tone(pen.main, -0.14), size=44), r=28)
        pen.path("M50-296h32q28 0 28 28v228q0 28-28 28H50z", SHADE, 0.2)
        pen.line("M-94-270v232", LIGHT, 9, op=0.25)
        for x in (-76, 76):
            pen.rect(x - 14, -12, 28, 12, "iron")
            pen.disc(x, 0, 11, "black")
        pen.disc(40, -250, 22, pen.second)
        pen.rect(-70, -110, 66, 40, "cream", r=4)
        pen.emblem(-37, -90, 14, "terracotta", "tide")
    else:
        pen.line("M-40-216q40-44 80 0", tone(pen.main, -0.4), 15)
        pen.rect(-128, -210, 256, 210, pen.main, r=16)
        pen.rect(60, -210, 68, 210, SHADE, r=16, op=0.2)
        for x in (-90, 62):
            pen.rect(x, -210, 28, 210, tone(pen.main, -0.35))
            pen.rect(x - 3, -150, 34, 26, "brass", r=4)
        pen.line("M-118-198h236v186h-236z", tone(pen.main, 0.35), 3, dash="9 7")
        pen.disc(0, -80, 34, "cream")
        pen.emblem(0, -80, 20, "tide")


@motif(
    "tech",
    size=(260, 320),
    colours="#C4663F #35818A #22303A #E8D3A4 #6B3A5E #CF9B34 #A9B08A #A83A32",
    company=3,
)
def notebook(pen: Pen) -> None:
    """A notebook leaning, with its elastic."""
    kind = pen.luck.pick(["plain", "plain", "grid", "flower", "wave", "terrazzo", "leaf", "check"])
    pen.poly([(110, -296), (130, -288), (130, 6), (110, 0)], "#E5DAC0")
    pen.line("M116-290v290M123-288v290", tone("#E5DAC0", -0.25), 2)
    pen.rect(-110, -300, 222, 300, tone(pen.main, -0.35), r=10)
    fill = (
        pen.main
        if kind == "plain"
        else pen.cloth(kind, pen.main, tone(pen.main, 0.35), size=46, third=tone(pen.main, -0.25))
    )
    pen.rect(-112, -302, 220, 300, fill, r=10)
    pen.rect(-112, -302, 36, 300, pen.luck.pick([tone(pen.main, -0.3), pen.second]))
    if pen.variant % 2:
        pen.rect(68, -302, 14, 300, pen.second)
    pen.rect(-44, -236, 96, 64, "cream", r=4)
    pen.bars(4, -214, 66, 2, "ink", h=6, gap=20)
    pen.poly([(30, -302), (108, -302), (108, -2), (70, -2)], SHADE, 0.12)
    pen.path("M30-2v40l10-10 10 10V-2z", pen.third)


@motif(
    "tech",
    size=(330, 110),
    colours="#22303A #A83A32 #0B5563 #7D5230 #6B3A5E #7A7F3A",
    stance="lie",
    company=2,
)
def fountain_pen(pen: Pen) -> None:
    """A fountain pen on a written page."""
    with pen.at(0, 0, turn=-8):
        pen.rect(-134, -150, 290, 310, SHADE, op=0.16)
        pen.rect(-144, -160, 290, 310, "paper")
        d = "".join(
            f"M-112 {y}q10-12 20 0t20 0 20-3 20 3 20 0 20-2 20 2 {20 if y < 60 else 4} 0"
            for y in range(-120, 120, 34)
        )
        pen.line(d, "#4A5A78", 4, op=0.75)
    with pen.at(20, 14, turn=-42):
        pen.rect(-160, 4, 330, 30, SHADE, r=15, op=0.22)
        pen.rect(-66, -19, 216, 38, pen.main, r=17)
        pen.path("M-66-17l-70 10v14l70 10z", tone(pen.main, -0.3))
        pen.path("M-136-8l-52 8 52 8z", "gold")
        pen.line("M-186 0h40", "ink", 2)
        pen.rect(20, -20, 15, 40, "gold")
        pen.rect(56, -25, 80, 9, "gold", r=4)
        pen.path("M-60 6h206q-6 12-14 13H-60z", SHADE, 0.3)
        pen.gleam("M-56-10H10M44-10h8", 5, 0.5)


@motif(
    "tech",
    size=(250, 330),
    colours="#6B3A5E #0B5563 #C4663F #CF9B34 #2F4374 #7A7F3A #A83A32 #22303A",
    company=3,
)
def book(pen: Pen) -> None:
    """A book, standing; the cover is a small print."""
    pen.poly([(100, -310), (132, -298), (132, 8), (100, 0)], "#EFE6D0")
    pen.line("M110-304v306M121-300v306", tone("#EFE6D0", -0.2), 2)
    pen.rect(-104, -314, 206, 314, pen.main, r=4)
    pen.rect(-104, -314, 20, 314, SHADE, op=0.3)
    kind, light = pen.variant % 4, tone(pen.main, 0.72)
    if kind == 0:
        pen.disc(10, -150, 62, light)
        pen.path("M-84-120q60-60 110-20t76-20v110H-84z", pen.second)
        pen.path("M-84-80q80-30 186 10v40H-84z", tone(pen.main, -0.3))
    elif kind == 1:
        pen.rect(-64, -210, 146, 150, pen.cloth("azulejo", light, pen.second, size=49, third=pen.third))
    elif kind == 2:
        pen.emblem(9, -136, 62, light, pen.second)
    else:
        for i in range(5):
            pen.path(
                f"M-84 {-200 + i * 34}q50-26 94 0t92 0v26h-186z", [pen.second, light, pen.third][i % 3], 0.85
            )
    pen.bars(9, -276, 150, 2, light, h=15, gap=28)
    pen.bars(9, -26, 90, 1, light, h=7)
    pen.poly([(40, -314), (102, -314), (102, 0), (76, 0)], SHADE, 0.13)


@motif("out", size=(300, 330), colours="#35818A #C4663F #7A7F3A #A83A32 #CF9B34", stance="lie", company=1)
def garden_tool(pen: Pen) -> None:
    """A trowel and fork, or secateurs, on sacking."""
    for place, x in enumerate((-62, 66)):
        with pen.at(x, 0, turn=-9 + 18 * place):
            pen.rect(-9, 22, 34, 140, SHADE, r=15, op=0.22)
            pen.rect(-17, 14, 34, 140, "wood", r=15)
            pen.rect(3, 14, 14, 140, SHADE, r=7, op=0.2)
            pen.rect(-17, 96, 34, 26, pen.main if place == 0 else pen.second)
            pen.line("M0 16v-36", "iron", 11)
            if place == 0:
                pen.path("M-46-40q-6-80 46-128 52 48 46 128-20 24-46 24t-46-24z", "steel")
                pen.path("M0-168q52 48 46 128-20 24-46 24z", tone("steel", -0.3))
            else:
                pen.line("M-40-150v92q0 34 40 36 40-2 40-36v-92M0-160v136", "steel", 13)
                pen.line("M-43-146v90", LIGHT, 4, op=0.6)
    pen.oval(-6, 150, 26, 13, "#5C7A48", turn=-24)
    pen.oval(26, 156, 22, 10, "#7A8F54", turn=30)


@motif(
    "play",
    size=(220, 430),
    colours="#C98B4A #8C4A2A #B5643A #D9A566",
    stance="hang",
    company=1,
    focus=(0, 320),
)
def guitar(pen: Pen) -> None:
    """A Spanish guitar, hung by its head."""
    pen.rect(-20, 4, 40, 52, "walnut", r=5)
    pen.line("M-22 18h44M-22 32h44M-22 46h44", "cream", 5)
    pen.rect(-13, 54, 26, 170, "#3A2620")
    pen.line("M-13 84h26M-13 112h26M-13 138h26M-13 162h26M-13 184h26", "steel", 2)
    pen.path(
        "M0 206q62-4 74 42 6 34-12 56 40 22 38 70-10 66-100 66T-100 374q-2-48 38-70-18-22-12-56 12-46 74-42z",
        tone(pen.main, -0.4),
    )
    pen.path(
        "M-4 210q58-4 68 38 6 34-12 56 38 22 36 68-10 60-92 62T-96 372q-2-46 36-68-18-22-12-56 12-42 68-38z",
        pen.main,
    )
    pen.path("M40 222q60 30 12 82 38 22 36 68-8 52-80 60 70-90 32-210z", SHADE, 0.17)
    pen.disc(0, 286, 36, pen.luck.pick(["#A83A32", "#0B5563", "#CF9B34"]))
    pen.ring(0, 286, 32, 32, "cream", 4, dash="4 4")
    pen.disc(0, 286, 26, "#2A1A14")
    pen.rect(-13, 214, 26, 50, "#3A2620")
    pen.rect(-44, 364, 88, 17, "#3A2620", r=4)
    pen.line("M-8 56v316M-3 56v316M3 56v316M8 56v316", "#F0E6D0", 1.5)
    pen.gleam("M-78 356q-4-22 20-40M-58 250q8-20 28-24", 6, 0.4)


@motif("play", size=(300, 200), colours="#5A3726 #2C2C30 #9E4A2C #7D5230", company=1)
def castanets(pen: Pen) -> None:
    """A pair of castanets on their cord."""
    cord = pen.luck.pick(["red", "mustard", "tide", "plum"])
    for x, y, turn in ((66, -66, 24), (-62, -62, -18)):
        with pen.at(x, y, turn=turn):
            pen.path(
                "M-70-8q-2-62 44-64l10-26h34l8 26q46 4 44 64-6 66-70 68-64-2-70-68z", tone(pen.main, -0.35)
            )
            with pen.at(-4, -6):
                pen.path("M-70-8q-2-62 44-64l10-26h34l8 26q46 4 44 64-6 66-70 68-64-2-70-68z", pen.main)
                pen.oval(0, 4, 40, 38, tone(pen.main, -0.22))
                pen.oval(-5, 0, 34, 32, tone(pen.main, 0.12))
                pen.path("M-54-20q6-36 34-42-18 20-18 44z", LIGHT, 0.35)
            pen.disc(-6, -84, 5, "ink")
            pen.disc(12, -84, 5, "ink")
    pen.line("M-86-142q80-70 176 0M-74-146q70-40 150 4", cord, 9)
    pen.line("M0-176q-30 60-8 96t-10 74", cord, 8)
    pen.line("M-20-6l-8 24M-16-4v26M-10-6l8 24", cord, 5)


@motif(
    "home",
    size=(380, 190),
    colours="#C4663F #A9B08A #5673A3 #E8D3A4 #6B3A5E #4A5157",
    stance="floor",
    company=1,
)
def pet_bed(pen: Pen) -> None:
    """A pet's bed, sometimes with its owner."""
    inner = pen.luck.pick(["cream", "manila", pen.second])
    pen.path(
        "M-184-50q-6-78 64-88 120-20 240 0 70 10 64 88-2 50-60 52H-124q-58-2-60-52z", tone(pen.main, -0.2)
    )
    pen.oval(0, -84, 132, 38, tone(inner, -0.15))
    pen.oval(0, -78, 122, 30, pen.cloth("dot", inner, tone(inner, -0.2), size=22))
    if pen.variant % 2:
        fur = pen.luck.pick(["#8C5A3A", "#4A4A4E", "#D9B98A", "#E9DFC8"])
        pen.path("M-96-70q-6-60 66-66 80-4 116 36 20 24 0 36z", fur)
        pen.path("M-20-70q80 10 110-10 6-16-6-24 14 30-104 34z", SHADE, 0.25)
        with pen.at(-62, -104):
            pen.path("M-44 8l2-54 24 20q20-6 36 0l20-22 4 52q-4 34-42 34t-44-30z", fur)
            pen.line("M-24 2q6 6 12 0M10 2q6 6 12 0M-6 16l4 5 5-5", "ink", 4)
    pen.path(
        "M-184-50q-8-46 26-70-6 60 60 72 96 14 196 0 66-12 60-72 34 24 26 70-2 50-60 52H-124q-58-2-60-52z",
        pen.main,
    )
    pen.path("M98-48q66-12 60-72 34 24 26 70-2 50-60 52H20q90-4 78-50z", SHADE, 0.2)
    pen.line("M-140-20q140 30 280 0", tone(pen.main, 0.4), 3, dash="10 8")


@motif("pantry", size=(190, 240), colours="#A83A32 #35818A #E8D3A4 #7A7F3A #CF9B34", company=3)
def gift_box(pen: Pen) -> None:
    """A hamper or gift box with its ribbon: assortments."""
    pen.block(0, 0, 170, 140, 80, pen.main)
    fill = pen.cloth(
        pen.luck.pick(["star", "stripe", "dot", "check"]),
        pen.main,
        tone(pen.main, 0.3),
        size=30,
        third=tone(pen.main, -0.3),
    )
    pen.rect(-85, -140, 170, 140, fill)
    dx, dy = 80 * (0.25 + pen.yaw), 80 * (0.12 + pen.tilt * 1.6)
    pen.block(0, -132, 184, 34, 86, tone(pen.main, 0.1))
    ribbon = pen.second
    pen.rect(-16, -166, 32, 166, ribbon)
    pen.poly(
        [(-16, -166), (16, -166), (16 + dx * 1.05, -166 - dy * 1.05), (-16 + dx * 1.05, -166 - dy * 1.05)],
        tone(ribbon, 0.2),
    )
    with pen.at(dx / 2, -166 - dy / 2):
        pen.path("M0 0q-70-60-84-14 6 34 84 14zm0 0q70-60 84-14-6 34-84 14z", ribbon)
        pen.path("M0 0q-40-30-60-8 10 16 60 8zm0 0q40-30 60-8-10 16-60 8z", SHADE, 0.25)
        pen.disc(0, -2, 13, tone(ribbon, 0.25))
