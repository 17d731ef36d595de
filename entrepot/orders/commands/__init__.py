"""Every write of the orders room. Each story has its file; outsiders import the commands from here."""

from entrepot.orders.commands.allocate import fetch_allocated, give_back_allocation
from entrepot.orders.commands.cancel import cancel_order, cancel_purchase
from entrepot.orders.commands.carts import (
    CartRef,
    add_to_cart,
    claim_cart,
    forget_old_carts,
    remove_from_cart,
    set_cart_quantity,
)
from entrepot.orders.commands.checkout import (
    CheckoutRef,
    choose_delivery,
    set_checkout_address,
    start_checkout,
)
from entrepot.orders.commands.claim import claim_purchases
from entrepot.orders.commands.erase import erase_buyer
from entrepot.orders.commands.fulfil import (
    PackedParcel,
    compensate_missed_promise,
    complete_inspected,
    complete_order,
    mark_delivered,
    mark_packed,
    mark_shipped,
    note_handed_over,
    prepare_consignment,
)
from entrepot.orders.commands.notices import owe_letter, send_notices
from entrepot.orders.commands.pay import mark_purchase_paid, pay_purchase, release_unpaid
from entrepot.orders.commands.place import (
    PlacedOrder,
    PlacedPurchase,
    RefusedOrder,
    place_purchase,
    place_rest,
)
from entrepot.orders.commands.steps import note_step
from entrepot.orders.commands.withdraw import (
    ReturnState,
    WithdrawalDone,
    accept_return,
    choose_return_locker,
    note_return_handed_in,
    receive_return,
    record_refund,
    refund_order,
    refuse_return,
    request_return,
    send_back_return,
    settle_returns,
    withdraw_from_order,
)

__all__ = [
    "CartRef",
    "CheckoutRef",
    "PackedParcel",
    "PlacedOrder",
    "PlacedPurchase",
    "RefusedOrder",
    "ReturnState",
    "WithdrawalDone",
    "accept_return",
    "add_to_cart",
    "cancel_order",
    "cancel_purchase",
    "choose_delivery",
    "choose_return_locker",
    "claim_cart",
    "claim_purchases",
    "compensate_missed_promise",
    "complete_inspected",
    "complete_order",
    "erase_buyer",
    "fetch_allocated",
    "forget_old_carts",
    "give_back_allocation",
    "mark_delivered",
    "mark_packed",
    "mark_purchase_paid",
    "mark_shipped",
    "note_handed_over",
    "note_return_handed_in",
    "note_step",
    "owe_letter",
    "pay_purchase",
    "place_purchase",
    "place_rest",
    "prepare_consignment",
    "receive_return",
    "record_refund",
    "refund_order",
    "refuse_return",
    "release_unpaid",
    "remove_from_cart",
    "request_return",
    "send_back_return",
    "send_notices",
    "set_cart_quantity",
    "set_checkout_address",
    "settle_returns",
    "start_checkout",
    "withdraw_from_order",
]
