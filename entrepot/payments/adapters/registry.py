"""The providers of this installation."""

from __future__ import annotations

from django.conf import settings

from entrepot.payments.adapters.provider import Provider
from entrepot.payments.adapters.sandbox.provider import Sandbox
from entrepot.payments.errors import MethodUnknown


def providers() -> dict[str, Provider]:
    """By code. The sandbox exists in a pilot only."""
    return {"sandbox": Sandbox()} if settings.IS_PILOT else {}


def provider_for(method: str) -> Provider:
    """The first provider that offers this method. Raises MethodUnknown."""
    for provider in providers().values():
        if method in provider.methods:
            return provider
    raise MethodUnknown(method=method)
