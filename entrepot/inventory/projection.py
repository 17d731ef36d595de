"""Stock on hand, folded from the journal: a sink of the projector, in the transaction that stores its sequence."""

from __future__ import annotations

from typing import Any

from entrepot.intake.queries import ProjectedBatch


def project_stock(cursor: Any, batch: ProjectedBatch) -> None:
    """Move `on_hand` by what was taken, given back and received; what was received is pending no more.

    Rows are locked in the order of their counters, as the commands lock them. Counters that are no stock are passed over.
    """
    if not len(batch.counter):
        return
    counters = batch.counter.tolist()
    cursor.execute(
        "SELECT 1 FROM inventory_stock WHERE counter = ANY(%s) ORDER BY counter FOR UPDATE", [counters]
    )
    cursor.execute(
        """
        UPDATE inventory_stock AS stock
        SET on_hand = stock.on_hand + moved.available, pending = stock.pending - moved.received,
            is_open = true, updated_seq = %s
        FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS moved (counter, available, received)
        WHERE stock.counter = moved.counter
        """,
        [batch.last_seq, counters, batch.available_change.tolist(), batch.received_change.tolist()],
    )
