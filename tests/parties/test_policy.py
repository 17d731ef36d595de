"""Roles, scopes, keys and names: tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.kit.errors import Invalid
from entrepot.parties import policy


def test_no_role_an_unknown_role_and_an_empty_role_hold_nothing() -> None:
    assert policy.scopes_of([], policy.SELLER_ROLES) == frozenset()
    assert policy.scopes_of(["boss"], policy.SELLER_ROLES) == frozenset()
    assert policy.scopes_of(["nothing"], {"nothing": frozenset()}) == frozenset()
    assert policy.scopes_in_state(policy.SELLER_ROLES["owner"], "unheard of") == frozenset()


@pytest.mark.parametrize(
    ("role", "held", "not_held"),
    [
        ("owner", {"offers:write", "payouts:write", "team:write", "orders:refund"}, {"sellers:write", "ledger:read"}),
        ("catalogue", {"catalog:write", "offers:write", "feeds:import"}, {"orders:read", "orders:refund", "payouts:read"}),
        ("orders", {"orders:read", "orders:fulfil"}, {"orders:refund", "catalog:write", "payouts:read"}),
        ("finance", {"payouts:read"}, {"payouts:write", "orders:fulfil", "catalog:write"}),
    ],
)  # fmt: skip
def test_what_a_seat_allows(role: str, held: set[str], not_held: set[str]) -> None:
    scopes = policy.SELLER_ROLES[role]
    assert held <= scopes
    assert not not_held & scopes


@pytest.mark.parametrize("role", sorted(policy.OPERATOR_ROLES))
def test_no_operator_places_orders_or_pays(role: str) -> None:
    assert not policy.OPERATOR_ROLES[role] & {"orders:place", "orders:pay", "account:write"}


def test_only_managers_move_the_clock_launch_markets_and_make_operators() -> None:
    for scope in ("clock:advance", "markets:write", "operators:write"):
        assert [role for role, held in policy.OPERATOR_ROLES.items() if scope in held] == ["manager"]


def test_a_suspended_seller_serves_orders_and_sells_nothing() -> None:
    scopes = policy.scopes_in_state(policy.SELLER_ROLES["owner"], "suspended")
    assert "orders:fulfil" in scopes
    assert not scopes & {"offers:write", "payouts:write"}


@given(st.sets(st.sampled_from(sorted(policy.SELLER_ROLES["owner"] | {"ledger:read"}))))
def test_a_key_never_does_more_than_its_owner(asked: set[str]) -> None:
    held = policy.SELLER_ROLES["catalogue"]
    assert policy.scopes_for_key(asked, held) <= held
    assert not policy.scopes_for_key(asked, policy.SELLER_ROLES["owner"]) & policy.NEVER_FOR_KEYS


@pytest.mark.parametrize("slug", ["", "a", "-a", "a--b", "Ñandú", "a b", "a/b", "../x", "a" * 61, "A"])
def test_shop_addresses_refused(slug: str) -> None:
    with pytest.raises(Invalid):
        policy.check_slug(slug)


@pytest.mark.parametrize(
    ("iban", "good"),
    [
        ("ES91 2100 0418 4502 0005 1332", True),
        ("", True),
        ("ES9121000418450200051333", False),
        ("ES91", False),
        ("9121000418450200051332", False),
    ],
)
def test_iban(iban: str, good: bool) -> None:
    if good:
        assert policy.check_iban(iban) == iban.replace(" ", "")
    else:
        with pytest.raises(Invalid):
            policy.check_iban(iban)


@pytest.mark.parametrize("text", ["a\x00b", "a\u202eb", "a\u2066b", "\x1b[31m"])
def test_control_characters_are_refused(text: str) -> None:
    with pytest.raises(Invalid):
        policy.check_text("name", text, most=50)


@pytest.mark.parametrize(
    "secret", ["", "ek_", "ek_abcdefghij", "sk_abcdefghij_" + "a" * 43, "ek_abcdefghi%_" + "a" * 43]
)
def test_not_a_key_of_ours(secret: str) -> None:
    assert policy.prefix_of(secret) == ""
