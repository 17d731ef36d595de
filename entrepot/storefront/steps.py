"""What happened to an order, in words: steps of its timeline and stops of its route."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from entrepot.orders.queries.orders import OrderView
from entrepot.orders.queries.timelines import TimelineStep
from entrepot.payments.queries import method_label
from entrepot.storefront import show
from entrepot.storefront.delivery import stop_code
from entrepot.storefront.places import Place
from entrepot.storefront.words import STATES

WORDS = {
    "orders.placed": _("Order received"), "orders.payment_awaited": _("Waiting for your transfer"),
    "orders.paid": _("Paid"), "orders.packed": _("Packed"),
    "orders.shipped": _("Handed to the carrier"), "orders.delivered": _("Delivered"), "orders.completed": _("Completed"),
    "orders.cancelled": _("Cancelled"), "orders.withdrawn": _("Withdrawal declared"),
    "orders.refund_promised": _("Refund promised"), "orders.refunded": _("Money sent back"),
    "orders.return_asked": _("Return asked for"), "orders.return_accepted": _("Return accepted"),
    "orders.return_refused": _("Return refused"), "orders.return_sent": _("Return sent"),
    "orders.return_received": _("Return received"), "orders.return_lapsed": _("Return not sent in time"),
    "orders.dispute_opened": _("Dispute opened"), "orders.dispute_evidence": _("More said in the dispute"),
    "orders.dispute_accept": _("The seller accepts the dispute"), "orders.dispute_offer": _("The seller offers a part"),
    "orders.dispute_decline": _("The seller declines the dispute"), "orders.dispute_take": _("The buyer takes the offer"),
    "orders.dispute_reject": _("The buyer does not take the offer"), "orders.dispute_withdraw": _("Dispute closed by the buyer"),
    "orders.dispute_decide": _("The marketplace has decided the dispute"),
    "orders.dispute_lapse": _("No answer in time: the marketplace decides"),
    "orders.late_payment_returned": _("Late payment sent back"), "orders.chargeback": _("Payment disputed"),
    "logistics.label_created": _("Label made"), "logistics.handed_over": _("With the carrier"),
    "logistics.departed": _("On its way"), "logistics.arrived": _("Arrived at a hub"),
    "logistics.joined": _("Brought together with your other parcels"),
    "logistics.customs_presented": _("At customs"), "logistics.customs_held": _("Held at customs"),
    "logistics.customs_released": _("Cleared by customs"), "logistics.delayed": _("Delayed"),
    "logistics.out_for_delivery": _("Out for delivery"), "logistics.delivery_failed": _("Delivery failed"),
    "logistics.at_pickup_point": _("At the pick-up point"), "logistics.damaged": _("Damaged"),
    "logistics.lost": _("Lost"), "logistics.delivered": _("Parcel delivered"),
    "logistics.return_started": _("On its way back"), "logistics.returned": _("Back at the sender"),
}  # fmt: skip
BAD = {"cancelled", "customs_held", "delivery_failed", "damaged", "lost", "return_refused", "delayed"}
PAYING = {
    "card": _("Card"), "visa_mastercard": _("Card"), "card_instalments": _("Card, in instalments"),
    "sepa_debit": _("Direct debit"), "cod": _("Cash on delivery"), "klarna_invoice": _("Klarna invoice"),
    "pay_by_bank": _("Pay by bank"), "bank_transfer": _("Bank transfer"), "prepayment": _("Bank transfer"),
    "bonifico": _("Bank transfer"), "bank_transfer_qr": _("Bank transfer"), "alipay": _("Alipay"),
    "wechat_pay": _("WeChat Pay"),
}  # fmt: skip
REASONS = {
    "defective": _("It does not work"), "damaged_in_transit": _("It came damaged"), "wrong_product": _("It is another product"),
    "not_as_described": _("It is not as described"), "incomplete": _("Something is missing"), "other": _("Another reason"),
    "withdrawal": _("Withdrawal"), "promise_missed": _("It came later than guaranteed"), "not_arrived": _("It has not arrived"),
}  # fmt: skip
DISPUTE_REASONS = (
    "not_arrived", "defective", "damaged_in_transit", "wrong_product", "not_as_described", "incomplete", "other",
)  # fmt: skip


def event_words(code: str) -> str:
    """A parcel event in words."""
    return gettext(WORDS.get(f"logistics.{code}", code.replace("_", " ")))


def state_words(state: str) -> tuple[str, str]:
    """A state in words and the kind of its badge."""
    words, kind = STATES.get(state, (state, ""))
    return gettext(words), kind


def paying(method: str) -> str:
    """A way to pay in words."""
    return method_label(method) or gettext(PAYING.get(method, method.replace("_", " ").capitalize()))


def reason_words(reason: str) -> str:
    """Why something comes back, in words."""
    return gettext(REASONS.get(reason, reason))


def rows_of(place: Place, steps: Iterable[TimelineStep]) -> list[dict[str, Any]]:
    """The timeline, oldest first; the last step is the present one."""
    rows = []
    for step in steps:
        key = f"{step.room}.{step.kind}"
        if key not in WORDS or (step.room == "logistics" and step.kind == "label_created"):
            continue
        rows.append(
            {
                "words": gettext(WORDS[key]),
                "at": show.moment(step.at, place.market.time_zone, place.language),
                "at_iso": step.at.isoformat(),
                "note": _note(place, step),
                "state": "bad" if step.kind in BAD else "done",
            }
        )
    if rows and rows[-1]["state"] == "done":
        rows[-1]["state"] = "now"
    return rows


def _note(place: Place, step: TimelineStep) -> str:
    parts = [str(step.detail.get("place") or "")]
    if step.detail.get("tracking_no") and step.kind in ("shipped", "handed_over", "departed"):
        parts.append(str(step.detail["tracking_no"]))
    if step.detail.get("refund_minor"):
        currency = str(step.detail.get("currency") or place.market.currency)
        parts.append(show.money(int(step.detail["refund_minor"]), currency, place.language))
    return " · ".join(part for part in parts if part)


def route_of(
    place: Place, order: OrderView, steps: Iterable[TimelineStep], at: datetime
) -> list[dict[str, Any]]:
    """The stops of the promise with how far the parcel is: by its own events, not by the clock."""
    legs: list[Mapping[str, Any]] = list(order.promise.get("legs") or ())
    seen = {step.kind: step for step in steps if step.room == "logistics"}
    passed = _passed(legs, [step for step in steps if step.room == "logistics"])
    if order.delivered_at or "delivered" in seen:
        passed = len(legs)
    rows = []
    for number, leg in enumerate(legs):
        arrives = datetime.fromisoformat(str(leg["arrives_at"]))
        state = "done" if number < passed else "now" if number == passed and order.shipped_at else ""
        is_last = number == len(legs) - 1
        name = gettext("Your door") if is_last else str(leg["place"])
        if not is_last and stop_code(str(leg["code"]), name) == name:
            name = ""  # it stands large already
        if leg.get("kind") == "customs":
            name = f"{name} · {gettext('customs')}"
        rows.append(
            {
                "code": leg["code"] if is_last else stop_code(str(leg["code"]), str(leg["place"])),
                "place": name,
                "note": show.day(place.local(arrives).date(), place.language),
                "state": state,
            }
        )
    return rows


def _passed(legs: list[Mapping[str, Any]], events: list[TimelineStep]) -> int:
    """How many stops lie behind the parcel: every stop that one of its events names, and those before it."""
    passed = 0
    for step in events:
        where = str(step.detail.get("place") or "")
        for number, leg in enumerate(legs):
            if (
                where
                and where in (leg["code"], leg["place"])
                and step.kind in ("departed", "customs_released")
            ):
                passed = max(passed, number + 1)
            elif where and where in (leg["code"], leg["place"]):
                passed = max(passed, number)
    return passed
