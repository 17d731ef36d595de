"""Reads of the care room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Prefetch, Sum

from entrepot.care.models import (
    Complaint,
    Dispute,
    DisputePhoto,
    Rating,
    Recall,
    RecallLetter,
    Report,
    Restriction,
    Review,
)
from entrepot.care.policy import (
    ENDED,
    GROUNDS,
    HAZARDS,
    MEASURES,
    PHOTOS_AT_ONCE,
    RECALL_KINDS,
    REMEDIES,
    stars_milli,
)
from entrepot.care.tables import first_day_of_buyers, last_day
from entrepot.kit.context import Actor, Context
from entrepot.kit.errors import NotFound
from entrepot.orders.queries.orders import order_view
from entrepot.orders.queries.purchases import buyers_of_product

MOST_PHOTOS = PHOTOS_AT_ONCE
REPORT_GROUNDS, REPORT_MEASURES = GROUNDS, MEASURES
RECALL_CHOICES = {"kinds": RECALL_KINDS, "hazards": HAZARDS, "remedies": REMEDIES}
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


def review_shown(product_id: UUID, review_id: UUID) -> ReviewView:
    """One review of a product that shoppers see. Refuses: NotFound."""
    row = Review.objects.filter(pk=review_id, product_id=product_id, hidden_at=None).first()
    if row is None:
        raise NotFound(what="review")
    return _view(row)


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
    return _disputes(Dispute.objects.of(_house(ctx)).filter(order_id=order_id), 50)


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


@dataclass(frozen=True, slots=True)
class ComplaintView:
    """A complaint about a decision; `is_upheld` None: not decided yet."""

    id: UUID
    text: str
    made_at: datetime
    due_on: date
    is_upheld: bool | None
    answer: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report of a product (or of a review of it) and its decision; `measure` empty: not decided yet.

    `contest_until`: the last day to complain about the decision, None when no complaint is possible now.
    """

    id: UUID
    token: str
    kind: str
    product_id: UUID
    seller_id: UUID
    review_id: UUID | None
    ground: str
    place: str
    text: str
    name: str
    email: str
    market: str
    reported_at: datetime
    due_on: date
    measure: str
    reasons: str
    decided_at: datetime | None
    decided_by: str
    complaint: ComplaintView | None
    contest_until: date | None


@dataclass(frozen=True, slots=True)
class RestrictionView:
    """What was taken from whom, and why. `report_id` None: found by ourselves; `contest_until` as at a report."""

    id: UUID
    token: str
    report_id: UUID | None
    measure: str
    product_id: UUID | None
    review_id: UUID | None
    seller_id: UUID | None
    basis: str
    clause: str
    reasons: str
    is_automated: bool
    made_at: datetime
    made_by: str
    lifted_at: datetime | None
    complaint: ComplaintView | None
    contest_until: date | None


def report_by_token(ctx: Context, token: str) -> ReportView:
    """A report for whoever holds its secret link. Refuses: NotFound."""
    row = Report.objects.of(_house(ctx)).filter(token=token).select_related("complaint").first()
    if row is None:
        raise NotFound(what="report")
    return _report(ctx, row)


def restriction_by_token(ctx: Context, token: str) -> RestrictionView:
    """A restriction for whoever holds its secret link. Refuses: NotFound."""
    row = Restriction.objects.of(_house(ctx)).filter(token=token).select_related("complaint").first()
    if row is None:
        raise NotFound(what="decision")
    return _restriction(ctx, row)


def reports_of(ctx: Context, *, is_open: bool | None = None, limit: int = 100) -> list[ReportView]:
    """The asker's own reports, or every one for the house: what is due soonest first, then the newest decided."""
    rows = Report.objects.of(ctx).select_related("complaint")
    if is_open is not None:
        rows = rows.filter(decided_at__isnull=is_open)
    found = rows.order_by(F("decided_at").desc(nulls_first=True), "due_on", "id")[:limit]
    return [_report(ctx, row) for row in found]


def restrictions_of(ctx: Context, *, limit: int = 100) -> list[RestrictionView]:
    """What restricts the asker's shop or reviews, or everybody for the house: what holds first, then the newest lifted."""
    rows = Restriction.objects.of(ctx).select_related("complaint")
    found = rows.order_by(F("lifted_at").desc(nulls_first=True), "-made_at", "-id")[:limit]
    return [_restriction(ctx, row) for row in found]


def complaints_waiting(ctx: Context) -> list[tuple[ComplaintView, ReportView | RestrictionView]]:
    """Complaints to decide with what they are about, the oldest first; operators and the system only, else empty."""
    if ctx.actor.kind not in ("operator", "system"):
        return []
    rows = Complaint.objects.filter(decided_at=None).select_related("report", "restriction")
    found: list[tuple[ComplaintView, ReportView | RestrictionView]] = []
    for row in rows.order_by("due_on", "id")[:100]:
        if row.report is not None:
            found.append((_complaint(row), _report(ctx, row.report)))
        elif row.restriction is not None:
            found.append((_complaint(row), _restriction(ctx, row.restriction)))
    return found


def open_reports_count(ctx: Context) -> int:
    """How many reports and complaints wait for a decision; operators and the system only, else 0."""
    if ctx.actor.kind not in ("operator", "system"):
        return 0
    waiting = Report.objects.of(ctx).filter(decided_at=None).count()
    return int(waiting) + Complaint.objects.filter(decided_at=None).count()


def _report(ctx: Context, row: Report) -> ReportView:
    return _decision(ReportView, ctx, row, row.decided_at)


def _restriction(ctx: Context, row: Restriction) -> RestrictionView:
    return _decision(RestrictionView, ctx, row, row.made_at)


def _decision(view: Any, ctx: Context, row: Any, decided_at: datetime | None) -> Any:
    complaint = getattr(row, "complaint", None)
    values = {name: getattr(row, name) for name in view.__dataclass_fields__ if hasattr(row, name)}
    until = last_day("complaint_open", decided_at.date(), "") if decided_at and not complaint else None
    values["complaint"] = _complaint(complaint) if complaint else None
    return view(**values | {"contest_until": until if until and ctx.at.date() <= until else None})


def _complaint(row: Complaint) -> ComplaintView:
    return ComplaintView(**{name: getattr(row, name) for name in ComplaintView.__dataclass_fields__})


def _house(ctx: Context) -> Context:
    return replace(ctx, actor=Actor("system", "Entrepot"))


@dataclass(frozen=True, slots=True)
class RecallView:
    """A recall as everybody may read it; `details` by language, `told_at` None while letters are being written."""

    id: UUID
    product_id: UUID
    seller_id: UUID
    kind: str
    hazard: str
    batches: str
    sold_from: date | None
    sold_to: date | None
    remedies: tuple[str, ...]
    details: Mapping[str, str]
    email: str
    phone: str
    started_at: datetime
    told_at: datetime | None


@dataclass(frozen=True, slots=True)
class BuyersToTell:
    """Whom a recall would write to: how many mailboxes, in which languages, and which orders have not left yet."""

    count: int
    languages: tuple[str, ...]
    unsent: tuple[int, ...]


def buyers_to_tell(
    ctx: Context, product_id: UUID, kind: str, since: date | None, until: date | None
) -> BuyersToTell:
    """Whom a recall of this kind would write to, the whole list once through; operators and the system only, else nobody.

    A `recall`: buyers from `since` to `until` (None: ever); `unlawful`: those of the last six months.
    """
    if kind == "unlawful":
        since, until = first_day_of_buyers(ctx.at.date()), None
    emails: set[str] = set()
    languages: set[str] = set()
    unsent: list[int] = []
    after = 0
    while ctx.actor.kind in ("operator", "system"):
        rows = buyers_of_product(_house(ctx), product_id, since=since, until=until, after=after, limit=5_000)
        emails.update(row.email.lower() for row in rows)
        languages.update(row.language for row in rows if row.email)
        unsent += [row.order_id for row in rows if not row.is_sent]
        if len(rows) < 5_000:
            break
        after = rows[-1].order_id
    return BuyersToTell(len(emails - {""}), tuple(sorted(languages)), tuple(unsent))


def recalls(*, limit: int = 100) -> list[RecallView]:
    """Every recall, the newest first."""
    return [_recall(row) for row in Recall.objects.order_by("-started_at", "-id")[:limit]]


def recall_by_id(recall_id: UUID) -> RecallView:
    """One recall. Refuses: NotFound."""
    row = Recall.objects.filter(pk=recall_id).first()
    if row is None:
        raise NotFound(what="recall")
    return _recall(row)


def recalls_by_product(product_ids: Iterable[UUID]) -> dict[UUID, RecallView]:
    """The newest recall of each of these products, one SQL statement; others are absent."""
    rows = Recall.objects.filter(product_id__in=set(product_ids)).order_by("started_at", "id")
    return {row.product_id: _recall(row) for row in rows}


def recalls_to_tell() -> list[UUID]:
    """Recalls whose letters are not all written."""
    return list(Recall.objects.filter(told_at=None).order_by("id").values_list("id", flat=True)[:20])


def letters_of_recalls(ctx: Context, recall_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many buyers were written to, by recall; operators and the system only, else none. One SQL statement."""
    if ctx.actor.kind not in ("operator", "system"):
        return {}
    rows = (
        RecallLetter.objects.filter(recall_id__in=set(recall_ids)).values("recall_id").annotate(n=Count("id"))
    )
    return dict(rows.values_list("recall_id", "n"))


def _recall(row: Recall) -> RecallView:
    values = {name: getattr(row, name) for name in RecallView.__dataclass_fields__}
    return RecallView(**values | {"remedies": tuple(row.remedies)})
