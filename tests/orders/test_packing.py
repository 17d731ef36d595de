"""At the packing table: boxes are proposed, the packer confirms or changes them, every piece is in one box."""

from __future__ import annotations

import pytest

from entrepot.catalog.commands import VariantDraft
from entrepot.kit.errors import Invalid
from entrepot.logistics.queries import cartons, consignments_of_orders
from entrepot.orders.commands import mark_packed
from entrepot.orders.models import Order, OrderLine
from entrepot.orders.queries import boxes_of_order, left_to_pack
from tests import make
from tests.orders.conftest import Clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("spain")]


def test_every_piece_is_packed_once_in_the_boxes_that_were_proposed(clock: Clock) -> None:
    seller = make.seller()
    big = make.offer(
        seller,
        price_minor=3_333,
        quantity=9,
        variants=(VariantDraft(sku="BIG", weight_g=900, length_mm=480, width_mm=330, height_mm=120),),
    )
    bare = make.offer(seller, quantity=5)  # nobody knows its size
    answer = make.paid(make.visitor(at=clock()), {big.id: 5, bare.id: 1})
    order_id, staff = answer.orders[0].order_id, make.staff(seller, at=clock())
    proposed = boxes_of_order(staff, order_id)
    assert [why for _sku, why in proposed.unpacked] == ["no_size"]
    assert sum(count for box in proposed.boxes for _sku, count in box.contents) == 5
    assert len(proposed.boxes) > 1
    tare_g = {each.code: each.tare_g for each in cartons()}
    for box in proposed.boxes:
        mark_packed(staff, order_id=order_id, carton=box.carton.code, contents=dict(box.contents))
    assert boxes_of_order(staff, order_id).boxes == ()
    bare_sku = next(iter(left_to_pack(staff, order_id)))
    for wrong in ({"BIG": 1}, {}, {bare_sku: 2}, {bare_sku: 0}, {"NONE": 1}):
        with pytest.raises(Invalid):
            mark_packed(staff, order_id=order_id, contents=wrong)
    with pytest.raises(Invalid):
        mark_packed(staff, order_id=order_id, carton="XXL")
    mark_packed(staff, order_id=order_id, weight_g=555)
    assert not left_to_pack(staff, order_id)
    sent = consignments_of_orders(staff, [order_id])[order_id]
    *boxed, last = sent.parcels
    assert (last.weight_g, last.carton, last.contents) == (555, "", ((bare_sku, 1),))
    for parcel in boxed:
        assert parcel.weight_g == tare_g[parcel.carton] + 900 * sum(count for _sku, count in parcel.contents)
    order = Order.objects.of(staff).get(id=order_id)
    vat_of_goods = sum(line.vat_minor for line in order_lines(order_id))
    assert sum(item.value_minor for item in sent.goods) == order.goods_minor - vat_of_goods  # to the cent


def order_lines(order_id: int) -> list[OrderLine]:
    return list(OrderLine.objects.filter(order_id=order_id))
