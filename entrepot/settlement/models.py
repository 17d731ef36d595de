"""Tables of settlement. Amounts are whole minor units of `currency`."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from entrepot.kit.ids import new_id
from entrepot.kit.tenancy import Tenanted
from entrepot.settlement.policy import ENTRY_KINDS, PAYOUT_STATES, RHYTHMS, TERMS_STATES


class OrderTerms(Tenanted):
    """How an order's money will divide, frozen when it was placed; what of it is still the seller's side (`retained`)."""

    tenant_columns: ClassVar[dict[str, str]] = {"seller": "seller_id"}

    order_id = models.BigIntegerField(primary_key=True)
    seller_id = models.UUIDField(db_index=True)
    market = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, default="placed")
    total_minor = models.BigIntegerField()
    goods_minor = models.BigIntegerField()
    shipping_minor = models.BigIntegerField()
    vat_minor = models.BigIntegerField()
    duty_minor = models.BigIntegerField()
    carrier_minor = models.BigIntegerField()
    commission_minor = models.BigIntegerField()
    commission_vat_bp = models.IntegerField()
    commission_vat_country = models.CharField(max_length=2, blank=True)
    commission_vat_treatment = models.CharField(max_length=16)
    is_tax_ours = models.BooleanField()
    supply = models.CharField(max_length=16, default="domestic")  # policy.supply_of
    tax_owner = models.CharField(
        max_length=24, blank=True
    )  # whose the sale's VAT is, when it is ours to pay on
    fee_tax_owner = models.CharField(max_length=24, blank=True)  # whose the VAT on our fee is
    line_fees = models.JSONField(default=list)  # position, rule_id, rate_bp, fixed_minor, minor, edition
    retained_minor = models.BigIntegerField(default=0)  # paid and not given back
    is_completed = models.BooleanField(default=False)
    frozen_reason = models.CharField(max_length=200, blank=True)
    placed_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    @property
    def escrow_state(self) -> str:
        """Where its money stands in the table of payments.escrow."""
        return "frozen" if self.state == "held" and self.frozen_reason else self.state

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=sorted(TERMS_STATES)), name="settlement_terms_state"
            ),
            models.CheckConstraint(
                condition=Q(total_minor=F("goods_minor") + F("shipping_minor"))
                & Q(retained_minor__gte=0)
                & Q(retained_minor__lte=F("total_minor")),
                name="settlement_terms_add_up",
            ),
        ]
        indexes = [
            models.Index(fields=["seller_id", "currency"], name="settlement_held", condition=Q(state="held")),
        ]


class Tariff(models.Model):
    """One edition of the operator's ordered list of commission rules, in force from `made_at`. Append-only.

    An order is charged by the edition that was in force when it was placed; before the first one counts the house's list
    (rules/commission.csv).
    """

    made_at = models.DateTimeField(db_index=True)
    made_by = models.CharField(max_length=200)
    rules = models.JSONField()  # [policy.CommissionRule] in order


class ProgrammeSeat(Tenanted):
    """A seller's programme: rules of commission may ask for it."""

    tenant_columns: ClassVar[dict[str, str]] = {"seller": "seller_id"}

    seller_id = models.UUIDField(primary_key=True)
    programme = models.CharField(max_length=40)
    since_at = models.DateTimeField()


class PayoutPlan(Tenanted):
    """How often a seller is paid, if not by the house's rule (weekly)."""

    tenant_columns: ClassVar[dict[str, str]] = {"seller": "seller_id"}

    seller_id = models.UUIDField(primary_key=True)
    rhythm = models.CharField(max_length=8, default="weekly")
    minimum_minor = models.BigIntegerField(default=0)  # never below the rule's
    next_on = models.DateField(null=True)
    route = models.CharField(max_length=6, default="bank")  # bank stripe
    stripe_account = models.CharField(max_length=40, blank=True)
    route_changed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(rhythm__in=sorted(RHYTHMS)), name="settlement_rhythm"),
            models.CheckConstraint(
                condition=Q(route="bank") | (Q(route="stripe") & ~Q(stripe_account="")),
                name="settlement_route",
            ),
        ]


class Payout(Tenanted):
    """Money leaving to a seller. Its lines are the entries that name it; they sum to `amount_minor`."""

    tenant_columns: ClassVar[dict[str, str]] = {"seller": "seller_id"}

    id = models.UUIDField(primary_key=True, default=new_id)
    seller_id = models.UUIDField(db_index=True)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    state = models.CharField(max_length=8)
    route = models.CharField(max_length=6, default="bank")
    iban = models.CharField(max_length=40)  # by the route stripe: the connected account
    holder = models.CharField(max_length=200)
    bank_ref = models.CharField(max_length=60, blank=True)
    return_reason = models.CharField(max_length=100, blank=True)
    prepared_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=sorted(PAYOUT_STATES)), name="settlement_payout_state"
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="settlement_payout_positive"),
        ]
        indexes = [
            models.Index(
                fields=["prepared_at"],
                name="settlement_payouts_open",
                condition=Q(state__in=["waiting", "ready", "sent"]),
            )
        ]


class PayoutApproval(models.Model):
    """One person's yes to a large payout."""

    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, related_name="approvals")
    user_id = models.BigIntegerField()
    label = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["payout", "user_id"], name="settlement_approval_once")]


class SellerEntry(Tenanted):
    """A line of a seller's statement: written with its ledger transfer, in the same transaction; `external_id` is the same.

    `minor` is what the seller's account rose by. `payout` is empty until a payout takes it.
    """

    tenant_columns: ClassVar[dict[str, str]] = {"seller": "seller_id"}

    seller_id = models.UUIDField()
    order_id = models.BigIntegerField(null=True, db_index=True)
    kind = models.CharField(max_length=16)
    external_id = models.CharField(max_length=120, unique=True)
    currency = models.CharField(max_length=3)
    minor = models.BigIntegerField()
    shares = models.JSONField(default=dict)  # what else the same transfer moved: gross, commission, taxes …
    at = models.DateTimeField()
    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, null=True, related_name="entries")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=sorted(ENTRY_KINDS)), name="settlement_entry_kind")
        ]
        indexes = [
            models.Index(fields=["seller_id", "at"], name="settlement_statement"),
            models.Index(
                fields=["seller_id", "currency"], name="settlement_unpaid", condition=Q(payout=None)
            ),
        ]


class OpenItem(models.Model):
    """A line outside that our books do not explain: `minor` is what they would have to rise by. Closed by a cause."""

    id = models.UUIDField(primary_key=True, default=new_id)
    source = models.CharField(max_length=60)  # bank:<IBAN>, or a provider's code
    line_id = models.CharField(max_length=80)
    booked_on = models.DateField()
    minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    text = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=20)  # unknown_line, unknown_payment, other_amount
    found_at = models.DateTimeField()
    owner = models.CharField(max_length=200, blank=True)  # who looks into it
    cause = models.CharField(max_length=20, blank=True)
    note = models.CharField(max_length=500, blank=True)
    transfer = models.CharField(max_length=120, blank=True)  # the posting that set it right
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "line_id"], name="settlement_item_once")]
        indexes = [
            models.Index(fields=["booked_on"], name="settlement_items_open", condition=Q(closed_at=None))
        ]


class BooksCheck(models.Model):
    """When the books were last held against the outside and against themselves, and what did not add up. One row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    compared_at = models.DateTimeField(null=True)  # find_differences looked at everything until then
    checked_at = models.DateTimeField(null=True)  # check_books
    faults = models.JSONField(default=list)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="settlement_one_books_check")]


class DayClose(models.Model):
    """How the books stood when a day ended: what is unexplained, by currency, and what does not add up. Append-only."""

    day = models.DateField(primary_key=True)
    at = models.DateTimeField()
    items = models.IntegerField()
    unexplained = models.JSONField(default=dict)  # currency → minor units
    faults = models.JSONField(default=list)
