"""Pictures drawn by code, under addresses that hold all they depend on: they never change."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from entrepot.catalog.queries import motif_picture

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
