"""Every write of the logistics room. Each story has its file; outsiders import the commands from here."""

from entrepot.logistics.commands.authority import release_customs_hold, run_simulated_authority
from entrepot.logistics.commands.customs import (
    LineRepair,
    answer_customs_hold,
    follow_customs,
    repair_customs_file,
    set_ioss_number,
)
from entrepot.logistics.commands.erase import erase_destinations
from entrepot.logistics.commands.floor import (
    FloorSynced,
    FloorTold,
    ScanAnswer,
    Worker,
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
from entrepot.logistics.commands.manifests import close_manifest, hand_over_manifest
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
from entrepot.logistics.commands.together import give_up_bundles
from entrepot.logistics.commands.troubles import (
    Repair,
    assign_trouble,
    close_passed_troubles,
    open_trouble,
    repair_quarantined_events,
    retry_quarantined_events,
    settle_trouble,
)

__all__ = [
    "CLOCK_SKEW",
    "CarrierEvent",
    "FloorSynced",
    "FloorTold",
    "LineRepair",
    "Recorded",
    "Repair",
    "ScanAnswer",
    "Worker",
    "answer_customs_hold",
    "assign_trouble",
    "cancel_consignment",
    "close_cage",
    "close_manifest",
    "close_passed_troubles",
    "create_consignment",
    "depart_load",
    "erase_destinations",
    "expect_parcels",
    "follow_customs",
    "give_up_bundles",
    "hand_over_manifest",
    "hand_over_parcels",
    "move_simulated_parcels",
    "open_cage",
    "open_due_cages",
    "open_trouble",
    "pack_parcel",
    "record_floor_scans",
    "record_parcel_events",
    "release_customs_hold",
    "repair_customs_file",
    "repair_quarantined_events",
    "retry_quarantined_events",
    "roll_waves",
    "run_simulated_authority",
    "run_simulated_sorter",
    "set_ioss_number",
    "settle_guarantees",
    "settle_scan",
    "settle_trouble",
]
