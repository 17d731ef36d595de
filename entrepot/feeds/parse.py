"""Cells of one row → typed facts, with every problem found on the way; rows → products."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from entrepot.feeds import policy
from entrepot.feeds.rows import Feed, Problem, SourceRow
from entrepot.markets.queries import EUROPEAN_UNION

HIGHEST_QUANTITY = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Style:
    """How a feed writes things: decimal mark, language of texts without one, HTML in descriptions."""

    mark: str
    language: str
    html: bool


@dataclass(slots=True)
class Facts:
    """What a row says; None or empty: it does not say. Prices: (amount, currency) with “” for the feed's own."""

    handle: str = ""
    sku: str = ""
    product: dict[str, Any] = field(default_factory=dict)  # fields of a ProductDraft
    variant: dict[str, Any] = field(default_factory=dict)  # fields of a VariantDraft
    offer: dict[str, Any] = field(default_factory=dict)  # condition, handling_days, limit_per_buyer
    prices: dict[str, Decimal] = field(default_factory=dict)
    quantity: int | None = None
    category: str = ""
    images: tuple[str, ...] = ()
    alt: str = ""
    countries: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Line:
    """A row with its facts; it is refused when it has problems."""

    row: SourceRow
    facts: Facts
    problems: list[Problem]
    notes: list[str]
    status: str = ""
    changes: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Group:
    """The rows of one product, in the order of the file."""

    handle: str
    lines: list[Line] = field(default_factory=list)

    @property
    def first(self) -> Line:
        return self.lines[0]


def parse_row(row: SourceRow, style: Style) -> Line:
    """Read every cell; a wrong one is a problem of this row, the others are still read."""
    line = Line(row, Facts(), list(row.problems), list(row.notes))
    reader = _Reader(line, style)
    for column, value in row.cells.items():
        reader.take(column, value)
    reader.finish()
    return line


class _Reader:
    def __init__(self, line: Line, style: Style) -> None:
        self.line, self.style, self.facts = line, style, line.facts
        self.cells = line.row.cells

    def problem(self, problem: Problem, column: str) -> None:
        facts = {"value": problem.value, **problem.facts}
        self.line.problems.append(Problem(problem.code, column, problem.value, facts))

    def take(self, column: str, value: str) -> None:
        head, _, rest = column.partition(":")
        if head in ("title", "description", "ingredients", "safety"):
            self._text(head, rest or self.cells.get("language", "") or self.style.language, value, column)
        elif head == "option" and rest:
            self._worded(self.facts.variant.setdefault("options", {}), rest, policy.clean_text(value)[:100])
        elif head == "attribute" and rest:
            self._worded(
                self.facts.product.setdefault("attributes", {}), rest, policy.clean_text(value)[:1000]
            )
        elif head == "manufacturer" and rest:
            self.facts.product.setdefault("manufacturer", {})[rest[:40]] = policy.clean_text(value)[:300]
        elif head == "hs_code" and rest:
            self._code(rest.upper(), value, column)
        elif head == "price":
            self._price(rest, value, column)
        elif handler := getattr(self, f"_take_{column}", None):
            handler(value, column)

    def _text(self, name: str, language: str, value: str, column: str) -> None:
        text = policy.clean_text(value, is_html=self.style.html and name == "description")
        limit = policy.MAX_TITLE if name == "title" else policy.MAX_TEXT
        if len(text) > limit:
            code = "title_too_long" if name == "title" else "text_too_long"
            self.problem(Problem(code, value=text[:60], facts={"length": len(text), "limit": limit}), column)
        elif text:
            self.facts.product.setdefault(name, {})[language.lower()[:12]] = text

    def _worded(self, into: dict[str, Any], name: str, value: str) -> None:
        """`colour` has one value for every language, `colour:en` the value in that one."""
        plain, _, language = name.partition(":")
        if re.fullmatch("[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?", language):
            there = into.get(plain[:60])
            into[plain[:60]] = (there if isinstance(there, dict) else {}) | {language.lower(): value}
        else:
            into[name[:60]] = value

    def _code(self, place: str, value: str, column: str) -> None:
        """The code of a customs area, which begins with the heading: `hs_code:GB`, `hs_code:EU`."""
        digits = re.sub(r"[\s.]", "", value)
        heading = re.sub(r"[\s.]", "", self.cells.get("hs6", ""))[:6] or digits[:6]
        if not re.fullmatch(r"[0-9]{8,10}", digits) or not digits.startswith(heading):
            self.problem(Problem("hs_code_wrong", value=value), column)
        elif place != EUROPEAN_UNION and country_code(place) != place:
            self.problem(Problem("country_unknown", value=place), column)
        else:
            self.facts.product.setdefault("hs_codes", {})[place] = digits

    def _price(self, currency: str, value: str, column: str) -> None:
        found = policy.parse_price(value, self.style.mark)
        if isinstance(found, Problem):
            self.problem(found, column)
        elif found[0] <= 0:
            self.problem(Problem("price_not_positive", value=value), column)
        else:
            self.facts.prices[
                currency.upper() or found[1] or self.cells.get("currency", "").strip().upper()
            ] = found[0]

    def _take_handle(self, value: str, column: str) -> None:
        self.facts.handle = policy.clean_text(value)[:200]

    def _take_sku(self, value: str, column: str) -> None:
        sku = policy.clean_text(value)
        if len(sku) > 100:
            self.problem(Problem("sku_too_long", value=sku), column)
        else:
            self.facts.sku = sku

    def _take_gtin(self, value: str, column: str) -> None:
        found = policy.check_gtin(value)
        if isinstance(found, Problem):
            self.problem(found, column)
        else:
            self.facts.variant["gtin"] = found

    def _take_brand(self, value: str, column: str) -> None:
        self.facts.product["brand"] = policy.clean_text(value)[:120]

    def _take_category(self, value: str, column: str) -> None:
        self.facts.category = policy.clean_text(value)[:300]

    def _take_state(self, value: str, column: str) -> None:
        state = policy.STATES.get(policy.simple(value))
        if state is None:
            self.problem(Problem("state_unknown", value=value), column)
        else:
            self.facts.product["state"] = state

    def _take_condition(self, value: str, column: str) -> None:
        condition = policy.CONDITIONS.get(value.strip().casefold().replace(" ", "_"))
        if condition is None:
            self.problem(
                Problem(
                    "condition_unknown",
                    value=value,
                    facts={"known": ", ".join(sorted(set(policy.CONDITIONS.values())))},
                ),
                column,
            )
        else:
            self.facts.offer["condition"] = condition

    def _take_quantity(self, value: str, column: str) -> None:
        found = policy.parse_whole(value, "quantity_not_whole")
        if isinstance(found, Problem):
            self.problem(found, column)
        elif not 0 <= found <= HIGHEST_QUANTITY:
            self.problem(
                Problem("quantity_out_of_range", value=value, facts={"highest": HIGHEST_QUANTITY}), column
            )
        else:
            self.facts.quantity = found

    def _take_weight(self, value: str, column: str) -> None:
        found = policy.parse_measure(value, policy.GRAMS, self.cells.get("weight_unit", "") or "kg")
        self._measure(found, "weight_g", column)

    def _take_weight_g(self, value: str, column: str) -> None:
        self._measure(policy.parse_measure(value, policy.GRAMS, "g"), "weight_g", column)

    def _take_length(self, value: str, column: str) -> None:
        unit = self.cells.get("size_unit", "") or "cm"
        self._measure(policy.parse_measure(value, policy.MILLIMETRES, unit), f"{column}_mm", column)

    _take_width = _take_height = _take_length

    def _take_length_mm(self, value: str, column: str) -> None:
        self._measure(policy.parse_measure(value, policy.MILLIMETRES, "mm"), column, column)

    _take_width_mm = _take_height_mm = _take_length_mm

    def _measure(self, found: int | Problem, name: str, column: str) -> None:
        if isinstance(found, Problem):
            self.problem(found, column)
        else:
            self.facts.variant[name] = found

    def _take_content(self, value: str, column: str) -> None:
        found = policy.parse_content(value)
        if isinstance(found, Problem):
            self.problem(found, column)
        else:
            self.facts.variant["content_amount"], self.facts.variant["content_unit"] = found

    def _take_hs6(self, value: str, column: str) -> None:
        digits = re.sub(r"[\s.]", "", value)
        if re.fullmatch(r"[0-9]{6,12}", digits):
            self.facts.product["hs6"] = digits[:6]
        else:
            self.problem(Problem("hs6_wrong", value=value), column)

    def _take_origin_country(self, value: str, column: str) -> None:
        code = country_code(value)
        if code is None:
            self.problem(Problem("country_unknown", value=value), column)
        else:
            self.facts.product["origin_country"] = code

    def _take_handling_days(self, value: str, column: str) -> None:
        self._whole(value, column, 365)

    def _take_limit_per_buyer(self, value: str, column: str) -> None:
        self._whole(value, column, 1_000_000)

    def _whole(self, value: str, column: str, highest: int) -> None:
        found = policy.parse_whole(value)
        if isinstance(found, Problem) or not 0 <= found <= highest:
            self.problem(Problem("number_not_whole", value=value), column)
        else:
            self.facts.offer[column] = found

    def _take_vat_goods(self, value: str, column: str) -> None:
        self.facts.product["vat_goods"] = policy.clean_text(value)[:40]

    def _take_image(self, value: str, column: str) -> None:
        parts = re.split(r"\||,\s*(?=https?://)|\n", value)
        self.facts.images = tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))[:20]

    def _take_alt(self, value: str, column: str) -> None:
        self.facts.alt = policy.clean_text(value)[:300]

    def _take_availability(self, value: str, column: str) -> None:
        if policy.simple(value) == "out of stock":
            self.facts.quantity = self.facts.quantity or 0
        elif "quantity" not in self.cells:
            self.line.notes.append("The feed says “in stock” without a quantity: the stock stays as it is.")

    def finish(self) -> None:
        facts = self.facts
        facts.sku = facts.sku or facts.variant.get("gtin", "")
        facts.handle = facts.handle or facts.sku
        if not facts.handle and self.line.row.role != "skipped" and not self.line.problems:
            self.line.problems.append(Problem("no_identifier", column="sku"))


_COUNTRIES: dict[str, str] = {}


def country_code(value: str) -> str | None:
    """The two-letter code of a country given by code or by its English, Spanish, French, German name."""
    if not _COUNTRIES:
        from babel import Locale

        for language in ("en", "es", "fr", "de"):
            for code, name in Locale(language).territories.items():
                if re.fullmatch("[A-Z]{2}", code):
                    _COUNTRIES.setdefault(policy.simple(name), code)
                    _COUNTRIES[code.casefold()] = code
        _COUNTRIES.update({"uk": "GB", "usa": "US"})
    return _COUNTRIES.get(policy.simple(value))


def style_of(feed: Feed, options: Mapping[str, Any], fallback: str) -> Style:
    """How this feed writes: what was said, else what its format fixes, else what its cells show."""
    prices = (
        value
        for row in feed.rows
        for column, value in row.cells.items()
        if column.partition(":")[0] == "price"
    )
    texts = (
        value
        for row in feed.rows
        for column, value in row.cells.items()
        if column in ("title", "description")
    )
    return Style(
        mark=str(options.get("decimal") or "") or feed.decimal or policy.decimal_mark(prices),
        language=str(options.get("language") or "") or policy.guess_language(texts, fallback),
        html=feed.html,
    )


def group_rows(feed: Feed, style: Style) -> tuple[list[Group], list[Line]]:
    """Products in the order of the file, and the lines that belong to none."""
    groups: dict[str, Group] = {}
    loose: list[Line] = []
    by_sku: dict[str, Line] = {}
    for row in feed.rows:
        line = parse_row(row, style)
        if row.role == "skipped" or not line.facts.handle:
            loose.append(line)
            continue
        group = groups.setdefault(line.facts.handle, Group(line.facts.handle))
        group.lines.append(line)
        if row.role == "variant":
            if not line.facts.sku:
                line.facts.sku = line.facts.handle[:100]
            before = by_sku.setdefault(line.facts.sku, line)
            if before is not line:
                _second(line, before)
    return list(groups.values()), loose


def _second(line: Line, before: Line) -> None:
    """A SKU that stood in an earlier row: the same again is a duplicate, something else an error."""
    if line.row.cells == before.row.cells:
        line.status = "same"
        line.notes.append(f"The same as row {before.row.number}.")
    else:
        facts = {"other": before.row.number}
        line.problems.append(Problem("sku_twice", "sku", line.facts.sku, facts))
