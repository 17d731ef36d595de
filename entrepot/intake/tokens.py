"""Signed tokens: small, fast to check, made and read by processes that share the secret.

A token is base64url of numbers (i64 each) and a 16-byte BLAKE2b MAC. The first number is what it expires at (Unix seconds).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct

MAC_BYTES = 16


def secret_for(use: str, secret: str) -> bytes:
    """A key of its own for each use, from the product's secret."""
    return hashlib.blake2b(
        use.encode(), key=hashlib.sha256(secret.encode()).digest(), digest_size=32
    ).digest()


_STANDARD = bytes.maketrans(b"-_", b"+/")


def make_token(secret: bytes, expires_s: int, *numbers: int) -> str:
    """Sign numbers (0 to 2^63 - 1) until `expires_s`."""
    body = struct.pack(f"<{len(numbers) + 1}q", expires_s, *numbers)
    return base64.urlsafe_b64encode(body + _mac(secret, body)).decode()


def read_token(secret: bytes, token: str, count: int, now_s: float) -> tuple[int, ...] | None:
    """The `count` numbers of a token; None when it is forged, of another shape, or expired."""
    try:
        data = binascii.a2b_base64(token.encode("ascii").translate(_STANDARD))
    except (ValueError, binascii.Error):
        return None
    body = data[:-MAC_BYTES]
    if len(data) != 8 * (count + 1) + MAC_BYTES or not hmac.compare_digest(
        _mac(secret, body), data[-MAC_BYTES:]
    ):
        return None
    expires_s, *numbers = struct.unpack(f"<{count + 1}q", body)
    return tuple(numbers) if now_s < expires_s else None


def _mac(secret: bytes, body: bytes) -> bytes:
    return hashlib.blake2b(body, key=secret, digest_size=MAC_BYTES).digest()
