"""Which offers are not as the day's rules and rates would have them: found in columns, without an object for each.

Prices that only moved are set from here. What opens or closes an offer is rare and has many reasons: such products are
named, and `carrying` decides about them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np

from entrepot.catalog.queries import TaxFacts, tax_facts
from entrepot.compliance.queries import gaps_of_products
from entrepot.kit.bulk import Array
from entrepot.landedcost.queries import Kind, carried_prices, unpacked_prices
from entrepot.markets.queries import MarketPack
from entrepot.offers.queries import HIGHEST_MINOR, price_columns
from entrepot.parties.queries import SellerView, sellers_by_id

ACTIVE, WITHDRAWN, BLOCKED = range(3)  # places in the offers' STATES


@dataclass(slots=True)
class Look:
    """What differs: rows with the price and duty they should have; and products that `carrying` must look at."""

    seller_ids: set[UUID]
    rows: Array
    prices_minor: Array
    duties: Array
    doubtful: list[UUID]


@dataclass(slots=True)
class _Columns:
    """The offers of the products in columns; `product` and `promise` are small numbers."""

    rows: Array
    product: Array
    promise: Array  # variant and condition
    market: Array
    kinds: list[Kind]
    kind: Array
    price: Array
    state: Array
    follows: Array  # bool


def look_at(ids: Sequence[UUID], markets: Sequence[MarketPack], *, on: date, is_law_new: bool) -> Look:
    """Compare the offers of active products (ids in order) in these open markets with what they should be.

    `is_law_new`: another product rule is in force than when they were last looked at, so that offers on sale are asked
    again whether they may stay.
    """
    facts = tax_facts(ids)
    sellers = sellers_by_id({each.seller_id for each in facts.values()})
    known = [each for each in ids if each in facts and sellers[facts[each].seller_id].state == "approved"]
    sources = {market.offers_from for market in markets if market.offers_from}
    codes = sorted({market.code for market in markets} | sources)
    told = _columns(price_columns(known, codes), known, facts, sellers)
    doubtful = np.zeros(len(known), dtype=bool)
    for source in sorted(sources):
        targets = [market.code for market in markets if market.offers_from == source]
        _follow(told, known, source, targets, on, doubtful, is_law_new=is_law_new)
    duties = told.rows["duty"].astype("i2")
    for market in markets:
        here = np.flatnonzero((told.market == market.code.encode()) & (told.state == ACTIVE))
        _, due = unpacked_prices(told.kinds, told.kind[here], told.price[here], market=market.code, on=on)
        duties[here] = due
    differs = (told.price != told.rows["price"]) | (duties != told.rows["duty"])
    differs &= ~doubtful[told.product]
    return Look(
        {facts[known[place]].seller_id for place in np.unique(told.product[differs]).tolist()},
        told.rows[differs],
        told.price[differs],
        duties[differs],
        [known[place] for place in np.flatnonzero(doubtful).tolist()],
    )


def _columns(
    rows: Array, known: Sequence[UUID], facts: Mapping[UUID, TaxFacts], sellers: Mapping[UUID, SellerView]
) -> _Columns:
    product = np.searchsorted(np.array([each.bytes for each in known], "S16"), rows["product"])
    starts, start_of = np.unique(rows["ships"], return_inverse=True)
    pairs, pair_of = np.unique(product * len(starts) + start_of, return_inverse=True)
    number: dict[Kind, int] = {}
    kind_of_pair = np.empty(len(pairs), dtype=np.int64)
    for place, pair in enumerate(pairs.tolist()):
        each = facts[known[pair // len(starts)]]
        seller = sellers[each.seller_id]
        start = starts[pair % len(starts)].decode().strip() or seller.ships_from_country or seller.country
        kind = Kind(start, seller.country, each.hs6, each.vat_goods, each.codes)
        kind_of_pair[place] = number.setdefault(kind, len(number))
    variants = np.unique(rows["variant"], return_inverse=True)[1]
    promise = np.unique(variants * 16 + rows["condition"], return_inverse=True)[1]
    return _Columns(
        rows, product, promise, rows["market"], list(number), kind_of_pair[pair_of], rows["price"].astype("i8"),
        rows["state"].astype("i2"), rows["follows"] != b"",
    )  # fmt: skip


def _follow(
    told: _Columns, known: Sequence[UUID], source: str, targets: Iterable[str], on: date, doubtful: Array, *, is_law_new: bool
) -> None:  # fmt: skip
    """Set the prices of what follows a country's offers; mark the products whose offers open, close or change their terms."""
    rows = told.rows
    first = np.flatnonzero((told.market == source.encode()) & (told.state == ACTIVE) & ~told.follows)
    kept, _ = unpacked_prices(told.kinds, told.kind[first], told.price[first], market=source, on=on)
    for target in targets:
        asked = carried_prices(
            told.kinds, told.kind[first], kept, from_market=source, to_market=target, on=on
        )
        is_priced = (asked > 0) & (asked <= HIGHEST_MINOR)
        there = np.flatnonzero(told.market == target.encode())
        place_of = np.full(told.promise.max(initial=-1) + 1, -1, dtype=np.int64)
        place_of[told.promise[there]] = there
        second = place_of[told.promise[first]]
        has = second >= 0
        ours = has & told.follows[second] & (told.state[second] != BLOCKED)
        on_sale = ours & (told.state[second] == ACTIVE)
        same = (rows["follows"][second] == rows["id"][first]) & (
            rows["terms"][second] == rows["terms"][first]
        )
        doubtful[told.product[first[on_sale & ~(is_priced & same)]]] = True
        moved = on_sale & is_priced & same
        told.price[second[moved]] = asked[moved]
        # What followed an offer that is no longer on sale.
        has_source = np.zeros(len(place_of), dtype=bool)
        has_source[told.promise[first]] = True
        lost = told.follows[there] & (told.state[there] == ACTIVE) & ~has_source[told.promise[there]]
        doubtful[told.product[there[lost]]] = True
        opens = is_priced & (~has | (ours & ~on_sale))
        wanted = opens | on_sale if is_law_new else opens
        asks = [
            (product, bool(is_open))
            for product, is_open in dict(
                zip(told.product[first[wanted]].tolist(), on_sale[wanted].tolist(), strict=True)
            ).items()
            if not doubtful[product]
        ]
        starts = {
            known[product]: start.decode().strip()
            for product, start in zip(
                told.product[first].tolist(), rows["ships"][first].tolist(), strict=True
            )
        }
        gaps = gaps_of_products([known[product] for product, _ in asks], target, on=on, ships_from=starts)
        for product, is_open in asks:
            is_held = any(gap.blocks for gap in gaps[known[product]])
            if is_held == is_open:
                doubtful[product] = True
