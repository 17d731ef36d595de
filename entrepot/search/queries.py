"""Finding products in a market: ids, counts and facets; cards are built from catalog and offers by the caller."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from tantivy import FieldType, Occur, Order, Query

from entrepot.catalog.queries import categories, text_in
from entrepot.kit.errors import Invalid, Sentence
from entrepot.markets.queries import pack
from entrepot.search import policy
from entrepot.search.index import OTHER, Shelf, join_id, open_shelf

Sort = Literal["best", "price", "price_down", "new", "rating", "sold"]
SORTS: dict[str, tuple[str, Order]] = {
    "best": ("k_rank", Order.Desc),
    "price": ("k_price", Order.Asc),
    "price_down": ("k_price", Order.Desc),
    "new": ("k_new", Order.Desc),
    "rating": ("k_rating", Order.Desc),
    "sold": ("k_sold", Order.Desc),
}
DEEPEST = 1_000  # results by best match; other orders have no end
MAX_LIMIT = 100
FACET_SIZE = 60


@dataclass(frozen=True, slots=True)
class Filters:
    """What the results must be. Several values of one filter: any of them; several filters: all of them.

    Prices are gross minor units of the market's currency; rating_tenths 40 = four stars and more. `origins` are
    `country|postcode|handling days` as the facet `origin` gives them: whoever computes arrival dates passes those
    that arrive in time. `attributes`: name → values in any language (“colour” → “azul”, “red”).
    """

    category: str = ""
    price_from: int | None = None
    price_to: int | None = None
    sellers: tuple[UUID, ...] = ()
    seller_types: tuple[str, ...] = ()
    origin_countries: tuple[str, ...] = ()
    ships_from: tuple[str, ...] = ()
    origins: tuple[str, ...] | None = None
    conditions: tuple[str, ...] = ()
    made_in_eu: bool = False
    ships_from_eu: bool = False
    duties_included: bool = False
    in_stock: bool = False
    rating_tenths: int = 0
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facets:
    """How many results each further choice leaves: value → count, the largest first.

    A filter's own counts ignore that filter, so that a second value can be added. `attributes`: name → value in the
    language of the question → count.
    `flags`: in_stock, ships_from_eu, made_in_eu, duties_included, rating_40. Prices are gross minor units.
    """

    categories: dict[str, int]
    sellers: dict[UUID, int]
    seller_types: dict[str, int]
    origin_countries: dict[str, int]
    ships_from: dict[str, int]
    origins: dict[str, int]
    conditions: dict[str, int]
    attributes: dict[str, dict[str, int]]
    flags: dict[str, int]
    price_from: int | None
    price_to: int | None


@dataclass(frozen=True, slots=True)
class Results:
    """A page of product ids. `next_cursor` is empty on the last page.

    `is_relaxed`: nothing had all the words, these have most of them. `corrected`: the words looked for instead of
    misspelt ones (empty when none was).
    """

    product_ids: tuple[UUID, ...]
    total: int
    facets: Facets | None
    next_cursor: str
    is_relaxed: bool = False
    corrected: str = ""


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What to offer while somebody types: whole queries, category slugs, product ids."""

    texts: tuple[str, ...]
    categories: tuple[str, ...]
    product_ids: tuple[UUID, ...]


def search(
    market: str,
    language: str,
    *,
    text: str = "",
    filters: Filters | None = None,
    sort: Sort = "best",
    cursor: str = "",
    limit: int = 24,
    with_facets: bool = True,
) -> Results:
    """Products of a market, a page after `cursor`. Without text, “best” is: in stock, sold, well rated.

    Spelling: a word nobody uses is looked for with one letter wrong (two from eight letters). No SQL.
    Refuses: Invalid (an unknown order or a foreign cursor), UnknownMarket.
    """
    if sort not in SORTS:
        raise Invalid(
            field="sort",
            reason=Sentence("“{sort}” is no order.", sort=sort[:20]),
            hint=Sentence("Use {sorts}.", sorts=", ".join(SORTS)),
        )
    wanted = filters or Filters()
    limit = max(1, min(limit, MAX_LIMIT))
    shelf = _shelf(market)
    asked = policy.query_words(text)
    words, corrected = _known_words(shelf, asked, language)
    match = _match(shelf, words, language, least=None)
    is_relaxed = False
    if len(words) > 1 and not _count(shelf, _all_of(shelf, match, wanted)):
        match = _match(shelf, words, language, least=(len(words) + 1) // 2)
        is_relaxed = True
    query = _all_of(shelf, match, wanted)
    if asked and sort == "best":
        meant = [(Occur.Should, sign) for sign in _meant(shelf, words)]
        query = Query.boolean_query([(Occur.Must, query), *meant])
        ids, following = _by_score(shelf, query, cursor, limit)
    else:
        ids, following = _by_key(shelf, query, sort, cursor, limit)
    return Results(
        product_ids=tuple(ids),
        total=_count(shelf, query),
        facets=_facets(shelf, match, wanted, language) if with_facets else None,
        next_cursor=following,
        is_relaxed=is_relaxed and bool(ids),
        corrected=corrected,
    )


def suggest(market: str, language: str, text: str, *, limit: int = 8) -> Suggestions:
    """Completions of the last word, categories whose name begins so, and the best products. No SQL but the tree's."""
    words = policy.words(text[:100])
    if not words:
        return Suggestions((), (), ())
    shelf = _shelf(market)
    head, last = words[:-1], policy.fold(words[-1])
    endings = _completions(shelf, language, last, limit)
    if not endings:
        endings = _neighbours(shelf, words[-1], language)[:limit]
    texts = tuple(dict.fromkeys(" ".join([*head, ending]) for ending in endings))
    folded = policy.fold(" ".join(words))
    tree = categories()
    slugs = [
        slug
        for slug, view in tree.by_slug.items()
        if any(
            part.startswith(folded)
            for name in (policy.fold(text_in(view.names, language)[0]),)
            for part in (name, *name.split())
        )
    ]
    best: tuple[UUID, ...] = ()
    if texts:
        best = search(market, language, text=texts[0], limit=min(limit, 6), with_facets=False).product_ids
    return Suggestions(texts, tuple(slugs[:4]), best)


def _shelf(market: str) -> Shelf:
    facts = pack(market)
    return open_shelf(facts.code, facts.official_languages)


def _count(shelf: Shelf, query: Query) -> int:
    found: Any = shelf.searcher.search(query, 1, count=True)
    return int(found.count)


# ---- words ----------------------------------------------------------------------------------------------


def _known_words(shelf: Shelf, asked: list[str], language: str) -> tuple[list[str], str]:
    """The words to look for: a misspelt one is replaced by its nearest neighbour; and the new text, if any was."""
    asked = [part for word in asked for part in _parts(shelf, word)]
    words = [
        word if _is_known(shelf, word) else (_neighbours(shelf, word, language) or [word])[0]
        for word in asked
    ]
    return words, " ".join(words) if words != asked else ""


def _parts(shelf: Shelf, word: str) -> list[str]:
    """A Chinese word nobody uses as its characters: its dictionary cuts the same compound another way in a longer text."""
    parts = policy.pieces(word)
    return parts if parts and not shelf.searcher.doc_freq("plain", policy.fold(word)) else [word]


def _is_known(shelf: Shelf, word: str) -> bool:
    searcher, plain = shelf.searcher, policy.fold(word)
    if (
        searcher.doc_freq("plain", plain)
        or searcher.doc_freq("codes", plain)
        or not policy.allowed_mistakes(word)
    ):
        return True
    return any(
        searcher.doc_freq(f"{field_name}_{language}", form)
        for language in shelf.languages
        for form in policy.forms(word, language)
        for field_name in ("title", "body")
    )


def _neighbours(shelf: Shelf, word: str, language: str) -> list[str]:
    """Words of the index that differ from this one by a slip of the finger: nearest first, then most used."""
    plain, mistakes = policy.fold(word), policy.allowed_mistakes(word)
    if not mistakes:
        return []
    found: dict[str, tuple[int, int, int]] = {}
    own = language if language in shelf.languages else "en"
    for code in dict.fromkeys((own, *shelf.languages, OTHER)):
        for start in {plain[0], plain[1]}:  # the first letter may be the wrong one, or swapped
            for term, uses in shelf.searcher.terms_with_prefix(f"spoken_{code}", start):
                folded, _, spoken = term.partition("|")
                away = policy.distance(plain, folded, limit=mistakes)
                if away <= mistakes:
                    place = (away + (folded[:1] != plain[:1]), int(code != own), -uses)
                    found[spoken] = min(place, found.get(spoken, place))
    return sorted(found, key=lambda spoken: (found[spoken], spoken))


def _completions(shelf: Shelf, language: str, start: str, limit: int) -> list[str]:
    """Words of titles and categories in this language that begin so, the most used first."""
    counted: dict[str, int] = {}
    for code in (language if language in shelf.languages else "en", OTHER):
        for term, uses in shelf.searcher.terms_with_prefix(f"spoken_{code}", start):
            spoken = term.partition("|")[2]
            counted[spoken] = counted.get(spoken, 0) + uses
    return sorted(counted, key=lambda spoken: (-counted[spoken], spoken))[:limit]


def _match(shelf: Shelf, words: list[str], language: str, *, least: int | None) -> Query | None:
    """A query for these words: all of them, or at least `least`. None without words: everything."""
    if not words:
        return None
    parts = [_word_query(shelf, word, language) for word in words]
    if least is None:
        found = Query.boolean_query([(Occur.Must, part) for part in parts])
    else:
        found = Query.boolean_query(
            [(Occur.Should, part) for part in parts], minimum_number_should_match=least
        )
    in_stock = Query.const_score_query(Query.term_query(shelf.index.schema, "in_stock", 1), 1.0)
    return Query.boolean_query([(Occur.Must, found), (Occur.Should, in_stock)])


HEAD, KIND = (
    3.0,
    3.0,
)  # how much it counts to be called by the words first, and to be of the kind they mostly name
HEAD_COUNTS = 3  # titles that begin with a word say more of its kind than those that hold it
LEAST_SHARE = 0.2


def _meant(shelf: Shelf, words: list[str]) -> list[Query]:
    """What the words mostly name in this market, as signs that add to the score.

    Titles that hold all the words are counted by category, those that begin with one of them several times: “chocolate”
    names sweets more often than brown belts, “aceite” bottles of oil more often than lotions. A kind half as common counts
    a quarter.
    """
    held = Query.boolean_query([(Occur.Must, _any_form(shelf, word, "title")) for word in words])
    begun = Query.boolean_query([(Occur.Should, _any_form(shelf, word, "head")) for word in words])
    heads = Query.boolean_query([(Occur.Must, held), (Occur.Must, begun)])
    counts: dict[str, int] = {}
    for query, each in ((held, 1), (heads, HEAD_COUNTS)):
        found = shelf.searcher.aggregate(
            query, {"kind": {"terms": {"field": "category", "size": FACET_SIZE}}}
        )["kind"]["buckets"]
        for bucket in found:
            kind = str(bucket["key"])
            counts[kind] = counts.get(kind, 0) + each * int(bucket["doc_count"])
    whole = max(counts.values(), default=0)
    signs = [Query.const_score_query(heads, HEAD)]
    for kind, count in counts.items():
        if count >= LEAST_SHARE * whole:
            of_kind = Query.term_query(shelf.index.schema, "category", kind)
            signs.append(Query.const_score_query(of_kind, KIND * (count / whole) ** 2))
    return signs


def _any_form(shelf: Shelf, word: str, place: str) -> Query:
    """A word in any of its forms, in the titles (or their first words) of every language."""
    terms = [
        (f"{place}_{code}", form) for code in (*shelf.languages, OTHER) for form in policy.forms(word, code)
    ]
    return Query.boolean_query(
        [(Occur.Should, Query.term_query(shelf.index.schema, *term)) for term in dict.fromkeys(terms)]
    )


def _word_query(shelf: Shelf, word: str, language: str) -> Query:
    """One word in every field, the title counting most; in the asked language more than in the others."""
    schema, plain = shelf.index.schema, policy.fold(word)
    own = language.split("-")[0]
    places: list[tuple[str, str, float]] = [
        ("plain", plain, 2.0),
        ("brand", plain, 4.0),
        ("codes", plain, 20.0),
    ]
    for code in (*shelf.languages, OTHER):
        weight = 1.0 if code in (own, OTHER) else 0.6
        for form in policy.forms(word, code):
            places += [(f"title_{code}", form, 5.0 * weight), (f"body_{code}", form, 1.0 * weight)]
            places.append(("shelf", form, 2.0 * weight))
    parts = [
        Query.boost_query(Query.term_query(schema, name, term, "freq"), weight)
        for name, term, weight in dict.fromkeys(places)
    ]
    return Query.disjunction_max_query(parts, 0.1)


# ---- filters --------------------------------------------------------------------------------------------


def _conditions(shelf: Shelf, wanted: Filters) -> dict[str, Query]:
    """The filters in force, each by its name, so that a facet can leave its own out."""
    schema = shelf.index.schema
    sets: dict[str, tuple[str, tuple[str, ...] | None]] = {
        "category": ("category", (wanted.category,) if wanted.category else ()),
        "sellers": ("seller", tuple(str(seller_id) for seller_id in wanted.sellers)),
        "seller_types": ("seller_type", wanted.seller_types),
        "origin_countries": ("origin_country", wanted.origin_countries),
        "ships_from": ("ships_from", wanted.ships_from),
        "conditions": ("condition", wanted.conditions),
    }
    found = {
        name: Query.term_set_query(schema, field_name, list(values))
        for name, (field_name, values) in sets.items()
        if values
    }
    if wanted.origins is not None:
        found["origins"] = (
            Query.term_set_query(schema, "origin", list(wanted.origins))
            if wanted.origins
            else Query.empty_query()
        )
    for name, values in wanted.attributes.items():
        if values:
            pairs = [f"{name}={value}"[:100] for value in values]
            found[f"attribute:{name}"] = Query.term_set_query(schema, "attribute", pairs)
    flags = {
        "in_stock": ("in_stock", wanted.in_stock),
        "ships_from_eu": ("ships_eu", wanted.ships_from_eu),
        "made_in_eu": ("made_eu", wanted.made_in_eu),
        "duties_included": ("duties_in", wanted.duties_included),
    }
    for name, (field_name, is_on) in flags.items():
        if is_on:
            found[name] = Query.term_query(schema, field_name, 1)
    if wanted.rating_tenths:
        found["rating"] = _range(shelf, "rating", wanted.rating_tenths, None)
    if wanted.price_from is not None or wanted.price_to is not None:
        found["price"] = _range(shelf, "price", wanted.price_from, wanted.price_to)
    return found


def _range(shelf: Shelf, name: str, low: int | None, high: int | None) -> Query:
    bounds = [None if bound is None else max(0, min(bound, 2**63 - 1)) for bound in (low, high)]
    return Query.range_query(shelf.index.schema, name, FieldType.Unsigned, bounds[0], bounds[1])


def _all_of(shelf: Shelf, match: Query | None, wanted: Filters, *, without: str = "") -> Query:
    """The words and every filter but one; filters do not score."""
    parts = [(Occur.Must, match if match is not None else Query.all_query())]
    for name, condition in _conditions(shelf, wanted).items():
        if name != without:
            parts.append((Occur.Must, Query.const_score_query(condition, 0.0)))
    return Query.boolean_query(parts)


# ---- pages ----------------------------------------------------------------------------------------------


def _ids(shelf: Shelf, places: list[Any]) -> list[UUID]:
    highs = shelf.searcher.fast_field_values("id_high", places)
    lows = shelf.searcher.fast_field_values("id_low", places)
    return [join_id(int(high or 0), int(low or 0)) for high, low in zip(highs, lows, strict=True)]


def _by_score(shelf: Shelf, query: Query, cursor: str, limit: int) -> tuple[list[UUID], str]:
    """The best matches after (score, tie): the first thousand are ranked anew for each page."""
    hits = shelf.searcher.search(query, DEEPEST, count=False).hits
    ties = shelf.searcher.fast_field_values("tie", [place for _, place in hits])
    rows = sorted(
        (
            (round(float(score), 4), int(tie or 0), place)
            for (score, place), tie in zip(hits, ties, strict=True)
        ),
        key=lambda row: (-row[0], row[1]),
    )
    if cursor:
        place = policy.read_cursor(cursor, "best")
        if len(place) != 2:
            raise Invalid(field="cursor", reason="does not belong to this list.")
        rows = [row for row in rows if (-row[0], row[1]) > (-place[0], place[1])]
    page = rows[:limit]
    following = policy.write_cursor("best", [page[-1][0], page[-1][1]]) if len(rows) > limit else ""
    return _ids(shelf, [place for _, _, place in page]), following


def _by_key(shelf: Shelf, query: Query, sort: str, cursor: str, limit: int) -> tuple[list[UUID], str]:
    """A page in the order of a sort key, after the key the cursor names."""
    name, order = SORTS[sort]
    if cursor:
        last = policy.read_cursor(cursor, sort)[0]
        if type(last) is not int or not 0 <= last < 2**63:
            raise Invalid(field="cursor", reason="does not belong to this list.")
        after = (
            _range(shelf, name, last + 1, None) if order == Order.Asc else _range(shelf, name, None, last - 1)
        )
        query = Query.boolean_query([(Occur.Must, query), (Occur.Must, after)])
    hits = shelf.searcher.search(query, limit + 1, count=False, order_by_field=name, order=order).hits
    page = hits[:limit]
    following = policy.write_cursor(sort, [int(page[-1][0])]) if len(hits) > limit else ""
    return _ids(shelf, [place for _, place in page]), following


# ---- facets ---------------------------------------------------------------------------------------------

_TERMS = {
    "category": "category",
    "sellers": "seller",
    "seller_types": "seller_type",
    "origin_countries": "origin_country",
    "ships_from": "ships_from",
    "origins": "origin",
    "conditions": "condition",
}
_FLAGS = {
    "in_stock": "in_stock",
    "ships_from_eu": "ships_eu",
    "made_in_eu": "made_eu",
    "duties_included": "duties_in",
}


def _facets(shelf: Shelf, match: Query | None, wanted: Filters, language: str) -> Facets:
    """Counts under all filters in one pass, and one more pass for each filter that is set."""
    ask: dict[str, Any] = {
        name: {"terms": {"field": field_name, "size": FACET_SIZE}} for name, field_name in _TERMS.items()
    }
    spoken = language.split("-")[0]
    own_field = f"attribute_{spoken if spoken in shelf.languages else 'en'}"
    ask["attributes"] = {"terms": {"field": own_field, "size": 400}}
    ask |= {name: {"sum": {"field": field_name}} for name, field_name in _FLAGS.items()}
    ask["rating"] = {"range": {"field": "rating", "ranges": [{"from": 40.0}]}}
    ask |= {"low": {"min": {"field": "price"}}, "high": {"max": {"field": "price"}}}
    found = shelf.searcher.aggregate(_all_of(shelf, match, wanted), ask)
    attributes: dict[str, dict[str, int]] = {}
    for pair, count in _buckets(found["attributes"]).items():
        name, _, value = pair.partition("=")
        attributes.setdefault(name, {})[value] = count
    for name in _conditions(shelf, wanted):
        wider = _all_of(shelf, match, wanted, without=name)
        if name.startswith("attribute:"):
            own = name.partition(":")[2]
            again = shelf.searcher.aggregate(wider, {"attributes": ask["attributes"]})
            attributes[own] = {
                pair.partition("=")[2]: count
                for pair, count in _buckets(again["attributes"]).items()
                if pair.partition("=")[0] == own
            }
        elif name == "price":
            found |= shelf.searcher.aggregate(wider, {"low": ask["low"], "high": ask["high"]})
        elif name in ask and name != "category":
            found |= shelf.searcher.aggregate(wider, {name: ask[name]})
    counts = {name: _buckets(found[name]) for name in _TERMS}
    flags = {name: int(found[name]["value"] or 0) for name in _FLAGS}
    flags["rating_40"] = next(
        (int(bucket["doc_count"]) for bucket in found["rating"]["buckets"] if bucket.get("from") == 40.0), 0
    )
    return Facets(
        categories=counts["category"],
        sellers={UUID(seller): count for seller, count in counts["sellers"].items()},
        seller_types=counts["seller_types"],
        origin_countries=counts["origin_countries"],
        ships_from=counts["ships_from"],
        origins=counts["origins"],
        conditions=counts["conditions"],
        attributes=attributes,
        flags=flags,
        price_from=_whole(found["low"]["value"]),
        price_to=_whole(found["high"]["value"]),
    )


def _buckets(found: dict[str, Any]) -> dict[str, int]:
    return {str(bucket["key"]): int(bucket["doc_count"]) for bucket in found["buckets"]}


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)
