"""A pilot's mail catcher: letters lie on disk instead of being sent."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from entrepot.console.desk import desk, show, whole_number
from entrepot.kit.errors import NotFound

_BETWEEN = b"\n" + b"-" * 79 + b"\n"
_PAGE = 50


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter; `name` and `number` find it on disk."""

    name: str
    number: int
    to: str
    subject: str
    at: datetime
    text: str


def _letters(path: Path) -> list[Letter]:
    found = []
    for number, raw in enumerate(path.read_bytes().split(_BETWEEN)):
        if not raw.strip():
            continue
        message = email.message_from_bytes(raw, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        part = message.get_body(("plain", "html"))
        text = str(part.get_content()) if part is not None else ""
        at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        found.append(
            Letter(path.name, number, str(message["To"] or ""), str(message["Subject"] or ""), at, text)
        )
    return found


def _files() -> list[Path]:
    folder = Path(settings.EMAIL_FILE_PATH)
    return (
        sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True)
        if folder.exists()
        else []
    )


@desk(scope="mail:read", pilot_only=True)
def mail_list(request: HttpRequest) -> HttpResponse:
    """Letters, the newest first."""
    if not settings.IS_PILOT:
        raise NotFound(what="page")
    skip = whole_number(request.GET.get("skip", ""), 0)
    files = _files()
    letters = [letter for path in files[skip : skip + _PAGE] for letter in reversed(_letters(path))]
    data = {
        "letters": letters,
        "next_url": f"{request.path}?skip={skip + _PAGE}" if len(files) > skip + _PAGE else "",
    }
    return show(request, "mail.jinja", data)


@desk(scope="mail:read", pilot_only=True)
def mail_page(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """One letter as text; nothing in it runs."""
    # The name is looked up in the folder's own list, so that no address leads outside it.
    path = next((path for path in _files() if path.name == name), None) if settings.IS_PILOT else None
    letter = next((letter for letter in _letters(path) if letter.number == number), None) if path else None
    if letter is None:
        raise NotFound(what="letter")
    return show(request, "letter.jinja", {"letter": letter})
