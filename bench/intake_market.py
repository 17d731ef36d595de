"""The projector with the market's own sinks: whole orders with their lines, drafts, purchases, timeline and facts.

    python -m bench.intake_market [--orders 20000] [--json]

`make bench-intake` measures the projector on plain order and line rows. What a market keeps of an order is more: frozen amounts, what was
promised, its purchase, the first step of its timeline, and the facts that other rooms wait for. This measures that, beside a bare COPY
of the very same order and line rows into tables with the same indexes.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from bench.scratch import RESULTS, machine, say, scratch_product

COUNTERS = 1_000


def wanted(count: int, at: datetime) -> list[Any]:
    """Checkouts frozen for the intake, one order of two lines each; returns the commands that place them."""
    from entrepot.intake.commands import Place, PlaceLine, mint_key
    from entrepot.orders.models import Draft, Purchase

    seller, place = uuid4(), []
    purchases = [
        Purchase(id=uuid4(), token=uuid4().hex, buyer_id=uuid4(), is_guest=True, market="ES", language="es",
                 currency="EUR", state="placing", created_at=at, updated_at=at)
        for _ in range(count)
    ]  # fmt: skip
    Purchase.objects.bulk_create(purchases, batch_size=2_000)
    drafts = []
    for number, purchase in enumerate(purchases):
        offers = (number % COUNTERS, (number + 7) % COUNTERS)
        lines = [
            {
                "position": position, "offer_number": offer, "offer_id": str(uuid4()), "product_id": str(uuid4()),
                "variant_id": str(uuid4()), "category_id": str(uuid4()), "sku": f"SKU-{offer}",
                "title": {"es": "Aceite de oliva virgen extra", "en": "Extra virgin olive oil"}, "options": {},
                "quantity": 1, "price_minor": 1900, "vat_rate_bp": 1000, "vat_minor": 173, "duty_minor": 0,
                "hs6": "150920", "origin_country": "ES", "weight_g": 900, "withdrawal_exclusion": "",
            }
            for position, offer in enumerate(offers)
        ]  # fmt: skip
        quote = {
            "standard_shipping_minor": 490, "is_deemed_supplier": False, "promise_from": "2026-11-25",
            "promise_to": "2026-11-27", "ship_by": "2026-11-24",
        }  # fmt: skip
        drafts.append(
            Draft(purchase=purchase, seller_id=seller, key=mint_key(at), buyer_number=number + 1, lines=lines,
                  quote=quote, goods_minor=3800, shipping_minor=490, vat_minor=431, duty_minor=0, total_minor=4290,
                  created_at=at)
        )  # fmt: skip
    for draft in Draft.objects.bulk_create(drafts, batch_size=2_000):
        place.append(
            Place(
                key=draft.key,
                checkout_ref=draft.ref,
                buyer=draft.buyer_number,
                lines=tuple(PlaceLine(line["offer_number"], 1, 1900) for line in draft.lines),
            )
        )
    return place


def copied(cursor: Any) -> float:
    """Seconds to COPY the same order and line rows into tables with the same indexes."""
    spent = 0.0
    for table in ("orders_order", "orders_orderline"):
        with cursor.copy(f"COPY {table} TO STDOUT (FORMAT binary)") as out:
            rows = b"".join(bytes(part) for part in out)
        cursor.execute(f"CREATE TABLE same_{table} (LIKE {table} INCLUDING ALL)")
        began = time.perf_counter()
        with cursor.copy(f"COPY same_{table} FROM STDIN (FORMAT binary)") as into:
            into.write(rows)
        spent += time.perf_counter() - began
    return spent


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--orders", type=int, default=20_000)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--profile", action="store_true", help="print where the projector's time went")
    options = parser.parse_args()
    with scratch_product():
        from django.core.management import call_command
        from django.db import connection, transaction

        call_command("migrate", verbosity=0)
        from entrepot.intake.commands import OpenCounter, SetOffer, submit, use
        from entrepot.intake.inprocess import InProcess
        from entrepot.intake.projector import Projector
        from entrepot.inventory.projection import project_stock
        from entrepot.orders.models import Order
        from entrepot.orders.projection import project_orders

        writer = InProcess()
        with use(writer):
            say("checkouts …")
            submit([OpenCounter(number, "stock", 1 << 40) for number in range(COUNTERS)])
            submit([SetOffer(number, number, 1900, 1) for number in range(COUNTERS)])
            commands = wanted(options.orders, datetime.now(UTC))
            for start in range(0, len(commands), 2_000):
                submit(commands[start : start + 2_000])
            projector = Projector([project_stock, project_orders], journal=writer.journal)
            say("projector …")
            began = time.perf_counter()
            if options.profile:
                import cProfile
                import pstats

                watch = cProfile.Profile()
                watch.runcall(projector.run_once)
                pstats.Stats(watch, stream=sys.stderr).sort_stats("tottime").print_stats(25)
            else:
                projector.run_once()
            spent = time.perf_counter() - began
        found = Order.objects.count()
        if found != options.orders:
            raise SystemExit(f"{found:,} orders stand in the tables, not {options.orders:,}.")
        with transaction.atomic(), connection.cursor() as cursor:
            bare = copied(cursor.cursor)
    result = {
        "machine": machine(),
        "orders": found,
        "market_orders_per_s": round(found / spent),
        "market_copy_orders_per_s": round(found / bare),
        "market_ratio": round(bare / spent, 3),
    }
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "intake_market.json").write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result) if options.json else json.dumps(result, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
