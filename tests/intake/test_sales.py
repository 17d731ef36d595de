"""Sales with a waiting room, as the edge learns of them."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from entrepot.intake.commands import close_sale, open_sale, order_ticket
from entrepot.intake.edge import Edge
from entrepot.intake.gateway import Gateway
from entrepot.intake.tokens import read_token
from entrepot.kit import clock
from entrepot.kit.errors import Invalid


@pytest.mark.django_db(transaction=True)
def test_the_edge_knows_open_sales_and_how_far_the_tables_are(tmp_path: Path) -> None:
    now = clock.now()
    number = open_sale(
        title="Festival",
        offers=[8, 7, 7],
        admit_per_s=50,
        opens_at=now,
        closes_at=now + timedelta(hours=1),
        url="http://x/",
    )
    edge = Edge(Gateway(tmp_path / "s"), "secret", tmp_path, os.environ["ENTREPOT_TEST_DSN"], "http://x")
    [sale] = edge._read_sales()
    assert (sale.number, sale.offers, sale.per_second) == (number, frozenset({7, 8}), 50)
    assert abs(sale.closes_s - sale.opens_s - 3600) < 0.001
    assert edge._projected_seq() == -1
    assert edge._database is not None
    edge._database.close()  # the database was restarted
    close_sale(number=number, at=clock.now())
    assert edge._read_sales() == []
    edge._database.close()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"offers": []}, "offers"),
        ({"offers": [-1]}, "offers"),
        ({"admit_per_s": 0}, "admit_per_s"),
        ({"closes_at": datetime(2020, 1, 1, tzinfo=UTC)}, "closes_at"),
    ],
)
def test_a_sale_that_makes_no_sense_is_refused(change: dict[str, object], field: str) -> None:
    now = datetime(2026, 11, 11, tzinfo=UTC)
    words: dict[str, object] = {
        "title": "x",
        "offers": [1],
        "admit_per_s": 1,
        "opens_at": now,
        "closes_at": now + timedelta(hours=1),
        "url": "/",
    }
    with pytest.raises(Invalid) as refused:
        open_sale(**words | change)  # type: ignore[arg-type]
    assert refused.value.facts["field"] == field


def test_a_ticket_names_checkout_and_buyer() -> None:
    at = datetime(2026, 11, 11, tzinfo=UTC)
    ticket = order_ticket(checkout_ref=77, buyer=5, expires_at=at)
    from django.conf import settings

    edge = Edge(Gateway(Path("s")), settings.SECRET_KEY, Path("."), "", "")
    assert read_token(edge.ticket_secret, ticket, 2, at.timestamp() - 1) == (77, 5)
    assert read_token(edge.ticket_secret, ticket, 2, at.timestamp()) is None
