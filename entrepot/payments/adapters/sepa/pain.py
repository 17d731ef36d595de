"""Credit transfers as a pain.001 file, written by sepaxml and checked against its ISO 20022 schema."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import sepaxml
from lxml import etree
from sepaxml import SepaTransfer

SCHEMA = "pain.001.001.09"  # the rulebooks' version since November 2025


@dataclass(frozen=True, slots=True)
class Credit:
    """One transfer: `minor` euro cents to an IBAN. `end_to_end` comes back in the bank's statement."""

    end_to_end: str
    minor: int
    iban: str
    holder: str
    text: str


def write(
    credits_: Sequence[Credit],
    *,
    message_id: str,
    at: datetime,
    on: date,
    holder: str,
    iban: str,
    bic: str = "",
) -> bytes:
    """The file. Raises lxml's DocumentInvalid when it is not by its schema."""
    config: dict[str, Any] = {"name": holder, "IBAN": iban, "batch": True, "currency": "EUR"}
    file = SepaTransfer(config | ({"BIC": bic} if bic else {}), schema=SCHEMA, clean=True)
    for one in credits_:
        file.add_payment(
            {
                "name": one.holder,
                "IBAN": one.iban,
                "amount": one.minor,
                "execution_date": on,
                "description": one.text,
                "endtoend_id": one.end_to_end,
            }
        )
    tree: Any = etree.fromstring(file.export(validate=False))
    space = {"p": etree.QName(tree).namespace}
    tree.find(
        ".//p:GrpHdr/p:MsgId", space
    ).text = message_id  # the library makes these by its own clock and luck
    tree.find(".//p:GrpHdr/p:CreDtTm", space).text = at.strftime("%Y-%m-%dT%H:%M:%S")
    for number, batch in enumerate(tree.iterfind(".//p:PmtInf/p:PmtInfId", space), 1):
        batch.text = f"{message_id[:31]}-{number}"
    _schema().assertValid(tree)
    body: bytes = etree.tostring(tree, xml_declaration=True, encoding="UTF-8")
    return body


@cache
def _schema() -> Any:
    return etree.XMLSchema(etree.parse(Path(sepaxml.__file__).parent / "schemas" / f"{SCHEMA}.xsd"))
