"""What rooms above have to tell on an order's timeline."""

from __future__ import annotations

from collections.abc import Mapping

from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.kit.errors import NotFound
from entrepot.orders.commands._steps import _note
from entrepot.orders.commands.cancel import _EVERYBODY
from entrepot.orders.models import Order


@command(scope="orders:record")
def note_step(ctx: Context, *, order_id: int, kind: str, detail: Mapping[str, str]) -> None:
    """A step everybody concerned sees. Who calls it has checked whose order it is. Refuses: NotFound."""
    order = Order.objects.of(_EVERYBODY).filter(id=order_id).first()
    if order is None:
        raise NotFound(what="order")
    _note(ctx, order, kind, is_public=True, **detail)
