"""What moves without a person: the pilot's carrier follows the clock."""

from __future__ import annotations

from django.conf import settings

from entrepot.kit.context import Context
from entrepot.kit.reaction import every, on
from entrepot.logistics.commands import (
    close_passed_troubles,
    expect_parcels,
    follow_customs,
    give_up_bundles,
    move_simulated_parcels,
    open_due_cages,
    open_trouble,
    retry_quarantined_events,
    roll_waves,
    run_simulated_authority,
    run_simulated_sorter,
    settle_guarantees,
)
from entrepot.logistics.events import ParcelDelivered, ParcelHandedOver, ParcelInTrouble, ParcelMoved

BATCH = 500


@every(seconds=10)
def move_parcels_by_the_clock(ctx: Context) -> None:
    """In a pilot, tell what the simulated carrier has to tell by now."""
    if settings.IS_PILOT:
        while move_simulated_parcels(ctx, limit=BATCH) == BATCH:
            pass


@on(ParcelHandedOver)
def tell_hubs_of_handed_over_parcel(ctx: Context, fact: ParcelHandedOver) -> None:
    """Every hub on its way expects it."""
    expect_parcels(ctx, parcel_ids=[fact.parcel_id])


@every(seconds=30)
def move_missed_waves(ctx: Context) -> None:
    """What missed its departure waits for the next."""
    roll_waves(ctx)


@every(seconds=20)
def sort_by_the_clock(ctx: Context) -> None:
    """In a pilot, a machine sorts what people left for an hour; then nobody waits for parts that have not come."""
    if settings.IS_PILOT:
        run_simulated_sorter(ctx)
    give_up_bundles(ctx)


@every(seconds=10)
def decide_customs_by_the_clock(ctx: Context) -> None:
    """In a pilot, the authority reads answers and opens what nobody answered for."""
    if settings.IS_PILOT:
        run_simulated_authority(ctx)


@every(seconds=30)
def open_cages_for_waves(ctx: Context) -> None:
    """Every wave with parcels has an open cage."""
    open_due_cages(ctx)


@every(seconds=600)
def settle_guarantees_by_the_clock(ctx: Context) -> None:
    """A guaranteed day has passed: kept or missed."""
    settle_guarantees(ctx)


@on(ParcelInTrouble)
def give_trouble_an_owner(ctx: Context, fact: ParcelInTrouble) -> None:
    """Somebody must act, and by when."""
    open_trouble(ctx, parcel_id=fact.parcel_id, kind=fact.state, at=fact.at)


@every(seconds=300)
def close_troubles_that_passed(ctx: Context) -> None:
    """The parcel has gone on by itself."""
    close_passed_troubles(ctx)


@every(seconds=120)
def tell_quarantined_events_again(ctx: Context) -> None:
    """Their parcel may be known by now."""
    retry_quarantined_events(ctx)


@on(ParcelMoved)
def follow_customs_of_moved_parcel(ctx: Context, fact: ParcelMoved) -> None:
    """Presented, or released and on its way again."""
    follow_customs(ctx, order_id=fact.order_id, parcel_state=fact.state)


@on(ParcelInTrouble)
def follow_customs_of_held_parcel(ctx: Context, fact: ParcelInTrouble) -> None:
    """Held: somebody must answer."""
    follow_customs(ctx, order_id=fact.order_id, parcel_state=fact.state)


@on(ParcelDelivered)
def close_customs_of_delivered_parcel(ctx: Context, fact: ParcelDelivered) -> None:
    """Whoever has it got it through customs."""
    follow_customs(ctx, order_id=fact.order_id, parcel_state="delivered")
