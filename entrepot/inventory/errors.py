"""Refusals of the inventory."""

from __future__ import annotations

from entrepot.kit.errors import Refusal


class StockShort(Refusal):
    code = "stock_short"
    status = 409
    template = "There are only {left}; {asked} cannot be taken away."
    next_step = "lower_quantity"


class QuantityOutOfRange(Refusal):
    code = "quantity_out_of_range"
    status = 422
    template = "A quantity must be from 0 to {highest}, not {quantity}."
    next_step = "correct_the_quantity"


class LocationCodeTaken(Refusal):
    code = "location_code_taken"
    status = 409
    template = "This seller already has a location “{code}”."
    next_step = "choose_another_code"


class IntakeRefused(Refusal):
    """The order intake said no to a stock or offer command: a person must look."""

    code = "intake_refused"
    status = 409
    template = "The order intake refused {what}: {why}."
    next_step = "look_at_the_parked_fact"
