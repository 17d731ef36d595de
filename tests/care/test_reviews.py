"""Reviews: by the buyer, of what was delivered, once; counted in one statement."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from entrepot.care import commands, queries
from entrepot.care.errors import AlreadyReviewed, NotDelivered, ReviewUnchanged
from entrepot.care.models import Rating, Review
from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid, NotAllowed, NotFound
from entrepot.kit.ids import new_id
from tests import make
from tests.order_rows import order

pytestmark = pytest.mark.django_db
WHAT: dict[str, Any] = {
    "position": 0,
    "stars": 5,
    "text": "Muy bueno",
    "language": "es",
    "author": "Ana Prueba",
}


def delivered(
    buyer: Context, product_id: UUID | None = None, seller_id: UUID | None = None, days: int = 3
) -> int:
    then = make.NOW - timedelta(days=days)
    return order(
        seller_id=seller_id or make.seller(), buyer_id=buyer.actor.party_id or new_id(), at=then, state="delivered",
        paid_at=then, shipped_at=then, delivered_at=then, product_id=product_id,
    ).id  # fmt: skip


def test_a_buyer_reviews_a_delivered_line_once() -> None:
    ana, product_id = make.buyer(), new_id()
    order_id = delivered(ana, product_id)
    commands.write_review(ana, order_id=order_id, **WHAT)
    with pytest.raises(AlreadyReviewed):
        commands.write_review(ana, order_id=order_id, **WHAT | {"stars": 1})
    assert queries.ratings_by_product([product_id])[product_id] == queries.RatingView(
        1, 5_000, (0, 0, 0, 0, 1)
    )
    (review,) = queries.reviews_of_product(product_id).reviews
    assert (review.author, review.text, review.stars) == ("Ana P.", "Muy bueno", 5)
    assert queries.reviewed_positions(ana, order_id) == {0}


def test_nobody_reviews_anothers_order_or_an_undelivered_one() -> None:
    ana, eva = make.buyer(), make.buyer()
    order_id = delivered(ana)
    on_its_way = order(
        seller_id=make.seller(), buyer_id=ana.actor.party_id or new_id(), at=make.NOW, state="shipped"
    )
    refused: list[tuple[Context, int, type[Exception]]] = [
        (eva, order_id, NotFound),
        (ana, order_id + 1_000, NotFound),
        (make.visitor(), order_id, NotAllowed),
        (make.staff(make.seller()), order_id, NotAllowed),
        (make.operator(), order_id, NotAllowed),
        (ana, on_its_way.id, NotDelivered),
    ]
    for ctx, number, error in refused:
        with pytest.raises(error):
            commands.write_review(ctx, order_id=number, **WHAT)
    with pytest.raises(NotFound):
        commands.write_review(ana, order_id=order_id, **WHAT | {"position": 1})
    with pytest.raises(Invalid):
        commands.write_review(ana, order_id=order_id, **WHAT | {"stars": 6})
    assert not Review.objects.exists()
    assert not Rating.objects.exists()


def test_a_hidden_review_does_not_count() -> None:
    ana, desk, product_id = make.buyer(), make.operator("compliance"), new_id()
    review_id = commands.write_review(ana, order_id=delivered(ana, product_id), **WHAT)
    with pytest.raises(Invalid):
        commands.hide_review(desk, review_id=review_id, reason="")
    commands.hide_review(desk, review_id=review_id, reason="Names a person")
    assert queries.ratings_by_product([product_id]) == {}
    assert queries.reviews_of_product(product_id).reviews == ()
    with pytest.raises(ReviewUnchanged):
        commands.hide_review(desk, review_id=review_id, reason="Names a person")
    commands.show_review(desk, review_id=review_id)
    assert queries.ratings_by_product([product_id])[product_id].count == 1
    for ctx in (ana, make.staff(make.seller()), make.operator("support")):
        with pytest.raises(NotAllowed):
            commands.hide_review(ctx, review_id=review_id, reason="I do not like it")


def test_only_its_seller_answers() -> None:
    ana, mine, product_id = make.buyer(), make.seller(), new_id()
    review_id = commands.write_review(ana, order_id=delivered(ana, product_id, mine), **WHAT)
    with pytest.raises(NotFound):
        commands.answer_review(make.staff(make.seller()), review_id=review_id, text="Not mine")
    commands.answer_review(make.staff(mine), review_id=review_id, text="Gracias")
    assert queries.reviews_of_product(product_id).reviews[0].answer == "Gracias"
    assert [desk.review.id for desk in queries.reviews_for_desk(make.staff(mine))] == [review_id]
    assert queries.reviews_for_desk(make.staff(make.seller())) == []
    assert queries.reviews_for_desk(ana) == []


def test_the_loader_writes_many_and_never_twice(django_assert_max_num_queries: Any) -> None:
    ana, product_id, seller_id = make.buyer(), new_id(), make.seller()
    ids = [delivered(ana, product_id, seller_id, days=n + 1) for n in range(6)]
    drafts = [
        commands.ReviewDraft(order_id, 0, 1 + n % 5, f"n {n}", "Ana P", "es", make.NOW)
        for n, order_id in enumerate(ids)
    ]
    too_early = commands.ReviewDraft(ids[5], 0, 5, "", "", "es", make.NOW - timedelta(days=99))
    with django_assert_max_num_queries(14):
        assert commands.save_reviews(make.system(), drafts=[*drafts, too_early]) == 6
    assert commands.save_reviews(make.system(), drafts=drafts) == 0
    rating = queries.ratings_by_product([product_id])[product_id]
    assert rating.counts == (2, 1, 1, 1, 1)
    assert queries.ratings_by_seller([seller_id])[seller_id] == rating
    first = queries.reviews_of_product(product_id, limit=4)
    rest = queries.reviews_of_product(product_id, limit=4, cursor=first.next_cursor)
    assert len({review.id for review in (*first.reviews, *rest.reviews)}) == 6
    assert rest.next_cursor == ""
    assert queries.reviews_of_product(product_id, cursor="'; DROP TABLE--").reviews


def test_stars_of_many_products_cost_one_statement(django_assert_num_queries: Any) -> None:
    ana = make.buyer()
    products = [new_id() for _ in range(3)]
    for product_id in products:
        commands.write_review(ana, order_id=delivered(ana, product_id), **WHAT)
    with django_assert_num_queries(1):
        assert len(queries.ratings_by_product([*products, new_id()])) == 3


def test_a_retried_review_is_one() -> None:
    ana = replace(make.buyer(), key="form-0123456789abcdef")
    order_id = delivered(ana)
    assert commands.write_review(ana, order_id=order_id, **WHAT) == commands.write_review(
        ana, order_id=order_id, **WHAT
    )
