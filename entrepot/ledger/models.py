"""Accounts, transfers, postings. Triggers in the migration keep them: see docs/decisions on the ledger."""

from __future__ import annotations

from django.db import models


class Account(models.Model):
    """One account in one currency. `owner` is the reference of whoever it is about: `seller:…`, `order:…`, `ES`.

    `sign` is +1 where a debit increases the balance (assets, costs), -1 where a credit does (what we owe, income).
    `balance_minor` is kept, by trigger, for guarded accounts only: those may not go below zero. All others are
    summed from their postings, so that busy accounts have no row that everybody must wait for.
    """

    kind = models.CharField(max_length=30)
    owner = models.CharField(max_length=80)
    currency = models.CharField(max_length=3)
    sign = models.SmallIntegerField()
    is_guarded = models.BooleanField()
    balance_minor = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "owner", "currency"], name="ledger_account_name"),
            models.CheckConstraint(
                condition=models.Q(is_guarded=False) | models.Q(balance_minor__gte=0),
                name="ledger_account_not_negative",
            ),
            models.CheckConstraint(condition=models.Q(sign__in=[1, -1]), name="ledger_account_sign"),
        ]


class Transfer(models.Model):
    """One movement: `legs` postings that sum to zero per currency. Append-only.

    `external_id` makes it happen once; `fingerprint` tells a repeat from another transfer under the same name.
    `subject` is what it is about (`order:123`), the way from an order to its postings and back.
    """

    external_id = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    at = models.DateTimeField()
    legs = models.SmallIntegerField()
    fingerprint = models.BinaryField()
    cause = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["external_id"], name="ledger_transfer_once"),
            models.CheckConstraint(condition=models.Q(legs__gte=2), name="ledger_transfer_two_legs"),
        ]
        indexes = [models.Index(fields=["subject"], name="ledger_transfer_subject")]


class Posting(models.Model):
    """One side of a transfer: `minor` is positive for a debit, negative for a credit. Append-only.

    Its foreign keys are kept by a set-based trigger: checking each row by itself costs more than writing it.
    """

    pk = models.CompositePrimaryKey("transfer_id", "position")
    transfer = models.ForeignKey(Transfer, models.DO_NOTHING, db_constraint=False, db_index=False)
    position = models.SmallIntegerField()
    account = models.ForeignKey(Account, models.DO_NOTHING, db_constraint=False, db_index=False)
    at = models.DateTimeField()
    minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    class Meta:
        indexes = [
            models.Index(fields=["account", "at"], include=["minor"], name="ledger_posting_account_at"),
        ]
        constraints = [
            models.CheckConstraint(condition=~models.Q(minor=0), name="ledger_posting_not_zero"),
        ]


class Close(models.Model):
    """A closed period: nothing may be posted before `until_at` any more."""

    until_at = models.DateTimeField(unique=True)
    closed_at = models.DateTimeField()
    closed_by = models.CharField(max_length=200)


class Checkpoint(models.Model):
    """The balance of an account at the moment a period ended (`close.until_at`, exclusive), debit positive."""

    close = models.ForeignKey(Close, models.PROTECT)
    account = models.ForeignKey(Account, models.PROTECT)
    minor = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "close"], name="ledger_checkpoint_once"),
        ]
