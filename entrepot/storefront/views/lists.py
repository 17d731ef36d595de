"""Lists of products: a category, a search, a shop. One template, one set of filters, all of it in the address."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from entrepot.catalog.queries import categories, category_by_slug
from entrepot.kit import clock
from entrepot.kit.errors import Invalid
from entrepot.parties.queries import SellerView, approved_sellers, seller_by_slug
from entrepot.search.queries import Facets, Filters, Results, search, suggest
from entrepot.storefront import delivery, facts, show, structured, words
from entrepot.storefront.browse import SORTS, Wish, read_wish
from entrepot.storefront.cards import cards_html
from entrepot.storefront.news import Kept
from entrepot.storefront.pages import shop_page
from entrepot.storefront.places import Place, postcode_of, shop
from entrepot.storefront.web import page

A_PAGE = 24
SOON_DAYS = 6  # the day the filter “Arrives before” offers lies so many days ahead
KEPT_S = 3.0
MOST_KEPT = 400
_kept: dict[Any, tuple[float, Results]] = {}


@dataclass(frozen=True, slots=True)
class Tick:
    """One value of a filter: its input, how many it leaves, and the address with it switched over."""

    name: str
    value: str
    words: str
    count: int
    is_on: bool
    href: str


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter with its values."""

    words: str
    help: str
    ticks: tuple[Tick, ...]

    @property
    def is_open(self) -> bool:
        return any(tick.is_on for tick in self.ticks)


@shop()
def category(request: HttpRequest, place: Place, slug: str) -> HttpResponse:
    """The products of a category and of those below it."""
    view = category_by_slug(slug)
    tree = categories()
    name = show.text_in(view.names, place.language)[0]
    crumbs = [("Entrepot", place.to(""))]
    crumbs += [
        (show.text_in(tree.by_slug[step].names, place.language)[0], place.to("c", step)) for step in view.path
    ]
    below = [tree.by_slug[child] for child in view.children]
    return _list(
        request,
        place,
        read_wish(request.GET),
        Filters(category=slug),
        {"heading": name, "crumbs": [*crumbs[:-1], (name, "")], "below": below, "aisle_slug": view.path[0]},
    )


@shop()
def find(request: HttpRequest, place: Place) -> HttpResponse:
    """Products for some words. Words that name no product but a help page lead there."""
    wish = read_wish(request.GET)
    if not wish.text:
        return HttpResponseRedirect(place.to(""))
    helps = help_pages(place)
    folded = wish.text.casefold()
    is_help = next((path for names, path in helps if folded in names), None)
    if is_help:
        return HttpResponseRedirect(is_help)
    return _list(
        request,
        place,
        wish,
        Filters(),
        {
            "heading": wish.text,
            "crumbs": [("Entrepot", place.to("")), (_("Search"), "")],
            "below": [],
            "q": wish.text,
        },
    )


def help_pages(place: Place) -> list[tuple[frozenset[str], str]]:
    """What people type into the search that is no product, and the page that answers it."""
    return [
        (frozenset({"devoluciones", "devolución", "devolucion", "devolver", "returns", "return"}), place.to("legal/returns")),
        (frozenset({"envío", "envio", "envíos", "envios", "gastos de envío", "delivery", "shipping"}), place.to("legal/delivery")),
        (frozenset({"aranceles", "aduana", "duties", "customs", "iva", "vat"}), place.to("legal/duties")),
        (frozenset({"contacto", "ayuda", "contact", "help"}), place.to("legal/contact")),
        (frozenset({"garantía", "garantia", "guarantee", "warranty"}), place.to("legal/guarantee")),
        (frozenset({"mi pedido", "pedido", "my order", "order"}), place.to("find-order")),
    ]  # fmt: skip


@shop()
def suggestions(request: HttpRequest, place: Place) -> HttpResponse:
    """What to offer while somebody types: a fragment of its own, no page."""
    text = " ".join(request.GET.get("q", "").replace("\0", "").split())[:100]
    found = suggest(place.market.code, place.language, text, limit=6)
    tree = categories()
    at = clock.now()
    data = {
        "place": place,
        "texts": found.texts,
        "aisles": [tree.by_slug[slug] for slug in found.categories],
        "cards": facts.cards(place, found.product_ids[:3], at, "", ""),
    }
    answer = page(request, "storefront/_hints.jinja", data)
    answer["Cache-Control"] = "private, max-age=10"
    return answer


@shop()
def shops(request: HttpRequest, place: Place) -> HttpResponse:
    """Everybody who sells here."""
    rows = [
        (
            seller,
            facts.drawing(seller.logo_motif or facts.NO_MOTIF, 0),
            show.text_in(seller.about, place.language)[0],
        )
        for seller in approved_sellers()
    ]
    data = {"rows": rows, "crumbs": [("Entrepot", place.to("")), (_("Shops"), "")]}
    return shop_page(request, place, "shops.jinja", data, is_indexed=True)


@shop()
def seller_page(request: HttpRequest, place: Place, slug: str) -> HttpResponse:
    """A shop: who it is by law, and what it sells."""
    seller = seller_by_slug(slug)
    return _list(
        request,
        place,
        read_wish(request.GET),
        Filters(sellers=(seller.id,)),
        {
            "heading": seller.display_name,
            "crumbs": [
                ("Entrepot", place.to("")),
                (_("Shops"), place.to("shops")),
                (seller.display_name, ""),
            ],
            "below": [],
            "seller": seller,
            "seller_about": seller.about,
            "seller_mark": facts.drawing(seller.logo_motif or facts.NO_MOTIF, 0),
        },
    )


def _list(
    request: HttpRequest, place: Place, wish: Wish, fixed: Filters, data: dict[str, Any]
) -> HttpResponse:
    """The page of a list: results, chips for what is applied, promoted filters, facets, order, next page."""
    at = clock.now()
    postcode = postcode_of(request, place)
    theme = request.COOKIES.get("theme", "")
    sellers = {seller.slug: seller.id for seller in _sellers()}
    filters = replace(
        fixed,
        price_from=wish.price_from,
        price_to=wish.price_to,
        sellers=fixed.sellers or tuple(sellers[slug] for slug in wish.sellers if slug in sellers),
        seller_types=wish.seller_types,
        origin_countries=wish.made_in,
        duties_included=wish.is_duty_included,
        ships_from_eu=wish.is_from_eu,
        in_stock=wish.is_in_stock,
        rating_tenths=40 if wish.four_stars else 0,
        attributes=wish.attributes,
    )
    soon = wish.by or place.local(at).date() + timedelta(days=SOON_DAYS)
    found = _found(place, wish, filters)
    in_time = {
        origin: count
        for origin, count in (found.facets.origins if found.facets else {}).items()
        if delivery.arrives_before(place, origin, soon, at, postcode)
    }
    if wish.by:
        found = _found(place, wish, replace(filters, origins=tuple(sorted(in_time))))
    by_date = Tick(
        "by",
        soon.isoformat(),
        _("Arrives before %(day)s") % {"day": show.day(soon, place.language)},
        min(sum(in_time.values()), found.total),
        wish.by is not None,
        request.path + replace(wish.without_page(), by=None if wish.by else soon).query(),
    )
    shelf = facts.cards(place, found.product_ids, at, postcode, _("Illustration"))
    path = request.path
    lists = {
        "wish": wish,
        "total": found.total,
        "cards": cards_html(shelf, place.language, theme, eager=2, level=2),
        "shown": len(shelf),
        "chips": _chips(place, path, wish),
        "promoted": [by_date, *_promoted(path, wish, found.facets)],
        "facets": _facets(place, path, wish, found.facets, by_date, has_sellers=not fixed.sellers),
        "price_span": (found.facets.price_from, found.facets.price_to) if found.facets else (None, None),
        "sorts": [(name, sort_names()[name]) for name in SORTS],
        "next_href": path + replace(wish, after=found.next_cursor).query() if found.next_cursor else "",
        "first_href": path + wish.without_page().query() if wish.after else "",
        "clear_href": path + Wish(text=wish.text, sort=wish.sort).query(),
        "is_relaxed": found.is_relaxed,
        "corrected": found.corrected,
        "path": path,
        "json_ld": structured.as_script(structured.breadcrumbs(data["crumbs"], path)),
        "seller": None,
    }
    plain = not wish.is_filtered and not wish.text and wish.sort == "best"
    return shop_page(
        request,
        place,
        "list.jinja",
        lists | data,
        is_indexed=plain,
        canonical=path + (Wish(after=wish.after).query() if wish.after else ""),
    )


def _sellers() -> list[SellerView]:
    return _all_sellers.of(["all"]).get("all", [])


_all_sellers: Kept[str, list[SellerView]] = Kept(
    facts.A_MINUTE,
    lambda names: dict.fromkeys(names, approved_sellers()),
    dict.fromkeys(facts.OF_SELLERS, ""),
)


def _found(place: Place, wish: Wish, filters: Filters) -> Results:
    """The search, at most three seconds old. A cursor of another list starts it from the beginning."""
    key = (
        place.market.code,
        place.language,
        wish.text,
        wish.sort,
        wish.after,
        repr(filters),
    )
    tick = time.monotonic()
    row = _kept.get(key)
    if row and tick - row[0] < KEPT_S and not connection.in_atomic_block:
        return row[1]
    ask = {"text": wish.text, "filters": filters, "sort": wish.sort, "limit": A_PAGE}
    try:
        found = search(place.market.code, place.language, cursor=wish.after, **ask)  # type: ignore[arg-type]
    except Invalid:
        found = search(place.market.code, place.language, **ask)  # type: ignore[arg-type]
    if len(_kept) > MOST_KEPT:
        _kept.clear()
    _kept[key] = (tick, found)
    return found


def sort_names() -> dict[str, str]:
    """The orders a list can have, in words."""
    return {
        "best": _("Best match"),
        "price": _("Price, low to high"),
        "price_down": _("Price, high to low"),
        "new": _("Newest"),
        "rating": _("Best rated"),
        "sold": _("Most bought"),
    }


def _chips(place: Place, path: str, wish: Wish) -> list[tuple[str, str]]:
    """What is applied, each with the address without it."""
    wish = wish.without_page()
    chips: list[tuple[str, Wish]] = []
    if wish.by:
        chips.append(
            (_("Arrives before %(day)s") % {"day": show.day(wish.by, place.language)}, replace(wish, by=None))
        )
    if wish.is_duty_included:
        chips.append((_("Duties included"), replace(wish, is_duty_included=False)))
    if wish.is_from_eu:
        chips.append((_("From an EU warehouse"), replace(wish, is_from_eu=False)))
    if wish.is_in_stock:
        chips.append((_("In stock"), replace(wish, is_in_stock=False)))
    if wish.four_stars:
        chips.append((_("Four stars and more"), replace(wish, four_stars=False)))
    currency = place.market.currency
    if wish.price_from is not None:
        amount = show.money(wish.price_from, currency, place.language)
        chips.append((_("from %(price)s") % {"price": amount}, replace(wish, price_from=None)))
    if wish.price_to is not None:
        amount = show.money(wish.price_to, currency, place.language)
        chips.append((_("up to %(price)s") % {"price": amount}, replace(wish, price_to=None)))
    chips += [
        (type_words(value), replace(wish, seller_types=_less(wish.seller_types, value)))
        for value in wish.seller_types
    ]
    by_slug = {seller.slug: seller.display_name for seller in _sellers()}
    chips += [
        (by_slug.get(slug, slug), replace(wish, sellers=_less(wish.sellers, slug))) for slug in wish.sellers
    ]
    chips += [
        (
            _("Made in %(country)s") % {"country": words.country(code)},
            replace(wish, made_in=_less(wish.made_in, code)),
        )
        for code in wish.made_in
    ]
    for name, values in wish.attributes.items():
        for value in values:
            rest = {**wish.attributes, name: _less(values, value)}
            left = {key: kept for key, kept in rest.items() if kept}
            chips.append((f"{words.name_of(name)}: {value}", replace(wish, attributes=left)))
    return [(text, path + other.query()) for text, other in chips]


def _less(values: tuple[str, ...], value: str) -> tuple[str, ...]:
    return tuple(kept for kept in values if kept != value)


def type_words(kind: str) -> str:
    """Business or private person."""
    return _("Seller: business") if kind == "company" else _("Seller: private person")


def _switch(values: tuple[str, ...], value: str) -> tuple[str, ...]:
    return _less(values, value) if value in values else (*values, value)


def _promoted(path: str, wish: Wish, found: Facets | None) -> list[Tick]:
    """The few filters that matter most here, above the list; they stand among the others too."""
    if found is None:
        return []
    wish = wish.without_page()
    flags = found.flags
    return [
        Tick("duty", "1", _("Duties included"), flags.get("duties_included", 0), wish.is_duty_included,
             path + replace(wish, is_duty_included=not wish.is_duty_included).query()),
        Tick("eu", "1", _("From an EU warehouse"), flags.get("ships_from_eu", 0), wish.is_from_eu,
             path + replace(wish, is_from_eu=not wish.is_from_eu).query()),
        *(Tick("type", kind, type_words(kind), found.seller_types.get(kind, 0), kind in wish.seller_types,
               path + replace(wish, seller_types=_switch(wish.seller_types, kind)).query())
          for kind in ("company", "private") if found.seller_types.get(kind) or kind in wish.seller_types),
        Tick("stock", "1", _("In stock"), flags.get("in_stock", 0), wish.is_in_stock,
             path + replace(wish, is_in_stock=not wish.is_in_stock).query()),
    ]  # fmt: skip


def _facets(
    place: Place, path: str, wish: Wish, found: Facets | None, by_date: Tick, *, has_sellers: bool
) -> list[Facet]:
    """Every filter with its values, the largest first; those in force stay even where they leave nothing."""
    if found is None:
        return []
    rows = [Facet(_("Delivery and seller"), "", (by_date, *_promoted(path, wish, found)))]
    for name, counts in sorted(found.attributes.items(), key=lambda row: -sum(row[1].values()))[:6]:
        chosen = wish.attributes.get(name, ())
        values = list(dict.fromkeys([*chosen, *counts]))[:14]
        if len(values) > 1 or chosen:
            rows.append(Facet(words.name_of(name), "", tuple(
                Tick(f"a.{name}", value, value, counts.get(value, 0), value in chosen, "") for value in values
            )))  # fmt: skip
    stars = found.flags.get("rating_40", 0)
    rows.append(
        Facet(
            _("Reviews"),
            _("Only people who bought here can review."),
            (Tick("stars", "1", _("Four stars and more"), stars, wish.four_stars, ""),),
        )
    )
    made = list(dict.fromkeys([*wish.made_in, *found.origin_countries]))[:12]
    rows.append(
        Facet(
            _("Made in"),
            "",
            tuple(
                Tick(
                    "made",
                    code,
                    words.country(code),
                    found.origin_countries.get(code, 0),
                    code in wish.made_in,
                    "",
                )
                for code in made
            ),
        )
    )
    if has_sellers:
        known = {seller.id: seller for seller in _sellers()}
        rows.append(
            Facet(
                _("Shop"),
                "",
                tuple(
                    Tick(
                        "shop",
                        known[seller_id].slug,
                        known[seller_id].display_name,
                        count,
                        known[seller_id].slug in wish.sellers,
                        "",
                    )
                    for seller_id, count in list(found.sellers.items())[:20]
                    if seller_id in known
                ),
            )
        )
    return [row for row in rows if row.ticks]
