"""The index of a market on disk: its fields, one writer at a time, readers that notice a new commit by themselves."""

from __future__ import annotations

import fcntl
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import tantivy
from django.conf import settings

from entrepot.search import policy

VERSION = 4  # a change of the fields below is another directory
KEYS = ("k_rank", "k_price", "k_new", "k_rating", "k_sold")  # sort keys: value << 32 | tie
NUMBERS = ("price", "rating", "in_stock", "ships_eu", "made_eu", "duties_in", "tie", "id_high", "id_low")
WORDS = (
    "category",
    "seller",
    "seller_type",
    "origin_country",
    "ships_from",
    "origin",
    "condition",
    "attribute",
)
OTHER = "xx"  # texts in languages without a field of their own
_HEAP = 32_000_000


@dataclass(slots=True)
class Shelf:
    """An opened index: `searcher` sees the last commit; `languages` have fields of their own."""

    market: str
    languages: tuple[str, ...]
    index: tantivy.Index
    searcher: tantivy.Searcher
    stamp: tuple[int, int]


_open: dict[str, Shelf] = {}


def languages_of(official: Iterable[str]) -> tuple[str, ...]:
    """Languages with stemmed fields in a market's index: the country's own, English and Spanish."""
    named = {language.split("-")[0] for language in official} | {"en", "es"}
    return tuple(sorted(named & policy.STEMMED))


def schema_of(languages: Sequence[str]) -> tantivy.Schema:
    """The fields. Texts come ready cut into words, so every text field splits at spaces only."""
    build = tantivy.SchemaBuilder()
    for language in (*languages, OTHER):
        build.add_text_field(f"title_{language}", tokenizer_name="whitespace", index_option="freq")
        build.add_text_field(f"head_{language}", tokenizer_name="whitespace", index_option="basic")
        build.add_text_field(f"body_{language}", tokenizer_name="whitespace", index_option="freq")
        build.add_text_field(f"spoken_{language}", tokenizer_name="whitespace", index_option="basic")
    for name in ("brand", "shelf", "plain", "codes"):
        build.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    build.add_text_field("product", tokenizer_name="raw", index_option="basic")
    for name in (*WORDS, *(f"attribute_{language}" for language in languages)):
        build.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    for name in (*NUMBERS, *KEYS):
        build.add_unsigned_field(name, indexed=True, fast=True)
    return build.build()


def home_of(market: str) -> Path:
    """Where a market's index lies."""
    return Path(settings.ENTREPOT_HOME) / "search" / f"{market.lower()}-v{VERSION}"


def made_mark(market: str) -> str:
    """The name under which it is kept that a market's index was made whole in this version."""
    return f"index-{market}-{VERSION}"


def is_made(market: str) -> bool:
    """Whether the files of a market's index are there."""
    return (home_of(market) / "meta.json").exists()


def open_shelf(market: str, official: Iterable[str]) -> Shelf:
    """The market's index as of its last commit. A look at one file's time notices a new one; cheap on every call."""
    home = home_of(market)
    shelf = _open.get(str(home))
    try:
        found = (home / "meta.json").stat()
        stamp = (found.st_mtime_ns, found.st_ino)
    except FileNotFoundError:
        stamp, shelf = (0, 0), None
    if shelf is None:
        home.mkdir(parents=True, exist_ok=True)
        languages = languages_of(official)
        index = tantivy.Index(schema_of(languages), path=str(home))
        index.register_tokenizer(
            "whitespace", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        )
        index.config_reader("manual")
        index.reload()
        shelf = _open[str(home)] = Shelf(market, languages, index, index.searcher(), stamp)
    elif shelf.stamp != stamp:
        shelf.index.reload()
        shelf.searcher, shelf.stamp = shelf.index.searcher(), stamp
    return shelf


@contextmanager
def writing(shelf: Shelf) -> Iterator[tantivy.IndexWriter]:
    """One writer at a time over all processes; commits at the end, or leaves the index as it was."""
    with (home_of(shelf.market).parent / f"{shelf.market.lower()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        writer = shelf.index.writer(_HEAP, 1)
        try:
            yield writer
            writer.commit()
            writer.wait_merging_threads()
        except BaseException:
            writer.rollback()
            raise


def forget_shelves() -> None:
    """Close every index this process holds open."""
    _open.clear()


def split_id(product_id: UUID) -> tuple[int, int]:
    """A UUID as two unsigned 64-bit numbers, the way it lies in the index."""
    return product_id.int >> 64, product_id.int & ((1 << 64) - 1)


def join_id(high: int, low: int) -> UUID:
    """Back from `split_id`."""
    return UUID(int=(high << 64) | low)
