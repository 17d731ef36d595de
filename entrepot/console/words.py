"""Words of the console for codes of the house: states, steps, reasons, account kinds, commands."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from entrepot.logistics.queries import WENT_ON
from entrepot.storefront import environment as say

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

CHECKLIST: dict[str, Promise] = {
    "language": _("Language"), "tax": _("Tax"), "currency": _("Currency"), "payment": _("Payment"),
    "sellers": _("Sellers"), "offers": _("Offers"), "product_rules": _("Product rules"),
    "full_prices": _("Full prices"), "lanes": _("Ways of delivery"), "customs_codes": _("Customs codes and origin"),
    "responsible_person": _("Responsible person"), "product_texts": _("Texts of products"),
    "payment_providers": _("Ways to pay"), "legal_texts": _("Pages of law"),
}  # fmt: skip

CANCEL_REASONS: dict[str, Promise] = {
    "operator_decision": _("Our decision"), "fraud_suspected": _("Suspected fraud"), "safety": _("Product safety"),
    "other": _("Another reason"),
}  # fmt: skip

EXCEPTIONS: dict[str, Promise] = {
    "late_dispatch": _("Not handed over in time"), "late_delivery": _("Not delivered in time"),
    "return_asked": _("Return asked"), "refund_open": _("Refund not sent yet"),
    "cancelled_after_payment": _("Cancelled after payment"),
}  # fmt: skip

REASONS: dict[str, Promise] = {
    "late_dispatch": _("Handed over late"), "late_delivery": _("Delivered late"), "other": _("Other reasons"),
    "cancelled:unpaid": _("Cancelled: not paid in time"), "cancelled:changed_mind": _("Cancelled: changed their mind"),
    "cancelled:mistake": _("Cancelled: ordered by mistake"), "cancelled:too_slow": _("Cancelled: too slow"),
    "cancelled:out_of_stock": _("Cancelled: out of stock"), "cancelled:cannot_ship": _("Cancelled: cannot be shipped"),
    "cancelled:pricing_error": _("Cancelled: wrong price"), "cancelled:fraud_suspected": _("Cancelled: suspected fraud"),
    "cancelled:operator_decision": _("Cancelled by us"), "cancelled:safety": _("Cancelled: product safety"),
    "cancelled:other": _("Cancelled: another reason"), "cancelled:unknown": _("Cancelled"),
    "return:withdrawal": _("Returned: withdrawal"), "return:defective": _("Returned: defective"),
    "return:damaged_in_transit": _("Returned: damaged on the way"), "return:wrong_product": _("Returned: wrong product"),
    "return:not_as_described": _("Returned: not as described"), "return:incomplete": _("Returned: incomplete"),
    "return:other": _("Returned: another reason"),
}  # fmt: skip

TIMELINE: dict[str, Promise] = {
    "orders.placed": _("Placed"), "orders.paid": _("Paid"), "orders.packed": _("Packed"),
    "orders.shipped": _("Handed over"), "orders.delivered": _("Delivered"), "orders.completed": _("Completed"),
    "orders.cancelled": _("Cancelled"), "orders.refund_promised": _("Refund promised"),
    "orders.refunded": _("Refunded"), "orders.withdrawn": _("Withdrawal declared"),
    "orders.return_asked": _("Return asked"), "orders.return_accepted": _("Return accepted"),
    "orders.return_refused": _("Return refused"), "orders.return_sent": _("Sent back"),
    "orders.return_received": _("Return received"), "orders.return_lapsed": _("Not sent back in time"),
    "orders.late_payment_returned": _("Paid too late: sent back"),
    "payments.started": _("Payment started"), "payments.captured": _("Payment captured"),
    "payments.refund_asked": _("Refund asked of the provider"), "payments.refund_sent": _("Refund sent"),
}  # fmt: skip

INVOICE_KINDS: dict[str, Promise] = {
    "sale": _("Invoice of a seller"), "sale_credit": _("Credit note of a seller"),
    "deemed": _("Our invoice to a buyer"), "deemed_credit": _("Our credit note to a buyer"),
    "self": _("A seller's supply to us, self-billed"), "self_credit": _("Credit note of a self-billed supply"),
    "fee": _("Our fee to a seller"), "fee_credit": _("Fee given back to a seller"),
}  # fmt: skip

FACTS_MISSING: dict[str, Promise] = {
    "birth_date": _("date of birth"), "legal_name": _("legal name"), "city": _("town"),
}  # fmt: skip

RETURN_STATES: dict[str, tuple[Promise, str]] = {
    "running": (_("Period not closed"), "wait"), "open": (_("To be filed"), "warn"), "unclear": (_("Unexplained"), "bad"),
    "filed": (_("Filed"), "info"), "paid": (_("Paid"), "ok"),
}  # fmt: skip

SCHEMES: dict[str, Promise] = {
    "ioss": _("IOSS return"), "oss": _("OSS return"), "vat": _("National VAT return"), "customs": _("Import VAT"),
}  # fmt: skip

ITEM_REASONS: dict[str, Promise] = {
    "unknown_line": _("A line that nothing explains"), "unknown_payment": _("A payment we do not know"),
    "other_amount": _("Another amount than in the books"),
    "missing_line": _("A payment that the provider does not tell of"),
}  # fmt: skip

ITEM_CAUSES: dict[str, Promise] = {
    "provider_fee": _("A fee of the provider"), "bank_fee": _("A fee of the bank"), "gift": _("Money to keep"),
    "write_off": _("A loss or gain we bear"), "tax_payment": _("A tax payment noted at its return"),
    "booked_elsewhere": _("Booked already, nothing to post"), "settled_itself": _("Gone by itself"),
}  # fmt: skip

QUARANTINE: dict[str, Promise] = {
    "unknown_parcel": _("Unknown parcel"), "unknown_code": _("Unknown event"), "from_the_future": _("From the future"),
    "unreadable": _("Unreadable"), "before_joining": _("Before it was joined"),
}  # fmt: skip

ACCOUNTS: dict[str, Promise] = {
    "provider_clearing": _("Provider clearing"), "bank": _("Bank"), "refund_advance": _("Refunds advanced"),
    "tax_in_escrow": _("VAT owed, still in escrow"),
    "fx": _("Currency conversion"), "provider_fee": _("Provider fees"), "write_off": _("Write-offs"),
    "buyer_due": _("Owed by buyers for placed orders"), "reserved": _("Awaited for placed orders"),
    "escrow": _("In escrow"), "escrow_frozen": _("In escrow, frozen by a dispute"), "refund_due": _("Refunds due"), "unapplied": _("Unapplied payments"),
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


def timeline_words(room: str, kind: str) -> str:
    name = f"{room}.{kind}"
    if name in TIMELINE:
        return str(TIMELINE[name])
    return say.step(name) or kind.replace("_", " ").capitalize()


PARCEL_STATES: dict[str, Promise] = {
    "packed": _("Packed"), "handed_over": _("With the carrier"), "in_transit": _("On its way"), "in_customs": _("At customs"),
    "held": _("Held at customs"), "out_for_delivery": _("Out for delivery"), "delivery_failed": _("Delivery failed"),
    "at_pickup_point": _("At the pick-up point"), "damaged": _("Damaged"), "lost": _("Lost"), "delivered": _("Delivered"),
    "returning": _("On its way back"), "returned": _("Back at the sender"),
}  # fmt: skip

FLOOR_STATES: dict[str, Promise] = {
    "expected": _("Expected"), "received": _("Received"), "sorted": _("Sorted"), "loaded": _("Loaded"),
    "departed": _("Departed"), "exception": _("Set aside"), "passed": _("Passed without a scan"),
}  # fmt: skip

ACTORS: dict[str, Promise] = {
    "system": _("by itself"), "buyer": _("Buyer"), "guest": _("Buyer"), "seller": _("Seller"), "operator": _("Marketplace"),
    "provider": _("Payment provider"), "carrier": _("Carrier"),
}  # fmt: skip

ROLES: dict[str, Promise] = {
    "manager": _("Management"), "support": _("Support"), "finance": _("Finance"), "compliance": _("Compliance"),
    "hub": _("Hub floor"),
}  # fmt: skip


MODES: dict[str, Promise] = {
    "van": _("Van"), "road": _("Lorry"), "air": _("Plane"), "sea": _("Ship"), "ferry": _("Ferry"), "rail": _("Train"),
}  # fmt: skip


def mode_words(mode: str) -> str:
    """What carries parcels on a lane."""
    return str(MODES.get(mode, mode))


def parcel_state_words(state: str) -> str:
    return str(PARCEL_STATES.get(state, state.replace("_", " ")))


def carrier_words(carrier: str) -> str:
    return gettext("Simulated carrier") if carrier == "simulated" else carrier


def floor_state_words(state: str) -> str:
    return str(FLOOR_STATES.get(state, state))


def actor_words(who: str) -> str:
    return str(ACTORS.get(who, who))


def role_words(role: str) -> str:
    return str(ROLES.get(role, role))


# The way out of an exception, as its terms (rules/troubles.csv) say it.
ADVICE: dict[str, Promise] = {
    "held": _("Ask the seller for the papers customs wants."),
    "delivery_failed": _("Agree on a new day or a pick-up point with the buyer."),
    "damaged": _("Ask for photos and decide: go on or send back."),
    "lost": _("Open a claim with the carrier and refund or resend."),
}  # fmt: skip


def note_words(note: str) -> str:
    """What was done about an exception; what the house noted by itself in the reader's words."""
    state = note.removeprefix(WENT_ON)
    if state == note:
        return note
    return gettext("The parcel went on by itself: %(state)s") % {"state": parcel_state_words(state)}


def advice_words(kind: str, advice: str) -> str:
    return str(ADVICE.get(kind, advice))


def quarantine_words(reason: str) -> str:
    return str(QUARANTINE.get(reason, reason.replace("_", " ").capitalize()))


def scheme_words(scheme: str) -> str:
    return str(SCHEMES.get(scheme, scheme.upper()))


def account_words(kind: str) -> str:
    return str(ACCOUNTS.get(kind, kind.replace("_", " ")))


def plain(code: str) -> str:
    """`orders.cancel_order` → `cancel order`: a command's name for people."""
    return code.rpartition(".")[2].replace("_", " ")
