"""The pilot's carrier: tells of each parcel what a real one would, at the times its lanes say.

A parcel's luck comes from its tracking number, so the same parcel always has the same journey. Some parcels are
slow, some are held at customs or not met at the door, and a few events come twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from entrepot.logistics.network import Hop, Network, instant, minute_of

NAME = "simulated"
SLOW_IN_100 = 30
HELD_IN_100 = 3
NOT_MET_IN_100 = 4


def _draw(tracking_no: str, what: str, sides: int) -> int:
    digest = hashlib.blake2b(f"{tracking_no}:{what}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % sides


def journey(
    network: Network, hops: Sequence[Hop], tracking_no: str, handed_over_at: datetime
) -> list[tuple[datetime, str, str]]:
    """What will be told of a parcel: (instant, event code, place), in order, from its hand-over to its door.

    Of one that customs holds, nothing further: the authority has to let it go first.
    """
    told = [(handed_over_at, "handed_over", network.nodes[hops[0].lane.start].name)]
    minute = minute_of(handed_over_at)
    for hop in hops:
        lane = hop.lane
        start, end = network.nodes[lane.start], network.nodes[lane.end]
        departs = network.next_departure(lane, minute)
        departs = minute if departs is None else departs
        is_slow = _draw(tracking_no, lane.code, 100) < SLOW_IN_100
        minute = network.arrival(lane, departs, slow=is_slow)
        if not start.is_end:
            code = "out_for_delivery" if end.is_end else "departed"
            told.append((_inside(instant(departs), minute, end.kind), code, start.name))
        if end.kind == "locker":
            told.append((instant(minute), "at_pickup_point", end.name))
            fetched = timedelta(hours=1 + _draw(tracking_no, "locker", 40))
            told.append((instant(minute) + fetched, "delivered", end.name))
        elif end.kind == "zone":
            if _draw(tracking_no, "door", 100) < NOT_MET_IN_100:
                told.append((instant(minute), "delivery_failed", end.name))
                again = network.next_departure(lane, minute)
                minute = network.arrival(lane, minute if again is None else again, slow=False)
                told.append((instant(minute) - timedelta(hours=2), "out_for_delivery", start.name))
            told.append((instant(minute), "delivered", end.name))
        elif lane.clears_customs:
            release = lane.release_minutes_max if is_slow else lane.release_minutes_min
            arrived = max(departs + 1, minute - release)
            told.append((instant(arrived), "customs_presented", end.name))
            if _draw(tracking_no, "customs", 100) < HELD_IN_100:
                told.append((instant(arrived + release // 2), "customs_held", end.name))
                return told  # how it goes on is the authority's to say
            told.append((instant(minute), "customs_released", end.name))
        else:
            told.append((instant(minute), "arrived", end.name))
    return told


def _inside(departs: datetime, arrives: int, kind: str) -> datetime:
    """A van that leaves days before a door opens again goes out on the morning of that day."""
    if kind == "zone" and instant(arrives) - departs > timedelta(hours=14):
        return instant(arrives) - timedelta(hours=4)
    return departs
