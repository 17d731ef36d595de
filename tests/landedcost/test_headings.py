"""Headings by words, in the fifteen languages of the interface."""

from __future__ import annotations

import pytest

from entrepot.landedcost import tables
from entrepot.landedcost.headings import headings_for
from entrepot.landedcost.queries import headings_by_words


@pytest.mark.parametrize(
    ("text", "hs6"),
    [
        ("Camiseta de algodón orgánico manga corta", "610910"),
        ("Vaqueros rectos de mujer", "620462"),
        ("Zapatillas para correr", "640411"),
        ("Aceite de oliva virgen extra 500 ml", "150920"),
        ("Mochila de viaje 30 l", "420292"),
        ("Cotton t-shirt", "610910"),
        ("Wireless earbuds with Bluetooth", "851762"),
        ("Thermos bottle", "961700"),
        ("Costume jewellery earrings", "711719"),
        ("LED solar lamps", "940541"),
        ("男士牛仔裤", "620342"),
        ("蓝牙耳机", "851762"),
        ("不锈钢锅", "732393"),
        ("CAMISETAS", "610910"),
        ("Chemise en coton pour homme", "620520"),
        ("Huile d'olive vierge extra", "150920"),
        ("Laufschuhe", "640411"),
        ("Sonnenbrille", "900410"),
        ("Borsa in pelle", "420221"),
        ("Occhiali da sole", "900410"),
        ("Azeite virgem extra", "150920"),
        ("Mochila de viagem", "420292"),
        ("Samarretes de cotó", "610910"),
        ("Gereedschap? nee: rugzak", "420292"),
        ("Koszulka bawełniana", "610910"),
        ("Okulary przeciwsłoneczne", "900410"),
        ("Solglasögon", "900410"),
        ("Εξαιρετικό παρθένο ελαιόλαδο", "150920"),
        ("Памучна тениска", "610910"),
        ("Ochelari de soare", "900410"),
        ("Kožená kabelka", "420221"),
        ("Novel·la", "490199"),
    ],
)
def test_the_best_heading_for_a_title(text: str, hs6: str) -> None:
    found = headings_by_words(text)
    assert found[0].hs6 == hs6
    assert 0 < found[0].fit_bp <= 10_000
    assert [heading.fit_bp for heading in found] == sorted(
        (heading.fit_bp for heading in found), reverse=True
    )


@pytest.mark.parametrize("text", ["", "xyzzy", "的"])
def test_unknown_words_find_nothing(text: str) -> None:
    assert headings_for(text) == []


def test_every_heading_with_a_duty_has_words() -> None:
    for row in tables.rows():
        own = headings_for(row["product"], limit=60)
        assert row["hs6"] in {heading.hs6 for heading in own} or not own, row["product"]
    assert {row["hs6"] for row in tables.rows()} == set(_all())


def _all() -> list[str]:
    from entrepot.landedcost.headings import _index

    return list(_index()[0])
