"""The quote on the real rules: worked examples by country, refusals by name, properties for everything else."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.kit.errors import Invalid, Refusal
from entrepot.landedcost.errors import (
    DutyUnknown,
    GoodsBlocked,
    PriceBelowDuties,
    PriceBelowMinimum,
    SalesTaxUnknown,
    SchemeUnknown,
    TerritoryNotServed,
)
from entrepot.landedcost.queries import GoodsLine, Quote, duty_on_file, quote, written
from entrepot.markets import queries as market_queries
from entrepot.markets.errors import CurrencyUnknown, RateUnknown, RuleMissing
from entrepot.markets.queries import all_codes, pack
from tests import make

ON = date(2026, 11, 21)
DRESS = GoodsLine("dress", "610443", "general", 1, 4000)


def ask(*lines: GoodsLine, **over: object) -> Quote:
    asked: dict[str, object] = {
        "origin": "CN", "destination": "ES", "on": ON, "seller_country": "CN", "currency": "EUR", "price_mode": "net",
    }  # fmt: skip
    return quote(lines or (DRESS,), **(asked | over))  # type: ignore[arg-type]


def amounts(made: Quote) -> tuple[int, int, int, int]:
    return made.duty_minor, made.vat_minor, made.fees_minor, made.total_minor


@pytest.mark.parametrize(
    ("name", "lines", "over", "expected"),
    [
        ("1a the buyer pays the duty", [DRESS], {}, (300, 903, 0, 5203)),
        ("1b all in", [DRESS], {"price_mode": "gross"}, (300, 694, 0, 4000)),
        ("1c the seller absorbs it", [DRESS], {"duty_payer": "seller"}, (0, 840, 0, 4840)),
        (
            "2a three headings",
            [
                GoodsLine("shirt", "610910", "general", 2, 1200),
                GoodsLine("sneakers", "640411", "general", 1, 4500),
                GoodsLine("case", "392690", "general", 1, 800),
            ],
            {"destination": "FR"},
            (900, 1720, 0, 10320),
        ),
        (
            "3a a drone above the limit",
            [GoodsLine("drone", "880622", "general", 1, 22000)],
            {"destination": "DE", "shipping_minor": 800},
            (0, 4332, 0, 27132),
        ),
        (
            "5a a toy from Britain",
            [GoodsLine("toy", "950300", "general", 1, 6000)],
            {"origin": "GB", "destination": "FR", "seller_country": "GB"},
            (300, 1260, 0, 7560),
        ),
        (
            "8a into Britain",
            [GoodsLine("dress", "610443", "general", 1, 3500)],
            {"destination": "GB", "currency": "GBP", "shipping_minor": 299},
            (0, 760, 0, 4559),
        ),
        (
            "8c above 135",
            [GoodsLine("sneakers", "640411", "general", 1, 16000)],
            {"destination": "GB", "currency": "GBP", "shipping_minor": 1000},
            (2720, 3944, 0, 23664),
        ),
        (
            "9a into Switzerland",
            [GoodsLine("x", "392690", "general", 1, 5900)],
            {"origin": "DE", "seller_country": "DE", "destination": "CH", "currency": "CHF"},
            (0, 478, 0, 6378),
        ),
        (
            "9c into Norway",
            [GoodsLine("x", "392690", "general", 1, 240000)],
            {"origin": "DE", "seller_country": "DE", "destination": "NO", "currency": "NOK"},
            (0, 60000, 0, 300000),
        ),
        (
            "10a olive oil to Germany",
            [GoodsLine("oil", "150920", "olive_oil", 1, 4800)],
            {"origin": "ES", "seller_country": "ES", "destination": "DE"},
            (0, 336, 0, 5136),
        ),
        (
            "10a below the 10,000 euro",
            [GoodsLine("oil", "150920", "olive_oil", 1, 4800)],
            {
                "origin": "ES", "seller_country": "ES", "destination": "DE",
                "attested": frozenset({"below_oss_limit"}),
            },
            (0, 192, 0, 4992),
        ),
        (
            "10b into Malaysia",
            [GoodsLine("x", "392690", "general", 1, 12000)],
            {"destination": "MY", "currency": "MYR", "shipping_minor": 1500},
            (0, 1200, 0, 14700),
        ),
        (
            "6a into Singapore",
            [GoodsLine("bag", "420221", "general", 1, 37500)],
            {
                "origin": "IT", "seller_country": "IT", "destination": "SG", "currency": "SGD",
                "shipping_minor": 2000,
            },
            (0, 3555, 0, 43055),
        ),
        (
            "4a into China",
            [GoodsLine("oil", "150920", "olive_oil", 1, 29520)],
            {
                "origin": "ES", "seller_country": "ES", "destination": "CN", "currency": "CNY",
                "shipping_minor": 3280, "attested": frozenset({"cbec_positive_list"}),
            },
            (0, 2066, 0, 34866),
        ),
        (
            "10c a dress to Thailand",
            [GoodsLine("dress", "610443", "general", 1, 80000)],
            {"destination": "TH", "currency": "THB", "shipping_minor": 10000},
            (27000, 8190, 0, 125190),
        ),
        (
            "headphones to Indonesia",
            [GoodsLine("headphones", "851830", "general", 1, 10000)],
            {"destination": "ID", "currency": "USD", "shipping_minor": 1000},
            (825, 1301, 0, 13126),
        ),
        (
            "sneakers to Oregon while the surcharge was known",
            [GoodsLine("sneakers", "640411", "general", 1, 10000)],
            {
                "origin": "DE", "seller_country": "DE", "destination": "US", "currency": "USD", "region": "OR",
                "on": date(2026, 5, 1), "shipping_minor": 1000,
            },
            (3000, 0, 0, 14000),
        ),
        (
            "at home in Oregon, where no sales tax is due",
            [GoodsLine("mug", "", "general", 1, 10000)],
            {
                "origin": "US", "seller_country": "US", "destination": "US", "currency": "USD", "region": "OR",
                "shipping_minor": 1000,
            },
            (0, 0, 0, 11000),
        ),
        (
            "in the United States, before the place is known",
            [GoodsLine("mug", "", "general", 1, 10000)],
            {"origin": "US", "seller_country": "US", "destination": "US", "currency": "USD", "before_tax": True},
            (0, 0, 0, 10000),
        ),
        (
            "at home in Singapore",
            [GoodsLine("mug", "", "general", 1, 10000)],
            {"origin": "SG", "seller_country": "SG", "destination": "SG", "currency": "SGD"},
            (0, 900, 0, 10900),
        ),
        (
            "at home in Hong Kong",
            [GoodsLine("mug", "", "general", 1, 10000)],
            {"origin": "HK", "seller_country": "HK", "destination": "HK", "currency": "HKD"},
            (0, 0, 0, 10000),
        ),
        (
            "Spanish oil at home",
            [GoodsLine("oil", "150920", "olive_oil", 1, 1040)],
            {"origin": "ES", "seller_country": "ES", "price_mode": "gross"},
            (0, 40, 0, 1040),
        ),
    ],
)  # fmt: skip
def test_worked_examples_from_our_own_rules(
    name: str, lines: list[GoodsLine], over: dict[str, object], expected: tuple[int, int, int, int]
) -> None:
    assert amounts(ask(*lines, **over)) == expected, name


def test_each_part_names_its_rule_and_who_gets_it() -> None:
    made = ask(price_mode="gross")
    assert [(part.kind, part.minor, part.paid_to, part.collected_by) for part in made.parts] == [
        ("goods", 3006, "seller", "marketplace"),
        ("duty", 300, "customs", "marketplace"),
        ("vat", 694, "tax_office", "marketplace"),
    ]
    assert made.parts[1].rule_id == "EU-DUTY-3EUR"
    assert made.parts[2].rate_bp == 2100
    assert all(part.source for part in made.parts if part.rule_id)
    assert made.deemed_supplier
    assert made.incoterm == "DDP"
    assert set(made.rule_ids) >= {"EU-IOSS", "EU-DEEMED-14A1", "EU-DUTY-3EUR"}


def test_who_owes_the_tax_depends_on_where_goods_and_seller_are() -> None:
    assert not ask(origin="ES", seller_country="ES").deemed_supplier
    foreign = ask(origin="ES", seller_country="CN")
    assert foreign.deemed_supplier
    assert foreign.parts[-1].collected_by == "marketplace"
    above = ask(GoodsLine("a", "640411", "general", 1, 20000))
    assert not above.deemed_supplier
    assert (above.scheme, above.incoterm) == ("import", "DAP")
    assert ask(GoodsLine("a", "640411", "general", 1, 20000), price_mode="gross").incoterm == "DDP"
    by_post = ask(via="post")
    assert (by_post.scheme, by_post.incoterm, by_post.parts[-1].collected_by) == ("eu_post", "DAP", "carrier")


@pytest.mark.parametrize(("net", "scheme"), [(15000, "ioss"), (15001, "import")])
def test_the_limit_is_tested_on_the_net_value(net: int, scheme: str) -> None:
    assert ask(GoodsLine("a", "640411", "general", 1, net)).scheme == scheme
    assert ask(GoodsLine("a", "640411", "general", 1, net), shipping_minor=5000).scheme == scheme


def test_an_all_in_price_is_tested_without_its_vat() -> None:
    # 181.50 / 1.21 = 150.00
    inside, above = (
        ask(GoodsLine("a", "640411", "general", 1, gross), price_mode="gross") for gross in (18150, 18152)
    )
    assert (inside.scheme, above.scheme) == ("ioss", "import")


def test_two_things_of_one_heading_are_one_tariff_line() -> None:
    same = ask(DRESS, GoodsLine("other", "6104 43", "general", 3, 1000))
    assert (same.duty_minor, same.duty_items) == (300, 1)
    assert sum(line.duty_minor for line in same.lines) == 300
    assert ask(DRESS, GoodsLine("other", "610910", "general", 3, 1000)).duty_minor == 600


def test_rates_of_different_goods_do_not_mix() -> None:
    made = ask(
        GoodsLine("book", "490199", "books", 1, 2000), GoodsLine("mug", "392410", "general", 1, 2000), origin="ES",
        seller_country="ES",
    )  # fmt: skip
    assert [(part.rate_bp, part.minor) for part in made.parts if part.kind == "vat"] == [
        (400, 80),
        (2100, 420),
    ]


def test_romania_takes_a_fee_by_parcel() -> None:
    one = ask(destination="RO", currency="RON", shipping_minor=0)
    two = ask(destination="RO", currency="RON", parcels=2)
    assert (one.fees_minor, two.fees_minor) == (2500, 5000)
    assert any(part.rule_id == "RO-FEE" for part in one.parts)


def test_one_more_item_may_leave_the_scheme() -> None:
    assert "near_value_limit" in {
        warning.code for warning in ask(GoodsLine("a", "610443", "general", 1, 9000)).warnings
    }
    assert "near_value_limit" not in {warning.code for warning in ask().warnings}


@pytest.mark.parametrize(
    ("lines", "over", "refusal", "field"),
    [
        ([], {}, Invalid, "lines"),
        ([GoodsLine("a", "610443", "general", 0, 100)], {}, Invalid, "quantity"),
        ([GoodsLine("a", "610443", "general", -1, 100)], {}, Invalid, "quantity"),
        ([GoodsLine("a", "610443", "general", 1, -1)], {}, Invalid, "unit_price_minor"),
        ([GoodsLine("a", "610443", "general", 1, 10**15)], {}, Invalid, "unit_price_minor"),
        ([GoodsLine("a", "61", "general", 1, 100)], {}, Invalid, "hs6"),
        ([GoodsLine("a", "dress", "general", 1, 100)], {}, Invalid, "hs6"),
        ([GoodsLine("a", "610443", "unicorns", 1, 100)], {}, Invalid, "vat_goods"),
        ([DRESS], {"shipping_minor": -1}, Invalid, "shipping_minor"),
        ([DRESS], {"parcels": 0}, Invalid, "parcels"),
        ([DRESS], {"via": "pigeon"}, Invalid, "via"),
        ([DRESS], {"price_mode": "free"}, Invalid, "price_mode"),
        ([DRESS], {"duty_payer": "nobody"}, Invalid, "duty_payer"),
        ([DRESS], {"price_mode": "gross", "duty_payer": "seller"}, Invalid, "duty_payer"),
        ([DRESS], {"currency": "euro"}, Invalid, "currency"),
        ([DRESS], {"currency": "XXX"}, CurrencyUnknown, "currency"),
        ([DRESS], {"origin": "XX"}, Invalid, "origin"),
        ([DRESS], {"destination": "XX"}, Invalid, "destination"),
        ([DRESS], {"seller_country": "XX"}, Invalid, "seller_country"),
        ([DRESS], {"on": date(2026, 6, 30)}, RuleMissing, "date"),
        ([DRESS], {"on": date(1980, 1, 1)}, RateUnknown, "date"),
        ([DRESS], {"postcode": "ABC 1"}, Invalid, "postcode"),
        ([DRESS], {"attested": frozenset({"honest"})}, Invalid, "attested"),
        ([DRESS], {"postcode": "38001"}, TerritoryNotServed, "postcode"),
        ([DRESS], {"destination": "US", "currency": "USD"}, GoodsBlocked, "hs6"),
        ([DRESS], {"origin": "ES", "destination": "US", "currency": "USD", "region": "OR"}, SchemeUnknown, ""),
        ([DRESS], {"origin": "ES", "destination": "US", "currency": "USD", "on": date(2026, 5, 1)}, SalesTaxUnknown, ""),
        ([DRESS], {"origin": "US", "destination": "US", "currency": "USD"}, SalesTaxUnknown, ""),
        ([DRESS], {"origin": "US", "destination": "US", "currency": "USD", "region": "CA"}, SalesTaxUnknown, ""),
        ([DRESS], {"origin": "US", "destination": "US", "currency": "USD", "region": "OR", "price_mode": "gross"}, SchemeUnknown, ""),
        ([DRESS], {"origin": "ES", "destination": "ES", "before_tax": True}, Invalid, "before_tax"),
        ([DRESS], {"origin": "ES", "destination": "US", "currency": "USD", "on": date(2026, 5, 1), "region": "OR", "price_mode": "gross"}, SchemeUnknown, ""),
        ([GoodsLine("pot", "732393", "general", 1, 100)], {"origin": "ES", "destination": "US", "currency": "USD", "on": date(2026, 5, 1), "region": "OR"}, GoodsBlocked, "hs6"),
        ([GoodsLine("mug", "392410", "general", 1, 100)], {"destination": "TH", "currency": "THB"}, DutyUnknown, "hs6"),
        ([DRESS], {"destination": "TH", "currency": "THB", "on": date(2025, 12, 31)}, RuleMissing, "date"),
        ([DRESS], {"destination": "VN", "currency": "VND"}, DutyUnknown, "hs6"),
        ([DRESS], {"destination": "ID", "currency": "USD"}, GoodsBlocked, "hs6"),
        ([GoodsLine("x", "851830", "general", 1, 9999)], {"destination": "ID", "currency": "USD"}, PriceBelowMinimum, "price"),
        ([GoodsLine("x", "851830", "general", 1, 150001)], {"destination": "ID", "currency": "USD"}, DutyUnknown, "hs6"),
        ([DRESS], {"origin": "ES", "destination": "CN", "currency": "CNY"}, SchemeUnknown, ""),
        ([GoodsLine("a", "", "general", 1, 100)], {}, DutyUnknown, "hs6"),
        ([GoodsLine("a", "442199", "general", 1, 20000)], {}, DutyUnknown, "hs6"),
        ([GoodsLine("a", "999999", "general", 1, 100)], {}, Invalid, "hs6"),
        ([GoodsLine("a", "770110", "general", 1, 100)], {"origin": "ES"}, Invalid, "hs6"),
        ([GoodsLine("a", "610443", "general", 1, 100, weight_g=-1)], {}, Invalid, "weight_g"),
        ([GoodsLine("watch", "910211", "general", 1, 20000)], {}, DutyUnknown, "hs6"),
        ([GoodsLine("oil", "150920", "olive_oil", 1, 5000)], {"origin": "DE", "destination": "CH", "currency": "CHF"}, DutyUnknown, "hs6"),
        ([GoodsLine("x", "392690", "general", 1, 300000)], {"destination": "NO", "currency": "NOK"}, DutyUnknown, "hs6"),
        ([GoodsLine("bike", "871200", "general", 1, 9000)], {}, GoodsBlocked, "hs6"),
        ([GoodsLine("wine", "220421", "general", 1, 900)], {}, GoodsBlocked, "hs6"),
        ([GoodsLine("pin", "610443", "general", 1, 300)], {"price_mode": "gross"}, PriceBelowDuties, "price"),
    ],
)  # fmt: skip
def test_what_the_data_cannot_answer_is_refused(
    lines: list[GoodsLine], over: dict[str, object], refusal: type[Refusal], field: str
) -> None:
    asked: dict[str, object] = {
        "origin": "CN", "destination": "ES", "on": ON, "seller_country": "CN", "currency": "EUR", "price_mode": "net",
    }  # fmt: skip
    with pytest.raises(refusal) as refused:
        quote(lines, **(asked | over))  # type: ignore[arg-type]
    assert refused.value.facts.get("field", refused.value.field) == field


@pytest.mark.parametrize(
    ("destination", "postcode", "goods", "rate_bp"),
    [
        ("PT", "1000-001", "general", 2300),
        ("PT", "9000-018", "general", 2200),
        ("PT", "9500-150", "general", 1600),
        ("PT", "9500-150", "food", 1600),  # taxed at the standard rate at home, so at the region's too
        ("PT", "1000-001", "books", 600),
        ("GR", "105 57", "general", 2400),
        ("GR", "811 00", "general", 1700),
        ("AT", "6691", "general", 1900),
        ("AT", "6020", "general", 2000),
    ],
)
def test_places_with_rates_of_their_own_are_told_by_the_postcode(
    destination: str, postcode: str, goods: str, rate_bp: int
) -> None:
    for start, mode in (("ES", "net"), ("CN", "gross")):
        made = ask(
            GoodsLine("x", "392410", goods, 1, 4000), origin=start, seller_country=start, destination=destination,
            postcode=postcode, price_mode=mode,
        )  # fmt: skip
        assert made.lines[0].vat_rate_bp == rate_bp
        assert made.total_minor == sum(part.minor for part in made.parts)


def test_wine_inside_the_union_is_not_an_import() -> None:
    assert (
        ask(GoodsLine("wine", "220421", "general", 1, 900), origin="ES", seller_country="ES").total_minor
        == 1089
    )


# Every destination from near and far, on a day on which each scheme there is answers for some goods. The dearer
# half of the list are those whose terms change with the price.
STARTS = ("CN", "ES", "GB", "IT", "SG")
ROUTES = [(start, code) for code in all_codes() for start in STARTS]
ROUTES += [(start, code) for code in ("GB", "SG", "ID", "TH", "US", "CN", "RO", "PH") for start in STARTS] * 3
DAYS = [ON, date(2026, 5, 1)]  # on the second the surcharge of the United States is known
HEADINGS = ["610443", "640411", "610910", "420221", "851830", "392410"]
goods_lines = st.lists(
    st.builds(
        GoodsLine,
        st.just("x"),
        st.sampled_from(HEADINGS),
        st.sampled_from(["general", "books", "childrens_clothing"]),
        st.integers(1, 5),
        st.integers(0, 40_000),
    ),
    min_size=1,
    max_size=6,
)


@dataclass(frozen=True)
class Wish:
    """A quote to ask for, without its lines."""

    route: tuple[str, str]
    on: date
    mode: str
    payer: str
    via: str
    shipping: int

    def ask(self, lines: list[GoodsLine]) -> Quote | None:
        """The quote, or None where the rules refuse."""
        origin, destination = self.route
        try:
            return quote(
                lines, origin=origin, destination=destination, on=self.on, seller_country=origin,
                currency=pack(destination).currency, price_mode=self.mode, shipping_minor=self.shipping, via=self.via,
                duty_payer=self.payer, region="OR" if destination == "US" else "",
                attested=frozenset({"cbec_positive_list"}),
            )  # fmt: skip
        except Refusal:
            return None


wishes = st.builds(
    lambda route, on, mode, payer, via, shipping: Wish(
        route, on, mode, payer if mode == "net" else "buyer", via, shipping
    ),
    st.sampled_from(ROUTES), st.sampled_from(DAYS), st.sampled_from(["net", "gross"]), st.sampled_from(["buyer", "seller"]),
    st.sampled_from(["ioss", "post"]), st.integers(0, 5_000),
)  # fmt: skip


@given(wishes, goods_lines)
@settings(max_examples=200, deadline=None)
def test_parts_sum_to_the_total_and_nothing_is_negative(wish: Wish, lines: list[GoodsLine]) -> None:
    made, mode, shipping = wish.ask(lines), wish.mode, wish.shipping
    if made is None:
        return
    assert sum(part.minor for part in made.parts) == made.total_minor
    assert all(part.minor >= 0 for part in made.parts)
    assert (
        made.goods_minor + made.shipping_minor + made.duty_minor + made.vat_minor + made.fees_minor
        == made.total_minor
    )
    for line, asked in zip(made.lines, lines, strict=True):
        assert line.goods_minor + line.duty_minor + line.vat_minor + line.fees_minor == line.gross_minor
        assert min(line.goods_minor, line.duty_minor, line.vat_minor, line.fees_minor) >= 0
        if mode == "gross":
            assert line.gross_minor == asked.quantity * asked.unit_price_minor
    if mode == "gross":
        assert made.total_minor == sum(line.quantity * line.unit_price_minor for line in lines) + shipping
    else:
        assert made.total_minor >= made.goods_minor + shipping


@given(wishes, goods_lines, st.integers(0, 5), st.integers(1, 5_000))
@settings(max_examples=200, deadline=None)
def test_a_higher_price_never_costs_less_within_a_scheme(
    wish: Wish, lines: list[GoodsLine], which: int, more: int
) -> None:
    """For goods of one VAT rate: over several, freight and a flat duty are shared out by value, and the dearer line takes
    more of them to its own rate."""
    lines = [replace(line, vat_goods=lines[0].vat_goods) for line in lines]
    place = which % len(lines)
    old = lines[place]
    dearer = [*lines]
    dearer[place] = GoodsLine(old.ref, old.hs6, old.vat_goods, old.quantity, old.unit_price_minor + more)
    before, after = wish.ask(lines), wish.ask(dearer)
    if before and after and before.scheme == after.scheme:
        assert after.total_minor >= before.total_minor
        assert after.vat_minor >= before.vat_minor


@given(wishes, goods_lines, st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_the_order_of_lines_changes_no_total(wish: Wish, lines: list[GoodsLine], luck: object) -> None:
    shuffled = [*lines]
    luck.shuffle(shuffled)  # type: ignore[attr-defined]
    first, second = wish.ask(lines), wish.ask(shuffled)
    if first is not None and second is not None and wish.mode == "net" and not wish.shipping:
        assert amounts(first) == amounts(second)


def test_a_duty_on_file_says_where_it_is_from() -> None:
    found = duty_on_file("EU", "6404110000", ON)
    assert found is not None
    assert (found.rate_bp, found.hs6) == (1690, "640411")
    assert found.source
    assert duty_on_file("EU", "999999", ON) is None
    watch = duty_on_file("EU", "910211", ON)
    assert watch is not None
    assert watch.rate_bp is None


@pytest.mark.parametrize("destination", all_codes())
def test_every_destination_is_quoted_or_refused_with_its_reason(destination: str) -> None:
    """From China and from Spain, cheap and dear, on the shelf and by post: a sum of parts, or a sentence that says why not."""
    currency = pack(destination).currency
    for origin in ("CN", "ES", destination):
        for line in (
            GoodsLine("a", "851830", "general", 1, 1_999),
            GoodsLine("a", "610910", "general", 2, 90_000),
        ):
            try:
                made = ask(
                    line, origin=origin, seller_country=origin, destination=destination, currency=currency
                )
            except Refusal as refusal:
                why = refusal
            else:
                assert made.total_minor == sum(part.minor for part in made.parts) > 0
                assert made.rule_ids
                continue
            assert why.status == 422
            assert len(why.sentence) > 40
            assert why.next_step


@pytest.mark.parametrize(
    ("destination", "currency", "code", "other"),
    [("ES", "EUR", "6104430010", "6104439900"), ("GB", "GBP", "6104430000", "61044390")],
)
def test_a_duty_is_that_of_the_tariff_line_or_refused(
    destination: str, currency: str, code: str, other: str
) -> None:
    """The seller's own code below the heading counts where a duty is charged by it, and nowhere else."""
    dear, cheap = 90_000, 4_000
    route = {"destination": destination, "currency": currency}
    six = ask(GoodsLine("dress", "610443", "general", 1, dear), **route)
    assert ask(GoodsLine("dress", code, "general", 1, dear), **route) == six
    with pytest.raises(DutyUnknown, match=f"{other}.*rate on file is that of"):
        ask(GoodsLine("dress", other, "general", 1, dear), **route)
    assert ask(GoodsLine("dress", other, "general", 1, cheap), **route) == ask(
        GoodsLine("dress", "610443", "general", 1, cheap), **route
    )


def test_parts_say_from_when_to_when_their_rule_holds() -> None:
    duty = next(part for part in ask().parts if part.kind == "duty")
    assert (duty.rule_id, duty.valid_from, duty.valid_to) == (
        "EU-DUTY-3EUR",
        date(2026, 7, 1),
        date(2028, 7, 1),
    )
    vat = next(part for part in ask().parts if part.kind == "vat")
    assert vat.valid_from == date(2012, 9, 1)


def test_a_quote_is_written_in_minor_units_and_in_decimals() -> None:
    told = written(ask())
    assert (told.total, told.total_minor, told.vat, told.duty) == ("52.03", 5203, "9.03", "3.00")


def test_changed_duties_are_new_dated_rows_and_the_old_ones_stand(tmp_path: Path) -> None:
    """From New Year's Day the flat duty is four euro and shoes pay 20 %: two rows, and December is as it was."""
    december, january = date(2026, 12, 31), date(2027, 1, 1)
    cheap, dear = (GoodsLine("shoe", "640411", "general", 1, minor) for minor in (4000, 20_000))
    others = {
        f"{area}_{name}": ""
        for area in ("uk", "us")
        for name in ("code", "ad_valorem_pct", "source", "confidence")
    }
    others |= dict.fromkeys(
        ("uk_duty", "us_general", "cn_mfn_pct", "cn_vat_pct", "cn_consumption_tax_pct"), ""
    )
    others |= dict.fromkeys(("cn_source", "cn_confidence"), "")
    with make.rules_in(tmp_path) as add:
        four = json.dumps(
            market_queries.required_rule("EU-DUTY-3EUR", december).params | {"amount_per_item": "4.00"}
        )
        add("import_rules.csv", {"rule_id": "EU-DUTY-3EUR"}, valid_from="2027-01-01", params_json=four)
        add("duty_rates.csv", {"hs6": "640411"}, valid_from="2027-01-01", eu_ad_valorem_pct="20", **others)
        assert [ask(cheap, on=on).duty_minor for on in (december, january)] == [300, 400]
        assert [ask(dear, on=on).duty_minor for on in (december, january)] == [3380, 4000]
        london = [ask(dear, on=on, destination="GB", currency="GBP").duty_minor for on in (december, january)]
        assert london[0] == london[1] > 0, "the columns left empty say nothing about Britain"
        assert next(part for part in ask(dear, on=january).parts if part.kind == "duty").valid_from == january


def test_a_changed_rate_is_one_new_dated_row(tmp_path: Path) -> None:
    """Spain's general rate becomes 22 % on New Year's Day: one row is added to the table, no line of code."""
    mug = GoodsLine("mug", "", "general", 1, 10_000)
    with make.rules_in(tmp_path) as add:
        add(
            "vat_rates.csv",
            {"country": "ES", "goods": "general", "region": ""},
            rate="22",
            valid_to="",
            valid_from="2027-01-01",
            source="Official Journal",
        )
        last = ask(mug, origin="ES", seller_country="ES", on=date(2026, 12, 31))
        first = ask(mug, origin="ES", seller_country="ES", on=date(2027, 1, 1))
    assert (last.vat_minor, first.vat_minor) == (2100, 2200)
    assert first.parts[-1].rule_id == "VAT-ES-general-2027-01-01"
    assert first.parts[-1].source == "Official Journal"
