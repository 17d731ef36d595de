"""Alipay page pay: the buyer signs in at Alipay's own page; requests, answers and notices are signed with RSA2.

RSA2 is SHA256withRSA over the sorted parameters. Our key signs what we send, Alipay's public key proves what comes back; an
answer without its signature is no answer. There is no capture: Alipay takes the money when the buyer agrees.
Reference: opendocs.alipay.com (alipay.trade.page.pay, .query, .refund, .close; asynchronous notice).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.conf import settings

from entrepot.kit import clock
from entrepot.kit.money import Money
from entrepot.payments.adapters.provider import Message, PaymentOrder, ProviderState, Seen, Started
from entrepot.payments.errors import ProviderUnavailable, SignatureWrong
from entrepot.payments.tables import Method

GATEWAY = "https://openapi.alipay.com/gateway.do"
CURRENCY = "CNY"
STALE = timedelta(hours=26)  # Alipay repeats a notice for about 25 hours
HERE = ZoneInfo("Asia/Shanghai")  # its clock
AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")
STATES: dict[str, ProviderState] = {
    "WAIT_BUYER_PAY": "pending",
    "TRADE_SUCCESS": "captured",
    "TRADE_FINISHED": "captured",
    "TRADE_CLOSED": "cancelled",
}
KINDS = {"TRADE_SUCCESS": "payment.captured", "TRADE_CLOSED": "payment.cancelled"}


class Alipay:
    """Settings: ENTREPOT_ALIPAY_APP_ID, _KEY_FILE (our private key, PEM), _PUBLIC_KEY_FILE (Alipay's), _URL (tests)."""

    code: str = "alipay"
    thanks: bytes = b"success"  # anything else, and the notice comes again

    def carries(self, method: Method) -> bool:
        return "alipay" in method.carried_by

    def start(self, order: PaymentOrder) -> Started:
        """A signed link to Alipay's page; the same reference is the same trade there."""
        if order.currency != CURRENCY:
            raise ProviderUnavailable()
        ours = order.reference.hex
        asked = {
            "out_trade_no": ours,
            "product_code": "FAST_INSTANT_TRADE_PAY",
            "total_amount": _amount(order.amount_minor),
            "subject": order.description or "Entrepot",
        }
        signed = self._signed(
            "alipay.trade.page.pay", asked, return_url=order.return_url, notify_url=order.webhook_url
        )
        return Started(ours, f"{_gateway()}?{urlencode(signed)}")

    def fetch(self, provider_ref: str) -> Seen:
        said = self._ask("alipay.trade.query", {"out_trade_no": provider_ref})
        if said.get("sub_code") == "ACQ.TRADE_NOT_EXIST":  # the buyer has not opened the page yet
            return Seen(provider_ref, str(UUID(hex=provider_ref)), "pending", 0, CURRENCY)
        if said.get("code") != "10000":
            raise ProviderUnavailable()
        return _seen(said)

    def capture(self, provider_ref: str, *, amount_minor: int, key: str) -> Seen:
        return self.fetch(provider_ref)

    def cancel(self, provider_ref: str) -> Seen:
        self._ask("alipay.trade.close", {"out_trade_no": provider_ref})
        return self.fetch(provider_ref)

    def refund(self, provider_ref: str, *, minor: int, key: str) -> str:
        """Once per key (`out_request_no`)."""
        said = self._ask(
            "alipay.trade.refund",
            {"out_trade_no": provider_ref, "refund_amount": _amount(minor), "out_request_no": key[:64]},
        )
        if said.get("code") == "10000":
            return key[:64]
        if said.get("code") in ("20000", None) or said.get("sub_code") == "ACQ.SYSTEM_ERROR":
            raise ProviderUnavailable()
        return ""

    def read_message(self, body: bytes, headers: Mapping[str, str], *, now: datetime) -> Message | None:
        """A notice: form fields, signed over all of them but `sign` and `sign_type`."""
        try:
            said = dict(
                parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True, max_num_fields=80)
            )
        except ValueError as error:
            raise SignatureWrong() from error
        signature = said.get("sign", "")
        proven = {name: value for name, value in said.items() if name not in ("sign", "sign_type") and value}
        if said.get("sign_type") != "RSA2" or not _fits(_text(proven), signature):
            raise SignatureWrong()
        if said.get("app_id") != settings.PROVIDER_SETTINGS["ENTREPOT_ALIPAY_APP_ID"]:
            raise SignatureWrong()
        try:
            sent = datetime.strptime(said["notify_time"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=HERE)
            reference = UUID(hex=said["out_trade_no"])
            minor = _minor(said["total_amount"])
            event_id, state = said["notify_id"], said["trade_status"]
        except (KeyError, ValueError) as error:
            raise SignatureWrong() from error
        if abs(now - sent) > STALE:
            raise SignatureWrong()
        if state not in KINDS or said.get("gmt_refund"):  # a refund's own notice tells us nothing new
            return None
        return Message(event_id[:120], KINDS[state], reference.hex, str(reference), minor, CURRENCY)

    def _signed(self, method: str, asked: dict[str, str], **more: str) -> dict[str, str]:
        fields = {
            "app_id": settings.PROVIDER_SETTINGS["ENTREPOT_ALIPAY_APP_ID"],
            "method": method,
            "format": "JSON",
            "charset": "utf-8",
            "sign_type": "RSA2",
            "timestamp": clock.now().astimezone(HERE).strftime("%Y-%m-%d %H:%M:%S"),
            "version": "1.0",
            "biz_content": msgspec.json.encode(asked).decode(),
            **more,
        }
        return fields | {"sign": sign(_text(fields))}

    def _ask(self, method: str, asked: dict[str, str]) -> dict[str, Any]:
        """Ask the gateway; its answer, when Alipay's signature stands over its raw bytes."""
        try:
            with httpx.Client(timeout=15, follow_redirects=False) as web:
                answer = web.post(_gateway(), data=self._signed(method, asked))
                answer.raise_for_status()
            name = method.replace(".", "_") + "_response"
            said = msgspec.json.decode(answer.content, type=dict[str, msgspec.Raw])
            raw = bytes(said[name])
            signature = msgspec.json.decode(said["sign"], type=str)
            if not _fits(raw.decode(), signature):
                raise ProviderUnavailable()
            return msgspec.json.decode(raw, type=dict[str, Any])
        except (httpx.HTTPError, msgspec.DecodeError, KeyError, ValueError) as error:
            raise ProviderUnavailable() from error


def _seen(said: dict[str, Any]) -> Seen:
    try:
        reference = UUID(hex=said["out_trade_no"])
        minor = _minor(said["total_amount"])
    except (KeyError, ValueError) as error:
        raise ProviderUnavailable() from error
    state = STATES.get(said.get("trade_status", ""), "pending")
    return Seen(
        reference.hex, str(reference), state, minor, CURRENCY, "closed" if state == "cancelled" else ""
    )


def _gateway() -> str:
    return settings.PROVIDER_SETTINGS.get("ENTREPOT_ALIPAY_URL") or GATEWAY


def _amount(minor: int) -> str:
    return str(Money(minor, CURRENCY).as_decimal())


def _minor(amount: str) -> int:
    """Fen of an amount in yuan with at most two decimals. Raises ValueError."""
    if not AMOUNT.fullmatch(amount):
        raise ValueError(amount)
    yuan, _, fen = amount.partition(".")
    return int(yuan) * 100 + int(fen.ljust(2, "0"))


def _text(fields: Mapping[str, str]) -> str:
    """What is signed: every field that says something, by name, joined with `&`."""
    return "&".join(f"{name}={value}" for name, value in sorted(fields.items()) if value)


def sign(text: str) -> str:
    """RSA2 with our private key, base64."""
    key = _private(settings.PROVIDER_SETTINGS["ENTREPOT_ALIPAY_KEY_FILE"])
    return base64.b64encode(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()


def _fits(text: str, signature: str) -> bool:
    """Whether Alipay signed this text."""
    key = _public(settings.PROVIDER_SETTINGS["ENTREPOT_ALIPAY_PUBLIC_KEY_FILE"])
    try:
        key.verify(
            base64.b64decode(signature, validate=True), text.encode(), padding.PKCS1v15(), hashes.SHA256()
        )
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=4)
def _private(path: str) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(Path(path).read_bytes(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < 2048:
        raise ValueError(f"{path} must hold an RSA private key of at least 2048 bits")
    return key


@lru_cache(maxsize=4)
def _public(path: str) -> rsa.RSAPublicKey:
    key = serialization.load_pem_public_key(Path(path).read_bytes())
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < 2048:
        raise ValueError(f"{path} must hold an RSA public key of at least 2048 bits")
    return key
