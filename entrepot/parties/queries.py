"""Reads of the parties room: who asks, which sellers there are, whose address it is."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Count, Q, QuerySet

from entrepot.kit import clock
from entrepot.kit.context import Actor, Context, system_context
from entrepot.kit.errors import NotFound
from entrepot.parties.errors import KeyRefused, NotSignedIn
from entrepot.parties.models import Address, ApiKey, OperatorRole, Seller, Staff, User
from entrepot.parties.policy import (
    BUYER,
    GUEST,
    OPERATOR_ROLES,
    SELLER_ROLES,
    hash_secret,
    mask_iban,
    prefix_of,
    scopes_for_key,
    scopes_in_state,
    scopes_of,
)

# Finding out who asks comes before there is an actor: this one context reads seats and keys, nothing else.
_WHO_ASKS = system_context(at=datetime(1970, 1, 1, tzinfo=UTC), cause="who asks")


@dataclass(frozen=True, slots=True)
class SellerView:
    """The public half of a seller, as the law wants it shown. No bank data."""

    id: UUID
    slug: str
    display_name: str
    legal_name: str
    trader_type: str  # company | private
    country: str
    address: str
    postcode: str
    city: str
    email: str
    phone: str
    register_no: str
    vat_no: str
    eori: str
    ioss: str
    responsible_person: Mapping[str, str]
    about: Mapping[str, str]
    ships_from_country: str
    ships_from_postcode: str
    ships_from_city: str
    logo_motif: str
    state: str  # draft | approved | suspended
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class SellerDesk:
    """A seller as its own people and operators see it; the bank account is masked."""

    view: SellerView
    iban_masked: str
    iban_changed_at: datetime | None
    state_reason: str
    staff_count: int
    missing: tuple[str, ...]  # field names an approval still needs


@dataclass(frozen=True, slots=True)
class PayoutAccount:
    """A seller's bank account, whole; `iban` is empty when none was given."""

    seller_id: UUID
    iban: str
    holder: str
    iban_changed_at: datetime | None
    is_approved: bool


@dataclass(frozen=True, slots=True)
class Seat:
    """One shop a person works for."""

    seller_id: UUID
    slug: str
    display_name: str
    role: str
    state: str


@dataclass(frozen=True, slots=True)
class StaffView:
    """A member of a seller's team."""

    user_id: int
    email: str
    name: str
    role: str
    since_at: datetime


@dataclass(frozen=True, slots=True)
class AddressView:
    """An address a buyer keeps."""

    id: UUID
    name: str
    line1: str
    line2: str
    postcode: str
    city: str
    region: str
    country: str
    phone: str
    is_default: bool


@dataclass(frozen=True, slots=True)
class ApiKeyView:
    """A key without its secret."""

    id: UUID
    name: str
    prefix: str
    scopes: tuple[str, ...]
    issued_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class PersonView:
    """An account, as its owner and operators see it."""

    user_id: int
    party_id: UUID
    email: str
    name: str
    language: str
    is_email_verified: bool


_PUBLIC = tuple(SellerView.__dataclass_fields__)
# Without these a trader cannot be shown to shoppers (trader traceability).
_NEEDED = ("legal_name", "address", "postcode", "city", "country", "email", "phone", "ships_from_country")


def _seller_view(row: Seller) -> SellerView:
    return SellerView(**{name: getattr(row, name) for name in _PUBLIC})


# ---- who asks -------------------------------------------------------------------------------------------


def guest() -> tuple[Actor, frozenset[str]]:
    """Somebody we do not know."""
    return Actor("guest", "guest"), GUEST


def actor_for_user(
    user_id: int, as_seller: UUID | None = None, *, as_operator: bool = False
) -> tuple[Actor, frozenset[str]]:
    """The person as a buyer, as staff of one seller, or as an operator; what a seat allows is read each time.

    Refuses: NotSignedIn when the account is closed, NotFound when there is no such seat.
    """
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        raise NotSignedIn
    if as_operator:
        roles = list(OperatorRole.objects.filter(user_id=user_id).values_list("role", flat=True))
        scopes = scopes_of(roles, OPERATOR_ROLES)
        if not scopes:
            raise NotFound(what="page")
        return Actor("operator", user.name or user.email, user.party_id, None, user.pk), scopes
    if as_seller is not None:
        seat = (
            Staff.objects.of(_WHO_ASKS)
            .filter(user_id=user_id, seller_id=as_seller)
            .select_related("seller")
            .first()
        )
        if seat is None:
            raise NotFound(what="shop")
        scopes = scopes_in_state(scopes_of([seat.role], SELLER_ROLES), seat.seller.state)
        return Actor("seller", seat.seller.display_name, user.party_id, seat.seller_id, user.pk), scopes
    return Actor("buyer", user.name or "buyer", user.party_id, None, user.pk), BUYER


def actor_for_key(secret: str) -> tuple[Actor, frozenset[str]]:
    """The seller or buyer behind an API key, with what the key was given and its owner still holds.

    A key dies with its expiry, its revocation, and with the seat of the person who made it. Refuses: KeyRefused.
    """
    prefix = prefix_of(secret)
    row = (
        ApiKey.objects.of(_WHO_ASKS).filter(prefix=prefix).select_related("seller", "issued_by").first()
        if prefix
        else None
    )
    # Compare even when nothing was found: the time says nothing about which prefixes exist.
    known = hmac.compare_digest(bytes(row.hash) if row else bytes(32), hash_secret(secret))
    if (
        row is None
        or not known
        or row.revoked_at
        or (row.expires_at and row.expires_at <= clock.now())
        or not row.issued_by.is_active
    ):
        raise KeyRefused
    if row.seller is None:
        actor = Actor("buyer", row.issued_by.name or "buyer", row.party_id, None, row.issued_by_id)
        return actor, scopes_for_key(row.scopes, BUYER)
    seat = Staff.objects.of(_WHO_ASKS).filter(user_id=row.issued_by_id, seller=row.seller).first()
    if seat is None:
        raise KeyRefused
    held = scopes_in_state(scopes_of([seat.role], SELLER_ROLES), row.seller.state)
    actor = Actor("seller", row.seller.display_name, row.issued_by.party_id, row.seller_id, row.issued_by_id)
    return actor, scopes_for_key(row.scopes, held)


def seats_of_user(user_id: int) -> list[Seat]:
    """The shops this person works for, by name."""
    rows = Staff.objects.of(_WHO_ASKS).filter(user_id=user_id).select_related("seller")
    return [
        Seat(row.seller_id, row.seller.slug, row.seller.display_name, row.role, row.seller.state)
        for row in rows.order_by("seller__display_name", "seller_id")
    ]


def operator_roles_of_user(user_id: int) -> list[str]:
    """The operator roles of a person; empty for everyone else."""
    return sorted(OperatorRole.objects.filter(user_id=user_id).values_list("role", flat=True))


@dataclass(frozen=True, slots=True)
class OperatorView:
    """One of our own people with a role; somebody with two roles stands there twice."""

    user_id: int
    email: str
    name: str
    role: str
    since_at: datetime
    has_second_factor: bool


def operators_all(ctx: Context) -> list[OperatorView]:
    """Our own people by name, for operators and the system; nobody else sees them."""
    if ctx.actor.kind not in ("operator", "system"):
        return []
    rows = OperatorRole.objects.select_related("user").order_by("user__name", "user__email", "role")
    people = [row.user_id for row in rows]
    strong = set(
        Authenticator.objects.filter(user_id__in=people)
        .exclude(type=Authenticator.Type.RECOVERY_CODES)
        .values_list("user_id", flat=True)
    )
    return [
        OperatorView(
            row.user_id, row.user.email, row.user.name, row.role, row.since_at, row.user_id in strong
        )
        for row in rows
    ]


def operators_with(ctx: Context, scope: str) -> list[OperatorView]:
    """Our own people who hold a scope, by name, each once, for operators and the system."""
    roles = {role for role, scopes in OPERATOR_ROLES.items() if scope in scopes}
    return list({each.user_id: each for each in operators_all(ctx) if each.role in roles}.values())


def operator_role_names() -> list[str]:
    """The roles an operator may hold."""
    return list(OPERATOR_ROLES)


def has_second_factor(user_id: int) -> bool:
    """Whether the person signs in with more than a password."""
    rows = Authenticator.objects.filter(user_id=user_id)
    return rows.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


# ---- sellers --------------------------------------------------------------------------------------------


def sellers_by_id(ids: Iterable[UUID]) -> dict[UUID, SellerView]:
    """Public views of these sellers, one SQL statement; unknown ids are absent."""
    return {row.id: _seller_view(row) for row in Seller.objects.filter(pk__in=set(ids))}


def seller_by_slug(slug: str) -> SellerView:
    """The public view. Refuses: NotFound."""
    row = Seller.objects.filter(slug=slug).first()
    if row is None:
        raise NotFound(what="shop")
    return _seller_view(row)


def approved_sellers() -> list[SellerView]:
    """Every seller that may sell, by name."""
    return [
        _seller_view(row) for row in Seller.objects.filter(state="approved").order_by("display_name", "id")
    ]


def sellers_all(ctx: Context, state: str = "") -> list[SellerDesk]:
    """All sellers for operators, a seller's own for its staff, none for anyone else; by name."""
    rows = _desk_rows(ctx)
    return [_desk(row) for row in (rows.filter(state=state) if state else rows)]


def seller_desk(ctx: Context, seller_id: UUID) -> SellerDesk:
    """One seller with its private half. Refuses: NotFound, also for another seller's staff."""
    row = _desk_rows(ctx).filter(pk=seller_id).first()
    if row is None:
        raise NotFound(what="seller")
    return _desk(row)


def _desk_rows(ctx: Context) -> QuerySet[Any]:
    rows = Seller.objects.order_by("display_name", "id").annotate(staff_count=Count("staff"))
    if ctx.actor.kind in ("operator", "system"):
        return rows
    return rows.filter(pk=ctx.actor.seller_id) if ctx.actor.seller_id else rows.none()


def _desk(row: Any) -> SellerDesk:
    return SellerDesk(
        view=_seller_view(row),
        iban_masked=mask_iban(row.iban),
        iban_changed_at=row.iban_changed_at,
        state_reason=row.state_reason,
        staff_count=row.staff_count,
        missing=missing_fields({name: getattr(row, name) for name in _NEEDED}),
    )


def payout_accounts(seller_ids: Iterable[UUID]) -> dict[UUID, PayoutAccount]:
    """Where these sellers are paid. For settlement only: the number is whole."""
    rows = Seller.objects.filter(pk__in=set(seller_ids))
    return {
        row.id: PayoutAccount(row.id, row.iban, row.legal_name, row.iban_changed_at, row.state == "approved")
        for row in rows
    }


def missing_fields(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the fields a seller must still fill before it can be approved."""
    return tuple(name for name in _NEEDED if not values.get(name))


def staff_of_seller(ctx: Context, seller_id: UUID) -> list[StaffView]:
    """The team of a seller, longest there first; empty for another seller's staff."""
    rows = Staff.objects.of(ctx).filter(seller_id=seller_id).select_related("user").order_by("since_at", "id")
    return [StaffView(row.user_id, row.user.email, row.user.name, row.role, row.since_at) for row in rows]


# ---- people ---------------------------------------------------------------------------------------------


def person_by_user(user_id: int) -> PersonView:
    """The account of a signed-in person. Refuses: NotFound."""
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise NotFound(what="account")
    verified = EmailAddress.objects.filter(user_id=user_id, email__iexact=user.email, verified=True).exists()
    return PersonView(user.pk, user.party_id, user.email, user.name, user.language, verified)


def emails_by_user(ctx: Context, user_ids: Iterable[int]) -> dict[int, str]:
    """E-mail addresses for the audit trail; operators and the system only, else empty."""
    if ctx.actor.kind not in ("operator", "system"):
        return {}
    return dict(User.objects.filter(pk__in=set(user_ids)).values_list("pk", "email"))


def verified_emails_of_party(party_id: UUID) -> set[str]:
    """The addresses this person has shown to be theirs, lower case."""
    rows = EmailAddress.objects.filter(user__party_id=party_id, verified=True)
    return {email.lower() for email in rows.values_list("email", flat=True)}


def party_of_verified_email(email: str) -> UUID | None:
    """Whose address this has been shown to be, in any case of letters; None when nobody's."""
    rows = EmailAddress.objects.filter(email__iexact=email, verified=True)
    return rows.values_list("user__party_id", flat=True).first()


def party_of(ctx: Context) -> UUID:
    """The asker's party. Refuses: NotSignedIn for guests."""
    if ctx.actor.party_id is None:
        raise NotSignedIn
    return ctx.actor.party_id


def addresses_of(ctx: Context) -> list[AddressView]:
    """The asker's own addresses, the default first."""
    rows = Address.objects.of(ctx).filter(party_id=party_of(ctx)).order_by("-is_default", "-saved_at", "id")
    return [_address_view(row) for row in rows]


def address_by_id(ctx: Context, address_id: UUID) -> AddressView:
    """One of the asker's own addresses. Refuses: NotFound, also for another person's."""
    row = Address.objects.of(ctx).filter(pk=address_id).first()
    if row is None:
        raise NotFound(what="address")
    return _address_view(row)


def _address_view(row: Address) -> AddressView:
    return AddressView(**{name: getattr(row, name) for name in AddressView.__dataclass_fields__})


def api_keys_of(ctx: Context) -> list[ApiKeyView]:
    """The asker's keys (a seller's staff: the seller's), newest first, revoked ones too."""
    actor = ctx.actor
    own = Q(seller_id=actor.seller_id) if actor.seller_id else Q(party_id=actor.party_id, seller=None)
    rows = ApiKey.objects.of(ctx).filter(own).order_by("-issued_at", "-id")
    return [
        ApiKeyView(
            row.id,
            row.name,
            row.prefix,
            tuple(row.scopes),
            row.issued_at,
            row.expires_at,
            row.revoked_at,
            row.last_used_at,
        )
        for row in rows
    ]


def passkey_host() -> str:
    """The name that passkeys are made for: the configured host, or localhost when that is a number."""
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    try:
        ip_address(host)
    except ValueError:
        return host
    return "localhost"
