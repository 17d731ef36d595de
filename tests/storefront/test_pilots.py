"""A market in its pilot: invited guests and a share of the visitors get in, the others are told, and it stays so."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from entrepot.markets.commands import invite_to_market, launch_market, withdraw_invitation
from entrepot.storefront import pilots, places
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    places._open.update(read_at=-1e9, markets=())


def pilot(share_bp: int) -> None:
    make.open_market("ES")
    launch_market(make.system(), code="FR", state="pilot", visitor_share_bp=share_bp)


def browser(**extra: Any) -> Client:
    return Client(HTTP_HOST="127.0.0.1", **extra)


def drawn(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    monkeypatch.setattr(pilots.secrets, "randbelow", lambda most: number)


def test_only_the_invited_enter_and_stay_in() -> None:
    pilot(0)
    guest, other = browser(), browser()
    closed = other.get("/fr-fr/")
    assert closed.status_code == 403
    assert "/es-es/" in closed.content.decode()
    link = invite_to_market(make.system(), code="FR", label="Anna of the trade press")
    assert guest.get(link.path).status_code == 302
    assert guest.get("/fr-fr/").status_code == 200
    assert guest.get("/fr-en/cart").status_code == 200
    assert other.get("/fr-en/cart").status_code == 403
    withdraw_invitation(make.system(), invitation_id=link.id)
    assert browser().get(link.path).status_code == 404
    assert guest.get("/fr-fr/").status_code == 200
    assert browser().get("/fr-fr/invited/made-up").status_code == 404


def test_a_share_of_visitors_enters_and_a_larger_share_only_adds(monkeypatch: pytest.MonkeyPatch) -> None:
    pilot(1_000)
    low, high = browser(), browser()
    drawn(monkeypatch, 999)
    assert low.get("/fr-fr/").status_code == 200
    drawn(monkeypatch, 1_000)
    assert high.get("/fr-fr/").status_code == 403
    drawn(monkeypatch, 0)  # what is drawn later does not matter
    assert [low.get("/fr-fr/").status_code, high.get("/fr-fr/").status_code] == [200, 403]
    launch_market(make.system(), code="FR", state="pilot", visitor_share_bp=5_000)
    places._open.update(read_at=-1e9, markets=())
    assert [low.get("/fr-fr/").status_code, high.get("/fr-fr/").status_code] == [200, 200]


def test_nobody_writes_a_pass_of_their_own() -> None:
    pilot(0)
    forger = browser()
    forger.cookies[pilots.COOKIE] = '{"d": 0, "m": ["FR"]}'
    assert forger.get("/fr-fr/").status_code == 403


def test_the_way_in_and_the_menus_name_only_what_is_open_to_one() -> None:
    pilot(0)
    assert browser(HTTP_ACCEPT_LANGUAGE="fr-FR").get("/")["Location"] == "/es-es/"
    html = browser().get("/es-en/").content.decode()
    assert "/fr-fr/" not in html
    guest = browser(HTTP_ACCEPT_LANGUAGE="fr-FR")
    guest.get(invite_to_market(make.system(), code="FR", label="x").path)
    assert guest.get("/")["Location"] == "/fr-fr/"
    assert "/fr-fr/" in guest.get("/es-en/").content.decode()
    assert "fr-fr" not in browser().get("/sitemap.xml").content.decode()


def test_a_pilot_is_not_indexed() -> None:
    pilot(10_000)
    assert "noindex" in browser().get("/fr-fr/").content.decode()


def test_no_cookie_while_every_market_is_open_to_all() -> None:
    make.open_market("ES")
    assert pilots.COOKIE not in browser().get("/es-es/").cookies


def test_a_pilot_for_some_is_not_in_the_public_api() -> None:
    pilot(5_000)
    assert [row["code"] for row in browser().get("/v1/markets").json()["data"]] == ["ES"]
    assert browser().get("/v1/products?market=FR").status_code == 404
    launch_market(make.system(), code="FR", state="pilot")
    assert browser().get("/v1/products?market=FR").status_code == 200
