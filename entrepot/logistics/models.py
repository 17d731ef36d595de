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
    guaranteed_by = models.DateField(null=True)
    guarantee_minor = models.BigIntegerField(default=0)  # comes back when it is missed
    guarantee_currency = models.CharField(max_length=3, blank=True)
    guarantee_state = models.CharField(max_length=6, blank=True)  # open kept missed
    created_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["purchase_ref"], name="consignment_purchase"),
            models.Index(
                fields=["guaranteed_by"],
                name="consignment_guaranteed",
                condition=models.Q(guarantee_state="open"),
            ),
        ]


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
    route = models.CharField(max_length=400, blank=True)  # codes of the lanes it was handed over for
    carton = models.CharField(max_length=12, blank=True)
    bundle = models.ForeignKey("Bundle", on_delete=models.PROTECT, null=True, related_name="parcels")
    joined_no = models.CharField(max_length=15, blank=True)  # the tracking number of the whole
    joined_at = models.DateTimeField(null=True)  # since then what is told of one part is told of all
    manifest = models.ForeignKey("Manifest", on_delete=models.PROTECT, null=True, related_name="parcels")

    class Meta:
        indexes = [
            models.Index(fields=["seller_id", "state"], name="parcel_seller_state"),
            models.Index(fields=["joined_no"], name="parcel_joined_no"),
            models.Index(
                fields=["next_event_at"], name="parcel_due", condition=models.Q(next_event_at__isnull=False)
            ),
            models.Index(
                fields=["promised_to"], name="parcel_open_promise", condition=models.Q(delivered_at=None)
            ),
        ]


class Bundle(models.Model):
    """Parcels of one purchase for one door that are brought together at a hub and go on as one."""

    id = models.UUIDField(primary_key=True, default=new_id)
    hub = models.CharField(max_length=12)
    lane = models.CharField(max_length=60)  # the way on
    due_at = models.DateTimeField()  # the last part
    departs_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="planned")  # planned joined given_up
    tracking_no = models.CharField(max_length=15, blank=True)
    sscc = models.CharField(max_length=18, blank=True)
    weight_g = models.IntegerField()
    promised_to = models.DateField(null=True)  # the earliest promise of its parts
    planned_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tracking_no"], name="bundle_number", condition=~models.Q(tracking_no="")
            ),
            models.UniqueConstraint(fields=["sscc"], name="bundle_sscc", condition=~models.Q(sscc="")),
        ]
        indexes = [
            models.Index(
                fields=["hub", "departs_at"], name="bundle_open", condition=models.Q(state="planned")
            ),
            models.Index(fields=["tracking_no"], name="bundle_by_number"),
            models.Index(fields=["sscc"], name="bundle_by_sscc"),
        ]


class ParcelEvent(models.Model):
    """What a carrier told about a parcel. A source names each event once, so a repetition changes nothing."""

    parcel = models.ForeignKey(Parcel, on_delete=models.CASCADE, related_name="events", db_index=False)
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
    reason = models.CharField(
        max_length=40
    )  # unreadable unknown_parcel unknown_code from_the_future before_joining
    received_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=12, blank=True)  # kept repeated dismissed

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "event_id"], name="quarantined_event_once")]
        indexes = [
            models.Index(fields=["received_at"], name="quarantine_open", condition=models.Q(settled_at=None))
        ]


class ParcelTrouble(Tenanted):
    """An exception of a parcel: who has to act, and by when. One at a time for each parcel and kind."""

    tenant_columns: ClassVar[dict[str, str]] = {"seller": "parcel__seller_id"}

    id = models.UUIDField(primary_key=True, default=new_id)
    parcel = models.ForeignKey(Parcel, on_delete=models.CASCADE, related_name="troubles")
    kind = models.CharField(max_length=16)  # held delivery_failed damaged lost
    owner_role = models.CharField(max_length=12)
    owner = models.CharField(max_length=200, blank=True)  # who has taken it
    owner_user_id = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["parcel", "kind"], name="parcel_trouble_once", condition=models.Q(settled_at=None)
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], name="parcel_trouble_due", condition=models.Q(settled_at=None))
        ]


class Manifest(Tenanted):
    """What a carrier takes from a seller at one hand-over: a numbered, closed list of parcels."""

    tenant_columns: ClassVar[dict[str, str]] = {"seller": "seller_id"}

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.BigIntegerField(unique=True)  # from the sequence of parcels
    seller_id = models.UUIDField(db_index=True)
    carrier = models.CharField(max_length=20)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    handed_over_at = models.DateTimeField(null=True)
    signed_by = models.CharField(max_length=120, blank=True)  # the driver who took the parcels


class FloorParcel(models.Model):
    """A parcel that passes a hub: when it is due there, the lane that takes it on, and where on the floor it is.

    State, cage and reason are what the parcel's scans at this hub add up to, whatever order they came in.
    """

    parcel = models.ForeignKey(Parcel, on_delete=models.CASCADE, related_name="floors")
    hub = models.CharField(max_length=12)
    lane = models.CharField(max_length=60)
    direction = models.CharField(max_length=12)  # the place the lane leads to
    due_at = models.DateTimeField()
    departs_at = models.DateTimeField()  # its wave: the departure it should leave with
    state = models.CharField(max_length=12, default="expected")
    state_at = models.DateTimeField(null=True)
    cage = models.ForeignKey("Cage", on_delete=models.PROTECT, null=True, related_name="parcels")
    reason = models.CharField(max_length=24, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["parcel", "hub"], name="floor_parcel_once")]
        indexes = [models.Index(fields=["hub", "state", "departs_at"], name="floor_parcel_state")]


class CageSerial(models.Model):
    """Counts cages and loads, so that their codes never repeat."""


class Load(models.Model):
    """What one departure of a lane takes along: the cages in a vehicle."""

    id = models.UUIDField(primary_key=True, default=new_id)
    hub = models.CharField(max_length=12)
    lane = models.CharField(max_length=60)
    direction = models.CharField(max_length=12)
    departs_at = models.DateTimeField()
    departed_at = models.DateTimeField(null=True)
    signed_by = models.CharField(max_length=120, blank=True)  # the driver who took the cages

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hub", "lane", "departs_at"], name="load_once")]


class Cage(models.Model):
    """A roll cage that fills for one departure of one lane."""

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=13, unique=True)
    hub = models.CharField(max_length=12)
    lane = models.CharField(max_length=60)
    direction = models.CharField(max_length=12)
    departs_at = models.DateTimeField()
    number = models.IntegerField()  # the how manyth of its departure
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)  # nothing scanned later is in it
    load = models.ForeignKey(Load, on_delete=models.PROTECT, null=True, related_name="cages")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hub", "lane", "departs_at", "number"], name="cage_number_once")
        ]
        indexes = [models.Index(fields=["hub", "closed_at"], name="cage_open")]


class FloorScan(models.Model):
    """One scan of a worker's device, kept once for ever: the device made its id before it had a network."""

    id = models.UUIDField(primary_key=True)
    hub = models.CharField(max_length=12)
    device = models.CharField(max_length=40)
    seq = models.BigIntegerField()  # the device's own count: its order when two scans share a second
    kind = models.CharField(max_length=12)  # receive sort load exception
    code = models.CharField(max_length=80)
    cage_code = models.CharField(max_length=13, blank=True)
    reason = models.CharField(max_length=24, blank=True)
    at = models.DateTimeField()  # by the hub's clock
    told_at = models.DateTimeField()  # by the device's clock
    received_at = models.DateTimeField()
    skew_s = models.IntegerField(default=0)  # device minus hub
    clock = models.CharField(max_length=8, blank=True)  # skewed jumped
    outcome = models.CharField(max_length=24)
    worker = models.CharField(max_length=200)
    worker_id = models.UUIDField(null=True)
    sent_by = models.CharField(max_length=200, blank=True)  # who was signed in when it came home, if another
    parcel = models.ForeignKey(Parcel, on_delete=models.CASCADE, null=True, related_name="scans")
    cage = models.ForeignKey(Cage, on_delete=models.CASCADE, null=True, related_name="scans")
    settled_at = models.DateTimeField(null=True)  # somebody looked at what was wrong with it

    class Meta:
        indexes = [
            models.Index(fields=["hub", "at"], name="floor_scan_at"),
            models.Index(fields=["parcel", "hub"], name="floor_scan_parcel"),
        ]


class CustomsFile(Tenanted):
    """What is declared to customs of one order's consignment, and how far that has come."""

    tenant_columns: ClassVar[dict[str, str]] = {"seller": "seller_id"}

    order_id = models.BigIntegerField(primary_key=True)
    seller_id = models.UUIDField(null=True, db_index=True)
    consignment = models.ForeignKey(Consignment, on_delete=models.CASCADE, null=True, related_name="+")
    state = models.CharField(max_length=12, default="waiting")
    # waiting (no consignment yet) not_needed incomplete ready presented held answered released
    data_set = models.CharField(max_length=4, blank=True)  # H7 H1
    ioss_no = models.CharField(max_length=12, blank=True)
    lines = models.JSONField(default=list)  # CustomsLine
    gaps = models.JSONField(default=list)  # Gap
    value_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, blank=True)
    value_eur_minor = models.BigIntegerField(default=0)
    answer = models.CharField(max_length=2000, blank=True)
    changed_at = models.DateTimeField()
    held_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=400, blank=True)  # why the authority let it go
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "changed_at"], name="customs_file_state")]
