"""Real processes under load, killed with SIGKILL: a few rounds here, fifty with `python -m tests.intake.kill9 --rounds 50`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile

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


def may_mount() -> bool:
    """Whether a small disk in memory can be mounted here: as root on Linux, outside strict containers."""
    with tempfile.TemporaryDirectory() as place:
        words = ["mount", "-t", "tmpfs", "-o", "size=1m", "entrepot-test", place]
        if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("mount") is None:
            return False
        if subprocess.run(words, capture_output=True, check=False).returncode != 0:
            return False
        subprocess.run(["umount", place], check=True)
    return True


@pytest.mark.slow
@pytest.mark.xdist_group("processes")
@pytest.mark.skipif(not may_mount(), reason="a disk can be filled only where one can be mounted")
def test_a_full_disk_stops_the_intake_and_loses_nothing() -> None:
    words = [sys.executable, "-m", "tests.intake.kill9", "--rounds", "2", "--full-disk", "--seed", "4"]
    run = subprocess.run(words, capture_output=True, text=True, check=False, timeout=600)
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-6000:]
    told = json.loads(run.stdout.splitlines()[-1])
    assert told["retries"] > 0, "nobody was ever told 503"
    assert told["orders"] >= told["acknowledged"] > 0
