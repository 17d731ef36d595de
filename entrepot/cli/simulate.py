"""`entrepot simulate`: a year of the hub at so many parcels, and days on which lanes stand still. Reports with plots."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from datetime import date, datetime
from html import escape
from pathlib import Path

import click
import msgspec

from entrepot.insight.queries.charts import Bar, axis_top, columns, rows
from entrepot.kit.errors import Refusal
from entrepot.logistics.queries.simulations import Outage, World, Year, simulate_hub, simulate_outage

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}"
    ".wide{overflow-x:auto}table{border-collapse:collapse;width:100%;margin:.5rem 0 2rem}th,td{text-align:right;padding:.2rem .6rem;border-bottom:"
    "1px solid #ddd}th:first-child,td:first-child{text-align:left}figure{margin:0 0 2rem}svg text{font-size:12px;fill:#444}"
    ".f1{fill:#2b6a5b}.f2{fill:#b3261e}.axis{stroke:#888}.faint{stroke:#ddd}.track{fill:#eee}.val{font-weight:600}"
    "@media(prefers-color-scheme:dark){body{color:#eee;background:#151515}svg text{fill:#ccc}.f1{fill:#5fb8a0}.f2{fill:#f2877f}"
    "th,td{border-color:#444}.faint{stroke:#333}.track{fill:#2a2a2a}}"
)
Table = Sequence[Sequence[object]]


class Count(click.ParamType):
    """A whole number, also written 450e6 or 450_000_000."""

    name = "count"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        text = str(value)
        try:
            number = float(text) if "e" in text.lower() else int(text)
        except ValueError:
            self.fail(f"“{text}” is not a number like 450000000 or 450e6.", param, ctx)
        if number != int(number):
            self.fail(f"“{text}” is not a whole number.", param, ctx)
        return int(number)


@click.group()
def simulate() -> None:
    """What the network would do, in a model with a seed: nothing of the market is read or changed."""


@simulate.command()
@click.option(
    "--year", is_flag=False, flag_value="2026", default="2026", show_default=True, help="Which calendar year."
)
@click.option("--parcels", type=Count(), default="450e6", show_default=True, help="Parcels in the year.")
@click.option("--seed", default=7, show_default=True, help="The same seed gives the same year.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for report.html and report.json.")
@click.option("--json", "as_json", is_flag=True, help="Print only the JSON object.")
def hub(year: str, parcels: int, seed: int, out: Path | None, as_json: bool) -> None:
    """A year of Liège: flights, docks, sorters, customs, lorries; capacity found by the model; queues, lateness, cost, CO2."""
    if not year.isdigit():
        raise click.BadParameter("A year is four digits.", param_hint="--year")
    began = time.perf_counter()
    try:
        found = simulate_hub(year=int(year), parcels=parcels, seed=seed)
        ordinary = simulate_hub(year=int(year), parcels=parcels, seed=seed, with_festivals=False).capacity
        lean = simulate_hub(year=int(year), parcels=parcels, seed=seed, capacity=ordinary)
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None
    took = round(time.perf_counter() - began, 2)
    figures = _hub_figures(found, lean) | {"year": int(year), "seed": seed, "hub_year_s": took}
    if out is not None:
        _store(out, _hub_page(found, lean, int(year), seed, took), figures)
    if as_json:
        click.echo(json.dumps(figures))
        return
    for line in _hub_lines(found, lean, int(year), took):
        click.echo(line)
    if out is not None:
        click.echo(f"report: {out / 'report.html'}", err=True)


@simulate.command()
@click.option(
    "--outage", "lanes", multiple=True, required=True, help="Lane that stands still; may be given again."
)
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), required=True, help="First day (UTC).")
@click.option("--days", default=3, show_default=True, help="For so many days.")
@click.option(
    "--parcels", type=Count(), default="5000", show_default=True, help="Parcels drawn around those days."
)
@click.option("--seed", default=7, show_default=True, help="The same seed gives the same parcels.")
@click.option("--stands-for", default=100, show_default=True, help="Real parcels behind each drawn one.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for report.html and report.json.")
@click.option("--json", "as_json", is_flag=True, help="Print only the JSON object.")
def network(
    lanes: tuple[str, ...], since: datetime, days: int, parcels: int, seed: int, stands_for: int, out: Path | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Days without some lanes: who is late when parcels wait, and when they are sent another way."""
    try:
        found = simulate_outage(
            lanes=lanes, since=since.date(), days=days, parcels=parcels, seed=seed, stands_for=stands_for
        )
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None
    figures = msgspec.to_builtins(found, enc_hook=str, str_keys=True)
    if out is not None:
        _store(out, _outage_page(found, seed), figures)
    if as_json:
        click.echo(json.dumps(figures))
        return
    for world in found.worlds:
        click.echo(
            f"{world.name:15} {world.on_time_bp / 100:6.2f} % on time   {world.mean_hours:4} h on the way   "
            f"{world.cost_minor / world.parcels / 100:.2f} € a parcel   {world.co2_g / world.parcels / 1000:.2f} kg CO2"
        )


simulate.needs_no_database = True  # type: ignore[attr-defined]


def _hub_figures(found: Year, lean: Year) -> dict[str, object]:
    body = msgspec.to_builtins(found, str_keys=True)
    return {
        "hub_year_parcels": found.parcels_in,
        **body,
        "hours_p50": found.hours_within(5_000),
        "hours_p99": found.hours_within(9_900),
        "sized_for_ordinary_days": {
            "capacity": msgspec.to_builtins(lean.capacity, str_keys=True),
            "late_bp": lean.late_bp,
            "most_waiting": dict(lean.most_waiting),
            "hours_p99": lean.hours_within(9_900),
        },
    }


def _hub_lines(found: Year, lean: Year, year: int, took: float) -> list[str]:
    lines = [
        f"Liège {year}: {found.parcels_in:,} parcels on {found.flights:,} flights, {found.parcels_out:,} left; {took} s",
        f"busiest day {max(found.in_by_day):,}, quietest {min(found.in_by_day):,}",
        f"late {found.late_bp / 100:.2f} %   through the hub: half in {found.hours_within(5_000)} h, 99 % in {found.hours_within(9_900)} h",
        f"hub {_money(found.hub_cost_minor, found.parcels_in)}, road {_money(found.road_cost_minor, found.parcels_in)} a parcel;"
        f" CO2 air {found.air_co2_kg // 1000:,} t, road {found.road_co2_kg // 1000:,} t",
        "",
        f"{'':22}{'found':>12}{'ordinary days only':>22}",
    ]
    lines += [f"{row[0]!s:22}{row[1]!s:>12}{row[2]!s:>22}" for row in _capacity_rows(found, lean)]
    return lines


def _capacity_rows(found: Year, lean: Year) -> list[tuple[str, str, str]]:
    names = ("docks", "sorters", "release_lines", "document_officers", "inspection_officers")
    table = [
        (name.replace("_", " "), str(getattr(found.capacity, name)), str(getattr(lean.capacity, name)))
        for name in names
    ]
    table.append(
        (
            "lorries a wave",
            str(sum(found.capacity.lorries.values())),
            str(sum(lean.capacity.lorries.values())),
        )
    )
    table.append(("late, %", f"{found.late_bp / 100:.2f}", f"{lean.late_bp / 100:.2f}"))
    table.append(("99 % through in, h", str(found.hours_within(9_900)), str(lean.hours_within(9_900))))
    table += [
        (f"most waiting: {name}", f"{most:,}", f"{lean.most_waiting[name]:,}")
        for name, most in found.most_waiting.items()
    ]
    return table


def _hub_page(found: Year, lean: Year, year: int, seed: int, took: float) -> str:
    first = date(year, 1, 1).toordinal()
    days = [date.fromordinal(first + number).isoformat() for number in range(len(found.in_by_day))]

    def by_day(title: str, values: Sequence[int], said: str, fill: str = "f1") -> str:
        bars = [
            Bar(day[5:], value, f"{value:,} {said}", fill=fill)
            for day, value in zip(days, values, strict=True)
        ]
        return _figure(title, columns(title, bars, top_said=f"{axis_top(values):,} {said}", every=61))

    destinations = [
        (row.place, f"{row.parcels:,}", f"{row.lorries:,}", row.most_lorries_a_wave, f"{row.late_bp / 100:.2f}",
         f"{row.cost_minor / max(1, row.parcels) / 100:.3f}", f"{row.co2_kg // 1000:,}")
        for row in found.destinations
    ]  # fmt: skip
    hours = [
        Bar(str(hour), count, f"{count:,} parcels") for hour, count in enumerate(found.hours_through[:96])
    ]
    plots = [
        by_day("Parcels that land, by day", found.in_by_day, "parcels"),
        by_day(
            "Parcels late, by day of landing (hundredths of a per cent)", found.late_by_day_bp, "bp", "f2"
        ),
        by_day("The same with the capacity of ordinary days", lean.late_by_day_bp, "bp", "f2"),
    ]
    plots += [
        by_day(f"Longest queue of the day: {name}", values, "parcels")
        for name, values in found.waiting_by_day.items()
        if max(values)
    ]
    plots.append(
        _figure(
            "Hours from touchdown to departure",
            columns(
                "Hours from touchdown to departure",
                hours,
                top_said=f"{axis_top(found.hours_through):,} parcels",
                every=12,
            ),
        )
    )
    body = [
        f"<p>{found.parcels_in:,} parcels on {found.flights:,} flights; all of them left. Seed {seed}; simulated in {took} s "
        "together with finding the capacity, twice. Rates are assumptions with their source in rules/hub.csv, hub_flows.csv and"
        " festivals.csv; the abstraction is told in logistics/hub_year.py: flights are single, parcels are counts, queues are "
        "first in, first out, and have room without end.</p>",
        "<h2>Capacity</h2>",
        _table(("", "found", "sized for ordinary days"), _capacity_rows(found, lean)),
        *plots,
        "<h2>Destinations</h2>",
        _table(
            (
                "place",
                "parcels",
                "lorries",
                "most in a wave",
                "late %",
                "road € a parcel",
                "road CO2 t",
            ),
            destinations,
        ),
        "<h2>Days</h2>",
        _table(
            ("day", "landed", "left", "late, bp"),
            list(zip(days, found.in_by_day, found.out_by_day, found.late_by_day_bp, strict=True)),
        ),
    ]
    return _page(f"Liège hub, {year}, {found.parcels_in:,} parcels", body)


def _outage_page(found: Outage, seed: int) -> str:
    title = f"{', '.join(found.lanes)}: {found.days} days without, from {found.since}"

    def late(world: World) -> str:
        bars = [
            Bar(f"{days:+}", count, f"{count:,} parcels", fill="f2" if days > 0 else "f1")
            for days, count in world.days_late.items()
        ]
        return _figure(
            f"Days late, {world.name}",
            columns(
                f"Days late, {world.name}",
                bars,
                top_said=f"{axis_top(list(world.days_late.values())):,} parcels",
                every=2,
            ),
        )

    worlds = [
        (
            world.name, f"{world.on_time_bp / 100:.2f}", world.mean_hours, f"{world.cost_minor / world.parcels / 100:.2f}",
            f"{world.co2_g / world.parcels / 1000:.2f}", f"{world.found_full:,}",
        )
        for world in found.worlds
    ]  # fmt: skip
    busiest = [Bar(code, count, f"{count:,}") for code, count in found.worlds[-1].busiest]
    return _page(
        title,
        [
            f"<p>{found.parcels:,} parcels drawn (seed {seed}), each standing for {found.stands_for}; "
            f"{found.without_a_way} asked for what no lane serves. Other ways are looked for once the outage has begun.</p>",
            _table(("world", "on time %", "hours", "€ a parcel", "kg CO2", "departures found full"), worlds),
            *(late(world) for world in found.worlds),
            _figure("Busiest lanes when other ways are found", rows("Busiest lanes", busiest)),
        ],
    )


def _money(minor: int, parcels: int) -> str:
    return f"{minor / parcels / 100:.3f} €"


def _figure(title: str, svg: str) -> str:
    return f'<figure class="chart"><figcaption><strong>{escape(title)}</strong></figcaption>{svg}</figure>'


def _table(head: Sequence[str], body: Table) -> str:
    heads = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    lines = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in body
    )
    return f'<div class="wide" tabindex="0"><table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table></div>'


def _page(title: str, body: Sequence[str]) -> str:
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{STYLE}</style><h1>{escape(title)}</h1>{''.join(body)}</html>\n"
    )


def _store(out: Path, page: str, figures: object) -> None:
    out.mkdir(parents=True, exist_ok=True)
    (out / "report.html").write_text(page, encoding="utf-8")
    (out / "report.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
