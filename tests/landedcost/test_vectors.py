"""Worked examples run through the same arithmetic; a wrong one is seen."""

from __future__ import annotations

import copy
import json
import os
from pathlib import Path
from typing import Any

import pytest

from entrepot.kit.errors import Invalid
from entrepot.landedcost.queries import verify_vectors

SHARED = Path(os.environ.get("ENTREPOT_SHARED", "../shared"))
FILE = SHARED / "rules" / "landed_cost_vectors.json"

DRESS: dict[str, Any] = {
    "vectors": [
        {
            "id": "1a", "model": "eu_ioss", "date": "2026-11-21", "currency": "EUR",
            "inputs": {
                "lines": [{"name": "dress", "hs6": "610443", "unit_price": "40.00", "qty": 1}],
                "shipping": "0.00", "duty_per_item": "3.00", "vat_pct": "21", "fee_per_item": "0.00",
                "duty_payer": "buyer", "price_mode": "net",
            },
            "expected": {
                "intrinsic": "40.00", "items": 1, "duty": "3.00", "fees": "0.00", "vat_base": "43.00",
                "vat": "9.03", "total": "52.03",
            },
            "confidence": "confirmed", "rules": ["EU-IOSS"],
        },
    ]
}  # fmt: skip


@pytest.mark.skipif(not FILE.exists(), reason="the shared examples are not here (ENTREPOT_SHARED)")
def test_every_shared_example_to_the_cent() -> None:
    checked = verify_vectors(json.loads(FILE.read_text()))
    assert checked.mismatches == ()
    assert checked.vectors == 20
    assert checked.checks == 177


def test_a_right_example_agrees() -> None:
    checked = verify_vectors(DRESS)
    assert (checked.checks, checked.mismatches, checked.by_confidence) == (9, (), {"confirmed": 1})


@pytest.mark.parametrize(
    ("where", "value", "field"),
    [
        (("expected", "total"), "52.04", "total"),
        (("expected", "items"), 2, "items"),
        (("inputs", "vat_pct"), "20", "vat"),
        (("inputs", "item_counter"), "units", None),
        (("expected", "unheard_of"), "1.00", "unheard_of"),
        (("model",), "barter", "inputs"),
        (("inputs", "duty_per_item"), "three", "inputs"),
        (("inputs", "shipping"), "0.001", "inputs"),
        (("rules",), ["NO-SUCH-RULE"], "rules"),
    ],
)
def test_a_changed_example_is_a_mismatch(where: tuple[str, ...], value: object, field: str | None) -> None:
    data = copy.deepcopy(DRESS)
    target = data["vectors"][0]
    for name in where[:-1]:
        target = target[name]
    target[where[-1]] = value
    found = {miss.field for miss in verify_vectors(data).mismatches}
    assert (field in found) if field else not found


def test_goods_above_the_limit_are_no_ioss_example() -> None:
    data = copy.deepcopy(DRESS)
    data["vectors"][0]["inputs"]["lines"][0]["unit_price"] = "150.01"
    assert verify_vectors(data).mismatches


@pytest.mark.parametrize(
    ("model", "currency", "inputs", "expected"),
    [
        ("hk_liquor", "HKD", {"value": "300.00", "tier1": "200.00", "tier1_pct": "100", "tier2_pct": "10"},
         {"duty": "210.00", "total": "510.00"}),
        ("ch", "CHF", {"goods": "60.00", "vat_pct": "8.1", "platform_liable": False, "min_tax": "5.00"},
         {"vat": "4.86", "levied": False, "total": "60.00"}),
        ("cbec", "CNY", {"goods_cny": "1200.00", "grams": "50", "ct_min_per_g": "10.00", "ct_pct": "15",
                         "vat_pct": "13", "factor": "0.70", "single": "5000.00", "annual": "26000.00",
                         "annual_used": "0.00"},
         {"price": "1200.00", "branch": "cbec", "ct": "148.24", "vat": "128.47", "tax": "276.71",
          "total": "1476.71"}),
        ("cbec", "CNY", {"goods_cny": "6000.00", "ct_pct": "0", "vat_pct": "13", "factor": "0.70",
                         "single": "5000.00", "annual": "26000.00", "annual_used": "0.00"},
         {"price": "6000.00", "branch": "over", "ct": "0.00", "vat": "780.00", "tax": "780.00",
          "total": "6780.00"}),
        ("sg", "SGD", {"goods_foreign": "300.00", "fx": "1.50", "shipping": "20.00", "limit": "400.00",
                       "gst_pct": "9", "carrier_fee": "10.00"},
         {"goods": "450.00", "branch": "IMPORT", "base": "470.00", "gst": "42.30", "total": "522.30"}),
        ("hk_zone", "HKD", {"goods_cny": "100.00", "zone_threshold_cny": "199.00", "zone_shipping_cny": "25.00",
                            "fx": "1.09"},
         {"shipping_cny": "25.00", "duty": "0.00", "tax": "0.00", "total_cny": "125.00", "total": "136.25"}),
        ("import_normal", "EUR", {"goods": "160.00", "freight_to_border": "0.00", "freight_onward": "0.00",
                                  "duty_pct": "0", "vat_pct": "0.5", "ioss_limit": "150.00", "min_vat": "1.00",
                                  "carrier_fee": "6.00"},
         {"customs_value": "160.00", "duty": "0.00", "vat_base": "160.00", "vat": "0.00", "total": "166.00"}),
        ("import_cif", "VND", {"cif": "900000", "duty_pct": "30", "vat_pct": "8"},
         {"duty": "270000", "vat_base": "1170000", "vat": "93600", "total": "1263600"}),
    ],
)  # fmt: skip
def test_models_beyond_the_printed_examples(
    model: str, currency: str, inputs: dict[str, object], expected: dict[str, object]
) -> None:
    vector = {"id": "x", "model": model, "currency": currency, "inputs": inputs, "expected": expected}
    assert verify_vectors({"vectors": [vector]}).mismatches == ()


def test_a_file_without_vectors_is_refused() -> None:
    for data in ({}, {"vectors": "no"}, []):
        with pytest.raises(Invalid):
            verify_vectors(data)  # type: ignore[arg-type]
