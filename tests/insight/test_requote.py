"""Prices follow: offers carried into other countries, the law of the day, and a run that can be interrupted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection

from entrepot.insight import commands
from entrepot.insight.commands import extend_offers, requote_page, requote_products
from entrepot.landedcost.queries import GoodsLine, quote
from entrepot.markets.commands import launch_market
from entrepot.markets.queries import all_markets
from entrepot.offers.commands import change_price, withdraw_offer
from entrepot.offers.queries import OfferView, offers_of_products, price_history
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _intake() -> Iterator[None]:
    with make.intake():
        yield


MAKER = {"name": "Taller", "address": "Calle Mayor 3", "email": "hola@taller.example", "country": "ES"}


def goods(count: int = 1, **values: object) -> list[UUID]:
    facts = {"manufacturer": MAKER, "motif": "mug", "hs6": "392410"} | values
    seller_id = make.seller()
    return [make.product(seller_id, price_minor=1990 + 100 * n, **facts) for n in range(count)]  # type: ignore[arg-type]


def in_market(product_id: UUID, market: str) -> OfferView:
    [offer] = offers_of_products([product_id], [market])
    return offer


def test_a_price_follows_the_offer_it_is_made_from() -> None:
    [product_id] = goods()
    extend_offers(make.system(), from_market="ES", to_market="FR")
    make.open_market("FR")
    spanish, french = in_market(product_id, "ES"), in_market(product_id, "FR")
    assert french.follows_id == spanish.id
    change_price(make.system(), offer_id=spanish.id, price_minor=2_420)
    make.relay()
    assert in_market(product_id, "FR").price_minor == 2_400  # 20.00 net and 20 %
    withdraw_offer(make.system(), offer_id=spanish.id)
    make.relay()
    assert in_market(product_id, "FR").state == "withdrawn"


def test_a_new_product_appears_where_its_country_is_followed() -> None:
    goods()
    extend_offers(make.system(), from_market="ES", to_market="FR")
    make.open_market("FR")
    [product_id] = goods()
    make.relay()
    assert in_market(product_id, "FR").state == "active"


def test_what_a_seller_sets_by_hand_stays() -> None:
    product_ids = goods(2)
    extend_offers(make.system(), from_market="ES", to_market="FR")
    make.open_market("FR")
    priced, withdrawn = (in_market(product_id, "FR") for product_id in product_ids)
    change_price(make.system(), offer_id=priced.id, price_minor=7_777)
    withdraw_offer(make.system(), offer_id=withdrawn.id)
    make.relay()
    requote_products(make.system(), product_ids=product_ids)
    assert (in_market(product_ids[0], "FR").price_minor, in_market(product_ids[1], "FR").state) == (
        7_777,
        "withdrawn",
    )
    assert in_market(product_ids[0], "FR").follows_id is None


def test_the_duty_inside_is_noted_for_pages_and_index() -> None:
    make.open_market()
    [near] = goods()
    far = make.product(
        make.seller(country="CN"),
        price_minor=3_000,
        hs6="392410",
        manufacturer=MAKER,
        motif="mug",
        origin_country="CN",
    )
    make.relay()
    assert (in_market(near, "ES").duty, in_market(far, "ES").duty) == ("none", "inside")
    unknown = make.product(
        make.seller(country="CN"), price_minor=30_000, hs6="999999", manufacturer=MAKER, motif="mug"
    )
    make.relay()
    offer = in_market(unknown, "ES")
    assert (offer.duty, offer.has_full_price) == ("unknown", False)


def test_an_interrupted_run_goes_on_and_a_day_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "REQUOTE_PAGE", 2)
    product_ids = goods(5)
    extend_offers(make.system(), from_market="ES", to_market="PL")
    launch_market(make.system(), code="PL", state="pilot")
    seen = [requote_page(make.system()).products for _ in range(3)]
    assert seen == [2, 4, 5]
    done = requote_page(make.system())
    assert (done.products, done.whole, done.is_done) == (5, 5, True)
    assert requote_page(make.system(), restart=True).products == 2
    # The next day's rules: VAT is looked up anew, and the price is the same while nothing changed.
    tomorrow = make.system(at=make.NOW + timedelta(days=1))
    before = [in_market(product_id, "PL").price_minor for product_id in product_ids]
    while not requote_page(tomorrow).is_done:
        pass
    assert [in_market(product_id, "PL").price_minor for product_id in product_ids] == before


def test_a_run_by_the_day_changes_prices_when_the_rate_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Estonia's rate on the day, by the dated rows: a price carried before a change is another one after it."""
    [product_id] = goods()
    before, after = make.NOW.replace(year=2025, month=6, day=30), make.NOW.replace(year=2025, month=7, day=2)
    extend_offers(make.system(at=before), from_market="ES", to_market="EE")
    launch_market(make.system(), code="EE", state="pilot")
    old = in_market(product_id, "EE").price_minor
    while not requote_page(make.system(at=after)).is_done:
        pass
    new = in_market(product_id, "EE").price_minor

    def kept(price_minor: int, day: object) -> int:
        line = GoodsLine("x", "392410", "general", 1, price_minor)
        return quote(
            [line], origin="ES", destination="EE", on=day, seller_country="ES", currency="EUR"  # type: ignore[arg-type]
        ).goods_minor  # fmt: skip

    assert new > old
    assert abs(kept(old, before.date()) - kept(new, after.date())) <= 1


def test_the_quick_look_leaves_nothing_to_the_slow_one() -> None:
    """Prices and duties out of true, offers closed, goods from two sides of the border: after the day's run, deciding
    about every product one by one changes nothing."""
    far = make.seller(country="CN")
    ids = goods(4) + [
        make.product(far, price_minor=price, hs6=hs6, manufacturer=MAKER, motif="mug", origin_country="CN")
        for price, hs6 in ((1_990, "420221"), (29_900, "420221"), (29_900, "999999"), (250, "392410"))
    ]
    make.open_market()
    for code in ("FR", "PL", "CH", "SG"):
        extend_offers(make.system(), from_market="ES", to_market=code)
        launch_market(make.system(), code=code, state="pilot")
    make.relay()
    change_price(
        make.system(), offer_id=in_market(ids[0], "PL").id, price_minor=7_777
    )  # now the seller's own
    change_price(make.system(), offer_id=in_market(ids[1], "ES").id, price_minor=3_333)
    withdraw_offer(make.system(), offer_id=in_market(ids[2], "ES").id)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE offers_offer SET price_minor = price_minor + 5 WHERE follows_id IS NOT NULL")
        cursor.execute("UPDATE offers_offer SET duty = 'later', handling_days = 9 WHERE market = 'CH'")
    while not (told := requote_page(make.system())).is_done:
        pass
    assert told.changed > 8
    markets = [market for market in all_markets() if market.is_open]
    assert commands._requote_one_by_one(make.system(), ids, markets) == 0
    assert requote_page(make.system(), restart=True).changed == 0
    assert in_market(ids[0], "PL").price_minor == 7_777
    assert [step.price_minor for step in price_history(in_market(ids[1], "FR").id)][-1] == in_market(
        ids[1], "FR"
    ).price_minor
