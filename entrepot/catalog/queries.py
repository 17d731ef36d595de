"""Every read of the catalog: many ids in, frozen views out, a fixed number of SQL statements.

What shoppers see is read through `shown` (never a draft); a seller's own rows through `.of(ctx)`.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, models

from entrepot.catalog import illustrations, pictures, policy
from entrepot.catalog.drafts import ProductDraft, SavedProduct
from entrepot.catalog.fields import Field, fields
from entrepot.catalog.models import ACTIVE, Category, Media, Product, Variant
from entrepot.catalog.pictures import MAX_BYTES
from entrepot.catalog.plans import plan_products
from entrepot.kit.context import Context
from entrepot.kit.errors import NotFound, Refusal

Texts = Mapping[str, Any]
CATEGORIES_KEPT_S = 10.0
MAX_PHOTO_BYTES = MAX_BYTES
_tree: dict[str, Any] = {"read_at": -1e9, "tree": None}


@dataclass(frozen=True, slots=True)
class CategoryView:
    """A category: names by language, its path from the root (slugs, itself last) and its children's slugs."""

    id: UUID
    slug: str
    parent: str
    names: Texts
    vat_goods: str
    position: int
    motif: str
    path: tuple[str, ...]
    children: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CategoryTree:
    """All categories: by slug, by id, and the slugs of the first level in their order."""

    by_slug: Mapping[str, CategoryView]
    by_id: Mapping[UUID, CategoryView]
    roots: tuple[str, ...]

    def below(self, slug: str) -> tuple[str, ...]:
        """This slug and those of everything under it."""
        found = [slug]
        for child in self.by_slug[slug].children:
            found += self.below(child)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class VariantView:
    """One buyable form. weight_g with packaging, measures in mm, 0 = unknown."""

    id: UUID
    product_id: UUID
    seller_id: UUID
    sku: str
    gtin: str
    options: Texts
    weight_g: int
    length_mm: int
    width_mm: int
    height_mm: int
    content_amount: int
    content_unit: str
    position: int
    is_active: bool


@dataclass(frozen=True, slots=True)
class MediaView:
    """A photo in its sizes. `path(width)` is below MEDIA_URL; the content under a path never changes."""

    id: UUID
    product_id: UUID
    variant_id: UUID | None
    base: str
    widths: tuple[int, ...]
    width: int
    height: int
    alt: Texts
    position: int

    def path(self, width: int, suffix: str = "webp") -> str:
        """The smallest stored size of at least this many pixels, else the largest. suffix: webp or jpg."""
        fitting = [made for made in self.widths if made >= width]
        return f"{self.base}-{min(fitting) if fitting else max(self.widths)}.{suffix}"


@dataclass(frozen=True, slots=True)
class ProductView:
    """A product with its variants and photos. `vat_goods` is the category's unless its own is set."""

    id: UUID
    short_id: str
    seller_id: UUID
    handle: str
    slug: str
    category: CategoryView
    brand: str
    title: Texts
    description: Texts
    attributes: Texts
    hs6: str
    hs_codes: Texts
    origin_country: str
    vat_goods: str
    own_vat_goods: str
    safety: Texts
    ingredients: Texts
    manufacturer: Texts
    motif: str
    motif_seed: int
    state: str
    created_at: datetime
    changed_at: datetime
    variants: tuple[VariantView, ...]
    media: tuple[MediaView, ...]

    @property
    def address(self) -> str:
        """The last part of its page's address: `<slug>-<short id>`."""
        return f"{self.slug}-{self.short_id}"

    def code_in(self, area: str) -> str:
        """The customs code in a customs area (EU, GB, US …): 8 to 10 digits where one is kept, else the heading's six."""
        return policy.code_in(self.hs6, self.hs_codes, area)

    @property
    def codes(self) -> tuple[tuple[str, str], ...]:
        """The longer customs codes that fit the heading, by customs area."""
        return policy.fitting_codes(self.hs6, self.hs_codes)


def declared_fields() -> tuple[Field, ...]:
    """The attributes that a rule of law asks certain goods to show, in the order they are shown."""
    return tuple(fields().values())


def value_in(value: Any, language: str) -> str:
    """A value of an option or attribute as it is read in a language: a text, a text by language, a list or a number."""
    return policy.value_in(value, language)


def values_in(options: Texts, language: str) -> dict[str, str]:
    """Options of a variant, each value in a language."""
    return policy.values_in(options, language)


def text_in(texts: Texts, language: str) -> tuple[str, str]:
    """The text and the language it is really in: the asked one, else English, else Spanish, else any."""
    return policy.text_in(texts, language)


def categories() -> CategoryTree:
    """The whole tree: read once per ten seconds and process, but afresh inside a transaction."""
    if connection.in_atomic_block:
        return _read_tree()
    if _tree["tree"] is None or time.monotonic() - _tree["read_at"] > CATEGORIES_KEPT_S:
        _tree.update(read_at=time.monotonic(), tree=_read_tree())
    tree: CategoryTree = _tree["tree"]
    return tree


def motif_picture(motif: str, seed: int, *, view: int = 0, is_dark: bool = False) -> str:
    """The drawing that stands in for a photograph, as SVG text; the same for the same arguments, for ever.

    `seed` is the product's `motif_seed`, `view` one of four. Raises KeyError for an unknown motif or ink.
    """
    return illustrations.draw(motif, str(seed), title="", view=view, dark=is_dark)


def motif_in_colour(motif: str, options: Texts) -> str:
    """The motif in the ink of a variant's colour, where it names one: `cushion` → `cushion-denim`."""
    colour = options.get("colour") or options.get("color") or ""
    ink = illustrations.ink_of(policy.value_in(colour, "en")) if colour else ""
    return f"{motif}-{ink}" if ink else motif


def clean_photo(content: bytes, *, side: int = 1600) -> bytes:
    """Any photo somebody sends, made anew as a JPEG of at most `side` pixels: no metadata, nothing hidden in it.

    Refuses: PictureRefused (too large, not a JPEG, PNG or WebP, broken).
    """
    return pictures.small_jpeg(content, side)


def forget_categories() -> None:
    """Let this process read the tree anew."""
    _tree["tree"] = None


def _read_tree() -> CategoryTree:
    rows = list(Category.objects.order_by("position", "slug"))
    by_id = {row.id: row for row in rows}
    children: dict[UUID | None, list[str]] = {}
    for row in rows:
        children.setdefault(row.parent_id, []).append(row.slug)
    views = {}
    for row in rows:
        path, node = [row.slug], row
        while node.parent_id is not None and len(path) < 12:
            node = by_id[node.parent_id]
            path.append(node.slug)
        views[row.slug] = CategoryView(
            id=row.id,
            slug=row.slug,
            parent=path[1] if len(path) > 1 else "",
            names=row.names,
            vat_goods=row.vat_goods,
            position=row.position,
            motif=row.motif,
            path=tuple(reversed(path)),
            children=tuple(children.get(row.id, ())),
        )
    return CategoryTree(
        by_slug=views, by_id={view.id: view for view in views.values()}, roots=tuple(children.get(None, ()))
    )


def category_by_slug(slug: str) -> CategoryView:
    """Raises NotFound."""
    view = categories().by_slug.get(slug)
    if view is None:
        raise NotFound(what="category")
    return view


def products_by_id(ids: Iterable[UUID]) -> dict[UUID, ProductView]:
    """Products that are or were shown to anybody (state `active` or `archived`), with variants and photos."""
    return _views(Product.shown.filter(id__in=list(ids)))


def identical_products(ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """For each of these products the others with a GTIN of theirs, whoever sells them; one SQL statement."""
    mine = Variant.shown.filter(product_id__in=set(ids)).exclude(gtin="")
    pairs = Variant.shown.filter(gtin__in=mine.values("gtin")).values_list("gtin", "product_id")
    by_gtin: dict[str, set[UUID]] = {}
    for gtin, product_id in pairs:
        by_gtin.setdefault(gtin, set()).add(product_id)
    return {
        each: sorted({other for group in by_gtin.values() if each in group for other in group} - {each})
        for each in set(ids)
    }


def own_products_by_id(ctx: Context, ids: Iterable[UUID]) -> dict[UUID, ProductView]:
    """The asker's own products, drafts too (the system and operators: everybody's)."""
    return _views(Product.objects.of(ctx).filter(id__in=list(ids)))


def product_by_short_id(short_id: str) -> ProductView:
    """The product behind `<slug>-<short id>`; pass the last ten characters. Raises NotFound; archived ones are found."""
    found = _views(Product.shown.filter(short_id=short_id[-10:].lower()))
    if not found:
        raise NotFound(what="product")
    return next(iter(found.values()))


def product_by_slug(address: str) -> ProductView:
    """The product of a page address `<slug>-<short id>`. Raises NotFound."""
    return product_by_short_id(address.rsplit("-", 1)[-1])


def variants_by_id(ids: Iterable[UUID]) -> dict[UUID, VariantView]:
    """Variants of products that are or were shown."""
    return {row.id: _variant(row) for row in Variant.shown.filter(id__in=list(ids))}


def variants_by_sku(ctx: Context, seller_id: UUID, skus: Iterable[str]) -> dict[str, VariantView]:
    """A seller's variants by its SKU, drafts too."""
    return {
        row.sku: _variant(row)
        for row in Variant.objects.of(ctx).filter(seller_id=seller_id, sku__in=list(skus))
    }


def products_by_handle(ctx: Context, seller_id: UUID, handles: Iterable[str]) -> dict[str, ProductView]:
    """A seller's products by its own handle, drafts too."""
    found = _views(Product.objects.of(ctx).filter(seller_id=seller_id, handle__in=list(handles)))
    return {view.handle: view for view in found.values()}


def products_of_seller(
    ctx: Context,
    *,
    seller_id: UUID | None = None,
    state: str = "",
    text: str = "",
    after: UUID | None = None,
    limit: int = 50,
) -> list[ProductView]:
    """The asker's products, newest first, `limit` of them after the id `after`. `text` searches titles, SKU, handle."""
    rows = Product.objects.of(ctx)
    if seller_id is not None:
        rows = rows.filter(seller_id=seller_id)
    if state:
        rows = rows.filter(state=state)
    if text:
        by_sku = Variant.objects.of(ctx).filter(sku__icontains=text).values("product_id")
        rows = rows.filter(
            models.Q(handle__icontains=text) | models.Q(title__icontains=text) | models.Q(id__in=by_sku)
        )
    if after is not None:
        rows = rows.filter(id__lt=after)
    return list(_views(rows.order_by("-id")[: min(limit, 500)]).values())


def product_ids(*, seller_id: UUID | None = None, after: UUID | None = None, limit: int = 1000) -> list[UUID]:
    """Ids of active products in id order, a page after `after`: for rebuilding an index or a feed."""
    rows = Product.shown.filter(state=ACTIVE)
    if seller_id is not None:
        rows = rows.filter(seller_id=seller_id)
    if after is not None:
        rows = rows.filter(id__gt=after)
    return list(rows.order_by("id").values_list("id", flat=True)[:limit])


@dataclass(frozen=True, slots=True)
class TaxFacts:
    """What decides how a product is taxed; `codes` are its longer customs codes by customs area."""

    seller_id: UUID
    hs6: str
    vat_goods: str
    codes: tuple[tuple[str, str], ...]


def tax_facts(ids: Iterable[UUID]) -> dict[UUID, TaxFacts]:
    """How active products are taxed, without their texts, by id; one SQL statement (and the tree)."""
    by_id = categories().by_id
    rows = Product.shown.filter(id__in=list(ids), state=ACTIVE).values_list(
        "id", "seller_id", "hs6", "vat_goods", "category_id", f"attributes__{policy.HS_CODES}"
    )
    return {
        id: TaxFacts(
            seller_id, hs6, goods or by_id[category_id].vat_goods, policy.fitting_codes(hs6, codes or {})
        )
        for id, seller_id, hs6, goods, category_id, codes in rows
    }


def own_product_ids(
    ctx: Context, *, seller_id: UUID, after: UUID | None = None, limit: int = 1000
) -> list[UUID]:
    """Ids of a seller's products of any state but archived, in id order: for an export."""
    rows = Product.objects.of(ctx).filter(seller_id=seller_id).exclude(state="archived")
    if after is not None:
        rows = rows.filter(id__gt=after)
    return list(rows.order_by("id").values_list("id", flat=True)[:limit])


def product_counts(ctx: Context, *, seller_id: UUID | None = None) -> dict[str, int]:
    """How many products the asker has, by state."""
    rows = Product.objects.of(ctx)
    if seller_id is not None:
        rows = rows.filter(seller_id=seller_id)
    return dict(rows.values_list("state").annotate(n=models.Count("id")).order_by("state"))


def compare_products(ctx: Context, drafts: list[ProductDraft]) -> list[SavedProduct | Refusal]:
    """What `save_products` would answer for each draft, without storing: a SavedProduct, or the refusal in the way."""
    return [plan.refusal or plan.saved() for plan in plan_products(ctx, drafts)]


def _views(rows: models.QuerySet[Any]) -> dict[UUID, ProductView]:
    """Views in the order of the rows: products, variants, media, and the category tree."""
    products = list(rows)
    if not products:
        return {}
    ids = [row.id for row in products]
    tree = categories().by_id
    variants: dict[UUID, list[VariantView]] = {}
    for variant in Variant._base_manager.filter(product_id__in=ids).order_by("position", "id"):
        variants.setdefault(variant.product_id, []).append(_variant(variant))
    media: dict[UUID, list[MediaView]] = {}
    for photo in Media.objects.filter(product_id__in=ids).order_by("position", "id"):
        media.setdefault(photo.product_id, []).append(_media(photo))
    return {
        row.id: _product(row, tree[row.category_id], variants.get(row.id, []), media.get(row.id, []))
        for row in products
    }


def _product(
    row: Product, category: CategoryView, variants: list[VariantView], media: list[MediaView]
) -> ProductView:
    return ProductView(
        id=row.id,
        short_id=row.short_id,
        seller_id=row.seller_id,
        handle=row.handle,
        slug=row.slug,
        category=category,
        brand=row.brand,
        title=row.title,
        description=row.description,
        attributes={name: value for name, value in row.attributes.items() if name != policy.HS_CODES},
        hs6=row.hs6,
        hs_codes=row.attributes.get(policy.HS_CODES, {}),
        origin_country=row.origin_country,
        vat_goods=row.vat_goods or category.vat_goods,
        own_vat_goods=row.vat_goods,
        safety=row.safety,
        ingredients=row.ingredients,
        manufacturer=row.manufacturer,
        motif=row.motif,
        motif_seed=row.motif_seed,
        state=row.state,
        created_at=row.created_at,
        changed_at=row.changed_at,
        variants=tuple(variants),
        media=tuple(media),
    )


def _variant(row: Variant) -> VariantView:
    return VariantView(
        id=row.id,
        product_id=row.product_id,
        seller_id=row.seller_id,
        sku=row.sku,
        gtin=row.gtin,
        options=row.options,
        weight_g=row.weight_g,
        length_mm=row.length_mm,
        width_mm=row.width_mm,
        height_mm=row.height_mm,
        content_amount=row.content_amount,
        content_unit=row.content_unit,
        position=row.position,
        is_active=row.is_active,
    )


def _media(row: Media) -> MediaView:
    return MediaView(
        id=row.id,
        product_id=row.product_id,
        variant_id=row.variant_id,
        base=row.path,
        widths=tuple(row.widths),
        width=row.width,
        height=row.height,
        alt=row.alt,
        position=row.position,
    )
