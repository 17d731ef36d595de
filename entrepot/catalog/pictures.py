"""Photos are taken apart and made anew: what is stored is our own encoding of the pixels, and nothing else of the file.

A file that only looks like a picture (polyglots, SVG or HTML under another name, pixel floods) does not pass.
"""

from __future__ import annotations

import hashlib
import io
import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageOps, UnidentifiedImageError

from entrepot.catalog.errors import PictureRefused
from entrepot.kit.errors import Sentence

WIDTHS = (160, 320, 640, 1280)
FORMATS = ("JPEG", "PNG", "WEBP")
MAX_BYTES = 20_000_000
MAX_PIXELS = 40_000_000
MAX_SIDE = 20_000
RECIPE = "1"  # a change of how sizes are made is another name


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """Where the sizes lie (below MEDIA_ROOT, without `-<width>.<suffix>`), and the size of the original in pixels."""

    digest: str
    base: str
    widths: tuple[int, ...]
    width: int
    height: int


def store_picture(content: bytes) -> StoredPicture:
    """Re-encode a photo into WebP and JPEG of each width and store the files; the same photo is stored once.

    Refuses: PictureRefused (too large, not a JPEG, PNG or WebP, broken).
    """
    digest = hashlib.sha256(content).hexdigest()
    picture = _open(content)
    base = f"{digest[:2]}/{digest[:32]}-{RECIPE}"
    fitting = tuple(width for width in WIDTHS if width <= picture.width) or (picture.width,)
    for width in fitting:
        height = max(1, round(picture.height * width / picture.width))
        small_image = (
            picture if width == picture.width else picture.resize((width, height), Image.Resampling.LANCZOS)
        )
        for suffix, options in (
            ("webp", {"quality": 80, "method": 4}),
            ("jpg", {"quality": 82, "optimize": True, "progressive": True}),
        ):
            _write(Path(settings.MEDIA_ROOT) / f"{base}-{width}.{suffix}", small_image, suffix, options)
    return StoredPicture(digest, base, fitting, picture.width, picture.height)


def small_jpeg(content: bytes, side: int) -> bytes:
    """The same photo as one JPEG no larger than `side` pixels: our own encoding, nothing else of the file.

    Refuses: PictureRefused.
    """
    image = _open(content)
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    made = io.BytesIO()
    image.save(made, "JPEG", quality=82, optimize=True)
    return made.getvalue()


def _open(content: bytes) -> Image.Image:
    """The pixels, upright, in RGB on white, without anything else."""
    if len(content) > MAX_BYTES:
        raise PictureRefused(
            reason=Sentence(
                "it has {size} bytes; at most {most} are taken.",
                size=f"{len(content):,}",
                most=f"{MAX_BYTES:,}",
            )
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture = Image.open(io.BytesIO(content), formats=FORMATS)
            width, height = picture.size
            if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
                raise PictureRefused(
                    reason=Sentence(
                        "it has {width} × {height} pixels; at most 40 million are taken.",
                        width=width,
                        height=height,
                    )
                )
            picture.seek(0)
            picture.load()
            upright = ImageOps.exif_transpose(picture)
            if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
                rgba = upright.convert("RGBA")
                ground = Image.new("RGB", rgba.size, "white")
                ground.paste(rgba, mask=rgba.getchannel("A"))
                return ground
            plain = upright.convert("RGB")
    except PictureRefused:
        raise
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
        MemoryError,
    ) as error:
        raise PictureRefused(reason="it is not a readable JPEG, PNG or WebP file.") from error
    clean = Image.new("RGB", plain.size)  # only the pixels go on: no profile, no EXIF, no comment
    clean.paste(plain)
    return clean


def _write(path: Path, image: Image.Image, suffix: str, options: Mapping[str, object]) -> None:
    """Write a size under a name that never changes its content."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f"{path.name}.{os.getpid()}.new")
    image.save(scratch, "WEBP" if suffix == "webp" else "JPEG", **options)
    scratch.replace(path)
