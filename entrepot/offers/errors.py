"""Refusals of the offers."""

from __future__ import annotations

from entrepot.kit.errors import Refusal


class PriceOutOfRange(Refusal):
    code = "price_out_of_range"
    status = 422
    template = "The price of “{sku}” must be from 1 to {highest} minor units, not {price_minor}."
    next_step = "correct_the_price"


class OfferBlocked(Refusal):
    code = "offer_blocked"
    status = 409
    template = "This offer was blocked by the market’s operator: {reason}"
    next_step = "ask_support"


class OfferHeldBack(Refusal):
    """What the law asks before sale is missing. `gaps` holds every gap with its rule, field, sentence and fix."""

    code = "offer_held_back"
    status = 422
    template = "“{sku}” cannot be offered in {market} yet. {sentence} {fix} (Rule {rule}, field {field}; {more} more.)"
    next_step = "close_the_gaps"


class CurrencyOfAnotherMarket(Refusal):
    code = "currency_of_another_market"
    status = 422
    template = "An offer’s currency does not change: it is {currency}, not {asked}."
    next_step = "use_the_offers_currency"


class UnknownCondition(Refusal):
    code = "unknown_condition"
    status = 422
    template = "“{condition}” is no condition. Use one of: {known}."
    next_step = "choose_a_condition"
