"""Wires the journal's projector to the rooms whose tables are projections of it."""

from __future__ import annotations

from functools import cache

from entrepot.intake.projector import Projector
from entrepot.inventory.projection import project_stock
from entrepot.orders.projection import project_orders


@cache
def projector() -> Projector:
    """The one projector: stock on hand and orders, in the transaction that stores the sequence."""
    return Projector([project_stock, project_orders])
