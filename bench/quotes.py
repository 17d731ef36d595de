"""A single quote, and prices in bulk. Prints one JSON object (`entrepot bench quotes --json`).

Single: the all-in quote of one line from China to Spain, rules looked up each time. Bulk: a million offers of 1,200 kinds of
goods in 27 markets, one process.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import tempfile
import time
from datetime import date
from typing import Any

ON = date(2026, 11, 21)


def measure() -> dict[str, Any]:
    import numpy as np

    from entrepot.landedcost.queries import GoodsLine, Kind, prices_in_markets, quote
    from entrepot.markets.queries import all_codes, pack

    took = []
    for number in range(5_000):
        line = GoodsLine("x", "610443", "general", 1 + number % 3, 1000 + number)
        began = time.perf_counter()
        quote([line], origin="CN", destination="ES", on=ON, seller_country="CN", currency="EUR")
        took.append(time.perf_counter() - began)
    took.sort()
    headings = ["610443", "640411", "392690", "420221", "851830", "880622", "950300", "630221"]
    luck = random.Random(7)
    kinds = [
        Kind(luck.choice(["CN", "ES", "GB", "FR"]), luck.choice(["CN", "ES"]), luck.choice(headings), goods)
        for _ in range(400)
        for goods in ("general", "books", "food")
    ]
    markets = [code for code in all_codes() if pack(code).eu_member]
    dice = np.random.default_rng(7)
    rows = 1_000_000
    kind_of, net = dice.integers(0, len(kinds), rows), dice.integers(100, 60_000, rows)
    began = time.perf_counter()
    made = prices_in_markets(kinds, kind_of, net, markets, currency="EUR", on=ON)
    bulk_s = time.perf_counter() - began
    prices = rows * len(markets)
    return {
        "single_p50_ms": round(took[2_500] * 1e3, 3), "single_p99_ms": round(took[4_950] * 1e3, 3), "offers": rows,
        "markets": len(markets), "kinds": len(kinds), "bulk_s": round(bulk_s, 3),
        "offer_market_prices_per_s": round(prices / bulk_s), "refused": int((made.total_minor < 0).sum()),
    }  # fmt: skip


def main() -> None:
    ask = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    ask.add_argument("--json", action="store_true", help="print only the JSON object")
    words = ask.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "entrepot.app.settings")
    os.environ.setdefault("ENTREPOT_HOME", tempfile.gettempdir() + "/entrepot-bench-quotes")
    import django

    django.setup()
    told = measure()
    print(json.dumps(told) if words.json else json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
