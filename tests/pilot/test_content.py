"""The pilot's content holds together: counts, codes, languages, texts that do not repeat themselves."""

from __future__ import annotations

import csv
import gzip
import os
import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from stdnum import ean, iban
from stdnum.es import cif
from stdnum.eu import vat

from entrepot.catalog.illustrations import MOTIFS
from pilot import expand, numbers

PRODUCTS = expand.products()
VARIANTS = [variant for product in PRODUCTS for variant in product.variants]
RULES = Path("entrepot/markets/rules/vat_rates.csv")


def test_there_are_24_sellers_600_products_2000_variants() -> None:
    assert len(expand.sellers()) == 24
    assert len(PRODUCTS) == 600
    assert len(VARIANTS) == 2_000
    assert min(Counter(product.seller for product in PRODUCTS).values()) >= 15


def test_expanding_twice_gives_the_same() -> None:
    first = expand.products()
    expand.products.cache_clear()
    assert expand.products() == first


def test_categories_form_a_tree_of_two_levels_in_every_language() -> None:
    slugs = {category.slug: category for category in expand.categories()}
    assert 25 <= len(slugs) <= 45
    for category in slugs.values():
        assert set(category.names) == {code for code, _ in settings.LANGUAGES}
        assert all(category.names.values())
        assert not category.parent or not slugs[category.parent].parent
        assert category.motif in MOTIFS
    assert {product.category for product in PRODUCTS} <= set(slugs)


def test_every_gtin_has_its_check_digit_and_none_is_given_out() -> None:
    gtins = [variant.gtin for variant in VARIANTS]
    assert len(set(gtins)) == len(gtins)
    for gtin in gtins:
        assert ean.is_valid(gtin)
        assert gtin.startswith("29")


def test_skus_and_handles_are_unique_within_a_seller() -> None:
    assert len({(p.seller, p.handle) for p in PRODUCTS}) == 600
    assert len({(p.seller, v.sku) for p in PRODUCTS for v in p.variants}) == 2_000
    for product in PRODUCTS:
        assert len({str(v.options) for v in product.variants}) == len(product.variants)


def test_seller_numbers_pass_their_checks() -> None:
    for seller in expand.sellers():
        profile = seller.profile
        assert iban.is_valid(profile["iban"])
        if "vat_no" in profile:
            assert vat.is_valid(profile["vat_no"]), profile["vat_no"]
        if seller.country == "ES":
            assert cif.is_valid(profile["vat_no"][2:])
        if seller.country == "CN":
            assert re.fullmatch(r"IM\d{10}", profile["ioss"])
            assert set(profile["responsible_person"]) == {"name", "address", "email"}
        assert profile["email"].endswith(".example")
        assert profile["logo_motif"] in MOTIFS
        assert all(len(profile["about"][language]) > 60 for language in ("es", "en"))


def test_codes_exist_in_the_tariff_and_in_the_vat_table() -> None:
    with RULES.open(newline="", encoding="utf-8") as file:
        goods = {row["goods"] for row in csv.DictReader(file) if row["country"] == "ES"}
    own = {category.slug: category.vat_goods for category in expand.categories()}
    assert set(own.values()) <= goods
    for product in PRODUCTS:
        assert (product.vat_goods or own[product.category]) in goods
        assert re.fullmatch(r"\d{6}", product.hs6)
        assert "01" <= product.hs6[:2] <= "97"


TARIFF = (
    Path(os.environ.get("ENTREPOT_SHARED") or Path(__file__).resolve().parents[3] / "shared")
    / "data"
    / "hs-codes"
)


@pytest.mark.skipif(not TARIFF.exists(), reason="the tariff is not on this machine")
def test_every_customs_code_is_a_subheading() -> None:
    folder = TARIFF
    with (folder / "harmonized-system.csv").open(encoding="utf-8") as file:
        known = {row["hscode"] for row in csv.DictReader(file)}
    with gzip.open(folder / "global-uk-tariff.csv.gz", "rt", encoding="utf-8") as file:
        known |= set(re.findall(r"\b(\d{6})\d{2}\b", file.read()))
    assert not {product.hs6 for product in PRODUCTS} - known


def test_texts_are_there_in_both_languages_and_in_the_makers_own() -> None:
    own = {seller.slug: expand.OWN_LANGUAGE.get(seller.country, "") for seller in expand.sellers()}
    for product in PRODUCTS:
        for texts in (product.title, product.description):
            assert texts["es"].strip()
            assert texts["en"].strip()
            assert texts["es"] != texts["en"] or product.kind == "libro"
            assert not re.search(r"[{}|]|  ", texts["es"] + texts["en"])
        assert not own[product.seller] or product.title[own[product.seller]]
        assert len(product.title["es"]) <= 80
        assert len(product.description["es"]) >= 40


def test_options_that_are_words_are_told_in_both_languages() -> None:
    read_the_same = re.compile(
        r"[0-9x., -]+|[SMLX]+( \([0-9-]+ cm\))?|[0-9., ]+(ml|l|g|kg|m|cm|mAh)|[0-9x ]+ cm"
    )
    for product in expand.products():
        for variant in product.variants:
            for value in variant.options.values():
                if isinstance(value, str):
                    assert read_the_same.fullmatch(value), (product.handle, value)
                else:
                    assert set(value) == {"es", "en"}, value
                    assert value["es"] != value["en"], value


def test_descriptions_do_not_repeat_themselves() -> None:
    for language in ("es", "en"):
        assert len({product.description[language] for product in PRODUCTS}) == 600
        sentences = Counter(
            sentence
            for product in PRODUCTS
            for sentence in re.split(r"(?<=[.!?]) ", product.description[language])
        )
        assert sentences.most_common(1)[0][1] <= 14  # of 600
        assert sum(count for count in sentences.values() if count > 8) <= 0.12 * sum(sentences.values())


def test_titles_are_unique_within_a_seller() -> None:
    assert len({(product.seller, product.title["es"]) for product in PRODUCTS}) == 600


def test_food_names_its_ingredients_and_risky_goods_their_warnings() -> None:
    top = {category.slug: category.parent or category.slug for category in expand.categories()}
    for product in PRODUCTS:
        if top[product.category] == "alimentacion":
            assert product.ingredients["es"], product.handle
            assert product.ingredients["en"], product.handle
        if product.family in {
            "toy",
            "puzzle",
            "audio",
            "battery",
            "drone",
            "lamp",
            "cream",
            "candle",
            "helmet",
        }:
            assert product.safety["es"], product.handle
            assert product.safety["en"], product.handle
        assert product.manufacturer["name"]
        assert product.manufacturer["address"]


def test_prices_weights_and_measures_are_sensible() -> None:
    for product in PRODUCTS:
        for variant in product.variants:
            assert 150 <= variant.price_minor <= 120_000
            assert 20 <= variant.weight_g <= 25_000
            assert variant.length_mm
            assert variant.width_mm
            assert variant.height_mm
            assert variant.price_minor % 10 == 0
            assert not variant.content_amount or variant.content_unit in ("g", "ml")
            if variant.content_unit == "g":
                assert variant.weight_g >= variant.content_amount
        assert product.motif in MOTIFS


def test_some_prices_fell_and_the_omnibus_case_is_among_them() -> None:
    shapes = Counter(tuple(percent for _, percent in product.prices) for product in PRODUCTS)
    assert shapes[(89, 111, 100)] >= 8
    assert sum(count for shape, count in shapes.items() if len(shape) > 1 and shape[-2] > 100) >= 60
    assert shapes[(100,)] >= 350
    for product in PRODUCTS:
        assert product.prices[-1][1] == 100
        assert [days for days, _ in product.prices] == sorted(
            (days for days, _ in product.prices), reverse=True
        )


def test_some_goods_are_scarce_and_some_gone() -> None:
    left = [sum(variant.stock) for variant in VARIANTS]
    assert 30 <= left.count(0) <= 120
    assert 60 <= sum(1 for count in left if 0 < count <= 5) <= 250


def test_shoes_come_in_sizes_and_oil_in_bottles() -> None:
    for product in PRODUCTS:
        names = {name for variant in product.variants for name in variant.options}
        if product.category == "calzado":
            assert names == {"size"}
        if product.kind == "aove":
            assert names == {"format"}


@pytest.mark.parametrize("body,check", [("629104150021", "3"), ("400638133393", "1")])
def test_the_gtin_check_digit_follows_the_standard(body: str, check: str) -> None:
    assert numbers.gtin_check(body) == check
