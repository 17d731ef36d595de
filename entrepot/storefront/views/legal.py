"""What the law wants said, where it can be found: imprint, privacy, delivery, returns, guarantee, duties, ranking."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from entrepot.kit import clock
from entrepot.markets.queries import import_rules
from entrepot.settlement.errors import PlatformUnknown
from entrepot.settlement.queries import Platform, platform_on
from entrepot.storefront import delivery
from entrepot.storefront.law import guarantee_notice
from entrepot.storefront.pages import shop_page
from entrepot.storefront.places import Place, postcode_of, shop


def names() -> dict[str, str]:
    """The pages and what they are called."""
    return {
        "delivery": _("Delivery and costs"),
        "returns": _("Returns and withdrawal"),
        "duties": _("Duties and VAT inside the price"),
        "guarantee": _("Legal guarantee"),
        "contact": _("Talk to a person"),
        "imprint": _("Imprint"),
        "privacy": _("Privacy"),
        "accessibility": _("Accessibility"),
        "ranking": _("How we order results"),
    }


# Pages that say whom to write to: the pilot names nobody.
WITH_OPERATOR = ("contact", "imprint", "privacy", "accessibility")


def operator_on(on: date) -> Platform | None:
    """Who runs a production market; None in a pilot, or where nobody has said it."""
    if settings.IS_PILOT:
        return None
    try:
        return platform_on(on)
    except PlatformUnknown:
        return None


@shop()
def legal(request: HttpRequest, place: Place, name: str) -> HttpResponse:
    """One of the pages of `names`."""
    title = names().get(name)
    if title is None:
        raise Http404(name)
    at = clock.now()
    data: dict[str, Any] = {
        "name": name,
        "heading": title,
        "crumbs": [("Entrepot", place.to("")), (title, "")],
        "guarantee": guarantee_notice(place.market.code, place.language, place.local(at).date())
        if name == "guarantee"
        else None,
        "rules": import_rules(place.market.code, place.local(at).date()) if name == "duties" else [],
        "operator": operator_on(at.date()) if name in WITH_OPERATOR else None,
        "legs": delivery.example_legs(place, at, postcode_of(request, place))
        if name in ("delivery", "duties")
        else [],
    }
    return shop_page(request, place, "legal.jinja", data, is_indexed=True)


def ranking(request: HttpRequest, place: Place) -> HttpResponse:
    """`/como-ordenamos`: the main parameters of every order and their weight."""
    answer: HttpResponse = legal(request, place, name="ranking")
    return answer
