"""Documents: Google's product feed (RSS), and JSON of commercetools, Saleor, or flat records (also one a line)."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException

from entrepot.feeds import limits, policy
from entrepot.feeds.errors import FileRefused
from entrepot.feeds.formats.sheets import read_sheet
from entrepot.feeds.formats.tables import Table
from entrepot.feeds.rows import Feed, SourceRow
from entrepot.kit.errors import Sentence

_G = "{http://base.google.com/ns/1.0}"
_ATOM = "{http://www.w3.org/2005/Atom}"


def read_xml(name: str, content: bytes) -> Feed:
    """Google's feed as RSS or Atom. Refuses: FileRefused (entities, too deep, broken, no items)."""
    feed = Feed("google", [], [], decimal=".", html=True)
    depth, language = 0, ""
    try:
        events = defusedxml.ElementTree.iterparse(
            io.BytesIO(content), events=("start", "end"), forbid_dtd=True
        )
        for event, node in events:
            depth += 1 if event == "start" else -1
            if depth > limits.MAX_DEPTH:
                raise FileRefused(
                    filename=name[:100],
                    reason=Sentence("it is nested deeper than {most} levels.", most=limits.MAX_DEPTH),
                )
            if event == "end" and node.tag == "language" and not language:
                language = (node.text or "").strip().split("-")[0].lower()
            if event == "end" and node.tag in ("item", f"{_ATOM}entry"):
                feed.rows.append(_google_item(node, len(feed.rows) + 1, language))
                node.clear()
                if len(feed.rows) > limits.MAX_ROWS:
                    raise FileRefused(
                        filename=name[:100],
                        reason=Sentence("it has more than {most} items.", most=f"{limits.MAX_ROWS:,}"),
                    )
    except DefusedXmlException as error:
        raise FileRefused(
            filename=name[:100], reason="it defines entities or a document type; plain XML is taken."
        ) from error
    except (SyntaxError, ValueError, LookupError, RecursionError) as error:
        raise FileRefused(
            filename=name[:100], reason=Sentence("it is not whole XML ({error}).", error=str(error)[:80])
        ) from error
    if not feed.rows:
        raise FileRefused(filename=name[:100], reason="it has no items.")
    _finish(feed)
    return feed


def _google_item(node: Any, number: int, language: str) -> SourceRow:
    """An item; its fields may stand inside or outside the g: namespace."""
    fields: dict[str, list[str]] = defaultdict(list)
    row = SourceRow(number, {})
    for child in node:
        tag = str(child.tag).rsplit("}", 1)[-1]
        if tag == "product_detail":
            parts = {str(part.tag).rsplit("}", 1)[-1]: (part.text or "").strip() for part in child}
            kind = "option" if parts.get("section_name") == "option" else "attribute"
            if parts.get("attribute_name") and parts.get("attribute_value"):
                row.cells[f"{kind}:{parts['attribute_name']}"] = parts["attribute_value"]
        elif child.text and child.text.strip():
            fields[tag].append(child.text.strip()[: limits.MAX_CELL])
    text = f":{language}" if len(language) == 2 else ""
    for theirs, ours in (
        ("id", "sku"), ("title", f"title{text}"), ("description", f"description{text}"), ("brand", "brand"),
        ("gtin", "gtin"), ("condition", "condition"), ("shipping_weight", "weight"),
        ("unit_pricing_measure", "content"), ("quantity", "quantity"), ("sell_on_google_quantity", "quantity"),
        ("mpn", "attribute:mpn"), ("material", "attribute:material"), ("pattern", "attribute:pattern"),
        ("availability", "availability"),
    ):  # fmt: skip
        if fields.get(theirs) and ours not in row.cells:
            row.cells[ours] = fields[theirs][0]
    row.cells["handle"] = (fields.get("item_group_id") or fields.get("id") or [""])[0]
    kind = "option" if fields.get("item_group_id") else "attribute"
    for theirs, ours in (("color", "colour"), ("size", "size")):
        if fields.get(theirs):
            row.cells[f"{kind}:{ours}"] = fields[theirs][0]
    price = (fields.get("sale_price") or fields.get("price") or [""])[0]
    if fields.get("sale_price"):
        row.notes.append("The sale price was taken as the price.")
    row.cells["price"] = price
    category = (fields.get("product_type") or fields.get("google_product_category") or [""])[0]
    row.cells["category"] = category.split(">")[-1].strip()
    row.cells["image"] = "|".join([*fields.get("image_link", []), *fields.get("additional_image_link", [])])
    row.cells = {column: value for column, value in row.cells.items() if value}
    return row


def read_json(name: str, text: str, mapping: Mapping[str, str], beside: Mapping[str, Any]) -> Feed:
    """A JSON document or one record a line. Refuses: FileRefused."""
    stripped = text.lstrip("\ufeff \t\r\n")
    lines = stripped.split("\n")  # not splitlines(): U+2028 and its kind may stand inside a string
    one_a_line = len(lines) > 1 and stripped.startswith("{") and lines[0].rstrip().endswith("}")
    found = (
        [limits.read_json(name, line) for line in lines if line.strip()]
        if one_a_line
        else limits.read_json(name, text)
    )
    if isinstance(found, dict):
        found = next(
            (
                found[key]
                for key in ("products", "items", "results", "data")
                if isinstance(found.get(key), list)
            ),
            [found],
        )
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found) or not found:
        raise FileRefused(filename=name[:100], reason="it holds no list of records.")
    if "masterVariant" in found[0]:
        feed = _commercetools(found, beside)
    elif any(str(item.get("model", "")) == "product.product" for item in found):
        feed = _saleor(found)
    else:
        return _records(found, mapping)
    _finish(feed)
    return feed


def _finish(feed: Feed) -> None:
    """The result file of a document has our own columns."""
    feed.columns = list(dict.fromkeys(column for row in feed.rows for column in row.cells))
    feed.lines = len(feed.rows)
    for row in feed.rows:
        row.raw = tuple(row.cells.get(column, "") for column in feed.columns)


def _records(found: list[dict[str, Any]], mapping: Mapping[str, str]) -> Feed:
    """Flat records are a table; nested texts become `title:es`."""
    flat: list[dict[str, str]] = []
    for item in found[: limits.MAX_ROWS]:
        cells: dict[str, str] = {}
        for key, value in item.items():
            if isinstance(value, dict):
                cells |= {f"{key}:{name}": _text(part) for name, part in value.items()}
            elif isinstance(value, list):
                cells[str(key)] = "|".join(_text(part) for part in value)
            else:
                cells[str(key)] = _text(value)
        flat.append(cells)
    columns = list(dict.fromkeys(column for cells in flat for column in cells))
    if not columns:
        raise FileRefused(filename="the file", reason="its records are empty.")
    if len(columns) > limits.MAX_COLUMNS:
        raise FileRefused(
            filename="the file",
            reason=Sentence("its records have more than {most} fields.", most=limits.MAX_COLUMNS),
        )
    rows = [(number, [cells.get(column, "") for column in columns]) for number, cells in enumerate(flat, 1)]
    feed = read_sheet(Table(columns, rows, []), "table", mapping, {})
    feed.format = "records"
    return feed


def _text(value: Any) -> str:
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _by_language(texts: Any) -> dict[str, str]:
    """`{"en-GB": …, "en-US": …, "de-DE": …}` → one text a language; the European form of a language wins."""
    found: dict[str, str] = {}
    if isinstance(texts, dict):
        for locale in sorted(texts, key=lambda name: (name.endswith("US"), name)):
            found.setdefault(str(locale).split("-")[0].lower(), _text(texts[locale]))
    return found


def _commercetools(found: list[dict[str, Any]], beside: Mapping[str, Any]) -> Feed:
    """commercetools product drafts: a master variant and variants, texts by locale, prices by country and currency."""
    feed = Feed("commercetools", [], [], decimal=".")
    for document in beside.values():
        for item in document if isinstance(document, list) else []:
            if isinstance(item, dict) and "orderHint" in item and "key" in item:
                feed.category_names[str(item["key"])] = next(
                    iter(_by_language(item.get("name")).values()), ""
                )
    for product in found:
        variants = [product.get("masterVariant") or {}, *(product.get("variants") or [])]
        for position, variant in enumerate(variants):
            row = SourceRow(len(feed.rows) + 1, {"handle": _text(product.get("key"))})
            if position == 0:
                for name in ("title", "description"):
                    source = product.get("name" if name == "title" else name)
                    row.cells |= {
                        f"{name}:{language}": text for language, text in _by_language(source).items()
                    }
                keys = [
                    _text(link.get("key"))
                    for link in product.get("categories") or []
                    if isinstance(link, dict)
                ]
                row.cells["category"] = "|".join(keys)
                row.cells["state"] = "active" if product.get("publish", True) else "draft"
            row.cells["sku"] = _text(variant.get("sku"))
            for attribute in variant.get("attributes") or []:
                value = attribute.get("value")
                text = (
                    next(iter(_by_language(value).values()), "") if isinstance(value, dict) else _text(value)
                )
                label = str(attribute.get("name", "")).removesuffix("-label")
                if (
                    text
                    and len(text) <= 100
                    and not label.endswith("-code")
                    and not label.startswith("search-")
                ):
                    kind = (
                        "option"
                        if len(variants) > 1 and label in ("color", "size", "finish")
                        else "attribute"
                    )
                    row.cells[f"{kind}:{'colour' if label == 'color' else label}"] = text
            for price in variant.get("prices") or []:
                value = price.get("value") or {}
                if isinstance(value.get("centAmount"), int) and not price.get("customerGroup"):
                    digits = int(value.get("fractionDigits", 2))
                    whole, rest = divmod(value["centAmount"], 10**digits)
                    row.cells.setdefault(
                        f"price:{value.get('currencyCode')}",
                        f"{whole}.{rest:0{digits}d}" if digits else str(whole),
                    )
            row.cells["image"] = "|".join(_text(image.get("url")) for image in variant.get("images") or [])
            row.cells = {column: text for column, text in row.cells.items() if text}
            feed.rows.append(row)
    return feed


def _saleor(found: list[dict[str, Any]]) -> Feed:
    """A Saleor fixture: products, variants, prices by channel, stock by warehouse, attributes through assignments."""
    feed = Feed("saleor", [], [], decimal=".")
    models: dict[str, dict[Any, dict[str, Any]]] = defaultdict(dict)
    for item in found:
        models[str(item.get("model", ""))][item.get("pk")] = item.get("fields") or {}
    categories = models["product.category"]
    stock: dict[Any, int] = defaultdict(int)
    for fields in models["warehouse.stock"].values():
        stock[fields.get("product_variant")] += max(
            0, int(fields.get("quantity") or 0) - int(fields.get("quantity_allocated") or 0)
        )
    prices: dict[Any, dict[str, str]] = defaultdict(dict)
    for fields in models["product.productvariantchannellisting"].values():
        if fields.get("price_amount") is not None:
            prices[fields.get("variant")].setdefault(
                _text(fields.get("currency")), _text(fields["price_amount"])
            )
    media: dict[Any, list[tuple[int, str]]] = defaultdict(list)
    for fields in models["product.productmedia"].values():
        media[fields.get("product")].append(
            (int(fields.get("sort_order") or 0), _text(fields.get("image") or fields.get("external_url")))
        )
    published = {
        fields.get("product")
        for fields in models["product.productchannellisting"].values()
        if fields.get("is_published")
    }
    named = _saleor_attributes(models)
    variants: dict[Any, list[tuple[Any, dict[str, Any]]]] = defaultdict(list)
    for pk, fields in models["product.productvariant"].items():
        variants[fields.get("product")].append((pk, fields))
    for product_pk, product in models["product.product"].items():
        category = categories.get(product.get("category"), {})
        for position, (pk, variant) in enumerate(variants.get(product_pk) or [(None, {})]):
            row = SourceRow(len(feed.rows) + 1, {"handle": _text(product.get("slug"))})
            if position == 0:
                row.cells |= {
                    "title": _text(product.get("name")),
                    "description": _text(product.get("description_plaintext")),
                    "category": _text(category.get("slug")),
                    "state": "active" if product_pk in published else "draft",
                    "image": "|".join(path for _, path in sorted(media.get(product_pk, []))),
                }
                feed.category_names[_text(category.get("slug"))] = _text(category.get("name"))
            row.cells |= {f"attribute:{name}": value for name, value in named["product"].get(product_pk, [])}
            if pk is None:
                row.role = "product"
            else:
                row.cells["sku"] = _text(variant.get("sku")) or f"{product.get('slug')}-{pk}"
                row.cells |= {f"price:{currency}": price for currency, price in prices.get(pk, {}).items()}
                if pk in stock:
                    row.cells["quantity"] = str(stock[pk])
                options = named["variant"].get(pk, [])
                row.cells |= {f"option:{name}": value for name, value in options}
                if not options and variant.get("name") and len(variants[product_pk]) > 1:
                    row.cells["option:variant"] = _text(variant["name"])
            row.cells = {column: text for column, text in row.cells.items() if text}
            feed.rows.append(row)
    return feed


def _saleor_attributes(
    models: Mapping[str, Mapping[Any, Mapping[str, Any]]],
) -> dict[str, dict[Any, list[tuple[str, str]]]]:
    """Attribute names and values of products and variants."""
    values, attributes = models["attribute.attributevalue"], models["attribute.attribute"]

    def pair(value_pk: Any) -> tuple[str, str] | None:
        value = values.get(value_pk, {})
        attribute = attributes.get(value.get("attribute"), {})
        name = policy.simple(_text(attribute.get("name") or attribute.get("slug")))
        return (name, _text(value.get("name"))) if name and value.get("name") else None

    found: dict[str, dict[Any, list[tuple[str, str]]]] = {
        "product": defaultdict(list),
        "variant": defaultdict(list),
    }
    for fields in models["attribute.assignedproductattributevalue"].values():
        known = pair(fields.get("value"))
        if known:
            found["product"][fields.get("product")].append(known)
    assignments = models["attribute.assignedvariantattribute"]
    for fields in models["attribute.assignedvariantattributevalue"].values():
        known = pair(fields.get("value"))
        if known:
            found["variant"][assignments.get(fields.get("assignment"), {}).get("variant")].append(known)
    return found
