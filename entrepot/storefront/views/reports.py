"""Say that a product or a review breaks the law, follow what becomes of it, and complain about a decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from entrepot.care.commands import contest_report, contest_restriction, report_content
from entrepot.care.queries import REPORT_GROUNDS, report_by_token, restriction_by_token, review_shown
from entrepot.catalog.queries import products_by_id, text_in
from entrepot.kit.errors import NotFound, Refusal
from entrepot.parties.queries import person_by_user
from entrepot.storefront.pages import shop_page
from entrepot.storefront.places import Place, absolute, shop
from entrepot.storefront.views.products import product_behind
from entrepot.storefront.web import context_of, limit, said

NO_STORE = {"Cache-Control": "private, no-store", "Referrer-Policy": "same-origin"}
REPORTS, REPORTS_WITHIN_S = 10, 3600


@shop(methods="GET POST")
def report(request: HttpRequest, place: Place, address: str) -> HttpResponse:
    """The form: what is wrong, why, where exactly, who says so. `?review=`: about a review instead of the product."""
    ctx, sent = context_of(request), request.POST
    view = product_behind(address)
    review = review_shown(view.id, _review_id(request)) if "review" in request.GET else None
    title = text_in(view.title, place.language)[0]
    page = absolute(place.to("p", view.address))
    person = person_by_user(ctx.actor.user_id) if ctx.actor.user_id else None
    data: dict[str, Any] = {
        "title": title,
        "review": review,
        "grounds": REPORT_GROUNDS,
        "page_address": f"{page}#review-{review.id}" if review else page,
        "sent": {"name": person.name if person else "", "email": person.email if person else ""},
        "crumbs": [
            ("Entrepot", place.to("")),
            (title, place.to("p", view.address)),
            (_("Report something unlawful"), ""),
        ],
        "why": "",
    }
    if request.method == "POST":
        data["sent"] = sent
        limit(request, "report", most=REPORTS, per_s=REPORTS_WITHIN_S)
        try:
            made = report_content(
                ctx,
                product_id=view.id,
                review_id=review.id if review else None,
                ground=sent.get("ground", ""),
                place=" · ".join(filter(None, (data["page_address"], sent.get("where", "").strip()[:150]))),
                text=sent.get("text", ""),
                name=sent.get("name", ""),
                email=sent.get("email", ""),
                is_good_faith=sent.get("good_faith") == "yes",
                market=place.market.code,
                language=place.language,
            )
        except Refusal as refusal:
            if refusal.status in (404, 429):
                raise
            data["why"] = said(refusal)
        else:
            return HttpResponseRedirect(place.to("reports", made.token), status=303)
    status = 422 if data["why"] else 200
    return shop_page(request, place, "report.jinja", data, status=status, headers=NO_STORE)


@shop(methods="GET POST")
def follow(request: HttpRequest, place: Place, token: str) -> HttpResponse:
    """A report, its decision and the complaint about it, for whoever holds the link."""
    one = report_by_token(context_of(request), token)
    return _contestable(request, place, "report_followed.jinja", one, contest_report, token)


@shop(methods="GET POST")
def decision(request: HttpRequest, place: Place, token: str) -> HttpResponse:
    """What restricts somebody, the reasons, and the complaint about it, for whoever holds the link."""
    one = restriction_by_token(context_of(request), token)
    return _contestable(request, place, "restriction.jinja", one, contest_restriction, token)


def _contestable(
    request: HttpRequest, place: Place, template: str, one: Any, contest: Callable[..., Any], token: str
) -> HttpResponse:
    """The page of a decision; a POST is the complaint about it."""
    why = ""
    if request.method == "POST":
        try:
            contest(context_of(request), token=token, text=request.POST.get("text", ""))
        except Refusal as refusal:
            why = said(refusal)
        else:
            return HttpResponseRedirect(request.path, status=303)
    data = {"one": one, "title": _title(one.product_id, place), "why": why}
    return shop_page(request, place, template, data, status=422 if why else 200, headers=NO_STORE)


def _title(product_id: UUID | None, place: Place) -> str:
    found = products_by_id([product_id]).get(product_id) if product_id else None
    return text_in(found.title, place.language)[0] if found else ""


def _review_id(request: HttpRequest) -> UUID:
    try:
        return UUID(request.GET.get("review", ""))
    except ValueError as error:
        raise NotFound(what="review") from error
