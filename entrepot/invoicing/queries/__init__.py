"""Every read of invoicing. Each subject has its file; outsiders import the queries from here."""

from entrepot.invoicing.queries.dac7 import (
    REPORT_COLUMNS,
    missing_of,
    report_rows,
    report_xml,
    sellers_report,
)
from entrepot.invoicing.queries.documents import (
    InvoiceView,
    invoice_by_id,
    invoice_file,
    invoices_of,
    invoices_of_order,
    invoices_of_orders,
)
from entrepot.invoicing.queries.returns import (
    Declaration,
    ReturnView,
    declaration,
    declaration_file,
    return_file,
    tax_return,
    tax_returns,
)

__all__ = [
    "REPORT_COLUMNS",
    "Declaration",
    "InvoiceView",
    "ReturnView",
    "declaration",
    "declaration_file",
    "invoice_by_id",
    "invoice_file",
    "invoices_of",
    "invoices_of_order",
    "invoices_of_orders",
    "missing_of",
    "report_rows",
    "report_xml",
    "return_file",
    "sellers_report",
    "tax_return",
    "tax_returns",
]
