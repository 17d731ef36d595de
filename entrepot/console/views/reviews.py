"""Reviews: take one down with a reason, show it again."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from entrepot.care.commands import hide_review, show_review
from entrepot.care.queries import reviews_for_desk
from entrepot.console.desk import desk, show
from entrepot.kit.errors import NotFound
from entrepot.parties.queries import sellers_by_id
from entrepot.storefront.web import attempt, context_of


def _review_list(request: HttpRequest, why: str = "") -> HttpResponse:
    reviews = reviews_for_desk(context_of(request), limit=100)
    names = sellers_by_id({row.seller_id for row in reviews})
    return show(request, "reviews.jinja", {"reviews": reviews, "names": names, "why": why})


@desk(scope="reviews:moderate")
def review_list(request: HttpRequest) -> HttpResponse:
    """The newest hundred."""
    return _review_list(request)


@desk(scope="reviews:moderate", methods="POST")
def review_decide(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """Hide with a reason, or show again."""
    ctx, wish = context_of(request), request.POST.get("do", "")
    if wish not in ("hide", "show"):
        raise NotFound(what="action")

    def run() -> None:
        if wish == "hide":
            hide_review(ctx, review_id=review_id, reason=request.POST.get("reason", ""))
        else:
            show_review(ctx, review_id=review_id)

    return attempt(
        run,
        then="/console/reviews/",
        done=f"review_{wish}",
        again=lambda why: _review_list(request, why),
    )
