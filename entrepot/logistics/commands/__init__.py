"""Every write of the logistics room. Each story has its file; outsiders import the commands from here."""

from entrepot.logistics.commands.floor import (
    FloorSynced,
    FloorTold,
    ScanAnswer,
    close_cage,
    depart_load,
    expect_parcels,
    open_cage,
    open_due_cages,
    record_floor_scans,
    roll_waves,
    run_simulated_sorter,
    settle_scan,
)
from entrepot.logistics.commands.guarantees import settle_guarantees
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
    "FloorSynced",
    "FloorTold",
    "Recorded",
    "ScanAnswer",
    "cancel_consignment",
    "close_cage",
    "create_consignment",
    "depart_load",
    "expect_parcels",
    "hand_over_parcels",
    "move_simulated_parcels",
    "open_cage",
    "open_due_cages",
    "pack_parcel",
    "record_floor_scans",
    "record_parcel_events",
    "roll_waves",
    "run_simulated_sorter",
    "settle_guarantees",
    "settle_scan",
]
