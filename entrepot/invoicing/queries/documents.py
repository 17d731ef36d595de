"""Reading documents: a buyer's, a seller's, all of them; and each as a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from entrepot.invoicing.errors import FileKindUnknown
from entrepot.invoicing.facts import Content, read_content
from entrepot.invoicing.models import Invoice
from entrepot.invoicing.xml import cii_xml, ubl_xml
from entrepot.kit.context import Context, system_context
from entrepot.kit.errors import NotFound
from entrepot.orders.queries import order_view

HOUSE = system_context(at=datetime(1970, 1, 1, tzinfo=UTC), cause="papers of the house")
BUYERS = ("sale", "sale_credit", "deemed", "deemed_credit")
FILES = {"pdf": "application/pdf", "ubl": "application/xml", "cii": "application/xml"}


@dataclass(frozen=True, slots=True)
class InvoiceView:
    """A document's row. Amounts in minor units of `currency`; a credit note's are what goes back, positive."""

    invoice_id: UUID
    kind: str
    number: str
    issued_on: date
    order_id: int | None
    seller_id: UUID | None
    currency: str
    net_minor: int
    vat_minor: int
    gross_minor: int
    issuer: str
    receiver: str
    corrects: str

    @property
    def is_credit(self) -> bool:
        """Whether it gives back."""
        return self.kind.endswith("_credit")


def invoices_of_order(ctx: Context, order_id: int, token: str = "") -> list[InvoiceView]:
    """The documents of an order that the asker may see, oldest first; with a token, those of the purchase behind it.

    Refuses: NotFound (not their order).
    """
    order_view(ctx, order_id=order_id, token=token)
    return _views(_rows(ctx, token).filter(order_id=order_id).order_by("issued_at", "id"))


def invoices_of_orders(ctx: Context, order_ids: list[int], token: str = "") -> dict[int, list[InvoiceView]]:
    """The same for many orders of the asker (the caller has read them by the same token). One SQL statement."""
    found: dict[int, list[InvoiceView]] = {order_id: [] for order_id in order_ids}
    for view in _views(_rows(ctx, token).filter(order_id__in=order_ids).order_by("issued_at", "id")):
        found[view.order_id or 0].append(view)
    return found


def invoices_of(
    ctx: Context,
    *,
    kind: str = "",
    text: str = "",
    since: date | None = None,
    until: date | None = None,
    limit: int = 100,
) -> list[InvoiceView]:
    """The asker's documents, newest first: a seller's own and our fees, a buyer's, or all for operators."""
    rows = Invoice.objects.of(ctx)
    if kind:
        rows = rows.filter(kind=kind)
    if text:
        rows = rows.filter(name__icontains=text[:40])
    if since:
        rows = rows.filter(issued_on__gte=since)
    if until:
        rows = rows.filter(issued_on__lte=until)
    return _views(rows.order_by("-issued_at", "-id")[: min(limit, 1000)])


def invoice_by_id(ctx: Context, invoice_id: UUID, token: str = "") -> tuple[InvoiceView, Content]:
    """A document and what it says. Refuses: NotFound (also somebody else's)."""
    row = _rows(ctx, token).filter(id=invoice_id).first()
    if row is None:
        raise NotFound(what="invoice")
    if token:
        order_view(ctx, order_id=row.order_id, token=token)
    return _views([row])[0], read_content(row.content)


def invoice_file(ctx: Context, invoice_id: UUID, *, kind: str, token: str = "") -> tuple[str, str, bytes]:
    """A document as `pdf` (PDF/A-3 Factur-X), `ubl` or `cii`: its file name, media type and bytes.

    Refuses: NotFound, FileKindUnknown, LettersMissing (pdf).
    """
    if kind not in FILES:
        raise FileKindUnknown(kind=kind[:20])
    from entrepot.invoicing.paper import invoice_pdf

    view, content = invoice_by_id(ctx, invoice_id, token)
    made = {"pdf": invoice_pdf, "ubl": ubl_xml, "cii": cii_xml}[kind](content)
    ending = "pdf" if kind == "pdf" else f"{kind}.xml"
    return f"{view.number}.{ending}", FILES[kind], made


def _rows(ctx: Context, token: str) -> Any:
    """What this actor may see; behind a token the buyer's documents, which the caller binds to the token's orders."""
    if token:
        return Invoice.objects.of(HOUSE).filter(kind__in=BUYERS)
    return Invoice.objects.of(ctx)


def _views(rows: Any) -> list[InvoiceView]:
    found = []
    for row in rows:
        content = row.content
        found.append(
            InvoiceView(
                row.id,
                row.kind,
                row.name,
                row.issued_on,
                row.order_id,
                row.seller_id,
                row.currency,
                row.net_minor,
                row.vat_minor,
                row.gross_minor,
                content["issuer"]["name"],
                content["receiver"]["name"],
                content["corrects_number"],
            )
        )
    return found
