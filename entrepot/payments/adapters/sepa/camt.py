"""A camt.053 statement read: checked against its ISO 20022 schema, then by pycamt, then its own sum."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree
from pycamt.parser import Camt053Parser

from entrepot.kit.errors import Sentence
from entrepot.kit.money import to_minor
from entrepot.payments.adapters.statements import StatementLine
from entrepot.payments.errors import BankStatementWrong

SCHEMAS = Path(__file__).parent / "schemas"
VERSIONS = ("camt.053.001.02", "camt.053.001.08")
BODY_MAX = 20_000_000


@dataclass(frozen=True, slots=True)
class Read:
    """A statement of one account: opening + booked lines = closing, in minor units of `currency`."""

    iban: str
    number: str
    currency: str
    opening_minor: int
    closing_minor: int
    lines: tuple[StatementLine, ...]


class Parser(Camt053Parser):
    """pycamt, and what it leaves out: which entry a line belongs to, whose statement, why it came back."""

    def _extract_common_entry_data(self, entry: Any, statement: Any) -> dict[str, Any]:
        known: dict[str, Any] = super()._extract_common_entry_data(entry, statement)
        place = list(statement.iterfind("Ntry", self.namespaces)).index(entry)
        amount = self._find_text(entry, "Amt")
        return known | {
            "Statement": self._find_text(statement, "Id"), "Entry": place, "EntryAmount": amount, "Amount": amount,
            "CreditDebitIndicator": self._find_text(entry, "CdtDbtInd"),
        }  # fmt: skip

    def _extract_transaction_details(self, tx_detail: Any) -> dict[str, Any]:
        known: dict[str, Any] = super()._extract_transaction_details(tx_detail)
        if self._find_text(tx_detail, "Amt") is None:  # an amount deeper down may be in another currency
            amount = self._find_text(tx_detail, "AmtDtls/TxAmt/Amt")
            known.pop("Amount", None)
            known |= {"Amount": amount} if amount else {}
        reason = self._find_text(tx_detail, "RtrInf/Rsn/Cd") or self._find_text(tx_detail, "RtrInf/Rsn/Prtry")
        return known | ({"Return": reason} if reason else {})


def read(body: bytes) -> list[Read]:
    """Every statement in the file. Raises BankStatementWrong: no such file, not by its schema, or not adding up."""
    if len(body) > BODY_MAX:
        raise BankStatementWrong(reason="it is larger than 20 MB.")
    try:
        tree: Any = etree.fromstring(
            body, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        )
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BankStatementWrong(reason="it is not XML.") from error
    if tree.getroottree().docinfo.doctype:
        raise BankStatementWrong(reason="it declares a document type.")
    version = etree.QName(tree).namespace or ""
    version = version.removeprefix("urn:iso:std:iso:20022:tech:xsd:")
    if version not in VERSIONS:
        raise BankStatementWrong(
            reason=Sentence(
                "it is “{version}”; we read {versions}.",
                version=version[:40],
                versions=" and ".join(VERSIONS),
            )
        )
    schema = _schema(version)
    if not schema.validate(tree):
        fault = schema.error_log.last_error
        raise BankStatementWrong(
            reason=Sentence(
                "line {line} is not by the schema: {message}", line=fault.line, message=fault.message[:160]
            )
        )
    parser = Parser(body)
    by_statement: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in parser.get_transactions():
        by_statement[line["Statement"]].append(line)
    spaces = {"c": etree.QName(tree).namespace}
    return [
        _statement(statement, spaces, by_statement[str(statement.findtext("c:Id", namespaces=spaces))])
        for statement in tree.iterfind(".//c:Stmt", spaces)
    ]


def _statement(statement: Any, spaces: dict[str, str], rows: list[dict[str, Any]]) -> Read:
    number = statement.findtext("c:Id", namespaces=spaces)
    iban = statement.findtext("c:Acct/c:Id/c:IBAN", namespaces=spaces) or ""
    if not iban:
        raise BankStatementWrong(reason=Sentence("statement {number} names no IBAN.", number=number))
    balances = {}
    currency = ""
    for balance in statement.iterfind("c:Bal", spaces):
        amount = balance.find("c:Amt", spaces)
        currency = amount.get("Ccy")
        sign = 1 if balance.findtext("c:CdtDbtInd", namespaces=spaces) == "CRDT" else -1
        code = balance.findtext("c:Tp/c:CdOrPrtry/c:Cd", namespaces=spaces)
        balances[code] = sign * to_minor(Decimal(amount.text), currency)
    opening, closing = balances.get("OPBD", balances.get("PRCD")), balances.get("CLBD")
    if opening is None or closing is None:
        raise BankStatementWrong(
            reason=Sentence("statement {number} lacks its opening or closing balance.", number=number)
        )
    lines = tuple(_lines(rows, iban, number, currency))
    if opening + sum(line.minor for line in lines) != closing:
        raise BankStatementWrong(reason=Sentence("statement {number} does not add up.", number=number))
    return Read(iban, number, currency, opening, closing, lines)


def _lines(rows: list[dict[str, Any]], iban: str, number: str, currency: str) -> list[StatementLine]:
    """Booked entries; an entry of several payments is as many lines when they sum to it, else one."""
    entries: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["Status"] == "BOOK":
            if row["Currency"] != currency:
                raise BankStatementWrong(
                    reason=Sentence(
                        "statement {number} has a line in {currency}.",
                        number=number,
                        currency=row["Currency"],
                    )
                )
            entries[row["Entry"]].append(row)
    found: list[StatementLine] = []
    for _, parts in sorted(entries.items()):
        whole = Decimal(parts[0]["EntryAmount"])
        if sum(Decimal(part["Amount"]) for part in parts) != whole:
            parts = [
                parts[0] | {"Amount": parts[0]["EntryAmount"], "EndToEndId": "", "RemittanceInformation": ""}
            ]
        for part in parts:
            comes_in = part["CreditDebitIndicator"] == "CRDT"
            other = "Debtor" if comes_in else "Creditor"
            found.append(
                StatementLine(
                    source=f"bank:{iban}",
                    line_id=f"{number}/{len(found) + 1}",
                    booked_on=date.fromisoformat(part["BookingDate"][:10]),
                    minor=to_minor(Decimal(part["Amount"]), currency) * (1 if comes_in else -1),
                    currency=currency,
                    end_to_end=(part.get("EndToEndId") or "")[:35],
                    text=(
                        part.get("RemittanceInformationFull")
                        or part.get("RemittanceInformation")
                        or part.get("AdditionalEntryInformation")
                        or ""
                    )[:500],
                    counterparty=(part.get(f"{other}Name") or "")[:140],
                    counterparty_iban=(part.get(f"{other}IBAN") or "")[:34],
                    bank_ref=(part.get("TransactionID") or "")[:60],
                    return_reason=(part.get("Return") or "")[:100],
                )
            )
    return found


@cache
def _schema(version: str) -> Any:
    return etree.XMLSchema(etree.parse(SCHEMAS / f"{version}.xsd"))
