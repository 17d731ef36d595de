"""Labels and packing slips: a scanner reads them, a person too."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from entrepot.kit.errors import NotFound
from entrepot.kit.ids import new_id
from entrepot.logistics.commands import create_consignment, pack_parcel
from entrepot.logistics.queries import Address, GoodsItem, labels_of_orders, packing_slip
from tests.make import system

pytestmark = pytest.mark.django_db

SENDER = Address("杭州好物 Hangzhou Fine Goods", "88 Wensan Rd", "310000", "Hangzhou", "CN")
CONSIGNEE = Address(
    "Łucja Ibáñez-Þórsdóttir de la Santísima Trinidad", "Calle del Príncipe de Vergara 128, escalera B", "28013",
    "Madrid", "ES", "+34 600 000 000", "3.º dcha., puerta 12",
)  # fmt: skip


def packed(order_id: int = 7, items: int = 2) -> list[tuple[str, str]]:
    create_consignment(
        system(), order_id=order_id, seller_id=new_id(), purchase_ref="A1B2-C3D4E-F5G6H", market="ES", language="es",
        origin=SENDER, destination=CONSIGNEE,
        goods=[GoodsItem(f"SKU-{n}", f"Taza de gres {n}", n + 1, 400, options="azul") for n in range(items)],
    )  # fmt: skip
    boxes = [pack_parcel(system(), order_id=order_id, weight_g=900 + n) for n in range(2)]
    return [(box.tracking_no, box.sscc) for box in boxes]


def test_a_scanner_reads_every_code_of_a_label(tmp_path: Path) -> None:
    if shutil.which("pdftoppm") is None:
        pytest.skip("rendering needs poppler's pdftoppm")
    zxingcpp = pytest.importorskip("zxingcpp")
    numbers = packed()
    file = tmp_path / "label.pdf"
    file.write_bytes(labels_of_orders(system(), [7]))
    subprocess.run(["pdftoppm", "-r", "203", "-png", str(file), str(tmp_path / "page")], check=True)
    for (tracking_no, sscc), page in zip(numbers, sorted(tmp_path.glob("page*.png")), strict=True):
        found = [(code.text, str(code.format)) for code in zxingcpp.read_barcodes(Image.open(page))]
        assert sorted(text for text, _ in found).count(tracking_no) == 2, found
        assert len({form for _, form in found}) >= 2
        assert any(sscc in text and "00" in text for text, _ in found), found


def test_a_label_is_an_a6_page_with_both_addresses() -> None:
    numbers = packed()
    for language, word in (("es", "Destinatario"), ("en", "To")):
        reader = PdfReader(io.BytesIO(labels_of_orders(system(), [7], language=language)))
        assert len(reader.pages) == 2
        box = reader.pages[0].mediabox
        assert (round(box.width / 72 * 25.4), round(box.height / 72 * 25.4)) == (105, 148)
        text = reader.pages[0].extract_text()
        assert word.upper() in text
        assert "Łucja Ibáñez" in text
        assert "28013 Madrid" in text
        assert numbers[0][1] in text
        assert "HGH" in text
        assert "LGG" in text


def test_a_packing_slip_lists_every_piece_over_its_pages() -> None:
    packed(items=70)
    reader = PdfReader(io.BytesIO(packing_slip(system(), 7)))
    text = "".join(page.extract_text() for page in reader.pages)
    assert len(reader.pages) == 3
    assert all(f"SKU-{n}\n" in text + "\n" or f"SKU-{n}" in text for n in range(70))
    assert f"Total de unidades: {sum(range(1, 71))}" in text
    assert "Albarán" in text
    assert "Packing slip" in "".join(
        page.extract_text() for page in PdfReader(io.BytesIO(packing_slip(system(), 7, language="en"))).pages
    )


def test_no_paper_without_a_parcel() -> None:
    with pytest.raises(NotFound):
        labels_of_orders(system(), [404])
    with pytest.raises(NotFound):
        packing_slip(system(), 404)
