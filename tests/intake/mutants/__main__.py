"""Plant each bug in a copy of the sources and run the suites until one test fails.

    python -m tests.intake.mutants            all of them
    python -m tests.intake.mutants limit      those whose name matches “limit” (a regular expression)

Ends with 1 when a bug survives, or when a patch no longer fits the sources.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]
# Those without tables first: they start at once.
SUITES = [
    ["test_commands.py", "test_upkeep.py", "test_twin.py", "test_writer.py", "test_edge.py"],
    ["test_journal.py", "test_projector.py"],
    ["test_simulation.py"],
]


def plant(patch: Path | None, base: Path) -> Path:
    """A copy of the checkout with the bug in it (None: as it is)."""
    copy = base / (patch.stem if patch else "control")
    for name in ("entrepot", "tests"):
        shutil.copytree(
            CHECKOUT / name,
            copy / name,
            ignore=shutil.ignore_patterns("*.woff2", "*.svg", "*.gz"),
            symlinks=True,
        )
    shutil.copy(CHECKOUT / "pyproject.toml", copy)
    if patch is not None:
        subprocess.run(["git", "apply", "--whitespace=nowarn", str(patch)], cwd=copy, check=True)
    return copy


def caught_by(copy: Path) -> str | None:
    """The first test that fails, or None."""
    env = {
        name: value
        for name, value in os.environ.items()
        if name not in ("ENTREPOT_TEST_RUN", "NUMBA_CACHE_DIR")
    }
    env["PYTHONPATH"] = str(copy)
    for suites in SUITES:
        words = [
            sys.executable,
            "-m",
            "pytest",
            "-x",
            "-p",
            "no:xdist",
            *(f"tests/intake/{name}" for name in suites),
        ]
        run = subprocess.run(words, cwd=copy, env=env, capture_output=True, text=True, check=False)
        if run.returncode != 0:
            failed = re.search(r"^(?:FAILED|ERROR) tests/intake/(\S+)", run.stdout, re.MULTILINE)
            return (
                failed[1]
                if failed
                else "the suites did not even start: " + run.stdout[-300:] + run.stderr[-300:]
            )
    return None


def main() -> int:
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    patches = [
        patch for patch in sorted(Path(__file__).parent.glob("*.patch")) if re.search(wanted, patch.stem)
    ]
    survived = 0
    with tempfile.TemporaryDirectory(prefix="entrepot-mutants-") as base:
        Path(base).chmod(0o755)
        if not wanted:  # the sources as they are must pass, or catching says nothing
            copy = plant(None, Path(base))
            failed = caught_by(copy)
            shutil.rmtree(copy)
            if failed is not None:
                print(f"without a planted bug {failed} fails: mend that first")
                return 1
            print("without a planted bug every test passes", flush=True)
        for patch in patches:
            began = time.perf_counter()
            copy = plant(patch, Path(base))
            caught = caught_by(copy)
            shutil.rmtree(copy)
            survived += caught is None
            print(
                f"{patch.stem:34} {'SURVIVED' if caught is None else 'caught by ' + caught}  ({time.perf_counter() - began:.0f} s)",
                flush=True,
            )
    print(f"{len(patches) - survived} of {len(patches)} planted bugs caught")
    return 1 if survived or not patches else 0


if __name__ == "__main__":
    sys.exit(main())
