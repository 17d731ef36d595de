"""Pure decisions of a hub's floor: what scans add up to, whose clock is right, which chute a lane has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from entrepot.kit.errors import Invalid, Sentence

KINDS = ("receive", "sort", "load", "exception")
# Why a parcel is set aside; the last four are found by the house, not told by a worker.
REASONS = (
    "damaged",
    "no_label",
    "too_big",
    "not_found",
    "other",
    "wrong_cage",
    "customs_hold",
    "cage_closed",
    "no_such_cage",
)
TOLD_REASONS = REASONS[:5]
TOGETHER, TOGETHER_CHUTE = "TOGETHER", "K0"  # where parts of one delivery wait for each other
SKEW_NAMED_S = 120
MOST_CODE = 80
MOST_NAME = 120
CHUTE_ROW = 9


@dataclass(frozen=True, slots=True)
class Worker:
    """Who held the device: the name on timelines, and the party."""

    name: str
    party_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class FloorTold:
    """One scan as a device tells it. `id` was made on the device; `at` is the device's clock, `seq` its count.

    `worker`: who scanned, as the door proved it; None: who sends it.
    """

    id: str
    kind: str
    code: str
    at: datetime
    seq: int
    cage: str = ""
    reason: str = ""
    worker: Worker | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """A kept scan as it counts for a parcel. `cage_closed_at` is that of the cage it names (None: open)."""

    kind: str
    at: datetime
    device: str
    seq: int
    id: str
    cage: str = ""
    reason: str = ""
    cage_closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FloorState:
    """Where a parcel is on the floor: expected, received, sorted (with its cage) or exception (with its reason)."""

    state: str = "expected"
    at: datetime | None = None
    cage: str = ""
    reason: str = ""


def check_signature(text: str) -> str:
    """The name of who took the goods, trimmed. Refuses: Invalid (signed_by)."""
    name = " ".join(text.split())
    if not name:
        raise Invalid(
            field="signed_by", reason="Nobody has signed.", hint="Write the driver's name as on the paper."
        )
    if len(name) > MOST_NAME or not name.isprintable():
        raise Invalid(
            field="signed_by",
            reason="is not a name.",
            hint=Sentence("At most {most} characters, without control characters.", most=MOST_NAME),
        )
    return name


def decide_floor(scans: Iterable[Counted]) -> FloorState:
    """What all scans of a parcel at a hub add up to, in whatever order and however often they came.

    By the hub's clock, then the device's own count. A second receive changes nothing; a later sort mends an
    exception; a parcel put into a cage after it was closed is not in it.
    """
    now = FloorState()
    for scan in sorted(set(scans), key=lambda each: (each.at, each.device, each.seq, each.id)):
        if scan.kind == "receive" and now.state in ("expected", "exception"):
            now = FloorState("received", scan.at)
        elif scan.kind == "sort":
            is_late = scan.cage_closed_at is not None and scan.at > scan.cage_closed_at
            now = (
                FloorState("exception", scan.at, reason="cage_closed")
                if is_late
                else FloorState("sorted", scan.at, cage=scan.cage)
            )
        elif scan.kind == "exception":
            now = FloorState("exception", scan.at, reason=scan.reason)
    return now


@dataclass(frozen=True, slots=True)
class OurTime:
    """A device's instant by the hub's clock, and what was odd: "" | skewed | jumped."""

    at: datetime
    odd: str


def skew_of(sent_at: datetime, received_at: datetime) -> int:
    """Whole seconds a device's clock is ahead of the hub's when it sends; negative: behind."""
    return round((sent_at - received_at).total_seconds())


def our_time(told_at: datetime, skew_s: int, received_at: datetime) -> OurTime:
    """When a scan happened by the hub's clock. A scan from after its own sending says that the clock jumped."""
    at = told_at - timedelta(seconds=skew_s)
    if at > received_at + timedelta(seconds=2):
        return OurTime(received_at, "jumped")
    return OurTime(min(at, received_at), "skewed" if abs(skew_s) > SKEW_NAMED_S else "")


def clean_code(text: str) -> str:
    """What a scanner read, as we write it: no GS1 marks, no spaces, capitals; an SSCC as its 18 digits."""
    code = re.sub(r"\s|^\]C1|[^\x21-\x7e]", "", text.strip()).upper()
    found = re.fullmatch(r"(?:\(00\)|00)(\d{18})", code)
    return found[1] if found else code


def cage_code(serial: int) -> str:
    """`CG`, nine digits and two check digits (MOD 97-10), so that no cage is taken for another or for a parcel."""
    if not 0 <= serial < 10**9:
        raise ValueError(f"{serial} does not fit in 9 digits")
    return f"CG{serial:09d}{98 - serial * 100 % 97:02d}"


def chute_of(number: int) -> str:
    """The name of the how manyth chute (from 0): A1 … A9, B1 …"""
    row, place = divmod(number, CHUTE_ROW)
    return f"{chr(ord('A') + row % 26)}{place + 1}"


def chutes(lanes: Sequence[str]) -> dict[str, str]:
    """A hub's sort plan: a chute for each lane that leaves it, in the order of their codes."""
    return {lane: chute_of(number) for number, lane in enumerate(sorted(lanes))}


SHIFT_HOURS = 8
FIRST_SHIFT = 6


def shift_of(local: datetime) -> tuple[datetime, datetime]:
    """The shift of a local time: 6 to 14, 14 to 22, 22 to 6."""
    hour = (local.hour - FIRST_SHIFT) // SHIFT_HOURS * SHIFT_HOURS + FIRST_SHIFT
    starts = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(hours=hour)
    return starts, starts + timedelta(hours=SHIFT_HOURS)


_RETURN = re.compile(r"RT_[0-9A-HJKMNP-TV-Z]{26}")


def is_return_code(code: str) -> bool:
    """Whether a cleaned code is that of a return: what the buyer shows at a counter or locker as QR."""
    return _RETURN.fullmatch(code) is not None
