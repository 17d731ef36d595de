"""Every write of payments: pay, learn the outcome, give back; files to the bank and statements from it."""

from entrepot.payments.commands.bank import (
    StatementRead,
    ask_stripe_payout,
    make_bank_file,
    order_bank_transfer,
    read_bank_statement,
    send_stripe_payout,
)
from entrepot.payments.commands.pay import (
    Part,
    PaymentOutcome,
    PaymentStart,
    RefundPart,
    RefundView,
    ask_open_payments,
    close_due,
    confirm_payment,
    record_provider_event,
    refund_payment,
    send_refunds,
    start_payment,
)
from entrepot.payments.commands.reports import ReportRead, read_provider_report

__all__ = [
    "Part",
    "PaymentOutcome",
    "PaymentStart",
    "RefundPart",
    "RefundView",
    "ReportRead",
    "StatementRead",
    "ask_open_payments",
    "ask_stripe_payout",
    "close_due",
    "confirm_payment",
    "make_bank_file",
    "order_bank_transfer",
    "read_bank_statement",
    "read_provider_report",
    "record_provider_event",
    "refund_payment",
    "send_refunds",
    "send_stripe_payout",
    "start_payment",
]
