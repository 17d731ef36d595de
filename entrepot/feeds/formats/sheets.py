"""Sheets of other shops and generic ones: their columns → our cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from entrepot.feeds import limits, policy
from entrepot.feeds.formats.tables import Table
from entrepot.feeds.rows import Feed, Problem, SourceRow
from entrepot.markets.errors import UnknownMarket
from entrepot.markets.queries import pack

Named = dict[str, str]


def format_of(columns: list[str]) -> str:
    """Which shop's sheet this is, by columns no other has; “table” for anybody's."""
    names = set(columns)
    if {"Handle", "Variant Price", "Option1 Name"} <= names:
        return "shopify"
    if {"optionGroups", "optionValues", "stockOnHand"} <= names:
        return "vendure"
    if {"slug", "option1_name", "compare_at_price"} <= names:
        return "spree"
    if {"InvoiceNo", "StockCode", "UnitPrice"} <= names:
        return "order lines"
    if {"barcode_id", "gs1_prefix_country"} <= names:
        return "openfoodfacts"
    return "table"


def read_sheet(table: Table, kind: str, mapping: Mapping[str, str], others: Mapping[str, Table]) -> Feed:
    """The sheet as a feed. `mapping` (theirs → ours) counts for generic tables only; `others` are sheets beside it."""
    feed = Feed(kind, table.columns, [], notes=list(table.notes), lines=len(table.rows))
    if kind == "table":
        feed.mapping = policy.guess_mapping(table.columns) | {
            theirs: ours for theirs, ours in mapping.items() if theirs in table.columns
        }
        _generic(table, feed)
        return feed
    readers: dict[str, Callable[[list[tuple[SourceRow, Named]], Feed], None]] = {
        "shopify": _shopify,
        "vendure": _vendure,
        "spree": _spree,
        "openfoodfacts": _openfoodfacts,
    }
    pairs = [_named(table, number, cells) for number, cells in table.rows]
    feed.decimal = "."
    feed.rows = [row for row, _ in pairs]
    readers[kind](pairs, feed)
    if kind == "spree":
        for other in others.values():
            if {"slug", "locale", "name"} <= set(other.columns):
                _add_translations(feed, other)
    return feed


def _named(table: Table, number: int, cells: list[str]) -> tuple[SourceRow, Named]:
    """A row with its cells by their column names, blank ones left out."""
    row = SourceRow(number, {}, tuple(cells))
    extra = [cell for cell in cells[len(table.columns) :] if cell.strip()]
    if extra:
        row.problems.append(
            Problem(
                "too_many_cells", value=extra[0], facts={"found": len(cells), "wanted": len(table.columns)}
            )
        )
    named = {}
    for column, cell in zip(table.columns, cells, strict=False):
        value = policy.unguard_formula(cell.strip())
        if value:
            named[column] = value[: limits.MAX_CELL]
    return row, named


def _put(row: SourceRow, column: str, value: str | None) -> None:
    if value:
        row.cells[column] = value


def _generic(table: Table, feed: Feed) -> None:
    for number, cells in table.rows:
        row, named = _named(table, number, cells)
        for theirs, value in named.items():
            ours = feed.mapping.get(theirs, "")
            if ours and ours not in row.cells:
                row.cells[ours] = value
        feed.rows.append(row)


def _shopify(pairs: list[tuple[SourceRow, Named]], feed: Feed) -> None:
    """Shopify's product CSV: the first line of a handle carries the product; lines with only an image are extra."""
    feed.html = True
    names: dict[str, dict[int, str]] = {}
    for row, named in pairs:
        handle = named.get("Handle", "")
        row.cells = {"handle": handle} if handle else {}
        for theirs, ours in (
            ("Title", "title"), ("Body (HTML)", "description"), ("Vendor", "brand"), ("Type", "category"),
            ("Variant SKU", "sku"), ("Variant Price", "price"), ("Variant Barcode", "gtin"),
            ("Image Alt Text", "alt"), ("Google Shopping / MPN", "attribute:mpn"),
            ("Google Shopping / Condition", "condition"),
        ):  # fmt: skip
            _put(row, ours, named.get(theirs))
        if not row.cells.get("category"):
            _put(
                row,
                "category",
                named.get("Google Shopping / Google Product Category") or _first_tag(named.get("Tags")),
            )
        _put(row, "image", named.get("Variant Image") or named.get("Image Src"))
        if named.get("Published"):
            row.cells["state"] = named["Published"]
        if named.get("Variant Inventory Tracker") or named.get("Variant Inventory Qty"):
            _put(row, "quantity", named.get("Variant Inventory Qty"))
        if named.get("Variant Grams", "0") not in ("0", "0.0"):
            _put(row, "weight_g", named["Variant Grams"])
        known = names.setdefault(handle, {})
        options = []
        for i in (1, 2, 3):
            known[i] = named.get(f"Option{i} Name") or known.get(i, "")
            value = named.get(f"Option{i} Value")
            if value and known[i] and value != "Default Title":
                row.cells[f"option:{policy.simple(known[i])}"] = value
                options.append(value)
        if not named.get("Variant Price") and not named.get("Variant SKU") and not options:
            row.role = "extra"
        elif handle and "sku" not in row.cells:
            row.cells["sku"] = "-".join(
                [handle, *(policy.simple(value).replace(" ", "-") for value in options)]
            )[:100]
            row.notes.append("The sheet gives no SKU: it was made from handle and options.")


def _first_tag(tags: str | None) -> str:
    return (tags or "").split(",")[0].strip()


def _vendure(pairs: list[tuple[SourceRow, Named]], feed: Feed) -> None:
    """Vendure's product CSV: rows without a name are further variants of the product above."""
    product: Named = {}
    handle = ""
    for row, named in pairs:
        if named.get("name"):
            product, handle = named, named.get("slug") or policy.simple(named["name"]).replace(" ", "-")
        row.cells = {"handle": handle} if handle else {}
        for theirs, ours in (
            ("name", "title"), ("description", "description"), ("sku", "sku"), ("price", "price"),
            ("stockOnHand", "quantity"),
        ):  # fmt: skip
            _put(row, ours, named.get(theirs))
        facets = [facet.partition(":") for facet in (named.get("facets") or "").split("|") if ":" in facet]
        for name, _, value in facets:
            if name == "category":
                row.cells["category"] = value  # the last is the narrowest
            elif name == "brand":
                row.cells["brand"] = value
            else:
                row.cells[f"attribute:{policy.simple(name)}"] = value
        groups = [group.strip() for group in (product.get("optionGroups") or "").split("|") if group.strip()]
        values = [value.strip() for value in (named.get("optionValues") or "").split("|") if value.strip()]
        for group, value in zip(groups, values, strict=False):
            row.cells[f"option:{policy.simple(group)}"] = value
        _put(row, "image", named.get("variantAssets") or named.get("assets"))


def _spree(pairs: list[tuple[SourceRow, Named]], feed: Feed) -> None:
    """Spree 5's product CSV: a master row, variant rows, and further rows of a SKU with its price in other currencies."""
    first: dict[str, SourceRow] = {}
    with_variants = {named.get("slug", "") for _, named in pairs if named.get("option1_value")}
    for row, named in pairs:
        handle, sku, currency = named.get("slug", ""), named.get("sku", ""), named.get("currency", "")
        price = named.get("price", "")
        if sku and sku in first:
            row.role = "extra"
            row.cells = {"handle": handle, "sku": sku}
            if price not in ("", "0") and currency:
                first[sku].cells[f"price:{currency}"] = price
            continue
        row.cells = {"handle": handle} if handle else {}
        for theirs, ours in (
            ("name", "title"), ("description", "description"), ("sku", "sku"), ("status", "state"),
            ("inventory_count", "quantity"), ("weight", "weight"), ("weight_unit", "weight_unit"),
            ("width", "width"), ("height", "height"), ("depth", "length"), ("dimensions_unit", "size_unit"),
            ("image1_src", "image"),
        ):  # fmt: skip
            _put(row, ours, named.get(theirs))
        path = (named.get("category1") or "").split("->")
        _put(row, "category", path[-1].strip())
        for theirs, value in named.items():
            if theirs.startswith("custom_field."):
                row.cells[f"attribute:{theirs.rsplit('.', 1)[-1].replace('_', ' ')}"] = value
        for i in (1, 2, 3):
            option, chosen = named.get(f"option{i}_name"), named.get(f"option{i}_value")
            if option and chosen:
                row.cells[f"option:{policy.simple(option)}"] = chosen
        if price not in ("", "0"):
            row.cells[f"price:{currency}" if currency else "price"] = price
        if handle in with_variants and not named.get("option1_value"):
            row.role = "product"
            row.cells.pop("sku", None)
        if sku:
            first[sku] = row


def _add_translations(feed: Feed, table: Table) -> None:
    """Titles and descriptions in other languages, from the sheet beside the products."""
    products = {row.cells.get("handle"): row for row in reversed(feed.rows) if row.role != "extra"}
    for number, cells in table.rows:
        _, named = _named(table, number, cells)
        row = products.get(named.get("slug", ""))
        language = named.get("locale", "").split("-")[0].lower()
        if row is not None and re.fullmatch("[a-z]{2}", language):
            _put(row, f"title:{language}", named.get("name"))
            _put(row, f"description:{language}", named.get("description"))
    feed.notes.append("Translations were read from the sheet beside the products.")


def _openfoodfacts(pairs: list[tuple[SourceRow, Named]], feed: Feed) -> None:
    """Open Food Facts: a GTIN, a name as printed in the language of its country, no price."""
    for row, named in pairs:
        language = _language_of(named.get("gs1_prefix_country", ""))
        row.cells = {}
        for theirs, ours in (
            ("barcode_id", "gtin"), ("product_name", f"title:{language}"), ("ingredients", f"ingredients:{language}"),
            ("product_image", "image"),
        ):  # fmt: skip
            _put(row, ours, named.get(theirs))
        for name in (
            "fat_amount",
            "saturated_fats",
            "carbohydrate",
            "sugar",
            "dietary_fiber",
            "protein",
            "salt",
        ):
            _put(row, f"attribute:{name.replace('_', ' ')}", named.get(name))


def _language_of(country: str) -> str:
    try:
        languages = pack(country).official_languages
    except UnknownMarket:
        return "en"
    return languages[0] if languages else "en"
