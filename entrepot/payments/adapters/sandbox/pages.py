"""The sandbox provider's own pages: a card form, the bank's 3-D Secure question, the way back to the shop."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from babel.numbers import format_currency
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from entrepot.kit import clock
from entrepot.kit.money import Money
from entrepot.kit.tongues import locale_of, spoken
from entrepot.payments.adapters.sandbox import commands
from entrepot.payments.adapters.sandbox.cases import (
    CARDS,
    CODE_CASES,
    PAGE_CASES,
    PHONE_CASES,
    SECURE_CODE,
    fault_of_card,
)
from entrepot.payments.adapters.sandbox.models import SandboxCheckout
from entrepot.payments.tables import methods

FIELDS = ("number", "expiry", "cvc", "phone", "code", "story")
Page = Callable[[HttpRequest, SandboxCheckout], HttpResponse]


def _page(page: Page) -> Callable[..., HttpResponse]:
    """Find the checkout behind the link, in a pilot only, in its buyer's language; a closed one leads back."""

    @wraps(page)
    def run(request: HttpRequest, token: str) -> HttpResponse:
        row = SandboxCheckout.objects.filter(token=token).first() if settings.IS_PILOT else None
        if row is None:
            raise Http404
        if row.state not in ("open", "secure"):
            return HttpResponseRedirect(row.return_url)
        with translation.override(spoken(row.language)):
            return page(request, row)

    return never_cache(require_http_methods(["GET", "POST"])(run))


@_page
def checkout(request: HttpRequest, row: SandboxCheckout) -> HttpResponse:
    """The form of this way to pay: a card, a phone number, an app's code, or the page of a bank or wallet."""
    if request.method == "GET":
        return _render(request, "checkout", row, {}, "")
    if "cancel" in request.POST:
        return HttpResponseRedirect(commands.cancel_checkout(row.token, at=clock.now()).return_url)
    typed = {name: request.POST.get(name, "").strip()[:30] for name in FIELDS}
    now, form = clock.now(), form_of(row)
    if form == "card":
        number = "".join(char for char in typed["number"] if char not in " -")
        fault = fault_of_card(number, typed["expiry"], typed["cvc"], year=now.year, month=now.month)
        case = CARDS.get(number)
    elif form == "phone":
        number = "".join(char for char in typed["phone"] if char not in " -").removeprefix("+34")
        case = PHONE_CASES.get(number)
        fault = "" if case else "phone"
    elif form == "code":
        number = "".join(typed["code"].split())
        case = CODE_CASES.get(number)
        fault = "" if case else "code"
    else:
        number, case = "", PAGE_CASES.get(typed["story"])
        fault = "" if case else "story"
    if fault or case is None:
        return _render(request, "checkout", row, typed, fault, status=422)
    row = commands.enter_case(row.token, case, last4=number[-4:], at=now)
    if row.state == "secure":
        return HttpResponseRedirect(reverse("sandbox_secure", args=[row.token]))
    return HttpResponseRedirect(row.return_url)


@_page
def secure(request: HttpRequest, row: SandboxCheckout) -> HttpResponse:
    """The buyer's bank asks for the code it sent."""
    if row.state == "open":
        return HttpResponseRedirect(reverse("sandbox_checkout", args=[row.token]))
    if request.method == "GET":
        return _render(request, "secure", row, {}, "")
    if "cancel" in request.POST:
        return HttpResponseRedirect(commands.cancel_checkout(row.token, at=clock.now()).return_url)
    case = next(case for case in CARDS.values() if case.code == row.case)
    is_right = request.POST.get("code", "").strip() == SECURE_CODE
    row = commands.answer_secure(row.token, case, is_right=is_right, at=clock.now())
    if row.state == "secure":
        return _render(request, "secure", row, {}, "code", status=422)
    return HttpResponseRedirect(row.return_url)


def form_of(row: SandboxCheckout) -> str:
    """Which form a checkout shows: card, phone, code or page."""
    method = methods(clock.now().date()).get(row.method)
    kind = method.kind if method else "card"
    return kind if kind in ("card", "phone", "code") else "page"


def _render(
    request: HttpRequest,
    name: str,
    row: SandboxCheckout,
    typed: dict[str, str],
    fault: str,
    *,
    status: int = 200,
) -> HttpResponse:
    money = Money(row.amount_minor, row.currency)
    data: dict[str, Any] = {
        "language": translation.get_language(),
        "row": row,
        "amount": format_currency(
            money.as_decimal(), row.currency, locale=locale_of(translation.get_language() or "es")
        ),
        "typed": typed,
        "fault": fault,
        "cards": [
            (" ".join(number[i : i + 4] for i in range(0, 16, 4)), gettext(case.story))
            for number, case in CARDS.items()
        ],
        "form": form_of(row),
        "codes": [(f"{code[:3]} {code[3:]}", gettext(case.story)) for code, case in CODE_CASES.items()],
        "stories": [(name, gettext(case.story)) for name, case in PAGE_CASES.items()],
        "phones": [(f"{n[:3]} {n[3:6]} {n[6:]}", gettext(case.story)) for n, case in PHONE_CASES.items()],
        "secure_code": SECURE_CODE,
        "expiry": f"12/{(clock.now().year + 3) % 100}",
        "tries_left": commands.TRIES_MAX - row.tries,
    }
    return render(request, f"payments/sandbox/{name}.jinja", data, status=status, using="jinja2")
