"""Offers carried from one country into others: which there are to make, change and withdraw. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from entrepot.catalog.queries import products_by_id
from entrepot.compliance.queries import gaps_of_products
from entrepot.insight.readiness import OnSale, kind_of
from entrepot.landedcost.queries import prices_with_same_proceeds, unpack_prices
from entrepot.markets.queries import pack
from entrepot.offers.commands import OfferDraft
from entrepot.offers.queries import HIGHEST_MINOR, OfferView, offers_of_products
from entrepot.parties.queries import SellerView, sellers_by_id


@dataclass(slots=True)
class Carrying:
    """What carrying asks of the offers, and what stood in its way. `held` counts products, the others offers."""

    drafts: list[OfferDraft] = field(default_factory=list)
    unpriced: int = 0
    held: int = 0
    own: int = 0  # set by the seller in the other country: they stay as they are


@dataclass(frozen=True, slots=True)
class Goods:
    """A product that may be sold, its seller, and its offers in all countries asked about."""

    item: OnSale
    seller: SellerView

    def in_market(self, market: str) -> list[OfferView]:
        return [offer for offer in self.item.offers if offer.market == market]


def goods_of(product_ids: Iterable[UUID], markets: Sequence[str]) -> list[Goods]:
    """Active products of approved sellers with their offers of any state (a fixed number of SQL statements)."""
    products = {
        product_id: view for product_id, view in products_by_id(product_ids).items() if view.state == "active"
    }
    sellers = sellers_by_id({view.seller_id for view in products.values()})
    offers: dict[UUID, list[OfferView]] = {}
    for offer in offers_of_products(products, markets):
        offers.setdefault(offer.product_id, []).append(offer)
    return [
        Goods(OnSale(view, tuple(offers.get(product_id, ()))), sellers[view.seller_id])
        for product_id, view in products.items()
        if sellers[view.seller_id].state == "approved"
    ]


def plan_carrying(goods: Sequence[Goods], *, source: str, targets: Sequence[str], at: datetime) -> Carrying:
    """The offers that make each target country sell what the source country sells, as its sellers price it there."""
    plan = Carrying()
    sellers = {each.seller.id: each.seller for each in goods}
    pairs = [
        (each, offer)
        for each in goods
        for offer in each.in_market(source)
        if offer.state == "active" and offer.follows_id is None
    ]
    pieces = [(kind_of(each.item, offer, sellers), offer.price_minor) for each, offer in pairs]
    prices = prices_with_same_proceeds(pieces, from_market=source, to_markets=targets, on=at.date())
    starts = {offer.product_id: offer.ships_from_country for _, offer in pairs}
    for target in targets:
        found = gaps_of_products(starts, target, on=at.date(), ships_from=starts)
        gaps = {product_id: any(gap.blocks for gap in several) for product_id, several in found.items()}
        plan.held += sum(gaps.values())
        taken = {_promise(offer): offer for each in goods for offer in each.in_market(target)}
        for (_, offer), price in zip(pairs, prices[target], strict=True):
            there = taken.pop(_promise(offer), None)
            _carry(plan, offer, there, target, None if gaps[offer.product_id] else price)
            plan.unpriced += not gaps[offer.product_id] and price is None
        # What followed an offer that is no longer on sale.
        plan.drafts += [
            _withdrawn(there) for there in taken.values() if there.follows_id and there.state == "active"
        ]
    return plan


def _promise(offer: OfferView) -> tuple[UUID, UUID, str]:
    return offer.seller_id, offer.variant_id, offer.condition


def _carry(
    plan: Carrying, offer: OfferView, there: OfferView | None, target: str, price_minor: int | None
) -> None:
    if there is not None and (there.follows_id is None or there.state == "blocked"):
        plan.own += there.follows_id is None
        return
    if price_minor is None or price_minor > HIGHEST_MINOR:
        if there is not None and there.state == "active":
            plan.drafts.append(_withdrawn(there))
        return
    plan.drafts.append(
        OfferDraft(
            seller_id=offer.seller_id, variant_id=offer.variant_id, product_id=offer.product_id, market=target,
            price_minor=price_minor, currency=pack(target).currency, condition=offer.condition,
            state="active" if there is not None and there.state == "withdrawn" else None,
            handling_days=offer.handling_days, ships_from_country=offer.ships_from_country,
            ships_from_postcode=offer.ships_from_postcode, limit_per_buyer=offer.limit_per_buyer,
            opens_at=offer.opens_at, closes_at=offer.closes_at, follows_id=offer.id,
        )
    )  # fmt: skip


def _withdrawn(offer: OfferView) -> OfferDraft:
    return OfferDraft(
        offer.seller_id, offer.variant_id, offer.product_id, offer.market, condition=offer.condition,
        state="withdrawn", follows_id=offer.follows_id,
    )  # fmt: skip


def duties_of(goods: Sequence[Goods], markets: Sequence[str], at: datetime) -> dict[UUID, str]:
    """What is due at a border inside the price of every active offer in these countries, by offer."""
    sellers = {each.seller.id: each.seller for each in goods}
    found: dict[UUID, str] = {}
    for market in markets:
        pairs = [
            (each, offer) for each in goods for offer in each.in_market(market) if offer.state == "active"
        ]
        pieces = [(kind_of(each.item, offer, sellers), offer.price_minor) for each, offer in pairs]
        unpacked = unpack_prices(pieces, market=market, on=at.date())
        found |= {offer.id: each.duty for (_, offer), each in zip(pairs, unpacked, strict=True)}
    return found
