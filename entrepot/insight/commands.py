"""Writes of the insight room: counting pages without knowing anybody.

Counts gather in the process and are added to the table every few seconds, so that a page costs no write.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import connection

from entrepot.compliance.queries import gaps_of_products
from entrepot.insight import readiness
from entrepot.insight.policy import STEPS, hour_of
from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.landedcost.queries import prices_with_same_proceeds
from entrepot.markets.commands import EVERYBODY_BP, launch_market, note_readiness
from entrepot.markets.queries import Finding, MarketPack, pack
from entrepot.offers.commands import OfferDraft, save_offers
from entrepot.parties.queries import approved_sellers


@dataclass(frozen=True, slots=True)
class ExtendedOffers:
    """What became of a country's offers in another: new ones, without a full price, held by a rule, there before.

    `offered` and `unpriced` count offers, `held` and `before` count products.
    """

    offered: int
    unpriced: int
    held: int
    before: int


FLUSH_AFTER = timedelta(seconds=10)

_lock = threading.Lock()
_counts: Counter[tuple[datetime, str, str]] = Counter()
_since: list[datetime] = []


@command(scope="catalog:read", atomic=False)
def note_page(ctx: Context, *, market: str, step: str) -> None:
    """Count one page of a kind (visit, product, cart, checkout). Unknown kinds are not counted."""
    if step not in STEPS or len(market) != 2:
        return
    with _lock:
        _counts[hour_of(ctx.at), market, step] += 1
        _since[:] = _since or [ctx.at]
        is_due = ctx.at - _since[0] >= FLUSH_AFTER
    if is_due:
        flush_pages(ctx)


@command(scope="catalog:read")
def flush_pages(ctx: Context) -> int:
    """Add what this process has counted to the table, in one statement. Returns how many pages that were.

    A process that dies loses the pages of its last seconds; orders and money are never counted this way.
    """
    with _lock:
        taken = dict(_counts)
        _counts.clear()
        _since.clear()
    if taken:
        hours, markets, steps = zip(*taken, strict=True)
        with connection.cursor() as cursor:
            cursor.execute(
                """INSERT INTO insight_pagecount (hour_at, market, step, count)
                   SELECT * FROM unnest(%s::timestamptz[], %s::text[], %s::text[], %s::bigint[])
                   ON CONFLICT (hour_at, market, step) DO UPDATE SET count = insight_pagecount.count + excluded.count""",
                [list(hours), list(markets), list(steps), list(taken.values())],
            )
    return sum(taken.values())


@command(scope="insight:write")
def save_page_counts(ctx: Context, *, counts: list[tuple[datetime, str, str, int]]) -> int:
    """Set counts of past hours as (hour, market, step, count); the pilot's loader writes its 90 days so."""
    known = [(hour_of(at), market, step, count) for at, market, step, count in counts if step in STEPS]
    if known:
        with connection.cursor() as cursor:
            cursor.execute(
                """INSERT INTO insight_pagecount (hour_at, market, step, count)
                   SELECT * FROM unnest(%s::timestamptz[], %s::text[], %s::text[], %s::bigint[])
                   ON CONFLICT (hour_at, market, step) DO UPDATE SET count = excluded.count""",
                [list(column) for column in zip(*known, strict=True)],
            )
    return len(known)


@command(scope="markets:write")
def review_market(ctx: Context, *, code: str) -> list[Finding]:
    """Find out what stands in a country's way and report it to its checklist. Refuses: UnknownMarket."""
    found = readiness.findings(code, ctx.at)
    for item in found:
        note_readiness(
            ctx,
            code=code,
            item=item.item,
            is_ready=item.is_ready,
            sentence=item.template,
            facts=item.facts,
            fix_url=item.fix_url,
        )
    return found


@command(scope="markets:write", atomic=False)
def open_market(
    ctx: Context, *, code: str, state: str = "live", visitor_share_bp: int = EVERYBODY_BP
) -> MarketPack:
    """Look at a country again, then open it: nobody opens one by what was true some weeks ago.

    What was found stays on the checklist also when the launch is refused. Refuses: what `review_market` and
    `launch_market` refuse.
    """
    review_market(replace(ctx, key=""), code=code)  # the key is the launch's own
    return launch_market(ctx, code=code, state=state, visitor_share_bp=visitor_share_bp)


@command(scope="markets:write")
def extend_offers(ctx: Context, *, from_market: str, to_market: str) -> ExtendedOffers:
    """Offer in another country what is offered here, at prices that leave sellers what they keep now.

    Offers that exist there keep their price, so running it again changes nothing. Goods without a full price or with
    an open gap in the other country's product rules are left out and counted. Refuses: UnknownMarket.
    """
    here, there = pack(from_market), pack(to_market)
    sellers = {seller.id: seller for seller in approved_sellers()}
    items = [item for item in readiness.on_sale(here.code) if item.product.seller_id in sellers]
    starts = {item.product.id: offer.ships_from_country for item in items for offer in item.offers}
    gaps = gaps_of_products(starts, there.code, on=ctx.at.date(), ships_from=starts)
    taken = {item.product.id for item in readiness.on_sale(there.code)}
    wanted = [item for item in items if item.product.id not in taken]
    free = [item for item in wanted if not any(gap.blocks for gap in gaps[item.product.id])]
    held = len(wanted) - len(free)
    pairs = [(item, offer) for item in free for offer in item.offers]
    prices = prices_with_same_proceeds(
        [(readiness.kind_of(item, offer, sellers), offer.price_minor) for item, offer in pairs],
        from_market=here.code,
        to_market=there.code,
        on=ctx.at.date(),
    )
    drafts = [
        OfferDraft(
            seller_id=offer.seller_id, variant_id=offer.variant_id, product_id=offer.product_id, market=there.code,
            price_minor=price, currency=there.currency, condition=offer.condition,
            handling_days=offer.handling_days, ships_from_country=offer.ships_from_country,
            ships_from_postcode=offer.ships_from_postcode, limit_per_buyer=offer.limit_per_buyer,
        )
        for (_, offer), price in zip(pairs, prices, strict=True)
        if price is not None
    ]  # fmt: skip
    save_offers(ctx, drafts=drafts)
    return ExtendedOffers(len(drafts), len(pairs) - len(drafts), held, len(taken))
