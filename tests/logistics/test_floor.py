"""A hub's floor: scans from devices that were offline, doubled, out of order, with wrong clocks."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid, NotAllowed
from entrepot.kit.ids import new_id, show_id
from entrepot.kit.models import OutboxFact
from entrepot.logistics.commands import (
    FloorTold,
    close_cage,
    create_consignment,
    depart_load,
    expect_parcels,
    hand_over_parcels,
    open_cage,
    open_due_cages,
    pack_parcel,
    record_floor_scans,
    roll_waves,
    run_simulated_sorter,
    settle_scan,
)
from entrepot.logistics.errors import LoadEmpty, NoSuchCage, NoSuchHub, NoSuchLoad, NoSuchScan
from entrepot.logistics.floor import (
    Counted,
    cage_code,
    chute_of,
    clean_code,
    decide_floor,
    our_time,
    shift_of,
    skew_of,
)
from entrepot.logistics.models import Cage, FloorParcel, FloorScan, Parcel, ParcelEvent
from entrepot.logistics.queries import (
    Address,
    GoodsItem,
    ParcelView,
    cage_label,
    cages_of_hub,
    events_of_order,
    floor_snapshot,
    hubs_of_floor,
    load_paper,
    scans_to_look_at,
    shift_of_hub,
    waves_of_hub,
)
from tests.make import operator, system, visitor

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday
BARCELONA = Address("Casa Roca", "Carrer de Mallorca 1", "08001", "Barcelona", "ES")
MADRID = Address("Ana García", "Calle de Alcalá 1", "28013", "Madrid", "ES", "+34 600 000 000")
T0 = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def told(kind: str, code: str, at: datetime = T0, seq: int = 0, **more: str) -> FloorTold:
    return FloorTold(str(uuid4()), kind, code, at, seq, **more)


def parcels(count: int = 3) -> list[ParcelView]:
    """Parcels from Barcelona to Madrid, handed over: they pass BCN and MAD."""
    found = []
    for order in range(count):
        create_consignment(
            system(at=AT), order_id=1000 + order, seller_id=new_id(), purchase_ref=f"AAAA-BBBBB-{order:05}", market="ES",
            language="es", origin=BARCELONA, destination=MADRID,
            goods=[GoodsItem("S-1", "Taza", 2, 400, 1250, "EUR", "691200", "ES")],
        )  # fmt: skip
        parcel = pack_parcel(system(at=AT), order_id=1000 + order, weight_g=900)
        found += hand_over_parcels(system(at=AT), parcel_ids=[parcel.id])
    expect_parcels(system(at=AT), parcel_ids=[each.id for each in found])
    return found


def scan(
    hub: str,
    scans: Sequence[FloorTold],
    *,
    at: datetime = T0,
    sent: datetime | None = None,
    ctx: Context | None = None,
):  # type: ignore[no-untyped-def]
    return record_floor_scans(ctx or system(at=at), hub=hub, device="dev-1", sent_at=sent or at, scans=scans)


def cage_of(parcel: ParcelView, hub: str = "MAD") -> Cage:
    stop = FloorParcel.objects.get(parcel_id=parcel.id, hub=hub)
    return Cage.objects.get(hub=hub, lane=stop.lane, closed_at=None)


# ---- decisions -----------------------------------------------------------------------------------------

_scan = st.builds(
    Counted,
    kind=st.sampled_from(["receive", "sort", "exception"]),
    at=st.integers(0, 30).map(lambda minute: T0 + timedelta(minutes=minute)),
    device=st.sampled_from(["a", "b"]),
    seq=st.integers(0, 5),
    id=st.integers(0, 60).map(str),
    cage=st.sampled_from(["C1", "C2"]),
    reason=st.sampled_from(["damaged", "no_label"]),
)


@given(st.lists(_scan, max_size=12, unique_by=lambda each: each.id), st.randoms())  # an id names one scan
def test_order_and_repetition_change_nothing(scans: list[Counted], dice: random.Random) -> None:
    doubled = scans + [each for each in scans if dice.random() < 0.5]
    dice.shuffle(doubled)
    assert decide_floor(doubled) == decide_floor(scans)


@given(st.lists(_scan, min_size=1, max_size=12))
def test_a_cage_is_named_exactly_when_sorted(scans: list[Counted]) -> None:
    found = decide_floor(scans)
    assert (found.state == "sorted") == bool(found.cage)
    assert (found.state == "exception") == bool(found.reason)
    assert found.at in {scan.at for scan in scans}


def test_what_is_put_into_a_closed_cage_is_not_in_it() -> None:
    late = Counted("sort", T0, "a", 1, "1", "C1", cage_closed_at=T0 - timedelta(seconds=1))
    assert decide_floor([late]).reason == "cage_closed"


@pytest.mark.parametrize(
    "ahead_s, odd", [(0, ""), (-119, ""), (121, "skewed"), (-86_400, "skewed"), (10 * 86_400, "skewed")]
)
def test_a_wrong_clock_is_corrected_and_named(ahead_s: int, odd: str) -> None:
    ahead = timedelta(seconds=ahead_s)
    skew = skew_of(T0 + ahead, T0)
    found = our_time(T0 + ahead - timedelta(minutes=40), skew, T0)
    assert (found.at, found.odd) == (T0 - timedelta(minutes=40), odd)


def test_a_clock_set_back_while_offline_is_named() -> None:
    assert our_time(T0 + timedelta(hours=3), 0, T0).odd == "jumped"
    assert our_time(T0 + timedelta(hours=3), 0, T0).at == T0


@pytest.mark.parametrize(
    "read, code",
    [
        (" ep0000000000198 ", "EP0000000000198"), ("]C100395212340000000011", "395212340000000011"),
        ("(00)395212340000000011", "395212340000000011"), ("00395212340000000011", "395212340000000011"),
        ("EP 0000 0000 00198\r", "EP0000000000198"), ("\x1d]C1", ""), ("", ""), ("\u202eabc", "ABC"),
    ],
)  # fmt: skip
def test_what_scanners_say(read: str, code: str) -> None:
    assert clean_code(read) == code


def test_names_of_chutes_cages_and_shifts() -> None:
    assert [chute_of(number) for number in (0, 8, 9)] == ["A1", "A9", "B1"]
    assert len({cage_code(number) for number in range(500)}) == 500
    assert all(int(cage_code(number)[2:]) % 97 == 1 for number in range(200))
    with pytest.raises(ValueError):
        cage_code(10**9)
    assert shift_of(T0.replace(hour=3))[0] == T0.replace(hour=22) - timedelta(days=1)
    assert shift_of(T0.replace(hour=14))[1] == T0.replace(hour=22)


# ---- on PostgreSQL -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_parcel_goes_over_the_floor_into_the_load() -> None:
    [one, two, three] = parcels(3)
    assert FloorParcel.objects.filter(hub="MAD").count() == 3
    assert expect_parcels(system(at=AT), parcel_ids=[one.id]) == 0
    open_due_cages(system(at=T0))
    assert open_due_cages(system(at=T0)) == 0
    ctx = operator("hub", at=T0)
    cage = cage_of(one)
    scan("MAD", [told("receive", each.tracking_no) for each in (one, two)], ctx=ctx)
    scan("MAD", [told("receive", f"]C100{three.sscc}")], ctx=ctx)
    done = scan(
        "MAD", [told("sort", each.tracking_no, cage=cage.code) for each in (one, two, three)], ctx=ctx
    )
    assert {(answer.outcome, answer.state) for answer in done.answers} == {("ok", "sorted")}
    [loaded] = scan("MAD", [told("load", cage.code)], ctx=ctx).answers
    assert loaded.outcome == "ok"
    cage.refresh_from_db()
    assert cage.closed_at == T0
    assert cage.load is not None
    assert set(FloorParcel.objects.filter(hub="MAD").values_list("state", flat=True)) == {"loaded"}
    later = operator("hub", at=T0 + timedelta(minutes=5))
    for nobody in ("", " \t", "x" * 121, "a\u202eb"):
        with pytest.raises(Invalid):
            depart_load(later, hub="MAD", load_id=cage.load_id, signed_by=nobody)
    assert depart_load(later, hub="MAD", load_id=cage.load_id, signed_by=" Iker  Ruiz ") == 3
    assert depart_load(later, hub="MAD", load_id=cage.load_id, signed_by=" Iker  Ruiz ") == 3
    printed = PdfReader(io.BytesIO(load_paper(later, "MAD", cage.load_id))).pages[0].extract_text()
    assert "Iker Ruiz" in printed
    assert cage.code in printed
    kinds = [(event.code, event.place) for _, event in events_of_order(1000)]
    assert kinds.count(("arrived", "Madrid")) == 1
    assert kinds.count(("departed", "Madrid")) == 1
    wave = next(each for each in waves_of_hub(later, "MAD") if each.departed)
    assert (wave.departed, wave.has_left) == (3, True)
    shift = shift_of_hub(ctx, "MAD")
    assert shift.by_kind == {"receive": 3, "sort": 3, "load": 1}


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(8))
def test_batches_shuffled_split_and_sent_again_count_once(seed: int) -> None:
    dice = random.Random(seed)
    found = parcels(4)
    open_due_cages(system(at=T0))
    cage = cage_of(found[0])
    clock = T0 - timedelta(hours=1)
    scans = []
    for seq, parcel in enumerate(found):
        scans.append(told("receive", parcel.tracking_no, clock + timedelta(seconds=seq), seq))
        scans.append(
            told("sort", parcel.tracking_no, clock + timedelta(seconds=60 + seq), 100 + seq, cage=cage.code)
        )
    scans.append(
        told("load", cage.code, clock + timedelta(seconds=62), 200)
    )  # two were put in after it was closed
    sent = scans * 3
    dice.shuffle(sent)
    while sent:
        batch, sent = sent[:4], sent[4:]
        scan("MAD", batch)
    assert FloorScan.objects.count() == len(scans)
    states = dict(FloorParcel.objects.filter(hub="MAD").values_list("parcel_id", "state"))
    assert [states[parcel.id] for parcel in found] == ["loaded", "loaded", "loaded", "exception"]
    assert ParcelEvent.objects.filter(source="hub", code="arrived").count() == 4


@pytest.mark.django_db
def test_what_cannot_be_used_is_kept_for_a_person() -> None:
    [one] = parcels(1)
    open_due_cages(system(at=T0))
    other = open_cage(system(at=T0), hub="MAD", lane=next(
        chute.lane for chute in floor_snapshot(system(at=T0), "MAD").chutes
        if chute.lane != FloorParcel.objects.get(hub="MAD").lane
    ))  # fmt: skip
    answers = scan(
        "MAD",
        [
            told("receive", "EP9999"), told("dance", one.tracking_no), told("receive", " "),
            told("sort", one.tracking_no, cage=other.code), told("load", "CG00000000000"),
            told("exception", one.tracking_no, reason="no_label"), told("sort", one.tracking_no, cage="x"),
        ],
    ).answers  # fmt: skip
    assert [answer.outcome for answer in answers] == [
        "unknown_parcel", "not_understood", "not_understood", "wrong_cage", "no_such_cage", "ok", "no_such_cage",
    ]  # fmt: skip
    seen = scans_to_look_at(system(at=T0), "MAD")
    assert len(seen) == 7
    assert settle_scan(system(at=T0), hub="MAD", scan_id=seen[0].id)
    assert not settle_scan(system(at=T0), hub="MAD", scan_id=seen[0].id)
    assert len(scans_to_look_at(system(at=T0), "MAD")) == 6


@pytest.mark.django_db
def test_a_parcel_held_by_customs_is_not_sorted_out_of_the_house() -> None:
    [one] = parcels(1)
    open_due_cages(system(at=T0))
    Parcel.objects.of(system(at=T0)).filter(id=one.id).update(state="held")
    [answer] = scan("MAD", [told("sort", one.tracking_no, cage=cage_of(one).code)]).answers
    assert (answer.outcome, answer.state) == ("customs_hold", "exception")


@pytest.mark.django_db
def test_a_parcel_nobody_expected_gets_the_way_on_from_here() -> None:
    [one] = parcels(1)
    [answer] = scan("VLC", [told("receive", one.tracking_no)]).answers
    assert (answer.outcome, answer.state) == ("ok", "received")
    assert FloorParcel.objects.get(hub="VLC").departs_at > T0


@pytest.mark.django_db
def test_damage_is_told_to_whoever_follows_the_parcel() -> None:
    [one] = parcels(1)
    scan("MAD", [told("exception", one.tracking_no, reason="damaged")])
    assert Parcel.objects.of(system(at=T0)).get(id=one.id).state == "damaged"


@pytest.mark.django_db
def test_a_skewed_device_is_named_and_its_times_are_corrected() -> None:
    [one] = parcels(1)
    ahead = timedelta(hours=7)
    done = scan("MAD", [told("receive", one.tracking_no, T0 + ahead - timedelta(minutes=9))], sent=T0 + ahead)
    assert done.skew_s == 7 * 3600
    row = FloorScan.objects.get()
    assert (row.at, row.clock) == (T0 - timedelta(minutes=9), "skewed")
    assert shift_of_hub(system(at=T0), "MAD").skewed == 1


@pytest.mark.django_db
def test_a_missed_wave_becomes_the_next_one() -> None:
    [one] = parcels(1)
    open_due_cages(system(at=T0))
    cage = cage_of(one)
    scan("MAD", [told("sort", one.tracking_no, cage=cage.code)])
    before = cage.departs_at
    after = before + timedelta(minutes=1)
    assert roll_waves(system(at=after)) == 1
    cage.refresh_from_db()
    stop = FloorParcel.objects.get(hub="MAD")
    assert cage.departs_at == stop.departs_at > before
    assert roll_waves(system(at=after)) == 0


@pytest.mark.django_db
def test_refusals_change_nothing() -> None:
    [one] = parcels(1)
    good = told("receive", one.tracking_no)
    with pytest.raises(NoSuchHub):
        scan("XXX", [good])
    with pytest.raises(NoSuchHub):
        scan("ES-MD", [good])
    with pytest.raises(Invalid):
        record_floor_scans(system(at=T0), hub="MAD", device="", sent_at=T0, scans=[good])
    with pytest.raises(Invalid):
        scan("MAD", [told("receive", "x") for _ in range(501)])
    with pytest.raises(NotAllowed):
        scan("MAD", [good], ctx=visitor(at=T0))
    with pytest.raises(NotAllowed):
        scan("MAD", [good], ctx=operator("support", at=T0))
    with pytest.raises(NotAllowed):
        floor_snapshot(visitor(at=T0), "MAD")
    with pytest.raises(NoSuchCage):
        close_cage(system(at=T0), hub="MAD", code="CG0")
    with pytest.raises(Invalid):
        open_cage(system(at=T0), hub="MAD", lane="nowhere")
    with pytest.raises(NoSuchLoad):
        depart_load(system(at=T0), hub="MAD", load_id=new_id(), signed_by="Iker")
    with pytest.raises(NoSuchScan):
        settle_scan(system(at=T0), hub="MAD", scan_id=new_id())
    assert FloorScan.objects.count() == 0


@pytest.mark.django_db
def test_an_empty_load_does_not_leave() -> None:
    parcels(1)
    open_due_cages(system(at=T0))
    cage = Cage.objects.filter(hub="MAD").first()
    assert cage is not None
    scan("MAD", [told("load", cage.code)])
    cage.refresh_from_db()
    with pytest.raises(LoadEmpty):
        depart_load(system(at=T0), hub="MAD", load_id=UUID(str(cage.load_id)), signed_by="Iker")


@pytest.mark.django_db
def test_queries_need_few_statements(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    parcels(6)
    open_due_cages(system(at=T0))
    ctx = operator("hub", at=T0)
    with django_assert_max_num_queries(2):
        found = floor_snapshot(ctx, "MAD")
    assert len(found.parcels) == 6
    with django_assert_max_num_queries(3):
        waves_of_hub(ctx, "MAD")
    with django_assert_max_num_queries(8):
        shift_of_hub(ctx, "MAD")
    with django_assert_max_num_queries(1):
        assert hubs_of_floor(ctx)[0].expected == 6
    with django_assert_max_num_queries(1):
        assert cages_of_hub(ctx, "MAD")
    closed = close_cage(ctx, hub="MAD", code=cages_of_hub(ctx, "MAD")[0].code)
    assert closed.state == "closed"


@pytest.mark.django_db
def test_the_code_of_a_return_is_taken_in_once() -> None:
    code = show_id("rt", new_id()).upper()
    first = scan("MAD", [told("receive", code)]).answers[0]
    assert first.outcome == "return"
    assert OutboxFact.objects.filter(kind="logistics.ReturnHandedIn").count() == 1
    assert scans_to_look_at(system(at=T0), "MAD") == []
    assert scan("MAD", [told("receive", "RT_SHORT")]).answers[0].outcome == "unknown_parcel"


@pytest.mark.django_db
def test_the_label_of_a_cage_can_be_scanned() -> None:
    parcels(1)
    open_due_cages(system(at=T0))
    code = cages_of_hub(system(at=T0), "MAD")[0].code
    assert cage_label(system(at=T0), "MAD", code).startswith(b"%PDF")
    with pytest.raises(NoSuchCage):
        cage_label(system(at=T0), "MAD", "CG1")


@pytest.mark.django_db
def test_the_machine_sorts_what_people_left_and_lets_it_leave() -> None:
    [one] = parcels(1)
    stop = FloorParcel.objects.get(hub="MAD")
    run_simulated_sorter(system(at=stop.due_at))
    assert FloorParcel.objects.get(hub="MAD").state == "expected"  # people have an hour first
    sorted_at = stop.due_at + timedelta(hours=2)
    run_simulated_sorter(system(at=sorted_at))
    assert run_simulated_sorter(system(at=sorted_at)) == 0
    assert FloorParcel.objects.get(hub="MAD").state == "sorted"
    run_simulated_sorter(system(at=stop.departs_at + timedelta(minutes=1)))
    assert FloorParcel.objects.get(hub="MAD").state == "departed"
    assert one.order_id == 1000
