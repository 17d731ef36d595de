"""Customs: what is missing before parcels leave for abroad, what customs asks, and the papers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from entrepot.kit.errors import Refusal
from entrepot.kit.ids import read_number
from entrepot.logistics.commands import answer_customs_hold, repair_customs_file
from entrepot.logistics.queries import customs_file, customs_inbox
from entrepot.seller_centre.frame import back, work_page
from entrepot.storefront.environment import customs_paper, repairs_of
from entrepot.storefront.web import context_of, door, said


@door(role="seller", methods="GET", scope="orders:read")
def inbox(request: HttpRequest) -> HttpResponse:
    """Customs files, those that need somebody first."""
    return work_page(request, "customs.jinja", {"files": customs_inbox(context_of(request))})


@door(role="seller", methods="GET POST", scope="orders:read", writes="customs:repair")
def customs_page(request: HttpRequest, number: str) -> HttpResponse:
    """One file: its gaps with their way out, its lines to repair, its hold to answer."""
    ctx, order_id, why = context_of(request), read_number(number), ""
    if request.method == "POST":
        try:
            if request.POST.get("what") == "answer":
                answer_customs_hold(ctx, order_id=order_id, answer=request.POST.get("answer", ""))
            else:
                view = customs_file(ctx, order_id)
                repair_customs_file(ctx, order_id=order_id, repairs=repairs_of(request.POST, view))
            return back(f"/seller/customs/{number}", "saved")
        except Refusal as refusal:
            if refusal.status in (403, 404):
                raise
            why = said(refusal)
    data = {"f": customs_file(ctx, order_id), "number": number, "base": "/seller/customs/", "why": why}
    return work_page(request, "customs_file.jinja", data, status=422 if why else 200)


@door(role="seller", methods="GET", scope="orders:read")
def paper(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """The data or a paper of a file: json, xml, invoice, cn23."""
    return customs_paper(customs_file(context_of(request), read_number(number)), number, kind)
