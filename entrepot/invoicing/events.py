"""Facts of invoicing. Amounts are whole minor units of `currency`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class InvoiceIssued:
    """A document has its number. `kind`: sale, sale_credit, deemed, deemed_credit, fee, fee_credit."""

    invoice_id: UUID
    kind: str
    number: str
    order_id: int | None
    seller_id: UUID
    gross_minor: int
    currency: str
    at: datetime
