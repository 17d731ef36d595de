"""Hand-over lists: what the driver takes, closed, printed and signed for."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from entrepot.kit.errors import Refusal
from entrepot.logistics.commands import close_manifest, hand_over_manifest
from entrepot.logistics.queries import manifest_paper, manifest_waiting, manifests_of
from entrepot.seller_centre.frame import back, pdf_page, seller_of, work_page
from entrepot.seller_centre.words import carrier_words
from entrepot.storefront.web import context_of, door, said


def _page(request: HttpRequest, why: str = "", status: int = 200) -> HttpResponse:
    ctx = context_of(request)
    seller_id = seller_of(ctx)
    lists = manifests_of(ctx, seller_id)
    data = {
        "waiting": manifest_waiting(ctx, seller_id),
        "open_lists": [each for each in lists if each.handed_over_at is None],
        "gone": [each for each in lists if each.handed_over_at is not None],
        "why": why,
        "carrier_words": carrier_words,
        "typed": request.POST,
        "stays": set(request.POST.getlist("stays")),
    }
    return work_page(request, "manifests.jinja", data, status)


@door(role="seller", methods="GET POST", scope="orders:read", writes="orders:fulfil")
def manifest_list(request: HttpRequest) -> HttpResponse:
    """Lists that wait for the driver, and those that were signed for; a post closes what is packed into a list."""
    if request.method == "POST":
        ctx = context_of(request)
        try:
            close_manifest(ctx, seller_id=seller_of(ctx))
        except Refusal as refusal:
            return _page(request, said(refusal), refusal.status)
        return back("/seller/manifests", "listed")
    return _page(request)


@door(role="seller", methods="POST", scope="orders:fulfil")
def manifest_hand_over(request: HttpRequest, manifest: UUID) -> HttpResponse:
    """The driver signs; what stays waits for the next list."""
    try:
        hand_over_manifest(
            context_of(request),
            manifest_id=manifest,
            signed_by=request.POST.get("signed_by", ""),
            stays=request.POST.getlist("stays"),
        )
    except Refusal as refusal:
        if refusal.status in (403, 404):
            raise
        return _page(request, said(refusal), refusal.status)
    return back("/seller/manifests", "signed")


@door(role="seller", methods="GET", scope="orders:read")
def manifest_pdf(request: HttpRequest, manifest: UUID) -> HttpResponse:
    """The list on paper."""
    made = manifest_paper(context_of(request), manifest, language=get_language() or "en")
    return pdf_page(made, f"hand-over-{manifest}.pdf")
