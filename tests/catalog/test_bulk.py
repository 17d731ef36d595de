"""Saving goods in bulk is an upsert: new, changed, same; a fixed number of statements; quick."""

from __future__ import annotations

import time
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entrepot.catalog.commands import (
    CategoryDraft,
    ProductDraft,
    VariantDraft,
    save_categories,
    save_products,
)
from entrepot.catalog.errors import CustomsCodeWrong
from entrepot.catalog.queries import compare_products, own_products_by_id, products_by_id
from entrepot.inventory.commands import StockDraft, open_location, save_stock
from entrepot.kit import clock
from entrepot.kit.context import Context, system_context
from entrepot.kit.models import OutboxFact
from entrepot.offers.commands import OfferDraft, save_offers
from tests import make

pytestmark = pytest.mark.django_db


def world(ctx: Context) -> UUID:
    save_categories(
        ctx,
        drafts=[
            CategoryDraft("home", {"en": "Home", "es": "Hogar"}),
            CategoryDraft("kitchen", {"en": "Kitchen", "es": "Cocina"}, parent="home"),
        ],
    )
    return make.seller()


def draft(seller: UUID, n: int, **values: object) -> ProductDraft:
    return ProductDraft(
        seller_id=seller,
        handle=f"cup-{n}",
        **{  # type: ignore[arg-type]
            "category": "kitchen",
            "title": {"es": f"Taza {n}", "en": f"Cup {n}"},
            "state": "active",
            "manufacturer": make.MAKER,
            "motif": "cup",
            "variants": tuple(
                VariantDraft(sku=f"CUP-{n}-{c}", options={"colour": c}, weight_g=300) for c in "abc"
            ),
        }
        | values,
    )


def ask() -> Context:
    return system_context(at=clock.now(), cause="test")


def test_six_hundred_products_three_seconds_and_twice_is_once() -> None:
    ctx = ask()
    seller = world(ctx)
    drafts = [draft(seller, n) for n in range(600)]
    began = time.process_time()
    with CaptureQueriesContext(
        connection,
    ) as few:
        save_products(ctx, drafts=drafts[:2])
    with CaptureQueriesContext(connection) as many:
        saved = save_products(ctx, drafts=drafts)
    assert [s.outcome for s in saved] == ["same", "same"] + ["new"] * 598
    location = open_location(ctx, seller_id=seller, code="MAD", name="Madrid", country="ES")
    offers = [
        OfferDraft(seller, variant, s.product_id, "ES", price_minor=1990, currency="EUR")
        for s in saved
        for variant in s.variant_ids.values()
    ]
    first = save_offers(ctx, drafts=offers)
    stock = [StockDraft(seller, offer.variant_id, location, quantity=5) for offer in offers]
    save_stock(ctx, drafts=stock)
    took = time.process_time() - began
    assert took < 9, f"{took:.1f} s for 600 products, 1,800 variants, offers and stock"
    assert len(many) == len(few)
    facts = OutboxFact.objects.count()
    assert {s.outcome for s in save_products(ctx, drafts=drafts)} == {"same"}
    assert {s.outcome for s in save_offers(ctx, drafts=offers)} == {"same"}
    assert {s.outcome for s in save_stock(ctx, drafts=stock)} == {"same"}
    assert OutboxFact.objects.count() == facts
    assert len({offer.number for offer in first}) == 1800


def test_a_draft_changes_what_it_says_and_nothing_else() -> None:
    ctx = ask()
    seller = world(ctx)
    save_products(ctx, drafts=[draft(seller, 1, brand="Sol")])
    change = ProductDraft(
        seller, "cup-1", title={"es": "Taza azul"}, variants=(VariantDraft("CUP-1-a", weight_g=310),)
    )
    [told] = compare_products(ctx, [change])
    [saved] = save_products(ctx, drafts=[change])
    assert (
        told.changes == saved.changes == {"title.es": ("Taza 1", "Taza azul"), "CUP-1-a/weight_g": (300, 310)}
    )
    view = products_by_id([saved.product_id])[saved.product_id]
    assert view.title == {"es": "Taza azul", "en": "Cup 1"}
    assert view.brand == "Sol"
    assert [v.weight_g for v in view.variants] == [310, 300, 300]
    assert view.category.path == ("home", "kitchen")


def test_drafts_are_not_shown_but_their_seller_sees_them() -> None:
    ctx = ask()
    seller = world(ctx)
    [saved] = save_products(ctx, drafts=[draft(seller, 1, state="draft")])
    assert products_by_id([saved.product_id]) == {}
    assert own_products_by_id(ctx, [saved.product_id])[saved.product_id].handle == "cup-1"


def test_a_product_keeps_the_code_of_each_customs_area() -> None:
    ctx = ask()
    seller = world(ctx)
    codes = {"DE": "6912008190", "US": "6912003910"}
    saved = save_products(ctx, drafts=[draft(seller, 1, hs6="691200", hs_codes=codes)])[0]
    view = products_by_id([saved.product_id])[saved.product_id]
    # A member state's code is the Union's; it is no attribute that shoppers read.
    assert (view.code_in("EU"), view.code_in("US"), view.code_in("GB")) == (*codes.values(), "691200")
    assert view.attributes == {}
    again = save_products(ctx, drafts=[draft(seller, 1, hs_codes={"US": None, "EU": "6912008100"})])[0]
    assert again.changes == {
        "hs_codes.EU": ("6912008190", "6912008100"),
        "hs_codes.US": ("6912003910", None),
    }
    for wrong in ("6911109000", "69120081", "691200", "69120081900", "abc"):
        held = compare_products(ctx, [draft(seller, 1, hs_codes={"EU": wrong})])[0]
        assert isinstance(held, CustomsCodeWrong) == (wrong != "69120081"), wrong
    # Another heading: its codes count no more.
    save_products(ctx, drafts=[draft(seller, 1, hs6="691110")])
    assert products_by_id([saved.product_id])[saved.product_id].codes == ()
