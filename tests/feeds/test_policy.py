"""What cells mean: tables and properties."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.feeds import policy
from entrepot.feeds.rows import Problem


@pytest.mark.parametrize(
    ("text", "mark", "amount", "currency"),
    [
        ("24.90 EUR", ".", "24.90", "EUR"),
        ("€ 1.299,00", "", "1299.00", "EUR"),
        ("1,299.00", "", "1299.00", ""),
        ("1.299.000", "", "1299000", ""),
        ("19,9", "", "19.9", ""),
        ("50", "", "50", ""),
        ("2.955", ".", "2.955", ""),
        ("2.955", ",", "2955", ""),
        ("£3.75", ".", "3.75", "GBP"),
        ("1 234,50", ",", "1234.50", ""),
        ("1'234.50", ".", "1234.50", ""),
        ("0.01", ".", "0.01", ""),
        ("-5.00", ".", "-5.00", ""),
    ],
)
def test_prices(text: str, mark: str, amount: str, currency: str) -> None:
    assert policy.parse_price(text, mark) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("diez", "price_not_a_number"), ("1e9", "price_not_a_number"), ("NaN", "price_not_a_number"),
        ("", "price_not_a_number"), ("１０", "price_not_a_number"), ("1.2.3,4,5", "price_not_a_number"),
        ("1.299", "price_ambiguous"), ("9" * 40, "price_too_high"), ("=1+1", "price_not_a_number"),
    ],
)  # fmt: skip
def test_prices_that_are_none(text: str, code: str) -> None:
    found = policy.parse_price(text, "")
    assert isinstance(found, Problem)
    assert found.code == code


@given(st.integers(1, 10**12), st.sampled_from([".", ","]), st.booleans())
def test_a_price_reads_back_however_it_is_written(minor: int, mark: str, grouped: bool) -> None:
    other = "," if mark == "." else "."
    whole = f"{minor // 100:,}".replace(",", other) if grouped else str(minor // 100)
    assert policy.parse_price(f"{whole}{mark}{minor % 100:02d}", mark) == (Decimal(minor).scaleb(-2), "")


@given(st.text(max_size=30))
def test_no_cell_breaks_a_parser(text: str) -> None:
    policy.parse_price(text, "")
    policy.parse_whole(text)
    policy.parse_measure(text, policy.GRAMS, "g")
    policy.parse_content(text)
    policy.check_gtin(text)
    policy.guess_column(text)
    assert policy.clean_text(policy.clean_text(text)) == policy.clean_text(text)


@given(st.text("0123456789", min_size=12, max_size=12), st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(body: str, place: int, off: int) -> None:
    gtin = body + str(policy.check_digit(body))
    assert policy.check_gtin(gtin) == gtin
    wrong = gtin[:place] + str((int(gtin[place]) + off) % 10) + gtin[place + 1 :]
    assert isinstance(policy.check_gtin(wrong), Problem)


@pytest.mark.parametrize(
    ("prices", "mark"),
    [
        (["12,50", "1.045,00"], ","), (["12.50", "1,045.00"], "."), (["50", "60"], ""), (["1.299", "2.55"], "."),
        (["1.299"], ""), (["24.90 EUR"], "."),
    ],
)  # fmt: skip
def test_the_decimal_mark_of_a_column(prices: list[str], mark: str) -> None:
    assert policy.decimal_mark(prices) == mark


@pytest.mark.parametrize(
    ("text", "amount"), [("0.5 l", (500, "ml")), ("750g", (750, "g")), ("1,5 kg", (1500, "g")), ("2 m²", (20_000, "cm2")), ("6 pcs", (6, "piece"))]
)  # fmt: skip
def test_contents(text: str, amount: tuple[int, str]) -> None:
    assert policy.parse_content(text) == amount


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("Variant SKU", "sku"), ("precio", "price"), ("Código de barras", "gtin"), ("title_es", "title:es"), ("Título", "title"),
        ("title:zh-hans", "title:zh-hans"), ("Color", "option:colour"), ("Weird", ""), ("Stock On Hand", "quantity"),
        ("País de origen", "origin_country"), ("attribute:care", "attribute:care"), ("image_link", "image"),
    ],
)  # fmt: skip
def test_columns_are_guessed(theirs: str, ours: str) -> None:
    assert policy.guess_column(theirs) == ours


def test_every_rule_can_be_told() -> None:
    class Any(dict):  # type: ignore[type-arg]
        def __missing__(self, key: str) -> str:
            return "x"

    for code, (rule, hint) in policy.RULES.items():
        assert code.islower()
        assert rule.format_map(Any())
        assert hint.format_map(Any()) is not None
