"""The client's promises: decisions by table, all or nothing, once a key, bad input refused with its field."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from entrepot.intake.commands import (
    Adjust,
    Command,
    OpenCounter,
    Place,
    PlaceLine,
    Release,
    SetOffer,
    Take,
    key_for,
    mint_key,
    submit,
    use,
)
from entrepot.intake.inprocess import InProcess
from entrepot.intake.queries import left_of_counters, left_of_offers
from entrepot.kit.errors import Invalid

NOON = datetime(2026, 11, 11, 12, tzinfo=UTC)


class Clock:
    def __init__(self, at: datetime):
        self.at = at

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock(NOON)


@pytest.fixture
def intake(clock: Clock) -> Iterator[InProcess]:
    with use(InProcess(clock)) as client:
        yield client  # type: ignore[misc]


def shop(stock: int = 10, price: int = 500, limit: int = 0, **window: datetime) -> None:
    codes = submit(
        [
            OpenCounter(1, "stock", stock),
            OpenCounter(2, "coupon", 3),
            SetOffer(7, 1, price, 1, limit_per_buyer=limit, **window),
        ]
    )
    assert [decision.code for decision in codes] == ["accepted"] * 3


def place(
    quantity: int = 1,
    *,
    offer: int = 7,
    price: int = 500,
    buyer: int = 1,
    at: datetime = NOON,
    **more: object,
) -> Place:
    return Place(mint_key(at), 5, buyer, (PlaceLine(offer, quantity, price),), **more)  # type: ignore[arg-type]


def test_an_order_takes_its_stock_and_gets_its_address(intake: InProcess) -> None:
    shop()
    [decision] = submit([place(3)])
    assert decision.code == "accepted"
    assert decision.order_id == (1 << 13)  # shard 0, batch 1, index 0
    assert left_of_counters([1, 2, 3]) == {1: 7, 2: 3}
    assert left_of_offers([7, 8]) == {7: 7}


@pytest.mark.parametrize(
    ("command", "code", "line", "left"),
    [
        (place(offer=8), "unknown_offer", 0, None),
        (place(price=499), "price_changed", 0, None),
        (place(price=501), "price_changed", 0, None),
        (place(11), "sold_out", 0, 10),
        (place(takes=(Take(2, 4),)), "budget_exhausted", 1, 3),
        (place(takes=(Take(9, 1),)), "unknown_counter", 1, None),
        (place(takes=(Take(1, 10),)), "sold_out", 1, 9),
        (place(at=NOON - timedelta(hours=25)), "stale_key", None, None),
        (place(at=NOON + timedelta(hours=2)), "stale_key", None, None),
        (Adjust(1, -11, mint_key(NOON)), "sold_out", 0, 10),
        (Adjust(9, 1, mint_key(NOON)), "unknown_counter", 0, None),
        (Release(77, mint_key(NOON)), "unknown_order", None, None),
        (SetOffer(8, 9, 100, 1), "unknown_counter", None, None),
    ],
)
def test_refusals_name_the_line_and_change_nothing(
    intake: InProcess, command: Command, code: str, line: int | None, left: int | None
) -> None:
    shop()
    [decision] = submit([command])
    assert (decision.code, decision.line, decision.left, decision.order_id) == (code, line, left, None)
    assert left_of_counters([1, 2]) == {1: 10, 2: 3}


def test_of_several_reasons_the_first_by_precedence_is_given(intake: InProcess) -> None:
    shop()
    order = Place(mint_key(NOON), 1, 1, (PlaceLine(7, 11, 500), PlaceLine(8, 1, 1)), (Take(2, 9),))
    [decision] = submit([order])
    assert (decision.code, decision.line) == ("unknown_offer", 1)


def test_windows_open_and_close_on_the_instant(intake: InProcess, clock: Clock) -> None:
    shop(opens_at=NOON, closes_at=NOON + timedelta(hours=1))
    for at, code in (
        (NOON - timedelta(milliseconds=0), "accepted"),
        (NOON + timedelta(minutes=59), "accepted"),
        (NOON + timedelta(hours=1), "closed"),
    ):
        clock.at = at
        assert submit([place(at=at)])[0].code == code
    submit([SetOffer(7, 1, 500, 2, opens_at=NOON + timedelta(hours=2))])
    assert submit([place(at=clock.at)])[0].code == "not_open"


def test_a_limit_holds_per_buyer_and_comes_back_with_a_release(intake: InProcess) -> None:
    shop(limit=3)
    [first] = submit([place(2)])
    [refused] = submit([place(2)])
    assert (refused.code, refused.left) == ("limit_reached", 1)
    assert submit([place(3, buyer=2)])[0].is_accepted
    assert first.order_id is not None
    assert submit([Release(first.order_id, mint_key(NOON))])[0].is_accepted
    assert left_of_counters([1]) == {1: 7}
    assert submit([place(3)])[0].is_accepted


def test_a_release_happens_once(intake: InProcess) -> None:
    shop()
    [order] = submit([place(4, takes=(Take(2, 1),))])
    assert order.order_id is not None
    key = mint_key(NOON)
    assert submit([Release(order.order_id, key)])[0].code == "accepted"
    assert submit([Release(order.order_id, key)])[0].repeated
    assert submit([Release(order.order_id, mint_key(NOON))])[0].code == "already_released"
    assert left_of_counters([1, 2]) == {1: 10, 2: 3}


def test_a_repeated_key_answers_its_first_decision(intake: InProcess, clock: Clock) -> None:
    shop(stock=1)
    one, two = place(), place()
    [first] = submit([one])
    [second] = submit([two])
    assert (first.code, second.code) == ("accepted", "sold_out")
    submit([Adjust(1, 5, mint_key(NOON))])
    clock.at = NOON + timedelta(hours=23, minutes=59)
    again, still = submit([one, two])
    assert again.repeated
    assert (again.code, again.order_id) == ("accepted", first.order_id)
    assert (still.code, still.repeated) == ("sold_out", True)
    other = Place(one.key, 5, 1, (PlaceLine(7, 2, 500),))
    assert submit([other])[0].code == "key_reused"
    clock.at = NOON + timedelta(hours=24, milliseconds=1)
    assert submit([one])[0].code == "stale_key"
    assert left_of_counters([1]) == {1: 5}


def test_an_older_price_version_changes_nothing(intake: InProcess) -> None:
    shop()
    submit([SetOffer(7, 1, 600, 3), SetOffer(7, 1, 550, 2), OpenCounter(1, "stock", 99)])
    assert submit([place(price=550)])[0].code == "price_changed"
    assert submit([place(price=600)])[0].is_accepted
    assert left_of_counters([1]) == {1: 9}


def test_an_offer_in_two_lines_is_one(intake: InProcess) -> None:
    shop(stock=5)
    both = Place(mint_key(NOON), 1, 1, (PlaceLine(7, 3, 500), PlaceLine(7, 3, 500)), (Take(2, 9),))
    [decision] = submit([both])
    assert (decision.code, decision.line, decision.left) == ("sold_out", 0, 5)
    submit([Adjust(1, 5, mint_key(NOON))])
    [decision] = submit([Place(mint_key(NOON), 1, 1, both.lines, both.takes)])
    assert (decision.code, decision.line) == ("budget_exhausted", 2)


def test_journal_time_never_runs_back(intake: InProcess, clock: Clock) -> None:
    shop(closes_at=NOON + timedelta(hours=1))
    clock.at = NOON + timedelta(hours=1)
    assert submit([place(at=clock.at)])[0].code == "closed"
    clock.at = NOON
    assert submit([place(at=clock.at)])[0].code == "closed"


def test_keys_for_a_cause_are_always_the_same() -> None:
    assert key_for("fact:1", NOON) == key_for("fact:1", NOON) != key_for("fact:2", NOON)
    assert key_for("fact:1", NOON).version == 7


BAD_QUANTITIES = [-1, 0, 2**31, 2**63, 1.5, "1e9", float("nan"), "１２", "1", None, True]


@pytest.mark.parametrize("quantity", BAD_QUANTITIES)
def test_bad_quantities_name_their_field(intake: InProcess, quantity: object) -> None:
    shop()
    with pytest.raises(Invalid) as refused:
        submit([place(1), Place(mint_key(NOON), 1, 1, (PlaceLine(7, quantity, 500),))])  # type: ignore[arg-type]
    assert refused.value.facts["field"] == "lines.0.quantity"
    assert left_of_counters([1]) == {1: 10}


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (Place(mint_key(NOON), 1, 1, ()), "lines"),
        (Place(mint_key(NOON), 1, 1, tuple(PlaceLine(i, 1, 1) for i in range(65))), "lines"),
        (Place(mint_key(NOON), 1, 1, (PlaceLine(7, 2, 1 << 53),)), "lines"),
        (Place(mint_key(NOON), 1, 1, (PlaceLine(7, 1, 1), PlaceLine(7, 1, 2))), "lines.1.price_minor"),
        (Place(mint_key(NOON), 1, 1, (PlaceLine(7, 2**31 - 1, 1), PlaceLine(7, 1, 1))), "lines.1.quantity"),
        (Place(mint_key(NOON), -1, 1, (PlaceLine(7, 1, 1),)), "checkout_ref"),
        (Place(mint_key(NOON), 1, 1 << 63, (PlaceLine(7, 1, 1),)), "buyer"),
        (Place(UUID(int=0), 1, 1, (PlaceLine(7, 1, 1),)), "key"),
        (Place(mint_key(NOON), 1, 1, (PlaceLine(7, 1, 1),), (Take(1, 0),)), "takes.0.amount"),
        (OpenCounter(1, "gold", 1), "kind"),  # type: ignore[arg-type]
        (OpenCounter(1, "stock", -1), "amount"),
        (SetOffer(-1, 1, 1, 1), "offer"),
    ],
)
def test_bad_commands_name_their_field(intake: InProcess, command: Command, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        submit([command])
    assert refused.value.facts["field"] == field


def test_one_budget_is_never_overdrawn(intake: InProcess) -> None:
    shop(stock=500)
    answers = submit([place(buyer=i) for i in range(9_000)])
    assert sum(answer.is_accepted for answer in answers) == 500
    assert left_of_counters([1]) == {1: 0}
