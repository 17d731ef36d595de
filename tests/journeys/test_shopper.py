"""A shopper on a phone, with an account and a passkey; and one without JavaScript."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, expect

from tests.journeys.conftest import PHONE, Person
from tests.journeys.test_from_cart_to_payout import GUEST, check_out, pay
from tests.market import LOGINS, Market

EMAIL = "rosa.movil@buzon.example"


class TestShopperOnAPhone:
    """One story in the order of time; each test stands on the one before."""

    def test_finds_compares_and_chooses(self, phone: Person) -> None:
        phone.go("/es-es/")
        phone.page.fill("#q", "lampra")
        phone.page.press("#q", "Enter")
        phone.page.wait_for_url("**/search**")
        expect(phone.page.locator("main")).to_contain_text("lámpara")
        expect(phone.page.locator(".card").first).to_contain_text("€")
        phone.check()
        phone.go("/es-es/c/alimentacion")
        expect(phone.page.locator(".card .price").first).to_contain_text(re.compile("€/(l|kg|100)"))
        phone.check()
        phone.page.locator(".promoted a.chip").last.click()
        expect(phone.page.locator(".promoted a.chip.on, .chips .chip.on").first).to_be_visible()
        phone.check()
        phone.go("/es-es/")
        reduced = phone.page.locator(".card", has=phone.page.locator(".prior")).first
        expect(reduced.locator(".prior")).to_contain_text("30 días")
        reduced.locator("a.name").click()
        expect(phone.page.locator("main")).to_contain_text("30 días")
        phone.check()

    def test_signs_up_buys_and_follows_the_order(self, phone: Person) -> None:
        phone.go("/es-es/account")
        phone.page.get_by_role("link", name=re.compile("crear|regístr", re.IGNORECASE)).first.click()
        phone.sign_up(EMAIL)
        phone.page.wait_for_url("**/account")
        phone.check()
        phone.go("/es-es/c/hogar")
        phone.page.locator(".card a.name").first.click()
        phone.page.get_by_role("button", name="Añadir a la cesta").click()
        expect(phone.page.locator("#added")).not_to_be_empty()
        check_out(phone, GUEST | {"email": EMAIL})
        pay(phone)
        expect(phone.page.locator("main")).to_contain_text("pagad", timeout=20_000)
        expect(phone.page.locator(".time li").first).to_be_visible()
        phone.check()
        phone.go("/es-es/account")
        expect(phone.page.locator(".till")).to_contain_text("€")
        phone.check()
        for page in ("addresses", "data"):
            phone.go(f"/es-es/account/{page}")
            phone.check()
        phone.page.locator("summary[aria-label^='Idioma']").click()
        phone.page.get_by_role("link", name=re.compile("English")).first.click()
        phone.page.wait_for_url("**/es-en/**")
        expect(phone.page.locator("html")).to_have_attribute("lang", "en")

    def test_changes_their_mind(self, phone: Person) -> None:
        phone.sign_in("Shopper")
        phone.go("/es-es/account")
        links = [
            a.get_attribute("href") or "" for a in phone.page.locator("a.strong[href*='/purchase/']").all()
        ]
        for link in links:
            phone.go(link)
            if phone.page.get_by_role("link", name="Algo va mal con el producto").count():
                break
        phone.page.get_by_role("link", name="Algo va mal con el producto").first.click()
        phone.check()

    def test_a_passkey_opens_the_account(self, browser: Browser, market: Market) -> None:
        phone = Person(browser, market, PHONE, has_touch=True, is_mobile=True, at="localhost")
        devtools = phone.context.new_cdp_session(phone.page)
        devtools.send("WebAuthn.enable")
        devtools.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
                    "isUserVerified": True, "automaticPresenceSimulation": True,
                }
            },
        )  # fmt: skip
        phone.sign_in(EMAIL)
        phone.go("/accounts/2fa/")
        phone.check()
        phone.go("/accounts/2fa/webauthn/add/")
        phone.page.fill(
            "input[name=password]", LOGINS["password"]
        )  # who changes how one signs in says so again
        phone.check()
        phone.page.get_by_role("button", name="Confirmar").click()
        phone.page.wait_for_url("**/webauthn/add/")
        phone.check()
        phone.page.get_by_role("checkbox").check()
        phone.page.locator("#mfa_webauthn_add").click()
        phone.page.wait_for_url(lambda url: "webauthn/add" not in url)
        phone.check()
        phone.go("/accounts/2fa/webauthn/")
        expect(phone.page.locator("table")).to_contain_text("Llave de acceso")
        phone.check()
        phone.go("/es-es/account")
        phone.page.get_by_role("button", name="Cerrar sesión").click()
        phone.go("/accounts/login/?next=/es-es/account")
        phone.page.locator("#passkey_login").click()
        phone.page.wait_for_url("**/es-es/account")
        expect(phone.page.locator("h1")).to_contain_text(re.compile("rosa", re.IGNORECASE))
        phone.context.close()

    def test_a_numeric_address_says_where_passkeys_work(self, phone: Person) -> None:
        phone.go("/accounts/login/")
        expect(phone.page.locator("a[href^='http://localhost:']")).to_be_visible()
        phone.check()


def test_browsing_to_the_cart_needs_no_javascript(browser: Browser, market: Market) -> None:
    plain = Person(browser, market, PHONE, has_touch=True, is_mobile=True, java_script_enabled=False)
    plain.go("/es-es/")
    plain.page.fill("#q", "aceite")
    plain.page.press("#q", "Enter")
    plain.page.wait_for_url("**/search**")
    plain.page.locator(".promoted a.chip").first.click()
    expect(plain.page.locator(".chips .chip.on").first).to_be_visible()
    plain.page.locator(".card a.name").first.click()
    plain.page.get_by_role("button", name="Añadir a la cesta").click()
    plain.page.wait_for_url("**/cart**")
    expect(plain.page.locator("main")).to_contain_text("€")
    plain.page.get_by_role("button", name=re.compile("pedido|compra|pagar", re.IGNORECASE)).first.click()
    plain.page.wait_for_url("**/checkout/**")
    expect(plain.page.locator("input[name=email]")).to_be_visible()
    assert not plain.seen
    plain.context.close()
