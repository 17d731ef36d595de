"""The way in: the start page of a place, the choice of a place, where to deliver to."""

from __future__ import annotations

import time
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from entrepot.catalog.queries import categories
from entrepot.kit import clock
from entrepot.kit.errors import NotFound
from entrepot.markets.queries import is_invited
from entrepot.search.queries import Filters, Sort, search
from entrepot.storefront import delivery, facts, pilots, structured
from entrepot.storefront.cards import cards_html
from entrepot.storefront.pages import A_MONTH_S, shop_page
from entrepot.storefront.places import Place, place_for, postcode_of, shop
from entrepot.storefront.web import door, page, safe_next

KEPT_S = 10.0
A_ROW = 12
_kept: dict[Any, tuple[float, list[UUID]]] = {}


@door(methods="GET")
def start(request: HttpRequest) -> HttpResponse:
    """`/`: to the place last visited, else to one in a language the browser asks for."""
    place = place_for(request)
    if place is None:
        return page(request, "storefront/closed.jinja", {}, 503)
    answer = HttpResponseRedirect(place.to(""))
    answer["Vary"] = "Accept-Language, Cookie"
    answer["Cache-Control"] = "private, no-cache"
    pilots.remember(request, answer)
    return answer


@shop(lets_in=True)
def invited(request: HttpRequest, place: Place, token: str) -> HttpResponse:
    """The link of an invitation: this browser may enter the market in its pilot from now on."""
    if not is_invited(place.market.code, token):
        raise NotFound(what="invitation")
    pilots.invite(request, place.market)
    return HttpResponseRedirect(place.to(""))


@shop()
def home(request: HttpRequest, place: Place) -> HttpResponse:
    """Categories, what is reduced, what is new, the shops, and how a parcel travels."""
    at = clock.now()
    postcode = postcode_of(request, place)
    theme = request.COOKIES.get("theme", "")
    said = _("Illustration")
    newest = facts.cards(place, _ids(place, "new", A_ROW), at, postcode, said)
    best = facts.cards(place, _ids(place, "best", 60), at, postcode, said)
    reduced = [card for card in best if card.prior_minor and card.left > 0][:A_ROW]
    from_afar = [card for card in best if card.is_duty_included and card.left > 0][:A_ROW]
    tree = categories()
    data = {
        "tiles": [
            (tree.by_slug[slug], facts.drawing(tree.by_slug[slug].motif or facts.NO_MOTIF, 1))
            for slug in tree.roots
        ],
        "best": cards_html(
            [card for card in best if card not in reduced][:8], place.language, theme, eager=2
        ),
        "newest": cards_html(newest, place.language, theme),
        "reduced": cards_html(reduced, place.language, theme),
        "from_afar": cards_html(from_afar, place.language, theme),
        "legs": delivery.example_legs(place, at, postcode),
        "json_ld": structured.as_script(
            structured.organization() | {"@type": ["OnlineStore", "Organization"]}
        ),
    }
    answer = shop_page(request, place, "home.jinja", data, is_indexed=True)
    if request.COOKIES.get("place") not in (None, place.segment):
        answer.set_cookie("place", place.segment, max_age=A_MONTH_S, samesite="Lax", secure=settings.IS_HTTPS)
    return answer


def _ids(place: Place, sort: Sort, limit: int) -> list[UUID]:
    """Product ids of a list without words, at most ten seconds old."""
    key = (place.market.code, sort, limit)
    tick = time.monotonic()
    row = _kept.get(key)
    if row and tick - row[0] < KEPT_S and not connection.in_atomic_block:
        return row[1]
    found = search(
        place.market.code,
        place.language,
        sort=sort,
        filters=Filters(in_stock=True),
        limit=limit,
        with_facets=False,
    )
    _kept[key] = (tick, list(found.product_ids))
    return _kept[key][1]


@shop(methods="POST", without_token=True)
def deliver_to(request: HttpRequest, place: Place) -> HttpResponse:
    """Remember the postcode in this browser, or say that it is none of this country; and go back."""
    back = safe_next(request, place.to(""))
    postcode = request.POST.get("deliver", "").strip().upper()[:12]
    if postcode and not place.market.accepts_postcode(postcode):
        data = {"next": back, "given": postcode}
        return shop_page(request, place, "postcode.jinja", data, status=422)
    answer = HttpResponseRedirect(back, status=303)
    if postcode:
        answer.set_cookie("deliver", postcode, max_age=A_MONTH_S, samesite="Lax", secure=settings.IS_HTTPS)
    else:
        answer.delete_cookie("deliver", samesite="Lax")
    return answer
