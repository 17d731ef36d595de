"""Draw bench/results/ledger.svg from bench/results/ledger.json: settlements a second beside a bare COPY. No dependency.

make bench-ledger > bench/results/ledger.json && python -m bench.ledger_plot
"""

from __future__ import annotations

import json
import math
import sys
from typing import Any

from bench.scratch import RESULTS

MUST = 20_000
LOW, HIGH, LEFT, WIDTH, ROW = 1_000, 1_000_000, 290, 520, 34


def at(value: float) -> float:
    """Where a rate stands on the logarithmic axis."""
    share = math.log10(max(value, LOW) / LOW) / math.log10(HIGH / LOW)
    return LEFT + WIDTH * min(share, 1.0)


def drawn(figures: dict[str, Any]) -> str:
    """The picture: rates, the goal, and where the processor time of one settlement goes."""
    rows = [
        ("settlements, every check on", figures["settlements_per_s"]),
        ("captures, every check on", figures["captures_per_s"]),
        ("bare COPY of the same rows, indexed", figures["copy_indexed_rows_per_s"] / 7),
        ("bare COPY of the same rows, no index", figures["copy_rows_per_s"] / 7),
    ]
    bottom = 62 + ROW * len(rows)
    told = (
        f"{figures['settlements']:,} settlements of 7 postings, {figures['clients']} clients, {figures['cores']} cores shared "
        f"with the database, load {figures['load']} before, single p99 {figures['single_p99_ms']} ms"
    )
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 100} {bottom + 110}" font-family="sans-serif" font-size="13">',
        "<title>The ledger on this machine: order settlements a second</title>",
        '<rect width="100%" height="100%" fill="#fff"/><text x="16" y="28" font-size="17" font-weight="600">Order settlements a second</text>',
        f'<text x="16" y="48" fill="#555" font-size="11">{told}</text>',
    ]
    for power in range(3, 7):
        x = at(10**power)
        out.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="60" y2="{bottom}" stroke="#ddd"/>')
        out.append(
            f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle" fill="#555">{10**power:,}</text>'
        )
    for place, (label, value) in enumerate(rows):
        y = 66 + ROW * place
        out.append(f'<text x="{LEFT - 10}" y="{y + 16}" text-anchor="end">{label}</text>')
        out.append(f'<rect x="{LEFT}" y="{y}" width="{at(value) - LEFT:.1f}" height="22" fill="#2b6a5b"/>')
        out.append(f'<text x="{at(value) + 6:.1f}" y="{y + 16}">{value:,.0f}</text>')
    x = at(MUST)
    out.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="60" y2="92" stroke="#b3261e" stroke-width="3"/>')
    y, start = bottom + 44, float(LEFT)
    out.append(
        f'<text x="{LEFT - 10}" y="{y + 16}" text-anchor="end">processor time of one settlement</text>'
    )
    for label, value, colour in (
        ("program", figures["client_cpu_us"], "#8a6d00"),
        ("database", figures["server_cpu_us"], "#2b6a5b"),
    ):
        width = value * 8
        out.append(f'<rect x="{start:.1f}" y="{y}" width="{width:.1f}" height="22" fill="{colour}"/>')
        out.append(f'<text x="{start + 6:.1f}" y="{y + 38}" fill="{colour}">{label} {value} µs</text>')
        start += width
    return "\n".join([*out, "</svg>"]) + "\n"


def main() -> int:
    path = RESULTS / "ledger.json"
    if not path.exists():
        print("no results yet: make bench-ledger > bench/results/ledger.json", file=sys.stderr)
        return 1
    (RESULTS / "ledger.svg").write_text(drawn(json.loads(path.read_text())))
    print(RESULTS / "ledger.svg")
    return 0


if __name__ == "__main__":
    sys.exit(main())
