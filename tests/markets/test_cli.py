"""The command line as a door: prints, JSON and exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from entrepot.cli.markets import market, quote, rules
from entrepot.kit.errors import Invalid
from entrepot.markets.errors import MarketNotReady
from tests import make

DRESS = [
    "--from",
    "CN",
    "--to",
    "ES",
    "--line",
    "hs=610443,price=40.00,qty=1,name=dress",
    "--currency",
    "EUR",
]
DAY = ["--date", "2026-11-21"]


def test_the_dress_costs_what_the_example_says() -> None:
    done = CliRunner().invoke(quote, [*DRESS, *DAY, "--json"], catch_exceptions=False)
    told = json.loads(done.stdout)
    assert done.exit_code == 0
    assert (told["total"], told["duty"], told["vat"], told["total_minor"]) == ("52.03", "3.00", "9.03", 5203)
    assert sum(part["minor"] for part in told["parts"]) == 5203
    assert all(part["source"] for part in told["parts"] if part["rule_id"])
    people = CliRunner().invoke(quote, [*DRESS, *DAY], catch_exceptions=False)
    assert "52.03" in people.stdout


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (["--line", "price=abc"], "price"),
        (["--line", "price=1.001"], "price"),
        (["--line", "price=99999999999999"], "price"),
        (["--line", "hs=610443"], "line"),
        (["--line", "colour=red,price=1"], "line"),
        (["--line", "price=1,qty=x"], "line"),
        (["--line", "price=1,price=2"], "line"),
        (["--line", "price=NaN"], "price"),
        (["--line", "price=1,weight=-1"], "weight_g"),
        (["--line", "price=1", "--attest", "honest"], "attested"),
        (["--line", "price=1", "--seller-country", "XX"], "seller_country"),
        (["--line", "price=1", "--date", "yesterday"], "date"),
        (["--line", "price=1", "--shipping", "-1"], "shipping_minor"),
    ],
)
def test_bad_words_name_their_field(words: list[str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        CliRunner().invoke(quote, ["--from", "ES", "--to", "ES", *words], catch_exceptions=False)
    assert refused.value.facts["field"] == field


def test_examples_that_disagree_end_with_one(tmp_path: Path) -> None:
    vector = {
        "id": "x", "model": "oss", "currency": "EUR", "expected": {"vat": "3.36", "total": "51.36"},
        "inputs": {"net": "48.00", "vat_pct": "7", "home_vat_pct": "4", "over_threshold": True},
    }  # fmt: skip
    file = tmp_path / "vectors.json"
    file.write_text(json.dumps({"vectors": [vector]}))
    assert CliRunner().invoke(rules, ["verify", str(file)]).exit_code == 0
    vector["expected"] = {"vat": "3.37", "total": "51.36"}
    file.write_text(json.dumps({"vectors": [vector]}))
    done = CliRunner().invoke(rules, ["verify", str(file)])
    assert done.exit_code == 1
    assert "x: vat is 3.36, expected 3.37" in done.stdout
    file.write_text("not json")
    with pytest.raises(Invalid):
        CliRunner().invoke(rules, ["verify", str(file)], catch_exceptions=False)


def test_coverage_lists_every_rule() -> None:
    done = CliRunner().invoke(rules, ["coverage", "--json"], catch_exceptions=False)
    assert len(json.loads(done.stdout)) == 121


@pytest.mark.django_db
def test_a_country_is_opened_and_closed_from_the_command_line() -> None:
    run = CliRunner()
    assert len(json.loads(run.invoke(market, ["list", "--json"], catch_exceptions=False).stdout)) == 39
    assert run.invoke(market, ["check", "ES"], catch_exceptions=False).exit_code == 1
    maker = {"name": "Taller", "address": "Calle Mayor 3", "email": "hola@taller.example", "country": "ES"}
    make.product(make.seller(), manufacturer=maker, motif="mug")
    assert run.invoke(market, ["check", "ES"], catch_exceptions=False).exit_code == 0
    assert run.invoke(market, ["check", "VN"], catch_exceptions=False).exit_code == 1
    assert "ES is live: /es-es/" in run.invoke(market, ["launch", "ES"], catch_exceptions=False).stdout
    assert "EUR" in run.invoke(market, ["show", "ES"], catch_exceptions=False).stdout
    assert "closed" in run.invoke(market, ["close", "ES"], catch_exceptions=False).stdout
    done = run.invoke(market, ["launch", "PT", "--offers-of", "ES", "--pilot"])
    assert "1 offers made" in done.output
    with pytest.raises(MarketNotReady):
        run.invoke(market, ["launch", "VN"], catch_exceptions=False)
