"""Stripe: the buyer pays on Stripe's own page (a Checkout Session over a PaymentIntent); no card data comes near us.

Money stays on our Stripe balance until settlement transfers a seller's share (separate charges and transfers). Every
write carries an idempotency key of ours, so each call may be repeated. API reference: docs.stripe.com/api.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import msgspec
import stripe
from django.conf import settings

from entrepot.kit import clock
from entrepot.payments.adapters.provider import Message, PaymentOrder, ProviderState, Seen, Started
from entrepot.payments.errors import ProviderUnavailable, SignatureWrong
from entrepot.payments.tables import Method, methods

TOLERANCE = timedelta(minutes=5)
STATES: dict[str, ProviderState] = {
    "requires_capture": "authorised",
    "succeeded": "captured",
    "canceled": "cancelled",
}
KINDS = {
    "payment_intent.amount_capturable_updated": "payment.authorised",
    "payment_intent.succeeded": "payment.captured",
    "payment_intent.payment_failed": "payment.failed",
    "payment_intent.canceled": "payment.cancelled",
    "charge.dispute.funds_withdrawn": "payment.charged_back",
}
# Stripe speaks these languages on its page; any other buyer sees the browser's.
LOCALES = {
    "bg",
    "cs",
    "da",
    "de",
    "el",
    "en",
    "es",
    "et",
    "fi",
    "fr",
    "hr",
    "hu",
    "id",
    "it",
    "ja",
    "ko",
    "lt",
    "lv",
}
LOCALES |= {"ms", "mt", "nb", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sv", "th", "tr", "vi", "zh"}


class Stripe:
    """Settings: ENTREPOT_STRIPE_KEY, ENTREPOT_STRIPE_WEBHOOK_SECRET, ENTREPOT_STRIPE_URL (another host, for tests)."""

    code: str = "stripe"
    thanks: bytes = b""

    def carries(self, method: Method) -> bool:
        return "stripe" in method.carried_by

    def start(self, order: PaymentOrder) -> Started:
        """A page of Stripe's for this payment; the same reference again gives the same one."""
        method = methods(clock.now().date())[order.method]
        metadata = {"reference": str(order.reference)}
        language = order.language.split("-")[0]
        with answered():
            session = client().v1.checkout.sessions.create(
                {  # type: ignore[arg-type]
                    "mode": "payment",
                    "client_reference_id": str(order.reference),
                    "line_items": [
                        {
                            "quantity": 1,
                            "price_data": {
                                "currency": order.currency.lower(),
                                "unit_amount": order.amount_minor,
                                "product_data": {"name": order.description or "Entrepot"},
                            },
                        }
                    ],
                    "payment_method_types": [method.carried_by["stripe"]],
                    "payment_intent_data": {
                        "capture_method": "manual" if method.captures_later else "automatic_async",
                        "metadata": metadata,
                        "transfer_group": str(order.reference),
                    },
                    "metadata": metadata,
                    "locale": language if language in LOCALES else "auto",
                    "success_url": order.return_url,
                    "cancel_url": order.return_url,
                },
                {"idempotency_key": f"start:{order.reference}"},
            )
        return Started(session.id, session.url or "")

    def fetch(self, provider_ref: str) -> Seen:
        with answered():
            session = client().v1.checkout.sessions.retrieve(provider_ref, {"expand": ["payment_intent"]})
        return self._seen(session)

    def capture(self, provider_ref: str, *, amount_minor: int, key: str) -> Seen:
        session, intent = self._found(provider_ref)
        if intent and intent["status"] == "requires_capture" and intent["amount"] == amount_minor:
            with answered():
                client().v1.payment_intents.capture(
                    intent["id"], {"amount_to_capture": amount_minor}, {"idempotency_key": key}
                )
            session, _ = self._found(provider_ref)
        return self._seen(session)

    def cancel(self, provider_ref: str) -> Seen:
        session, intent = self._found(provider_ref)
        if intent and intent["status"] in ("requires_capture", "requires_payment_method", "requires_action"):
            with answered():
                client().v1.payment_intents.cancel(
                    intent["id"], options={"idempotency_key": f"cancel:{intent['id']}"}
                )
            session, _ = self._found(provider_ref)
        return self._seen(session)

    def refund(self, provider_ref: str, *, minor: int, key: str) -> str:
        _, intent = self._found(provider_ref)
        if intent is None:
            return ""
        try:
            with answered():
                refund = client().v1.refunds.create(
                    {"payment_intent": intent["id"], "amount": minor, "metadata": {"key": key}},
                    {"idempotency_key": key},
                )
        except stripe.InvalidRequestError:  # more than is left, or disputed: a person must look
            return ""
        return "" if refund.status in ("failed", "canceled") else refund.id

    def read_message(self, body: bytes, headers: Mapping[str, str], *, now: datetime) -> Message | None:
        event = verified(body, headers, settings.PROVIDER_SETTINGS["ENTREPOT_STRIPE_WEBHOOK_SECRET"], now=now)
        kind = KINDS.get(event["type"], "")
        if not kind:
            return None
        thing, taken = event["data"]["object"], 0
        if kind == "payment.charged_back":
            taken = int(thing["amount"])
            with answered():
                intent = client().v1.payment_intents.retrieve(str(thing["payment_intent"]))
            thing = {
                "metadata": intent.metadata.to_dict(),
                "amount": intent.amount,
                "currency": intent.currency,
            }
        reference = (thing.get("metadata") or {}).get("reference", "")
        if not reference:  # a PaymentIntent that another program of the same account made
            return None
        return Message(
            event["id"], kind, "", reference, int(thing["amount"]), str(thing["currency"]).upper(), taken
        )

    def _found(self, provider_ref: str) -> tuple[Any, Any]:
        with answered():
            session = client().v1.checkout.sessions.retrieve(provider_ref, {"expand": ["payment_intent"]})
        return session, session.payment_intent

    def _seen(self, session: Any) -> Seen:
        intent = session.payment_intent
        state: ProviderState = STATES.get(intent["status"], "pending") if intent else "pending"
        failure = ""
        if state == "pending" and session.status == "expired":
            state, failure = "cancelled", "expired"
        elif state == "cancelled":
            failure = "given_up"
        return Seen(
            session.id,
            str(session.client_reference_id),
            state,
            int(session.amount_total),
            str(session.currency).upper(),
            failure,
        )


def client() -> stripe.StripeClient:
    """The library's client for this installation's account."""
    known = settings.PROVIDER_SETTINGS
    return _client(known["ENTREPOT_STRIPE_KEY"], known.get("ENTREPOT_STRIPE_URL", ""))


@lru_cache(maxsize=4)
def _client(key: str, url: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        base_addresses={"api": url} if url else None,
        http_client=stripe.RequestsClient(timeout=15),
        max_network_retries=2,
    )


@contextmanager
def answered() -> Iterator[None]:
    """Turns silence and trouble at Stripe into ProviderUnavailable; what it says no to stays its own error."""
    try:
        yield
    except stripe.InvalidRequestError as error:
        if error.http_status == 404:
            raise ProviderUnavailable() from error
        raise
    except stripe.StripeError as error:
        raise ProviderUnavailable() from error


def verified(body: bytes, headers: Mapping[str, str], secret: str, *, now: datetime) -> dict[str, Any]:
    """The event, when `Stripe-Signature` fits the raw bytes and is fresh. Raises SignatureWrong."""
    signature = headers.get("stripe-signature") or headers.get("Stripe-Signature") or ""
    try:
        stripe.WebhookSignature.verify_header(body, signature, secret)
        stamp = next(part[2:] for part in signature.split(",") if part.startswith("t="))
        if abs(now - datetime.fromtimestamp(int(stamp), UTC)) > TOLERANCE:
            raise SignatureWrong()
        event = msgspec.json.decode(body)
        if not isinstance(event["data"]["object"], dict) or not event["id"] or not event["type"]:
            raise SignatureWrong()
    except (
        stripe.SignatureVerificationError, StopIteration, ValueError, KeyError, TypeError, msgspec.DecodeError,
    ) as error:  # fmt: skip
        raise SignatureWrong() from error
    return dict(event)
