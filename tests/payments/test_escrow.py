"""The escrow table: what the code goes by, and what ARCHITECTURE.md prints."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepot.ledger.policy import CHART
from entrepot.payments.escrow import ARROWS, kind_of, may, state_after


def rows() -> list[str]:
    """The table as Markdown; `python -m tests.payments.test_escrow` prints it."""
    out = ["| what happens | from | to | ledger transfer | debits → credits |", "|---|---|---|---|---|"]
    for verb, arrow in ARROWS.items():
        sides = " → ".join(" ".join(f"`{kind}`" for kind in side) for side in (arrow.debits, arrow.credits))
        out.append(
            f"| {verb.replace('_', ' ')} | {', '.join(arrow.sources)} | {arrow.to or 'same'} | `{arrow.kind}` | {sides} |"
        )
    return out


def test_the_table_is_printed() -> None:
    assert "\n".join(rows()) in Path("ARCHITECTURE.md").read_text()


def test_every_arrow_can_be_posted_and_every_state_reached() -> None:
    reached = {"new", "earned"} | {arrow.to for arrow in ARROWS.values() if arrow.to}
    for verb, arrow in ARROWS.items():
        assert set(arrow.sources) <= reached, verb
        assert {*arrow.debits, *arrow.credits} <= CHART.keys(), verb
        for state in arrow.sources:
            assert may(verb, state)
            assert state_after(verb, state) in reached
        assert kind_of(verb) == arrow.kind
    for verb, state in [
        ("release", "frozen"),
        ("release", "released"),
        ("hold", "cancelled"),
        ("lapse", "held"),
    ]:
        assert not may(verb, state)
        with pytest.raises(AssertionError):
            state_after(verb, state)


if __name__ == "__main__":
    print("\n".join(rows()))
