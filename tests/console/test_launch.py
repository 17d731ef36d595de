"""One country opened from the command line and from the console: the same pack, the same commands, the same state."""

from __future__ import annotations

import html
import time
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import transaction

from entrepot.catalog.commands import ProductDraft, VariantDraft, save_products
from entrepot.catalog.queries import product_ids
from entrepot.cli.markets import market
from entrepot.console.words import CHECKLIST
from entrepot.kit import clock
from entrepot.markets.queries import WAYS_OUT, market_by_code, readiness
from entrepot.offers.commands import OfferDraft, save_offers
from entrepot.offers.queries import offers_of_products
from tests import make
from tests.console.test_pages import desk

pytestmark = pytest.mark.django_db
MAKER = {"name": "Taller", "address": "Calle Mayor 3", "email": "hola@taller.example", "country": "ES"}


def stock(count: int) -> None:
    """A Spanish shop of one seller, on sale in Spain."""
    ctx = make.system(at=clock.now())
    make.shelf_of_goods()
    seller_id = make.seller()
    saved = save_products(
        ctx,
        drafts=[
            ProductDraft(
                seller_id, f"mug-{n}", category="kitchen", title={"es": f"Taza {n}", "en": f"Mug {n}"}, state="active",
                origin_country="ES", hs6="392410", manufacturer=MAKER, motif="mug",
                variants=(VariantDraft(sku=f"MUG-{n}", weight_g=300),),
            )
            for n in range(count)
        ],
    )  # fmt: skip
    save_offers(
        ctx,
        drafts=[
            OfferDraft(seller_id, variant, each.product_id, "ES", price_minor=500 + 7 * n, currency="EUR")
            for n, each in enumerate(saved)
            for variant in each.variant_ids.values()
        ],
    )
    make.open_market("ES")


def state_of(code: str) -> dict[str, Any]:
    """Everything an opening leaves, without ids and instants."""
    facts = market_by_code(code)
    offers = offers_of_products(product_ids(), [code])
    return {
        "market": (facts.state, facts.visitor_share_bp, facts.offers_from),
        "offers": sorted(
            (
                str(o.variant_id),
                o.price_minor,
                o.currency,
                o.state,
                o.duty,
                str(o.follows_id),
                o.handling_days,
            )
            for o in offers
        ),
        "checklist": [(item.item, item.is_ready, item.sentence) for item in readiness(code, make.NOW.date())],
    }


def and_back(open_it: Callable[[], None], code: str) -> dict[str, Any]:
    """What an opening leaves; undone again."""
    with transaction.atomic():
        open_it()
        found = state_of(code)
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize(
    ("words", "share"),
    [([], "100"), (["--pilot", "--share", "10"], "10"), (["--pilot", "--share", "0"], "0")],
)
def test_console_and_command_line_leave_the_same_state(words: list[str], share: str) -> None:
    stock(12)
    client = desk()

    def by_command_line() -> None:
        done = CliRunner().invoke(
            market, ["launch", "FR", "--offers-of", "ES", *words], catch_exceptions=False
        )
        assert done.exit_code == 0

    def by_console() -> None:
        made = client.post("/console/markets/FR/offers", {"source": "ES"})
        assert made.status_code == 303
        assert "12 new offers; 0 without" in client.get(made["Location"]).content.decode()
        assert (
            'value="FR"'
            not in client.get("/console/markets/PL/")
            .content.decode()
            .split('id="f-source"')[-1]
            .split("</select>")[0]
        )
        assert client.post("/console/markets/FR/launch", {"share": share}).status_code == 303

    one, other = and_back(by_command_line, "FR"), and_back(by_console, "FR")
    assert one == other
    assert len(one["offers"]) == 12
    assert one["market"][0] == ("live" if share == "100" else "pilot")
    assert state_of("FR")["offers"] == []


def test_an_invitation_is_made_and_withdrawn_in_the_console() -> None:
    stock(1)
    client = desk()
    client.post("/console/markets/FR/offers", {"source": "ES"})
    client.post("/console/markets/FR/launch", {"share": "0"})
    made = client.post("/console/markets/FR/invite", {"label": "Anna"}).content.decode()
    link = made.split("/invited/")[1].split('"')[0]
    assert len(link) > 20
    assert link not in client.get("/console/markets/FR/").content.decode()
    assert (
        client.post("/console/markets/FR/invite", {"label": " "}).content.decode().count('role="alert"') == 1
    )


def test_two_thousand_products_reach_a_second_country_in_ten_seconds() -> None:
    stock(2_000)
    began = time.process_time()  # this process: what others do on the machine does not count
    done = CliRunner().invoke(market, ["launch", "FR", "--offers-of", "ES"], catch_exceptions=False)
    took = time.process_time() - began
    assert done.exit_code == 0
    assert len(offers_of_products(product_ids(limit=3_000), ["FR"])) == 2_000
    assert took < 10, f"{took:.1f} s"


def test_every_blocker_has_a_way_out(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing there, nothing configured, goods half described: each open item names a page that opens, at the right place."""
    stock(1)  # Spain is open: an empty country can take its offers
    settings.LANGUAGES = [("es", "Spanish"), ("en", "English")]
    monkeypatch.setattr("entrepot.insight.readiness.payment_methods", lambda *_, **__: ())
    monkeypatch.setattr("entrepot.settlement.tables._rows", lambda _: [])
    client = desk()
    seen = set()
    for code in ("FR", "VN"):
        assert client.post(f"/console/markets/{code}/review").status_code == 303
        shown = client.get(f"/console/markets/{code}/").content.decode()
        for item in readiness(code, clock.now().date()):
            if not item.is_ready:
                seen.add(item.item)
                assert f'href="{item.fix_url}"' in shown
                assert item.fix_command in html.unescape(shown)
    assert seen >= {"language", "currency", "offers", "payment_providers", "legal_texts"}
    # Every kind there is, also those that need a stranger world to appear.
    assert set(WAYS_OUT) == set(CHECKLIST)
    for url, _typed in WAYS_OUT.values():
        page, _, place = url.format(code="FR").partition("#")
        told = client.get(page)
        assert told.status_code == 200, page
        assert not place or f'id="{place}"' in told.content.decode(), url
    done = CliRunner().invoke(market, ["check", "VN"])
    assert done.exit_code == 1
    assert "→ entrepot rates" in done.output
    assert "→ /console/markets/VN/rules#payment" in done.output
