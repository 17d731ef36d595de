"""From the journal to the tables: each accepted order stands here exactly once, whoever comes first.

Two write through `write_accepted`: the command that placed the orders, as soon as the journal has answered, so that the
buyer's next page knows them; and the intake's projector, which follows the journal and so also writes what a web process
that died could not. Both insert under the order's id, and only the first announces it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from entrepot.intake.queries import ProjectedBatch
from entrepot.kit.context import system_context
from entrepot.kit.outbox import store_facts
from entrepot.orders.events import OrderPlaced, PlacedLine, PurchasePlaced
from entrepot.orders.models import LooseOrder, Order, OrderLine
from entrepot.orders.policy import PAY_WITHIN

# Everything an order takes from its draft; what follows are the columns of orders_order in this order.
_FROM_DRAFT = """
INSERT INTO orders_order (
    id, purchase_id, draft_id, seller_id, buyer_id, market, currency, state,
    goods_minor, shipping_minor, standard_shipping_minor, vat_minor, duty_minor, total_minor,
    refund_minor, refunded_minor, is_deemed_supplier, quote, promise_from, promise_to, ship_by,
    cancel_reason, placed_at
)
SELECT a.order_id, p.id, d.ref, d.seller_id, p.buyer_id, p.market, p.currency, 'placed',
    d.goods_minor, d.shipping_minor, (d.quote->>'standard_shipping_minor')::bigint, d.vat_minor, d.duty_minor,
    d.total_minor, 0, 0, (d.quote->>'is_deemed_supplier')::boolean, d.quote, (d.quote->>'promise_from')::date,
    (d.quote->>'promise_to')::date, (d.quote->>'ship_by')::date, '', a.at
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::timestamptz[])
    AS a(order_id, ref, buyer, goods_minor, at)
JOIN orders_draft d ON d.ref = a.ref AND d.buyer_number = a.buyer AND d.goods_minor = a.goods_minor
    AND (d.order_id IS NULL OR d.order_id = a.order_id)
JOIN orders_purchase p ON p.id = d.purchase_id
ORDER BY a.order_id
ON CONFLICT (id) DO NOTHING
RETURNING id
"""
_LINES_FROM_DRAFT = """
INSERT INTO orders_orderline (
    order_id, position, offer_number, offer_id, product_id, variant_id, category_id, sku, title, options, quantity,
    price_minor, vat_rate_bp, vat_minor, duty_minor, hs6, origin_country, weight_g, withdrawal_exclusion, given_back
)
SELECT o.id, l.position, l.offer_number, l.offer_id, l.product_id, l.variant_id, l.category_id, l.sku, l.title,
    l.options, l.quantity, l.price_minor, l.vat_rate_bp, l.vat_minor, l.duty_minor, l.hs6, l.origin_country,
    l.weight_g, l.withdrawal_exclusion, 0
FROM orders_order o
JOIN orders_draft d ON d.ref = o.draft_id
CROSS JOIN LATERAL jsonb_to_recordset(d.lines) AS l(
    position smallint, offer_number bigint, offer_id uuid, product_id uuid, variant_id uuid, category_id uuid,
    sku text, title jsonb, options jsonb, quantity int, price_minor bigint, vat_rate_bp int, vat_minor bigint,
    duty_minor bigint, hs6 text, origin_country text, weight_g int, withdrawal_exclusion text
)
WHERE o.id = ANY(%s)
"""
_ACCEPT_DRAFTS = """
UPDATE orders_draft d SET state = 'accepted', order_id = o.id, refusal = '{}'
FROM orders_order o WHERE o.draft_id = d.ref AND o.id = ANY(%s)
"""
_PLACE_PURCHASES = """
UPDATE orders_purchase p SET
    state = CASE WHEN p.state IN ('open', 'placing') THEN 'placed' ELSE p.state END,
    number = COALESCE(p.number, nextval('orders_purchase_number')),
    placed_at = COALESCE(p.placed_at, s.at),
    pay_before = GREATEST(p.pay_before, s.at + make_interval(secs => %s)),
    total_minor = s.total_minor,
    updated_at = s.at
FROM (
    SELECT purchase_id, max(placed_at) AS at, sum(total_minor) AS total_minor FROM orders_order
    WHERE purchase_id = ANY(%s) AND state <> 'cancelled' GROUP BY purchase_id
) s
WHERE p.id = s.purchase_id RETURNING p.id, p.channel
"""


@dataclass(frozen=True, slots=True)
class Accepted:
    """An accepted Place as the journal has it: lines are (offer number, quantity, price in minor units)."""

    order_id: int
    checkout_ref: int
    buyer: int
    at: datetime
    lines: tuple[tuple[int, int, int], ...]

    @property
    def goods_minor(self) -> int:
        """The sum of its lines."""
        return sum(quantity * price for _, quantity, price in self.lines)


def project_orders(cursor: Any, batch: ProjectedBatch) -> None:
    """The sink of the intake's projector: orders accepted in these batches."""
    lines: dict[int, list[tuple[int, int, int]]] = {}
    for order_id, number, quantity, price in zip(
        batch.line_order_id.tolist(),
        batch.offer.tolist(),
        batch.quantity.tolist(),
        batch.price_minor.tolist(),
        strict=True,
    ):
        lines.setdefault(order_id, []).append((number, quantity, price))
    write_accepted(
        [
            Accepted(
                order_id, ref, buyer, datetime.fromtimestamp(ms / 1000, UTC), tuple(lines.get(order_id, ()))
            )
            for order_id, ref, buyer, ms in zip(
                batch.order_id.tolist(),
                batch.checkout_ref.tolist(),
                batch.buyer.tolist(),
                batch.placed_ms.tolist(),
                strict=True,
            )
        ],
        cause=f"journal:{batch.shard}:{batch.last_seq}",
    )


def write_accepted(accepted: Sequence[Accepted], *, cause: str) -> list[int]:
    """Write orders, lines, drafts and purchases of accepted Places, inside the caller's transaction.

    Set-based: the number of SQL statements does not grow with the orders. Returns the ids that were new; those are
    announced (OrderPlaced, PurchasePlaced). A Place without a draft of ours (a sale at the edge) becomes a LooseOrder.
    """
    if not accepted:
        return []
    refs = [each.checkout_ref for each in accepted]
    with connection.cursor() as cursor:
        # Purchases are locked before orders, everywhere, in the order of their ids.
        cursor.execute(
            "SELECT p.id FROM orders_purchase p WHERE p.id IN (SELECT purchase_id FROM orders_draft WHERE ref = ANY(%s))"
            " ORDER BY p.id FOR UPDATE",
            [refs],
        )
        purchase_ids = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            _FROM_DRAFT,
            [
                [each.order_id for each in accepted],
                refs,
                [each.buyer for each in accepted],
                [each.goods_minor for each in accepted],
                [each.at for each in accepted],
            ],
        )
        fresh = [row[0] for row in cursor.fetchall()]
        if fresh:
            cursor.execute(_LINES_FROM_DRAFT, [fresh])
            cursor.execute(_ACCEPT_DRAFTS, [fresh])
            cursor.execute(
                "SELECT id FROM orders_purchase WHERE id = ANY(%s) AND state IN ('open', 'placing')",
                [purchase_ids],
            )
            newly_placed = [row[0] for row in cursor.fetchall()]
            cursor.execute(_PLACE_PURCHASES, [PAY_WITHIN.total_seconds(), purchase_ids])
            _announce(cursor, fresh, newly_placed, dict(cursor.fetchall()), cause)
            _note_placed(cursor, fresh)
        if len(fresh) < len(accepted):
            _write_loose(accepted)
    return fresh


def _note_placed(cursor: Any, order_ids: list[int]) -> None:
    """The first step on each order's timeline."""
    cursor.execute(
        "INSERT INTO orders_orderevent (order_id, at, kind, actor_kind, actor_label, detail, is_public, source)"
        " SELECT o.id, o.placed_at, 'placed', 'system', 'Entrepot', jsonb_build_object('total_minor', o.total_minor,"
        " 'currency', o.currency), true, 'placed:' || o.id FROM orders_order o WHERE o.id = ANY(%s)"
        " ON CONFLICT (source) DO NOTHING",
        [order_ids],
    )


def _announce(
    cursor: Any, order_ids: list[int], newly_placed: list[UUID], channels: dict[UUID, str], cause: str
) -> None:
    """Store the facts of new orders in the outbox. `channels` by purchase."""
    lines: dict[int, list[PlacedLine]] = {}
    for line in OrderLine.objects.filter(order_id__in=order_ids).order_by("order_id", "position"):
        lines.setdefault(line.order_id, []).append(
            PlacedLine(
                position=line.position,
                offer_id=line.offer_id,
                product_id=line.product_id,
                variant_id=line.variant_id,
                category_id=line.category_id,
                quantity=line.quantity,
                price_minor=line.price_minor,
                vat_rate_bp=line.vat_rate_bp,
                vat_minor=line.vat_minor,
                duty_minor=line.duty_minor,
            )
        )
    facts: list[object] = []
    orders = list(Order.objects.filter(id__in=order_ids).defer("quote").order_by("id"))
    of_purchase: dict[UUID, list[Order]] = {}
    for order in orders:
        of_purchase.setdefault(order.purchase_id, []).append(order)
        facts.append(
            OrderPlaced(
                order_id=order.id,
                purchase_id=order.purchase_id,
                seller_id=order.seller_id,
                buyer_id=order.buyer_id,
                market=order.market,
                lines=tuple(lines[order.id]),
                goods_minor=order.goods_minor,
                shipping_minor=order.shipping_minor,
                vat_minor=order.vat_minor,
                duty_minor=order.duty_minor,
                total_minor=order.total_minor,
                is_deemed_supplier=order.is_deemed_supplier,
                currency=order.currency,
                at=order.placed_at,
                channel=channels[order.purchase_id],
            )
        )
    for purchase_id in newly_placed:
        own = of_purchase.get(purchase_id, [])
        if own:
            facts.append(
                PurchasePlaced(
                    purchase_id=purchase_id,
                    market=own[0].market,
                    order_ids=tuple(order.id for order in own),
                    total_minor=sum(order.total_minor for order in own),
                    currency=own[0].currency,
                    at=max(order.placed_at for order in own),
                )
            )
    store_facts(system_context(at=max(order.placed_at for order in orders), cause=cause), facts)


def _write_loose(accepted: Sequence[Accepted]) -> None:
    """Keep what the journal accepted and no draft of ours explains."""
    known = set(
        Order.objects.filter(id__in=[each.order_id for each in accepted]).values_list("id", flat=True)
    )
    LooseOrder.objects.bulk_create(
        [
            LooseOrder(
                id=each.order_id,
                checkout_ref=each.checkout_ref,
                buyer_number=each.buyer,
                goods_minor=each.goods_minor,
                lines=[list(line) for line in each.lines],
                placed_at=each.at,
            )
            for each in accepted
            if each.order_id not in known
        ],
        ignore_conflicts=True,
    )
