"""Writes of the care room: reviews."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from entrepot.care import events
from entrepot.care.commands._steps import _count, _hide, _restrict, _review, _show
from entrepot.care.errors import ReviewUnchanged
from entrepot.care.models import Restriction, Review
from entrepot.care.policy import author_of, check_review_text, check_stars, decide_review
from entrepot.kit import audit
from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid, NotFound
from entrepot.kit.locks import hold
from entrepot.orders.queries.figures import bought_lines


@dataclass(frozen=True, slots=True)
class ReviewDraft:
    """A review of the past, for the pilot's loader: of a delivered line, written `at` then."""

    order_id: int
    position: int
    stars: int
    text: str
    author: str
    language: str
    at: datetime


@command(scope="reviews:write")
def write_review(
    ctx: Context, *, order_id: int, position: int, stars: int, text: str, language: str, author: str = ""
) -> UUID:
    """Say what one thinks of a line of one's own delivered order, once.

    `author` is the person's name; first name and initial are shown.
    Refuses: NotFound (also another person's order), NotDelivered, AlreadyReviewed, ReviewWindowClosed, Invalid.
    """
    line = bought_lines(ctx, [order_id]).get((order_id, position))
    if line is None:
        raise NotFound(what="order")
    hold(f"review:{order_id}:{position}")
    is_reviewed = Review.objects.filter(order_id=order_id, position=position).exists()
    decide_review(delivered_at=line.delivered_at, at=ctx.at, is_reviewed=is_reviewed)
    review = Review.objects.create(
        product_id=line.product_id, seller_id=line.seller_id, order_id=order_id, position=position,
        buyer_id=line.buyer_id, author=author_of(author), market=line.market, language=language[:12],
        stars=check_stars(stars), text=check_review_text(text), at=ctx.at,
    )  # fmt: skip
    _count([(review, 1)])
    ctx.announce(events.ReviewWritten(review.id, review.product_id, review.seller_id, stars, ctx.at))
    return review.id


@command(scope="reviews:load")
def save_reviews(ctx: Context, *, drafts: Sequence[ReviewDraft]) -> int:
    """Write many reviews of delivered lines, for the loader; those written before, or not possible, are left out.

    Returns how many were written. A fixed number of SQL statements.
    """
    lines = bought_lines(ctx, {draft.order_id for draft in drafts})
    keys = {(draft.order_id, draft.position) for draft in drafts}
    known = set(
        Review.objects.filter(order_id__in={order_id for order_id, _ in keys}).values_list(
            "order_id", "position"
        )
    )
    rows = {}
    for draft in drafts:
        line = lines.get((draft.order_id, draft.position))
        if line is None or (draft.order_id, draft.position) in known or not line.delivered_at:
            continue
        if draft.at < line.delivered_at:
            continue
        rows[draft.order_id, draft.position] = Review(
            product_id=line.product_id, seller_id=line.seller_id, order_id=draft.order_id,
            position=draft.position, buyer_id=line.buyer_id, author=author_of(draft.author), market=line.market,
            language=draft.language[:12], stars=check_stars(draft.stars), text=check_review_text(draft.text),
            at=draft.at,
        )  # fmt: skip
    Review.objects.bulk_create(rows.values(), batch_size=1000)
    _count([(review, 1) for review in rows.values()])
    return len(rows)


@command(scope="reviews:moderate")
def hide_review(ctx: Context, *, review_id: UUID, reason: str) -> None:
    """Take a review down for breaking our terms; its author is sent the reason and may complain.

    Refuses: NotFound, ReviewUnchanged, Invalid.
    """
    reason = check_review_text(reason)
    if not 3 <= len(reason) <= 300:
        raise Invalid(field="reason", reason="is needed.", hint="3 to 300 characters: the author reads it.")
    review = _review(review_id)
    if review.hidden_at is not None:
        raise ReviewUnchanged(state="hidden")
    _hide(ctx, review, reason)
    _restrict(ctx, "review_hidden", review=review, basis="terms", clause="", reasons=reason)


@command(scope="reviews:moderate")
def show_review(ctx: Context, *, review_id: UUID) -> None:
    """Show a hidden review again; what restricted it is lifted. Refuses: NotFound, ReviewUnchanged."""
    review = _review(review_id)
    if review.hidden_at is None:
        raise ReviewUnchanged(state="shown")
    _show(ctx, review)
    for row in Restriction.objects.of(ctx).filter(review_id=review_id, lifted_at=None):
        audit.change(ctx, row, lifted_at=ctx.at)


@command(scope="reviews:answer")
def answer_review(ctx: Context, *, review_id: UUID, text: str) -> None:
    """The seller's public answer to a review of its own product; an empty text takes it back.

    Refuses: NotFound (also another seller's), Invalid.
    """
    review = _review(review_id)
    if ctx.actor.seller_id != review.seller_id and ctx.actor.kind != "system":
        raise NotFound(what="review")
    answer = check_review_text(text)
    audit.change(ctx, review, answer=answer, answered_at=ctx.at if answer else None)
