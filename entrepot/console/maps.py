"""The tower's own drawings: lanes on a map, flows as a Sankey. Server-made SVG without a style attribute. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from entrepot.logistics.queries import Flow, LaneLoad, Spot

VIEWS = {"world": (0, 0, 1000, 430), "europe": (330, 50, 230, 150)}


def _xy(spot: Spot) -> tuple[float, float]:
    """The drawing's place of a spot; the same projection as land.svg."""
    return 4 * (spot.longitude_e6 / 1e6 + 100), 4.9 * (72 - spot.latitude_e6 / 1e6)


def lane_map(
    title: str, land: str, spots: Sequence[Spot], lanes: Sequence[LaneLoad], view: str
) -> SafeString:
    """Coastlines, places, and lanes as thick as their parcels; red and dashed where some are late."""
    left, top, wide, high = VIEWS[view]
    unit = wide / 1000
    at = {spot.code: _xy(spot) for spot in spots}
    busy = {code for lane in lanes for code in (lane.start, lane.end)}
    most = max([1, *(lane.parcels for lane in lanes)])
    arcs, dots = [], []
    for lane in lanes:
        if lane.start in at and lane.end in at:
            (x1, y1), (x2, y2) = at[lane.start], at[lane.end]
            bend = abs(x2 - x1) * 0.12 + 4 * unit
            arcs.append(
                format_html(
                    '<path class="lane{}" d="M{} {}Q{} {} {} {}" stroke-width="{}"><title>{} → {}: {}</title></path>',
                    " late" if lane.late else "", *(f"{value:.1f}" for value in (x1, y1, (x1 + x2) / 2, min(y1, y2) - bend, x2, y2)),
                    f"{unit * (2 + 6 * lane.parcels / most):.2f}", lane.start_name, lane.end_name, lane.parcels,
                )
            )  # fmt: skip
        else:
            code = lane.start if lane.start in at else lane.end if lane.end in at else ""
            if code:
                x, y = at[code]
                radius = unit * (6 + 10 * lane.parcels / most)
                dots.append(
                    format_html(
                        '<circle class="near{}" cx="{}" cy="{}" r="{}"><title>{} → {}: {}</title></circle>',
                        " late" if lane.late else "", f"{x:.1f}", f"{y:.1f}", f"{radius:.2f}", lane.start_name,
                        lane.end_name, lane.parcels,
                    )
                )  # fmt: skip
    for spot in spots:
        x, y = at[spot.code]
        if not (left <= x <= left + wide and top <= y <= top + high):
            continue
        dots.append(
            format_html(
                '<circle class="spot{}" cx="{}" cy="{}" r="{}"><title>{} {}</title></circle>',
                " busy" if spot.code in busy else "", f"{x:.1f}", f"{y:.1f}", f"{unit * 4:.2f}", spot.code, spot.name,
            )
        )  # fmt: skip
        if spot.code in busy:
            dots.append(
                format_html(
                    '<text x="{}" y="{}">{}</text>', f"{x + 6 * unit:.1f}", f"{y - 5 * unit:.1f}", spot.code,
                )
            )  # fmt: skip
    return format_html(
        '<svg role="img" class="{}" aria-label="{}" viewBox="{} {} {} {}"><use class="land" href="{}#land"/>{}{}</svg>',
        view, title, left, top, wide, high, land, format_html_join("", "{}", ((arc,) for arc in arcs)),
        format_html_join("", "{}", ((dot,) for dot in dots)),
    )  # fmt: skip


SANKEY_WIDE, NODE, GAP, LEAST = 900, 14, 14, 3


def sankey(title: str, flows: Sequence[Flow], said: Callable[[str], str]) -> SafeString:
    """Origin country → first hub → last hub → how it went; each band as thick as its parcels."""
    columns: list[dict[str, int]] = [{}, {}, {}, {}]
    links: list[dict[tuple[str, str, str], int]] = [{}, {}, {}]
    for flow in flows:
        steps = (flow.origin, flow.first_hub, flow.last_hub, flow.outcome)
        for number, name in enumerate(steps):
            columns[number][name] = columns[number].get(name, 0) + flow.parcels
        for number in range(3):
            key = (steps[number], steps[number + 1], flow.outcome)
            links[number][key] = links[number].get(key, 0) + flow.parcels
    total = max(1, sum(flow.parcels for flow in flows))
    rows = max([1, *(len(column) for column in columns)])
    high = 240 + rows * (GAP + LEAST) + 40
    scale = 240 / total
    places: list[dict[str, float]] = []
    boxes = []
    for number, column in enumerate(columns):
        y, place = 18.0, {}
        x = number * (SANKEY_WIDE - NODE - 150) / 3
        for name, count in sorted(column.items(), key=lambda pair: (-pair[1], pair[0])):
            place[name] = y
            tall = max(LEAST, count * scale)
            words = said(name) if number == 3 else name
            kind = f" {name}" if number == 3 else ""
            boxes.append(
                format_html(
                    '<rect class="node{}" x="{}" y="{}" width="{}" height="{}"><title>{}: {}</title></rect>'
                    '<text x="{}" y="{}">{} · {}</text>',
                    kind, f"{x:.0f}", f"{y:.1f}", NODE, f"{tall:.1f}", words, count, f"{x + NODE + 5:.0f}",
                    f"{y + min(tall / 2 + 4, 12):.1f}", words, count,
                )
            )  # fmt: skip
            y += tall + GAP
        places.append(place)
    bands = []
    for number, link in enumerate(links):
        used_out, used_in = dict(places[number]), dict(places[number + 1])
        x1 = number * (SANKEY_WIDE - NODE - 150) / 3 + NODE
        x2 = (number + 1) * (SANKEY_WIDE - NODE - 150) / 3
        for (start, end, outcome), count in sorted(link.items(), key=lambda pair: (-pair[1], pair[0])):
            thick = max(1.0, count * scale)
            y1, y2 = used_out[start] + thick / 2, used_in[end] + thick / 2
            used_out[start] += thick
            used_in[end] += thick
            middle = (x1 + x2) / 2
            bands.append(
                format_html(
                    '<path class="band {}" d="M{} {}C{} {} {} {} {} {}" stroke-width="{}"><title>{} → {}: {}</title></path>',
                    outcome, *(f"{value:.1f}" for value in (x1, y1, middle, y1, middle, y2, x2, y2)), f"{thick:.1f}", start,
                    said(end), count,
                )
            )  # fmt: skip
    return format_html(
        '<svg role="img" aria-label="{}" viewBox="0 0 {} {}">{}{}</svg>', title, SANKEY_WIDE, round(high),
        format_html_join("", "{}", ((band,) for band in bands)), format_html_join("", "{}", ((box,) for box in boxes)),
    )  # fmt: skip
