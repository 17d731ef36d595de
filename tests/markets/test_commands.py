"""Opening and closing a country."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from entrepot.kit.context import Actor, Context
from entrepot.kit.errors import Invalid, NotAllowed
from entrepot.kit.models import AuditEntry, OutboxFact
from entrepot.markets.commands import close_market, launch_market, note_readiness, take_offers_from
from entrepot.markets.errors import MarketNotOpen, MarketNotReady, UnknownMarket
from entrepot.markets.models import Market
from entrepot.markets.queries import all_markets, market_by_code, open_markets, pricing_market, readiness
from tests.make import system, visitor

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def operator() -> Context:
    return Context(Actor("operator", "Olga"), at=AT, scopes=frozenset({"markets:write"}))


def test_a_country_opens_and_closes() -> None:
    assert market_by_code("ES").state == "draft"
    assert open_markets() == []
    assert launch_market(operator(), code="es").state == "live"
    assert [market.code for market in open_markets()] == ["ES"]
    assert close_market(operator(), code="ES").state == "closed"
    assert open_markets() == []
    reopened = launch_market(operator(), code="ES", state="pilot", visitor_share_bp=1_000)
    assert (reopened.state, reopened.visitor_share_bp) == ("pilot", 1_000)
    assert market_by_code("ES").is_open
    kinds = list(OutboxFact.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["markets.MarketLaunched", "markets.MarketClosed", "markets.MarketLaunched"]
    trail = AuditEntry.objects.order_by("id").values_list("actor_label", "before", "after")
    assert trail[1][1]["state"] == "live"
    assert trail[1][2]["state"] == "closed"
    assert {entry[0] for entry in trail} == {"Olga"}


def test_a_blocker_from_above_stands_in_the_way_until_it_is_gone() -> None:
    note_readiness(
        system(),
        code="ES",
        item="offers",
        is_ready=False,
        sentence="No offer has a price.",
        fix_url="/console/x",
    )
    with pytest.raises(MarketNotReady) as refused:
        launch_market(operator(), code="ES")
    assert "No offer has a price." in refused.value.sentence
    assert Market.objects.count() == 0
    note_readiness(system(), code="ES", item="offers", is_ready=True, sentence="40 offers.")
    assert launch_market(operator(), code="ES").is_open


def test_the_checklist_names_what_a_pack_lacks(settings: object) -> None:
    settings.LANGUAGES = [("es", "Spanish"), ("en", "English")]  # type: ignore[attr-defined]
    blockers = {item.item for item in readiness("FR", AT.date()) if not item.is_ready}
    assert blockers == {"language"}
    assert {item.item for item in readiness("VN", AT.date()) if not item.is_ready} == {"language", "currency"}
    assert all(item.is_ready for item in readiness("ES", AT.date()))
    assert "entrepot/locale" in next(
        item.sentence for item in readiness("FR", AT.date()) if not item.is_ready
    )


def test_refusals_change_nothing() -> None:
    with pytest.raises(UnknownMarket):
        launch_market(operator(), code="XX")
    with pytest.raises(Invalid):
        launch_market(operator(), code="ES", state="open")
    with pytest.raises(Invalid):
        launch_market(operator(), code="ES", state="pilot", visitor_share_bp=10_001)
    with pytest.raises(MarketNotOpen):
        close_market(operator(), code="ES")
    with pytest.raises(NotAllowed):
        launch_market(visitor(), code="ES")
    assert Market.objects.count() == 0


def test_all_markets_in_one_statement(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len(all_markets()) == 39


def test_sellers_set_prices_in_the_market_the_others_follow() -> None:
    assert pricing_market() == ""
    for code in ("AT", "ES"):
        launch_market(operator(), code=code)
    take_offers_from(operator(), code="AT", source="ES")
    assert pricing_market() == "ES"
