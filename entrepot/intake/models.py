"""Tables of the intake: the journal, and how far its projection has come. Only adapters and the projector write them."""

from __future__ import annotations

from django.db import models


class Journal(models.Model):
    """One batch a row, append-only: a trigger refuses every change. `body` is laid out in layout.py."""

    pk = models.CompositePrimaryKey("shard", "seq")
    shard = models.SmallIntegerField()
    seq = models.BigIntegerField()
    body = models.BinaryField()  # STORAGE EXTERNAL: stored as it is, never compressed

    class Meta:
        db_table = "intake_journal"


class Projection(models.Model):
    """The last batch whose rows stand in the tables people read; written in the transaction of those rows."""

    shard = models.SmallIntegerField(primary_key=True)
    seq = models.BigIntegerField()
    projected_at = models.DateTimeField()

    class Meta:
        db_table = "intake_projection"


class Sale(models.Model):
    """A sale with a waiting room at the edge: its offers can be ordered there only with a passport of the room."""

    title = models.CharField(max_length=120)
    offers = models.JSONField(default=list)  # the intake's offer numbers
    admit_per_s = models.PositiveIntegerField()
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    url = models.CharField(max_length=300)  # where those who are let in go

    class Meta:
        db_table = "intake_sale"
