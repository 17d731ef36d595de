"""Pure decisions of the care room: who may review what, what may happen to a dispute, a report and a complaint."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final, Protocol

from entrepot.care.errors import AlreadyReviewed, DisputeStep, NotDelivered, ReviewWindowClosed
from entrepot.kit.errors import Invalid, Sentence


class WorkingDays(Protocol):
    """The calendar of a country."""

    def is_working_day(self, day: date) -> bool:
        """Neither Saturday, Sunday nor a public holiday."""


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
    return check_words("text", text, most=MOST_CHARACTERS)


def check_words(field: str, text: str, *, most: int, least: int = 0) -> str:
    """What a person wrote, trimmed, in one Unicode form, without invisible controls. Refuses: Invalid (too long, too short)."""
    text = unicodedata.normalize("NFC", text)
    text = "".join(
        char for char in text if char == "\n" or unicodedata.category(char) not in ("Cc", "Cf", "Cs")
    )
    text = "\n".join(line.strip() for line in text.strip().splitlines())
    if len(text) < least:
        raise Invalid(
            field=field, reason="is too short.", hint=Sentence("At least {least} characters.", least=least)
        )
    if len(text) > most:
        raise Invalid(
            field=field, reason="is too long.", hint=Sentence("At most {most} characters.", most=most)
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


# Why somebody reports a product or a review.
GROUNDS: Final = (
    "unsafe",
    "prohibited",
    "counterfeit",
    "rights",
    "misleading",
    "personal_data",
    "hate",
    "child_abuse",
    "other",
)
# Regulation (EU) 2022/2065 Art. 16(2)(c): who reports such offences need not give a name.
NAMELESS: Final = frozenset({"child_abuse"})
NO_MEASURE: Final = "none"
# What a decision may do, by what it is about; nothing is always possible.
MEASURES: Final[Mapping[str, tuple[str, ...]]] = {
    "product": (NO_MEASURE, "product_blocked", "seller_suspended"),
    "review": (NO_MEASURE, "review_hidden"),
}
BASES: Final = ("law", "terms")  # against the law, or against our terms
REPORT_KINDS: Final = ("content", "authority")
LEAST_WORDS, MOST_CLAUSE = 10, 300
RECEIPTS_A_DAY: Final = 10  # to one mailbox


def clock_of(kind: str, ground: str) -> str:
    """Which period of rules/periods.csv a report is decided within."""
    return "authority_order" if kind == "authority" else "safety_report" if ground == "unsafe" else "report"


def decide_measure(about: str, measure: str, basis: str, clause: str) -> None:
    """Nothing when this decision can be made about a `product` or a `review`. Refuses: Invalid."""
    if measure not in MEASURES[about]:
        raise Invalid(field="measure", reason="is not one of the list.")
    if measure != NO_MEASURE and (basis not in BASES or not clause):
        raise Invalid(
            field="clause",
            reason="is needed.",
            hint="Name the law or the part of our terms: the person concerned reads it.",
        )


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or its last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def add_working_days(day: date, count: int, calendar: WorkingDays) -> date:
    """The last of `count` working days after a day."""
    while count:
        day += timedelta(days=1)
        count -= calendar.is_working_day(day)
    return day


# `recall`: goods that may hurt somebody, for ever; `unlawful`: goods against the law, to the buyers of six months.
RECALL_KINDS: Final = ("recall", "unlawful")
HAZARDS: Final = (
    "choking",
    "injury",
    "cut",
    "electric_shock",
    "fire",
    "burn",
    "chemical",
    "microbiological",
    "drowning",
    "strangulation",
    "hearing",
    "unlawful",
)
REMEDIES: Final = ("refund", "replacement", "repair")
RECALL_SETTLES: Final = timedelta(minutes=10)  # orders accepted before the offers were off may still arrive
MOST_DETAILS: Final = 2_000


def check_details(
    details: Mapping[str, str], languages: Iterable[str], soothing: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    """What a recall says, by language: one text for each language of its buyers, none that plays down the risk.

    `soothing`: words that do, by language. Refuses: Invalid.
    """
    found = {
        language: check_words("details", text, most=MOST_DETAILS, least=LEAST_WORDS)
        for language, text in details.items()
        if text.strip()
    }
    lacking = sorted(set(languages) - set(found))
    if lacking or not found:
        raise Invalid(
            field="details",
            reason=Sentence(
                "is missing in the language of buyers: {languages}.", languages=", ".join(lacking or ["en"])
            ),
        )
    for language, text in found.items():
        for word in soothing.get(language, ()):
            start = r"(?<!\w)" if word[0] < "\u2e80" else ""  # Chinese has no spaces between words
            if re.search(start + re.escape(word), text.casefold()):
                raise Invalid(
                    field="details",
                    reason=Sentence("“{word}” plays down the risk.", word=word),
                    hint="Say what can happen and what to do.",
                )
    return found


def check_remedies(remedies: Sequence[str], kind: str) -> tuple[str, ...]:
    """The remedies offered; a recall offers two of three (Regulation (EU) 2023/988 Art. 37). Refuses: Invalid."""
    chosen = tuple(each for each in REMEDIES if each in remedies)
    if len(chosen) < (2 if kind == "recall" else 1):
        raise Invalid(
            field="remedies",
            reason="are too few.",
            hint="A recall offers at least two of refund, replacement and repair.",
        )
    return chosen
