"""Invoices: those issued in the shop's name to its buyers, and those of the marketplace's fees; and to the marketplace
itself where the law makes it the supplier."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from entrepot.invoicing.queries import invoice_file, invoices_of
from entrepot.kit.errors import NotFound
from entrepot.seller_centre.frame import seller_of, work_page
from entrepot.seller_centre.words import invoice_words
from entrepot.storefront.web import context_of, door

KINDS = ("sale", "sale_credit", "self", "self_credit", "fee", "fee_credit")


@door(role="seller", methods="GET", scope="payouts:read")
def invoice_list(request: HttpRequest) -> HttpResponse:
    """The newest documents, of one kind or all."""
    ctx = context_of(request)
    seller_of(ctx)
    asked = request.GET.get("kind", "")
    kind = asked if asked in KINDS else ""
    data = {
        "invoices": invoices_of(ctx, kind=kind, text=request.GET.get("q", "").strip(), limit=200),
        "kinds": [("", ""), *((each, each) for each in KINDS)],
        "kind": kind,
        "text": request.GET.get("q", "")[:40],
        "invoice_words": invoice_words(),
    }
    return work_page(request, "invoices.jinja", data)


@door(role="seller", methods="GET", scope="payouts:read")
def invoice_download(request: HttpRequest, invoice: UUID, kind: str) -> HttpResponse:
    """A document as PDF, UBL or CII."""
    ctx = context_of(request)
    seller_of(ctx)
    if not ctx.may("payouts:read"):
        raise NotFound(what="invoice")
    return _attached(*invoice_file(ctx, invoice, kind=kind))


def _attached(name: str, media: str, made: bytes) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(made, content_type=media, headers=headers)
