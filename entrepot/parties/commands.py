"""Writes of the parties room: accounts, sellers and their teams, operators, addresses, API keys."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection
from django.db.models import F

from entrepot.kit import audit
from entrepot.kit.command import command
from entrepot.kit.context import Context, system_context
from entrepot.kit.erasure import forget_person
from entrepot.kit.errors import Invalid, NotAllowed, NotFound, Sentence
from entrepot.kit.locks import hold
from entrepot.parties import events
from entrepot.parties.errors import (
    AlreadyOnTeam,
    EmailTaken,
    LastManager,
    LastOwner,
    OnATeam,
    ScopeNotYours,
    SellerNotReady,
    SellerStateUnchanged,
    SlugTaken,
    TooManyAddresses,
    TooManyTries,
)
from entrepot.parties.models import Address, ApiKey, Erasure, OperatorRole, Seller, Staff, Tries, User
from entrepot.parties.policy import (
    NEVER_FOR_KEYS,
    OPERATOR_ROLES,
    SELLER_ROLES,
    check_iban,
    check_slug,
    check_text,
    hash_secret,
    mask_iban,
    prefix_of,
)
from entrepot.parties.queries import missing_fields, party_of

MOST_ADDRESSES = 20


@dataclass(frozen=True, slots=True)
class CreatedAccount:
    """The new account; `party_id` is what the other rooms know of it."""

    user_id: int
    party_id: UUID


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """`secret` is shown once, here; only its hash is kept."""

    id: UUID
    prefix: str
    secret: str


# ---- accounts -------------------------------------------------------------------------------------------


@command(scope="account:create")
def create_account(
    ctx: Context,
    *,
    email: str,
    password: str | None = None,
    name: str = "",
    language: str = "",
    is_email_verified: bool = False,
) -> CreatedAccount:
    """Open an account. Without a password the person signs in by passkey or resets it by mail.

    Only the system and operators may say that the mailbox is known to be theirs (`is_email_verified`).
    Refuses: Invalid, EmailTaken.
    """
    if is_email_verified and ctx.actor.kind not in ("system", "operator"):
        raise NotAllowed(scope="account:verify")
    assert not (ctx.key and password), "a stored answer would hold a fast hash of the password"
    email = _clean_email(email)
    hold(f"email:{email}")
    if User.objects.filter(email=email).exists():
        raise EmailTaken
    user = User.objects.create_user(
        email, password, name=check_text("name", name, most=200), language=language[:8], date_joined=ctx.at
    )
    if is_email_verified:
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    audit.record(ctx, audit.subject_of(user), {}, {"email": email})
    ctx.announce(events.AccountCreated(user.pk, user.party_id, ctx.at))
    return CreatedAccount(user.pk, user.party_id)


@command(scope="account:write")
def change_account(ctx: Context, *, name: str, language: str) -> None:
    """Change one's own name and language. Refuses: Invalid."""
    user = _own_user(ctx)
    audit.change(ctx, user, name=check_text("name", name, most=200), language=language[:8])


@command(scope="account:write")
def end_sessions(ctx: Context) -> int:
    """Sign out everywhere: every session of the asker ends at once. Returns the new epoch."""
    return _end_sessions(_own_user(ctx).pk)


@command(scope="account:write")
def set_password(ctx: Context, *, password: str) -> None:
    """Change one's own password; every session with the old one ends. The door has checked the new one's strength."""
    assert not ctx.key, "a stored answer would hold a fast hash of the password"
    user = _own_user(ctx)
    user.set_password(password)
    user.save(update_fields=["password"])
    audit.record(ctx, audit.subject_of(user), {}, {"password": "changed"})


@command(scope="account:write")
def note_verified_email(ctx: Context, *, email: str) -> None:
    """Tell the other rooms that a mailbox was shown to be the asker's (the mailed code was used)."""
    user = _own_user(ctx)
    audit.record(ctx, audit.subject_of(user), {}, {"verified_email": email.lower()})
    ctx.announce(events.EmailVerified(user.pk, user.party_id, email.lower(), ctx.at))


@command(scope="account:write")
def request_erasure(ctx: Context) -> None:
    """Close one's own account for good: nobody can sign in to it any more, and every room is told to forget.

    Who still has an order open is refused by `care.commands.ask_erasure`, which calls this. Refuses: OnATeam.
    """
    user = _own_user(ctx)
    hold(f"user:{user.pk}")
    seat = (
        Staff.objects.of(system_context(at=ctx.at, cause=ctx.cause))
        .filter(user=user)
        .select_related("seller")
        .first()
    )
    if seat is not None:
        raise OnATeam(team=seat.seller.display_name)
    if OperatorRole.objects.filter(user=user).exists():
        raise OnATeam(team="Entrepot")
    # From here on it must succeed.
    Erasure.objects.create(user_id=user.pk, party_id=user.party_id, asked_at=ctx.at)
    user.is_active = False
    user.save(update_fields=["is_active"])
    _end_sessions(user.pk)
    audit.record(ctx, f"parties.Party:{user.party_id}", {}, {"erasure": "asked"})
    ctx.announce(events.ErasureAsked(user.pk, user.party_id, user.email, ctx.at))


@command(scope="account:erase")
def erase_account(ctx: Context, *, user_id: int) -> None:
    """Forget an account that was closed for it: person, addresses, passkeys, keys and what the trail says of them.

    Its tombstone stays. Doing it twice changes nothing.
    """
    row = Erasure.objects.select_for_update().filter(user_id=user_id, erased_at=None).first()
    if row is None:
        return
    user = User.objects.filter(pk=user_id).first()
    Address.objects.of(ctx).filter(party_id=row.party_id).delete()
    ApiKey.objects.of(ctx).filter(party_id=row.party_id).delete()
    if user is not None:
        forget_person(
            user_id=user_id,
            party_id=row.party_id,
            subject=audit.subject_of(user),
            facts={"parties.EmailVerified": "email", "parties.ErasureAsked": "email"},
        )
        Tries.objects.filter(who__icontains=user.email).delete()
        user.delete()
    row.erased_at = ctx.at
    row.save(update_fields=["erased_at"])
    audit.record(ctx, f"parties.Party:{row.party_id}", {}, {"erasure": "done"})


@command(scope="catalog:read")
def count_try(ctx: Context, *, what: str, who: str, most: int, per_s: int) -> int:
    """Count a try of `who` (an IP address, an account) and return how many stand in this window of `per_s` seconds.

    A door calls it before the work it guards, or after each miss. Refuses: TooManyTries past `most`.
    """
    now_s = int(ctx.at.timestamp())
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO parties_tries (what, who, "window", seen_at, count) VALUES (%s, %s, %s, %s, 1)
               ON CONFLICT (what, who, "window") DO UPDATE SET count = parties_tries.count + 1 RETURNING count""",
            [what, who[:80], now_s // per_s, ctx.at],
        )
        count = int(cursor.fetchone()[0])
    if count > most:
        raise TooManyTries(seconds=per_s - now_s % per_s)
    return count


@command(scope="jobs:write")
def sweep_tries(ctx: Context) -> int:
    """Forget ended sessions, and counts of windows that are over (the longest is a day). Returns how many counts went."""
    gone, _ = Tries.objects.filter(seen_at__lt=ctx.at - timedelta(days=2)).delete()
    SessionStore.clear_expired()  # by the real clock, as sessions are made: a moved pilot clock signs nobody out
    return gone


@command(scope="account:write")
def save_address(
    ctx: Context,
    *,
    name: str,
    line1: str,
    country: str,
    city: str = "",
    postcode: str = "",
    line2: str = "",
    region: str = "",
    phone: str = "",
    is_default: bool = False,
    address_id: UUID | None = None,
) -> UUID:
    """Keep an address, or change the one with `address_id`. The first one becomes the default.

    Refuses: Invalid, NotFound (also for another person's address), TooManyAddresses.
    """
    values = {
        "name": check_text("name", name, most=120, least=1),
        "line1": check_text("line1", line1, most=200, least=1),
        "line2": check_text("line2", line2, most=200),
        "postcode": check_text("postcode", postcode, most=16),
        "city": check_text("city", city, most=120),
        "region": check_text("region", region, most=120),
        "country": check_text("country", country, most=2, least=2).upper(),
        "phone": check_text("phone", phone, most=32),
    }
    hold(f"addresses:{ctx.actor.party_id}")
    own = Address.objects.of(ctx).filter(party_id=party_of(ctx))
    if address_id is None and own.count() >= MOST_ADDRESSES:
        raise TooManyAddresses(most=MOST_ADDRESSES)
    others = own.exclude(pk=address_id) if address_id else own
    is_default = is_default or not others.exists()
    if is_default:
        others.update(is_default=False)
    if address_id is None:
        made = Address.objects.create(
            party_id=party_of(ctx), saved_at=ctx.at, is_default=is_default, **values
        )
        return made.id
    row = own.filter(pk=address_id).first()
    if row is None:
        raise NotFound(what="address")
    for field, value in {**values, "is_default": is_default, "saved_at": ctx.at}.items():
        setattr(row, field, value)
    row.save()
    return row.id


@command(scope="account:write")
def delete_address(ctx: Context, *, address_id: UUID) -> None:
    """Forget an address; another one becomes the default. Refuses: NotFound."""
    hold(f"addresses:{ctx.actor.party_id}")
    own = Address.objects.of(ctx).filter(party_id=party_of(ctx))
    gone, _ = own.filter(pk=address_id).delete()
    if not gone:
        raise NotFound(what="address")
    next_one = own.order_by("-is_default", "-saved_at").first()
    if next_one is not None and not next_one.is_default:
        next_one.is_default = True
        next_one.save(update_fields=["is_default"])


# ---- sellers --------------------------------------------------------------------------------------------

_SELLER_TEXTS = {
    "display_name": 120, "legal_name": 200, "address": 300, "postcode": 16, "city": 120, "phone": 32,
    "register_no": 60, "vat_no": 20, "eori": 20, "ioss": 20, "ships_from_postcode": 16, "ships_from_city": 120,
    "logo_motif": 40, "country": 2, "ships_from_country": 2, "email": 254,
}  # fmt: skip


@command(scope="sellers:register")
def register_seller(
    ctx: Context,
    *,
    slug: str,
    display_name: str,
    legal_name: str,
    trader_type: str,
    country: str,
    profile: Mapping[str, Any] | None = None,
    owner_user_id: int | None = None,
) -> UUID:
    """Open a shop in state draft, owned by the asker (or by `owner_user_id` when an operator or the system asks).

    `profile` holds any of: address, postcode, city, email, phone, register_no, vat_no, eori, ioss,
    responsible_person, about, ships_from_country, ships_from_postcode, ships_from_city, logo_motif, iban.
    Refuses: Invalid, SlugTaken.
    """
    values = _clean_seller(
        {"ships_from_country": country}
        | dict(profile or {})
        | {"display_name": display_name, "legal_name": legal_name, "country": country}
    )
    if trader_type not in ("company", "private"):
        raise Invalid(field="trader_type", reason="is unknown.", hint="Say company or private.")
    hold(f"slug:{check_slug(slug)}")
    if Seller.objects.filter(slug=slug).exists():
        raise SlugTaken(slug=slug)
    owner_id = ctx.actor.user_id if ctx.actor.kind == "buyer" else owner_user_id
    seller = Seller.objects.create(slug=slug, trader_type=trader_type, joined_at=ctx.at, **values)
    if owner_id is not None:
        Staff.objects.create(user_id=owner_id, seller=seller, role="owner", since_at=ctx.at)
    audit.record(ctx, audit.subject_of(seller), {}, {"slug": slug, "state": "draft"})
    ctx.announce(events.SellerRegistered(seller.id, ctx.at))
    return seller.id


@command(scope="shop:write")
def change_seller(ctx: Context, *, seller_id: UUID, values: Mapping[str, Any]) -> None:
    """Change a seller's profile; a seller's staff change their own only. Bank data has its own command.

    Refuses: NotFound, Invalid (unknown field, bad value).
    """
    seller = _seller(ctx, seller_id)
    if "iban" in values:
        raise Invalid(field="iban", reason="is changed on its own.", hint="Use “change bank account”.")
    clean = _clean_seller(values)
    if audit.change(ctx, seller, **clean):
        ctx.announce(events.SellerChanged(seller.id, tuple(sorted(clean)), ctx.at))


@command(scope="payouts:write")
def change_iban(ctx: Context, *, seller_id: UUID, iban: str) -> None:
    """Change where a seller's money goes. Payouts wait 72 h after it, and the old address is told.

    Refuses: NotFound, Invalid.
    """
    seller = _seller(ctx, seller_id)
    clean, old = check_iban(iban), seller.iban
    if clean == old:
        return
    seller.iban, seller.iban_changed_at = clean, ctx.at
    seller.save(update_fields=["iban", "iban_changed_at"])
    audit.record(ctx, audit.subject_of(seller), {"iban": mask_iban(old)}, {"iban": mask_iban(clean)})
    ctx.announce(events.SellerIbanChanged(seller.id, seller.email, ctx.at))


@command(scope="sellers:write")
def approve_seller(ctx: Context, *, seller_id: UUID, reason: str = "") -> None:
    """Let a seller sell. Refuses: NotFound, SellerStateUnchanged, SellerNotReady."""
    seller = _seller(ctx, seller_id)
    if seller.state == "approved":
        raise SellerStateUnchanged(state=seller.state)
    missing = missing_fields(vars(seller))
    if missing:
        raise SellerNotReady(missing=", ".join(missing))
    audit.change(ctx, seller, state="approved", state_reason=check_text("reason", reason, most=500))
    ctx.announce(events.SellerApproved(seller.id, ctx.at))


@command(scope="sellers:write")
def suspend_seller(ctx: Context, *, seller_id: UUID, reason: str) -> None:
    """Stop a seller's sales; orders already placed are still served. The reason is told to the seller.

    Refuses: NotFound, SellerStateUnchanged, Invalid (no reason).
    """
    seller = _seller(ctx, seller_id)
    text = check_text("reason", reason, most=500, least=3)
    if seller.state == "suspended":
        raise SellerStateUnchanged(state=seller.state)
    audit.change(ctx, seller, state="suspended", state_reason=text)
    ctx.announce(events.SellerSuspended(seller.id, text, ctx.at))


@command(scope="team:write")
def add_staff(ctx: Context, *, seller_id: UUID, email: str, role: str) -> int:
    """Give a person with an account a seat in the team. Returns the user id.

    Refuses: NotFound, Invalid (role), AlreadyOnTeam.
    """
    seller = _seller(ctx, seller_id)
    if role not in SELLER_ROLES:
        raise Invalid(
            field="role", reason="is unknown.", hint=Sentence("Say {known}.", known=", ".join(SELLER_ROLES))
        )
    user = User.objects.filter(email=_clean_email(email), is_active=True).first()
    if user is None:
        raise NotFound(what="account with this e-mail")
    if Staff.objects.of(ctx).filter(user=user, seller=seller).exists():
        raise AlreadyOnTeam(email=user.email)
    Staff.objects.create(user=user, seller=seller, role=role, since_at=ctx.at)
    audit.record(ctx, audit.subject_of(seller), {}, {"staff": user.email, "role": role})
    ctx.announce(events.StaffAdded(seller.id, user.pk, role, ctx.at))
    return user.pk


@command(scope="team:write")
def remove_staff(ctx: Context, *, seller_id: UUID, user_id: int) -> None:
    """Take a person off the team: their sessions end and the keys they made die at once.

    Refuses: NotFound, LastOwner.
    """
    seller = _seller(ctx, seller_id)
    hold(f"team:{seller.id}")
    seat = Staff.objects.of(ctx).filter(seller=seller, user_id=user_id).select_related("user").first()
    if seat is None:
        raise NotFound(what="team member")
    others = Staff.objects.of(ctx).filter(seller=seller, role="owner").exclude(user_id=user_id)
    if seat.role == "owner" and not others.exists():
        raise LastOwner
    before = {"staff": seat.user.email, "role": seat.role}
    seat.delete()
    ApiKey.objects.of(ctx).filter(seller=seller, issued_by_id=user_id, revoked_at=None).update(
        revoked_at=ctx.at
    )
    _end_sessions(user_id)
    audit.record(ctx, audit.subject_of(seller), before, {})
    ctx.announce(events.StaffRemoved(seller.id, user_id, ctx.at))


# ---- operators ------------------------------------------------------------------------------------------


@command(scope="operators:write")
def grant_operator_role(ctx: Context, *, email: str, role: str) -> int:
    """Make a person an operator, or give one a further role. Returns the user id. Refuses: NotFound, Invalid."""
    if role not in OPERATOR_ROLES:
        raise Invalid(
            field="role", reason="is unknown.", hint=Sentence("Say {known}.", known=", ".join(OPERATOR_ROLES))
        )
    user = User.objects.filter(email=_clean_email(email), is_active=True).first()
    if user is None:
        raise NotFound(what="account with this e-mail")
    _, is_new = OperatorRole.objects.get_or_create(user=user, role=role, defaults={"since_at": ctx.at})
    if is_new:
        audit.record(ctx, audit.subject_of(user), {}, {"operator_role": role})
    return user.pk


@command(scope="operators:write")
def revoke_operator_role(ctx: Context, *, user_id: int, role: str) -> None:
    """Take an operator's role away; their sessions end at once. Refuses: NotFound, LastManager."""
    hold("operators")
    row = OperatorRole.objects.filter(user_id=user_id, role=role).first()
    if row is None:
        raise NotFound(what="operator role")
    if role == "manager" and OperatorRole.objects.filter(role="manager").count() == 1:
        raise LastManager
    audit.record(ctx, audit.subject_of(row.user), {"operator_role": role}, {})
    row.delete()
    _end_sessions(user_id)


# ---- keys -----------------------------------------------------------------------------------------------


@command(scope="keys:write")
def issue_api_key(
    ctx: Context, *, name: str, scopes: Sequence[str], expires_at: datetime | None = None
) -> IssuedKey:
    """Make a key for a program of the asker's seller, or of the asker. It can do no more than the asker.

    Call it without an idempotency key: a stored answer would hold the secret. Keys live a year at most.
    Refuses: Invalid, ScopeNotYours.
    """
    assert not ctx.key, "the secret must not be stored with an answer"
    for scope in scopes:
        if not ctx.may(scope) or scope in NEVER_FOR_KEYS:
            raise ScopeNotYours(scope=scope)
    if not scopes:
        raise Invalid(field="scopes", reason="are empty.", hint="Choose at least one.")
    secret = f"ek_{secrets.token_hex(5)}_{secrets.token_urlsafe(32)}"
    latest = ctx.at + timedelta(days=365)
    seller_id = ctx.actor.seller_id
    row = ApiKey.objects.create(
        name=check_text("name", name, most=80, least=1),
        prefix=prefix_of(secret),
        hash=hash_secret(secret),
        scopes=sorted(set(scopes)),
        seller_id=seller_id,
        party_id=None if seller_id else ctx.actor.party_id,
        issued_by=_own_user(ctx),
        issued_at=ctx.at,
        expires_at=min(expires_at or latest, latest),
    )
    audit.record(
        ctx, audit.subject_of(row), {}, {"name": row.name, "prefix": row.prefix, "scopes": row.scopes}
    )
    return IssuedKey(row.id, row.prefix, secret)


@command(scope="keys:write")
def revoke_api_key(ctx: Context, *, key_id: UUID) -> None:
    """End a key at once; ending it again does nothing. Refuses: NotFound, also for another's key."""
    row = ApiKey.objects.of(ctx).filter(pk=key_id).first()
    if row is None:
        raise NotFound(what="key")
    if row.revoked_at is None:
        audit.change(ctx, row, revoked_at=ctx.at)


# ---- inside ---------------------------------------------------------------------------------------------


def _end_sessions(user_id: int) -> int:
    User.objects.filter(pk=user_id).update(session_epoch=F("session_epoch") + 1)
    return User.objects.values_list("session_epoch", flat=True).get(pk=user_id)


def _own_user(ctx: Context) -> User:
    user = User.objects.filter(pk=ctx.actor.user_id or 0).first()
    if user is None:
        raise NotFound(what="account")
    return user


def _seller(ctx: Context, seller_id: UUID) -> Seller:
    """The seller, locked; another tenant's does not exist for the asker."""
    is_own = ctx.actor.kind in ("operator", "system") or ctx.actor.seller_id == seller_id
    seller = Seller.objects.select_for_update().filter(pk=seller_id).first() if is_own else None
    if seller is None:
        raise NotFound(what="seller")
    return seller


def _clean_email(email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise Invalid(
            field="email", reason="is not an e-mail address.", hint="Example: ana@example.es"
        ) from None
    return email


def _clean_seller(values: Mapping[str, Any]) -> dict[str, Any]:
    clean: dict[str, Any] = {}
    for field, value in values.items():
        if field in _SELLER_TEXTS:
            text = check_text(field, str(value), most=_SELLER_TEXTS[field])
            if field in ("display_name", "legal_name") and not text:
                raise Invalid(field=field, reason="is empty.", hint="Please fill it in.")
            if field == "email" and text:
                text = _clean_email(text)
            if field in ("country", "ships_from_country"):
                text = text.upper()
            clean[field] = text
        elif field in ("about", "responsible_person"):
            clean[field] = {
                str(name)[:40]: check_text(field, str(text), most=4000) for name, text in dict(value).items()
            }
        elif field == "iban":
            clean["iban"] = check_iban(str(value))
        else:
            raise Invalid(field=field, reason="is not a field of a seller.", hint="Check the spelling.")
    return clean
