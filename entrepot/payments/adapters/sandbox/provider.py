"""The sandbox as the room sees it, and the sender of its webhooks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec
from django.conf import settings
from django.db.models import F

from entrepot.kit import clock
from entrepot.payments.adapters.provider import Message, PaymentOrder, ProviderState, Seen, Started
from entrepot.payments.adapters.sandbox import commands
from entrepot.payments.adapters.sandbox.models import SandboxCheckout, SandboxWebhook
from entrepot.payments.adapters.signature import sign, verify
from entrepot.payments.errors import ProviderUnavailable, SignatureWrong
from entrepot.payments.tables import Method

if TYPE_CHECKING:
    import httpx


class _Body(msgspec.Struct, forbid_unknown_fields=True):
    """What a webhook says."""

    kind: str
    provider_ref: str
    reference: str
    amount_minor: int
    currency: str


class Sandbox:
    """Answers from its own tables: what a real provider keeps on its own machines."""

    code: str = "sandbox"
    thanks: bytes = b""

    def carries(self, method: Method) -> bool:
        return True

    def start(self, order: PaymentOrder) -> Started:
        row = commands.open_checkout(order, at=clock.now())
        return Started(str(row.id), f"{settings.BASE_URL}/payments/sandbox/{row.token}/")

    def fetch(self, provider_ref: str) -> Seen:
        return self._seen(self._row(provider_ref))

    def capture(self, provider_ref: str, *, amount_minor: int, key: str) -> Seen:
        row = self._row(provider_ref)
        if amount_minor != row.amount_minor:
            return self._seen(row)
        return self._seen(commands.capture_checkout(row.id))

    def cancel(self, provider_ref: str) -> Seen:
        row = self._row(provider_ref)
        return self._seen(commands.cancel_checkout(row.token, at=clock.now(), failure="given_up"))

    def refund(self, provider_ref: str, *, minor: int, key: str) -> str:
        refund = commands.refund_checkout(self._row(provider_ref).id, minor=minor, key=key, at=clock.now())
        return str(refund.id) if refund else ""

    def read_message(self, body: bytes, headers: Mapping[str, str], *, now: datetime) -> Message:
        event_id = verify(settings.PROVIDER_SECRET, headers, body, now=now)
        try:
            said = msgspec.json.decode(body, type=_Body)
        except msgspec.DecodeError as error:
            raise SignatureWrong() from error
        return Message(
            event_id, said.kind, said.provider_ref, said.reference, said.amount_minor, said.currency
        )

    def _row(self, provider_ref: str) -> SandboxCheckout:
        try:
            return SandboxCheckout.objects.get(id=UUID(provider_ref))
        except (ValueError, SandboxCheckout.DoesNotExist) as error:
            raise ProviderUnavailable() from error

    def _seen(self, row: SandboxCheckout) -> Seen:
        states: dict[str, ProviderState] = {
            "authorised": "authorised",
            "captured": "captured",
            "failed": "failed",
            "cancelled": "cancelled",
        }
        known = row.ready_at is not None and row.ready_at <= clock.now()
        state = states.get(row.state, "pending") if known else "pending"
        return Seen(str(row.id), str(row.reference), state, row.amount_minor, row.currency, row.failure)


def deliver_webhooks(*, limit: int = 50) -> int:
    """Send what is due to the shop, over HTTP, signed now. Returns how many messages were answered with 2xx."""
    owed = SandboxWebhook.objects.filter(delivered__lt=F("copies"), due_at__lte=clock.now())
    rows = list(owed.select_related("checkout").order_by("due_at")[:limit])
    if not rows:
        return 0
    import httpx

    accepted = 0
    with httpx.Client(timeout=5.0, follow_redirects=False, trust_env=False) as client:
        for row in rows:
            for _ in range(row.copies - row.delivered):
                status = _deliver(client, row)
                commands.note_delivery(row.id, status, at=clock.now())
                accepted += 200 <= status < 300
    return accepted


def _deliver(client: httpx.Client, row: SandboxWebhook) -> int:
    import httpx

    checkout = row.checkout
    body = msgspec.json.encode(
        _Body(row.kind, str(checkout.id), str(checkout.reference), checkout.amount_minor, checkout.currency)
    )
    headers = sign(settings.PROVIDER_SECRET, event_id=f"evt_{row.id}", at=clock.now(), body=body)
    try:
        answer = client.post(
            checkout.webhook_url, content=body, headers=headers | {"content-type": "application/json"}
        )
    except httpx.HTTPError:
        return 599
    return answer.status_code
