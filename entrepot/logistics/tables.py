"""The network's rows, read once from rules/*.csv and joined with the calendars of their countries."""

from __future__ import annotations

import csv
import re
from datetime import date, time
from decimal import Decimal
from functools import cache
from pathlib import Path

from babel import Locale

from entrepot.logistics.cartons import Carton
from entrepot.logistics.customs import Limits
from entrepot.logistics.network import Calendar, Lane, Network, Node
from entrepot.logistics.policy import Guarantee, TroubleTerms
from entrepot.markets.queries import hs_headings, hs_subheadings, import_rule, working_days

RULES = Path(__file__).parent / "rules"
MODEL = "2026-11"  # the version a stored promise names


def read(name: str) -> list[dict[str, str]]:
    with (RULES / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@cache
def nodes() -> dict[str, Node]:
    hubs = {
        row["code"]: Node(
            row["code"], row["kind"], row["name"], row["country"], row["region"], row["time_zone"],
            row["latitude"], row["longitude"],
        )
        for row in read("nodes.csv")
    }  # fmt: skip
    zones = {
        row["zone"]: Node(row["zone"], "zone", row["name"], row["country"], row["region"], row["time_zone"])
        for row in read("zones.csv")
    }
    return hubs | zones


@cache
def lanes() -> list[Lane]:
    co2 = {row["mode"]: int(row["co2_g_per_tonne_km"]) for row in read("modes.csv")}
    return [
        Lane(
            code=row["lane"],
            start=row["from"],
            end=row["to"],
            mode=row["mode"],
            operator=row["operator"],
            service=row["service"],
            days=frozenset(int(digit) for digit in row["days"]),
            departs_at=time.fromisoformat(row["departs_at"]),
            minutes_min=int(row["hours_min"]) * 60,
            minutes_max=int(row["hours_max"]) * 60,
            clears_customs=row["clears_customs"] == "yes",
            release_minutes_min=int(row["release_hours_min"]) * 60,
            release_minutes_max=int(row["release_hours_max"]) * 60,
            rests_on_holidays=row["rests_on_holidays"] == "yes",
            distance_km=int(row["distance_km"]),
            base_minor=int(row["base_minor"]),
            per_500g_minor=int(row["per_500g_minor"]),
            currency=row["currency"],
            good_bp=int(row["good_bp"]),
            late_bp=int(row["late_bp"]),
            late_minutes_max=int(row["late_hours_max"]) * 60,
            capacity_parcels=int(row["capacity_parcels"]),
            co2_g_per_tonne_km=co2[row["mode"]],
        )
        for row in read("lanes.csv")
    ]


def calendar_of(node: Node) -> Calendar:
    """The public holidays and weekends of a node's region."""
    days = working_days(node.country, node.region)

    def is_holiday(day: date) -> bool:
        return bool(days.holiday_name(day))

    return Calendar(days.is_working_day, is_holiday)


@cache
def network() -> Network:
    return Network(nodes(), lanes(), calendar_of)


@cache
def zones_by_prefix() -> dict[str, list[tuple[str, str]]]:
    """By country: (postcode prefix, zone), longest prefix first; an empty prefix takes the rest."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in read("zones.csv"):
        for prefix in row["postcode_prefixes"].split("|"):
            found.setdefault(row["country"], []).append((prefix, row["zone"]))
    return {country: sorted(pairs, key=lambda pair: -len(pair[0])) for country, pairs in found.items()}


@cache
def zones_by_hub() -> dict[str, list[str]]:
    """The delivery zones behind each hub."""
    found: dict[str, list[str]] = {}
    for row in read("zones.csv"):
        found.setdefault(row["hub"], []).append(row["zone"])
    return found


@cache
def customs_limits(area: str, on: date) -> Limits:
    """The dated bounds of customs checks for goods into an area (`EU`, or a country)."""
    bounds = {
        row["name"]: int(row["value"])
        for row in read("customs_limits.csv")
        if row["valid_from"] <= on.isoformat() and (not row["valid_to"] or on.isoformat() <= row["valid_to"])
    }
    rule = import_rule(f"{area}-IOSS", on)
    return Limits(
        low_value_minor=int(Decimal(str(rule.params["threshold"])) * 100) if rule else None,
        least_piece_minor=bounds["least_value_per_piece"],
        most_per_kg_minor=bounds["most_value_per_kg"],
        least_letters=bounds["least_description"],
        subheadings=hs_subheadings(),
        headings=hs_headings(),
        countries=_countries(),
        vague=frozenset(word for row in read("vague_words.csv") for word in row["words"].split("|")),
    )


@cache
def _countries() -> frozenset[str]:
    groups = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}
    return (
        frozenset(str(code) for code in Locale("en").territories if re.fullmatch("[A-Z]{2}", str(code)))
        - groups
    )


@cache
def zone_without_postcode() -> dict[str, str]:
    return {row["country"]: row["zone"] for row in read("zones.csv") if row["without_postcode"] == "yes"}


@cache
def lockers() -> list[dict[str, str]]:
    """Lockers with their hours and compartments; each is a node too."""
    return read("lockers.csv")


@cache
def cartons() -> list[Carton]:
    """Our boxes, the smallest first."""
    return [
        Carton(
            row["code"],
            row["name"],
            *(int(row[name]) for name in ("length_mm", "width_mm", "height_mm", "tare_g", "most_g")),
        )
        for row in read("cartons.csv")
    ]


@cache
def troubles() -> dict[str, TroubleTerms]:
    """Who acts on an exception, and how soon, by kind."""
    return {
        row["kind"]: TroubleTerms(row["owner_role"], int(row["hours"]), row["advice"])
        for row in read("troubles.csv")
    }


def guarantee(country: str, on: date) -> Guarantee | None:
    """What we guarantee in a country on a day."""
    return next(
        (terms for since, until, terms in _guarantees().get(country, ()) if since <= on <= until), None
    )


@cache
def _guarantees() -> dict[str, list[tuple[date, date, Guarantee]]]:
    found: dict[str, list[tuple[date, date, Guarantee]]] = {}
    for row in read("guarantees.csv"):
        since = date.fromisoformat(row["valid_from"])
        until = date.fromisoformat(row["valid_to"]) if row["valid_to"] else date.max
        terms = Guarantee(int(row["working_days"]), int(row["least_confidence_pct"]), int(row["least_minor"]))
        found.setdefault(row["market"], []).append((since, until, terms))
    return found


def lane_between(start: str, end: str, service: str = "standard") -> Lane:
    """The first lane (by code) from one place to another. Raises KeyError when there is none."""
    found = sorted(
        (lane for lane in lanes() if (lane.start, lane.end, lane.service) == (start, end, service)),
        key=lambda lane: lane.code,
    )
    if not found:
        raise KeyError(f"{start}-{end}")
    return found[0]
