"""Shopping in other countries: the form asks what the country writes, and prices stand as the country shows them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from entrepot.insight.commands import extend_offers
from entrepot.kit import clock
from entrepot.logistics.queries import Place as Spot
from entrepot.logistics.queries import promise
from entrepot.markets import tables
from entrepot.markets.queries import address_form, fx_rate, pack
from entrepot.offers.queries import offers_of_products
from entrepot.orders.models import Order, Purchase
from entrepot.orders.pricing import Wish, price_wishes
from entrepot.orders.queries import cart_view
from entrepot.storefront import show
from tests import make
from tests.storefront.test_pages import address, read, sell

pytestmark = pytest.mark.django_db

PERSON = {"email": "ana@example.es", "name": "Ana Prueba", "phone": "+34612345678", "line1": "High Street 3"}
PLACES = [
    ("IT", "it-it", {"postcode": "20121", "city": "Milano", "region": "MI"}, ["20121 Milano MI"]),
    ("US", "us-en", {"postcode": "97201", "city": "Portland", "region": "OR"}, ["Portland, OR 97201"]),
    ("SG", "sg-en", {"postcode": "238823"}, ["SINGAPORE 238823"]),
    ("GB", "gb-en", {"postcode": "SW1A 1AA", "city": "London"}, ["London", "SW1A 1AA"]),
    ("IE", "ie-en", {"postcode": "D02 X285", "city": "Dublin"}, ["Dublin", "D02 X285"]),
]


@pytest.fixture
def intake() -> Iterator[None]:
    with make.intake(clock.now):
        yield


def in_cart(client: Client, code: str, segment: str, **values: Any) -> Any:
    make.open_market(code)
    offer = sell(make.seller(country=code), market=code, **values)
    assert client.post(f"/{segment}/cart/add", {"offer": str(offer.id)}).status_code == 303
    return offer


def fields_of(html: str) -> list[str]:
    form = html[html.index('<form method="post" class="sheet"') :]
    return re.findall(r' id="f-(\w+)"', form[: form.index("</form>")])


@pytest.mark.parametrize(("code", "segment", "place", "lines"), PLACES, ids=[row[0] for row in PLACES])
def test_the_form_asks_what_the_country_writes_and_nothing_else(
    intake: None,
    client: Client,
    code: str,
    segment: str,
    place: dict[str, str],
    lines: list[str],
) -> None:
    in_cart(client, code, segment)
    path = client.post(f"/{segment}/cart/checkout")["Location"]
    asked = [name for line in address_form(code).lines for name in line]
    assert [
        name for name in fields_of(read(client, path)) if name in ("line1", "postcode", "city", "region")
    ] == asked
    empty = client.post(path, PERSON | {"line1": ""})
    assert empty.status_code == 422
    missing = {name for name in asked if f'href="#f-{name}"' in empty.content.decode()}
    assert missing == address_form(code).required & set(asked)
    assert client.post(path, PERSON | place)["Location"] == f"{path}/pay"
    html = read(client, f"{path}/pay")
    assert "<br>".join(lines) in html
    total = re.search(r'name="total" value="(\d+)"', html)
    assert total
    answer = client.post(f"{path}/place", {"total": total[1], "method": "card", "_key": "k" * 20})
    assert answer.status_code == 303, answer.content.decode()[-1500:]
    assert Order.objects.get().total_minor == int(total[1])


def test_a_province_that_is_none_and_a_postcode_of_another(intake: None, client: Client) -> None:
    in_cart(client, "IT", "it-en")
    path = client.post("/it-en/cart/checkout")["Location"]
    for wrong, field, words in (
        ({"region": "Oregon"}, "region", "This is not a province or state of this country."),
        ({"region": "RM"}, "postcode", "This postcode is not one of the province or state you chose."),
        ({"region": "<script>\x00"}, "region", "control characters"),
    ):
        answer = client.post(path, PERSON | {"postcode": "20121", "city": "Milano"} | wrong)
        assert answer.status_code == 422
        assert f'href="#f-{field}">' in answer.content.decode()
        assert words in answer.content.decode()
        assert 'value="Milano"' in answer.content.decode(), "what was typed stays"


def test_a_page_that_is_not_there_speaks_the_language_of_its_address(client: Client) -> None:
    for segment, words in (
        ("es-en", "There is no such page."),
        ("es-es", "Esta página no existe."),
        ("x", "Esta página no existe."),
    ):
        assert words in read(client, f"/{segment}/no/such/page", 404)


def test_carriage_is_asked_in_the_money_of_the_market(intake: None, client: Client) -> None:
    """Lanes cost euro; a Pole pays złoty for them, the same on page, card, cart and order."""
    place = {"postcode": "00-001", "city": "Warszawa"}
    offer = in_cart(client, "PL", "pl-en", price_minor=9900)
    [row] = price_wishes([Wish(offer.id, 1)], market="PL", at=clock.now(), postcode="00-001").groups
    day = clock.now().date().replace(day=1)
    lane = promise(Spot("PL", "28013", "Madrid"), Spot("PL", "00-001"), row.ready_at, 400)
    assert lane.currency == "EUR"
    minor = int(lane.cost_minor * fx_rate("EUR", "PLN", day).rate + Decimal("0.5"))
    assert row.shipping_minor == minor > lane.cost_minor
    assert {option.currency for option in row.options} == {"PLN"}
    told = show.money(minor, "PLN", "en")
    client.post("/pl-en/deliver-to", {"deliver": "00-001", "next": "/pl-en/"})
    for path in (f"/pl-en/p/{address(offer.product_id)}", "/pl-en/c/kitchen", "/pl-en/cart"):
        assert told in read(client, path), path
    path = client.post("/pl-en/cart/checkout")["Location"]
    client.post(path, PERSON | place)
    total = re.search(r'name="total" value="(\d+)"', read(client, f"{path}/pay"))
    assert total
    client.post(f"{path}/place", {"total": total[1], "method": "card", "_key": "k" * 20})
    assert Order.objects.get().shipping_minor == minor


# --- prices without tax ---


def test_a_price_without_tax_on_every_page_and_none_added_where_none_is_due(
    intake: None, client: Client
) -> None:
    offer = in_cart(client, "US", "us-en", price_minor=1990)
    html = read(client, f"/us-en/p/{address(offer.product_id)}")
    assert "$19.90" in html
    assert "plus sales tax" in html
    assert "VAT incl." not in html
    assert '"valueAddedTaxIncluded":false' in html.replace(" ", "")
    cart = read(client, "/us-en/cart")
    assert "by your address" in cart
    assert "of which VAT" not in cart
    client.post("/us-en/deliver-to", {"deliver": "97201", "next": "/us-en/cart"})
    assert "by your address" not in read(client, "/us-en/cart"), "Oregon is known by its postcode"
    path = client.post("/us-en/cart/checkout")["Location"]
    client.post(path, PERSON | {"postcode": "97201", "city": "Portland", "region": "OR"})
    total = re.search(r'name="total" value="(\d+)"', read(client, f"{path}/pay"))
    assert total
    client.post(f"{path}/place", {"total": total[1], "method": "card", "_key": "k" * 20})
    order = Order.objects.get()
    assert (order.goods_minor, order.vat_minor, order.duty_minor) == (1990, 0, 0)
    assert order.total_minor == 1990 + order.shipping_minor
    assert "US-SALES-TAX" in order.quote["rule_ids"]


def test_a_state_whose_tax_is_not_on_file_is_refused_by_name(intake: None, client: Client) -> None:
    in_cart(client, "US", "us-es")
    path = client.post("/us-es/cart/checkout")["Location"]
    assert client.post(path, PERSON | {"postcode": "90001", "city": "Los Angeles", "region": "CA"})[
        "Location"
    ]
    html = read(client, f"{path}/pay")
    assert "No consta el impuesto sobre las ventas de la región «CA»" in html, "in the reader's language"
    assert client.post(f"{path}/place", {"total": "1990", "method": "card"}).status_code == 409
    assert Purchase.objects.get().state == "open"


def test_goods_from_abroad_once_the_surcharge_is_on_file(
    intake: None, client: Client, tmp_path: Path
) -> None:
    """One new dated row opens the way: Spanish goods at net prices, the duty named and asked for at the door."""
    make.open_market("ES")
    bag = sell(make.seller(), price_minor=24_200, hs6="420221")  # 200.00 net in Spain
    make.open_market("US")

    def carried() -> list[Any]:
        extend_offers(make.system(at=clock.now()), from_market="ES", to_market="US")
        make.relay()
        return [each for each in offers_of_products([bag.product_id], ["US"]) if each.state == "active"]

    assert carried() == [], "nobody knows the surcharge: no price is made up"
    with make.rules_in(tmp_path) as add:
        add("import_rules.csv", {"rule_id": "US-SURCHARGE"}, valid_from="2026-09-01", valid_to="")
        [offer] = carried()
        rate = fx_rate("EUR", "USD", clock.now().date().replace(day=1)).rate
        assert (offer.price_minor, offer.currency, offer.duty) == (
            int(20_000 * rate + Decimal("0.5")),
            "USD",
            "later",
        )
        html = read(client, f"/us-en/p/{address(bag.product_id)}")
        assert "Duties are not included in this price." in html
        assert "What comes on top of this price?" in html
        client.post("/us-en/cart/add", {"offer": str(offer.id)})
        client.post("/us-en/deliver-to", {"deliver": "97201", "next": "/us-en/cart"})
        html = read(client, "/us-en/cart")
        assert "On arrival the carrier asks for: Customs duty" in html
        total = cart_view(
            make.visitor(at=clock.now()), token=client.cookies["cart"].value, postcode="97201"
        ).priced
        assert total.total_minor == offer.price_minor + total.shipping_minor
        assert [part.kind for group in total.groups for part in group.on_arrival] == ["duty"]


def test_net_markets_are_those_with_a_sales_tax() -> None:
    """A tax that is added must be one of those a quote knows to refuse: no order could hold another."""
    from entrepot.landedcost.schemes import SALES_TAX

    assert {code for code in tables.market_rows() if pack(code).price_display == "net"} == set(SALES_TAX)
