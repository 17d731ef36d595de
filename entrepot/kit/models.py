"""Tables of the kit: outbox, idempotent answers, audit trail, jobs."""

from __future__ import annotations

from django.db import models

from entrepot.kit.ids import new_id


class OutboxFact(models.Model):
    """A fact stored with the transaction that made it true, until every reaction has run."""

    kind = models.CharField(max_length=80)  # room.FactName
    at = models.DateTimeField()
    cause = models.CharField(max_length=120, blank=True)
    body = models.JSONField()
    attempts = models.SmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    parked = models.BooleanField(default=False)
    last_error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="outbox_open", condition=models.Q(done_at=None, parked=False)),
        ]


class IdempotentAnswer(models.Model):
    """The first answer to a key, so that a retry returns it."""

    who = models.CharField(max_length=80)
    key = models.CharField(max_length=200)
    command = models.CharField(max_length=120)
    fingerprint = models.BinaryField()
    answer = models.BinaryField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["who", "key"], name="idempotent_who_key")]


class AuditEntry(models.Model):
    """What a person changed: who, when, which command, on what, before → after. Append-only."""

    at = models.DateTimeField(db_index=True)
    actor_kind = models.CharField(max_length=10)
    actor_label = models.CharField(max_length=200)
    user_id = models.BigIntegerField(null=True)
    seller_id = models.UUIDField(null=True, db_index=True)
    command = models.CharField(max_length=120)
    subject = models.CharField(max_length=120, db_index=True)  # Model:pk
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    cause = models.CharField(max_length=120, blank=True)


class Job(models.Model):
    """A long piece of work a person can watch and cancel."""

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    user_id = models.BigIntegerField(null=True)
    seller_id = models.UUIDField(null=True, db_index=True)
    params = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default="waiting")  # waiting running done failed cancelled
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    message = models.TextField(blank=True)
    result = models.JSONField(default=dict)
    cancel_asked = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
