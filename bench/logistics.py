"""Promises a second, single promise, tracking events a second, a year of the hub. Prints one JSON object (`entrepot bench logistics --json`).

The network is made up: 500 nodes (60 origin zones, 140 destination zones, 300 hubs), 5,000 lanes, seeded. Bulk: a million
requests from 60 origins to 140 zones, ready over a week. Single: searches on that network without a cache of answers, after one towards each zone.
The hub's year: 450 million parcels, its capacity found on the way (logistics/hub_year.py tells the abstraction).
Events: told of parcels in a scratch PostgreSQL of its own, in batches of 500, a tenth of them repeated.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

START = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)


def made_up_network(luck: random.Random) -> Any:
    from datetime import time as clock_time

    from entrepot.logistics.network import Calendar, Lane, Network, Node

    zones = ["Europe/Madrid", "Asia/Shanghai", "Europe/Warsaw", "America/New_York", "UTC"]
    nodes = {f"H{n}": Node(f"H{n}", "hub", f"H{n}", "ES", "", luck.choice(zones)) for n in range(300)}
    nodes |= {f"O{n}": Node(f"O{n}", "zone", f"O{n}", "ES", "", luck.choice(zones)) for n in range(60)}
    nodes |= {f"D{n}": Node(f"D{n}", "zone", f"D{n}", "ES", "", luck.choice(zones)) for n in range(140)}
    lanes: list[Lane] = []

    def lane(start: str, end: str) -> None:
        good = luck.randint(2, 30) * 60
        lanes.append(
            Lane(
                code=f"L{len(lanes)}", start=start, end=end, mode="road", operator="x", service="standard",
                days=frozenset(luck.sample(range(1, 8), luck.randint(3, 7))), departs_at=clock_time(luck.randint(0, 23)),
                minutes_min=good, minutes_max=good + luck.randint(0, 20) * 60, clears_customs=luck.random() < 0.1,
                release_minutes_min=60, release_minutes_max=600, distance_km=luck.randint(20, 9000),
                base_minor=luck.randint(20, 300), per_500g_minor=luck.randint(5, 300), co2_g_per_tonne_km=90,
            )
        )  # fmt: skip

    for n in range(60):
        for _ in range(2):
            lane(f"O{n}", f"H{luck.randrange(300)}")
    for n in range(140):
        for _ in range(3):
            lane(f"H{luck.randrange(300)}", f"D{n}")
    while len(lanes) < 5_000:
        start, end = luck.sample(range(300), 2)
        lane(f"H{start}", f"H{end}")
    holiday = START.date() + timedelta(days=5)
    calendar = Calendar(lambda day: day.weekday() < 5 and day != holiday, lambda day: day == holiday)
    return Network(nodes, lanes, lambda node: calendar)


def measure_promises() -> dict[str, Any]:
    import numpy as np

    from entrepot.logistics.bulk import bulk_promises
    from entrepot.logistics.network import minute_of

    luck = random.Random(7)
    network = made_up_network(luck)
    services = frozenset({"standard"})
    count = 1_000_000
    dice = np.random.default_rng(7)
    first = minute_of(START)
    columns = (
        dice.integers(0, 60, count), dice.integers(0, 140, count), first + dice.integers(0, 7 * 1440, count),
        dice.integers(1, 30_000, count),
    )  # fmt: skip
    origins, doors = [f"O{n}" for n in range(60)], [f"D{n}" for n in range(140)]
    began = time.perf_counter()
    found = bulk_promises(network, origins, doors, *columns, services)
    bulk_s = time.perf_counter() - began
    for number, door in enumerate(doors):  # what a running process has behind it
        network.earliest(origins[number % 60], door, first + number * 70, services)
    took = []
    for _ in range(2_000):
        origin, door = luck.choice(origins), luck.choice(doors)
        minute = first + luck.randrange(7 * 1440)
        one = time.perf_counter()
        network.earliest(origin, door, minute, services)
        took.append(time.perf_counter() - one)
    took.sort()
    return {
        "nodes": len(network.nodes), "lanes": len(list(network.lanes)), "bulk_requests": count,
        "bulk_s": round(bulk_s, 3), "promises_per_s": round(count / bulk_s), "bulk_searches": found.searches,
        "bulk_routes": found.routes, "without_route": int((found.from_day < 0).sum()),
        "single_p50_ms": round(took[1_000] * 1e3, 3), "single_p99_ms": round(took[1_980] * 1e3, 3),
    }  # fmt: skip


def measure_hub(parcels: int) -> dict[str, Any]:
    from entrepot.logistics.queries.simulations import simulate_hub

    began = time.perf_counter()
    year = simulate_hub(year=2026, parcels=parcels, seed=7)
    assert year.parcels_in == year.parcels_out == parcels
    return {
        "hub_year_parcels": parcels, "hub_year_s": round(time.perf_counter() - began, 2), "hub_year_flights": year.flights,
        "hub_year_late_bp": year.late_bp,
    }  # fmt: skip


def measure_events(parcels: int, seconds: float) -> dict[str, Any]:
    """Told events a second, into a PostgreSQL that flushes to disk."""
    from django.core.management import call_command

    from entrepot.kit.context import system_context
    from entrepot.kit.ids import new_id
    from entrepot.logistics.commands import (
        CarrierEvent,
        create_consignment,
        pack_parcel,
        record_parcel_events,
    )
    from entrepot.logistics.queries import Address

    call_command("migrate", verbosity=0)
    ctx = system_context(at=START, cause="bench")
    here, there = Address("A", "B", "46001", "Valencia", "ES"), Address("C", "D", "28013", "Madrid", "ES")
    numbers = []
    seller = new_id()
    for order_id in range(parcels):
        create_consignment(
            ctx, order_id=order_id, seller_id=seller, purchase_ref="X", market="ES", language="es", origin=here,
            destination=there, goods=[],
        )  # fmt: skip
        numbers.append(pack_parcel(ctx, order_id=order_id, weight_g=500).tracking_no)
    luck = random.Random(7)
    later = system_context(at=START + timedelta(days=30), cause="bench")
    codes = ["handed_over", "departed", "arrived", "out_for_delivery"]
    told = 0
    began = time.perf_counter()
    while time.perf_counter() - began < seconds:
        batch = [
            CarrierEvent(
                luck.choice(numbers), luck.choice(codes), START + timedelta(minutes=luck.randrange(40_000)), "X",
                f"{told + n}",
            )
            for n in range(450)
        ]  # fmt: skip
        batch += luck.sample(batch, 50)
        record_parcel_events(later, source="bench", events=batch)
        told += len(batch)
    took = time.perf_counter() - began
    return {
        "events": told,
        "events_s": round(took, 2),
        "events_per_s": round(told / took),
        "event_parcels": parcels,
    }


def main() -> None:
    ask = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    ask.add_argument("--json", action="store_true", help="print only the JSON object")
    ask.add_argument("--parcels", type=int, default=2_000)
    ask.add_argument("--seconds", type=float, default=10)
    words = ask.parse_args()
    if "ENTREPOT_BENCH_HOME" not in os.environ:
        home = tempfile.mkdtemp(prefix="entrepot-bench-")
        Path(home).chmod(0o755)
        try:
            env = os.environ | {
                "ENTREPOT_BENCH_HOME": home,
                "ENTREPOT_HOME": home,
                "DJANGO_SETTINGS_MODULE": "entrepot.app.settings",
            }
            env.pop("DATABASE_URL", None)
            sys.exit(
                subprocess.run(
                    [sys.executable, "-m", "bench.logistics", *sys.argv[1:]], env=env, check=False
                ).returncode
            )
        finally:
            shutil.rmtree(home, ignore_errors=True)
    import django

    django.setup()
    from entrepot.app.config import load
    from entrepot.app.database import database

    told = measure_promises() | measure_hub(450_000_000)
    with database(load()):
        told |= measure_events(words.parcels, words.seconds)
    print(json.dumps(told) if words.json else json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
