"""The address of a list and what it asks for: filters, order and page, read from the query and written back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import urlencode

from django.http import QueryDict

SORTS = ("best", "price", "price_down", "new", "rating", "sold")
MOST_VALUES = 20
LONGEST = 80


@dataclass(frozen=True, slots=True)
class Wish:
    """What the shopper asked of a list. Prices are whole minor units; every field has its place in the address."""

    text: str = ""
    sort: str = "best"
    after: str = ""
    price_from: int | None = None
    price_to: int | None = None
    by: date | None = None
    sellers: tuple[str, ...] = ()
    seller_types: tuple[str, ...] = ()
    made_in: tuple[str, ...] = ()
    is_duty_included: bool = False
    is_from_eu: bool = False
    is_in_stock: bool = False
    four_stars: bool = False
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_filtered(self) -> bool:
        """Whether anything narrows the list (order and page do not)."""
        return replace(self, text="", sort="best", after="") != Wish()

    def without_page(self) -> Wish:
        """The same list from its beginning."""
        return replace(self, after="")

    def query(self) -> str:
        """The part of the address from `?`; empty when nothing differs from the plain list."""
        pairs: list[tuple[str, str]] = []
        for name, words in (("q", self.text), ("sort", "" if self.sort == "best" else self.sort)):
            if words:
                pairs.append((name, words))
        for name, minor in (("min", self.price_from), ("max", self.price_to)):
            if minor is not None:
                pairs.append((name, _major(minor)))
        if self.by:
            pairs.append(("by", self.by.isoformat()))
        for name, values in (("shop", self.sellers), ("type", self.seller_types), ("made", self.made_in)):
            pairs += [(name, value) for value in values]
        for name, is_on in (
            ("duty", self.is_duty_included),
            ("eu", self.is_from_eu),
            ("stock", self.is_in_stock),
            ("stars", self.four_stars),
        ):
            if is_on:
                pairs.append((name, "1"))
        pairs += [(f"a.{name}", value) for name, values in self.attributes.items() for value in values]
        if self.after:
            pairs.append(("after", self.after))
        return f"?{urlencode(pairs)}" if pairs else ""


def read_wish(query: QueryDict) -> Wish:
    """The wish behind an address; what cannot be understood is left out, a list never fails for it."""
    attributes = {
        name[2:][:LONGEST]: tuple(dict.fromkeys(value[:LONGEST] for value in query.getlist(name) if value))[
            :MOST_VALUES
        ]
        for name in list(query)[:60]
        if name.startswith("a.") and len(name) > 2
    }
    sort = query.get("sort", "")
    return Wish(
        text=" ".join(query.get("q", "").replace("\0", "").split())[:120],
        sort=sort if sort in SORTS else "best",
        after=query.get("after", "")[:200],
        price_from=_minor(query.get("min", "")),
        price_to=_minor(query.get("max", "")),
        by=_day(query.get("by", "")),
        sellers=_values(query, "shop"),
        seller_types=tuple(value for value in _values(query, "type") if value in ("company", "private")),
        made_in=tuple(value for value in _values(query, "made") if len(value) == 2 and value.isalpha()),
        is_duty_included=query.get("duty") == "1",
        is_from_eu=query.get("eu") == "1",
        is_in_stock=query.get("stock") == "1",
        four_stars=query.get("stars") == "1",
        attributes={name: values for name, values in attributes.items() if values},
    )


def _values(query: QueryDict, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value[:LONGEST] for value in query.getlist(name)[:MOST_VALUES] if value))


def _minor(text: str) -> int | None:
    """`12`, `12,5` or `12.50` in whole currency units as minor units of two digits; None when it is no amount."""
    whole, _, part = text.strip().replace(",", ".").partition(".")
    if not (whole.isascii() and whole.isdigit() and len(whole) <= 7) or (
        part and not (part.isascii() and part.isdigit())
    ):
        return None
    return int(whole) * 100 + int((part + "00")[:2])


def _major(minor: int) -> str:
    whole, part = divmod(minor, 100)
    return f"{whole}.{part:02d}" if part else str(whole)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
