"""Nothing is on sale that the law does not let be sold: every refusal names rule, field and way out."""

from __future__ import annotations

from contextlib import nullcontext
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entrepot.catalog.commands import ProductDraft, VariantDraft, save_products
from entrepot.catalog.queries import products_by_handle
from entrepot.compliance.queries import gaps_of_products
from entrepot.kit.errors import NotAllowed, NotFound
from entrepot.offers.commands import OfferDraft, change_price, offer_product, publish_offer, save_offers
from entrepot.offers.errors import OfferHeldBack, PriceOutOfRange
from entrepot.offers.queries import compare_offers, offers_by_id, offers_for_products, own_offers_for_products
from entrepot.parties.commands import change_seller
from tests import make

pytestmark = pytest.mark.django_db

WHOLE = {
    "hs6": "150920", "origin_country": "ES", "manufacturer": make.MAKER, "motif": "olive_oil",
    "ingredients": {"es": "Aceite de oliva virgen extra."},
}  # fmt: skip
EMPTY = {"hs6": "", "origin_country": "", "manufacturer": {}, "motif": "", "ingredients": {}}


def shelved(seller_id: UUID, handle: str = "oil", **values: object) -> tuple[UUID, UUID]:
    """A product with one variant and no offer: its id and its variant's."""
    if not products_by_handle(make.system(), seller_id, [handle]):
        make.shelf_of_goods()
    facts = {"category": "groceries", "title": {"es": "Aceite"}, "state": "active"} | WHOLE | values
    [saved] = save_products(
        make.system(),
        drafts=[ProductDraft(seller_id, handle, variants=(VariantDraft(f"{handle}-1"),), **facts)],  # type: ignore[arg-type]
    )
    return saved.product_id, saved.variant_ids[f"{handle}-1"]


def offered(seller_id: UUID, product: UUID, variant: UUID) -> OfferDraft:
    return OfferDraft(seller_id, variant, product, "ES", price_minor=990, currency="EUR")


@pytest.mark.parametrize(
    ("values", "rule", "field"),
    [
        ({"manufacturer": {}}, "GP-19A", "manufacturer.name"),
        ({"manufacturer": make.MAKER | {"address": ""}}, "GP-19B", "manufacturer.address"),
        ({"manufacturer": make.MAKER | {"email": ""}}, "GP-19C", "manufacturer.email"),
        ({"motif": ""}, "GP-19E", "media"),
        ({"ingredients": {"en": "Olive oil."}}, "GP-FOOD", "ingredients.es"),
        ({"title": {"es": "Aceite, un producto verde"}}, "GC-01", "title.es"),
        ({"hs6": "610910", "attributes": {"material": "algodón"}}, "GP-TXT", "attributes.composition"),
    ],
)
def test_a_gap_holds_the_offer_back_with_rule_field_and_way_out(
    values: dict[str, object], rule: str, field: str
) -> None:
    seller_id = make.seller()
    product, variant = shelved(seller_id, **values)
    with pytest.raises(OfferHeldBack) as refused:
        publish_offer(make.staff(seller_id), draft=offered(seller_id, product, variant))
    facts = refused.value.facts
    assert (facts["rule"], facts["field"]) == (rule, field)
    assert facts["fix"]
    assert rule in [gap.code for gap in facts["gaps"]]
    assert own_offers_for_products(make.system(), "ES", [product]) == {}


def test_the_traders_own_gaps_hold_back_too_and_a_foreign_maker_needs_a_person_in_the_union() -> None:
    seller_id = make.seller()
    change_seller(make.staff(seller_id), seller_id=seller_id, values={"phone": "", "responsible_person": {}})
    product, variant = shelved(seller_id, origin_country="CN", manufacturer=make.MAKER | {"country": "CN"})
    with pytest.raises(OfferHeldBack) as refused:
        publish_offer(make.staff(seller_id), draft=offered(seller_id, product, variant))
    assert {"DS-30-phone", "GP-19D"} <= {gap.code for gap in refused.value.facts["gaps"]}


def test_one_unfit_offer_refuses_the_whole_batch_and_stores_nothing() -> None:
    seller_id = make.seller()
    good, bad = shelved(seller_id, "good"), shelved(seller_id, "bad", manufacturer={})
    with pytest.raises(OfferHeldBack):
        save_offers(make.system(), drafts=[offered(seller_id, *good), offered(seller_id, *bad)])
    assert offers_for_products("ES", [good[0], bad[0]]) == {}


def test_a_price_may_change_and_what_loses_a_fact_leaves_the_shop_until_it_is_back() -> None:
    seller_id = make.seller()
    product, variant = shelved(seller_id)
    ctx = make.staff(seller_id)
    offer_id = publish_offer(ctx, draft=offered(seller_id, product, variant)).offer_id
    make.relay()
    save_products(ctx, drafts=[ProductDraft(seller_id, "oil", ingredients={"es": None})])
    change_price(ctx, offer_id=offer_id, price_minor=890)
    make.relay()
    assert offers_by_id([offer_id])[offer_id].state == "withdrawn"
    again = OfferDraft(seller_id, variant, product, "ES", state="active")
    with pytest.raises(OfferHeldBack):
        publish_offer(ctx, draft=again)
    save_products(ctx, drafts=[ProductDraft(seller_id, "oil", ingredients={"es": "Aceite de oliva."})])
    publish_offer(ctx, draft=again)
    make.relay()
    assert offers_by_id([offer_id])[offer_id].state == "active"


def test_a_seller_who_can_no_longer_be_traced_sells_nothing() -> None:
    seller_id = make.seller()
    product, variant = shelved(seller_id)
    publish_offer(make.staff(seller_id), draft=offered(seller_id, product, variant))
    change_seller(make.staff(seller_id), seller_id=seller_id, values={"phone": ""})
    make.relay()
    assert offers_for_products("ES", [product]) == {}


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(missing=st.sets(st.sampled_from(sorted(EMPTY))), later=st.sets(st.sampled_from(sorted(EMPTY))))
def test_whatever_is_missing_now_or_later_nothing_unfit_is_on_sale(
    missing: set[str], later: set[str]
) -> None:
    seller_id = make.seller()
    product, variant = shelved(seller_id, **{name: EMPTY[name] for name in missing})
    gaps = [gap for gap in gaps_of_products([product], "ES", on=make.NOW.date())[product] if gap.blocks]
    [verdict] = compare_offers(make.system(), [offered(seller_id, product, variant)], with_gates=True)
    assert isinstance(verdict, OfferHeldBack) == bool(gaps)
    with pytest.raises(OfferHeldBack) if gaps else nullcontext():
        publish_offer(make.system(), draft=offered(seller_id, product, variant))
    removed = {
        name: dict.fromkeys(WHOLE[name]) if isinstance(WHOLE[name], dict) else ""
        for name in later  # type: ignore[call-overload]
    }
    save_products(make.system(), drafts=[ProductDraft(seller_id, "oil", **removed)])
    make.relay()
    gaps = [gap for gap in gaps_of_products([product], "ES", on=make.NOW.date())[product] if gap.blocks]
    assert not (gaps and offers_for_products("ES", [product]))


def test_a_product_and_its_prices_are_saved_together_or_not_at_all() -> None:
    seller_id = make.seller()
    make.shelf_of_goods()
    ctx = make.staff(seller_id)

    def draft(**values: object) -> ProductDraft:
        facts = {"category": "kitchen", "title": {"es": "Aceite"}, "state": "active"} | WHOLE | values
        return ProductDraft(seller_id, "oil", variants=(VariantDraft("A"), VariantDraft("B")), **facts)  # type: ignore[arg-type]

    def save(prices: dict[str, int], **values: object) -> str:
        return offer_product(
            ctx, draft=draft(**values), market="ES", currency="EUR", prices_minor=prices
        ).outcome

    for refusal, prices, values in (
        (OfferHeldBack, {"A": 990}, {"manufacturer": {}}),
        (PriceOutOfRange, {"A": 990, "B": 0}, {}),
        (NotFound, {"C": 990}, {}),
    ):
        with pytest.raises(refusal):
            save(prices, **values)
        assert products_by_handle(ctx, seller_id, ["oil"]) == {}
    assert save({"A": 990, "B": 890}) == "new"
    assert save({"A": 990, "B": 890}) == "same"
    assert save({"A": 990, "B": 790}) == "changed"
    assert save({}, brand="Sol") == "changed"
    narrow = make.staff(seller_id)
    narrow = type(narrow)(narrow.actor, narrow.at, narrow.scopes - {"offers:write"}, cause="test")
    with pytest.raises(NotAllowed):
        offer_product(narrow, draft=draft(), market="ES", currency="EUR", prices_minor={"A": 1})
    with pytest.raises(NotFound):
        offer_product(
            make.staff(make.seller()), draft=draft(), market="ES", currency="EUR", prices_minor={"A": 1}
        )
