"""Every write of the offers. Single verbs and bulk upserts share one path: `save_offers`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection

from entrepot.catalog.commands import ProductDraft, save_products
from entrepot.catalog.queries import own_products_by_id
from entrepot.kit import audit, bulk, locks
from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.kit.errors import NotAllowed, NotFound
from entrepot.kit.ids import new_id
from entrepot.markets.queries import pack
from entrepot.offers.drafts import CARRIED, CarriedOffers, OfferDraft, OfferedProduct, SavedOffer
from entrepot.offers.events import OfferChanged, OfferPublished
from entrepot.offers.models import (
    ACTIVE,
    BLOCKED,
    DUTIES,
    STATES,
    WITHDRAWN,
    BlockedProduct,
    Offer,
    PriceChange,
)
from entrepot.offers.plans import COLUMNS, FIELDS, OfferPlan, blocking_gaps, hold_back, plan_offers

FACT_SIZE = 1_000
MOST_LOCKS = 1_000  # of sellers, for one requote: the server's table of locks is shared


@command(scope="offers:write")
def save_offers(ctx: Context, *, drafts: list[OfferDraft]) -> list[SavedOffer]:
    """Publish or change offers in a fixed number of SQL statements; one answer per draft, in order.

    A changed price is appended to the offer's history at ctx.at. Saving the same drafts twice changes nothing.
    Refuses: NotFound (another seller's), PriceOutOfRange, CurrencyOfAnotherMarket, OfferBlocked, UnknownCondition,
    Invalid, and OfferHeldBack where a publish gate is not passed. A refusal stores nothing; `queries.compare_offers`
    says all but the last beforehand, `compliance.queries.publish_gaps` says the last.
    """
    sellers = {draft.seller_id for draft in drafts}
    if ctx.actor.kind == "seller" and sellers - {ctx.actor.seller_id}:
        raise NotFound(what="seller")
    locks.hold(*(f"offers:{seller_id}" for seller_id in sellers))
    plans = plan_offers(ctx, drafts)
    hold_back(ctx, plans)
    for plan in plans:
        if plan.refusal is not None:
            raise plan.refusal
    # From here on it must succeed.
    return _store_plans(ctx, plans)


@command(scope="catalog:write")
def offer_product(
    ctx: Context, *, draft: ProductDraft, market: str, currency: str, prices_minor: Mapping[str, int]
) -> OfferedProduct:
    """Save a product and the prices of its variants in a market, by SKU, both or neither.

    Prices are gross, in minor units of `currency`. Refuses: NotAllowed (prices need offers:write), NotFound (another
    seller's), as save_products and save_offers do.
    """
    if prices_minor and "offers:write" not in ctx.scopes:
        raise NotAllowed(scope="offers:write")
    if ctx.actor.kind == "seller" and draft.seller_id != ctx.actor.seller_id:
        raise NotFound(what="seller")
    unknown = sorted(set(prices_minor) - {variant.sku for variant in draft.variants})
    if unknown:
        raise NotFound(what="variant with this SKU")
    product = save_products(ctx, drafts=[draft])[0]
    offers = [
        OfferDraft(
            draft.seller_id,
            product.variant_ids[sku],
            product.product_id,
            market,
            price_minor=price_minor,
            currency=currency,
        )
        for sku, price_minor in prices_minor.items()
    ]
    return OfferedProduct(product, tuple(save_offers(ctx, drafts=offers)) if offers else ())


@command(scope="markets:write")
def withdraw_unfit(ctx: Context, *, product_ids: list[UUID]) -> list[UUID]:
    """Take off sale what may not be offered any more, since its product or its seller changed; the offers' ids.

    The seller sees the gaps at the product and puts it on sale again when they are closed. Refuses: nothing.
    """
    rows = list(
        Offer.objects.of(ctx)
        .filter(product_id__in=product_ids, state=ACTIVE)
        .select_for_update()
        .order_by("id")
    )
    if not rows:
        return []
    views = own_products_by_id(ctx, {row.product_id for row in rows})
    gaps = blocking_gaps(ctx, rows, views)
    unfit = [row for row in rows if gaps[row.id]]
    for row in unfit:
        audit.change(ctx, row, state=WITHDRAWN, price_version=row.price_version + 1, changed_at=ctx.at)
    _announce(ctx, OfferChanged, [(row.id, row.product_id, row.market) for row in unfit])
    return [row.id for row in unfit]


@command(scope="markets:write")
def withdraw_unfit_of_seller(ctx: Context, *, seller_id: UUID) -> list[UUID]:
    """The same for everything a seller has on sale. Refuses: nothing."""
    ids = Offer.objects.of(ctx).filter(seller_id=seller_id, state=ACTIVE).values_list("product_id", flat=True)
    return withdraw_unfit(ctx, product_ids=list(ids.distinct()))


@command(scope="offers:write")
def publish_offer(ctx: Context, *, draft: OfferDraft) -> SavedOffer:
    """Publish one offer, or change the one that is there. Refuses as save_offers does."""
    return save_offers(ctx, drafts=[draft])[0]


@command(scope="offers:write")
def change_price(ctx: Context, *, offer_id: UUID, price_minor: int) -> SavedOffer:
    """Set the gross price in minor units of the offer's currency. Refuses: NotFound, PriceOutOfRange."""
    row = _own_offer(ctx, offer_id)
    return save_offers(ctx, drafts=[_draft_of(row, price_minor=price_minor)])[0]


@command(scope="markets:write")
def carry_offers(ctx: Context, *, seller_ids: set[UUID], rows: bulk.Array) -> CarriedOffers:
    """Make, change and withdraw offers that follow others, as a requote found they should be (rows of CARRIED), by COPY.

    The caller has asked the publish gates. Rows changed since they were read stay as they are, and nothing begins to
    follow an offer that is no longer on sale. A changed price is appended to the history at ctx.at; a duty alone is no new version.
    Refuses: nothing.
    """
    if not len(rows):
        return CarriedOffers(0, 0)
    locks.hold(*(f"offers:{seller_id}" for seller_id in sorted(seller_ids)[:MOST_LOCKS]))
    rows = rows[np.lexsort((rows["product"], rows["market"]))]  # a fact names one market's, or two
    is_new = rows["version"] == 0
    rows["id"][is_new] = [new_id().bytes for _ in range(is_new.sum())]
    known = rows[~is_new]
    moved = known[(known["source"] != b"") | (known["state"] != STATES.index(ACTIVE))]
    before = _offers_of(ctx, _uuids(moved["id"])) if ctx.actor.kind != "system" else {}
    codes = [code.decode() for code in np.unique(rows["market"]).tolist()]
    words: dict[str, Any] = {
        "at": ctx.at, "states": list(STATES), "duties": list(DUTIES), "active": ACTIVE,
        "nothing": UUID(int=0), "markets": codes, "currencies": [pack(code).currency for code in codes],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            """CREATE TEMPORARY TABLE carried (id uuid, source uuid, market text, price bigint, version bigint, state smallint,
                 duty smallint, is_anew boolean)"""
        )
        bulk.copy_rows(
            cursor, "carried", {name: rows[name] for name in CARRIED.names or () if name != "product"}
        )
        cursor.execute("ANALYZE carried")
        if rows["source"].any():
            cursor.execute(
                """DELETE FROM carried c USING offers_offer s
                   WHERE c.source <> %(nothing)s AND s.id = c.source AND s.state <> %(active)s""",
                words,
            )
            cursor.execute(
                """UPDATE offers_offer o SET follows_id = s.id, handling_days = s.handling_days,
                       ships_from_country = s.ships_from_country, ships_from_postcode = s.ships_from_postcode,
                       limit_per_buyer = s.limit_per_buyer, opens_at = s.opens_at, closes_at = s.closes_at
                   FROM carried c JOIN offers_offer s ON s.id = c.source
                   WHERE c.source <> %(nothing)s AND o.id = c.id AND o.price_version = c.version""",
                words,
            )
        cursor.execute(
            """INSERT INTO offers_pricechange (offer_id, price_minor, at) SELECT o.id, c.price, %(at)s
               FROM carried c JOIN offers_offer o USING (id)
               WHERE o.price_version = c.version AND o.price_minor <> c.price""",
            words,
        )
        cursor.execute(
            """UPDATE offers_offer o SET price_minor = c.price, state = (%(states)s::text[])[c.state + 1],
                   duty = (%(duties)s::text[])[c.duty + 1], price_version = o.price_version + c.is_anew::int,
                   changed_at = CASE WHEN c.is_anew THEN %(at)s ELSE o.changed_at END
               FROM carried c WHERE o.id = c.id AND o.price_version = c.version""",
            words,
        )
        changed: int = cursor.rowcount
        made: list[tuple[UUID, UUID, str]] = []
        if is_new.any():
            cursor.execute(
                """WITH made AS (
                     INSERT INTO offers_offer (id, number, seller_id, variant_id, product_id, market, price_minor, currency,
                       price_version, condition, state, handling_days, ships_from_country, ships_from_postcode,
                       limit_per_buyer, opens_at, closes_at, follows_id, duty, published_at, changed_at)
                     SELECT c.id, nextval('offers_offer_number'), s.seller_id, s.variant_id, s.product_id, c.market, c.price,
                       m.currency, 1, s.condition, s.state, s.handling_days, s.ships_from_country, s.ships_from_postcode,
                       s.limit_per_buyer, s.opens_at, s.closes_at, s.id, (%(duties)s::text[])[c.duty + 1], %(at)s, %(at)s
                     FROM carried c JOIN unnest(%(markets)s::text[], %(currencies)s::text[]) AS m (market, currency) ON m.market = c.market
                     JOIN offers_offer s ON s.id = c.source
                     WHERE c.version = 0
                     ON CONFLICT (seller_id, variant_id, market, condition) DO NOTHING
                     RETURNING id, product_id, market, price_minor
                   ), told AS (
                     INSERT INTO offers_pricechange (offer_id, price_minor, at) SELECT id, price_minor, %(at)s FROM made
                   ) SELECT id, product_id, market FROM made""",
                words,
            )
            made = cursor.fetchall()
        cursor.execute("DROP TABLE carried")
    if ctx.actor.kind != "system":
        _record_carried(ctx, before, _offers_of(ctx, [*before, *(id for id, _, _ in made)]), changed)
    ids, products, markets = (
        _uuids(known["id"]),
        _uuids(known["product"]),
        known["market"].astype(str).tolist(),
    )
    _announce(ctx, OfferPublished, made, is_carried=True)
    _announce(ctx, OfferChanged, list(zip(ids, products, markets, strict=True)), is_carried=True)
    return CarriedOffers(len(made), changed)


def _offers_of(ctx: Context, ids: list[UUID]) -> dict[UUID, Offer]:
    return {row.id: row for row in Offer.objects.of(ctx).filter(id__in=ids)}


def _record_carried(ctx: Context, before: dict[UUID, Offer], after: dict[UUID, Offer], changed: int) -> None:
    """What was made, opened, closed or took other terms one by one; prices that only moved as a number."""
    entries = []
    for id, row in after.items():
        old = before.get(id, Offer())
        names = [name for name in (*FIELDS, "follows_id") if getattr(row, name) != getattr(old, name)]
        if names:
            was = {name: getattr(old, name) if id in before else None for name in names}
            entries.append((audit.subject_of(row), was, {name: getattr(row, name) for name in names}))
    audit.record_many(ctx, entries)
    if changed > len(before):
        audit.record(ctx, "offers.Offer:requote", {}, {"offers": changed - len(before)})


def _announce(
    ctx: Context, fact: type[OfferPublished | OfferChanged], rows: list[tuple[UUID, UUID, str]],
    *, is_carried: bool = False,
) -> None:  # fmt: skip
    """(offer, product, market) of what was published or changed, FACT_SIZE offers a fact."""
    for start in range(0, len(rows), FACT_SIZE):
        offers, products, markets = zip(*rows[start : start + FACT_SIZE], strict=True)
        named = tuple(dict.fromkeys(products)), ctx.at, tuple(dict.fromkeys(markets))
        ctx.announce(fact(offers, *named, is_carried=is_carried))


def _uuids(column: bulk.Array) -> list[UUID]:
    return [UUID(bytes=each.ljust(16, b"\0")) for each in column.tolist()]


@command(scope="offers:write")
def withdraw_offer(ctx: Context, *, offer_id: UUID) -> SavedOffer:
    """Stop selling; orders placed stay as they are. Refuses: NotFound."""
    row = _own_offer(ctx, offer_id)
    return save_offers(ctx, drafts=[_draft_of(row, state=WITHDRAWN)])[0]


@command(scope="offers:block")
def block_product(ctx: Context, *, product_id: UUID, reason: str) -> int:
    """The operator takes a product off every market and keeps new offers of it away, until it is released.

    Returns how many offers were on sale. Blocking twice changes nothing. Refuses: NotFound.
    """
    view = own_products_by_id(ctx, [product_id]).get(product_id)
    if view is None:
        raise NotFound(what="product")
    locks.hold(f"offers:{view.seller_id}")
    _, is_new = BlockedProduct.objects.get_or_create(
        product_id=product_id, defaults={"reason": reason[:500], "blocked_at": ctx.at}
    )
    if is_new:
        audit.record(ctx, f"catalog.Product:{product_id}", {}, {"blocked": reason[:500]})
    return _move_offers(ctx, product_id, ACTIVE, BLOCKED)


@command(scope="offers:block")
def release_product(ctx: Context, *, product_id: UUID, reason: str) -> int:
    """The operator lets a blocked product be sold again, at the prices its offers had; how many are on sale. Refuses: nothing."""
    gone, _ = BlockedProduct.objects.filter(product_id=product_id).delete()
    if gone:
        audit.record(ctx, f"catalog.Product:{product_id}", {}, {"released": reason[:500]})
    return _move_offers(ctx, product_id, BLOCKED, ACTIVE)


def _move_offers(ctx: Context, product_id: UUID, old: str, new: str) -> int:
    found = Offer.objects.of(ctx).filter(product_id=product_id, state=old)
    rows = list(found.select_for_update().order_by("id"))
    for row in rows:
        audit.change(ctx, row, state=new, price_version=row.price_version + 1, changed_at=ctx.at)
    _announce(ctx, OfferChanged, [(row.id, row.product_id, row.market) for row in rows])
    return len(rows)


def _own_offer(ctx: Context, offer_id: UUID) -> Offer:
    row = Offer.objects.of(ctx).filter(pk=offer_id).first()
    if row is None:
        raise NotFound(what="offer")
    return row


def _draft_of(row: Offer, *, price_minor: int | None = None, state: str | None = None) -> OfferDraft:
    return OfferDraft(
        seller_id=row.seller_id,
        variant_id=row.variant_id,
        product_id=row.product_id,
        market=row.market,
        condition=row.condition,
        price_minor=price_minor,
        state=state,
    )


def _store_plans(ctx: Context, plans: list[OfferPlan]) -> list[SavedOffer]:
    """Write what differs: offers, prices, the trail and the facts."""
    fresh = [plan for plan in plans if plan.is_new]
    changed = [plan for plan in plans if not plan.is_new and plan.changes]
    for plan, number in zip(fresh, _numbers(len(fresh)), strict=True):
        plan.row.number = number
    for plan in changed:
        plan.row.price_version += 1
        plan.row.changed_at = ctx.at
    rows = list({plan.row.id: plan.row for plan in [*fresh, *changed]}.values())
    if rows:
        Offer.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=COLUMNS)
    prices = [
        PriceChange(
            offer=plan.row,
            price_minor=plan.changes["price_minor"][1],
            at=plan.row.published_at if plan.is_new else ctx.at,
        )
        for plan in [*fresh, *changed]
        if "price_minor" in plan.changes
    ]
    if prices:
        PriceChange.objects.bulk_create(prices)
    if ctx.actor.kind != "system":
        audit.record_many(
            ctx,
            [
                (
                    audit.subject_of(plan.row),
                    {name: pair[0] for name, pair in plan.changes.items()},
                    {name: pair[1] for name, pair in plan.changes.items()},
                )
                for plan in [*fresh, *changed]
            ],
        )
    for fact, group in ((OfferPublished, fresh), (OfferChanged, changed)):
        _announce(ctx, fact, [(plan.row.id, plan.row.product_id, plan.row.market) for plan in group])
    return [plan.saved() for plan in plans]


def _numbers(count: int) -> list[int]:
    """Fresh offer numbers from the sequence."""
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('offers_offer_number') FROM generate_series(1, %s)", [count])
        return [row[0] for row in cursor.fetchall()]
