"""Invoices and credit notes for programs: a purchase's by its token, a seller's by its key."""

from __future__ import annotations

import base64
from datetime import date
from typing import Literal

import msgspec

from entrepot.api.catalogue import Money
from entrepot.api.operation import operation
from entrepot.api.selling import OnlySellers, seller_of
from entrepot.invoicing.queries import InvoiceView, invoice_file, invoices_of, invoices_of_order
from entrepot.kit.context import Context
from entrepot.kit.ids import read_id, read_number, show_id, show_number

Kind = Literal["sale", "sale_credit", "deemed", "deemed_credit", "self", "self_credit", "fee", "fee_credit"]


class InvoiceOut(msgspec.Struct, frozen=True):
    """An invoice or credit note. A credit note's amounts are what goes back, positive."""

    id: str
    kind: Kind
    number: str
    issued_on: date
    order: str | None
    issuer: str
    receiver: str
    net: Money
    vat: Money
    gross: Money
    corrects: str | None


class Invoices(msgspec.Struct, frozen=True):
    """Documents, of an order oldest first, of a seller newest first."""

    data: list[InvoiceOut]


class InvoicesQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which documents: of a kind, issued between two days."""

    kind: Kind | None = None
    since: date | None = None
    until: date | None = None


class FileQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """As what: `pdf` (PDF/A-3 with the CII inside: Factur-X), `ubl` or `cii`."""

    kind: Literal["pdf", "ubl", "cii"] = "pdf"


class FileOut(msgspec.Struct, frozen=True):
    """A file; its content is Base64."""

    name: str
    media_type: str
    content: str


def _out(view: InvoiceView) -> InvoiceOut:
    return InvoiceOut(
        id=show_id("inv", view.invoice_id),
        kind=view.kind,  # type: ignore[arg-type]
        number=view.number,
        issued_on=view.issued_on,
        order=show_number(view.order_id) if view.order_id is not None else None,
        issuer=view.issuer,
        receiver=view.receiver,
        net=Money(view.net_minor, view.currency),
        vat=Money(view.vat_minor, view.currency),
        gross=Money(view.gross_minor, view.currency),
        corrects=view.corrects or None,
    )


def _file(ctx: Context, invoice_id: str, kind: str, token: str = "") -> FileOut:
    name, media, made = invoice_file(ctx, read_id("inv", invoice_id), kind=kind, token=token)
    return FileOut(name, media, base64.b64encode(made).decode())


@operation("GET", "/v1/purchases/{token}/orders/{number}/invoices", tag="Shopping", scope="orders:read")
def list_order_invoices(ctx: Context, *, token: str, number: str) -> Invoices:
    """The invoice and credit notes of an order."""
    return Invoices([_out(view) for view in invoices_of_order(ctx, read_number(number), token)])


@operation("GET", "/v1/purchases/{token}/invoices/{invoice_id}", tag="Shopping", scope="orders:read")
def read_purchase_invoice(ctx: Context, *, token: str, invoice_id: str, query: FileQuery) -> FileOut:
    """One of a purchase's documents as a file."""
    return _file(ctx, invoice_id, query.kind, token)


@operation("GET", "/v1/seller/invoices", tag="Selling", scope="payouts:read", refusals=(OnlySellers,))
def list_own_invoices(ctx: Context, *, query: InvoicesQuery) -> Invoices:
    """The seller's documents, newest first, at most 1,000: those issued in its name, and those of our fees."""
    seller_of(ctx)
    found = invoices_of(ctx, kind=query.kind or "", since=query.since, until=query.until, limit=1000)
    return Invoices([_out(view) for view in found])


@operation(
    "GET", "/v1/seller/invoices/{invoice_id}", tag="Selling", scope="payouts:read", refusals=(OnlySellers,)
)
def read_own_invoice(ctx: Context, *, invoice_id: str, query: FileQuery) -> FileOut:
    """One of the seller's documents as a file."""
    seller_of(ctx)
    return _file(ctx, invoice_id, query.kind)
