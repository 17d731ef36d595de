"""People with a browser window of their own; every page a journey visits is held against WCAG 2.2 AA."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests.market import LOGINS, Market, signed_in

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1360, "height": 900}
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
AXE = Axe()


class Person:
    """Somebody with a browser window of their own."""

    def __init__(
        self,
        browser: Browser,
        market: Market,
        size: dict[str, int],
        language: str = "es-ES",
        at: str = "127.0.0.1",
        **options: object,
    ) -> None:
        self.market, self.size = market, size
        self.context: BrowserContext = browser.new_context(
            viewport=size, locale=language, base_url=market.url.replace("127.0.0.1", at),
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

    def go_until(self, path: str, place: str, words: str | re.Pattern[str] = "") -> None:
        """Open a page again until it says something at a place: what a worker does a moment later. 20 s at most."""
        for _ in range(40):
            self.go(path)
            if self.page.locator(place).filter(has_text=words or None).count():
                return
            self.page.wait_for_timeout(500)
        raise AssertionError(f"{path}: {place} never said {words!r}")

    def sign_in(self, role: str) -> None:
        """As the person of this role in the pilot, or as whoever has this e-mail and the pilot's password."""
        known = {each["role"]: each["email"] for each in LOGINS["people"]}
        self.go("/accounts/login/")
        self.page.fill("input[name=login]", known.get(role, role))
        self.page.fill("input[name=password]", LOGINS["password"])
        self.page.locator("form:has(input[name=password]) button[type=submit]").first.click()
        self.page.wait_for_url(lambda url: "/login" not in url)

    def sign_up(self, email: str) -> None:
        """From the sign-up form, where the person is now, by the code in the letter to the page they came for."""
        self.page.fill("input[name=email]", email)
        self.page.fill("input[name=password1]", LOGINS["password"])
        self.check()
        self.page.locator("form:has(input[name=password1]) button[type=submit]").first.click()
        self.page.wait_for_url("**/confirm-email/")
        self.check()
        self.page.fill(
            "input[name=code]", letter_to(self.market, email, r"\b([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\b")
        )
        self.page.locator("form:has(input[name=code]) button[type=submit]").first.click()
        self.page.wait_for_url(lambda url: "/accounts/" not in url)

    def check(self) -> None:
        """No WCAG 2.2 AA violation on this page, by day and by night; no error in the console; no sideways scrolling,
        on a phone neither. At night only colours differ, so only the rules about colours are asked again.
        """
        self.page.wait_for_load_state()
        for scheme, rules in (("dark", COLOURS), ("light", RULES)):
            self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            self.page.wait_for_timeout(50)
            found = AXE.run(self.page, options=rules)
            assert found.violations_count == 0, f"{self.page.url} ({scheme})\n{found.generate_report()}"
        for size in (PHONE, self.size):
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            wide = self.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wide <= 1, f"{self.page.url} scrolls {wide} px sideways at {size['width']}"
        assert not self.seen, f"{self.page.url}: {self.seen}"


def letter_to(market: Market, email: str, pattern: str) -> str:
    """What the last letter to somebody says, read in the pilot's mail catcher."""
    with closing(signed_in(market, "Operator")) as operator:
        page = operator.get("/console/mail/").text
        row = next(row for row in page.split("<tr") if email in row)
        link = re.search(r'href="(/console/mail/[^"]+)"', row)
        assert link, row
        found = re.search(pattern, re.sub(r"<[^>]+>", " ", operator.get(link[1]).text.split("<main")[1]))
        assert found, operator.get(link[1]).text
        return found[1]


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
