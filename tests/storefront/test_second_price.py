"""Bulgaria pays in euro and, as long as its law says so, reads every price in leva too."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from entrepot.catalog.queries import products_by_id
from entrepot.kit import clock
from entrepot.markets.commands import launch_market
from entrepot.markets.queries import second_price
from entrepot.storefront import news, places
from tests import make


@pytest.mark.parametrize(
    ("market", "on", "expected"),
    [
        ("BG", date(2026, 11, 21), (1956, "BGN")),
        ("BG", date(2026, 12, 31), (1956, "BGN")),
        ("BG", date(2027, 1, 1), None),
        ("BG", date(2025, 8, 7), None),
        ("ES", date(2026, 11, 21), None),
    ],
)
def test_the_second_price_is_a_dated_row(market: str, on: date, expected: tuple[int, str] | None) -> None:
    assert second_price(market, 1000, on) == expected


@pytest.mark.django_db
def test_the_product_page_shows_both() -> None:
    places._open.update(read_at=-1e9, markets=())
    for kept in news.Kept.everything:
        kept.rows.clear()
    maker = {"name": "Taller", "address": "Calle Mayor 3", "email": "hola@taller.example", "country": "ES"}
    with make.intake(clock.now):
        product_id = make.product(
            make.seller(),
            at=clock.now(),
            market="BG",
            price_minor=1000,
            hs6="392410",
            manufacturer=maker,
            motif="mug",
        )
        launch_market(make.system(), code="BG", state="pilot")
        make.relay()
        address = products_by_id([product_id])[product_id].address
        html = Client(HTTP_HOST="127.0.0.1").get(f"/bg-en/p/{address}").content.decode()
    shown = html.split('id="second-price">')[1].split("<")[0]
    if second_price("BG", 1000, clock.now().date()):
        assert "BGN" in shown or "лв" in shown
        assert "19.56" in shown
