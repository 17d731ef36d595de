"""Refusals of the landed cost room: what the data cannot know is refused with the reason, never guessed."""

from entrepot.kit.errors import Refusal


class DutyUnknown(Refusal):
    field = "hs6"
    code = "duty_unknown"
    status = 422
    template = "{ref}: no customs duty is on file for HS {hs6} into {destination}. {reason}"
    next_step = "ask_for_a_ruling"


class GoodsBlocked(Refusal):
    field = "hs6"
    code = "goods_blocked"
    status = 422
    template = "{ref}: HS {hs6} from {origin} into {destination} cannot be quoted. {reason}"
    next_step = "ask_for_a_ruling"


class SchemeUnknown(Refusal):
    code = "scheme_unknown"
    status = 422
    template = "There is no way to quote {origin} to {destination}: {reason}"
    next_step = "choose_another_market"


class SalesTaxUnknown(Refusal):
    code = "sales_tax_unknown"
    status = 422
    template = "The sales tax of region “{region}” of {destination} is not on file; on file are {known}."
    next_step = "choose_another_address"


class TerritoryNotServed(Refusal):
    field = "postcode"
    code = "territory_not_served"
    status = 422
    template = "{territory} lies outside the tax area of {destination}; we cannot quote a full price there."
    next_step = "choose_another_address"


class PriceBelowDuties(Refusal):
    field = "price"
    code = "price_below_duties"
    status = 422
    template = "{ref}: the price does not cover the tax and duty inside it ({due_minor} {currency} cents)."
    next_step = "raise_the_price"


class PriceBelowMinimum(Refusal):
    field = "price"
    code = "price_below_minimum"
    status = 422
    template = "{ref}: goods under {minimum} {currency} may not be sold across the border into {destination} (rule {rule_id})."
    next_step = "choose_another_market"
