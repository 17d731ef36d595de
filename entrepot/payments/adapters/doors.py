"""The provider's doors: a webhook is verified over its raw bytes before anything else; the buyer comes back."""

from __future__ import annotations

import logging
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from entrepot.kit import clock
from entrepot.kit.context import system_context
from entrepot.kit.errors import Refusal
from entrepot.kit.ids import read_id
from entrepot.payments.adapters.registry import providers
from entrepot.payments.commands import confirm_payment, record_provider_event
from entrepot.payments.errors import PaymentMismatch, ProviderUnavailable
from entrepot.payments.policy import OPEN_STATES
from entrepot.payments.queries import payment_by_id

log = logging.getLogger(__name__)
MAX_BODY = 65_536


@csrf_exempt
@require_POST
@never_cache
def take_webhook(request: HttpRequest, provider: str) -> HttpResponse:
    """204, or the thanks the provider wants, when it stands (or stood before); 401 unsigned, 404 not ours, 409 does not fit, 413 too long, 503 later."""
    known = providers().get(provider)
    if known is None:
        raise Http404
    if int(request.headers.get("content-length") or MAX_BODY + 1) > MAX_BODY:
        return HttpResponse(status=413)
    body = request.body
    ctx = system_context(at=clock.now(), cause=f"webhook:{provider}")
    try:
        message = known.read_message(body, request.headers, now=ctx.at)
        if message is not None:
            record_provider_event(ctx, provider=provider, message=message, body=body)
    except Refusal as no:
        log.warning("webhook refused", extra={"provider": provider, "code": no.code})
        answer = JsonResponse({"code": no.code, "detail": no.sentence}, status=no.status)
        if no.status == 503:
            answer["Retry-After"] = "10"
        return answer
    if known.thanks:
        return HttpResponse(known.thanks, content_type="text/plain")
    return HttpResponse(status=204)


@require_GET
@never_cache
def come_back(request: HttpRequest, shown: str) -> HttpResponse:
    """The buyer returns from the provider: ask it, book the answer, and go on to the page that started the payment.

    Adds `?payment=captured|failed|cancelled|pending`. A provider that does not answer means `pending`.
    """
    ctx = system_context(at=clock.now(), cause="payment return")
    try:
        payment_id = read_id("pay", shown)
        payment = payment_by_id(payment_id)
    except Refusal as no:
        raise Http404 from no
    state, back = "pending", payment.return_url
    try:
        outcome = confirm_payment(ctx, payment_id=payment_id)
        state = "pending" if outcome.state in OPEN_STATES else outcome.state
        if outcome.state == "captured" and not outcome.is_applied:
            state = "too_late"
    except (ProviderUnavailable, PaymentMismatch) as no:
        log.warning("payment return not confirmed", extra={"payment": shown, "code": no.code})
    parts = urlsplit(back)
    query = f"{parts.query}&" if parts.query else ""
    return HttpResponseRedirect(urlunsplit(parts._replace(query=query + urlencode({"payment": state}))))
