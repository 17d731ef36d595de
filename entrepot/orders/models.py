"""Tables of carts, purchases, orders and what happens to them. Amounts are whole minor units of `currency`."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from entrepot.kit.context import Context
from entrepot.kit.ids import new_id
from entrepot.kit.tenancy import Tenanted, TenantQuerySet
from entrepot.orders.policy import CHANNELS, ORDER_STATES, PURCHASE_STATES


class HeldQuerySet(TenantQuerySet):
    """Rows of a tenant, or those whose unguessable token the asker holds (a guest's link)."""

    def of(self, ctx: Context, token: str = "") -> Self:
        """The rows this actor may see; with a token, the rows behind that token."""
        if token:
            return self.filter(**{self.model.held_by: token})
        return super().of(ctx)


class Held(Tenanted):
    """Base of the rows that a guest reaches by a token."""

    held_by: ClassVar[str] = "token"
    objects = HeldQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        abstract = True


class BuyerNumber(models.Model):
    """The opaque number under which the intake knows a buyer (limits per buyer). Deleting the row cuts the link.

    `party_id` is a person's party; for guests what `policy.mailbox_id` makes of their e-mail address, never the address.
    """

    number = models.BigAutoField(primary_key=True)
    party_id = models.UUIDField(unique=True)


class Cart(Held):
    """A wish: what somebody may buy. It holds no stock."""

    tenant_columns: ClassVar[dict[str, str]] = {"buyer": "buyer_id"}

    id = models.UUIDField(primary_key=True, default=new_id)
    token = models.CharField(max_length=40, unique=True)
    buyer_id = models.UUIDField(null=True)
    market = models.CharField(max_length=2)
    language = models.CharField(max_length=12)
    checkout_token = models.CharField(max_length=40, blank=True)  # its open checkout
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(db_index=True)

    objects = HeldQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["buyer_id", "market"], name="orders_cart_of_buyer", condition=~Q(buyer_id=None)
            )
        ]


class CartLine(models.Model):
    """One offer in a cart."""

    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="lines")
    offer_id = models.UUIDField()
    quantity = models.IntegerField()
    noted_price_minor = (
        models.BigIntegerField()
    )  # its price when it was put in: the cart says when that changed
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cart", "offer_id"], name="orders_cart_line_offer"),
            models.CheckConstraint(name="orders_cart_line_quantity", condition=Q(quantity__gte=1)),
        ]


class Purchase(Held):
    """One checkout, then one payment: the orders of several sellers that a buyer places together."""

    tenant_columns: ClassVar[dict[str, str]] = {"buyer": "buyer_id"}

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.BigIntegerField(unique=True, null=True)  # for people, given when it is placed
    token = models.CharField(max_length=40, unique=True)
    cart_id = models.UUIDField(null=True, db_index=True)
    buyer_id = models.UUIDField(db_index=True)  # an account's party, or one minted for the guest
    is_guest = models.BooleanField()
    market = models.CharField(max_length=2)
    language = models.CharField(max_length=12)
    currency = models.CharField(max_length=3)
    channel = models.CharField(max_length=8, default="web")
    state = models.CharField(max_length=10, default="open")
    wishes = models.JSONField(default=list)  # [{"offer_id", "quantity"}]: what is being checked out
    email = models.CharField(max_length=254, blank=True)
    name = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    address = models.JSONField(default=dict)  # line1, line2, postcode, city, region, country
    delivery = models.JSONField(default=dict)  # seller id → service
    shown_total_minor = models.BigIntegerField(null=True)  # the total last fixed in front of the buyer
    total_minor = models.BigIntegerField(default=0)  # of its accepted orders
    payment_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    placed_at = models.DateTimeField(null=True)
    pay_before = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    objects = HeldQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="orders_purchase_state", condition=Q(state__in=sorted(PURCHASE_STATES))
            ),
            models.CheckConstraint(name="orders_purchase_channel", condition=Q(channel__in=CHANNELS)),
            models.UniqueConstraint(
                fields=["cart_id"], name="orders_one_checkout_a_cart", condition=Q(state="open")
            ),
        ]
        indexes = [
            models.Index(fields=["pay_before"], name="orders_unpaid", condition=Q(state="placed")),
            models.Index(fields=["buyer_id", "-placed_at"], name="orders_purchases_of"),
        ]


class Draft(models.Model):
    """What the intake is asked to accept for one seller. Its id is the journal's `checkout_ref`: the journal holds
    numbers only, the draft holds what they meant, frozen when the buyer pressed the button."""

    ref = models.BigAutoField(primary_key=True)
    purchase = models.ForeignKey(Purchase, on_delete=models.PROTECT, related_name="drafts")
    seller_id = models.UUIDField()
    attempt = models.SmallIntegerField(default=1)
    key = models.UUIDField(unique=True)  # the intake's idempotency key
    buyer_number = models.BigIntegerField()
    state = models.CharField(max_length=10, default="open")  # open accepted refused replaced
    lines = models.JSONField()  # frozen line facts, in journal order
    quote = models.JSONField()  # amounts with the ids of their rules, and the delivery promise
    goods_minor = models.BigIntegerField()
    shipping_minor = models.BigIntegerField()
    vat_minor = models.BigIntegerField()  # contained in the total
    duty_minor = models.BigIntegerField()  # contained in the total
    total_minor = models.BigIntegerField()
    order_id = models.BigIntegerField(null=True, unique=True)
    refusal = models.JSONField(default=dict)  # code, offer_id of the refused line, left
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["purchase", "seller_id"],
                name="orders_one_order_a_seller",
                condition=Q(state__in=["open", "accepted"]),
            ),
            models.UniqueConstraint(fields=["purchase", "seller_id", "attempt"], name="orders_draft_attempt"),
            models.CheckConstraint(
                name="orders_draft_adds_up",
                condition=Q(total_minor=F("goods_minor") + F("shipping_minor")),
            ),
        ]


class Order(Held):
    """One contract with one seller: accepted by the journal, which its id points into."""

    tenant_columns: ClassVar[dict[str, str]] = {"buyer": "buyer_id", "seller": "seller_id"}
    held_by: ClassVar[str] = "purchase__token"

    id = models.BigIntegerField(primary_key=True)
    purchase = models.ForeignKey(Purchase, on_delete=models.PROTECT, related_name="orders")
    draft = models.OneToOneField(Draft, on_delete=models.PROTECT, related_name="order")
    seller_id = models.UUIDField()
    buyer_id = models.UUIDField()
    market = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, default="placed")
    goods_minor = models.BigIntegerField()
    shipping_minor = models.BigIntegerField()
    standard_shipping_minor = (
        models.BigIntegerField()
    )  # what standard delivery would have cost: the part a withdrawal gives back
    vat_minor = models.BigIntegerField()  # contained in the total
    duty_minor = models.BigIntegerField()  # contained in the total
    total_minor = models.BigIntegerField()
    refund_minor = models.BigIntegerField(default=0)  # promised back so far
    refunded_minor = models.BigIntegerField(default=0)  # of that, what the provider has confirmed
    is_deemed_supplier = models.BooleanField(default=False)  # the marketplace owes the VAT
    quote = models.JSONField(default=dict)
    promise_from = models.DateField(null=True)
    promise_to = models.DateField(null=True)
    ship_by = models.DateField(null=True)
    consignment_id = models.UUIDField(null=True)
    payment_id = models.UUIDField(null=True)
    cancel_reason = models.CharField(max_length=40, blank=True)
    placed_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    packed_at = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    withdraw_until = models.DateField(null=True)  # last day, in the buyer's time zone
    completes_at = models.DateTimeField(null=True)  # end of the inspection window
    completed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    objects = HeldQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            models.CheckConstraint(name="orders_order_state", condition=Q(state__in=sorted(ORDER_STATES))),
            models.CheckConstraint(
                name="orders_order_adds_up",
                condition=Q(total_minor=F("goods_minor") + F("shipping_minor")),
            ),
            models.CheckConstraint(
                name="orders_refund_within_total",
                condition=Q(refund_minor__gte=0)
                & Q(refund_minor__lte=F("total_minor"))
                & Q(refunded_minor__gte=0)
                & Q(refunded_minor__lte=F("refund_minor")),
            ),
        ]
        indexes = [
            models.Index(fields=["seller_id", "state", "-id"], name="orders_of_seller"),
            models.Index(fields=["buyer_id", "-id"], name="orders_of_buyer"),
            models.Index(fields=["state", "-id"], name="orders_by_state"),
            models.Index(fields=["completes_at"], name="orders_inspected", condition=Q(state="delivered")),
            models.Index(
                fields=["consignment_id"], name="orders_by_consignment", condition=~Q(consignment_id=None)
            ),
        ]


class OrderLine(Held):
    """One offer in an order, with everything frozen that law and money need later."""

    tenant_columns: ClassVar[dict[str, str]] = {"buyer": "order__buyer_id", "seller": "order__seller_id"}
    held_by: ClassVar[str] = "order__purchase__token"

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+")
    position = models.SmallIntegerField()
    offer_number = models.BigIntegerField()
    offer_id = models.UUIDField()
    product_id = models.UUIDField(db_index=True)
    variant_id = models.UUIDField()
    category_id = models.UUIDField()
    sku = models.CharField(max_length=100, blank=True)
    title = models.JSONField(default=dict)  # language → text
    options = models.JSONField(default=dict)
    quantity = models.IntegerField()
    price_minor = models.BigIntegerField()  # gross, for one
    vat_rate_bp = models.IntegerField(default=0)
    vat_minor = models.BigIntegerField(default=0)
    duty_minor = models.BigIntegerField(default=0)
    hs6 = models.CharField(max_length=6, blank=True)
    origin_country = models.CharField(max_length=2, blank=True)
    weight_g = models.IntegerField(default=0)  # of one
    withdrawal_exclusion = models.CharField(
        max_length=60, blank=True
    )  # why this line cannot be withdrawn from
    given_back = models.IntegerField(default=0)  # withdrawn or returned so far
    location_id = models.UUIDField(null=True)  # where it is fetched; empty: where its offer takes from

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="orders_line_position"),
            models.CheckConstraint(
                name="orders_line_given_back",
                condition=Q(given_back__gte=0) & Q(given_back__lte=F("quantity")),
            ),
        ]


class LooseOrder(models.Model):
    """An order the journal accepted without a checkout of ours (a sale straight at the edge): nothing is ever lost."""

    id = models.BigIntegerField(primary_key=True)
    checkout_ref = models.BigIntegerField()
    buyer_number = models.BigIntegerField()
    goods_minor = models.BigIntegerField()
    lines = models.JSONField()  # [[offer number, quantity, price in minor units]]
    placed_at = models.DateTimeField()


class OrderEvent(models.Model):
    """A step on the order's timeline that this room knows itself. Append-only."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    actor_kind = models.CharField(max_length=10)
    actor_label = models.CharField(max_length=200, blank=True)
    detail = models.JSONField(default=dict)
    is_public = models.BooleanField(default=True)  # the buyer sees it
    source = models.CharField(max_length=120, null=True, unique=True)  # the fact behind it: written once

    class Meta:
        indexes = [models.Index(fields=["order", "at"], name="orders_timeline")]


class Withdrawal(Held):
    """The buyer's declaration to withdraw, with the moment it was received: the moment that counts."""

    tenant_columns: ClassVar[dict[str, str]] = {"buyer": "order__buyer_id", "seller": "order__seller_id"}
    held_by: ClassVar[str] = "order__purchase__token"

    id = models.UUIDField(primary_key=True, default=new_id)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    contact = models.CharField(max_length=254)  # where the receipt goes
    quantities = models.JSONField()  # line position → quantity
    declared_at = models.DateTimeField()
    refund_minor = models.BigIntegerField()
    refund_due_on = models.DateField()
    send_back_by = models.DateField(null=True)  # empty: nothing was sent yet
    rule_ids = models.JSONField(default=list)


class Return(Held):
    """Goods on their way back, and the money that follows them."""

    tenant_columns: ClassVar[dict[str, str]] = {"buyer": "order__buyer_id", "seller": "order__seller_id"}
    held_by: ClassVar[str] = "order__purchase__token"

    id = models.UUIDField(primary_key=True, default=new_id)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+")
    withdrawal = models.OneToOneField(Withdrawal, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=40)
    note = models.CharField(max_length=2000, blank=True)
    quantities = models.JSONField()  # line position → quantity
    state = models.CharField(max_length=10, default="asked")  # asked awaited sent received refused lapsed
    refund_minor = models.BigIntegerField()
    asked_at = models.DateTimeField()
    send_back_by = models.DateField(null=True)
    tracking_no = models.CharField(max_length=60, blank=True)
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=2000, blank=True)  # the seller's words
    locker = models.CharField(max_length=20, blank=True)  # where the buyer hands it in

    class Meta:
        indexes = [models.Index(fields=["state", "asked_at"], name="orders_returns_open")]


class Notice(models.Model):
    """A mail owed to a buyer, or to anybody a room above writes to: written with the change it tells of, sent after; kept as proof of what was said."""

    id = models.UUIDField(primary_key=True, default=new_id)
    purchase = models.ForeignKey(
        Purchase, on_delete=models.PROTECT, null=True, related_name="notices"
    )  # null: about no purchase
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, related_name="notices")
    withdrawal = models.ForeignKey(Withdrawal, on_delete=models.PROTECT, null=True)
    kind = models.CharField(max_length=40)  # a template's name; `letter`: written by the room that owed it
    to = models.CharField(max_length=254, blank=True)  # empty: the buyer
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    subject = models.CharField(max_length=300, blank=True)
    body = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_try_at"], name="orders_notices_owed", condition=Q(sent_at=None))
        ]
