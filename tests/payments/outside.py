"""The world outside, for the contract of every provider: each twin keeps state, checks signatures and answers over HTTP.

Stripe is localstripe, behind a small server that adds what localstripe lacks (Checkout, idempotency keys, refund limits) with
answers in the shape of Stripe's reference. Alipay's gateway proves our signature and signs its answers with keys made here.
"""

from __future__ import annotations

import base64
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import stripe
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from entrepot.kit import clock
from entrepot.payments.adapters.alipay import HERE

Answer = tuple[int, bytes]


def free_port() -> int:
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return int(place.getsockname()[1])


@contextmanager
def served(answer: Any) -> Iterator[str]:
    """An HTTP server whose every request is answered by `answer(method, path, headers, body)`; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._do()

        def do_POST(self) -> None:
            self._do()

        def _do(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            status, said = answer(self.command, self.path, self.headers, body)
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class StripeTwin:
    """Checkout and idempotency over localstripe, which keeps PaymentIntents, charges and refunds."""

    secret = "whsec_" + "t" * 32
    key = "sk_test_" + "0" * 16

    def __init__(self, behind: str) -> None:
        self.behind = httpx.Client(base_url=behind, auth=(self.key, ""), timeout=20)
        self.sessions: dict[str, dict[str, Any]] = {}
        self.answers: dict[str, Answer] = {}
        self.seen: list[tuple[str, str, dict[str, str], str]] = []  # method, path, form, idempotency key

    def answer(self, method: str, path: str, headers: Any, body: bytes) -> Answer:
        key = headers.get("idempotency-key", "")
        form = dict(parse_qsl(body.decode()))
        self.seen.append((method, urlsplit(path).path, form, key))
        if headers.get("authorization") != f"Bearer {self.key}":
            return 401, b'{"error": {"type": "invalid_request_error", "message": "Invalid API Key"}}'
        if method == "POST" and key and key in self.answers:
            return self.answers[key]
        said = self._answer(method, urlsplit(path).path, form)
        if method == "POST" and key and said[0] == 200:
            self.answers[key] = said
        return said

    def _answer(self, method: str, path: str, form: dict[str, str]) -> Answer:
        if path == "/v1/checkout/sessions":
            number = f"cs_test_{len(self.sessions):040d}"
            self.sessions[number] = {
                "id": number,
                "object": "checkout.session",
                "status": "open",
                "url": f"https://checkout.stripe.com/c/pay/{number}#" + "f" * 600,
                "client_reference_id": form["client_reference_id"],
                "amount_total": int(form["line_items[0][price_data][unit_amount]"])
                * int(form["line_items[0][quantity]"]),
                "currency": form["line_items[0][price_data][currency]"],
                "payment_intent": None,
                "metadata": {},
                "_form": form,
            }
            return self._session(number)
        if path.startswith("/v1/checkout/sessions/"):
            number = path.split("/")[4]
            if number not in self.sessions:
                return 404, b'{"error": {"type": "invalid_request_error", "message": "No such session"}}'
            return self._session(number)
        if path == "/v1/refunds":
            intent = self._ask("GET", f"/v1/payment_intents/{form['payment_intent']}")
            given = sum(r["amount"] for r in self._refunds(intent["id"]))
            if given + int(form["amount"]) > intent["amount"]:
                said = {
                    "error": {
                        "type": "invalid_request_error",
                        "code": "amount_too_large",
                        "message": "Refund amount is greater than unrefunded amount on charge",
                    }
                }
                return 400, json.dumps(said).encode()
        answer = self.behind.request(method, path, data=form or None)
        return answer.status_code, answer.content

    def _session(self, number: str) -> Answer:
        row = dict(self.sessions[number])
        row.pop("_form")
        if row["payment_intent"]:
            row["payment_intent"] = self._ask("GET", f"/v1/payment_intents/{row['payment_intent']}")
        return 200, json.dumps(row).encode()

    def _refunds(self, intent: str) -> list[dict[str, Any]]:
        return self._ask("GET", f"/v1/refunds?payment_intent={intent}")["data"]  # type: ignore[no-any-return]

    def _ask(self, method: str, path: str, **form: str) -> dict[str, Any]:
        answer = self.behind.request(method, path, data=form or None)
        assert answer.status_code == 200, answer.text
        return answer.json()  # type: ignore[no-any-return]

    def pay(self, session: str, *, card: str = "4242424242424242") -> str:
        """The buyer fills Stripe's page; the PaymentIntent that came of it."""
        row = self.sessions[session]
        form = row["_form"]
        method = self._ask(
            "POST", "/v1/payment_methods", **{
                "type": "card", "card[number]": card, "card[exp_month]": "12", "card[exp_year]": "2039", "card[cvc]": "123",
            },
        )  # fmt: skip
        intent = self._ask(
            "POST", "/v1/payment_intents", **{
                "amount": str(row["amount_total"]), "currency": row["currency"], "payment_method": method["id"],
                "capture_method": form["payment_intent_data[capture_method]"], "confirm": "true",
                "metadata[reference]": form["payment_intent_data[metadata][reference]"],
            },
        )  # fmt: skip
        row["payment_intent"], row["status"] = intent["id"], "complete"
        return str(intent["id"])

    def event(
        self, kind: str, thing: dict[str, Any], *, at: datetime | None = None
    ) -> tuple[bytes, dict[str, str]]:
        """A signed event, as Stripe sends it."""
        body = json.dumps(
            {"id": f"evt_{time.monotonic_ns()}", "object": "event", "type": kind, "data": {"object": thing}}
        )
        stamp = int((at or clock.now()).timestamp())
        mac = stripe.WebhookSignature._compute_signature(f"{stamp}.{body}", self.secret)
        return body.encode(), {"Stripe-Signature": f"t={stamp},v1={mac}"}


@contextmanager
def localstripe() -> Iterator[str]:
    """The fake Stripe server in a process of its own."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "localstripe", "--port", str(port), "--from-scratch"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            try:
                httpx.get(f"http://127.0.0.1:{port}/", timeout=1)
                break
            except httpx.HTTPError:
                assert process.poll() is None
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=10)


class AlipayTwin:
    """The gateway: trades by our number, every request proved, every answer signed."""

    app_id = "2021000000000001"

    def __init__(self, folder: Path) -> None:
        self.theirs = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        ours = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.our_public = ours.public_key()
        self.key_file, self.public_file = folder / "our.pem", folder / "alipay.pem"
        self.key_file.write_bytes(
            ours.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        self.public_file.write_bytes(
            self.theirs.public_key().public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
        )
        self.trades: dict[str, dict[str, Any]] = {}
        self.tamper = False

    def prove(self, form: dict[str, str]) -> None:
        """Raises when we did not sign it."""
        text = "&".join(f"{name}={value}" for name, value in sorted(form.items()) if name != "sign" and value)
        self.our_public.verify(
            base64.b64decode(form["sign"]), text.encode(), padding.PKCS1v15(), hashes.SHA256()
        )
        assert form["app_id"] == self.app_id
        assert (form["sign_type"], form["version"], form["charset"]) == ("RSA2", "1.0", "utf-8")

    def sign(self, text: str) -> str:
        return base64.b64encode(self.theirs.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()

    def answer(self, method: str, path: str, headers: Any, body: bytes) -> Answer:
        form = dict(parse_qsl(body.decode()))
        self.prove(form)
        asked = json.loads(form["biz_content"])
        said = json.dumps(self._answer(form["method"], asked), ensure_ascii=False)
        signature = self.sign(said)
        if self.tamper:
            said = said.replace("WAIT_BUYER_PAY", "TRADE_SUCCESS")
        name = form["method"].replace(".", "_") + "_response"
        return 200, f'{{"{name}":{said},"sign":"{signature}"}}'.encode()

    def _answer(self, method: str, asked: dict[str, str]) -> dict[str, Any]:
        trade = self.trades.get(asked["out_trade_no"])
        if trade is None:
            return {"code": "40004", "msg": "Business Failed", "sub_code": "ACQ.TRADE_NOT_EXIST"}
        if method == "alipay.trade.close" and trade["trade_status"] == "WAIT_BUYER_PAY":
            trade["trade_status"] = "TRADE_CLOSED"
        if method == "alipay.trade.refund":
            known: dict[str, Decimal] = trade["_refunds"]
            wanted = Decimal(asked["refund_amount"])
            if asked["out_request_no"] not in known:
                if sum(known.values()) + wanted > Decimal(trade["total_amount"]):
                    return {
                        "code": "40004",
                        "msg": "Business Failed",
                        "sub_code": "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL",
                    }
                known[asked["out_request_no"]] = wanted
        shown = {name: value for name, value in trade.items() if name != "_refunds"}
        return {"code": "10000", "msg": "Success", **shown, "buyer_logon_id": "买家***"}

    def open_page(self, url: str) -> dict[str, str]:
        """The buyer opens our link: Alipay proves it and keeps the trade."""
        form = dict(parse_qsl(urlsplit(url).query))
        self.prove(form)
        assert form["method"] == "alipay.trade.page.pay"
        asked = json.loads(form["biz_content"])
        self.trades.setdefault(
            asked["out_trade_no"],
            {
                "out_trade_no": asked["out_trade_no"],
                "trade_no": "2026112222001400000000000001",
                "trade_status": "WAIT_BUYER_PAY",
                "total_amount": asked["total_amount"],
                "_refunds": {},
            },
        )
        return form

    def notice(self, number: str, *, at: datetime | None = None, **other: str) -> bytes:
        """A notice about a trade, signed; `other` fields stand in place of the true ones."""
        trade = self.trades[number]
        fields = {
            "app_id": self.app_id,
            "notify_id": f"n{time.monotonic_ns()}",
            "notify_type": "trade_status_sync",
            "notify_time": (at or clock.now()).astimezone(HERE).strftime("%Y-%m-%d %H:%M:%S"),
            "out_trade_no": number,
            "trade_no": trade["trade_no"],
            "trade_status": trade["trade_status"],
            "total_amount": trade["total_amount"],
            "subject": "Entrepot 采购",
            "charset": "utf-8",
            **other,
        }
        text = "&".join(f"{name}={value}" for name, value in sorted(fields.items()) if value)
        return urlencode(fields | {"sign": self.sign(text), "sign_type": "RSA2"}).encode()


OUR_IBAN = "ES9121000418450200051332"
BUYER_IBAN = "DE89370400440532013000"


def statement(
    number: str,
    entries: list[dict[str, Any]],
    *,
    opening: int = 100_000,
    iban: str = OUR_IBAN,
    closing: int | None = None,
    version: str = "camt.053.001.08",
) -> bytes:
    """A camt.053 file. An entry: minor (above zero comes in), end_to_end, text, name, iban, reason (of a return), status, day."""
    v8 = version.endswith("08")

    def balance(code: str, minor: int) -> str:
        return (
            f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{abs(minor) / 100:.2f}</Amt>'
            f"<CdtDbtInd>{'CRDT' if minor >= 0 else 'DBIT'}</CdtDbtInd><Dt><Dt>2026-11-22</Dt></Dt></Bal>"
        )

    def entry(row: dict[str, Any]) -> str:
        minor = row["minor"]
        side = "CRDT" if minor > 0 else "DBIT"
        amount = f'<Amt Ccy="EUR">{abs(minor) / 100:.2f}</Amt>'
        status = row.get("status", "BOOK")
        other = "Dbtr" if minor > 0 else "Cdtr"
        name = f"<Nm>{row.get('name', 'Ana Ruiz')}</Nm>"
        party = f"<{other}>{f'<Pty>{name}</Pty>' if v8 else name}</{other}>"
        party += f"<{other}Acct><Id><IBAN>{row.get('iban', BUYER_IBAN)}</IBAN></Id></{other}Acct>"
        text = f"<RmtInf><Ustrd>{row['text']}</Ustrd></RmtInf>" if row.get("text") else ""
        reason = f"<RtrInf><Rsn><Cd>{row['reason']}</Cd></Rsn></RtrInf>" if row.get("reason") else ""
        detail_amount = (
            f"{amount}<CdtDbtInd>{side}</CdtDbtInd>" if v8 else f"<AmtDtls><TxAmt>{amount}</TxAmt></AmtDtls>"
        )
        return (
            f"<Ntry>{amount}<CdtDbtInd>{side}</CdtDbtInd><Sts>{f'<Cd>{status}</Cd>' if v8 else status}</Sts>"
            f"<BookgDt><Dt>{row.get('day', '2026-11-22')}</Dt></BookgDt><ValDt><Dt>2026-11-22</Dt></ValDt>"
            "<AcctSvcrRef>BANK1</AcctSvcrRef>"
            "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>"
            f"<NtryDtls><TxDtls><Refs><EndToEndId>{row.get('end_to_end') or 'NOTPROVIDED'}</EndToEndId></Refs>"
            f"{detail_amount}<RltdPties>{party}</RltdPties>{text}{reason}</TxDtls></NtryDtls></Ntry>"
        )

    booked = sum(row["minor"] for row in entries if row.get("status", "BOOK") == "BOOK")
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:{version}"><BkToCstmrStmt>'
        "<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-22T20:00:00</CreDtTm></GrpHdr>"
        f"<Stmt><Id>{number}</Id><CreDtTm>2026-11-22T20:00:00</CreDtTm><Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
        f"{balance('OPBD', opening)}{balance('CLBD', opening + booked if closing is None else closing)}"
        f"{''.join(entry(row) for row in entries)}</Stmt></BkToCstmrStmt></Document>"
    ).encode()
