"""Tables of the parties room."""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Q

from entrepot.kit.ids import new_id
from entrepot.kit.tenancy import Tenanted


class Users(UserManager["User"]):
    """People sign in by e-mail; there is no user name."""

    def _create(self, email: str, password: str | None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:  # type: ignore[override]
        return self._create(email, password, **fields)

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:  # type: ignore[override]
        return self._create(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """Somebody who can sign in. `party_id` is what the other rooms know of them.

    `session_epoch` is part of every session's fingerprint: raising it ends all sessions of the person at once.
    """

    username = None  # type: ignore[assignment]
    email = models.EmailField(unique=True)
    party_id = models.UUIDField(default=new_id, unique=True, editable=False)
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=8, blank=True)
    session_epoch = models.IntegerField(default=0)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = Users()  # type: ignore[misc]

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Django's fingerprint (password and key), and the epoch."""
        inner = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]
        return hashlib.sha256(f"{inner}:{self.session_epoch}".encode()).hexdigest()


class Seller(models.Model):
    """A shop and the trader behind it. Its public half is shown to every shopper: the law asks for it."""

    STATES = ("draft", "approved", "suspended")

    id = models.UUIDField(primary_key=True, default=new_id)
    slug = models.SlugField(max_length=60, unique=True)
    display_name = models.CharField(max_length=120)
    legal_name = models.CharField(max_length=200)
    trader_type = models.CharField(max_length=10)  # company private
    country = models.CharField(max_length=2)
    address = models.CharField(max_length=300, blank=True)
    postcode = models.CharField(max_length=16, blank=True)
    city = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=32, blank=True)
    register_no = models.CharField(max_length=60, blank=True)
    vat_no = models.CharField(max_length=20, blank=True)
    eori = models.CharField(max_length=20, blank=True)
    ioss = models.CharField(max_length=20, blank=True)
    responsible_person = models.JSONField(default=dict, blank=True)  # name, address, email (GPSR)
    about = models.JSONField(default=dict, blank=True)  # language → text
    ships_from_country = models.CharField(max_length=2)
    ships_from_postcode = models.CharField(max_length=16, blank=True)
    ships_from_city = models.CharField(max_length=120, blank=True)
    logo_motif = models.CharField(max_length=40, blank=True)
    iban = models.CharField(max_length=34, blank=True)
    iban_changed_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, default="draft")
    state_reason = models.CharField(max_length=500, blank=True)
    joined_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "approved", "suspended"]), name="seller_state"
            ),
            models.CheckConstraint(
                condition=Q(trader_type__in=["company", "private"]), name="seller_trader_type"
            ),
        ]


class Staff(Tenanted):
    """A person's seat in a seller's team."""

    tenant_columns = {"seller": "seller_id"}

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    role = models.CharField(max_length=12)  # owner catalogue orders finance
    since_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "seller"], name="staff_once")]


class OperatorRole(models.Model):
    """What one of our own people may do in the console."""

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    role = models.CharField(max_length=12)  # manager support finance compliance
    since_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "role"], name="operator_role_once")]


class Address(Tenanted):
    """A place a buyer keeps for the next order."""

    tenant_columns = {"buyer": "party_id"}

    id = models.UUIDField(primary_key=True, default=new_id)
    party_id = models.UUIDField(db_index=True)
    name = models.CharField(max_length=120)
    line1 = models.CharField(max_length=200)
    line2 = models.CharField(max_length=200, blank=True)
    postcode = models.CharField(max_length=16, blank=True)
    city = models.CharField(max_length=120)
    region = models.CharField(max_length=120, blank=True)
    country = models.CharField(max_length=2)
    phone = models.CharField(max_length=32, blank=True)
    is_default = models.BooleanField(default=False)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party_id"], condition=Q(is_default=True), name="address_one_default"
            )
        ]


class ApiKey(Tenanted):
    """A secret for a program. Only its hash is kept; the prefix finds it and is what people see."""

    tenant_columns = {"seller": "seller_id", "buyer": "party_id"}

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=16, unique=True)
    hash = models.BinaryField()
    scopes = models.JSONField(default=list)
    seller = models.ForeignKey(Seller, on_delete=models.CASCADE, null=True)
    party_id = models.UUIDField(null=True, db_index=True)
    issued_by = models.ForeignKey(User, on_delete=models.CASCADE)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(seller__isnull=False, party_id__isnull=True)
                | Q(seller__isnull=True, party_id__isnull=False),
                name="api_key_one_owner",
            )
        ]


class Erasure(models.Model):
    """That somebody asked to be erased, and that it was done: all that is left of an account. It names nobody."""

    id = models.UUIDField(primary_key=True, default=new_id)
    user_id = models.BigIntegerField(unique=True)
    party_id = models.UUIDField(unique=True)
    asked_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)


class Tries(models.Model):
    """How often somebody tried something in the running window: misses on order links, cards, sign-ups."""

    what = models.CharField(max_length=40)
    who = models.CharField(max_length=80)
    window = models.BigIntegerField()  # Unix seconds ÷ length of the window
    seen_at = models.DateTimeField(db_index=True)
    count = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["what", "who", "window"], name="tries_window")]
