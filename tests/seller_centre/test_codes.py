"""HS codes in the seller centre: suggested from title and category, confirmed by a person, shown by destination."""

from __future__ import annotations

import pytest
from django.test import Client

from entrepot.catalog.commands import ProductDraft, save_products
from entrepot.catalog.queries import products_by_id
from entrepot.kit.ids import show_id
from entrepot.kit.models import AuditEntry
from entrepot.parties.models import User
from tests import make

pytestmark = pytest.mark.django_db


def test_a_suggested_code_is_confirmed_by_a_person() -> None:
    make.open_market("ES")
    seller_id = make.seller()
    product_id = make.product(
        seller_id, hs6="", title={"es": "Camiseta de algodón", "en": "Cotton t-shirt"}, motif="mug",
        manufacturer={"name": "Taller", "address": "Calle Mayor 3", "email": "hola@taller.example", "country": "ES"},
    )  # fmt: skip
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.get(pk=make.staff(seller_id).actor.user_id or 0))
    page = f"/seller/products/{show_id('prd', product_id)}"
    html = client.get(page).content.decode()
    assert 'name="hs6_confirmed" value="610910"' in html
    assert "fits" in html
    assert "Codes by destination" not in html
    sent = {
        "title_es": "Camiseta de algodón",
        "title_en": "Cotton t-shirt",
        "category": "kitchen",
        "hs6": "",
        "hs6_confirmed": "610910",
    }
    assert client.post(f"{page}/save", sent).status_code == 302
    assert products_by_id([product_id])[product_id].hs6 == "610910"
    trail = AuditEntry.objects.order_by("-id").first()
    assert trail is not None
    assert trail.after["hs6"] == "610910"  # who confirmed it, and when, stands in the trail
    html = client.get(page).content.decode()
    assert "hs6_confirmed" not in html
    for code in ("61091000", "6109.10.00", "12%", "16.5%"):
        assert code in html, code


def test_what_the_law_asks_of_goods_goes_from_the_form_to_the_shop() -> None:
    """A washing machine: the maker must repair it; wrong links are refused and change nothing; shoppers see the rest."""
    make.open_market("ES")
    seller_id = make.seller()
    product_id = make.product(
        seller_id, hs6="845011", title={"es": "Lavadora", "en": "Washing machine"}, safety={"es": "No sumergir."},
        attributes={"energy_class": "C", "energy_datasheet": "https://eprel.ec.europa.eu/1"},
    )  # fmt: skip
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.get(pk=make.staff(seller_id).actor.user_id or 0))
    page = f"/seller/products/{show_id('prd', product_id)}"
    assert "The maker must repair goods of this kind" in client.get(page).content.decode()
    sent = {
        "title_es": "Lavadora", "title_en": "Washing machine", "category": "kitchen", "hs6": "845011", "energy_class": "b",
        "repair_info": "https://maker.example/repair", "repair_score": "", "software_update_years": "07", "batch": "L-26",
        "accessibility_es": "Avisos sonoros", "accessibility_en": "",
    }  # fmt: skip
    before = products_by_id([product_id])[product_id]
    for wrong in (
        {"repair_info": "javascript:alert(1)"},
        {"energy_class": "Z"},
        {"accessibility_es": "\x07"},
    ):
        answer = client.post(f"{page}/save", sent | wrong)
        assert answer.status_code == 422
        assert "does not fit" in answer.content.decode()
        assert products_by_id([product_id])[product_id] == before
    assert client.post(f"{page}/save", sent).status_code == 302
    view = products_by_id([product_id])[product_id]
    assert view.attributes == before.attributes | {
        "energy_class": "B", "repair_info": "https://maker.example/repair", "software_update_years": "7", "batch": "L-26",
        "accessibility": {"es": "Avisos sonoros"},
    }  # fmt: skip
    shown = Client().get(f"/es-en/p/{view.address}").content.decode()
    for words in (
        'href="https://maker.example/repair"', ">maker.example<", "The maker must repair goods of this kind for",
        "<dt>Energy class</dt><dd>B</dd>", "Avisos sonoros", "<dt>Batch number</dt><dd>L-26</dd>",
    ):  # fmt: skip
        assert words in shown, words
    save_products(
        make.system(),
        drafts=[ProductDraft(seller_id, view.handle, attributes={"accessibility": {"fr": "Alertes"}})],
    )
    assert client.post(f"{page}/save", sent | {"accessibility_es": "", "batch": ""}).status_code == 302
    assert products_by_id([product_id])[product_id].attributes["accessibility"] == {"fr": "Alertes"}
    save_products(
        make.system(),
        drafts=[ProductDraft(seller_id, view.handle, attributes={"accessibility": {"fr": None}})],
    )
    assert {"accessibility", "batch"}.isdisjoint(products_by_id([product_id])[product_id].attributes)


def test_a_wrong_code_keeps_what_was_typed() -> None:
    """Another product's worth of typing is not lost to one wrong digit: the sentence stands at its field."""
    make.open_market("ES")
    seller_id = make.seller()
    product_id = make.product(seller_id, hs6="392410", title={"es": "Camiseta"}, motif="mug")
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.get(pk=make.staff(seller_id).actor.user_id or 0))
    page = f"/seller/products/{show_id('prd', product_id)}"
    typed = {
        "title_es": "Camiseta nueva", "description_es": "Muy <larga>", "category": "kitchen", "maker_name": "Otro taller",
        "hs6": "392410", "hs_code_EU": "39241000", "hs_code_GB": "12345678",
    }  # fmt: skip
    for wrong, field in (({}, "hs_code_GB"), ({"hs_code_GB": "", "hs6": "999999"}, "hs6")):
        answer = client.post(f"{page}/save", typed | wrong)
        html = answer.content.decode()
        assert answer.status_code == 422
        for kept in ("Camiseta nueva", "Muy &lt;larga&gt;", "Otro taller", 'value="39241000"'):
            assert kept in html, kept
        assert f'id="w-{field}"' in html
        assert html.count('aria-invalid="true"') == 1
        assert products_by_id([product_id])[product_id].title["es"] == "Camiseta"
