"""Invoices and credit notes of everybody, and each as a file."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from entrepot.console.desk import desk, show, take_away
from entrepot.console.words import INVOICE_KINDS
from entrepot.invoicing.queries import InvoiceView, invoice_file, invoices_of
from entrepot.kit.ids import show_number
from entrepot.storefront.web import context_of


def _found(request: HttpRequest, limit: int) -> list[InvoiceView]:
    kind = request.GET.get("kind", "")
    return invoices_of(
        context_of(request),
        kind=kind if kind in INVOICE_KINDS else "",
        text=request.GET.get("q", "").strip(),
        limit=limit,
    )


@desk(scope="ledger:read")
def invoice_list(request: HttpRequest) -> HttpResponse:
    """The newest documents, of one kind or all."""
    data = {"invoices": _found(request, 100), "kinds": INVOICE_KINDS, "kind": request.GET.get("kind", "")}
    return show(request, "invoices.jinja", data)


@desk(scope="ledger:read")
def invoices_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a file, at most 1,000 rows."""
    columns = (
        "number", "kind", "issued_on", "order", "issuer", "receiver", "currency", "net_minor", "vat_minor", "gross_minor", "corrects",
    )  # fmt: skip
    rows = [
        (view.number, view.kind, view.issued_on.isoformat(), show_number(view.order_id) if view.order_id is not None else "",
         view.issuer, view.receiver, view.currency, view.net_minor, view.vat_minor, view.gross_minor, view.corrects)
        for view in _found(request, 1000)
    ]  # fmt: skip
    return take_away("invoices", columns, rows, context_of(request).at)


@desk(scope="ledger:read")
def invoice_download(request: HttpRequest, invoice: UUID, kind: str) -> HttpResponse:
    """A document as PDF, UBL or CII."""
    name, media, made = invoice_file(context_of(request), invoice, kind=kind)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(made, content_type=media, headers=headers)
