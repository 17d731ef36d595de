"""What every format becomes: rows of named cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Role = Literal["variant", "product", "extra", "skipped"]


@dataclass(frozen=True, slots=True)
class FeedFile:
    """A file as it was sent. Its name only says what it may be; nothing is stored under it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is refused: rule code, the column and value at fault, and facts for the sentence."""

    code: str
    column: str = ""
    value: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class SourceRow:
    """A row of a feed: `number` as a person counts it, `cells` by our column names (blank ones left out).

    `role`: a variant with its product's fields; a product row without a variant; an extra line of the variant before
    (another picture, another currency); or a line that says nothing about goods.
    """

    number: int
    cells: dict[str, str]
    raw: tuple[str, ...] = ()
    role: Role = "variant"
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Feed:
    """A feed read whole. `columns` are theirs (for the result file); `decimal` is the mark prices are written with.

    `lines` is how many lines the file had when rows stand for several of them (order lines → articles).
    """

    format: str
    columns: list[str]
    rows: list[SourceRow]
    mapping: dict[str, str] = field(default_factory=dict)
    decimal: str = ""
    notes: list[str] = field(default_factory=list)
    lines: int = 0
    duplicates: int = 0
    html: bool = False  # descriptions hold HTML
    category_names: dict[str, str] = field(default_factory=dict)  # their category key → its name
