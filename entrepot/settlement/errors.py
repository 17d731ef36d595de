"""How settlement says no."""

from entrepot.kit.errors import Refusal


class NoCommissionRule(Refusal):
    code = "no_commission_rule"
    status = 422
    template = "No commission rule fits market {market} on {on}."
    next_step = "add_a_rule"


class NothingHeld(Refusal):
    code = "nothing_held"
    status = 409
    template = "The order {order_id} holds no money to release."


class PayoutNotWaiting(Refusal):
    code = "payout_not_waiting"
    status = 409
    template = "This payout does not wait for approval; it is {state}."


class SecondPersonNeeded(Refusal):
    code = "second_person_needed"
    status = 403
    template = "You have approved this payout already. A second person must."
    next_step = "ask_a_colleague"


class RhythmUnknown(Refusal):
    code = "rhythm_unknown"
    status = 422
    template = "“{rhythm}” is not a payout rhythm. Choose daily, weekly or monthly."
