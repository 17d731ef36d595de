"""Prices in bulk are the prices one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.kit.errors import Refusal
from entrepot.kit.money import to_minor
from entrepot.landedcost.queries import GoodsLine, Kind, prices_in_markets, quote
from entrepot.markets.queries import all_codes, customs_area, fx_rate, pack
from tests.landedcost.by_piece import unpack_prices

ON = date(2026, 11, 21)
# No rate of exchange for the dong. More often the markets whose terms change with the price.
PRICED = [code for code in all_codes() if code != "VN"] + ["ID", "ID", "ID", "TH", "GB", "SG", "SG", "US"]
kinds = st.builds(
    Kind,
    st.sampled_from(["CN", "ES", "GB", "DE", "SG", "US"]),
    st.sampled_from(["CN", "ES", "GB"]),
    st.sampled_from(
        ["610443", "640411", "392690", "150920", "871200", "880622", "999999", "420221", "851830"]
    ),
    st.sampled_from(["general", "books", "food", "olive_oil", "childrens_clothing"]),
)
# A seller's own codes: one that is the line on file, one that is not.
own_codes = st.sampled_from([(), (("EU", "6104430000"), ("GB", "61044399")), (("EU", "6404119900"),)])
kinds = st.builds(
    lambda kind, codes: replace(kind, codes=tuple(pair for pair in codes if pair[1].startswith(kind.hs6))),
    kinds,
    own_codes,
)


@given(
    st.lists(
        st.tuples(kinds, st.one_of(st.integers(0, 60_000), st.integers(0, 300_000))), min_size=1, max_size=8
    ),
    st.sampled_from(PRICED),
)
@settings(max_examples=200, deadline=None)
def test_the_same_answer_one_by_one_and_in_bulk(rows: list[tuple[Kind, int]], market: str) -> None:
    asked = [kind for kind, _ in rows]
    made = prices_in_markets(
        asked, np.arange(len(rows)), np.array([net for _, net in rows]), [market], currency="EUR", on=ON
    )
    there = pack(market).currency
    for number, (kind, net) in enumerate(rows):
        price = to_minor(Decimal(net) / 100 * fx_rate("EUR", there, ON).rate, there)
        code = dict(kind.codes).get(customs_area(market), kind.hs6)
        try:
            single = quote(
                [GoodsLine("x", code, kind.vat_goods, 1, price)], origin=kind.origin, destination=market, on=ON,
                seller_country=kind.seller_country, currency=there, price_mode="net",
            ).total_minor  # fmt: skip
        except Refusal:
            single = -1
            assert (number, market) in made.refused
        assert made.total_minor[number, 0] == single, (kind, net, market)


@given(
    st.lists(
        st.tuples(kinds, st.one_of(st.integers(1, 60_000), st.integers(1, 4_000_000))), min_size=1, max_size=8
    ),
    st.sampled_from(PRICED),
    st.sampled_from([ON, date(2026, 5, 1)]),
)
@settings(max_examples=200, deadline=None)
def test_prices_shown_are_taken_apart_as_one_by_one(
    rows: list[tuple[Kind, int]], market: str, on: date
) -> None:
    there = pack(market)
    for (kind, gross), each in zip(rows, unpack_prices(rows, market=market, on=on), strict=True):
        code = dict(kind.codes).get(customs_area(market), kind.hs6)
        is_net = there.price_display == "net"
        try:
            single = quote(
                [GoodsLine("x", code, kind.vat_goods, 1, gross)], origin=kind.origin, destination=market, on=on,
                seller_country=kind.seller_country, currency=there.currency, price_mode="net" if is_net else "gross",
                before_tax=is_net,
            )  # fmt: skip
        except Refusal:
            assert (each.kept_minor, each.duty) == (None, "unknown"), (kind, gross, market)
            continue
        crosses = customs_area(kind.origin) != customs_area(market)
        due = "none" if not crosses else "inside" if single.incoterm == "DDP" else "later"
        assert (each.kept_minor, each.duty) == (single.goods_minor, due), (kind, gross, market)


def test_limits_are_exact_in_bulk() -> None:
    kind = Kind("CN", "CN", "640411", "general")
    net = np.array([15000, 15001, 0, 1])
    made = prices_in_markets([kind], np.zeros(4, dtype=np.int64), net, ["ES", "SE"], currency="EUR", on=ON)
    # 150.00: 3 euro and 21 %. 150.01: 16.9 % duty and 21 % on both.
    assert list(made.total_minor[:, 0]) == [18513, 21219, 363, 364]
    assert made.destinations == ("ES", "SE")
    assert made.refused == {}
