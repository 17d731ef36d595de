"""What invoicing does without a person."""

from __future__ import annotations

from entrepot.invoicing.commands.issue import bill_fees, issue_credit_notes, issue_sale_invoice
from entrepot.kit.context import Context
from entrepot.kit.reaction import every, on
from entrepot.orders.events import OrderPaid
from entrepot.payments.events import RefundPromised


@on(OrderPaid)
def invoice_paid_order(ctx: Context, fact: OrderPaid) -> None:
    issue_sale_invoice(ctx, order_id=fact.order_id)


@on(RefundPromised)
def credit_refunded_orders(ctx: Context, fact: RefundPromised) -> None:
    if fact.parts:
        issue_credit_notes(ctx, refund=fact)


@every(seconds=3600)
def bill_ended_months(ctx: Context) -> None:
    bill_fees(ctx)
