"""Lives of orders as money sees them: placed, paid at the sandbox, completed, refunded, charged back, paid out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from entrepot.kit import clock
from entrepot.kit.context import Context, system_context
from entrepot.kit.ids import new_id
from entrepot.kit.models import OutboxFact
from entrepot.kit.money import Money, vat_inside
from entrepot.kit.outbox import kind_of, relay
from entrepot.ledger.queries import AccountRef, balance_of
from entrepot.orders.events import OrderCancelled, OrderCompleted, OrderPaid, OrderPlaced, PlacedLine
from entrepot.payments.adapters.sandbox import commands as sandbox
from entrepot.payments.adapters.sandbox.cases import CARDS
from entrepot.payments.adapters.sandbox.models import SandboxCheckout
from entrepot.payments.commands import (
    Part,
    RefundPart,
    RefundView,
    confirm_payment,
    refund_payment,
    send_refunds,
    start_payment,
)
from entrepot.settlement import reactions
from entrepot.settlement.commands.release import freeze_terms, note_ended, note_paid, release_order
from tests import make


def settle() -> int:
    """Run settlement's own reactions to the facts in the outbox."""
    found: dict[str, list[tuple[str, type, Callable[..., None]]]] = {}
    for name, function in vars(reactions).items():
        if hasattr(function, "reacts_to") and function.__module__ == reactions.__name__:
            found.setdefault(kind_of(function.reacts_to), []).append((name, function.reacts_to, function))
    closed = relay(found, limit=1000)
    assert not OutboxFact.objects.filter(done_at=None).exists(), list(
        OutboxFact.objects.filter(done_at=None).values_list("kind", "last_error")
    )
    return closed


class World:
    """Sellers, and orders whose numbers nobody else uses."""

    def __init__(self, *, countries: tuple[str, ...] = ("ES",), at: datetime | None = None) -> None:
        self.at = at or clock.now()
        self.sellers = [make.seller(country=country) for country in countries]
        self.placed: dict[int, OrderPlaced] = {}
        self.payments: dict[int, UUID] = {}

    def ctx(self) -> Context:
        return system_context(at=self.at, cause="test")

    def order(
        self,
        *,
        seller: int = 0,
        goods: int = 4000,
        shipping: int = 0,
        vat_bp: int = 2100,
        duty: int = 0,
        is_deemed_supplier: bool = False,
        currency: str = "EUR",
    ) -> int:
        """Placed, with its terms frozen; the order's id."""
        order_id = new_id().int & (2**62 - 1)
        vat = vat_inside(goods - duty, vat_bp)
        line = PlacedLine(0, new_id(), new_id(), new_id(), None, 1, goods, vat_bp, vat, duty)
        placed = OrderPlaced(
            order_id=order_id,
            purchase_id=new_id(),
            seller_id=self.sellers[seller],
            buyer_id=new_id(),
            market="ES",
            lines=(line,),
            goods_minor=goods,
            shipping_minor=shipping,
            vat_minor=vat + vat_inside(shipping, vat_bp),
            duty_minor=duty,
            total_minor=goods + shipping,
            is_deemed_supplier=is_deemed_supplier,
            currency=currency,
            at=self.at,
        )
        freeze_terms(self.ctx(), placed=placed)
        self.placed[order_id] = placed
        return order_id

    def pay(self, order_id: int) -> UUID:
        """Through the sandbox's card form, into escrow."""
        placed = self.placed[order_id]
        start = start_payment(
            self.ctx(),
            purchase_id=placed.purchase_id,
            amount=Money(placed.total_minor, placed.currency),
            parts=[Part(order_id, placed.seller_id, placed.total_minor)],
            method="card",
            return_url=f"{settings.BASE_URL}/",
        )
        token = SandboxCheckout.objects.get(reference=start.payment_id).token
        sandbox.enter_case(
            token, CARDS["4242424242424242"], last4="4242", at=clock.now() - timedelta(seconds=1)
        )
        assert confirm_payment(self.ctx(), payment_id=start.payment_id).is_applied
        self.payments[order_id] = start.payment_id
        note_paid(self.ctx(), order_id=order_id)
        return start.payment_id

    def complete(self, order_id: int) -> Any:
        return release_order(self.ctx(), order_id=order_id)

    def cancel(self, order_id: int) -> None:
        note_ended(self.ctx(), order_id=order_id, was_paid=order_id in self.payments)

    def refund(self, order_id: int, minor: int, name: str = "") -> RefundView:
        """Promised, sent by the provider, and recovered where it had been released."""
        view = refund_payment(
            self.ctx(),
            payment_id=self.payments[order_id],
            parts=[RefundPart(order_id, minor)],
            reason="test",
            external_id=name or str(new_id()),
        )
        settle()
        send_refunds(self.ctx())
        settle()
        return view


def balance(kind: str, owner: str, currency: str = "EUR") -> int:
    return balance_of(AccountRef(kind, owner, currency))


def facts_of_order(world: World, order_id: int) -> tuple[OrderPaid, OrderCompleted, OrderCancelled]:
    """The orders room's facts about this order, as its events file has them."""
    placed = world.placed[order_id]
    who = (order_id, placed.purchase_id, placed.seller_id)
    return (
        OrderPaid(*who, world.payments[order_id], placed.total_minor, placed.currency, "ES", world.at),
        OrderCompleted(*who, "ES", placed.total_minor, 0, placed.currency, world.at),
        OrderCancelled(*who, True, placed.total_minor, placed.currency, "test", world.at),
    )
