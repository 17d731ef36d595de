"""Pure decisions of the care room: who may review what, and what a review looks like."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from entrepot.care.errors import AlreadyReviewed, DisputeStep, NotDelivered, ReviewWindowClosed
from entrepot.kit.errors import Invalid, Sentence

WINDOW_DAYS = 365
MOST_CHARACTERS = 4_000


def decide_review(*, delivered_at: datetime | None, at: datetime, is_reviewed: bool) -> None:
    """Nothing when a review may be written now. Refuses: NotDelivered, AlreadyReviewed, ReviewWindowClosed."""
    if delivered_at is None or delivered_at > at:
        raise NotDelivered
    if is_reviewed:
        raise AlreadyReviewed
    if at > delivered_at + timedelta(days=WINDOW_DAYS):
        raise ReviewWindowClosed(days=WINDOW_DAYS)


def check_stars(stars: object) -> int:
    """The stars, 1 to 5. Refuses: Invalid, also for true, 4.5 and "4"."""
    if type(stars) is not int or not 1 <= stars <= 5:
        raise Invalid(field="stars", reason="are a whole number from 1 to 5.")
    return stars


def check_review_text(text: str) -> str:
    """The text trimmed, in one Unicode form, without invisible controls. Refuses: Invalid (too long)."""
    text = unicodedata.normalize("NFC", text)
    text = "".join(
        char for char in text if char == "\n" or unicodedata.category(char) not in ("Cc", "Cf", "Cs")
    )
    text = "\n".join(line.strip() for line in text.strip().splitlines())
    if len(text) > MOST_CHARACTERS:
        raise Invalid(
            field="text",
            reason="is too long.",
            hint=Sentence("At most {most} characters.", most=MOST_CHARACTERS),
        )
    return text


def author_of(name: str) -> str:
    """`Ana Prueba López` → `Ana P.`: what of a name is shown. Empty for no name."""
    words = "".join(char for char in name if char.isalpha() or char in " '-").split()
    if not words:
        return ""
    return words[0][:40] + (f" {words[1][0].upper()}." if len(words) > 1 else "")


def stars_milli(counts: tuple[int, int, int, int, int]) -> int:
    """The mean in thousandths of a star, half up; 0 without reviews. `counts` runs from one star to five."""
    number = sum(counts)
    whole = sum(stars * count for stars, count in enumerate(counts, 1))
    return (2_000 * whole + number) // (2 * number) if number else 0


# What may happen to a dispute: (state, verb) → state. Nothing else can.
DISPUTE_STEPS: Final[Mapping[tuple[str, str], str]] = {
    ("open", "accept"): "settled",
    ("open", "offer"): "offered",
    ("open", "decline"): "escalated",
    ("open", "lapse"): "escalated",
    ("open", "withdraw"): "withdrawn",
    ("offered", "take"): "settled",
    ("offered", "reject"): "escalated",
    ("offered", "lapse"): "escalated",
    ("offered", "withdraw"): "withdrawn",
    ("escalated", "accept"): "settled",
    ("escalated", "decide"): "decided",
    ("escalated", "withdraw"): "withdrawn",
}
ENDED: Final = frozenset({"settled", "decided", "withdrawn"})
DISPUTE_STATES: Final = ENDED | {"open", "offered", "escalated"}
DISPUTE_REASONS: Final = (
    "not_arrived",
    "defective",
    "damaged_in_transit",
    "wrong_product",
    "not_as_described",
    "incomplete",
    "other",
)
DISPUTABLE: Final = frozenset({"paid", "packed", "shipped", "delivered", "completed"})
DISPUTE_DAYS: Final = 60
ANSWER_WITHIN: Final = timedelta(hours=72)


PHOTOS_AT_ONCE: Final = 4
PHOTOS_A_SIDE: Final = 12
PHOTO_SIDE: Final = 1600  # pixels
# Whom each turn of a dispute is told by mail; who did it is left out, but for the receipt of opening.
TOLD: Final[Mapping[str, tuple[str, ...]]] = {
    "opened": ("buyer", "seller"),
    "evidence": ("buyer", "seller"),
    "accept": ("buyer",),
    "offer": ("buyer",),
    "decline": ("buyer", "operator"),
    "take": ("seller",),
    "reject": ("seller", "operator"),
    "withdraw": ("seller",),
    "decide": ("buyer", "seller"),
    "lapse": ("buyer", "seller", "operator"),
}


def sides_to_tell(verb: str, by: str, state: str) -> tuple[str, ...]:
    """Who reads a mail about this turn: `buyer`, `seller`, `operator`. What is added while the house decides, it reads too."""
    if verb == "evidence":
        told = TOLD[verb] + (("operator",) if state == "escalated" else ())
        return tuple(side for side in told if side != by)
    return TOLD[verb]


def next_dispute_state(state: str, verb: str) -> str:
    """Where a verb leads. Refuses: DisputeStep."""
    try:
        return DISPUTE_STEPS[state, verb]
    except KeyError:
        raise DisputeStep(state=state, step=verb) from None
