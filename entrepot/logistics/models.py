"""Tables of the logistics room."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from entrepot.kit.ids import new_id
from entrepot.kit.tenancy import Tenanted


class Consignment(Tenanted):
    """Goods under one transport contract from one seller to one buyer: the customs unit of an order."""

    tenant_columns: ClassVar[dict[str, str]] = {"seller": "seller_id", "buyer": "buyer_id"}

    id = models.UUIDField(primary_key=True, default=new_id)
    order_id = models.BigIntegerField(unique=True)
    seller_id = models.UUIDField(db_index=True)
    buyer_id = models.UUIDField(null=True, db_index=True)
    purchase_ref = models.CharField(max_length=40)  # the number people read
    market = models.CharField(max_length=2)
    language = models.CharField(max_length=12)
    origin = models.JSONField()  # Address
    destination = models.JSONField()  # Address
    goods = models.JSONField(default=list)  # GoodsItem
    service = models.CharField(max_length=10, default="standard")
    incoterm = models.CharField(max_length=3, default="DDP")
    state = models.CharField(max_length=16, default="open")  # open handed_over delivered cancelled
    promised_from = models.DateField(null=True)
    promised_to = models.DateField(null=True)
    promise_model = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)


class ParcelSerial(models.Model):
    """Counts parcels, so that tracking numbers and SSCCs never repeat."""


class Parcel(Tenanted):
    """One box with one label."""

    tenant_columns: ClassVar[dict[str, str]] = {"seller": "seller_id", "buyer": "buyer_id"}

    id = models.UUIDField(primary_key=True, default=new_id)
    consignment = models.ForeignKey(Consignment, on_delete=models.PROTECT, related_name="parcels")
    seller_id = models.UUIDField()
    buyer_id = models.UUIDField(null=True)
    order_id = models.BigIntegerField(db_index=True)
    tracking_no = models.CharField(max_length=15, unique=True)
    sscc = models.CharField(max_length=18, unique=True)
    carrier = models.CharField(max_length=20)
    weight_g = models.IntegerField()
    contents = models.JSONField(default=list)  # [{sku, title, quantity}]
    state = models.CharField(max_length=16, default="packed")
    state_at = models.DateTimeField(null=True)
    place = models.CharField(max_length=80, blank=True)
    packed_at = models.DateTimeField()
    handed_over_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    promised_to = models.DateField(null=True)
    expected_on = models.DateField(null=True)
    journey = models.JSONField(default=list)  # what the simulated carrier will tell: [[at, code, place]]
    next_event_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["seller_id", "state"], name="parcel_seller_state"),
            models.Index(
                fields=["next_event_at"], name="parcel_due", condition=models.Q(next_event_at__isnull=False)
            ),
            models.Index(
                fields=["promised_to"], name="parcel_open_promise", condition=models.Q(delivered_at=None)
            ),
        ]


class ParcelEvent(models.Model):
    """What a carrier told about a parcel. A source names each event once, so a repetition changes nothing."""

    parcel = models.ForeignKey(Parcel, on_delete=models.CASCADE, related_name="events")
    source = models.CharField(max_length=20)
    event_id = models.CharField(max_length=80)
    code = models.CharField(max_length=20)
    at = models.DateTimeField()
    place = models.CharField(max_length=80, blank=True)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "event_id"], name="parcel_event_once")]
        indexes = [models.Index(fields=["parcel", "at"], name="parcel_event_at")]


class QuarantinedEvent(models.Model):
    """An event that fits no parcel, or cannot be true: kept for a person, never dropped."""

    source = models.CharField(max_length=20)
    event_id = models.CharField(max_length=80)
    tracking_no = models.CharField(max_length=40)
    code = models.CharField(max_length=40)
    at = models.DateTimeField()
    place = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=40)  # unknown_parcel unknown_code from_the_future
    received_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "event_id"], name="quarantined_event_once")]
