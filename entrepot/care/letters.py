"""The mails of a dispute, written in the reader's language. Pure but for the template."""

from __future__ import annotations

from dataclasses import dataclass

from django.template.loader import get_template
from django.utils import translation

from entrepot.care.models import Dispute
from entrepot.kit.ids import show_number


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
    with translation.override(reader.language or "en"):
        written = get_template("care/mail/dispute.jinja", using="jinja2").render(data)
    subject, _, body = written.strip().partition("\n")
    return subject.strip(), body.strip() + "\n"
