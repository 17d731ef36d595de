"""Placing: the one command whose transaction is a journal append (decision 0001)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings
from django.db import connection, transaction

from entrepot.intake.commands import Decision, Place, PlaceLine, mint_key, submit
from entrepot.intake.queries import sale_to_wait_for, sales
from entrepot.kit.command import LOCK_TIMEOUT_MS, command
from entrepot.kit.context import Context
from entrepot.kit.errors import NotFound
from entrepot.kit.ids import show_number
from entrepot.markets.queries import pack
from entrepot.orders.errors import (
    CheckoutClosed,
    NothingAccepted,
    NotReady,
    TotalChanged,
    WaitForTurn,
    WrongState,
)
from entrepot.orders.models import BuyerNumber, CartLine, Draft, Purchase
from entrepot.orders.policy import mailbox_id, mailbox_of, read_quantity
from entrepot.orders.pricing import Priced, SellerGroup, Wish, price_purchase, price_wishes
from entrepot.orders.projection import Accepted, write_accepted
from entrepot.orders.readiness import readiness_of
from entrepot.parties.queries import party_of_verified_email


@dataclass(frozen=True, slots=True)
class PlacedOrder:
    """An order the intake accepted. Its amount is gross, in the purchase's currency."""

    order_id: int
    number: str
    seller_id: UUID
    total_minor: int


@dataclass(frozen=True, slots=True)
class RefusedOrder:
    """An order the intake refused, with the line in the way: `left` says how many there still are."""

    seller_id: UUID
    code: str
    offer_id: UUID | None
    title: Mapping[str, str]
    left: int | None


@dataclass(frozen=True, slots=True)
class PlacedPurchase:
    """What became of a checkout: the orders accepted and refused, what is to be paid, and until when."""

    purchase_id: UUID
    token: str
    number: int
    state: str
    orders: tuple[PlacedOrder, ...]
    refused: tuple[RefusedOrder, ...]
    total_minor: int
    currency: str
    pay_before: datetime | None


@command(scope="orders:place", atomic=False)
def place_purchase(
    ctx: Context,
    *,
    checkout_id: UUID,
    token: str = "",
    shown_total_minor: int | None = None,
    passports: Sequence[str] = (),
) -> PlacedPurchase:
    """Place one order a seller, all or nothing each. A retry, also in parallel, gives the same answer.

    With `shown_total_minor` (the sum the buyer saw, minor units) a sum that moved is refused, not charged.
    `passports` are those of the waiting rooms the buyer was let in by.
    Refuses: NotFound, NotReady (names everything missing), WaitForTurn (an offer of a sale, and no passport of its room),
    TotalChanged, NothingAccepted (the checkout stays open), CheckoutClosed (cancelled meanwhile), Busy (the writer is down: the same call may be made again).
    """
    drafts = _freeze_drafts(ctx, checkout_id, token, shown_total_minor, passports)
    return _decide_drafts(ctx, checkout_id, token, drafts)


@command(scope="orders:place", atomic=False)
def place_rest(
    ctx: Context,
    *,
    purchase_id: UUID,
    seller_id: UUID,
    quantities: Mapping[UUID, int] | None = None,
    token: str = "",
) -> PlacedPurchase:
    """After a refusal, and when the buyer says so: place the seller's other lines into the same purchase.

    `quantities` by offer may keep the refused line with fewer; without it that line is left out.
    Refuses: NotFound, WrongState (nothing was refused), NotReady, Invalid (quantity), NothingAccepted, Busy.
    """
    drafts = _freeze_rest(ctx, purchase_id, seller_id, quantities, token)
    return _decide_drafts(ctx, purchase_id, token, drafts)


@contextmanager
def _locked(ctx: Context, purchase_id: UUID, token: str) -> Iterator[Purchase]:
    """The purchase, its row locked for a short transaction. Refuses: NotFound."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}")
        purchase = Purchase.objects.of(ctx, token).select_for_update().filter(id=purchase_id).first()
        if purchase is None:
            raise NotFound(what="checkout")
        yield purchase


def _freeze_drafts(
    ctx: Context, checkout_id: UUID, token: str, shown_total_minor: int | None, passports: Sequence[str]
) -> list[Draft]:
    """First transaction: from here on the prices, quantities and keys of this attempt stand."""
    with _locked(ctx, checkout_id, token) as purchase:
        if purchase.state == "cancelled":
            raise CheckoutClosed(state=purchase.state)
        if purchase.state != "open":
            return list(purchase.drafts.filter(state="open").order_by("ref"))
        priced = price_purchase(purchase, ctx.at)
        ready = readiness_of(purchase, priced)
        if ready.missing:
            raise NotReady(fields=", ".join(gap.field for gap in ready.missing), missing=ready.missing)
        wanted = [line.offer_number for line in priced.lines]
        sale = sale_to_wait_for(sales(ctx.at), wanted, passports, ctx.at)
        if sale is not None:
            raise WaitForTurn(title=sale.title, room=sale.room_url)
        if shown_total_minor is not None and shown_total_minor != priced.total_minor:
            raise TotalChanged(
                total_minor=priced.total_minor, shown_minor=shown_total_minor, currency=priced.currency
            )
        purchase.drafts.filter(state="refused").update(state="replaced")
        purchase.state, purchase.updated_at = "placing", ctx.at
        purchase.save(update_fields=["state", "updated_at"])
        return _new_drafts(ctx, purchase, priced)


def _freeze_rest(
    ctx: Context, purchase_id: UUID, seller_id: UUID, quantities: Mapping[UUID, int] | None, token: str
) -> list[Draft]:
    with _locked(ctx, purchase_id, token) as purchase:
        waiting = list(purchase.drafts.filter(seller_id=seller_id, state="open"))
        if waiting:
            return waiting  # asked twice: the first attempt is decided first
        refused = purchase.drafts.filter(seller_id=seller_id, state="refused").order_by("-attempt").first()
        if refused is None or purchase.state not in {"placed", "paid"}:
            raise WrongState(state=purchase.state, step="placed again")
        was = {UUID(line["offer_id"]): line["quantity"] for line in refused.lines}
        if quantities is None:
            blocked = UUID(refused.refusal["offer_id"]) if refused.refusal.get("offer_id") else None
            wanted = {offer_id: count for offer_id, count in was.items() if offer_id != blocked}
        else:
            wanted = {offer_id: read_quantity(count) for offer_id, count in quantities.items()}
        if not wanted or not wanted.keys() <= was.keys():
            raise NotFound(what="line in the refused order")
        priced = price_wishes(
            [Wish(offer_id, count) for offer_id, count in wanted.items()],
            market=purchase.market,
            at=ctx.at,
            postcode=purchase.address["postcode"],
            region=purchase.address.get("region", ""),
            delivery=purchase.delivery,
        )
        ready = readiness_of(purchase, priced)
        if ready.missing:
            raise NotReady(fields=", ".join(gap.field for gap in ready.missing), missing=ready.missing)
        refused.state = "replaced"
        refused.save(update_fields=["state"])
        return _new_drafts(ctx, purchase, priced)


def _counted_as(purchase: Purchase) -> UUID:
    """Whose limits a purchase counts against: a person's; for guests their account's, or else their mailbox (decision 0045)."""
    if not purchase.is_guest:
        return purchase.buyer_id
    mailbox = mailbox_of(purchase.email)
    return party_of_verified_email(mailbox) or mailbox_id(mailbox, key=settings.SECRET_KEY)


def _new_drafts(ctx: Context, purchase: Purchase, priced: Priced) -> list[Draft]:
    buyer, _ = BuyerNumber.objects.get_or_create(party_id=_counted_as(purchase))
    attempts = dict(purchase.drafts.values_list("seller_id", "attempt").order_by("attempt"))
    return Draft.objects.bulk_create(
        Draft(
            purchase=purchase,
            seller_id=group.seller_id,
            attempt=attempts.get(group.seller_id, 0) + 1,
            key=mint_key(ctx.at),
            buyer_number=buyer.number,
            lines=_frozen_lines(group),
            quote=_frozen_quote(group, priced),
            goods_minor=group.goods_minor,
            shipping_minor=group.shipping_minor,
            vat_minor=group.vat_minor,
            duty_minor=group.duty_minor,
            total_minor=group.total_minor,
            created_at=ctx.at,
        )
        for group in priced.groups
    )


def _frozen_lines(group: SellerGroup) -> list[dict[str, Any]]:
    return [
        {
            "position": position,
            "offer_number": line.offer_number,
            "offer_id": str(line.offer_id),
            "product_id": str(line.product_id),
            "variant_id": str(line.variant_id),
            "category_id": str(line.category_id),
            "sku": line.sku,
            "title": dict(line.title),
            "options": dict(line.options),
            "quantity": line.quantity,
            "price_minor": line.price_minor,
            "vat_rate_bp": line.vat_rate_bp,
            "vat_minor": line.vat_minor,
            "duty_minor": line.duty_minor,
            "hs6": line.hs6,
            "origin_country": line.origin_country,
            "weight_g": line.weight_g,
            "withdrawal_exclusion": line.withdrawal_exclusion,
        }
        for position, line in enumerate(group.lines)
    ]


def _frozen_quote(group: SellerGroup, priced: Priced) -> dict[str, Any]:
    """The snapshot that stays with the order: each amount with its rule, and what was promised."""
    assert group.promise is not None  # readiness saw to it
    zone = ZoneInfo(pack(priced.market).time_zone)
    frozen = {
        "parts": group.parts,
        "rule_ids": group.rule_ids,
        "incoterm": group.incoterm,
        "is_deemed_supplier": group.is_deemed_supplier,
        "warnings": group.warnings,
        "on_arrival": group.on_arrival,
        "standard_shipping_minor": group.standard_shipping_minor,
        "promise": group.promise,
        "promise_from": group.promise.from_on,
        "promise_to": group.promise.to_on,
        "ship_by": group.ready_at.astimezone(zone).date(),
    }
    snapshot: dict[str, Any] = msgspec.to_builtins(frozen, enc_hook=str)
    return snapshot


def _decide_drafts(ctx: Context, purchase_id: UUID, token: str, drafts: list[Draft]) -> PlacedPurchase:
    """Ask the intake, then write down what it said. Nothing is locked while the journal is written."""
    decisions = submit(
        [
            Place(
                key=draft.key,
                checkout_ref=draft.ref,
                buyer=draft.buyer_number,
                lines=tuple(
                    PlaceLine(line["offer_number"], line["quantity"], line["price_minor"])
                    for line in draft.lines
                ),
            )
            for draft in drafts
        ]
    )
    with _locked(ctx, purchase_id, token) as purchase:
        placed = _settle_drafts(
            ctx, purchase, dict(zip([draft.ref for draft in drafts], decisions, strict=True))
        )
    if not placed.orders:
        raise NothingAccepted(refused=placed.refused)
    return placed


def _settle_drafts(ctx: Context, purchase: Purchase, decisions: Mapping[int, Decision]) -> PlacedPurchase:
    """Second transaction. Whoever comes second, retry or projector, finds it done and changes nothing."""
    accepted = []
    for draft in purchase.drafts.filter(ref__in=list(decisions), state="open"):
        decision = decisions[draft.ref]
        if decision.is_accepted and decision.order_id is not None:
            accepted.append(
                Accepted(
                    decision.order_id,
                    draft.ref,
                    draft.buyer_number,
                    ctx.at,
                    tuple(
                        (line["offer_number"], line["quantity"], line["price_minor"]) for line in draft.lines
                    ),
                )
            )
        else:
            offer_id = draft.lines[decision.line]["offer_id"] if decision.line is not None else None
            draft.state = "refused"
            draft.refusal = {"code": decision.code, "offer_id": offer_id, "left": decision.left}
            draft.save(update_fields=["state", "refusal"])
    write_accepted(accepted, cause=ctx.cause)
    purchase.refresh_from_db()
    drafts = list(purchase.drafts.exclude(state="replaced").order_by("ref"))
    if purchase.state == "placing" and not any(draft.state == "open" for draft in drafts):
        purchase.state = "open"
        purchase.save(update_fields=["state"])
    placed = _placed(purchase, drafts)
    if purchase.cart_id and placed.orders:
        bought = {line["offer_id"] for draft in drafts if draft.state == "accepted" for line in draft.lines}
        CartLine.objects.filter(cart_id=purchase.cart_id, offer_id__in=bought).delete()
    return placed


def _placed(purchase: Purchase, drafts: list[Draft]) -> PlacedPurchase:
    """The answer, read from what is stored, so that it is the same each time."""
    refused = []
    for draft in drafts:
        if draft.state == "refused":
            offer_id = draft.refusal["offer_id"]
            line = next((each for each in draft.lines if each["offer_id"] == offer_id), None)
            refused.append(
                RefusedOrder(
                    draft.seller_id,
                    draft.refusal["code"],
                    UUID(offer_id) if offer_id else None,
                    line["title"] if line else {},
                    draft.refusal["left"],
                )
            )
    orders = [(draft, draft.order_id) for draft in drafts if draft.order_id is not None]
    return PlacedPurchase(
        purchase_id=purchase.id,
        token=purchase.token,
        number=purchase.number or 0,
        state=purchase.state,
        orders=tuple(
            PlacedOrder(order_id, show_number(order_id), draft.seller_id, draft.total_minor)
            for draft, order_id in orders
        ),
        refused=tuple(refused),
        total_minor=sum(draft.total_minor for draft, _ in orders),
        currency=purchase.currency,
        pay_before=purchase.pay_before,
    )
