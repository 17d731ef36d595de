"""The product page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils.translation import gettext as _
from markupsafe import Markup

from entrepot.care.queries import RecallView, ReviewView, recalls_by_product, reviews_of_product
from entrepot.catalog.queries import ProductView, VariantView, declared_fields, product_by_slug
from entrepot.compliance.queries import must_be_repaired
from entrepot.intake.queries import SaleView, sale_to_wait_for, sales
from entrepot.kit import clock
from entrepot.kit.money import Money
from entrepot.markets.queries import second_price
from entrepot.offers.queries import unit_price
from entrepot.parties.queries import SellerView
from entrepot.search.queries import Filters, search
from entrepot.storefront import delivery, facts, pricing, show, structured, words
from entrepot.storefront.cards import cards_html
from entrepot.storefront.facts import Choice, Picture
from entrepot.storefront.law import guarantee_notice
from entrepot.storefront.news import Kept
from entrepot.storefront.pages import shop_page
from entrepot.storefront.places import Place, absolute, passports_of, postcode_of, shop

MOST_OF_ONE = 10
EXCLUSION = "withdrawal_exclusion"  # the attribute that says why there is no right to withdraw
NOT_KEY_FACTS = {EXCLUSION, *(each.name for each in declared_fields())}


@dataclass(frozen=True, slots=True)
class Option:
    """One value of an option, and the page that has it chosen."""

    words: str
    href: str
    is_current: bool
    is_left: bool


@dataclass(frozen=True, slots=True)
class Group:
    """One option of a product: its name, the value in force, all values."""

    words: str
    current: str
    options: tuple[Option, ...]


@shop()
def product(request: HttpRequest, place: Place, address: str) -> HttpResponse:
    """A product with one of its variants chosen (`?v=`), its price, its day of arrival and who sells it."""
    at = clock.now()
    view = product_behind(address)
    if view.address != address:
        return HttpResponsePermanentRedirect(place.to("p", view.address))
    seller = facts.sellers.of([view.seller_id]).get(view.seller_id)
    is_on_sale = view.state == "active" and seller is not None and seller.state == "approved"
    choices: list[Choice] = []
    sold = facts.on_sale.of([view.id], place.market.code, at=at).get(view.id)
    if is_on_sale and sold:
        offers = [offer for offer in sold.offers if offer.is_open(at)]
        choices = facts.choices_of(view, offers, facts.stock_of(offers))
    choice = chosen(choices, request.GET.get("v", ""))
    data = about(place, view, seller, choice, place.local(at).date())
    data |= {
        "choice": choice,
        "offer": choice.offer if choice else None,
        "picker": picker(place, view, choices, choice) if choice else [],
        "price": None,
        "promise": None,
        "similar": similar(place, view, at, request),
        "rating": facts.ratings.of([view.id]).get(view.id),
        "reviews": _reviews.of([view.id]).get(view.id, ()),
        "recall": None if choice else _recalls.of([view.id]).get(view.id),  # what is recalled is off sale
    }
    sale = _sale_of(choice, request, at) if choice else None
    data |= {"sale": sale, "is_early": sale is not None and sale.opens_at > at}
    if choice and seller and sold:
        data |= priced(place, view, seller, choice, facts.reduction_of(sold.prior, choice.offer), at)
        postcode = postcode_of(request, place)
        found = delivery.arrival(place, choice.offer, seller, choice.variant.weight_g, at, postcode)
        origin = delivery.origin_of(choice.offer, seller)
        data |= {
            "promise": found,
            "legs": delivery.legs_of(place, found.legs) if found else [],
            "ships_from": ", ".join(part for part in (origin.city, words.country(origin.country)) if part),
        }
    data["json_ld"] = linked_data(place, view, seller, choice, data)
    return shop_page(request, place, "product.jinja", data, is_indexed=choice is not None)


def _sale_of(choice: Choice, request: HttpRequest, at: datetime) -> SaleView | None:
    """The sale whose waiting room this shopper has to pass before buying this offer."""
    running = _sales.of(["running"], at=at).get("running", [])
    return sale_to_wait_for(running, [choice.offer.number], passports_of(request), at)


def product_behind(address: str) -> ProductView:
    """The product of a page address. Raises NotFound; archived ones are found."""
    short_id = address.rsplit("-", 1)[-1]
    known = _ids.get(short_id)
    view = facts.products.of([known]).get(known) if known else None
    if view is None:
        view = product_by_slug(address)
        if len(_ids) > MOST_IDS:
            _ids.clear()
        _ids[view.short_id] = view.id
    return view


MOST_IDS = 100_000
_ids: dict[str, UUID] = {}  # a short id never means another product
_sales: Kept[str, list[SaleView]] = Kept(2.0, lambda _all, at: {"running": sales(at)})
_recalls: Kept[UUID, RecallView] = Kept(facts.A_MINUTE, recalls_by_product)
_reviews: Kept[UUID, tuple[ReviewView, ...]] = Kept(
    facts.A_MINUTE,
    lambda ids: {product_id: reviews_of_product(product_id, limit=6).reviews for product_id in ids},
    facts.OF_REVIEWS,
)


def similar(place: Place, view: ProductView, at: datetime, request: HttpRequest) -> Markup:
    """Other products of the category, the best first."""
    ids = [found for found in best_of_category(place, view.category.slug) if found != view.id][:8]
    shelf = facts.cards(place, ids, at, postcode_of(request, place), _("Illustration"))
    return cards_html(shelf, place.language, request.COOKIES.get("theme", ""))


def best_of_category(place: Place, slug: str) -> list[UUID]:
    """The first products of a category, at most a minute old."""
    found = _best.of([slug], place.market.code, place.language)
    return found.get(slug, [])


def _read_best(slugs: list[str], market: str, language: str) -> dict[str, list[UUID]]:
    wanted = {slug: Filters(category=slug, in_stock=True) for slug in slugs}
    return {
        slug: list(search(market, language, filters=filters, limit=9, with_facets=False).product_ids)
        for slug, filters in wanted.items()
    }


_best: Kept[str, list[UUID]] = Kept(facts.A_MINUTE, _read_best)


def key_of(variant: VariantView) -> str:
    """How a variant is named in an address."""
    return variant.id.hex[-8:]


def chosen(choices: list[Choice], wish: str) -> Choice | None:
    """The variant asked for, else the first that can be had, else the first."""
    for choice in choices:
        if key_of(choice.variant) == wish:
            return choice
    return next((choice for choice in choices if choice.left > 0), choices[0] if choices else None)


def picker(place: Place, view: ProductView, choices: list[Choice], current: Choice) -> list[Group]:
    """Links for every value of every option, each to the variant that is closest to the current one."""
    here = place.to("p", view.address)
    names = list(dict.fromkeys(name for choice in choices for name in choice.variant.options))
    groups = []
    for name in names:
        values: dict[str, list[Choice]] = {}
        for choice in choices:
            if name in choice.variant.options:
                words_of = words.value_of(choice.variant.options[name], place.language)
                values.setdefault(words_of, []).append(choice)
        now = words.value_of(current.variant.options.get(name, ""), place.language)
        options = []
        for value, found in values.items():
            best = max(found, key=lambda choice: _closeness(choice, current, name))
            options.append(
                Option(
                    value, f"{here}?v={key_of(best.variant)}", value == now, any(c.left > 0 for c in found)
                )
            )
        if len(options) > 1:
            groups.append(Group(words.name_of(name), now, tuple(options)))
    return groups


def _closeness(choice: Choice, current: Choice, changed: str) -> tuple[int, bool]:
    same = sum(
        choice.variant.options.get(name) == value
        for name, value in current.variant.options.items()
        if name != changed
    )
    return same, choice.left > 0


def priced(
    place: Place, view: ProductView, seller: SellerView, choice: Choice, prior: int, at: datetime
) -> dict[str, Any]:
    """The price block: gross, unit price, prior price (0: none), and what is inside."""
    offer = choice.offer
    unit = unit_price(offer, choice.variant)
    money = show.money(offer.price_minor, offer.currency, place.language)
    second = second_price(place.market.code, offer.price_minor, place.local(at).date())
    return {
        "price": {
            "decimal": str(Money(offer.price_minor, offer.currency).as_decimal()),
            "currency": offer.currency,
            "words": money,
        },
        "unit_words": f"{show.money(unit.minor, unit.currency, place.language)}/{unit.unit}" if unit else "",
        "prior_words": _("%(reduction)s · Lowest price of the previous 30 days: %(price)s")
        % {
            "reduction": show.reduction(offer.price_minor, prior, place.language),
            "price": show.money(prior, offer.currency, place.language),
        }
        if prior
        else "",
        "second_words": show.money(*second, place.language) if second else "",
        "inside": pricing.inside(place, view, offer, seller, place.local(at).date()),
        "most": max(1, min(choice.left, MOST_OF_ONE, offer.limit_per_buyer or MOST_OF_ONE)),
    }


def about(
    place: Place, view: ProductView, seller: SellerView | None, choice: Choice | None, on: date
) -> dict[str, Any]:
    """What the product is, in the language of the page, and what the law of the day says of it."""
    title, language = show.text_in(view.title, place.language)
    description, described_in = show.text_in(view.description, place.language)
    tree_path = [
        (words_of_category(slug, place.language), place.to("c", slug)) for slug in view.category.path
    ]
    return {
        "product": view,
        "title": title,
        "title_language": "" if language == place.language else language,
        "summary": " ".join(description.split())[:200] or title,
        "description": [part.strip() for part in description.split("\n") if part.strip()],
        "description_language": "" if described_in == place.language else described_in,
        "pictures": facts.pictures_of(
            view, place.language, _("Illustration"), choice.variant if choice else None
        ),
        "image": _image(view),
        "crumbs": [("Entrepot", place.to("")), *tree_path, (title, "")],
        "aisle_slug": view.category.path[0],
        "key_facts": key_facts(place, view, choice),
        "declared": declared(place, view),
        "is_repairable": must_be_repaired(view.hs6, place.market.code, on),
        "ingredients": view.ingredients,
        "makers": makers(view, seller),
        "seller": seller,
        "seller_mark": facts.drawing(seller.logo_motif or facts.NO_MOTIF, 0)
        if seller
        else Picture("", "", "", True),
        "exclusion": words.exclusion(str(view.attributes.get(EXCLUSION, ""))),
        "guarantee": guarantee_notice(place.market.code, place.language, on),
    }


def words_of_category(slug: str, language: str) -> str:
    """A category's name."""
    from entrepot.catalog.queries import categories

    return show.text_in(categories().by_slug[slug].names, language)[0]


@dataclass(frozen=True, slots=True)
class Declared:
    """A fact that a rule of law asks goods to show: in words, or the address of a page."""

    name: str
    words: str
    url: str = ""


def declared(place: Place, view: ProductView) -> list[Declared]:
    """What the product says of energy, repair, updates, accessibility and its passports (GU-06, AC-03, EL-01, DP-01 …)."""
    found = []
    for each in declared_fields():
        value = view.attributes.get(each.name)
        if value:
            said = words.value_of(value, place.language)
            url = said if each.form == "link" and said.startswith("https://") else ""
            found.append(
                Declared(words.name_of(each.name), urlsplit(url).hostname or "" if url else said, url)
            )
    return found


def _image(view: ProductView) -> str:
    first = facts.pictures_of(view, "en", "")[0]
    return absolute(first.src)


def key_facts(place: Place, view: ProductView, choice: Choice | None) -> list[tuple[str, str]]:
    """Attributes, origin, measures and codes as rows."""
    rows = [
        (words.name_of(name), words.value_of(value, place.language))
        for name, value in view.attributes.items()
        if name not in NOT_KEY_FACTS
    ]
    if view.origin_country:
        rows.append((_("Country of origin"), words.country(view.origin_country)))
    if choice:
        variant = choice.variant
        sides = (variant.length_mm, variant.width_mm, variant.height_mm)
        if all(sides):
            rows.append(
                (
                    _("Parcel measures"),
                    " × ".join(show.number(side, place.language) for side in sides) + " mm",
                )
            )
        if variant.weight_g:
            rows.append((_("Weight with packaging"), f"{show.number(variant.weight_g, place.language)} g"))
        rows.append((_("Article number of the seller"), variant.sku))
        if variant.gtin:
            rows.append(("GTIN", variant.gtin))
    if view.hs6:
        rows.append((_("Customs code (HS)"), view.hs6))
    return rows


def makers(view: ProductView, seller: SellerView | None) -> list[tuple[str, str]]:
    """Who made it and who answers for it in the EU (General Product Safety Regulation)."""
    rows = []
    for words_of, person in (
        (_("Maker"), view.manufacturer),
        (_("Responsible person in the EU"), seller.responsible_person if seller else {}),
    ):
        said = ", ".join(str(person[name]) for name in ("name", "address", "email") if person.get(name))
        if said:
            rows.append((words_of, said))
    return rows


def linked_data(
    place: Place, view: ProductView, seller: SellerView | None, choice: Choice | None, data: dict[str, Any]
) -> Any:
    """Product, Offer and breadcrumbs; the price is the one on the page."""
    thing: dict[str, Any] = {
        "@type": "Product",
        "name": data["title"],
        "description": data["summary"],
        "url": absolute(place.to("p", view.address)),
        "image": [absolute(picture.src) for picture in data["pictures"]],
        "category": data["crumbs"][-2][0],
    }
    if view.brand:
        thing["brand"] = {"@type": "Brand", "name": view.brand}
    if choice and seller:
        thing["sku"] = choice.variant.sku
        if choice.variant.gtin:
            thing["gtin"] = choice.variant.gtin
        thing["offers"] = {
            "@type": "Offer",
            "url": absolute(place.to("p", view.address)),
            "price": data["price"]["decimal"],
            "priceCurrency": data["price"]["currency"],
            "priceSpecification": {
                "@type": "PriceSpecification",
                "price": data["price"]["decimal"],
                "priceCurrency": data["price"]["currency"],
                "valueAddedTaxIncluded": place.market.price_display == "gross",
            },
            "availability": f"https://schema.org/{'InStock' if choice.left > 0 else 'OutOfStock'}",
            "itemCondition": "https://schema.org/NewCondition",
            "seller": {"@type": "Organization", "name": seller.display_name},
        }
    rating = data["rating"]
    if rating:
        thing["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": rating.stars_milli / 1000,
            "reviewCount": rating.count,
        }
    return structured.as_script(
        thing, structured.breadcrumbs(data["crumbs"], place.to("p", view.address)), structured.organization()
    )
