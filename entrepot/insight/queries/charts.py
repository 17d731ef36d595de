"""Charts as SVG drawn by the server: widths in percent, so that text keeps its size on a phone. Pure.

Each returns markup to be shown inside `<figure class="chart">` beside the table of the same numbers. Colours come
from the page's style sheet by class (`f1`…`f6` fills, `val` strong text, `axis` lines): no style attribute, so that a
strict content security policy holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

PLOT_PX, LABEL_PX, TOP_PX, ROW_PX, BAR_PX = 190, 22, 18, 46, 14


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: `words` under or beside it, `said` at its end, `note` a second line; `before` a value to compare with."""

    words: str
    value: int
    said: str
    note: str = ""
    before: int = 0
    fill: str = "f1"


def axis_top(values: Sequence[int]) -> int:
    """The round number (1, 2, 2.5 or 5 times a power of ten) at or above the largest value; never a fixed scale."""
    most = max([1, *values])
    power = 10 ** (len(str(most)) - 1)
    for step in (1, 2, 2.5, 5, 10):
        if most <= step * power:
            return max(int(step * power), 1)
    raise AssertionError("ten times the power of ten is above every value")


def columns(title: str, bars: Sequence[Bar], *, top_said: str, every: int = 1) -> SafeString:
    """Upright bars over time with a thin line for the period before; every `every`-th one carries its words."""
    if not bars:
        return mark_safe("")
    top = axis_top([value for bar in bars for value in (bar.value, bar.before)])
    slot = 100 / len(bars)
    parts = []
    for number, bar in enumerate(bars):
        high, then = PLOT_PX * bar.value / top, PLOT_PX * bar.before / top
        left = slot * number
        parts.append(
            format_html(
                '<rect class="{}" x="{}%" width="{}%" y="{}" height="{}" rx="2"><title>{}: {}</title></rect>',
                bar.fill,
                f"{left + slot * 0.12:.2f}",
                f"{slot * 0.76:.2f}",
                f"{TOP_PX + PLOT_PX - high:.1f}",
                f"{high:.1f}",
                bar.words,
                bar.said,
            )
        )
        if bar.before:
            parts.append(
                format_html(
                    '<line class="then" x1="{}%" x2="{}%" y1="{}" y2="{}"/>',
                    f"{left + slot * 0.04:.2f}",
                    f"{left + slot * 0.96:.2f}",
                    f"{TOP_PX + PLOT_PX - then:.1f}",
                    f"{TOP_PX + PLOT_PX - then:.1f}",
                )
            )
        if number % every == every // 2:
            parts.append(
                format_html(
                    '<text x="{}%" y="{}" text-anchor="middle">{}</text>',
                    f"{left + slot / 2:.2f}",
                    TOP_PX + PLOT_PX + 16,
                    bar.words,
                )
            )
    base = TOP_PX + PLOT_PX
    grid = format_html(
        '<line class="axis" x1="0" x2="100%" y1="{0}" y2="{0}"/><line class="axis faint" x1="0" x2="100%" y1="{1}"'
        ' y2="{1}"/><line class="axis faint" x1="0" x2="100%" y1="{2}" y2="{2}"/><text x="0" y="{3}">{4}</text>',
        base + 0.5,
        TOP_PX + PLOT_PX / 2,
        TOP_PX,
        TOP_PX - 5,
        top_said,
    )
    return _svg(title, TOP_PX + PLOT_PX + LABEL_PX, [grid, *parts])


def rows(title: str, bars: Sequence[Bar]) -> SafeString:
    """Lying bars, one a line, with words and figure above each: reads on a phone without turning it."""
    if not bars:
        return mark_safe("")
    most = max([1, *(bar.value for bar in bars)])
    parts = []
    for number, bar in enumerate(bars):
        y = ROW_PX * number
        parts.append(
            format_html(
                '<text class="words" x="0" y="{}">{}</text><text x="100%" y="{}" text-anchor="end"><tspan class="val">{}'
                '</tspan>{}</text><rect class="track" x="0" y="{}" width="100%" height="{}" rx="3"/>'
                '<rect class="{}" x="0" y="{}" width="{}%" height="{}" rx="3"/>',
                y + 14,
                bar.words,
                y + 14,
                bar.said,
                f"  {bar.note}" if bar.note else "",
                y + 21,
                BAR_PX,
                bar.fill,
                y + 21,
                f"{max(100 * bar.value / most, 0.4 if bar.value else 0):.2f}",
                BAR_PX,
            )
        )
    return _svg(title, ROW_PX * len(bars), parts)


def _svg(title: str, height_px: int, parts: Sequence[SafeString]) -> SafeString:
    return format_html(
        '<svg role="img" aria-label="{}" width="100%" height="{}">{}</svg>',
        title,
        height_px,
        format_html_join("", "{}", ((part,) for part in parts)),
    )
