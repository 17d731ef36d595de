"""Reads of the care room."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Sum

from entrepot.care.models import Dispute, DisputePhoto, Rating, Review
from entrepot.care.policy import ENDED, PHOTOS_AT_ONCE, stars_milli
from entrepot.kit.context import Actor, Context
from entrepot.kit.errors import NotFound
from entrepot.orders.queries.orders import order_view

MOST_PHOTOS = PHOTOS_AT_ONCE
_COLUMNS = ("one", "two", "three", "four", "five")


@dataclass(frozen=True, slots=True)
class RatingView:
    """Stars of a product or a shop: their number, the mean in thousandths, and how many have one to five."""

    count: int
    stars_milli: int
    counts: tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A review as shoppers see it."""

    id: UUID
    product_id: UUID
    author: str
    market: str
    language: str
    stars: int
    text: str
    at: datetime
    answer: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """One page of reviews, newest first; `next_cursor` is empty on the last one."""

    reviews: tuple[ReviewView, ...]
    next_cursor: str


@dataclass(frozen=True, slots=True)
class ReviewDesk:
    """A review as operators see it."""

    review: ReviewView
    seller_id: UUID
    order_id: int
    hidden_at: datetime | None
    hidden_reason: str


def ratings_by_product(product_ids: Iterable[UUID]) -> dict[UUID, RatingView]:
    """Stars of these products in one SQL statement; products without a review are absent."""
    rows = Rating.objects.filter(pk__in=set(product_ids))
    found = {row.product_id: _rating((row.one, row.two, row.three, row.four, row.five)) for row in rows}
    return {product_id: rating for product_id, rating in found.items() if rating.count}


def ratings_by_seller(seller_ids: Iterable[UUID]) -> dict[UUID, RatingView]:
    """Stars over all products of these sellers in one SQL statement; sellers without a review are absent."""
    rows = (
        Rating.objects.filter(seller_id__in=set(seller_ids))
        .values("seller_id")
        .annotate(*(Sum(name) for name in _COLUMNS))
        .values_list("seller_id", *(f"{name}__sum" for name in _COLUMNS))
    )
    found = {row[0]: _rating((row[1], row[2], row[3], row[4], row[5])) for row in rows}
    return {seller_id: rating for seller_id, rating in found.items() if rating.count}


def reviews_of_product(product_id: UUID, *, cursor: str = "", limit: int = 10) -> ReviewPage:
    """Shown reviews of a product, newest first. An unreadable cursor starts at the beginning."""
    rows = Review.objects.filter(product_id=product_id, hidden_at=None).order_by("-at", "-id")
    before = _read_cursor(cursor)
    if before is not None:
        rows = rows.filter(at__lte=before[0]).exclude(at=before[0], id__gte=before[1])
    found = list(rows[: limit + 1])
    more = found[limit:] and found[limit - 1]
    return ReviewPage(
        tuple(_view(row) for row in found[:limit]),
        f"{more.at.timestamp()!r}_{more.id.hex}" if more else "",
    )


def reviewed_positions(ctx: Context, order_id: int) -> set[int]:
    """The lines of one of the asker's own orders that have a review already."""
    if ctx.actor.party_id is None:
        return set()
    rows = Review.objects.filter(order_id=order_id, buyer_id=ctx.actor.party_id)
    return set(rows.values_list("position", flat=True))


def reviews_for_desk(ctx: Context, *, limit: int = 50) -> list[ReviewDesk]:
    """The newest reviews: all for operators, their own for a seller's staff, none for anyone else."""
    rows = Review.objects.order_by("-at", "-id")
    if ctx.actor.seller_id:
        rows = rows.filter(seller_id=ctx.actor.seller_id)
    elif ctx.actor.kind not in ("operator", "system"):
        return []
    return [
        ReviewDesk(_view(row), row.seller_id, row.order_id, row.hidden_at, row.hidden_reason)
        for row in rows[:limit]
    ]


def _rating(counts: tuple[int, int, int, int, int]) -> RatingView:
    return RatingView(sum(counts), stars_milli(counts), counts)


def _view(row: Review) -> ReviewView:
    return ReviewView(**{name: getattr(row, name) for name in ReviewView.__dataclass_fields__})


def _read_cursor(cursor: str) -> tuple[datetime, UUID] | None:
    from datetime import UTC

    at, _, tail = cursor.partition("_")
    try:
        return datetime.fromtimestamp(float(at), UTC), UUID(hex=tail)
    except (ValueError, OverflowError, OSError):
        return None


@dataclass(frozen=True, slots=True)
class DisputeNoteView:
    """What was said: who (`buyer`, `seller`, `operator`, `system`), what they did, their words."""

    at: datetime
    verb: str
    actor_kind: str
    text: str
    photos: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class DisputeView:
    """A dispute; amounts in minor units of `currency`. `answer_by`: until when the other side has time."""

    id: UUID
    order_id: int
    seller_id: UUID
    reason: str
    state: str
    currency: str
    asked_minor: int
    offer_minor: int
    refund_minor: int
    opened_at: datetime
    answer_by: datetime
    ended_at: datetime | None
    notes: tuple[DisputeNoteView, ...]


def disputes_of_order(ctx: Context, order_id: int, *, token: str = "") -> list[DisputeView]:
    """The disputes about an order the asker may see, newest first. Refuses: NotFound."""
    order_view(ctx, order_id=order_id, token=token)
    house = replace(ctx, actor=Actor("system", "Entrepot"))
    return _disputes(Dispute.objects.of(house).filter(order_id=order_id), 50)


def disputes_of(ctx: Context, *, is_open: bool = False, limit: int = 100) -> list[DisputeView]:
    """A seller's disputes, or every one for the house: what waits longest first, then the newest ended."""
    rows = Dispute.objects.of(ctx)
    if is_open:
        rows = rows.exclude(state__in=ENDED)
    found = _disputes(rows, limit)
    return sorted(
        found,
        key=lambda one: (one.state in ENDED, one.answer_by if one.state not in ENDED else one.opened_at),
    )


def dispute_photo(ctx: Context, photo_id: UUID, *, token: str = "") -> bytes:
    """A photo of a dispute as JPEG: for the order's buyer and seller, and operators who decide. Refuses: NotFound."""
    row = DisputePhoto.objects.select_related("note__dispute").filter(id=photo_id).first()
    if row is None or (ctx.actor.kind == "operator" and not ctx.may("disputes:write")):
        raise NotFound(what="photo")
    order_view(ctx, order_id=row.note.dispute.order_id, token=token)  # NotFound for everybody else's
    return bytes(row.body)


def _disputes(rows: Any, limit: int) -> list[DisputeView]:
    photos = Prefetch("notes__photos", DisputePhoto.objects.only("id", "note_id"))
    return [
        DisputeView(
            row.id,
            row.order_id,
            row.seller_id,
            row.reason,
            row.state,
            row.currency,
            row.asked_minor,
            row.offer_minor,
            row.refund_minor,
            row.opened_at,
            row.answer_by,
            row.ended_at,
            tuple(
                DisputeNoteView(
                    note.at,
                    note.verb,
                    note.actor_kind,
                    note.text,
                    tuple(sorted(photo.id for photo in note.photos.all())),
                )
                for note in sorted(row.notes.all(), key=lambda note: (note.at, note.id))
            ),
        )
        for row in rows.prefetch_related("notes", photos).order_by("-opened_at", "-id")[:limit]
    ]
