"""How settlement says no."""

from entrepot.kit.errors import Refusal


class NoCommissionRule(Refusal):
    code = "no_commission_rule"
    status = 422
    template = "No commission rule fits market {market} on {on}."
    next_step = "add_a_rule"


class RuleWrong(Refusal):
    """A commission rule that cannot be."""

    code = "rule_wrong"
    status = 422
    template = "The rule cannot stand in the list: {field} {reason}"
    next_step = "correct_the_rule"


class TariffWrong(Refusal):
    """A list of commission rules that would leave some sale without a fee."""

    code = "tariff_wrong"
    status = 409
    template = "The list cannot become this: {reason}"
    next_step = "add_a_rule_without_conditions"


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


class RouteWrong(Refusal):
    code = "route_wrong"
    status = 422
    template = "Payouts cannot go this way: {field} {reason}"
    next_step = "choose_bank_or_stripe"


class RhythmUnknown(Refusal):
    code = "rhythm_unknown"
    status = 422
    template = "“{rhythm}” is not a payout rhythm. Choose daily, weekly or monthly."


class NoTaxScheme(Refusal):
    """The dated table of tax schemes has no row for this supply."""

    code = "no_tax_scheme"
    status = 422
    template = "No tax scheme is on file for the supply “{supply}” into {area} on {on}."
    next_step = "add_a_rule"


class PlatformUnknown(Refusal):
    """Nobody has said who we are: no invoice, no return."""

    code = "platform_unknown"
    status = 409
    template = "Who runs this market is not on file for {on}. Write platform.csv into the data directory."
    next_step = "write_platform_csv"


class ItemClosed(Refusal):
    code = "item_closed"
    status = 409
    template = "This item has its cause already; the books were set right by it."
    next_step = "look_at_the_open_items"


class CauseUnfit(Refusal):
    """A cause that does not exist, or is not for money in this direction."""

    code = "cause_unfit"
    status = 422
    template = "“{cause}” cannot be the cause of this item. Choose one of its list."
    next_step = "choose_another_cause"
