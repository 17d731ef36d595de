"""The customs inbox: what cannot leave, what is held, and how it is repaired."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from entrepot.console.desk import desk, show
from entrepot.kit.ids import read_number, show_number
from entrepot.logistics.commands import answer_customs_hold, release_customs_hold, repair_customs_file
from entrepot.logistics.queries import customs_counts, customs_file, customs_inbox
from entrepot.parties.queries import sellers_by_id
from entrepot.storefront.environment import customs_paper, repairs_of
from entrepot.storefront.web import attempt, context_of

STATES = ("incomplete", "ready", "presented", "held", "answered", "released")


@desk(scope="logistics:read")
def inbox(request: HttpRequest) -> HttpResponse:
    """Every seller's files, those that need somebody first."""
    ctx = context_of(request)
    state = request.GET.get("state", "")
    files = customs_inbox(ctx, (state,) if state in STATES else ())
    data = {
        "files": files,
        "state": state,
        "states": STATES,
        "counts": customs_counts(ctx),
        "sellers": sellers_by_id([each.seller_id for each in files if each.seller_id]),
        "show_number": show_number,
    }
    return show(request, "customs.jinja", data)


def _page(request: HttpRequest, number: str, why: str = "") -> HttpResponse:
    view = customs_file(context_of(request), read_number(number))
    return show(
        request, "customs_file.jinja", {"f": view, "number": number, "base": "/console/customs/", "why": why}
    )


@desk(scope="logistics:read")
def customs_page(request: HttpRequest, number: str) -> HttpResponse:
    """One file."""
    return _page(request, number)


@desk(scope="customs:repair", methods="POST")
def customs_repair(request: HttpRequest, number: str) -> HttpResponse:
    """Correct what is declared, answer what customs asked, or record that the authority let it go."""
    ctx, order_id = context_of(request), read_number(number)

    def run() -> object:
        if request.POST.get("what") == "answer":
            return answer_customs_hold(ctx, order_id=order_id, answer=request.POST.get("answer", ""))
        if request.POST.get("what") == "release":
            return release_customs_hold(ctx, order_id=order_id, note=request.POST.get("note", ""))
        repairs = repairs_of(request.POST, customs_file(ctx, order_id))
        return repair_customs_file(ctx, order_id=order_id, repairs=repairs)

    return attempt(
        run,
        then=f"/console/customs/{number}/",
        done="customs_saved",
        again=lambda why: _page(request, number, why),
    )


@desk(scope="logistics:read")
def paper(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """The data or a paper of a file: json, xml, invoice, cn23."""
    return customs_paper(customs_file(context_of(request), read_number(number)), number, kind)
