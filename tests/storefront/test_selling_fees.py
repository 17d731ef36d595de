"""What a seller receives, said before they have a shop; and the desk that keeps the list behind it."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from entrepot.kit import clock
from entrepot.settlement.queries import tariff
from entrepot.storefront import places
from tests import make
from tests.console.test_payouts import desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    make.open_market("ES")
    places._open.update(read_at=-1e9, markets=())
    return Client(HTTP_HOST="127.0.0.1")


def received(html: str) -> str:
    found = re.search(r'<h2 id="h-receive">You receive ([^<]+)</h2>', html)
    assert found, html
    return found[1]


def test_anybody_may_ask(client: Client) -> None:
    page = client.get("/es-en/selling-fees")
    assert page.status_code == 200
    assert "Every other sale" in page.content.decode()
    asked = client.get("/es-en/selling-fees?price=40,00&country=ES").content.decode()
    assert received(asked) == "€35.16"
    assert received(client.get("/es-en/selling-fees?price=40.00&country=FR").content.decode()) == "€36.00"
    private = client.get("/es-en/selling-fees?price=40.00&country=ES&kind=private").content.decode()
    assert received(private) == "€37.58"
    assert "/es-en/selling-fees" in client.get("/es-en/").content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "price=free", "price=-4", "price=0", "price=1e99", "price=40.001", "price=40&category=nowhere",
        "price=40&country=XX", "price=40&kind=king", "price=40&channel=pigeon", "price=40&on=someday",
        "price=40&on=1999-01-01", "price=%00&country=%00",
    ],
)  # fmt: skip
def test_bad_input_is_named(client: Client, query: str) -> None:
    answer = client.get(f"/es-en/selling-fees?{query}")
    assert answer.status_code == 422
    assert ('role="alert"' in answer.content.decode()) == (answer.status_code == 422)


def test_the_operator_keeps_the_list(client: Client) -> None:
    operator = desk("finance")
    rule = {
        "rule_id": "spain", "rate": "8,5", "fixed": "0.30", "market": "ES", "valid_from": "2100-01-01",
        "before": "private-sellers", "source": "a round number",
    }  # fmt: skip
    assert operator.post("/console/tariff/add", rule | {"rate": "lots"}).status_code == 400
    assert operator.post("/console/tariff/add", rule | {"rate": "90"}).status_code == 422
    assert operator.post("/console/tariff/add", rule | {"valid_from": "1999-01-01"}).status_code == 422
    assert operator.post("/console/tariff/add", rule).status_code == 303
    page = operator.get("/console/tariff/?done=rule_added&price=40&on=2100-01-02&country=ES").content.decode()
    assert "8.5% + €0.30" in page.replace("\u202f", " ").replace("\xa0", " ")
    assert "fits the example" in page
    assert "€35.52" in page  # 40.00 − 3.70 − 0.78
    assert operator.post("/console/tariff/spain/move", {"down": "1"}).status_code == 303
    assert operator.post("/console/tariff/spain/end", {"last_on": "2100-12-31"}).status_code == 303
    assert operator.post("/console/tariff/standard/end", {"last_on": "2100-12-31"}).status_code == 409
    assert operator.post("/console/tariff/programme", {"seller": "x"}).status_code == 400
    rules = tariff(clock.now()).rules
    assert [rule.rule_id for rule in rules[:2]] == ["private-sellers", "spain"]
    assert rules[1].rate_bp == 850
    assert str(rules[1].valid_to) == "2100-12-31"
