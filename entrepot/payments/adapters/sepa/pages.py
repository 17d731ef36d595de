"""Where the buyer reads how to transfer: account, amount, reference."""

from __future__ import annotations

from babel.dates import format_date
from babel.numbers import format_currency
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from entrepot.kit.money import Money
from entrepot.kit.tongues import locale_of
from entrepot.payments.adapters.sepa.models import AwaitedTransfer


@require_GET
@never_cache
def transfer(request: HttpRequest, token: str) -> HttpResponse:
    """The bank details of one payment; once it has come (or is awaited no longer), back to the shop."""
    row = AwaitedTransfer.objects.filter(token=token).first()
    if row is None:
        raise Http404
    if row.state != "awaited":
        return HttpResponseRedirect(row.return_url)
    known = settings.PROVIDER_SETTINGS
    iban = known["ENTREPOT_BANK_IBAN"]
    with translation.override(row.language or "en"):
        language = translation.get_language() or "en"
        amount = format_currency(
            Money(row.amount_minor, row.currency).as_decimal(),
            row.currency,
            locale=locale_of(language),
        )
        return render(
            request,
            "payments/sepa/transfer.jinja",
            {
                "language": language,
                "row": row,
                "pay_by": format_date(row.pay_by_on, "full", locale=locale_of(language))
                if row.pay_by_on
                else "",
                "amount": amount,
                "iban": " ".join(iban[at : at + 4] for at in range(0, len(iban), 4)),
                "holder": known["ENTREPOT_BANK_HOLDER"],
                "bic": known.get("ENTREPOT_BANK_BIC", ""),
            },
            using="jinja2",
        )
