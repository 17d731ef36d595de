"""From which place, into which box, with which paper: cartons, allocation, pick lists, Zebra labels, manifests."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from entrepot.kit.errors import Invalid, NotFound
from entrepot.kit.ids import new_id
from entrepot.logistics import cartons, tables
from entrepot.logistics.allocation import Source, Wanted, decide_allocation
from entrepot.logistics.commands import (
    close_manifest,
    create_consignment,
    hand_over_manifest,
    pack_parcel,
    set_ioss_number,
)
from entrepot.logistics.errors import ManifestClosed, NothingToManifest
from entrepot.logistics.queries import (
    Address,
    GoodsItem,
    Piece,
    Place,
    StockPlace,
    boxes_for,
    manifest_paper,
    manifest_waiting,
    manifests_of,
    parcels_by_tracking_no,
    pick_list,
    sources_for_order,
    zebra_labels_of_orders,
)
from tests.make import system

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HERE = Address("杭州好物", "88 Wensan Rd", "310000", "Hangzhou", "CN")
THERE = Address("Łucja Ibáñez", "Calle Mayor 1", "28013", "Madrid", "ES")

pieces = st.builds(
    Piece, st.sampled_from(["a", "b", "c"]), st.integers(1, 4), st.integers(10, 450), st.integers(10, 320),
    st.integers(5, 300), st.integers(0, 6_000),
)  # fmt: skip


@given(st.lists(pieces, min_size=1, max_size=4))
@settings(max_examples=25, deadline=None)
def test_every_piece_is_in_a_box_or_named_and_the_boxes_hold_them(asked: list[Piece]) -> None:
    from packvium import pack_from_dict, validate

    found = boxes_for(asked)
    assert boxes_for(asked) == found  # the same goods, the same boxes
    request = cartons.request_of(asked, tables.cartons())
    assert (
        validate(request, pack_from_dict(request)) == []
    )  # no two overlap, none stands out: checked by other code
    inside: dict[str, int] = {}
    for box in found.boxes:
        assert box.weight_g <= box.carton.most_g
        assert 0 <= box.filled_pct <= 100
        for sku, count in box.contents:
            inside[sku] = inside.get(sku, 0) + count
    wanted: dict[str, int] = {}
    for piece in asked:
        wanted[piece.sku] = wanted.get(piece.sku, 0) + piece.quantity
    named = {sku for sku, _ in found.unpacked}
    assert all(inside.get(sku, 0) == count for sku, count in wanted.items() if sku not in named)


def test_no_box_is_heavier_than_it_may_be() -> None:
    found = boxes_for([Piece("plate", 3, 199, 164, 20, 900)])  # all three lie in an envelope, which bears two
    assert sum(count for box in found.boxes for _, count in box.contents) == 3
    assert all(box.weight_g <= box.carton.most_g for box in found.boxes)


def test_goods_go_into_the_smallest_box_that_holds_them() -> None:
    [box] = boxes_for([Piece("cup", 1, 100, 90, 70, 300)]).boxes
    assert (box.carton.code, box.weight_g) == ("S", 410)
    assert [box.carton.code for box in boxes_for([Piece("book", 9, 210, 140, 60, 900)]).boxes] != []
    odd = boxes_for([Piece("ski", 1, 1_800, 100, 60, 2_000)])
    assert odd.boxes == ()
    assert odd.unpacked[0][0] == "ski"


@pytest.mark.parametrize("piece", [Piece("x", 0, 1, 1, 1, 1), Piece("x", 1, 0, 1, 1, 1), Piece("x", 1, 1, 1, 1, -1), Piece("x", 501, 1, 1, 1, 1)])  # fmt: skip
def test_what_cannot_be_packed_is_named(piece: Piece) -> None:
    with pytest.raises(Invalid):
        boxes_for([piece])


BY = date(2026, 12, 1)
sources = st.lists(
    st.builds(
        lambda a, b, days, customs, cost: ({"a": a, "b": b}, BY + timedelta(days=days), customs, cost),
        st.integers(0, 3), st.integers(0, 3), st.integers(-2, 1), st.booleans(), st.integers(1, 5),
    ),
    min_size=1, max_size=3,
)  # fmt: skip


@given(sources, st.integers(1, 3), st.integers(0, 3), st.booleans())
@settings(max_examples=200, deadline=None)
def test_no_way_to_send_it_is_better(
    rows: list[tuple[dict[str, int], date, bool, int]], a: int, b: int, same: bool
) -> None:
    places = [Source(f"P{number}", *row) for number, row in enumerate(rows)]
    wanted = [Wanted("a", a, "6912")] + ([Wanted("b", b, "6912" if same else "9503")] if b else [])
    needs = {"a": a, "b": b}
    heading = {"a": "6912", "b": "6912" if same else "9503"}
    best = None
    # The slow twin: every split of every SKU over all places.
    splits = {
        sku: [
            split
            for split in product(*(range(min(count, place.stock[sku]) + 1) for place in places))
            if sum(split) == count
        ]
        for sku, count in needs.items()
    }
    for one, two in product(splits["a"], splits["b"]):
        used = [place for number, place in enumerate(places) if one[number] or two[number]]
        crossed = {
            (place.code, heading[sku])
            for sku, split in (("a", one), ("b", two))
            for number, place in enumerate(places)
            if split[number] and place.passes_customs
        }
        rank = (
            any(place.arrives_on > BY for place in used), len(used), len(crossed),
            max(place.arrives_on for place in used), sum(place.carriage_minor for place in used),
        )  # fmt: skip
        best = rank if best is None else min(best, rank)
    found = decide_allocation(wanted, places, BY)
    if best is None:
        assert found is None
        return
    assert found is not None
    assert (found.is_late, len(found.parcels), found.headings, found.arrives_on, found.carriage_minor) == best
    sent: dict[str, int] = {}
    stock = {place.code: place.stock for place in places}
    for code, goods in found.parcels:
        for sku, count in goods:
            assert 0 < count <= stock[code][sku]
            sent[sku] = sent.get(sku, 0) + count
    assert sent == {sku: count for sku, count in needs.items() if count}


def test_an_order_is_sent_from_home_when_that_keeps_the_promise() -> None:
    places = [
        StockPlace("HGH", Place("CN", "310000"), {"cup": 9, "pan": 9}),
        StockPlace("VLC", Place("ES", "46001"), {"cup": 9, "pan": 9}),
        StockPlace("MOON", Place("ZZ", "1"), {"cup": 9, "pan": 9}),
    ]
    wanted = [Wanted("cup", 2, "6912"), Wanted("pan", 1, "7323")]
    found = sources_for_order(wanted, places, Place("ES", "28013"), AT, date(2026, 11, 27), weight_g=900)
    assert found is not None
    assert [code for code, _ in found.parcels] == ["VLC"]
    assert (found.is_late, found.headings) == (False, 0)
    with pytest.raises(Invalid):
        sources_for_order([Wanted("cup", 0, "6912")], places, Place("ES"), AT, BY, weight_g=1)


def order(order_id: int, seller: object = None) -> None:
    create_consignment(
        system(at=AT), order_id=order_id, seller_id=seller or new_id(), purchase_ref=f"PUR-{order_id}", market="ES",  # type: ignore[arg-type]
        language="es", origin=HERE, destination=THERE, goods=[
            GoodsItem("S-1", "Taza", 2, 400, 900, "EUR", "691200", "CN"), GoodsItem("S-2", "Olla", order_id, 900, 1800, "EUR", "732393", "CN"),
        ],
    )  # fmt: skip
    set_ioss_number(system(at=AT), order_id=order_id, ioss_no="IM7240000000")


@pytest.mark.django_db
def test_the_pick_list_adds_up_over_orders() -> None:
    for number in (1, 2):
        order(number)
    text = PdfReader(io.BytesIO(pick_list(system(), [1, 2]))).pages[0].extract_text()
    assert "S-1" in text
    assert "PUR-1 × 2" in text
    assert "PUR-2 × 2" in text
    assert "Lista de recogida" in text
    with pytest.raises(NotFound):
        pick_list(system(), [404])


@pytest.mark.django_db
def test_a_scanner_reads_the_zebra_label() -> None:
    zxingcpp = pytest.importorskip("zxingcpp")
    from zebrafy import ZebrafyZPL

    order(1)
    box = pack_parcel(system(at=AT), order_id=1, weight_g=500)
    pack_parcel(system(at=AT), order_id=1, weight_g=600)
    zpl = zebra_labels_of_orders(system(), [1])
    assert zpl.count("^XA") == zpl.count("^XZ") == 2
    image = ZebrafyZPL(zpl).to_images()[0]
    found = [code.text for code in zxingcpp.read_barcodes(image.convert("L"))]
    assert found.count(box.tracking_no) == 2, found  # the bars and the QR
    assert any(box.sscc in text for text in found), found


@pytest.mark.django_db
def test_a_manifest_lists_what_waits_and_hands_it_over_once() -> None:
    seller = new_id()
    order(1, seller)
    with pytest.raises(NothingToManifest):
        close_manifest(system(at=AT), seller_id=seller)
    boxes = [pack_parcel(system(at=AT), order_id=1, weight_g=500 + number) for number in range(30)]
    [made] = close_manifest(system(at=AT), seller_id=seller)
    assert [row[0] for row in made.parcels] == [box.tracking_no for box in boxes]
    pages = PdfReader(io.BytesIO(manifest_paper(system(), made.id, language="es"))).pages
    assert len(pages) == 2
    assert "Lista de entrega" in pages[0].extract_text()
    late, gone = boxes[29].tracking_no, [box.tracking_no for box in boxes[:29]]
    for name, stays in (("", ()), ("Iker", gone + [late]), ("Iker", ["EP0"])):
        with pytest.raises(Invalid):
            hand_over_manifest(system(at=AT), manifest_id=made.id, signed_by=name, stays=stays)
    handed = hand_over_manifest(system(at=AT), manifest_id=made.id, signed_by="Iker Ruiz", stays=[late])
    assert (handed.handed_over_at, handed.signed_by) == (AT, "Iker Ruiz")
    assert [row[0] for row in handed.parcels] == gone
    assert "Iker Ruiz" in PdfReader(io.BytesIO(manifest_paper(system(), made.id))).pages[-1].extract_text()
    assert (
        parcels_by_tracking_no(system(), [boxes[0].tracking_no])[boxes[0].tracking_no].state == "handed_over"
    )
    with pytest.raises(ManifestClosed):
        hand_over_manifest(system(at=AT), manifest_id=made.id, signed_by="Iker")
    assert manifest_waiting(system(), seller) == 1  # what stayed waits for the next list
    [rest] = close_manifest(system(at=AT), seller_id=seller)
    assert [row[0] for row in rest.parcels] == [late]
    with pytest.raises(NothingToManifest):
        close_manifest(system(at=AT), seller_id=seller)
    assert [each.number for each in manifests_of(system(), seller)] == [rest.number, made.number]
    assert manifests_of(system(), new_id()) == []
    for call in (
        lambda: hand_over_manifest(system(), manifest_id=new_id(), signed_by="Iker"),
        lambda: manifest_paper(system(), new_id()),
    ):
        with pytest.raises(NotFound):
            call()
