"""Disputes of this shop: answer within the time, accept, offer a part or leave it to the marketplace."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from entrepot.care.commands import add_evidence, answer_dispute
from entrepot.care.queries import MOST_PHOTOS, dispute_photo, disputes_of
from entrepot.kit.errors import Invalid, NotFound
from entrepot.seller_centre.forms import read_price
from entrepot.seller_centre.frame import back, work_page
from entrepot.storefront.web import context_of, door, files_of, jpeg


@door(role="seller", methods="GET POST", scope="orders:read", writes="orders:return")
def dispute_list(request: HttpRequest) -> HttpResponse:
    """Open ones first, by what is due soonest."""
    ctx = context_of(request)
    found = disputes_of(ctx)
    if request.method == "POST":
        try:
            dispute_id = UUID(request.POST.get("dispute", ""))
        except ValueError as error:
            raise Invalid(field="dispute", reason="is not a dispute.") from error
        one = next((each for each in found if each.id == dispute_id), None)
        if one is None:
            raise NotFound(what="dispute")
        photos = files_of(request, "photos", MOST_PHOTOS)
        verb, text = request.POST.get("do", ""), request.POST.get("text", "")
        if verb == "evidence":
            add_evidence(ctx, dispute_id=dispute_id, text=text, photos=photos)
        else:
            offer = (
                read_price(request.POST.get("amount", ""), one.currency, "amount") if verb == "offer" else 0
            )
            answer_dispute(ctx, dispute_id=dispute_id, verb=verb, text=text, offer_minor=offer, photos=photos)
        return back("/seller/disputes", "saved")
    return work_page(request, "disputes.jinja", {"disputes": found})


@door(role="seller", methods="GET", scope="orders:read")
def dispute_picture(request: HttpRequest, photo: UUID) -> HttpResponse:
    """A photo of a dispute about an order of this shop."""
    return jpeg(dispute_photo(context_of(request), photo))
