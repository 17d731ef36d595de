"""Customs data: what is checked before a parcel leaves, how it is repaired, held and released, and its papers."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID
from xml.etree import ElementTree as Xml

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.kit.context import Actor, Context
from entrepot.kit.errors import Invalid, NotAllowed, NotFound
from entrepot.kit.ids import new_id
from entrepot.logistics import tables
from entrepot.logistics.commands import (
    CarrierEvent,
    LineRepair,
    answer_customs_hold,
    create_consignment,
    follow_customs,
    hand_over_parcels,
    move_simulated_parcels,
    pack_parcel,
    record_parcel_events,
    release_customs_hold,
    repair_customs_file,
    run_simulated_authority,
    set_ioss_number,
)
from entrepot.logistics.customs import CustomsFacts, CustomsLine, Gap, data_set, decide_gaps
from entrepot.logistics.errors import CustomsClosed, CustomsIncomplete
from entrepot.logistics.models import CustomsFile, Parcel
from entrepot.logistics.queries import (
    Address,
    GoodsItem,
    customs_cn23_pdf,
    customs_counts,
    customs_file,
    customs_inbox,
    customs_invoice_pdf,
    customs_json,
    customs_xml,
)
from tests.make import system, visitor

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SENDER = {"name": "Hangzhou Fine Goods", "street": "88 Wensan Rd", "city": "Hangzhou", "country": "CN"}
RECEIVER = {"name": "Ana", "street": "Alcalá 1", "city": "Madrid", "country": "ES"}
GOOD = CustomsLine(1, "S-1", "Ceramic mug", 2, 800, 1_800, "691200", "CN")
LIMITS = tables.customs_limits("EU", AT.date())
IOSS = "IM7240000000"
HANGZHOU = Address("Hangzhou Fine Goods", "88 Wensan Rd", "310000", "Hangzhou", "CN")
MADRID = Address("Ana García", "Calle de Alcalá 1", "28013", "Madrid", "ES", "+34 600 000 000")


def gaps(*lines: CustomsLine, ioss: str = IOSS, value: int = 1_800, **more: object) -> list[str]:
    facts = CustomsFacts(SENDER, RECEIVER, lines, value, ioss, True)
    return [gap.code for gap in decide_gaps(replace(facts, **more), LIMITS, {})]  # type: ignore[arg-type]


def test_whole_data_have_no_gap() -> None:
    assert gaps(GOOD) == []


@pytest.mark.parametrize(
    "change, code",
    [
        ({"hs6": ""}, "hs_missing"), ({"hs6": "999999"}, "hs_unknown"), ({"hs6": "6912"}, "hs_unknown"), ({"hs6": "940540"}, "hs_edition"),
        ({"origin_country": ""}, "origin_missing"), ({"origin_country": "QQ"}, "origin_unknown"),
        ({"value_minor": 0}, "value_missing"), ({"value_minor": -5}, "value_missing"), ({"value_minor": 3}, "value_low"),
        ({"value_minor": 90_000_000}, "value_high"), ({"weight_g": 0}, "weight_missing"), ({"quantity": 0}, "quantity_missing"),
        ({"description": "x"}, "description_short"), ({"description": "Gift"}, "description_vague"),
        ({"description": " ROPA "}, "description_vague"), ({"description": "Various  goods"}, "description_vague"),
    ],
)  # fmt: skip
def test_each_wrong_value_is_named(change: dict[str, object], code: str) -> None:
    assert code in gaps(replace(GOOD, **change))  # type: ignore[arg-type]


def test_the_consignment_is_checked_too() -> None:
    assert gaps(GOOD, ioss="") == ["ioss_missing"]
    assert gaps(GOOD, ioss="ES123") == ["ioss_malformed"]
    assert gaps(GOOD, ioss="", value=15_001) == []
    assert gaps() == ["no_goods"]
    assert gaps(GOOD, receiver=RECEIVER | {"street": " "}) == ["receiver_incomplete"]
    assert gaps(GOOD, sender={}) == ["sender_incomplete"]


@pytest.mark.parametrize("value, found", [(15_000, "H7"), (15_001, "H1")])
def test_the_value_decides_the_data_set(value: int, found: str) -> None:
    assert data_set(True, value, LIMITS.low_value_minor) == found


@given(
    st.builds(
        CustomsLine, position=st.just(1), sku=st.text(max_size=5), description=st.text(max_size=30), quantity=st.integers(-5, 5),
        weight_g=st.integers(-5, 10**7), value_minor=st.integers(-5, 10**9), hs6=st.text(max_size=8),
        origin_country=st.text(max_size=3),
    )
)  # fmt: skip
def test_every_gap_has_a_sentence_and_a_way_out(line: CustomsLine) -> None:
    for gap in decide_gaps(CustomsFacts(SENDER, RECEIVER, [line], 1, "", True), LIMITS, {1: "61"}):
        assert gap.sentence.endswith(".")
        assert gap.way_out.endswith((".", "”."))
        assert gap.field


# ---- on PostgreSQL -------------------------------------------------------------------------------------


def consign(
    order_id: int = 7,
    *,
    title: str = "Ceramic mug",
    hs6: str = "691200",
    code: str = "",
    origin: str = "CN",
    start: Address = HANGZHOU,
) -> UUID:
    seller = new_id()
    create_consignment(
        system(at=AT), order_id=order_id, seller_id=seller, purchase_ref="AAAA-BBBBB-CCCCC", market="ES", language="es",
        origin=start, destination=MADRID, goods=[GoodsItem("S-1", title, 2, 400, 1800, "EUR", hs6, origin, code=code)],
    )  # fmt: skip
    return seller


def seller_context(seller_id: UUID) -> Context:
    scopes = frozenset({"orders:fulfil", "orders:read", "customs:repair"})
    return Context(Actor("seller", "Fine Goods", seller_id=seller_id), at=AT, scopes=scopes)


@pytest.mark.django_db
def test_what_stays_in_one_customs_area_needs_nothing() -> None:
    consign(start=Address("Taller Sol", "Calle Mayor 3", "46001", "Valencia", "ES"))
    assert customs_counts(system(at=AT)) == {"not_needed": 1}
    assert customs_inbox(system(at=AT)) == []
    with pytest.raises(NotFound):
        customs_file(system(at=AT), 7)


@pytest.mark.django_db
@pytest.mark.parametrize("ioss_first", [True, False])
def test_the_number_may_come_before_or_after_the_consignment(ioss_first: bool) -> None:
    if ioss_first:
        set_ioss_number(system(at=AT), order_id=7, ioss_no=IOSS)
        assert customs_inbox(system(at=AT)) == []
    consign()
    if not ioss_first:
        assert customs_file(system(at=AT), 7).state == "incomplete"
        set_ioss_number(system(at=AT), order_id=7, ioss_no=IOSS)
    found = customs_file(system(at=AT), 7)
    assert (found.state, found.data_set, found.ioss_no, found.value_minor) == ("ready", "H7", IOSS, 1_800)


@pytest.mark.django_db
def test_a_parcel_with_gaps_does_not_leave_until_they_are_repaired() -> None:
    seller = consign(title="Regalo", hs6="", origin="")
    set_ioss_number(system(at=AT), order_id=7, ioss_no=IOSS)
    mine = seller_context(seller)
    parcel = pack_parcel(mine, order_id=7, weight_g=900)
    with pytest.raises(CustomsIncomplete) as refused:
        hand_over_parcels(mine, parcel_ids=[parcel.id])
    assert refused.value.facts["gaps"] == "description_vague, hs_missing, origin_missing"
    assert customs_file(mine, 7).tracking_nos == (parcel.tracking_no,)
    fixed = LineRepair("Taza de cerámica", "6912 00", "cn", 1_700, 820)
    assert repair_customs_file(mine, order_id=7, repairs={1: fixed}) == "ready"
    line = customs_file(mine, 7).lines[0]
    assert (line.hs6, line.origin_country, line.value_minor) == ("691200", "CN", 1_700)
    assert hand_over_parcels(mine, parcel_ids=[parcel.id])[0].state == "handed_over"


@pytest.mark.django_db
def test_a_hold_is_answered_and_released() -> None:
    seller = consign()
    set_ioss_number(system(at=AT), order_id=7, ioss_no=IOSS)
    mine = seller_context(seller)
    parcel = pack_parcel(mine, order_id=7, weight_g=900)
    hand_over_parcels(mine, parcel_ids=[parcel.id])
    with pytest.raises(CustomsClosed):
        answer_customs_hold(mine, order_id=7, answer="Here it is")

    def told(code: str) -> str:
        record_parcel_events(
            system(at=AT), source="test", events=[CarrierEvent(parcel.tracking_no, code, AT, "Liège", code)]
        )
        state = Parcel.objects.of(mine).get(id=parcel.id).state
        return follow_customs(system(at=AT), order_id=7, parcel_state=state)

    assert told("customs_presented") == "presented"
    assert told("customs_held") == "held"
    assert customs_inbox(mine)[0].state == "held"
    with pytest.raises(Invalid):
        answer_customs_hold(mine, order_id=7, answer=" ")
    assert answer_customs_hold(mine, order_id=7, answer="A ceramic mug, invoice attached.") == "answered"
    assert told("out_for_delivery") == "released"
    with pytest.raises(CustomsClosed):
        repair_customs_file(mine, order_id=7, repairs={1: LineRepair("Something else")})


@pytest.mark.parametrize(
    "words, is_vague",
    [
        ("Gifts", True), ("2 x gifts!", True), ("Spare parts", True), ("parts and accessories", True), ("as ordered", True),
        ("Regalos y juguetes", True), ("Wooden toys", False), ("Gift box of oolong tea", False), ("Ceramic parts of a teapot", False),
    ],
)  # fmt: skip
def test_what_says_nothing_is_vague(words: str, is_vague: bool) -> None:
    assert ("description_vague" in gaps(replace(GOOD, description=words))) == is_vague


@pytest.mark.django_db
def test_a_held_parcel_waits_for_the_authority_and_never_for_the_clock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("entrepot.logistics.adapters.simulated.HELD_IN_100", 100)
    seller = consign()
    set_ioss_number(system(at=AT), order_id=7, ioss_no=IOSS)
    mine = seller_context(seller)
    parcel = pack_parcel(mine, order_id=7, weight_g=900)
    hand_over_parcels(mine, parcel_ids=[parcel.id])

    def at(days: int) -> str:
        ctx = system(at=AT + timedelta(days=days))
        move_simulated_parcels(ctx)
        state = Parcel.objects.of(mine).get(id=parcel.id).state
        follow_customs(ctx, order_id=7, parcel_state=state)
        return str(state)

    assert at(10) == at(40) == "held"
    broken = CustomsFile.objects.get(order_id=7)
    broken.held_at, broken.gaps = AT + timedelta(days=10), [{**asdict(Gap("hs_missing", "hs6", 1, "", ""))}]
    broken.save()
    late = system(at=AT + timedelta(days=41))
    assert run_simulated_authority(late) == 0  # with gaps nothing is released, however long it takes
    with pytest.raises(CustomsIncomplete):
        release_customs_hold(late, order_id=7, note="Go")
    assert (
        repair_customs_file(mine, order_id=7, repairs={1: LineRepair("Ceramic mug with a handle")}) == "held"
    )
    with pytest.raises(Invalid):
        release_customs_hold(late, order_id=7, note=" ")
    with pytest.raises(NotAllowed):  # who answers does not decide
        release_customs_hold(seller_context(seller), order_id=7, note="Go")
    assert run_simulated_authority(late) == 1
    assert run_simulated_authority(late) == 0
    view = customs_file(mine, 7)
    assert (view.state, view.decided_at, view.decided_by) == ("released", late.at, "Entrepot")
    assert view.decision
    assert at(60) == "delivered"
    assert customs_file(mine, 7).decision == view.decision
    with pytest.raises(CustomsClosed):
        release_customs_hold(late, order_id=7, note="Again")


@pytest.mark.django_db
def test_others_see_and_change_nothing() -> None:
    consign()
    stranger = seller_context(new_id())
    assert customs_inbox(stranger) == []
    assert customs_counts(stranger) == {}
    with pytest.raises(NotFound):
        customs_file(stranger, 7)
    with pytest.raises(NotFound):
        repair_customs_file(stranger, order_id=7, repairs={})
    with pytest.raises(NotAllowed):
        repair_customs_file(visitor(at=AT), order_id=7, repairs={})
    for bad in (LineRepair(value_minor=0), LineRepair(weight_g=-1), LineRepair(description="x" * 513)):
        with pytest.raises(Invalid):
            repair_customs_file(system(at=AT), order_id=7, repairs={1: bad})
    with pytest.raises(Invalid):
        repair_customs_file(system(at=AT), order_id=7, repairs={9: LineRepair()})
    assert customs_file(system(at=AT), 7).lines[0].value_minor == 1_800


@pytest.mark.django_db
def test_exports_and_papers_say_the_same() -> None:
    seller = consign(code="6912008190")
    set_ioss_number(system(at=AT), order_id=7, ioss_no=IOSS)
    view = customs_file(system(at=AT), 7)
    data = json.loads(customs_json(view))
    assert data["goods_items"][0]["commodity_code_hs6"] == "691200"
    assert data["goods_items"][0]["commodity_code"] == "6912008190"
    assert data["additional_fiscal_references"] == [{"role": "FR5", "vat_identification_number": IOSS}]
    root = Xml.fromstring(customs_xml(view))
    space = "{urn:entrepot:customs:1}"
    assert root.findtext(f"{space}goods_item/{space}country_of_origin") == "CN"
    assert root.findtext(f"{space}data_set") == "H7"
    for pdf in (customs_invoice_pdf(view), customs_cn23_pdf(view)):
        assert pdf.startswith(b"%PDF")
        assert len(pdf) > 2_000
    # Repaired to another heading, the longer code of the old one is declared no more.
    repair_customs_file(seller_context(seller), order_id=7, repairs={1: LineRepair(hs6="691110")})
    (line,) = json.loads(customs_json(customs_file(system(at=AT), 7)))["goods_items"]
    assert (line["commodity_code_hs6"], line.get("commodity_code")) == ("691110", None)


@pytest.mark.django_db
def test_the_inbox_needs_few_statements(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    for order_id in range(1, 6):
        consign(order_id)
    with django_assert_max_num_queries(2):
        assert len(customs_inbox(system(at=AT))) == 5
