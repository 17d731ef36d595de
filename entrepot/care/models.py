"""Tables of the care room."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from entrepot.care.policy import DISPUTE_STATES, ENDED
from entrepot.kit.ids import new_id
from entrepot.kit.tenancy import Tenanted


class Review(models.Model):
    """What a buyer says about a product that was delivered to them. Public; one per order line."""

    id = models.UUIDField(primary_key=True, default=new_id)
    product_id = models.UUIDField()
    seller_id = models.UUIDField()
    order_id = models.BigIntegerField()
    position = models.SmallIntegerField()
    buyer_id = models.UUIDField(db_index=True)
    author = models.CharField(max_length=80)  # as shown: “Ana P.”
    market = models.CharField(max_length=2)
    language = models.CharField(max_length=12)
    stars = models.SmallIntegerField()
    text = models.TextField(blank=True)
    at = models.DateTimeField()
    hidden_at = models.DateTimeField(null=True)
    hidden_reason = models.CharField(max_length=300, blank=True)
    answer = models.TextField(blank=True)  # the seller's
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order_id", "position"], name="care_review_once"),
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="care_review_stars"),
        ]
        indexes = [
            models.Index(
                fields=["product_id", "-at"], name="care_reviews_shown", condition=Q(hidden_at=None)
            ),
            models.Index(fields=["seller_id", "-at"], name="care_reviews_of_seller"),
        ]


class Rating(models.Model):
    """How many stars a product has: counted when a review is written, hidden or shown again."""

    product_id = models.UUIDField(primary_key=True)
    seller_id = models.UUIDField(db_index=True)
    one = models.IntegerField(default=0)
    two = models.IntegerField(default=0)
    three = models.IntegerField(default=0)
    four = models.IntegerField(default=0)
    five = models.IntegerField(default=0)


class Dispute(Tenanted):
    """What a buyer says is wrong with an order. Amounts in minor units of `currency`; one open one an order."""

    tenant_columns: ClassVar[dict[str, str]] = {"buyer": "buyer_id", "seller": "seller_id"}

    id = models.UUIDField(primary_key=True, default=new_id)
    order_id = models.BigIntegerField(db_index=True)
    buyer_id = models.UUIDField()
    seller_id = models.UUIDField(db_index=True)
    reason = models.CharField(max_length=30)
    state = models.CharField(max_length=10, default="open")
    currency = models.CharField(max_length=3)
    asked_minor = models.BigIntegerField()
    offer_minor = models.BigIntegerField(default=0)
    refund_minor = models.BigIntegerField(default=0)  # at the end: what goes back
    opened_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=sorted(DISPUTE_STATES)), name="care_dispute_state"),
            models.CheckConstraint(
                condition=Q(asked_minor__gt=0, offer_minor__gte=0, refund_minor__gte=0)
                & Q(offer_minor__lte=F("asked_minor"), refund_minor__lte=F("asked_minor")),
                name="care_dispute_amounts",
            ),
            models.UniqueConstraint(
                fields=["order_id"], condition=~Q(state__in=sorted(ENDED)), name="care_dispute_one_open"
            ),
        ]
        indexes = [
            models.Index(
                fields=["answer_by"], name="care_disputes_waiting", condition=~Q(state__in=sorted(ENDED))
            )
        ]


class DisputeNote(models.Model):
    """What was said or done in a dispute, by whom: its evidence."""

    dispute = models.ForeignKey(Dispute, on_delete=models.CASCADE, related_name="notes")
    verb = models.CharField(max_length=10)
    actor_kind = models.CharField(max_length=10)
    actor_label = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    at = models.DateTimeField()


class DisputePhoto(models.Model):
    """A photo shown as evidence: our own JPEG of its pixels, seen by this order's buyer and seller and the house only."""

    id = models.UUIDField(primary_key=True, default=new_id)
    note = models.ForeignKey(DisputeNote, on_delete=models.CASCADE, related_name="photos")
    body = models.BinaryField()
