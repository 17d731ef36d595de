"""Builds worlds for tests by calling commands, never by inserting rows. Small builders, append only."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from uuid import UUID

from entrepot.kit.context import Context, system_context
from entrepot.parties import commands as parties
from entrepot.parties.queries import actor_for_user, guest

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
PASSWORD = "correct horse battery staple"
_count = itertools.count(1)


def system(*, at: datetime = NOW, key: str = "") -> Context:
    """The system acts, with every scope."""
    return system_context(at=at, cause="test", key=key)


def visitor(*, at: datetime = NOW) -> Context:
    """Somebody we do not know."""
    actor, scopes = guest()
    return Context(actor=actor, at=at, scopes=scopes, cause="test")


def person(email: str = "", *, name: str = "Ana Prueba") -> parties.CreatedAccount:
    """An account with PASSWORD."""
    email = email or f"person{next(_count)}@example.es"
    return parties.create_account(visitor(), email=email, password=PASSWORD, name=name)


def buyer(user_id: int | None = None, *, at: datetime = NOW) -> Context:
    """A signed-in buyer (a new one without `user_id`)."""
    actor, scopes = actor_for_user(user_id or person().user_id)
    return Context(actor=actor, at=at, scopes=scopes, cause="test")


def operator(role: str = "manager", *, at: datetime = NOW) -> Context:
    """One of our own people with this role."""
    email = f"{role}{next(_count)}@entrepot.example"
    account = person(email, name=role.title())
    parties.grant_operator_role(system(), email=email, role=role)
    actor, scopes = actor_for_user(account.user_id, as_operator=True)
    return Context(actor=actor, at=at, scopes=scopes, cause="test")


def seller(
    slug: str = "", *, state: str = "approved", country: str = "ES", owner_user_id: int | None = None
) -> UUID:
    """A seller with a whole profile."""
    slug = slug or f"tienda-{next(_count)}"
    seller_id = parties.register_seller(
        system(),
        slug=slug,
        display_name=slug.replace("-", " ").title(),
        legal_name=f"{slug} S.L.",
        trader_type="company",
        country=country,
        owner_user_id=owner_user_id,
        profile={
            "address": "Calle Mayor 1", "postcode": "28013", "city": "Madrid", "email": f"{slug}@example.es",
            "phone": "+34910000000", "register_no": "M-123456", "ships_from_postcode": "28013",
            "ships_from_city": "Madrid", "iban": "ES9121000418450200051332",
        },
    )  # fmt: skip
    if state != "draft":
        parties.approve_seller(system(), seller_id=seller_id)
    if state == "suspended":
        parties.suspend_seller(system(), seller_id=seller_id, reason="A test")
    return seller_id


def staff(seller_id: UUID, role: str = "owner", *, at: datetime = NOW) -> Context:
    """A new member of the seller's team, acting for the seller."""
    email = f"{role}{next(_count)}@example.es"
    account = person(email, name=role.title())
    parties.add_staff(system(), seller_id=seller_id, email=email, role=role)
    actor, scopes = actor_for_user(account.user_id, as_seller=seller_id)
    return Context(actor=actor, at=at, scopes=scopes, cause="test")
