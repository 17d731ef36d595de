"""How the ledger says no."""

from entrepot.kit.errors import Refusal


class TransferWrong(Refusal):
    """A transfer that cannot be: unbalanced, empty, an unknown account, a zero posting."""

    code = "transfer_wrong"
    status = 422
    template = "The transfer “{external_id}” cannot be posted: {reason}"
    next_step = "correct_the_transfer"


class ExternalIdReused(Refusal):
    code = "external_id_reused"
    status = 409
    template = "The transfer “{external_id}” was posted before with other content."
    next_step = "use_a_new_id"


class AccountShort(Refusal):
    """An account that may not go negative holds less than the transfer takes."""

    code = "account_short"
    status = 409
    template = "There is not enough money on an account of this transfer: {detail}"
    next_step = "check_the_balance"


class PeriodClosed(Refusal):
    code = "period_closed"
    status = 409
    template = "The books are closed until {until_at}. A correction is posted with a later date."
    next_step = "post_in_an_open_period"


class CloseNotPossible(Refusal):
    code = "close_not_possible"
    status = 409
    template = "The period cannot be closed: {reason}"
    next_step = "choose_another_day"
