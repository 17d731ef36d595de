"""Reads of the compliance room: what stands between a product and a market, and which rules the house keeps where."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from uuid import UUID

from entrepot.catalog.queries import ProductView, products_by_id, products_of_seller
from entrepot.compliance.gates import (
    GATES,
    RULES,
    Ask,
    Gap,
    Gate,
    ProductFacts,
    SellerFacts,
    is_kind,
    kind_prefixes,
)
from entrepot.kit.context import Context
from entrepot.markets.queries import all_codes, consumer_rule, consumer_rules, customs_area, is_in_force, pack
from entrepot.parties.queries import SellerView, sellers_by_id

# Gates that come from import rules instead of the consumer table.
MOST_LOOKED_AT = 5_000
OWN_GATES = frozenset({"CUSTOMS-HS", "CUSTOMS-ORIGIN"})


@dataclass(frozen=True, slots=True)
class Coverage:
    """One consumer rule: where it must hold, and what keeps it (empty: nothing yet)."""

    rule_id: str
    area: str
    enforcement_point: str
    kept_by: str
    how: str  # gate | feature | none
    in_force: bool
    confidence: str
    needs: str = ""  # the part that is not built, where nothing keeps it
    reason: str = ""


def publish_gaps(product: ProductFacts, seller: SellerFacts, market_code: str, *, on: date) -> list[Gap]:
    """What must be closed before this product may be offered in a market on a day, each gap with its rule's id.

    A gap with `blocks` False is open, but the house has not asked the seller for it yet or the law asks it of the
    maker. Private sellers are held to
    the product rules only. Refuses: UnknownMarket.
    """
    market = pack(market_code)
    start = product.ships_from_country or seller.country
    ask = Ask(
        product=product,
        seller=seller,
        market=market.code,
        language=market.default_language,
        is_import=customs_area(start) != customs_area(market.code),
        in_union=market.eu_member,
        union=_union(),
    )
    found = (check(ask) for check in _gates_at(market.code, seller.trader_type, on))
    return [gap for gap in found if gap is not None]


def gaps_of_products(
    product_ids: Iterable[UUID], market_code: str, *, on: date, ships_from: Mapping[UUID, str] | None = None
) -> dict[UUID, list[Gap]]:
    """The publish gaps of stored products by product, empty lists included (a fixed number of SQL statements).

    `ships_from` names the country goods start from where it is not the seller's own. Refuses: UnknownMarket.
    """
    return gaps_of_views(products_by_id(product_ids).values(), market_code, on=on, ships_from=ships_from)


def gaps_of_views(
    views: Iterable[ProductView], market_code: str, *, on: date, ships_from: Mapping[UUID, str] | None = None
) -> dict[UUID, list[Gap]]:
    """The publish gaps of products that were read already, drafts too, by product; one SQL statement.

    Refuses: UnknownMarket.
    """
    products = list(views)
    sellers = sellers_by_id({view.seller_id for view in products})
    traders = {id: _seller_facts(seller) for id, seller in sellers.items()}
    starts = ships_from or {}
    found: dict[UUID, list[Gap]] = {}
    for view in products:
        start = starts.get(view.id, "") or sellers[view.seller_id].ships_from_country
        found[view.id] = publish_gaps(
            _product_facts(view, start), traders[view.seller_id], market_code, on=on
        )
    return found


@dataclass(frozen=True, slots=True)
class RuleGap:
    """A gap that several products have."""

    gap: Gap
    products: tuple[ProductView, ...]


def gaps_by_rule(ctx: Context, market_code: str, *, on: date, seller_id: UUID) -> list[RuleGap]:
    """What stands between a seller's active products and a market, the widest gap first; MOST_LOOKED_AT products at most.

    Two SQL statements for each 500 products. Refuses: UnknownMarket.
    """
    found: dict[str, list[tuple[Gap, ProductView]]] = {}
    after: UUID | None = None
    for _ in range(MOST_LOOKED_AT // 500):
        views = products_of_seller(ctx, seller_id=seller_id, state="active", after=after, limit=500)
        gaps = gaps_of_views(views, market_code, on=on)
        for view in views:
            for gap in gaps[view.id]:
                if gap.blocks:
                    found.setdefault(gap.code, []).append((gap, view))
        if len(views) < 500:
            break
        after = views[-1].id
    rows = [RuleGap(pairs[0][0], tuple(view for _, view in pairs)) for pairs in found.values()]
    return sorted(rows, key=lambda row: (-len(row.products), row.gap.code))


def _product_facts(view: ProductView, ships_from: str) -> ProductFacts:
    first = view.variants[0] if view.variants else None
    return ProductFacts(
        sku=first.sku if first else "",
        title=view.title,
        description=view.description,
        brand=view.brand,
        gtin=first.gtin if first else "",
        attributes=view.attributes,
        hs6=view.hs6,
        origin_country=view.origin_country,
        safety=view.safety,
        ingredients=view.ingredients,
        manufacturer=view.manufacturer,
        pictures=len(view.media) + (1 if view.motif else 0),
        ships_from_country=ships_from,
    )


def _seller_facts(seller: SellerView) -> SellerFacts:
    return SellerFacts(
        country=seller.country,
        legal_name=seller.legal_name,
        trader_type=seller.trader_type,
        address=seller.address,
        postcode=seller.postcode,
        city=seller.city,
        email=seller.email,
        phone=seller.phone,
        register_no=seller.register_no,
        vat_no=seller.vat_no,
        eori=seller.eori,
        responsible_person=seller.responsible_person,
    )


@lru_cache(1_000)
def _gates_at(market_code: str, trader_type: str, on: date) -> tuple[Gate, ...]:
    """The gates a trader's goods must pass in a market on a day."""
    return tuple(check for rule_id, check in GATES.items() if _applies(rule_id, market_code, trader_type, on))


def _applies(rule_id: str, market_code: str, trader_type: str, on: date) -> bool:
    if rule_id in OWN_GATES:
        return True
    rule = consumer_rule(rule_id)
    if rule_id.startswith("DS-30") and trader_type != "company":
        return False
    where = rule.jurisdiction.split()[0]
    return is_in_force(rule, on) and (
        pack(market_code).eu_member if where.startswith("EU") else market_code in rule.jurisdiction
    )


def must_be_repaired(hs6: str, market_code: str, on: date) -> bool:
    """Whether the maker must repair goods of this HS code for a market's consumers on a day (rule RP-01).

    Refuses: UnknownMarket.
    """
    return (
        pack(market_code).eu_member
        and is_in_force(consumer_rule("RP-01"), on)
        and is_kind(ProductFacts(hs6=hs6), "repairable")
    )


def rules_in_force(on: date) -> frozenset[str]:
    """The ids of the consumer rules that hold on a day."""
    return frozenset(rule.rule_id for rule in consumer_rules() if is_in_force(rule, on))


@cache
def _union() -> frozenset[str]:
    return frozenset(code for code in all_codes() if pack(code).eu_member)


def kinds_of(product: ProductFacts) -> tuple[str, ...]:
    """Which kinds of goods (food, textile, toy …) a product's HS code places it among."""
    return tuple(kind for kind in kind_prefixes() if is_kind(product, kind))


def rule_coverage(on: date) -> list[Coverage]:
    """Every consumer rule with what keeps it: a publish gate here, a feature elsewhere (rules/kept.csv), or nothing."""
    kept, unkept = _kept(), _unkept()
    found = []
    for rule in consumer_rules():
        if rule.rule_id in GATES:
            kept_by, how = f"compliance.gates:{GATES[rule.rule_id].__name__}", "gate"
        elif rule.rule_id in kept:
            kept_by, how = kept[rule.rule_id], "feature"
        else:
            kept_by, how = "", "none"
        found.append(
            Coverage(
                rule.rule_id,
                rule.area,
                rule.enforcement_point,
                kept_by,
                how,
                is_in_force(rule, on),
                rule.confidence,
                **({} if kept_by else unkept.get(rule.rule_id, {})),
            )
        )
    return found


@cache
def _kept() -> dict[str, str]:
    """Rules kept by a named function elsewhere: rule id → `room.module:function`."""
    with (RULES / "kept.csv").open(newline="", encoding="utf-8") as file:
        return {row["rule_id"]: row["kept_by"] for row in csv.DictReader(file)}


@cache
def _unkept() -> dict[str, dict[str, str]]:
    """Rules nothing keeps: rule id → the part that is not built, and what that means today."""
    with (RULES / "unkept.csv").open(newline="", encoding="utf-8") as file:
        return {
            row["rule_id"]: {"needs": row["needs"], "reason": row["reason"]} for row in csv.DictReader(file)
        }


__all__ = ["Coverage", "Gap", "ProductFacts", "SellerFacts", "kinds_of", "publish_gaps", "rule_coverage"]
