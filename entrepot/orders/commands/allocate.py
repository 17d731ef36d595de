"""From which of a seller's places an order is sent: decided when it is paid, and the stock moved with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from entrepot.inventory.commands import move_stock
from entrepot.inventory.errors import StockShort
from entrepot.inventory.queries import (
    LocationView,
    StockView,
    counters_for_offer,
    locations_of,
    stock_of_variants,
)
from entrepot.kit.command import command
from entrepot.kit.context import Context, system_context
from entrepot.kit.errors import NotFound
from entrepot.logistics.queries import Allocation, Place, StockPlace, Wanted, sources_for_order
from entrepot.markets.queries import pack
from entrepot.offers.queries import offers_by_id
from entrepot.orders.models import Order, OrderLine

Shelves = Mapping[UUID, Sequence[StockView]]


def _plan_allocation(ctx: Context, order: Order) -> None:
    """Decide from where an order that was just paid is sent: its lines keep the place, if it is not their offers'.

    Another place is better when the promise is kept that would else be missed, when fewer parcels are sent, or when duty is
    paid on fewer headings; it lies in the country the quote was made for, so that taxes stay as they were paid.
    """
    house = system_context(at=ctx.at, cause=ctx.cause)
    places = {place.id: place for place in locations_of(house, order.seller_id)}
    if len(places) < 2:
        return
    lines = list(OrderLine.objects.of(house).filter(order=order).order_by("position"))
    shelves = stock_of_variants(house, [line.variant_id for line in lines])
    homes = _homes(lines, shelves)
    if not lines or len(homes) < len(lines):
        return
    for line, location_id in _chosen(order, lines, homes, shelves, places):
        line.location_id = location_id
        line.save(update_fields=["location_id"])


@command(scope="orders:fulfil", atomic=False)
def fetch_allocated(ctx: Context, *, order_id: int) -> int:
    """Have the intake move the stock of lines that are fetched elsewhere than their offers take from; how many were.

    A line whose stock has gone there meanwhile stays where its offer took it. Again: nothing more. Refuses: NotFound, Busy.
    """
    order = Order.objects.of(ctx).filter(id=order_id).first()
    if order is None:
        raise NotFound(what="order")
    lines = list(OrderLine.objects.of(ctx).filter(order=order).exclude(location_id=None))
    house = system_context(at=ctx.at, cause=ctx.cause)
    homes = _homes(lines, stock_of_variants(house, [line.variant_id for line in lines])) if lines else {}
    moved = 0
    for line in lines:
        try:
            if order.state != "paid" or line.position not in homes:
                raise StockShort(left=0, asked=line.quantity)
            move_stock(
                house,
                variant_id=line.variant_id,
                taken_id=line.location_id,
                given_id=homes[line.position],
                quantity=line.quantity,
                cause=f"{order.id}:{line.position}",
                at=order.placed_at,
            )
            moved += 1
        except StockShort:
            line.location_id = None
            line.save(update_fields=["location_id"])
    return moved


@command(scope="orders:fulfil", atomic=False)
def give_back_allocation(ctx: Context, *, order_id: int) -> int:
    """After an order was cancelled: what was moved for it lies where it lay; how many lines. Again: nothing more."""
    lines = list(
        OrderLine.objects.of(ctx).filter(order_id=order_id).exclude(location_id=None).select_related("order")
    )
    house = system_context(at=ctx.at, cause=ctx.cause)
    homes = _homes(lines, stock_of_variants(house, [line.variant_id for line in lines])) if lines else {}
    for line in lines:
        cause = f"{order_id}:{line.position}"
        move_stock(
            house, variant_id=line.variant_id, taken_id=homes[line.position], given_id=line.location_id,
            quantity=line.quantity, cause=f"{cause}:back", at=line.order.placed_at, after=cause,
        )  # fmt: skip
        line.location_id = None
        line.save(update_fields=["location_id"])
    return len(lines)


def _homes(lines: Sequence[OrderLine], shelves: Shelves) -> dict[int, UUID]:
    """By line, the place its offer took it from."""
    offers = offers_by_id([line.offer_id for line in lines])
    found = {}
    for line in lines:
        offer = offers[line.offer_id]
        counter = counters_for_offer(line.variant_id, offer.ships_from_country, offer.ships_from_postcode)
        for shelf in shelves.get(line.variant_id, ()):
            if shelf.counter == counter:
                found[line.position] = shelf.location_id
    return found


def _chosen(
    order: Order,
    lines: Sequence[OrderLine],
    homes: Mapping[int, UUID],
    shelves: Shelves,
    places: Mapping[UUID, LocationView],
) -> list[tuple[OrderLine, UUID]]:
    """Lines that are better fetched elsewhere, with where. A line is fetched whole or not at all."""
    country = places[homes[lines[0].position]].country
    here: dict[UUID, dict[str, int]] = {}
    there: dict[UUID, dict[str, int]] = {}
    for line in lines:
        for shelf in shelves[line.variant_id]:
            is_home = shelf.location_id == homes[line.position]
            if is_home:
                here.setdefault(shelf.location_id, {})[line.sku] = line.quantity
            count = line.quantity if is_home else max(0, shelf.on_hand + min(0, shelf.pending))
            if shelf.is_open and places[shelf.location_id].country == country and count >= line.quantity:
                there.setdefault(shelf.location_id, {})[line.sku] = count
    now, best = _best(order, lines, here, places), _best(order, lines, there, places)
    if now is None or best is None or _rank(best) >= _rank(now):
        return []
    at = {sku: UUID(code) for code, goods in best.parcels for sku, _count in goods}
    return [(line, at[line.sku]) for line in lines if at[line.sku] != homes[line.position]]


def _rank(found: Allocation) -> tuple[bool, int, int]:
    return found.is_late, len(found.parcels), found.headings


def _best(
    order: Order,
    lines: Sequence[OrderLine],
    stock: Mapping[UUID, Mapping[str, int]],
    places: Mapping[UUID, LocationView],
) -> Allocation | None:
    address = order.purchase.address
    zone = ZoneInfo(pack(order.market).time_zone)
    ready_at = order.placed_at
    if order.ship_by is not None:
        ready_at = max(ready_at, datetime.combine(order.ship_by, time(0), zone))
    return sources_for_order(
        [Wanted(line.sku, line.quantity, line.hs6[:4] or line.sku) for line in lines],
        [
            StockPlace(str(place_id), Place(places[place_id].country, places[place_id].postcode), goods)
            for place_id, goods in stock.items()
        ],
        Place(address["country"], address["postcode"], address["city"]),
        ready_at,
        order.promise_to or ready_at.date(),
        weight_g=sum(line.weight_g * line.quantity for line in lines) or 1,
    )
