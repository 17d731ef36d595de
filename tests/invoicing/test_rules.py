"""Every kind of document the product issues is valid by the official EN 16931 rules, as UBL, as CII and inside its PDF."""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from datetime import date

import facturx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from reportlab.pdfbase import pdfmetrics

from entrepot.invoicing.errors import LettersMissing
from entrepot.invoicing.facts import Content, Item, Party
from entrepot.invoicing.paper import invoice_pdf
from entrepot.invoicing.policy import Sold, SoldLine, Words, decide_credit, decide_items, taxes_of
from entrepot.invoicing.xml import cii_xml, ubl_xml
from entrepot.kit.money import vat_inside
from tests.invoicing.rules import broken

WORDS = Words("Delivery", "Import VAT", "Customs duty", "Given back")
PLATFORM = Party(
    "Entrepot Piloto, S.L.", "Calle de Alcalá 1", "28014", "Madrid", "ES", "ESB87123451", "Madrid 1"
)
SPANISH = Party(
    "Almazara Ñ & Hijos <S.L.>", "Calle Mayor 1", "23001", "Jaén", "ES", "ESB87123451", "Jaén 7", "sel_1"
)
FRENCH = Party("Atelier SARL", "1 rue de Lyon", "69001", "Lyon", "FR", "FR40303265045", "RCS Lyon 1", "sel_2")
CHINESE = Party(
    "Hangzhou Lamps Co., Ltd.", "West Lake Road 8", "310000", "Hangzhou", "CN", "", "91330100", "sel_3"
)
UNKNOWN = Party("Tienda sin números", "Calle 2", "28001", "Madrid", "ES", "", "", "sel_4")
PERSON = Party("Pilar Usada", "Calle 3", "28001", "Madrid", "ES", "", "", "sel_5")
BUYER = Party("Ana Prueba", "Calle Mayor 3", "28013", "Madrid", "ES", reference="pur_1")


def sold(supply: str, *rates: int, duty: int = 0, shipping: int = 495, **more: bool) -> Sold:
    """An order of one line for each rate; VAT lies inside the gross amounts."""
    lines = tuple(
        SoldLine(f"Cosa {n}", f"SKU-{n}", n + 1, 4001 + 700 * n, vat_inside(4001 + 700 * n, rate), rate)
        for n, rate in enumerate(rates)
    )
    vat = sum(line.vat_minor for line in lines) + vat_inside(shipping, rates[0])
    return Sold(lines, shipping, vat, duty, supply, more.get("private", False), more.get("exporter", False))


def document(kind: str, items: list[Item], issuer: Party, receiver: Party = BUYER, **more: object) -> Content:
    content = Content(
        kind=kind, number="EP-F26-000001", issued_on=date(2026, 11, 22), tax_point_on=date(2026, 11, 22), currency="EUR",
        language="es", issuer=issuer, receiver=receiver, items=tuple(items), taxes=taxes_of(items),
        net_minor=sum(item.net_minor for item in items), vat_minor=sum(item.vat_minor for item in items),
        gross_minor=sum(item.net_minor + item.vat_minor for item in items), notes=("paid",), order_number="ABCD-12345",
    )  # fmt: skip
    return replace(content, **more)  # type: ignore[arg-type]


def credit(content: Content, part: int) -> Content:
    """A credit note for `part` minor units of an invoice."""
    items = decide_credit(
        content.taxes, vat_minor=content.vat_minor, gross_minor=content.gross_minor,
        before_minor=content.gross_minor, after_minor=content.gross_minor - part, words=WORDS,
    )  # fmt: skip
    return document(
        f"{content.kind}_credit", items, content.issuer, content.receiver, number="EP-A26-000001",
        corrects_number=content.number, corrects_on=content.issued_on, notes=("given_back",),
    )  # fmt: skip


def fee(category: str, rate: int, receiver: Party, *nets: int, kind: str = "fee") -> Content:
    items = [
        Item(f"Commission {n}", 1, net, net * rate // 10_000, category, rate) for n, net in enumerate(nets)
    ]
    return document(
        kind, items, PLATFORM, receiver, order_number="", period_from=date(2026, 10, 1), period_to=date(2026, 10, 31)
    )  # fmt: skip


INVOICES = {
    "domestic": document("sale", decide_items(sold("domestic", 2100), WORDS), SPANISH),
    "domestic, three rates": document(
        "sale", decide_items(sold("domestic", 2100, 1000, 400), WORDS), SPANISH
    ),
    "domestic, a rate of zero": document("sale", decide_items(sold("domestic", 2100, 0), WORDS), SPANISH),
    "domestic, no VAT number on file": document("sale", decide_items(sold("domestic", 2100), WORDS), UNKNOWN),
    "a private person's sale": document(
        "sale", decide_items(sold("domestic", 2100, private=True), WORDS), PERSON
    ),
    "distance sale by OSS": document("sale", decide_items(sold("distance", 2100), WORDS), FRENCH),
    "deemed supply by IOSS": document(
        "deemed", decide_items(sold("deemed_import", 2100, duty=300), WORDS), PLATFORM
    ),
    "deemed supply of stock by OSS": document(
        "deemed", decide_items(sold("deemed_stock", 2100), WORDS), PLATFORM
    ),
    "import above the limit": document("sale", decide_items(sold("import", 2100, duty=900), WORDS), CHINESE),
    "export at zero": document(
        "sale",
        decide_items(sold("import", 0, exporter=True), WORDS),
        SPANISH,
        replace(BUYER, country="HK", city="Hong Kong"),
        currency="HKD",
    ),
    "self-billed, imported": document(
        "self", [Item("Goods", 1, 2396, 0, "O", 0)], CHINESE, PLATFORM, notes=("self", "O")
    ),
    "self-billed, stock in the Union": document(
        "self", [Item("Goods", 1, 2396, 0, "E", 0)], CHINESE, PLATFORM, notes=("self", "E")
    ),
    "commission at home": fee("S", 2100, SPANISH, 400, 812),
    "commission, reverse charge": fee("AE", 0, FRENCH, 400, 812),
    "commission outside the EU": fee("O", 0, CHINESE, 400),
    "commission to a private person elsewhere": fee("S", 2000, replace(PERSON, country="FR"), 400),
    "commission with fees given back": fee("S", 2100, SPANISH, 812, -400),
}
CREDITS = {
    f"{name}, {how}": credit(content, part(content.gross_minor))
    for name, content in INVOICES.items()
    if content.kind in ("sale", "deemed", "self")
    for how, part in {"given back whole": lambda whole: whole, "given back in part": lambda whole: whole // 3}.items()
} | {"commission given back": fee("S", 2100, SPANISH, 400, kind="fee_credit")}  # fmt: skip
ALL = INVOICES | CREDITS


@pytest.mark.parametrize("name", list(ALL))
def test_each_kind_keeps_every_rule(name: str) -> None:
    content = ALL[name]
    assert broken(ubl_xml(content), "ubl") == []  # built and checked against the XSD as well
    assert broken(cii_xml(content), "cii") == []


def test_the_rules_see_what_is_wrong() -> None:
    """A judge who says yes to everything proves nothing."""
    content = INVOICES["domestic"]
    wrong = ubl_xml(content).replace(b">21</cbc:Percent>", b">0</cbc:Percent>")
    assert any("BR-S-0" in rule for rule in broken(wrong, "ubl"))
    wrong = cii_xml(replace(content, gross_minor=content.gross_minor + 1))
    assert any("BR-CO-15" in rule for rule in broken(wrong, "cii"))


@pytest.mark.parametrize(
    "name",
    [
        "domestic, three rates",
        "commission, reverse charge",
        "export at zero",
        "self-billed, stock in the Union",
    ],
)
def test_the_pdf_is_made_for_the_archive_and_holds_the_same_document(name: str) -> None:
    content = ALL[name]
    made = invoice_pdf(content)
    file, xml = facturx.get_facturx_xml_from_pdf(made)
    assert file == "factur-x.xml"
    assert broken(xml, "cii") == []
    assert xml == cii_xml(content)
    reader = PdfReader(io.BytesIO(made))
    root = reader.trailer["/Root"]
    assert b"<pdfaid:part>3</pdfaid:part>" in root["/Metadata"].get_data()  # type: ignore[index]
    assert root["/OutputIntents"][0]["/DestOutputProfile"].get_data()[36:40] == b"acsp"  # type: ignore[index]
    assert root["/AF"]  # type: ignore[index]
    assert reader.trailer["/ID"]
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
    assert fonts
    for font in fonts:
        descriptor = font.get("/FontDescriptor") or font["/DescendantFonts"][0]["/FontDescriptor"]
        assert "/FontFile2" in descriptor.get_object(), font["/BaseFont"]
    text = "".join(page.extract_text() for page in reader.pages)
    assert content.number in text


HANGZHOU = replace(CHINESE, name="杭州西湖灯饰有限公司", address="文三路 8 号", city="杭州市")


@pytest.mark.parametrize("language", ["es", "zh-hans"])
def test_chinese_names_are_printed_in_a_font_that_is_inside(language: str) -> None:
    goods = [Item("铜灯 ★ Lámpara", 1, 2396, 0, "O", 0)]
    made = invoice_pdf(document("self", goods, HANGZHOU, PLATFORM, notes=("self", "O"), language=language))
    reader = PdfReader(io.BytesIO(made))
    names = set()
    for font in reader.pages[0]["/Resources"]["/Font"].values():  # type: ignore[index]
        inner = font.get_object()
        held = inner.get("/FontDescriptor") or inner["/DescendantFonts"][0]["/FontDescriptor"]
        assert "/FontFile2" in held.get_object()
        names.add(str(inner["/BaseFont"]))
    assert any("EntrepotHan" in name for name in names)
    text = reader.pages[0].extract_text()
    assert all(word in text for word in ("杭州西湖灯饰有限公司", "铜灯", "杭州市", "Lámpara"))
    assert not any(name.startswith("EntrepotHan") for name in pdfmetrics.getRegisteredFontNames())


@pytest.mark.parametrize(("currency", "sign"), [("THB", "THB"), ("VND", "₫"), ("PHP", "PHP")])
def test_a_currency_is_said_by_its_sign_or_its_code(currency: str, sign: str) -> None:
    sale = document("sale", decide_items(sold("domestic", 2100), WORDS), SPANISH, currency=currency)
    assert sign in PdfReader(io.BytesIO(invoice_pdf(sale))).pages[0].extract_text()


def test_letters_that_no_font_has_are_refused_and_symbols_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    def named(name: str) -> Content:
        return document("sale", decide_items(sold("domestic", 2100), WORDS), replace(SPANISH, name=name))

    shown = PdfReader(io.BytesIO(invoice_pdf(named("Velas 🕯 & ★")))).pages[0].extract_text()
    assert "Velas" in shown
    assert "★" not in shown
    with pytest.raises(LettersMissing) as refused:
        invoice_pdf(named("ร้านโคมไฟ"))
    assert "ร" in str(refused.value)
    monkeypatch.setitem(sys.modules, "pylopdf_fonts_zh_cn", None)
    with pytest.raises(LettersMissing) as refused:
        invoice_pdf(named("杭州 Lamps"))
    assert "州" in str(refused.value)
    assert "杭州" in ubl_xml(named("杭州 Lamps")).decode()


@settings(max_examples=200, deadline=None)
@given(
    lines=st.lists(
        st.tuples(st.integers(1, 9), st.integers(1, 500_000), st.sampled_from([0, 400, 1000, 2100])),
        min_size=1,
        max_size=6,
    ),
    shipping=st.integers(0, 3000),
    supply=st.sampled_from(["domestic", "distance", "deemed_import", "deemed_stock", "import"]),
    duty=st.integers(0, 300),
    steps=st.lists(st.integers(0, 10_000), max_size=5),
    private=st.booleans(),
)
def test_every_cent_of_a_sale_and_of_its_credits(
    lines: list[tuple[int, int, int]], shipping: int, supply: str, duty: int, steps: list[int], private: bool
) -> None:
    """An invoice sums to the order; whatever is given back in whatever steps, all of it sums to the invoice."""
    rows = tuple(SoldLine("x", "", n, gross, vat_inside(gross, rate), rate) for n, gross, rate in lines)
    vat = sum(row.vat_minor for row in rows) + vat_inside(shipping, lines[0][2])
    items = decide_items(Sold(rows, shipping, vat, duty, supply, private, False), WORDS)
    gross = sum(row.gross_minor for row in rows) + shipping
    assert sum(item.net_minor + item.vat_minor for item in items) == gross
    taxes = taxes_of(items)
    shown = sum(tax.vat_minor for tax in taxes)
    is_taxed = supply != "import" and not (private and supply in ("domestic", "distance"))
    assert shown == (vat if is_taxed else 0)
    left, back_net, back_vat = gross, 0, 0
    for share in [*steps, 10_000]:
        after = left - left * share // 10_000
        notes = decide_credit(
            taxes, vat_minor=shown, gross_minor=gross, before_minor=left, after_minor=after, words=WORDS
        )
        assert sum(item.net_minor + item.vat_minor for item in notes) == left - after
        back_net += sum(item.net_minor for item in notes)
        back_vat += sum(item.vat_minor for item in notes)
        left = after
    assert (back_net, back_vat) == (gross - shown, shown)
