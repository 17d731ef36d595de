"""Orders: what waits today, the list by state, one order with its papers, and what comes back."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from entrepot.kit.errors import Invalid, NotFound, Refusal, Sentence
from entrepot.kit.ids import read_number
from entrepot.logistics.queries import (
    MOST_PIECES,
    cartons,
    consignments_of_orders,
    labels_of_orders,
    packing_slip,
    pick_list,
    zebra_labels_of_orders,
)
from entrepot.orders.commands import (
    accept_return,
    cancel_order,
    mark_packed,
    mark_shipped,
    receive_return,
    refuse_return,
)
from entrepot.orders.queries.orders import order_view, orders_of, returns_of, today_counts
from entrepot.orders.queries.packing import boxes_of_order
from entrepot.orders.queries.timelines import timeline
from entrepot.seller_centre.forms import read_count
from entrepot.seller_centre.frame import back, pdf_page, work_page
from entrepot.seller_centre.words import cancel_reasons, carton_words, money_words, return_reasons, step_words
from entrepot.settlement.queries import receivables_by_order
from entrepot.storefront.web import context_of, door, said, with_key

TABS = ("", "paid", "packed", "shipped", "delivered", "completed", "cancelled")
MOST_AT_ONCE = 50


@door(role="seller", methods="GET")
def today(request: HttpRequest) -> HttpResponse:
    """What to do now: to pack, due, late, returns to answer; and the next orders."""
    ctx = context_of(request)
    if not ctx.may("orders:read"):
        return work_page(request, "today.jinja", {"counts": None, "orders": (), "late": ()})
    late = orders_of(ctx, exception="late_dispatch", limit=10)
    data = {
        "counts": today_counts(ctx),
        "orders": orders_of(ctx, states=("paid", "packed"), limit=10).orders,
        "late": late.orders,
    }
    return work_page(request, "today.jinja", data)


@door(role="seller", methods="GET", scope="orders:read")
def order_list(request: HttpRequest) -> HttpResponse:
    """Orders by state; state, search and place in the list stand in the address."""
    ctx = context_of(request)
    state = request.GET.get("state", "")
    text = request.GET.get("q", "").strip()[:100]
    found = orders_of(ctx, state=state, text=text, cursor=request.GET.get("after", ""), limit=50)
    next_url = (
        "?" + urlencode({"state": state, "q": text, "after": found.next_cursor}) if found.next_cursor else ""
    )
    data = {"orders": found.orders, "state": state, "q": text, "next_url": next_url, "problems": ()}
    return work_page(request, "orders.jinja", data)


@door(role="seller", methods="GET", scope="orders:read")
def order_page(request: HttpRequest, number: str) -> HttpResponse:
    """One order: lines, consignee, parcels, timeline, and the next step as a button."""
    ctx = context_of(request)
    order_id = read_number(number)
    order = order_view(ctx, order_id=order_id)
    consignment = consignments_of_orders(ctx, [order_id]).get(order_id)
    steps = [
        {"words": step_words(step), "at": step.at, "who": step.actor_label}
        for step in reversed(timeline(ctx, order_id=order_id))
    ]
    share = receivables_by_order(ctx, [order_id]).get(order_id) if ctx.may("payouts:read") else None
    is_packing = order.state in ("paid", "packed") and ctx.may("orders:fulfil")
    data = {
        "order": order,
        "number": number,
        "consignment": consignment,
        "packing": boxes_of_order(ctx, order_id) if is_packing else None,
        "cartons": [("", _("Own box")), *((each.code, carton_words(each)) for each in cartons())],
        "titles": {line.sku: line.title for line in order.lines},
        "steps": steps,
        "reasons": cancel_reasons(),
        "receive": share,
        "money_words": money_words(),
    }
    return work_page(request, "order.jinja", data)


@door(role="seller", methods="POST", scope="orders:fulfil")
def order_pack(request: HttpRequest, number: str) -> HttpResponse:
    """Close a box and give it its label. `piece` names what is in it, one `count × SKU` each; none: all that is left."""
    weight = request.POST.get("weight_g", "").strip()
    pieces = [each.partition(" ") for each in request.POST.getlist("piece")[:MOST_PIECES]]
    mark_packed(
        context_of(request),
        order_id=read_number(number),
        weight_g=read_count(weight, "weight_g", 70_000) if weight else None,
        carton=request.POST.get("carton", "")[:12],
        contents={sku: read_count(count, "piece", MOST_PIECES) for count, _space, sku in pieces} or None,
    )
    return back(f"/seller/orders/{number}", "packed")


@door(role="seller", methods="POST", scope="orders:fulfil")
def order_ship(request: HttpRequest, number: str) -> HttpResponse:
    """Hand every box of the order to the carrier."""
    mark_shipped(context_of(request), order_id=read_number(number))
    return back(f"/seller/orders/{number}", "shipped")


@door(role="seller", methods="POST", scope="orders:cancel")
def order_cancel(request: HttpRequest, number: str) -> HttpResponse:
    """The seller cannot deliver: the buyer's money goes back."""
    cancel_order(context_of(request), order_id=read_number(number), reason=request.POST.get("reason", ""))
    return back(f"/seller/orders/{number}", "cancelled")


@door(role="seller", methods="POST", scope="orders:fulfil")
def orders_ship(request: HttpRequest) -> HttpResponse:
    """Pack and hand over the picked orders, each by itself: one that cannot go does not stop the others."""
    ctx = context_of(request)
    numbers = request.POST.getlist("pick")[:MOST_AT_ONCE]
    if not numbers:
        raise Invalid(field="pick", reason="No order is picked.", hint="Tick the orders that leave now.")
    problems = []
    for number in numbers:
        try:
            mark_shipped(with_key(ctx, number), order_id=read_number(number))
        except Refusal as refusal:
            problems.append((number, said(refusal)))
    if not problems:
        return back("/seller/orders?state=shipped", "shipped")
    waiting = orders_of(ctx, states=("paid", "packed"), limit=50)
    data = {"orders": waiting.orders, "state": "paid", "q": "", "next_url": "", "problems": problems}
    return work_page(request, "orders.jinja", data, status=409)


@door(role="seller", methods="GET", scope="orders:read")
def labels(request: HttpRequest) -> HttpResponse:
    """The labels of the picked orders as one PDF, a page each."""
    ctx = context_of(request)
    order_ids = [read_number(number) for number in request.GET.getlist("pick")[:MOST_AT_ONCE]]
    if not order_ids:
        raise NotFound(what="label")
    return pdf_page(labels_of_orders(ctx, order_ids), "labels.pdf")


@door(role="seller", methods="GET", scope="orders:read")
def zebra_labels(request: HttpRequest) -> HttpResponse:
    """The same labels for a Zebra printer (ZPL)."""
    ctx = context_of(request)
    zpl = zebra_labels_of_orders(
        ctx, [read_number(number) for number in request.GET.getlist("pick")[:MOST_AT_ONCE]]
    )
    return HttpResponse(
        zpl,
        content_type="application/zpl",
        headers={"Content-Disposition": 'attachment; filename="labels.zpl"'},
    )


@door(role="seller", methods="GET", scope="orders:read")
def picking(request: HttpRequest) -> HttpResponse:
    """What to fetch from the shelves for the picked orders, as PDF."""
    ctx = context_of(request)
    order_ids = [read_number(number) for number in request.GET.getlist("pick")[:MOST_AT_ONCE]]
    return pdf_page(pick_list(ctx, order_ids), "pick-list.pdf")


@door(role="seller", methods="GET", scope="orders:read")
def slip(request: HttpRequest, number: str) -> HttpResponse:
    """The packing slip of an order as PDF."""
    return pdf_page(packing_slip(context_of(request), read_number(number)), f"slip-{number}.pdf")


@door(role="seller", methods="GET POST", scope="orders:read", writes="orders:fulfil")
def return_list(request: HttpRequest) -> HttpResponse:
    """Goods that come back: answer, then say when they are here."""
    ctx = context_of(request)
    if request.method == "POST":
        try:
            return_id = UUID(request.POST.get("return", ""))
        except ValueError as error:
            raise Invalid(field="return", reason="is not a return.") from error
        answer = request.POST.get("answer", "").strip()
        match request.POST.get("do"):
            case "accept":
                accept_return(ctx, return_id=return_id, answer=answer)
            case "refuse":
                refuse_return(ctx, return_id=return_id, answer=answer)
            case "receive":
                receive_return(ctx, return_id=return_id)
                return back("/seller/returns", "received")
            case other:
                raise Invalid(
                    field="do", reason=Sentence("“{other}” is no answer to a return.", other=str(other)[:20])
                )
        return back("/seller/returns", "saved")
    return work_page(request, "returns.jinja", {"rows": returns_of(ctx), "reasons": return_reasons()})
