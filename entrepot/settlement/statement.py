"""A seller's statement as CSV and as PDF. Data in, text or bytes out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency
from django.utils import translation
from django.utils.translation import pgettext
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from entrepot.kit.ids import show_id, show_number
from entrepot.kit.money import Money
from entrepot.kit.tongues import locale_of, spoken
from entrepot.kit.typeface import font_for, register_fonts
from entrepot.settlement.facts import EntryView, PayoutView, Statement

SHARES = ("gross", "commission", "commission_vat", "tax", "duty", "carrier")
KINDS = {
    "sale": "Sale",
    "refund": "Refund",
    "chargeback": "Chargeback",
    "payout_returned": "Payout returned by the bank",
    "correction": "Correction",
    "payout": "Payout",
}


def statement_csv(statement: Statement) -> str:
    """One line a movement, amounts as decimals with a point, ISO dates; the last line's balance is the closing one."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["date", "kind", "order", "reference", *SHARES, "amount", "balance"])
    for at, row, minor, balance in _movements(statement):
        if isinstance(row, PayoutView):
            kind, order, reference = "payout", "", show_id("pyt", row.payout_id)
            shares = [""] * len(SHARES)
        else:
            kind, reference = row.kind, row.external_id
            order = show_number(row.order_id) if row.order_id is not None else ""
            shares = [
                _plain(row.shares[f"{name}_minor"], statement.currency)
                if f"{name}_minor" in row.shares
                else ""
                for name in SHARES
            ]
        writer.writerow(
            [
                at.isoformat(),
                kind,
                order,
                reference,
                *shares,
                _plain(minor, statement.currency),
                _plain(balance, statement.currency),
            ]
        )
    return out.getvalue()


def statement_pdf(statement: Statement, *, language: str) -> bytes:
    """A4, in the language asked for: opening, each movement with its shares, payouts, closing."""
    out = io.BytesIO()
    register_fonts()
    language = spoken(language)
    with translation.override(language):
        title = _say("Statement")
        document = SimpleDocTemplate(
            out,
            pagesize=A4,
            title=f"{title} – {statement.seller_name}",
            author="Entrepot",
            leftMargin=15 * mm,
            rightMargin=15 * mm,
            topMargin=15 * mm,
            bottomMargin=15 * mm,
        )
        document.build(list(_story(statement, title, language)))
    return out.getvalue()


def _story(statement: Statement, title: str, language: str) -> Iterator[Any]:
    styles, locale = getSampleStyleSheet(), locale_of(language)

    def paragraph(text: str, style: str) -> Paragraph:
        font = font_for(text, bold=style != "Normal")
        return Paragraph(_escape(text), ParagraphStyle(style, parent=styles[style], fontName=font))

    def money(minor: int) -> str:
        amount = Money(minor, statement.currency).as_decimal()
        return format_currency(amount, statement.currency, locale=locale)

    yield paragraph(title, "Title")
    yield paragraph(statement.seller_name, "Heading2")
    since, until = (
        format_date(at, format="long", locale=locale) for at in (statement.since_at, statement.until_at)
    )
    yield paragraph(f"{since} – {until}", "Normal")
    yield Spacer(1, 6 * mm)
    head = [
        _say("Date"),
        _say("What"),
        _say("Order"),
        _say("Buyer paid"),
        _say("Commission"),
        _say("Taxes, duty, carrier"),
        _say("Amount"),
        _say("Balance"),
    ]
    rows = [head, ["", _say("Opening balance"), "", "", "", "", "", money(statement.opening_minor)]]
    for at, row, minor, balance in _movements(statement):
        shares = row.shares if isinstance(row, EntryView) else {}
        kind = row.kind if isinstance(row, EntryView) else "payout"
        order = row.order_id if isinstance(row, EntryView) else None
        others = sum(shares.get(f"{name}_minor", 0) for name in ("commission_vat", "tax", "duty", "carrier"))
        rows.append(
            [
                format_date(at, format="short", locale=locale),
                _say(KINDS[kind]),
                show_number(order) if order is not None else "",
                money(shares["gross_minor"]) if shares else "",
                money(-shares["commission_minor"]) if shares else "",
                money(-others) if shares else "",
                money(minor),
                money(balance),
            ]
        )
    rows.append(["", _say("Closing balance"), "", "", "", "", "", money(statement.closing_minor)])
    table = Table(rows, repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("FONTSIZE", (0, 0), (-1, -1), 7.5),
                *(
                    ("FONTNAME", (x, y), (x, y), font_for(cell, bold=y in (0, len(rows) - 1)))
                    for y, cells in enumerate(rows)
                    for x, cell in enumerate(cells)
                ),
                ("ALIGN", (3, 0), (-1, -1), "RIGHT"),
                ("LINEBELOW", (0, 0), (-1, 0), 0.8, colors.black),
                ("LINEABOVE", (0, -1), (-1, -1), 0.8, colors.black),
                ("LINEBELOW", (0, 1), (-1, -2), 0.2, colors.grey),
            ]
        )
    )
    yield table


def _movements(statement: Statement) -> Iterator[tuple[datetime, EntryView | PayoutView, int, int]]:
    """Entries and payouts by time, with the balance after each."""
    moves: list[tuple[datetime, int, EntryView | PayoutView, int]] = [
        (entry.at, 0, entry, entry.minor) for entry in statement.entries
    ]
    moves += [(payout.prepared_at, 1, payout, -payout.amount_minor) for payout in statement.payouts]
    balance = statement.opening_minor
    for at, _, row, minor in sorted(moves, key=lambda move: (move[0], move[1])):
        balance += minor
        yield at, row, minor, balance


def _say(words: str) -> str:
    """In the statement's language; the context keeps these short words apart from the pages'."""
    return pgettext("statement", words)


def _plain(minor: int, currency: str) -> str:
    return str(Money(minor, currency).as_decimal())


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
