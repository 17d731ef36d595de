"""`{% asset "storefront/base.css" %}`: the address of a static file, before and after collectstatic."""

from __future__ import annotations

from django import template

from entrepot.storefront.assets import asset as address

register = template.Library()


@register.simple_tag
def asset(name: str) -> str:
    """The address of a static file."""
    return address(name)
