"""The sandbox's pages in a real browser: the whole way with the keyboard's order, no WCAG 2.2 AA violation, light and dark."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

from tests.browser import find
from tests.payments.conftest import Shop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(params=["light", "dark"])
def page(request: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """A phone."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's loop runs beside our own queries
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=request.param)
        page = context.new_page()
        page.said: list[str] = []  # type: ignore[attr-defined, misc]
        page.on("console", lambda message: page.said.append(message.text))  # type: ignore[attr-defined]
        yield page
        browser.close()


def check(page: Page) -> None:
    """No violation, nothing sideways, nothing refused by the content security policy."""
    result = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
    assert result.violations_count == 0, result.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not [text for text in page.said if "Content Security Policy" in text]  # type: ignore[attr-defined]
    if where := os.environ.get("ENTREPOT_SHOTS"):
        scheme = "dark" if page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") else "light"
        page.screenshot(path=f"{where}/{len(os.listdir(where)):02}-{scheme}.png", full_page=True)


@pytest.fixture
def market(live_server: Any, settings: Any) -> Any:
    settings.BASE_URL = live_server.url
    settings.ALLOWED_HOSTS = ["*"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    return live_server


def test_a_card_with_three_d_secure(page: Page, market: Any, shop: Shop) -> None:
    start = shop.start()
    page.goto(start.redirect_url)
    check(page)
    page.get_by_label("Card number").fill("4111 1111 1111 1111")
    page.get_by_role("button", name="Pay €100.00").click()
    assert page.get_by_text("Only the test cards below are taken here.").is_visible()
    assert page.evaluate("document.activeElement.id") == "number"
    check(page)
    page.get_by_label("Card number").fill("4000 0000 0000 3220")
    page.get_by_label("Valid until").fill("12/39")
    page.get_by_label("Security code").fill("123")
    page.keyboard.press("Enter")
    page.wait_for_url("**/secure/")
    check(page)
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Confirm").click()
    assert page.get_by_text("Tries left: 4").is_visible()
    check(page)
    page.get_by_label("Code").fill("123456")
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url("**/es-es/checkout/done?x=1&payment=captured")


def test_the_phone_method(page: Page, market: Any, shop: Shop) -> None:
    page.goto(shop.start("bizum").redirect_url)
    check(page)
    page.get_by_label("Mobile number").fill("600 000 001")
    page.keyboard.press("Enter")
    page.wait_for_url("**/es-es/checkout/done?x=1&payment=failed")


def test_turning_back_without_filling_anything(page: Page, market: Any, shop: Shop) -> None:
    page.goto(shop.start().redirect_url)
    page.get_by_role("button", name="Cancel and go back to the shop").click()
    page.wait_for_url("**/es-es/checkout/done?x=1&payment=cancelled")
