"""Figures come from orders, days from the market's calendar, pages from counts that know nobody."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.insight import commands, policy
from entrepot.insight.models import PageCount
from entrepot.insight.queries import charts, export
from entrepot.insight.queries.overview import Period, overview, page_counts, period_of
from entrepot.kit.errors import Invalid, NotAllowed
from entrepot.kit.ids import new_id
from entrepot.orders.models import OrderLine
from entrepot.search.commands import rebuild_index
from entrepot.search.models import Score
from entrepot.search.queries import search
from tests import make
from tests.order_rows import order

MADRID = "Europe/Madrid"


@pytest.mark.django_db
def test_the_overview_counts_orders_by_the_markets_days(django_assert_max_num_queries: Any) -> None:
    seller_id, buyer_id = make.seller(), new_id()

    def sold(at: datetime, **more: Any) -> None:
        order(seller_id=seller_id, buyer_id=buyer_id, at=at, **{"paid_at": at, "state": "paid"} | more)

    late_evening = datetime(2026, 11, 19, 23, 30, tzinfo=UTC)  # already the 20th in Madrid
    sold(late_evening, total_minor=1_000)
    sold(datetime(2026, 11, 19, 12, tzinfo=UTC), total_minor=2_000)
    sold(datetime(2026, 11, 13, 12, tzinfo=UTC), total_minor=500)  # the period before
    sold(datetime(2026, 11, 20, 1, tzinfo=UTC), total_minor=700, market="FR")
    sold(datetime(2026, 11, 20, 1, tzinfo=UTC), total_minor=900, currency="GBP")
    sold(late_evening, state="cancelled", paid_at=None, cancel_reason="not_paid")
    sold(late_evening, state="delivered", shipped_at=late_evening, delivered_at=make.NOW, promise_to=date(2026, 11, 18), total_minor=3_000)  # fmt: skip
    ctx = make.operator()
    period = period_of(ctx, days=7, time_zone=MADRID)
    assert period == Period(date(2026, 11, 14), date(2026, 11, 20), MADRID)
    with django_assert_max_num_queries(12):
        found = overview(ctx, period=period, currency="EUR", market="ES")
    assert (found.gmv_minor.value, found.gmv_minor.before, found.gmv_minor.change_bp) == (6_000, 500, 110_000)
    assert (found.orders.value, found.orders.before, found.average_minor.value) == (3, 1, 2_000)
    assert [(day.on.day, day.orders, day.gmv_minor) for day in found.days if day.orders] == [(19, 1, 2_000), (20, 2, 4_000)]  # fmt: skip
    assert [day.gmv_before_minor for day in found.days if day.gmv_before_minor] == [500]
    assert len(found.days) == 7
    assert found.left_out == 1
    assert [(reason.reason, reason.count) for reason in found.exceptions] == [
        ("cancelled:not_paid", 1),
        ("late_delivery", 1),
    ]
    steps = {step.step: step.count for step in found.funnel}
    assert (steps["placed"], steps["paid"], steps["shipped"], steps["delivered"], steps["kept"]) == (
        5,
        4,
        1,
        1,
        0,
    )
    assert found.sellers[0].gmv_minor == 6_000


@pytest.mark.django_db
def test_only_those_who_may_see_figures_do() -> None:
    period = Period(date(2026, 11, 14), date(2026, 11, 20), MADRID)
    for ctx in (make.visitor(), make.buyer(), make.staff(make.seller(), "orders"), make.operator("support")):
        with pytest.raises(NotAllowed):
            overview(ctx, period=period, currency="EUR")


@pytest.mark.django_db
def test_a_seller_sees_its_own_figures_only() -> None:
    mine, theirs = make.seller(), make.seller()
    for seller_id, minor in ((mine, 100), (theirs, 10_000)):
        order(
            seller_id=seller_id,
            buyer_id=new_id(),
            at=make.NOW,
            paid_at=make.NOW,
            state="paid",
            total_minor=minor,
        )
    ctx = make.staff(mine)
    found = overview(ctx, period=period_of(ctx, days=7, time_zone=MADRID), currency="EUR")
    assert found.gmv_minor.value == 100
    assert [row.seller_id for row in found.sellers] == [mine]


def test_a_summer_time_day_has_23_hours() -> None:
    day = Period(date(2026, 3, 29), date(2026, 3, 29), MADRID)
    assert day.until_at.astimezone(UTC) - day.since_at.astimezone(UTC) == timedelta(hours=23)


@pytest.mark.django_db
def test_pages_are_counted_in_the_process_and_added_together(django_assert_num_queries: Any) -> None:
    commands.flush_pages(make.visitor())
    with django_assert_num_queries(0):
        for step in ("visit", "visit", "product", "unheard of"):
            commands.note_page(make.visitor(), market="ES", step=step)
    assert not PageCount.objects.exists()
    commands.note_page(make.visitor(at=make.NOW + timedelta(seconds=11)), market="ES", step="visit")
    assert commands.flush_pages(make.visitor()) == 0, "the due count was flushed by the page itself"
    commands.note_page(make.visitor(), market="FR", step="visit")
    assert commands.flush_pages(make.visitor()) == 1
    span = {"since_at": make.NOW, "until_at": make.NOW + timedelta(hours=1)}
    assert page_counts(**span, market="ES") == {"visit": 3, "product": 1, "cart": 0, "checkout": 0}
    assert page_counts(**span)["visit"] == 4
    columns = {field.name for field in PageCount._meta.get_fields()}
    assert columns == {"id", "hour_at", "market", "step", "count"}, "nothing about a person"


@pytest.mark.django_db
@pytest.mark.parametrize("days", [0, -1, 401, 2**31])
def test_silly_periods_are_refused(days: int) -> None:
    with pytest.raises(Invalid):
        period_of(make.visitor(), days=days, time_zone=MADRID)


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        (-1, "-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  =1", "'  =1"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("aceite", "aceite"),
        ("", ""),
        (None, ""),
    ],
)
def test_no_spreadsheet_runs_a_cell(cell: object, safe: str) -> None:
    assert export.safe_cell(cell) == safe


@given(st.lists(st.tuples(st.text(max_size=5), st.integers(0, 1_000)), max_size=20))
def test_a_pareto_loses_nothing(counts: list[tuple[str, int]]) -> None:
    rows = policy.pareto(counts)
    assert sum(count for _, count, _ in rows) == sum(count for _, count in counts)
    assert [row[2] for row in rows] == sorted(row[2] for row in rows)
    assert not rows or rows[-1][2] == 10_000


@given(st.lists(st.integers(0, 10**13), max_size=9))
def test_the_axis_is_above_and_never_twice_and_a_half_too_high(values: list[int]) -> None:
    top = charts.axis_top(values)
    assert max([1, *values]) <= top <= 2.5 * max([1, *values])


def test_charts_are_escaped_and_carry_no_style() -> None:
    bars = [charts.Bar("<b>día</b>", 5, "5 €", "x", 3), charts.Bar("nada", 0, "0 €")]
    for svg in (charts.columns("Un <título>", bars, top_said="10 €"), charts.rows("Un <título>", bars)):
        assert "<b>" not in svg
        assert "style=" not in svg
        assert 'role="img"' in svg
    assert charts.columns("none", [], top_said="") == ""


@pytest.mark.django_db
def test_what_was_bought_and_reviewed_ranks_products() -> None:
    """“Most bought” counts pieces of paid orders of 90 days that were not given back; doing it twice changes nothing."""
    make.open_market("ES")
    seller_id = make.seller()
    often, seldom, never = (make.product(seller_id) for _ in range(3))
    rebuild_index(make.system(), market="ES")
    for product_id, days, sold, back in (
        (often, 5, 4, 1),
        (seldom, 9, 2, 0),
        (seldom, 120, 9, 0),
        (never, 3, 2, 2),
    ):
        at = make.NOW - timedelta(days=days)
        made = order(
            seller_id=seller_id, buyer_id=new_id(), at=at, paid_at=at, state="paid", product_id=product_id
        )
        OrderLine.objects.filter(order=made).update(quantity=sold, given_back=back)
    assert commands.score_products(make.system()) == 2
    assert commands.score_products(make.system()) == 0
    assert list(search("ES", "es", sort="sold").product_ids)[:2] == [often, seldom]
    assert Score.objects.get(pk=often).sold == 3
