"""Checkout in two steps: who and where; then delivery, payment and the button that obliges to pay."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid
from entrepot.markets.queries import address_form
from entrepot.orders.commands import (
    choose_delivery,
    pay_purchase,
    place_purchase,
    set_checkout_address,
)
from entrepot.orders.errors import FieldsInvalid, NothingAccepted, NotReady, TotalChanged, WaitForTurn
from entrepot.orders.queries.carts import cart_quantity
from entrepot.orders.queries.checkouts import CheckoutView, Contact, checkout_view, contact_errors
from entrepot.storefront import words
from entrepot.storefront.pages import shop_page
from entrepot.storefront.places import Place, absolute, passports_of, postcode_of, shop
from entrepot.storefront.views.cart import keep_cart, picture_of, token_of
from entrepot.storefront.web import context_of, said, said_of, with_key

FIELDS = ("email", "name", "phone", "line1", "line2", "postcode", "city", "region")
NO_STORE = {"Cache-Control": "private, no-store"}


def _open_view(ctx: Context, place: Place, token: str) -> CheckoutView | HttpResponse:
    """The checkout, or the way to its purchase once it is placed."""
    view = checkout_view(ctx, token=token)
    if view.state not in ("open", "placing"):
        return HttpResponseRedirect(place.to("purchase", token))
    return view


@shop(methods="GET POST")
def address(request: HttpRequest, place: Place, token: str) -> HttpResponse:
    """Step one: six fields. What is wrong is said beside its field; what was typed stays."""
    ctx = context_of(request)
    view = _open_view(ctx, place, token)
    if isinstance(view, HttpResponse):
        return view
    contact, errors = view.contact, {}
    if request.method == "POST":
        typed = {name: request.POST.get(name, "").strip()[:300] for name in FIELDS}
        contact = Contact(**typed)
        errors = contact_errors(contact, market=place.market.code)
        if not errors:
            try:
                set_checkout_address(ctx, checkout_id=view.id, token=token, **typed)
            except FieldsInvalid as refusal:
                errors = refusal.facts["errors"]
            else:
                return HttpResponseRedirect(place.to("checkout", token, "pay"), status=303)
    data = {
        "view": view,
        "contact": contact,
        "errors": {name: _(sentence) for name, sentence in errors.items()},
        "form": address_form(place.market.code),
        "guess": postcode_of(request, place),
        "country": words.country(place.market.code),
    }
    return shop_page(
        request, place, "checkout_address.jinja", data, status=422 if errors else 200, headers=NO_STORE
    )


@shop()
def pay(request: HttpRequest, place: Place, token: str) -> HttpResponse:
    """Step two: what comes when for how much, how to pay, and the whole sum above the button."""
    ctx = context_of(request)
    view = _open_view(ctx, place, token)
    if isinstance(view, HttpResponse):
        return view
    if contact_errors(view.contact, market=place.market.code):
        return HttpResponseRedirect(place.to("checkout", token))
    return _pay_page(request, place, view)


def _pay_page(
    request: HttpRequest, place: Place, view: CheckoutView, *, status: int = 200, **more: Any
) -> HttpResponse:
    data = {
        "view": view,
        "priced": view.priced,
        "pictures": {line.offer_id: picture_of(line, place) for line in view.priced.lines},
        "notice": "",
        "refused": (),
        "room": "",
        "method": request.POST.get("method", ""),
    }
    return shop_page(request, place, "checkout_pay.jinja", data | more, status=status, headers=NO_STORE)


@shop(methods="POST")
def delivery(request: HttpRequest, place: Place, token: str) -> HttpResponse:
    """Choose how one parcel comes."""
    ctx = context_of(request)
    view = checkout_view(ctx, token=token)
    try:
        seller_id = UUID(request.POST.get("seller", ""))
    except ValueError:
        raise Invalid(field="seller", reason=_("This is not a seller.")) from None
    choose_delivery(
        ctx, checkout_id=view.id, seller_id=seller_id, service=request.POST.get("service", ""), token=token
    )
    return HttpResponseRedirect(place.to("checkout", token, "pay"), status=303)


@shop(methods="POST")
def place_order(request: HttpRequest, place: Place, token: str) -> HttpResponse:
    """The button: place the orders, then go to pay. What moved or sold out meanwhile is said, and the rest kept."""
    ctx = context_of(request)
    view = _open_view(ctx, place, token)
    if isinstance(view, HttpResponse):
        return view
    shown = request.POST.get("total", "")
    try:
        placed = place_purchase(
            with_key(ctx, "place"),
            checkout_id=view.id,
            token=token,
            shown_total_minor=int(shown) if shown.isascii() and shown.isdigit() else -1,
            passports=passports_of(request),
        )
    except WaitForTurn as refusal:
        notice = _(
            "“%(title)s” is sold in the order of a queue. Take your place first; your cart stays as it is."
        )
        return _pay_page(
            request, place, view, status=403, notice=notice % refusal.facts, room=refusal.facts["room"]
        )
    except TotalChanged:
        notice = _("The total has changed since you saw it. Please look at it again; nothing was ordered.")
        return _pay_page(request, place, checkout_view(ctx, token=token), status=409, notice=notice)
    except NotReady as refusal:
        sentences = " ".join(said_of(gap) for gap in refusal.facts["missing"])
        return _pay_page(request, place, checkout_view(ctx, token=token), status=409, notice=sentences)
    except NothingAccepted as refusal:
        again = checkout_view(ctx, token=token)
        return _pay_page(
            request, place, again, status=409, notice=said(refusal), refused=refusal.facts["refused"]
        )
    if placed.refused:
        answer = HttpResponseRedirect(place.to("purchase", token), status=303)
    else:
        answer = to_payment(request, ctx, place, token, placed.purchase_id)
    left = cart_quantity(ctx, token=token_of(request), market=place.market.code)
    keep_cart(answer, "", left)
    return answer


def to_payment(
    request: HttpRequest, ctx: Context, place: Place, token: str, purchase_id: UUID
) -> HttpResponseRedirect:
    """Start to pay with the method chosen and send the buyer to the provider."""
    started = pay_purchase(
        with_key(ctx, "pay"),
        purchase_id=purchase_id,
        method=request.POST.get("method", "card"),
        return_url=absolute(f"{place.to('purchase', token)}?back=1"),
        token=token,
        tried_by=[f"ip:{request.META.get('REMOTE_ADDR', '')}"],
    )
    return HttpResponseRedirect(started.redirect_url, status=303)
