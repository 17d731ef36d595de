"""The typeface of what is printed: Source Sans in two weights, and for Chinese lines the font that PDF readers carry."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont

REGULAR, BOLD, CHINESE = "EntrepotSans", "EntrepotSans-Bold", "STSong-Light"


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
            unicodes=[*range(0x20, 0x250), *range(0x370, 0x500), *range(0x2010, 0x2040), 0x20AC, 0x2122]
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


def font_for(text: str, bold: bool = False) -> str:
    """The font that has the glyphs: Chinese, Japanese and Korean letters are not in Source Sans."""
    if any("\u2e80" <= char <= "\u9fff" or "\uff00" <= char <= "\uffef" for char in text):
        return CHINESE
    return BOLD if bold else REGULAR
