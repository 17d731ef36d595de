"""The sandbox provider's own state. Nothing else reads or writes it."""

from __future__ import annotations

from django.db import models

from entrepot.kit.ids import new_id


class SandboxCheckout(models.Model):
    """A payment as the provider sees it. `ready_at`: when its outcome becomes known to us (empty: never)."""

    id = models.UUIDField(primary_key=True, default=new_id)
    token = models.CharField(max_length=40, unique=True)
    reference = models.UUIDField(unique=True)
    method = models.CharField(max_length=30)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    description = models.CharField(max_length=200)
    language = models.CharField(max_length=12)
    return_url = models.CharField(max_length=500)
    webhook_url = models.CharField(max_length=500)
    state = models.CharField(
        max_length=10, default="open"
    )  # open secure authorised captured failed cancelled
    failure = models.CharField(max_length=40, blank=True)
    case = models.CharField(max_length=20, blank=True)  # which test card
    last4 = models.CharField(max_length=4, blank=True)
    tries = models.SmallIntegerField(default=0)
    ready_at = models.DateTimeField(null=True)
    refunded_minor = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "sandbox_checkout"


class SandboxRefund(models.Model):
    """A refund the provider made, once per key."""

    id = models.UUIDField(primary_key=True, default=new_id)
    checkout = models.ForeignKey(SandboxCheckout, on_delete=models.CASCADE)
    key = models.CharField(max_length=120, unique=True)
    minor = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        db_table = "sandbox_refund"


class SandboxWebhook(models.Model):
    """A message to deliver `copies` times from `due_at` on."""

    id = models.UUIDField(primary_key=True, default=new_id)
    checkout = models.ForeignKey(SandboxCheckout, on_delete=models.CASCADE)
    kind = models.CharField(max_length=40)
    copies = models.SmallIntegerField(default=1)
    delivered = models.SmallIntegerField(default=0)
    attempts = models.SmallIntegerField(default=0)
    last_status = models.SmallIntegerField(null=True)
    due_at = models.DateTimeField()

    class Meta:
        db_table = "sandbox_webhook"
        indexes = [
            models.Index(
                fields=["due_at"],
                name="sandbox_webhook_owed",
                condition=models.Q(delivered__lt=models.F("copies")),
            )
        ]
