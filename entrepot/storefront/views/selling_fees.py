"""What a seller receives for a sale, before they have a shop: the list of fees, and a calculator over it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from entrepot.catalog.queries import categories
from entrepot.kit import clock
from entrepot.kit.errors import Refusal
from entrepot.settlement.queries import tariff
from entrepot.storefront.pages import shop_page
from entrepot.storefront.places import Place, shop
from entrepot.storefront.queries import conditions, fee_choices, fee_form, quoted, vat_words
from entrepot.storefront.web import said


@shop()
def selling_fees(request: HttpRequest, place: Place) -> HttpResponse:
    """A price, a category, a market, a programme: what we keep and what the seller receives."""
    at = clock.now()
    today = place.local(at).date()
    form = fee_form(request.GET, market=place.market.code, today=today)
    made, why = None, ""
    if form.price:
        try:
            made = quoted(form, at=at)
        except Refusal as refusal:
            why = said(refusal)
    data = {
        "form": form,
        "made": made,
        "why": why,
        "vat_words": vat_words(made.vat_treatment) if made else "",
        "rules": [
            (rule, conditions(rule))
            for rule in tariff(at).rules
            if rule.holds_on(today) and (not rule.category or rule.category in categories().by_slug)
        ],
        "choices": fee_choices(at),
        "crumbs": [("Entrepot", place.to("")), (_("What you will receive"), "")],
    }
    return shop_page(
        request, place, "selling_fees.jinja", data, status=422 if why else 200, is_indexed=not request.GET
    )
