"""The one mechanism that scopes queries to a tenant.

A tenanted model names the column that says whose row it is:

    class Order(Tenanted):
        tenant_columns = {"seller": "seller_id", "buyer": "buyer_id"}

and is read by `Order.objects.of(ctx)` only: the system and operators see every row, a seller's staff their
seller's, a buyer their own, anyone else none. A house test refuses `.objects` without `.of(ctx)` on such models.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models

from entrepot.kit.context import Context


class TenantQuerySet(models.QuerySet[Any]):
    def of(self, ctx: Context) -> Self:
        """The rows this actor may see."""
        actor = ctx.actor
        if actor.kind in ("system", "operator"):
            return self
        columns: dict[str, str] = self.model.tenant_columns
        own = {"seller": actor.seller_id, "buyer": actor.party_id}.get(actor.kind)
        column = columns.get(actor.kind)
        if column is None or own is None:
            return self.none()
        return self.filter(**{column: own})


class Tenanted(models.Model):
    """Base of every table whose rows belong to a seller or a buyer."""

    tenant_columns: ClassVar[dict[str, str]] = {}
    objects = TenantQuerySet.as_manager()

    class Meta:
        abstract = True
