"""Orders as the projection leaves them, for tests of figures that need exact days and states.

Everything else makes its orders by commands (tests/make.py).
"""

from __future__ import annotations

import itertools
from datetime import datetime
from typing import Any
from uuid import UUID

from entrepot.kit.ids import new_id
from entrepot.orders.models import Draft, Order, OrderLine, Purchase

_number = itertools.count(7_000_000_001)


def order(
    *,
    seller_id: UUID,
    buyer_id: UUID,
    at: datetime,
    total_minor: int = 2000,
    state: str = "placed",
    market: str = "ES",
    currency: str = "EUR",
    product_id: UUID | None = None,
    **more: Any,
) -> Order:
    """One order of one line; give the instants it reached as `paid_at=…`, `delivered_at=…`."""
    number = next(_number)
    purchase = Purchase.objects.create(
        number=number, token=f"token-{number}", buyer_id=buyer_id, is_guest=False, market=market, language="es",
        currency=currency, state="placed", total_minor=total_minor, created_at=at, updated_at=at, placed_at=at,
    )  # fmt: skip
    draft = Draft.objects.create(
        purchase=purchase, seller_id=seller_id, key=new_id(), buyer_number=1, state="accepted", lines=[], quote={},
        goods_minor=total_minor, shipping_minor=0, vat_minor=0, duty_minor=0, total_minor=total_minor,
        order_id=number, created_at=at,
    )  # fmt: skip
    row = Order.objects.create(
        id=number, purchase=purchase, draft=draft, seller_id=seller_id, buyer_id=buyer_id, market=market, currency=currency,
        state=state, goods_minor=total_minor, shipping_minor=0, standard_shipping_minor=0, vat_minor=0, duty_minor=0,
        total_minor=total_minor, placed_at=at, **more,
    )  # fmt: skip
    OrderLine.objects.create(
        order=row,
        position=0,
        offer_number=1,
        offer_id=new_id(),
        variant_id=new_id(),
        category_id=new_id(),
        product_id=product_id or new_id(),
        quantity=1,
        price_minor=total_minor,
    )
    return row
