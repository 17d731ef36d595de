"""What saving drafts would do: read once, decide for each draft. Shared by save_products and compare_products."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from uuid import UUID

from entrepot.catalog import policy
from entrepot.catalog.drafts import ProductDraft, SavedProduct, VariantDraft
from entrepot.catalog.errors import (
    CustomsCodeWrong,
    FieldWrong,
    HeadingUnknown,
    ProductIncomplete,
    SkuTaken,
    UnknownCategory,
)
from entrepot.catalog.fields import read_fields
from entrepot.catalog.models import ACTIVE, Category, Product, Variant
from entrepot.kit.context import Context
from entrepot.kit.errors import Refusal
from entrepot.kit.ids import new_id
from entrepot.markets.queries import EUROPEAN_UNION, customs_area, hs_headings

PRODUCT_COLUMNS = ["slug", "category", *policy.TEXT_FIELDS, *policy.PLAIN_FIELDS, "changed_at"]
VARIANT_COLUMNS = ["options", *policy.VARIANT_FIELDS]


@dataclass(slots=True)
class ProductPlan:
    """What saving a draft would do: rows, differences, or the refusal in its way."""

    draft: ProductDraft
    row: Product
    is_new: bool
    merge: policy.Merge
    variants: list[tuple[Variant, bool, policy.Merge]] = field(default_factory=list)
    refusal: Refusal | None = None

    @property
    def changes(self) -> policy.Changes:
        """Differences of the product and, as `sku/field`, of its variants; `sku/` alone is a new variant."""
        found = dict(self.merge.changes)
        for variant, is_new, merge in self.variants:
            found.update({f"{variant.sku}/{name}": pair for name, pair in merge.changes.items()})
            if is_new:
                found[f"{variant.sku}/"] = (None, variant.sku)
        return found

    def saved(self) -> SavedProduct:
        """The answer for this draft."""
        return SavedProduct(
            handle=self.row.handle,
            product_id=self.row.id,
            outcome=policy.decide_outcome(is_new=self.is_new, has_changes=self.has_changes),
            variant_ids={variant.sku: variant.id for variant, _, _ in self.variants},
            changes={} if self.is_new else self.changes,
        )

    @property
    def has_changes(self) -> bool:
        return bool(self.merge.values) or any(new or merge.values for _, new, merge in self.variants)


def plan_products(ctx: Context, drafts: list[ProductDraft]) -> list[ProductPlan]:
    """Plans in the order of the drafts; three SQL statements. A later draft of the same handle builds on the first."""
    sellers = {draft.seller_id for draft in drafts}
    rows = {
        (row.seller_id, row.handle): row
        for row in Product.objects.of(ctx).filter(
            seller_id__in=sellers, handle__in={draft.handle for draft in drafts}
        )
    }
    skus = {variant.sku for draft in drafts for variant in draft.variants}
    variants = {
        (row.seller_id, row.sku): row
        for row in Variant.objects.of(ctx)
        .filter(seller_id__in=sellers, sku__in=skus)
        .select_related("product")
    }
    categories = dict(Category.objects.values_list("slug", "id"))
    return [_plan(ctx, draft, rows, variants, categories) for draft in drafts]


def area_of(place: str) -> str:
    """`EU` for it and its member states, else the country itself. Refuses: UnknownMarket."""
    return place if place == EUROPEAN_UNION else customs_area(place)


def _plan(
    ctx: Context,
    draft: ProductDraft,
    rows: dict[tuple[UUID, str], Product],
    variants: dict[tuple[UUID, str], Variant],
    categories: dict[str, UUID],
) -> ProductPlan:
    key = (draft.seller_id, draft.handle)
    row = rows.get(key)
    is_new = row is None
    if row is None:
        product_id = new_id()
        row = rows[key] = Product(
            id=product_id,
            short_id=policy.short_id_of(product_id),
            seller_id=draft.seller_id,
            handle=draft.handle,
            created_at=ctx.at,
            changed_at=ctx.at,
        )
    wrong_field: FieldWrong | None = None
    if draft.attributes:
        try:
            draft = replace(draft, attributes=read_fields(draft.attributes))
        except FieldWrong as refusal:
            wrong_field = refusal
    codes = {area_of(place): code for place, code in (draft.hs_codes or {}).items()}
    if codes:
        draft = replace(draft, attributes={**(draft.attributes or {}), policy.HS_CODES: codes})
    merge = policy.merge_row(row, draft, texts=policy.TEXT_FIELDS, plain=policy.PLAIN_FIELDS)
    if merge.changes.pop(f"attributes.{policy.HS_CODES}", None):
        kept = merge.values["attributes"].get(policy.HS_CODES, {})
        merge.changes.update(policy.diff_texts("hs_codes", row.attributes.get(policy.HS_CODES, {}), kept))
    plan = ProductPlan(draft, row, is_new, merge, refusal=wrong_field)
    if draft.category is not None:
        category_id = categories.get(draft.category)
        if category_id is None:
            plan.refusal = UnknownCategory(slug=draft.category)
        elif category_id != row.category_id:
            before = next((slug for slug, known in categories.items() if known == row.category_id), None)
            merge.values["category_id"] = category_id
            merge.changes["category"] = (before, draft.category)
    for name, value in merge.values.items():
        setattr(row, name, value)
    if "hs6" in merge.values and row.hs6 and not policy.is_hs_code(row.hs6, hs_headings()):
        plan.refusal = plan.refusal or HeadingUnknown(code=row.hs6[:20])
    wrong = policy.wrong_code(row.hs6, codes)
    if wrong is not None:
        plan.refusal = plan.refusal or CustomsCodeWrong(area=wrong[0], code=wrong[1], hs6=row.hs6 or "?")
    if is_new:
        row.slug = policy.slug_of(policy.text_in(row.title, "es")[0])
    missing = [
        word
        for word, is_there in (("title", bool(row.title)), ("category", row.category_id is not None))
        if not is_there
    ]
    if missing and plan.refusal is None and (row.state == ACTIVE or "category" in missing):
        plan.refusal = ProductIncomplete(handle=draft.handle, missing=", ".join(missing))
    for position, variant in enumerate(draft.variants):
        _plan_variant(plan, variant, variants, position)
    return plan


def _plan_variant(
    plan: ProductPlan, draft: VariantDraft, variants: dict[tuple[UUID, str], Variant], position: int
) -> None:
    key = (plan.row.seller_id, draft.sku)
    row = variants.get(key)
    is_new = row is None
    if row is None:
        row = variants[key] = Variant(
            seller_id=plan.row.seller_id, product=plan.row, sku=draft.sku, position=position
        )
    elif row.product_id != plan.row.id:
        plan.refusal = plan.refusal or SkuTaken(sku=draft.sku, handle=row.product.handle)
        return
    merge = policy.merge_row(row, draft, texts=("options",), plain=policy.VARIANT_FIELDS)
    for name, value in merge.values.items():
        setattr(row, name, value)
    plan.variants.append((row, is_new, merge))
