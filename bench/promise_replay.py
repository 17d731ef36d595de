"""Replay real deliveries: how good were the promises made to those shoppers, and how good ours would have been?

`python -m bench.promise_replay [FOLDER]` reads the Olist orders of ../shared/data/olist-sample (the licence allows local testing
only) and prints one JSON object. Their promise: the estimated date stored with the order. Ours: the days from hand-over to door
within which 9 in 10 earlier deliveries arrived, learned only from orders delivered before; counted in calendar days.
"""

from __future__ import annotations

import bisect
import csv
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from entrepot.logistics.policy import days_that_hold

CONFIDENCE_PCT = 90
LEAST_HISTORY = 200


def accuracy(late_days: list[int], promised_days: list[int]) -> dict[str, Any]:
    """Share on time and how far off, in days (negative: early)."""
    count = len(late_days)
    return {
        "orders": count,
        "on_time": round(sum(late <= 0 for late in late_days) / count, 4),
        "mean_error_days": round(sum(late_days) / count, 2),
        "mean_absolute_error_days": round(sum(map(abs, late_days)) / count, 2),
        "mean_promised_days": round(sum(promised_days) / count, 2),
    }


def replay(file: Path) -> dict[str, Any]:
    """Both promises over the same orders, in the order of their hand-over."""
    rows = []
    with file.open(newline="", encoding="utf-8") as source:
        for row in csv.DictReader(source):
            if row["order_status"] == "delivered" and row["order_delivered_carrier_date"]:
                if row["order_delivered_customer_date"]:
                    rows.append(
                        tuple(
                            datetime.fromisoformat(row[name]).date()
                            for name in (
                                "order_delivered_carrier_date",
                                "order_delivered_customer_date",
                                "order_estimated_delivery_date",
                            )
                        )
                    )
    odd = sum(handed > door for handed, door, _ in rows)
    rows = sorted(row for row in rows if row[0] <= row[1])
    delivered = sorted((door, (door - handed).days) for handed, door, _ in rows)
    doors = [door for door, _ in delivered]
    their_late, their_days, our_late, our_days = [], [], [], []
    for handed, door, estimated in rows:
        known = bisect.bisect_left(doors, handed)  # delivered before this parcel was handed over
        if known < LEAST_HISTORY:
            continue
        promised = days_that_hold(
            [days for _, days in delivered[known - LEAST_HISTORY : known]], CONFIDENCE_PCT
        )
        their_late.append((door - estimated).days)
        their_days.append((estimated - handed).days)
        our_late.append((door - handed).days - promised)
        our_days.append(promised)
    return {
        "delivered_before_handed_over": odd,
        "their_promise": accuracy(their_late, their_days),
        "learned_promise": accuracy(our_late, our_days) | {"confidence_pct": CONFIDENCE_PCT},
    }


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data/olist-sample")
    file = folder / "olist_orders_dataset.csv"
    if not file.exists():
        sys.exit(f"There is no {file}; name the folder of the Olist sample.")
    print(json.dumps(replay(file)))


if __name__ == "__main__":
    main()
