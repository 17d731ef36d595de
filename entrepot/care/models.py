"""Tables of the care room."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from entrepot.kit.ids import new_id


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
