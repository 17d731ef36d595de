"""The publish gates: a complete offer passes, and each missing fact opens the gap of its rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from entrepot.compliance.gates import GATES
from entrepot.compliance.queries import (
    OWN_GATES,
    ProductFacts,
    SellerFacts,
    kinds_of,
    publish_gaps,
    rule_coverage,
)
from entrepot.markets.queries import consumer_rule
from entrepot.payments.queries import payment_methods
from entrepot.storefront.law import guarantee_notice

ON = date(2026, 11, 21)
MAKER = {"name": "Taller Sol", "address": "Calle Mayor 3, 46001 Valencia", "email": "hola@sol.example"}
PERSON = {"name": "EU Rep SL", "address": "Gran Vía 1, Madrid", "email": "rep@eu.example", "country": "ES"}
SPANISH = SellerFacts(
    country="ES", legal_name="Taller Sol SL", address="Calle Mayor 3", postcode="46001", city="Valencia",
    email="hola@sol.example", phone="+34 960 000 000", register_no="V-12345", vat_no="ESB12345674",
    iban="ES9121000418450200051332", has_id_document=True, self_certified=True, epr={"ES": "ENV/2023/000012345"},
)  # fmt: skip
CHINESE = replace(
    SPANISH, country="CN", responsible_person=PERSON, iban="CN-000-1", epr={"ES": "ENV/2023/000012345"}
)
MUG = ProductFacts(
    sku="M-1", title={"es": "Taza"}, brand="Sol", gtin="2000000000015", hs6="691200", origin_country="ES",
    manufacturer=MAKER, pictures=1,
)  # fmt: skip


def codes(
    product: ProductFacts = MUG, seller: SellerFacts = SPANISH, market: str = "ES", on: date = ON
) -> set[str]:
    return {gap.code for gap in publish_gaps(product, seller, market, on=on)}


def test_a_complete_offer_has_no_gap() -> None:
    assert codes() == set()
    assert codes(replace(MUG, origin_country="CN", hs6="392410"), CHINESE) == set()


@pytest.mark.parametrize(
    ("product", "seller", "code"),
    [
        (replace(MUG, manufacturer={}), SPANISH, "GP-19A"),
        (replace(MUG, manufacturer=MAKER | {"name": "Generic"}), SPANISH, "GP-19A"),
        (replace(MUG, manufacturer=MAKER | {"address": " "}), SPANISH, "GP-19B"),
        (replace(MUG, manufacturer=MAKER | {"email": "no-reply@x.example"}), SPANISH, "GP-19C"),
        (replace(MUG, origin_country="CN"), SPANISH, "GP-19D"),
        (replace(MUG, origin_country="CN"), replace(CHINESE, responsible_person=PERSON | {"country": "CN"}), "GP-19D"),
        (replace(MUG, origin_country="CN"), replace(CHINESE, responsible_person={"name": "X"}), "GP-19D"),
        (replace(MUG, pictures=0), SPANISH, "GP-19E"),
        (replace(MUG, gtin="", sku=""), SPANISH, "GP-19F"),
        (replace(MUG, hs6="950300"), SPANISH, "GP-TOY"),
        (replace(MUG, hs6="851830", safety={"en": "Keep dry."}), SPANISH, "GP-19G"),
        (replace(MUG, hs6="851830", origin_country="CN", safety={"es": "No mojar."}), SPANISH, "GP-CE"),
        (replace(MUG, hs6="610910"), SPANISH, "GP-TXT"),
        (replace(MUG, hs6="610910", attributes={"material": "80 % algodón, 10 % lino"}), SPANISH, "GP-TXT"),
        (replace(MUG, hs6="150920"), SPANISH, "GP-FOOD"),
        (replace(MUG, hs6="150920", ingredients={"en": "Olive oil"}), SPANISH, "GP-FOOD"),
        (replace(MUG, hs6="330499", safety={"es": "x"}), SPANISH, "GP-COS"),
        (replace(MUG, hs6="340600"), SPANISH, "GP-CLP"),
        (MUG, replace(SPANISH, legal_name=""), "DS-30-legal_name"),
        (MUG, replace(SPANISH, address=""), "DS-30-address"),
        (MUG, replace(SPANISH, phone="123"), "DS-30-phone"),
        (MUG, replace(SPANISH, email="hola"), "DS-30-email"),
        (MUG, replace(SPANISH, has_id_document=False), "DS-30-id_document"),
        (MUG, replace(SPANISH, iban="ES0000000000000000000000"), "DS-30-payment_account"),
        (MUG, replace(SPANISH, register_no="", vat_no=""), "DS-30-register_name"),
        (MUG, replace(SPANISH, self_certified=False), "DS-30-self_certification"),
        (MUG, replace(SPANISH, epr={"ES": "12"}), "EP-ES"),
        (replace(MUG, description={"es": "Una taza respetuosa con el medio ambiente."}), SPANISH, "GC-01"),
        (replace(MUG, hs6=""), CHINESE, "CUSTOMS-HS"),
        (replace(MUG, origin_country=""), CHINESE, "CUSTOMS-ORIGIN"),
    ],
)  # fmt: skip
def test_each_missing_fact_opens_its_gap(product: ProductFacts, seller: SellerFacts, code: str) -> None:
    gaps = {gap.code: gap for gap in publish_gaps(product, seller, "ES", on=ON)}
    assert code in gaps
    assert gaps[code].sentence
    assert gaps[code].field
    assert gaps[code].fix
    assert gaps[code].blocks


def test_what_the_house_never_asked_does_not_block() -> None:
    unasked = replace(SPANISH, iban=None, has_id_document=None, self_certified=None, epr=None)
    gaps = publish_gaps(MUG, unasked, "ES", on=ON)
    assert {gap.code for gap in gaps} == {
        "DS-30-id_document", "DS-30-payment_account", "DS-30-self_certification", "EP-ES", "EP-PPWR1",
    }  # fmt: skip
    assert not any(gap.blocks for gap in gaps)


def test_registers_belong_to_their_country() -> None:
    assert "EP-DE1" in codes(market="DE")
    assert "EP-ES" not in codes(market="DE", seller=replace(SPANISH, epr={"DE": "DE1234567890123"}))
    assert "EP-FR" in codes(market="FR")
    assert "EP-FR" not in codes(market="FR", seller=replace(SPANISH, epr={"FR": "FR123456_01ABCD"}))


def test_the_law_begins_on_its_day() -> None:
    bare = replace(MUG, manufacturer={})
    assert "GP-19A" not in codes(bare, on=date(2024, 12, 12))
    assert "GP-19A" in codes(bare, on=date(2024, 12, 13))


def test_private_sellers_keep_the_product_rules_only() -> None:
    private = SellerFacts(country="ES", trader_type="private", epr={"ES": "ENV/2023/000012345"})
    assert codes(MUG, private) == set()
    assert "GP-19A" in codes(replace(MUG, manufacturer={}), private)


def test_textiles_pass_with_their_fibres() -> None:
    shirt = replace(MUG, hs6="610910", attributes={"composición": "80 % algodón, 20 % poliéster"})
    assert codes(shirt) == set()
    two_parts = replace(shirt, attributes={"material": "Outer 100% cotton; lining 60% viscose 40% silk"})
    assert codes(two_parts) == set()
    assert kinds_of(shirt) == ("textile",)


def test_outside_the_union_its_rules_do_not_bind() -> None:
    assert codes(replace(MUG, manufacturer={}), market="SG") == set()


def test_every_gate_is_a_rule_on_file() -> None:
    for rule_id in GATES:
        if rule_id not in OWN_GATES:
            assert consumer_rule(rule_id).software_must


def test_coverage_counts_every_rule_once_and_names_what_exists() -> None:
    import importlib

    found = rule_coverage(ON)
    assert len(found) == len({each.rule_id for each in found}) == 121
    assert {each.rule_id for each in found if each.how == "gate"} == set(GATES) - OWN_GATES
    for each in found:
        if each.how == "feature":
            module, _, name = each.kept_by.partition(":")
            assert hasattr(importlib.import_module(f"entrepot.{module}"), name), each
        # What nothing keeps says which part is missing, and nothing says both.
        assert bool(each.kept_by) != bool(each.needs and each.reason), each


@pytest.mark.parametrize(
    ("product", "seller", "market", "on", "code"),
    [
        (replace(MUG, hs6="851830"), SPANISH, "DE", ON, "EP-DE2"),
        (replace(MUG, hs6="850760"), SPANISH, "DE", ON, "EP-DE3"),
        (replace(MUG, hs6="850760"), SPANISH, "FR", ON, "EP-BAT"),
        (MUG, SPANISH, "PT", ON, "EP-PPWR1"),
        (MUG, SPANISH, "AT", ON, "EP-AT"),
        (replace(MUG, hs6="852872"), SPANISH, "ES", ON, "EL-01"),
        (replace(MUG, hs6="852872", attributes={"energy_class": "A+"}), SPANISH, "ES", ON, "EL-01"),
        (replace(MUG, hs6="871160"), SPANISH, "ES", date(2027, 2, 18), "DP-02"),
        (replace(MUG, hs6="240220"), SPANISH, "FR", ON, "AG-02"),
        (replace(MUG, hs6="220830"), SPANISH, "SE", ON, "AG-02"),
    ],
)
def test_registers_labels_and_bans_of_a_kind_of_goods(
    product: ProductFacts, seller: SellerFacts, market: str, on: date, code: str
) -> None:
    assert code in codes(product, seller, market, on)
    assert code not in codes(MUG, replace(SPANISH, epr=FULL_EPR), market, on)


FULL_EPR = {"ES": "ENV/2023/000012345", "PT": "PT-123", "AT": "AT-123", "AT:representative": "Kanzlei Muster", "SE": "SE-1", "FR": "FR123456_01ABCD", "DE": "DE1234567890123"}  # fmt: skip


def test_what_closes_them() -> None:
    television = replace(
        MUG,
        hs6="852872",
        attributes={"energy_class": "D", "energy_datasheet": "https://eprel.ec.europa.eu/1"},
    )
    assert "EL-01" not in codes(television)
    bicycle = replace(MUG, hs6="871160", attributes={"battery_passport": "https://passport.example/1"})
    assert "DP-02" not in codes(bicycle, on=date(2027, 2, 18))
    assert "DP-02" not in codes(replace(bicycle, attributes={}), on=date(2027, 2, 17))
    known = {"DE": "DE1234567890123", "DE:weee": "DE12345678", "DE:battery": "123456"}
    assert not {"EP-DE2", "EP-DE3", "EP-BAT"} & codes(
        replace(MUG, hs6="850760"), replace(SPANISH, epr=known), "DE"
    )


def test_registers_the_house_has_not_asked_for_do_not_block() -> None:
    gaps = publish_gaps(replace(MUG, hs6="850760"), replace(SPANISH, epr=None), "DE", on=ON)
    assert {gap.code for gap in gaps if gap.code.startswith("EP-")} >= {
        "EP-DE2",
        "EP-DE3",
        "EP-BAT",
        "EP-PPWR1",
    }
    assert not [gap for gap in gaps if gap.code.startswith("EP-") and gap.blocks]


def test_no_page_links_to_the_closed_platform_for_disputes() -> None:
    import pathlib

    for path in pathlib.Path("entrepot").rglob("*.jinja"):
        assert "consumers/odr" not in path.read_text(), path


@pytest.mark.parametrize(
    ("market", "months"),
    [("ES", 24), ("PT", 24), ("FR", 24), ("DE", 12), ("IT", 12), ("CH", 0), ("US", None)],
)
def test_the_notice_says_how_long_a_defect_counts_as_there_from_the_start(
    market: str, months: int | None
) -> None:
    rule = guarantee_notice(market, "en", ON).rule
    assert (rule.burden_months if rule else None) == months


@pytest.mark.django_db
def test_credit_is_not_offered_where_its_figures_must_stand_beside_it() -> None:
    """Klarna by invoice is in Germany’s pack and Clearpay in Britain’s; the Union's rule begins on 20 November 2026."""
    before, after = date(2026, 11, 19), date(2026, 11, 20)
    assert "klarna_invoice" in payment_methods("DE", on=before)
    assert "klarna_invoice" not in payment_methods("DE", on=after)
    assert "card" in payment_methods("DE", on=after) or "paypal" in payment_methods("DE", on=after)
    assert payment_methods("GB", on=before) == payment_methods("GB", on=after)
