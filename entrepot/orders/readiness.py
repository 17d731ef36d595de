"""Whether a checkout can be placed: one function that returns everything missing at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from entrepot.catalog.queries import text_in
from entrepot.markets.queries import (
    MarketPack,
    address_form,
    lies_in,
    market_by_code,
    region_behind,
    region_of,
)
from entrepot.orders.models import Purchase
from entrepot.orders.policy import Contact, Missing, missing_of, wrong_of
from entrepot.orders.pricing import Priced


@dataclass(frozen=True, slots=True)
class Readiness:
    """`missing` stands in the way, `warnings` do not. Amounts are minor units of `currency`, all taxes contained."""

    state: str
    missing: tuple[Missing, ...]
    warnings: tuple[Missing, ...]
    goods_minor: int
    shipping_minor: int
    vat_minor: int
    duty_minor: int
    total_minor: int
    currency: str

    @property
    def is_ready(self) -> bool:
        """Whether it can be placed now."""
        return not self.missing


def contact_of(purchase: Purchase) -> Contact:
    """Who and where, as far as it is known."""
    address: Mapping[str, str] = purchase.address
    return Contact(
        email=purchase.email,
        name=purchase.name,
        phone=purchase.phone,
        **{name: address.get(name, "") for name in ("line1", "line2", "postcode", "city", "region")},
    )


def place_in(contact: Contact, place: MarketPack) -> Contact:
    """The same with its province or state as the country writes it; where the postcode tells it, nobody is asked."""
    behind = region_behind(place.code, contact.postcode)
    if not address_form(place.code).has("region"):
        return replace(contact, region=behind or contact.region)
    return replace(contact, region=region_of(place.code, contact.region) or contact.region or behind)


def faults_of(contact: Contact, place: MarketPack) -> dict[str, str]:
    """What is filled in wrongly for the country's form of address: field → sentence."""
    asked = address_form(place.code).has("region")
    return wrong_of(
        contact,
        postcode_fits=place.accepts_postcode(contact.postcode),
        region_fits=not asked or bool(region_of(place.code, contact.region)),
        lies_there=not asked or lies_in(place.code, contact.postcode, contact.region),
    )


def readiness_of(purchase: Purchase, priced: Priced) -> Readiness:
    """Person, address, market, every line and every parcel, in the order of the page."""
    place = market_by_code(purchase.market)
    contact = place_in(contact_of(purchase), place)
    missing: list[Missing] = []
    if not place.is_open:
        missing.append(
            Missing("market", "market_closed", "This market does not take orders now.", "come_back_later")
        )
    missing += missing_of(contact, place.address_required)
    wrong = faults_of(contact, place)
    missing += [
        Missing(field, f"{field}_wrong", sentence, "correct_the_field") for field, sentence in wrong.items()
    ]
    if not priced.lines:
        missing.append(Missing("lines", "cart_empty", "There is nothing to order.", "go_shopping"))
    warnings: list[Missing] = []
    for group in priced.groups:
        if group.problem:
            missing.append(
                Missing(
                    f"delivery.{group.seller_id}",
                    group.problem.code,
                    group.problem.sentence,
                    group.problem.next_step,
                    why=group.problem.why,
                )
            )
        for line in group.lines:
            if line.problem:
                title, _ = text_in(line.title, purchase.language)
                gap = Missing(
                    f"lines.{line.offer_id}",
                    line.problem.code,
                    line.problem.sentence,
                    line.problem.next_step,
                    title,
                )
                (missing if line.problem.blocks else warnings).append(gap)
        warnings += [
            Missing(f"delivery.{group.seller_id}", warning.code, warning.sentence, "")
            for warning in group.warnings
        ]
    return Readiness(
        state=purchase.state,
        missing=tuple(missing),
        warnings=tuple(warnings),
        goods_minor=priced.goods_minor,
        shipping_minor=priced.shipping_minor,
        vat_minor=priced.vat_minor,
        duty_minor=priced.duty_minor,
        total_minor=priced.total_minor,
        currency=priced.currency,
    )
