"""The yearly report on sellers: who must be named, with what they were credited to the cent."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from lxml import etree

from entrepot.invoicing.queries import report_rows, report_xml, sellers_report
from entrepot.invoicing.queries.dac7 import NAMESPACE, Quarter, is_below_limits
from entrepot.kit.errors import NotAllowed
from entrepot.settlement.queries import seller_balances
from tests import make
from tests.settlement.world import World


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
    assert sellers_report(ctx, (world.at - timedelta(days=800)).year) == []
    with pytest.raises(NotAllowed):
        sellers_report(make.buyer(), world.at.year)
