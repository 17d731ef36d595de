"""After the order: one page by an unguessable link, with parcels, withdrawal, returns and payment."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from entrepot.invoicing.queries import invoice_file, invoices_of_orders
from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid, NotFound, Refusal
from entrepot.kit.ids import show_id
from entrepot.logistics.errors import PlaceNotServed
from entrepot.logistics.queries import LockerView, lockers_near, one_deliveries
from entrepot.logistics.queries import Place as NetworkPlace
from entrepot.markets.queries import conformity, guarantee_ends
from entrepot.orders.commands import (
    cancel_order,
    choose_return_locker,
    place_rest,
    request_return,
    send_back_return,
    withdraw_from_order,
)
from entrepot.orders.queries.orders import OrderLineView, OrderView, ReturnView, order_by_number
from entrepot.orders.queries.purchases import PurchaseView, purchase_by_token
from entrepot.orders.queries.timelines import timeline
from entrepot.storefront import facts, steps, words
from entrepot.storefront.codes import qr_svg
from entrepot.storefront.pages import shop_page
from entrepot.storefront.places import Place, shop
from entrepot.storefront.views.checkout import to_payment
from entrepot.storefront.web import context_of, limit, said, with_key

WITHOUT_GUARANTEE = frozenset({"cancelled", "refunded"})
NO_STORE = {"Cache-Control": "private, no-store", "Referrer-Policy": "same-origin"}
TRIES, TRIES_WITHIN_S = 10, 600


@shop()
def order(request: HttpRequest, place: Place, token: str) -> HttpResponse:
    """The purchase: what was accepted, what was not, what is to be paid, and where each parcel is."""
    ctx = context_of(request)
    view = purchase_by_token(ctx, token)
    if view.state in ("open", "placing") and not view.orders:
        return HttpResponseRedirect(place.to("checkout", token))
    told = []
    papers = invoices_of_orders(ctx, [each.id for each in view.orders], token)
    for each in view.orders:
        found = timeline(ctx, order_id=each.id, token=token)
        told.append(
            {
                "order": each,
                "state": steps.state_words(each.state),
                "rows": steps.rows_of(place, found),
                "route": steps.route_of(place, each, found, ctx.at),
                "invoices": papers[each.id],
                "guarantee": _guarantee(place, each),
                "returns": [
                    (back, steps.state_words(back.state), *_return_code(back), _lockers(back, view))
                    for back in each.returns
                ],
            }
        )
    failed = view.payment.state if view.payment and view.payment.state in ("failed", "expired") else ""
    data: dict[str, Any] = {
        "view": view,
        "told": told,
        "together": [
            (each, [number for number, row in enumerate(view.orders, start=1) if row.id in each.order_ids])
            for each in one_deliveries([row.id for row in view.orders])
        ],
        "state": steps.state_words(view.state),
        "failed": failed,
        "is_back": "back" in request.GET,
        # Not by what is left to pay: an order may be paid an instant before its purchase reads so.
        "waits": view.state == "placed" and "back" in request.GET and not failed and not view.is_awaited,
    }
    return shop_page(request, place, "order.jinja", data, headers=NO_STORE)


@shop()
def invoice_download(
    request: HttpRequest, place: Place, token: str, invoice: UUID, kind: str
) -> HttpResponse:
    """An order's invoice or credit note as a file."""
    name, media, made = invoice_file(context_of(request), invoice, kind=kind, token=token)
    headers = NO_STORE | {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(made, content_type=media, headers=headers)


def _guarantee(place: Place, each: OrderView) -> str:
    """How long the seller answers for an order's goods; empty where nothing is owed or a private person sold them."""
    if each.seller is None or each.seller.trader_type != "company" or each.state in WITHOUT_GUARANTEE:
        return ""
    ordered_on = place.local(each.placed_at).date()
    if each.delivered_at is None:
        return words.answers_for(conformity(each.market, ordered_on))
    ends = guarantee_ends(
        each.market, ordered_on=ordered_on, delivered_on=place.local(each.delivered_at).date()
    )
    return words.answers_until(ends) if ends else words.answers_for(None)


def _return_code(back: ReturnView) -> tuple[str, str]:
    """The code the buyer shows at a counter or locker, and its QR; both empty when nothing is to be sent back now."""
    if back.state not in ("awaited", "lapsed"):
        return "", ""
    code = show_id("rt", back.id).upper()
    return code, qr_svg(code, _("The code of this return"))


MOST_LOCKERS = 6


def _lockers(back: ReturnView, view: PurchaseView) -> list[LockerView]:
    """Where it can be handed in near the buyer's door; none when nothing is to be sent back now."""
    if back.state not in ("awaited", "lapsed"):
        return []
    try:
        near = lockers_near(NetworkPlace(view.market, view.contact.postcode, view.contact.city))
    except PlaceNotServed:
        return []
    return [each for number, each in enumerate(near) if number < MOST_LOCKERS or each.code == back.locker]


@shop(methods="POST")
def pay(request: HttpRequest, place: Place, token: str) -> HttpResponse:
    """Pay what waits for payment."""
    ctx = context_of(request)
    view = purchase_by_token(ctx, token)
    return to_payment(request, ctx, place, token, view.id)


@shop(methods="POST")
def rest(request: HttpRequest, place: Place, token: str) -> HttpResponse:
    """Order a seller's other lines after one of them was refused."""
    ctx = context_of(request)
    view = purchase_by_token(ctx, token)
    refused = next((each for each in view.refused if str(each.seller_id) == request.POST.get("seller")), None)
    if refused is None:
        raise NotFound(what="order")
    place_rest(
        with_key(ctx, f"rest:{refused.seller_id}"),
        purchase_id=view.id,
        seller_id=refused.seller_id,
        token=token,
    )
    return HttpResponseRedirect(place.to("purchase", token), status=303)


@shop(methods="POST")
def cancel(request: HttpRequest, place: Place, token: str, number: str) -> HttpResponse:
    """End one order before it is sent."""
    ctx = context_of(request)
    found = _order(purchase_by_token(ctx, token), number)
    cancel_order(ctx, order_id=found.id, reason=request.POST.get("reason", ""), token=token)
    return HttpResponseRedirect(place.to("purchase", token), status=303)


def _order(view: PurchaseView, number: str) -> OrderView:
    for each in view.orders:
        if each.number == number:
            return each
    raise NotFound(what="order")


def _quantities(request: HttpRequest, found: OrderView) -> dict[int, int]:
    """The pieces chosen by line position; a wrong number is no piece."""
    chosen = {}
    for line in found.lines:
        text = request.POST.get(f"n-{line.position}", "0")
        count = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
        if count:
            chosen[line.position] = count
    return chosen


@shop(methods="GET POST")
def withdraw(request: HttpRequest, place: Place, token: str, number: str) -> HttpResponse:
    """Withdrawal in two steps: choose and name yourself; then confirm. The receipt states date and time."""
    ctx = context_of(request)
    view = purchase_by_token(ctx, token)
    found = _order(view, number)
    data: dict[str, Any] = {
        "view": view,
        "order": found,
        "chosen": {line.position: line.left for line in found.lines if not line.withdrawal_exclusion},
        "name": request.POST.get("name", view.contact.name)[:200],
        "contact": request.POST.get("contact", view.contact.email)[:254],
        "step": "choose",
        "why": "",
        "done": None,
    }
    if request.method == "POST":
        data["chosen"] = _quantities(request, found)
        if not data["chosen"]:
            data["why"] = _("Choose at least one article.")
        elif request.POST.get("step") != "confirm":
            data["step"] = "confirm"
        else:
            return _withdrawn(request, place, ctx, token, found, data)
    return shop_page(
        request, place, "withdraw.jinja", data, status=422 if data["why"] else 200, headers=NO_STORE
    )


def _withdrawn(
    request: HttpRequest, place: Place, ctx: Context, token: str, found: OrderView, data: dict[str, Any]
) -> HttpResponse:
    try:
        done = withdraw_from_order(
            ctx,
            order_id=found.id,
            quantities=data["chosen"],
            name=data["name"],
            contact=data["contact"],
            token=token,
        )
    except Refusal as refusal:
        data |= {"why": said(refusal), "step": "choose"}
        return shop_page(request, place, "withdraw.jinja", data, status=refusal.status, headers=NO_STORE)
    data |= {"step": "done", "done": done}
    return shop_page(request, place, "withdraw.jinja", data, headers=NO_STORE)


@shop(methods="GET POST")
def send_back(request: HttpRequest, place: Place, token: str, number: str) -> HttpResponse:
    """Ask to send goods back for a reason."""
    ctx = context_of(request)
    view = purchase_by_token(ctx, token)
    found = _order(view, number)
    data: dict[str, Any] = {
        "view": view,
        "order": found,
        "reasons": [(name, words) for name, words in _reasons()],
        "chosen": _quantities(request, found),
        "repairs": [
            (line.title, link) for line, link in _said_of(found, "repair_info") if link.startswith("https://")
        ],
        "reason": request.POST.get("reason", ""),
        "note": request.POST.get("note", "")[:2000],
        "why": "",
    }
    if request.method == "POST":
        try:
            request_return(
                ctx,
                order_id=found.id,
                quantities=data["chosen"],
                reason=data["reason"],
                note=data["note"],
                token=token,
            )
        except Refusal as refusal:
            data["why"] = said(refusal)
        else:
            return HttpResponseRedirect(place.to("purchase", token), status=303)
    return shop_page(
        request, place, "return.jinja", data, status=422 if data["why"] else 200, headers=NO_STORE
    )


def _said_of(found: OrderView, name: str) -> list[tuple[OrderLineView, str]]:
    """What the products of an order say of themselves today: lines with an attribute."""
    views = facts.products.of({line.product_id for line in found.lines})
    said_of = [
        (line, views[line.product_id].attributes.get(name))
        for line in found.lines
        if line.product_id in views
    ]
    return [(line, str(value)) for line, value in said_of if value]


def _reasons() -> list[tuple[str, str]]:
    return [
        (name, steps.reason_words(name))
        for name in steps.REASONS
        if name not in ("withdrawal", "not_arrived")
    ]


@shop(methods="POST")
def sent_back(request: HttpRequest, place: Place, token: str) -> HttpResponse:
    """Say that the goods are with a carrier, with its number."""
    ctx = context_of(request)
    view = purchase_by_token(ctx, token)
    wished = request.POST.get("return", "")
    back = next((back for each in view.orders for back in each.returns if str(back.id) == wished), None)
    if back is None:
        raise NotFound(what="return")
    send_back_return(
        ctx, return_id=back.id, tracking_no=request.POST.get("tracking_no", "").strip(), token=token
    )
    return HttpResponseRedirect(place.to("purchase", token), status=303)


@shop(methods="POST")
def choose_locker(request: HttpRequest, place: Place, token: str) -> HttpResponse:
    """Where the buyer hands a return in."""
    ctx = context_of(request)
    view = purchase_by_token(ctx, token)
    wished = request.POST.get("return", "")
    back = next((back for each in view.orders for back in each.returns if str(back.id) == wished), None)
    if back is None:
        raise NotFound(what="return")
    choose_return_locker(ctx, return_id=back.id, locker=request.POST.get("locker", "")[:20], token=token)
    return HttpResponseRedirect(place.to("purchase", token), status=303)


@shop(methods="GET POST")
def find(request: HttpRequest, place: Place, withdraws: bool = False) -> HttpResponse:
    """Reach an order by its number and e-mail: for those without the link, and for the withdrawal function."""
    data: dict[str, Any] = {
        "withdraws": withdraws,
        "number": request.POST.get("number", "")[:40],
        "email": request.POST.get("email", "")[:254],
        "why": "",
    }
    if request.method == "POST":
        limit(request, "find_order", most=TRIES, per_s=TRIES_WITHIN_S)
        try:
            order_id, token = order_by_number(context_of(request), number=data["number"], email=data["email"])
        except (NotFound, Invalid) as refusal:
            data["why"] = said(refusal)
        else:
            view = purchase_by_token(context_of(request), token)
            found = next(each for each in view.orders if each.id == order_id)
            tail = (found.number, "withdraw") if withdraws and found.can_withdraw else ()
            return HttpResponseRedirect(place.to("purchase", token, *tail), status=303)
    return shop_page(
        request, place, "find_order.jinja", data, status=422 if data["why"] else 200, headers=NO_STORE
    )
