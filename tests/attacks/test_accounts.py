"""Attacks on accounts and sessions, as security.md lists them: each is tried, and must fail."""

from __future__ import annotations

import re
import statistics
import time
from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.adapter import get_adapter as mfa_adapter
from django.core import mail
from django.core.cache import cache
from django.test import Client

from entrepot.kit.models import OutboxFact
from entrepot.parties import commands, queries
from entrepot.parties.models import User
from tests import make

pytestmark = pytest.mark.django_db

LOGIN, SIGNUP, RESET = "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"


@pytest.fixture(autouse=True)
def _no_old_tries() -> None:
    cache.clear()


def known(email: str = "ana@example.es") -> int:
    """A person with a verified mailbox."""
    return commands.create_account(
        make.system(), email=email, password=make.PASSWORD, is_email_verified=True
    ).user_id


def sign_in(
    client: Client, email: str = "ana@example.es", password: str = make.PASSWORD, **extra: Any
) -> Any:
    return client.post(LOGIN, {"login": email, "password": password}, **extra)


def is_signed_in(client: Client) -> bool:
    return client.get("/accounts/password/change/").status_code == 200


def test_signing_in_and_out() -> None:
    known()
    client = Client()
    assert sign_in(client).status_code == 302
    assert is_signed_in(client)
    assert client.get("/accounts/logout/").status_code == 200
    assert is_signed_in(client), "a GET signs nobody out"
    client.post("/accounts/logout/")
    assert not is_signed_in(client)


def test_a_new_session_id_at_sign_in() -> None:
    """Fixation: the id somebody planted is worth nothing afterwards."""
    known()
    client = Client()
    planted = client.session
    planted["x"] = 1
    planted.save()
    client.cookies["session"] = planted.session_key
    sign_in(client)
    assert client.cookies["session"].value != planted.session_key
    thief = Client()
    thief.cookies["session"] = planted.session_key or ""
    assert not is_signed_in(thief)


def test_old_sessions_die_with_the_password() -> None:
    known()
    mine, thief = Client(), Client()
    sign_in(mine)
    sign_in(thief)
    assert is_signed_in(thief)
    new = "another long pass phrase"
    answer = mine.post(
        "/accounts/password/change/", {"oldpassword": make.PASSWORD, "password1": new, "password2": new}
    )
    assert answer.status_code == 302
    assert is_signed_in(mine)
    assert not is_signed_in(thief)


def test_old_sessions_die_with_a_reset() -> None:
    known()
    thief, mine = Client(), Client()
    sign_in(thief)
    mine.post(RESET, {"email": "ana@example.es"})
    link = re.search(r"http\S+/accounts/password/reset/key/\S+", mail.outbox[-1].body)
    assert link
    page = mine.get(link[0].removeprefix("http://127.0.0.1:8099"), follow=True)
    new = "another long pass phrase"
    mine.post(page.request["PATH_INFO"], {"password1": new, "password2": new})
    assert not is_signed_in(thief)
    assert sign_in(Client(), password=make.PASSWORD).status_code == 200
    assert sign_in(Client(), password=new).status_code == 302
    again = Client().get(link[0].removeprefix("http://127.0.0.1:8099"), follow=True)
    assert b"password1" not in again.content, "a reset link works once"


def test_a_removed_member_is_out_at_once() -> None:
    seller_id = make.seller()
    owner = make.staff(seller_id)
    user_id = known("luis@example.es")
    commands.add_staff(owner, seller_id=seller_id, email="luis@example.es", role="orders")
    client = Client()
    sign_in(client, "luis@example.es")
    assert is_signed_in(client)
    commands.remove_staff(owner, seller_id=seller_id, user_id=user_id)
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8099", "127.0.0.1.evil.example", "localhost@evil.example"]
)
def test_a_foreign_host_is_refused(host: str) -> None:
    known()
    answer = Client().post(RESET, {"email": "ana@example.es"}, headers={"host": host})
    assert answer.status_code == 400
    assert b"evil" not in answer.content
    assert not mail.outbox


def test_links_in_mails_never_use_the_host_header(settings: Any) -> None:
    known()
    for path, data in (
        (RESET, {"email": "ana@example.es"}),
        (SIGNUP, {"email": "ana@example.es", "password1": make.PASSWORD}),
    ):
        Client().post(path, data, headers={"host": "localhost:6666", "x-forwarded-host": "evil.example"})
    assert len(mail.outbox) == 2
    for letter in mail.outbox:
        assert settings.BASE_URL in letter.body
        assert "6666" not in letter.body + letter.subject
        assert "evil" not in letter.body


@pytest.mark.parametrize(
    "wish", ["https://evil.example/", "//evil.example/", "/\\evil.example", "http:///evil.example"]
)
def test_signing_in_leads_nowhere_else(wish: str) -> None:
    known()
    answer = Client().post(LOGIN, {"login": "ana@example.es", "password": make.PASSWORD, "next": wish})
    assert answer.status_code == 302
    assert answer["Location"] == "/"


def test_signing_in_leads_back() -> None:
    known()
    answer = Client().post(LOGIN, {"login": "ana@example.es", "password": make.PASSWORD, "next": "/es-es/"})
    assert answer["Location"] == "/es-es/"


def test_a_hundred_wrong_tries_from_one_address() -> None:
    known()
    client, answers = Client(), []
    for number in range(40):
        answers.append(sign_in(client, f"p{number}@example.es", "wrong"))
    assert 429 in {answer.status_code for answer in answers}
    assert answers[-1].status_code == 429


def test_a_hundred_addresses_at_one_account() -> None:
    known()
    for number in range(12):
        sign_in(Client(), password="wrong", REMOTE_ADDR=f"10.0.0.{number}")
    assert sign_in(Client(), REMOTE_ADDR="10.0.1.1").status_code == 200, "even the right password must wait"
    assert not is_signed_in(Client())


def test_forwarded_addresses_are_not_believed_without_a_proxy() -> None:
    known()
    last = None
    for number in range(40):
        last = sign_in(
            Client(), f"p{number}@example.es", "wrong", headers={"x-forwarded-for": f"10.9.0.{number}"}
        )
    assert last is not None
    assert last.status_code == 429


def bare(answer: Any) -> str:
    """A page without what differs by nature: tokens, addresses, nonces."""
    return re.sub(r'(value|nonce)="[^"]*"|[\w.]+@example\.es', "", answer.content.decode())


def test_signing_in_says_the_same_for_an_unknown_address() -> None:
    known()
    right, wrong = sign_in(Client(), password="wrong"), sign_in(Client(), "nobody@example.es", "wrong")
    assert (right.status_code, bare(right)) == (wrong.status_code, bare(wrong))


def test_signing_up_and_resetting_say_the_same_for_a_taken_address() -> None:
    known()
    for path in (SIGNUP, RESET):
        answers = []
        for email in ("ana@example.es", "new@example.es"):
            data = {"email": email} | ({"password1": make.PASSWORD} if path == SIGNUP else {})
            answers.append(Client().post(path, data, follow=True))
        taken, free = answers
        assert (taken.status_code, taken.redirect_chain) == (free.status_code, free.redirect_chain)
        assert bare(taken) == bare(free)
    assert User.objects.count() == 2


@pytest.mark.parametrize("path", [LOGIN, SIGNUP])
def test_the_time_does_not_tell_who_has_an_account(path: str, settings: Any) -> None:
    """Medians of a known and an unknown address lie within a third of a hash of each other."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    settings.ACCOUNT_RATE_LIMITS = False
    known()
    times: dict[bool, list[float]] = {True: [], False: []}
    for number in range(5):
        for is_known in (True, False):
            email = "ana@example.es" if is_known else f"n{number}@example.es"
            data = (
                {"login": email, "password": "wrong"}
                if path == LOGIN
                else {"email": email, "password1": make.PASSWORD}
            )
            began = time.process_time()
            Client().post(path, data)
            times[is_known].append(time.process_time() - began)
    began = time.process_time()
    User(email="x@example.es").set_password("x")
    one_hash = time.process_time() - began
    assert abs(statistics.median(times[True]) - statistics.median(times[False])) < one_hash / 3


def test_signing_up_needs_the_mailed_code_and_then_tells_the_rooms() -> None:
    client = Client()
    client.post(SIGNUP, {"email": "eva@example.es", "password1": make.PASSWORD})
    assert not is_signed_in(client)
    code = re.search(r"^\s*([A-Z0-9-]{6,})\s*$", mail.outbox[-1].body, re.MULTILINE)
    assert code
    assert not OutboxFact.objects.filter(kind="parties.EmailVerified").exists()
    client.post("/accounts/confirm-email/", {"code": code[1]})
    assert is_signed_in(client)
    fact = OutboxFact.objects.get(kind="parties.EmailVerified")
    assert fact.body["email"] == "eva@example.es"
    user = User.objects.get(email="eva@example.es")
    assert queries.verified_emails_of_party(user.party_id) == {"eva@example.es"}


def test_guessing_the_code_ends_soon() -> None:
    client = Client()
    client.post(SIGNUP, {"email": "eva@example.es", "password1": make.PASSWORD})
    for _ in range(4):
        client.post("/accounts/confirm-email/", {"code": "AAAAAA"})
    code = re.search(r"^\s*([A-Z0-9-]{6,})\s*$", mail.outbox[0].body, re.MULTILINE)
    assert code
    client.post("/accounts/confirm-email/", {"code": code[1]})
    assert not is_signed_in(client)
    assert not OutboxFact.objects.filter(kind="parties.EmailVerified").exists()


@pytest.mark.parametrize("password", ["short", "password1234", "123456789012", "ana@example.es", ""])
def test_weak_passwords_are_refused(password: str) -> None:
    Client().post(SIGNUP, {"email": "ana@example.es", "password1": password})
    assert not User.objects.exists()


def test_the_second_factors_secret_is_not_in_the_database_in_clear() -> None:
    secret = "JBSWY3DPEHPK3PXP"
    stored = mfa_adapter().encrypt(secret)
    assert secret not in stored
    assert mfa_adapter().decrypt(stored) == secret


@pytest.mark.parametrize("path", [LOGIN, SIGNUP, RESET, "/accounts/logout/"])
def test_a_post_without_the_token_or_from_elsewhere_is_refused(path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    data = {"login": "ana@example.es", "password": make.PASSWORD, "email": "ana@example.es"}
    assert client.post(path, data).status_code == 403
    client.get(LOGIN)
    token = client.cookies["csrf"].value if "csrf" in client.cookies else "x"
    answer = client.post(
        path, data | {"csrfmiddlewaretoken": token}, headers={"origin": "https://evil.example"}
    )
    assert answer.status_code == 403
    assert client.post(path, data, headers={"origin": "null"}).status_code == 403


def test_cookies_are_closed_to_scripts_and_other_sites() -> None:
    known()
    client = Client()
    sign_in(client)
    morsel = client.cookies["session"]
    assert morsel["httponly"]
    assert morsel["samesite"] == "Lax"


def test_a_made_up_session_is_nobody() -> None:
    for cookie in ("a" * 32, "../../etc/passwd", "gASVAAAAAAAAAIwFcG9zaXg=", "' OR 1=1 --", str(uuid4())):
        client = Client()
        client.cookies["session"] = cookie
        assert not is_signed_in(client)


def test_tries_are_counted_together_and_forgotten() -> None:
    from dataclasses import replace
    from datetime import timedelta

    from entrepot.parties.errors import TooManyTries
    from entrepot.parties.models import Tries

    ctx = make.visitor()
    for expected in range(1, 21):
        assert commands.count_try(ctx, what="order link", who="10.0.0.1", most=20, per_s=600) == expected
    with pytest.raises(TooManyTries) as refused:
        commands.count_try(ctx, what="order link", who="10.0.0.1", most=20, per_s=600)
    assert 0 < refused.value.facts["seconds"] <= 600
    assert commands.count_try(ctx, what="order link", who="10.0.0.2", most=20, per_s=600) == 1
    later = replace(ctx, at=ctx.at + timedelta(minutes=10))
    assert commands.count_try(later, what="order link", who="10.0.0.1", most=20, per_s=600) == 1
    assert commands.sweep_tries(make.system(at=ctx.at + timedelta(days=3))) == 3
    assert not Tries.objects.exists()
