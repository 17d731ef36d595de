"""Every route × everybody who may knock: the exact answer, and nothing written for those who are turned away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import URLResolver, get_resolver

from entrepot.kit import clock
from entrepot.markets.commands import launch_market
from entrepot.parties import commands as parties
from entrepot.parties.models import User
from tests import make
from tests.authz.rows import KEYS, OPERATORS, PEOPLE, ROWS, Row, row_of

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# What a request may always write: its session and the counts of tries.
MAY_WRITE = re.compile(r'"?(django_session|web_cache|parties_tries|insight_pagecount)"?')
WORK = ("console/", "seller/", "hub/")  # pages of people at work
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|TRUNCATE|NOTIFY)\b", re.IGNORECASE)


def routes() -> Iterator[str]:
    """Every route of the URL configuration."""

    def walk(patterns: list[Any], before: str) -> Iterator[str]:
        for found in patterns:
            route = before + str(found.pattern)
            if isinstance(found, URLResolver):
                yield from walk(found.url_patterns, route)
            else:
                yield route

    yield from walk(get_resolver().url_patterns, "")


ROUTES = sorted(set(routes()))


def test_every_route_has_a_row() -> None:
    missing = [route for route in ROUTES if row_of(route) is None]
    assert not missing, f"write a row in tests/authz/rows.py for: {missing}"


def test_every_row_has_a_route() -> None:
    assert sorted(set(ROWS) - set(ROUTES)) == []


@dataclass
class World:
    """Everybody, signed in where they can be; and the secrets of the keys."""

    clients: dict[str, Client]
    secrets: dict[str, str]
    seller_id: str


def _build() -> World:
    system = make.system(at=clock.now())
    launch_market(system, code="ES")
    ids = {}
    for name in PEOPLE:
        if name != "guest":
            ids[name] = parties.create_account(
                system, email=f"{name}@example.es", password=make.PASSWORD, is_email_verified=True
            ).user_id
    mine, theirs, stopped = (
        make.seller("mine"),
        make.seller("theirs"),
        make.seller("stopped", state="suspended"),
    )

    def seat(name: str, seller: Any, role: str) -> None:
        parties.add_staff(system, seller_id=seller, email=f"{name}@example.es", role=role)

    for name, seller, role in (
        ("owner", mine, "owner"), ("catalogue", mine, "catalogue"), ("orders", mine, "orders"),
        ("seller_finance", mine, "finance"), ("removed_member", mine, "owner"), ("other_owner", theirs, "owner"),
        ("suspended_owner", stopped, "owner"),
    ):  # fmt: skip
        seat(name, seller, role)
    for name in OPERATORS:
        parties.grant_operator_role(system, email=f"{name}@example.es", role=name)
    parties.grant_operator_role(system, email="removed_operator@example.es", role="manager")
    clients = {"guest": Client()}
    for name, user_id in ids.items():
        clients[name] = Client()
        clients[name].force_login(User.objects.get(pk=user_id))

    def context(name: str, seller: Any = None) -> Any:
        from entrepot.kit.context import Context
        from entrepot.parties.queries import actor_for_user

        actor, scopes = actor_for_user(ids[name], as_seller=seller)
        return Context(actor=actor, at=clock.now(), scopes=scopes, cause="test")

    owner, leaver, person = context("owner", mine), context("removed_member", mine), context("buyer")
    everything = [
        "catalog:read",
        "catalog:write",
        "offers:write",
        "stock:write",
        "orders:read",
        "orders:fulfil",
    ]
    buying = ["catalog:read", "orders:place", "orders:pay", "orders:read", "orders:withdraw", "orders:cancel"]
    issue = parties.issue_api_key
    past = clock.now() - timedelta(seconds=1)
    revoked = issue(owner, name="revoked", scopes=everything)
    secrets = {
        "no_key": "",
        "wrong_key": "ek_0123456789_" + "x" * 43,
        "revoked_key": revoked.secret,
        "expired_key": issue(owner, name="expired", scopes=everything, expires_at=past).secret,
        "removed_members_key": issue(leaver, name="leaver", scopes=everything).secret,
        "reader_key": issue(owner, name="reader", scopes=["catalog:read"]).secret,
        "seller_key": issue(owner, name="all", scopes=everything).secret,
        "buyer_key": issue(person, name="buyer", scopes=buying).secret,
    }
    parties.revoke_api_key(owner, key_id=revoked.id)
    # Their sessions are alive until here.
    parties.remove_staff(system, seller_id=mine, user_id=ids["removed_member"])
    parties.revoke_operator_role(system, user_id=ids["removed_operator"], role="manager")
    User.objects.filter(pk=ids["closed_account"]).update(is_active=False)
    return World(clients, secrets, str(mine))


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield _build()
        transaction.set_rollback(True)


def _address(route: str, row: Row, world: World) -> str:
    """The route with its places filled in."""

    def fill(match: re.Match[str]) -> str:
        value = str(row.places.get(match[1], "nothing"))
        return world.seller_id if value == "{seller}" else value

    path = re.sub(r"<(?:\w+:)?(\w+)>", fill, re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", route))
    path = path.replace(r"(?:/[\s\S]*)?", "/nothing")
    return "/" + re.sub(r"\\Z|[\^$]", "", path).replace("\\.", ".") + row.query


class Watch:
    """Notes every write that a request tries."""

    def __init__(self) -> None:
        self.writes: list[str] = []

    def __call__(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        text = sql if isinstance(sql, str) else str(sql)
        if WRITES.match(text) and not MAY_WRITE.search(text.split("WHERE")[0]):
            self.writes.append(text[:120])
        return execute(sql, params, many, context)


@pytest.mark.parametrize("route", ROUTES)
def test_everybody_at(route: str, world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    row = row_of(route)
    assert row is not None, "write a row in tests/authz/rows.py"
    monkeypatch.setenv("ENTREPOT_CLOCK_FILE", str(tmp_path / "clock"))
    path = _address(route, row, world)
    wrong = []
    for who in row.who:
        for method in METHODS:
            rule = row.rules.get(method) or row.other
            expected = rule(who) if rule else 405
            client = Client() if who in KEYS else world.clients[who]
            cookies = client.cookies.copy()
            extra = (
                {"headers": {"Authorization": f"Bearer {world.secrets[who]}"}}
                if world.secrets.get(who)
                else {}
            )
            watch = Watch()
            sent = dict(row.sent) if method == "POST" else {}
            with transaction.atomic(), connection.execute_wrapper(watch):
                if method == "POST" and row.who is not KEYS:
                    response = client.post(path, sent)
                else:
                    response = client.generic(method, path, **extra)  # type: ignore[arg-type]
                transaction.set_rollback(True)
            client.cookies = cookies
            if response.status_code != expected:
                wrong.append(f"{who:20} {method:6} {path} → {response.status_code}, not {expected}")
            is_denied = response.status_code in (401, 403, 404, 405) or "/login/" in response.headers.get(
                "Location", ""
            )
            is_page = response.status_code == 200 and response.headers.get("Content-Type", "").startswith(
                "text/html"
            )
            if is_page and method == "GET" and route.startswith(WORK) and b"<h1" not in response.content:
                wrong.append(
                    f"{who:20} {method:6} {path} is a page without a heading: its template fills no block"
                )
            if is_denied and watch.writes:
                wrong.append(f"{who:20} {method:6} {path} was turned away, but wrote: {watch.writes}")
            if is_denied and re.search(
                rb"Traceback|SELECT |/site-packages/|entrepot/\w+\.py", response.content
            ):
                wrong.append(f"{who:20} {method:6} {path} leaks")
    clock._cache["read_at"] = -1e9
    assert not wrong, "\n" + "\n".join(wrong)
