"""Days without a lane: nobody is lost, the same seed tells the same story, other ways never lead out of the network."""

from __future__ import annotations

import json
from datetime import date

import pytest
from click.testing import CliRunner

from entrepot.cli.simulate import simulate
from entrepot.kit.errors import Invalid
from entrepot.logistics.errors import NoSuchLane
from entrepot.logistics.queries.simulations import simulate_outage

DAY = date(2026, 11, 16)


def test_an_outage_makes_parcels_late_and_other_ways_help() -> None:
    found = simulate_outage(lanes=["HGH-LGG-air-sta"], since=DAY, days=4, parcels=800, seed=7)
    plain, waiting, others = found.worlds
    assert found.without_a_way == 0
    assert {world.delivered for world in found.worlds} == {800}  # never a lost parcel
    assert plain.on_time_bp > 9_500
    assert waiting.on_time < plain.on_time
    assert others.on_time >= waiting.on_time
    assert sum(plain.days_late.values()) == 800
    assert simulate_outage(lanes=["HGH-LGG-air-sta"], since=DAY, days=4, parcels=800, seed=7) == found


def test_full_departures_push_parcels_to_the_next() -> None:
    words = {"lanes": ["HGH-LGG-air-sta"], "since": DAY, "days": 1, "parcels": 300, "seed": 7}
    crowded = simulate_outage(**words, stands_for=40_000).worlds[0]  # type: ignore[arg-type]
    roomy = simulate_outage(**words, stands_for=1).worlds[0]  # type: ignore[arg-type]
    assert roomy.found_full == 0
    assert crowded.found_full > 0
    assert crowded.on_time < roomy.on_time
    assert crowded.delivered == 300


def test_bad_questions_are_named() -> None:
    with pytest.raises(NoSuchLane):
        simulate_outage(lanes=["MOON-LGG"], since=DAY, days=1, parcels=10, seed=1)
    for words in ({"days": 0}, {"parcels": 0}, {"weight_g": -1}):
        with pytest.raises(Invalid):
            simulate_outage(**({"lanes": [], "since": DAY, "days": 1, "parcels": 10, "seed": 1} | words))  # type: ignore[arg-type]


def test_the_command_tells_the_worlds_and_draws_them(tmp_path: object) -> None:
    words = ["network", "--outage", "SZX-LGG-air-sta", "--from", "2026-11-16", "--parcels", "60", "--json", "--out", str(tmp_path)]  # fmt: skip
    done = CliRunner().invoke(simulate, words, catch_exceptions=False)
    assert [world["name"] for world in json.loads(done.stdout)["worlds"]] == [
        "nothing wrong", "waiting", "other ways",
    ]  # fmt: skip
    assert (tmp_path / "report.html").read_text().count("<svg") == 4  # type: ignore[operator]
    wrong = CliRunner().invoke(simulate, ["network", "--outage", "X", "--from", "2026-11-16"])
    assert wrong.exit_code == 1
    assert "There is no lane" in wrong.output
