"""Every read of the inventory: many ids in, plain numbers and frozen views out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction

from entrepot.inventory import policy
from entrepot.inventory.models import Location, Stock
from entrepot.kit.context import Context
from entrepot.offers.queries import offers_for_variants


@dataclass(frozen=True, slots=True)
class LocationView:
    """A place where a seller keeps goods."""

    id: UUID
    seller_id: UUID
    code: str
    name: str
    country: str
    postcode: str


@dataclass(frozen=True, slots=True)
class StockView:
    """A variant at a location: `on_hand` by the journal, `pending` announced and not yet counted."""

    id: UUID
    variant_id: UUID
    location_id: UUID
    location_code: str
    counter: int
    on_hand: int
    pending: int
    is_open: bool


def available(variant_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many of each variant can be ordered now, by the journal; 0 for those never stocked.

    An offer takes from one place (`policy.choose_counter`), so pieces that lie elsewhere are not counted; a variant
    nobody offers counts all its places. Two SQL statements.
    """
    ids = list(variant_ids)
    shelves = counters_for_variants(ids)
    left = {
        variant_id: max(0, sum(shelf.on_hand for shelf in several)) for variant_id, several in shelves.items()
    }
    for variant_id, offers in offers_for_variants(several_places(shelves)).items():
        active = [offer for offer in offers if offer.state == "active"]
        taken_from = {
            policy.choose_counter(
                shelves[variant_id], country=offer.ships_from_country, postcode=offer.ships_from_postcode
            )
            for offer in active
        }
        if active:
            left[variant_id] = max(max(0, s.on_hand) for s in shelves[variant_id] if s.counter in taken_from)
    return dict.fromkeys(ids, 0) | left


def several_places(shelves: Mapping[UUID, Sequence[policy.Shelf]]) -> list[UUID]:
    """Variants that lie in more than one place: only for them it matters where an offer takes from."""
    return [variant_id for variant_id, several in shelves.items() if len(several) > 1]


def locations_of(ctx: Context, seller_id: UUID) -> list[LocationView]:
    """A seller's locations, the first to serve orders first."""
    rows = Location.objects.of(ctx).filter(seller_id=seller_id).order_by("position", "id")
    return [
        LocationView(row.id, row.seller_id, row.code, row.name, row.country, row.postcode) for row in rows
    ]


def stock_of_seller(
    ctx: Context, *, seller_id: UUID, after: UUID | None = None, limit: int = 200
) -> list[StockView]:
    """A seller's stock in id order, a page after `after`."""
    rows = Stock.objects.of(ctx).filter(seller_id=seller_id).select_related("location").order_by("id")
    if after is not None:
        rows = rows.filter(id__gt=after)
    return [_view(row) for row in rows[: min(limit, 5000)]]


def stock_of_variants(ctx: Context, variant_ids: Iterable[UUID]) -> dict[UUID, list[StockView]]:
    """The asker's stock by variant."""
    found: dict[UUID, list[StockView]] = {}
    rows = Stock.objects.of(ctx).filter(variant_id__in=list(variant_ids)).select_related("location")
    for row in rows.order_by("location__position", "id"):
        found.setdefault(row.variant_id, []).append(_view(row))
    return found


def counters_for_variants(variant_ids: Iterable[UUID]) -> dict[UUID, list[policy.Shelf]]:
    """The counters behind each variant, with their places."""
    found: dict[UUID, list[policy.Shelf]] = {}
    for row in Stock.shown.filter(variant_id__in=list(variant_ids)).select_related("location"):
        place = row.location
        found.setdefault(row.variant_id, []).append(
            policy.Shelf(row.counter, place.country, place.postcode, place.position, row.on_hand)
        )
    return found


def counters_for_offer(variant_id: UUID, country: str, postcode: str) -> int | None:
    """The counter an offer of this variant that ships from here takes from; None while nothing is stocked."""
    shelves = counters_for_variants([variant_id]).get(variant_id, [])
    return policy.choose_counter(shelves, country=country, postcode=postcode)


def variants_of_counters(counters: Iterable[int]) -> dict[int, UUID]:
    """Which variant each counter stands for."""
    return dict(Stock.shown.filter(counter__in=list(counters)).values_list("counter", "variant_id"))


def _view(row: Stock) -> StockView:
    return StockView(
        id=row.id,
        variant_id=row.variant_id,
        location_id=row.location_id,
        location_code=row.location.code,
        counter=row.counter,
        on_hand=row.on_hand,
        pending=row.pending,
        is_open=row.is_open,
    )


def variants_moved_since(seq: int) -> tuple[list[UUID], int]:
    """Variants whose stock the journal moved after batch `seq`, and the last batch that moved any."""
    rows = list(Stock.shown.filter(updated_seq__gt=seq).values_list("variant_id", "updated_seq"))
    return list({variant_id for variant_id, _ in rows}), max((moved for _, moved in rows), default=seq)


def stock_by_counter(seq_of: Callable[[], int]) -> tuple[int, dict[int, int]]:
    """(batch, on hand by counter) of every open counter, of one instant. `seq_of` reads the projected sequence."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return seq_of(), dict(Stock.shown.filter(is_open=True).values_list("counter", "on_hand"))
