"""Refusals of the logistics room."""

from entrepot.kit.errors import NotFound, Refusal


class PlaceNotServed(Refusal):
    code = "place_not_served"
    status = 422
    template = "We do not deliver to or from {place}."
    next_step = "choose_another_address"


class NoRoute(Refusal):
    code = "no_route"
    status = 422
    template = "No route leads from {origin} to {destination} within three weeks."
    next_step = "choose_another_address"


class TooHeavy(Refusal):
    code = "too_heavy"
    status = 422
    template = "A parcel may weigh up to {most_g} g; this one weighs {weight_g} g."
    next_step = "split_the_parcel"


class NoSuchParcel(NotFound):
    code = "parcel_not_found"


class ConsignmentClosed(Refusal):
    code = "consignment_closed"
    template = "This consignment is {state}; no parcel can be added to it."
    next_step = "open_the_order"


class ParcelNotReady(Refusal):
    code = "parcel_not_ready"
    template = "Parcel {tracking_no} is {state}; only a packed parcel can be handed over."
    next_step = "open_the_order"


class NoSuchLane(NotFound):
    code = "lane_not_found"
    template = "There is no lane “{lane}”; lanes are named as in rules/lanes.csv, for example {example}."
    next_step = "name_another_lane"


class NoSuchHub(NotFound):
    code = "hub_not_found"
    template = "There is no hub “{hub}”. Choose one of the list."
    next_step = "choose_a_hub"


class NoSuchCage(NotFound):
    code = "cage_not_found"
    template = "There is no cage “{code}” at this hub. Scan the code on the cage."
    next_step = "scan_again"


class NoSuchLoad(NotFound):
    code = "load_not_found"


class NoSuchScan(NotFound):
    code = "scan_not_found"


class LoadEmpty(Refusal):
    code = "load_empty"
    template = "Nothing was loaded for {direction}: scan its cages at the vehicle first."
    next_step = "scan_a_cage"


class NothingToManifest(Refusal):
    code = "nothing_to_manifest"
    template = "No packed parcel waits for a list. Pack one first."
    next_step = "pack_a_parcel"


class ManifestClosed(Refusal):
    code = "manifest_closed"
    template = "List {number} was handed over already; its parcels are with the carrier."
    next_step = "open_another_list"


class CustomsIncomplete(Refusal):
    code = "customs_incomplete"
    status = 409
    template = "The customs data of this order are incomplete, so its parcel cannot leave: {gaps}. Repair them in the customs inbox."
    next_step = "repair_the_customs_data"


class CustomsClosed(Refusal):
    code = "customs_closed"
    template = "This customs file is {state}; there is nothing to change or to answer."
    next_step = "open_the_order"
