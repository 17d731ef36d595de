"""`make check`: everything that can be said about the code without running the product. Two at a time."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

PY = sys.executable
BIN = os.path.dirname(PY)
STEPS = {
    "types (mypy)": [PY, "-m", "mypy", "--no-error-summary", "--show-error-codes"],
    "format": [f"{BIN}/ruff", "format", "--check", "--quiet", "."],
    "lint (ruff)": [f"{BIN}/ruff", "check", "--quiet", "."],
    "contracts (import-linter)": [f"{BIN}/lint-imports", "--no-cache"],
    "migrations in step": [PY, "-m", "django", "makemigrations", "--check", "--dry-run", "--verbosity", "0"],
    "templates (djlint)": [f"{BIN}/djlint", "--lint", "--quiet", "--extension", "jinja", "entrepot"],
    "house rules": [PY, "-m", "pytest", "-p", "no:xdist", "tests/house"],
}


def run(step: tuple[str, list[str]]) -> tuple[str, float, int, str]:
    name, words = step
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="entrepot-check-") as home:
        env = os.environ | {"DJANGO_SETTINGS_MODULE": "entrepot.app.settings"}
        env |= {"ENTREPOT_HOME": home, "PYTHONWARNINGS": "ignore::RuntimeWarning"}
        done = subprocess.run(words, capture_output=True, text=True, env=env, check=False)
    return name, time.monotonic() - began, done.returncode, done.stdout + done.stderr


def main() -> int:
    failed = 0
    with ThreadPoolExecutor(2) as pool:
        for name, seconds, code, said in pool.map(run, STEPS.items()):
            print(f"{'ok  ' if code == 0 else 'FAIL'} {name:28} {seconds:5.1f} s", flush=True)
            if code != 0:
                failed += 1
                print(said.strip(), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
