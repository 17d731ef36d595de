"""What a person sees while something takes longer than a second: one line a step, on stderr.

On a terminal a bar moves; elsewhere (a log, a pipe) there is a line at the end and one every ten seconds.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

WIDTH = 24


@dataclass(slots=True)
class Step:
    """One step; call it with (done, total) as often as you like."""

    name: str
    began: float = field(default_factory=time.monotonic)
    note: str = ""
    _drawn_at: float = 0.0

    def __call__(self, done: int, total: int | None = None, note: str = "") -> None:
        tick = time.monotonic()
        is_terminal = sys.stderr.isatty()
        self.note = note or (f"{done:,}" if total is None else f"{done:,}/{total:,}")
        if tick - self._drawn_at < (0.1 if is_terminal else 10.0):
            return
        self._drawn_at = tick
        spent = tick - self.began
        if not is_terminal:
            if spent >= 10:
                print(f"  … {self.name} {self.note} {spent:.0f} s", file=sys.stderr, flush=True)
            return
        bar = ""
        if total:
            filled = min(WIDTH, WIDTH * done // total)
            rest = spent * (total - done) / done if done else 0
            bar = f"{'█' * filled}{'░' * (WIDTH - filled)} about {rest:.0f} s left "
        print(f"\r\033[K  … {self.name} {bar}{self.note}", end="", file=sys.stderr, flush=True)


@contextmanager
def step(name: str) -> Iterator[Step]:
    """Show a step while it runs, and how long it took."""
    current = Step(name)
    clear = "\r\033[K" if sys.stderr.isatty() else ""
    if clear:
        print(f"  … {name}", end="", file=sys.stderr, flush=True)
    try:
        yield current
    except BaseException:
        print(f"{clear}  ✗ {name}", file=sys.stderr, flush=True)
        raise
    spent = time.monotonic() - current.began
    print(f"{clear}  ✓ {name} {current.note}".rstrip() + f" ({spent:.1f} s)", file=sys.stderr, flush=True)
