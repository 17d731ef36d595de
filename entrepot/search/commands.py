"""Every write of the search room: the index files, and what ranks a product."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from entrepot.catalog.queries import product_ids, variants_by_id
from entrepot.inventory.queries import variants_moved_since
from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.markets.queries import all_markets, pack
from entrepot.offers.queries import windows_ending
from entrepot.search.documents import documents_of
from entrepot.search.index import is_made, made_mark, open_shelf, writing
from entrepot.search.models import Followed, Score

PAGE = 500


@dataclass(frozen=True, slots=True)
class ScoreDraft:
    """What shoppers' acts say of a product: average stars × 10, how many, pieces sold in the last 90 days."""

    product_id: UUID
    rating_tenths: int
    ratings: int
    sold: int


@command(scope="markets:write")
def rebuild_index(ctx: Context, *, market: str) -> int:
    """Make a market's index anew; readers keep the old one until the new one is whole. Returns products found.

    Refuses: UnknownMarket.
    """
    facts = pack(market)
    shelf = open_shelf(facts.code, facts.official_languages)
    count = 0
    with writing(shelf) as writer:
        writer.delete_all_documents()
        for ids in _pages():
            for doc in documents_of(facts.code, shelf.languages, ids, ctx.at).values():
                writer.add_document(doc)
                count += 1
    Followed.objects.update_or_create(name=made_mark(facts.code), defaults={"position": count})
    return count


@command(scope="markets:write")
def rebuild_missing(ctx: Context) -> list[str]:
    """Make the indexes of open markets that are not there in the form of this version; the markets' codes.

    After an upgrade that changes the fields, or on a machine whose files are gone. Refuses: nothing.
    """
    made = set(Followed.objects.values_list("name", flat=True))
    missing = [
        market.code
        for market in all_markets()
        if market.is_open and (made_mark(market.code) not in made or not is_made(market.code))
    ]
    for code in missing:
        rebuild_index(ctx, market=code)
    return missing


@command(scope="catalog:write")
def index_products(ctx: Context, *, product_ids: list[UUID], markets: tuple[str, ...] = ()) -> int:
    """Bring these products up to date in the index of every open market, or of those named; returns documents written."""
    count = 0
    for market in all_markets():
        if not market.is_open or not product_ids or (markets and market.code not in markets):
            continue
        shelf = open_shelf(market.code, market.official_languages)
        ids = list(dict.fromkeys(product_ids))
        with writing(shelf) as writer:
            for start in range(0, len(ids), PAGE):
                part = ids[start : start + PAGE]
                docs = documents_of(market.code, shelf.languages, part, ctx.at)
                for product_id in part:
                    writer.delete_documents_by_term("product", product_id.hex)
                    if product_id in docs:
                        writer.add_document(docs[product_id])
                count += len(docs)
    return count


@command(scope="catalog:write")
def index_seller(ctx: Context, *, seller_id: UUID) -> int:
    """Bring all products of a seller up to date, after the seller was approved, suspended or moved."""
    count = 0
    for ids in _pages(seller_id):
        count += index_products(ctx, product_ids=ids)
    return count


NOTHING = Score()  # neither bought nor reviewed


@command(scope="catalog:write")
def save_scores(ctx: Context, *, scores: list[ScoreDraft]) -> int:
    """Store what ranks these products and bring the index up to date; returns how many differ now."""
    known = Score.objects.in_bulk([draft.product_id for draft in scores])
    rows = [
        Score(
            product_id=draft.product_id,
            rating_tenths=draft.rating_tenths,
            ratings=draft.ratings,
            sold=draft.sold,
        )
        for draft in {draft.product_id: draft for draft in scores}.values()
    ]
    fields = ["rating_tenths", "ratings", "sold"]
    changed = [
        row
        for row in rows
        if any(getattr(known.get(row.product_id, NOTHING), name) != getattr(row, name) for name in fields)
    ]
    if changed:
        Score.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["product_id"], update_fields=fields
        )
        index_products(ctx, product_ids=[row.product_id for row in changed])
    return len(changed)


@command(scope="catalog:write")
def follow_stock(ctx: Context) -> int:
    """Bring products up to date whose stock the journal has moved since the last time; returns how many."""
    row, _ = Followed.objects.select_for_update().get_or_create(name="stock", defaults={"position": -1})
    variants, position = variants_moved_since(row.position)
    moved = list({variant.product_id for variant in variants_by_id(variants).values()})
    if moved:
        index_products(ctx, product_ids=moved)
    if position != row.position:
        row.position = position
        row.save(update_fields=["position"])
    return len(moved)


@command(scope="catalog:write")
def follow_windows(ctx: Context) -> int:
    """Bring products up to date whose offers opened or closed since the last time; returns how many."""
    row, _ = Followed.objects.select_for_update().get_or_create(name="windows")
    until = int(ctx.at.timestamp())
    since = datetime.fromtimestamp(row.position, UTC)
    found = windows_ending(since, datetime.fromtimestamp(until, UTC))
    if found:
        index_products(ctx, product_ids=found)
    row.position = until
    row.save(update_fields=["position"])
    return len(found)


def _pages(seller_id: UUID | None = None) -> Iterator[list[UUID]]:
    after = None
    while ids := product_ids(seller_id=seller_id, after=after, limit=PAGE):
        yield ids
        after = ids[-1]
