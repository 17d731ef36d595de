"""How invoicing says no."""

from entrepot.kit.errors import Refusal


class InvoiceMissing(Refusal):
    """A credit note without its invoice: the news of the payment has not been handled yet; try again."""

    code = "invoice_missing"
    status = 409
    template = (
        "The order {order_id} has no invoice yet, so nothing of it can be credited. Try again in a minute."
    )
    next_step = "try_again"


class FileKindUnknown(Refusal):
    code = "file_kind_unknown"
    status = 404
    template = "“{kind}” is not a kind of invoice file. Ask for pdf, ubl or cii."
    next_step = "ask_for_pdf"


class LettersMissing(Refusal):
    """No font of ours has the letters: a document with boxes in the place of a name would be none."""

    code = "letters_missing"
    status = 409
    template = (
        "This document cannot be printed here: no font has the letters “{letters}”. Its XML says everything: ask for ubl or "
        "cii. For Chinese, whoever runs this market installs requirements/chinese.txt."
    )
    next_step = "ask_for_ubl"


class ReturnNotReady(Refusal):
    """A return cannot be filed or paid as it stands."""

    code = "return_not_ready"
    status = 409
    template = "The return {scheme} {period} cannot be taken further: {reason}"
    next_step = "look_at_the_return"
