"""Words of the console for codes of the house: states, steps, reasons, account kinds, commands."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

STEPS: dict[str, Promise] = {
    "visit": _("Visits"), "product": _("Product pages"), "cart": _("Cart"), "checkout": _("Checkout"),
    "placed": _("Orders placed"), "paid": _("Orders paid"), "shipped": _("Handed over"),
    "delivered": _("Delivered"), "kept": _("Kept"),
}  # fmt: skip

ORDER_STATES: dict[str, tuple[Promise, str]] = {
    "placed": (_("Placed"), "wait"), "paid": (_("Paid"), "info"), "packed": (_("Packed"), "info"),
    "shipped": (_("On its way"), "info"), "delivered": (_("Delivered"), "ok"), "completed": (_("Completed"), "ok"),
    "cancelled": (_("Cancelled"), "bad"), "refunded": (_("Refunded"), "warn"),
}  # fmt: skip

SELLER_STATES: dict[str, tuple[Promise, str]] = {
    "draft": (_("Waiting for approval"), "warn"), "approved": (_("Approved"), "ok"),
    "suspended": (_("Suspended"), "bad"),
}  # fmt: skip

MARKET_STATES: dict[str, tuple[Promise, str]] = {
    "draft": (_("Not opened"), "wait"), "pilot": (_("Pilot"), "warn"), "live": (_("Open"), "ok"),
    "closed": (_("Closed"), "bad"),
}  # fmt: skip

REASONS: dict[str, Promise] = {
    "late_dispatch": _("Handed over late"), "late_delivery": _("Delivered late"), "other": _("Other reasons"),
    "cancelled:not_paid": _("Cancelled: not paid in time"), "cancelled:buyer": _("Cancelled by the buyer"),
    "cancelled:seller": _("Cancelled by the seller"), "cancelled:operator": _("Cancelled by us"),
    "cancelled:unknown": _("Cancelled"), "return:withdrawal": _("Returned: withdrawal"),
    "return:damaged": _("Returned: damaged"), "return:wrong_item": _("Returned: wrong goods"),
    "return:not_as_described": _("Returned: not as described"),
}  # fmt: skip

ACCOUNTS: dict[str, Promise] = {
    "provider_clearing": _("Provider clearing"), "bank": _("Bank"), "refund_advance": _("Refunds advanced"),
    "fx": _("Currency conversion"), "provider_fee": _("Provider fees"), "write_off": _("Write-offs"),
    "escrow": _("In escrow"), "refund_due": _("Refunds due"), "unapplied": _("Unapplied payments"),
    "seller_payable": _("Owed to sellers"), "payout_transit": _("Payouts on their way"),
    "carrier_payable": _("Owed to carriers"), "tax_owed": _("VAT owed"), "duty_owed": _("Duty owed"),
    "platform_commission": _("Commission"), "platform_fee": _("Fees"), "membership": _("Membership"),
    "ad_credit": _("Advertising credit"),
}  # fmt: skip


def step_words(step: str) -> str:
    return str(STEPS.get(step, step))


def exception_words(reason: str) -> str:
    if reason in REASONS:
        return str(REASONS[reason])
    group, _sep, rest = reason.partition(":")
    return (
        f"{group} · {rest.replace('_', ' ')}".capitalize() if rest else reason.replace("_", " ").capitalize()
    )


def account_words(kind: str) -> str:
    return str(ACCOUNTS.get(kind, kind.replace("_", " ")))


def plain(code: str) -> str:
    """`orders.cancel_order` → `cancel order`: a command's name for people."""
    return code.rpartition(".")[2].replace("_", " ")
