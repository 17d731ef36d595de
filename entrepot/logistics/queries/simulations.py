"""What the network would do: a year of the hub, and days without a lane. Reads rules, writes nothing, no SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np

from entrepot.kit.errors import Invalid, Sentence
from entrepot.logistics import hub_year, policy, tables
from entrepot.logistics.errors import NoSuchLane
from entrepot.logistics.hub_year import Capacity, Rates, Year
from entrepot.logistics.network import DAY_MINUTES, Network, minute_of
from entrepot.logistics.outage import Drawn, World, travelled
from entrepot.logistics.queries.parcels import SERVICES
from entrepot.markets.queries import working_days

HUB = "LGG"
MOST_PARCELS = 10_000_000_000


def hub_rates() -> Rates:
    """What one dock, sorter, officer or lorry does, and what it costs (rules/hub.csv)."""
    return Rates(**{row["rate"]: int(row["value"]) for row in tables.read("hub.csv")})


def simulate_hub(
    *, year: int, parcels: int, seed: int, capacity: Capacity | None = None, with_festivals: bool = True
) -> Year:
    """A year of the hub. Without a capacity, the least one that keeps the waits of rules/hub.csv is found first.

    The same year, parcels and seed give the same answer.
    Refuses: Invalid (year, parcels, capacity).
    """
    if not 2025 <= year <= 2100:
        raise Invalid(field="year", reason="A year from 2025 to 2100 can be simulated.")
    if not 0 < parcels <= MOST_PARCELS:
        raise Invalid(
            field="parcels",
            reason=Sentence("A year holds 1 to {most} parcels.", most=f"{MOST_PARCELS:,}"),
        )
    if capacity is not None and min(astuple(capacity)[:5]) < 1:
        raise Invalid(field="capacity", reason="A hub has at least one of each thing.")
    rates, network = hub_rates(), tables.network()
    gateways, destinations = (
        [(tables.lane_between(*ends(row["node"])), int(row["share_bp"])) for row in tables.read("hub_flows.csv") if row["kind"] == kind]
        for kind, ends in (("gateway", lambda node: (node, HUB)), ("destination", lambda node: (HUB, node)))
    )  # fmt: skip
    demand = hub_year.draw_demand(
        np.random.default_rng(seed),
        year=year,
        parcels=parcels,
        rates=rates,
        gateways=gateways,
        destinations=destinations,
        festivals=[
            (date.fromisoformat(f"{year}-{row['month_day']}"), int(row["strength_pct"]))
            for row in tables.read("festivals.csv")
            if with_festivals
        ],
        is_quiet={lane.start: _holidays(lane.start, year) for lane, _ in gateways},
    )
    if capacity is None or not capacity.lorries:
        capacity = hub_year.find_capacity(demand, rates, seed, network, capacity)
    return hub_year.run_year(demand, rates, capacity, np.random.default_rng(seed), network)


def _holidays(node: str, year: int) -> frozenset[int]:
    place = tables.nodes()[node]
    days = working_days(place.country, place.region)
    first = date(year, 1, 1)
    return frozenset(
        (first + timedelta(days=number)).toordinal()
        for number in range(366)
        if days.holiday_name(first + timedelta(days=number))
    )


@dataclass(frozen=True, slots=True)
class Outage:
    """Days without some lanes: the same parcels in three worlds (nothing wrong, waiting, looking for other ways)."""

    lanes: tuple[str, ...]
    since: date
    days: int
    parcels: int
    stands_for: int
    without_a_way: int  # of the plain network: asked for what no lane serves
    worlds: tuple[World, ...]


def simulate_outage(
    *,
    lanes: Sequence[str],
    since: date,
    days: int,
    parcels: int,
    seed: int,
    stands_for: int = 100,
    weight_g: int = 350,
) -> Outage:
    """What happens when lanes stand still for some days: parcels drawn over the ten days around, by the hub's flows.

    The news comes as the outage begins. The same arguments give the same answer.
    Refuses: NoSuchLane, Invalid (days, parcels).
    """
    known = {lane.code for lane in tables.lanes()}
    for code in lanes:
        if code not in known:
            raise NoSuchLane(lane=code[:60], example=sorted(known)[0])
    if not 1 <= days <= 60:
        raise Invalid(field="days", reason="An outage lasts 1 to 60 days.")
    if not 1 <= parcels <= 200_000:
        raise Invalid(field="parcels", reason="1 to 200,000 parcels can be drawn.")
    if not 0 < weight_g <= policy.MOST_WEIGHT_G:
        raise Invalid(
            field="weight_g",
            reason=Sentence("A parcel weighs 1 to {most} g.", most=f"{policy.MOST_WEIGHT_G:,}"),
        )
    plain = tables.network()
    begins = minute_of(datetime(since.year, since.month, since.day, tzinfo=UTC))
    ends = begins + days * DAY_MINUTES
    shut = Network(plain.nodes, plain.lanes, plain.calendar_of, {code: [(begins, ends)] for code in lanes})
    drawn = _drawn(np.random.default_rng(seed), parcels, begins - 5 * DAY_MINUTES, ends + 5 * DAY_MINUTES)
    services = SERVICES["standard"]
    promised = [_promised_on(plain, parcel, services) for parcel in drawn]
    worlds = tuple(
        travelled(
            name, drawn, promised, network, plain, services=services, news_at=begins, finds_other_ways=looks,
            weight_g=weight_g, stands_for=stands_for,
        )
        for name, network, looks in (("nothing wrong", plain, False), ("waiting", shut, False), ("other ways", shut, True))
    )  # fmt: skip
    return Outage(tuple(lanes), since, days, parcels, stands_for, promised.count(None), worlds)


def _drawn(luck: np.random.Generator, parcels: int, first: int, last: int) -> list[Drawn]:
    rows = tables.read("hub_flows.csv")
    zones = tables.zones_by_hub()

    def places(kind: str) -> list[str]:
        flows = [row for row in rows if row["kind"] == kind]
        shares = np.array([int(row["share_bp"]) for row in flows]) / 10_000
        picked = luck.multinomial(parcels, shares)
        found = []
        for row, count in zip(flows, picked, strict=True):
            behind = zones.get(row["node"], [row["node"]])
            found += [behind[number % len(behind)] for number in range(count)]
        luck.shuffle(found)
        return found

    ready = luck.integers(first, last, parcels).tolist()
    seeds = luck.integers(0, 1 << 31, parcels).tolist()
    return [Drawn(*each) for each in zip(places("gateway"), places("destination"), ready, seeds, strict=True)]


def _promised_on(network: Network, parcel: Drawn, services: frozenset[str]) -> int | None:
    hops = network.earliest(parcel.origin, parcel.destination, parcel.ready, services)
    return network.local_ordinal(parcel.destination, hops[-1].arrives) if hops else None
