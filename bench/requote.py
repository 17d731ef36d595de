"""`requote --all` and the opening of a market at size, on a scratch PostgreSQL (fsync on). Prints one JSON object.

Goods of some hundred kinds from four countries are on sale in Spain, and every other market follows. The first run finds every
price wrong, as after a change of rates everywhere, and writes them all; the second, a day later, finds nothing to do. Then
everything is offered in one more market, each product asked at the publish gates, as `market launch --offers-of ES` does. With
`--home DIR` the world stays: an interrupted run goes on where its last page ended, as the command does.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import tempfile
import time
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.scratch import machine, say, settle_environment

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
# Spain first: the others follow it. The Union, then its neighbours; the market after the last one asked for is opened.
MARKETS = [
    "ES",
    "AT",
    "BE",
    "BG",
    "HR",
    "CY",
    "CZ",
    "DK",
    "EE",
    "FI",
    "FR",
    "DE",
    "GR",
    "HU",
    "IE",
    "IT",
    "LV",
    "LT",
    "LU",
    "MT",
    "NL",
    "PL",
    "PT",
    "RO",
    "SK",
    "SI",
    "SE",
    "GB",
    "CH",
    "NO",
    "SG",
]
COUNTRIES = ("ES", "FR", "CN", "GB")
HEADINGS = (
    "420221", "420222", "420292", "420231", "392410", "392690", "640411", "640399", "961700", "701337", "940360", "490199",
    "900410", "711719", "950691",
)  # fmt: skip
MAKER = {"name": "Maker", "address": "Street 1, 28013 Madrid", "email": "maker@example.org", "country": "ES"}
SELLERS = 200
CHUNK = 20_000  # products seeded at a time


def _ctx(at: datetime = AT) -> Any:
    from entrepot.kit.context import system_context

    return system_context(at=at, cause="bench")


def seed(offers: int, markets: list[str]) -> None:
    """Sellers by their commands; products and offers by SQL: a million one by one would take longer than the run."""
    from django.db import connection

    from entrepot.catalog.commands import CategoryDraft, save_categories
    from entrepot.catalog.queries import category_by_slug
    from entrepot.parties.commands import approve_seller, register_seller

    save_categories(_ctx(), drafts=[CategoryDraft("goods", {"en": "Goods"})])
    sellers = []
    for n in range(SELLERS):
        country = COUNTRIES[n % len(COUNTRIES)]
        seller_id = register_seller(
            _ctx(), slug=f"seller-{n}", display_name=f"Seller {n}", legal_name=f"Seller {n}", trader_type="company",
            country=country, owner_user_id=None, profile={"address": "Street 1", "postcode": "1", "city": "Town", "email": f"s{n}@example.org",
                "phone": "+34910000000", "register_no": "1", "ships_from_postcode": "1", "ships_from_city": "Town"},
        )  # fmt: skip
        approve_seller(_ctx(), seller_id=seller_id)
        sellers.append(seller_id)
    from entrepot.markets.queries import pack

    currencies = [pack(code).currency for code in markets]
    with connection.cursor() as cursor:
        for code in markets:
            cursor.execute(
                "INSERT INTO markets_market (code, state, visitor_share_bp, offers_from) VALUES (%s, 'live', 10000, %s)",
                [code, "" if code == markets[0] else markets[0]],
            )
        for start in range(0, offers, CHUNK):
            cursor.execute(
                """WITH made AS (
                     INSERT INTO catalog_product (id, short_id, seller_id, handle, slug, category_id, brand, title, description,
                       attributes, hs6, origin_country, vat_goods, safety, ingredients, manufacturer, motif, motif_seed, state,
                       created_at, changed_at)
                     SELECT uuidv7(), to_char(n, 'FM0000000000'), (%(sellers)s::uuid[])[1 + n %% %(many)s], 'p-' || n, 'p', %(category)s, '',
                       '{"en": "Thing"}', '{}', '{}', (%(headings)s::text[])[1 + (n / 7) %% %(kinds)s], 'ES',
                       (ARRAY['', 'books', 'food'])[1 + (n / 11) %% 3], '{}', '{}', %(maker)s, 'cup', 0, 'active', %(at)s, %(at)s
                     FROM generate_series(%(start)s, %(end)s) n RETURNING id, seller_id, handle
                   ), first AS MATERIALIZED (
                     SELECT uuidv7() AS offer_id, uuidv7() AS variant_id, id, seller_id, handle,
                       1000 + (hashtextextended(handle, 0) & 16383) AS price FROM made
                   ), forms AS (
                     INSERT INTO catalog_variant (id, seller_id, product_id, sku, gtin, options, weight_g, length_mm, width_mm,
                       height_mm, content_amount, content_unit, position, is_active)
                     SELECT variant_id, seller_id, id, handle, '', '{}', 300, 0, 0, 0, 0, '', 0, true FROM first
                   )
                   INSERT INTO offers_offer (id, number, seller_id, variant_id, product_id, market, price_minor, currency,
                     price_version, condition, state, handling_days, ships_from_country, ships_from_postcode, limit_per_buyer,
                     follows_id, duty, published_at, changed_at)
                   SELECT CASE m.place WHEN 1 THEN offer_id ELSE uuidv7() END, nextval('offers_offer_number'), seller_id, variant_id,
                     first.id, m.code, first.price, m.currency, 1, 'new', 'active', 1, '', '', 0,
                     CASE m.place WHEN 1 THEN NULL ELSE offer_id END, 'none', %(at)s, %(at)s
                   FROM first CROSS JOIN unnest(%(markets)s::text[], %(currencies)s::text[]) WITH ORDINALITY AS m (code, currency, place)""",
                {
                    "sellers": sellers, "many": len(sellers), "category": category_by_slug("goods").id, "headings": list(HEADINGS),
                    "kinds": len(HEADINGS), "maker": json.dumps(MAKER), "start": start, "end": min(start + CHUNK, offers) - 1, "at": AT,
                    "markets": markets, "currencies": currencies,
                },
            )  # fmt: skip
            say(f"seeded {min(start + CHUNK, offers):,} of {offers:,} products")
        cursor.execute("VACUUM ANALYZE offers_offer, catalog_product, catalog_variant")


def run(at: datetime, whole: int) -> dict[str, Any]:
    """One `requote --all`: how long it took, how much it changed; pages that were done before are not done again."""
    from entrepot.insight.commands import requote_page

    began, told, first, tick = time.monotonic(), None, None, 0.0
    while told is None or not told.is_done:
        told = requote_page(_ctx(at))
        first = told.products if first is None else first
        took = time.monotonic() - began
        if took - tick > 10 or told.is_done:
            tick = took
            say(
                f"{at:%d %b}: {told.products:,} of {whole:,} products, {told.changed:,} offers differ, {took:.0f} s"
            )
    return {"seconds": round(time.monotonic() - began, 2), "changed": told.changed}


def open_one_more(market: str) -> dict[str, Any]:
    """Offer the whole stock in another market: how long it took, and what became of it."""
    from entrepot.insight.commands import extend_offers

    began = time.monotonic()
    told = extend_offers(_ctx(), from_market=MARKETS[0], to_market=market)
    return {"opened": market, "opening_s": round(time.monotonic() - began, 2), **asdict(told)}


def measure(offers: int, count: int, home: Path) -> dict[str, Any]:
    settle_environment(str(home))
    from entrepot.app.config import load
    from entrepot.app.postgres import Cluster

    config = load()
    cluster = Cluster(home=config.home, sockets=config.sockets, password=config.database_password)
    markets = MARKETS[:count]
    try:
        cluster.start()
        cluster.make_database("entrepot")
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        seeded = home / "seeded.json"
        began = time.monotonic()
        if not seeded.exists():
            seed(offers, markets)
            seeded.write_text(json.dumps([offers, count]))
        elif json.loads(seeded.read_text()) != [offers, count]:
            raise SystemExit(f"{home} holds another world: {seeded.read_text()}.")
        seed_s = time.monotonic() - began
        first, second = run(AT, offers), run(AT + timedelta(days=1), offers)
        opening = open_one_more(MARKETS[count])
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            [size] = cursor.fetchone()
    finally:
        cluster.stop()
    prices = offers * count
    return {
        "offers": offers, "markets": count, "offer_markets": prices, "seed_s": round(seed_s, 1),
        "all_changed_s": first["seconds"], "changed": first["changed"],
        "all_changed_prices_per_s": round(prices / first["seconds"]),
        "none_changed_s": second["seconds"], "changed_again": second["changed"],
        "none_changed_prices_per_s": round(prices / second["seconds"]), "database_gb": round(size / 1e9, 2),
        **opening, "opening_products_per_s": round(offers / opening["opening_s"]),
        "most_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, "machine": machine(),
    }  # fmt: skip


def main() -> None:
    ask = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    ask.add_argument("--offers", type=int, default=100_000, help="Offers in Spain, of one product each.")
    ask.add_argument("--markets", type=int, default=10, choices=range(1, len(MARKETS)), metavar="1-30")
    ask.add_argument(
        "--home", type=Path, help="Keep the world here; the same words again go on where it stopped."
    )
    ask.add_argument("--json", action="store_true", help="print only the JSON object")
    words = ask.parse_args()
    home = words.home or Path(tempfile.mkdtemp(prefix="entrepot-bench-requote-"))
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o755)
    try:
        told = measure(words.offers, words.markets, home.absolute())
    finally:
        if words.home is None:
            shutil.rmtree(home, ignore_errors=True)
    print(json.dumps(told) if words.json else json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
