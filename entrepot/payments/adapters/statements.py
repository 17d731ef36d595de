"""What a bank's statement or a provider's report says, line by line: the one shape that reconciliation reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One movement outside. `source`: `bank:<IBAN>` or a provider's code; `line_id` is unique in it, for good.

    `minor` above zero came to us. `end_to_end` and `text` are what the payer or we wrote; `about` is what we know it to be
    (`payment:…`, `transfer:…`), empty when nobody has said.
    """

    source: str
    line_id: str
    booked_on: date
    minor: int
    currency: str
    end_to_end: str = ""
    text: str = ""
    counterparty: str = ""
    counterparty_iban: str = ""
    bank_ref: str = ""
    return_reason: str = ""
    about: str = ""
