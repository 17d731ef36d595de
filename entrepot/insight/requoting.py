"""Which offers are not as the day's rules and rates would have them: decided in columns, without an object for each.

An offer follows another while that is on sale, has a full price here and no product rule holds it back. What a seller set
here stays; so does what the operator blocked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import numpy as np

from entrepot.catalog.queries import ProductView, TaxFacts, products_by_id, tax_facts
from entrepot.compliance.queries import gaps_of_views
from entrepot.kit.bulk import Array
from entrepot.landedcost.queries import Kind, carried_prices, unpacked_prices
from entrepot.markets.queries import MarketPack
from entrepot.offers.commands import CARRIED
from entrepot.offers.queries import HIGHEST_MINOR, price_columns
from entrepot.parties.queries import SellerView, sellers_by_id

ACTIVE, WITHDRAWN, BLOCKED = range(3)  # places in the offers' STATES


@dataclass(slots=True)
class Look:
    """What differs, as rows of CARRIED, and what stood in the way of offering more.

    `held` counts products (once a market), the others offers: without a full price, and there before.
    """

    seller_ids: set[UUID]
    rows: Array
    unpriced: int
    held: int
    before: int


@dataclass(slots=True)
class _Columns:
    """The offers of the products in columns: as they are, and as they should be; `product` and `promise` are small numbers."""

    ids: Sequence[UUID]
    rows: Array
    goal: Array
    product: Array
    promise: Array  # variant and condition
    kinds: list[Kind]
    kind: Array
    views: dict[UUID, ProductView] = field(default_factory=dict)  # those whose rules were asked
    unpriced: int = 0
    held: int = 0
    before: int = 0


def look_at(ids: Sequence[UUID], markets: Sequence[MarketPack], *, on: date, is_law_new: bool) -> Look:
    """Compare the offers of active products (ids in order) in these markets with what they should be.

    `is_law_new`: another product rule is in force than when they were last looked at, so that what is on sale is asked
    again whether it may stay; without it only what opens or takes other terms.
    """
    facts = tax_facts(ids)
    sellers = sellers_by_id({each.seller_id for each in facts.values()})
    known = [each for each in ids if each in facts and sellers[facts[each].seller_id].state == "approved"]
    sources = {market.offers_from for market in markets if market.offers_from}
    codes = sorted({market.code for market in markets} | sources)
    told = _columns(price_columns(known, codes), known, facts, sellers)
    made = [
        _follow(told, source, market.code, on, is_law_new=is_law_new)
        for source in sorted(sources)
        for market in markets
        if market.offers_from == source
    ]
    goal = np.concatenate([told.goal, *(rows for rows, _ in made)])
    kind = np.concatenate([told.kind, *(told.kind[first] for _, first in made)])
    for market in markets:
        here = np.flatnonzero((goal["market"] == market.code.encode()) & (goal["state"] == ACTIVE))
        goal["duty"][here] = unpacked_prices(
            told.kinds, kind[here], goal["price"][here], market=market.code, on=on
        )[1]
    product = np.concatenate([told.product, *(told.product[first] for _, first in made)])
    there = slice(len(told.rows))
    goal["is_anew"] = (goal["version"] == 0) | (goal["source"] != b"")
    for name in ("price", "state"):
        goal["is_anew"][there] |= goal[name][there] != told.rows[name]
    differs = goal["is_anew"].copy()
    differs[there] |= goal["duty"][there] != told.rows["duty"]
    touched = {facts[known[place]].seller_id for place in np.unique(product[differs]).tolist()}
    return Look(touched, goal[differs], told.unpriced, told.held, told.before)


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
    goal = np.zeros(len(rows), CARRIED)
    for name in ("id", "product", "market", "price", "version", "state", "duty"):
        goal[name] = rows[name]
    return _Columns(known, rows, goal, product, promise, list(number), kind_of_pair[pair_of])


def _follow(told: _Columns, source: str, target: str, on: date, *, is_law_new: bool) -> tuple[Array, Array]:
    """Set what follows a country's offers in another as it should be; new offers, and the places of those they follow."""
    rows, goal = told.rows, told.goal
    first = np.flatnonzero(
        (rows["market"] == source.encode()) & (rows["state"] == ACTIVE) & (rows["follows"] == b"")
    )
    kept, _ = unpacked_prices(told.kinds, told.kind[first], goal["price"][first], market=source, on=on)
    asked = carried_prices(told.kinds, told.kind[first], kept, from_market=source, to_market=target, on=on)
    is_priced = (asked > 0) & (asked <= HIGHEST_MINOR)
    there = np.flatnonzero(rows["market"] == target.encode())
    place_of = np.full(told.promise.max(initial=-1) + 1, -1, dtype=np.int64)
    place_of[told.promise[there]] = there
    second = place_of[told.promise[first]]
    has = second >= 0
    ours = has & (rows["follows"][second] != b"") & (rows["state"][second] != BLOCKED)
    on_sale = ours & (rows["state"][second] == ACTIVE)
    same = on_sale & (rows["follows"][second] == rows["id"][first])
    same &= rows["terms"][second] == rows["terms"][first]
    wanted = np.ones(len(first), bool) if is_law_new else is_priced & (ours | ~has) & ~same
    is_held = _held(told, first, wanted, target, on)
    sells = is_priced & ~is_held
    keeps, closes, opens = ours & sells, on_sale & ~sells, ~has & sells
    goal["price"][second[keeps]] = asked[keeps]
    goal["state"][second[keeps]] = ACTIVE
    told.kind[second[keeps]] = told.kind[first[keeps]]
    anew = keeps & ~same
    goal["source"][second[anew]] = rows["id"][first[anew]]
    goal["state"][second[closes]] = WITHDRAWN
    # What followed an offer that is no longer on sale.
    has_source = np.zeros(len(place_of), dtype=bool)
    has_source[told.promise[first]] = True
    lost = there[(rows["follows"][there] != b"") & (rows["state"][there] == ACTIVE)]
    lost = lost[~has_source[told.promise[lost]]]
    goal["state"][lost] = WITHDRAWN
    told.unpriced += int((~is_held & (asked <= 0)).sum())
    told.held += len(np.unique(told.product[first[is_held]]))
    told.before += int((has & (rows["follows"][second] == b"")).sum() + keeps.sum() + closes.sum()) + len(
        lost
    )
    made = np.zeros(opens.sum(), CARRIED)
    made["source"], made["product"] = rows["id"][first[opens]], rows["product"][first[opens]]
    made["market"], made["price"], made["state"] = target.encode(), asked[opens], ACTIVE
    return made, first[opens]


def _held(told: _Columns, first: Array, wanted: Array, target: str, on: date) -> Array:
    """Whether a product rule holds back these offers in a market, by the place they start from; only those wanted are asked."""
    is_held = np.zeros(len(first), dtype=bool)
    for start in np.unique(told.rows["ships"][first[wanted]]).tolist():
        here = np.flatnonzero(wanted & (told.rows["ships"][first] == start))
        places, place_of = np.unique(told.product[first[here]], return_inverse=True)
        ids = [told.ids[place] for place in places.tolist()]
        told.views |= products_by_id([id for id in ids if id not in told.views])
        starts = dict.fromkeys(ids, start.decode().strip())
        gaps = gaps_of_views([told.views[id] for id in ids], target, on=on, ships_from=starts)
        is_held[here] = np.array([any(gap.blocks for gap in gaps[id]) for id in ids])[place_of]
    return is_held
