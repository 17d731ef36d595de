"""`make notices`: THIRD-PARTY.md from the licence each locked package states of itself. `--check` compares."""

from __future__ import annotations

import re
import sys
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEAD = """# Third-party notices

Entrepot is Apache-2.0. It uses these packages, unchanged, as the Python package index serves them; each package carries its own
licence text. The browser assets htmx (0BSD, inside django-htmx) and Source Sans 3 (OFL-1.1, inside fontpkg-source-sans-3) are served from
those packages. Tests also use Debian's Chromium and axe-core (MPL-2.0, inside axe-playwright-python).

"""


def licence_of(name: str) -> str:
    """What a package says of its licence: expression, classifier, or text."""
    try:
        about = metadata(name)
    except PackageNotFoundError:
        return "(not installed on this platform)"
    if about.get("License-Expression"):
        return str(about["License-Expression"])
    classified = [
        c.split("::")[-1].strip() for c in about.get_all("Classifier") or [] if c.startswith("License ::")
    ]
    stated = (about.get("License") or "").strip().splitlines()
    return ", ".join(classified) or (stated[0][:60] if stated else "see the package")


def render() -> str:
    """The whole file."""
    parts = [HEAD]
    for title, file in (("The product", "core"), ("Tests and checks", "dev")):
        text = (ROOT / "requirements" / f"{file}.txt").read_text()
        rows = dict(re.findall(r"^([a-z0-9._-]+)==([^ \\;]+)", text, re.MULTILINE))
        parts.append(f"## {title}\n\n| package | version | licence |\n|---|---|---|\n")
        parts += [f"| {name} | {version} | {licence_of(name)} |\n" for name, version in sorted(rows.items())]
        parts.append("\n")
    return "".join(parts).rstrip() + "\n"


def main() -> int:
    path = ROOT / "THIRD-PARTY.md"
    if "--check" in sys.argv:
        same = path.exists() and path.read_text() == render()
        if not same:
            print("THIRD-PARTY.md is not what the lock files say; run `make notices`.")
        return 0 if same else 1
    path.write_text(render())
    return 0


if __name__ == "__main__":
    sys.exit(main())
