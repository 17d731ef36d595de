"""The loader lives through the pilot's days by commands; it can be interrupted, and run again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db.models import Sum

from entrepot.insight.models import PageCount
from entrepot.intake.journal import MemoryJournal
from entrepot.kit import clock
from entrepot.ledger.models import Posting
from entrepot.markets.queries import readiness
from entrepot.offers.models import Offer, PriceChange
from entrepot.orders.models import Order, Purchase
from entrepot.parties.models import Seller, User
from pilot import expand, load, people, trade

WHOLE = expand.products()


class Kept(MemoryJournal):
    """A journal that outlives the loader's run."""

    def close(self) -> None:
        """Nothing to let go of."""


@contextmanager
def quiet(name: str) -> Iterator[Any]:
    yield lambda *words, **more: None


@pytest.fixture(autouse=True)
def small_story(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every tenth product, eight purchases, a journal in memory."""
    some = tuple(row for i, row in enumerate(WHOLE) if i % 10 == 0)
    kept = Kept()
    monkeypatch.setattr(expand, "products", lambda: some)
    monkeypatch.setattr(load, "open_journal", lambda: kept)
    monkeypatch.setattr(trade, "PURCHASES", 8)
    trade.plans.cache_clear()
    yield
    trade.plans.cache_clear()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_pilot_loads_and_loading_it_again_changes_nothing() -> None:
    summary = load.load(quiet)
    assert (summary.sellers, summary.products) == (24, 60)
    assert Seller.objects.filter(state="approved").count() == 24
    assert Offer.objects.count() == summary.variants
    assert summary.orders == Order.objects.count() >= 6
    states = Counter(Order.objects.values_list("state", flat=True))
    assert states["completed"] or states["delivered"]
    assert states["placed"] >= 1
    seen = dict(PageCount.objects.values_list("step").annotate(pages=Sum("count")))
    assert seen["visit"] > seen["product"] > seen["cart"] > seen["checkout"] > summary.orders
    assert {item.item for item in readiness("ES", clock.now().date())} >= {"offers", "lanes", "full_prices"}
    assert sum(Posting.objects.values_list("minor", flat=True)) == 0
    assert set(User.objects.values_list("email", flat=True)) == {
        person["email"] for person in people.LOGINS["people"]
    }

    before = (Order.objects.count(), PriceChange.objects.count(), Posting.objects.count())
    load.load(quiet)
    assert (Order.objects.count(), PriceChange.objects.count(), Posting.objects.count()) == before


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_an_interrupted_load_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    real, bought = trade._buy, []

    def until_the_lights_go_out(story: Any, plan: Any) -> Any:
        if len(bought) == 3:
            raise KeyboardInterrupt
        bought.append(plan)
        return real(story, plan)

    with monkeypatch.context() as dark:
        dark.setattr(trade, "_buy", until_the_lights_go_out)
        with pytest.raises(KeyboardInterrupt):
            load.load(quiet)
    assert Purchase.objects.exclude(number=None).count() <= 3
    load.load(quiet)
    phones = list(Purchase.objects.exclude(number=None).values_list("phone", flat=True))
    assert len(phones) == len(set(phones)) >= 5
    assert sum(Posting.objects.values_list("minor", flat=True)) == 0


def test_known_logins_are_for_a_pilot_only(settings: Any) -> None:
    settings.IS_PILOT = False
    with pytest.raises(RuntimeError):
        people.load_people(datetime(2026, 1, 1, tzinfo=UTC), lambda slug: None, roles=set())  # type: ignore[arg-type, return-value]


def test_the_pilot_password_passes_the_validators() -> None:
    from django.contrib.auth.password_validation import validate_password

    for person in people.LOGINS["people"]:
        validate_password(
            people.LOGINS["password"],
            User(email=person["email"], name=person["name"]),
        )


def test_the_days_are_the_same_each_time() -> None:
    first = trade.plans()
    trade.plans.cache_clear()
    assert trade.plans() == first
    assert [plan.days_ago for plan in first] == sorted((plan.days_ago for plan in first), reverse=True)
    assert len({trade._digits(plan.phone) for plan in first}) == len(first)
