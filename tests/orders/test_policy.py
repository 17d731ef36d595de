"""Decisions about carts, withdrawals and refunds: one row in, one answer out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.kit.errors import Invalid
from entrepot.kit.ids import new_id
from entrepot.orders.errors import (
    CartTooLong,
    MixedCurrencies,
    NothingToWithdraw,
    NotWithdrawable,
    RefundTooLarge,
    SumTooLarge,
    WithdrawalClosed,
    WrongState,
)
from entrepot.orders.policy import (
    MAX_LINES,
    MAX_SUM,
    ORDER_STATES,
    STEPS,
    Contact,
    LineLeft,
    OrderDue,
    Terms,
    clean_contact,
    decide_capture,
    decide_refund,
    decide_return,
    decide_step,
    decide_sum,
    decide_window,
    decide_withdrawal,
    last_day_to_withdraw,
    mailbox_id,
    mailbox_of,
    merge_wishes,
    missing_of,
    read_quantity,
    wrong_of,
)

MADRID = ZoneInfo("Europe/Madrid")
TERMS = Terms(14, 14, 14, 14, ("WD-01",))


class Weekdays:
    """Monday to Friday, without the given holidays."""

    def __init__(self, *holidays: date) -> None:
        self.holidays = holidays

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.holidays


@pytest.mark.parametrize("value,number", [(1, 1), ("1", 1), ("0012", 12), (9_999, 9_999), ("9999", 9_999)])
def test_quantities_that_are_one(value: object, number: int) -> None:
    assert read_quantity(value) == number


@pytest.mark.parametrize(
    "value",
    [0, -1, "-1", "0", 2**31, 2**63, str(2**63), "9" * 400, 1.5, "1.5", "1e9", float("nan"), float("inf"), "NaN",
     "１", "٣", "²", " 1", "1 ", "", "+1", "0x1", None, True, False, [], {}, b"1", 10_000],
)  # fmt: skip
def test_quantities_that_are_none(value: object) -> None:
    with pytest.raises(Invalid) as caught:
        read_quantity(value)
    assert caught.value.status == 400
    assert caught.value.facts["field"] == "quantity"


def test_the_same_offer_twice_is_one_line() -> None:
    one, other = new_id(), new_id()
    assert merge_wishes([(one, 1), (other, 2), (one, 3)]) == {one: 4, other: 2}


def test_a_cart_holds_64_offers() -> None:
    offers = [(new_id(), 1) for _ in range(MAX_LINES)]
    assert len(merge_wishes(offers)) == MAX_LINES
    with pytest.raises(CartTooLong):
        merge_wishes([*offers, (new_id(), 1)])


def test_sums_stay_exact_and_of_one_currency() -> None:
    assert decide_sum([(MAX_SUM - 1, "EUR"), (1, "EUR")]) == (MAX_SUM, "EUR")
    with pytest.raises(SumTooLarge):
        decide_sum([(MAX_SUM, "EUR"), (1, "EUR")])
    with pytest.raises(MixedCurrencies):
        decide_sum([(1, "EUR"), (1, "GBP")])


LEGAL = {
    ("placed", "paid"), ("paid", "packed"), ("paid", "shipped"), ("packed", "shipped"), ("shipped", "delivered"),
    ("delivered", "completed"), ("placed", "cancelled"), ("paid", "cancelled"), ("packed", "cancelled"),
    ("paid", "refunded"), ("packed", "refunded"), ("shipped", "refunded"), ("delivered", "refunded"),
    ("completed", "refunded"),
}  # fmt: skip


@pytest.mark.parametrize("state", sorted(ORDER_STATES))
@pytest.mark.parametrize("step", sorted(STEPS))
def test_no_step_is_skipped(state: str, step: str) -> None:
    if (state, step) in LEGAL:
        assert decide_step(state, step) == step
    else:
        with pytest.raises(WrongState):
            decide_step(state, step)


@pytest.mark.parametrize(
    "delivered,holidays,last",
    [
        (date(2026, 11, 2), (), date(2026, 11, 16)),  # Monday → Monday
        (date(2026, 11, 7), (), date(2026, 11, 23)),  # ends on a Saturday → Monday
        (date(2026, 11, 8), (), date(2026, 11, 23)),  # ends on a Sunday → Monday
        (date(2026, 11, 24), (date(2026, 12, 8),), date(2026, 12, 9)),  # ends on a holiday → the day after
        (date(2026, 12, 11), (date(2026, 12, 25),), date(2026, 12, 28)),  # holiday, then the weekend
    ],
)
def test_the_last_day_to_withdraw(delivered: date, holidays: tuple[date, ...], last: date) -> None:
    assert last_day_to_withdraw(delivered, TERMS, Weekdays(*holidays)) == last


def test_the_day_is_the_buyers_day() -> None:
    """Delivered at 23:30 UTC: in Madrid it is the next day already."""
    until, completes = decide_window(datetime(2026, 11, 1, 23, 30, tzinfo=UTC), TERMS, Weekdays(), MADRID)
    assert until == date(2026, 11, 16)
    assert completes == datetime(2026, 11, 16, 23, 0, tzinfo=UTC)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)))
def test_the_window_never_ends_before_the_right(moment: datetime) -> None:
    delivered = moment.replace(tzinfo=UTC)
    until, completes = decide_window(delivered, TERMS, Weekdays(), MADRID)
    assert completes.astimezone(MADRID).date() > until
    assert until >= delivered.astimezone(MADRID).date() + timedelta(days=14)
    assert until.weekday() < 5


LINES = [
    LineLeft(0, "Mug", 1_250, 2, 2),
    LineLeft(1, "Oil", 900, 1, 1),
    LineLeft(2, "Ham", 5_000, 1, 1, "perishable"),
]


def withdraw(wanted: dict[int, int], lines: list[LineLeft] = LINES, *, state: str = "delivered", day: int = 10,
             hour: int = 12, until: date | None = date(2026, 11, 16)):  # fmt: skip
    return decide_withdrawal(
        lines,
        wanted,
        state=state,
        withdraw_until=until,
        standard_shipping_minor=390,
        at=datetime(2026, 11, day, hour, tzinfo=UTC),
        zone=MADRID,
        terms=TERMS,
    )


def test_a_part_gives_back_its_price_and_no_delivery() -> None:
    terms = withdraw({0: 1})
    assert (terms.goods_minor, terms.shipping_minor, terms.is_everything) == (1_250, 0, False)
    assert terms.refund_due_on == terms.send_back_by == date(2026, 11, 24)


def test_everything_gives_back_standard_delivery_too() -> None:
    terms = withdraw({0: 2, 1: 1}, LINES[:2])
    assert terms.refund_minor == 2 * 1_250 + 900 + 390


def test_the_rest_after_a_part_gives_back_delivery_too() -> None:
    left = [LineLeft(0, "Mug", 1_250, 2, 1), LineLeft(1, "Oil", 900, 1, 0)]
    assert withdraw({0: 1}, left).refund_minor == 1_250 + 390


def test_what_counts_is_when_it_was_declared() -> None:
    assert withdraw({0: 1}, day=16, hour=22).refund_minor == 1_250  # 23:00 in Madrid
    with pytest.raises(WithdrawalClosed):
        withdraw({0: 1}, day=16, hour=23)  # midnight in Madrid


@pytest.mark.parametrize("wanted", [{}, {0: 0}, {0: 3}, {0: -1}, {7: 1}, {0: 1, 1: 2}])
def test_only_what_is_there_can_be_given_back(wanted: dict[int, int]) -> None:
    with pytest.raises(NothingToWithdraw):
        withdraw(wanted)


def test_what_the_law_excludes_is_said_with_its_reason() -> None:
    with pytest.raises(NotWithdrawable) as caught:
        withdraw({2: 1})
    assert "perishable" in caught.value.sentence


def test_before_delivery_no_day_has_begun_to_run() -> None:
    assert withdraw({0: 1}, state="shipped", until=None, day=30).refund_minor == 1_250
    assert withdraw({0: 1}, state="paid", until=None, day=30).send_back_by is None


@pytest.mark.parametrize("state", ["placed", "cancelled", "refunded"])
def test_nobody_withdraws_from_what_was_never_paid_or_is_over(state: str) -> None:
    with pytest.raises(WrongState):
        withdraw({0: 1}, state=state)


@given(st.integers(1, MAX_SUM), st.lists(st.integers(-5, MAX_SUM), max_size=12))
def test_never_more_back_than_came_in(total: int, asked: list[int]) -> None:
    promised = 0
    for amount in asked:
        try:
            promised = decide_refund(
                total_minor=total, refund_minor=promised, asked_minor=amount, currency="EUR"
            )
        except (RefundTooLarge, Invalid):
            assert amount <= 0 or promised + amount > total
        assert 0 <= promised <= total


PAYMENT, OTHER = new_id(), new_id()


@pytest.mark.parametrize(
    "state,paid_by,part,paid,back",
    [
        ("placed", None, 1_000, True, 0),
        ("placed", None, 999, False, 999),  # not its total: nothing is half paid
        ("cancelled", None, 1_000, False, 1_000),  # cancel won the race
        ("paid", OTHER, 1_000, False, 1_000),  # paid twice
        ("paid", PAYMENT, 1_000, False, 0),  # told twice
        ("refunded", PAYMENT, 1_000, False, 0),
    ],
)
def test_a_captured_payment(state: str, paid_by: UUID | None, part: int, paid: bool, back: int) -> None:
    outcome = decide_capture([OrderDue(7, state, 1_000, paid_by)], {7: part}, PAYMENT)
    assert outcome.paid == ((7,) if paid else ())
    assert outcome.back == (((7, back),) if back else ())


def test_money_for_an_unknown_order_goes_back() -> None:
    assert decide_capture([], {9: 5}, PAYMENT).back == ((9, 5),)


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(ORDER_STATES)), st.integers(1, 10_000), st.integers(1, 10_000)),
        max_size=6,
    )
)
def test_each_cent_of_a_capture_pays_or_returns(orders: list[tuple[str, int, int]]) -> None:
    due = [OrderDue(i, state, total, None) for i, (state, total, _) in enumerate(orders)]
    parts = {i: part for i, (_, _, part) in enumerate(orders)}
    outcome = decide_capture(due, parts, PAYMENT)
    assert sum(parts[i] for i in outcome.paid) + sum(minor for _, minor in outcome.back) == sum(
        parts.values()
    )


def test_everything_that_is_missing_is_named_at_once() -> None:
    gaps = missing_of(Contact(line1="Calle Mayor 1"), ["street_address", "postal_code", "city"])
    assert [gap.field for gap in gaps] == ["email", "name", "phone", "postcode", "city"]
    assert missing_of(Contact("a@b.es", "A", "1", "x", "", "28013", "Madrid"), ["city", "postal_code"]) == []


@pytest.mark.parametrize(
    "contact,wrong",
    [
        (Contact(email="ana@example.es", phone="+34 612 345 678"), set()),
        (Contact(), set()),
        (Contact(email="ana@example"), {"email"}),
        (Contact(email="ana@example.es, eva@example.es"), {"email"}),
        (Contact(email="ana@example.es\r\nBcc: eva@example.es"), {"email"}),
        (Contact(email="<ana@example.es>"), {"email"}),
        (Contact(phone="call me"), {"phone"}),
        (Contact(phone="12345"), {"phone"}),
        (Contact(phone="+" + "1" * 16), {"phone"}),
        (Contact(name="A" * 121), {"name"}),
        (Contact(name="Ana\u202eanA"), {"name"}),
        (Contact(line1="Calle\x00"), {"line1"}),
        (Contact(name="{{7*7}} %s ${x}"), set()),  # kept as it was typed
    ],
)
def test_what_is_filled_in_wrongly_is_said_by_field(contact: Contact, wrong: set[str]) -> None:
    assert set(wrong_of(contact, postcode_fits=True)) == wrong


def test_a_postcode_of_elsewhere_is_wrong_and_a_missing_one_is_not() -> None:
    assert set(wrong_of(Contact(postcode="SW1A 1AA"), postcode_fits=False)) == {"postcode"}
    assert wrong_of(Contact(), postcode_fits=False) == {}


def test_white_space_is_tidied() -> None:
    assert clean_contact(Contact(name="  Ana \n  Prueba ")).name == "Ana Prueba"


def test_goods_returned_for_a_reason() -> None:
    assert decide_return(LINES, {0: 1}, standard_shipping_minor=390) == 1_250
    assert decide_return(LINES, {0: 2, 1: 1, 2: 1}, standard_shipping_minor=390) == 2_500 + 900 + 5_000 + 390
    with pytest.raises(NothingToWithdraw):
        decide_return(LINES, {0: 3}, standard_shipping_minor=390)


NAME = st.from_regex(r"[A-Za-z0-9.]{1,12}", fullmatch=True).filter(lambda name: name.strip("."))
DOMAIN = st.sampled_from(["example.es", "Example.ES", "gmail.com", "googlemail.com"])


@given(NAME, DOMAIN, st.from_regex(r"(\+[a-z0-9]{0,6})?", fullmatch=True))
def test_every_spelling_of_a_mailbox_is_one_mailbox(name: str, domain: str, tag: str) -> None:
    mailbox = mailbox_of(f"{name}@{domain}")
    assert mailbox_of(mailbox) == mailbox
    assert mailbox_of(f"  {name.upper()}{tag}@{domain.upper()}. ") == mailbox
    assert mailbox_id(mailbox, key="a") == mailbox_id(mailbox, key="a") != mailbox_id(mailbox, key="b")


@given(NAME, NAME)
def test_different_names_are_different_mailboxes_where_dots_count(one: str, other: str) -> None:
    same = one.casefold() == other.casefold()
    assert (mailbox_of(f"{one}@example.es") == mailbox_of(f"{other}@example.es")) == same
