"""Tables of invoicing. Amounts are whole minor units of `currency`. A trigger refuses to change or delete a document."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from entrepot.kit.ids import new_id
from entrepot.kit.tenancy import Tenanted

KINDS = ("sale", "sale_credit", "deemed", "deemed_credit", "self", "self_credit", "fee", "fee_credit")


class Series(models.Model):
    """The next number of an issuer's series. Taken under a lock in the transaction that writes the document: no gaps."""

    issuer = models.CharField(max_length=50)
    code = models.CharField(max_length=12)
    last = models.IntegerField(default=0)
    last_on = models.DateField(null=True)  # numbers and dates rise together

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "code"], name="invoicing_series_once")]


class Invoice(Tenanted):
    """An invoice or credit note. `seller_id` is the seller who keeps it: empty where we supply the buyer ourselves.

    `source` is the event behind it (`sale:…`, `self:…`, `credit:…`, `fees:…`): one document for one event.
    """

    tenant_columns: ClassVar[dict[str, str]] = {"seller": "seller_id", "buyer": "buyer_id"}

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=14)
    series = models.ForeignKey(Series, on_delete=models.PROTECT)
    number = models.IntegerField()
    name = models.CharField(max_length=40)  # as printed
    source = models.CharField(max_length=140, unique=True)
    transfer = models.CharField(
        max_length=120, blank=True, db_index=True
    )  # the posting of its VAT, when ours
    order_id = models.BigIntegerField(null=True, db_index=True)
    seller_id = models.UUIDField(null=True)
    buyer_id = models.UUIDField(null=True)
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="corrections")
    issued_on = models.DateField()
    issued_at = models.DateTimeField()
    currency = models.CharField(max_length=3)
    net_minor = models.BigIntegerField()
    vat_minor = models.BigIntegerField()
    gross_minor = models.BigIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)  # SHA-256 of the content

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="invoicing_number_once"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="invoicing_kind"),
            models.CheckConstraint(
                condition=Q(gross_minor=F("net_minor") + F("vat_minor")), name="invoicing_adds_up"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="invoicing_number_positive"),
        ]
        indexes = [
            models.Index(fields=["seller_id", "-issued_at"], name="invoicing_of_seller"),
            models.Index(fields=["-issued_at"], name="invoicing_newest"),
        ]


class FeeRun(models.Model):
    """A month whose fees have been invoiced to the sellers."""

    month_on = models.DateField(primary_key=True)  # its first day
    at = models.DateTimeField()
    documents = models.IntegerField()


class TaxReturn(models.Model):
    """A return as it was filed. A trigger refuses to change what it says; only its payment is noted later."""

    id = models.UUIDField(primary_key=True, default=new_id)
    authority = models.CharField(max_length=2)
    scheme = models.CharField(max_length=12)
    currency = models.CharField(max_length=3)
    period_from = models.DateField()
    period_to = models.DateField()
    due_on = models.DateField()
    vat_minor = models.BigIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)  # SHA-256 of the content
    filed_at = models.DateTimeField()
    filed_by = models.CharField(max_length=200)
    paid_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "scheme", "currency", "period_from"], name="invoicing_return_once"
            )
        ]
