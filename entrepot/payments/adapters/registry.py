"""The providers of this installation."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import cast

from django.conf import settings

from entrepot.kit import clock
from entrepot.payments.adapters.provider import Provider
from entrepot.payments.errors import MethodUnknown
from entrepot.payments.tables import methods

BUILT = {
    "sandbox": "sandbox.provider:Sandbox",
    "stripe": "stripe:Stripe",
    "alipay": "alipay:Alipay",
    "sepa": "sepa.provider:Sepa",
}


@cache
def _built(code: str) -> type[Provider]:
    """The class of a provider. Only those in use are imported: their libraries cost every process time and memory."""
    module, name = BUILT[code].split(":")
    return cast("type[Provider]", getattr(import_module(f"entrepot.payments.adapters.{module}"), name))


def providers() -> dict[str, Provider]:
    """By code, in the order of ENTREPOT_PAYMENT_PROVIDERS. The sandbox exists in a pilot only."""
    return {
        code: _built(code)()
        for code in settings.PAYMENT_PROVIDERS
        if code in BUILT and (code != "sandbox" or settings.IS_PILOT)
    }


def provider_for(method: str) -> Provider:
    """The first provider that carries this method today. Raises MethodUnknown."""
    known = methods(clock.now().date()).get(method)
    for provider in providers().values() if known else ():
        if known and provider.carries(known):
            return provider
    raise MethodUnknown(method=method)
