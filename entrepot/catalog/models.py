"""Tables of the catalog: categories, products, variants, pictures."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from entrepot.kit.ids import new_id
from entrepot.kit.tenancy import Tenanted

DRAFT, ACTIVE, ARCHIVED = "draft", "active", "archived"


class Shown(models.Manager[Any]):
    """What anybody may read: everything that was ever shown. Drafts are their seller's own."""

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().exclude(state=DRAFT)


class ShownVariants(models.Manager[Any]):
    """The variants of products that were ever shown."""

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().exclude(product__state=DRAFT)


class Category(models.Model):
    """A node of the operator's category tree."""

    id = models.UUIDField(primary_key=True, default=new_id)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    slug = models.CharField(max_length=80, unique=True)
    names = models.JSONField(default=dict)  # language → name
    vat_goods = models.CharField(max_length=40, default="general")  # which goods of the VAT table
    position = models.IntegerField(default=0)
    motif = models.CharField(max_length=60, blank=True)  # which drawing stands for it


class Product(Tenanted):
    """What a thing is: texts, origin, codes. It has no price and no stock."""

    tenant_columns: ClassVar[dict[str, str]] = {"seller": "seller_id"}

    id = models.UUIDField(primary_key=True, default=new_id)
    short_id = models.CharField(max_length=10, unique=True)  # stands in the address of its page
    seller_id = models.UUIDField()
    handle = models.CharField(max_length=200)  # the seller's own name for it: imports find it by this
    slug = models.CharField(max_length=120)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="products")
    brand = models.CharField(max_length=120, blank=True)
    title = models.JSONField(default=dict)  # language → text, like every text here
    description = models.JSONField(default=dict)
    attributes = models.JSONField(default=dict)  # name → value: material, care, compatible with …
    hs6 = models.CharField(max_length=6, blank=True)
    origin_country = models.CharField(max_length=2, blank=True)
    vat_goods = models.CharField(max_length=40, blank=True)  # empty: its category's
    safety = models.JSONField(default=dict)  # language → warnings and instructions (GPSR)
    ingredients = models.JSONField(default=dict)  # language → list as printed
    manufacturer = models.JSONField(default=dict)  # name, address, email (GPSR)
    motif = models.CharField(max_length=60, blank=True)
    motif_seed = models.BigIntegerField(default=0)
    state = models.CharField(max_length=8, default=DRAFT)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    shown = Shown()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller_id", "handle"], name="catalog_product_handle"),
            models.CheckConstraint(
                name="catalog_product_state", condition=models.Q(state__in=[DRAFT, ACTIVE, ARCHIVED])
            ),
            models.CheckConstraint(
                name="catalog_product_hs6", condition=models.Q(hs6="") | models.Q(hs6__regex=r"^[0-9]{6}$")
            ),
        ]
        indexes = [
            models.Index(fields=["seller_id", "state", "id"]),
            models.Index(fields=["category", "id"], condition=models.Q(state=ACTIVE), name="catalog_shelf"),
        ]


class Variant(Tenanted):
    """One buyable form of a product; it carries the GTIN and the measures."""

    tenant_columns: ClassVar[dict[str, str]] = {"seller": "seller_id"}

    id = models.UUIDField(primary_key=True, default=new_id)
    seller_id = models.UUIDField()
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="variants")
    sku = models.CharField(max_length=100)
    gtin = models.CharField(max_length=14, blank=True)
    options = models.JSONField(default=dict)  # {"colour": {"es": "azul", "en": "blue"}, "size": "M"}
    weight_g = models.IntegerField(default=0)  # with packaging; 0: unknown
    length_mm = models.IntegerField(default=0)
    width_mm = models.IntegerField(default=0)
    height_mm = models.IntegerField(default=0)
    content_amount = models.IntegerField(default=0)  # for the unit price: 500 …
    content_unit = models.CharField(max_length=8, blank=True)  # … "ml"
    position = models.IntegerField(default=0)
    is_active = models.BooleanField(default=True)

    shown = ShownVariants()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller_id", "sku"], name="catalog_variant_sku"),
            models.CheckConstraint(
                name="catalog_variant_measures",
                condition=models.Q(
                    weight_g__gte=0,
                    length_mm__gte=0,
                    width_mm__gte=0,
                    height_mm__gte=0,
                    content_amount__gte=0,
                ),
            ),
        ]
        indexes = [models.Index(fields=["gtin"], condition=~models.Q(gtin=""), name="catalog_gtin")]


class Media(models.Model):
    """A photo of a product: re-encoded once into a few sizes, kept under names that never change their content."""

    id = models.UUIDField(primary_key=True, default=new_id)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="media")
    variant = models.ForeignKey(Variant, null=True, on_delete=models.SET_NULL, related_name="media")
    digest = models.CharField(
        max_length=64
    )  # SHA-256 of what was sent: the same photo is kept once a product
    path = models.CharField(max_length=200)  # below MEDIA_ROOT, without size and suffix
    widths = models.JSONField(default=list)  # pixels: the sizes made
    width = models.IntegerField()
    height = models.IntegerField()
    alt = models.JSONField(default=dict)  # language → text
    position = models.IntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "digest"], name="catalog_media_once")]
        indexes = [models.Index(fields=["product", "position"])]
