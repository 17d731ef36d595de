"""What was recalled, for everybody to read: the list, and each notice with its picture."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from entrepot.care.queries import RecallView, recall_by_id, recalls
from entrepot.catalog.queries import products_by_id, text_in
from entrepot.parties.queries import sellers_by_id
from entrepot.storefront import facts
from entrepot.storefront.pages import shop_page
from entrepot.storefront.places import Place, shop


def _rows(place: Place, found: list[RecallView]) -> list[dict[str, Any]]:
    products = products_by_id({one.product_id for one in found})
    return [
        {
            "recall": one,
            "product": products[one.product_id],
            "title": text_in(products[one.product_id].title, place.language)[0],
        }
        for one in found
        if one.product_id in products
    ]


@shop()
def recall_list(request: HttpRequest, place: Place) -> HttpResponse:
    """The newest hundred."""
    data = {
        "rows": _rows(place, recalls()),
        "crumbs": [("Entrepot", place.to("")), (_("Product safety recalls"), "")],
    }
    return shop_page(request, place, "recall_list.jinja", data, is_indexed=True)


@shop()
def recall(request: HttpRequest, place: Place, recall_id: UUID) -> HttpResponse:
    """One notice: what it is, what is dangerous, what to do, what is offered, whom to ask."""
    one = recall_by_id(recall_id)
    row = _rows(place, [one])[0]
    details, language = text_in(one.details, place.language)
    data = row | {
        "pictures": facts.pictures_of(row["product"], place.language, _("Illustration"))[:1],
        "details": details,
        "details_language": language if language != place.language else "",
        "seller": sellers_by_id([one.seller_id])[one.seller_id],
        "theme": request.COOKIES.get("theme", ""),
        "crumbs": [
            ("Entrepot", place.to("")),
            (_("Product safety recalls"), place.to("recalls")),
            (row["title"], ""),
        ],
    }
    return shop_page(request, place, "recall.jinja", data, is_indexed=True)
