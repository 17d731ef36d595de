"""Which boxes an order goes into: what is left to pack, with the sizes the catalogue knows."""

from __future__ import annotations

from collections import Counter

from entrepot.catalog.queries import variants_by_id
from entrepot.kit.context import Context
from entrepot.logistics.queries import MOST_PIECES, Packing, Piece, boxes_for, consignments_of_orders
from entrepot.orders.models import OrderLine


def left_to_pack(ctx: Context, order_id: int) -> Counter[str]:
    """Pieces of an order by SKU that were not given back and are in no box yet (three SQL statements)."""
    left: Counter[str] = Counter()
    for line in OrderLine.objects.of(ctx).filter(order_id=order_id):
        left[line.sku] += line.quantity - line.given_back
    found = consignments_of_orders(ctx, [order_id]).get(order_id)
    for parcel in found.parcels if found else ():
        left.subtract(dict(parcel.contents))
    return +left


def boxes_of_order(ctx: Context, order_id: int) -> Packing:
    """The boxes we propose for what is left to pack; what has no known size is named instead (four SQL statements)."""
    left = left_to_pack(ctx, order_id)
    lines = {line.sku: line for line in OrderLine.objects.of(ctx).filter(order_id=order_id)}
    sizes = variants_by_id([lines[sku].variant_id for sku in left])
    pieces, unsized = [], []
    for sku, count in sorted(left.items()):
        line = lines[sku]
        size = sizes.get(line.variant_id)
        piece = Piece(
            sku,
            count,
            *((size.length_mm, size.width_mm, size.height_mm) if size else (0, 0, 0)),
            line.weight_g,
        )
        if piece.has_size:
            pieces.append(piece)
        else:
            unsized.append((sku, "no_size"))
    if sum(piece.quantity for piece in pieces) > MOST_PIECES:
        return Packing((), tuple(sorted([*unsized, *((piece.sku, "too_many") for piece in pieces)])))
    found = boxes_for(pieces)
    return Packing(found.boxes, tuple(sorted([*found.unpacked, *unsized])))
