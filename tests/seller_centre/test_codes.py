"""HS codes in the seller centre: suggested from title and category, confirmed by a person, shown by destination."""

from __future__ import annotations

import pytest
from django.test import Client

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
