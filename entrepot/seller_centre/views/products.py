"""Products: the list with its filters in the address, and one product with price and stock to change."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from entrepot.catalog.commands import ProductDraft, add_media, archive_product, change_product, remove_media
from entrepot.catalog.errors import CustomsCodeWrong, ProductIncomplete
from entrepot.catalog.queries import (
    ProductView,
    categories,
    declared_fields,
    own_products_by_id,
    product_counts,
    products_of_seller,
    text_in,
    value_in,
)
from entrepot.compliance.queries import gaps_by_rule, gaps_of_views
from entrepot.inventory.commands import set_stock
from entrepot.inventory.queries import locations_of, stock_of_variants
from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid, NotFound, Refusal
from entrepot.kit.ids import read_id, show_id
from entrepot.landedcost.queries import DutyView, Heading, duties_on_file, headings_by_words
from entrepot.markets.queries import customs_area, open_markets, pricing_market
from entrepot.offers.commands import OfferDraft, publish_offer
from entrepot.offers.queries import OfferView, own_offers_for_products, price_history
from entrepot.seller_centre.forms import read_count, read_price
from entrepot.seller_centre.frame import back, seller_of, work_page
from entrepot.storefront.web import context_of, door, in_words, said

SHOWN = 50
MOST_PHOTOS = 12  # of one upload
GAPS_SHOWN = 12  # products named under a rule
LANGUAGES = ("es", "en")  # of the texts that are edited here
MAKER = ("name", "address", "email", "country")
STATES = ("", "active", "draft", "archived")


@door(role="seller", methods="GET")
def product_list(request: HttpRequest) -> HttpResponse:
    """The seller's products; state and search stand in the address."""
    ctx = context_of(request)
    seller_id = seller_of(ctx)
    state = request.GET.get("state", "") if request.GET.get("state", "") in STATES else ""
    text = request.GET.get("q", "").strip()[:100]
    cursor = request.GET.get("after", "")
    found = products_of_seller(
        ctx,
        seller_id=seller_id,
        state=state,
        text=text,
        after=read_id("prd", cursor) if cursor else None,
        limit=SHOWN + 1,
    )
    shown = found[:SHOWN]
    market = _market()
    offers = own_offers_for_products(ctx, market, [view.id for view in shown])
    stock = stock_of_variants(ctx, [variant.id for view in shown for variant in view.variants])
    gaps = gaps_of_views(shown, market, on=ctx.at.date())
    rows = []
    for view in shown:
        prices = [offer.price_minor for offer in offers.get(view.id, []) if offer.state == "active"]
        rows.append(
            {
                "view": view,
                "id": show_id("prd", view.id),
                "low": min(prices, default=None),
                "high": max(prices, default=None),
                "currency": offers[view.id][0].currency if view.id in offers else "EUR",
                "gaps": sum(gap.blocks for gap in gaps[view.id]) if view.state == "active" else 0,
                "left": sum(row.on_hand for variant in view.variants for row in stock.get(variant.id, [])),
            }
        )
    next_url = ""
    if len(found) > SHOWN:
        next_url = "?" + urlencode({"state": state, "q": text, "after": show_id("prd", shown[-1].id)})
    data = {
        "rows": rows,
        "counts": product_counts(ctx, seller_id=seller_id),
        "state": state,
        "q": text,
        "next_url": next_url,
    }
    return work_page(request, "products.jinja", data)


@door(role="seller", methods="GET")
def product_page(request: HttpRequest, product: str) -> HttpResponse:
    """One product: texts, customs data, and for each variant its price, its price history and its stock."""
    return _product(request, product)


def _product(request: HttpRequest, product: str, refusal: Refusal | None = None) -> HttpResponse:
    """The page of a product; after a refusal with everything that was typed, and the sentence at its field."""
    ctx = context_of(request)
    view = own_products_by_id(ctx, [read_id("prd", product)]).get(read_id("prd", product))
    if view is None:
        raise NotFound(what="product")
    offers = {o.variant_id: o for o in own_offers_for_products(ctx, _market(), [view.id]).get(view.id, [])}
    stock = stock_of_variants(ctx, [variant.id for variant in view.variants])
    rows = [
        {
            "variant": variant,
            "id": show_id("var", variant.id),
            "offer": offers.get(variant.id),
            "stock": stock.get(variant.id, []),
            "history": price_history(offers[variant.id].id)[-5:] if variant.id in offers else [],
        }
        for variant in view.variants
    ]
    language = get_language() or "en"
    tree = categories()
    choices = [
        (slug, " / ".join(text_in(tree.by_slug[part].names, language)[0] for part in node.path))
        for slug, node in tree.by_slug.items()
    ]
    gaps = gaps_of_views([view], _market(), on=ctx.at.date())[view.id]
    wished = {gap.field.removeprefix("attributes."): gap for gap in gaps}
    wrong = field_of(refusal) if refusal else ""
    data = {
        "view": view,
        "product": product,
        "rows": rows,
        "gaps": [gap for gap in gaps if gap.blocks],
        "place_of": place_of,
        "in_words": in_words,
        "market": _market(),
        "suggested": suggested_headings(view) if not view.hs6 else [],
        "codes": codes_by_area(view, ctx.at.date()),
        "photos": [(show_id("pic", photo.id), photo) for photo in view.media],
        "form": _form_of(view, language) | (request.POST.dict() if refusal else {}),
        "why": said(refusal) if refusal else "",
        "errors": {wrong: said(refusal)} if refusal else {},
        "declared": declared_fields(),
        "is_declared": any(
            each.name in wished or each.name == wrong or view.attributes.get(each.name)
            for each in declared_fields()
        ),
        "wished": wished,
        "places": locations_of(ctx, seller_of(ctx)),
        "categories": sorted(choices, key=lambda choice: choice[1]),
    }
    return work_page(request, "product.jinja", data, refusal.status if refusal else 200)


def _form_of(view: ProductView, language: str) -> dict[str, str]:
    """What stands in the fields of the product's form."""
    texts: dict[str, Mapping[str, str]] = {
        "title": view.title,
        "description": view.description,
        "safety": view.safety,
        "ingredients": view.ingredients,
    }
    for each in declared_fields():
        value = view.attributes.get(each.name) or ""
        if each.form == "text":
            texts[each.name] = value if isinstance(value, dict) else dict.fromkeys(LANGUAGES, value)
    return {
        **{each.name: str(view.attributes.get(each.name) or "") for each in declared_fields()},
        **{f"{name}_{code}": text.get(code, "") for name, text in texts.items() for code in LANGUAGES},
        **{f"maker_{name}": view.manufacturer.get(name, "") for name in MAKER},
        **{f"hs_code_{area}": code for area, code in view.codes},
        "category": view.category.slug,
        "brand": view.brand,
        "hs6": view.hs6,
        "origin_country": view.origin_country,
        "composition": value_in(view.attributes.get("composition", ""), language),
        "state": view.state,
    }  # fmt: skip


def field_of(refusal: Refusal) -> str:
    """The field of the product's form that a refusal is about; empty when it is about none of them."""
    if isinstance(refusal, CustomsCodeWrong):
        return f"hs_code_{refusal.facts['area']}"
    if isinstance(refusal, ProductIncomplete) and "title" in refusal.facts["missing"]:
        return f"title_{LANGUAGES[0]}"
    return str(refusal.facts.get("field", refusal.field))


@door(role="seller", methods="POST", scope="catalog:write")
def product_save(request: HttpRequest, product: str) -> HttpResponse:
    """Texts, category, customs data and state of a product."""
    ctx = context_of(request)
    form = request.POST
    draft = ProductDraft(
        seller_of(ctx),
        "",
        title={
            code: form[f"title_{code}"].strip() for code in LANGUAGES if form.get(f"title_{code}", "").strip()
        },
        description={
            code: form[f"description_{code}"].strip()
            for code in LANGUAGES
            if form.get(f"description_{code}", "").strip()
        },
        safety=_texts(form, "safety"),
        ingredients=_texts(form, "ingredients"),
        manufacturer={
            name: form[f"maker_{name}"].strip() or None for name in MAKER if f"maker_{name}" in form
        },
        attributes=_attributes(form),
        category=form.get("category") or None,
        brand=form.get("brand", "").strip(),
        hs6=form.get("hs6_confirmed", "").strip() or form.get("hs6", "").strip() or None,
        hs_codes={
            name.removeprefix("hs_code_"): re.sub(r"[\s.]", "", form[name]) or None
            for name in form
            if name.startswith("hs_code_")
        },
        origin_country=form.get("origin_country", "").strip().upper() or None,
        state=form.get("state") or None,
    )
    try:
        change_product(ctx, product_id=read_id("prd", product), draft=draft)
    except Refusal as refusal:
        if refusal.status in (401, 403, 404):
            raise
        return _product(request, product, refusal)
    return back(f"/seller/products/{product}", "saved")


def suggested_headings(view: ProductView) -> list[Heading]:
    """HS headings the titles and the category speak of, for the seller to confirm."""
    said = [*view.title.values(), *view.category.names.values(), *view.category.path]
    return headings_by_words(" ".join(str(text) for text in said), limit=3)


def codes_by_area(view: ProductView, on: date) -> list[tuple[str, str, DutyView | None]]:
    """Each customs area goods go to, the seller's own code there and the duty on file: open markets and tariffs on file."""
    if not view.hs6:
        return []
    duties = dict(duties_on_file(view.hs6, on))
    areas = [*duties, *(customs_area(market.code) for market in open_markets()), *dict(view.codes)]
    return [(area, dict(view.codes).get(area, ""), duties.get(area)) for area in dict.fromkeys(areas)]


def _texts(form: Mapping[str, str], name: str) -> dict[str, str | None]:
    """A text in both languages; what is emptied goes away."""
    return {code: form[f"{name}_{code}"].strip() or None for code in LANGUAGES if f"{name}_{code}" in form}


def _attributes(form: Mapping[str, str]) -> dict[str, Any]:
    """Fibres and the attributes that a rule of law asks for; what is emptied goes away."""
    found: dict[str, Any] = {}
    for name in ("composition", *(each.name for each in declared_fields())):
        if name in form:
            found[name] = form[name].strip() or None
        elif by_language := _texts(form, name):
            found[name] = by_language  # other languages stay
    return found


@door(role="seller", methods="POST", scope="catalog:write")
def photo_add(request: HttpRequest, product: str) -> HttpResponse:
    """Photos of a product; each is taken apart and made anew."""
    ctx = context_of(request)
    uploads = request.FILES.getlist("photos")
    if not uploads:
        raise Invalid(field="photos", reason="were not chosen.", hint="Choose a JPEG, PNG or WebP file.")
    for upload in uploads[:MOST_PHOTOS]:
        add_media(ctx, product_id=read_id("prd", product), content=upload.read())
    return back(f"/seller/products/{product}", "saved")


@door(role="seller", methods="POST", scope="catalog:write")
def photo_remove(request: HttpRequest, product: str, photo: str) -> HttpResponse:
    """Take a photo off a product."""
    remove_media(context_of(request), media_id=read_id("pic", photo))
    return back(f"/seller/products/{product}", "saved")


@door(role="seller", methods="GET")
def gap_list(request: HttpRequest) -> HttpResponse:
    """What the law asks before sale and is missing, by rule, with the products and the place to mend it."""
    ctx = context_of(request)
    found = gaps_by_rule(ctx, _market(), on=ctx.at.date(), seller_id=seller_of(ctx))
    rows = [
        {
            "gap": row.gap,
            "count": len(row.products),
            "products": [
                (view, f"/seller/products/{show_id('prd', view.id)}") for view in row.products[:GAPS_SHOWN]
            ],
        }
        for row in found
    ]
    data = {"rows": rows, "market": _market(), "place_of": place_of, "in_words": in_words}
    return work_page(request, "gaps.jinja", data)


def place_of(field: str, product: str = "") -> str:
    """The address of the field of a form that closes a gap."""
    if field.startswith("seller."):
        return f"/seller/shop#f-{field.removeprefix('seller.').replace('.', '_')}"
    anchor = {"media": "photos"}.get(
        field, "f-" + field.replace("manufacturer.", "maker_").replace("attributes.", "")
    )
    return f"{product}#{anchor.replace('.', '_')}"


@door(role="seller", methods="POST", scope="catalog:write")
def product_archive(request: HttpRequest, product: str) -> HttpResponse:
    """Take a product off the shop."""
    archive_product(context_of(request), product_id=read_id("prd", product))
    return back("/seller/products", "archived")


@door(role="seller", methods="POST", scope="offers:write")
def price_save(request: HttpRequest, product: str, variant: str) -> HttpResponse:
    """A new price for a variant, or stop selling it."""
    ctx = context_of(request)
    variant_id, product_id = read_id("var", variant), read_id("prd", product)
    offer = _offer(ctx, product_id, variant_id)
    stops = request.POST.get("do") == "withdraw"
    currency = offer.currency if offer else "EUR"
    draft = OfferDraft(
        seller_of(ctx),
        variant_id,
        product_id,
        _market(),
        price_minor=None if stops else read_price(request.POST.get("price", ""), currency),
        currency=currency,
        state="withdrawn" if stops else "active",
        published_at=None if offer else ctx.at,
    )
    publish_offer(ctx, draft=draft)
    return back(f"/seller/products/{product}", "withdrawn" if stops else "price")


@door(role="seller", methods="POST", scope="stock:write")
def stock_save(request: HttpRequest, product: str, variant: str) -> HttpResponse:
    """How many there are at a location, as counted just now."""
    ctx = context_of(request)
    places = {place.code: place.id for place in locations_of(ctx, seller_of(ctx))}
    place = places.get(request.POST.get("location", ""))
    if place is None:
        raise Invalid(
            field="location", reason="is not one of your locations.", hint="Choose one from the list."
        )
    quantity = read_count(request.POST.get("quantity", ""), "quantity")
    set_stock(ctx, variant_id=read_id("var", variant), location_id=place, quantity=quantity)
    return back(f"/seller/products/{product}", "stock")


def _market() -> str:
    """The market whose prices are edited here: the first open one that follows no other."""
    return pricing_market() or "ES"


def _offer(ctx: Context, product_id: UUID, variant_id: UUID) -> OfferView | None:
    offers = own_offers_for_products(ctx, _market(), [product_id]).get(product_id, [])
    return next((offer for offer in offers if offer.variant_id == variant_id), None)
