"""What is brought together at a hub: which parts have come, and the label of the whole."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from entrepot.hub_floor.frame import floor_door, show
from entrepot.logistics.queries import bundle_label, bundles_of_hub, hub_of
from entrepot.storefront.web import context_of


@floor_door()
def together(request: HttpRequest, hub: str) -> HttpResponse:
    """Parts that wait for each other, and what was joined in the last day."""
    return show(request, "together.jinja", hub_of(hub), {"bundles": bundles_of_hub(context_of(request), hub)})


@floor_door()
def label(request: HttpRequest, hub: str, bundle: UUID) -> HttpResponse:
    """The label of what was joined."""
    pdf = bundle_label(context_of(request), hub, bundle)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="together-{bundle}.pdf"'
    return response
