"""Refusals of the orders room."""

from __future__ import annotations

from entrepot.kit.errors import Refusal


class CartTooLong(Refusal):
    code = "cart_too_long"
    status = 422
    template = "A cart holds at most {most} different offers."
    next_step = "remove_a_line"


class SumTooLarge(Refusal):
    code = "sum_too_large"
    status = 400
    template = "The sum of this order is larger than can be booked."
    next_step = "lower_quantity"


class OfferNotSold(Refusal):
    """Withdrawn, blocked, of a seller who does not sell now, or of another market."""

    code = "offer_not_sold"
    status = 422
    template = "This offer is not sold in this market now."
    next_step = "remove_the_line"


class MixedCurrencies(Refusal):
    code = "mixed_currencies"
    status = 422
    template = "One purchase has one currency; this one would mix {currencies}."
    next_step = "remove_a_line"


class CartEmpty(Refusal):
    code = "cart_empty"
    status = 409
    template = "The cart is empty."
    next_step = "go_shopping"


class NotReady(Refusal):
    """`missing` names everything that is missing, each with a field, a sentence and a next step."""

    code = "checkout_not_ready"
    status = 409
    template = "Something is still missing: {fields}."
    next_step = "complete_the_checkout"


class WaitForTurn(Refusal):
    """Something in the purchase is sold in the order of a queue: `room` is where to take a place in it."""

    code = "waiting_room"
    status = 403
    template = "“{title}” is sold in the order of a queue. Take your place, then order: {room}"
    next_step = "wait_for_turn"


class TotalChanged(Refusal):
    code = "price_changed"
    status = 409
    template = "The total is now {total_minor} (in minor units of {currency}), not {shown_minor}. Please look at it again."
    next_step = "confirm_the_new_total"


class NothingAccepted(Refusal):
    """Every seller's order was refused by the intake: `refused` says which line and why."""

    code = "nothing_accepted"
    status = 409
    template = "None of the orders could be accepted: what was wanted is gone or has changed."
    next_step = "change_the_cart"


class FieldsInvalid(Refusal):
    """`errors` says for each field, in words, what is wrong with it."""

    code = "fields_invalid"
    status = 400
    template = "Please look at: {fields}."
    next_step = "correct_the_fields"


class CheckoutClosed(Refusal):
    code = "checkout_closed"
    status = 409
    template = "This checkout is {state} and can no longer be changed."
    next_step = "open_the_purchase"


class WrongState(Refusal):
    """A step out of turn: paying twice, shipping before paying."""

    code = "wrong_state"
    status = 409
    template = "An order that is {state} cannot be {step}."
    next_step = "look_at_the_order"


class NothingToPay(Refusal):
    code = "nothing_to_pay"
    status = 409
    template = "There is nothing to pay: this purchase is {state}."
    next_step = "look_at_the_purchase"


class PaymentUnderWay(Refusal):
    code = "payment_under_way"
    status = 409
    template = "A payment for this purchase is under way; its orders cannot change until it ends."
    next_step = "finish_the_payment"


class WithdrawalClosed(Refusal):
    code = "withdrawal_closed"
    status = 409
    template = "The time to withdraw from this order ended on {closed_on}."
    next_step = "open_guarantee_claim"


class NothingToWithdraw(Refusal):
    code = "nothing_to_withdraw"
    status = 422
    template = "Choose at least one line that is still yours, and no more of it than you have."
    next_step = "choose_lines"


class NotWithdrawable(Refusal):
    """The law excludes this line from withdrawal (WD-03); it was said before the order."""

    code = "not_withdrawable"
    status = 422
    template = "“{title}” cannot be withdrawn from: {exclusion}."
    next_step = "choose_other_lines"


class RefundTooLarge(Refusal):
    code = "refund_too_large"
    status = 422
    template = "At most {left_minor} (in minor units of {currency}) can still be refunded."
    next_step = "lower_the_amount"
