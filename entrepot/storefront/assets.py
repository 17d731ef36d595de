"""What the browser needs and the repository does not hold: the subset fonts and the compiled translations.

Both are made from pinned sources at start, once per data directory and version, without a network.
"""

from __future__ import annotations

import importlib.metadata
import os
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path

LOCALES = Path(__file__).resolve().parents[1] / "locale"
# Exactly the ranges that tokens.css names: a browser fetches a file only when the page has letters of its range.
# What is in none of them, as Chinese, comes from the system's fonts: megabytes nobody should wait for.
RANGES = {
    "latin": (
        "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,"
        "U+2212,U+2215"
    ),
    "latin-ext": "U+0100-0130,U+0132-0151,U+0154-017F,U+0218-021B,U+1E9E",
    "greek": "U+0370-03FF",
    "cyrillic": "U+0400-045F,U+0490-0491",
}


def build_assets(target: Path | None = None, *, said: Callable[[str], None] | None = None) -> Path:
    """Write the generated static files below `target` (default: the STATICFILES_DIRS entry) and return it.

    Takes about two seconds the first time, nothing afterwards. Run it before collectstatic.
    """
    if target is None:
        from django.conf import settings

        target = Path(settings.ENTREPOT_HOME) / "assets"
    folder = target / "storefront" / "fonts"
    fonts = {name: folder / f"source-sans-3-{name}.woff2" for name in RANGES}
    stamp = folder / ".version"
    version = importlib.metadata.version("fontpkg-source-sans-3") + str(RANGES)
    if not (
        all(font.exists() for font in fonts.values()) and stamp.exists() and stamp.read_text() == version
    ):
        if said:
            said("making the subset fonts")
        folder.mkdir(parents=True, exist_ok=True)
        for name, font in fonts.items():
            _subset(font, RANGES[name])
        stamp.write_text(version)
    compile_translations()
    return target


def _subset(font: Path, letters: str) -> None:
    """Cut Source Sans 3 (OFL, variable weight) down to a range of letters: some 24 KB for Latin instead of 600."""
    import fontpkg_source_sans_3
    from fontTools import subset

    source = Path(fontpkg_source_sans_3.__file__).parent / "files" / "SourceSans3[wght].ttf"
    options = subset.Options(flavor="woff2", layout_features=["kern", "liga", "mark", "mkmk", "ccmp", "locl"])
    options.notdef_outline = True
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        face = subset.load_font(str(source), options)
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=subset.parse_unicodes(letters))
        cutter.subset(face)
        scratch = font.with_suffix(f".{os.getpid()}.new")
        subset.save_font(face, str(scratch), options)
    scratch.replace(font)


def compile_translations(folder: Path = LOCALES) -> list[Path]:
    """Write django.mo beside each django.po that is newer; returns what was written. No system gettext needed.

    What a language lacks is said in English: Django would fall back to the language of the installation.
    """
    from babel.messages import mofile, pofile

    def read(source: Path) -> pofile.Catalog:
        with source.open("rb") as file:
            return pofile.read_po(file, locale=source.parts[-3], domain="django")

    written = []
    whole = folder / "es" / "LC_MESSAGES" / "django.po"
    for source in sorted(folder.glob("*/LC_MESSAGES/django.po")):
        target = source.with_suffix(".mo")
        newest = max(source.stat().st_mtime_ns, whole.stat().st_mtime_ns)
        if target.exists() and target.stat().st_mtime_ns >= newest:
            continue
        catalogue = read(source)
        for message in read(whole):
            if message.id and catalogue.get(message.id, message.context) is None:
                one, many = message.id if isinstance(message.id, tuple) else (message.id, message.id)
                forms = (one, *[many] * (catalogue.num_plurals - 1)) if isinstance(message.id, tuple) else one
                catalogue.add(message.id, forms, context=message.context)  # type: ignore[arg-type]
        scratch = target.with_suffix(f".{os.getpid()}.new")
        with scratch.open("wb") as file:
            mofile.write_mo(file, catalogue)
        scratch.replace(target)
        written.append(target)
    return written


@cache
def asset(name: str) -> str:
    """The address of a static file: the hashed one once collectstatic has run, the plain one before."""
    from django.conf import settings
    from django.contrib.staticfiles.storage import staticfiles_storage

    try:
        return staticfiles_storage.url(name)
    except ValueError:
        return f"{settings.STATIC_URL}{name}"
