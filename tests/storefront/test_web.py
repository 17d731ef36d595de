"""The adapter of the doors: who asks, refusals as pages, no leaks, safe redirects."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from entrepot.kit.errors import Busy, Invalid, NotFound, Sentence
from entrepot.offers.errors import OfferHeldBack
from entrepot.parties.models import User
from entrepot.storefront import web
from tests import make

pytestmark = pytest.mark.django_db


def ask(method: str = "GET", path: str = "/x", *, user: Any = None, **extra: Any) -> HttpRequest:
    request = getattr(RequestFactory(), method.lower())(path, **extra)
    request.user, request.session = user or AnonymousUser(), SessionStore()
    return request


def run(view: Callable[..., Any], request: HttpRequest) -> HttpResponse:
    return view(request)


def test_a_guest_a_buyer_a_member_and_an_operator() -> None:
    seller_id = make.seller()
    member = make.staff(seller_id, "orders")
    user = User.objects.get(pk=member.actor.user_id or 0)
    assert web.context_of(ask()).actor.kind == "guest"
    assert web.context_of(ask(user=user)).actor.kind == "buyer"
    as_seller = web.context_of(ask(user=user), role="seller")
    assert (as_seller.actor.kind, as_seller.actor.seller_id) == ("seller", seller_id)
    assert "orders:refund" not in as_seller.scopes
    with pytest.raises(NotFound):
        web.context_of(ask(user=user), role="operator")


def test_the_chosen_shop_must_be_ones_own() -> None:
    mine, theirs = make.seller(), make.seller()
    user = User.objects.get(pk=make.staff(mine).actor.user_id or 0)
    request = ask(user=user)
    request.session["seller_id"] = str(theirs)
    assert web.context_of(request, role="seller").actor.seller_id == mine


def test_guests_keys_never_meet() -> None:
    key = str(uuid.uuid4())
    contexts = []
    for token in ("a" * 32, "b" * 32, "a" * 32):
        request = ask("POST", data={"_key": key})
        request.COOKIES["csrf"] = token
        contexts.append(web.context_of(request).key)
    assert contexts[0] == contexts[2] != contexts[1]
    assert web.context_of(ask("POST", data={"_key": "1"})).key == ""


def test_a_refusal_is_a_page_and_for_htmx_a_panel() -> None:
    @web.door
    def view(request: HttpRequest) -> HttpResponse:
        raise NotFound(what="<b>order</b>")

    response = run(view, ask())
    assert response.status_code == 404
    assert b"<b>order</b>" not in response.content
    panel = run(view, ask(headers={"HX-Request": "true"}))
    assert (panel.status_code, panel["HX-Retarget"]) == (404, "#problem")
    assert b"<html" not in panel.content


def test_busy_says_when_to_come_back() -> None:
    @web.door
    def view(request: HttpRequest) -> HttpResponse:
        raise Busy(seconds=7)

    response = run(view, ask())
    assert (response.status_code, response["Retry-After"]) == (503, "7")


def test_a_lock_time_out_is_busy_but_other_database_errors_are_bugs() -> None:
    class LockNotAvailable(Exception):
        sqlstate = "55P03"

    @web.door
    def locked(request: HttpRequest) -> HttpResponse:
        raise OperationalError("waiting") from LockNotAvailable()

    @web.door
    def broken(request: HttpRequest) -> HttpResponse:
        raise OperationalError("disk on fire at /var/lib")

    assert run(locked, ask()).status_code == 503
    with pytest.raises(OperationalError):
        run(broken, ask())


@pytest.mark.parametrize("role", ["buyer", "seller", "operator"])
def test_strangers_are_sent_to_sign_in(role: web.Role) -> None:
    ran = []

    @web.door(role=role)
    def view(request: HttpRequest) -> HttpResponse:
        ran.append(1)
        return HttpResponse()

    response = run(view, ask(path="/console/orders?state=paid"))
    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=%2Fconsole%2Forders%3Fstate%3Dpaid"
    part = run(view, ask(headers={"HX-Request": "true"}))
    assert part.status_code == 401
    assert not ran


@pytest.mark.parametrize("role", ["seller", "operator"])
def test_for_a_buyer_those_pages_do_not_exist(role: web.Role) -> None:
    @web.door(role=role)
    def view(request: HttpRequest) -> HttpResponse:
        raise AssertionError("ran")

    user = User.objects.get(pk=make.person().user_id)
    assert run(view, ask(user=user)).status_code == 404


def test_pages_of_people_are_not_cached() -> None:
    @web.door(role="buyer")
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("mine")

    user = User.objects.get(pk=make.person().user_id)
    assert run(view, ask(user=user))["Cache-Control"] == "private, no-store"


def test_other_methods_are_refused() -> None:
    @web.door(methods="POST")
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    response = run(view, ask("GET"))
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert run(view, ask("DELETE")).status_code == 405


@pytest.mark.parametrize(
    ("wish", "goes"),
    [
        ("/cuenta", "/cuenta"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("\x08/evil", "/"),
        ("", "/"),
    ],
)
def test_next_leads_nowhere_else(wish: str, goes: str) -> None:
    assert web.safe_next(ask(data={"next": wish})) == goes


@pytest.mark.parametrize(
    ("referer", "goes"),
    [
        ("{base}/es-es/carrito", "/es-es/carrito"),
        ("{base}.evil.example/x", "/"),
        ("https://evil.example/x", "/"),
        ("", "/"),
    ],
)
def test_back_leads_nowhere_else(referer: str, goes: str, settings: Any) -> None:
    request = ask(headers={"Referer": referer.format(base=settings.BASE_URL)})
    assert web.back_of(request) == goes


def test_a_bug_shows_a_reference_and_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    try:
        raise RuntimeError("SELECT secret FROM /srv/keys")
    except RuntimeError:
        response = web.server_error(ask())
    assert response.status_code == 500
    for leak in (b"secret", b"SELECT", b"Traceback", b"/srv"):
        assert leak not in response.content
    assert caplog.records[-1].getMessage().split()[-1].encode() in response.content


def test_links_in_mails_use_the_configured_address(settings: Any) -> None:
    assert web.absolute("/x") == settings.BASE_URL + "/x"


def test_a_refusal_speaks_the_readers_language_to_its_last_word() -> None:
    inner = Sentence(
        "Food needs its ingredients and allergens in the market's language ({language}).", language="es"
    )
    held = OfferHeldBack(
        sku="A", market="ES", sentence=inner, fix="Add at least one picture.", rule="GP-FOOD",
        field="ingredients.es", more=0, gaps=(),
    )  # fmt: skip
    why = Sentence("“{text}” is not a whole number from 0 to {most}.", text="x{y}", most=9)
    with override("es"):
        assert web.said(Invalid(field="quantity", reason="is missing.")) == "Cantidad: falta."
        assert web.said(Invalid(field="price", reason=why, hint="Example: 12")) == (
            "Precio: «x{y}» no es un número entero de 0 a 9. Ejemplo: 12"
        )
        assert "producto" in web.said(NotFound(what="product"))
        assert "Un alimento necesita sus ingredientes" in web.said(held)
        assert "Añada al menos una imagen." in web.said(held)
    assert inner == "Food needs its ingredients and allergens in the market's language (es)."
    assert Invalid(field="x", reason="{not a template}").sentence == "x: {not a template}"


@given(st.text(max_size=40), st.text(max_size=40))
def test_what_a_reader_typed_comes_back_as_it_was_typed(text: str, other: str) -> None:
    typed = Sentence("“{text}” is not an amount.", text=text)
    assert typed == f"“{text}” is not an amount."
    with override("es"):
        assert web.said(Invalid(field="f", reason=typed)) == f"f: «{text}» no es un importe."
    assert Sentence(other) == other
