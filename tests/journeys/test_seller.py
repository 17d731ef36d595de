"""A new seller: a shop opened, a sheet imported, mended and undone, and what shoppers see of it."""

from __future__ import annotations

import io
import os
import re
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.journeys.conftest import Person
from tests.market import ROOT

SHARED = Path(os.environ.get("ENTREPOT_SHARED", ROOT.parent / "shared"))
EMAIL = "taller.alpaca@buzon.example"
# "Pieza" is no name of ours: the seller says what it means. Rows 4 and 5 are wrong.
SHEET = """\
Pieza;SKU;Precio;Existencias;Peso g;Marca;Código HS;País de origen;Categoria
Jarra de alpaca;ALP-1;24,90;12;640;Alpaca;691200;ES;vajilla
Cuenco de alpaca;ALP-2;14,50;30;410;Alpaca;691200;ES;vajilla
Plato de alpaca;ALP-3;doce;8;520;Alpaca;691200;ES;vajilla
Vaso de alpaca;ALP-4;9,90;2,5;260;Alpaca;691200;ES;vajilla
"""
# What the law asks for before a product is sold: who made it, and a picture.
MENDED = """SKU;Precio;manufacturer:name;manufacturer:address;manufacturer:email;image
ALP-1;24,90;Taller Alpaca;Calle Real 4, 45600 Talavera;hola@alpaca.example;jarra.jpg
ALP-2;14,50;Taller Alpaca;Calle Real 4, 45600 Talavera;hola@alpaca.example;cuenco.jpg
"""


def bundle() -> bytes:
    """The sheet with its photos, as one ZIP."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        box.writestr("alpaca.csv", MENDED)
        for name, colour in (("jarra.jpg", "#b5893d"), ("cuenco.jpg", "#3d6fb5")):
            photo = io.BytesIO()
            Image.new("RGB", (900, 900), colour).save(photo, "JPEG")
            box.writestr(name, photo.getvalue())
    return out.getvalue()


def upload(desk: Person, name: str, content: bytes) -> None:
    """Choose a file and have it checked; the page says so when it is done."""
    desk.go("/seller/imports")
    desk.page.set_input_files("#f-file", {"name": name, "mimeType": "text/csv", "buffer": content})
    desk.page.get_by_role("button", name="Revisar el archivo").click()
    desk.page.wait_for_url(re.compile("/seller/imports/.+"))
    expect(desk.page.locator("#run h2").first).to_be_visible(timeout=30_000)


def counts(desk: Person) -> dict[str, int]:
    """The figures over an import: what would become, or became, of its rows."""
    words = ("Nuevas", "Cambiadas", "Iguales", "Con errores", "Omitidas")
    figures = desk.page.locator(".figure .v").all_inner_texts()
    return dict(zip(words, (int(re.sub(r"\D", "", figure)) for figure in figures), strict=True))


class TestNewSeller:
    """One story in the order of time; each test stands on the one before."""

    def test_opens_a_shop(self, desk: Person) -> None:
        desk.go("/es-es/")
        desk.page.get_by_role("link", name="Vender aquí").click()
        desk.page.wait_for_url("**/accounts/login/**")
        desk.check()
        desk.page.get_by_role("link", name=re.compile("crear|regístr", re.IGNORECASE)).first.click()
        desk.sign_up(EMAIL)
        desk.page.wait_for_url("**/seller/open")
        desk.page.get_by_label("Nombre de la tienda").fill("Taller Alpaca")
        desk.page.get_by_label("Razón social").fill("Taller Alpaca S.L.")
        desk.check()
        desk.page.get_by_role("button", name="Abrir la tienda").click()
        desk.page.wait_for_url("**/seller/shop**")
        expect(desk.page.locator(".where")).to_contain_text("Taller Alpaca")
        desk.check()

    def test_fills_in_what_is_missing_and_is_approved(self, desk: Person) -> None:
        desk.sign_in(EMAIL)
        desk.go("/seller/shop")
        for name, value in {
            "address": "Calle Real 4", "postcode": "45600", "city": "Talavera de la Reina", "phone": "+34 925 000 111",
            "email": EMAIL, "register_no": "TO-12345", "ships_from_postcode": "45600", "ships_from_city": "Talavera de la Reina",
        }.items():  # fmt: skip
            desk.page.fill(f"#f-{name}", value)
        desk.page.locator("form:has(#f-display_name) button").click()
        expect(desk.page.locator(".note.ok")).to_be_visible()
        expect(desk.page.locator(".note.warn")).to_have_count(0)

    def test_brings_a_sheet_and_sees_what_would_happen(self, desk: Person) -> None:
        desk.sign_in(EMAIL)
        desk.go("/seller/")
        desk.check()
        upload(desk, "alpaca.csv", SHEET.encode())
        desk.check()
        desk.page.get_by_label("Pieza").fill("title")
        desk.page.get_by_role("button", name="Revisar de nuevo con estas columnas").click()
        desk.page.wait_for_load_state()
        expect(desk.page.locator("#run h2").first).to_be_visible(timeout=30_000)
        expect(desk.page.locator(".figure .v").first).to_have_text("2", timeout=30_000)
        assert counts(desk) == {"Nuevas": 2, "Cambiadas": 0, "Iguales": 0, "Con errores": 2, "Omitidas": 0}
        errors = desk.page.locator("tbody tr").all_inner_texts()
        assert any("doce" in row and "ALP-3" in row for row in errors), errors
        assert any("2,5" in row and "ALP-4" in row for row in errors), errors
        desk.check()
        desk.page.locator('a[href="?status=new"]').last.click()
        expect(desk.page.locator("tbody")).to_contain_text("ALP-1")
        desk.check()
        desk.page.get_by_role("button", name="Importar las filas correctas").click()
        expect(desk.page.get_by_role("button", name="Deshacer esta importación")).to_be_visible(
            timeout=30_000
        )
        desk.check()
        with desk.page.expect_download() as file:
            desk.page.get_by_role("link", name=re.compile("Archivo de resultados")).click()
        result = Path(file.value.path()).read_text(encoding="utf-8-sig")
        assert "ALP-3" in result
        assert "price_not_a_number" in result

    def test_waits_for_the_operator_who_approves(self, desk: Person) -> None:
        desk.sign_in("Operator")
        desk.go("/console/sellers/?state=draft")
        desk.page.get_by_role("link", name="Taller Alpaca").click()
        desk.page.get_by_role("button", name="Aprobar").click()
        expect(desk.page.locator(".note.ok")).to_be_visible()

    def test_mends_what_the_law_asks_for_and_goes_on_sale(self, desk: Person) -> None:
        desk.sign_in(EMAIL)
        desk.go("/seller/gaps")
        expect(desk.page.locator("main")).to_contain_text("GP-19A")
        expect(desk.page.locator("main")).to_contain_text("GP-19E")
        desk.check()
        upload(desk, "alpaca.zip", bundle())
        assert counts(desk) == {"Nuevas": 0, "Cambiadas": 2, "Iguales": 0, "Con errores": 0, "Omitidas": 0}
        desk.page.get_by_role("button", name="Importar las filas correctas").click()
        expect(desk.page.get_by_role("button", name="Deshacer esta importación")).to_be_visible(
            timeout=30_000
        )
        desk.go("/seller/gaps")
        expect(desk.page.locator("main")).not_to_contain_text("Jarra de alpaca")

    def test_shoppers_see_it_and_a_changed_price_and_stock(self, desk: Person) -> None:
        desk.sign_in(EMAIL)
        desk.go("/seller/products")
        desk.check()
        desk.page.get_by_role("link", name="Jarra de alpaca").click()
        desk.check()
        shop = desk.page.get_by_role("link", name="Como lo ven los compradores").get_attribute("href") or ""
        desk.go_until(shop, ".price.big", "24,90")
        expect(desk.page.locator("h1")).to_contain_text("Jarra de alpaca")
        desk.check()
        desk.page.go_back()
        desk.page.get_by_label(re.compile("^Precio")).fill("21,50")
        desk.page.get_by_role("button", name="Cambiar el precio").click()
        expect(desk.page.locator(".note.ok")).to_be_visible()
        desk.page.get_by_label(re.compile("^En existencias|^Existencias")).first.fill("3")
        desk.page.get_by_role("button", name=re.compile("cantidad", re.IGNORECASE)).first.click()
        expect(desk.page.locator(".note.ok")).to_be_visible()
        desk.go_until(shop, ".price.big", "21,50")
        expect(desk.page.locator("main")).to_contain_text("24,90")  # the lowest price of the 30 days before
        desk.go_until(shop, ".prior", re.compile(r"\b3\b"))

    def test_the_same_again_changes_nothing_and_an_import_is_undone(self, desk: Person) -> None:
        desk.sign_in(EMAIL)
        exported = desk.context.request.get("/seller/export?kind=csv").body()
        assert b"ALP-1" in exported
        upload(desk, "export.csv", exported)
        assert counts(desk) == {"Nuevas": 0, "Cambiadas": 0, "Iguales": 2, "Con errores": 0, "Omitidas": 0}
        upload(desk, "dearer.csv", exported.replace(b"14.50", b"19.50"))
        assert counts(desk)["Cambiadas"] == 1
        expect(desk.page.locator("del", has_text="14")).to_be_visible()
        desk.page.get_by_role("button", name="Importar las filas correctas").click()
        undo = desk.page.get_by_role("button", name="Deshacer esta importación")
        expect(undo).to_be_visible(timeout=30_000)
        undo.click()
        expect(desk.page.locator(".note.ok")).to_be_visible()
        assert desk.context.request.get("/seller/export?kind=csv").body() == exported
        desk.go("/seller/imports")
        desk.check()

    @pytest.mark.skipif(
        not (SHARED / "data/feed-shopify-csv/jewelery.csv").is_file(), reason="no shared data"
    )
    def test_brings_a_real_shops_feed(self, desk: Person) -> None:
        desk.sign_in(EMAIL)
        feed = (SHARED / "data/feed-shopify-csv/jewelery.csv").read_bytes()
        upload(desk, "jewelery.csv", feed)
        assert counts(desk)["Nuevas"] == 41
        desk.page.get_by_role("button", name="Importar las filas correctas").click()
        expect(desk.page.get_by_role("button", name="Deshacer esta importación")).to_be_visible(
            timeout=60_000
        )
        upload(desk, "jewelery.csv", feed)
        assert counts(desk)["Iguales"] == 41
