"""A run's file, read and grouped: kept for the parts of one import, so that a file is read once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from entrepot.catalog.queries import categories
from entrepot.feeds.formats.reader import is_picture, read_feed
from entrepot.feeds.models import Remembered, Run
from entrepot.feeds.parse import Group, Line, group_rows, style_of
from entrepot.feeds.plan import Terms, digest_of, market_terms
from entrepot.feeds.rows import Feed
from entrepot.feeds.store import kept_files
from entrepot.inventory.queries import locations_of
from entrepot.kit.context import Context
from entrepot.markets.queries import pack

PART = 500  # products of one transaction
Tell = Callable[[int, int], None]  # done, total


@dataclass(slots=True)
class Work:
    """What the parts of a run share."""

    feed: Feed
    groups: list[Group]
    loose: list[Line]
    pictures: dict[str, bytes]
    language: str

    @property
    def parts(self) -> int:
        return max(1, -(-len(self.groups) // PART))

    def part(self, number: int) -> list[Group]:
        return self.groups[number * PART : (number + 1) * PART]


_last: dict[str, Any] = {"key": None, "work": None}


def work_of(run: Run, *, fresh: bool = False) -> Work:
    """The run's file, read anew or as this process read it last. Refuses: FileRefused, ColumnsUnknown.

    Rows carry verdicts: a part is planned once, so the check reads anew and applying reads anew.
    """
    key = (run.id, run.state, str(run.mapping), str(run.options))
    if fresh or _last["key"] != key:
        files = kept_files(run.id)
        feed = read_feed(files, run.mapping)
        style = style_of(feed, run.options, pack(run.options["market"]).default_language)
        groups, loose = group_rows(feed, style)
        pictures = {file.name: file.content for file in files[1:] if is_picture(file.content)}
        _last.update(key=key, work=Work(feed, groups, loose, pictures, style.language))
    work: Work = _last["work"]
    return work


def forget_work() -> None:
    """Free the memory of the file read last."""
    _last.update(key=None, work=None)


def terms_of(ctx: Context, run: Run, work: Work) -> Terms:
    """What holds for the whole run."""
    market, currency = market_terms(run.options["market"])
    remembered = Remembered.objects.of(ctx).filter(seller_id=run.seller_id, signature=run.signature).first()
    places = locations_of(ctx, run.seller_id)
    wanted = run.options.get("location") or ""
    place = next((one for one in places if one.code == wanted), places[0] if places and not wanted else None)
    said: dict[str, str] = dict(remembered.categories) if remembered is not None else {}
    tree = categories()
    return Terms(
        seller_id=run.seller_id,
        market=market,
        currency=currency,
        own_currency=run.options.get("currency") or currency,
        on=date.fromisoformat(run.options["rates_on"]),
        location_id=place.id if place is not None else None,
        tree=tree,
        default_category=run.options.get("category") or "",
        categories={text: slug for text, slug in said.items() if slug in tree.by_slug}
        | dict(run.options.get("categories") or {}),
        category_names=work.feed.category_names,
        pictures={name: digest_of(content) for name, content in work.pictures.items()},
        set_stock=bool(run.options.get("set_stock")),
    )


def run_key(run_id: UUID) -> str:
    """The lock that keeps two processes from the same run."""
    return f"feeds:run:{run_id}"
