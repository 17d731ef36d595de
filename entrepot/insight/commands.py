"""Writes of the insight room: counting pages without knowing anybody.

Counts gather in the process and are added to the table every few seconds, so that a page costs no write.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection

from entrepot.care.queries import ratings_by_product
from entrepot.catalog.queries import product_counts, product_ids
from entrepot.compliance.queries import rules_in_force
from entrepot.insight import readiness
from entrepot.insight.models import RequoteRun
from entrepot.insight.policy import STEPS, hour_of
from entrepot.insight.requoting import look_at
from entrepot.kit import locks
from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.markets.commands import EVERYBODY_BP, launch_market, note_readiness, take_offers_from
from entrepot.markets.queries import Finding, MarketPack, all_markets, pack
from entrepot.offers.commands import carry_offers
from entrepot.orders.queries.figures import sold_by_product
from entrepot.search.commands import ScoreDraft, save_scores


@dataclass(frozen=True, slots=True)
class ExtendedOffers:
    """What became of a country's offers in another: new ones, without a full price, held by a rule, there before.

    `held` counts products, the others count offers.
    """

    offered: int
    unpriced: int
    held: int
    before: int


@dataclass(frozen=True, slots=True)
class RequoteProgress:
    """How far the day's requote has come: products looked at, products there are, offers that are new or differ."""

    products: int
    whole: int
    changed: int
    is_done: bool


REQUOTE_PAGE = 10_000
SCORED_FOR = timedelta(days=90)
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


@command(scope="catalog:write")
def score_products(ctx: Context) -> int:
    """Tell the index what was bought in the last 90 days and how it is reviewed; returns how many products differ."""
    sold = sold_by_product(ctx, since_at=ctx.at - SCORED_FOR)
    changed = 0
    for ids in _pages():
        rated = ratings_by_product(ids)
        drafts = [
            ScoreDraft(
                product_id,
                rating_tenths=(rated[product_id].stars_milli + 50) // 100 if product_id in rated else 0,
                ratings=rated[product_id].count if product_id in rated else 0,
                sold=sold.get(product_id, 0),
            )
            for product_id in ids
        ]
        changed += save_scores(replace(ctx, key=""), scores=drafts)
    return changed


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
    """Offer in another country what is offered here, at prices that leave sellers what they keep now, from now on.

    Offers that sellers set there themselves stay as they are, so running it again changes nothing. Goods without a full
    price or with an open gap in the other country's product rules are left out and counted.
    Refuses: UnknownMarket, Invalid.
    """
    here, there = pack(from_market), pack(to_market)
    take_offers_from(ctx, code=there.code, source=here.code)
    followers = [replace(there, offers_from=here.code)]
    offered = unpriced = held = before = 0
    for ids in _pages():
        found = look_at(ids, followers, on=ctx.at.date(), is_law_new=True)
        offered += carry_offers(ctx, seller_ids=found.seller_ids, rows=found.rows).new
        unpriced, held, before = unpriced + found.unpriced, held + found.held, before + found.before
    return ExtendedOffers(offered=offered, unpriced=unpriced, held=held, before=before)


@command(scope="markets:write")
def requote_products(ctx: Context, *, product_ids: list[UUID], are_goods_new: bool = True) -> int:
    """Price these products anew in every open country: offers that follow another's, and what is due inside each price.

    `are_goods_new` False: only their offers changed, so that what is on sale need not be asked again whether it may be.
    Returns how many offers are new or differ. Prices that sellers set themselves are never touched. Refuses: nothing.
    """
    markets = [market for market in all_markets() if market.is_open]
    if not markets:
        return 0
    return _requote(ctx, sorted(product_ids), markets, on=ctx.at.date(), is_law_new=are_goods_new)


@command(scope="markets:write")
def requote_page(ctx: Context, *, restart: bool = False) -> RequoteProgress:
    """Price the next products anew and remember how far it came; call again until `is_done`.

    One run a day: an interrupted one goes on where its last page ended, a finished one answers at once. `restart`
    begins the day's run anew. Refuses: nothing.
    """
    locks.hold("requote")
    run, _ = RequoteRun.objects.get_or_create(on=ctx.at.date())
    if restart:
        run.after_id, run.products, run.changed, run.is_done = None, 0, 0, False
    if not run.is_done:
        ids = product_ids(after=run.after_id, limit=REQUOTE_PAGE)
        markets = [market for market in all_markets() if market.is_open]
        run.changed += _requote(ctx, ids, markets, on=run.on, is_law_new=_is_law_new(run.on))
        run.products += len(ids)
        run.after_id = ids[-1] if ids else run.after_id
        run.is_done = len(ids) < REQUOTE_PAGE
        run.save()
    return RequoteProgress(run.products, product_counts(ctx).get("active", 0), run.changed, run.is_done)


def _is_law_new(on: date) -> bool:
    """Whether other product rules hold on a day than on that of the last whole requote.

    Before the first one there were only rules by which the offers were published.
    """
    last = RequoteRun.objects.filter(on__lt=on, is_done=True).order_by("-on").first()
    return last is not None and rules_in_force(last.on) != rules_in_force(on)


def _requote(ctx: Context, ids: list[UUID], markets: list[MarketPack], *, on: date, is_law_new: bool) -> int:
    found = look_at(ids, markets, on=on, is_law_new=is_law_new)
    saved = carry_offers(ctx, seller_ids=found.seller_ids, rows=found.rows)
    return saved.new + saved.changed


def _pages() -> Iterator[list[UUID]]:
    after: UUID | None = None
    while ids := product_ids(after=after, limit=readiness.PAGE):
        yield ids
        after = ids[-1]
