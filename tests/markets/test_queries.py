"""Packs, rates, calendars and currencies from the dated tables."""

from __future__ import annotations

import csv
import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.kit.errors import Invalid
from entrepot.markets import calendar, tables
from entrepot.markets.errors import CurrencyUnknown, RateUnknown, RuleMissing, UnknownMarket
from entrepot.markets.policy import rows_in_force
from entrepot.markets.queries import (
    all_codes,
    conformity,
    consumer_rule,
    consumer_rules,
    customs_area,
    fx_rate,
    guarantee_ends,
    holidays_table,
    import_rule,
    import_rules,
    language_of,
    locale_path,
    pack,
    read_locale_path,
    required_rule,
    special_territory,
    vat_goods,
    vat_rate,
    working_days,
)

ON = date(2026, 11, 21)


def test_there_are_thirty_nine_packs() -> None:
    assert len(all_codes()) == 39
    assert sum(pack(code).eu_member for code in all_codes()) == 27


def test_a_pack_says_what_a_shop_needs() -> None:
    spain = pack("es")
    assert (spain.code, spain.currency, spain.time_zone, spain.phone_prefix) == (
        "ES",
        "EUR",
        "Europe/Madrid",
        "+34",
    )
    assert spain.official_languages == ("es", "ca", "gl", "eu")
    assert spain.languages[0] == spain.default_language == "es"
    assert "en" in spain.languages
    assert spain.accepts_postcode("28013")
    assert not spain.accepts_postcode("2801")
    assert pack("GB").accepts_postcode("sw1a 1aa")
    assert not pack("GB").accepts_postcode("SW1A 1AA and more")
    assert pack("HK").accepts_postcode("")


def test_bulgaria_pays_in_euro_whatever_a_library_says() -> None:
    assert pack("BG").currency == "EUR"


@pytest.mark.parametrize(
    ("tag", "language"),
    [("es-ES", "es"), ("zh-Hans-CN", "zh-hans"), ("zh-Hant-HK", "zh-hant"), ("fil-PH", "fil")],
)
def test_a_language_is_a_tag_without_its_country(tag: str, language: str) -> None:
    assert language_of(tag) == language


def test_the_first_part_of_an_address_is_market_then_language() -> None:
    assert locale_path("ES", "en") == "es-en"
    assert read_locale_path("es-en") == ("ES", "en")
    assert read_locale_path("es-xx") is None
    assert read_locale_path("xx-es") is None
    assert read_locale_path("ES-es") is None
    for code in all_codes():
        for language in pack(code).languages:
            assert read_locale_path(locale_path(code, language)) == (code, language)


@pytest.mark.parametrize(
    ("country", "goods", "on", "rate_bp"),
    [
        ("ES", "general", ON, 2100),
        ("ES", "olive_oil", ON, 400),
        ("ES", "food", ON, 1000),
        ("ES", "newspapers", ON, 400),  # no row of their own: as books
        ("EE", "general", date(2025, 6, 30), 2200),
        ("EE", "general", date(2025, 7, 1), 2400),
        ("FI", "general", date(2024, 9, 1), 2550),
        ("CH", "general", ON, 810),
        ("IE", "childrens_clothing", ON, 0),
    ],
)
def test_a_rate_is_the_narrowest_in_force(country: str, goods: str, on: date, rate_bp: int) -> None:
    assert vat_rate(country, goods, on).rate_bp == rate_bp


def test_every_member_state_has_one_rate_for_every_kind_of_goods_today() -> None:
    for code in all_codes():
        if pack(code).eu_member:
            for goods in vat_goods():
                rows = [row for row in rows_in_force(tables.vat_rows()[code, ""], ON) if row.goods == goods]
                assert len(rows) <= 1
                assert vat_rate(code, goods, ON).source


def test_what_is_not_on_file_is_refused_by_name() -> None:
    with pytest.raises(Invalid) as goods:
        vat_rate("ES", "unicorns", ON)
    assert goods.value.facts["field"] == "vat_goods"
    with pytest.raises(RateUnknown):
        vat_rate("ES", "general", date(1900, 1, 1))
    with pytest.raises(RateUnknown):
        vat_rate("TH", "general", ON)
    with pytest.raises(UnknownMarket):
        pack("XX")
    with pytest.raises(UnknownMarket):
        import_rules("ZZ", ON)
    with pytest.raises(RuleMissing):
        consumer_rule("NO-SUCH")
    with pytest.raises(RuleMissing):
        required_rule("EU-DUTY-3EUR", date(2026, 6, 30))


def test_a_new_rate_is_one_new_row(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    rules = tmp_path
    for name in ("vat_rates.csv", "markets.csv", "vat_goods.csv"):
        (rules / name).write_text((tables.RULES / name).read_text())
    with (rules / "vat_rates.csv").open("a", newline="") as file:
        csv.writer(file).writerow(
            [
                "ES",
                "",
                "reduced",
                "newspapers",
                "7.5",
                "2027-01-01",
                "",
                "a test",
                "confirmed",
                "",
                "2026-11-22",
            ]
        )
    monkeypatch.setattr(tables, "RULES", rules)
    tables.vat_rows.cache_clear()
    try:
        assert vat_rate("ES", "newspapers", date(2026, 12, 31)).rate_bp == 400
        assert vat_rate("ES", "newspapers", date(2027, 1, 1)).rate_bp == 750
    finally:
        tables.vat_rows.cache_clear()


def test_member_states_share_the_rules_of_the_union() -> None:
    romania = {rule.rule_id for rule in import_rules("RO", ON)}
    assert {"EU-IOSS", "EU-DUTY-3EUR", "RO-FEE"} <= romania
    assert "EU-IOSS" not in {rule.rule_id for rule in import_rules("GB", ON)}
    assert "FR-SPT" not in {rule.rule_id for rule in import_rules("FR", ON)}
    assert import_rule("FR-SPT", date(2026, 10, 31)) is not None
    assert customs_area("ES") == "EU"
    assert customs_area("GB") == "GB"


def test_the_table_of_holidays_is_what_the_package_says() -> None:
    assert holidays_table(date(2026, 11, 21)) == calendar.FILE.read_text()
    assert working_days("ES").holiday_name(date(2040, 12, 25)) == working_days("ES").holiday_name(
        date(2026, 12, 25)
    )


def test_islands_outside_the_tax_area_are_known_by_postcode() -> None:
    territory = special_territory("ES", "35 001", ON)
    assert territory is not None
    assert "Canary" in territory.name
    assert special_territory("ES", "28013", ON) is None
    assert special_territory("ES", "", ON) is None


@pytest.mark.parametrize(
    ("country", "region", "day", "works"),
    [
        ("ES", "", date(2026, 11, 23), True),
        ("ES", "", date(2026, 11, 22), False),  # Sunday
        ("ES", "", date(2026, 12, 8), False),  # Immaculate Conception
        ("ES", "MD", date(2026, 12, 7), False),  # only in some regions
        ("ES", "CT", date(2026, 12, 7), True),
        ("HK", "", date(2026, 11, 21), True),  # couriers work on Saturdays
        ("CN", "", date(2027, 2, 8), False),  # Spring festival
    ],
)
def test_working_days_follow_the_place(country: str, region: str, day: date, works: bool) -> None:
    assert working_days(country, region).is_working_day(day) is works


@given(
    st.sampled_from(sorted(["ES", "DE", "CN", "HK", "US"])),
    st.dates(date(2026, 1, 1), date(2030, 1, 1)),
    st.integers(0, 30),
)
def test_adding_working_days_counts_each_once(country: str, day: date, count: int) -> None:
    days = working_days(country)
    end = days.add_working_days(day, count)
    assert days.is_working_day(end)
    between = sum(days.is_working_day(day + timedelta(days=n)) for n in range((end - day).days + 1))
    assert between == count + 1


def test_a_rate_of_exchange_names_its_day() -> None:
    rate = fx_rate("EUR", "GBP", date(2026, 10, 30))
    assert rate.on == date(2026, 10, 30)
    assert Decimal("0.5") < rate.rate < Decimal("1.2")
    assert fx_rate("EUR", "GBP", date(2026, 11, 21)).on <= date(2026, 11, 21)
    weekend = fx_rate("EUR", "USD", date(2026, 10, 25))
    assert weekend.on == date(2026, 10, 23)
    there, back = fx_rate("PLN", "SEK", ON).rate, fx_rate("SEK", "PLN", ON).rate
    assert abs(there * back - 1) < Decimal("1e-20")
    assert fx_rate("CNY", "CNY", ON).rate == 1


def test_no_rate_is_invented() -> None:
    for currency in ("VND", "XXX"):
        with pytest.raises(CurrencyUnknown):
            fx_rate(currency, "EUR", ON)
    with pytest.raises(CurrencyUnknown):
        fx_rate("BGN", "EUR", ON)  # the lev ended with 2025
    assert fx_rate("BGN", "EUR", date(2025, 12, 1)).rate > 0
    with pytest.raises(CurrencyUnknown):
        fx_rate("USD", "EUR", date(1990, 1, 1))


def test_the_years_of_the_guarantee_are_those_of_the_rules_on_file() -> None:
    """Every national rule has its dated row with the same figures; other member states give the Union's least."""
    national = {rule.jurisdiction: rule for rule in consumer_rules() if rule.rule_id.startswith("GU-02-")}
    assert len(national) == 11
    for code in all_codes():
        row = conformity(code, ON)
        if code in national:
            said = {int(figure) for figure in re.findall(r"\d+", national[code].validation)} or {2}
            assert row is not None
            assert row.rule_id == f"GU-02-{code}"
            assert said == {row.years, row.long_years, row.region_years} - {0}, code
            assert (row.ends == "claims") == ("limitation" in national[code].validation or code == "GB")
            assert (row.ends == "expected_life") == (national[code].validation == "no fixed limit")
        elif pack(code).eu_member:
            assert row is not None
            assert (row.rule_id, row.ends, row.years) == ("GU-01", "fixed", 2)
        else:
            assert row is None
    assert conformity("ES", date(2021, 12, 31)) is None  # the three years began on 1 January 2022


@given(st.sampled_from(all_codes()), st.dates(date(2022, 1, 1), date(2090, 1, 1)))
def test_a_guarantee_ends_on_the_same_day_of_a_later_year(code: str, delivered_on: date) -> None:
    ends = guarantee_ends(code, ordered_on=delivered_on, delivered_on=delivered_on)
    rule = conformity(code, delivered_on)
    assert (ends is None) == (rule is None)
    if ends and rule:
        days = [
            (ends.until, rule.years),
            (ends.long_until, rule.long_years),
            (ends.region_until, rule.region_years),
        ]
        for day, years in days:
            assert (day is None) == (years == 0)
            if day:
                assert (day.year, day.month) == (delivered_on.year + years, delivered_on.month)
                assert day.day == delivered_on.day or (delivered_on.month, delivered_on.day, day.day) == (
                    2,
                    29,
                    28,
                )
