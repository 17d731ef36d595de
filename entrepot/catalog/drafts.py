"""What callers hand to the catalog's commands, and what they get back. Import these from `catalog.commands`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

Texts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class VariantDraft:
    """One buyable form. None leaves what is there; a new variant starts from empty values.

    weight_g with packaging; content_amount + content_unit (g, ml, cm, piece …) feed the unit price.
    """

    sku: str
    gtin: str | None = None
    options: Texts | None = None
    weight_g: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    content_amount: int | None = None
    content_unit: str | None = None
    position: int | None = None
    is_active: bool | None = None


@dataclass(frozen=True, slots=True)
class ProductDraft:
    """What a seller says of a product, found again by (seller_id, handle). None leaves what is there.

    Texts are laid over what is there key by key; a key with None is removed. Variants that are not named stay.
    """

    seller_id: UUID
    handle: str
    category: str | None = None  # slug
    brand: str | None = None
    title: Texts | None = None
    description: Texts | None = None
    attributes: Texts | None = None
    hs6: str | None = None
    hs_codes: Texts | None = None  # customs area (EU, GB, US …) → its own code of 8 to 10 digits
    origin_country: str | None = None
    vat_goods: str | None = None
    safety: Texts | None = None
    ingredients: Texts | None = None
    manufacturer: Texts | None = None
    motif: str | None = None
    motif_seed: int | None = None
    state: str | None = None
    variants: tuple[VariantDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class SavedProduct:
    """What became of a draft: `new`, `changed` or `same`; ids by SKU; and field → [before, after]."""

    handle: str
    product_id: UUID
    outcome: str
    variant_ids: dict[str, UUID]
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CategoryDraft:
    """A node of the tree; parents come before their children."""

    slug: str
    names: Texts
    parent: str = ""
    vat_goods: str = "general"
    position: int = 0
    motif: str = ""
