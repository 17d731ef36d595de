"""Photos: sizes made once, nothing but pixels kept, and what is no picture refused."""

from __future__ import annotations

import io
import zlib
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image, PngImagePlugin

from entrepot.catalog.commands import add_media, remove_media
from entrepot.catalog.errors import PictureRefused
from entrepot.catalog.pictures import store_picture
from entrepot.catalog.queries import products_by_id
from entrepot.kit.errors import NotFound
from tests import make


def photo(width: int = 800, height: int = 600, kind: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(out, kind, **options)
    return out.getvalue()


def files(base: str) -> list[Path]:
    return sorted(Path(settings.MEDIA_ROOT).glob(f"{base}-*"))


def test_sizes_are_made_once_and_never_larger_than_the_photo() -> None:
    stored = store_picture(photo())
    assert stored.widths == (160, 320, 640)
    made = files(stored.base)
    assert len(made) == 6
    times = [path.stat().st_mtime_ns for path in made]
    assert store_picture(photo()) == stored
    assert [path.stat().st_mtime_ns for path in files(stored.base)] == times
    with Image.open(made[0]) as smallest:
        assert smallest.size == (160, 120)
    assert store_picture(photo(90, 40)).widths == (90,)


def test_nothing_but_pixels_is_kept() -> None:
    exif = Image.Exif()
    exif[0x010E] = "<?php system($_GET['c']); ?>"
    exif[0x0112] = 6  # turned on its side
    stored = store_picture(photo(800, 600, exif=exif) + b"<script>alert(1)</script>")
    assert (stored.width, stored.height) == (600, 800)
    for path in files(stored.base):
        body = path.read_bytes()
        assert b"<?php" not in body
        assert b"<script>" not in body
        assert b"Exif" not in body
    info = PngImagePlugin.PngInfo()
    info.add_text("comment", "x" * 100, zip=True)
    assert all(
        b"xxx" not in path.read_bytes() for path in files(store_picture(photo(kind="PNG", pnginfo=info)).base)
    )


def flood() -> bytes:
    """A tiny PNG that says it has 10,000 million pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")

    size = (100_000).to_bytes(4, "big")
    head = chunk(b"IHDR", size + size + bytes([8, 2, 0, 0, 0]))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"GIF89a/*" + b"\0" * 40,
        photo()[:4000],
        flood(),
        b"\xff\xd8\xff\xe0" + b"\0" * 100,
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n",
    ],
    ids=["empty", "svg", "html", "gif", "torn", "flood", "head only", "eps"],
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(PictureRefused):
        store_picture(content)


@pytest.mark.django_db
def test_a_photo_hangs_once_and_on_ones_own_product_only() -> None:
    mine, other = make.seller(), make.seller()
    product = make.product(mine)
    ctx = make.staff(mine)
    first = add_media(ctx, product_id=product, content=photo(), alt={"es": "Una taza"})
    assert add_media(ctx, product_id=product, content=photo()) == first
    with pytest.raises(NotFound):
        add_media(make.staff(other), product_id=product, content=photo(300, 300))
    [view] = products_by_id([product])[product].media
    assert view.alt == {"es": "Una taza"}
    assert (Path(settings.MEDIA_ROOT) / view.path(300)).exists()
    assert view.path(300).endswith("-320.webp")
    with pytest.raises(NotFound):
        remove_media(make.staff(other), media_id=first)
    remove_media(ctx, media_id=first)
    assert products_by_id([product])[product].media == ()


@pytest.mark.django_db
def test_photos_are_served_for_ever_and_nothing_beside_them(client: Client) -> None:
    stored = store_picture(photo())
    answer = client.get(f"/media/{stored.base}-320.webp")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/webp"
    assert "immutable" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert Image.open(io.BytesIO(b"".join(answer))).size == (320, 240)
    for path in (
        f"{stored.base}-321.webp",
        "../secrets.json",
        "%2e%2e/secrets.json",
        f"{stored.base}-320.svg",
        "aa/",
    ):
        assert client.get(f"/media/{path}").status_code == 404
