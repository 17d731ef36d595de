"""The same decision as the requote in columns, made offer by offer through single quotes, gates and drafts.

Slow and plain: what the quick one is held against.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from entrepot.catalog.queries import products_by_id
from entrepot.compliance.queries import gaps_of_products
from entrepot.insight.commands import ExtendedOffers
from entrepot.insight.readiness import OnSale, kind_of
from entrepot.kit.context import Context
from entrepot.kit.outbox import store_facts
from entrepot.landedcost.queries import Kind
from entrepot.markets.queries import all_markets, pack
from entrepot.offers.commands import OfferDraft, SavedOffer, save_offers
from entrepot.offers.events import OfferChanged
from entrepot.offers.models import Offer
from entrepot.offers.queries import HIGHEST_MINOR, OfferView, offers_of_products
from entrepot.parties.queries import sellers_by_id
from tests.landedcost.by_piece import prices_with_same_proceeds, unpack_prices

Priced = list[tuple[OfferView, Kind]]


def requote_one_by_one(ctx: Context, ids: Sequence[UUID]) -> int:
    """Returns how many offers were made or changed, and duties that differ."""
    markets = [market for market in all_markets() if market.is_open]
    changed = 0
    for source in sorted({market.offers_from for market in markets if market.offers_from}):
        targets = [market.code for market in markets if market.offers_from == source]
        saved, _ = _carried(ctx, ids, source, targets)
        changed += sum(each.outcome != "same" for each in saved)
    return changed + _note_duties(ctx, ids, [market.code for market in markets])


def extend_one_by_one(ctx: Context, ids: Sequence[UUID], source: str, target: str) -> ExtendedOffers:
    saved, told = _carried(ctx, ids, source, [target])
    _note_duties(ctx, ids, [target])
    new = sum(each.outcome == "new" for each in saved)
    return ExtendedOffers(new, told["unpriced"], told["held"], told["own"] + len(saved) - new)


def _goods(ids: Iterable[UUID], markets: Sequence[str]) -> Priced:
    products = {id: view for id, view in products_by_id(ids).items() if view.state == "active"}
    sellers = sellers_by_id({view.seller_id for view in products.values()})
    return [
        (offer, kind_of(OnSale(products[offer.product_id], (offer,)), offer, sellers))
        for offer in offers_of_products(products, markets)
        if sellers[offer.seller_id].state == "approved"
    ]


def _carried(
    ctx: Context, ids: Sequence[UUID], source: str, targets: Sequence[str]
) -> tuple[list[SavedOffer], dict[str, int]]:
    goods = _goods(ids, [source, *targets])
    first = [
        (offer, kind)
        for offer, kind in goods
        if offer.market == source and offer.state == "active" and not offer.follows_id
    ]
    prices = prices_with_same_proceeds(
        [(kind, offer.price_minor) for offer, kind in first],
        from_market=source,
        to_markets=targets,
        on=ctx.at.date(),
    )
    starts = {offer.product_id: offer.ships_from_country for offer, _ in first}
    drafts, told = list[OfferDraft](), {"unpriced": 0, "held": 0, "own": 0}
    for target in targets:
        gaps = gaps_of_products(starts, target, on=ctx.at.date(), ships_from=starts)
        held = {id for id, several in gaps.items() if any(gap.blocks for gap in several)}
        told["held"] += len(held)
        taken = {_promise(offer): offer for offer, _ in goods if offer.market == target}
        for (offer, _), price in zip(first, prices[target], strict=True):
            there = taken.pop(_promise(offer), None)
            is_held = offer.product_id in held
            told["unpriced"] += not is_held and price is None
            if there is not None and (there.follows_id is None or there.state == "blocked"):
                told["own"] += there.follows_id is None
            elif price is not None and price <= HIGHEST_MINOR and not is_held:
                drafts.append(_followed(offer, there, target, price))
            elif there is not None and there.state == "active":
                drafts.append(_withdrawn(there))
        drafts += [_withdrawn(each) for each in taken.values() if each.follows_id and each.state == "active"]
    return save_offers(ctx, drafts=drafts), told


def _promise(offer: OfferView) -> tuple[UUID, str]:
    return offer.variant_id, offer.condition


def _followed(offer: OfferView, there: OfferView | None, target: str, price_minor: int) -> OfferDraft:
    return OfferDraft(
        seller_id=offer.seller_id, variant_id=offer.variant_id, product_id=offer.product_id, market=target,
        price_minor=price_minor, currency=pack(target).currency, condition=offer.condition,
        state="active" if there is not None and there.state == "withdrawn" else None,
        handling_days=offer.handling_days, ships_from_country=offer.ships_from_country,
        ships_from_postcode=offer.ships_from_postcode, limit_per_buyer=offer.limit_per_buyer,
        opens_at=offer.opens_at, closes_at=offer.closes_at, follows_id=offer.id,
    )  # fmt: skip


def _withdrawn(offer: OfferView) -> OfferDraft:
    return OfferDraft(
        offer.seller_id, offer.variant_id, offer.product_id, offer.market, condition=offer.condition,
        state="withdrawn", follows_id=offer.follows_id,
    )  # fmt: skip


def _note_duties(ctx: Context, ids: Sequence[UUID], markets: Sequence[str]) -> int:
    changed = 0
    for market in markets:
        goods = [(offer, kind) for offer, kind in _goods(ids, [market]) if offer.state == "active"]
        found = unpack_prices(
            [(kind, offer.price_minor) for offer, kind in goods], market=market, on=ctx.at.date()
        )
        for (offer, _), each in zip(goods, found, strict=True):
            if offer.duty != each.duty:
                changed += Offer.objects.of(ctx).filter(id=offer.id).update(duty=each.duty)
                store_facts(ctx, [OfferChanged((offer.id,), (offer.product_id,), ctx.at, (offer.market,))])
                store_facts(ctx, [OfferChanged((offer.id,), (offer.product_id,), ctx.at, (offer.market,))])
    return changed
