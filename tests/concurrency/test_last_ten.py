"""A thousand buyers press the button at once for the last ten pieces: ten orders, 990 clean refusals, stock zero."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx

from entrepot.kit.ids import read_id
from tests.market import ROOT, Market, environment, run, seller_key

BUYERS, PIECES = 1_000, 10
ROLE, SELLER = "Seller", "almazara-valdehondo"


def in_a_loop(work: Coroutine[Any, Any, Any]) -> Any:
    """Run it in an event loop of its own: the browser tests' loop may be running in this thread."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def test_a_thousand_buyers_at_once_for_the_last_ten_pieces(market: Market) -> None:
    key = {"Authorization": f"Bearer {seller_key(market, ROLE)}"}
    product, variant, offer = goods_for_sale(market, key)
    correct(market, key, variant["sku"], PIECES)
    await_left(market, product["id"], offer["id"], PIECES)

    checkouts = prepare(market, offer["id"])
    began = time.monotonic()
    answers = in_a_loop(place_all(market, checkouts, offer["price"]["currency"]))
    seconds = time.monotonic() - began

    by_status = Counter(status for status, _ in answers)
    assert by_status == {201: PIECES, 409: BUYERS - PIECES}, (by_status, answers[:3])
    refusals = Counter(body["code"] for status, body in answers if status == 409)
    assert set(refusals) <= {"nothing_accepted", "checkout_not_ready"}, refusals
    why = Counter(each["detail"] for status, body in answers if status == 409 for each in body["errors"])
    assert set(why) == {"sold_out"}, why
    sold = [body["orders"][0] for status, body in answers if status == 201]
    assert len({order["number"] for order in sold}) == PIECES
    assert all(sum(line["quantity"] for line in order["lines"]) == 1 for order in sold)

    await_left(market, product["id"], offer["id"], 0)
    assert {row["on_hand"] for row in stock_of(market, key, variant["id"])} == {0}

    # An accepted buyer who presses again, under a new key, gets the same order again and not another one.
    again = in_a_loop(
        place_all(market, [checkouts[n] for n, (s, _) in enumerate(answers) if s == 201], "EUR")
    )
    assert sorted(body["orders"][0]["number"] for s, body in again) == sorted(o["number"] for o in sold)

    verdict = run(market.home, market.port, "intake", "verify", "--json")
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
    assert json.loads(verdict.stdout)["faults"] == []
    print(f"{BUYERS} placed in {seconds:.1f} s, {BUYERS / seconds:.0f} a second: {dict(refusals)}")


def goods_for_sale(market: Market, key: dict[str, str]) -> tuple[Any, Any, Any]:
    """A variant of the seller's that is for sale, lies in one place and has no limit for a buyer."""
    found = httpx.get(
        f"{market.url}/v1/products", params={"seller": SELLER, "limit": 100}, timeout=20
    ).json()["data"]
    for product in found:
        for offer in product["offers"]:
            if offer["available"] and not offer["limit_per_buyer"]:
                variant = next(each for each in product["variants"] if each["id"] == offer["variant_id"])
                if len(stock_of(market, key, variant["id"])) == 1:
                    return product, variant, offer
    raise AssertionError("no such product")


def stock_of(market: Market, key: dict[str, str], variant_id: str) -> list[Any]:
    """Where the variant lies and how many; nothing of the seller's is below zero."""
    rows: list[Any] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = httpx.get(
            f"{market.url}/v1/seller/stock", headers=key, params={"limit": 100, "cursor": cursor}, timeout=20
        ).json()
        rows += answer["data"]
        cursor = answer["page"]["next_cursor"]
    assert all(row["on_hand"] >= 0 for row in rows)
    return [row for row in rows if row["variant_id"] == variant_id]


def correct(market: Market, key: dict[str, str], sku: str, quantity: int) -> None:
    answer = httpx.post(
        f"{market.url}/v1/seller/stock/{sku}",
        headers=key | {"Idempotency-Key": str(uuid4())},
        json={"quantity": quantity},
        timeout=20,
    )
    assert answer.status_code == 200, answer.text


def await_left(market: Market, product_id: str, offer_id: str, wanted: int) -> None:
    """Wait until the shop shows this many."""
    left = None
    for _ in range(100):
        offers = httpx.get(f"{market.url}/v1/products/{product_id}", timeout=20).json()["offers"]
        left = next((offer["available"] for offer in offers if offer["id"] == offer_id), None)
        if left == wanted:
            return
        time.sleep(0.1)
    raise AssertionError(f"{left} left, not {wanted}")


def prepare(market: Market, offer_id: str) -> list[tuple[str, int]]:
    """A thousand checkouts, complete, of a thousand people: two processes, the rooms' own commands."""
    half = BUYERS // 2
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.concurrency.prepare", str(read_id("ofr", offer_id)), str(half), str(first)],
            env=environment(market.home, market.port) | {"DJANGO_SETTINGS_MODULE": "entrepot.app.settings"},
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )
        for first in (0, half)
    ]  # fmt: skip
    made: list[tuple[str, int]] = []
    for process in running:
        said, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        made += [(token, total) for token, total in json.loads(said.splitlines()[-1])]
    assert len({token for token, _ in made}) == BUYERS
    return made


async def place_all(market: Market, checkouts: list[tuple[str, int]], currency: str) -> list[tuple[int, Any]]:
    """All press at once: every request is sent before the first answer is read; who is told to wait, waits."""
    limits = httpx.Limits(max_connections=len(checkouts))
    async with httpx.AsyncClient(base_url=market.url, timeout=90, limits=limits) as client:

        async def place(token: str, total: int) -> tuple[int, Any]:
            headers = {"Idempotency-Key": str(uuid4())}
            body = {"total": {"minor": total, "currency": currency}}
            for _ in range(20):
                answer = await client.post(f"/v1/checkouts/{token}/place", json=body, headers=headers)
                if answer.status_code != 503:
                    break
                await asyncio.sleep(float(answer.headers["Retry-After"]))
            return answer.status_code, answer.json()

        return list(await asyncio.gather(*(place(token, total) for token, total in checkouts)))
