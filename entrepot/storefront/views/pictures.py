"""Pictures under addresses that hold all they depend on: drawn by code, or photos as we encoded them. They never change."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse

from entrepot.catalog.queries import motif_picture
from entrepot.storefront.law import guarantee_qr, official_notice

_PHOTO = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}-[0-9]{1,3}-[0-9]{1,5}\.(webp|jpg)")
FOREVER = "public, max-age=31536000, immutable"


def drawing(request: HttpRequest, motif: str, seed: int, view: int, dark: str = "") -> HttpResponse:
    """`/pictures/<motif>.<seed>.<view>[.d].svg`."""
    try:
        svg = motif_picture(motif, seed, view=view, is_dark=bool(dark))
    except KeyError:
        raise Http404(motif) from None
    answer = HttpResponse(svg, content_type="image/svg+xml")
    answer["Cache-Control"] = FOREVER
    # The drawing styles itself; it runs no script and loads nothing.
    answer["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return answer


def notice(request: HttpRequest, language: str, suffix: str) -> HttpResponse | FileResponse:
    """`/notices/guarantee-<language>`: `.svg` the QR code to Your Europe, `.png` the Commission's own notice, as it is."""
    if language not in dict(settings.LANGUAGES):
        raise Http404(language)
    answer: HttpResponse | FileResponse
    if suffix == "svg":
        answer = HttpResponse(guarantee_qr(language), content_type="image/svg+xml")
    elif suffix == "png" and official_notice(language).is_file():
        answer = FileResponse(official_notice(language).open("rb"), content_type="image/png")
    else:
        raise Http404(suffix)
    answer["Cache-Control"] = "public, max-age=86400"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'"
    return answer


def photo(request: HttpRequest, folder: str, name: str, suffix: str) -> FileResponse:
    """`/media/<two characters>/<digest>-<recipe>-<width>.<webp or jpg>`: nothing else below MEDIA_ROOT is served."""
    if not _PHOTO.fullmatch(f"{folder}/{name}.{suffix}"):
        raise Http404(name)
    try:
        body = (Path(settings.MEDIA_ROOT) / folder / f"{name}.{suffix}").open("rb")
    except OSError:
        raise Http404(name) from None
    answer = FileResponse(body, content_type="image/webp" if suffix == "webp" else "image/jpeg")
    answer["Cache-Control"] = FOREVER
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'"
    return answer
