"""What a part of a feed would do: drafts for the commands below, and a verdict for each row. Nothing is written here."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from entrepot.catalog.commands import ProductDraft, SavedProduct, VariantDraft
from entrepot.catalog.errors import SkuTaken
from entrepot.catalog.queries import CategoryTree, ProductView, compare_products, products_by_handle
from entrepot.compliance.queries import ProductFacts, SellerFacts, publish_gaps
from entrepot.feeds import policy
from entrepot.feeds.models import LastSaid, Undo
from entrepot.feeds.parse import Group, Line
from entrepot.feeds.rows import Problem
from entrepot.inventory.queries import StockView, stock_of_variants
from entrepot.kit.context import Context
from entrepot.kit.errors import Refusal
from entrepot.kit.money import to_minor
from entrepot.markets.errors import CurrencyUnknown
from entrepot.markets.queries import fx_rate, pack
from entrepot.offers.commands import OfferDraft, SavedOffer
from entrepot.offers.queries import HIGHEST_MINOR, compare_offers

UNSORTED = "unsorted"


@dataclass(slots=True)
class Terms:
    """What holds for a whole run: whose, where, at which rates, and what their categories mean."""

    seller_id: UUID
    market: str
    currency: str  # of the market
    own_currency: str  # of prices without one; empty: it must be said
    seller_currency: str  # of the seller's country
    on: date  # whose rates are taken
    location_id: UUID | None
    tree: CategoryTree
    seller: SellerFacts
    ships_from: str  # country
    today: date
    defaults: Mapping[str, Any] = field(
        default_factory=dict
    )  # for goods that do not say: hs6, origin_country …
    default_category: str = ""
    categories: dict[str, str] = field(default_factory=dict)
    category_names: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, str] = field(default_factory=dict)  # name of a file beside the feed → its SHA-256
    set_stock: bool = False
    rates: dict[str, tuple[Decimal, str, str]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)  # simple name of a category in any language → slug

    def rate(self, currency: str) -> Decimal | None:
        """How much of the market's currency one unit is, by the stored rates of the day; None when unknown."""
        if currency not in self.rates:
            try:
                found = fx_rate(currency, self.currency, self.on)
            except CurrencyUnknown:
                return None
            self.rates[currency] = (found.rate, found.on.isoformat(), found.source)
        return self.rates[currency][0]


@dataclass(slots=True)
class Item:
    """One product of the feed: its draft, the variants' offers and quantities, and its rows."""

    group: Group
    draft: ProductDraft
    lines: dict[str, Line]  # SKU → its row
    existing: ProductView | None
    revived: bool
    comparison: SavedProduct | None = None
    offers: dict[str, OfferDraft] = field(default_factory=dict)  # SKU → draft; variant_id is filled in later
    quantities: dict[str, int] = field(default_factory=dict)
    pictures: list[tuple[str, str]] = field(default_factory=list)  # name, SKU


def plan_part(ctx: Context, groups: Sequence[Group], terms: Terms) -> list[Item]:
    """Items that may be saved; the rows of all others carry their problems. A fixed number of SQL statements."""
    handles = [group.handle for group in groups]
    existing = products_by_handle(ctx, terms.seller_id, handles)
    revivable = set(
        Undo.objects.filter(
            was_new=True, run__seller_id=terms.seller_id, run__state="undone", handle__in=handles
        ).values_list("handle", flat=True)
    )
    items = []
    for group in groups:
        item = _item(group, existing.get(group.handle), group.handle in revivable, terms)
        if item is not None:
            items.append(item)
    items = _compare(ctx, items)
    _judge(ctx, items, terms)
    return items


# ---- drafts ---------------------------------------------------------------------------------------------


def _item(group: Group, existing: ProductView | None, revivable: bool, terms: Terms) -> Item | None:
    """The draft of a product from its good rows; None when nothing of it can be saved."""
    good = [line for line in group.lines if not line.problems and line.status != "same"]
    revived = revivable and existing is not None and existing.state != "active"
    product = _product_fields(group, good, existing, terms)
    if existing is None and good and not product.get("title"):
        first = group.first
        problem = (
            Problem("product_refused", facts={"other": first.row.number})
            if first.problems
            else Problem("missing_title", column="title")
        )
        for line in good:
            line.problems.append(problem)
        good = []
    if existing is None and good and "category" not in product:
        product["category"] = terms.default_category or UNSORTED
    if (existing is None or revived) and "state" not in product:
        product["state"] = "active"
    for name, value in terms.defaults.items():
        if name not in product and not (existing is not None and getattr(existing, name)):
            product[name] = value
    if not good:
        return None
    lines = {line.facts.sku: line for line in good if line.row.role == "variant"}
    variants = tuple(
        VariantDraft(sku=sku, **(line.facts.variant | ({"is_active": True} if revived else {})))
        for sku, line in lines.items()
    )
    item = Item(
        group,
        ProductDraft(terms.seller_id, group.handle, variants=variants, **product),
        lines,
        existing,
        revived,
    )
    for sku, line in lines.items():
        _price(item, sku, line, terms)
        if line.facts.quantity is not None:
            item.quantities[sku] = line.facts.quantity
    for line in group.lines:
        _pictures(item, line, terms)
    return _without_bad_prices(item)


def _product_fields(
    group: Group, good: Sequence[Line], existing: ProductView | None, terms: Terms
) -> dict[str, Any]:
    """What the rows say of the product: the first row that says a thing counts; texts and attributes come together."""
    found: dict[str, Any] = {}
    for line in good:
        for name, value in line.facts.product.items():
            if isinstance(value, dict):
                found[name] = {**value, **found.get(name, {})}
            else:
                found.setdefault(name, value)
    named = next((line for line in good if line.facts.category), None)
    if named is not None:
        slug = _category(named, terms)
        if slug:
            found["category"] = slug
        elif existing is None and not terms.default_category:
            near = ", ".join(
                difflib.get_close_matches(named.facts.category.lower(), terms.tree.by_slug, 3, 0.4)
            )
            named.notes.append(
                f"Unknown category “{named.facts.category[:60]}”: filed under “{UNSORTED}”."
                + (f" Near: {near}." if near else "")
            )
    return found


def _category(line: Line, terms: Terms) -> str:
    """Our slug for their category: as remembered, by slug, or by name in any language; narrowest part first."""
    text = line.facts.category
    if text in terms.categories:
        return terms.categories[text]
    names = _names_of(terms)
    parts = [part.strip() for part in text.replace("->", "|").replace(">", "|").replace("/", "|").split("|")]
    for part in reversed([part for part in parts if part]):
        for candidate in (part, terms.category_names.get(part, "")):
            key = policy.simple(candidate)
            if candidate in terms.tree.by_slug:
                terms.categories[text] = candidate
                return candidate
            if key and key in names:
                terms.categories[text] = names[key]
                return names[key]
    terms.categories[text] = ""
    return ""


def _names_of(terms: Terms) -> dict[str, str]:
    names = terms.names
    if names:
        return names
    for slug, view in terms.tree.by_slug.items():
        for name in (slug, *view.names.values()):
            names.setdefault(policy.simple(str(name)), slug)
    return names


def _price(item: Item, sku: str, line: Line, terms: Terms) -> None:
    """The gross price in the market's currency, converted at the stored rate and rounded half up once."""
    facts = line.facts
    prices = {currency or terms.own_currency: amount for currency, amount in facts.prices.items()}
    minor: int | None = None
    if prices:
        currency = terms.currency if terms.currency in prices else next(iter(prices))
        rate = terms.rate(currency)
        if rate is None:
            line.problems.append(
                Problem(
                    "currency_unknown", "price", currency, {"value": currency, "currency": terms.currency}
                )
            )
            return
        minor = to_minor(prices[currency] * rate, terms.currency)
        if not 1 <= minor <= HIGHEST_MINOR:
            code = "price_too_high" if minor > HIGHEST_MINOR else "price_not_positive"
            line.problems.append(Problem(code, "price", str(prices[currency]), {"highest": HIGHEST_MINOR}))
            return
        if currency != terms.currency:
            shown = f"{prices[currency]} {currency}"
            line.notes.append(
                f"{shown} became {minor} minor units of {terms.currency} at {rate:.6f} (half up)."
            )
    item.offers[sku] = OfferDraft(
        seller_id=terms.seller_id,
        variant_id=terms.seller_id,  # filled in when the variant is known
        product_id=terms.seller_id,
        market=terms.market,
        price_minor=minor,
        currency=terms.currency,
        state="active" if item.revived else None,
        **facts.offer,
    )


def _without_bad_prices(item: Item) -> Item | None:
    """Rows whose price fell through are refused; the product goes on with the others."""
    bad = {sku for sku, line in item.lines.items() if line.problems}
    if bad:
        item.draft = replace(item.draft, variants=tuple(v for v in item.draft.variants if v.sku not in bad))
        item.lines = {sku: line for sku, line in item.lines.items() if sku not in bad}
        item.quantities = {sku: q for sku, q in item.quantities.items() if sku not in bad}
    return item if item.lines or any(line.row.role == "product" for line in item.group.lines) else None


def _pictures(item: Item, line: Line, terms: Terms) -> None:
    """Photos that lie beside the feed; others are written down and said."""
    known = (
        {photo.base.split("/")[-1].rsplit("-", 1)[0] for photo in item.existing.media}
        if item.existing
        else set()
    )
    for name in line.facts.images:
        plain = name.split("?")[0].rsplit("/", 1)[-1]
        digest = terms.pictures.get(name) or terms.pictures.get(plain)
        if digest is not None:
            if digest[:32] not in known:
                item.pictures.append((name if name in terms.pictures else plain, line.facts.sku))
        elif not any(plain.startswith(base) for base in known):
            where = (
                "is elsewhere on the network and was not fetched"
                if "://" in name
                else "does not lie beside the feed"
            )
            line.notes.append(f"The photo {name[:300]} {where}.")


# ---- verdicts -------------------------------------------------------------------------------------------


def _compare(ctx: Context, items: list[Item]) -> list[Item]:
    """Ask the catalog what saving would do; a refusal falls on the row it is about, and the rest is asked again."""
    for _ in range(3):
        answers = compare_products(ctx, [item.draft for item in items])
        again = False
        kept = []
        for item, answer in zip(items, answers, strict=True):
            if isinstance(answer, SavedProduct):
                item.comparison = answer
                kept.append(item)
                continue
            again = True
            if _blame(item, answer):
                kept.append(item)
        items = kept
        if not again:
            return items
    for item in items:
        if item.comparison is None:
            for line in item.lines.values():
                line.problems.append(
                    Problem("not_stored", facts={"sentence": "The product could not be compared."})
                )
    return [item for item in items if item.comparison is not None]


def _blame(item: Item, refusal: Refusal) -> bool:
    """Put a refusal on the row it is about; True when the product can go on without that row."""
    item.comparison = None
    if isinstance(refusal, SkuTaken) and refusal.facts["sku"] in item.lines:
        sku = refusal.facts["sku"]
        item.lines[sku].problems.append(
            Problem("sku_of_another_product", "sku", sku, {"handle": refusal.facts["handle"]})
        )
        return _without_bad_prices(item) is not None
    for line in item.group.lines:
        if not line.problems:
            line.problems.append(Problem("not_stored", facts={"sentence": refusal.sentence}))
    return False


def _judge(ctx: Context, items: list[Item], terms: Terms) -> None:
    """New, changed or same for every row, with what differs."""
    known = [variant_id for item in items if item.existing for variant_id in _variant_ids(item).values()]
    stock = stock_of_variants(ctx, known)
    said = dict(LastSaid.objects.of(ctx).filter(variant_id__in=known).values_list("variant_id", "quantity"))
    for item in items:
        for sku, draft in list(item.offers.items()):
            variant_id = _variant_ids(item).get(sku)
            if sku not in item.lines or variant_id is None or item.comparison is None:
                del item.offers[sku]
                continue
            item.offers[sku] = replace(draft, variant_id=variant_id, product_id=item.comparison.product_id)
    pairs = [(item, sku) for item in items for sku in item.offers]
    verdicts = dict(
        zip(_keys_of(pairs), compare_offers(ctx, [item.offers[sku] for item, sku in pairs]), strict=True)
    )
    for item in items:
        offers = {sku: verdicts[item.group.handle, sku] for sku in item.offers}
        _judge_item(item, offers, stock, said, terms)


def _keys_of(pairs: Sequence[tuple[Item, str]]) -> list[tuple[str, str]]:
    """(handle, SKU) of each pair: a SKU names one row of a feed."""
    return [(item.group.handle, sku) for item, sku in pairs]


def _variant_ids(item: Item) -> dict[str, UUID]:
    return item.comparison.variant_ids if item.comparison is not None else {}


def _judge_item(
    item: Item,
    offers: Mapping[str, SavedOffer | Refusal],
    stock: Mapping[UUID, list[StockView]],
    said: Mapping[UUID, int],
    terms: Terms,
) -> None:
    saved = item.comparison
    assert saved is not None
    _hold_back(item, offers, terms)
    fresh = {key.partition("/")[0] for key, pair in saved.changes.items() if key.endswith("/")}
    whole = {key: pair for key, pair in saved.changes.items() if "/" not in key}
    for position, (sku, line) in enumerate(item.lines.items()):
        is_new = saved.outcome == "new" or sku in fresh
        changes = dict(whole) if position == 0 else {}
        changes |= {
            key.partition("/")[2]: pair
            for key, pair in saved.changes.items()
            if key.startswith(f"{sku}/") and not key.endswith("/")
        }
        _judge_offer(item, sku, line, offers.get(sku), changes)
        _judge_stock(item, sku, line, stock, said, terms, changes)
        if any(owner == sku for _, owner in item.pictures):
            changes["photos"] = (None, "added")
        line.status = "new" if is_new else "changed" if changes else "same"
        line.changes = {} if is_new else changes
    main = next(iter(item.lines.values()), None)
    for line in item.group.lines:
        if not line.status and not line.problems:
            line.status = main.status if main is not None and line.row.role == "extra" else saved.outcome


def _hold_back(item: Item, offers: Mapping[str, SavedOffer | Refusal], terms: Terms) -> None:
    """Offers that would open wait while a publish gate is not passed; every gap is said on the product's first row."""
    opening = [sku for sku, verdict in offers.items() if _opens(verdict, item.offers[sku])]
    if not opening or not item.lines:
        return
    found = publish_gaps(_facts_of(item, terms), terms.seller, terms.market, on=terms.today)
    gaps = [gap for gap in found if gap.blocks]
    if not gaps:
        return
    for sku in opening:
        del item.offers[sku]
    first = next(iter(item.lines.values()))
    first.notes.append(f"Stored, but not on sale in {terms.market} until the gaps are closed.")
    first.notes += [f"{gap.code}, {gap.field}: {gap.sentence} {gap.fix}" for gap in gaps[:12]]


def _opens(verdict: SavedOffer | Refusal, draft: OfferDraft) -> bool:
    """Whether saving the draft puts on sale what was not."""
    if not isinstance(verdict, SavedOffer):
        return False
    if verdict.outcome == "new":
        return draft.state in (None, "active")
    return "state" in verdict.changes and draft.state == "active"


def _facts_of(item: Item, terms: Terms) -> ProductFacts:
    """The product as it will be: what is there, with the draft laid over it."""
    draft, there = item.draft, item.existing
    texts: dict[str, Any] = {
        name: {**(getattr(there, name) if there else {}), **(getattr(draft, name) or {})}
        for name in ("title", "description", "attributes", "safety", "ingredients", "manufacturer")
    }
    plain: dict[str, Any] = {
        name: getattr(draft, name) or (getattr(there, name) if there else "")
        for name in ("brand", "hs6", "origin_country")
    }
    variant = draft.variants[0] if draft.variants else None
    return ProductFacts(
        sku=variant.sku if variant else "",
        gtin=(variant.gtin if variant else "") or "",
        pictures=len(item.pictures) + (len(there.media) + bool(there.motif) if there else 0),
        ships_from_country=terms.ships_from,
        **texts,
        **plain,
    )


def _judge_offer(
    item: Item, sku: str, line: Line, verdict: SavedOffer | Refusal | None, changes: dict[str, Any]
) -> None:
    if isinstance(verdict, SavedOffer):
        if sku not in item.offers:
            return
        if verdict.outcome == "changed":
            changes.update(verdict.changes)
        elif verdict.outcome == "new":
            changes["offer"] = (None, item.offers[sku].price_minor)
        return
    if sku not in item.offers:
        return
    item.offers.pop(sku)
    if line.facts.prices and isinstance(verdict, Refusal):
        line.notes.append(f"The offer stays as it is: {verdict.sentence}")
    elif not line.facts.prices and verdict is not None:
        line.notes.append("Without a price the product is stored, but not on sale.")


def _judge_stock(
    item: Item,
    sku: str,
    line: Line,
    stock: Mapping[UUID, list[StockView]],
    said: Mapping[UUID, int],
    terms: Terms,
    changes: dict[str, Any],
) -> None:
    quantity = item.quantities.get(sku)
    if quantity is None or item.comparison is None:
        return
    variant_id = item.comparison.variant_ids[sku]
    shelves = stock.get(variant_id, [])
    shelf = next((one for one in shelves if one.location_id == terms.location_id), None)
    there = shelf.on_hand + shelf.pending if shelf is not None else None
    if (
        there is not None
        and said.get(variant_id) == quantity
        and there != quantity
        and not terms.set_stock
        and not item.revived
    ):
        del item.quantities[sku]
        line.notes.append(
            f"The feed says {quantity} as it did last time; {there} are left since. The stock stays as it is."
        )
    elif there != quantity:
        changes["quantity"] = (there, quantity)


def digest_of(content: bytes) -> str:
    """SHA-256, as the catalog names photos."""
    return hashlib.sha256(content).hexdigest()


def market_terms(market: str) -> tuple[str, str]:
    """(code, currency) of a market. Refuses: UnknownMarket."""
    facts = pack(market)
    return facts.code, facts.currency
