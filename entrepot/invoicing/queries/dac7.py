"""The yearly report on sellers (Directive (EU) 2021/514, DAC7): who sold how much through us, by quarter."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from lxml import etree

from entrepot.kit.context import Context
from entrepot.kit.errors import NotAllowed, NotFound
from entrepot.kit.ids import show_id
from entrepot.kit.money import Money
from entrepot.markets.queries import pack
from entrepot.parties.queries import SellerView, payout_accounts, sellers_by_id
from entrepot.settlement.queries import Platform, platform_on, sold_by_quarter

RULES = Path(__file__).parents[1] / "rules" / "dac7.csv"
NAMESPACE, STF = "urn:oecd:ties:dpi:v1", "urn:oecd:ties:dpistf:v1"
BUSINESS_NAME = "Entrepot"
REPORT_COLUMNS = (
    "seller", "name", "kind", "country", "address", "vat_no", "register_no", "currency", "quarter", "activities",
    "consideration_minor", "fees_minor", "taxes_minor",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Quarter:
    """What a seller was credited in a quarter, after fees and taxes; minor units."""

    quarter: int
    activities: int
    consideration_minor: int
    fees_minor: int
    taxes_minor: int


@dataclass(frozen=True, slots=True)
class ReportedSeller:
    """A seller to report, in one currency, with the quarters in which something happened."""

    seller: SellerView
    currency: str
    quarters: tuple[Quarter, ...]


def sellers_report(ctx: Context, year: int) -> list[ReportedSeller]:
    """The sellers of a year that must be reported: resident in the EU and not below the limits of rules/dac7.csv.

    Refuses: NotAllowed.
    """
    if not ctx.may("ledger:read"):
        raise NotAllowed(scope="ledger:read")
    since, until = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    groups: dict[tuple[UUID, str], list[Quarter]] = defaultdict(list)
    for row in sold_by_quarter(since_at=since, until_at=until):
        groups[row.seller_id, row.currency].append(
            Quarter(row.quarter, row.activities, row.credited_minor, row.fees_minor, row.taxes_minor)
        )
    sellers = sellers_by_id({seller_id for seller_id, _ in groups})
    return [
        ReportedSeller(sellers[seller_id], currency, tuple(quarters))
        for (seller_id, currency), quarters in sorted(groups.items(), key=lambda group: str(group[0]))
        if _is_in_eu(sellers[seller_id].country) and not is_below_limits(quarters, date(year, 12, 31))
    ]


def is_below_limits(quarters: Sequence[Quarter], on: date) -> bool:
    """Whether a seller of goods is left out: few sales and little money, both, in the year."""
    activities, minor = limits(on)
    return (
        sum(one.activities for one in quarters) < activities
        and sum(one.consideration_minor for one in quarters) <= minor
    )


@cache
def limits(on: date) -> tuple[int, int]:
    """(sales fewer than, cents at most) of sellers left out. Refuses: NotFound (no rule for the day)."""
    with RULES.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["valid_from"] <= on.isoformat() and (
                not row["valid_to"] or on.isoformat() <= row["valid_to"]
            ):
                return int(row["fewer_sales_than"]), int(row["at_most_minor"])
    raise NotFound(what="DAC7 rule of this year")


def report_rows(found: Sequence[ReportedSeller]) -> list[tuple[object, ...]]:
    """The report as rows of a file, one a seller, currency and quarter."""
    return [
        (
            show_id("sel", one.seller.id), one.seller.legal_name, one.seller.trader_type, one.seller.country,
            f"{one.seller.address}, {one.seller.postcode} {one.seller.city}", one.seller.vat_no, one.seller.register_no,
            one.currency, quarter.quarter, quarter.activities, quarter.consideration_minor, quarter.fees_minor,
            quarter.taxes_minor,
        )
        for one in found
        for quarter in one.quarters
    ]  # fmt: skip


def missing_of(one: ReportedSeller) -> tuple[str, ...]:
    """What the message asks of a seller and is not on file; with any of it the seller cannot stand in the XML."""
    seller = one.seller
    needed = {"legal_name": seller.legal_name, "city": seller.city}
    if seller.trader_type == "private":
        needed |= {"birth_date": ""}  # art. 8ac asks it of persons; nobody is asked for it here yet
    return tuple(name for name, value in needed.items() if not value)


def report_xml(found: Sequence[ReportedSeller], *, year: int, at: datetime) -> bytes:
    """The report as a DPI message, version 1.0 of the OECD's schema, which the Union uses for DAC7.

    Amounts are whole units of the currency, as the message wants them. Tax numbers are VAT numbers. Sellers of whom
    something mandatory is not on file (`missing_of`) are left out: they follow in a message of additions (DPI401 too).
    """
    ours = platform_on(at.date())
    told = [one for one in found if not missing_of(one)]
    message = f"{ours.country}{year}{ours.country}-{ours.vat_no}-{at:%Y%m%d%H%M%S}"
    root = etree.Element(f"{{{NAMESPACE}}}DPI_OECD", nsmap={None: NAMESPACE, "stf": STF}, version="1.0")  # type: ignore[dict-item]
    spec = _put(root, "MessageSpec")
    for name, text in (
        ("SendingEntityIN", ours.vat_no), ("TransmittingCountry", ours.country), ("ReceivingCountry", ours.country),
        ("MessageType", "DPI"), ("MessageRefId", message), ("MessageTypeIndic", "DPI401" if told else "DPI403"),
        ("ReportingPeriod", f"{year}-12-31"), ("Timestamp", at.astimezone(ZoneInfo("CET")).strftime("%Y-%m-%dT%H:%M:%S")),
    ):  # fmt: skip
        _put(spec, name, text)
    body = _put(root, "DPIBody")
    operator = _put(body, "PlatformOperator")
    _put(operator, "ResCountryCode", ours.country)
    _put(operator, "TIN", ours.vat_no, issuedBy=ours.country)
    _put(operator, "IN", ours.register_no, issuedBy=ours.country, INType="BRN")
    _put(operator, "VAT", ours.vat_no)
    _put(operator, "Name", ours.legal_name)
    _put(operator, "PlatformBusinessName", BUSINESS_NAME)
    _address(operator, ours, "OECD304")
    _put(operator, "Nexus", "RPONEX1")
    _put(operator, "AssumedReporting", "false")
    _doc_spec(operator, f"{message}-0")
    accounts = payout_accounts([one.seller.id for one in told])
    for number, one in enumerate(told, 1):
        seller, account = one.seller, accounts.get(one.seller.id)
        reported = _put(body, "ReportableSeller")
        standard = _put(_put(_put(reported, "Identity"), "EntitySeller"), "Standard")
        identity = _put(standard, "EntSellerID")
        _put(identity, "ResCountryCode", seller.country)
        if seller.vat_no:
            _put(identity, "TIN", seller.vat_no, issuedBy=seller.country)
        else:
            _put(identity, "TIN", "NOTIN", unknown="true")
        if seller.register_no:
            _put(identity, "IN", seller.register_no, issuedBy=seller.country, INType="BRN")
        if seller.vat_no:
            _put(identity, "VAT", seller.vat_no)
        _put(identity, "Name", seller.legal_name)
        _address(identity, seller, "OECD303")
        if account and account.iban:
            money = _put(standard, "FinancialIdentifier")
            _put(money, "Identifier", account.iban, AccountNumberType="IBAN")
            _put(money, "AccountHolderName", account.holder or seller.legal_name)
        _goods(_put(_put(reported, "RelevantActivities"), "SaleOfGoods"), one)
        _doc_spec(reported, f"{message}-{number}")
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return made


def _goods(goods: etree._Element, one: ReportedSeller) -> None:
    by_quarter = {quarter.quarter: quarter for quarter in one.quarters}
    for group, prefix, field in (
        ("Consideration", "ConsQ", "consideration_minor"), ("NumberOfActivities", "NumbQ", "activities"),
        ("Fees", "FeesQ", "fees_minor"), ("Taxes", "TaxQ", "taxes_minor"),
    ):  # fmt: skip
        part = _put(goods, group)
        for number in range(1, 5):
            value = getattr(by_quarter.get(number), field, 0)
            if field == "activities":
                _put(part, f"{prefix}{number}", str(value))
            else:
                whole = str(round(Money(value, one.currency).as_decimal()))
                _put(part, f"{prefix}{number}", whole, currCode=one.currency)


def _address(party: etree._Element, of: SellerView | Platform, kind: str) -> None:
    address = _put(party, "Address", legalAddressType=kind)
    _put(address, "CountryCode", of.country)
    parts = _put(address, "AddressFix")
    for name, text in (("Street", of.address), ("PostCode", of.postcode), ("City", of.city)):
        if text:
            _put(parts, name, text[:200])


def _doc_spec(parent: etree._Element, reference: str) -> None:
    """New data, with an id of its own: corrections will name it."""
    spec = _put(parent, "DocSpec")
    for name, text in (("DocTypeIndic", "OECD1"), ("DocRefId", reference)):
        etree.SubElement(spec, f"{{{STF}}}{name}").text = text


def _put(parent: etree._Element, name: str, text: str = "", **marks: str) -> etree._Element:
    child = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}", dict(marks))
    if text:
        child.text = text
    return child


def _is_in_eu(country: str) -> bool:
    try:
        return pack(country).eu_member
    except NotFound:
        return False
