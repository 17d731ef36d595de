"""How payments say no."""

from entrepot.kit.errors import Refusal


class PaymentWrong(Refusal):
    code = "payment_wrong"
    status = 422
    template = "This payment cannot be started: {reason}"
    next_step = "return_to_checkout"


class PurchasePaid(Refusal):
    code = "purchase_paid"
    status = 409
    template = "This purchase is paid already."
    next_step = "see_purchase"


class PurchaseClosed(Refusal):
    """The time to pay has passed, or the purchase was cancelled: its goods are free again."""

    code = "purchase_closed"
    status = 409
    template = "This purchase can no longer be paid."
    next_step = "start_again"


class TooManyTries(Refusal):
    code = "too_many_tries"
    status = 429
    template = "Too many tries to pay. Please wait {minutes} minutes."
    next_step = "wait"


class MethodUnknown(Refusal):
    code = "method_unknown"
    status = 422
    template = "The payment method “{method}” is not offered here."
    next_step = "choose_method"


class ProviderUnavailable(Refusal):
    """The provider did not answer. Nothing was charged, or it will be found out and told."""

    code = "provider_unavailable"
    status = 503
    template = "The payment provider does not answer. Nothing was charged. Please try again in a minute."
    next_step = "retry"


class SignatureWrong(Refusal):
    code = "signature_wrong"
    status = 401
    template = "The message is not signed by the provider, or too old."


class PaymentMismatch(Refusal):
    """The provider names another order, amount or currency than ours: nothing is marked as paid."""

    code = "payment_mismatch"
    status = 409
    template = "The provider's message does not fit our payment: {what}."
    next_step = "call_operator"


class RefundWrong(Refusal):
    code = "refund_wrong"
    status = 422
    template = "This refund is not possible: {reason}"
    next_step = "check_the_amount"


class RefundTooHigh(Refusal):
    code = "refund_too_high"
    status = 422
    template = "Only {left_minor} of the asked {asked_minor} (minor units) can still be refunded."
    next_step = "lower_the_amount"


class RefundIdReused(Refusal):
    code = "refund_id_reused"
    status = 409
    template = "A refund “{external_id}” with other content was asked for before."
    next_step = "use_a_new_id"


class BankStatementWrong(Refusal):
    """Nothing of the file was taken in."""

    code = "bank_statement_wrong"
    status = 422
    template = "This bank statement cannot be read: {reason} Nothing was booked."
    next_step = "ask_the_bank_for_the_file_again"


class ProviderReportWrong(Refusal):
    """Nothing of the file was taken in."""

    code = "provider_report_wrong"
    status = 422
    template = "This report cannot be read: {reason} Nothing was booked."
    next_step = "download_the_report_again"


class BankTransferWrong(Refusal):
    code = "bank_transfer_wrong"
    status = 422
    template = "This transfer cannot be made: {field} {reason}"
    next_step = "correct_the_account"
