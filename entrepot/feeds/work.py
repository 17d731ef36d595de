"""A run's file, read and grouped: kept for the parts of one import, so that a file is read once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from entrepot.catalog.queries import categories
from entrepot.compliance.queries import SellerFacts
from entrepot.feeds.formats.reader import is_picture, read_feed
from entrepot.feeds.models import Remembered, Run
from entrepot.feeds.parse import Group, Line, group_rows, style_of
from entrepot.feeds.plan import Terms, digest_of, market_terms
from entrepot.feeds.rows import Feed
from entrepot.feeds.store import kept_files
from entrepot.inventory.queries import locations_of
from entrepot.kit.bulk import without_cycle_search
from entrepot.kit.context import Context
from entrepot.markets.errors import UnknownMarket
from entrepot.markets.queries import pack
from entrepot.parties.queries import SellerView, sellers_by_id

_ASKED = (
    "country", "legal_name", "trader_type", "address", "postcode", "city", "email", "phone", "register_no", "vat_no",
    "eori", "responsible_person",
)  # fmt: skip
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


_last: dict[str, Any] = {"read": None, "feed": None, "pictures": {}, "planned": None, "work": None}


def work_of(run: Run, *, fresh: bool = False) -> Work:
    """The run's file as this process read it last, or read anew. Refuses: FileRefused, ColumnsUnknown.

    Rows carry verdicts, so each part is planned once: `fresh` groups the rows anew, as does another state of the run.
    """
    read = (run.id, str(run.mapping))
    if _last["read"] != read:
        forget_work()
        files = kept_files(run.id)
        with without_cycle_search():
            feed = read_feed(files, run.mapping)
        pictures = {file.name: file.content for file in files[1:] if is_picture(file)}
        _last.update(read=read, feed=feed, pictures=pictures)
    planned = (run.id, run.state, str(run.mapping), str(run.options))
    if fresh or _last["planned"] != planned:
        feed = _last["feed"]
        style = style_of(feed, run.options, pack(run.options["market"]).default_language)
        groups, loose = group_rows(feed, style)
        _last.update(planned=planned, work=Work(feed, groups, loose, _last["pictures"], style.language))
    work: Work = _last["work"]
    return work


def forget_work() -> None:
    """Free the memory of the file read last."""
    _last.update(read=None, feed=None, pictures={}, planned=None, work=None)


def terms_of(ctx: Context, run: Run, work: Work) -> Terms:
    """What holds for the whole run."""
    market, currency = market_terms(run.options["market"])
    remembered = Remembered.objects.of(ctx).filter(seller_id=run.seller_id, signature=run.signature).first()
    places = locations_of(ctx, run.seller_id)
    wanted = run.options.get("location") or ""
    place = next((one for one in places if one.code == wanted), places[0] if places and not wanted else None)
    said: dict[str, str] = dict(remembered.categories) if remembered is not None else {}
    tree = categories()
    seller = sellers_by_id([run.seller_id])[run.seller_id]
    seller_currency = _currency_of(seller.country) or currency
    return Terms(
        seller_id=run.seller_id,
        market=market,
        currency=currency,
        own_currency=run.options.get("currency") or (currency if seller_currency == currency else ""),
        seller_currency=seller_currency,
        on=date.fromisoformat(run.options["rates_on"]),
        location_id=place.id if place is not None else None,
        tree=tree,
        seller=SellerFacts(**{name: getattr(seller, name) for name in _ASKED}),
        ships_from=seller.ships_from_country,
        today=ctx.at.date(),
        defaults=_defaults_of(run, seller),
        default_category=run.options.get("category") or "",
        categories={text: slug for text, slug in said.items() if slug in tree.by_slug}
        | dict(run.options.get("categories") or {}),
        category_names=work.feed.category_names,
        pictures={name: digest_of(content) for name, content in work.pictures.items()},
        set_stock=bool(run.options.get("set_stock")),
    )


def _defaults_of(run: Run, seller: SellerView) -> dict[str, Any]:
    """What stands for goods that do not say; “maker: self” is the seller's own name and address."""
    said = dict(run.options.get("defaults") or {})
    if said.pop("maker", None):
        said["manufacturer"] = {
            "name": seller.legal_name,
            "address": f"{seller.address}, {seller.postcode} {seller.city}",
            "email": seller.email,
            "country": seller.country,
        }
    return said


def _currency_of(country: str) -> str:
    try:
        return pack(country).currency
    except UnknownMarket:
        return ""


def run_key(run_id: UUID) -> str:
    """The lock that keeps two processes from the same run."""
    return f"feeds:run:{run_id}"
