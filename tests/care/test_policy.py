"""Who may review what, and how a review is shown: tables."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.care.errors import AlreadyReviewed, DisputeStep, NotDelivered, ReviewWindowClosed
from entrepot.care.policy import (
    DISPUTE_STATES,
    DISPUTE_STEPS,
    ENDED,
    author_of,
    check_review_text,
    check_stars,
    decide_review,
    next_dispute_state,
    stars_milli,
)
from entrepot.kit.errors import Invalid, Refusal
from tests.make import NOW


@pytest.mark.parametrize(
    ("delivered_days_ago", "is_reviewed", "refusal"),
    [
        (None, False, NotDelivered),
        (None, True, NotDelivered),
        (-1, False, NotDelivered),
        (1, True, AlreadyReviewed),
        (366, True, AlreadyReviewed),
        (366, False, ReviewWindowClosed),
        (365, False, None),
        (0, False, None),
    ],
)
def test_who_may_review(
    delivered_days_ago: int | None, is_reviewed: bool, refusal: type[Refusal] | None
) -> None:
    delivered_at = None if delivered_days_ago is None else NOW - timedelta(days=delivered_days_ago)
    if refusal is None:
        decide_review(delivered_at=delivered_at, at=NOW, is_reviewed=is_reviewed)
    else:
        with pytest.raises(refusal):
            decide_review(delivered_at=delivered_at, at=NOW, is_reviewed=is_reviewed)


@pytest.mark.parametrize("stars", [0, 6, -1, 2**31, 2**63, 4.5, "5", "５", None, True])
def test_stars_refused(stars: object) -> None:
    with pytest.raises(Invalid):
        check_stars(stars)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  good\r\n  oil ", "good\noil"),
        ("a\x00b\u202ec\u200b", "abc"),
        ("cafe\u0301", "caf\u00e9"),
        ("<script>alert(1)</script> {{7*7}} ${x} %s", "<script>alert(1)</script> {{7*7}} ${x} %s"),
    ],
)
def test_text_is_kept_as_written_without_invisible_characters(text: str, kept: str) -> None:
    assert check_review_text(text) == kept


def test_endless_text_is_refused() -> None:
    with pytest.raises(Invalid):
        check_review_text("a" * 4_001)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ana Prueba López", "Ana P."),
        ("Ana", "Ana"),
        ("", ""),
        ("<b>Ana</b> @x", "bAnab X."),
        ("123", ""),
        ("王 小明", "王 小."),
    ],
)
def test_of_a_name_only_the_first_is_shown(name: str, shown: str) -> None:
    assert author_of(name) == shown


@given(st.tuples(*[st.integers(0, 10_000)] * 5))
def test_the_mean_lies_between_one_and_five(counts: tuple[int, int, int, int, int]) -> None:
    mean = stars_milli(counts)
    assert mean == 0 if sum(counts) == 0 else 1_000 <= mean <= 5_000


def test_the_mean_by_hand() -> None:
    assert stars_milli((0, 0, 0, 1, 2)) == 4_667


VERBS = ("accept", "offer", "decline", "lapse", "withdraw", "take", "reject", "decide")


@pytest.mark.parametrize("state", sorted(DISPUTE_STATES))
@pytest.mark.parametrize("verb", VERBS)
def test_the_table_of_steps(state: str, verb: str) -> None:
    wanted = DISPUTE_STEPS.get((state, verb))
    if wanted is None:
        with pytest.raises(DisputeStep):
            next_dispute_state(state, verb)
    else:
        assert next_dispute_state(state, verb) == wanted
        assert state not in ENDED  # nothing leads out of an end
