"""Prices follow: offers carried into other countries, the law of the day, and a run that can be interrupted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.insight import commands
from entrepot.insight.commands import extend_offers, requote_page, requote_products
from entrepot.kit.context import Actor
from entrepot.kit.models import AuditEntry, OutboxFact
from entrepot.landedcost.queries import GoodsLine, quote
from entrepot.markets.commands import launch_market
from entrepot.offers.commands import change_price, withdraw_offer
from entrepot.offers.models import Offer, PriceChange
from entrepot.offers.queries import OfferView, offers_of_products
from tests import make
from tests.insight.one_by_one import extend_one_by_one, requote_one_by_one

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
        make.seller(country="CN"), price_minor=30_000, hs6="442199", manufacturer=MAKER, motif="mug"
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


@contextmanager
def undone() -> Iterator[None]:
    """Nothing that happens inside stays."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def offers_and_facts() -> tuple[dict[object, list[object]], dict[str, set[object]]]:
    """Every offer by its promise with its history of prices, and what was announced about which: ids and numbers left out."""
    promise: dict[UUID, tuple[UUID, str]] = {}
    rows: dict[object, list[object]] = {}
    for row in Offer.shown.values():
        promise[row.pop("id")] = key = (row["variant_id"], row["market"])
        rows[key] = [row | {"number": 0}]
    for change in PriceChange.objects.order_by("at", "id"):
        rows[promise[change.offer_id]].append((change.price_minor, change.at))
    told = {"offers.OfferPublished": set[object](), "offers.OfferChanged": set[object]()}
    for fact in OutboxFact.objects.filter(done_at=None, kind__in=told):
        named = {promise[UUID(id)] for id in fact.body["offer_ids"]}
        assert {market for _, market in named} == set(fact.body["markets"])
        told[fact.kind] |= named
    told["offers.OfferChanged"] -= told["offers.OfferPublished"]
    return rows, told


def trail() -> list[object]:
    """What the trail says of offers, by their promises."""
    found = []
    for entry in AuditEntry.objects.filter(subject__startswith="offers.Offer:"):
        row = Offer.shown.get(id=entry.subject.split(":")[1])
        found.append((row.market, str(row.variant_id), entry.actor_label, entry.before, entry.after))
    return sorted(found, key=repr)


# What may have happened to the goods of a product since the last requote, in one country or another.
CHANGES = {
    "price": "UPDATE offers_offer SET price_minor = price_minor * 3 / 2 WHERE product_id = %s AND market = %s",
    "free price": "UPDATE offers_offer SET price_minor = 2147483647 WHERE product_id = %s AND market = %s",
    "withdrawn": "UPDATE offers_offer SET state = 'withdrawn' WHERE product_id = %s AND market = %s",
    "on sale": "UPDATE offers_offer SET state = 'active' WHERE product_id = %s AND market = %s",
    "blocked": "UPDATE offers_offer SET state = 'blocked' WHERE product_id = %s AND market = %s",
    "the seller's own": "UPDATE offers_offer SET follows_id = NULL WHERE product_id = %s AND market = %s",
    "follows another": """UPDATE offers_offer SET follows_id = gen_random_uuid() WHERE product_id = %s AND market = %s
        AND follows_id IS NOT NULL""",
    "terms": """UPDATE offers_offer SET handling_days = 4, limit_per_buyer = 2, closes_at = '2027-01-01Z'
        WHERE product_id = %s AND market = %s AND follows_id IS NULL""",
    "from China": "UPDATE offers_offer SET ships_from_country = 'CN' WHERE product_id = %s AND market = %s",
    "duty": "UPDATE offers_offer SET duty = 'later' WHERE product_id = %s AND market = %s",
    "food": "UPDATE catalog_product SET hs6 = '150920' WHERE id = %s AND %s <> ''",
    "no maker": "UPDATE catalog_product SET manufacturer = '{}' WHERE id = %s AND %s <> ''",
    "unknown goods": "UPDATE catalog_product SET hs6 = '999999' WHERE id = %s AND %s <> ''",
    "archived": "UPDATE catalog_product SET state = 'archived' WHERE id = %s AND %s <> ''",
    "suspended": """UPDATE parties_seller SET state = 'suspended'
        WHERE id = (SELECT seller_id FROM catalog_product WHERE id = %s AND %s <> '')""",
}  # fmt: skip


def test_what_is_decided_in_columns_is_what_is_decided_one_by_one() -> None:
    """Whatever happened to goods on both sides of the border: the same offers, prices, history, duties and facts either way,
    and each way finds nothing left to do after the other. The same when a country is opened, with the same trail."""
    far = make.seller(country="CN")
    ids = goods(3) + [
        make.product(far, price_minor=price, hs6=hs6, manufacturer=MAKER, motif="mug", origin_country="CN")
        for price, hs6 in ((1_990, "420221"), (29_900, "420221"), (29_900, "442199"), (250, "392410"))
    ]
    make.open_market()
    for code in ("FR", "PL", "CH"):
        extend_offers(make.system(), from_market="ES", to_market=code)
        launch_market(make.system(), code=code, state="pilot")
    requote_products(make.system(), product_ids=ids)
    OutboxFact.objects.update(done_at=make.NOW)
    later = make.system(at=make.NOW + timedelta(hours=1))
    person = replace(later, actor=Actor("operator", "Ana at the command line"))
    changes = st.tuples(
        st.sampled_from(sorted(CHANGES)), st.sampled_from(ids), st.sampled_from(["ES", "ES", "FR", "CH"])
    )

    def in_columns() -> int:
        return requote_products(later, product_ids=ids)

    def one_by_one() -> int:
        return requote_one_by_one(later, ids)

    @settings(max_examples=8, deadline=None, database=None)
    @given(st.lists(changes, min_size=2, max_size=12))
    def hold(happened: list[tuple[str, UUID, str]]) -> None:
        with undone(), connection.cursor() as cursor:
            for name, product_id, market in happened:
                cursor.execute(CHANGES[name], [product_id, market])
            told = []
            for way, other in ((in_columns, one_by_one), (one_by_one, in_columns)):
                with undone():
                    way()
                    told.append(offers_and_facts())
                    assert other() == 0
            assert told[0] == told[1]
            opened = []
            for extend in (
                lambda: extend_offers(person, from_market="ES", to_market="GB"),
                lambda: extend_one_by_one(person, ids, "ES", "GB"),
            ):
                with undone():
                    opened.append((extend(), offers_and_facts(), trail()))
            assert opened[0] == opened[1]

    hold()
