"""What is printed and stuck on: the label (A6) and the packing slip (A4), as PDF.

Codes on a label: the tracking number as Code 128 for a hand scanner and as QR for a phone; the SSCC as GS1-128, which
every warehouse reads. Text is Source Sans; a Chinese line falls back to the font PDF readers carry for it.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from django.utils import translation
from django.utils.translation import pgettext
from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.code128 import Code128
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.pagesizes import A4, A6
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from entrepot.kit.money import exponent_of
from entrepot.kit.tongues import spoken
from entrepot.kit.typeface import font_for, register_fonts

GS1_FNC1 = "\xf1"
Align = Literal["left", "right", "centre"]


@dataclass(frozen=True, slots=True)
class Lines:
    """An address in lines: name first, country last."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LabelFacts:
    """What stands on a label."""

    sender: Lines
    consignee: Lines
    tracking_no: str
    sscc: str
    order_number: str
    weight_g: int
    number: int  # this parcel
    of: int  # parcels of the consignment
    route: tuple[str, ...]  # HGH, LGG, MAD, 28013
    deliver_by: date | None
    service: str


@dataclass(frozen=True, slots=True)
class SlipItem:
    """One row of a packing slip."""

    sku: str
    title: str
    options: str
    quantity: int


def _words(language: str) -> dict[str, str]:
    """The papers' words; their context keeps these short ones apart from the pages'."""
    with translation.override(spoken(language)):
        return {
            "from": pgettext("paper", "From"),
            "to": pgettext("paper", "To"),
            "parcel": pgettext("paper", "Parcel"),
            "order": pgettext("paper", "Order"),
            "weight": pgettext("paper", "Weight"),
            "by": pgettext("paper", "Deliver by"),
            "slip": pgettext("paper", "Packing slip"),
            "sku": pgettext("paper", "SKU"),
            "what": pgettext("paper", "Product"),
            "pieces": pgettext("paper", "Qty"),
            "total": pgettext("paper", "Pieces in all"),
            "page": pgettext("paper", "Page %(number)s of %(of)s"),
            "pick": pgettext("paper", "Pick list"),
            "orders": pgettext("paper", "Orders"),
            "manifest": pgettext("paper", "Hand-over list"),
            "carrier": pgettext("paper", "Carrier"),
            "parcels": pgettext("paper", "Parcels"),
            "load": pgettext("paper", "Loading list"),
            "cages": pgettext("paper", "Cages"),
            "signature": pgettext("paper", "Name, signature, date and time of the driver"),
            "returns": pgettext(
                "paper",
                "Returns: you may withdraw from the contract within 14 days, from your order's page, "
                "without giving a reason.",
            ),
        }


def _write(
    canvas: Canvas, x: float, y: float, text: str, size: float, *, bold: bool = False, wide: float = 0,
    align: Align = "left",
) -> None:  # fmt: skip
    """One line of text, made narrower until it fits in `wide` points."""
    font = font_for(text, bold)
    while wide and size > 5 and pdfmetrics.stringWidth(text, font, size) > wide:
        size -= 0.25
    while wide and len(text) > 1 and pdfmetrics.stringWidth(text, font, size) > wide:
        text = text[:-2] + "…"
    canvas.setFont(font, size)
    draw = {"left": canvas.drawString, "right": canvas.drawRightString, "centre": canvas.drawCentredString}[
        align
    ]
    draw(x, y, text)


def _code128(canvas: Canvas, value: str, x: float, y: float, wide: float, high: float) -> None:
    """A Code 128 as wide as it may be, with quiet zones inside `wide`."""
    plain = Code128(value, barWidth=1.0, barHeight=high, quiet=False)
    bar = (wide - 20 * wide / (plain.width + 20)) / plain.width
    code = Code128(value, barWidth=bar, barHeight=high, quiet=False)
    code.drawOn(canvas, x + (wide - code.width) / 2, y)


def _qr(canvas: Canvas, value: str, x: float, y: float, side: float) -> None:
    widget: Any = QrCodeWidget(value, barLevel="M", barWidth=side, barHeight=side, barBorder=2)
    drawing = Drawing(side, side)
    drawing.add(widget)
    renderPDF.draw(drawing, canvas, x, y)


def label_pdf(labels: Sequence[LabelFacts], language: str) -> bytes:
    """Labels of 105 × 148 mm, one a page."""
    register_fonts()
    say = _words(language)
    canvas = Canvas(io.BytesIO(), pagesize=A6, invariant=1)
    canvas.setTitle(" ".join(label.tracking_no for label in labels)[:200])
    for label in labels:
        _label(canvas, label, say)
        canvas.showPage()
    pdf: bytes = canvas.getpdfdata()
    return pdf


def _label(canvas: Canvas, label: LabelFacts, say: dict[str, str]) -> None:
    wide, high = A6
    edge = 5 * mm
    inner = wide - 2 * edge
    top = high - edge
    canvas.setLineWidth(0.8)
    _write(canvas, edge, top - 11, "ENTREPOT", 13, bold=True)
    service = label.service.upper()
    numbered = f"{service}   {label.number}/{label.of}"
    _write(canvas, wide - edge, top - 11, numbered, 11, bold=True, align="right")
    canvas.line(edge, top - 16, wide - edge, top - 16)
    # The route: the code of each stop, the door last and largest.
    _write(canvas, edge, top - 36, " › ".join(label.route), 17, bold=True, wide=inner)
    canvas.line(edge, top - 43, wide - edge, top - 43)
    y = top - 52
    _write(canvas, edge, y, f"{say['from']}: {label.sender.name}", 7, wide=inner)
    _write(canvas, edge, y - 8.5, ", ".join(label.sender.lines), 7, wide=inner)
    y -= 22
    qr_side = 27 * mm
    column = inner - qr_side - 4
    _write(canvas, edge, y, say["to"].upper(), 7)
    _write(canvas, edge, y - 13, label.consignee.name, 12, bold=True, wide=column)
    for number, line in enumerate(label.consignee.lines):
        is_town = number == len(label.consignee.lines) - 2
        _write(canvas, edge, y - 27 - 13.5 * number, line, 13 if is_town else 11, bold=is_town, wide=column)
    _qr(canvas, label.tracking_no, wide - edge - qr_side, y - qr_side + 8, qr_side)
    y -= 104
    facts = [f"{say['order']} {label.order_number}", f"{say['weight']} {label.weight_g / 1000:.2f} kg"]
    if label.deliver_by:
        facts.append(f"{say['by']} {label.deliver_by.isoformat()}")
    _write(canvas, edge, y, "   ·   ".join(facts), 8, wide=inner)
    canvas.line(edge, y - 5, wide - edge, y - 5)
    _code128(canvas, label.tracking_no, edge, y - 72, inner, 60)
    _write(canvas, wide / 2, y - 85, _grouped(label.tracking_no), 11, bold=True, align="centre")
    canvas.line(edge, y - 92, wide - edge, y - 92)
    _code128(canvas, f"{GS1_FNC1}00{label.sscc}", edge, y - 164, inner, 64)
    _write(canvas, wide / 2, y - 176, f"(00) {label.sscc}", 9, align="centre")


def cage_pdf(code: str, name: str, place: str, route: str, departs: datetime) -> bytes:
    """The label of a cage, A6: its chute and number to read from afar, its code for a hand scanner and a phone."""
    register_fonts()
    canvas = Canvas(io.BytesIO(), pagesize=A6, invariant=1)
    canvas.setTitle(code)
    wide, high = A6
    edge = 5 * mm
    inner = wide - 2 * edge
    _write(canvas, wide / 2, high - edge - 60, name, 68, bold=True, wide=inner, align="centre")
    _write(canvas, edge, high - edge - 92, place, 24, bold=True, wide=inner)
    _write(canvas, edge, high - edge - 114, f"{route}   {departs:%Y-%m-%d %H:%M}", 13, wide=inner)
    _qr(canvas, code, (wide - 44 * mm) / 2, 40 * mm, 44 * mm)
    _code128(canvas, code, edge, 14 * mm, inner, 60)
    _write(canvas, wide / 2, 8 * mm, code, 11, bold=True, align="centre")
    canvas.showPage()
    pdf: bytes = canvas.getpdfdata()
    return pdf


def customs_pdf(title: str, view: dict[str, Any], *, is_cn23: bool) -> bytes:
    """A customs paper, A4: parties, goods lines, totals, a place to sign. `view` holds the fields of a CustomsView."""
    register_fonts()
    canvas = Canvas(io.BytesIO(), pagesize=A4, invariant=1)
    canvas.setTitle(f"{title} {view['reference']}")
    wide, high = A4
    edge, inner = 18 * mm, A4[0] - 36 * mm
    digits = exponent_of(view["currency"])
    unit = 10**digits
    lines = list(view["lines"])
    pages = [lines[start : start + 22] for start in range(0, len(lines), 22)] or [[]]
    columns = (
        (0, "No", "left"), (8, "Description", "left"), (96, "Qty", "right"), (112, "Net kg", "right"),
        (134, "Value", "right"), (140, "HS", "left"), (160, "Origin", "left"),
    )  # fmt: skip
    if is_cn23:
        columns = (
            (0, "No", "left"), (8, "Description détaillée / Contents", "left"), (96, "Qté / Qty", "right"),
            (112, "Net kg", "right"), (134, "Valeur / Value", "right"), (140, "No tarifaire / HS", "left"),
            (162, "Orig.", "left"),
        )  # fmt: skip
    for number, rows in enumerate(pages, start=1):
        y = high - edge
        _write(canvas, edge, y, title, 15, bold=True, wide=inner)
        _write(canvas, wide - edge, y - 16, f"{number}/{len(pages)}", 9, align="right")
        y -= 20
        facts = f"{view['reference']}   {view['created_on']}   {view['incoterm']}   {view['data_set']}" + (
            f"   IOSS {view['ioss_no']}" if view["ioss_no"] else ""
        )
        _write(canvas, edge, y, facts, 9, wide=inner - 40)
        y -= 14
        _write(canvas, edge, y, ", ".join(view["tracking_nos"]), 9, wide=inner)
        y -= 20
        for x, words, who in (
            (edge, "De / From" if is_cn23 else "Sender", view["sender"]),
            (edge + inner / 2, "A / To" if is_cn23 else "Receiver", view["receiver"]),
        ):
            _write(canvas, x, y, words, 8)
            for place, text in enumerate(
                (
                    who["name"],
                    who["street"],
                    f"{who['postcode']} {who['city']}".strip(),
                    who["country"],
                    who["phone"],
                )
            ):
                _write(canvas, x, y - 13 - 12 * place, text, 10, bold=place == 0, wide=inner / 2 - 8)
        y -= 84
        for offset, words, align in columns:
            _write(canvas, edge + offset * mm, y, words, 8, bold=True, align=align)  # type: ignore[arg-type]
        canvas.line(edge, y - 4, wide - edge, y - 4)
        for line in rows:
            y -= 16
            values = (
                str(line["position"]), line["description"], str(line["quantity"]), f"{line['weight_g'] / 1000:.3f}",
                f"{line['value_minor'] / unit:.{digits}f}", line["hs6"], line["origin_country"],
            )  # fmt: skip
            for (offset, _, align), text in zip(columns, values, strict=True):
                room = 76 * mm if offset == 8 else 0
                _write(canvas, edge + offset * mm, y, text, 9, wide=room, align=align)  # type: ignore[arg-type]
        if number == len(pages):
            canvas.line(edge, y - 8, wide - edge, y - 8)
            total = f"Total {view['value_minor'] / unit:.{digits}f} {view['currency']}   {view['gross_weight_g'] / 1000:.3f} kg"
            _write(canvas, edge + 134 * mm, y - 22, total, 11, bold=True, align="right")
            kind = "☒ Vente de marchandises / Sale of goods" if is_cn23 else "Sale of goods"
            _write(canvas, edge, y - 44, kind.replace("☒", "[x]"), 9, wide=inner)
            sentence = (
                "I certify that the particulars given are correct and that this item does not contain any dangerous "
                "article prohibited by legislation or by postal or customs regulations."
                if is_cn23
                else "Values are without VAT and duty. We declare that this invoice shows the price of the goods."
            )
            _write(canvas, edge, y - 60, sentence, 8, wide=inner)
            canvas.line(wide - edge - 70 * mm, y - 96, wide - edge, y - 96)
            _write(canvas, wide - edge - 70 * mm, y - 106, "Date, signature", 8)
        canvas.showPage()
    pdf: bytes = canvas.getpdfdata()
    return pdf


def _grouped(number: str) -> str:
    return " ".join((number[:2], number[2:6], number[6:10], number[10:]))


def slip_pdf(
    *,
    sender: Lines,
    consignee: Lines,
    order_number: str,
    items: Sequence[SlipItem],
    tracking_nos: Sequence[str],
    language: str,
) -> bytes:
    """The packing slip of a consignment: what is inside, for whom, from whom. A4, as many pages as it needs."""
    register_fonts()
    say = _words(language)
    canvas = Canvas(io.BytesIO(), pagesize=A4, invariant=1)
    canvas.setTitle(f"{say['slip']} {order_number}")
    rows_on_first, rows_on_next = 26, 38
    pages = [list(items[:rows_on_first])]
    rest = list(items[rows_on_first:])
    while rest:
        pages.append(rest[:rows_on_next])
        rest = rest[rows_on_next:]
    for number, rows in enumerate(pages, start=1):
        _slip_page(canvas, say, sender, consignee, order_number, rows, tracking_nos, number, len(pages))
        if number == len(pages):
            pieces = sum(item.quantity for item in items)
            _write(
                canvas, A4[0] - 20 * mm, 32 * mm, f"{say['total']}: {pieces}", 10, bold=True, align="right"
            )
            _write(canvas, 20 * mm, 22 * mm, say["returns"], 9, wide=A4[0] - 40 * mm)
        canvas.showPage()
    pdf: bytes = canvas.getpdfdata()
    return pdf


def _slip_page(
    canvas: Canvas, say: dict[str, str], sender: Lines, consignee: Lines, order_number: str,
    rows: Sequence[SlipItem], tracking_nos: Sequence[str], number: int, of: int,
) -> None:  # fmt: skip
    wide, high = A4
    edge = 20 * mm
    y = high - edge
    _write(canvas, edge, y, f"{say['slip']} · {say['order']} {order_number}", 16, bold=True)
    _write(canvas, wide - edge, y, say["page"] % {"number": number, "of": of}, 9, align="right")
    y -= 26
    if number == 1:
        half = (wide - 2 * edge) / 2
        for x, title, who in ((edge, say["from"], sender), (edge + half, say["to"], consignee)):
            _write(canvas, x, y, title.upper(), 8)
            _write(canvas, x, y - 14, who.name, 11, bold=True, wide=half - 10)
            for place, line in enumerate(who.lines):
                _write(canvas, x, y - 28 - 13 * place, line, 10, wide=half - 10)
        _code128(canvas, order_number.replace("-", ""), wide - edge - 70 * mm, y - 118, 70 * mm, 26)
        _write(
            canvas,
            edge,
            y - 112,
            f"{say['parcel']}: {', '.join(tracking_nos)}" if tracking_nos else "",
            9,
            wide=90 * mm,
        )
        y -= 140
    _write(canvas, edge, y, say["sku"], 9, bold=True)
    _write(canvas, edge + 45 * mm, y, say["what"], 9, bold=True)
    _write(canvas, wide - edge, y, say["pieces"], 9, bold=True, align="right")
    canvas.line(edge, y - 4, wide - edge, y - 4)
    for item in rows:
        y -= 17
        _write(canvas, edge, y, item.sku, 9, wide=43 * mm)
        title = f"{item.title} · {item.options}" if item.options else item.title
        _write(canvas, edge + 45 * mm, y, title, 10, wide=wide - 2 * edge - 62 * mm)
        _write(canvas, wide - edge, y, str(item.quantity), 11, bold=True, align="right")


@dataclass(frozen=True, slots=True)
class PickItem:
    """Goods to fetch from a shelf, and for which orders."""

    sku: str
    title: str
    options: str
    quantity: int
    orders: tuple[tuple[str, int], ...]


ROWS_A_LIST = 22


def _lists(title: str, rows: Sequence[Any], say: dict[str, str], draw: Any, foot: Any = None) -> bytes:
    """A4 pages of rows under one title: `draw` writes one row at a height, `foot` what stands under the last."""
    register_fonts()
    canvas = Canvas(io.BytesIO(), pagesize=A4, invariant=1)
    canvas.setTitle(title)
    pages = [rows[start : start + ROWS_A_LIST] for start in range(0, len(rows), ROWS_A_LIST)]
    wide, high = A4
    for number, page in enumerate(pages, start=1):
        _write(canvas, 20 * mm, high - 20 * mm, title, 16, bold=True, wide=wide - 75 * mm)
        _write(
            canvas,
            wide - 20 * mm,
            high - 20 * mm,
            say["page"] % {"number": number, "of": len(pages)},
            9,
            align="right",
        )
        for place, row in enumerate(page):
            y = high - 40 * mm - 28 * place
            draw(canvas, row, y)
            canvas.setLineWidth(0.3)
            canvas.line(20 * mm, y - 14, wide - 20 * mm, y - 14)
        if number == len(pages) and foot is not None:
            foot(canvas)
        canvas.showPage()
    pdf: bytes = canvas.getpdfdata()
    return pdf


def pick_pdf(items: Sequence[PickItem], orders: int, language: str) -> bytes:
    """What to fetch, SKU by SKU, with a box to tick: A4, as many pages as it needs."""
    say = _words(language)
    wide = A4[0]

    def draw(canvas: Canvas, item: PickItem, y: float) -> None:
        canvas.rect(20 * mm, y - 6, 10, 10)
        _write(canvas, 26 * mm, y, item.sku, 10, bold=True, wide=44 * mm)
        title = f"{item.title} · {item.options}" if item.options else item.title
        _write(canvas, 72 * mm, y, title, 10, wide=wide - 112 * mm)
        told = "   ".join(f"{ref} × {count}" for ref, count in item.orders)
        _write(canvas, 72 * mm, y - 10, told, 7, wide=wide - 112 * mm)
        _write(canvas, wide - 20 * mm, y, str(item.quantity), 14, bold=True, align="right")

    return _lists(f"{say['pick']} · {say['orders']}: {orders}", items, say, draw)


Signed = tuple[str, datetime] | None


def _signature(canvas: Canvas, say: dict[str, str], signed: Signed) -> None:
    """Room for the driver's signature; the name and the time once it was given on a screen."""
    canvas.line(90 * mm, 20 * mm, A4[0] - 20 * mm, 20 * mm)
    _write(canvas, 90 * mm, 16 * mm, say["signature"], 8)
    if signed is not None:
        name, at = signed
        _write(canvas, 90 * mm, 22 * mm, f"{name} · {at:%Y-%m-%d %H:%M %Z}", 11, wide=A4[0] - 110 * mm)


def load_pdf(
    way: str, departs_at: datetime, cages: Sequence[tuple[str, str, int, int]], language: str, signed: Signed
) -> bytes:
    """What a vehicle takes along: each cage with its code, chute, parcels and weight, and room to sign."""
    say = _words(language)
    wide = A4[0]

    def draw(canvas: Canvas, row: tuple[str, str, int, int], y: float) -> None:
        code, chute, parcels, grams = row
        _write(canvas, 20 * mm, y, chute, 14, bold=True)
        _code128(canvas, code, 38 * mm, y - 10, 55 * mm, 20)
        _write(canvas, 96 * mm, y, code, 10)
        _write(canvas, wide - 50 * mm, y, f"{say['parcels']}: {parcels}", 10, align="right")
        _write(canvas, wide - 20 * mm, y, f"{grams / 1000:.1f} kg", 10, align="right")

    def foot(canvas: Canvas) -> None:
        parcels, kilograms = sum(row[2] for row in cages), sum(row[3] for row in cages) / 1000
        total = f"{say['cages']}: {len(cages)} · {say['parcels']}: {parcels} · {kilograms:.1f} kg"
        _write(canvas, 20 * mm, 30 * mm, total, 11, bold=True)
        _signature(canvas, say, signed)

    return _lists(f"{say['load']} · {way} · {departs_at:%Y-%m-%d %H:%M %Z}", cages, say, draw, foot)


def manifest_pdf(
    number: int, carrier: str, made_at: datetime, parcels: Sequence[tuple[str, str, int]], language: str,
    signed: Signed = None,
) -> bytes:  # fmt: skip
    """The list of a hand-over: every parcel with its numbers and weight, the list's own code, room to sign."""
    say = _words(language)
    wide = A4[0]

    def draw(canvas: Canvas, row: tuple[str, str, int], y: float) -> None:
        _write(canvas, 20 * mm, y, _grouped(row[0]), 11, bold=True)
        _write(canvas, 80 * mm, y, f"(00) {row[1]}", 9)
        _write(canvas, wide - 20 * mm, y, f"{row[2] / 1000:.2f} kg", 10, align="right")

    def foot(canvas: Canvas) -> None:
        kilograms = sum(grams for _, _, grams in parcels) / 1000
        _write(
            canvas, 20 * mm, 30 * mm, f"{say['parcel']}: {len(parcels)} · {kilograms:.2f} kg", 11, bold=True
        )
        _signature(canvas, say, signed)
        _code128(canvas, f"EM{number:09d}", 20 * mm, 12 * mm, 60 * mm, 30)

    title = f"{say['manifest']} {number} · {say['carrier']}: {carrier} · {made_at:%Y-%m-%d %H:%M} UTC"
    return _lists(title, parcels, say, draw, foot)


def zpl_of(pdf: bytes) -> str:
    """A PDF of labels in Zebra's language: each page as dots of a 203 dpi head, so that no font has to be in the printer."""
    from zebrafy import ZebrafyPDF

    zpl: str = ZebrafyPDF(pdf, format="Z64", dither=False, dpi=203, set_label_size=True).to_zpl()
    return zpl
