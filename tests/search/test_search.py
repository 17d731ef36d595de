"""Shoppers find things: by words with and without accents and mistakes, by filters, page by page."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entrepot.catalog.commands import CategoryDraft, VariantDraft, archive_product, save_categories
from entrepot.kit.errors import Invalid
from entrepot.offers.commands import change_price
from entrepot.offers.queries import offers_for_products
from entrepot.search.commands import ScoreDraft, rebuild_index, rebuild_missing, save_scores
from entrepot.search.index import made_mark
from entrepot.search.models import Followed
from entrepot.search.queries import Filters, search, suggest
from tests import make

pytestmark = pytest.mark.django_db


def find(text: str = "", language: str = "es", **wanted: object) -> list[UUID]:
    page = {name: wanted.pop(name) for name in ("sort", "limit", "cursor") if name in wanted}
    return list(search("ES", language, text=text, filters=Filters(**wanted), **page).product_ids)  # type: ignore[arg-type]


@pytest.fixture
def shop() -> dict[str, UUID]:
    near, far = make.seller("taller"), make.seller("hangzhou", country="CN")
    made = {
        "lamp": make.product(
            near,
            "lamp",
            price_minor=4500,
            title={"es": "Lámpara de mesa", "en": "Table lamp"},
            description={"es": "Decoración de cerámica esmaltada", "en": "Glazed ceramic decoration"},
        ),
        "cup": make.product(
            near,
            "cup",
            price_minor=1250,
            title={"es": "Taza de café", "en": "Coffee mug"},
            brand="Sargadelos",
            variants=(
                VariantDraft("CUP-1", gtin="8480000123459", options={"colour": {"es": "azul", "en": "blue"}}),
            ),
        ),
        "glass": make.product(
            far,
            "glass",
            price_minor=900,
            title={"es": "Vaso de vidrio", "en": "Glass tumbler", "zh-hans": "玻璃水杯"},
            origin_country="CN",
            variants=(VariantDraft("GLA-1", options={"colour": "rojo"}),),
        ),
        "oil": make.product(
            near,
            "oil",
            price_minor=990,
            title={"es": "Aceite de oliva virgen extra", "en": "Extra virgin olive oil"},
            category="groceries",
        ),
    }
    assert rebuild_index(make.system(), market="ES") == 4
    return made


@pytest.mark.parametrize(
    ("text", "language", "name"),
    [
        ("lámpara", "es", "lamp"),
        ("lampara", "es", "lamp"),
        ("LÁMPARAS", "es", "lamp"),
        ("lampra", "es", "lamp"),
        ("lmapara", "es", "lamp"),
        ("decoraciones", "es", "lamp"),
        ("decoracion", "es", "lamp"),
        ("lamps", "en", "lamp"),
        ("tazas para el café", "es", "cup"),
        ("sargadelos", "es", "cup"),
        ("sargadeols", "es", "cup"),
        ("8480000123459", "es", "cup"),
        ("cup-1", "es", "cup"),
        ("玻璃", "es", "glass"),
        ("mug", "es", "cup"),
        ("aceites de oliva", "es", "oil"),
        ("alimentación aceite", "es", "oil"),
    ],
)
def test_words_find_their_thing(shop: dict[str, UUID], text: str, language: str, name: str) -> None:
    assert find(text, language)[:1] == [shop[name]]


def test_a_corrected_word_is_told(shop: dict[str, UUID]) -> None:
    assert search("ES", "es", text="lampra mesa").corrected == "lámpara mesa"
    assert search("ES", "es", text="lámpara").corrected == ""


def test_when_nothing_has_all_words_the_nearest_come_and_it_is_said(shop: dict[str, UUID]) -> None:
    results = search("ES", "es", text="lámpara vaso")
    assert results.is_relaxed
    assert set(results.product_ids) == {shop["lamp"], shop["glass"]}
    assert not search("ES", "es", text="xyzzyq").product_ids


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({"category": "home"}, {"lamp", "cup", "glass"}),
        ({"price_to": 1000}, {"glass", "oil"}),
        ({"price_from": 1000, "price_to": 2000}, {"cup"}),
        ({"ships_from_eu": True}, {"lamp", "cup", "oil"}),
        ({"made_in_eu": True, "category": "kitchen"}, {"lamp", "cup"}),
        ({"origin_countries": ("CN",)}, {"glass"}),
        ({"attributes": {"colour": ("azul", "rojo")}}, {"cup", "glass"}),
        ({"attributes": {"colour": ("azul",)}, "category": "groceries"}, set()),
        ({"attributes": {"colour": ("blue",)}}, {"cup"}),
        ({"origins": ()}, set()),
        ({"origins": ("CN|28013|1",)}, {"glass"}),
        ({"in_stock": True}, set()),
    ],
)
def test_filters(shop: dict[str, UUID], wanted: dict[str, object], names: set[str]) -> None:
    assert set(find(**wanted)) == {shop[name] for name in names}


def test_a_facet_leaves_its_own_filter_out(shop: dict[str, UUID]) -> None:
    facets = search("ES", "es", filters=Filters(category="home", attributes={"colour": ("azul",)})).facets
    assert facets is not None
    assert facets.attributes["colour"] == {"azul": 1, "rojo": 1}
    assert facets.categories == {"home": 1, "kitchen": 1}
    assert facets.flags["ships_from_eu"] == 1
    english = search("ES", "en", filters=Filters(category="home", attributes={"colour": ("azul",)})).facets
    assert english is not None
    assert english.attributes["colour"] == {"blue": 1, "rojo": 1}
    whole = search("ES", "es", filters=Filters(price_to=1000)).facets
    assert whole is not None
    assert (whole.price_from, whole.price_to) == (900, 4500)


def test_orders_and_pages_meet_each_product_once(shop: dict[str, UUID]) -> None:
    save_scores(
        make.system(), scores=[ScoreDraft(shop["oil"], 48, 20, 90), ScoreDraft(shop["cup"], 30, 4, 3)]
    )
    rebuild_index(make.system(), market="ES")
    cheap = [shop[name] for name in ("glass", "oil", "cup", "lamp")]
    for sort, wanted in (("price", cheap), ("price_down", cheap[::-1])):
        seen: list[UUID] = []
        cursor = ""
        for _ in range(4):
            page = search("ES", "es", sort=sort, cursor=cursor, limit=1)  # type: ignore[arg-type]
            seen += page.product_ids
            cursor = page.next_cursor
        assert seen == wanted
        assert cursor == ""
    assert find(sort="rating")[:2] == [shop["oil"], shop["cup"]]
    assert find(sort="best")[:2] == [shop["oil"], shop["cup"]]
    assert find(rating_tenths=40) == [shop["oil"]]


def test_pages_by_words_meet_each_product_once() -> None:
    seller = make.seller("many")
    made = {make.product(seller, f"plato-{n}", title={"es": "Plato hondo"}) for n in range(7)}
    rebuild_index(make.system(), market="ES")
    seen: list[UUID] = []
    cursor, pages = "", 0
    while pages == 0 or cursor:
        page = search("ES", "es", text="platos", cursor=cursor, limit=3)
        seen += page.product_ids
        cursor, pages = page.next_cursor, pages + 1
    assert pages == 3
    assert len(seen) == 7
    assert set(seen) == made


@pytest.mark.parametrize("cursor", ["x", "💥", "W10", "WyJwcmljZSIsIDFd", "WyJiZXN0IiwgbnVsbF0", "W" * 4000])
def test_a_foreign_cursor_is_refused(shop: dict[str, UUID], cursor: str) -> None:
    with pytest.raises(Invalid):
        search("ES", "es", text="lámpara", cursor=cursor)
    with pytest.raises(Invalid):
        search("ES", "es", sort="new", cursor=cursor)


def test_odd_texts_do_no_harm(shop: dict[str, UUID]) -> None:
    for text in ('"', "title_es:*", "(((", "a" * 5000, "\x00", "-lámpara", "💥", "' OR 1=1", "ﷺ", "٣"):
        search("ES", "es", text=text)


def test_suggestions_complete_the_last_word(shop: dict[str, UUID]) -> None:
    assert suggest("ES", "es", "lam").texts == ("lámpara",)
    assert suggest("ES", "es", "aceite de oli").texts == ("aceite de oliva",)
    assert suggest("ES", "es", "coc").categories == ("kitchen",)
    assert suggest("ES", "es", "lampra").texts[:1] == ("lámpara",)
    assert suggest("ES", "es", "lam").product_ids == (shop["lamp"],)


def test_the_index_follows_what_changes(shop: dict[str, UUID]) -> None:
    from entrepot.search.commands import index_products

    make.open_market("ES")
    offer = offers_for_products("ES", [shop["cup"]])[shop["cup"]][0]
    change_price(make.system(at=make.NOW + timedelta(days=1)), offer_id=offer.id, price_minor=500)
    archive_product(make.system(), product_id=shop["oil"])
    index_products(make.system(), product_ids=[shop["cup"], shop["oil"]])
    assert find(sort="price") == [shop["cup"], shop["glass"], shop["lamp"]]


def test_searching_needs_no_sql(shop: dict[str, UUID]) -> None:
    with CaptureQueriesContext(connection) as queries:
        search("ES", "es", text="lámpara", filters=Filters(category="home"))
    assert len(queries) == 0


@pytest.mark.parametrize(
    ("market", "language", "title", "asked"),
    [
        ("ES", "ca", "Sabates de cuir per a infants", "sabata infant"),
        ("ES", "ca", "Ganivets de cuina", "ganivet"),
        ("ES", "ca", "Samarreta de cotó", "samarretes"),
        ("ES", "ca", "Samarretes de cotó", "samarreta"),
        ("ES", "ca", "Suc de taronges", "taronja"),
        ("ES", "ca", "Jaqueta de llana", "jaquetes"),
        ("ES", "es", "Lápices de color", "lápiz"),
        ("BG", "bg", "Чаша за кафе", "чашите"),
        ("BG", "bg", "Дървени столове", "столът"),
        ("BG", "bg", "Зимни обувки", "обувка"),
        ("PL", "pl", "Zimowe buty", "butów"),
        ("PL", "pl", "Lampa stołowa", "lampy stołowe"),
        ("CZ", "cs", "Dětská trička", "tričko"),
        ("CZ", "cs", "Hrnek na kávu", "hrnků"),
        ("CN", "zh-hans", "手工陶瓷咖啡杯", "咖啡杯"),
        ("CN", "zh-hans", "手工陶瓷咖啡杯", "陶瓷杯"),
    ],
)  # fmt: skip
def test_words_are_found_by_their_other_endings(market: str, language: str, title: str, asked: str) -> None:
    """In the languages the index library has no stemmer for. No mistake is forgiven on the way."""
    wanted, _ = (
        make.product(make.seller(), title={language: text}, market=market, description={})
        for text in (title, "Zz")
    )
    rebuild_index(make.system(), market=market)
    found = search(market, language, text=asked)
    assert (list(found.product_ids), found.corrected) == ([wanted], "")


def test_an_index_of_another_version_is_made_anew_by_itself(shop: dict[str, UUID]) -> None:
    make.open_market()
    assert rebuild_missing(make.system()) == []
    Followed.objects.filter(name=made_mark("ES")).delete()
    assert rebuild_missing(make.system()) == ["ES"]
    assert rebuild_missing(make.system()) == []
    assert find("lampara") == [shop["lamp"]]


# Titles of the pilot's shops by category, and what people who type a word want to see first.
SHELVES = {
    "aceite": ["Aceite de oliva con romero", "Aceite de oliva virgen extra Royal", "Lata de aceite virgen extra Cornicabra", "Aceite de oliva ahumado con encina"],
    "cremas": ["Aceite corporal Jara", "Aceite corporal Lavanda", "Crema de manos Azahar", "Crema facial de uva"],
    "jabones": ["Jabón de aceite de orujo"],
    "dulces": ["Chocolate a la taza", "Chocolate con almendra marcona", "Tortas de aceite y anís", "Miel de azahar", "Chocolate con grano de café"],
    "bolsos": ["Cinturón chocolate", "Bolso de asas chocolate", "Bolso bandolera miel", "Mochila de piel"],
    "accesorios": ["Calzador y crema", "Paraguas de papel aceitado", "Paraguas plegable con mochila"],
    "bebidas": ["Café Colombia Huila", "Café Brasil Cerrado", "Té verde con hierbabuena", "Té negro Jiuqu"],
    "vajilla": ["Taza de té", "Vaso sin asa para café", "Vasos de café con hielo", "Plato de queso"],
    "queso": ["Queso de cabra curado", "Queso azul de oveja", "Queso de oveja con trufa"],
    "hogar": ["Lámpara de mesa Luna", "Lámpara de monitor", "Vela de miel"],
}  # fmt: skip
WANTED = {
    "aceite": "aceite", "aceites": "aceite", "aceite oliva": "aceite", "aceite corporal": "cremas", "crema": "cremas", "cremas": "cremas",
    "chocolate": "dulces", "chocolates": "dulces", "miel": "dulces", "café": "bebidas", "cafe": "bebidas", "té": "bebidas", "queso": "queso",
    "mochila": "bolsos", "lámpara": "hogar", "jabón": "jabones", "tazas": "vajilla",
}  # fmt: skip


def test_what_a_word_mostly_names_comes_first() -> None:
    """The first result of each query is of the kind that is meant; bags of the colour chocolate are no chocolate."""
    seller = make.seller()
    make.shelf_of_goods()
    save_categories(
        make.system(), drafts=[CategoryDraft(slug, {"es": f"Estante {n}"}) for n, slug in enumerate(SHELVES)]
    )
    kind_of = {
        make.product(seller, category=slug, title={"es": title}, description={}): slug
        for slug, titles in SHELVES.items()
        for title in titles
    }
    rebuild_index(make.system(), market="ES")
    first = {text: kind_of[find(text)[0]] for text in WANTED}
    assert first == WANTED
    assert len(find("aceite")) == 9  # nothing is left out for it
