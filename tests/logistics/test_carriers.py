"""The contract of a carrier: the simulated one keeps it whole; karrio's map our questions offline and leak nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from entrepot.kit.errors import Refusal
from entrepot.logistics import tables
from entrepot.logistics.adapters.carriers import (
    Carriage,
    CarrierFault,
    Packet,
    Party,
    SimulatedCarrier,
    once,
    patiently,
)
from entrepot.logistics.network import Hop
from entrepot.logistics.policy import STATES, Happened, decide_state
from entrepot.logistics.queries import Place, hops_from

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ASK = Carriage(
    "key-1", Party("Taller Sol", "Calle Mayor 3", "46001", "Valencia", "ES", "+34 600 000 000"),
    Party("Ana García", "Calle de Alcalá 1", "28013", "Madrid", "ES"), Packet(1_200, 300, 200, 100), "ORD-7",
)  # fmt: skip


def route(sender: Party, consignee: Party, at: datetime, service: str) -> Sequence[Hop]:
    try:
        return hops_from(
            Place(sender.country, sender.postcode), Place(consignee.country, consignee.postcode), at, service
        )
    except Refusal:
        return ()


def carrier(fault_in_100: int = 0) -> SimulatedCarrier:
    return SimulatedCarrier(tables.network(), route, at=AT, fault_in_100=fault_in_100)


def test_rates_are_in_our_units() -> None:
    for rate in carrier().rates(ASK):
        assert rate.service in {"standard", "express"}
        assert rate.cost_minor > 0
        assert rate.currency == "EUR"
        assert 0 < rate.days < 30
    far = replace(ASK, sender=replace(ASK.sender, country="CN", postcode="310000"))
    assert [rate.service for rate in carrier().rates(far)] == ["standard", "express"]


def test_a_label_asked_twice_is_one_label() -> None:
    asked = carrier()
    first = asked.label(ASK, "standard")
    assert asked.label(ASK, "standard") == first
    assert asked.label(replace(ASK, key="key-2"), "standard").carrier_no != first.carrier_no
    with pytest.raises(CarrierFault) as reused:
        asked.label(replace(ASK, reference="another"), "standard")
    assert not reused.value.may_retry


def test_events_told_in_any_order_end_at_the_door() -> None:
    asked = carrier()
    number = asked.label(ASK, "standard").carrier_no
    told = asked.events([number, "unknown"], AT + timedelta(days=20))
    assert {each.code for each in told} <= set(STATES)
    assert len(told) > len(once(told))  # some come twice
    assert [each.at for each in told] != sorted(each.at for each in told)
    happened = [Happened(each.code, each.at, each.place, "c", each.event_id) for each in told]
    assert decide_state(happened).state == "delivered"
    assert asked.events([number], AT - timedelta(days=1)) == []
    early = asked.events([number], AT + timedelta(hours=30))
    assert {each.event_id for each in early} < {each.event_id for each in told}


def test_a_busy_carrier_is_asked_again_and_a_stubborn_one_is_not() -> None:
    busy = carrier(fault_in_100=100)
    with pytest.raises(CarrierFault) as fault:
        busy.rates(ASK)
    assert fault.value.may_retry
    assert patiently(carrier(fault_in_100=100), ASK, "standard", tries=3).carrier_no
    for odd, service in (
        (replace(ASK, packet=Packet(0)), "standard"),
        (ASK, "teleport"),
        (replace(ASK, consignee=replace(ASK.consignee, country="ZZ", postcode="1")), "standard"),
    ):
        with pytest.raises(CarrierFault) as refused:
            patiently(carrier(), odd, service)
        assert not refused.value.may_retry


REAL = {
    "dhl_express": {"site_id": "s", "password": "p", "account_number": "123456789"},
    "ups": {"client_id": "a", "client_secret": "b", "account_number": "c"},
}


@pytest.mark.parametrize("name", REAL)
@pytest.mark.filterwarnings("ignore")
def test_a_real_carrier_maps_our_question_offline(name: str) -> None:
    pytest.importorskip("karrio.sdk", reason="the extra requirements/carriers.txt is not installed")
    from entrepot.logistics.adapters.real import KarrioCarrier

    asked = KarrioCarrier(name, REAL[name])
    rates, label = asked.rate_request(ASK), asked.label_request(ASK, "express")
    for text in (rates, label):
        assert "46001" in text
        assert "28013" in text
    assert "ORD-7" in label
    assert "1.2" in rates or "2.6" in rates  # kilograms, or pounds where the carrier wants them
    with pytest.raises(CarrierFault):
        KarrioCarrier("no_such_carrier", {})


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from entrepot.logistics.adapters.real import KarrioCarrier

    monkeypatch.setitem(sys.modules, "karrio.sdk", None)
    monkeypatch.setitem(sys.modules, "karrio", None)
    with pytest.raises(CarrierFault, match=r"carriers\.txt"):
        KarrioCarrier("ups", {})
