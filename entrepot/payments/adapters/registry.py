"""The providers of this installation."""

from __future__ import annotations

from django.conf import settings

from entrepot.payments.adapters.provider import Provider
from entrepot.payments.adapters.sandbox.provider import Sandbox
from entrepot.payments.errors import MethodUnknown


def providers() -> dict[str, Provider]:
    """By code, in the order of ENTREPOT_PAYMENT_PROVIDERS. The sandbox exists in a pilot only."""
    built: dict[str, Provider] = {"sandbox": Sandbox()} if settings.IS_PILOT else {}
    return {code: built[code] for code in settings.PAYMENT_PROVIDERS if code in built}


def provider_for(method: str) -> Provider:
    """The first provider that offers this method. Raises MethodUnknown."""
    for provider in providers().values():
        if method in provider.methods:
            return provider
    raise MethodUnknown(method=method)
