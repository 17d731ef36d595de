"""Real processes under load, killed with SIGKILL: a few rounds here, fifty with `python -m tests.intake.kill9 --rounds 50`."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest


@pytest.mark.slow
@pytest.mark.xdist_group("processes")
def test_what_was_acknowledged_survives_kill_9() -> None:
    rounds = 3 * int(os.environ.get("ENTREPOT_DEPTH", "1"))
    words = [sys.executable, "-m", "tests.intake.kill9", "--rounds", str(rounds), "--seed", "4"]
    run = subprocess.run(words, capture_output=True, text=True, check=False, timeout=600)
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-6000:]
    told = json.loads(run.stdout.splitlines()[-1])
    assert told["acknowledged"] > 0
    assert told["orders"] >= told["acknowledged"]
