"""Codes in the reader's words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from entrepot.logistics.queries import Carton
from entrepot.orders.queries.timelines import TimelineStep


def step_words(step: TimelineStep) -> str:
    """A step of an order's timeline in words; an unknown one shows its own name."""
    words = {
        "orders.placed": _("Order placed"),
        "orders.paid": _("Paid, the money is in escrow"),
        "orders.packed": _("Packed"),
        "orders.shipped": _("Handed over to the carrier"),
        "orders.delivered": _("Delivered"),
        "orders.completed": _("Inspection window passed, the money is yours"),
        "orders.cancelled": _("Cancelled"),
        "orders.withdrawn": _("The buyer withdrew"),
        "orders.refunded": _("Refunded"),
        "orders.return_asked": _("Return asked"),
        "orders.return_accepted": _("Return accepted"),
        "orders.return_refused": _("Return refused"),
        "orders.return_sent": _("Return on its way"),
        "orders.return_received": _("Return received"),
        "logistics.label_created": _("Label made"),
        "logistics.handed_over": _("With the carrier"),
        "logistics.departed": _("On its way"),
        "logistics.arrived": _("Arrived at a hub"),
        "logistics.joined": _("Brought together with other parcels of the purchase"),
        "logistics.customs_presented": _("At customs"),
        "logistics.customs_held": _("Held at customs"),
        "logistics.customs_released": _("Cleared by customs"),
        "logistics.out_for_delivery": _("Out for delivery"),
        "logistics.delivery_failed": _("Delivery failed"),
        "logistics.delivered": _("Parcel delivered"),
    }
    plain = step.kind.replace("_", " ").capitalize()
    return words.get(f"{step.room}.{step.kind}", _(plain))


def carton_words(carton: Carton) -> str:
    """`Medium carton, 350 × 250 × 150 mm`."""
    names = {
        "ENV": _("Padded envelope"),
        "S": _("Small carton"),
        "M": _("Medium carton"),
        "L": _("Large carton"),
        "XL": _("Largest carton"),
    }
    sides = f"{carton.length_mm} × {carton.width_mm} × {carton.height_mm} mm"
    return f"{names.get(carton.code, carton.name)}, {sides}"


def cancel_reasons() -> list[tuple[str, str]]:
    """Why a seller cancels."""
    return [
        ("out_of_stock", _("Out of stock")),
        ("cannot_ship", _("Cannot be shipped")),
        ("pricing_error", _("The price was wrong")),
        ("other", _("Another reason")),
    ]


def return_reasons() -> dict[str, str]:
    """Why a buyer sends goods back."""
    return {
        "withdrawal": _("Withdrawal"),
        "defective": _("Defective"),
        "damaged_in_transit": _("Damaged in transit"),
        "wrong_product": _("Wrong product"),
        "not_as_described": _("Not as described"),
        "incomplete": _("Incomplete"),
        "other": _("Another reason"),
    }


def state_badge(state: str) -> tuple[str, str]:
    """(word, kind of badge) of an order's state."""
    return {
        "placed": (_("Waiting for payment"), "wait"),
        "paid": (_("To pack"), "warn"),
        "packed": (_("Packed"), "info"),
        "shipped": (_("In transit"), "info"),
        "delivered": (_("Delivered"), "ok"),
        "completed": (_("Completed"), "ok"),
        "cancelled": (_("Cancelled"), "bad"),
        "refunded": (_("Refunded"), "bad"),
    }.get(state, (state, ""))


def invoice_words() -> dict[str, str]:
    """Kinds of documents."""
    return {
        "sale": _("Invoice to a buyer"),
        "sale_credit": _("Credit note to a buyer"),
        "self": _("Supply to the marketplace, self-billed"),
        "self_credit": _("Credit note to the marketplace"),
        "fee": _("Invoice of our fees"),
        "fee_credit": _("Credit note of our fees"),
    }


def entry_words() -> dict[str, str]:
    """Kinds of entries of a seller's account."""
    return {
        "sale": _("Sale"),
        "refund": _("Refund"),
        "chargeback": _("Chargeback"),
        "payout_returned": _("Payout came back"),
        "correction": _("Correction"),
    }


def money_words() -> dict[str, str]:
    """Parts of what a seller receives."""
    return {
        "gross": _("Paid by the buyer"),
        "price": _("Price"),
        "goods": _("Goods"),
        "shipping": _("Shipping"),
        "refunded": _("Refunded to the buyer"),
        "commission": _("Commission"),
        "commission_vat": _("VAT on the commission"),
        "tax": _("VAT we pay for the sale"),
        "duty": _("Duty we pay for the import"),
        "carrier": _("Carrier"),
    }


def carrier_words(carrier: str) -> str:
    """A carrier as people call it."""
    return _("Simulated carrier") if carrier == "simulated" else carrier
