"""Sales with a waiting room, as the edge learns of them."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from entrepot.intake.commands import close_sale, open_sale, order_ticket
from entrepot.intake.edge import Edge
from entrepot.intake.gateway import Gateway
from entrepot.intake.queries import sale_to_wait_for, sales
from entrepot.intake.tokens import read_token, secret_for
from entrepot.intake.waiting import ROOM, Room, Sale
from entrepot.kit import clock
from entrepot.kit.context import system_context
from entrepot.kit.errors import Invalid, NotFound

OPERATOR = system_context(at=datetime(2026, 11, 11, tzinfo=UTC), cause="festival")


@pytest.mark.django_db(transaction=True)
def test_the_edge_knows_open_sales_and_how_far_the_tables_are(tmp_path: Path) -> None:
    ctx = system_context(at=clock.now(), cause="festival")
    number = open_sale(
        ctx,
        title="Festival",
        offers=[8, 7, 7],
        admit_per_s=50,
        opens_at=ctx.at,
        closes_at=ctx.at + timedelta(hours=1),
        path="/es-es/",
    )
    edge = Edge(Gateway(tmp_path / "s"), "secret", tmp_path, os.environ["ENTREPOT_TEST_DSN"], "http://x")
    [sale] = edge._read_sales()
    assert (sale.number, sale.offers, sale.per_second) == (number, frozenset({7, 8}), 50)
    assert abs(sale.closes_s - sale.opens_s - 3600) < 0.001
    assert edge._projected_seq() == -1
    assert edge._database is not None
    edge._database.close()  # the database was restarted
    close_sale(ctx, number=number)
    assert edge._read_sales() == []
    edge._database.close()
    with pytest.raises(NotFound):
        close_sale(ctx, number=number + 1)


@pytest.mark.django_db
def test_only_those_whom_the_room_let_in_may_order(tmp_path: Path) -> None:
    ctx = OPERATOR
    number = open_sale(
        ctx,
        title="Festival",
        offers=[7],
        admit_per_s=5,
        opens_at=ctx.at,
        closes_at=ctx.at + timedelta(hours=1),
        path="/es-es/",
    )
    running = sales(ctx.at)
    [sale] = running
    assert sale.room_url.endswith(f"/room/{number}")
    room = Room(
        Sale(number, "Festival", sale.offers, 5, ctx.at.timestamp(), ctx.at.timestamp() + 3600, "/"),
        secret_for(ROOM, settings.SECRET_KEY),
        tmp_path,
    )
    for later in range(3):
        room.tick(ctx.at.timestamp() + later, left=9, is_overloaded=False)
    good = room.place("", ctx.at.timestamp())
    assert sale_to_wait_for(running, [8], [], ctx.at) is None
    assert sale_to_wait_for(running, [8, 7], [], ctx.at) == sale
    assert sale_to_wait_for(running, [7], [good.token, "x", ""], ctx.at) == sale, "a place is no passport"
    assert sale_to_wait_for(running, [7], [good.passport], ctx.at) is None
    assert sale_to_wait_for(running, [7], ["x"] * 4 + [good.passport], ctx.at) == sale, "four are looked at"
    assert sale_to_wait_for(running, [7], [good.passport], ctx.at + timedelta(minutes=11)) == sale
    assert sales(ctx.at + timedelta(hours=1)) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"offers": []}, "offers"),
        ({"offers": [-1]}, "offers"),
        ({"admit_per_s": 0}, "admit_per_s"),
        ({"title": "  "}, "title"),
        ({"closes_at": datetime(2020, 1, 1, tzinfo=UTC)}, "closes_at"),
        ({"path": "//elsewhere.example/"}, "path"),
        ({"path": "https://elsewhere.example/"}, "path"),
        ({"path": "/a\r\nset-cookie: x"}, "path"),
    ],
)
@pytest.mark.django_db
def test_a_sale_that_makes_no_sense_is_refused(change: dict[str, object], field: str) -> None:
    words: dict[str, object] = {
        "title": "x",
        "offers": [1],
        "admit_per_s": 1,
        "opens_at": OPERATOR.at,
        "closes_at": OPERATOR.at + timedelta(hours=1),
        "path": "/",
    }
    with pytest.raises(Invalid) as refused:
        open_sale(OPERATOR, **words | change)  # type: ignore[arg-type]
    assert refused.value.facts["field"] == field
    assert sales(OPERATOR.at) == []


def test_a_ticket_names_checkout_and_buyer() -> None:
    at = datetime(2026, 11, 11, tzinfo=UTC)
    ticket = order_ticket(checkout_ref=77, buyer=5, expires_at=at)
    edge = Edge(Gateway(Path("s")), settings.SECRET_KEY, Path("."), "", "")
    assert read_token(edge.ticket_secret, ticket, 2, at.timestamp() - 1) == (77, 5)
    assert read_token(edge.ticket_secret, ticket, 2, at.timestamp()) is None
