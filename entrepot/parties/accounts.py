"""What allauth asks us while people sign up, sign in, reset and verify: it calls our commands and trusts no host.

Every link in a mail starts with BASE_URL, never with the Host header; every redirect stays on this site.
"""

from __future__ import annotations

import base64
import hashlib
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.forms import Form
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language

from entrepot.kit import clock
from entrepot.kit.context import Context
from entrepot.kit.ids import new_id
from entrepot.parties import commands, queries
from entrepot.parties.models import User


def _guest_context() -> Context:
    actor, scopes = queries.guest()
    return Context(actor=actor, at=clock.now(), scopes=scopes, cause=f"accounts:{new_id()}")


def _context_of(user_id: int) -> Context:
    actor, scopes = queries.actor_for_user(user_id)
    return Context(actor=actor, at=clock.now(), scopes=scopes, cause=f"accounts:{new_id()}")


def on_our_address(url: str) -> str:
    """The same page, on the configured address, whatever host the request named."""
    parts = urlsplit(url)
    return settings.BASE_URL + parts.path + (f"?{parts.query}" if parts.query else "")


class AccountAdapter(DefaultAccountAdapter):
    """Accounts: opened, changed and verified by commands."""

    def save_user(self, request: HttpRequest, user: User, form: Form, commit: bool = True) -> User:
        """Open the account; the password is hashed once, inside the command."""
        made = commands.create_account(
            _guest_context(),
            email=form.cleaned_data["email"],
            password=form.cleaned_data.get("password1"),
            language=(get_language() or "")[:8],
        )
        user.__dict__.update(User.objects.get(pk=made.user_id).__dict__)
        return user

    def set_password(self, user: User, password: str) -> None:
        """Change the password; every other session of the person ends."""
        commands.set_password(_context_of(user.pk), password=password)
        user.refresh_from_db()

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """The mailbox is theirs: tell the rooms that may now hand over what was ordered as a guest."""
        confirmed = bool(super().confirm_email(request, email_address))
        if confirmed:
            commands.note_verified_email(_context_of(email_address.user_id), email=email_address.email)
        return confirmed

    def send_account_already_exists_mail(self, email: str) -> None:
        """As slow as opening an account, so that the answer's time tells nothing."""
        make_password(email)
        super().send_account_already_exists_mail(email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        ours = {
            name: on_our_address(value) if name.endswith("_url") else value
            for name, value in context.items()
            if name != "request"
        }
        ours["current_site"] = SimpleNamespace(
            name="Entrepot", domain="Entrepot"
        )  # never a host and its port
        super().send_mail(template_prefix, email, ours)

    def format_email_subject(self, subject: str) -> str:
        return f"Entrepot: {subject}"

    def is_safe_url(self, url: str | None) -> bool:
        """Only a path of this site."""
        return bool(url) and str(url).startswith("/") and url_has_allowed_host_and_scheme(url, None)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Operators to the console (hub workers to their floor), seller staff to the seller centre, buyers to the shop."""
        user_id = request.user.pk or 0
        roles = queries.operator_roles_of_user(user_id)
        if roles:
            return "/hub/" if roles == ["hub"] else "/console/"
        return "/seller/" if queries.seats_of_user(user_id) else str(settings.LOGIN_REDIRECT_URL)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors: secrets are encrypted at rest, passkeys belong to the configured host."""

    def _cipher(self) -> Fernet:
        key = hashlib.sha256(b"second factor:" + settings.SECRET_KEY.encode()).digest()
        return Fernet(base64.urlsafe_b64encode(key))

    def encrypt(self, text: str) -> str:
        return self._cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return self._cipher().decrypt(encrypted_text.encode()).decode()

    def _get_site_name(self) -> str:
        return "Entrepot"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        # A passkey belongs to a name; browsers refuse numbers. A pilot at 127.0.0.1 has the name localhost.
        return {"id": queries.passkey_host(), "name": "Entrepot"}
