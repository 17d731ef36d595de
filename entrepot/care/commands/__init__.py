"""Every write of the care room: reviews, disputes."""

from entrepot.care.commands.disputes import (
    add_evidence,
    answer_dispute,
    close_dispute,
    decide_dispute,
    escalate_late_disputes,
    open_dispute,
)
from entrepot.care.commands.reviews import (
    ReviewDraft,
    answer_review,
    hide_review,
    save_reviews,
    show_review,
    write_review,
)

__all__ = [
    "ReviewDraft",
    "add_evidence",
    "answer_dispute",
    "answer_review",
    "close_dispute",
    "decide_dispute",
    "escalate_late_disputes",
    "hide_review",
    "open_dispute",
    "save_reviews",
    "show_review",
    "write_review",
]
