"""A dispute about one order, as its buyer sees it: ask, say more, take the offer or leave it to the house."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from entrepot.care.commands import add_evidence, close_dispute, open_dispute
from entrepot.care.queries import MOST_PHOTOS, dispute_photo, disputes_of_order
from entrepot.kit.errors import Invalid, NotFound, Refusal
from entrepot.kit.money import exponent_of, to_minor
from entrepot.orders.queries.orders import OrderView
from entrepot.orders.queries.purchases import purchase_by_token
from entrepot.storefront import steps
from entrepot.storefront.pages import shop_page
from entrepot.storefront.places import Place, shop
from entrepot.storefront.web import context_of, files_of, jpeg, said

NO_STORE = {"Cache-Control": "private, no-store", "Referrer-Policy": "same-origin"}
AMOUNT = re.compile(r"[0-9]{1,9}([.,][0-9]{1,2})?")


@shop(methods="GET POST")
def dispute(request: HttpRequest, place: Place, token: str, number: str) -> HttpResponse:
    """The disputes of an order, newest first, with what can be done now; and the form to open one."""
    ctx = context_of(request)
    view = purchase_by_token(ctx, token)
    order = next((each for each in view.orders if each.number == number), None)
    if order is None:
        raise NotFound(what="order")
    why = ""
    if request.method == "POST":
        sent = request.POST
        try:
            if sent.get("do") == "open":
                open_dispute(
                    ctx,
                    order_id=order.id,
                    reason=sent.get("reason", ""),
                    text=sent.get("text", ""),
                    asked_minor=_amount(sent.get("amount", ""), order),
                    photos=files_of(request, "photos", MOST_PHOTOS),
                    token=token,
                )
            elif sent.get("do") == "evidence":
                add_evidence(
                    ctx,
                    dispute_id=_id(sent.get("dispute", "")),
                    text=sent.get("text", ""),
                    photos=files_of(request, "photos", MOST_PHOTOS),
                    token=token,
                )
            else:
                close_dispute(
                    ctx, dispute_id=_id(sent.get("dispute", "")), verb=sent.get("do", ""), token=token
                )
        except Refusal as refusal:
            if refusal.status == 404:
                raise
            why = said(refusal)
        else:
            return HttpResponseRedirect(request.path, status=303)
    data: dict[str, Any] = {
        "view": view,
        "order": order,
        "disputes": disputes_of_order(ctx, order.id, token=token),
        "reasons": [(name, steps.reason_words(name)) for name in steps.DISPUTE_REASONS],
        "most": order.total_minor - order.refund_minor,
        "sent": request.POST,
        "why": why,
    }
    return shop_page(request, place, "dispute.jinja", data, status=422 if why else 200, headers=NO_STORE)


@shop()
def dispute_picture(request: HttpRequest, place: Place, token: str, photo: UUID) -> HttpResponse:
    """A photo of a dispute, for whoever holds the purchase."""
    return jpeg(dispute_photo(context_of(request), photo, token=token))


def _amount(text: str, order: OrderView) -> int:
    typed = text.strip()
    if not AMOUNT.fullmatch(typed):
        raise Invalid(field="amount", reason="is not an amount of money.", hint="Example: 12,50")
    if exponent_of(order.currency) == 0 and len(re.split("[.,]", typed)) > 1:
        raise Invalid(field="amount", reason="has no decimals in this currency.")
    return to_minor(Decimal(typed.replace(",", ".")), order.currency)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound(what="dispute") from error
