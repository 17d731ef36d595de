"""Real feeds of other shops, read from ../shared (or ENTREPOT_SHARED); skipped where they are not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from entrepot.catalog.queries import product_counts, products_by_handle
from entrepot.feeds.queries import export_goods, refusals_by_code, run_results
from entrepot.offers.queries import offers_for_products
from tests import make
from tests.feeds.conftest import counts, load

pytestmark = pytest.mark.django_db
SOME_WITH_PHOTOS = ["curvy-monitor", "usb-cable", "twin-lens-camera"]
Find = Callable[[str], list[Path]]


def bring(seller: UUID, files: list[Path], **options: object) -> dict[str, int]:
    """Import files twice and their export once; the second and third time nothing changes. The counts of the first."""
    ctx = make.system()
    main, *others = files
    beside = {path.name: path.read_bytes() for path in others}
    said = {"name": main.name, "beside": beside} | options
    first = load(ctx, seller, main.read_bytes(), **said)
    again = load(ctx, seller, main.read_bytes(), **said)
    assert set(counts(again)) <= {"same", "error", "skipped"}, counts(again)
    assert again.counts["error"] == first.counts["error"]
    exported = export_goods(ctx, seller_id=seller, market="ES", kind="csv").content
    back = load(ctx, seller, exported)
    assert set(counts(back)) == {"same"}, run_results(ctx, back.id, status="changed", limit=3).rows
    return counts(first)


@pytest.mark.parametrize(("name", "rows"), [("apparel", 22), ("home-and-garden", 21), ("jewelery", 41)])
def test_shopify(shared: Find, seller: UUID, name: str, rows: int) -> None:
    assert bring(seller, shared(f"feed-shopify-csv/{name}.csv")) == {"new": rows}
    assert product_counts(make.system(), seller_id=seller) == {
        "active": product_counts(make.system())["active"]
    }


def test_shopify_variants(shared: Find, seller: UUID) -> None:
    bring(seller, shared("feed-shopify-csv/apparel.csv"))
    top = products_by_handle(make.system(), seller, ["classic-varsity-top"])["classic-varsity-top"]
    assert [variant.options["size"] for variant in top.variants] == ["Small", "Medium", "Large"]
    assert offers_for_products("ES", [top.id]) == {}, "nobody says who makes it: stored, not sold"


def test_google(shared: Find, seller: UUID) -> None:
    assert bring(seller, shared("feed-google-merchant/*.xml")[:1]) == {"new": 3}
    shirt = products_by_handle(make.system(), seller, ["kalamies-t-paita"])["kalamies-t-paita"]
    assert shirt.title == {"fi": "KALAMIES | T-Paita"}
    assert offers_for_products("ES", [shirt.id]) == {}, "nobody says who makes it: stored, not sold"


def test_spree_with_translations_and_prices_in_euros(shared: Find, seller: UUID) -> None:
    files = [*shared("feed-spree/products.csv"), *shared("feed-spree/product_translations.csv")]
    assert bring(seller, files, category="kitchen") == {"new": 211}
    handle = "automatic-espresso-machine"
    machine = products_by_handle(make.system(), seller, [handle])[handle]
    assert set(machine.title) == {"en", "de", "fr"}
    assert len(machine.variants) == 3
    assert machine.variants[0].weight_g == 8981  # 19.8 lb
    assert machine.variants[0].width_mm == 351  # 13.8 in


@pytest.mark.slow
def test_vendure_with_its_photos(shared: Find, seller: UUID) -> None:
    files = [*shared("feed-vendure/products.csv"), *shared("feed-vendure/images/*")[:3]]
    found = bring(seller, files)
    assert found["new"] == 86
    assert found["error"] == 2  # a SKU stands in two products
    laptop = products_by_handle(make.system(), seller, ["laptop"])["laptop"]
    assert laptop.variants[1].options == {"screen size": "15 inch", "ram": "8GB"}
    photos = [
        len(view.media) for view in products_by_handle(make.system(), seller, SOME_WITH_PHOTOS).values()
    ]
    assert sum(photos) == 3


def test_commercetools(shared: Find, seller: UUID) -> None:
    files = [
        *shared("commercetools-demo/*.product_product.json"),
        *shared("commercetools-demo/*.category.json"),
    ]
    assert bring(seller, files) == {"new": 144}
    chair = products_by_handle(make.system(), seller, ["abigail-lounge-chair"])["abigail-lounge-chair"]
    assert set(chair.title) == {"en", "de"}
    assert offers_for_products("ES", [chair.id]) == {}, "nobody says who makes it: stored, not sold"


def test_saleor(shared: Find, seller: UUID) -> None:
    found = bring(seller, shared("saleor-demo/populatedb_data.json"))
    assert found["new"] == 73
    assert product_counts(make.system(), seller_id=seller)["active"] == 32


@pytest.mark.slow
def test_open_food_facts(shared: Find, seller: UUID) -> None:
    ctx = make.system()
    run = load(ctx, seller, shared("openfoodfacts-2019/*.gz")[0].read_bytes(), category="groceries")
    assert counts(run) == {"new": 7397, "same": 2, "error": 1}
    assert refusals_by_code(ctx, run.id) == {"gtin_check_digit": 1}
    note = run_results(ctx, run.id, limit=1).rows[0].notes
    assert any("was not fetched" in text for text in note)


@pytest.mark.slow
def test_a_british_gift_shop_from_its_order_lines(shared: Find, seller: UUID) -> None:
    """320,705 lines of nine months: every article once, every line left out with its reason."""
    shop = make.seller(country="GB")
    ctx = make.system()
    first, *months = shared("online-retail/*.gz")
    beside = {path.name: path.read_bytes() for path in months}
    run = load(ctx, shop, first.read_bytes(), name=first.name, beside=beside, currency="GBP")
    reasons = refusals_by_code(ctx, run.id)
    assert run.counts["rows"] == 320_705
    assert run.counts["new"] == run.counts["products"] > 3_500
    assert set(reasons) == {"cancelled", "not_a_sale", "not_an_article", "no_price"}
    assert sum(reasons.values()) == run.counts["error"] + run.counts["skipped"]
    assert run.counts["duplicate"] == 2_483
    heart = products_by_handle(ctx, shop, ["85123A"])["85123A"]
    assert heart.title == {"en": "WHITE HANGING HEART T-LIGHT HOLDER"}
    again = load(ctx, shop, first.read_bytes(), name=first.name, beside=beside, currency="GBP")
    assert (again.counts["new"], again.counts["changed"]) == (0, 0)
