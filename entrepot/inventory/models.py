"""Tables of the inventory: where goods lie, and what each counter of the order intake stands for."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from entrepot.kit.ids import new_id
from entrepot.kit.tenancy import Tenanted


class Location(Tenanted):
    """A place where a seller keeps goods."""

    tenant_columns: ClassVar[dict[str, str]] = {"seller": "seller_id"}

    id = models.UUIDField(primary_key=True, default=new_id)
    seller_id = models.UUIDField()
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2)
    postcode = models.CharField(max_length=12, blank=True)
    position = models.IntegerField(default=0)  # orders are served from the first place that keeps the variant

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seller_id", "code"], name="inventory_location_code")]


class Stock(Tenanted):
    """One variant at one location: one counter of the order intake.

    `on_hand` is projected from the journal (what can still be taken: placed orders have left it).
    `pending` is what was announced and the journal has not answered yet, so that setting a quantity twice in a row
    counts it once.
    """

    tenant_columns: ClassVar[dict[str, str]] = {"seller": "seller_id"}

    id = models.UUIDField(primary_key=True, default=new_id)
    seller_id = models.UUIDField()
    variant_id = models.UUIDField()
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="stock")
    counter = models.BigIntegerField(unique=True)  # from the sequence inventory_counter, < 2^31
    on_hand = models.BigIntegerField(default=0)
    pending = models.BigIntegerField(default=0)
    is_open = models.BooleanField(default=False)  # the journal knows the counter
    updated_seq = models.BigIntegerField(default=-1)  # sequence of the batch that last moved it

    shown: models.Manager[Any] = models.Manager()  # how much there is is public

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["variant_id", "location"], name="inventory_one_counter"),
        ]
        indexes = [models.Index(fields=["seller_id", "id"])]


class StockChange(models.Model):
    """Why a quantity was changed by hand or by a feed: delta asked, by whom, when. Append-only."""

    stock = models.ForeignKey(Stock, on_delete=models.CASCADE, related_name="asked_changes")
    delta = models.BigIntegerField()
    reason = models.CharField(max_length=40)
    actor_label = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["stock", "at"])]
