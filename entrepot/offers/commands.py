"""Every write of the offers. Single verbs and bulk upserts share one path: `save_offers`."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import connection

from entrepot.catalog.commands import ProductDraft, save_products
from entrepot.catalog.queries import own_products_by_id
from entrepot.kit import audit, bulk, locks
from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.kit.errors import NotAllowed, NotFound
from entrepot.offers.drafts import OfferDraft, OfferedProduct, SavedOffer
from entrepot.offers.events import OfferChanged, OfferPublished
from entrepot.offers.models import ACTIVE, BLOCKED, DUTIES, WITHDRAWN, Offer, PriceChange
from entrepot.offers.plans import COLUMNS, OfferPlan, blocking_gaps, hold_back, plan_offers

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
    for start in range(0, len(unfit), FACT_SIZE):
        part = unfit[start : start + FACT_SIZE]
        ctx.announce(
            OfferChanged(
                offer_ids=tuple(row.id for row in part),
                product_ids=tuple(dict.fromkeys(row.product_id for row in part)),
                at=ctx.at,
            )
        )
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
def note_duties(ctx: Context, *, duties: Mapping[UUID, str]) -> int:
    """Keep what a requote found inside the prices of offers: none, inside, later or unknown. Returns how many differ.

    Prices stay; pages and the index read the answer instead of quoting again. Refuses: nothing.
    """
    rows = [row for row in Offer.objects.of(ctx).filter(id__in=list(duties)) if row.duty != duties[row.id]]
    for row in rows:
        row.duty = duties[row.id]
    if rows:
        Offer.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=["duty"])
    _announce_changed(ctx, rows)
    return len(rows)


@command(scope="markets:write")
def reprice_offers(
    ctx: Context, *, seller_ids: set[UUID], rows: bulk.Array, prices_minor: bulk.Array, duties: bulk.Array
) -> int:
    """Set the prices of offers that follow others, and what is due inside prices, as a requote found them, by COPY.

    `rows` are of `queries.price_columns`; `duties` places in DUTIES. Rows changed since they were read stay as they are.
    Returns how many differ. Refuses: nothing.
    """
    if not len(rows):
        return 0
    locks.hold(*(f"offers:{seller_id}" for seller_id in sorted(seller_ids)[:MOST_LOCKS]))
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE repriced (id uuid, price bigint, version bigint, duty smallint)"
        )
        bulk.copy_rows(
            cursor,
            "repriced",
            {
                "id": rows["id"],
                "price": prices_minor.astype("i8"),
                "version": rows["version"].astype("i8"),
                "duty": duties.astype("i2"),
            },
        )
        cursor.execute("ANALYZE repriced")
        cursor.execute(
            """INSERT INTO offers_pricechange (offer_id, price_minor, at) SELECT o.id, r.price, %s
               FROM repriced r JOIN offers_offer o USING (id)
               WHERE o.price_version = r.version AND o.price_minor <> r.price""",
            [ctx.at],
        )
        cursor.execute(
            """UPDATE offers_offer o SET price_minor = r.price, duty = (%s::text[])[r.duty + 1],
                   price_version = o.price_version + (o.price_minor <> r.price)::int,
                   changed_at = CASE WHEN o.price_minor <> r.price THEN %s ELSE o.changed_at END
               FROM repriced r WHERE o.id = r.id AND o.price_version = r.version""",
            [list(DUTIES), ctx.at],
        )
        count: int = cursor.rowcount
        cursor.execute("DROP TABLE repriced")
    if ctx.actor.kind != "system":
        audit.record(ctx, "offers.Offer:requote", {}, {"offers": count})
    for start in range(0, len(rows), FACT_SIZE):
        part = rows[start : start + FACT_SIZE]
        offers, products = (_uuids(part[name]) for name in ("id", "product"))
        ctx.announce(
            OfferChanged(offer_ids=tuple(offers), product_ids=tuple(dict.fromkeys(products)), at=ctx.at)
        )
    return count


def _uuids(column: bulk.Array) -> list[UUID]:
    return [UUID(bytes=each.ljust(16, b"\0")) for each in column.tolist()]


@command(scope="offers:write")
def withdraw_offer(ctx: Context, *, offer_id: UUID) -> SavedOffer:
    """Stop selling; orders placed stay as they are. Refuses: NotFound."""
    row = _own_offer(ctx, offer_id)
    return save_offers(ctx, drafts=[_draft_of(row, state=WITHDRAWN)])[0]


@command(scope="markets:write")
def block_offer(ctx: Context, *, offer_id: UUID, reason: str) -> None:
    """The operator takes an offer off the market; only the operator can release it. Refuses: NotFound."""
    _set_state(ctx, offer_id, BLOCKED, reason)


@command(scope="markets:write")
def release_offer(ctx: Context, *, offer_id: UUID, reason: str) -> None:
    """The operator lets a blocked offer be sold again. Refuses: NotFound."""
    _set_state(ctx, offer_id, ACTIVE, reason)


def _set_state(ctx: Context, offer_id: UUID, state: str, reason: str) -> None:
    row = _own_offer(ctx, offer_id)
    if audit.change(
        ctx, row, state=state, price_version=row.price_version + (row.state != state), changed_at=ctx.at
    ):
        audit.record(ctx, audit.subject_of(row), {}, {"reason": reason[:500]})
        ctx.announce(OfferChanged(offer_ids=(row.id,), product_ids=(row.product_id,), at=ctx.at))


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
        for start in range(0, len(group), FACT_SIZE):
            part = group[start : start + FACT_SIZE]
            ctx.announce(
                fact(
                    offer_ids=tuple(plan.row.id for plan in part),
                    product_ids=tuple(dict.fromkeys(plan.row.product_id for plan in part)),
                    at=ctx.at,
                )
            )
    return [plan.saved() for plan in plans]


def _announce_changed(ctx: Context, rows: list[Offer]) -> None:
    for start in range(0, len(rows), FACT_SIZE):
        part = rows[start : start + FACT_SIZE]
        products = tuple(dict.fromkeys(row.product_id for row in part))
        ctx.announce(OfferChanged(offer_ids=tuple(row.id for row in part), product_ids=products, at=ctx.at))


def _numbers(count: int) -> list[int]:
    """Fresh offer numbers from the sequence."""
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('offers_offer_number') FROM generate_series(1, %s)", [count])
        return [row[0] for row in cursor.fetchall()]
