"""The day of arrival and what carriage costs, for a page: one parcel from the seller's door to the shopper's."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from entrepot.kit.errors import Refusal
from entrepot.logistics.queries import Leg, Promise, in_money_of, promise, ready_after
from entrepot.logistics.queries import Place as Spot
from entrepot.offers.queries import OfferView
from entrepot.parties.queries import SellerView
from entrepot.storefront import show
from entrepot.storefront.places import Place

STEP = timedelta(minutes=5)
USUAL_G = 1_000  # what a parcel weighs when dates are compared before the article is known
LEAST_G = 100  # an article of unknown weight still travels in something


@lru_cache(20_000)
def _promised(
    origin: Spot, destination: Spot, ready_at: datetime, weight_g: int, ordered_on: date | None = None
) -> Promise | None:
    try:
        found = promise(origin, destination, ready_at, weight_g, ordered_on=ordered_on)
        return in_money_of(found, destination.country, ordered_on or ready_at.date())
    except Refusal:
        return None


@lru_cache(20_000)
def _ready(asked_at: datetime, handling_days: int, origin: Spot) -> datetime | None:
    try:
        return ready_after(asked_at, handling_days, origin)
    except Refusal:
        return None


def arrival(
    place: Place, offer: OfferView, seller: SellerView, weight_g: int, at: datetime, postcode: str
) -> Promise | None:
    """When one article ordered now arrives, and for what; None where no lane leads.

    Counted in steps of five minutes, so that the same question has the same answer for that long.
    """
    origin = origin_of(offer, seller)
    asked_at = at.replace(minute=at.minute - at.minute % 5, second=0, microsecond=0) + STEP
    ready_at = _ready(asked_at, offer.handling_days, origin)
    if ready_at is None:
        return None
    ordered_on = place.local(at).date()
    return _promised(origin, Spot(place.market.code, postcode), ready_at, max(weight_g, LEAST_G), ordered_on)


def origin_of(offer: OfferView, seller: SellerView) -> Spot:
    """Where an offer's goods start."""
    return Spot(
        offer.ships_from_country or seller.ships_from_country,
        offer.ships_from_postcode or seller.ships_from_postcode,
        seller.ships_from_city,
    )


def legs_of(place: Place, legs: tuple[Leg, ...]) -> list[dict[str, Any]]:
    """The stops of a promise as the route strip shows them."""
    last = len(legs) - 1
    return [
        {
            "code": stop_code(leg.code, leg.place)
            if step < last or leg.code.isdigit()
            else place.market.code,
            "place": stop_name(leg, is_last=step == last),
            "note": show.day(place.local(leg.arrives_at).date(), place.language),
            "state": "",
        }
        for step, leg in enumerate(legs)
    ]


def stop_code(code: str, name: str) -> str:
    """What stands large on the strip: a hub's code; for a place that has none but its postcode, its name."""
    return name if name and code[:1].isdigit() else code


def stop_name(leg: Leg, *, is_last: bool) -> str:
    """`Liège · customs`; the last stop is the shopper's door."""
    if is_last:
        return _("Your door")
    if stop_code(leg.code, leg.place) == leg.place:
        return ""  # its name stands large already
    return f"{leg.place} · {_('customs')}" if leg.kind == "customs" else leg.place


def arrives_before(place: Place, origin: str, by: date, at: datetime, postcode: str) -> bool:
    """Whether a usual parcel from an origin of the search index (`country|postcode|handling days`) comes before a day."""
    country, _bar, rest = origin.partition("|")
    start_postcode, _bar, handling = rest.partition("|")
    spot = Spot(country, start_postcode)
    asked_at = at.replace(minute=at.minute - at.minute % 5, second=0, microsecond=0) + STEP
    ready_at = _ready(asked_at, int(handling or 0), spot)
    if ready_at is None:
        return False
    found = _promised(spot, Spot(place.market.code, postcode), ready_at, USUAL_G)
    return found is not None and found.to_on < by


def example_legs(place: Place, at: datetime, postcode: str) -> list[dict[str, Any]]:
    """How a parcel from Hangzhou would travel to this shopper if it were ready now."""
    asked_at = at.replace(minute=0, second=0, microsecond=0)
    found = _promised(Spot("CN", "310000", "Hangzhou"), Spot(place.market.code, postcode), asked_at, 500)
    return legs_of(place, found.legs) if found else []
