"""Where a page is shown: the market and the language of its address, the postcode the shopper gave."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import translation

from entrepot.kit.errors import NotFound, Refusal
from entrepot.kit.tongues import spoken
from entrepot.markets import queries as markets
from entrepot.markets.queries import MarketPack
from entrepot.storefront import pilots
from entrepot.storefront.web import Role, door, page

KEPT_S = 5.0
TURN_COOKIE, TURN_S = "turn", 600
_PASSPORT = re.compile(r"[A-Za-z0-9_=-]{20,120}")
_open: dict[str, Any] = {"read_at": -1e9, "markets": ()}


@dataclass(frozen=True, slots=True)
class Place:
    """A market in a language: the first part of every shop address, `es-en` for Spain in English."""

    segment: str
    market: MarketPack
    language: str

    def to(self, *parts: str) -> str:
        """The path of a page of this place: `to("p", address)` → `/es-en/p/…`."""
        return f"/{self.segment}/{'/'.join(parts)}"

    def local(self, at: datetime) -> datetime:
        """An instant in the market's time zone."""
        return at.astimezone(ZoneInfo(self.market.time_zone))


class CrossSite(Refusal):
    """A form sent from another site."""

    code = "cross_site"
    status = 403
    template = "This form was sent from another site. Open the page here and send it again."
    next_step = "go_back"


class PlaceConverter:
    """The URL part `es-en`; anything that is no language of a market is no page."""

    regex = "[a-z]{2}-[a-z]{2}(?:-[a-z]{4})?"

    def to_python(self, value: str) -> Place:
        found = markets.read_locale_path(value)
        if found is None:
            raise ValueError(value)
        return Place(value, markets.pack(found[0]), found[1])

    def to_url(self, value: Place | str) -> str:
        return value if isinstance(value, str) else value.segment


def open_markets() -> tuple[MarketPack, ...]:
    """The markets where shoppers can buy: read once per five seconds and process, afresh inside a transaction."""
    if connection.in_atomic_block:
        return tuple(markets.open_markets())
    if time.monotonic() - _open["read_at"] > KEPT_S:
        _open.update(read_at=time.monotonic(), markets=tuple(markets.open_markets()))
    found: tuple[MarketPack, ...] = _open["markets"]
    return found


def open_places() -> list[Place]:
    """Every open market in each of its languages."""
    return [
        Place(markets.locale_path(market.code, language), market, language)
        for market in open_markets()
        for language in market.languages
    ]


def place_for(request: HttpRequest) -> Place | None:
    """The place to begin with: the last one visited, else the first whose language the browser asks for.

    Never by the address of the network. None while no market is open. Pilots only for those they let in.
    """
    places = [place for place in open_places() if pilots.admits(request, place.market)]
    by_segment = {place.segment: place for place in places}
    if request.COOKIES.get("place") in by_segment:
        return by_segment[request.COOKIES["place"]]
    for wish in re.split(r"\s*,\s*", request.headers.get("Accept-Language", "")[:300]):
        tag = wish.split(";")[0].strip().lower()
        if not re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", tag):
            continue
        language, country = spoken(tag), tag.split("-")[-1].upper()
        if language.split("-")[0] != tag.split("-")[0]:
            continue  # a language we do not speak: the next wish
        theirs = [place for place in places if place.language == language]
        if theirs:
            return next((place for place in theirs if place.market.code == country), theirs[0])
    return places[0] if places else None


def postcode_of(request: HttpRequest, place: Place) -> str:
    """The postcode the shopper gave for this market; empty when none was given or it is not one of this country."""
    given = request.COOKIES.get("deliver", "")[:12]
    return given if given and place.market.accepts_postcode(given) else ""


def passports_of(request: HttpRequest) -> list[str]:
    """The passports of waiting rooms that let this browser in."""
    return [
        part for part in request.COOKIES.get(TURN_COOKIE, "")[:1_000].split(".") if _PASSPORT.fullmatch(part)
    ]


def _keep_passport(request: HttpRequest) -> HttpResponseBase | None:
    """A page reached from a waiting room: keep its passport in this browser, show the page under its own address."""
    passport = request.GET.get("passport", "")
    if request.method != "GET" or not _PASSPORT.fullmatch(passport):
        return None
    query = request.GET.copy()
    del query["passport"]
    answer = HttpResponseRedirect(request.path + (f"?{query.urlencode()}" if query else ""))
    others = [each for each in passports_of(request) if each != passport]
    answer.set_cookie(
        TURN_COOKIE, ".".join([passport, *others][:4]), max_age=TURN_S, httponly=True, samesite="Lax", secure=settings.IS_HTTPS,
    )  # fmt: skip
    return answer


def is_cross_site(request: HttpRequest) -> bool:
    """Whether a browser says that another site sent this form. Every browser does; what is no browser says nothing."""
    fetched = request.headers.get("Sec-Fetch-Site", "")
    if fetched:
        return fetched not in ("same-origin", "none")
    origin = request.headers.get("Origin", "")
    return bool(origin) and origin.split("//")[-1] != request.get_host()


def _not_yet(request: HttpRequest) -> HttpResponseBase:
    """A market that tries itself with other visitors: say so, and where this one may go."""
    found: dict[str, str] = {}
    for place in open_places():
        if not pilots.is_for_some(place.market):
            found.setdefault(place.market.code, place.to(""))
    elsewhere = sorted(found.items())
    answer = page(request, "storefront/pilot.jinja", {"elsewhere": elsewhere}, 403)
    pilots.remember(request, answer)
    return answer


def shop(
    *, role: Role = "shopper", methods: str = "GET", without_token: bool = False, lets_in: bool = False
) -> Callable[[Callable[..., HttpResponseBase]], Any]:
    """Make a view `(request, place, …)` a page of the shop: market open, language of the address in force.

    `without_token`: the form stands on pages that carry no secret of the visitor, so that they need no cookie and
    can be the same for everybody; instead of a token, the browser's word on where the form came from is checked.
    `lets_in`: the page that admits to a market in its pilot; others are shown only to who is admitted.
    """

    def wrap(view: Callable[..., HttpResponseBase]) -> Any:
        @door(role=role, methods=methods)
        @wraps(view)
        def run(request: HttpRequest, place: Place, *args: Any, **kwargs: Any) -> HttpResponseBase:
            translation.activate(place.language)
            if without_token and request.method == "POST" and is_cross_site(request):
                raise CrossSite
            request.LANGUAGE_CODE = place.language
            current = next((market for market in open_markets() if market.code == place.market.code), None)
            if current is None:
                raise NotFound(what="market")
            if not lets_in and not pilots.admits(request, current):
                return _not_yet(request)
            arrived = _keep_passport(request) if "passport" in request.GET else None
            answer = arrived or view(request, Place(place.segment, current, place.language), *args, **kwargs)
            pilots.remember(request, answer)
            return answer

        run.csrf_exempt = without_token  # type: ignore[attr-defined]
        return run

    return wrap


def absolute(path: str) -> str:
    """The full address of a path."""
    return f"{settings.BASE_URL}{path}"
