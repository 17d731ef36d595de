"""A seller's goods as a file that can be imported again without changing anything."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from entrepot.catalog.queries import ProductView, VariantView, text_in
from entrepot.feeds import policy
from entrepot.kit.money import exponent_of
from entrepot.offers.queries import OfferView

Row = dict[str, str]
LEADING = ("handle", "sku", "gtin", "state", "category", "brand")
TRAILING = (
    "weight_g", "length_mm", "width_mm", "height_mm", "content", "hs6", "origin_country", "vat_goods", "price",
    "currency", "condition", "handling_days", "limit_per_buyer", "quantity", "image",
)  # fmt: skip


def rows_of(product: ProductView, offers: dict[Any, OfferView], left: dict[Any, int]) -> list[Row]:
    """A row a variant: the product's fields in the first, its handle in all."""
    rows = []
    for position, variant in enumerate(variant for variant in product.variants if variant.is_active):
        row: Row = {"handle": product.handle}
        if position == 0:
            row |= _product_cells(product)
        row |= _variant_cells(variant)
        offer = offers.get(variant.id)
        if offer is not None:
            row |= {
                "price": price_text(offer.price_minor, offer.currency),
                "currency": offer.currency,
                "condition": offer.condition,
                "handling_days": str(offer.handling_days),
                "limit_per_buyer": str(offer.limit_per_buyer),
            }
        if variant.id in left:
            row["quantity"] = str(left[variant.id])
        rows.append({name: value for name, value in row.items() if value != ""})
    return rows


def _product_cells(product: ProductView) -> Row:
    row: Row = {
        "state": product.state,
        "category": product.category.slug,
        "brand": product.brand,
        "hs6": product.hs6,
        "origin_country": product.origin_country,
        "vat_goods": product.own_vat_goods,
        "image": "|".join(photo.path(1280) for photo in product.media),
    }
    for name in ("title", "description", "ingredients", "safety"):
        row |= {f"{name}:{language}": text for language, text in getattr(product, name).items() if text}
    row |= {f"hs_code:{area}": code for area, code in product.codes}
    for name, texts in (("attribute", product.attributes), ("manufacturer", product.manufacturer)):
        row |= _worded(name, texts)
    return row


def _worded(head: str, values: Mapping[str, Any]) -> Row:
    """`option:size` for a plain value, `option:colour:es` and `option:colour:en` for one by language."""
    row: Row = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            row |= {f"{head}:{name}:{language}": str(text) for language, text in value.items()}
        elif isinstance(value, str | int):
            row[f"{head}:{name}"] = str(value)
    return row


def _variant_cells(variant: VariantView) -> Row:
    row: Row = {"sku": variant.sku, "gtin": variant.gtin}
    row |= _worded("option", variant.options)
    for name in ("weight_g", "length_mm", "width_mm", "height_mm"):
        value = getattr(variant, name)
        row[name] = str(value) if value else ""
    unit = {"piece": "pcs"}.get(variant.content_unit, variant.content_unit)
    row["content"] = f"{variant.content_amount} {unit}" if variant.content_amount and unit else ""
    return row


def price_text(minor: int, currency: str) -> str:
    """Minor units as a plain decimal with a point: `19.90`."""
    digits = exponent_of(currency)
    whole, rest = divmod(minor, 10**digits)
    return f"{whole}.{rest:0{digits}d}" if digits else str(whole)


def columns_of(rows: Sequence[Row]) -> list[str]:
    """Every column in use: codes first, then texts and options by name, then measures and terms."""
    used = {name for row in rows for name in row}
    middle = sorted(used - set(LEADING) - set(TRAILING), key=_place)
    return [
        *(name for name in LEADING if name in used),
        *middle,
        *(name for name in TRAILING if name in used),
    ]


def _place(name: str) -> tuple[int, str]:
    order = (
        "title",
        "option",
        "description",
        "attribute",
        "ingredients",
        "safety",
        "manufacturer",
        "hs_code",
    )
    head = name.partition(":")[0]
    return (order.index(head) if head in order else len(order), name)


def write_csv(rows: Sequence[Row]) -> bytes:
    """UTF-8 with a mark, so that spreadsheets read it; no cell is a formula."""
    out = io.StringIO(newline="")
    columns = columns_of(rows)
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([policy.guard_formula(row.get(name, "")) for name in columns] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def write_xlsx(rows: Sequence[Row]) -> bytes:
    """A workbook of text cells (bar codes keep their zeros); no cell is a formula."""
    import openpyxl
    from openpyxl.writer.excel import save_workbook

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("products")
    columns = columns_of(rows)
    sheet.append(columns)
    for row in rows:
        sheet.append([_excel(policy.guard_formula(row.get(name, ""))) for name in columns])
    out = io.BytesIO()
    save_workbook(book, out)
    return out.getvalue()


def _excel(value: str) -> str | None:
    return value[:32_767] or None


def write_jsonl(rows: Sequence[Row]) -> bytes:
    """A record a line. A value that reads as guarded against spreadsheets is guarded once more, so that it comes back."""
    return "".join(
        json.dumps({name: _kept(value) for name, value in row.items()}, ensure_ascii=False) + "\n"
        for row in rows
    ).encode()


def _kept(value: str) -> str:
    return value if policy.unguard_formula(value) == value else f"'{value}"


def write_google(
    products: Iterable[tuple[ProductView, list[Row]]], language: str, shop: str, address: str
) -> bytes:
    """Google's product feed in one language: an item a variant that is on sale."""
    out = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<rss xmlns:g="http://base.google.com/ns/1.0" version="2.0"><channel>',
        f"<title>{escape(shop)}</title><link>{escape(address)}</link><language>{escape(language)}</language>",
    ]
    for product, rows in products:
        title, spoken = text_in(product.title, language)
        description, described = text_in(product.description, language)
        for row in rows:
            if "price" not in row or spoken != language:
                continue
            fields = {
                "g:id": row["sku"],
                "g:item_group_id": product.handle if len(rows) > 1 or product.handle != row["sku"] else "",
                "title": title,
                "description": description if described == language else "",
                "link": f"{address}/p/{product.address}",
                "g:price": f"{row['price']} {row['currency']}",
                "g:availability": "in_stock" if row.get("quantity", "0") != "0" else "out_of_stock",
                "g:quantity": row.get("quantity", ""),
                "g:condition": row["condition"] if row["condition"] in ("new", "refurbished") else "used",
                "g:brand": product.brand,
                "g:gtin": row.get("gtin", ""),
                "g:product_type": " > ".join(product.category.path),
                "g:shipping_weight": f"{row['weight_g']} g" if "weight_g" in row else "",
                "g:unit_pricing_measure": row.get("content", "").replace(" pcs", " ct"),
            }
            out.append("<item>")
            out += [f"<{tag}>{escape(_xml(value))}</{tag}>" for tag, value in fields.items() if value]
            out += _details(row)
            out.append("</item>")
    out.append("</channel></rss>\n")
    return "\n".join(out).encode()


def _details(row: Row) -> list[str]:
    made = []
    for name, value in row.items():
        head, _, rest = name.partition(":")
        if head in ("option", "attribute"):
            made.append(
                f"<g:product_detail><g:section_name>{head}</g:section_name><g:attribute_name>{escape(_xml(rest))}"
                f"</g:attribute_name><g:attribute_value>{escape(_xml(value))}</g:attribute_value></g:product_detail>"
            )
    return made


def _xml(value: str) -> str:
    """Without the characters XML cannot hold."""
    return "".join(char for char in value if char in "\t\n\r" or (char >= " " and char not in "\ufffe\uffff"))


WRITERS: dict[str, Callable[[Sequence[Row]], bytes]] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
    "jsonl": write_jsonl,
}
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/x-ndjson",
    "google": "application/xml",
}
