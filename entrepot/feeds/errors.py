"""Refusals of the feeds: about a whole file. What is wrong with a row is a problem of that row (policy.RULES)."""

from __future__ import annotations

from entrepot.kit.errors import Refusal


class FileRefused(Refusal):
    code = "file_refused"
    status = 422
    template = "“{filename}” was not taken: {reason}"
    next_step = "send_another_file"


class ColumnsUnknown(Refusal):
    code = "columns_unknown"
    status = 422
    template = "None of the columns says which product a row is about. There are: {columns}."
    next_step = "map_the_columns"


class RunInState(Refusal):
    code = "import_in_state"
    status = 409
    template = "This import is {state}; {what} needs one that is {wanted}."
    next_step = "look_at_the_import"


class ImportHasErrors(Refusal):
    code = "import_has_errors"
    status = 409
    template = "{errors} rows have errors, so nothing was imported (all or nothing)."
    next_step = "correct_the_rows"


class UndoTooLate(Refusal):
    code = "undo_too_late"
    status = 409
    template = "An import can be undone for {hours} hours; this one is older."
    next_step = "import_the_old_file"


class CurrencyUnclear(Refusal):
    code = "currency_unclear"
    status = 422
    template = (
        "The prices in “{filename}” name no currency: say whether they are in {own} or {market} (--currency)."
    )
    next_step = "say_the_currency"
