"""Tables of the offers: one seller's promise to sell one variant in one market, and every price it ever had."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from entrepot.kit.ids import new_id
from entrepot.kit.tenancy import Tenanted

ACTIVE, WITHDRAWN, BLOCKED = STATES = ("active", "withdrawn", "blocked")
# What is due at a customs border: no border, inside the price, to be paid on arrival, or the rules do not say.
NO_BORDER, INSIDE, LATER, UNKNOWN = "none", "inside", "later", "unknown"
DUTIES = (NO_BORDER, INSIDE, LATER, UNKNOWN)
CONDITIONS = ("new", "refurbished", "used_like_new", "used_good", "used_fair")


class Offer(Tenanted):
    """A promise: this variant, this market, this gross price. `number` is its name in the order intake."""

    tenant_columns: ClassVar[dict[str, str]] = {"seller": "seller_id"}

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.BigIntegerField(unique=True)  # from the sequence offers_offer_number, < 2^31
    seller_id = models.UUIDField()
    variant_id = models.UUIDField()
    product_id = models.UUIDField()
    market = models.CharField(max_length=2)
    price_minor = models.BigIntegerField()  # gross: what the shopper pays, tax and duty inside
    currency = models.CharField(max_length=3)
    price_version = models.IntegerField(default=1)  # grows with everything the intake must know
    condition = models.CharField(max_length=16, default="new")
    state = models.CharField(max_length=10, default=ACTIVE)
    handling_days = models.SmallIntegerField(default=1)  # working days until it is handed over
    ships_from_country = models.CharField(max_length=2, blank=True)
    ships_from_postcode = models.CharField(max_length=12, blank=True)
    limit_per_buyer = models.IntegerField(default=0)  # 0: none
    opens_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    follows_id = models.UUIDField(
        null=True
    )  # the offer this price is made from; null: the seller set it here
    duty = models.CharField(max_length=7, default=NO_BORDER)  # what the last requote found in the price
    published_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    shown: models.Manager[Any] = (
        models.Manager()
    )  # an offer is public; what a seller changes goes through objects.of

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seller_id", "variant_id", "market", "condition"], name="offers_one_promise"
            ),
            models.CheckConstraint(name="offers_price", condition=models.Q(price_minor__gt=0)),
            models.CheckConstraint(
                name="offers_state", condition=models.Q(state__in=[ACTIVE, WITHDRAWN, BLOCKED])
            ),
            models.CheckConstraint(name="offers_duty", condition=models.Q(duty__in=DUTIES)),
            models.CheckConstraint(name="offers_condition", condition=models.Q(condition__in=CONDITIONS)),
            models.CheckConstraint(
                name="offers_limits", condition=models.Q(handling_days__gte=0, limit_per_buyer__gte=0)
            ),
        ]
        indexes = [
            models.Index(
                fields=["market", "product_id"], condition=models.Q(state=ACTIVE), name="offers_shelf"
            ),
            models.Index(fields=["product_id"]),
            models.Index(fields=["variant_id"]),
            models.Index(fields=["seller_id", "market", "state", "id"]),
        ]


class BlockedProduct(models.Model):
    """A product the operator keeps off every market: its offers are blocked, and new ones are refused."""

    product_id = models.UUIDField(primary_key=True)
    reason = models.CharField(max_length=500, blank=True)
    blocked_at = models.DateTimeField()


class PriceChange(models.Model):
    """A price and the instant from which it held. Append-only (a trigger refuses anything else)."""

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="price_changes")
    price_minor = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["offer", "at", "id"])]
