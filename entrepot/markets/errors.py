"""Refusals of the markets room."""

from entrepot.kit.errors import NotFound, Refusal


class UnknownMarket(NotFound):
    code = "unknown_market"
    template = "There is no market pack for “{code}”."
    next_step = "choose_a_market"


class RateUnknown(Refusal):
    field = "date"
    code = "rate_unknown"
    status = 422
    template = "No tax rate is on file for {goods} in {country} on {on}."
    next_step = "add_the_rate"


class RuleMissing(Refusal):
    field = "date"
    code = "rule_missing"
    status = 422
    template = "The rule {rule_id} is not in force on {on}, and no other covers this case."
    next_step = "ask_compliance"


class CurrencyUnknown(Refusal):
    field = "currency"
    code = "currency_unknown"
    status = 422
    template = "No exchange rate from {frm} to {to} is on file for {on}."
    next_step = "choose_another_currency"


class MarketNotReady(Refusal):
    code = "market_not_ready"
    template = "{code} cannot open yet: {blockers}"
    next_step = "open_the_checklist"


class MarketNotOpen(Refusal):
    code = "market_not_open"
    template = "{code} is not open."
    next_step = "choose_a_market"
