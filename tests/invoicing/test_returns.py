"""Returns are the movement of the tax accounts: to the cent, by country and rate, filed once from closed books."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from entrepot.invoicing.commands.file import file_return, pay_return
from entrepot.invoicing.errors import ReturnNotReady
from entrepot.invoicing.models import TaxReturn
from entrepot.invoicing.queries import declaration, declaration_file, return_file, tax_return, tax_returns
from entrepot.invoicing.returns import (
    Correction,
    Owed,
    Rated,
    ReturnContent,
    ReturnLine,
    decide_declaration,
    decide_return,
    due_day,
    in_currency,
    period_end,
    period_start,
    split_of,
)
from entrepot.kit.errors import NotAllowed, NotFound
from entrepot.ledger.commands import (
    AccountRef,
    TransferDraft,
    close_ended_months,
    credit,
    debit,
    post_transfer,
)
from entrepot.ledger.errors import PeriodClosed
from entrepot.ledger.policy import month_to_close
from entrepot.ledger.queries import balance_of, balances_by_kind
from entrepot.markets.queries import fx_rate, next_fx_rate
from entrepot.orders.commands import complete_inspected, mark_delivered, mark_shipped, refund_order
from entrepot.parties.commands import change_seller
from tests import make
from tests.orders.conftest import Clock

TERMS = {"authority": "ES", "currency": "EUR", "months": 1, "offset": 1, "day": 31}


@pytest.mark.parametrize(
    ("first", "months", "offset", "day", "due"),
    [
        ("2026-11-01", 1, 1, 31, "2026-12-31"),
        ("2027-01-01", 1, 1, 31, "2027-02-28"),
        ("2026-10-01", 3, 1, 31, "2027-01-31"),
        ("2026-10-01", 3, 1, 20, "2027-01-20"),
        ("2026-10-01", 3, 2, 7, "2027-02-07"),
    ],
)
def test_deadlines(first: str, months: int, offset: int, day: int, due: str) -> None:
    assert due_day(date.fromisoformat(first), months, offset, day) == date.fromisoformat(due)


def test_periods() -> None:
    assert period_start(date(2026, 11, 22), 3) == date(2026, 10, 1)
    assert period_start(date(2026, 11, 22), 1) == date(2026, 11, 1)
    assert month_to_close(datetime(2026, 12, 3, 23, tzinfo=UTC), 3) == datetime(2026, 11, 1, tzinfo=UTC)
    assert month_to_close(datetime(2026, 12, 4, tzinfo=UTC), 3) == datetime(2026, 12, 1, tzinfo=UTC)


def test_the_rate_is_the_last_days_or_the_next_published() -> None:
    """Art. 369h and 369v: not the day before, as prices are converted."""
    sunday = next_fx_rate("PLN", "EUR", date(2026, 5, 31))
    assert sunday is not None
    assert sunday.on == date(2026, 6, 1)
    assert fx_rate("PLN", "EUR", date(2026, 5, 31)).on == date(2026, 5, 29)
    assert next_fx_rate("PLN", "EUR", date(2199, 1, 31)) is None
    same = next_fx_rate("EUR", "EUR", date(2199, 1, 31))
    assert same is not None
    assert same.rate == 1
    assert [period_end(name, months) for name, months in (("2026-Q4", 3), ("2026-02", 1))] == [
        date(2026, 12, 31),
        date(2026, 2, 28),
    ]


AMOUNTS = st.lists(st.tuples(st.sampled_from(["PL", "CZ"]), st.integers(0, 10**9)), max_size=5)


@given(AMOUNTS, AMOUNTS, st.decimals("0.01", "9", places=4))
def test_a_declaration_is_every_currency_together(
    polish: list[tuple[str, int]], euros: list[tuple[str, int]], rate: Decimal
) -> None:
    def content(currency: str, rows: list[tuple[str, int]]) -> ReturnContent:
        made = decide_return(
            [], authority="ES", scheme="ioss", currency=currency, first_on=date(2026, 5, 1), months=1, offset=1, day=31
        )  # fmt: skip
        lines = tuple(ReturnLine(country, "goods", 2300, minor * 4, minor) for country, minor in rows)
        return replace(made, lines=lines, corrections=(Correction("PL", "2026-04", -100),))

    rates = {
        ("PLN", date(2026, 5, 31)): rate, ("PLN", date(2026, 4, 30)): rate * 2,
        ("EUR", date(2026, 5, 31)): Decimal(1), ("EUR", date(2026, 4, 30)): Decimal(1),
    }  # fmt: skip
    lines, corrections = decide_declaration(
        [content("PLN", polish), content("EUR", euros)], to="EUR", rates=rates, months=1
    )
    for country in ("PL", "CZ"):
        expected = sum(minor for where, minor in euros if where == country)
        expected += sum(in_currency(minor, "PLN", "EUR", rate) for where, minor in polish if where == country)
        assert sum(line.vat_minor for line in lines if line.country == country) == expected
    [one] = corrections
    assert one.vat_minor == -100 + in_currency(-100, "PLN", "EUR", rate * 2)


@pytest.mark.django_db
def test_the_declaration_of_a_period_waits_for_its_rate() -> None:
    def filed(currency: str, first_on: date) -> None:
        made = decide_return(
            [], authority="ES", scheme="ioss", currency=currency, first_on=first_on, months=1, offset=1, day=31
        )  # fmt: skip
        content = replace(made, lines=(ReturnLine("PL", "goods", 2300, 40_000, 9_200),))
        TaxReturn.objects.create(
            authority="ES", scheme="ioss", currency=currency, period_from=first_on, period_to=made.period_to,
            due_on=made.due_on, vat_minor=9_200, content=msgspec.to_builtins(content), filed_at=make.NOW,
        )  # fmt: skip

    for currency in ("PLN", "EUR"):
        filed(currency, date(2026, 5, 1))
    filed("PLN", date(2199, 1, 1))
    asked = {"authority": "ES", "scheme": "ioss"}
    may = declaration(make.system(), first_on=date(2026, 5, 1), **asked)
    assert may is not None
    [rate] = may.rates
    assert (rate.frm, rate.on, may.missing) == ("PLN", date(2026, 6, 1), ())
    assert may.vat_minor == 9_200 + in_currency(9_200, "PLN", "EUR", rate.rate)
    assert ("total", "", "EUR", "", "", may.vat_minor) in declaration_file(may)[1]
    later = declaration(make.system(), first_on=date(2199, 1, 1), **asked)
    assert later is not None
    assert (later.missing, later.lines) == (("PLN",), ())
    assert declaration(make.system(), authority="ES", scheme="vat", first_on=date(2026, 4, 1)) is None
    with pytest.raises(NotFound):
        declaration(make.system(), first_on=date(2026, 5, 2), **asked)
    with pytest.raises(NotAllowed):
        declaration(make.visitor(), first_on=date(2026, 5, 1), **asked)


@given(
    st.lists(
        st.tuples(
            st.integers(-10_000, 10_000).filter(bool),
            st.sampled_from(["ES", "FR", "DE"]),
            st.booleans(),
            st.lists(st.tuples(st.sampled_from([2100, 1000, 400]), st.integers(1, 9999), st.integers(0, 999)), max_size=3),
        ),
        max_size=12,
    ),
    st.sampled_from(["ioss", "oss", "vat", "customs"]),
)  # fmt: skip
def test_a_return_is_the_movement_whatever_happened(rows: list[Any], scheme: str) -> None:
    postings = [
        Owed(
            f"t{n}", "order:1", country, minor, date(2026, 11, 9), date(2026, 10 if early else 11, 3),
            split_of(minor, [Rated(*tax) for tax in taxes]), "goods",
        )
        for n, (minor, country, early, taxes) in enumerate(rows)
    ]  # fmt: skip
    found = decide_return(postings, scheme=scheme, first_on=date(2026, 11, 1), **TERMS)  # type: ignore[arg-type]
    told = sum(line.vat_minor for line in found.lines) + sum(one.vat_minor for one in found.corrections)
    lost = sum(posting.minor for posting in postings if posting.external_id in found.unexplained)
    assert told + lost == found.vat_minor == sum(posting.minor for posting in postings)
    assert {one.period for one in found.corrections} <= {"2026-10"}
    if scheme in ("vat", "customs"):
        assert found.corrections == ()


@pytest.fixture
def world(db: None, spain: Any, clock: Clock) -> Any:
    home, china = make.seller(), make.seller(country="CN")
    change_seller(make.system(), seller_id=home, values={"vat_no": "ESB87123451"})
    wishes = {
        make.offer(home, price_minor=4000, quantity=50).id: 2,
        make.offer(china, price_minor=2900, quantity=50, hs6="940540", origin_country="CN").id: 2,
    }
    answer = make.paid(make.buyer(at=clock()), wishes)
    return {order.seller_id: order.order_id for order in answer.orders}, home, china


@pytest.mark.django_db(transaction=True)
def test_from_a_sale_to_filed_and_paid_returns(world: Any, clock: Clock) -> None:
    orders, _, china = world
    november = date(2026, 11, 1)
    refund_order(make.system(at=clock()), order_id=orders[china], minor=1000, reason="a scratch")
    make.relay()
    ctx = make.system(at=clock())
    running = tax_return(ctx, authority="ES", scheme="ioss", currency="EUR", first_on=november)
    assert running.state == "running"
    assert running.content.vat_minor == balance_of(AccountRef("tax_owed", "ES:ioss:ES", "EUR")) > 0
    assert [(line.country, line.rate_bp) for line in running.content.lines] == [("ES", 2100)]
    line = running.content.lines[0]
    assert abs(line.net_minor * 21 - line.vat_minor * 100) < 100
    finance = make.operator("finance", at=clock())
    with pytest.raises(ReturnNotReady):
        file_return(finance, authority="ES", scheme="ioss", currency="EUR", first_on=november)
    for order_id in orders.values():
        mark_shipped(make.system(at=clock()), order_id=order_id)
    arrived = clock.move(days=5)
    for order_id in orders.values():
        mark_delivered(make.system(at=arrived), order_id=order_id, delivered_at=arrived)
    make.relay()
    complete_inspected(make.system(at=clock.move(days=20)))
    make.relay()
    closed = close_ended_months(make.system(at=clock()))
    assert closed == datetime(2026, 12, 1, tzinfo=UTC)
    assert close_ended_months(make.system(at=clock())) is None
    # A posting into the closed month is refused by the database.
    bank, other = AccountRef("bank", "x", "EUR"), AccountRef("write_off", "x", "EUR")
    late = TransferDraft("late", "x", "x", closed - timedelta(seconds=1), [debit(bank, 1), credit(other, 1)])
    with pytest.raises(PeriodClosed):
        post_transfer(make.system(), draft=late)
    finance = replace(finance, at=clock())
    return_id = file_return(finance, authority="ES", scheme="ioss", currency="EUR", first_on=november)
    assert file_return(finance, authority="ES", scheme="ioss", currency="EUR", first_on=november) == return_id
    # In December more is given back: a correction of November, on the December return.
    before = balance_of(AccountRef("tax_owed", "ES:ioss:ES", "EUR"))
    refund_order(make.system(at=clock()), order_id=orders[china], minor=2000, reason="another")
    make.relay()
    ctx = make.system(at=clock())
    december = tax_return(ctx, authority="ES", scheme="ioss", currency="EUR", first_on=date(2026, 12, 1))
    now = balance_of(AccountRef("tax_owed", "ES:ioss:ES", "EUR"))
    assert [(one.period, one.vat_minor) for one in december.content.corrections] == [
        ("2026-11", now - before)
    ]
    filed = tax_return(ctx, authority="ES", scheme="ioss", currency="EUR", first_on=november)
    assert filed.content.vat_minor == before
    # Fees: the quarter's national return.
    quarter = tax_return(ctx, authority="ES", scheme="vat", currency="EUR", first_on=date(2026, 10, 1))
    assert quarter.content.vat_minor == balance_of(AccountRef("tax_owed", "ES:vat:ES", "EUR")) > 0
    assert [(row.what, row.rate_bp) for row in quarter.content.lines] == [("services", 2100)]
    # All returns together are all tax that is owed; paying one takes exactly it off.
    owed = sum(line.minor for line in balances_by_kind(["tax_owed"]))
    assert sum(view.content.vat_minor for view in tax_returns(ctx)) == owed
    pay_return(finance, return_id=return_id, bank="pilot_bank")
    assert balance_of(AccountRef("tax_owed", "ES:ioss:ES", "EUR")) == now - before
    with pytest.raises(ReturnNotReady):
        pay_return(finance, return_id=return_id, bank="pilot_bank")
    left = sum(view.content.vat_minor for view in tax_returns(ctx) if view.state != "paid")
    assert left == sum(line.minor for line in balances_by_kind(["tax_owed"]))
    columns, rows = return_file(filed)
    assert rows[-1][-1] == before
    assert len(columns) == len(rows[0])
    with (
        pytest.raises(DatabaseError, match="stays as it is"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE invoicing_taxreturn SET vat_minor = 1")


@pytest.mark.django_db(transaction=True)
def test_what_no_document_explains_is_named_and_not_filed(world: Any, clock: Clock) -> None:
    tax, other = AccountRef("tax_owed", "ES:ioss:ES", "EUR"), AccountRef("write_off", "x", "EUR")
    draft = TransferDraft("stray", "x", "order:1", clock(), [credit(tax, 77), debit(other, 77)])
    post_transfer(make.system(at=clock()), draft=draft)
    first = date(2026, 11, 1)
    view = tax_return(make.system(at=clock()), authority="ES", scheme="ioss", currency="EUR", first_on=first)
    assert (view.state, view.content.unexplained) == ("unclear", ("stray",))
    clock.move(days=30)
    close_ended_months(make.system(at=clock()))
    with pytest.raises(ReturnNotReady, match="stray"):
        file_return(make.system(at=clock()), authority="ES", scheme="ioss", currency="EUR", first_on=first)
    for scheme, currency, on in (
        ("ioss", "EUR", date(2026, 11, 2)),
        ("nothing", "EUR", first),
        ("oss", "EUR", first),
    ):
        with pytest.raises(NotFound):
            tax_return(make.system(at=clock()), authority="ES", scheme=scheme, currency=currency, first_on=on)
    with pytest.raises(NotAllowed):
        tax_returns(make.buyer(at=clock()))
    with pytest.raises(NotAllowed):
        file_return(make.buyer(), authority="ES", scheme="ioss", currency="EUR", first_on=first)
