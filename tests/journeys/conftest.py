"""One running market and one Chromium for all journeys; every page a journey visits is held against WCAG 2.2 AA."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser import find
from tests.market import ROOT, Market, running

LOGINS = json.loads((ROOT / "pilot" / "logins.json").read_text())
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1360, "height": 900}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All journeys share one market: they run in one worker, in order."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("market"))
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def market() -> Iterator[Market]:
    """A fresh market with the pilot's data, served by real processes."""
    with running(workers=2) as market:
        yield market


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find()
    if path is None:
        pytest.fail("No Chromium: run make browser.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


class Person:
    """Somebody with a browser window of their own."""

    def __init__(
        self,
        browser: Browser,
        market: Market,
        size: dict[str, int],
        language: str = "es-ES",
        **options: object,
    ) -> None:
        self.market = market
        self.context: BrowserContext = browser.new_context(
            viewport=size, locale=language, base_url=market.url, bypass_csp=True,
            reduced_motion="reduce", **options,  # type: ignore[arg-type]
        )  # fmt: skip
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.seen: list[str] = []
        self.page.on(
            "console",
            lambda message: (
                self.seen.append(f"{message.text} {message.location.get('url')}")
                if message.type == "error"
                else None
            ),
        )
        self.page.on(
            "response",
            lambda answer: (
                self.seen.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None
            ),
        )
        self.page.on("pageerror", lambda error: self.seen.append(str(error)))

    def go(self, path: str) -> None:
        """Open a page; it must answer well."""
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"

    def sign_in(self, role: str) -> None:
        person = next(each for each in LOGINS["people"] if each["role"] == role)
        self.go("/accounts/login/")
        self.page.fill("input[name=login]", person["email"])
        self.page.fill("input[name=password]", LOGINS["password"])
        self.page.locator("form:has(input[name=password]) button[type=submit]").first.click()
        self.page.wait_for_url(lambda url: "/login" not in url)

    def check(self) -> None:
        """No WCAG 2.2 AA violation on this page, by day and by night; no error in the console; no sideways scrolling."""
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            self.page.wait_for_timeout(200)
            found = Axe().run(self.page, options=RULES)
            assert found.violations_count == 0, f"{self.page.url} ({scheme})\n{found.generate_report()}"
        self.page.emulate_media(color_scheme="light")
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 1, f"{self.page.url} scrolls {wide} px sideways"
        assert not self.seen, f"{self.page.url}: {self.seen}"


@pytest.fixture
def phone(browser: Browser, market: Market) -> Iterator[Person]:
    person = Person(browser, market, PHONE, has_touch=True, is_mobile=True)
    yield person
    person.context.close()


@pytest.fixture
def desk(browser: Browser, market: Market) -> Iterator[Person]:
    person = Person(browser, market, DESK)
    yield person
    person.context.close()
