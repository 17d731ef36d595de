"""Sales with a waiting room: what many want at once is sold in the order of a queue."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from entrepot.catalog.queries import product_by_slug
from entrepot.console.desk import desk, show, where_of, whole_number
from entrepot.intake.commands import close_sale, open_sale
from entrepot.intake.queries import sales
from entrepot.kit.errors import Invalid
from entrepot.markets.queries import locale_path, market_by_code
from entrepot.offers.queries import offers_for_products
from entrepot.storefront.web import attempt, context_of

MOST_PRODUCTS = 500


def _sales_page(request: HttpRequest, why: str = "") -> HttpResponse:
    data = {"sales": sales(context_of(request).at), "why": why, "typed": request.POST}
    return show(request, "sales.jinja", data)


@desk(scope="markets:write")
def sale_list(request: HttpRequest) -> HttpResponse:
    """The sales that run or will, and a form for the next."""
    return _sales_page(request)


@desk(scope="markets:write", methods="POST")
def sale_open(request: HttpRequest) -> HttpResponse:
    """Put a waiting room before every offer of some products."""

    def run() -> object:
        ctx = context_of(request)
        where = where_of(request)
        market = market_by_code(request.POST.get("market", "").upper()[:2])
        addresses = re.findall(r"[^\s/?#]+(?=\s|[?#]|$)", request.POST.get("products", ""))
        if not 0 < len(addresses) <= MOST_PRODUCTS:
            raise Invalid(
                field="products",
                reason=_("Name 1 to %(most)s product pages, one a line.") % {"most": MOST_PRODUCTS},
            )
        products = [product_by_slug(address) for address in addresses]
        found = offers_for_products(market.code, [product.id for product in products])
        numbers = [offer.number for offers in found.values() for offer in offers]
        if not numbers:
            raise Invalid(field="products", reason=_("Nobody offers these products in this market."))
        first = f"/{locale_path(market.code, market.default_language)}/p/{products[0].address}"
        zone = ZoneInfo(market.time_zone or where.time_zone)
        return open_sale(
            ctx,
            title=request.POST.get("title", ""),
            offers=numbers,
            admit_per_s=whole_number(request.POST.get("admit_per_s", ""), 0),
            opens_at=_moment(request, "opens_at", zone),
            closes_at=_moment(request, "closes_at", zone),
            path=request.POST.get("path", "").strip() or first,
        )

    return attempt(
        run, then="/console/sales/", done="sale_opened", again=lambda why: _sales_page(request, why)
    )


@desk(scope="markets:write", methods="POST")
def sale_close(request: HttpRequest, number: int) -> HttpResponse:
    """Take a waiting room away at once."""
    return attempt(
        lambda: close_sale(context_of(request), number=number),
        then="/console/sales/",
        done="sale_closed",
        again=lambda why: _sales_page(request, why),
    )


def _moment(request: HttpRequest, field: str, zone: ZoneInfo) -> datetime:
    """What a date-and-time field says, in the market's time zone. Refuses: Invalid."""
    try:
        return datetime.fromisoformat(request.POST.get(field, "")).replace(tzinfo=zone)
    except ValueError:
        raise Invalid(field=field, reason=_("Give a day and a time, like 2026-11-27T20:00.")) from None
