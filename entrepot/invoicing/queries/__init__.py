"""Every read of invoicing. Each subject has its file; outsiders import the queries from here."""

from entrepot.invoicing.queries.documents import (
    InvoiceView,
    invoice_by_id,
    invoice_file,
    invoices_of,
    invoices_of_order,
    invoices_of_orders,
)
from entrepot.invoicing.queries.returns import ReturnView, return_file, tax_return, tax_returns

__all__ = [
    "InvoiceView",
    "ReturnView",
    "invoice_by_id",
    "invoice_file",
    "invoices_of",
    "invoices_of_order",
    "invoices_of_orders",
    "return_file",
    "tax_return",
    "tax_returns",
]
