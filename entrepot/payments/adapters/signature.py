"""Signed messages in the manner of Standard Webhooks: HMAC-SHA-256 over id, timestamp and the raw bytes."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from entrepot.payments.errors import SignatureWrong

TOLERANCE = timedelta(minutes=5)


def sign(secret: str, *, event_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers. Raises ValueError without a secret of at least 32 characters."""
    stamp = str(int(at.timestamp()))
    return {
        "webhook-id": event_id,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{_mac(secret, event_id, stamp, body)}",
    }


def verify(secret: str, headers: Mapping[str, str], body: bytes, *, now: datetime) -> str:
    """The message's id. Raises SignatureWrong: missing, wrong, other algorithm, too old, from the future."""
    event_id, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    given = headers.get("webhook-signature", "")
    if not event_id or len(event_id) > 100 or not stamp.isascii() or not stamp.isdigit() or len(stamp) > 12:
        raise SignatureWrong()
    if abs(now - datetime.fromtimestamp(int(stamp), UTC)) > TOLERANCE:
        raise SignatureWrong()
    wanted = _mac(secret, event_id, stamp, body)
    for one in given.split(" ")[:5]:
        version, _, mac = one.partition(",")
        if version == "v1" and hmac.compare_digest(mac.encode(), wanted.encode()):
            return event_id
    raise SignatureWrong()


def _mac(secret: str, event_id: str, stamp: str, body: bytes) -> str:
    if len(secret) < 32:
        raise ValueError("A webhook secret has at least 32 characters")
    signed = f"{event_id}.{stamp}.".encode() + body
    return base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()
