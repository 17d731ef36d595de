"""Opening a second country: its checklist across the rooms, and offers carried over at requoted prices."""

from __future__ import annotations

import time

import pytest

from entrepot.catalog.commands import ProductDraft, save_products
from entrepot.insight.commands import extend_offers, review_market
from entrepot.kit.errors import Invalid
from entrepot.landedcost.queries import GoodsLine, quote
from entrepot.markets.commands import launch_market
from entrepot.markets.errors import MarketNotReady
from entrepot.markets.queries import market_by_code, readiness
from entrepot.offers.queries import offers_for_products
from tests import make

pytestmark = pytest.mark.django_db


def spanish_shop(count: int = 3, **values: object) -> list[object]:
    seller_id = make.seller()
    facts = make.SOUND | values
    return [make.product(seller_id, price_minor=1990 + 100 * n, **facts) for n in range(count)]  # type: ignore[arg-type]


def product_whose_maker_went_away() -> None:
    """On sale, and then its maker was taken out (no reaction has run yet)."""
    seller_id = make.seller()
    make.product(seller_id, "nobodys", **make.SOUND)  # type: ignore[arg-type]
    save_products(
        make.system(), drafts=[ProductDraft(seller_id, "nobodys", manufacturer=dict.fromkeys(make.MAKER))]
    )


def blockers(code: str) -> set[str]:
    return {item.item for item in readiness(code, make.NOW.date()) if not item.is_ready}


def test_an_empty_country_names_what_it_lacks() -> None:
    review_market(make.system(), code="ES")
    assert {"sellers", "offers", "lanes"} <= blockers("ES")
    with pytest.raises(MarketNotReady):
        launch_market(make.system(), code="ES")


def test_a_country_with_goods_is_ready_and_says_what_is_held_back() -> None:
    spanish_shop(2)
    product_whose_maker_went_away()
    review_market(make.system(), code="ES")
    assert blockers("ES") == set()
    told = {item.item: item.sentence for item in readiness("ES", make.NOW.date())}
    assert told["product_rules"].startswith("2 of 3 products meet the product rules.")
    assert "GP-19A × 1" in told["product_rules"]
    assert told["full_prices"].startswith("3 of 3 offers have a full price.")
    assert launch_market(make.system(), code="ES").is_open


def test_offers_cross_the_border_with_what_the_seller_keeps() -> None:
    products = spanish_shop(3)
    product_whose_maker_went_away()
    done = extend_offers(make.system(), from_market="ES", to_market="FR")
    assert (done.offered, done.held, done.unpriced) == (3, 1, 0)
    here, there = (offers_for_products(code, products) for code in ("ES", "FR"))  # type: ignore[arg-type]
    for product_id in products:
        [spanish], [french] = here[product_id], there[product_id]  # type: ignore[index]
        assert french.currency == "EUR"
        kept = [
            quote(
                [GoodsLine("x", "392410", "general", 1, offer.price_minor)], origin="ES", destination=offer.market,
                on=make.NOW.date(), seller_country="ES", currency="EUR",
            ).goods_minor
            for offer in (spanish, french)
        ]  # fmt: skip
        assert abs(kept[0] - kept[1]) <= 1
        assert french.price_minor < spanish.price_minor  # 20 % instead of 21 %
    again = extend_offers(make.system(), from_market="ES", to_market="FR")
    assert (again.offered, again.before) == (0, 3)


def test_a_country_takes_its_offers_from_one_whose_sellers_set_them() -> None:
    """A third country that follows a follower would stay empty and say nothing."""
    spanish_shop(1)
    extend_offers(make.system(), from_market="ES", to_market="FR")
    with pytest.raises(Invalid, match="FR follow those of ES"):
        extend_offers(make.system(), from_market="FR", to_market="PL")
    assert market_by_code("PL").offers_from == ""


def test_prices_are_in_the_other_countrys_money() -> None:
    [product_id] = spanish_shop(1)
    extend_offers(make.system(), from_market="ES", to_market="PL")
    [polish] = offers_for_products("PL", [product_id])[product_id]  # type: ignore[list-item, index]
    assert polish.currency == "PLN"
    assert 6_000 < polish.price_minor < 12_000


def test_launching_the_second_country_takes_moments() -> None:
    spanish_shop(40)
    began = time.perf_counter()
    extend_offers(make.system(), from_market="ES", to_market="PT")
    review_market(make.system(), code="PT")
    launch_market(make.system(), code="PT", state="pilot") if not blockers("PT") else None
    assert time.perf_counter() - began < 10
    assert blockers("PT") <= {"language"}
