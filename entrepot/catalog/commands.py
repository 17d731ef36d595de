"""Every write of the catalog. Single verbs and bulk upserts share one path: `save_products`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from entrepot.catalog import policy
from entrepot.catalog.drafts import CategoryDraft, ProductDraft, SavedProduct, VariantDraft
from entrepot.catalog.errors import SkuTaken, UnknownCategory
from entrepot.catalog.events import CategoriesChanged, ProductChanged
from entrepot.catalog.models import ARCHIVED, Category, Media, Product, Variant
from entrepot.catalog.pictures import store_picture
from entrepot.catalog.plans import PRODUCT_COLUMNS, VARIANT_COLUMNS, ProductPlan, plan_products
from entrepot.catalog.queries import forget_categories
from entrepot.kit import audit, locks
from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.kit.errors import NotFound

FACT_SIZE = 1_000


@command(scope="markets:write")
def save_categories(ctx: Context, *, drafts: list[CategoryDraft]) -> int:
    """Insert or change categories by slug; returns how many differ now. Names are laid over what is there.

    Refuses: UnknownCategory (a parent that is neither there nor in front of its child).
    """
    known = {row.slug: row for row in Category.objects.all()}
    changed: list[Category] = []
    for draft in drafts:
        row = known.get(draft.slug)
        if draft.parent and draft.parent not in known:
            raise UnknownCategory(slug=draft.parent)
        values = {
            "parent_id": known[draft.parent].id if draft.parent else None,
            "names": policy.merge_texts(row.names if row else {}, draft.names),
            "vat_goods": draft.vat_goods,
            "position": draft.position,
            "motif": draft.motif,
        }
        if row is None:
            row = Category(slug=draft.slug, **values)
        elif all(getattr(row, name) == value for name, value in values.items()):
            continue
        for name, value in values.items():
            setattr(row, name, value)
        known[draft.slug] = row
        changed.append(row)
    if changed:
        Category.objects.bulk_create(
            changed,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=["parent", "names", "vat_goods", "position", "motif"],
        )
        forget_categories()
        ctx.announce(CategoriesChanged(at=ctx.at))
    return len(changed)


@command(scope="catalog:write")
def save_products(ctx: Context, *, drafts: list[ProductDraft]) -> list[SavedProduct]:
    """Insert or change products with their variants, in a fixed number of SQL statements; one answer per draft.

    Found again by (seller, handle) and (seller, SKU): saving the same drafts twice changes nothing.
    Refuses: NotFound (another seller's product), UnknownCategory, SkuTaken, UnknownMarket and CustomsCodeWrong (codes by
    customs area), FieldWrong (a declared attribute of another form), ProductIncomplete (an active product needs a title and a category). A refusal stores nothing; `queries.compare_products` says beforehand.
    """
    _own_sellers(ctx, {draft.seller_id for draft in drafts})
    plans = plan_products(ctx, drafts)
    for plan in plans:
        if plan.refusal is not None:
            raise plan.refusal
    # From here on it must succeed.
    return _store_plans(ctx, plans)


@command(scope="catalog:write")
def create_product(ctx: Context, *, draft: ProductDraft) -> SavedProduct:
    """Store one new product. Refuses as save_products does, and SkuTaken when the handle is in use."""
    if Product.objects.of(ctx).filter(seller_id=draft.seller_id, handle=draft.handle).exists():
        raise SkuTaken(sku=draft.handle, handle=draft.handle)
    return save_products(ctx, drafts=[draft])[0]


@command(scope="catalog:write")
def change_product(ctx: Context, *, product_id: UUID, draft: ProductDraft) -> SavedProduct:
    """Change one product; the draft's handle and seller are ignored. Refuses: NotFound, as save_products does."""
    row = _own_product(ctx, product_id)
    return save_products(ctx, drafts=[replace(draft, seller_id=row.seller_id, handle=row.handle)])[0]


@command(scope="catalog:write")
def add_variant(ctx: Context, *, product_id: UUID, draft: VariantDraft) -> UUID:
    """Add a variant, or change the one with this SKU; returns its id. Refuses: NotFound, SkuTaken."""
    row = _own_product(ctx, product_id)
    saved = save_products(ctx, drafts=[ProductDraft(row.seller_id, row.handle, variants=(draft,))])[0]
    return saved.variant_ids[draft.sku]


@command(scope="catalog:write")
def change_variant(ctx: Context, *, variant_id: UUID, draft: VariantDraft) -> UUID:
    """Change a variant; the draft's SKU, when different, becomes its new SKU. Refuses: NotFound, SkuTaken."""
    row = Variant.objects.of(ctx).select_related("product").filter(pk=variant_id).first()
    if row is None:
        raise NotFound(what="variant")
    if draft.sku != row.sku:
        other = Variant.objects.of(ctx).filter(seller_id=row.seller_id, sku=draft.sku).first()
        if other is not None:
            raise SkuTaken(sku=draft.sku, handle=other.product.handle)
        audit.change(ctx, row, sku=draft.sku)
    return add_variant(ctx, product_id=row.product_id, draft=draft)


@command(scope="catalog:write")
def archive_product(ctx: Context, *, product_id: UUID) -> None:
    """Take a product off the shop; its page says so and old orders keep showing it. Refuses: NotFound."""
    row = _own_product(ctx, product_id)
    save_products(ctx, drafts=[ProductDraft(row.seller_id, row.handle, state=ARCHIVED)])


@command(scope="catalog:write")
def add_media(
    ctx: Context,
    *,
    product_id: UUID,
    content: bytes,
    alt: Mapping[str, str] | None = None,
    variant_id: UUID | None = None,
    position: int | None = None,
) -> UUID:
    """Re-encode a photo and hang it on a product; the same photo hangs once. Returns its id.

    Refuses: NotFound, PictureRefused.
    """
    row = _own_product(ctx, product_id)
    if variant_id is not None and not Variant.objects.of(ctx).filter(pk=variant_id, product=row).exists():
        raise NotFound(what="variant")
    stored = store_picture(content)
    there = list(Media.objects.filter(product=row))
    for photo in there:
        if photo.digest == stored.digest:
            return photo.id
    photo = Media.objects.create(
        product=row,
        variant_id=variant_id,
        digest=stored.digest,
        path=stored.base,
        widths=list(stored.widths),
        width=stored.width,
        height=stored.height,
        alt=dict(alt or {}),
        position=position
        if position is not None
        else max((other.position for other in there), default=-1) + 1,
        created_at=ctx.at,
    )
    audit.record(ctx, audit.subject_of(row), {}, {"photo": str(photo.id)})
    ctx.announce(ProductChanged(product_ids=(row.id,), at=ctx.at))
    return photo.id


@command(scope="catalog:write")
def remove_media(ctx: Context, *, media_id: UUID) -> None:
    """Take a photo off its product; its files stay for old pages and carts. Refuses: NotFound."""
    photo = Media.objects.filter(pk=media_id).first()
    row = _own_product(ctx, photo.product_id) if photo is not None else None
    if photo is None or row is None:
        raise NotFound(what="photo")
    photo.delete()
    audit.record(ctx, audit.subject_of(row), {"photo": str(media_id)}, {})
    ctx.announce(ProductChanged(product_ids=(row.id,), at=ctx.at))


def _own_product(ctx: Context, product_id: UUID) -> Product:
    row = Product.objects.of(ctx).filter(pk=product_id).first()
    if row is None:
        raise NotFound(what="product")
    return row


def _own_sellers(ctx: Context, seller_ids: Iterable[UUID]) -> None:
    """A seller's staff write their own seller's rows only; another's do not exist for them."""
    if ctx.actor.kind == "seller" and set(seller_ids) - {ctx.actor.seller_id}:
        raise NotFound(what="seller")
    locks.hold(*(f"catalog:{seller_id}" for seller_id in seller_ids))


def _store_plans(ctx: Context, plans: list[ProductPlan]) -> list[SavedProduct]:
    """Write what differs: one upsert for products, one for variants, the trail and the facts."""
    products = list({plan.row.id: plan.row for plan in plans if plan.is_new or plan.merge.values}.values())
    variants = list(
        {
            row.id: row for plan in plans for row, is_new, merge in plan.variants if is_new or merge.values
        }.values()
    )
    touched = [plan for plan in plans if plan.is_new or plan.has_changes]
    for row in products:
        row.changed_at = ctx.at
    if products:
        Product.objects.bulk_create(
            products, update_conflicts=True, unique_fields=["id"], update_fields=PRODUCT_COLUMNS
        )
    if variants:
        Variant.objects.bulk_create(
            variants, update_conflicts=True, unique_fields=["id"], update_fields=VARIANT_COLUMNS
        )
    if ctx.actor.kind != "system":
        audit.record_many(
            ctx,
            [
                (
                    audit.subject_of(plan.row),
                    {name: pair[0] for name, pair in plan.changes.items()},
                    {name: pair[1] for name, pair in plan.changes.items()},
                )
                for plan in touched
            ],
        )
    ids = [plan.row.id for plan in touched]
    for start in range(0, len(ids), FACT_SIZE):
        ctx.announce(ProductChanged(product_ids=tuple(ids[start : start + FACT_SIZE]), at=ctx.at))
    return [plan.saved() for plan in plans]
