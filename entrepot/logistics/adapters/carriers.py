"""What we ask of any carrier, in our words: rates, labels, events. Nothing of a carrier's own passes this line.

Weights in grams, sides in millimetres, money in minor units, instants with a time zone, events in our own codes
(`policy.STATES`). What a carrier cannot do or answer is a `CarrierFault`, never an exception of its library.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from entrepot.logistics.adapters import simulated
from entrepot.logistics.network import Hop, Network, minute_of


class CarrierFault(Exception):
    """A carrier did not do it. `may_retry`: the same question may succeed later (busy, no line), else it will not."""

    def __init__(self, carrier: str, reason: str, *, may_retry: bool) -> None:
        self.carrier, self.reason, self.may_retry = carrier, reason, may_retry
        super().__init__(f"{carrier}: {reason}")


@dataclass(frozen=True, slots=True)
class Party:
    """Sender or consignee."""

    name: str
    street: str
    postcode: str
    city: str
    country: str
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Packet:
    """One box to be carried."""

    weight_g: int
    length_mm: int = 0
    width_mm: int = 0
    height_mm: int = 0


@dataclass(frozen=True, slots=True)
class Carriage:
    """What is to be carried. `key` names the question: asked again with it, the first label comes back."""

    key: str
    sender: Party
    consignee: Party
    packet: Packet
    reference: str


@dataclass(frozen=True, slots=True)
class Rate:
    """What a service costs and how many days it takes (0: not said)."""

    service: str
    cost_minor: int
    currency: str
    days: int


@dataclass(frozen=True, slots=True)
class Label:
    """A label as the carrier made it (empty: ours is used), with the carrier's number for the parcel."""

    carrier_no: str
    pdf: bytes


@dataclass(frozen=True, slots=True)
class Told:
    """One event of a parcel. `event_id` names it once and for ever."""

    carrier_no: str
    code: str
    at: datetime
    place: str
    event_id: str


class Carrier(Protocol):
    """What every carrier can be asked. Raises CarrierFault, and nothing else."""

    name: str

    def rates(self, ask: Carriage) -> list[Rate]: ...
    def label(self, ask: Carriage, service: str) -> Label: ...
    def events(self, carrier_nos: Sequence[str], until: datetime) -> list[Told]: ...


class SimulatedCarrier:
    """A carrier made of our own lanes: honest about time, cost and faults, and the same for the same seed.

    `fault_in_100` of all questions fail as a busy carrier's do; asked again they go through. Events come late, twice
    and out of order.
    """

    name = simulated.NAME

    def __init__(self, network: Network, route: Route, *, at: datetime, fault_in_100: int = 0) -> None:
        self._network, self._route, self._at, self._fault_in_100 = network, route, at, fault_in_100
        self._labels: dict[str, tuple[Carriage, str]] = {}
        self._asked: dict[str, int] = {}

    def rates(self, ask: Carriage) -> list[Rate]:
        """Standard, and express where it is faster."""
        self._stumble(f"rates:{ask.key}")
        self._check(ask)
        found: list[Rate] = []
        for service in ("standard", "express"):
            hops = self._route(ask.sender, ask.consignee, self._at, service)
            if hops:
                days = -(-(hops[-1].arrives - minute_of(self._at)) // 1_440)
                bands = max(1, -(-ask.packet.weight_g // 500))
                cost = sum(hop.lane.base_minor + hop.lane.per_500g_minor * bands for hop in hops)
                if not found or days < found[0].days:
                    found.append(Rate(service, cost, hops[0].lane.currency, days))
        if not found:
            raise CarrierFault(self.name, "no service between these places", may_retry=False)
        return found

    def label(self, ask: Carriage, service: str) -> Label:
        """A number of this carrier's; the same for the same key."""
        self._stumble(f"label:{ask.key}")
        self._check(ask)
        number = "SC" + hashlib.blake2b(ask.key.encode(), digest_size=6).hexdigest().upper()
        known = self._labels.get(number)
        if known is not None and known != (ask, service):
            raise CarrierFault(self.name, "this key was used for another parcel", may_retry=False)
        if service not in {rate.service for rate in self.rates(ask)}:
            raise CarrierFault(
                self.name, f"no service “{service[:20]}” between these places", may_retry=False
            )
        self._labels[number] = (ask, service)
        return Label(number, b"")

    def events(self, carrier_nos: Sequence[str], until: datetime) -> list[Told]:
        """What happened to these parcels until an instant: newest first, every fifth told twice."""
        self._stumble(f"events:{until.isoformat()}")
        found: list[Told] = []
        for number in carrier_nos:
            if number not in self._labels:
                continue
            ask, service = self._labels[number]
            hops = self._route(ask.sender, ask.consignee, self._at, service)
            steps = simulated.journey(self._network, hops, number, self._at)
            found += [
                Told(number, code, at, place, f"{number}:{step}")
                for step, (at, code, place) in enumerate(steps)
                if at <= until
            ]
        found.reverse()
        return found + found[::5]

    def _check(self, ask: Carriage) -> None:
        if ask.packet.weight_g <= 0:
            raise CarrierFault(self.name, "a parcel weighs more than nothing", may_retry=False)

    def _stumble(self, question: str) -> None:
        tries = self._asked[question] = self._asked.get(question, 0) + 1
        draw = int.from_bytes(hashlib.blake2b(question.encode(), digest_size=2).digest(), "big") % 100
        if tries == 1 and draw < self._fault_in_100:
            raise CarrierFault(self.name, "busy", may_retry=True)


class Route(Protocol):
    """How the simulated carrier finds its lanes; no hops where none lead."""

    def __call__(self, sender: Party, consignee: Party, at: datetime, service: str) -> Sequence[Hop]: ...


def patiently(carrier: Carrier, ask: Carriage, service: str, tries: int = 3) -> Label:
    """A label, asked again while the carrier is only busy. Raises CarrierFault."""
    for _ in range(tries - 1):
        try:
            return carrier.label(ask, service)
        except CarrierFault as fault:
            if not fault.may_retry:
                raise
    return carrier.label(ask, service)


def once(told: Iterable[Told]) -> list[Told]:
    """Events in order of time, each once."""
    return sorted({each.event_id: each for each in told}.values(), key=lambda each: (each.at, each.event_id))
