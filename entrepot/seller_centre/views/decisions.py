"""What the marketplace restricted in this shop, the reasons, and the shop's complaints."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from entrepot.care.commands import contest_restriction
from entrepot.care.queries import restrictions_of
from entrepot.catalog.queries import own_products_by_id
from entrepot.kit.errors import NotFound
from entrepot.seller_centre.frame import back, work_page
from entrepot.storefront.web import context_of, door


@door(role="seller", methods="GET POST", writes="reports:write")
def decision_list(request: HttpRequest) -> HttpResponse:
    """What holds first, then what was lifted."""
    ctx = context_of(request)
    if request.method == "POST":
        try:
            wanted = UUID(request.POST.get("restriction", ""))
        except ValueError as error:
            raise NotFound(what="decision") from error
        contest_restriction(ctx, restriction_id=wanted, text=request.POST.get("text", ""))
        return back("/seller/decisions", "saved")
    found = restrictions_of(ctx)
    products = own_products_by_id(ctx, {one.product_id for one in found if one.product_id}) if found else {}
    return work_page(request, "decisions.jinja", {"found": found, "products": products})
