"""Draw bench/results/intake.svg from the JSON of the benchmarks: bars on a logarithmic scale, with the goals marked. No dependency."""

from __future__ import annotations

import html
import json
import math
import sys

from bench.scratch import RESULTS

BARS = [  # label, file, field, must, aim
    ("kernel: decisions, nothing stored", "intake", "kernel_orders_per_s", None, None),
    ("durable: decide + journal, fsync", "intake", "durable_orders_per_s", 583_000, 2_000_000),
    ("over the unix socket, another process", "intake", "socket_orders_per_s", None, None),
    ("one hot offer, 500 pieces", "intake", "hot_orders_per_s", None, None),
    ("projected into tables with indexes", "intake", "projected_orders_per_s", None, None),
    ("COPY alone of the same rows", "intake", "copy_orders_per_s", None, None),
    ("HTTP, one order a request", "intake_http", "http_orders_per_s", 10_000, 25_000),
    ("bare POST echo, same server", "intake_http", "echo_per_s", None, None),
]
LOW, HIGH, LEFT, WIDTH, ROW = 1_000, 10_000_000, 290, 560, 34


def at(value: float) -> float:
    """Where a rate stands on the axis."""
    share = math.log10(max(value, LOW) / LOW) / math.log10(HIGH / LOW)
    return LEFT + WIDTH * min(share, 1.0)


def drawn(figures: dict[str, dict[str, float]]) -> str:
    """The picture."""
    rows = [bar for bar in BARS if bar[2] in figures.get(bar[1], {})]
    height = 70 + ROW * len(rows) + 40
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 110} {height}" font-family="sans-serif" font-size="13">',
        "<title>The order intake on this machine: orders a second, by layer</title>",
        '<rect width="100%" height="100%" fill="#fff"/><text x="16" y="28" font-size="17" font-weight="600">Orders a second, by layer</text>',
    ]
    about = figures.get("intake", figures.get("intake_http", {})).get("machine", {})
    if isinstance(about, dict):
        fsync = figures.get("intake", {}).get("fsync_ms_p50", "?")
        told = f"{about.get('cpu')}, {about.get('cores')} cores (load {about.get('load_before')} before), fsync {fsync} ms, {about.get('at')}"
        out.append(f'<text x="16" y="48" fill="#555" font-size="11">{html.escape(told)}</text>')
    bottom = 62 + ROW * len(rows)
    for power in range(3, 8):
        x = at(10**power)
        out.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="60" y2="{bottom}" stroke="#ddd"/>')
        out.append(
            f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle" fill="#555">{10**power:,}</text>'
        )
    for i, (label, file, field, must, aim) in enumerate(rows):
        value, y = figures[file][field], 66 + ROW * i
        out.append(f'<text x="{LEFT - 10}" y="{y + 16}" text-anchor="end">{html.escape(label)}</text>')
        out.append(f'<rect x="{LEFT}" y="{y}" width="{at(value) - LEFT:.1f}" height="22" fill="#2b6a5b"/>')
        out.append(f'<text x="{at(value) + 6:.1f}" y="{y + 16}">{value:,.0f}</text>')
        for goal, colour in ((must, "#b3261e"), (aim, "#8a6d00")):
            if goal:
                x = at(goal)
                out.append(
                    f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{y - 3}" y2="{y + 25}" stroke="{colour}" stroke-width="3"/>'
                )
    out.append(
        f'<text x="{LEFT}" y="{bottom + 36}" font-size="11"><tspan fill="#b3261e">▌must</tspan>  <tspan fill="#8a6d00">▌aim</tspan></text></svg>'
    )
    return "\n".join(out) + "\n"


def main() -> int:
    figures = {}
    for name in ("intake", "intake_http"):
        path = RESULTS / f"{name}.json"
        if path.exists():
            figures[name] = json.loads(path.read_text())
    if not figures:
        print("no results yet: run `make bench-intake`", file=sys.stderr)
        return 1
    (RESULTS / "intake.svg").write_text(drawn(figures))
    print(RESULTS / "intake.svg")
    return 0


if __name__ == "__main__":
    sys.exit(main())
