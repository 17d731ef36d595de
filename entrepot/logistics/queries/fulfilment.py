"""What a packing bench asks: which boxes, what to fetch, labels for a Zebra printer, manifests; and from where to send."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid, NotFound, Refusal, Sentence
from entrepot.logistics import cartons as packing
from entrepot.logistics import tables
from entrepot.logistics.allocation import Allocation, Source, Wanted, decide_allocation
from entrepot.logistics.cartons import MOST_PIECES, Carton, Packing, Piece
from entrepot.logistics.models import Manifest, Parcel
from entrepot.logistics.queries.parcels import (
    Place,
    consignments_of_orders,
    fetched_as,
    labels_of_orders,
    promise,
)


def boxes_for(pieces: Sequence[Piece]) -> Packing:
    """As few and as small of our cartons as hold these goods; what fits into none is named with the reason.

    The same goods always get the same boxes. Refuses: Invalid (sides, quantity, more than 500 pieces).
    """
    for piece in pieces:
        if piece.quantity < 1:
            raise Invalid(
                field="quantity", reason=Sentence("{sku}: at least one piece is packed.", sku=piece.sku)
            )
        if not piece.has_size:
            raise Invalid(
                field="length_mm",
                reason=Sentence("{sku} has no size.", sku=piece.sku),
                hint="Give its three sides in millimetres.",
            )
        if piece.weight_g < 0:
            raise Invalid(
                field="weight_g", reason=Sentence("{sku}: a weight is not negative.", sku=piece.sku)
            )
    if sum(piece.quantity for piece in pieces) > MOST_PIECES:
        raise Invalid(
            field="quantity",
            reason=Sentence("At most {most} pieces are packed at once.", most=MOST_PIECES),
        )
    return _packed(tuple(pieces))


@lru_cache(maxsize=1_000)
def _packed(pieces: tuple[Piece, ...]) -> Packing:
    return packing.packed(pieces, tables.cartons())


def cartons() -> Sequence[Carton]:
    """Our cartons, the smallest first. No SQL."""
    return tables.cartons()


@dataclass(frozen=True, slots=True)
class StockPlace:
    """A place that holds goods, and how many of each SKU."""

    code: str
    place: Place
    stock: Mapping[str, int]


def sources_for_order(
    wanted: Sequence[Wanted], places: Sequence[StockPlace], destination: Place, ready_at: datetime, promised_to: date,
    *, weight_g: int,
) -> Allocation | None:  # fmt: skip
    """From where an order is best sent: the promise kept, the fewest parcels, the fewest duty headings; None: not enough stock.

    Places no lane leads from are left out. `weight_g` is that of the whole order. Refuses: Invalid (quantity).
    """
    if any(line.quantity < 1 for line in wanted):
        raise Invalid(field="quantity", reason="At least one piece of each line is sent.")
    sources = []
    for each in places:
        try:
            found = promise(each.place, destination, ready_at, weight_g)
        except Refusal:
            continue
        passes = any(leg.kind == "customs" for leg in found.legs)
        sources.append(Source(each.code, each.stock, found.to_on, passes, found.cost_minor))
    return decide_allocation(wanted, sources, promised_to)


def pick_list(ctx: Context, order_ids: Iterable[int], *, language: str = "") -> bytes:
    """What to fetch from the shelves for these orders, SKU by SKU, with the orders each piece is for (A4, two SQL statements).

    Refuses: NotFound when none of the orders has a consignment the actor may see.
    """
    from entrepot.logistics import paper

    found = consignments_of_orders(ctx, order_ids)
    rows: dict[tuple[str, str, str], list[tuple[str, int]]] = {}
    for view in found.values():
        for item in view.goods:
            rows.setdefault((item.sku, item.title, fetched_as(item)), []).append(
                (view.purchase_ref, item.quantity)
            )
    if not rows:
        raise NotFound(what="consignment")
    items = [
        paper.PickItem(sku, title, options, sum(count for _, count in wants), tuple(wants))
        for (sku, title, options), wants in sorted(rows.items())
    ]
    return paper.pick_pdf(items, len(found), language or next(iter(found.values())).language)


def zebra_labels_of_orders(ctx: Context, order_ids: Iterable[int], *, language: str = "") -> str:
    """The same labels as `labels_of_orders`, in ZPL for a printer of 203 dpi: what is printed equals the PDF dot by dot."""
    from entrepot.logistics import paper

    return paper.zpl_of(labels_of_orders(ctx, order_ids, language=language))


@dataclass(frozen=True, slots=True)
class ManifestView:
    """A numbered list of parcels for one hand-over."""

    id: UUID
    number: int
    carrier: str
    made_at: datetime
    handed_over_at: datetime | None
    signed_by: str
    parcels: tuple[tuple[str, str, int], ...]  # tracking number, SSCC, grams


def manifest_view(row: Manifest, parcels: Sequence[Parcel]) -> ManifestView:
    """The frozen facts of a manifest row."""
    return ManifestView(
        row.id, row.number, row.carrier, row.made_at, row.handed_over_at, row.signed_by,
        tuple((each.tracking_no, each.sscc, each.weight_g) for each in parcels),
    )  # fmt: skip


def manifests_of(ctx: Context, seller_id: UUID, *, limit: int = 50) -> list[ManifestView]:
    """A seller's manifests, newest first (two SQL statements)."""
    rows = Manifest.objects.of(ctx).filter(seller_id=seller_id).prefetch_related("parcels")
    return [
        manifest_view(row, sorted(row.parcels.all(), key=lambda each: each.id))
        for row in rows.order_by("-number")[:limit]
    ]


def manifest_paper(ctx: Context, manifest_id: UUID, *, language: str = "en") -> bytes:
    """A manifest as PDF, with room for the driver's signature (two SQL statements). Refuses: NotFound."""
    from entrepot.logistics import paper

    row = Manifest.objects.of(ctx).filter(id=manifest_id).prefetch_related("parcels").first()
    if row is None:
        raise NotFound(what="manifest")
    view = manifest_view(row, sorted(row.parcels.all(), key=lambda each: each.id))
    signed = (view.signed_by, view.handed_over_at) if view.handed_over_at else None
    return paper.manifest_pdf(view.number, view.carrier, view.made_at, view.parcels, language, signed)


def manifest_waiting(ctx: Context, seller_id: UUID) -> int:
    """Packed parcels of a seller that stand on no list yet (one SQL statement)."""
    return Parcel.objects.of(ctx).filter(seller_id=seller_id, state="packed", manifest=None).count()
