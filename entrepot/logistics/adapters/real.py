"""Real carriers over karrio's packages (an extra: requirements/carriers.txt), one class for all of them.

karrio maps our question to the carrier's request without a network; the line is only opened by `rates`, `label` and
`events`. DHL Express, DPD and UPS are in the extra; any other `karrio-<name>` package works by its name.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from entrepot.kit.money import to_minor
from entrepot.logistics.adapters.carriers import Carriage, CarrierFault, Label, Packet, Party, Rate, Told

CODES = {  # karrio's words for what happened, in ours
    "picked_up": "handed_over",
    "in_transit": "departed",
    "out_for_delivery": "out_for_delivery",
    "delivered": "delivered",
    "delivery_failed": "delivery_failed",
    "delivery_delayed": "delayed",
    "ready_for_pickup": "at_pickup_point",
    "on_hold": "customs_held",
    "return_to_sender": "return_started",
    "pending": "label_created",
}


class KarrioCarrier:
    """A carrier by karrio's name for it (`dhl_express`, `ups`, `dpd` …) with its credentials."""

    def __init__(self, name: str, credentials: dict[str, Any], *, is_test: bool = True) -> None:
        try:
            import karrio.sdk as sdk
        except ImportError as missing:
            raise CarrierFault(
                name, "karrio is not installed: uv pip install -r requirements/carriers.txt", may_retry=False
            ) from missing
        self.name = name
        try:
            self._gateway = sdk.gateway[name].create(credentials | {"test_mode": is_test})
        except Exception as odd:
            raise CarrierFault(
                name, f"its package or credentials do not fit: {odd}", may_retry=False
            ) from odd

    def rate_request(self, ask: Carriage) -> str:
        """The carrier's own request for rates, mapped without a network."""
        return str(self._guard(lambda: self._rate_question(ask).serialize()))

    def label_request(self, ask: Carriage, service: str) -> str:
        """The carrier's own request for a label, mapped without a network."""
        return str(self._guard(lambda: self._label_question(ask, service).serialize()))

    def rates(self, ask: Carriage) -> list[Rate]:
        """What its services cost."""
        found = self._answer(
            lambda: self._gateway.mapper.parse_rate_response(
                self._gateway.proxy.get_rates(self._rate_question(ask))
            )
        )
        return [
            Rate(each.service, to_minor(Decimal(str(each.total_charge)), each.currency), each.currency, each.transit_days or 0)
            for each in found
        ]  # fmt: skip

    def label(self, ask: Carriage, service: str) -> Label:
        """A label and the carrier's number. The key travels as the reference, by which a carrier knows a repetition."""
        made = self._answer(
            lambda: self._gateway.mapper.parse_shipment_response(
                self._gateway.proxy.create_shipment(self._label_question(ask, service))
            )
        )
        return Label(made.tracking_number, base64.b64decode(made.docs.label or ""))

    def events(self, carrier_nos: Sequence[str], until: datetime) -> list[Told]:
        """What happened to parcels, in our codes; what has no word of ours keeps the carrier's for the quarantine."""
        from karrio.core.models import TrackingRequest

        found = self._answer(
            lambda: self._gateway.mapper.parse_tracking_response(
                self._gateway.proxy.get_tracking(
                    self._gateway.mapper.create_tracking_request(
                        TrackingRequest(tracking_numbers=list(carrier_nos))
                    )
                )
            )
        )
        told = []
        for parcel in found:
            for event in parcel.events:
                at = datetime.fromisoformat(f"{event.date}T{_clock(event.time)}").replace(tzinfo=UTC)
                code = CODES.get(getattr(event, "status", None) or "", event.code or "unknown")
                if at <= until:
                    told.append(
                        Told(parcel.tracking_number, code, at, event.location or "",
                             f"{parcel.tracking_number}:{event.date}:{event.time}:{event.code}")
                    )  # fmt: skip
        return told

    def _rate_question(self, ask: Carriage) -> Any:
        from karrio.core.models import RateRequest

        return self._gateway.mapper.create_rate_request(
            RateRequest(
                shipper=_party(ask.sender), recipient=_party(ask.consignee), parcels=[_packet(ask.packet)],
                reference=ask.reference,
            )
        )  # fmt: skip

    def _label_question(self, ask: Carriage, service: str) -> Any:
        from karrio.core.models import ShipmentRequest

        return self._gateway.mapper.create_shipment_request(
            ShipmentRequest(
                service=service, shipper=_party(ask.sender), recipient=_party(ask.consignee),
                parcels=[_packet(ask.packet)], reference=f"{ask.reference} {ask.key}", label_type="PDF",
            )
        )  # fmt: skip

    def _answer(self, ask: Callable[[], tuple[Any, Any]]) -> Any:
        found, messages = self._guard(ask)
        if not found:
            told = "; ".join(str(each.message or each.code) for each in messages) or "no answer"
            raise CarrierFault(self.name, told[:300], may_retry=False)
        return found

    def _guard(self, ask: Callable[[], Any]) -> Any:
        try:
            return ask()
        except CarrierFault:
            raise
        except OSError as cut:
            raise CarrierFault(self.name, "its line is down", may_retry=True) from cut
        except Exception as odd:
            raise CarrierFault(self.name, f"it cannot be asked that: {odd}"[:300], may_retry=False) from odd


def _party(party: Party) -> dict[str, Any]:
    return {
        "person_name": party.name, "address_line1": party.street, "postal_code": party.postcode, "city": party.city,
        "country_code": party.country, "phone_number": party.phone or None, "email": party.email or None,
    }  # fmt: skip


def _packet(packet: Packet) -> dict[str, Any]:
    sides = {
        name: float(Decimal(side) / 10) or None
        for name, side in (
            ("length", packet.length_mm),
            ("width", packet.width_mm),
            ("height", packet.height_mm),
        )
    }
    kilograms = (Decimal(packet.weight_g) / 1000).quantize(Decimal("0.001"), ROUND_HALF_UP)
    return sides | {"weight": float(kilograms), "weight_unit": "KG", "dimension_unit": "CM"}


def _clock(text: str | None) -> str:
    """A carrier's time of day as ISO: `14:05`, `02:05 PM` or nothing."""
    for form in ("%H:%M:%S", "%H:%M", "%I:%M %p"):
        try:
            return datetime.strptime((text or "").strip(), form).time().isoformat()  # noqa: DTZ007
        except ValueError:
            continue
    return "00:00:00"
