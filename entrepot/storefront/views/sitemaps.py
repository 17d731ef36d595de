"""Sitemaps: an index, and for each place its pages with every language version."""

from __future__ import annotations

from uuid import UUID
from xml.sax.saxutils import escape, quoteattr

from django.http import Http404, HttpRequest, HttpResponse

from entrepot.catalog.queries import categories, product_ids, products_by_id
from entrepot.offers.queries import offers_for_products
from entrepot.parties.queries import approved_sellers
from entrepot.storefront.places import Place, absolute, open_places

A_FILE = 2_000
AN_HOUR = "public, max-age=3600"
XMLNS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def index(request: HttpRequest) -> HttpResponse:
    """`/sitemap.xml`: one file of pages a place, and its products in files of two thousand."""
    files = -(-max(1, len(_ids())) // A_FILE)
    names = [f"{place.segment}-pages" for place in _live_places()]
    names += [
        f"{place.segment}-products-{number}" for place in _live_places() for number in range(1, files + 1)
    ]
    rows = "".join(f"<sitemap><loc>{absolute(f'/sitemaps/{name}.xml')}</loc></sitemap>" for name in names)
    return _xml(f'<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex {XMLNS}>{rows}</sitemapindex>\n')


def pages(request: HttpRequest, segment: str) -> HttpResponse:
    """Home, categories, shops and help pages of a place."""
    place = _place(segment)
    paths = ["", "shops", "como-ordenamos"]
    paths += [f"c/{slug}" for slug in categories().by_slug]
    paths += [f"s/{seller.slug}" for seller in approved_sellers()]
    paths += [f"legal/{name}" for name in ("delivery", "returns", "duties", "guarantee", "contact", "imprint", "privacy", "accessibility")]  # fmt: skip
    return _urlset([(path, "") for path in paths], place)


def products(request: HttpRequest, segment: str, number: int) -> HttpResponse:
    """One file of products on sale in the place's market, with the day of their last change."""
    place = _place(segment)
    ids = _ids()[(number - 1) * A_FILE : number * A_FILE]
    if not ids:
        raise Http404(number)
    sold = offers_for_products(place.market.code, ids)
    rows = []
    for view in products_by_id([product_id for product_id in ids if product_id in sold]).values():
        rows.append((f"p/{view.address}", view.changed_at.date().isoformat()))
    return _urlset(rows, place)


def _live_places() -> list[Place]:
    """Pilots are tried by people, not by crawlers."""
    return [place for place in open_places() if place.market.state == "live"]


def _place(segment: str) -> Place:
    for place in _live_places():
        if place.segment == segment:
            return place
    raise Http404(segment)


def _ids() -> list[UUID]:
    found: list[UUID] = []
    while page := product_ids(after=found[-1] if found else None, limit=1000):
        found += page
    return found


def _urlset(rows: list[tuple[str, str]], place: Place) -> HttpResponse:
    places = _live_places()
    parts = [
        f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {XMLNS} xmlns:xhtml="http://www.w3.org/1999/xhtml">'
    ]
    for path, changed in rows:
        links = "".join(
            f'<xhtml:link rel="alternate" hreflang="{other.language}-{other.market.code}" '
            f"href={quoteattr(absolute(other.to(path)))}/>"
            for other in places
        )
        last = f"<lastmod>{changed}</lastmod>" if changed else ""
        parts.append(f"<url><loc>{escape(absolute(place.to(path)))}</loc>{last}{links}</url>")
    return _xml("\n".join([*parts, "</urlset>", ""]))


def _xml(text: str) -> HttpResponse:
    answer = HttpResponse(text, content_type="application/xml; charset=utf-8")
    answer["Cache-Control"] = AN_HOUR
    return answer
