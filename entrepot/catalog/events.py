"""Facts the catalog announces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ProductChanged:
    """These products are new, changed or archived. At most 1,000 ids a fact."""

    product_ids: tuple[UUID, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class CategoriesChanged:
    """The category tree is another one."""

    at: datetime
