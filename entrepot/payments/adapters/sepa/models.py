"""What is awaited from and sent through the bank. Amounts are whole minor units of `currency`."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from entrepot.kit.ids import new_id


class AwaitedTransfer(models.Model):
    """A buyer's transfer we wait for; `code` (a structured creditor reference, ISO 11649) says which payment it is."""

    id = models.UUIDField(primary_key=True, default=new_id)
    token = models.CharField(max_length=40, unique=True)
    reference = models.UUIDField(unique=True)  # our payment
    code = models.CharField(max_length=25, unique=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=8, default="awaited")  # awaited received given_up
    return_url = models.CharField(max_length=500)
    language = models.CharField(max_length=12, blank=True)
    payer_iban = models.CharField(max_length=34, blank=True)
    payer_name = models.CharField(max_length=140, blank=True)
    asked_at = models.DateTimeField()
    pay_by_on = models.DateField(null=True)  # the last day the goods are held
    received_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "sepa_awaited"


class BankFile(models.Model):
    """A pain.001 file as it was handed to the bank."""

    id = models.UUIDField(primary_key=True, default=new_id)
    message_id = models.CharField(max_length=35, unique=True)
    body = models.BinaryField()
    transfer_count = models.IntegerField()
    minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)

    class Meta:
        db_table = "sepa_file"


class BankTransfer(models.Model):
    """A credit transfer to be made, once per `key`; its id is the end-to-end id at the bank."""

    id = models.UUIDField(primary_key=True, default=new_id)
    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=10)  # payout refund
    iban = models.CharField(max_length=34)
    holder = models.CharField(max_length=140)
    minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    text = models.CharField(max_length=140)
    state = models.CharField(max_length=8, default="queued")  # queued filed booked returned
    file = models.ForeignKey(BankFile, on_delete=models.PROTECT, null=True, related_name="transfers")
    return_reason = models.CharField(max_length=100, blank=True)
    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "sepa_transfer"
        constraints = [
            models.CheckConstraint(condition=Q(minor__gt=0), name="sepa_transfer_positive"),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "filed", "booked", "returned"]), name="sepa_transfer_state"
            ),
        ]
        indexes = [models.Index(fields=["asked_at"], name="sepa_queued", condition=Q(state="queued"))]


class BankStatement(models.Model):
    """A camt.053 statement as it came: opening + lines = closing."""

    id = models.UUIDField(primary_key=True, default=new_id)
    iban = models.CharField(max_length=34)
    number = models.CharField(max_length=35)  # the bank's own
    opening_minor = models.BigIntegerField()
    closing_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    body = models.BinaryField()
    read_at = models.DateTimeField()
    read_by = models.CharField(max_length=200)

    class Meta:
        db_table = "sepa_statement"
        constraints = [models.UniqueConstraint(fields=["iban", "number"], name="sepa_statement_once")]


class BankLine(models.Model):
    """One line of a statement: `minor` above zero came in. `about`: what it was matched to (`payment:…`), or empty."""

    statement = models.ForeignKey(BankStatement, on_delete=models.PROTECT, related_name="lines")
    position = models.IntegerField()
    booked_on = models.DateField()
    minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    end_to_end = models.CharField(max_length=35, blank=True)
    text = models.CharField(max_length=500, blank=True)
    counterparty = models.CharField(max_length=140, blank=True)
    counterparty_iban = models.CharField(max_length=34, blank=True)
    bank_ref = models.CharField(max_length=60, blank=True)
    return_reason = models.CharField(max_length=100, blank=True)
    about = models.CharField(max_length=80, blank=True)

    class Meta:
        db_table = "sepa_line"
        constraints = [models.UniqueConstraint(fields=["statement", "position"], name="sepa_line_once")]
        indexes = [models.Index(fields=["booked_on"], name="sepa_line_day")]
