"""Pure decisions on cells: what a column means, what a price, code or quantity says, and why not."""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from entrepot.feeds.rows import Problem

# code → (rule, hint). Facts in braces are filled in; doors translate the templates.
RULES: dict[str, tuple[str, str]] = {
    "no_identifier": ("A row needs a handle, a SKU or a GTIN.", "Fill in the column SKU."),
    "missing_title": ("A new product needs a title.", "Fill in the column title."),
    "title_too_long": ("A title has at most 250 characters, this has {length}.", "Shorten it."),
    "text_too_long": ("A text has at most {limit} characters, this has {length}.", "Shorten it."),
    "sku_too_long": ("A SKU has at most 100 characters.", "Shorten it."),
    "price_not_a_number": ("A price is a number such as 19.90.", "Remove what is not part of the number."),
    "price_ambiguous": ("“{value}” can mean a thousand or three decimals.", "Write 1299.00, or say which mark is the decimal one."),
    "price_not_positive": ("A price is above zero.", "Correct it, or leave the cell blank to keep the price."),
    "price_too_high": ("A price is at most {highest} minor units.", "Check the decimal mark."),
    "currency_unknown": ("There is no rate from {value} to {currency}.", "Give prices in {currency}."),
    "quantity_not_whole": ("A quantity is a whole number.", "Write 12."),
    "quantity_out_of_range": ("A quantity is from 0 to {highest}.", "Correct it."),
    "number_not_whole": ("This must be a whole number of zero or more.", "Write 250."),
    "measure_unknown": ("A measure is a number with a unit that we know ({known}).", "Write 250 g."),
    "gtin_characters": ("A GTIN has 8, 12, 13 or 14 digits.", "Check the bar code; spreadsheets drop leading zeros."),
    "gtin_check_digit": ("The last digit of this GTIN should be {wanted}.", "Look for a typing mistake."),
    "hs_code_wrong": ("A code of a customs area has 8 to 10 digits and begins with the HS code.", "Write 6109100010."),
    "hs6_wrong": ("A commodity code has at least six digits.", "Write 610910."),
    "country_unknown": ("A country is given by its two-letter code or English name.", "Write ES."),
    "condition_unknown": ("A condition is one of {known}.", "Write new."),
    "state_unknown": ("A state is one of active, draft, archived.", "Write active."),
    "too_many_cells": ("The row has {found} cells, the heading {wanted}.", "Look for an unquoted separator in a text."),
    "sku_twice": ("The SKU stands in row {other} already, with other values.", "Remove one of the rows."),
    "sku_of_another_product": ("The SKU belongs to your product “{handle}”.", "Use that handle, or another SKU."),
    "product_refused": ("The product’s first row was refused.", "Correct row {other}."),
    "unknown_category": ("We have no category “{value}”.", "Use one of ours: {near}."),
    "not_stored": ("{sentence}", ""),
    # order lines
    "cancelled": ("The line takes an order back (invoice C…).", "Nothing to do: it says nothing about the article."),
    "no_description": ("No line of this article has a description.", "Give it a title."),
    "no_price": ("No line of this article has a price above zero.", "Give it a price."),
    "not_an_article": ("“{value}” is no article: postage, fees, samples and corrections are left out.", "Nothing to do."),
    "not_a_sale": ("A line with a quantity or price of zero or less is no sale.", "Nothing to do."),
}  # fmt: skip

MAX_TITLE, MAX_TEXT = 250, 20_000

SYNONYMS: dict[str, tuple[str, ...]] = {
    "handle": ("handle", "product handle", "product id", "parent sku", "item group id", "group", "referencia padre", "producto"),
    "sku": ("sku", "variant sku", "article", "article number", "stock code", "stockcode", "item number", "reference", "ref",
            "referencia", "codigo", "id", "artikelnummer", "code article", "part number", "mpn"),
    "gtin": ("gtin", "ean", "ean13", "ean 13", "barcode", "bar code", "upc", "isbn", "codigo de barras", "barcode id", "gtin13"),
    "title": ("title", "name", "product name", "titulo", "nombre", "titre", "nom", "titel", "bezeichnung", "标题", "产品名称"),
    "description": ("description", "body", "body html", "descripcion", "long description", "beschreibung", "描述"),
    "brand": ("brand", "vendor", "marca", "marque", "marke", "manufacturer", "fabricante", "品牌"),
    "category": ("category", "categoria", "product type", "type", "categorie", "kategorie", "google product category", "类别"),
    "price": ("price", "precio", "prix", "preis", "variant price", "unit price", "unitprice", "pvp", "sale price", "价格"),
    "currency": ("currency", "moneda", "divisa", "devise", "wahrung", "currency code"),
    "quantity": ("quantity", "stock", "qty", "inventory", "cantidad", "existencias", "stock on hand", "inventory quantity",
                 "on hand", "menge", "bestand", "quantite", "库存"),
    "weight": ("weight", "peso", "poids", "gewicht", "shipping weight", "重量"),
    "weight_g": ("weight g", "weight gram", "weight grams", "grams", "variant grams", "peso g", "gramos"),
    "weight_unit": ("weight unit", "unidad de peso"),
    "length": ("length", "depth", "largo", "longitud", "fondo"),
    "width": ("width", "ancho"),
    "height": ("height", "alto", "altura"),
    "size_unit": ("dimensions unit", "dimension unit", "size unit"),
    "content": ("content", "contenido", "net content", "unit pricing measure", "contenido neto"),
    "hs6": ("hs6", "hs", "hs code", "tariff code", "commodity code", "codigo arancelario", "codigo hs", "taric", "customs code"),
    "origin_country": ("origin", "country of origin", "origin country", "origen", "pais de origen", "made in", "原产国"),
    "condition": ("condition", "estado del producto", "zustand", "etat"),
    "state": ("state", "status", "estado", "published"),
    "ingredients": ("ingredients", "ingredientes", "zutaten"),
    "safety": ("safety", "warnings", "advertencias", "seguridad"),
    "image": ("image", "images", "image link", "image src", "image url", "photo", "foto", "fotos", "imagen", "picture", "product image"),
    "alt": ("alt", "image alt text", "alt text"),
    "handling_days": ("handling days", "dias de preparacion", "lead time days", "handling time"),
    "limit_per_buyer": ("limit per buyer", "limite por comprador"),
    "vat_goods": ("vat goods", "vat group"),
    "language": ("language", "idioma", "locale"),
    "availability": ("availability", "disponibilidad"),
    "material": ("material",),
    "colour": ("colour", "color", "farbe", "couleur"),
    "size": ("size", "talla", "taille", "grosse"),
}  # fmt: skip
PLAIN = {"length_mm", "width_mm", "height_mm"} | set(SYNONYMS)
PREFIXED = (
    "title",
    "description",
    "ingredients",
    "safety",
    "option",
    "attribute",
    "price",
    "manufacturer",
    "hs_code",
)
_NAMES = {name: column for column, names in SYNONYMS.items() for name in names}

GRAMS = {"g": 1, "gr": 1, "gram": 1, "grams": 1, "kg": 1000, "kilogram": 1000, "lb": Decimal("453.59237"), "lbs": Decimal("453.59237"),
         "oz": Decimal("28.349523125"), "mg": Decimal("0.001")}  # fmt: skip
MILLIMETRES = {
    "mm": 1,
    "cm": 10,
    "m": 1000,
    "in": Decimal("25.4"),
    "inch": Decimal("25.4"),
    "ft": Decimal("304.8"),
}
CONTENTS = {
    "g": ("g", 1), "kg": ("g", 1000), "mg": ("g", Decimal("0.001")), "ml": ("ml", 1), "cl": ("ml", 10), "l": ("ml", 1000),
    "cm": ("cm", 1), "m": ("cm", 100), "mm": ("mm", 1), "m2": ("cm2", 10_000), "cm2": ("cm2", 1), "ud": ("piece", 1),
    "pcs": ("piece", 1), "piece": ("piece", 1), "pieces": ("piece", 1), "ct": ("piece", 1), "st": ("piece", 1),
}  # fmt: skip
CONDITIONS = {
    "new": "new", "nuevo": "new", "neu": "new", "neuf": "new", "refurbished": "refurbished",
    "reacondicionado": "refurbished", "used": "used_good", "usado": "used_good", "used_like_new": "used_like_new",
    "used_good": "used_good", "used_fair": "used_fair",
}  # fmt: skip
STATES = {
    "active": "active", "activo": "active", "true": "active", "yes": "active", "published": "active", "1": "active",
    "draft": "draft", "borrador": "draft", "false": "draft", "no": "draft", "0": "draft",
    "archived": "archived", "archivado": "archived",
}  # fmt: skip
FORMULA = re.compile(r"[=@\t\r]|[+\-](?![\d.,])")
_TELLING = {
    "es": "de la el los las con para y en del un una su por que al",
    "en": "the of and with for in to a is your from this by on our",
    "fr": "le la les des et avec pour une dans du est aux sur votre",
    "de": "der die das und mit für ein eine ist aus den von im dem",
    "fi": "ja on se oli hauska kaikki tai ei olen",
    "it": "il di e con per della un una gli nel sono",
    "pl": "z na do i w dla ze nie się jest",
    "nl": "de het een van met voor en is op in",
    "pt": "de a o com para e da do uma em não",
}


def simple(name: str) -> str:
    """A heading in its simplest form: `Image Src` and `image_src` are one."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(re.findall(r"[^\W_]+", plain))


def guess_column(name: str) -> str:
    """Our column for a heading of theirs; “” when we cannot say. Our own names (title:es, option:colour) stay."""
    own = name.strip()
    head, mark, rest = own.partition(":")
    if mark and head in PREFIXED and rest:
        return own[:120]
    if own in PLAIN:
        return {"colour": "option:colour", "size": "option:size", "material": "attribute:material"}.get(
            own, own
        )
    plain = simple(name)
    found = _NAMES.get(plain, "")
    if not found:
        words = plain.rsplit(" ", 1)
        if len(words) == 2 and re.fullmatch("[a-z]{2}", words[1]) and _NAMES.get(words[0]) in PREFIXED:
            return f"{_NAMES[words[0]]}:{words[1]}"
    return {"colour": "option:colour", "size": "option:size", "material": "attribute:material"}.get(
        found, found
    )


def guess_mapping(columns: Iterable[str]) -> dict[str, str]:
    """Their column → ours; each of ours is given once, to the first that fits."""
    given: dict[str, str] = {}
    for column in columns:
        found = guess_column(column)
        given[column] = "" if found and found in given.values() else found
    return given


def clean_text(value: str, *, is_html: bool = False) -> str:
    """Text as it is kept: without tags (when it is HTML), control characters and ends of blanks."""
    if (is_html and "<" in value) or (is_html and "&" in value):
        value = re.sub(r"(?i)<(br|/p|/li|/h\d|/div)[^>]*>", "\n", value)
        value = html.unescape(re.sub(r"<[^>]{0,2000}>", "", value))
    value = (
        value
        if value.isascii() and value.isprintable()
        else "".join(
            char
            for char in value
            if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co")
        )
    )
    lines = [" ".join(line.split()) if is_html else line.strip() for line in value.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def decimal_mark(prices: Iterable[str]) -> str:
    """The decimal mark of a column: whoever stands before one or two last digits, or last of two kinds. “”: unclear."""
    votes: Counter[str] = Counter()
    for price in prices:
        digits = re.sub(r"[^\d.,]", "", price)
        marks = re.findall(r"[.,]", digits)
        if not marks:
            continue
        last = marks[-1]
        behind = len(digits) - digits.rfind(last) - 1
        if len(set(marks)) == 2 or (behind in (1, 2) and marks.count(last) == 1):
            votes[last] += 1
    if not votes or (len(votes) == 2 and votes["."] == votes[","]):
        return ""
    return votes.most_common(1)[0][0]


def parse_price(value: str, mark: str) -> tuple[Decimal, str] | Problem:
    """The amount and its currency (“” when the cell has none) of `24.90 EUR`, `€ 1.299,00`, `50`."""
    currency = ""
    text = value.strip()
    for sign, code in (("€", "EUR"), ("£", "GBP"), ("$", "USD"), ("¥", "CNY"), ("zł", "PLN")):
        if sign in text:
            currency, text = code, text.replace(sign, "")
    named = re.findall(r"[A-Za-z]{3}", text)
    if len(named) == 1 and not currency:
        currency, text = named[0].upper(), text.replace(named[0], "")
    text = text.replace(" ", "").replace("\u00a0", "").replace("\u202f", "").replace("'", "")
    if not re.fullmatch(r"[+-]?[\d.,]*\d[\d.,]*", text) or not text.isascii():
        return Problem("price_not_a_number", value=value)
    marks = set(re.findall(r"[.,]", text))
    if not mark and len(marks) == 2:
        mark = max(marks, key=text.rfind)
    if not mark and marks:
        only = marks.pop()
        behind = len(text) - text.rfind(only) - 1
        if text.count(only) > 1:
            mark = "," if only == "." else "."  # repeated: it separates thousands
        elif behind == 3:
            return Problem("price_ambiguous", value=value, facts={"value": value[:40]})
        else:
            mark = only
    other = "," if mark == "." else "."
    whole = text.replace(other, "") if mark else text
    if mark and whole.count(mark) > 1:
        return Problem("price_not_a_number", value=value)
    try:
        amount = Decimal(whole.replace(mark, ".") if mark else whole)
    except InvalidOperation:
        return Problem("price_not_a_number", value=value)
    if not amount.is_finite() or abs(amount) > 10**12:
        return Problem("price_too_high", value=value, facts={"highest": 2**31 - 1})
    return amount, currency


def parse_whole(value: str, code: str = "number_not_whole") -> int | Problem:
    """A whole number of ASCII digits; `12.0` is 12 (spreadsheets write it so)."""
    text = value.strip().replace("\u00a0", "").replace(" ", "")
    if re.fullmatch(r"-?\d{1,15}(\.0+)?", text) and text.isascii():
        return int(text.split(".")[0])
    return Problem(code, value=value)


def parse_measure(value: str, units: Mapping[str, Any], unit: str = "") -> int | Problem:
    """A measure in the smallest unit, half up: `0.75 kg` → 750. `unit` is for cells without one."""
    found = re.fullmatch(r"([\d.,]+)\s*([a-zA-Z2²]*)\.?", value.strip())
    named = (found.group(2) or unit).lower().replace("²", "2") if found else ""
    if found is None or named not in units or (not value.isascii() and "²" not in value):
        return Problem("measure_unknown", value=value, facts={"known": ", ".join(units)})
    amount = parse_price(found.group(1), "." if "." in found.group(1) and "," not in found.group(1) else "")
    if isinstance(amount, Problem):
        return Problem("measure_unknown", value=value, facts={"known": ", ".join(units)})
    scaled = amount[0] * units[named]
    if scaled > 2**31 - 1:
        return Problem("measure_unknown", value=value, facts={"known": ", ".join(units)})
    return int((scaled + Decimal("0.5")).to_integral_value(rounding="ROUND_FLOOR"))


def parse_content(value: str) -> tuple[int, str] | Problem:
    """Amount and unit for the unit price: `0.5 l` → (500, "ml")."""
    found = re.fullmatch(r"([\d.,]+)\s*([a-zA-Z]+[2²]?)\.?", value.strip())
    known = CONTENTS.get(found.group(2).lower().replace("²", "2")) if found else None
    if found is None or known is None:
        return Problem("measure_unknown", value=value, facts={"known": ", ".join(CONTENTS)})
    amount = parse_measure(found.group(1), {known[0]: known[1]}, known[0])
    return amount if isinstance(amount, Problem) else (amount, known[0])


def check_gtin(value: str) -> str | Problem:
    """A GTIN's digits when its check digit fits. Spaces and dashes are forgiven."""
    digits = re.sub(r"[\s\-]", "", value)
    if digits.endswith(".0"):
        digits = digits[:-2]
    if not re.fullmatch(r"[0-9]+", digits) or len(digits) not in (8, 12, 13, 14):
        return Problem("gtin_characters", value=value)
    wanted = check_digit(digits[:-1])
    if int(digits[-1]) != wanted:
        return Problem("gtin_check_digit", value=value, facts={"wanted": wanted})
    return digits


def check_digit(body: str) -> int:
    """The GS1 check digit of the digits before it."""
    total = sum(int(digit) * (3 if i % 2 == 0 else 1) for i, digit in enumerate(reversed(body)))
    return -total % 10


def guess_language(texts: Iterable[str], fallback: str) -> str:
    """The language most texts are in, by their small words; the fallback when too few tell."""
    votes: Counter[str] = Counter()
    telling = {language: set(words.split()) for language, words in _TELLING.items()}
    for text in texts:
        words = re.findall(r"[^\W\d_]+", text.casefold())[:80]
        if any("\u4e00" <= char <= "\u9fff" for char in text):
            votes["zh-hans"] += 5
        for language, known in telling.items():
            votes[language] += sum(word in known for word in words)
    ranked = votes.most_common(2)
    if not ranked or ranked[0][1] < 3 or (len(ranked) == 2 and ranked[0][1] < 1.2 * ranked[1][1]):
        return fallback
    return ranked[0][0]


def guard_formula(value: str) -> str:
    """A cell no spreadsheet takes for a formula: an apostrophe in front of those that could be one."""
    return (
        f"'{value}" if FORMULA.match(value) or re.match(r"'+(?:[=@\t\r]|[+\-](?![\d.,]))", value) else value
    )


def unguard_formula(value: str) -> str:
    """Back from `guard_formula`."""
    return value[1:] if value.startswith("'") and guard_formula(value[1:]) == value else value


def sentence_of(problem: Mapping[str, Any]) -> str:
    """A stored problem as one sentence for a result file."""
    where = f"{problem['column']}: " if problem.get("column") else ""
    what = f" (“{str(problem['value'])[:60]}”)" if problem.get("value") else ""
    return f"{where}{problem['rule']}{what} {problem['hint']}".strip()


def told(problem: Problem) -> dict[str, str]:
    """A problem as it is stored and shown: code, column, value, rule, hint."""
    rule, hint = RULES[problem.code]
    facts = {"value": problem.value[:60], **problem.facts}
    return {
        "code": problem.code,
        "column": problem.column,
        "value": problem.value[:200],
        "rule": rule.format_map(facts),
        "hint": hint.format_map(facts),
    }
