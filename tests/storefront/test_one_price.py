"""One gross price on every surface: 200 SKUs in six countries, compared on eight surfaces to the cent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

import pytest
from django.test import Client

from entrepot.catalog.commands import ProductDraft, VariantDraft, save_products
from entrepot.catalog.queries import forget_categories, products_by_id
from entrepot.feeds.queries import export_goods
from entrepot.insight.commands import extend_offers
from entrepot.inventory.commands import StockDraft, open_location, save_stock
from entrepot.kit import clock
from entrepot.markets.commands import launch_market
from entrepot.markets.queries import pack
from entrepot.offers.commands import OfferDraft, save_offers
from entrepot.offers.queries import offers_of_products
from entrepot.orders.commands import add_to_cart, place_purchase, set_checkout_address, start_checkout
from entrepot.orders.queries import cart_view, orders_of_purchase
from entrepot.storefront import news, places
from entrepot.storefront.views import lists
from tests import make

# Committed for real, so that pages remember what they read as they do in a shop.
pytestmark = pytest.mark.django_db(transaction=True)

COUNTRIES = {
    "ES": "28013",
    "FR": "75001",
    "PT": "1000-001",
    "IE": "D02 X285",
    "PL": "00-001",
    "GB": "SW1A 1AA",
}
SKUS = 200
MAKER = {"name": "Taller", "address": "Calle Mayor 3", "email": "hola@taller.example", "country": "ES"}
Prices = dict[str, int]  # SKU → gross minor units


@dataclass
class Shop:
    """What the surfaces are asked about."""

    sellers: list[UUID]
    products: dict[str, UUID]  # SKU → product


@pytest.fixture
def shop() -> Iterator[Shop]:
    for kept in news.Kept.everything:
        kept.rows.clear()
    places._open.update(read_at=-1e9, markets=())
    forget_categories()
    lists._kept.clear()
    with make.intake(clock.now):
        make.shelf_of_goods()
        found = Shop([], {})
        # Spanish mugs and toys, and Chinese goods whose duty is inside: prices from 4 to 400 euro.
        for country, hs6, share in (("ES", "392410", 120), ("ES", "950300", 40), ("CN", "851830", 40)):
            _stock(found, country, hs6, share)
        assert len(found.products) == SKUS
        for code in list(COUNTRIES)[1:]:
            extend_offers(make.system(at=clock.now()), from_market="ES", to_market=code)
        for code in COUNTRIES:
            launch_market(make.system(at=clock.now()), code=code, state="pilot")
        make.relay()
        places._open.update(read_at=-1e9, markets=())
        yield found


def _stock(shop: Shop, country: str, hs6: str, count: int) -> None:
    ctx = make.system(at=clock.now())
    seller_id = make.seller(country=country)
    place = open_location(
        ctx,
        seller_id=seller_id,
        code="M",
        name="M",
        country=country,
        postcode="28013" if country == "ES" else "310000",
    )
    safety = dict.fromkeys(("es", "en", "fr", "pt", "pl"), "Not for children under 36 months.")
    drafts = [
        ProductDraft(
            seller_id, f"thing-{len(shop.products) + n}", category="kitchen",
            title=dict.fromkeys(("es", "en", "fr", "pt", "pl"), f"Thing {n}"),
            state="active", origin_country=country, hs6=hs6, manufacturer=MAKER, motif="mug", safety=safety,
            variants=(VariantDraft(sku=f"SKU{len(shop.products) + n:03}", weight_g=300),),
        )
        for n in range(count)
    ]  # fmt: skip
    saved = save_products(ctx, drafts=drafts)
    prices = {each.product_id: 400 + 197 * n for n, each in enumerate(saved)}
    variants = {each.product_id: variant for each in saved for variant in each.variant_ids.values()}
    save_offers(
        ctx,
        drafts=[
            OfferDraft(
                seller_id,
                variants[each],
                each,
                "ES",
                price_minor=minor,
                currency="EUR",
                ships_from_country=country,
            )
            for each, minor in prices.items()
        ],
    )
    save_stock(
        ctx, drafts=[StockDraft(seller_id, variant, place, quantity=9) for variant in variants.values()]
    )
    shop.sellers.append(seller_id)
    for each in saved:
        shop.products[next(iter(each.variant_ids))] = each.product_id


def digits(text: str) -> int:
    """`24,50 €` → 2450: every currency here has two decimals."""
    return int(re.sub(r"\D", "", text))


def stored(shop: Shop, market: str) -> Prices:
    names = {product_id: sku for sku, product_id in shop.products.items()}
    offers = offers_of_products(names, [market])
    return {
        names[offer.product_id]: offer.price_minor
        for offer in offers
        if offer.state == "active" and offer.has_full_price
    }


def cards(html: str, sku_of: dict[str, str]) -> Prices:
    found = {}
    for card in html.split('<li class="card">')[1:]:
        address = re.search(r'href="/[^/]+/p/([^"?]+)', card)
        price = re.search(r'<p class="price"><strong>(.*?)</strong>', card)
        assert address
        assert price
        found[sku_of[address[1]]] = digits(price[1])
    return found


def every_page(client: Client, path: str, sku_of: dict[str, str]) -> Prices:
    found: Prices = {}
    while path:
        answer = client.get(path)
        assert answer.status_code == 200, path
        html = answer.content.decode()
        found |= cards(html, sku_of)
        assert found, f"{path} shows nothing: {re.sub('<[^>]+>', ' ', html.split('<main')[-1])[:1500]}"
        more = re.search(r'<a[^>]+href="([^"]*after=[^"]*)"', html)
        path = more[1].replace("&amp;", "&") if more else ""
        if path.startswith("?"):
            path = answer.request["PATH_INFO"] + path
    return found


def test_one_price_on_eight_surfaces(shop: Shop) -> None:
    sku_of = {
        view.address: sku
        for sku, product_id in shop.products.items()
        for view in products_by_id([product_id]).values()
    }
    address_of = {sku: address for address, sku in sku_of.items()}
    compared = 0
    for market in COUNTRIES:
        expected = stored(shop, market)
        assert len(expected) >= SKUS - 60, (
            market,
            len(expected),
        )  # some dear or cheap imports are refused abroad
        client = Client(HTTP_HOST="127.0.0.1")
        place = f"{market.lower()}-en"
        surfaces: dict[str, Prices] = {
            "category": every_page(client, f"/{place}/c/kitchen", sku_of),
            "search": every_page(client, f"/{place}/search?q=thing", sku_of),
            "page": {}, "linked data": {}, "API": {}, "feed": {}, "cart": {}, "order": {},
        }  # fmt: skip
        for sku in expected:
            html = client.get(f"/{place}/p/{address_of[sku]}").content.decode()
            price = re.search(r'<div id="price".*?<strong>(.*?)</strong>', html, re.S)
            assert price, html[:500]
            surfaces["page"][sku] = digits(price[1])
            linked = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
            assert linked
            thing = next(thing for thing in json.loads(linked[1])["@graph"] if thing["@type"] == "Product")
            assert thing["offers"]["priceCurrency"] == pack(market).currency
            surfaces["linked data"][thing["sku"]] = digits(thing["offers"]["price"])
        surfaces["API"] = from_api(client, market, set(expected))
        for seller_id in shop.sellers:
            surfaces["feed"] |= from_feed(seller_id, market)
        surfaces["feed"] = {sku: minor for sku, minor in surfaces["feed"].items() if sku in expected}
        offer_of = {
            offer.product_id: offer.id for offer in offers_of_products(shop.products.values(), [market])
        }
        skus = sorted(expected)
        for several in (skus[start : start + 25] for start in range(0, len(skus), 25)):
            at_cart, at_order = bought({sku: offer_of[shop.products[sku]] for sku in several}, market)
            surfaces["cart"] |= at_cart
            surfaces["order"] |= at_order
        for name, found in surfaces.items():
            different = {
                sku: (found.get(sku), minor) for sku, minor in expected.items() if found.get(sku) != minor
            }
            assert not different, (
                market,
                name,
                f"{len(found)} found, {len(different)} differ",
                dict(list(different.items())[:5]),
            )
            compared += len(found)
    assert compared > 8 * 6 * (SKUS - 60)


def from_api(client: Client, market: str, wanted: set[str]) -> Prices:
    found: Prices = {}
    cursor = ""
    while True:
        answer = client.get(
            "/v1/products",
            {"market": market, "language": "en", "limit": 100} | ({"cursor": cursor} if cursor else {}),
        )
        assert answer.status_code == 200
        told: Any = answer.json()
        for product in told["data"]:
            skus = {variant["id"]: variant["sku"] for variant in product["variants"]}
            for offer in product["offers"]:
                assert offer["price"]["currency"] == pack(market).currency
                found[skus[offer["variant_id"]]] = offer["price"]["minor"]
        cursor = told["page"]["next_cursor"] or ""
        if not cursor:
            return {sku: minor for sku, minor in found.items() if sku in wanted}


def from_feed(seller_id: UUID, market: str) -> Prices:
    told = export_goods(
        make.system(), seller_id=seller_id, market=market, kind="google", base_url="https://shop.example"
    )
    names = {"g": "http://base.google.com/ns/1.0"}
    found = {}
    for item in ElementTree.fromstring(told.content).iter("item"):
        price, sku = item.findtext("g:price", "", names), item.findtext("g:id", "", names)
        if price:
            assert price.endswith(pack(market).currency)
            found[sku] = digits(price)
    return found


def bought(offers: dict[str, UUID], market: str) -> tuple[Prices, Prices]:
    """The prices of these offers in a cart, and in the orders it becomes."""
    ctx = make.visitor(at=clock.now())
    sku_of = {offer_id: sku for sku, offer_id in offers.items()}
    token = ""
    for offer_id in offers.values():
        token = add_to_cart(ctx, token=token, market=market, offer_id=offer_id, quantity=1).token
    shown = cart_view(ctx, token=token, postcode=COUNTRIES[market])
    at_cart = {sku_of[line.offer_id]: line.price_minor for group in shown.groups for line in group.lines}
    ref = start_checkout(ctx, token=token, market=market)
    ref = set_checkout_address(
        ctx, checkout_id=ref.id, token=ref.token, email="ana@example.es", name="Ana Prueba", phone=f"{pack(market).phone_prefix} 612 345 678",
        line1="Calle Mayor 1", postcode=COUNTRIES[market], city="Madrid",
    )  # fmt: skip
    made = place_purchase(ctx, checkout_id=ref.id, token=ref.token)
    orders = orders_of_purchase(make.system(), made.purchase_id)
    return at_cart, {sku_of[line.offer_id]: line.price_minor for order in orders for line in order.lines}
