"""Tags of the account pages: `{% asset "storefront/base.css" %}` and where passkeys work."""

from __future__ import annotations

from typing import Any

from django import template

from entrepot.parties.queries import passkey_host
from entrepot.storefront.assets import asset as address

register = template.Library()


@register.simple_tag
def asset(name: str) -> str:
    """The address of a static file."""
    return address(name)


@register.simple_tag(takes_context=True)
def passkey_address(context: dict[str, Any]) -> str:
    """This page at the host passkeys are made for; empty when it is there already, or has nothing to do with them."""
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    if request is None or match is None or not (match.url_name or "").startswith(("mfa_", "account_login")):
        return ""
    host, _, port = request.get_host().partition(":")
    there = passkey_host()
    at = f"{there}:{port}" if port else there
    return "" if host == there else f"{request.scheme}://{at}{request.get_full_path()}"
