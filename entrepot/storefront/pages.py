"""Puts a page of the shop together: what the shell needs, then the page's own data."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from entrepot.catalog.queries import categories
from entrepot.markets.queries import locale_path
from entrepot.storefront import pilots, show
from entrepot.storefront.places import Place, open_places, postcode_of
from entrepot.storefront.web import page

CART_COOKIE, COUNT_COOKIE = "cart", "cart_n"
A_MONTH_S = 30 * 86_400


@dataclass(frozen=True, slots=True)
class Version:
    """The same page in another place. `country` and `tongue` are empty for entries meant for crawlers only."""

    hreflang: str
    language: str
    country: str
    tongue: str
    path: str
    href: str
    market: str = ""
    currency: str = ""
    is_current: bool = False


def countries_of(versions: Sequence[Version], place: Place) -> list[Version]:
    """One version a country, by its name: in the language of this page if it is spoken there, else in its first."""
    found: dict[str, Version] = {}
    for version in versions:
        if version.market and (version.market not in found or version.language == place.language):
            found[version.market] = version
    return sorted(found.values(), key=lambda each: unicodedata.normalize("NFKD", each.country).casefold())


def versions_of(request: HttpRequest, place: Place, rest: str) -> list[Version]:
    """This page in every market that lets this browser in, in each language; `rest` is the path behind the place."""
    found = []
    for other in open_places():
        if not pilots.admits(request, other.market):
            continue
        path = other.to(rest)
        country = show.locale_of(other.language).territories.get(other.market.code, other.market.name)
        tongue = show.locale_of(other.language).get_language_name() or other.language
        found.append(
            Version(
                hreflang=f"{other.language}-{other.market.code}",
                language=other.language,
                country=country[:1].upper() + country[1:],
                tongue=tongue[:1].upper() + tongue[1:],
                path=path,
                href=f"{settings.BASE_URL}{path}",
                market=other.market.code,
                currency=other.market.currency,
                is_current=other.segment == place.segment,
            )
        )
    home = locale_path(place.market.code, place.market.default_language)
    first = f"{settings.BASE_URL}/{home}/{rest}"
    return [*found, Version("x-default", place.market.default_language, "", "", first, first)]


def cart_count(request: HttpRequest) -> int:
    """How many articles the cart holds, as the last answer of the cart said; no read of the database."""
    text = request.COOKIES.get(COUNT_COOKIE, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else 0


def shop_page(
    request: HttpRequest,
    place: Place,
    template: str,
    data: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
    is_indexed: bool = False,
    canonical: str = "",
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Render a page of the shop. `canonical` is a path with its query; default: this path without one."""
    tree = categories()
    rest = request.path[len(place.segment) + 2 :]
    versions = versions_of(request, place, rest)
    shell = {
        "place": place,
        "aisles": [tree.by_slug[slug] for slug in tree.roots],
        "cart_count": cart_count(request),
        "postcode": postcode_of(request, place),
        "here": request.get_full_path(),
        "versions": versions,
        "tongues": [each for each in versions if each.market == place.market.code],
        "lands": countries_of(versions, place),
        "is_indexed": is_indexed and place.market.state == "live",
        "canonical": canonical or request.path,
        "og_locale": f"{place.language.split('-')[0]}_{place.market.code}",
        "theme": request.COOKIES.get("theme", ""),
    }
    response = page(request, f"storefront/{template}", shell | dict(data or {}), status, headers)
    # Prices and stock are of this second: a browser may keep the page, but asks before it shows it again.
    response.headers.setdefault("Cache-Control", "private, no-cache")
    return response
