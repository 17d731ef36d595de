"""The mails of disputes, reports and recalls, written in the reader's language. Pure but for the templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.template.loader import get_template
from django.utils import translation

from entrepot.care.models import Dispute, Recall
from entrepot.catalog.queries import ProductView, text_in
from entrepot.kit.ids import show_number
from entrepot.parties.queries import SellerView


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a letter, in which language, and where they go from it."""

    email: str
    language: str
    link: str
    time_zone: str


def dispute_letter(dispute: Dispute, *, verb: str, text: str, side: str, reader: Reader) -> tuple[str, str]:
    """Subject and body of what one turn of a dispute means for one side (`buyer`, `seller`, `operator`)."""
    data = {
        "dispute": dispute,
        "verb": verb,
        "text": "" if text == "–" else text,
        "side": side,
        "reader": reader,
        "number": show_number(dispute.order_id),
    }
    return _written("dispute", reader, data)


def report_letter(
    kind: str, *, product: ProductView | None, shop: SellerView | None, reader: Reader, **data: Any
) -> tuple[str, str]:
    """Subject and body of a letter about a report or a restriction (`about`): a receipt, a decision, its reasons …"""
    title = text_in(product.title, reader.language or "en")[0] if product else ""
    return _written("report", reader, {"kind": kind, "title": title, "shop": shop, "reader": reader, **data})


def recall_letter(
    recall: Recall, *, product: ProductView, shop: SellerView, order_id: int, reader: Reader
) -> tuple[str, str]:
    """Subject and body of the recall notice for one buyer, with what Regulation (EU) 2023/988 Art. 36 wants in it."""
    language = reader.language or "en"
    data = {
        "recall": recall,
        "product": product,
        "title": text_in(product.title, language)[0],
        "details": text_in(recall.details, language)[0],
        "shop": shop,
        "number": show_number(order_id),
        "reader": reader,
    }
    return _written("recall", reader, data)


def _written(template: str, reader: Reader, data: dict[str, Any]) -> tuple[str, str]:
    with translation.override(reader.language or "en"):
        written = get_template(f"care/mail/{template}.jinja", using="jinja2").render(data)
    subject, _, body = written.strip().partition("\n")
    return subject.strip(), body.strip() + "\n"
