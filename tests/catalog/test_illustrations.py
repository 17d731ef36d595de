"""The drawn pictures: the same everywhere, small, well-formed, harmless, and as many as the shop needs."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from entrepot.catalog.illustrations import MOTIFS, VIEWS, draw

SVG = "{http://www.w3.org/2000/svg}"
ALLOWED = {
    "svg", "g", "path", "rect", "circle", "ellipse", "clipPath", "pattern", "linearGradient", "stop",
}  # fmt: skip


def test_there_is_a_motif_for_every_kind_of_goods() -> None:
    assert len(MOTIFS) >= 60
    assert len(set(MOTIFS)) == len(MOTIFS)


@pytest.mark.parametrize("motif", MOTIFS)
def test_every_motif_is_small_well_formed_and_safe(motif: str) -> None:
    for view in range(VIEWS):
        for dark in (False, True):
            text = draw(motif, f"seed-{view}", title="Aceite", view=view, dark=dark)
            root = ElementTree.fromstring(text)
            assert root.get("role") == "img"
            assert root.get("viewBox") == "0 0 640 640"
            names = {element.tag.removeprefix(SVG) for element in root.iter()}
            assert names <= ALLOWED
            assert len(text) <= 7_800
            assert "NaN" not in text
            assert "inf" not in text
            for element in root.iter():
                assert not [name for name in element.attrib if name.startswith("on") or "href" in name]
            known = {element.get("id") for element in root.iter() if element.get("id")}
            assert set(re.findall(r"url\(#(\w+)\)", text)) <= known


def test_most_pictures_weigh_little() -> None:
    sizes = sorted(len(draw(motif, "w", title="x", view=view)) for motif in MOTIFS for view in range(VIEWS))
    assert sizes[int(len(sizes) * 0.95)] <= 6_300


def test_the_same_seed_draws_the_same_picture_and_others_differ() -> None:
    from entrepot.catalog.illustrations import _body

    first = draw("olive_oil", "prd_1", title="Aceite")
    _body.cache_clear()
    assert draw("olive_oil", "prd_1", title="Aceite") == first
    assert len({draw("bowl", f"prd_{i}", title="Cuenco") for i in range(24)}) == 24
    assert len({draw("bowl", "prd_1", title="Cuenco", view=view) for view in range(VIEWS)}) == VIEWS


@pytest.mark.parametrize(
    "title",
    [
        '"><script>alert(1)</script>',
        "a\x00b\x1f",
        "Tom & Jerry's <b>",
        "]]>",
        "\ud83c\udf4b 柠檬",
        "x" * 5_000,
    ],
)
def test_a_hostile_title_stays_text(title: str) -> None:
    text = draw("tile", "prd_1", title=title)
    root = ElementTree.fromstring(text.encode("utf-8", "surrogatepass").decode("utf-8", "replace"))
    assert root.get("aria-label") == "".join(char for char in title if char.isprintable())
    assert "<script" not in text


def test_ids_do_not_clash_on_a_page() -> None:
    pages = [draw("shirt", f"prd_{i}", title="Camisa", view=view) for i in range(12) for view in range(2)]
    ids = [key for page in pages for key in re.findall(r' id="(\w+)"', page)]
    assert len(ids) == len(set(ids))


def test_an_unknown_motif_is_refused() -> None:
    with pytest.raises(KeyError):
        draw("unicorn", "1", title="x")
