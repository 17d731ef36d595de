"""The developer: reads the docs, makes a key, calls the API with it, is refused in words, ends the key."""

from __future__ import annotations

import re
import uuid

import httpx
from playwright.sync_api import expect

from tests.journeys.conftest import Person
from tests.market import Market


def test_from_the_docs_to_a_call_and_back(desk: Person, market: Market) -> None:
    desk.go("/docs")
    desk.check()
    first = desk.page.locator("pre code").first.inner_text()
    url = re.search(r'"(http[^"]+)"', first)
    assert url, first
    assert len(httpx.get(url[1], timeout=20).json()["data"]) == 2

    desk.sign_in("Developer")
    desk.go("/seller/developers")
    desk.check()
    desk.page.get_by_label("Nombre, para reconocerla").fill("Almacén")
    for scope in ("catalog:write", "stock:write"):
        desk.page.locator(f"input[name=scope][value='{scope}']").check()
    desk.page.get_by_role("button", name="Crear la clave").click()
    secret = desk.page.locator("[data-secret]").inner_text()
    desk.check()

    api = httpx.Client(base_url=market.url, timeout=20, headers={"Authorization": f"Bearer {secret}"})
    product = api.get("/v1/seller/products", params={"limit": "1"}).json()["data"][0]
    sku = product["variants"][0]["sku"]
    key = {"Idempotency-Key": str(uuid.uuid4())}
    once = api.post(f"/v1/seller/stock/{sku}", json={"delta": 2}, headers=key)
    assert once.status_code == 200, once.text
    again = api.post(f"/v1/seller/stock/{sku}", json={"delta": 2}, headers=key)
    assert (again.json(), again.headers["Idempotent-Replayed"]) == (once.json(), "true")
    other = api.post(f"/v1/seller/stock/{sku}", json={"delta": 3}, headers=key)
    assert other.status_code == 422
    without = api.post(f"/v1/seller/stock/{sku}", json={"delta": 3})
    assert without.status_code == 400
    refused = api.get("/v1/seller/orders")
    assert (refused.status_code, refused.headers["content-type"]) == (403, "application/problem+json")
    for problem in (other.json(), without.json(), refused.json()):
        desk.go(problem["type"])
        expect(desk.page.locator("h1")).to_have_text(problem["code"])
        desk.check()

    desk.go("/seller/developers")
    row = desk.page.locator("tbody tr", has=desk.page.get_by_role("button")).first
    row.get_by_role("button").click()
    expect(desk.page.locator(".note.ok")).to_be_visible()
    ended = api.get("/v1/seller/products")
    assert (ended.status_code, ended.json()["code"]) == (401, "key_refused")
    api.close()
