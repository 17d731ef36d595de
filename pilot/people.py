"""The five known logins of a pilot (logins.json). They exist in pilot mode only: test money, test cards, no real person."""

from __future__ import annotations

import json
from collections.abc import Callable, Container
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from entrepot.kit.context import Context, system_context
from entrepot.parties.commands import add_staff, create_account, grant_operator_role, save_address
from entrepot.parties.errors import AlreadyOnTeam, EmailTaken
from entrepot.parties.models import User
from entrepot.parties.queries import actor_for_user

LOGINS = json.loads((Path(__file__).parent / "logins.json").read_text(encoding="utf-8"))
HOME: dict[str, Any] = {
    "name": "Lucía Ferrando", "line1": "Calle de la Ballesta 14, 3.º B", "postcode": "28004", "city": "Madrid", "country": "ES",
    "phone": "+34 612 000 041",
}  # fmt: skip


def user_id_of(role: str) -> int | None:
    """The login of this role, when it was made."""
    email = next(person["email"] for person in LOGINS["people"] if person["role"] == role)
    found = User.objects.filter(email=email).first()
    return found.pk if found else None


def load_people(at: datetime, seller_id_of: Callable[[str], UUID], *, roles: Container[str]) -> int:
    """Make the logins of these roles that are missing; returns how many are new. Refuses outside a pilot (RuntimeError)."""
    if not settings.IS_PILOT:
        raise RuntimeError("Known logins are for a pilot only")
    ctx = system_context(at=at, cause="pilot")
    made = 0
    for person in LOGINS["people"]:
        if person["role"] not in roles:
            continue
        try:
            account = create_account(
                ctx, email=person["email"], password=LOGINS["password"], name=person["name"], language="es", is_email_verified=True
            )  # fmt: skip
        except EmailTaken:
            continue
        made += 1
        if person["role"] == "Operator":
            grant_operator_role(ctx, email=person["email"], role="manager")
        if person["role"] == "Hub":
            grant_operator_role(ctx, email=person["email"], role="hub")
        if "seller" in person:
            try:
                add_staff(ctx, seller_id=seller_id_of(person["seller"]), email=person["email"], role="owner")
            except AlreadyOnTeam:
                continue
        if person["role"] == "Shopper":
            actor, scopes = actor_for_user(account.user_id)
            save_address(Context(actor=actor, at=at, scopes=scopes, cause="pilot"), is_default=True, **HOME)
    return made
