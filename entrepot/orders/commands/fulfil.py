"""Fulfilling: pack, hand over, deliver, inspect, complete. Parcels are moved by logistics; the order follows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from entrepot.catalog.queries import products_by_id, text_in, values_in
from entrepot.inventory.queries import locations_of
from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid, NotFound
from entrepot.kit.ids import show_id
from entrepot.kit.money import split_pro_rata
from entrepot.logistics.commands import create_consignment, hand_over_parcels, pack_parcel
from entrepot.logistics.queries import Address, GoodsItem, cartons, consignments_of_orders
from entrepot.markets.queries import customs_area, pack, working_days
from entrepot.orders.commands._steps import _note, _owe_notice, _refund
from entrepot.orders.errors import WrongState
from entrepot.orders.events import OrderCompleted, OrderDelivered, OrderPacked, OrderShipped
from entrepot.orders.models import Order, OrderLine, Return
from entrepot.orders.policy import decide_step, decide_window
from entrepot.orders.queries import left_to_pack
from entrepot.orders.tables import terms_for
from entrepot.parties.queries import SellerView, sellers_by_id

COMPLETIONS_A_RUN = 500


@dataclass(frozen=True, slots=True)
class PackedParcel:
    """A closed box: its label and packing slip are asked of logistics by these ids."""

    order_id: int
    consignment_id: UUID
    parcel_id: UUID
    tracking_no: str
    state: str


@command(scope="orders:fulfil")
def prepare_consignment(ctx: Context, *, order_id: int) -> UUID:
    """Open the consignment of a paid order (again: the same one); its id. Refuses: NotFound, WrongState."""
    order = _lock(ctx, order_id)
    if order.consignment_id is not None:
        known: UUID = order.consignment_id
        return known
    if order.state not in {"paid", "packed"}:
        raise WrongState(state=order.state, step="sent")
    purchase, seller = order.purchase, sellers_by_id([order.seller_id])[order.seller_id]
    address, promise = purchase.address, order.quote["promise"]
    guaranteed_by = promise.get("guaranteed_by")
    consignment_id = create_consignment(
        ctx,
        order_id=order.id,
        seller_id=order.seller_id,
        purchase_ref=show_id("pur", purchase.id),
        market=order.market,
        language=purchase.language,
        origin=_origin(ctx, order, seller),
        destination=Address(
            purchase.name,
            address["line1"],
            address["postcode"],
            address["city"],
            address["country"],
            purchase.phone,
            address["line2"],
            address.get("region", ""),
        ),
        goods=_goods(ctx, order, purchase.language),
        service=promise["service"],
        incoterm=order.quote["incoterm"],
        promised_from=order.promise_from,
        promised_to=order.promise_to,
        guaranteed_by=date.fromisoformat(guaranteed_by) if guaranteed_by else None,
        guarantee_minor=promise.get("guarantee_minor", 0),
        guarantee_currency=promise["currency"],
    )
    order.consignment_id = consignment_id
    order.save(update_fields=["consignment_id"])
    return consignment_id


@command(scope="orders:fulfil")
def mark_packed(
    ctx: Context,
    *,
    order_id: int,
    weight_g: int | None = None,
    carton: str = "",
    contents: Mapping[str, int] | None = None,
) -> PackedParcel:
    """Close a box of a paid order and give it its label; again: one more box of the same order.

    The packer says what is in it (`contents`: pieces by SKU; else all that is in no box yet) and which of our cartons
    it is. Without a weight (grams) that of the goods and the carton counts.
    Refuses: NotFound, WrongState (unpaid, shipped, cancelled), Invalid (weight_g, carton, contents), TooHeavy.
    """
    order = _lock(ctx, order_id)
    if order.state != "packed":
        decide_step(order.state, "packed")
    consignment_id = prepare_consignment(ctx, order_id=order_id)
    # What was withdrawn from meanwhile stays out of the box.
    goods = _in_box(ctx, order, _goods(ctx, order, order.purchase.language), contents)
    if weight_g is None:
        tare_g = next((each.tare_g for each in cartons() if each.code == carton), 0)
        weight_g = sum(item.weight_g * item.quantity for item in goods) + tare_g or 1
    parcel = pack_parcel(ctx, order_id=order_id, weight_g=weight_g, contents=goods, carton=carton)
    if order.state != "packed":
        order.state, order.packed_at = "packed", ctx.at
        order.save(update_fields=["state", "packed_at"])
        _note(ctx, order, "packed")
        ctx.announce(OrderPacked(order.id, order.seller_id, consignment_id, ctx.at))
    return PackedParcel(order.id, consignment_id, parcel.id, parcel.tracking_no, order.state)


def _in_box(
    ctx: Context, order: Order, goods: list[GoodsItem], contents: Mapping[str, int] | None
) -> list[GoodsItem]:
    """The goods of one box. Refuses: Invalid (contents: not so many are left to pack)."""
    left = left_to_pack(ctx, order.id)
    if contents is None:
        wanted = left or Counter(
            {item.sku: item.quantity for item in goods}
        )  # all packed: one more box of the same
    else:
        wanted = Counter(contents)
        if not contents or any(not 0 < count <= left[sku] for sku, count in contents.items()):
            raise Invalid(
                field="contents",
                reason="These pieces are not left to pack in this order.",
                hint="Reload the page: another box may have been closed meanwhile.",
            )
    box = []
    for item in goods:
        count = min(wanted[item.sku], item.quantity)
        wanted[item.sku] -= count
        if count:
            value_minor = split_pro_rata(item.value_minor, [count, item.quantity - count])[0]
            box.append(replace(item, quantity=count, value_minor=value_minor))
    return box


@command(scope="orders:fulfil")
def mark_shipped(ctx: Context, *, order_id: int) -> str:
    """Hand every packed box of an order to the carrier; one that is not packed yet is packed whole. Returns the state.

    Refuses: NotFound, WrongState (unpaid, cancelled, shipped before), NoRoute, PlaceNotServed.
    """
    order = _lock(ctx, order_id)
    decide_step(order.state, "shipped")
    if order.state == "paid":
        mark_packed(ctx, order_id=order_id)
        order.refresh_from_db()
    consignment = consignments_of_orders(ctx, [order_id])[order_id]
    hand_over_parcels(ctx, parcel_ids=[each.id for each in consignment.parcels if each.state == "packed"])
    _ship(ctx, order, ctx.at)
    return order.state


@command(scope="orders:record")
def note_handed_over(ctx: Context, *, order_id: int, at: datetime) -> str:
    """The carrier has the last box (at `at`): the order is shipped, if it was not yet. Returns the state."""
    order = _lock(ctx, order_id)
    if order.state in {"paid", "packed"}:
        _ship(ctx, order, at)
    return order.state


@command(scope="orders:record")
def mark_delivered(ctx: Context, *, order_id: int, delivered_at: datetime) -> str:
    """The last box arrived: the inspection window and the time to withdraw run from `delivered_at`. Returns the state.

    An earlier or later time told afterwards moves both while the window is open. Refuses: NotFound, WrongState.
    """
    order = _lock(ctx, order_id)
    if order.state in {"completed", "refunded"} or (
        order.state == "delivered" and order.delivered_at == delivered_at
    ):
        return order.state
    if order.state in {"paid", "packed"}:
        _ship(ctx, order, delivered_at)
    is_first = order.state != "delivered"
    if is_first:
        order.state = decide_step(order.state, "delivered")
    place = pack(order.market)
    zone = ZoneInfo(place.time_zone)
    terms = terms_for(order.market, delivered_at.astimezone(zone).date())
    order.delivered_at = delivered_at
    order.withdraw_until, order.completes_at = decide_window(
        delivered_at, terms, working_days(order.market), zone
    )
    order.save(update_fields=["state", "delivered_at", "withdraw_until", "completes_at"])
    _note(
        ctx,
        order,
        "delivered",
        delivered_at=delivered_at.isoformat(),
        withdraw_until=order.withdraw_until.isoformat(),
    )
    if is_first:
        ctx.announce(
            OrderDelivered(
                order_id=order.id,
                purchase_id=order.purchase_id,
                seller_id=order.seller_id,
                withdraw_until=order.withdraw_until,
                completes_at=order.completes_at,
                at=delivered_at,
            )
        )
        _owe_notice(ctx, order.purchase, "delivered", order)
    return order.state


@command(scope="orders:record")
def compensate_missed_promise(ctx: Context, *, order_id: int, minor: int) -> int:
    """Send back what was guaranteed for a missed day, once, at most what the order still holds; how much that was.

    Refuses: NotFound.
    """
    order = _lock(ctx, order_id)
    minor = min(minor, order.total_minor - order.refund_minor)
    if order.payment_id is None or minor <= 0 or order.state == "completed":
        return 0
    _refund(ctx, order, minor, reason="promise_missed", external_id=f"promise:{order_id}")
    _owe_notice(ctx, order.purchase, "promise_missed", order)
    return minor


@command(scope="orders:record")
def complete_order(ctx: Context, *, order_id: int) -> bool:
    """End the inspection window of an order: what was not refunded is the seller's. False while something is open.

    Refuses: NotFound, WrongState, Invalid (the window is still open).
    """
    order = _lock(ctx, order_id)
    state = decide_step(order.state, "completed")
    if order.completes_at is None or ctx.at < order.completes_at:
        raise Invalid(field="at", reason="The inspection window is still open.")
    if Return.objects.of(ctx).filter(order=order, state__in=["asked", "awaited", "sent"]).exists():
        return False
    order.state, order.completed_at = state, ctx.at
    order.save(update_fields=["state", "completed_at"])
    _note(ctx, order, "completed")
    ctx.announce(
        OrderCompleted(
            order_id=order.id,
            purchase_id=order.purchase_id,
            seller_id=order.seller_id,
            market=order.market,
            total_minor=order.total_minor,
            refund_minor=order.refund_minor,
            currency=order.currency,
            at=ctx.at,
        )
    )
    return True


@command(scope="orders:record")
def complete_inspected(ctx: Context) -> int:
    """Complete every order whose inspection window is over (at most 500 a run); returns how many."""
    busy = Return.objects.of(ctx).filter(state__in=["asked", "awaited", "sent"]).values("order_id")
    due = Order.objects.of(ctx).filter(state="delivered", completes_at__lte=ctx.at).exclude(id__in=busy)
    done = 0
    for order_id in list(due.order_by("completes_at").values_list("id", flat=True)[:COMPLETIONS_A_RUN]):
        done += complete_order(ctx, order_id=order_id)
    return done


def _lock(ctx: Context, order_id: int) -> Order:
    """An order the asker may touch, its row locked, with its purchase. Refuses: NotFound."""
    rows = Order.objects.of(ctx).select_for_update(of=("self",)).select_related("purchase")
    order = rows.filter(id=order_id).first()
    if order is None:
        raise NotFound(what="order")
    return order


def _goods(ctx: Context, order: Order, language: str) -> list[GoodsItem]:
    """What is to be sent: the lines without what was given back, with the codes of the customs area they go to."""
    lines = [
        line
        for line in OrderLine.objects.of(ctx).filter(order=order).order_by("position")
        if line.quantity > line.given_back
    ]
    area, products = customs_area(order.market), products_by_id({line.product_id for line in lines})
    codes = {product_id: dict(view.codes).get(area, "") for product_id, view in products.items()}
    places = _fetched_at(ctx, order) if any(line.location_id for line in lines) else {}
    return [
        GoodsItem(
            sku=line.sku,
            title=text_in(line.title, language)[0],
            quantity=line.quantity - line.given_back,
            weight_g=line.weight_g,
            value_minor=_value_left(line),
            currency=order.currency,
            hs6=line.hs6,
            code=codes.get(line.product_id, ""),
            origin_country=line.origin_country,
            options=", ".join(values_in(line.options, language).values()),
            place=places.get(line.location_id, ""),
        )
        for line in lines
    ]


def _origin(ctx: Context, order: Order, seller: SellerView) -> Address:
    """Where the parcel starts: the place most pieces were fetched from, if that is not where the seller usually sends from."""
    home = Address(
        seller.display_name,
        seller.address,
        seller.ships_from_postcode or seller.postcode,
        seller.ships_from_city or seller.city,
        seller.ships_from_country or seller.country,
        seller.phone,
    )
    pieces: Counter[UUID | None] = Counter()
    for line in OrderLine.objects.of(ctx).filter(order=order).order_by("position"):
        pieces[line.location_id] += line.quantity
    place_id = pieces.most_common(1)[0][0] if pieces else None
    place = next((each for each in locations_of(ctx, order.seller_id) if each.id == place_id), None)
    if place is None:
        return home
    return replace(home, street=place.name, postcode=place.postcode, city="", country=place.country)


def _fetched_at(ctx: Context, order: Order) -> dict[UUID, str]:
    """The names of the seller's places, by id: only for orders that are fetched at another than the usual one."""
    return {place.id: place.name for place in locations_of(ctx, order.seller_id)}


def _value_left(line: OrderLine) -> int:
    """What customs asks for: paid for the pieces that are sent, without the VAT and duty inside our price, to the cent."""
    paid_minor = line.price_minor * line.quantity - line.vat_minor - line.duty_minor
    return split_pro_rata(paid_minor, [line.quantity - line.given_back, line.given_back])[0]


def _ship(ctx: Context, order: Order, at: datetime) -> None:
    order.state, order.shipped_at = decide_step(order.state, "shipped"), at
    order.save(update_fields=["state", "shipped_at"])
    _note(ctx, order, "shipped")
    ctx.announce(
        OrderShipped(
            order_id=order.id,
            purchase_id=order.purchase_id,
            seller_id=order.seller_id,
            consignment_id=order.consignment_id,
            at=at,
        )
    )
    _owe_notice(ctx, order.purchase, "shipped", order)
