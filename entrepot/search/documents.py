"""What the index says of a product in a market: gathered from catalog, offers, stock and sellers in a few statements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import tantivy

from entrepot.catalog.queries import ProductView, declared_fields, products_by_id, value_in
from entrepot.inventory.queries import available
from entrepot.markets.errors import UnknownMarket
from entrepot.markets.queries import pack
from entrepot.offers.queries import OfferView, offers_for_products
from entrepot.parties.queries import SellerView, sellers_by_id
from entrepot.search import policy
from entrepot.search.index import OTHER, split_id
from entrepot.search.models import Score

BODY_WORDS = 400


def documents_of(
    market: str, languages: Sequence[str], ids: Sequence[UUID], at: datetime
) -> dict[UUID, tantivy.Document]:
    """Documents of those products that can be found in the market now; the others are absent."""
    products = products_by_id(ids)
    offers = offers_for_products(market, ids)
    sellers = sellers_by_id({view.seller_id for view in products.values()})
    stock = available([offer.variant_id for found in offers.values() for offer in found])
    scores = Score.objects.in_bulk(list(ids))
    made = {}
    for product_id, product in products.items():
        open_offers = [
            offer
            for offer in offers.get(product_id, [])
            if offer.has_full_price and (offer.closes_at is None or offer.closes_at > at)
        ]
        seller = sellers.get(product.seller_id)
        if product.state == "active" and open_offers and seller is not None and seller.state == "approved":
            left = any(stock[offer.variant_id] > 0 for offer in open_offers)
            score = scores.get(product_id) or Score(product_id=product_id)
            made[product_id] = _document(product, open_offers, seller, left, score, languages)
    return made


def _document(
    product: ProductView,
    offers: list[OfferView],
    seller: SellerView,
    in_stock: bool,
    score: Score,
    languages: Sequence[str],
) -> tantivy.Document:
    doc = tantivy.Document()
    doc.add_text("product", product.id.hex)
    _add_texts(doc, product, languages)
    doc.add_text("codes", " ".join(_codes(product)))
    places = {offer.ships_from_country or seller.ships_from_country for offer in offers}
    facts = {
        "category": product.category.path,
        "seller": [str(product.seller_id)],
        "seller_type": [seller.trader_type],
        "origin_country": [product.origin_country],
        "ships_from": sorted(places),
        "origin": sorted({origin_of(offer, seller) for offer in offers}),
        "condition": sorted({offer.condition for offer in offers}),
    }
    said = {language: _attributes(product, language) for language in languages}
    facts |= {f"attribute_{language}": sorted(pairs) for language, pairs in said.items()}
    facts["attribute"] = sorted(set().union(*said.values()))
    for name, values in facts.items():
        for value in values:
            if value:
                doc.add_text(name, value)
    high, low = split_id(product.id)
    tie = low & 0xFFFFFFFF
    price = min(offer.price_minor for offer in offers)
    published = min(offer.published_at for offer in offers)
    numbers = {
        "price": price,
        "rating": score.rating_tenths,
        "in_stock": int(in_stock),
        "ships_eu": int(any(is_in_union(place) for place in places)),
        "made_eu": int(is_in_union(product.origin_country)),
        "duties_in": int(any(offer.duty in ("none", "inside") for offer in offers)),
        "tie": tie,
        "id_high": high,
        "id_low": low,
        "k_rank": _key(rank_of(in_stock, score), tie),
        "k_price": _key(price, tie),
        "k_new": _key(int(published.timestamp()) & 0x7FFFFFFF, tie),
        "k_rating": _key(score.rating_tenths * 100_000 + min(score.ratings, 99_999), tie),
        "k_sold": _key(min(score.sold, 0x7FFFFFFF), tie),
    }
    for name, number in numbers.items():
        doc.add_unsigned(name, number)
    return doc


def origin_of(offer: OfferView, seller: SellerView) -> str:
    """`country|postcode|handling days`: what a delivery promise needs, so a caller can filter by arrival."""
    country = offer.ships_from_country or seller.ships_from_country
    postcode = offer.ships_from_postcode or seller.ships_from_postcode
    return f"{country}|{postcode}|{offer.handling_days}"


def rank_of(in_stock: bool, score: Score) -> int:
    """The order without words and without a profile: in stock first, then sold, weighed by rating. 31 bits."""
    trust = score.rating_tenths * min(score.ratings, 50)  # 0 … 2,500
    return (int(in_stock) << 30) | min(score.sold * 100 + trust, (1 << 30) - 1)


def is_in_union(country: str) -> bool:
    """Whether a country is a member of the European Union, by the market packs."""
    try:
        return bool(country) and pack(country).eu_member
    except UnknownMarket:
        return False


def _key(value: int, tie: int) -> int:
    return value << 32 | tie


def _add_texts(doc: tantivy.Document, product: ProductView, languages: Sequence[str]) -> None:
    plain = policy.words(product.brand)
    doc.add_text(f"spoken_{OTHER}", _spoken(plain))
    for code in {*product.title, *product.description, *product.category.names}:
        language = code.split("-")[0]
        own = language if language in languages else OTHER
        title = policy.words(product.title.get(code, ""))
        shelf = policy.words(product.category.names.get(code, ""))
        body = policy.words(product.description.get(code, ""))[:BODY_WORDS]
        plain += title + shelf
        doc.add_text(f"title_{own}", _forms(title, language))
        doc.add_text(f"head_{own}", _forms(policy.head_of(title), language))
        doc.add_text(f"body_{own}", _forms(body, language))
        doc.add_text("shelf", _forms(shelf, language))
        doc.add_text(f"spoken_{own}", _spoken(title + shelf))
    for language in languages:
        named = [value for _, value in _pairs(product, language)]
        doc.add_text(f"body_{language}", _forms(policy.words(" ".join(named))[:BODY_WORDS], language))
    doc.add_text("brand", " ".join(policy.fold(word) for word in policy.words(product.brand)))
    parts = [piece for word in plain for piece in policy.pieces(word)]
    doc.add_text("plain", " ".join(policy.fold(word) for word in [*plain, *parts]))


def _spoken(found: list[str]) -> str:
    """Words as they are written, found by what they are without accents: for completions and corrections."""
    return " ".join(f"{policy.fold(word)}|{word}" for word in found if len(word) > 2)


def _forms(found: list[str], language: str) -> str:
    return " ".join(form for word in found for form in policy.forms(word, language))


def _codes(product: ProductView) -> set[str]:
    codes = {product.short_id, product.handle}
    for variant in product.variants:
        codes |= {variant.sku, variant.gtin, variant.gtin.lstrip("0")}
    return {"".join(policy.words(code)) for code in codes if code}


def _attributes(product: ProductView, language: str) -> set[str]:
    """`name=value` of options and short attributes as they are read in a language: what a filter can offer."""
    return {f"{name}={value}"[:100] for name, value in _pairs(product, language) if 0 < len(value) <= 40}


def _pairs(product: ProductView, language: str) -> list[tuple[str, str]]:
    """Names and values of options and attributes in a language; each pair once."""
    unread = {each.name for each in declared_fields() if each.form in ("link", "code")}
    plain = {name: value for name, value in product.attributes.items() if name not in unread}
    sets = [*(variant.options for variant in product.variants), plain]
    return list(
        dict.fromkeys(
            (name, value_in(value, language)) for values in sets for name, value in values.items() if value
        )
    )
