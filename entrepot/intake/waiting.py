"""The waiting room of a sale: who is let in when, decided without a clock or a socket of its own.

Everyone gets a position, signed into a token: a reload, a lost tab or a restart of the edge keeps it. People are let in
in that order at the sale's rate; while orders are being turned away for load, nobody more is. The room knows the stock: when
all is gone it says so at once, instead of letting people wait for nothing.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from entrepot.intake.tokens import make_token, read_token

State = Literal["early", "waiting", "admitted", "gone", "over"]
BLOCK: Final = 1_000  # positions reserved on disk at a time, so that a restart never gives one twice
TOKEN_LIFE_S: Final = 24 * 3600
PASS_LIFE_S: Final = 600
ROOM: Final = "waiting room"
EVERYTHING: Final = 0  # the number of the room before everything, open while there is more than can be taken
CALM_S: Final = 10.0  # it closes when nobody was turned away for so long, and nobody waits
_KEEPS_S: Final = 1.0  # unused admissions kept for a burst


@dataclass(frozen=True, slots=True)
class Sale:
    """A sale with a waiting room. Offers are its numbers in the intake; times are Unix seconds."""

    number: int
    title: str
    offers: frozenset[int]
    per_second: int
    opens_s: float
    closes_s: float
    url: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands. `ahead` people before them; `wait_s` at the present pace; a `passport` once admitted."""

    state: State
    token: str = ""
    position: int = 0
    ahead: int = 0
    wait_s: int = 0
    passport: str = ""


@dataclass(slots=True)
class Room:
    """One sale's queue. `folder` keeps how far positions and admissions have come."""

    sale: Sale
    secret: bytes
    folder: Path
    issued: int = 0
    reserved: int = 0
    admitted: float = 0.0
    ticked_s: float = 0.0
    left: int | None = None
    pace: float = field(default=0.0)  # people let in a second, lately

    def __post_init__(self) -> None:
        try:
            kept = json.loads(self._file.read_text())
            self.issued = self.reserved = int(kept["reserved"])
            self.admitted = float(kept["admitted"])
        except FileNotFoundError:
            pass
        self.pace = float(self.sale.per_second)

    @property
    def _file(self) -> Path:
        return self.folder / f"room-{self.sale.number}.json"

    def keep(self) -> None:
        """Store how far we are, atomically."""
        self.folder.mkdir(parents=True, exist_ok=True)
        scratch = self._file.with_suffix(f".{os.getpid()}")
        scratch.write_text(json.dumps({"reserved": self.reserved, "admitted": int(self.admitted)}))
        scratch.replace(self._file)

    def tick(self, now_s: float, *, left: int | None, is_overloaded: bool) -> None:
        """Let people in for the time that passed. `left`: pieces left of the sale's offers (None: not known now)."""
        if left is not None:
            self.left = left
        passed = max(0.0, min(now_s - self.ticked_s, 5.0)) if self.ticked_s else 0.0
        self.ticked_s = now_s
        if now_s < self.sale.opens_s or passed == 0.0:
            return
        rate = 0.0 if is_overloaded else float(self.sale.per_second)
        before = self.admitted
        self.admitted = min(self.admitted + rate * passed, self.issued + self.sale.per_second * _KEEPS_S)
        if self.issued > before:
            weight = min(1.0, passed / 10)
            self.pace += ((self.admitted - before) / passed - self.pace) * weight

    def place(self, token: str, now_s: float) -> Place:
        """Where the holder of this token stands; without a good token a new position is given."""
        if now_s >= self.sale.closes_s:
            return Place("over")
        if self.left == 0:
            return Place("gone")
        numbers = read_token(self.secret, token, 2, now_s) if token else None
        if numbers is None or numbers[0] != self.sale.number:
            position = self._next_position()
            token = make_token(self.secret, int(now_s) + TOKEN_LIFE_S, self.sale.number, position)
        else:
            position = numbers[1]
        if now_s < self.sale.opens_s:
            return Place("early", token, position, position - 1, int(self.sale.opens_s - now_s) + 1)
        ahead = position - int(self.admitted)
        if ahead <= 0:
            passport = make_token(self.secret, int(now_s) + PASS_LIFE_S, self.sale.number, position, 1)
            return Place("admitted", token, position, passport=passport)
        return Place("waiting", token, position, ahead, int(ahead / max(self.pace, 0.01)) + 1)

    def _next_position(self) -> int:
        if self.issued >= self.reserved:
            self.reserved = self.issued + BLOCK
            self.keep()
        self.issued += 1
        return self.issued

    def admits(self, passport: str, now_s: float) -> bool:
        """Whether this passport lets its holder order in this sale now."""
        return passport_of(self.secret, passport, now_s) == self.sale.number


def passport_of(secret: bytes, passport: str, now_s: float) -> int | None:
    """The number of the sale that let the holder of this passport in; None when it is not one, or has expired."""
    numbers = read_token(secret, passport, 3, now_s) if passport else None
    return numbers[0] if numbers is not None and numbers[2] == 1 else None
