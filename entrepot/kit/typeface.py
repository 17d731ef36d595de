"""The typeface of what is printed: Source Sans in two weights, and for Chinese lines the font that PDF readers carry."""

from __future__ import annotations

import io
import itertools
import unicodedata
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont

REGULAR, BOLD, CHINESE = "EntrepotSans", "EntrepotSans-Bold", "STSong-Light"
EMBEDDED = "EntrepotHan"
PICTURES = frozenset({"So", "Sk", "Cc", "Cf", "Cs", "Co", "Cn"})
_made = itertools.count(1)


@cache
def register_fonts() -> None:
    """Register Source Sans in two weights, cut from its variable font: first to our letters, which is quick."""
    import fontpkg_source_sans_3
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont as Outlines
    from fontTools.varLib.instancer import instantiateVariableFont

    folder = Path(fontpkg_source_sans_3.__file__).parent / "files"
    for name, weight in ((REGULAR, 400), (BOLD, 700)):
        outlines = Outlines(folder / "SourceSans3[wght].ttf")
        options = Options(layout_features=[], name_IDs=["*"], notdef_outline=True, hinting=False)
        letters = Subsetter(options)
        letters.populate(
            unicodes=[
                *range(0x20, 0x250),
                *range(0x370, 0x500),
                *range(0x1E00, 0x1F00),
                *range(0x2000, 0x2070),
                *range(0x20A0, 0x20C0),
                0x2116,
                0x2122,
                0x2212,
            ]
        )
        letters.subset(outlines)
        font_image = instantiateVariableFont(outlines, {"wght": weight})
        for record in font_image["name"].names:
            if record.nameID in (1, 3, 4, 6):  # readers tell fonts apart by these names
                record.string = name
        data = io.BytesIO()
        font_image.save(data)
        data.seek(0)
        pdfmetrics.registerFont(TTFont(name, data))
    pdfmetrics.registerFont(UnicodeCIDFont(CHINESE))


def is_chinese(text: str) -> bool:
    """Whether there are Chinese, Japanese or Korean letters in it: they are not in Source Sans."""
    return any("\u2e80" <= char <= "\u9fff" or "\uff00" <= char <= "\uffef" for char in text)


def font_for(text: str, bold: bool = False) -> str:
    """The font that has the glyphs; for Chinese one that the reader of the PDF must have (it is not embedded)."""
    if is_chinese(text):
        return CHINESE
    return BOLD if bold else REGULAR


def without_symbols(text: str) -> str:
    """A text without pictures and invisible signs (a star, a candle, a joiner) that Source Sans has not: nothing is lost."""
    known = _known()
    return "".join(c for c in text if ord(c) in known or unicodedata.category(c) not in PICTURES)


def letters_missing(text: str) -> str:
    """What of a text Source Sans cannot print."""
    known = _known()
    return "".join(dict.fromkeys(c for c in text if ord(c) not in known))


def _known() -> Collection[int]:
    register_fonts()
    face: Any = pdfmetrics.getFont(REGULAR)
    known: Collection[int] = face.face.charToGlyph
    return known


@contextmanager
def chinese_font(text: str) -> Iterator[str]:
    """A font made for these letters alone, to be embedded, for as long as a document is made; its name.

    From Noto Sans SC (OFL), which comes with the extra requirements/chinese.txt. Raises ModuleNotFoundError without it,
    LookupError naming the letters that it has not either.
    """
    name = f"{EMBEDDED}-{next(_made)}"
    pdfmetrics.registerFont(TTFont(name, io.BytesIO(_cut(text))))
    try:
        yield name
    finally:
        vars(pdfmetrics)["_fonts"].pop(name, None)  # reportlab forgets none by itself


@cache
def _chinese_letters() -> frozenset[int]:
    from fontTools.ttLib import TTFont as Outlines

    return frozenset(Outlines(_chinese_file(), lazy=True).getBestCmap())


def _chinese_file() -> Path:
    return Path(import_module("pylopdf_fonts_zh_cn").sans_path())


def _cut(text: str) -> bytes:
    """Noto Sans SC cut to a text's letters, its cubic outlines drawn anew as the quadratic ones that PDF writers embed."""
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont as Outlines
    from fontTools.ttLib import newTable

    if strange := {ord(char) for char in text} - _chinese_letters():
        raise LookupError("".join(map(chr, sorted(strange))))
    font = Outlines(_chinese_file(), lazy=True)
    others = ["BASE", "DSIG", "GDEF", "GPOS", "GSUB", "VORG", "vhea", "vmtx"]
    cutter = Subsetter(Options(layout_features=[], notdef_outline=True, hinting=False, drop_tables=others))
    cutter.populate(text=text + " ")
    cutter.subset(font)
    order, drawn = font.getGlyphOrder(), {}
    for name, glyph in ((name, font.getGlyphSet()[name]) for name in order):
        pen = TTGlyphPen(None)
        glyph.draw(Cu2QuPen(pen, 1.0, reverse_direction=True))
        drawn[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, drawn
    for name, (width, _) in list(font["hmtx"].metrics.items()):
        drawn[name].recalcBounds(font["glyf"])
        font["hmtx"].metrics[name] = (width, getattr(drawn[name], "xMin", 0) or 0)
    limits = font["maxp"]
    limits.tableVersion, limits.maxZones, limits.maxComponentElements = 0x00010000, 1, 0
    for field in (
        "TwilightPoints",
        "Storage",
        "FunctionDefs",
        "InstructionDefs",
        "StackElements",
        "SizeOfInstructions",
    ):
        setattr(limits, f"max{field}", 0)
    font["post"].formatType, font["post"].extraNames, font["post"].mapping = 2.0, [], {}
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 6):
            record.string = EMBEDDED
    del font["CFF "]
    font.sfntVersion = "\x00\x01\x00\x00"
    data = io.BytesIO()
    font.save(data)
    return data.getvalue()
