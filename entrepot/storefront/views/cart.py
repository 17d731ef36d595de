"""The cart: what a shopper wishes for, grouped by the parcels it will come in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext as _

from entrepot.catalog.queries import motif_in_colour
from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid, NotFound
from entrepot.orders.commands import (
    add_to_cart,
    claim_cart,
    remove_from_cart,
    set_cart_quantity,
    start_checkout,
)
from entrepot.orders.queries.carts import PricedLine, cart_view
from entrepot.storefront import facts, show
from entrepot.storefront.pages import A_MONTH_S, CART_COOKIE, COUNT_COOKIE, shop_page
from entrepot.storefront.places import Place, postcode_of, shop
from entrepot.storefront.web import context_of, with_key

MOST_IN_LIST = 10


def keep_cart(answer: HttpResponseBase, token: str, quantity: int) -> None:
    """Remember in this browser which cart it has, and how many articles are in it."""
    secure = settings.IS_HTTPS
    if token:
        answer.set_cookie(CART_COOKIE, token, max_age=A_MONTH_S, httponly=True, samesite="Lax", secure=secure)
    answer.set_cookie(COUNT_COOKIE, str(quantity), max_age=A_MONTH_S, samesite="Lax", secure=secure)


def token_of(request: HttpRequest) -> str:
    """The cart this browser has, as far as it says."""
    return request.COOKIES.get(CART_COOKIE, "")[:40]


@shop()
def cart(request: HttpRequest, place: Place) -> HttpResponse:
    """Everything in the cart with its dates, costs and what is in the way of ordering it."""
    ctx = context_of(request)
    _claim(ctx, token_of(request))
    view = cart_view(
        ctx, token=token_of(request), market=place.market.code, postcode=postcode_of(request, place)
    )
    added = request.GET.get("added", "")
    data: dict[str, Any] = {
        "view": view,
        "priced": view.priced,
        "pictures": {line.offer_id: picture_of(line, place) for line in view.priced.lines},
        "added": next((line for line in view.priced.lines if str(line.offer_id) == added), None),
        "cart_count": view.quantity,
        "most": MOST_IN_LIST,
        "crumbs": [("Entrepot", place.to("")), (_("Cart"), "")],
    }
    # A crawler comes without a cookie and sees an empty cart: nothing to hide from it.
    answer = shop_page(request, place, "cart.jinja", data, is_indexed=True, headers={"Cache-Control": "private, no-store"})  # fmt: skip
    keep_cart(answer, view.token if ctx.actor.kind == "guest" else "", view.quantity)
    return answer


def _claim(ctx: Context, token: str) -> None:
    """A guest's cart becomes the buyer's once the buyer has signed in."""
    if token and ctx.actor.kind == "buyer":
        try:
            claim_cart(with_key(ctx, "claim"), token=token)
        except NotFound:
            return


def picture_of(line: PricedLine, place: Place) -> facts.Picture:
    """A small picture of a line."""
    title = show.text_in(line.title, place.language)[0]
    if line.media:
        src = settings.MEDIA_URL + line.media.path(160)
        return facts.Picture(src, "", title, False)
    return facts.drawing(
        motif_in_colour(line.motif or facts.NO_MOTIF, line.options), line.motif_seed, title=title
    )


@shop(methods="POST", without_token=True)
def add(request: HttpRequest, place: Place) -> HttpResponse:
    """Put an offer into the cart; with `buy` go on to the checkout at once."""
    ctx = context_of(request)
    offer_id = _offer(request)
    made = add_to_cart(
        ctx,
        market=place.market.code,
        offer_id=offer_id,
        quantity=request.POST.get("quantity", "1"),
        token=token_of(request),
        language=place.language,
    )
    target = f"{place.to('cart')}?added={offer_id}"
    if request.POST.get("buy"):
        begun = start_checkout(
            with_key(ctx, "checkout"), token=made.token, market=place.market.code, language=place.language
        )
        target = place.to("checkout", begun.token)
    answer = HttpResponseRedirect(target, status=303)
    keep_cart(answer, made.token if ctx.actor.kind == "guest" else "", made.quantity)
    return answer


@shop(methods="POST", without_token=True)
def change(request: HttpRequest, place: Place) -> HttpResponse:
    """Set a quantity; zero, or the button “Remove”, takes the line out."""
    ctx, token, offer_id = context_of(request), token_of(request), _offer(request)
    wished = request.POST.get("quantity", "")
    if request.POST.get("remove") or wished == "0":
        made = remove_from_cart(ctx, offer_id=offer_id, token=token, market=place.market.code)
    else:
        made = set_cart_quantity(
            ctx, offer_id=offer_id, quantity=wished, token=token, market=place.market.code
        )
    answer = HttpResponseRedirect(place.to("cart"), status=303)
    keep_cart(answer, made.token if ctx.actor.kind == "guest" else "", made.quantity)
    return answer


@shop(methods="POST", without_token=True)
def begin(request: HttpRequest, place: Place) -> HttpResponse:
    """From the cart to the checkout."""
    begun = start_checkout(
        context_of(request), token=token_of(request), market=place.market.code, language=place.language
    )
    return HttpResponseRedirect(place.to("checkout", begun.token), status=303)


def _offer(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("offer", ""))
    except ValueError:
        raise Invalid(field="offer", reason=_("This is not an offer.")) from None
