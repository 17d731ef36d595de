"""Shares sum to what they share, for any amounts; tables of fees, VAT on fees and payouts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.settlement.policy import (
    CommissionRule,
    Sale,
    Terms,
    decide_payout,
    decide_shares,
    fault_of_rule,
    fault_of_tariff,
    fee_of_line,
    fee_vat,
    next_payout_on,
    rule_for,
)
from entrepot.settlement.tables import house_rules, payout_rule

terms = st.integers(1, 10**9).flatmap(
    lambda total: st.builds(
        Terms,
        total_minor=st.just(total),
        vat_minor=st.integers(0, total // 3),
        duty_minor=st.integers(0, total // 4),
        carrier_minor=st.integers(0, total // 2),
        commission_minor=st.integers(0, total // 4),
        commission_vat_bp=st.sampled_from([0, 2100, 1900, 2700]),
        is_tax_ours=st.booleans(),
    )
)


@given(terms, st.data())
def test_shares_sum_to_what_was_retained(facts: Terms, data: st.DataObject) -> None:
    retained = data.draw(st.integers(0, facts.total_minor))
    assert decide_shares(facts, retained).sum() == retained


@given(terms, st.lists(st.integers(1, 10**6), max_size=8))
def test_refunds_take_back_the_same_in_any_steps(facts: Terms, steps: list[int]) -> None:
    left, taken = facts.total_minor, [0] * 3
    for step in steps:
        step = min(step, left)
        back = decide_shares(facts, left).minus(decide_shares(facts, left - step))
        assert back.sum() == step
        taken = [
            taken[0] + back.seller_minor,
            taken[1] + back.commission_minor,
            taken[2] + back.tax_minor,
        ]
        left -= step
    at_once = decide_shares(facts, facts.total_minor).minus(decide_shares(facts, left))
    assert taken == [at_once.seller_minor, at_once.commission_minor, at_once.tax_minor]


@pytest.mark.parametrize("retained", [-1, 4001])
def test_no_more_than_the_whole(retained: int) -> None:
    with pytest.raises(ValueError, match="not a part of"):
        decide_shares(Terms(4000, 694, 0, 0, 400, 2100, False), retained)


def test_the_worked_example() -> None:
    """40.00 from a Spanish seller: 10 % commission, 21 % VAT on it; the seller's own VAT stays with the seller."""
    shares = decide_shares(Terms(4000, 694, 0, 495, 400, 2100, False), 4000)
    assert (shares.commission_minor, shares.commission_vat_minor, shares.carrier_minor) == (400, 84, 495)
    assert (shares.tax_minor, shares.seller_minor) == (0, 3021)


RULES = [
    CommissionRule("private", 500, trader_type="private"),
    CommissionRule("autumn", 700, category="food", valid_from=date(2026, 9, 1), valid_to=date(2026, 11, 30)),
    CommissionRule("craft", 300, programme="craft"),
    CommissionRule("fr-food", 600, market="FR", category="food"),
    CommissionRule("food", 800, category="food"),
    CommissionRule("programs", 900, channel="api"),
    CommissionRule("euro", 1000, fixed_minor=20, currency="EUR"),
    CommissionRule("rest", 1100),
]
ON = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("sale", "rule"),
    [
        (Sale(ON, "ES", "EUR", ("food", "oil")), "food"),
        (Sale(ON, "FR", "EUR", ("food", "oil")), "fr-food"),
        (Sale(ON, "FR", "EUR", ("food",), trader_type="private"), "private"),
        (Sale(ON, "ES", "EUR"), "euro"),
        (Sale(ON, "ES", "EUR", ("foodstuff",)), "euro"),
        (Sale(ON, "GB", "GBP"), "rest"),
        (Sale(ON, "GB", "GBP", channel="api"), "programs"),
        (Sale(ON, "FR", "EUR", ("food",), programme="craft", channel="api"), "craft"),
        (Sale(date(2026, 11, 30), "FR", "EUR", ("food",), programme="craft"), "autumn"),
        (Sale(date(2026, 8, 31), "FR", "EUR", ("food",)), "fr-food"),
    ],
)
def test_the_first_rule_that_fits(sale: Sale, rule: str) -> None:
    found = rule_for(RULES, sale)
    assert found is not None
    assert found.rule_id == rule


def test_no_rule_no_guess() -> None:
    assert rule_for(RULES[:1], Sale(ON, "ES", "EUR")) is None


some_rules = st.lists(
    st.builds(
        CommissionRule,
        rule_id=st.uuids().map(str),
        rate_bp=st.integers(0, 5000),
        market=st.sampled_from(["", "", "ES", "FR"]),
        category=st.sampled_from(["", "", "food", "oil"]),
        programme=st.sampled_from(["", "", "craft"]),
        channel=st.sampled_from(["", "", "web", "api"]),
        trader_type=st.sampled_from(["", "", "company", "private"]),
        valid_from=st.sampled_from([date(2026, 1, 1), date(2027, 1, 1)]),
        valid_to=st.sampled_from([None, None, date(2026, 12, 31)]),
    ),
    max_size=8,
)
some_sales = st.builds(
    Sale,
    on=st.dates(date(2025, 12, 1), date(2027, 2, 1)),
    market=st.sampled_from(["ES", "FR", "DE"]),
    currency=st.just("EUR"),
    category_path=st.sampled_from([(), ("food",), ("food", "oil")]),
    programme=st.sampled_from(["", "craft"]),
    channel=st.sampled_from(["web", "api"]),
    trader_type=st.sampled_from(["company", "private"]),
)


@given(some_rules, some_rules, some_sales)
def test_order_decides_and_only_order(
    above: list[CommissionRule], below: list[CommissionRule], sale: Sale
) -> None:
    """What stands below a rule that fits never counts; what stands above counts exactly when it fits by itself."""
    fits = CommissionRule("here", 1000)
    found = rule_for([*above, fits, *below], sale)
    alone = [rule for rule in above if rule_for([rule], sale)]
    assert found == (alone[0] if alone else fits)


@given(some_rules)
def test_a_list_that_may_stand_has_a_rule_for_every_sale(rules: list[CommissionRule]) -> None:
    on = date(2026, 11, 22)
    if not fault_of_tariff(rules, on):
        for day in (on, date(2030, 1, 1)):
            assert rule_for(rules, Sale(day, "XX", "XXX", (), "", "web", "company")) is not None
    assert not fault_of_tariff([*rules, CommissionRule("rest", 1000)], on)


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"rule_id": "Big Name"}, "rule_id"),
        ({"rule_id": "x" * 41}, "rule_id"),
        ({"rate_bp": 5001}, "rate"),
        ({"rate_bp": -1}, "rate"),
        ({"fixed_minor": 20}, "currency"),
        ({"currency": "EUR"}, "currency"),
        ({"fixed_minor": 10_001, "currency": "EUR"}, "fixed"),
        ({"valid_from": ON, "valid_to": date(2026, 11, 30)}, "valid_to"),
        ({"source": " "}, "source"),
        ({}, ""),
    ],
)
def test_rules_that_cannot_be(other: dict[str, object], field: str) -> None:
    known = {"rule_id": "new", "rate_bp": 500, "source": "because"}
    assert fault_of_rule(CommissionRule(**(known | other)))[0] == field  # type: ignore[arg-type]


@pytest.mark.parametrize(("gross", "minor"), [(4000, 420), (5, 5), (105, 31), (0, 0)])
def test_a_fee_never_exceeds_the_price(gross: int, minor: int) -> None:
    assert fee_of_line(RULES[6], position=0, gross_minor=gross).minor == minor


@pytest.mark.parametrize(
    ("country", "in_eu", "vat_no", "treatment", "rate_country"),
    [
        ("ES", True, True, "domestic", "ES"),
        ("ES", True, False, "domestic", "ES"),
        ("FR", True, True, "reverse_charge", ""),
        ("FR", True, False, "oss", "FR"),
        ("CN", False, True, "outside", ""),
    ],
)
def test_where_our_fee_is_taxed(
    country: str, in_eu: bool, vat_no: bool, treatment: str, rate_country: str
) -> None:
    found = fee_vat(
        platform_country="ES",
        seller_country=country,
        is_seller_in_eu=in_eu,
        is_platform_in_eu=True,
        has_vat_no=vat_no,
    )
    assert (found.treatment, found.rate_country) == (treatment, rate_country)


AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
DUE: dict[str, object] = {
    "amount_minor": 2000,
    "minimum_minor": 1000,
    "two_people_above_minor": 5000,
    "next_on": None,
    "on": date(2026, 3, 2),
    "has_account": True,
    "is_approved_seller": True,
    "held_until": None,
    "at": AT,
}


@pytest.mark.parametrize(
    ("other", "verdict"),
    [
        ({}, "ready"),
        ({"amount_minor": 1000}, "ready"),
        ({"amount_minor": 999}, "too_little"),
        ({"amount_minor": 0, "minimum_minor": 0}, "too_little"),
        ({"amount_minor": -5}, "too_little"),
        ({"amount_minor": 5000}, "ready"),
        ({"amount_minor": 5001}, "waiting"),
        ({"next_on": date(2026, 3, 3)}, "not_due"),
        ({"next_on": date(2026, 3, 2)}, "ready"),
        ({"has_account": False}, "no_account"),
        ({"held_until": AT + timedelta(seconds=1)}, "bank_hold"),
        ({"held_until": AT}, "ready"),
        ({"is_approved_seller": False, "amount_minor": 1}, "not_approved"),
    ],
)
def test_who_is_paid_today(other: dict[str, object], verdict: str) -> None:
    assert decide_payout(**(DUE | other)) == verdict  # type: ignore[arg-type]


def test_the_rules_on_file() -> None:
    on = date(2026, 11, 22)
    rules = house_rules()
    assert rules[-1].rule_id == "standard"
    assert [fault_of_rule(rule) for rule in rules] == [("", "")] * len(rules)
    assert fault_of_tariff(rules, on) == ""
    assert [rule.rule_id for rule in rules if rule.holds_on(date(2021, 1, 1))] == ["standard"]
    rule = payout_rule("EUR", on)
    assert rule is not None
    assert rule.hold_hours == 72
    assert payout_rule("XXX", on) is None
    assert next_payout_on("weekly", date(2026, 12, 28)) == date(2027, 1, 4)
