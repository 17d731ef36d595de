"""Mail through Django: a real server in production, a directory on disk in a pilot, memory in tests."""

from __future__ import annotations

from smtplib import SMTPException

from django.core.mail import EmailMessage


class MailNotTaken(Exception):
    """The server did not take a mail; it may later."""


def send_mail_to(address: str, subject: str, body: str, *, reference: str) -> None:
    """Send one plain-text mail. `reference` names it, so that a repeated one can be recognised.

    Raises MailNotTaken when the server does not take it.
    """
    mail = EmailMessage(
        subject=" ".join(subject.split()),
        body=body,
        to=[address],
        headers={"X-Entrepot-Reference": reference, "Auto-Submitted": "auto-generated"},
    )
    try:
        mail.send()
    except (OSError, SMTPException) as error:
        raise MailNotTaken(str(error)[:200]) from error
