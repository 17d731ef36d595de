"""Every write of the logistics room. Each story has its file; outsiders import the commands from here."""

from entrepot.logistics.commands.parcels import (
    CLOCK_SKEW,
    CarrierEvent,
    Recorded,
    cancel_consignment,
    create_consignment,
    hand_over_parcels,
    move_simulated_parcels,
    pack_parcel,
    record_parcel_events,
)

__all__ = [
    "CLOCK_SKEW",
    "CarrierEvent",
    "Recorded",
    "cancel_consignment",
    "create_consignment",
    "hand_over_parcels",
    "move_simulated_parcels",
    "pack_parcel",
    "record_parcel_events",
]
