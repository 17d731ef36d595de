"""The yearly report on sellers: who must be named, with what they were credited to the cent."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from lxml import etree

from entrepot.invoicing.queries import report_rows, report_xml, sellers_report
from entrepot.invoicing.queries.dac7 import (
    NAMESPACE,
    STF,
    Quarter,
    ReportedSeller,
    is_below_limits,
    missing_of,
)
from entrepot.kit.errors import NotAllowed
from entrepot.parties.queries import SellerView
from entrepot.settlement.queries import seller_balances
from tests import make
from tests.settlement.world import World

# The message's elements in their order, as version 1.0 of the schema and its guide document them: (name, least, most).
# `*` is without end. What we never write (other activities, birth, other operators) is left out.
_ADDRESS = [
    ("CountryCode", 1, 1),
    ("AddressFix", 1, 1, [("Street", 0, 1), ("PostCode", 0, 1), ("City", 1, 1)]),
]
_DOC = [("DocTypeIndic", 1, 1), ("DocRefId", 1, 1), ("CorrMessageRefId", 0, 1), ("CorrDocRefId", 0, 1)]
_PARTY = [
    ("ResCountryCode", 0, "*"), ("TIN", 1, "*"), ("IN", 0, "*"), ("VAT", 0, 1), ("Name", 1, "*"),
    ("PlatformBusinessName", 0, "*"), ("Address", 1, "*", _ADDRESS), ("Nexus", 0, 1), ("AssumedReporting", 0, 1),
]  # fmt: skip
_QUARTERS = [
    (group, 1, 1, [(f"{name}{number}", 1, 1) for number in range(1, 5)])
    for group, name in (("Consideration", "ConsQ"), ("NumberOfActivities", "NumbQ"), ("Fees", "FeesQ"), ("Taxes", "TaxQ"))
]  # fmt: skip
_STANDARD = [
    ("EntSellerID", 1, 1, _PARTY),
    ("FinancialIdentifier", 0, "*", [("Identifier", 1, 1), ("AccountHolderName", 0, 1), ("OtherInfo", 0, 1)]),
]
_SELLER = [
    ("Identity", 1, 1, [("EntitySeller", 1, 1, [("Standard", 1, 1, _STANDARD)])]),
    ("RelevantActivities", 1, 1, [("SaleOfGoods", 0, 1, _QUARTERS)]),
    ("DocSpec", 1, 1, _DOC),
]
_SPEC = [
    ("SendingEntityIN", 0, 1), ("TransmittingCountry", 1, 1), ("ReceivingCountry", 1, 1), ("MessageType", 1, 1),
    ("Warning", 0, 1), ("Contact", 0, 1), ("MessageRefId", 1, 1), ("MessageTypeIndic", 1, 1), ("ReportingPeriod", 1, 1),
    ("Timestamp", 1, 1),
]  # fmt: skip
_BODY = [
    ("PlatformOperator", 1, 1, [*_PARTY, ("DocSpec", 1, 1, _DOC)]),
    ("ReportableSeller", 0, "*", _SELLER),
]
DPI: Any = [("MessageSpec", 1, 1, _SPEC), ("DPIBody", 0, "*", _BODY)]
MONEY = re.compile(r"(Cons|Fees|Tax)Q[1-4]")


def follow(element: Any, rows: Any) -> None:
    """The element's children are those of the rows, in their order, as often as they may be, and none is empty."""
    children = list(element)
    for name, least, most, *inner in rows:
        taken = 0
        while children and etree.QName(children[0]).localname == name:
            child = children.pop(0)
            taken += 1
            assert etree.QName(child).namespace == (STF if rows is _DOC else NAMESPACE)
            if inner:
                follow(child, inner[0])
            else:
                assert (child.text or "").strip(), name
            if MONEY.fullmatch(name):
                assert int(child.text) is not None
                assert child.get("currCode")
            assert name != "TIN" or child.get("issuedBy") or child.get("unknown") == "true"
        assert taken >= least, f"{name} is missing"
        assert most == "*" or taken <= most, name
    assert not children, children


def test_persons_without_a_birth_date_are_named_and_left_out() -> None:
    """The message is made of who is whole; nobody is left out in silence."""
    person = SellerView(**dict.fromkeys(SellerView.__dataclass_fields__, "x") | {"trader_type": "private"})  # type: ignore[arg-type]
    firm = replace(person, trader_type="company")
    assert missing_of(ReportedSeller(person, "EUR", ())) == ("birth_date",)
    assert missing_of(ReportedSeller(firm, "EUR", ())) == ()
    assert missing_of(ReportedSeller(replace(firm, city=""), "EUR", ())) == ("city",)


@pytest.mark.parametrize(
    ("sales", "minor", "is_left_out"),
    [(29, 200_000, True), (30, 1, False), (1, 200_001, False), (30, 300_000, False), (0, 0, True)],
)
def test_limits(sales: int, minor: int, is_left_out: bool) -> None:
    quarters = [Quarter(1, sales, 0, 0, 0), Quarter(4, 0, minor, 0, 0)]
    assert is_below_limits(quarters, date(2026, 12, 31)) is is_left_out


@pytest.mark.django_db(transaction=True)
def test_who_is_reported_and_with_how_much() -> None:
    world = World(countries=("ES", "ES", "CN"))
    for seller, goods in ((0, 300_000), (0, 12_345), (1, 5_000), (2, 900_000)):
        order = world.order(seller=seller, goods=goods)
        world.pay(order)
        world.complete(order)
    world.refund(order, 1_000)
    ctx = world.ctx()
    found = sellers_report(ctx, world.at.year)
    assert [one.seller.id for one in found] == [world.sellers[0]]  # one is small, one lives elsewhere
    quarter = found[0].quarters[0]
    balance = seller_balances(ctx, world.sellers[0])[0]
    assert quarter.activities == 2
    assert quarter.consideration_minor == balance.earned_minor
    assert quarter.consideration_minor + quarter.fees_minor + quarter.taxes_minor == 312_345
    assert len(report_rows(found)) == 1
    root = etree.fromstring(report_xml(found, year=world.at.year, at=world.at))
    told = root.findall(f".//{{{NAMESPACE}}}ConsQ{quarter.quarter}")
    assert [int(one.text or "") for one in told] == [round(quarter.consideration_minor / 100)]
    follow(root, DPI)
    assert sellers_report(ctx, (world.at - timedelta(days=800)).year) == []
    with pytest.raises(NotAllowed):
        sellers_report(make.buyer(), world.at.year)
