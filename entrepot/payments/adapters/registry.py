"""The providers of this installation."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings

from entrepot.kit import clock
from entrepot.payments.adapters.alipay import Alipay
from entrepot.payments.adapters.provider import Provider
from entrepot.payments.adapters.sandbox.provider import Sandbox
from entrepot.payments.adapters.sepa.provider import Sepa
from entrepot.payments.adapters.stripe import Stripe
from entrepot.payments.errors import MethodUnknown
from entrepot.payments.tables import methods

BUILT: dict[str, Callable[[], Provider]] = {
    "sandbox": Sandbox,
    "stripe": Stripe,
    "alipay": Alipay,
    "sepa": Sepa,
}


def providers() -> dict[str, Provider]:
    """By code, in the order of ENTREPOT_PAYMENT_PROVIDERS. The sandbox exists in a pilot only."""
    return {
        code: BUILT[code]()
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
