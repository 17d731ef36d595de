"""Recalls: look at who bought a product, call it back, follow the letters."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse

from entrepot.care.commands import start_recall
from entrepot.care.queries import RECALL_CHOICES, buyers_to_tell, letters_of_recalls, recalls
from entrepot.catalog.queries import ProductView, product_by_slug, products_by_id
from entrepot.console.desk import desk, show, where_of
from entrepot.kit.errors import Invalid, Refusal
from entrepot.kit.ids import show_number
from entrepot.parties.queries import sellers_by_id
from entrepot.storefront.web import attempt, context_of, said

HERE = "/console/recalls/"
MOST_UNSENT = 50


def _product(text: str) -> ProductView:
    """The product behind the address of its page, whole or its last part. Refuses: NotFound."""
    return product_by_slug(text.strip().split("?")[0].rstrip("/").rsplit("/", 1)[-1])


def _day(text: str, field: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError as error:
        raise Invalid(field=field, reason="is not a date.", hint="Example: 2026-11-22") from error


def _recall_list(request: HttpRequest, why: str = "") -> HttpResponse:
    ctx = context_of(request)
    sent = request.POST or request.GET
    found = recalls()
    data: dict[str, Any] = {"sent": sent, "preview": None}
    if sent.get("product"):
        try:
            product = _product(sent["product"])
            kind = sent.get("kind", "recall")
            days = _day(sent.get("sold_from", ""), "sold_from"), _day(sent.get("sold_to", ""), "sold_to")
            told = buyers_to_tell(ctx, product.id, kind, *days)
            choices = where_of(request).choices
            data |= {
                "preview": told,
                "product": product,
                "languages": told.languages or tuple(dict.fromkeys(m.default_language for m in choices)),
                "unsent": [show_number(each) for each in told.unsent[:MOST_UNSENT]],
            }
        except Refusal as refusal:
            why = why or said(refusal)
    data |= {
        "recalls": found,
        "letters": letters_of_recalls(ctx, [one.id for one in found]),
        "products": products_by_id({one.product_id for one in found}),
        "names": sellers_by_id({one.seller_id for one in found}),
        "choices": RECALL_CHOICES,
        "why": why,
    }
    return show(request, "recalls.jinja", data, 422 if why else 200)


@desk(scope="recalls:write")
def recall_list(request: HttpRequest) -> HttpResponse:
    """Every recall and how far its letters are; `?product=`: who bought it, and the form to call it back."""
    return _recall_list(request)


@desk(scope="recalls:write", methods="POST")
def recall_start(request: HttpRequest) -> HttpResponse:
    """Off sale, and letters to everybody who bought it."""
    ctx, sent = context_of(request), request.POST

    def run() -> None:
        start_recall(
            ctx,
            product_id=_product(sent.get("product", "")).id,
            kind=sent.get("kind", ""),
            hazard=sent.get("hazard", ""),
            details={name[8:]: sent.get(name, "") for name in sent if name.startswith("details-")},
            remedies=sent.getlist("remedies"),
            clause=sent.get("clause", ""),
            email=sent.get("email", ""),
            phone=sent.get("phone", ""),
            batches=sent.get("batches", ""),
            sold_from=_day(sent.get("sold_from", ""), "sold_from"),
            sold_to=_day(sent.get("sold_to", ""), "sold_to"),
        )

    return attempt(run, then=HERE, done="recall_started", again=lambda why: _recall_list(request, why))
