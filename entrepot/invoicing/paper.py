"""A document for people: A4, in its own language, as PDF/A-3 with the same document as XML inside (Factur-X)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency, get_currency_symbol
from django.utils import translation
from django.utils.translation import pgettext
from facturx import generate_from_binary
from PIL import ImageCms
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from entrepot.invoicing.errors import LettersMissing
from entrepot.invoicing.facts import Content, Party
from entrepot.invoicing.policy import REASONS
from entrepot.invoicing.xml import cii_xml
from entrepot.kit.money import Money
from entrepot.kit.tongues import locale_of, spoken
from entrepot.kit.typeface import (
    BOLD,
    REGULAR,
    chinese_font,
    is_chinese,
    letters_missing,
    register_fonts,
    without_symbols,
)


class _Letters:
    """What Source Sans cannot print of one document: whole lines in `strange`, the letters in `missing`."""

    def __init__(self) -> None:
        self.strange: set[str] = set()
        self.missing: set[str] = set()
        self.font = ""


_letters: ContextVar[_Letters] = ContextVar("letters of the document being made")
# Tables name a font of their own even where every cell is a paragraph; one that is not embedded breaks the archive.
PLAIN = ("FONTNAME", (0, 0), (-1, -1), REGULAR)


def title_of(content: Content) -> str:
    """What the document is called, in the language in force."""
    return {
        "sale": pgettext("invoice", "Invoice"),
        "deemed": pgettext("invoice", "Invoice"),
        "fee": pgettext("invoice", "Invoice for our services"),
        "fee_credit": pgettext("invoice", "Credit note for our services"),
        "self": pgettext("invoice", "Self-billed invoice"),
        "self_credit": pgettext("invoice", "Self-billed credit note"),
    }.get(content.kind, pgettext("invoice", "Credit note"))


def note_of(key: str) -> str:
    """A sentence of the law or of the house by its key, in the language in force."""
    return {
        "in_name": pgettext("invoice", "Issued by the marketplace in the name and on behalf of the seller."),
        "deemed": pgettext("invoice", "The marketplace supplies these goods to you under article 14a of Directive 2006/112/EC."),
        "self": pgettext("invoice", "Self-billing: issued by the recipient in the name and on behalf of the supplier (article 224 of Directive 2006/112/EC)."),
        "E": pgettext("invoice", "Exempt from VAT (article 136a of Directive 2006/112/EC): the marketplace owes it as the supplier to the buyer."),
        "duty_inside": pgettext("invoice", "The price contains the customs duty on these goods."),
        "paid": pgettext("invoice", "Paid at checkout."),
        "withheld": pgettext("invoice", "Already kept from the sales; nothing is left to pay."),
        "given_back": pgettext("invoice", "The amount goes back by the way it was paid."),
        "AE": pgettext("invoice", "Reverse charge: the recipient owes the VAT (article 196 of Directive 2006/112/EC)."),
        "G": pgettext("invoice", "Export, exempt from VAT (article 146 of Directive 2006/112/EC)."),
        "O": pgettext("invoice", "Not subject to VAT."),
        "import_paid_on": pgettext("invoice", "Import VAT and customs duty are paid to the authorities for you."),
    }[key]  # fmt: skip


def invoice_pdf(content: Content) -> bytes:
    """PDF/A-3 with `factur-x.xml` inside; every font in it is embedded.

    Refuses: LettersMissing (Chinese without the extra that brings its font, or letters that no font of ours has).
    """
    with translation.override(spoken(content.language)):
        title = f"{title_of(content)} {content.number}"
        with _letters_for(content, title):
            plain = _pages(content, title)
    metadata = {"author": content.issuer.name, "title": title, "subject": title, "keywords": "Factur-X"}
    made: bytes = generate_from_binary(
        _archivable(plain), cii_xml(content), flavor="factur-x", level="en16931", check_xsd=False,
        pdf_metadata=metadata, lang=content.language, xmp_compression=False,
    )  # fmt: skip
    return made


@contextmanager
def _letters_for(content: Content, title: str) -> Iterator[None]:
    """A font for what Source Sans cannot print, if there is such a line: the story is told once to hear which letters."""
    heard = _Letters()
    mark = _letters.set(heard)
    try:
        list(_story(content, title))
        if not heard.strange:
            yield
            return
        try:
            with chinese_font("".join(sorted(heard.strange))) as name:
                heard.font = name
                yield
        except ModuleNotFoundError as error:
            raise LettersMissing(letters="".join(sorted(heard.missing))[:20]) from error
        except LookupError as error:
            raise LettersMissing(letters=str(error.args[0])[:20]) from error
    finally:
        _letters.reset(mark)


def _pages(content: Content, title: str) -> bytes:
    register_fonts()
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=A4, title=title, author=content.issuer.name, invariant=1, initialFontName=REGULAR,
        leftMargin=18 * mm, rightMargin=18 * mm, topMargin=18 * mm, bottomMargin=18 * mm,
    )  # fmt: skip
    document.build(list(_story(content, title)))
    return out.getvalue()


def _story(content: Content, title: str) -> Iterator[Any]:
    def money(minor: int) -> str:
        locale = locale_of(spoken(content.language))
        shown = format_currency(Money(minor, content.currency).as_decimal(), content.currency, locale=locale)
        sign = get_currency_symbol(content.currency, locale=locale)
        if is_chinese(sign) or not letters_missing(sign):
            return shown
        return shown.replace(
            sign, f"{content.currency} "
        ).strip()  # no font of ours has the sign: its code says the same

    def day(on: Any) -> str:
        return format_date(on, format="long", locale=locale_of(spoken(content.language)))

    yield _say(title, 16, bold=True)
    yield Spacer(1, 4 * mm)
    facts = [
        (pgettext("invoice", "Number"), content.number),
        (pgettext("invoice", "Date"), day(content.issued_on)),
        (pgettext("invoice", "Tax point"), day(content.tax_point_on)),
    ]
    if content.order_number:
        facts.append((pgettext("invoice", "Order"), content.order_number))
    if content.corrects_number and content.corrects_on:
        facts.append(
            (
                pgettext("invoice", "Corrects invoice"),
                f"{content.corrects_number}, {day(content.corrects_on)}",
            )
        )
    if content.period_from and content.period_to:
        facts.append(
            (pgettext("invoice", "Period"), f"{day(content.period_from)} – {day(content.period_to)}")
        )
    yield Table(
        [[_say(word), _say(value, bold=True)] for word, value in facts], colWidths=[45 * mm, None], hAlign="LEFT",
        style=[("LEFTPADDING", (0, 0), (-1, -1), 0), ("TOPPADDING", (0, 0), (-1, -1), 1), ("BOTTOMPADDING", (0, 0), (-1, -1), 1), PLAIN],
    )  # fmt: skip
    yield Spacer(1, 6 * mm)
    yield Table(
        [
            [_say(pgettext("invoice", "From"), bold=True), _say(pgettext("invoice", "To"), bold=True)],
            [_party(content.issuer, content.language), _party(content.receiver, content.language)],
        ],
        colWidths=[87 * mm, 87 * mm],
        style=[("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0), PLAIN],
    )
    yield Spacer(1, 6 * mm)
    head = [
        pgettext("invoice", "What"), pgettext("invoice", "Pieces"), pgettext("invoice", "Net"),
        pgettext("invoice", "VAT rate"), pgettext("invoice", "VAT"), pgettext("invoice", "Sum"),
    ]  # fmt: skip
    rows = [[_say(word, bold=True, right=place > 0) for place, word in enumerate(head)]]
    rows += [
        [
            _say(f"{item.name} · {item.sku}" if item.sku else item.name),
            _say(str(item.quantity), right=True),
            _say(money(item.net_minor), right=True),
            _say(_rate(item.rate_bp, item.category), right=True),
            _say(money(item.vat_minor), right=True),
            _say(money(item.net_minor + item.vat_minor), right=True),
        ]
        for item in content.items
    ]
    yield _ruled(rows, [70 * mm, 16 * mm, 24 * mm, 18 * mm, 22 * mm, 24 * mm])
    yield Spacer(1, 4 * mm)
    sums = [
        [
            _say(pgettext("invoice", "VAT %(rate)s of %(net)s") % {"rate": _rate(tax.rate_bp, tax.category), "net": money(tax.net_minor)}),
            _say(money(tax.vat_minor), right=True),
        ]
        for tax in content.taxes
    ]  # fmt: skip
    sums += [
        [_say(pgettext("invoice", "Net")), _say(money(content.net_minor), right=True)],
        [_say(pgettext("invoice", "VAT")), _say(money(content.vat_minor), right=True)],
        [
            _say(pgettext("invoice", "Total"), 11, bold=True),
            _say(money(content.gross_minor), 11, bold=True, right=True),
        ],
    ]
    yield Table(sums, colWidths=[60 * mm, 34 * mm], hAlign="RIGHT", style=[PLAIN])
    yield Spacer(1, 6 * mm)
    for key in content.notes:
        yield _say(note_of(key), 8)


def _party(party: Party, language: str) -> list[Any]:
    country = locale_of(spoken(language)).territories.get(party.country, party.country)
    lines = [
        party.name, party.address, f"{party.postcode} {party.city}".strip(), country,
        f"{pgettext('invoice', 'VAT no.')} {party.vat_no}" if party.vat_no else "",
        f"{pgettext('invoice', 'Register')} {party.register_no}" if party.register_no else "",
    ]  # fmt: skip
    return [_say(line) for line in lines if line.strip()]


def _rate(rate_bp: int, category: str) -> str:
    if category in REASONS:
        return "–"
    whole, rest = divmod(rate_bp, 100)
    return f"{whole},{rest:02d} %".replace(",00", "") if rest or whole else "0 %"


def _say(text: str, size: float = 9, *, bold: bool = False, right: bool = False) -> Any:
    heard, text = _letters.get(), without_symbols(text)
    missing = letters_missing(text)
    if missing:
        heard.strange.update(text)
        heard.missing.update(missing)
    style = ParagraphStyle(
        "say",
        fontName=(heard.font or REGULAR) if missing else BOLD if bold else REGULAR,
        fontSize=size,
        leading=size * 1.3,
        alignment=2 if right else 0,
    )
    return Paragraph(text.replace("&", "&amp;").replace("<", "&lt;"), style)


def _ruled(rows: list[list[Any]], widths: list[float]) -> Any:
    return Table(
        rows,
        colWidths=widths,
        repeatRows=1,
        style=TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                PLAIN,
                ("LINEBELOW", (0, 0), (-1, 0), 0.8, colors.black),
                ("LINEBELOW", (0, 1), (-1, -1), 0.2, colors.grey),
                ("LEFTPADDING", (0, 0), (0, -1), 0),
            ]
        ),
    )


def _archivable(plain: bytes) -> bytes:
    """The same pages with what PDF/A asks for besides embedded fonts: an output intent with its colour profile, and ids."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(plain)))
    profile = DecodedStreamObject()
    profile.set_data(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[NameObject("/N")] = NumberObject(3)
    intent = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/OutputIntent"),
            NameObject("/S"): NameObject("/GTS_PDFA1"),
            NameObject("/OutputConditionIdentifier"): TextStringObject("sRGB"),
            NameObject("/Info"): TextStringObject("sRGB IEC61966-2.1"),
            NameObject("/DestOutputProfile"): writer._add_object(profile.flate_encode()),
        }
    )
    writer._root_object[NameObject("/OutputIntents")] = ArrayObject([writer._add_object(intent)])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
