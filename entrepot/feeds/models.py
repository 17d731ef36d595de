"""Tables of the feeds: runs, what became of each row, how to take a run back, and what a seller's columns mean."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from entrepot.kit.ids import new_id
from entrepot.kit.tenancy import Tenanted

STATES = ("waiting", "checked", "applying", "done", "failed", "cancelled", "undone")


class Run(Tenanted):
    """One import: a file, what it would do or did, and its counts."""

    tenant_columns: ClassVar[dict[str, str]] = {"seller": "seller_id"}

    id = models.UUIDField(primary_key=True, default=new_id)
    seller_id = models.UUIDField()
    actor_label = models.CharField(max_length=200)
    filename = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)  # SHA-256 over the files
    format = models.CharField(max_length=30, blank=True)
    state = models.CharField(max_length=10, default="waiting")
    options = models.JSONField(default=dict)
    mapping = models.JSONField(default=dict)  # their column → ours ("" = not used)
    columns = models.JSONField(default=list)  # their columns, in order
    signature = models.CharField(max_length=64, blank=True)  # of the columns: finds the remembered mapping
    counts = models.JSONField(default=dict)
    samples = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    rates = models.JSONField(default=dict)  # currency → [rate, day, source]
    message = models.CharField(max_length=500, blank=True)
    job_id = models.UUIDField(null=True)
    next_part = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="feeds_run_state", condition=models.Q(state__in=STATES)),
        ]
        indexes = [models.Index(fields=["seller_id", "-id"])]


class RowResult(models.Model):
    """What became of a row: new, changed, same, error or skipped; with every problem and note."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="rows")
    number = models.IntegerField()  # of the row in the file, as a person counts it
    status = models.CharField(max_length=8)
    handle = models.CharField(max_length=200, blank=True)
    sku = models.CharField(max_length=100, blank=True)
    code = models.CharField(max_length=40, blank=True)  # the first problem's
    problems = models.JSONField(default=list)  # [{code, column, value, rule, hint}]
    notes = models.JSONField(default=list)
    changes = models.JSONField(default=dict)  # field → [before, after]

    class Meta:
        indexes = [
            models.Index(fields=["run", "number", "id"]),
            models.Index(fields=["run", "status", "number", "id"]),
        ]


class Undo(models.Model):
    """What a run did to one product, so that it can be taken back."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="undos")
    handle = models.CharField(max_length=200)
    product_id = models.UUIDField()
    was_new = models.BooleanField()
    body = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["handle"], condition=models.Q(was_new=True), name="feeds_undo_new")]


class Remembered(Tenanted):
    """What a seller's columns and categories mean, from the last run with the same columns."""

    tenant_columns: ClassVar[dict[str, str]] = {"seller": "seller_id"}

    seller_id = models.UUIDField()
    signature = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    categories = models.JSONField(default=dict)  # their category → our slug
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller_id", "signature"], name="feeds_remembered_once")
        ]


class LastSaid(Tenanted):
    """The quantity a feed last gave for a variant: the same number again is not a delivery."""

    tenant_columns: ClassVar[dict[str, str]] = {"seller": "seller_id"}

    variant_id = models.UUIDField(primary_key=True)
    seller_id = models.UUIDField()
    quantity = models.BigIntegerField()
