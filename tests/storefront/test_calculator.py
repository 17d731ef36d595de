"""The public calculator: its address holds what was asked, its table adds up, bad input is named."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from entrepot.storefront import places
from tests import make

pytestmark = pytest.mark.django_db
DRESS = "from=CN&to=ES&hs=610443&price=40.00&qty=1&name=dress&currency=EUR&on=2026-11-21"


@pytest.fixture
def client() -> Client:
    make.open_market("ES")
    places._open.update(read_at=-1e9, markets=())
    return Client(HTTP_HOST="127.0.0.1")


def test_the_dress_of_the_worked_example(client: Client) -> None:
    answer = client.get(f"/es-en/calculator?{DRESS}")
    html = answer.content.decode()
    assert answer.status_code == 200
    amounts = re.findall(r'<td class="n">€([\d.]+)</td>', html)
    assert amounts == ["40.00", "3.00", "9.03", "52.03"]
    assert "EU-DUTY-3EUR" in html
    assert "in force since 1 July 2026" in html
    assert "21% × €43.00" in html
    assert f"/es-en/calculator?{DRESS}".replace("&", "&amp;") in html  # the link to share
    assert "noindex" in html


def test_two_articles_of_one_heading_are_one_tariff_line(client: Client) -> None:
    html = client.get(
        "/es-en/calculator?from=CN&to=FR&hs=610910&price=12&qty=1&hs=610910&price=12&qty=1&currency=EUR&on=2026-11-21"
    ).content.decode()
    assert "2 articles are 1 tariff line" in html


@pytest.mark.parametrize(
    "query",
    [
        "from=XX&price=1", "to=ZZ&price=1", "price=abc", "price=-1", "price=1e99", "price=NaN", "price=1&qty=x", "price=1&qty=0",
        "price=1&hs=dress", "price=1&currency=XXX", "price=1&currency=euro", "price=1&on=yesterday", "price=1&on=1900-01-01",
        "price=1&via=pigeon", "price=1&mode=free", "price=1&shipping=-2", "price=1&goods=unicorns", "price=1&from=CN&to=US&hs=610443",
        "price=1&hs=%00", "price=%00", "price=1&from=%00", "price=1&on=%00", "price=1&hs=999999", "price=99999999999999999999&hs=610443", "price=1.001&hs=610443",
    ],
)  # fmt: skip
def test_what_cannot_be_computed_is_refused_on_the_page(client: Client, query: str) -> None:
    answer = client.get(f"/es-es/calculator?{query}")
    assert answer.status_code == 422, query
    html = answer.content.decode()
    assert 'role="alert"' in html
    for raw in ("hs6:", "origin:", "unit_price_minor", "shipping_minor:", "vat_goods:"):
        assert raw not in html


def test_words_suggest_headings(client: Client) -> None:
    html = client.get("/es-es/calculator?words=camiseta+de+algodon").content.decode()
    assert '<button class="btn small" name="hs" value="610910">' in html
    assert "Ninguna partida" in client.get("/es-es/calculator?words=xyzzy").content.decode()
