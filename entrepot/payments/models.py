"""Tables of payments. Amounts are whole minor units of `currency`. No card data, ever."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from entrepot.kit.ids import new_id
from entrepot.payments.adapters.sandbox.models import SandboxCheckout, SandboxRefund, SandboxWebhook
from entrepot.payments.adapters.sepa.models import (
    AwaitedTransfer,
    BankFile,
    BankLine,
    BankStatement,
    BankTransfer,
)
from entrepot.payments.policy import PAYMENT_STATES

__all__ = [
    "AwaitedTransfer",
    "BankFile",
    "BankLine",
    "BankStatement",
    "BankTransfer",
    "Due",
    "Payment",
    "PaymentPart",
    "PaymentTry",
    "ProviderEvent",
    "Refund",
    "SandboxCheckout",
    "SandboxRefund",
    "SandboxWebhook",
]


class Due(models.Model):
    """What a purchase owes: one row that paying and releasing both lock, so that exactly one of them wins."""

    purchase_id = models.UUIDField(primary_key=True)
    state = models.CharField(max_length=6, default="open")  # open paid closed
    payment_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "paid", "closed"]), name="payments_due_state"
            )
        ]


class Payment(models.Model):
    """One try to pay a purchase at a provider. `is_applied`: its money went into escrow (one per purchase)."""

    id = models.UUIDField(primary_key=True, default=new_id)
    purchase_id = models.UUIDField(db_index=True)
    provider = models.CharField(max_length=20)
    method = models.CharField(max_length=30)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, default="created")
    provider_ref = models.CharField(max_length=120, null=True, unique=True)
    redirect_url = models.CharField(max_length=4000, blank=True)
    return_url = models.CharField(max_length=500)
    language = models.CharField(max_length=12, blank=True)
    failure = models.CharField(max_length=40, blank=True)
    is_applied = models.BooleanField(default=False)
    captured_minor = models.BigIntegerField(default=0)
    refund_minor = models.BigIntegerField(default=0)  # promised back, charged back included
    refunded_minor = models.BigIntegerField(default=0)  # of that, what the provider has confirmed
    started_at = models.DateTimeField()
    captured_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)  # when we last asked the provider of ourselves

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=sorted(PAYMENT_STATES)), name="payments_state"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payments_amount_positive"),
            models.CheckConstraint(
                condition=Q(refunded_minor__gte=0)
                & Q(refunded_minor__lte=F("refund_minor"))
                & Q(refund_minor__lte=F("captured_minor"))
                & Q(captured_minor__lte=F("amount_minor")),
                name="payments_refund_within_captured",
            ),
            models.UniqueConstraint(
                fields=["purchase_id"], condition=Q(is_applied=True), name="payments_one_applied"
            ),
        ]
        indexes = [
            models.Index(
                fields=["started_at"],
                name="payments_open",
                condition=Q(state__in=["created", "redirected"]),
            )
        ]


class PaymentPart(models.Model):
    """What of a payment is for which order."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="parts")
    order_id = models.BigIntegerField(db_index=True)
    seller_id = models.UUIDField()
    minor = models.BigIntegerField()
    refund_minor = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payment", "order_id"], name="payments_part_once"),
            models.CheckConstraint(
                condition=Q(minor__gt=0) & Q(refund_minor__gte=0) & Q(refund_minor__lte=F("minor")),
                name="payments_part_refund",
            ),
        ]


class Refund(models.Model):
    """Money that goes back: promised with its ledger transfer, then sent by a worker, then confirmed.

    `kind`: asked (a room above decided), late (paid for a purchase that was closed or paid already),
    chargeback (the buyer's bank took it).
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    external_id = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=10, default="asked")
    parts = models.JSONField(default=list)  # [{"order_id", "minor"}]; empty for a late payment
    minor = models.BigIntegerField()
    reason = models.CharField(max_length=60)
    state = models.CharField(max_length=6, default="asked")  # asked done failed
    provider_ref = models.CharField(max_length=120, blank=True)
    attempts = models.SmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(minor__gt=0), name="payments_refund_positive"),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "done", "failed"]), name="payments_refund_state"
            ),
        ]
        indexes = [
            models.Index(fields=["asked_at"], name="payments_refunds_owed", condition=Q(state="asked"))
        ]


class ProviderEvent(models.Model):
    """A verified message of a provider, as it came. `handled_at` is empty until its effect stands."""

    provider = models.CharField(max_length=20)
    event_id = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True, related_name="provider_events")
    body = models.BinaryField()
    times_received = models.IntegerField(default=1)
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "event_id"], name="payments_event_once")]


class ProviderReport(models.Model):
    """A provider's report as it was read: the same file again changes nothing."""

    id = models.UUIDField(primary_key=True, default=new_id)
    provider = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    body = models.BinaryField()
    line_count = models.IntegerField()
    first_on = models.DateField()
    last_on = models.DateField()
    read_at = models.DateTimeField()
    read_by = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "digest"], name="payments_report_once")]


class ProviderLine(models.Model):
    """One movement a provider told of, once for good. `minor` above zero came to us; `fee_minor` was kept of it.

    `about`: what it was matched to (`bank:…` for a payout that arrived), or empty.
    """

    report = models.ForeignKey(ProviderReport, on_delete=models.PROTECT, related_name="lines")
    provider = models.CharField(max_length=20)
    line_id = models.CharField(max_length=120)
    kind = models.CharField(max_length=10)
    booked_on = models.DateField()
    minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    payment_id = models.UUIDField(null=True)
    source_id = models.CharField(max_length=80, blank=True)
    text = models.CharField(max_length=300, blank=True)
    about = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "line_id"], name="payments_line_once")]
        indexes = [
            models.Index(fields=["provider", "payment_id"], name="payments_line_payment"),
            models.Index(
                fields=["provider", "kind"],
                name="payments_line_open",
                condition=Q(about="") & ~Q(kind__in=["capture", "refund", "chargeback", "fee"]),
            ),
        ]


class PaymentTry(models.Model):
    """Counts tries to pay under a mark of who tries (party, purchase, network, device)."""

    mark = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["mark", "at"], name="payments_tries")]
