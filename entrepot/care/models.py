"""Tables of the care room."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from entrepot.care.policy import (
    BASES,
    DISPUTE_STATES,
    ENDED,
    GROUNDS,
    HAZARDS,
    MEASURES,
    RECALL_KINDS,
    REPORT_KINDS,
)
from entrepot.kit.ids import new_id
from entrepot.kit.tenancy import Tenanted


class Review(models.Model):
    """What a buyer says about a product that was delivered to them. Public; one per order line."""

    id = models.UUIDField(primary_key=True, default=new_id)
    product_id = models.UUIDField()
    seller_id = models.UUIDField()
    order_id = models.BigIntegerField()
    position = models.SmallIntegerField()
    buyer_id = models.UUIDField(db_index=True)
    author = models.CharField(max_length=80)  # as shown: “Ana P.”
    market = models.CharField(max_length=2)
    language = models.CharField(max_length=12)
    stars = models.SmallIntegerField()
    text = models.TextField(blank=True)
    at = models.DateTimeField()
    hidden_at = models.DateTimeField(null=True)
    hidden_reason = models.CharField(max_length=300, blank=True)
    answer = models.TextField(blank=True)  # the seller's
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order_id", "position"], name="care_review_once"),
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="care_review_stars"),
        ]
        indexes = [
            models.Index(
                fields=["product_id", "-at"], name="care_reviews_shown", condition=Q(hidden_at=None)
            ),
            models.Index(fields=["seller_id", "-at"], name="care_reviews_of_seller"),
        ]


class Rating(models.Model):
    """How many stars a product has: counted when a review is written, hidden or shown again."""

    product_id = models.UUIDField(primary_key=True)
    seller_id = models.UUIDField(db_index=True)
    one = models.IntegerField(default=0)
    two = models.IntegerField(default=0)
    three = models.IntegerField(default=0)
    four = models.IntegerField(default=0)
    five = models.IntegerField(default=0)


class Dispute(Tenanted):
    """What a buyer says is wrong with an order. Amounts in minor units of `currency`; one open one an order."""

    tenant_columns: ClassVar[dict[str, str]] = {"buyer": "buyer_id", "seller": "seller_id"}

    id = models.UUIDField(primary_key=True, default=new_id)
    order_id = models.BigIntegerField(db_index=True)
    buyer_id = models.UUIDField()
    seller_id = models.UUIDField(db_index=True)
    reason = models.CharField(max_length=30)
    state = models.CharField(max_length=10, default="open")
    currency = models.CharField(max_length=3)
    asked_minor = models.BigIntegerField()
    offer_minor = models.BigIntegerField(default=0)
    refund_minor = models.BigIntegerField(default=0)  # at the end: what goes back
    opened_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=sorted(DISPUTE_STATES)), name="care_dispute_state"),
            models.CheckConstraint(
                condition=Q(asked_minor__gt=0, offer_minor__gte=0, refund_minor__gte=0)
                & Q(offer_minor__lte=F("asked_minor"), refund_minor__lte=F("asked_minor")),
                name="care_dispute_amounts",
            ),
            models.UniqueConstraint(
                fields=["order_id"], condition=~Q(state__in=sorted(ENDED)), name="care_dispute_one_open"
            ),
        ]
        indexes = [
            models.Index(
                fields=["answer_by"], name="care_disputes_waiting", condition=~Q(state__in=sorted(ENDED))
            )
        ]


class DisputeNote(models.Model):
    """What was said or done in a dispute, by whom: its evidence."""

    dispute = models.ForeignKey(Dispute, on_delete=models.CASCADE, related_name="notes")
    verb = models.CharField(max_length=10)
    actor_kind = models.CharField(max_length=10)
    actor_label = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    at = models.DateTimeField()


class DisputePhoto(models.Model):
    """A photo shown as evidence: our own JPEG of its pixels, seen by this order's buyer and seller and the house only."""

    id = models.UUIDField(primary_key=True, default=new_id)
    note = models.ForeignKey(DisputeNote, on_delete=models.CASCADE, related_name="photos")
    body = models.BinaryField()


class Report(Tenanted):
    """Somebody says that a product or a review should not be here; or an authority orders it (`kind` authority)."""

    tenant_columns: ClassVar[dict[str, str]] = {"buyer": "party_id"}

    id = models.UUIDField(primary_key=True, default=new_id)
    token = models.CharField(max_length=43, unique=True)  # the secret link of who reported
    kind = models.CharField(max_length=10, default="content")
    product_id = models.UUIDField(db_index=True)
    seller_id = models.UUIDField()
    review_id = models.UUIDField(null=True)
    ground = models.CharField(max_length=20)
    place = models.CharField(max_length=300)  # where exactly: the page's address, and what on it
    text = models.TextField()
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    party_id = models.UUIDField(null=True, db_index=True)  # who was signed in
    market = models.CharField(max_length=2)
    language = models.CharField(max_length=12)
    reported_at = models.DateTimeField()
    due_on = models.DateField()
    # The decision; empty while it is open.
    measure = models.CharField(max_length=20, blank=True)
    reasons = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=REPORT_KINDS), name="care_report_kind"),
            models.CheckConstraint(condition=Q(ground__in=GROUNDS), name="care_report_ground"),
            models.CheckConstraint(
                condition=Q(decided_at=None, measure="") | (Q(decided_at__isnull=False) & ~Q(measure="")),
                name="care_report_decided",
            ),
        ]
        indexes = [models.Index(fields=["due_on"], name="care_reports_open", condition=Q(decided_at=None))]


class Restriction(Tenanted):
    """What was taken from whom, and why: the statement of reasons of Regulation (EU) 2022/2065 Art. 17."""

    tenant_columns: ClassVar[dict[str, str]] = {"seller": "seller_id", "buyer": "party_id"}

    id = models.UUIDField(primary_key=True, default=new_id)
    token = models.CharField(max_length=43, unique=True)  # the secret link of a reviewer
    report = models.ForeignKey(Report, on_delete=models.PROTECT, null=True)  # null: found by ourselves
    measure = models.CharField(max_length=20)
    product_id = models.UUIDField(null=True)
    review_id = models.UUIDField(null=True)
    seller_id = models.UUIDField(null=True, db_index=True)  # who is restricted: a seller,
    party_id = models.UUIDField(null=True, db_index=True)  # or who wrote a review
    basis = models.CharField(max_length=5)
    clause = models.CharField(max_length=300, blank=True)  # which law, or which part of our terms
    reasons = models.TextField()
    is_automated = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(basis__in=BASES), name="care_restriction_basis"),
            models.CheckConstraint(
                condition=Q(measure__in=sorted({each for few in MEASURES.values() for each in few[1:]})),
                name="care_restriction_measure",
            ),
            models.CheckConstraint(
                condition=Q(seller_id=None, party_id__isnull=False)
                | Q(seller_id__isnull=False, party_id=None),
                name="care_restriction_of_one",
            ),
        ]


class Complaint(models.Model):
    """One complaint about one decision: by who reported (`report`) or by who is restricted (`restriction`)."""

    id = models.UUIDField(primary_key=True, default=new_id)
    report = models.OneToOneField(Report, on_delete=models.PROTECT, null=True, related_name="complaint")
    restriction = models.OneToOneField(
        Restriction, on_delete=models.PROTECT, null=True, related_name="complaint"
    )
    text = models.TextField()
    made_at = models.DateTimeField()
    due_on = models.DateField()
    # The decision, always a person's.
    is_upheld = models.BooleanField(null=True)  # True: the complaint is right
    answer = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(report=None, restriction__isnull=False)
                | Q(report__isnull=False, restriction=None),
                name="care_complaint_of_one",
            )
        ]
        indexes = [models.Index(fields=["due_on"], name="care_complaints_open", condition=Q(decided_at=None))]


class Recall(models.Model):
    """Goods called back from everybody who bought them: what is dangerous or unlawful, what to do, what is offered."""

    id = models.UUIDField(primary_key=True, default=new_id)
    product_id = models.UUIDField(db_index=True)
    seller_id = models.UUIDField()
    kind = models.CharField(max_length=10)
    hazard = models.CharField(max_length=20)
    batches = models.CharField(max_length=300, blank=True)  # numbers and where they stand; empty: all
    sold_from = models.DateField(null=True)
    sold_to = models.DateField(null=True)
    remedies = models.JSONField()  # of policy.REMEDIES
    details = models.JSONField()  # language → what can happen and what to do
    email = models.CharField(max_length=254)
    phone = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    started_by = models.CharField(max_length=200)
    # How far its letters are: everybody is looked through twice, the second time when late orders have arrived.
    after_order_id = models.BigIntegerField(default=0)
    passes = models.SmallIntegerField(default=0)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=RECALL_KINDS), name="care_recall_kind"),
            models.CheckConstraint(condition=Q(hazard__in=HAZARDS), name="care_recall_hazard"),
        ]
        indexes = [models.Index(fields=["-started_at"], name="care_recalls_newest")]


class RecallLetter(models.Model):
    """Who has been written to about a recall: each mailbox once."""

    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="letters")
    email = models.CharField(max_length=254)  # lower case
    order_id = models.BigIntegerField()
    written_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recall", "email"], name="care_recall_letter_once")]
